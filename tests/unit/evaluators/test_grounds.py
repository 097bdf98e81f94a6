"""What an answer rests on that nobody has verified: its rule, parameters, layers' values and decisions behind it."""

from evaluators.laboratory import given, pack_of, table

PARAMETERS = """
parameters:
  rate:
    type: percent
    editions: [{from: 2024-01-01, value: 10%, because: law, basis: law}]
"""
LAYER = """
layer: rumour
title: Rumour
rank: platform
while: x.p
parameters: {rate: {value: 20%, because: nobody knows, basis: unverified}}
"""
INNER = table("""
  - id: heard
    when: x.i > 3
    then: {answer: 1}
    because: said
    basis: unverified
    exceptions:
      - {id: read, when: x.q, then: {answer: 3}, because: law, basis: law}
  - {id: known, when: x.i <= 3, then: {answer: 2}, because: law, basis: law}
""", name="inner")  # fmt: skip
OUTER = table("  - {id: r, when: {}, then: {answer: decision.inner.answer + 1}, because: law, basis: law}")
READING = table("""
  - {id: dear, when: param.rate * x.m > 1 CNY, then: {answer: 1}, because: law, basis: law}
  - {id: cheap, when: param.rate * x.m <= 1 CNY, then: {answer: 2}, because: law, basis: law}
""", name="reading")  # fmt: skip


def test_a_decision_behind_the_answer_counts_as_its_own_rule_does():
    pack = pack_of(INNER, OUTER)
    facts = given({"i": 4, "q": False})
    assert pack.decide("inner", facts).unverified == ("inner/heard",)
    assert pack.decide("ask", facts).unverified == ("inner/heard",)
    assert "not verified: " in pack.decide("ask", facts).explain("en")


def test_what_an_exception_replaced_and_a_rule_that_did_not_apply_do_not_count():
    pack = pack_of(INNER, OUTER)
    assert pack.decide("ask", given({"i": 4, "q": True})).unverified == ()
    sure = pack.decide("ask", given({"i": 3, "q": False}))
    assert sure.unverified == () and "not verified" not in sure.explain("en")


def test_the_value_that_a_layer_gave_counts_only_while_it_holds():
    pack = pack_of(PARAMETERS, LAYER, READING)
    for holds, expected in ((True, ("param.rate",)), (False, ())):
        facts = given({"p": holds, "m": "5.00 CNY"})
        assert pack.decide("reading", facts).unverified == expected

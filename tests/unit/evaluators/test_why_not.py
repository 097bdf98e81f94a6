"""Why a rule is not what decided: its verdict, the first condition that fails, the values behind it."""

import json

import pytest
from tests.unit.evaluators.laboratory import FACTS, SHOP, given, pack_of, table

import csflow
from csflow.diagnostics import LANGUAGES
from csflow.evaluators.verdicts import Verdict

MANY = """
  - {id: one, when: {pieces: "[1..5]", flag: true}, then: {answer: 1}, because: law}
  - {id: two, when: "x.p and (x.q or x.i > 3) and not x.s", then: {answer: 2}, because: law}
  - id: three
    when: x.p and x.q
    then: {answer: 3}
    because: law
    exceptions:
      - {id: outer, when: x.s, then: {answer: 4}, because: law, exceptions: [{id: inner, when: "x.j > 0", then: {answer: 5}, because: law}]}
      - {id: other, when: "x.j > 5", then: {answer: 6}, because: law}
"""


def first(**facts):
    """A decision of `first` over the rules above."""
    pack = pack_of(table(MANY, inputs="flag: x.p, pieces: x.i", hit_policy="first", otherwise="{answer: 0}"))
    return pack.decide("ask", given(facts))


def told(decision, rule):
    found = decision.why_not(rule)
    return found.verdict, [each.written for each in found.conditions], found.others


KNOWN = {"p": True, "q": True, "s": False, "i": 9, "j": 0}


@pytest.mark.parametrize(
    ("facts", "rule", "expected"),
    [
        # The cells in the order of the author, not in that of their names.
        (KNOWN | {"p": False}, "one", ("false", ["pieces: [1..5]"], ())),
        (KNOWN | {"p": False, "i": 3}, "one", ("false", ["flag: true"], ())),
        (KNOWN, "one", ("false", ["pieces: [1..5]"], ())),
        # The first part that is false; of alternatives, all.
        (KNOWN | {"p": False}, "two", ("false", ["x.p"], ())),
        (KNOWN | {"q": False, "i": 0}, "two", ("false", ["x.q", "x.i > 3"], ())),
        (KNOWN | {"s": True}, "two", ("false", ["not x.s"], ())),
        (KNOWN, "two", ("decided", [], ())),
        (KNOWN, "three", ("earlier_rule", [], ("two",))),
        (KNOWN, "otherwise", ("other_rules", [], ("two", "three"))),
        # Exceptions.
        (KNOWN, "outer", ("rule_not_applied", [], ("three",))),
        (KNOWN | {"p": False, "i": 0}, "outer", ("rule_not_applied", ["x.p"], ("three",))),
        (KNOWN | {"s": True}, "three", ("replaced", [], ("outer",))),
        (KNOWN | {"s": True}, "outer", ("decided", [], ())),
        (KNOWN | {"s": True}, "inner", ("false", ["x.j > 0"], ())),
        (KNOWN | {"s": True}, "other", ("false", ["x.j > 5"], ())),
        (KNOWN | {"s": True, "j": 3}, "three", ("replaced", [], ("outer",))),
        (KNOWN | {"s": True, "j": 3}, "outer", ("replaced", [], ("inner",))),
        (KNOWN | {"s": True, "j": 3}, "inner", ("decided", [], ())),
        (KNOWN | {"s": True, "j": 9}, "outer", ("conflict", [], ("other",))),
        (KNOWN | {"s": True, "j": 9}, "inner", ("rule_not_applied", [], ("outer",))),
        (KNOWN | {"p": False}, "inner", ("rule_not_applied", ["x.p"], ("three",))),
        # What is not known.
        (KNOWN | {"i": None}, "one", ("unknown", ["pieces: [1..5]"], ())),
        (KNOWN | {"i": None}, "two", ("others_unknown", [], ())),
        (KNOWN | {"i": None}, "otherwise", ("other_rules", [], ("two", "three"))),
        (KNOWN | {"p": None, "i": 0}, "one", ("false", ["pieces: [1..5]"], ())),
        (KNOWN | {"q": None, "i": 0}, "two", ("unknown", ["x.q"], ())),
        (KNOWN | {"p": False, "i": None, "q": None}, "otherwise", ("decided", [], ())),
        (KNOWN | {"s": True, "j": None}, "three", ("value_unknown", [], ())),
        (KNOWN | {"s": True, "j": None}, "outer", ("others_unknown", [], ())),
        (KNOWN | {"s": True, "j": None}, "other", ("unknown", ["x.j > 5"], ())),
        (KNOWN | {"s": False, "q": True, "i": 9, "p": None}, "inner", ("rule_not_applied", ["x.p"], ("three",))),
    ],
)  # fmt: skip
def test_the_verdict_and_the_first_condition_that_fails(facts, rule, expected):
    assert told(first(**facts), rule) == expected


def test_the_rule_that_gives_the_better_answer_outranks_the_others():
    rules = """
  - {id: low, when: x.p, then: {answer: no}, because: law}
  - {id: high, when: x.q, then: {answer: "yes"}, because: law}
"""
    pack = pack_of(table(rules, outputs='answer: {type: enum, of: ["yes", no]}', hit_policy="priority"))
    decision = pack.decide("ask", given({"p": True, "q": True}))
    assert (told(decision, "low"), told(decision, "high")) == (("outranked", [], ("high",)), ("decided", [], ()))


@pytest.mark.parametrize("policy", ["unique", "any"])
def test_rules_that_contradict_each_other_are_named_to_each_other(policy):
    rules = """
  - {id: left, when: x.p, then: {answer: 1}, because: law}
  - {id: right, when: x.q, then: {answer: 2}, because: law}
  - {id: far, when: x.s, then: {answer: 3}, because: law}
"""
    decision = pack_of(table(rules, hit_policy=policy)).decide("ask", given({"p": True, "q": True, "s": False}))
    assert told(decision, "left") == ("conflict", [], ("right",))
    assert told(decision, "far") == ("false", ["x.s"], ())


def test_a_requirement_that_does_not_fail_is_met():
    checklist = """
decision: cancel
title: cancel
governed_by: order.paid_at
requires:
  - {id: pending, that: x.p, else: window.expired, because: law}
  - {id: few, that: "x.i < 3", else: window.expired, because: law}
"""
    pack = pack_of(checklist)
    decision = pack.decide("cancel", given({"p": True, "i": 5}))
    assert told(decision, "pending") == ("met", ["x.p"], ())
    assert told(decision, "few") == ("decided", ["x.i < 3"], ())
    assert told(decision, "all-met") == ("other_rules", [], ("few",))
    assert told(pack.decide("cancel", given({"p": True, "i": 1})), "all-met") == ("decided", [], ())
    assert told(pack.decide("cancel", given({"p": None, "i": 1})), "pending") == ("unknown", ["x.p"], ())


def test_an_exception_of_a_layer_asks_for_its_layer_and_comes_before_those_of_lower_ranks():
    rules = """
  - {id: only, when: x.p, then: {answer: 1}, because: law, exceptions: [{id: own, when: x.q, then: {answer: 2}, because: law}]}
"""
    layer = """
layer: fair
title: fair
rank: campaign
because: law
while: x.s
exceptions: [{id: added, of: ask/only, when: "x.i > 0", then: {answer: 3}}]
"""
    pack = pack_of(table(rules), layer)
    facts = {"p": True, "q": True, "s": True, "i": 1}
    assert told(pack.decide("ask", given(facts)), "own") == ("higher_rank", [], ("added",))
    assert told(pack.decide("ask", given(facts | {"s": False})), "added") == ("false", ["x.s"], ())
    assert told(pack.decide("ask", given(facts | {"i": 0})), "added") == ("false", ["x.i > 0"], ())
    assert told(pack.decide("ask", given(facts | {"i": None})), "own") == ("others_unknown", [], ())


def test_what_gives_nothing_to_add_up_is_told():
    rules = "  - {id: empty, when: x.p, then: {answer: {expr: x.maybe_int}}, because: law}"
    head = table(rules, hit_policy="collect\naggregate: sum", outputs="answer: {type: int, optional: true}")
    decision = pack_of(head).decide("ask", given({"p": True}))
    assert (decision.status, told(decision, "empty")) == ("no_rule", ("no_value", [], ()))


def test_the_values_are_those_of_the_facts_behind_a_cell():
    rule = "  - {id: r, when: {late: false}, then: {answer: 1}, because: law}"
    pack = pack_of(table(rule, inputs="late: twice > x.j"), derived="  twice: x.i * 2\n")
    (condition,) = pack.decide("ask", given({"i": 3, "j": 5})).why_not("r").conditions
    assert (condition.input, condition.text, condition.written) == ("late", "false", "late: false")
    assert [(seen.name, seen.state, seen.value) for seen in condition.values] == [
        ("late", "known", True), ("x.j", "known", 5), ("x.i", "known", 3),
    ]  # fmt: skip


def test_a_required_decision_says_what_it_decided_and_by_which_rule_one_level_deep():
    inner = table('  - {id: by-i, when: "x.i > 0", then: {answer: 7}, because: law}', name="inner")
    middle = table("  - {id: through, when: {}, then: {answer: decision.inner.answer}, because: law}", name="middle")
    outer = table('  - {id: r, when: {n: "> 7"}, then: {answer: 1}, because: law}', inputs="n: decision.middle.answer")
    pack = pack_of(inner, middle, outer)
    found = pack.decide("ask", given({"i": 1})).why_not("r")
    (seen,) = found.conditions[0].values
    assert (seen.name, seen.value, seen.rule) == ("decision.middle.answer", 7, "through")
    assert found.to_json()["conditions"][0]["values"] == [
        {"name": "decision.middle.answer", "state": "known", "value": 7, "decision": "middle", "status": "decided", "rule": "through"}
    ]  # fmt: skip
    assert "decided by `middle`, rule `through`" in found.explain("en")
    unknown = pack.decide("ask", given({})).why_not("r")
    assert unknown.verdict is Verdict.UNKNOWN
    assert [(cause.kind, cause.name) for cause in unknown.missing] == [
        ("decision", "middle"),
        ("decision", "inner"),
        ("fact", "x.i"),
    ]


PRIVATE = FACTS.replace("word: {type: text, max_length: 40}", "word: {type: text, max_length: 40, pii: true}")


def test_a_private_value_is_masked_wherever_it_is_told():
    rule = "  - {id: r, when: \"x.word = 'secret-name' and x.p\", then: {answer: 1}, because: law}"
    found = pack_of(table(rule), facts=PRIVATE).decide("ask", given({"word": "hidden-name", "p": True})).why_not("r")
    for text in (found.explain("zh-CN"), found.explain("en"), json.dumps(found.to_json()), repr(found.conditions)):
        assert "hidden-name" not in text
    assert found.conditions[0].values[0].value == "***"


def test_a_private_text_is_masked_behind_a_decision_too():
    say = "  - {id: %s, when: {}, then: {answer: {expr: %s}}, because: law}"
    text = "answer: {type: text, max_length: 40}"
    inner = table(say % ("in", "x.word"), name="inner", outputs=text)
    middle = table(say % ("through", "decision.inner.answer"), name="middle", outputs=text)
    rule = "  - {id: r, when: \"decision.middle.answer = 'a'\", then: {answer: 1}, because: law}"
    found = (
        pack_of(inner, middle, table(rule), facts=PRIVATE).decide("ask", given({"word": "hidden-name"})).why_not("r")
    )
    assert [(seen.name, seen.value) for seen in found.conditions[0].values] == [("decision.middle.answer", "***")]
    assert "hidden-name" not in found.explain("en") + json.dumps(found.to_json())


def test_an_item_of_a_list_is_asked_by_itself():
    facts = FACTS + "    lines: {each: {pieces: {type: int}, ok: {type: bool}}, max_items: 3}\n"
    rule = '  - {id: few, when: "line.pieces < 3 and line.ok", then: {answer: 1}, because: law}'
    document = table(rule).replace("hit_policy", "for_each: line in x.lines\nhit_policy")
    decision = pack_of(document, facts=facts).decide(
        "ask", given({"lines": [{"pieces": 1, "ok": True}, {"pieces": 4, "ok": True}, {"ok": True}]})
    )
    assert [item.why_not("few").verdict for item in decision.items] == ["decided", "false", "unknown"]
    (condition,) = decision.items[1].why_not("few").conditions
    assert [(seen.name, seen.value) for seen in condition.values] == [("line.pieces", 4)]
    with pytest.raises(ValueError, match="items"):
        decision.why_not("few")


def test_an_unknown_rule_is_told_with_the_one_that_was_meant():
    with pytest.raises(csflow.UnknownName, match=r"no rule 'thre' in decision 'ask'; did you mean 'three'"):
        first(**KNOWN).why_not("thre")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_is_told_in_every_language(language):
    seen = set()
    for facts in (
        KNOWN,
        KNOWN | {"s": True},
        KNOWN | {"s": True, "j": 9},
        KNOWN | {"i": None},
        KNOWN | {"s": True, "j": None},
    ):
        decision = first(**facts)
        for rule in ("one", "two", "three", "outer", "inner", "other", "otherwise"):
            found = decision.why_not(rule)
            seen.add(found.verdict)
            text = found.explain(language)
            assert rule in text or rule == "otherwise"
            assert "{" not in text
            json.dumps(found.to_json(), allow_nan=False)
            if language == "en":
                assert text.isascii()
    assert len(seen) >= 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_has_words(language):
    from csflow.diagnostics import Word

    assert all(Word(f"why_not.{verdict}").in_language(language) for verdict in Verdict)


CN = csflow.standard_pack("cn")
CASE = {
    "order": {"paid_at": "2025-11-08T10:00:00+08:00"},
    "item": {"category": "apparel", "nature": "ordinary", "made_after_order": False, "no_return_confirmed": False,
             "confirmation_preticked": False},
    "claim": {"reason": "no_reason", "condition": "tried", "signed_at": "2025-11-10T20:00:00+08:00",
              "requested_at": "2025-11-17T23:59:59+08:00"},
}  # fmt: skip


def test_the_standard_pack_says_why_the_window_has_not_run_out():
    found = CN.decide("no_reason_return", CASE).why_not("expired")
    assert found.explain("zh-CN").splitlines() == [
        "「超过七日 (expired)」不适用：条件不成立",
        "  没有满足：in_time: false",
        "    在退货期内提出：是",
        "    签收时间：2025-11-10 20:00:00+08:00",
        "    申请时间：2025-11-17 23:59:59+08:00",
    ]


def test_a_chosen_shop_says_the_same_for_facts_that_lack_something():
    pack = csflow.load_pack(SHOP)
    for name in pack.decisions:
        decision = pack.decide(name, {})
        for rule in pack.linked.decisions[name].every_rule():
            assert decision.why_not(rule.id).explain("zh-TW")

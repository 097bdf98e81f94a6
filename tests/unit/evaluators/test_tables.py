"""Corners of hit policies that no page of the language shows."""

import pytest
from checks.asked import rule

from evaluators.laboratory import FACTS, given, pack_of, table


@pytest.mark.parametrize(("aggregate", "wanted"), [("count", 0), ("sum", 0), ("max", 0)])
def test_where_no_rule_holds_otherwise_is_the_answer_and_is_not_counted(aggregate: str, wanted: int) -> None:
    document = table(
        "  - {id: a, when: x.p, then: {answer: 5}, because: law}",
        otherwise="{answer: 0}",
        hit_policy=f"collect\naggregate: {aggregate}",
    )
    pack = pack_of(document)
    assert pack.decide("ask", given({"p": False})).outputs == {"answer": wanted}
    assert pack.decide("ask", given({"p": True})).outputs == {"answer": 1 if aggregate == "count" else 5}


@pytest.mark.parametrize("policy", ["unique", "rule_order", "collect"])
def test_a_number_that_satisfies_a_rule_whatever_it_is_must_still_be_known(policy: str) -> None:
    facts = FACTS.replace("i: {type: int,", "i: {type: int, min: 0,")
    rules = rule("any", "x.i >= 0") + rule("yes", "x.p", 2)
    pack = pack_of(table(rules, hit_policy=policy), facts=facts)
    assert pack.decide("ask", given({"p": policy != "unique"})).status == "undecided"
    assert pack.decide("ask", given({"p": False, "i": 5})).status == "decided"

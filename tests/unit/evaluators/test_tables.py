"""Corners of hit policies that no page of the language shows."""

import pytest

from evaluators.laboratory import given, pack_of, table


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

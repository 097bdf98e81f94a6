"""Gaps, overlaps and unreachable rules: each with a case, in business words, that the reference confirms."""

import pytest
from evaluators.laboratory import FACTS, pack_of, table

import csflow
from checks.asked import analysed, each, names, only, rule
from csflow.checks import claims
from csflow.checks.analysis import analyse
from csflow.checks.remembering import Memory
from csflow.diagnostics import Diagnostics


def test_a_gap_is_told_with_a_case_in_the_titles_of_the_pack() -> None:
    finding = only(table(rule("few", "x.i < 10") + rule("many", "x.i > 10", 2)))
    assert finding.name == "gap"
    assert finding.mark is not None and finding.mark.text == "ask"
    assert "件数：10" in finding.message("zh-CN")
    assert "件數：10" in finding.message("zh-TW")
    assert "Pieces: 10" in finding.message("en")
    assert finding.witness is not None and finding.witness["x.i"] == 10


def test_a_table_with_otherwise_or_with_every_case_has_no_gap() -> None:
    assert analysed(table(rule("few", "x.i < 10"), otherwise="{answer: 0}"))[0] == []
    assert analysed(table(rule("few", "x.i < 10") + rule("many", "x.i >= 10", 2)))[0] == []


def test_an_overlap_is_told_at_the_later_rule_with_both_ids() -> None:
    finding = only(table(rule("low", "x.i <= 10") + rule("high", "x.i >= 10", 2)))
    assert finding.name == "overlapping-rules"
    assert finding.mark is not None and finding.mark.text == "high"
    assert (finding.values["one"], finding.values["other"]) == ("low", "high")
    assert finding.witness is not None and finding.witness["x.i"] == 10


def test_under_first_a_rule_behind_others_may_be_shadowed() -> None:
    rules = rule("low", "x.i <= 10") + rule("high", "x.i > 10", 2) + rule("late", "x.i = 10", 3)
    finding = only(table(rules, hit_policy="first"))
    assert (finding.name, str(finding.severity)) == ("shadowed-rule", "warning")
    assert finding.mark is not None and finding.mark.text == "late"
    assert finding.values == {"id": "late", "hiding": ["low"]}


def test_a_condition_that_contradicts_itself_is_never_true() -> None:
    finding = only(table(rule("never", "x.p and not x.p"), otherwise="{answer: 0}"))
    assert (finding.name, finding.values) == ("unreachable-rule", {"id": "never"})


LIMIT = """
parameters:
  limit:
    type: int
    editions:
      - {from: 2024-01-01, until: 2025-01-01, value: 5, because: law, basis: law}
      - {from: 2025-01-01, value: 7, because: law, basis: law}
"""


def test_every_stretch_of_the_time_line_is_looked_at_with_the_values_of_its_day() -> None:
    rules = rule("low", "x.i <= param.limit") + rule("high", "x.i > 5", 2)
    finding = only(LIMIT, table(rules))
    assert finding.name == "overlapping-rules"
    assert finding.witness is not None
    assert finding.witness["x.i"] in (6, 7)
    # Until the end of 2024 the two rules part the numbers between them.
    assert finding.witness["order.paid_at"] >= "2025-01-01"


def test_what_is_computed_from_one_fact_may_contradict_itself_and_is_then_a_note() -> None:
    """Semantics 7: with inputs `in_time` and `days`, {true, > 30} is no case."""
    rules = (
        "  - {id: early, when: {soon: true, days: '<= 7 days'}, then: {answer: 1}, because: law}\n"
        "  - {id: late, when: {soon: false, days: '> 7 days'}, then: {answer: 2}, because: law}\n"
    )
    inputs = "soon: 'days_between(x.day, x.other_day) <= 7 days', days: 'days_between(x.day, x.other_day) + 0 days'"
    finding = only(table(rules, inputs=inputs))
    assert (finding.name, str(finding.severity)) == ("unconfirmed-gap", "note")
    both = rules.replace("soon: false", "soon: '-'").replace("> 7", ">= 7")
    names = {found.name for found in analysed(table(both, inputs=inputs))[0]}
    assert "overlapping-rules" in names or "unconfirmed-overlap" in names


def test_a_case_behind_something_computed_is_searched_for() -> None:
    finding = only(table(rule("short", "days_between(x.day, x.other_day) <= 10 days")))
    assert finding.name == "gap"
    assert finding.witness is not None
    assert {"x.day", "x.other_day"} <= finding.witness.keys()


LINES = FACTS.replace(
    "    p: {type: bool}\n",
    "    p: {type: bool}\n    lines: {each: {n: {type: int, title: {zh-CN: 数量, en: Number}}}}\n",
    1,
)


def test_a_decision_for_each_record_of_a_list_is_analysed_with_a_list_of_one_record() -> None:
    finding = only(each(rule("more", "line.n > 1") + rule("less", "line.n < 1", 2)), facts=LINES)
    assert finding.name == "gap"
    assert finding.witness == {"x.lines": [{"n": 1}]}
    assert "数量：1" in finding.message("zh-CN")


def test_a_decision_for_each_answer_of_another_is_not_analysed_and_named() -> None:
    documents = (
        each(rule("any", "line.n > 1") + rule("less", "line.n <= 1")),
        each(rule("few", "line.answer > 1"), "decision.each", "again"),
    )
    findings, found = analysed(*documents, facts=LINES)
    assert findings == [] and found.decisions == 2
    (skipped,) = found.not_analysed
    assert (skipped.decision, skipped.reason.in_language("en")) == (
        "again",
        "it is made for the records of another decision",
    )


def test_what_falls_to_otherwise_has_a_case() -> None:
    findings, found = analysed(table(rule("few", "x.i < 10"), otherwise="{answer: 0}"))
    assert findings == []
    assert found.left_over["ask"].to_json()["x.i"] == 10
    assert analysed(table(rule("all", "x.p or not x.p"), otherwise="{answer: 0}"))[1].left_over == {}


def test_under_any_rules_that_hold_together_must_give_the_same() -> None:
    same, other = rule("low", "x.i <= 10"), rule("high", "x.i >= 10", 2)
    finding = only(table(same + other, hit_policy="any"))
    assert (finding.name, finding.values["one"], finding.values["other"]) == ("disagreeing-rules", "low", "high")
    assert finding.mark is not None and finding.mark.text == "high"
    assert finding.witness is not None and finding.witness["x.i"] == 10
    assert names(table(same + other.replace("answer: 2", "answer: 1"), hit_policy="any")) == []


def test_under_any_outputs_are_compared_after_exceptions() -> None:
    like = rule("high", "x.i >= 10", 2, "{id: ten, when: x.i = 10, then: {answer: 1}, because: law}")
    assert names(table(rule("low", "x.i <= 10") + like, hit_policy="any")) == []


def test_outputs_that_are_computed_are_compared_by_the_reference() -> None:
    rules = rule("low", "x.i <= 10", "x.i * 2") + rule("high", "x.i >= 10", "x.i + 10")
    assert names(table(rules, hit_policy="any")) == ["unconfirmed-disagreement"]
    assert names(table(rules.replace("x.i + 10", "x.i + 11"), hit_policy="any")) == ["disagreeing-rules"]


def test_a_sum_of_nothing_without_otherwise_is_a_gap() -> None:
    document = table(rule("large", "x.i > 10")).replace("hit_policy: unique", "hit_policy: collect\naggregate: sum")
    assert only(document).name == "gap"
    assert names(document.replace("aggregate: sum", "aggregate: count")) == []


def test_the_standard_pack_has_no_gap_no_overlap_and_no_rule_too_many() -> None:
    diagnostics = Diagnostics()
    assert analyse(csflow.standard_pack("cn").linked, diagnostics).not_analysed == []
    assert list(diagnostics) == []


def test_over_budget_what_a_case_confirms_is_reported_and_the_decision_is_not_counted_as_analysed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(claims, "_MOST_CLAIMS", 1)
    overlaps = rule("low", "x.i <= 10") + rule("ten", "x.i = 10", 2) + rule("high", "x.i >= 10", 3)
    diagnostics = Diagnostics()
    found = analyse(pack_of(table(overlaps)).linked, diagnostics, Memory())
    (finding,) = diagnostics
    assert finding.name == "overlapping-rules"
    assert finding.witness is not None and finding.witness["x.i"] == 10
    (skipped,) = found.not_analysed
    assert (skipped.decision, skipped.reason.in_language("en")) == ("ask", "too many combinations")

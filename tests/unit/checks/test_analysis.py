"""Gaps, overlaps and unreachable rules: each with a case, in business words, that the reference confirms."""

from typing import Any

from evaluators.laboratory import FACTS, pack_of, table

import csflow
from csflow.checks.analysis import analyse
from csflow.diagnostics import Diagnostics, Finding


def analysed(*documents: str, **how: Any) -> tuple[list[Finding], list[str]]:
    diagnostics = Diagnostics()
    skipped = analyse(pack_of(*documents, **how).linked, diagnostics)
    return list(diagnostics), skipped


def only(*documents: str, **how: Any) -> Finding:
    (finding,), skipped = analysed(*documents, **how)
    assert skipped == []
    return finding


def rule(id: str, when: str, answer: int = 1) -> str:
    return f'  - {{id: {id}, when: "{when}", then: {{answer: {answer}}}, because: law}}\n'


def test_a_gap_is_told_with_a_case_in_the_titles_of_the_pack() -> None:
    finding = only(table(rule("few", "x.i < 10") + rule("many", "x.i > 10", 2)))
    assert finding.name == "gap"
    assert finding.mark is not None and finding.mark.text == "ask"
    assert "件数：10" in finding.message("zh-CN")
    assert "件數：10" in finding.message("zh-TW")
    assert "Pieces: 10" in finding.message("en")
    assert finding.witness is not None and finding.witness["x.i"] == 10


def test_a_table_with_otherwise_or_with_every_case_has_no_gap() -> None:
    assert analysed(table(rule("few", "x.i < 10"), otherwise="{answer: 0}")) == ([], [])
    assert analysed(table(rule("few", "x.i < 10") + rule("many", "x.i >= 10", 2))) == ([], [])


def test_an_overlap_is_told_at_the_later_rule_with_both_ids() -> None:
    finding = only(table(rule("low", "x.i <= 10") + rule("high", "x.i >= 10", 2)))
    assert finding.name == "overlapping-rules"
    assert finding.mark is not None and finding.mark.text == "high"
    assert (finding.values["one"], finding.values["other"]) == ("low", "high")
    assert finding.witness is not None and finding.witness["x.i"] == 10


def test_under_first_a_rule_behind_others_may_be_shadowed() -> None:
    rules = rule("low", "x.i <= 10") + rule("high", "x.i > 10", 2) + rule("late", "x.i = 10", 3)
    finding = only(table(rules, hit_policy="first"))
    assert finding.name == "unreachable-rule"
    assert finding.mark is not None and finding.mark.text == "late"


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


def test_a_decision_for_each_record_of_a_list_is_not_analysed_and_named() -> None:
    facts = FACTS.replace("    p: {type: bool}\n", "    p: {type: bool}\n    lines: {each: {n: {type: int}}}\n", 1)
    document = (
        "decision: each\ntitle: each\nfor_each: line in x.lines\noutputs: {answer: {type: int}}\n"
        "rules:\n  - {id: a, when: line.n > 1, then: {answer: 1}, because: law}\n"
    )
    assert analysed(document, facts=facts) == ([], ["each"])


def test_the_standard_pack_has_no_gap_no_overlap_and_no_rule_too_many() -> None:
    diagnostics = Diagnostics()
    assert analyse(csflow.standard_pack("cn").linked, diagnostics) == []
    assert list(diagnostics) == []

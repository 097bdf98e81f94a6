"""Cases behind something computed are solved for: a few values in a wide range, which trying by chance would miss."""

import pytest
from evaluators.laboratory import FACTS, table

from checks.asked import cells, each, names, only, rule

OTHERWISE = "{answer: 0}"
WINDOW = """
parameters:
  window:
    type: window
    editions:
      - {from: 2024-01-01, value: {length: 7 days, counts_from: next_day, extend_over: [statutory_holiday, rest_day], calendar: cn}, because: law, basis: law}
"""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("days_between(x.day, x.other_day) <= 437 days", "days_between(x.day, x.other_day) >= 437 days"),
        ("x.i - x.j <= 48213", "x.i - x.j >= 48213"),
        ("x.m + x.n < 731.07 CNY", "x.m + x.n > 731.05 CNY"),
        ("x.m * 35% <= 217.35 CNY", "x.m * 35% >= 217.35 CNY"),
        ("x.i <= x.j", "x.i >= x.j"),
        ("x.at <= x.other_at", "x.at >= x.other_at"),
        ("days_between(x.day, x.other_day) <= x.days", "days_between(x.day, x.other_day) >= x.days"),
        ("x.i - x.j <= 48213 and x.i > 900000", "x.i - x.j >= 48213"),
    ],
)
def test_the_one_value_at_which_two_rules_meet_is_found(one: str, other: str) -> None:
    finding = only(table(rule("low", one) + rule("high", other, 2), otherwise=OTHERWISE))
    assert finding.name == "overlapping-rules"
    assert finding.witness is not None and len(finding.witness) >= 2


def test_the_instant_before_a_deadline_is_found_and_the_deadline_itself() -> None:
    in_time = "within(param.window, x.at, x.other_at)"
    last = f"{in_time} and days_between(x.at, x.other_at) >= 7 days"
    finding = only(WINDOW, table(rule("in", in_time) + rule("last", last, 2), otherwise=OTHERWISE))
    assert finding.name == "overlapping-rules"
    late = f"not ({in_time}) and days_between(x.at, x.other_at) <= 8 days"
    finding = only(WINDOW, table(rule("in", in_time) + rule("gone", f"not ({in_time})", 2) + rule("late", late, 3)))
    assert (finding.name, finding.values["other"]) == ("overlapping-rules", "late")


def test_of_an_optional_list_it_is_only_asked_whether_it_is_given() -> None:
    some = "x.lines is given and (some line in x.lines satisfies line.pieces > x.i)"
    facts = FACTS + "    lines: {each: {pieces: {type: int}}, optional: true, max_items: 3}\n"
    assert (
        names(table(rule("without", "x.lines is absent") + rule("some", some, 2), otherwise=OTHERWISE), facts=facts)
        == []
    )


def test_a_case_of_a_decision_for_each_record_has_one_whatever_its_rules_ask() -> None:
    facts = FACTS + "    lines: {each: {pieces: {type: int}}, max_items: 3}\n"
    rules = cells("low", '"<= 48213"') + cells("high", '"> 48213"', 2)
    decision = each(rules.replace("when: {", "when: {k: ")).replace("outputs:", "inputs: {k: x.i - x.j}\noutputs:")
    assert names(decision, facts=facts) == []

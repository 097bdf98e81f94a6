"""Going through a list: `for_each` and the functions over lists, and what is said where there is none to go through."""

from pathlib import Path

import pytest

from csflow.loading.passes import load_files

SMALL_PACK = Path(__file__).parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(SMALL_PACK).as_posix(): path.read_bytes() for path in sorted(SMALL_PACK.rglob("*.yaml"))}
LISTS = """\
facts:
  claim:
    lines:
      each: {quantity: {type: int, min: 1, max: 99}, price: {type: money, min: 0 CNY, max: 1000 CNY}}
      max_items: 50
    gifts: {each: {quantity: {type: int, min: 1, max: 99}}, max_items: 5, optional: true}
"""
PER_LINE = """\
decision: per_line
title: 逐件退款
for_each: {walk}
{let}outputs:
  fee: {{type: money}}
rules:
  - id: many
    when: {when}
    then: {{fee: 5 CNY}}
    because: 店铺规则 第十条
otherwise: {{fee: 0 CNY}}
"""
MORE_THAN_TEN = "line.quantity > 10"


def found(walk: str, when: str = MORE_THAN_TEN, let: str = "") -> list[tuple[str, int, str, str | None]]:
    """Name, line, marked letters and suggestion of each finding."""
    decision = PER_LINE.format(walk=walk, when=when, let=let)
    files = FILES | {"lists.yaml": LISTS.encode(), "decisions/per_line.yaml": decision.encode()}
    marked = [(finding, finding.mark) for finding in load_files(files).diagnostics]
    return [(finding.name, mark.line, mark.text, finding.suggestion) for finding, mark in marked if mark is not None]


def test_a_decision_made_for_each_record_of_a_list_is_clean() -> None:
    assert found("line in claim.lines") == []


@pytest.mark.parametrize(
    "walk", ["claim.lines", "in claim.lines", "line claim.lines", "line in", "line on claim.lines"]
)
def test_a_walk_that_is_not_a_name_in_a_list_is_refused_as_a_whole(walk: str) -> None:
    assert found(walk) == [("malformed-walk", 3, walk, None)]


def test_a_walk_over_a_list_that_may_be_left_out_is_refused_at_the_list() -> None:
    assert found("gift in claim.gifts", when="gift.quantity > 10") == [("optional-list", 3, "claim.gifts", None)]


@pytest.mark.parametrize(
    ("path", "meant"), [("claim.reason", None), ("claim.line", "claim.lines"), ("claim.lines.price", None)]
)
def test_a_walk_over_what_is_no_list_is_refused_at_its_name(path: str, meant: str | None) -> None:
    assert found(f"line in {path}", when="claim.is_member") == [("not-a-list", 3, path, meant)]


@pytest.mark.parametrize("least", ["min(claim.lines.price)", "max(line in claim.lines, line.price)"])
def test_the_extreme_of_a_list_that_may_be_empty_has_to_be_asked_for_first(least: str) -> None:
    walk = "each in claim.lines"
    assert found(walk, when=f'"{least} > 5 CNY"') == [("possibly-empty", 8, least, None)]
    named = f'let:\n  extreme: "{least}"\n'
    assert found(walk, when="extreme is given and extreme > 5 CNY", let=named) == []
    assert found(walk, when="extreme > 5 CNY", let=named) == [("unguarded-optional", 10, "extreme", None)]


@pytest.mark.parametrize("total", ["sum(claim.lines.quantity)", "count(claim.lines)"])
def test_the_total_of_a_list_that_may_be_empty_is_zero_and_needs_no_asking(total: str) -> None:
    assert found("each in claim.lines", when=f"{total} > 5") == []

"""A calendar that ends soon is named in time, if a window counts by it."""

import datetime as dt
from pathlib import Path

import pytest

from csflow.checks.calendar_horizon import WARNED_AHEAD, check_calendar_horizon
from csflow.diagnostics import Diagnostics
from csflow.loading.passes import load_files

SMALL_PACK = Path(__file__).parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(SMALL_PACK).as_posix(): path.read_bytes() for path in sorted(SMALL_PACK.rglob("*.yaml"))}
# The calendar `cn` of the small pack covers [2024-01-01..2027-01-01).
END = dt.date(2027, 1, 1)
HOLIDAYS = """\
calendar: {name}
title: 另一份日历
covers: "[2024-01-01..2026-10-01)"
weekend: [saturday, sunday]
"""


def found(today: dt.date, **files: str) -> list[tuple[str, str, str]]:
    written = {f"{name}.yaml": text.encode() for name, text in files.items()}
    loaded = load_files(FILES | written)
    assert loaded.pack is not None, list(loaded.diagnostics)
    diagnostics = Diagnostics()
    check_calendar_horizon(loaded.pack, today.toordinal(), diagnostics)
    return [(finding.name, finding.values["name"], finding.values["end"]) for finding in diagnostics]


def test_ninety_one_days_before_its_end_a_calendar_is_not_spoken_of() -> None:
    assert WARNED_AHEAD == 90
    assert found(END - dt.timedelta(days=91)) == []


@pytest.mark.parametrize("days", [90, 89, 1, 0, -1, -400])
def test_from_ninety_days_before_its_end_a_calendar_is_named_with_its_last_day(days: int) -> None:
    assert found(END - dt.timedelta(days=days)) == [("near-horizon", "cn", "2026-12-31")]


def test_a_calendar_that_no_window_counts_by_may_end() -> None:
    today = dt.date(2026, 9, 1)
    assert found(today, other=HOLIDAYS.format(name="other")) == []


def test_a_calendar_that_only_a_layer_counts_by_is_named() -> None:
    layer = """\
layer: double_11
title: 大促
rank: campaign
while: claim.is_member
because: 大促服务承诺
parameters:
  return_window:
    value: {length: 30 days, counts_from: next_day, extend_over: [rest_day], calendar: other}
"""
    today = dt.date(2026, 9, 1)
    assert found(today, other=HOLIDAYS.format(name="other"), layer=layer) == [("near-horizon", "other", "2026-09-30")]


def test_each_calendar_that_a_fact_may_choose_is_named() -> None:
    parameters = """\
parameters:
  return_window:
    title: 退货期
    type: window
    editions:
      - from: 2024-01-01
        value:
          length: 7 days
          counts_from: next_day
          extend_over: [rest_day]
          calendar: {by: claim.condition, intact: cn, opened: other, damaged: third}
        because: 店铺规则 第一条
        basis: own
  restocking_rate:
    title: 折旧比例
    type: percent
    editions:
      - {from: 2024-01-01, value: 10%, because: 店铺规则 第二条, basis: own}
"""
    more = {"other": HOLIDAYS.format(name="other"), "third": HOLIDAYS.format(name="third"), "parameters": parameters}
    assert [name for _, name, _ in found(dt.date(2026, 9, 1), **more)] == ["other", "third"]


def test_an_override_that_goes_on_where_the_calendar_ends_moves_its_end() -> None:
    override = 'calendar_override: cn\nbecause: 放假安排\ncovers: "[2027-01-01..2028-01-01)"\n'
    assert found(dt.date(2026, 12, 31), override=override) == []
    assert found(dt.date(2027, 12, 31), override=override) == [("near-horizon", "cn", "2027-12-31")]

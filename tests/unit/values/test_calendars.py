import datetime as dt
from dataclasses import replace

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values import BeyondHorizon, DayClass

from .places import CN, DAY, HOUR, JD_EVIDENCE, day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-09-26", DayClass.WORKING_DAY),
        ("2025-09-27", DayClass.REST_DAY),
        ("2025-09-28", DayClass.WORKING_DAY),  # a Sunday, worked for the holiday
        ("2025-10-01", DayClass.STATUTORY_HOLIDAY),
        ("2025-10-04", DayClass.STATUTORY_HOLIDAY),  # a Saturday inside the holiday
        ("2025-10-08", DayClass.STATUTORY_HOLIDAY),
        ("2025-10-09", DayClass.WORKING_DAY),
        ("2025-10-11", DayClass.WORKING_DAY),
        ("2025-10-12", DayClass.REST_DAY),
    ],
)
def test_a_chinese_day_is_worked_rested_or_a_holiday(text: str, expected: DayClass) -> None:
    assert CN.day_class(day(text)) is expected


@given(st.dates(dt.date(2017, 1, 1), dt.date(2026, 12, 31)))
def test_the_pack_works_on_the_days_of_the_published_calendar(date: dt.date) -> None:
    assert (CN.day_class(date.toordinal()) is DayClass.WORKING_DAY) == chinese_calendar.is_workday(date)


def test_beyond_its_horizon_a_calendar_says_so_by_name() -> None:
    assert CN.day_class(day("2017-01-01")) is DayClass.STATUTORY_HOLIDAY
    assert CN.day_class(day("2026-12-31")) is DayClass.WORKING_DAY
    for beyond in ("2016-12-31", "2027-01-01"):
        for ask in (CN.day_class, CN.opening_of):
            with pytest.raises(BeyondHorizon) as raised:
                ask(day(beyond))
            assert raised.value.name == "cn"


def test_a_calendar_without_hours_is_open_all_day() -> None:
    assert CN.opening_of(day("2025-10-01")) == ((0, DAY),)


def test_a_calendar_is_closed_on_days_of_other_classes() -> None:
    desk = replace(
        CN, opening=((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)), open_on=frozenset({DayClass.WORKING_DAY})
    )
    assert desk.opening_of(day("2025-09-28")) == ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR))
    assert desk.opening_of(day("2025-09-27")) == ()
    assert desk.opening_of(day("2025-10-01")) == ()
    assert JD_EVIDENCE.opening_of(day("2025-10-01")) == ((9 * HOUR, 18 * HOUR),)


def test_opening_hours_may_touch_each_other_and_both_midnights() -> None:
    shifts = ((0, 8 * HOUR), (8 * HOUR, DAY))
    assert replace(CN, opening=shifts).opening_of(day("2025-11-10")) == shifts


@pytest.mark.parametrize(
    "change",
    [
        {"end_day": CN.first_day},
        {"working_days": frozenset({day("2025-10-01")})},
        {"opening": ((9 * HOUR, 9 * HOUR),)},
        {"opening": ((13 * HOUR, 18 * HOUR), (9 * HOUR, 12 * HOUR))},
        {"opening": ((9 * HOUR, 13 * HOUR), (12 * HOUR, 18 * HOUR))},
        {"opening": ((9 * HOUR, DAY + 1),)},
        {"opening": ((-1, HOUR),)},
    ],
)
def test_a_calendar_that_contradicts_itself_cannot_be_made(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="calendar cn"):
        replace(CN, **change)  # type: ignore[arg-type]

"""Windows: the deadlines of worked cases C01 to C14 and of the five clocks of rules B9, and the edges."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values import (
    BeyondHorizon,
    Calendar,
    CountsFrom,
    DayClass,
    MonthEnd,
    Window,
    WindowUnit,
    Zone,
    deadline,
    parse_instant,
    within,
)

from .places import BERLIN, CALENDARS, CN, DAY, GERMANY, HOUR, JD_EVIDENCE, MINUTE, REST, SHANGHAI, day, instant, local

STATUTORY = Window(7, WindowUnit.DAYS, CountsFrom.NEXT_DAY, REST, calendar="cn")
UNEXTENDED = Window(7, WindowUnit.DAYS, CountsFrom.NEXT_DAY)
EU_WITHDRAWAL = Window(14, WindowUnit.DAYS, CountsFrom.NEXT_DAY, REST, calendar="de", zone="Europe/Berlin")
EVIDENCE = Window(4 * HOUR, WindowUnit.SERVICE_HOURS, CountsFrom.MOMENT, calendar="evidence_hours")
THREE_WORKING_DAYS = Window(3, WindowUnit.WORKING_DAYS, CountsFrom.NEXT_DAY, calendar="cn")


def months(length: int, counts_from: CountsFrom, month_end: MonthEnd = MonthEnd.LAST_DAY) -> Window:
    return Window(length, WindowUnit.MONTHS, counts_from, month_end=month_end)


def ends(window: Window, start: str, zone: Zone = SHANGHAI, offset: str = "+08:00") -> str:
    return local(deadline(window, instant(start, offset), CALENDARS, zone), zone)


def in_time(window: Window, start: str, event: int) -> bool:
    return within(window, instant(start), event, CALENDARS, SHANGHAI)


# --- worked cases C-1 ---


def test_c01_a_notice_in_the_last_second_of_day_seven_is_in_time() -> None:
    assert ends(STATUTORY, "2025-11-10 20:00") == "2025-11-17 24:00"
    assert in_time(STATUTORY, "2025-11-10 20:00", instant("2025-11-17 23:59:59"))


def test_c02_a_notice_at_midnight_is_too_late() -> None:
    end = instant("2025-11-18 00:00")
    assert in_time(STATUTORY, "2025-11-10 20:00", end - 1)
    assert not in_time(STATUTORY, "2025-11-10 20:00", end)


def test_c03_the_notice_is_read_in_the_zone_of_the_contract() -> None:
    assert in_time(STATUTORY, "2025-11-10 20:00", parse_instant("2025-11-17T15:59:59Z"))
    assert not in_time(STATUTORY, "2025-11-10 20:00", parse_instant("2025-11-17T16:00:00Z"))


def test_c04_a_signing_in_utc_counts_from_its_day_in_china() -> None:
    end = deadline(STATUTORY, parse_instant("2025-11-10T16:30:00Z"), CALENDARS, SHANGHAI)
    assert local(end, SHANGHAI) == "2025-11-18 24:00"


def test_c05_a_seventh_day_on_a_saturday_moves_to_monday() -> None:
    assert ends(STATUTORY, "2025-11-08 09:00") == "2025-11-17 24:00"
    assert ends(UNEXTENDED, "2025-11-08 09:00") == "2025-11-15 24:00"


def test_c06_a_seventh_day_in_the_national_holiday_moves_behind_it() -> None:
    assert ends(STATUTORY, "2025-09-25 10:00") == "2025-10-09 24:00"


def test_c07_the_notice_counts_and_not_the_parcel() -> None:
    signed = "2025-11-10 20:00"
    assert in_time(STATUTORY, signed, instant("2025-11-16 12:00"))
    assert not in_time(STATUTORY, signed, instant("2025-11-19 12:00"))


def test_c08_the_refund_is_due_in_seven_days_and_at_risk_after_fifteen() -> None:
    assert ends(UNEXTENDED, "2025-11-20 10:00") == "2025-11-27 24:00"
    assert ends(replace(UNEXTENDED, length=15), "2025-11-20 10:00") == "2025-12-05 24:00"


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2025-11-10 10:00", "2025-11-10 14:00:00"),
        ("2025-11-10 14:00", "2025-11-10 18:00:00"),
        ("2025-11-10 14:01", "2025-11-11 09:01:00"),
        ("2025-11-10 16:00", "2025-11-11 11:00:00"),
        ("2025-11-10 18:00", "2025-11-11 13:00:00"),
        ("2025-11-10 20:00", "2025-11-11 13:00:00"),
        ("2025-11-10 03:00", "2025-11-10 13:00:00"),
        ("2025-10-01 16:00", "2025-10-02 11:00:00"),  # every day, holidays too
    ],
)
def test_c09_evidence_is_due_in_four_hours_between_nine_and_eighteen(asked: str, due: str) -> None:
    assert ends(EVIDENCE, asked) == due


def test_c10_price_protection_counts_the_day_of_the_order() -> None:
    protection = Window(30, WindowUnit.DAYS, CountsFrom.SAME_DAY)
    assert ends(protection, "2025-11-11 00:00") == "2025-12-10 24:00"


def test_c11_eu_withdrawal_that_ends_on_a_saturday_ends_on_monday() -> None:
    assert ends(EU_WITHDRAWAL, "2025-12-13 12:00", BERLIN, "+01:00") == "2025-12-29 24:00"


def test_c12_eu_withdrawal_runs_from_the_last_parcel() -> None:
    assert ends(EU_WITHDRAWAL, "2025-12-15 12:00", BERLIN, "+01:00") == "2025-12-29 24:00"


def test_c13_an_uninformed_consumer_has_twelve_months_more() -> None:
    initial = deadline(EU_WITHDRAWAL, instant("2024-12-16 12:00", "+01:00"), {"de": _open_ended(GERMANY)}, BERLIN)
    more = months(12, CountsFrom.NEXT_DAY)
    assert local(initial, BERLIN) == "2024-12-30 24:00"
    assert local(deadline(more, initial - 1, {}, BERLIN), BERLIN) == "2025-12-30 24:00"


def test_c14_taiwan_does_not_count_the_first_day() -> None:
    assert ends(UNEXTENDED, "2025-11-10 10:00") == "2025-11-17 24:00"


@pytest.mark.parametrize(
    ("hours", "start", "due"),
    [
        (24, "2025-11-11 21:00", "2025-11-12 21:00:00"),  # C103
        (2, "2025-11-10 10:00", "2025-11-10 12:00:00"),  # C104
        (12, "2025-11-10 10:00", "2025-11-10 22:00:00"),
        (24, "2025-11-10 10:00", "2025-11-11 10:00:00"),
    ],
)
def test_c103_and_c104_plain_hours_run_through_the_night(hours: int, start: str, due: str) -> None:
    assert ends(Window(hours * HOUR, WindowUnit.HOURS, CountsFrom.MOMENT), start) == due


# --- the five clocks of B9 ---


@pytest.mark.parametrize(
    ("window", "zone", "start", "offset", "due"),
    [
        (STATUTORY, SHANGHAI, "2025-09-24 10:00", "+08:00", "2025-10-09 24:00"),
        (replace(UNEXTENDED, length=15), SHANGHAI, "2025-09-20 10:00", "+08:00", "2025-10-05 24:00"),
        (EVIDENCE, SHANGHAI, "2025-10-01 17:00", "+08:00", "2025-10-02 12:00:00"),
        (THREE_WORKING_DAYS, SHANGHAI, "2025-09-26 10:00", "+08:00", "2025-09-30 24:00"),
        (EU_WITHDRAWAL, BERLIN, "2025-12-12 23:30", "+01:00", "2025-12-29 24:00"),
    ],
    ids=["cn-seven-days", "cn-refund", "jd-evidence", "regulator", "eu"],
)
def test_each_of_the_five_clocks_ends_as_its_law_says(
    window: Window, zone: Zone, start: str, offset: str, due: str
) -> None:
    assert ends(window, start, zone, offset) == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2025-09-26 10:00", "2025-09-30 24:00"),  # Sunday 09-28 is worked
        ("2025-09-27 10:00", "2025-09-30 24:00"),
        ("2025-09-30 10:00", "2025-10-11 24:00"),  # the holiday does not count, Saturday 10-11 does
        ("2025-11-10 10:00", "2025-11-13 24:00"),
    ],
)
def test_working_days_count_make_up_days_and_no_holidays(start: str, due: str) -> None:
    assert ends(THREE_WORKING_DAYS, start) == due


def test_working_days_from_the_same_day_count_it_only_when_it_is_worked() -> None:
    same_day = replace(THREE_WORKING_DAYS, counts_from=CountsFrom.SAME_DAY)
    assert ends(same_day, "2025-11-10 10:00") == "2025-11-12 24:00"
    assert ends(same_day, "2025-11-08 10:00") == "2025-11-12 24:00"


def test_working_days_from_the_moment_end_at_its_time_or_with_the_day() -> None:
    moment = replace(THREE_WORKING_DAYS, length=1, counts_from=CountsFrom.MOMENT)
    assert ends(moment, "2025-11-07 10:00") == "2025-11-10 10:00:00"
    assert ends(moment, "2025-11-08 10:00") == "2025-11-10 24:00"
    assert ends(moment, "2025-11-10 10:00") == "2025-11-11 10:00:00"


# --- moments, months, service hours ---


def test_days_from_the_moment_end_at_the_same_local_time() -> None:
    window = Window(7, WindowUnit.DAYS, CountsFrom.MOMENT)
    assert ends(window, "2025-11-10 20:00:01") == "2025-11-17 20:00:01"
    assert ends(window, "2025-03-24 02:30", BERLIN, "+01:00") == "2025-03-31 02:30:00"
    assert ends(window, "2025-03-23 02:30", BERLIN, "+01:00") == "2025-03-30 03:00:00"
    extended = Window(5, WindowUnit.DAYS, CountsFrom.MOMENT, REST, calendar="cn")
    assert ends(extended, "2025-11-10 20:00") == "2025-11-17 20:00:00"


@pytest.mark.parametrize(
    ("start", "next_day", "same_day"),
    [
        ("2025-01-15", "2025-02-15", "2025-02-14"),
        ("2025-01-28", "2025-02-28", "2025-02-27"),
        ("2025-01-29", "2025-02-28", "2025-02-28"),
        ("2025-01-31", "2025-02-28", "2025-02-28"),
        ("2025-02-28", "2025-03-28", "2025-03-27"),
        ("2025-03-01", "2025-04-01", "2025-03-31"),
        ("2025-12-31", "2026-01-31", "2026-01-30"),
    ],
)
def test_a_month_ends_on_the_day_of_its_number(start: str, next_day: str, same_day: str) -> None:
    assert ends(months(1, CountsFrom.NEXT_DAY), f"{start} 10:00") == f"{next_day} 24:00"
    assert ends(months(1, CountsFrom.SAME_DAY), f"{start} 10:00") == f"{same_day} 24:00"


def test_a_day_number_that_a_month_lacks_is_its_last_day_or_the_first_of_the_next() -> None:
    assert ends(months(1, CountsFrom.NEXT_DAY, MonthEnd.LAST_DAY), "2024-01-31 10:00") == "2024-02-29 24:00"
    assert ends(months(1, CountsFrom.NEXT_DAY, MonthEnd.NEXT_DAY), "2024-01-31 10:00") == "2024-03-01 24:00"
    assert ends(months(1, CountsFrom.SAME_DAY, MonthEnd.NEXT_DAY), "2025-01-29 10:00") == "2025-02-28 24:00"
    assert ends(months(12, CountsFrom.NEXT_DAY, MonthEnd.LAST_DAY), "2024-02-29 10:00") == "2025-02-28 24:00"


def test_months_take_a_moment_and_an_extension() -> None:
    assert ends(months(1, CountsFrom.MOMENT), "2025-01-31 10:00") == "2025-02-28 10:00:00"
    extended = replace(months(1, CountsFrom.NEXT_DAY), extend_over=REST, calendar="cn")
    assert ends(extended, "2025-09-01 10:00") == "2025-10-09 24:00"


def test_months_beyond_the_last_year_are_beyond_the_horizon() -> None:
    for length in (12 * 80, 12 * 8000, 10**17):
        with pytest.raises(BeyondHorizon) as raised:
            ends(months(length, CountsFrom.NEXT_DAY), "2025-01-31 10:00")
        assert raised.value.name == "Asia/Shanghai"


def test_months_from_before_the_first_year_are_beyond_the_horizon() -> None:
    west = Zone("west", ((parse_instant("0001-01-01T00:00:00Z"), -5 * 3600),), parse_instant("2000-01-01T00:00:00Z"))
    with pytest.raises(BeyondHorizon):
        deadline(months(1, CountsFrom.NEXT_DAY), parse_instant("0001-01-01T00:00:00Z"), {}, west)


def test_service_hours_skip_closed_days_and_breaks() -> None:
    desk = Calendar(
        "desk",
        CN.first_day,
        CN.end_day,
        CN.weekend,
        CN.holidays,
        CN.working_days,
        opening=((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)),
        open_on=frozenset({DayClass.WORKING_DAY}),
    )
    eight = Window(8 * HOUR, WindowUnit.SERVICE_HOURS, CountsFrom.MOMENT, calendar="desk")
    cases = {
        "2025-11-10 09:00": "2025-11-10 18:00:00",
        "2025-11-10 11:00": "2025-11-11 11:00:00",
        "2025-11-07 17:00": "2025-11-10 17:00:00",
        "2025-11-08 10:00": "2025-11-10 18:00:00",
        "2025-09-30 17:00": "2025-10-09 17:00:00",
    }
    for start, due in cases.items():
        assert local(deadline(eight, instant(start), {"desk": desk}, SHANGHAI), SHANGHAI) == due


def test_a_day_and_night_desk_counts_the_hour_that_a_clock_change_adds() -> None:
    always = replace(JD_EVIDENCE, name="always", opening=())
    window = Window(48 * HOUR, WindowUnit.SERVICE_HOURS, CountsFrom.MOMENT, calendar="always")
    start = parse_instant("2025-10-25T12:00:00+02:00")
    assert deadline(window, start, {"always": always}, BERLIN) == start + 48 * HOUR


def test_an_event_before_the_start_is_in_time() -> None:
    assert in_time(STATUTORY, "2025-11-10 20:00", instant("2025-11-01 00:00"))


# --- horizons ---


def test_only_the_days_that_matter_are_asked_of_a_calendar() -> None:
    assert ends(STATUTORY, "2026-12-24 10:00") == "2026-12-31 24:00"
    with pytest.raises(BeyondHorizon) as raised:
        ends(STATUTORY, "2026-12-25 10:00")
    assert raised.value.name == "cn"
    assert ends(STATUTORY, "2016-12-29 10:00") == "2017-01-05 24:00"
    assert ends(replace(STATUTORY, extend_over=frozenset()), "2099-12-01 10:00") == "2099-12-08 24:00"
    assert ends(UNEXTENDED, "2099-12-01 10:00") == "2099-12-08 24:00"


def test_working_days_and_service_hours_stop_at_the_horizon() -> None:
    with pytest.raises(BeyondHorizon):
        ends(THREE_WORKING_DAYS, "2026-12-30 10:00")
    with pytest.raises(BeyondHorizon):
        ends(replace(THREE_WORKING_DAYS, length=10**17), "2025-01-01 10:00")
    short = {"evidence_hours": replace(JD_EVIDENCE, end_day=day("2025-11-11"))}
    assert deadline(EVIDENCE, instant("2025-11-10 14:00"), short, SHANGHAI) == instant("2025-11-10 18:00")
    with pytest.raises(BeyondHorizon):
        deadline(EVIDENCE, instant("2025-11-10 14:01"), short, SHANGHAI)


def test_a_start_or_end_beyond_the_zone_is_beyond_the_horizon() -> None:
    for start in ("1990-01-01 00:00", "2099-12-30 00:00", "2100-01-01 00:00"):
        with pytest.raises(BeyondHorizon) as raised:
            ends(UNEXTENDED, start)
        assert raised.value.name == "Asia/Shanghai"


def test_plain_hours_need_no_zone() -> None:
    start = instant("2150-01-01 00:00")
    assert deadline(Window(HOUR, WindowUnit.HOURS, CountsFrom.MOMENT), start, {}, SHANGHAI) == start + HOUR


# --- windows that make no sense ---


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: Window(0, WindowUnit.DAYS, CountsFrom.NEXT_DAY), "must be positive"),
        (lambda: Window(HOUR, WindowUnit.HOURS, CountsFrom.NEXT_DAY), "counts from the moment"),
        (lambda: Window(HOUR, WindowUnit.SERVICE_HOURS, CountsFrom.SAME_DAY, calendar="cn"), "counts from the moment"),
        (lambda: Window(HOUR, WindowUnit.HOURS, CountsFrom.MOMENT, REST, "cn"), "no last day to extend"),
        (lambda: replace(STATUTORY, extend_over=frozenset(DayClass)), "never ends"),
        (lambda: replace(STATUTORY, calendar=None), "needs a calendar"),
        (lambda: replace(THREE_WORKING_DAYS, calendar=None), "needs a calendar"),
        (lambda: replace(EVIDENCE, calendar=None), "needs a calendar"),
        (lambda: Window(1, WindowUnit.MONTHS, CountsFrom.NEXT_DAY), "month_end"),
        (lambda: replace(UNEXTENDED, month_end=MonthEnd.LAST_DAY), "month_end"),
    ],
)
def test_a_window_that_says_too_little_or_too_much_cannot_be_made(make: object, fault: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=fault):
        make()


def test_words_as_a_pack_spells_them_mean_the_same() -> None:
    spelled = Window(1, "months", "same_day", month_end="last_day")  # type: ignore[arg-type]
    assert spelled == months(1, CountsFrom.SAME_DAY)
    assert ends(spelled, "2025-01-15 10:00") == "2025-02-14 24:00"


# --- against a naive reference: counted day by day on the wall, or minute by minute on the clock ---

NARROW = Calendar(
    "narrow",
    day("2024-10-28"),
    day("2026-10-25"),
    frozenset({5, 6}),
    frozenset({day("2025-03-31"), day("2025-04-01"), day("2025-10-24"), day("2025-10-27"), day("2026-10-24")}),
    frozenset({day("2025-03-29"), day("2025-10-26")}),
    opening=((8 * HOUR, 12 * HOUR), (13 * HOUR + 30 * MINUTE, 18 * HOUR)),
    open_on=frozenset({DayClass.WORKING_DAY, DayClass.STATUTORY_HOLIDAY}),
)
STARTS = st.one_of(
    st.integers(instant("2024-11-01 00:00"), instant("2026-08-01 00:00")),
    st.integers(instant("2025-03-20 00:00"), instant("2025-04-02 00:00")),
    st.integers(instant("2025-10-15 00:00"), instant("2025-10-28 00:00")),
)
ZONES = st.sampled_from([SHANGHAI, BERLIN])
CLASSES = st.sets(st.sampled_from(list(DayClass)), max_size=2).map(frozenset)


def on_the_wall(moment: int, zone: Zone) -> dt.datetime:
    offset = next(seconds for change, seconds in reversed(zone.changes) if change <= moment)
    return dt.datetime(1970, 1, 1) + dt.timedelta(seconds=offset, microseconds=moment)


def first_instant_that_shows(wall: dt.datetime, zone: Zone) -> int:
    """Looked for minute by minute around the place: the first instant at or past that wall time."""
    around = (wall - dt.datetime(1970, 1, 1)) // dt.timedelta(microseconds=1)
    return next(
        moment
        for moment in range(around - 14 * HOUR, around + 14 * HOUR, MINUTE)
        if wall <= on_the_wall(moment, zone) < wall + dt.timedelta(hours=2)
    )


def naive_deadline_of_days(window: Window, start: int, zone: Zone) -> int:
    today = on_the_wall(start, zone).date()
    if window.counts_from is not CountsFrom.SAME_DAY:
        today += dt.timedelta(days=1)
    left = window.length
    while True:
        counts = window.unit is WindowUnit.DAYS or NARROW.day_class(today.toordinal()) is DayClass.WORKING_DAY
        left -= counts
        if left <= 0 and counts:
            break
        today += dt.timedelta(days=1)
    while NARROW.day_class(today.toordinal()) in window.extend_over:
        today += dt.timedelta(days=1)
    return first_instant_that_shows(dt.datetime.combine(today + dt.timedelta(days=1), dt.time()), zone)


def naive_deadline_of_months(window: Window, start: int, zone: Zone) -> int:
    first = on_the_wall(start, zone).date()
    number = first.day - (window.counts_from is CountsFrom.SAME_DAY)
    month = first.replace(day=1)
    for _ in range(window.length):
        month = (month + dt.timedelta(days=31)).replace(day=1)
    last = month - dt.timedelta(days=1)
    for _ in range(number):
        tomorrow = last + dt.timedelta(days=1)
        if tomorrow.month != month.month and window.month_end is MonthEnd.LAST_DAY:
            break
        last = tomorrow
        if last.month != month.month:
            break
    if number == 0:
        last = month - dt.timedelta(days=1)
    return first_instant_that_shows(dt.datetime.combine(last + dt.timedelta(days=1), dt.time()), zone)


def naive_deadline_of_service_hours(window: Window, start: int, zone: Zone) -> int:
    moment, left = start, window.length // MINUTE
    while True:
        wall = on_the_wall(moment, zone)
        since_midnight = (wall - dt.datetime.combine(wall.date(), dt.time())) // dt.timedelta(microseconds=1)
        hours = NARROW.opening_of(wall.date().toordinal())
        moment += MINUTE
        left -= any(opens <= since_midnight < closes for opens, closes in hours)
        if left == 0:
            return moment


@given(
    STARTS,
    ZONES,
    st.integers(1, 20),
    st.sampled_from([WindowUnit.DAYS, WindowUnit.WORKING_DAYS]),
    st.sampled_from([CountsFrom.SAME_DAY, CountsFrom.NEXT_DAY]),
    CLASSES,
)
def test_days_end_where_a_calendar_read_day_by_day_says(
    start: int, zone: Zone, length: int, unit: WindowUnit, counts_from: CountsFrom, extend_over: frozenset[DayClass]
) -> None:
    window = Window(length, unit, counts_from, extend_over, "narrow")
    assert deadline(window, start, {"narrow": NARROW}, zone) == naive_deadline_of_days(window, start, zone)


@given(
    STARTS.filter(lambda start: start < instant("2026-01-01 00:00")),
    ZONES,
    st.integers(1, 9),
    st.sampled_from([CountsFrom.SAME_DAY, CountsFrom.NEXT_DAY]),
    st.sampled_from(list(MonthEnd)),
)
def test_months_end_where_a_calendar_read_day_by_day_says(
    start: int, zone: Zone, length: int, counts_from: CountsFrom, month_end: MonthEnd
) -> None:
    window = months(length, counts_from, month_end)
    assert deadline(window, start, {}, zone) == naive_deadline_of_months(window, start, zone)


@given(STARTS, ZONES, st.integers(1, 20))
def test_days_from_the_moment_end_when_the_clock_shows_the_same_time(start: int, zone: Zone, length: int) -> None:
    start -= start % MINUTE
    window = Window(length, WindowUnit.DAYS, CountsFrom.MOMENT)
    wall = on_the_wall(start, zone) + dt.timedelta(days=length)
    assert deadline(window, start, {}, zone) == first_instant_that_shows(wall, zone)


@given(STARTS, ZONES, st.integers(1, 30 * 60))
def test_service_hours_end_where_a_clock_read_minute_by_minute_says(start: int, zone: Zone, minutes: int) -> None:
    start -= start % MINUTE
    window = Window(minutes * MINUTE, WindowUnit.SERVICE_HOURS, CountsFrom.MOMENT, calendar="narrow")
    naive = naive_deadline_of_service_hours(window, start, zone)
    assert deadline(window, start, {"narrow": NARROW}, zone) == naive


@given(STARTS, st.integers(0, 30 * DAY), CLASSES, st.integers(1, 20), st.sampled_from(list(CountsFrom)))
def test_who_starts_working_days_later_never_ends_earlier(
    start: int, later: int, extend_over: frozenset[DayClass], length: int, counts_from: CountsFrom
) -> None:
    window = Window(length, WindowUnit.WORKING_DAYS, counts_from, calendar="narrow")
    calendars = {"narrow": NARROW}
    assert deadline(window, start, calendars, BERLIN) <= deadline(window, start + later, calendars, BERLIN)


def _open_ended(calendar: Calendar) -> Calendar:
    return replace(calendar, first_day=day("2024-01-01"))

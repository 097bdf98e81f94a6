import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values import (
    datetime_from_instant,
    format_date,
    format_instant,
    instant_from_datetime,
    parse_date,
    parse_instant,
)

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
DATETIMES = st.datetimes(dt.datetime(1, 1, 3), dt.datetime(9999, 12, 29), timezones=OFFSETS)


@given(st.dates())
def test_a_date_round_trips_and_is_its_ordinal(date: dt.date) -> None:
    assert parse_date(date.isoformat()) == date.toordinal()
    assert format_date(date.toordinal()) == date.isoformat()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2025-02-29", "not a day of the calendar"),
        ("2025-13-01", "not a day of the calendar"),
        ("0000-01-01", "not a day of the calendar"),
        ("2025-1-1", "write YYYY-MM-DD"),
        ("20250101", "write YYYY-MM-DD"),
        ("2025/01/01", "write YYYY-MM-DD"),
        ("2025-01-01T00:00:00Z", "write YYYY-MM-DD"),
        ("2025-01-01\n", "write YYYY-MM-DD"),
        ("２０２５-01-01", "write YYYY-MM-DD"),
        ("", "write YYYY-MM-DD"),
    ],
)
def test_what_is_no_whole_date_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T08:00:00+08:00", 0),
        ("1970-01-01T00:00:00-00:30", 1_800_000_000),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1970-01-01T00:00:00.5Z", 500_000),
        ("1970-01-01T00:00:00.000001+00:00", 1),
        ("9999-12-31T23:59:59+08:00", 253_402_271_999_000_000),
    ],
)
def test_an_instant_is_microseconds_since_the_epoch(text: str, microseconds: int) -> None:
    assert parse_instant(text) == microseconds


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2025-11-10T20:00:00", "no offset"),
        ("2025-11-10T20:00:00.5", "no offset"),
        ("2025-11-10T20:00+08:00", "no seconds"),
        ("2025-11-10T20:00", "no seconds"),
        ("2025-11-10", "is not an instant"),
        ("2025-11-10 20:00:00+08:00", "is not an instant"),
        ("2025-11-10t20:00:00z", "is not an instant"),
        ("2025-11-10T20:00:00+0800", "is not an instant"),
        ("2025-11-10T20:00:00+08", "is not an instant"),
        ("2025-11-10T20:00:00+08:00\n", "is not an instant"),
        ("2025-11-10T20:00:00．5Z", "is not an instant"),
        ("2025-11-10T24:00:00+08:00", "not a time of day"),
        ("2025-11-10T23:59:60Z", "not a time of day"),
        ("2025-11-10T20:60:00Z", "not a time of day"),
        ("2025-11-31T20:00:00Z", "not a day of the calendar"),
        ("2025-11-10T20:00:00+24:00", r"\+24:00 is not an offset"),
        ("2025-11-10T20:00:00+08:60", r"\+08:60 is not an offset"),
        ("2025-11-10T20:00:00.1234567Z", "finer than a microsecond"),
        ("0001-01-01T00:00:00+08:00", "outside the years"),
        ("9999-12-31T23:59:59-08:00", "outside the years"),
    ],
)
def test_what_is_no_instant_is_refused_with_its_fault(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_instant(text)


@given(DATETIMES)
def test_an_instant_round_trips_through_text_and_datetime(moment: dt.datetime) -> None:
    instant = parse_instant(moment.isoformat())
    offset = moment.utcoffset()
    assert offset is not None
    seconds = offset // dt.timedelta(seconds=1)
    assert instant == (moment - EPOCH) // dt.timedelta(microseconds=1)
    assert instant_from_datetime(moment) == instant
    assert format_instant(instant, seconds) == moment.isoformat()
    assert datetime_from_instant(instant, seconds).isoformat() == moment.isoformat()


def test_the_offset_is_always_written_in_digits_and_a_fraction_only_where_there_is_one() -> None:
    assert format_instant(0, 0) == "1970-01-01T00:00:00+00:00"
    assert format_instant(0, 8 * 3600) == "1970-01-01T08:00:00+08:00"
    assert format_instant(500_000, -1800) == "1969-12-31T23:30:00.500000-00:30"


def test_an_offset_with_seconds_is_cut_to_minutes_and_the_instant_stays() -> None:
    assert format_instant(0, 8 * 3600 + 5 * 60 + 43) == "1970-01-01T08:05:00+08:05"
    assert parse_instant(format_instant(0, -(4 * 3600 + 56 * 60 + 2))) == 0
    assert datetime_from_instant(0, 29143).utcoffset() == dt.timedelta(seconds=29143)


def test_where_the_local_day_has_no_date_the_instant_is_shown_in_utc() -> None:
    assert format_instant(parse_instant("9999-12-31T23:00:00Z"), 8 * 3600) == "9999-12-31T23:00:00+00:00"
    assert format_instant(parse_instant("0001-01-01T00:00:00Z"), -3600) == "0001-01-01T00:00:00+00:00"


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        instant_from_datetime(dt.datetime(2025, 11, 10, 20))
    with pytest.raises(ValueError, match="outside the years"):
        instant_from_datetime(dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=8))))


def test_an_offset_with_seconds_of_a_datetime_is_kept_exactly() -> None:
    odd = dt.timezone(dt.timedelta(seconds=29143, microseconds=7))
    assert instant_from_datetime(dt.datetime(1970, 1, 1, tzinfo=odd)) == -29_143_000_007

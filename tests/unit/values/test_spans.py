import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values import format_days, format_duration, parse_days, parse_duration

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("text", "days"),
    [("14 days", 14), ("1 day", 1), ("1 days", 1), ("2 weeks", 14), ("1 week", 7), ("0 days", 0), ("-3 days", -3)],
)
def test_days_and_weeks_are_a_count_of_days(text: str, days: int) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("48 hours", 172_800),
        ("1 hour", 3600),
        ("90 minutes", 5400),
        ("1 minute", 60),
        ("30 seconds", 30),
        ("1 second", 1),
        ("-2 hours", -7200),
    ],
)
def test_hours_minutes_and_seconds_are_a_duration(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds * SECOND


def test_only_seconds_have_decimals() -> None:
    assert parse_duration("0.5 seconds") == 500_000
    assert parse_duration("1.000001 seconds") == 1_000_001
    with pytest.raises(ValueError, match="write a smaller unit"):
        parse_duration("1.5 hours")
    with pytest.raises(ValueError, match="whole days"):
        parse_days("1.5 days")


def test_days_and_durations_are_not_taken_for_each_other() -> None:
    with pytest.raises(ValueError, match="48 hours is a duration"):
        parse_days("48 hours")
    with pytest.raises(ValueError, match="2 days is a count of days"):
        parse_duration("2 days")


@pytest.mark.parametrize(
    "text",
    [
        "14",
        "days",
        "14days",
        "14  days",
        "14 Days",
        "14 months",
        "14 天",
        "１４ days",
        "1" * 19 + " days",
        "14 days\n",
        "+1 days",
    ],
)
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"days|unit"):
        parse_days(text)
    with pytest.raises(ValueError, match=r"duration|unit"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (172_800 * SECOND, "48 hours"),
        (3600 * SECOND, "1 hour"),
        (5400 * SECOND, "90 minutes"),
        (60 * SECOND, "1 minute"),
        (61 * SECOND, "61 seconds"),
        (SECOND, "1 second"),
        (0, "0 seconds"),
        (1_500_000, "1.5 seconds"),
        (-1, "-0.000001 seconds"),
        (-7200 * SECOND, "-2 hours"),
    ],
)
def test_a_duration_is_shown_in_its_largest_whole_unit(duration: int, text: str) -> None:
    assert format_duration(duration) == text


@given(st.integers(-(10**17), 10**17))
def test_spans_round_trip(number: int) -> None:
    assert parse_duration(format_duration(number)) == number
    assert parse_days(format_days(number)) == number


def test_one_day_is_singular() -> None:
    assert (format_days(1), format_days(14), format_days(0)) == ("1 day", "14 days", "0 days")

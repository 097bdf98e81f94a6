import datetime as dt
import pickle
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values import BeyondHorizon, Zone, instant_from_datetime, parse_instant

from .places import BERLIN, DAY, HOUR, MINUTE, SHANGHAI, day, instant

COVERED = st.integers(BERLIN.changes[0][0], BERLIN.until - 1)


@given(COVERED)
def test_local_days_and_times_are_those_of_the_zone_database(moment: int) -> None:
    there = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=moment)).astimezone(
        ZoneInfo("Europe/Berlin")
    )
    since_midnight = dt.datetime.combine(dt.date.min, there.time()) - dt.datetime.min
    assert dt.timedelta(seconds=BERLIN.offset_at(moment)) == there.utcoffset()
    assert BERLIN.local_day(moment) == there.date().toordinal()
    assert BERLIN.local_time(moment) == (there.date().toordinal(), since_midnight // dt.timedelta(microseconds=1))


@given(COVERED)
def test_a_local_time_leads_back_to_its_first_instant(moment: int) -> None:
    back = BERLIN.instant_of(*BERLIN.local_time(moment))
    assert back <= moment
    assert BERLIN.local_time(back) == BERLIN.local_time(moment)
    assert back in (moment, moment - HOUR)


def test_a_time_in_the_gap_is_the_first_instant_after_it() -> None:
    spring = day("2025-03-30")
    after = parse_instant("2025-03-30T01:00:00Z")
    assert BERLIN.instant_of(spring, 2 * HOUR - 1) == after - 1
    assert BERLIN.instant_of(spring, 2 * HOUR) == after
    assert BERLIN.instant_of(spring, 2 * HOUR + 30 * MINUTE) == after
    assert BERLIN.instant_of(spring, 3 * HOUR) == after
    assert BERLIN.instant_of(spring, 3 * HOUR + 1) == after + 1


def test_of_a_time_shown_twice_the_earlier_is_meant() -> None:
    autumn = day("2025-10-26")
    assert BERLIN.instant_of(autumn, 2 * HOUR) == parse_instant("2025-10-26T02:00:00+02:00")
    assert BERLIN.instant_of(autumn, 3 * HOUR - 1) == parse_instant("2025-10-26T03:00:00+02:00") - 1
    assert BERLIN.instant_of(autumn, 3 * HOUR) == parse_instant("2025-10-26T03:00:00+01:00")


def test_days_of_a_change_are_shorter_or_longer() -> None:
    assert BERLIN.start_of_day(day("2025-03-31")) - BERLIN.start_of_day(day("2025-03-30")) == 23 * HOUR
    assert BERLIN.start_of_day(day("2025-10-27")) - BERLIN.start_of_day(day("2025-10-26")) == 25 * HOUR


def test_a_day_that_begins_in_a_gap_begins_after_it() -> None:
    start = parse_instant("2018-11-04T03:00:00Z")
    sao_paulo = Zone("America/Sao_Paulo", ((0, -3 * 3600), (start, -2 * 3600)), start + 100 * DAY)
    assert sao_paulo.start_of_day(day("2018-11-04")) == start
    assert sao_paulo.local_time(start) == (day("2018-11-04"), HOUR)


def test_a_whole_day_that_is_skipped_begins_when_the_next_one_does() -> None:
    skip = parse_instant("2011-12-30T10:00:00Z")
    samoa = Zone("Pacific/Apia", ((0, -10 * 3600), (skip, 14 * 3600)), skip + 100 * DAY)
    assert samoa.start_of_day(day("2011-12-30")) == samoa.start_of_day(day("2011-12-31")) == skip


def test_twenty_four_o_clock_is_midnight_of_the_next_day() -> None:
    assert SHANGHAI.instant_of(day("2025-11-17"), DAY) == SHANGHAI.start_of_day(day("2025-11-18"))
    assert SHANGHAI.start_of_day(day("2025-11-18")) == parse_instant("2025-11-17T16:00:00Z")


def test_beyond_its_cover_a_zone_says_so_by_name() -> None:
    first, until = SHANGHAI.changes[0][0], SHANGHAI.until
    assert SHANGHAI.offset_at(first) == SHANGHAI.offset_at(until - 1) == 8 * 3600
    for beyond in (first - 1, until, until + DAY):
        for ask in (SHANGHAI.offset_at, SHANGHAI.local_day, SHANGHAI.local_time):
            with pytest.raises(BeyondHorizon) as raised:
                ask(beyond)
            assert raised.value.name == "Asia/Shanghai"
    for beyond_day in (day("1991-09-15"), day("2100-01-01"), day("9999-12-31"), 0, 10**15):
        with pytest.raises(BeyondHorizon):
            SHANGHAI.start_of_day(beyond_day)


def test_the_first_covered_instant_has_a_local_time() -> None:
    assert SHANGHAI.instant_of(day("1991-09-15"), HOUR) == instant("1991-09-15 01:00")
    with pytest.raises(BeyondHorizon):
        SHANGHAI.instant_of(day("1991-09-15"), HOUR - 1)


def test_the_horizon_survives_a_pickle() -> None:
    again = pickle.loads(pickle.dumps(BeyondHorizon("cn")))
    assert again.name == "cn"
    assert str(again) == "cn does not cover the time asked for"


@pytest.mark.parametrize(
    ("changes", "until"),
    [((), 5), (((5, 0), (5, 3600)), 9), (((5, 0), (3, 3600)), 9), (((5, 0),), 5), (((5, 86_400),), 9)],
)
def test_a_zone_without_ascending_offsets_cannot_be_made(changes: tuple[tuple[int, int], ...], until: int) -> None:
    with pytest.raises(ValueError, match="zone x"):
        Zone("x", changes, until)


def test_aware_datetimes_agree_with_the_zone() -> None:
    moment = dt.datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert BERLIN.instant_of(day("2025-10-26"), 2 * HOUR + 30 * MINUTE) == instant_from_datetime(moment)

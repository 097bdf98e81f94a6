from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.values.places import BERLIN

from csflow.values.host_times import HostTime, host_instant
from csflow.values.instants import instant_from_datetime
from csflow.values.zones import Zone


def berlin(text: str) -> int:
    return host_instant(HostTime.LOCAL, text, BERLIN)


@given(st.datetimes(datetime(2025, 2, 1), datetime(2026, 9, 1)).map(lambda each: each.replace(microsecond=0)))
def test_a_local_time_is_the_one_that_the_clock_shows_once(moment):
    known = {moment.replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = {each for each in known if each.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) == moment}
    if len(shown) == 1:
        assert berlin(str(moment)) == instant_from_datetime(shown.pop())
    else:
        with pytest.raises(ValueError, match="Berlin"):
            berlin(str(moment))


def test_a_time_that_the_clock_skips_or_shows_twice_is_none():
    for text, problem in (("2025-03-30 02:30:00", "never"), ("2025-10-26 02:30:00", "twice")):
        with pytest.raises(ValueError, match=problem):
            berlin(text)
    assert berlin("2025-03-30 03:00:00") - berlin("2025-03-30 01:59:59") == 1_000_000
    assert berlin("2025-10-26 03:00:00") - berlin("2025-10-26 01:59:59") == 7_201_000_000


def test_a_day_that_the_zone_does_not_cover_is_none():
    zone = Zone("Asia/Shanghai", ((0, 28_800),), 10**15)
    with pytest.raises(ValueError, match="never"):
        host_instant(HostTime.LOCAL, "1969-12-31 00:00:00", zone)


@pytest.mark.parametrize(
    ("form", "value", "instant"),
    [
        (HostTime.UTC, "2025-11-08T02:00:00", 1_762_567_200_000_000),
        (HostTime.UTC, "2025-11-08 02:00:00.000001", 1_762_567_200_000_001),
        (HostTime.SECONDS, 1_762_567_200, 1_762_567_200_000_000),
        (HostTime.SECONDS, "1762567200", 1_762_567_200_000_000),
        (HostTime.MILLISECONDS, 1_762_567_200_001, 1_762_567_200_001_000),
    ],
)
def test_what_a_host_writes(form, value, instant):
    assert host_instant(form, value, BERLIN) == instant


@pytest.mark.parametrize("form", HostTime)
@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1.5,
        -1,
        10**15,
        "",
        "2025-11-08",
        "2025-11-08T02:00:00Z",
        "2025-11-08 24:00:00",
        "1.5",
        "１２",
        [],
        {},
    ],
)
def test_what_no_host_writes(form, value):
    with pytest.raises(ValueError, match=r".+"):
        host_instant(form, value, BERLIN)


def test_the_largest_count_is_refused_where_it_is_no_year():
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    seconds = instant_from_datetime(last) // 1_000_000
    assert host_instant(HostTime.SECONDS, seconds, BERLIN) == instant_from_datetime(last)
    with pytest.raises(ValueError, match="9999"):
        host_instant(HostTime.SECONDS, seconds + 1, BERLIN)

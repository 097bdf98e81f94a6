"""The end of a window, for all starts of a stretch at once: between two ends, or beyond a horizon for all of them."""

import random

import pytest
from tests.unit.values.places import BERLIN, CN, GERMANY, SHANGHAI

from csflow.evaluators.lines import Line, Stretch, Undetermined, straight
from csflow.evaluators.stretches import _deadline
from csflow.values.calendars import DayClass
from csflow.values.instants import DAY, SECOND, parse_instant
from csflow.values.windows import CountsFrom, MonthEnd, Window, WindowUnit, deadline
from csflow.values.zones import BeyondHorizon, Zone

# A place where clocks go back at midnight: the evening before is shown twice.
TURNED = Zone(
    "Nowhere",
    ((1_700_000_000 * SECOND, 0), (1_760_572_800 * SECOND, -7200), (1_776_290_400 * SECOND, 3600)),
    1_800_000_000 * SECOND,
)
CALENDARS = {"cn": CN, "de": GERMANY}
FIRST, LAST = BERLIN.changes[0][0] - 40 * DAY, BERLIN.until + 60 * DAY


def window(chance):
    unit = chance.choice(list(WindowUnit))
    is_timed = unit in (WindowUnit.HOURS, WindowUnit.SERVICE_HOURS)
    extend = (
        frozenset()
        if is_timed or chance.random() < 0.5
        else frozenset(chance.sample(list(DayClass), chance.randint(1, 2)))
    )
    return Window(
        length=chance.choice((1, 2, 7, 30)) * (3600 * SECOND if is_timed else 1),
        unit=unit,
        counts_from=CountsFrom.MOMENT if is_timed else chance.choice(list(CountsFrom)),
        extend_over=extend,
        calendar=chance.choice(("cn", "de")),
        month_end=chance.choice(list(MonthEnd)) if unit is WindowUnit.MONTHS else None,
    )


def stretch(chance):
    low = chance.randint(FIRST, LAST)
    if chance.random() < 0.3:
        low = low // DAY * DAY - 8 * 3600 * SECOND - chance.choice((0, 1))
    return Stretch(low, low + chance.choice((1, SECOND, 3600 * SECOND, DAY, 4 * DAY, 40 * DAY, 500 * DAY)))


def end(asked, start, zone):
    try:
        return deadline(asked, start, CALENDARS, zone)
    except BeyondHorizon:
        return None


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, TURNED], ids=lambda zone: zone.name)
@pytest.mark.parametrize("seed", range(6))
def test_every_start_of_a_stretch_ends_where_the_stretch_says(zone, seed):
    chance = random.Random(f"{zone.name} {seed}")
    tally = {"known": 0, "beyond": 0, "undetermined": 0}
    for _ in range(250):
        asked, over = window(chance), stretch(chance)
        try:
            found = _deadline(asked, straight(over, 1, 0), CALENDARS, zone)
            tally["known"] += 1
        except BeyondHorizon:
            found = None
            tally["beyond"] += 1
        except Undetermined:
            tally["undetermined"] += 1
            continue
        starts = {over.low, over.high, *(chance.randint(over.low, over.high) for _ in range(20))}
        starts |= {
            each
            for midnight in range(over.low // DAY, over.high // DAY + 1)
            for each in (midnight * DAY, midnight * DAY - 1)
        }
        for start in (each for each in starts if over.low <= each <= over.high):
            expected = end(asked, start, zone)
            if found is None:
                assert expected is None, (asked, start)
            else:
                least, most = found.range() if isinstance(found, Line) else (found, found)
                assert expected is not None and least <= expected <= most, (
                    asked,
                    over.low,
                    over.high,
                    start,
                    expected,
                    least,
                    most,
                )
    assert tally["known"] > 60, tally
    assert tally["beyond"] > 5, tally


def test_one_instant_is_never_undetermined():
    chance = random.Random(1)
    for _ in range(500):
        asked, start = window(chance), chance.randint(FIRST, LAST)
        for zone in (SHANGHAI, BERLIN, TURNED):
            try:
                found = _deadline(asked, start, CALENDARS, zone)
            except BeyondHorizon:
                found = None
            assert found == end(asked, start, zone)


def test_a_month_counted_from_its_first_may_end_before_one_that_started_earlier():
    """From 31 January, a month that has no 30th ends with 1 March; from 1 February, with 28 February."""
    asked = Window(1, WindowUnit.MONTHS, CountsFrom.SAME_DAY, month_end=MonthEnd.NEXT_DAY)
    first, second = (parse_instant(f"{day}T12:00:00+08:00") for day in ("2026-01-31", "2026-02-01"))
    assert end(asked, first, SHANGHAI) > end(asked, second, SHANGHAI)
    with pytest.raises(Undetermined):
        _deadline(asked, straight(Stretch(first, second), 1, 0), CALENDARS, SHANGHAI)
    found = _deadline(asked, straight(Stretch(first - 9 * DAY, first), 1, 0), CALENDARS, SHANGHAI)
    assert found.range()[1] == end(asked, first, SHANGHAI)

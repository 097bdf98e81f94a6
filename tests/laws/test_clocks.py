"""The laws of clocks on random calendars, zones and pauses, beside a clock that is read minute by minute.

The minutes are walked one after the other, with their own reading of zone, calendar and pauses; CSFLOW_SOAK=1 raises the
volume.
"""

import os
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from csflow.values.calendars import Calendar, DayClass
from csflow.values.clocks import ClockRun, Reading, reached, read_clock
from csflow.values.instants import DAY, EPOCH_DAY, SECOND, parse_instant
from csflow.values.windows import CountsFrom, MonthEnd, Window, WindowUnit, deadline
from csflow.values.zones import BeyondHorizon, Zone

EXAMPLES = 20_000 if os.environ.get("CSFLOW_SOAK") else 150
LAW = settings(max_examples=EXAMPLES, deadline=None)
MINUTE = 60 * SECOND
DAY_MINUTES = 24 * 60
# A Monday of the winter; the days around it are what the calendars and zones of these tests are about.
MONDAY = parse_instant("2025-11-10T00:00:00Z")


class Place(NamedTuple):
    calendar: Calendar
    zone: Zone

    @property
    def calendars(self) -> dict[str, Calendar]:
        return {self.calendar.name: self.calendar}


@st.composite
def zones(draw):
    """Offsets by the quarter of an hour, and clock changes at any minute: a few a month, by night and by day."""
    offset = draw(st.integers(-40, 48)) * 15
    changes = [(MONDAY - 30 * DAY, offset * 60)]
    for minute in sorted(draw(st.sets(st.integers(0, 9 * DAY_MINUTES), max_size=3))):
        offset += draw(st.sampled_from([-120, -60, -30, 30, 60, 120]))
        changes.append((MONDAY + minute * MINUTE, offset * 60))
    return Zone("somewhere", tuple(changes), MONDAY + 400 * DAY)


@st.composite
def calendars(draw, days):
    """Any weekend, holidays and make-up days; open all day, or up to three times a day, on days of some classes."""
    first = EPOCH_DAY + MONDAY // DAY - 10
    somedays = st.sets(st.integers(first, first + 40), max_size=8)
    holidays = frozenset(draw(somedays))
    moments = sorted(draw(st.sets(st.integers(0, DAY_MINUTES), max_size=6)))
    opening = tuple(
        (opens * MINUTE, closes * MINUTE) for opens, closes in zip(moments[::2], moments[1::2], strict=False)
    )
    open_on = draw(st.sets(st.sampled_from(list(DayClass)), min_size=1).map(frozenset))
    weekend = draw(st.sets(st.integers(0, 6), max_size=3).map(frozenset))
    end = first + 10 + draw(days)
    return Calendar("desk", first, end, weekend, holidays, frozenset(draw(somedays)) - holidays, opening, open_on)


PLACES = st.builds(Place, calendars(st.integers(8, 200)), zones())
WIDE_PLACES = st.builds(Place, calendars(st.just(390)), zones())
SERVICE_HOURS = st.builds(
    lambda minutes: Window(minutes * MINUTE, WindowUnit.SERVICE_HOURS, CountsFrom.MOMENT, calendar="desk"),
    st.integers(1, 900),
)
HOURS = st.builds(
    lambda minutes: Window(minutes * MINUTE, WindowUnit.HOURS, CountsFrom.MOMENT), st.integers(1, 3 * DAY_MINUTES)
)
BUDGETS = st.one_of(SERVICE_HOURS, HOURS)
FROM_DAYS = st.sampled_from([CountsFrom.SAME_DAY, CountsFrom.NEXT_DAY, CountsFrom.MOMENT])
POINTS = st.one_of(
    st.builds(lambda length, counts: Window(length, WindowUnit.DAYS, counts), st.integers(1, 9), FROM_DAYS),
    st.builds(
        lambda length, counts: Window(length, WindowUnit.MONTHS, counts, month_end=MonthEnd.LAST_DAY),
        st.integers(1, 3),
        FROM_DAYS,
    ),
    st.builds(
        lambda length, counts: Window(length, WindowUnit.WORKING_DAYS, counts, calendar="desk"),
        st.integers(1, 5),
        FROM_DAYS,
    ),
)
MOMENTS = st.integers(0, 6 * DAY_MINUTES).map(lambda minute: MONDAY + minute * MINUTE)


@st.composite
def runs(draw, most_pauses=4):
    """Started, paused and resumed some times, and perhaps stopped, running or paused, at any minutes of a week."""
    moments = sorted(draw(st.lists(MOMENTS, min_size=1, max_size=2 * most_pauses + 1)))
    run = ClockRun(moments[0])
    for place, moment in enumerate(moments[1:]):
        run = run.resumed(moment) if place % 2 else run.paused(moment)
    if draw(st.booleans()):
        run = run.stopped_at(moments[-1] + draw(st.integers(0, 3 * DAY_MINUTES)) * MINUTE)
    return run


# --- the clock that is read minute by minute ---


def minute_by_minute(window: Window, run: ClockRun, part: int, at: int, place: Place) -> tuple[Reading, int | None]:
    """What the clock shows, and when `part` of its minutes are used."""
    events = [(moment, held) for pause in run.pauses for moment, held in zip(pause, (True, False), strict=True)]
    events = [(moment, held) for moment, held in events if moment is not None and moment <= at]
    has_stopped = run.stopped is not None and run.stopped <= at
    now = run.stopped if has_stopped else at
    minutes, length = Minutes(window, run.started, place), window.length // MINUTE
    held, used, elapsed, reached_at, due_at, minute = False, 0, 0, None, None, run.started
    while due_at is None:
        while events and events[0][0] == minute:
            held = events.pop(0)[1]
        if held and not events:
            break
        if minutes.counts(minute, held):
            used += 1
            elapsed += minute < now
        minute += MINUTE
        if used == part and reached_at is None:
            reached_at = minute
        if used == length:
            due_at = minute
    breached = due_at is not None and due_at <= now
    is_paused = any(began <= at and (ended is None or at < ended) for began, ended in run.pauses) and not has_stopped
    reading = Reading(
        due_at, (length - elapsed) * MINUTE, elapsed * MINUTE, is_paused, breached, has_stopped and not breached
    )
    return reading, reached_at


class Minutes:
    """Which minutes count, asked one after the other.

    The wall is the latest time that the local clock has shown: an hour that is shown twice neither opens nor closes a
    desk again, as `Zone.instant_of` has it.
    """

    def __init__(self, window: Window, start: int, place: Place) -> None:
        self._always, self._place = window.unit is WindowUnit.HOURS, place
        self._wall = max(self._shown(minute) for minute in range(start - DAY // 2, start + 1, MINUTE))

    def counts(self, minute: int, held: bool) -> bool:
        self._wall = max(self._wall, self._shown(minute))
        if held or self._always:
            return not held
        days, time = divmod(self._wall, DAY)
        return any(opens <= time < closes for opens, closes in self._place.calendar.opening_of(EPOCH_DAY + days))

    def _shown(self, minute: int) -> int:
        return minute + [offset for start, offset in self._place.zone.changes if start <= minute][-1] * SECOND


def or_beyond(ask):
    """What is answered, or that a calendar does not go so far."""
    try:
        return ask()
    except BeyondHorizon as beyond:
        return beyond.name


@LAW
@given(BUDGETS, runs(), MOMENTS, PLACES, st.data())
def test_a_clock_shows_what_one_read_minute_by_minute_shows(window, run, at, place, data):
    at = data.draw(st.sampled_from([at, *instants_of(window, run, place)]))
    part = data.draw(st.integers(1, window.length // MINUTE))
    ratio = Fraction(part * MINUTE, window.length)
    counted = or_beyond(lambda: minute_by_minute(window, run, part, at, place))
    shown = or_beyond(lambda: read_clock(window, run, at, place.calendars, place.zone))
    if counted == "desk":
        assert shown == "desk"
    else:
        assert (shown, reached(window, run, ratio, at, place.calendars, place.zone)) == counted


def instants_of(window: Window, run: ClockRun, place: Place) -> list[int]:
    """When something happens to a clock, when it ends, and a minute before: where a minute more or less tells."""
    moments = [run.started, *(moment for pause in run.pauses for moment in pause if moment is not None)]
    if run.stopped is not None:
        moments.append(run.stopped)
    reading = or_beyond(lambda: read_clock(window, run, moments[-1], place.calendars, place.zone))
    if isinstance(reading, Reading) and reading.due_at is not None:
        moments += [reading.due_at - MINUTE, reading.due_at]
    return moments


@LAW
@given(BUDGETS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted), WIDE_PLACES)
def test_a_pause_moves_the_end_by_the_time_in_it_that_would_have_counted(window, moments, place):
    start, paused, resumed = moments
    minutes = Minutes(window, paused, place)
    lost = sum(minutes.counts(minute, held=False) for minute in range(paused, resumed, MINUTE)) * MINUTE
    longer = replace(window, length=window.length + lost)
    unpaused, moved = (
        or_beyond(lambda each=each: deadline(each, start, place.calendars, place.zone)) for each in (window, longer)
    )
    assume("desk" not in (unpaused, moved))
    run = ClockRun(start).paused(paused).resumed(resumed)
    due_at = read_clock(window, run, resumed, place.calendars, place.zone).due_at
    assert due_at == (unpaused if unpaused <= paused else moved)


@LAW
@given(SERVICE_HOURS, MOMENTS, WIDE_PLACES, st.data())
def test_a_pause_while_the_desk_is_closed_costs_nothing(window, start, place, data):
    minutes = Minutes(window, start, place)
    days = range(start, start + 2 * DAY, MINUTE)
    closed = [
        list(each) for is_open, each in groupby(days, lambda minute: minutes.counts(minute, held=False)) if not is_open
    ]
    assume(closed)
    while_closed = data.draw(st.sampled_from(closed))
    paused, last = sorted(data.draw(st.lists(st.sampled_from(while_closed), min_size=2, max_size=2)))
    at, run = data.draw(st.integers(last + MINUTE, start + 20 * DAY)), ClockRun(start)
    unpaused = or_beyond(lambda: read_clock(window, run, at, place.calendars, place.zone))
    held = run.paused(paused).resumed(last + MINUTE)
    assert or_beyond(lambda: read_clock(window, held, at, place.calendars, place.zone)) == unpaused


@LAW
@given(
    st.one_of(st.tuples(BUDGETS, runs()), st.tuples(POINTS, runs(0))),
    st.lists(MOMENTS, min_size=2).map(sorted),
    WIDE_PLACES,
)
def test_time_takes_back_nothing_that_a_clock_showed(asked, moments, place):
    window, run = asked
    readings = [or_beyond(lambda at=at: read_clock(window, run, at, place.calendars, place.zone)) for at in moments]
    assume("desk" not in readings)
    for (early, before), (late, after) in pairwise(zip(moments, readings, strict=True)):
        assert 0 <= after.elapsed - before.elapsed <= late - early
        assert after.elapsed + after.remaining == before.elapsed + before.remaining
        assert before.breached <= after.breached and before.met <= after.met
        assert None in (before.due_at, after.due_at) or before.due_at <= after.due_at
        assert not before.breached or after.due_at == before.due_at


@LAW
@given(
    st.one_of(st.tuples(BUDGETS, runs()), st.tuples(POINTS, runs(0))),
    MOMENTS,
    st.lists(st.fractions(0, 1).filter(bool)),
    WIDE_PLACES,
)
def test_a_larger_part_is_never_reached_earlier_and_the_whole_is_reached_when_due(asked, at, parts, place):
    window, run = asked
    reading = or_beyond(lambda: read_clock(window, run, at, place.calendars, place.zone))
    assume(reading != "desk")
    moments = [reached(window, run, part, at, place.calendars, place.zone) for part in sorted([*parts, Fraction(1)])]
    assert moments[-1] == reading.due_at
    known = [moment for moment in moments if moment is not None]
    assert known == sorted(known) and moments[: len(known)] == known
    assert all(moment >= run.started for moment in known)

"""Clocks: budgets that pauses stop and closed hours do not use, points in time, and what is known at an instant."""

from dataclasses import replace
from fractions import Fraction

import pytest

from csflow.values import BeyondHorizon, Calendar, CountsFrom, DayClass, MonthEnd, Window, WindowUnit, Zone, deadline
from csflow.values.clocks import ClockRun, Reading, reached, read_clock

from .places import BERLIN, CN, HOUR, MINUTE, REST, SHANGHAI, day, instant, local

# Monday to Friday, 9:00 to 12:00 and 13:00 to 18:00, by the Chinese calendar: 2025-11-10 is a Monday.
DESK = Calendar(
    "desk",
    CN.first_day,
    CN.end_day,
    CN.weekend,
    CN.holidays,
    CN.working_days,
    opening=((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)),
    open_on=frozenset({DayClass.WORKING_DAY}),
)
CALENDARS = {"desk": DESK, "cn": CN}
EIGHT_OPEN = Window(8 * HOUR, WindowUnit.SERVICE_HOURS, CountsFrom.MOMENT, calendar="desk")
EIGHT = Window(8 * HOUR, WindowUnit.HOURS, CountsFrom.MOMENT)
SEVEN_DAYS = Window(7, WindowUnit.DAYS, CountsFrom.NEXT_DAY, REST, calendar="cn")
POINTS = [
    SEVEN_DAYS,
    Window(3, WindowUnit.WORKING_DAYS, CountsFrom.NEXT_DAY, calendar="cn"),
    Window(1, WindowUnit.MONTHS, CountsFrom.NEXT_DAY, month_end=MonthEnd.LAST_DAY),
]
BUDGETS = [EIGHT, EIGHT_OPEN]
MONDAY = "2025-11-10 10:00"


def run(*moments: str) -> ClockRun:
    """Started, paused, resumed, paused, ... at these moments."""
    made = ClockRun(instant(moments[0]))
    for place, moment in enumerate(moments[1:]):
        made = made.resumed(instant(moment)) if place % 2 else made.paused(instant(moment))
    return made


def shows(window: Window, clock: ClockRun, at: str) -> Reading:
    return read_clock(window, clock, instant(at), CALENDARS, SHANGHAI)


def due(window: Window, clock: ClockRun, at: str = "2026-11-01 00:00") -> str | None:
    end = shows(window, clock, at).due_at
    return None if end is None else local(end, SHANGHAI)


def warned(window: Window, clock: ClockRun, part: Fraction, at: str = "2026-11-01 00:00") -> str | None:
    moment = reached(window, clock, part, instant(at), CALENDARS, SHANGHAI)
    return None if moment is None else local(moment, SHANGHAI)


# --- a clock that runs ---


@pytest.mark.parametrize("window", [*BUDGETS, *POINTS], ids=lambda window: window.unit)
def test_without_a_pause_a_clock_is_due_at_the_deadline_of_its_window(window: Window) -> None:
    for start in ("2025-11-10 10:00", "2025-11-07 17:30", "2025-09-30 23:59:59", "2025-10-05 03:00"):
        end = deadline(window, instant(start), CALENDARS, SHANGHAI)
        for at in ("2025-01-01 00:00", start, "2026-11-01 00:00"):
            assert shows(window, run(start), at).due_at == end


def test_a_running_clock_shows_what_of_its_length_is_used_and_left() -> None:
    assert shows(EIGHT_OPEN, run(MONDAY), "2025-11-10 15:00") == Reading(
        due_at=instant("2025-11-11 10:00"),
        remaining=4 * HOUR,
        elapsed=4 * HOUR,
        paused=False,
        breached=False,
        met=False,
    )


def test_time_that_the_desk_is_closed_is_not_used() -> None:
    assert shows(EIGHT_OPEN, run(MONDAY), "2025-11-10 12:00").elapsed == 2 * HOUR
    assert shows(EIGHT_OPEN, run(MONDAY), "2025-11-10 12:59").elapsed == 2 * HOUR
    assert shows(EIGHT_OPEN, run("2025-11-07 17:00"), "2025-11-10 09:00").elapsed == HOUR
    assert shows(EIGHT, run(MONDAY), "2025-11-10 12:59").elapsed == 2 * HOUR + 59 * MINUTE


def test_the_end_itself_is_too_late() -> None:
    end = deadline(EIGHT_OPEN, instant(MONDAY), CALENDARS, SHANGHAI)
    before = read_clock(EIGHT_OPEN, run(MONDAY), end - 1, CALENDARS, SHANGHAI)
    assert (before.breached, before.remaining) == (False, 1)
    at_the_end = read_clock(EIGHT_OPEN, run(MONDAY), end, CALENDARS, SHANGHAI)
    assert (at_the_end.breached, at_the_end.remaining) == (True, 0)


@pytest.mark.parametrize("window", [*BUDGETS, *POINTS], ids=lambda window: window.unit)
def test_once_due_nothing_is_left_and_the_whole_length_is_used(window: Window) -> None:
    end = deadline(window, instant(MONDAY), CALENDARS, SHANGHAI)
    length = window.length if window in BUDGETS else end - instant(MONDAY)
    assert shows(window, run(MONDAY), "2026-06-01 00:00") == Reading(end, 0, length, False, breached=True, met=False)


@pytest.mark.parametrize("window", [*BUDGETS, *POINTS], ids=lambda window: window.unit)
def test_before_it_starts_a_clock_has_used_nothing(window: Window) -> None:
    early = shows(window, run(MONDAY), "2025-11-01 00:00")
    assert early == shows(window, run(MONDAY), MONDAY)
    assert (early.elapsed, early.breached) == (0, False)


# --- pauses ---


def test_a_pause_in_opening_hours_moves_the_end_by_its_open_time() -> None:
    assert due(EIGHT_OPEN, run(MONDAY)) == "2025-11-11 10:00:00"
    assert due(EIGHT_OPEN, run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30")) == "2025-11-11 11:30:00"
    assert due(EIGHT, run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30")) == "2025-11-10 19:30:00"


def test_a_pause_outside_opening_hours_costs_no_service_hours() -> None:
    for pause in (("2025-11-10 12:00", "2025-11-10 13:00"), ("2025-11-10 18:00", "2025-11-11 09:00")):
        assert due(EIGHT_OPEN, run(MONDAY, *pause)) == "2025-11-11 10:00:00"
    weekend = run("2025-11-07 17:00", "2025-11-07 18:00", "2025-11-10 08:59:59")
    assert due(EIGHT_OPEN, weekend) == due(EIGHT_OPEN, run("2025-11-07 17:00")) == "2025-11-10 17:00:00"


def test_every_pause_so_far_counts() -> None:
    twice = run(MONDAY, "2025-11-10 11:00", "2025-11-10 14:00", "2025-11-10 16:00", "2025-11-11 16:00")
    assert due(EIGHT_OPEN, twice) == "2025-11-12 12:00:00"  # 1 + 2 + 2 hours, and 3 of Wednesday
    assert shows(EIGHT_OPEN, twice, "2025-11-11 17:00").elapsed == 4 * HOUR


def test_nobody_knows_when_a_paused_clock_is_due() -> None:
    held = run(MONDAY, "2025-11-10 15:00")
    for at in ("2025-11-10 15:00", "2025-11-10 15:01", "2026-06-01 00:00"):
        assert shows(EIGHT_OPEN, held, at) == Reading(None, 4 * HOUR, 4 * HOUR, paused=True, breached=False, met=False)
        assert warned(EIGHT_OPEN, held, Fraction(4, 5), at) is None


def test_a_pause_begins_at_its_first_instant_and_is_over_at_its_last() -> None:
    clock = run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30")
    assert [shows(EIGHT, clock, f"2025-11-10 {at}").paused for at in ("14:59:59", "15:00", "16:29:59", "16:30")] == [
        False,
        True,
        True,
        False,
    ]


def test_a_clock_that_is_due_stays_due_when_it_is_paused() -> None:
    late = run(MONDAY, "2025-11-11 10:00")
    assert shows(EIGHT_OPEN, late, "2025-11-11 10:00") == Reading(
        instant("2025-11-11 10:00"), 0, 8 * HOUR, paused=True, breached=True, met=False
    )
    assert due(EIGHT_OPEN, late.resumed(instant("2025-11-12 10:00"))) == "2025-11-11 10:00:00"


def test_a_clock_may_be_paused_from_its_start() -> None:
    held = run(MONDAY, MONDAY)
    assert shows(EIGHT, held, "2025-11-10 20:00") == Reading(None, 8 * HOUR, 0, paused=True, breached=False, met=False)
    assert due(EIGHT, held.resumed(instant("2025-11-10 20:00"))) == "2025-11-11 04:00:00"


@pytest.mark.parametrize("window", POINTS, ids=lambda window: window.unit)
def test_a_point_in_time_cannot_be_paused(window: Window) -> None:
    for clock in (run(MONDAY, "2025-11-10 15:00"), run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:00")):
        with pytest.raises(ValueError, match=f"a clock in {window.unit} .* cannot be paused"):
            shows(window, clock, MONDAY)
        with pytest.raises(ValueError, match="cannot be paused"):
            warned(window, clock, Fraction(1, 2))


# --- stops ---


def test_a_clock_that_is_stopped_before_its_end_is_met() -> None:
    stopped = run(MONDAY).stopped_at(instant("2025-11-11 09:59:59"))
    assert shows(EIGHT_OPEN, stopped, "2026-06-01 00:00") == Reading(
        instant("2025-11-11 10:00"), MINUTE // 60, 8 * HOUR - MINUTE // 60, paused=False, breached=False, met=True
    )


def test_a_clock_that_is_stopped_at_its_end_or_later_is_breached() -> None:
    for stop in ("2025-11-11 10:00", "2025-11-20 10:00"):
        reading = shows(EIGHT_OPEN, run(MONDAY).stopped_at(instant(stop)), "2026-06-01 00:00")
        assert (reading.breached, reading.met, reading.remaining) == (True, False, 0)


@pytest.mark.parametrize("window", POINTS, ids=lambda window: window.unit)
def test_a_point_in_time_is_met_by_a_stop_before_it(window: Window) -> None:
    end = deadline(window, instant(MONDAY), CALENDARS, SHANGHAI)
    met = shows(window, run(MONDAY).stopped_at(end - 1), "2026-06-01 00:00")
    assert met == Reading(end, 1, end - 1 - instant(MONDAY), paused=False, breached=False, met=True)
    assert shows(window, run(MONDAY).stopped_at(end), "2026-06-01 00:00").breached


def test_a_clock_that_is_stopped_in_a_pause_is_met_and_not_paused_and_had_no_end() -> None:
    stopped = run(MONDAY, "2025-11-10 15:00").stopped_at(instant("2025-11-12 15:00"))
    assert shows(EIGHT_OPEN, stopped, "2026-06-01 00:00") == Reading(
        None, 4 * HOUR, 4 * HOUR, paused=False, breached=False, met=True
    )


# --- what is known at an instant ---


def test_a_clock_shows_what_had_happened_by_then() -> None:
    whole = run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30").stopped_at(instant("2025-11-11 11:00"))
    so_far = {
        "2025-11-10 14:00": run(MONDAY),
        "2025-11-10 15:00": run(MONDAY, "2025-11-10 15:00"),
        "2025-11-10 16:00": run(MONDAY, "2025-11-10 15:00"),
        "2025-11-10 16:30": run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30"),
        "2025-11-11 10:59": run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30"),
        "2025-11-11 11:00": whole,
    }
    for at, known in so_far.items():
        assert shows(EIGHT_OPEN, whole, at) == shows(EIGHT_OPEN, known, at)
        assert warned(EIGHT_OPEN, whole, Fraction(4, 5), at) == warned(EIGHT_OPEN, known, Fraction(4, 5), at)
    assert [shows(EIGHT_OPEN, whole, at).met for at in so_far] == [False] * 5 + [True]


# --- warnings ---


def test_a_part_of_a_budget_is_reached_when_so_much_of_it_is_used() -> None:
    assert warned(EIGHT_OPEN, run(MONDAY), Fraction(3, 4)) == "2025-11-10 17:00:00"
    assert warned(EIGHT_OPEN, run(MONDAY), Fraction(4, 5)) == "2025-11-10 17:24:00"
    paused = run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30")
    assert warned(EIGHT_OPEN, paused, Fraction(3, 4)) == "2025-11-11 09:30:00"
    assert warned(EIGHT, paused, Fraction(3, 4)) == "2025-11-10 17:30:00"


def test_a_part_that_was_reached_before_a_pause_stays_reached() -> None:
    held = run(MONDAY, "2025-11-10 17:30")
    assert warned(EIGHT_OPEN, held, Fraction(4, 5), "2025-11-20 10:00") == "2025-11-10 17:24:00"
    assert warned(EIGHT_OPEN, held, Fraction(9, 10), "2025-11-20 10:00") is None


def test_a_part_of_a_point_in_time_is_one_of_the_time_from_start_to_end() -> None:
    clock = run("2025-11-10 00:00")
    assert due(SEVEN_DAYS, clock) == "2025-11-17 24:00"
    assert warned(SEVEN_DAYS, clock, Fraction(3, 4)) == "2025-11-15 24:00"


def test_the_whole_is_used_up_when_the_clock_is_due() -> None:
    clock = run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:30")
    assert warned(EIGHT_OPEN, clock, Fraction(1)) == due(EIGHT_OPEN, clock)
    for window in POINTS:
        assert warned(window, run(MONDAY), Fraction(1)) == due(window, run(MONDAY))


def test_a_part_is_rounded_down_to_a_microsecond() -> None:
    start = ClockRun(instant(MONDAY))
    ten = Window(10, WindowUnit.HOURS, CountsFrom.MOMENT)
    two_thirds = reached(ten, start, Fraction(2, 3), start.started, CALENDARS, SHANGHAI)
    assert two_thirds == start.started + 6
    days = deadline(SEVEN_DAYS, start.started + 1, CALENDARS, SHANGHAI) - start.started - 1
    point = reached(SEVEN_DAYS, ClockRun(start.started + 1), Fraction(2, 3), start.started, CALENDARS, SHANGHAI)
    assert days % 3 and point == start.started + 1 + days * 2 // 3


@pytest.mark.parametrize("part", [Fraction(0), Fraction(-1, 2), Fraction(101, 100)])
@pytest.mark.parametrize("window", [EIGHT, SEVEN_DAYS], ids=lambda window: window.unit)
def test_a_part_is_above_nothing_and_at_most_the_whole(window: Window, part: Fraction) -> None:
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        warned(window, run(MONDAY), part)


# --- runs ---


def test_what_changes_nothing_gives_the_same_run() -> None:
    running, held = run(MONDAY), run(MONDAY, "2025-11-10 15:00")
    later = instant("2025-11-10 16:00")
    assert running.resumed(later) is running
    assert held.paused(later) is held
    for stopped in (running.stopped_at(later), held.stopped_at(later)):
        assert not stopped.is_paused
        for again in (stopped.stopped_at, stopped.paused, stopped.resumed):
            assert again(later + HOUR) is stopped


def test_a_pause_that_took_no_time_was_none() -> None:
    held = run(MONDAY, "2025-11-10 15:00")
    assert held.resumed(instant("2025-11-10 15:00")) == run(MONDAY)


def test_a_clock_that_is_paused_again_at_once_was_paused_all_the_time() -> None:
    again = run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:00", "2025-11-10 16:00", "2025-11-10 17:00")
    for at in ("2025-11-10 15:30", "2025-11-10 16:00", "2025-11-10 16:30", "2025-11-10 17:30"):
        once = run(MONDAY, "2025-11-10 15:00", "2025-11-10 17:00")
        assert shows(EIGHT_OPEN, again, at) == shows(EIGHT_OPEN, once, at)


@pytest.mark.parametrize(
    "make",
    [
        lambda: run("2025-11-10 10:00", "2025-11-10 09:59"),
        lambda: run(MONDAY, "2025-11-10 15:00", "2025-11-10 14:59"),
        lambda: run(MONDAY, "2025-11-10 15:00", "2025-11-10 16:00", "2025-11-10 15:59"),
        lambda: run(MONDAY, "2025-11-10 15:00").stopped_at(instant("2025-11-10 14:59")),
        lambda: run(MONDAY).stopped_at(instant("2025-11-10 09:59")),
    ],
)
def test_a_run_goes_on_in_the_order_of_time(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="in the order of time"):
        make()


def test_only_the_last_pause_may_be_open() -> None:
    with pytest.raises(ValueError, match="only the last pause"):
        ClockRun(0, ((1, None), (2, 3)))


# --- horizons ---


def test_only_the_days_up_to_the_end_are_asked_of_a_calendar() -> None:
    short = {"desk": replace(DESK, end_day=day("2025-11-12"))}
    clock = run(MONDAY)
    assert read_clock(EIGHT_OPEN, clock, instant("2026-06-01 00:00"), short, SHANGHAI).breached
    moved = run(MONDAY, "2025-11-10 15:00", "2025-11-11 15:00")  # 4 hours are left, and 3 are open
    assert read_clock(EIGHT_OPEN, moved, instant("2025-11-11 14:59"), short, SHANGHAI).remaining == 4 * HOUR
    with pytest.raises(BeyondHorizon) as raised:
        read_clock(EIGHT_OPEN, moved, instant("2025-11-11 15:00"), short, SHANGHAI)
    assert raised.value.name == "desk"
    assert reached(EIGHT_OPEN, moved, Fraction(7, 8), instant("2025-11-11 15:00"), short, SHANGHAI) == instant(
        "2025-11-11 18:00"
    )
    with pytest.raises(BeyondHorizon):
        reached(EIGHT_OPEN, moved, Fraction(8, 9), instant("2025-11-11 15:00"), short, SHANGHAI)


def test_a_paused_clock_asks_no_day_after_its_pause_began() -> None:
    short = {"desk": replace(DESK, end_day=day("2025-11-11"))}
    for pause in ("2025-11-10 17:00", "2025-11-10 18:00", "2025-11-11 00:00"):
        held = run(MONDAY, pause)
        assert read_clock(EIGHT_OPEN, held, instant("2026-06-01 00:00"), short, SHANGHAI).due_at is None
    with pytest.raises(BeyondHorizon):
        read_clock(EIGHT_OPEN, run(MONDAY, "2025-11-11 00:01"), instant("2026-06-01 00:00"), short, SHANGHAI)


def test_a_long_pause_is_not_walked_through() -> None:
    """Days of a pause are asked for no more than days after the end."""
    hole = {"desk": _Asked(DESK)}
    moved = run("2025-11-10 10:00", "2025-11-10 15:00", "2026-06-01 10:00")
    assert read_clock(EIGHT_OPEN, moved, instant("2026-06-05 10:00"), hole, SHANGHAI).breached  # type: ignore[arg-type]
    assert hole["desk"].days == [day("2025-11-10"), day("2026-06-01")]


class _Asked:
    """A calendar that remembers which days were asked for."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar, self.days = calendar, list[int]()

    def opening_of(self, asked: int) -> tuple[tuple[int, int], ...]:
        self.days.append(asked)
        return self.calendar.opening_of(asked)


def test_an_hour_that_a_clock_change_adds_or_takes_is_counted_as_it_passes() -> None:
    always = {"desk": replace(DESK, opening=(), open_on=frozenset(DayClass))}
    six = replace(EIGHT_OPEN, length=6 * HOUR)
    for start, due_at in (
        (instant("2025-10-26 00:00", "+02:00"), instant("2025-10-26 08:00", "+01:00")),
        (instant("2026-03-29 00:00", "+01:00"), instant("2026-03-29 10:00", "+02:00")),
    ):
        clock = ClockRun(start).paused(start + HOUR).resumed(start + 4 * HOUR)
        reading = read_clock(six, clock, start + 5 * HOUR, always, BERLIN)
        assert (reading.elapsed, reading.due_at) == (2 * HOUR, due_at)


def test_an_evening_that_a_clock_set_back_over_midnight_shows_twice_is_counted_twice() -> None:
    """St. John's went from 00:01 back to 23:01 of the day before, and was open round the clock."""
    changes = ((instant("2010-03-14 00:01", "-03:30"), -150 * 60), (instant("2010-11-07 00:01", "-02:30"), -210 * 60))
    st_johns = Zone("America/St_Johns", changes, instant("2011-03-13 00:01", "-03:30"))
    always = {"desk": replace(DESK, first_day=day("2010-01-01"), opening=(), open_on=frozenset(DayClass))}
    clock = ClockRun(instant("2010-11-06 22:00", "-02:30")).paused(instant("2010-11-06 23:30", "-03:30"))
    reading = read_clock(EIGHT_OPEN, clock, instant("2010-11-07 09:00", "-03:30"), always, st_johns)
    assert reading.elapsed == 2 * HOUR + 30 * MINUTE

"""Owns the arithmetic of a service clock: when it is due, and what of its length is used at an instant.

What starts, pauses and stops a clock is for `flows`; when a window ends and which time it counts is for `windows`.
Instants and lengths are whole microseconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from csflow.values.calendars import Calendar
from csflow.values.windows import Window, counted_stretches, deadline, is_budget
from csflow.values.zones import Zone


@dataclass(frozen=True, slots=True)
class ClockRun:
    """What the journal knows of one run of a clock.

    `pauses` are the stretches in which it was paused, half-open and sorted; the last may be open: its end is None. A
    run that was stopped in a pause keeps it open. ValueError where the instants are not in that order.
    """

    started: int
    pauses: tuple[tuple[int, int | None], ...] = ()
    stopped: int | None = None

    def __post_init__(self) -> None:
        if any(end is None for _, end in self.pauses[:-1]):
            raise ValueError("only the last pause of a clock may be open")
        moments = [self.started, *(moment for pause in self.pauses for moment in pause), self.stopped]
        if any(late < early for early, late in pairwise(moment for moment in moments if moment is not None)):
            raise ValueError("a clock is started, paused, resumed and stopped in the order of time")

    @property
    def is_paused(self) -> bool:
        """Whether it stands still and may go on: a clock that was stopped may not."""
        return self.stopped is None and bool(self.pauses) and self.pauses[-1][1] is None

    def paused(self, at: int) -> "ClockRun":
        """The run that stands still from `at` on; itself where it is paused or stopped already."""
        if self.stopped is not None or self.is_paused:
            return self
        return replace(self, pauses=(*self.pauses, (at, None)))

    def resumed(self, at: int) -> "ClockRun":
        """The run that goes on from `at`; itself where it is not paused. A pause that took no time was none."""
        if not self.is_paused:
            return self
        began = self.pauses[-1][0]
        pause = [] if at == began else [(began, at)]
        return replace(self, pauses=(*self.pauses[:-1], *pause))

    def stopped_at(self, at: int) -> "ClockRun":
        """The run that ended at `at`; itself where it had ended already."""
        return self if self.stopped is not None else replace(self, stopped=at)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows at an instant.

    `due_at` is the end, and None where the clock is paused with time left, or was stopped so: nobody knows it then. Of
    a clock that was stopped it is the end that it had. `remaining` is the time left, 0 once due; `elapsed` is the time
    used, the whole length once due: of hours and service hours what counts, of other units all time. `breached`: the
    end came before a stop, or with it. `met`: it was stopped in time.
    """

    due_at: int | None
    remaining: int
    elapsed: int
    paused: bool
    breached: bool
    met: bool


def read_clock(window: Window, run: ClockRun, at: int, calendars: Mapping[str, Calendar], zone: Zone) -> Reading:
    """What a clock of the length `window`, which is settled, shows at `at`, by what had happened until then.

    * `hours` and `service_hours` are budgets: it is due where the time counted outside pauses reaches the length.
    * The other units are points in time: it is due at `deadline(window, run.started)`. ValueError if it was paused.

    The end itself is too late. BeyondHorizon as `deadline`, for the days up to the end, or to the open pause.
    """
    known = _known_at(run, at)
    now = at if known.stopped is None else known.stopped
    if is_budget(window):
        due_at, elapsed = _used(window, window.length, known, now, calendars, zone)
        remaining = window.length - elapsed
    else:
        due_at = _point(window, run, calendars, zone)
        elapsed, remaining = max(0, min(now, due_at) - run.started), max(0, due_at - max(now, run.started))
    breached = due_at is not None and due_at <= now
    return Reading(due_at, remaining, elapsed, known.is_paused, breached, known.stopped is not None and not breached)


def reached(
    window: Window, run: ClockRun, part: Fraction, at: int, calendars: Mapping[str, Calendar], zone: Zone
) -> int | None:
    """The instant at which a part of the length, above 0 and at most 1, is used up; 1 is used up at `due_at`.

    It is a part of a budget's length, or of the time from the start to a point in time, rounded down to a microsecond.
    None, ValueError and BeyondHorizon where `read_clock` has them for `due_at`; ValueError for any other part.
    """
    if not 0 < part <= 1:
        raise ValueError("a part of a clock's length is above 0 and at most 1")
    if is_budget(window):
        return _used(window, _share(window.length, part), _known_at(run, at), at, calendars, zone)[0]
    return run.started + _share(_point(window, run, calendars, zone) - run.started, part)


def _known_at(run: ClockRun, at: int) -> ClockRun:
    """The run by what had happened until then; what happened at that very instant has."""
    pauses = ((began, None if ended is None or at < ended else ended) for began, ended in run.pauses if began <= at)
    stopped = None if run.stopped is None or at < run.stopped else run.stopped
    return ClockRun(run.started, tuple(pauses), stopped)


def _used(
    window: Window, length: int, run: ClockRun, now: int, calendars: Mapping[str, Calendar], zone: Zone
) -> tuple[int | None, int]:
    """Where so much of a budget is used up, or None where a pause comes first; and what of it is used by `now`."""
    used = by_now = 0
    for begin, end in _counted(window, run, calendars, zone):
        last = begin + length - used
        if end is None or last <= end:
            return last, by_now + max(0, min(last, now) - begin)
        by_now += max(0, min(end, now) - begin)
        used += end - begin
    return None, by_now


def _counted(
    window: Window, run: ClockRun, calendars: Mapping[str, Calendar], zone: Zone
) -> Iterator[tuple[int, int | None]]:
    begin = run.started
    for paused, resumed in run.pauses:
        yield from counted_stretches(window, begin, paused, calendars, zone)
        if resumed is None:
            return
        begin = resumed
    yield from counted_stretches(window, begin, None, calendars, zone)


def _point(window: Window, run: ClockRun, calendars: Mapping[str, Calendar], zone: Zone) -> int:
    if run.pauses:
        raise ValueError(f"a clock in {window.unit} is due at a point in time and cannot be paused")
    return deadline(window, run.started, calendars, zone)


def _share(length: int, part: Fraction) -> int:
    return length * part.numerator // part.denominator

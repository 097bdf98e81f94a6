"""Owns when a window that opened at an instant ends, and whether an event came in time."""

import datetime as dt
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from csflow.values.calendars import Calendar, DayClass
from csflow.values.instants import FIRST_DAY, LAST_DAY
from csflow.values.zones import BeyondHorizon, Zone


class WindowUnit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    HOURS = "hours"
    SERVICE_HOURS = "service_hours"


class CountsFrom(StrEnum):
    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    MOMENT = "moment"


class MonthEnd(StrEnum):
    """Which day stands for the 31st of a month that has none."""

    LAST_DAY = "last_day"
    NEXT_DAY = "next_day"


_TIMED = frozenset({WindowUnit.HOURS, WindowUnit.SERVICE_HOURS})
_BY_CALENDAR = frozenset({WindowUnit.WORKING_DAYS, WindowUnit.SERVICE_HOURS})


@dataclass(frozen=True, slots=True)
class ByFact:
    """A name that the value of a fact chooses."""

    fact: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Longest:
    """Of several windows, for each start the one that ends last."""

    windows: tuple["Window", ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A length of time and the way to count it.

    `length` is a count of days, working days or months, and microseconds for hours and service
    hours. `calendar` and `zone` are names, or depend on a fact (see `settled`); what they mean is looked
    up by the caller of `deadline`.
    """

    length: int
    unit: WindowUnit
    counts_from: CountsFrom
    extend_over: frozenset[DayClass] = frozenset()
    calendar: "str | ByFact | None" = None
    zone: "str | ByFact | None" = None
    month_end: MonthEnd | None = None

    def __post_init__(self) -> None:
        fault = _fault_of(self)
        if fault:
            raise ValueError(fault)


def facts_of(window: Window) -> tuple[str, ...]:
    """The facts that choose the window's calendar and zone."""
    return tuple(name.fact for name in (window.calendar, window.zone) if isinstance(name, ByFact))


def settled(window: Window, values: Mapping[str, str]) -> Window:
    """The window with the calendar and zone that the values of its facts choose."""

    def name(given: "str | ByFact | None") -> str | None:
        return dict(given.names)[values[given.fact]] if isinstance(given, ByFact) else given

    return replace(window, calendar=name(window.calendar), zone=name(window.zone)) if facts_of(window) else window


def deadline(window: Window, start: int, calendars: Mapping[str, Calendar], zone: Zone) -> int:
    """The end of the window that opened at the instant `start`; the end itself is too late.

    The window is settled. Only the days that the answer depends on are asked of `calendars`; BeyondHorizon where one of
    them, or a local time asked of `zone`, is not covered.

    * `days`: day 1 is the local day of `start` (`same_day`) or the one after (`next_day`); the last
      day ends at 24:00. `moment`: the same local time, `length` days later.
    * `working_days`: the same, but only working days count. A `moment` on another day starts the
      count at 0:00 of the next working day, and so ends at 24:00 of one.
    * `months`: to 24:00 of the day with the number of the start's day (`next_day`), or with the
      number before it (`same_day`), `length` months later (民法典 202; Regulation 1182/71 art. 3(2)(c);
      for `same_day` BGB 188(2) and (3)). `moment`: the same local time of the day with the start's number.
      `month_end` says which day that is where the month has no such number.
    * All of these: while the last day is of a class in `extend_over`, the next day is the last.
    * `hours`: so much time later. `service_hours`: so much opening time of the calendar later.
    """
    if window.unit in _TIMED:
        return _TIMED_DEADLINES[window.unit](window, start, calendars, zone)
    day, time = zone.local_time(start)
    last = _extended(window, _LAST_DAYS[window.unit](window, day, calendars, zone), calendars)
    if window.counts_from == CountsFrom.MOMENT and _is_counted(window, day, calendars):
        return zone.instant_of(last, time)
    return zone.start_of_day(last + 1)


def within(window: Window, start: int, event: int, calendars: Mapping[str, Calendar], zone: Zone) -> bool:
    """Whether `event` comes before the end of the window; an event before `start` does.

    A notice may precede the signing. BeyondHorizon as `deadline`.
    """
    return event < deadline(window, start, calendars, zone)


def is_budget(window: Window) -> bool:
    """Whether the length is time that is counted (hours, service hours), and not a point in the calendar."""
    return window.unit in _TIMED


def counted_stretches(
    window: Window, start: int, until: int | None, calendars: Mapping[str, Calendar], zone: Zone
) -> Iterator[tuple[int, int | None]]:
    """The time from `start` to `until` that a budget counts: half-open stretches, in order; an end of None is never.

    For service hours they are the opening time of the calendar, and each is asked for when it is reached:
    BeyondHorizon where its day is not covered, and never for a day that begins at `until` or later.
    """
    if window.unit == WindowUnit.HOURS:
        return iter(((start, until),))
    return _open_stretches(window, start, until, calendars, zone)


def _fault_of(window: Window) -> str | None:
    if window.length < 1:
        return "the length of a window must be positive"
    if window.unit in _TIMED and window.counts_from != CountsFrom.MOMENT:
        return f"a window in {window.unit} counts from the moment"
    if window.unit in _TIMED and window.extend_over:
        return f"a window in {window.unit} has no last day to extend"
    if window.extend_over == frozenset(DayClass):
        return "a window that is extended over every class of day never ends"
    if window.calendar is None and (window.unit in _BY_CALENDAR or window.extend_over):
        return "a window that depends on the class of days needs a calendar"
    if (window.unit == WindowUnit.MONTHS) != (window.month_end is not None):
        return "a window in months, and no other, says which day stands for a missing one: month_end"
    return None


def _elapsed(window: Window, start: int, calendars: Mapping[str, Calendar], zone: Zone) -> int:
    return start + window.length


def _open_time(window: Window, start: int, calendars: Mapping[str, Calendar], zone: Zone) -> int:
    left = window.length
    stretches = _open_stretches(window, start, None, calendars, zone)
    while True:
        begin, end = next(stretches)
        if begin + left <= end:
            return begin + left
        left -= end - begin


def _open_stretches(
    window: Window, start: int, until: int | None, calendars: Mapping[str, Calendar], zone: Zone
) -> Iterator[tuple[int, int]]:
    calendar = _calendar(window, calendars)
    day = zone.local_day(start)
    while True:
        for opens, closes in calendar.opening_of(day):
            begin, end = max(start, zone.instant_of(day, opens)), zone.instant_of(day, closes)
            if until is not None:
                end = min(end, until)
            if begin < end:
                yield begin, end
        day += 1
        if until is not None and until <= zone.start_of_day(day):
            return


def _last_day(window: Window, day: int, calendars: Mapping[str, Calendar], zone: Zone) -> int:
    return day + window.length - (window.counts_from == CountsFrom.SAME_DAY)


def _last_working_day(window: Window, day: int, calendars: Mapping[str, Calendar], zone: Zone) -> int:
    calendar = _calendar(window, calendars)
    last = day - (window.counts_from == CountsFrom.SAME_DAY)
    left = window.length
    while left:
        last += 1
        left -= calendar.day_class(last) is DayClass.WORKING_DAY
    return last


def _last_day_by_month(window: Window, day: int, calendars: Mapping[str, Calendar], zone: Zone) -> int:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BeyondHorizon(zone.name, is_early=day < FIRST_DAY)
    start = dt.date.fromordinal(day)
    years, month = divmod(start.month - 1 + window.length, 12)
    if start.year + years > dt.MAXYEAR:
        raise BeyondHorizon(zone.name, is_early=False)
    first = dt.date(start.year + years, month + 1, 1)
    # Number 0, that of a month counted from the 1st itself, is the last day of the month before.
    number = start.day - (window.counts_from == CountsFrom.SAME_DAY)
    size = monthrange(first.year, first.month)[1]
    if number > size:
        number = size if window.month_end == MonthEnd.LAST_DAY else size + 1
    return first.toordinal() + number - 1


def _is_counted(window: Window, day: int, calendars: Mapping[str, Calendar]) -> bool:
    if window.unit != WindowUnit.WORKING_DAYS:
        return True
    return _calendar(window, calendars).day_class(day) is DayClass.WORKING_DAY


def _extended(window: Window, last: int, calendars: Mapping[str, Calendar]) -> int:
    if not window.extend_over:
        return last
    calendar = _calendar(window, calendars)
    while calendar.day_class(last) in window.extend_over:
        last += 1
    return last


def _calendar(window: Window, calendars: Mapping[str, Calendar]) -> Calendar:
    assert isinstance(window.calendar, str)  # INVARIANT: `_fault_of` asks for one, and the window is settled.
    return calendars[window.calendar]


_Counting = Callable[[Window, int, Mapping[str, Calendar], Zone], int]

_TIMED_DEADLINES: Mapping[WindowUnit, _Counting] = {
    WindowUnit.HOURS: _elapsed,
    WindowUnit.SERVICE_HOURS: _open_time,
}
_LAST_DAYS: Mapping[WindowUnit, _Counting] = {
    WindowUnit.DAYS: _last_day,
    WindowUnit.WORKING_DAYS: _last_working_day,
    WindowUnit.MONTHS: _last_day_by_month,
}

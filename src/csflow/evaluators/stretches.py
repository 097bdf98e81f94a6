"""Owns what a pack answers for every value of one fact in a stretch: the law itself, reckoned with lines.

Beside numbers that are lines, only what looks a day up is met here: editions, and windows that count by a calendar.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from csflow.evaluators.ends import end_of
from csflow.evaluators.lines import Line, Undetermined, between, greatest
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.unknowns import Unknown, merged
from csflow.expressions.terms import Reference
from csflow.facts import Facts
from csflow.pack.model import Decision, LinkedPack
from csflow.values.calendars import Calendar
from csflow.values.instants import DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import Kind, scale_of
from csflow.values.windows import CountsFrom, Longest, MonthEnd, Window, WindowUnit, deadline
from csflow.values.zones import BeyondHorizon, Zone


class OutOfBudget(Exception):
    """A search that has looked up as many values as it may."""


class Budget:
    """How many values may be looked up, and have been; any number where there is no `limit`."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = limit
        self.spent = 0

    def take(self) -> None:
        self.spent += 1
        if self._limit is not None and self.spent > self._limit:
            raise OutOfBudget


class StretchEvaluation(Evaluation):
    """The answers of a pack to facts of which one may be a line; they hold on what is left of its stretch.

    `changes` are the days on which a parameter of the pack may change. Raises `Undetermined` where there is no one
    answer, `OutOfBudget`.
    """

    def __init__(
        self, pack: LinkedPack, facts: Facts, at: int | None, changes: tuple[int, ...], budget: Budget
    ) -> None:
        super().__init__(pack, facts, at)
        self._changes = changes
        self._budget = budget

    def reference(self, term: Reference, day: int | Unknown, names: Mapping[str, Any]) -> Any:
        self._budget.take()
        return super().reference(term, day, names)

    def named(self, kind: Kind, value: Any) -> Any:
        if not isinstance(value, Line):
            return super().named(kind, value)
        if kind.name in ("percent", "decimal"):
            return value if kind.places < 0 else self.named(Kind("int"), value * scale_of(kind))
        return value.rounded(self.pack.rounding)

    def _governing_day(self, decision: Decision, inherited: int | Unknown | None) -> int | Unknown:
        """One day for all, between two on which a parameter changes: they differ in nothing."""
        day: int | Unknown | Line = super()._governing_day(decision, inherited)
        if not isinstance(day, Line):
            return day
        return next((change for change in reversed(self._changes) if day >= change), self._changes[0] - 1)

    def _end(self, window: Window | Longest, start: Any) -> Any:
        if isinstance(window, Window) or not isinstance(start, Line):
            return end_of(self.pack, window, start, self.fact, _deadline)
        # Which of several ends last may differ from start to start.
        ends = [self._end(each, start) for each in window.windows]
        return merged(ends) if any(isinstance(end, Unknown) for end in ends) else greatest(ends)


def _deadline(window: Window, start: Any, calendars: Mapping[str, Calendar], zone: Zone) -> Any:
    """The end of a window that opened at any of several instants.

    INVARIANT: while the local clock is not turned, a later start ends no earlier, and asks for no earlier days: what
    both ends of the stretch say holds between them.
    """
    if not isinstance(start, Line) or window.unit is WindowUnit.HOURS:
        return deadline(window, start, calendars, zone)
    zone.offset_at(start)  # type: ignore[arg-type]
    first, last = (int(end) for end in start.range())
    if _turns_back(window) and _month(zone, first) != _month(zone, last):
        raise Undetermined
    ends = [_attempt(window, each, calendars, zone) for each in (first, last)]
    low, high = ends
    if isinstance(low, BeyondHorizon) and not low.is_early:
        raise low
    if isinstance(high, BeyondHorizon) and high.is_early:
        raise high
    if isinstance(low, BeyondHorizon) or isinstance(high, BeyondHorizon):
        raise Undetermined
    # Of two starts with one last day, the later may end at the earlier time of day.
    is_timed = window.counts_from is CountsFrom.MOMENT and window.unit is not WindowUnit.SERVICE_HOURS
    slack = 3 * DAY if is_timed and zone.local_day(first) != zone.local_day(last) else 0
    return between(start.stretch, low - slack, high + slack)


def _attempt(window: Window, start: int, calendars: Mapping[str, Calendar], zone: Zone) -> "int | BeyondHorizon":
    try:
        return deadline(window, start, calendars, zone)
    except BeyondHorizon as horizon:
        return horizon


def _turns_back(window: Window) -> bool:
    """Whether the 1st of a month may end before the 31st of the one before it."""
    return (
        window.unit is WindowUnit.MONTHS
        and window.counts_from is CountsFrom.SAME_DAY
        and window.month_end is MonthEnd.NEXT_DAY
    )


def _month(zone: Zone, instant: int) -> tuple[int, int]:
    day = dt.date.fromordinal(min(max(zone.local_day(instant), FIRST_DAY), LAST_DAY))
    return day.year, day.month

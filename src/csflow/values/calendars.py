"""Owns what kind of day a day is and when it is open, as far as a pack's calendar says."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from csflow.values.instants import DAY
from csflow.values.zones import BeyondHorizon

WHOLE_DAY = ((0, DAY),)


class DayClass(StrEnum):
    WORKING_DAY = "working_day"
    REST_DAY = "rest_day"
    STATUTORY_HOLIDAY = "statutory_holiday"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days from `first_day` to `end_day` (not included), all as ordinals.

    `weekend` are days of the week, 0 for Monday; `working_days` are the days of a weekend that are
    worked to make up for a holiday; `opening` are microseconds of a day, half-open, of the days
    whose class is in `open_on`, and empty where those days are open all day.
    """

    name: str
    first_day: int
    end_day: int
    weekend: frozenset[int]
    holidays: frozenset[int]
    working_days: frozenset[int]
    opening: tuple[tuple[int, int], ...] = ()
    open_on: frozenset[DayClass] = frozenset(DayClass)

    def __post_init__(self) -> None:
        if self.first_day >= self.end_day:
            raise ValueError(f"calendar {self.name} covers no day")
        if self.holidays & self.working_days:
            raise ValueError(f"a day of calendar {self.name} is both a holiday and a working day")
        hours = [0, *(moment for interval in self.opening for moment in interval), DAY]
        if any(opens >= closes for opens, closes in self.opening) or any(a > b for a, b in pairwise(hours)):
            raise ValueError(f"the opening hours of calendar {self.name} must be sorted, disjoint and inside a day")

    def day_class(self, day: int) -> DayClass:
        """The class of a day; a holiday on a weekend is a holiday. BeyondHorizon outside the cover."""
        if not self.first_day <= day < self.end_day:
            raise BeyondHorizon(self.name, is_early=day < self.first_day)
        if day in self.holidays:
            return DayClass.STATUTORY_HOLIDAY
        # INVARIANT: ordinal 1, 0001-01-01, is a Monday.
        if (day - 1) % 7 in self.weekend and day not in self.working_days:
            return DayClass.REST_DAY
        return DayClass.WORKING_DAY

    def opening_of(self, day: int) -> tuple[tuple[int, int], ...]:
        """The open microseconds of a day, half-open and sorted; BeyondHorizon outside the cover."""
        if self.day_class(day) not in self.open_on:
            return ()
        return self.opening or WHOLE_DAY

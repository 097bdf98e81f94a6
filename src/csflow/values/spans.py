"""Owns lengths of time as text: counted days, and elapsed durations held in microseconds.

The two do not compare: 14 days end at a midnight, 336 hours at the same minute.
"""

import re

from csflow.values.instants import SECOND

_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_SECONDS = {"hour": 3600, "hours": 3600, "minute": 60, "minutes": 60, "second": 1, "seconds": 1}
_SPAN = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,6}))? ([a-z]+)")


def parse_days(text: str) -> int:
    """`14 days`, `1 day`, `2 weeks` as a number of days; ValueError for anything else."""
    negative, whole, part, unit = _parts(text, "14 days")
    if unit in _SECONDS:
        raise ValueError(f"{text} is a duration, not a count of days: write it in days, such as 2 days")
    if unit not in _DAYS or part:
        raise ValueError(f"{text!r} is not a count of days: write whole days or weeks, such as 14 days")
    days = int(whole) * _DAYS[unit]
    return -days if negative else days


def parse_duration(text: str) -> int:
    """`48 hours`, `90 minutes`, `30 seconds`, `0.5 seconds` as microseconds; ValueError for anything else."""
    negative, whole, part, unit = _parts(text, "48 hours")
    if unit in _DAYS:
        raise ValueError(f"{text} is a count of days, not a duration: write it in hours, such as 48 hours")
    if unit not in _SECONDS:
        raise ValueError(f"{text!r} is not a duration: write hours, minutes or seconds, such as 48 hours")
    if part and _SECONDS[unit] > 1:
        raise ValueError(f"{text} is not whole {unit}: only seconds have decimals, write a smaller unit")
    duration = int(whole) * _SECONDS[unit] * SECOND + int(part.ljust(6, "0"))
    return -duration if negative else duration


def format_days(days: int) -> str:
    return _counted(days, "day")


def format_duration(duration: int) -> str:
    """In the largest unit of which it is a whole number; below a second, in decimal seconds."""
    if duration:
        for size, unit in ((3600, "hour"), (60, "minute")):
            if duration % (size * SECOND) == 0:
                return _counted(duration // (size * SECOND), unit)
    whole, part = divmod(abs(duration), SECOND)
    if not part:
        return _counted(duration // SECOND, "second")
    decimals = f"{part:06d}".rstrip("0")
    return f"{'-' if duration < 0 else ''}{whole}.{decimals} seconds"


def _parts(text: str, example: str) -> tuple[bool, str, str, str]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:60]!r} is not a number and a unit, such as {example}")
    return match[1] == "-", match[2], match[3] or "", match[4]


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if abs(number) == 1 else f"{number} {unit}s"

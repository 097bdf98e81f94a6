"""Owns days and instants as text, as Python's own values and as held: ordinals and microseconds.

A day is a proleptic ordinal (`datetime.date.toordinal`); an instant is whole microseconds since
1970-01-01T00:00:00Z. Offsets are given here; which offset holds where and when is for `zones`.
"""

import datetime as dt
import re

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
FIRST_DAY = dt.date.min.toordinal()
LAST_DAY = dt.date.max.toordinal()

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_MINUTES_ONLY = re.compile(r"[^T]*T[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_NAIVE = re.compile(r"[^T]*T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?")


def parse_date(text: str) -> int:
    """The ordinal of a whole `YYYY-MM-DD`; ValueError for anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date: write YYYY-MM-DD")
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])).toordinal()
    except ValueError:
        raise ValueError(f"{text} is not a day of the calendar") from None


def format_date(day: int) -> str:
    """`YYYY-MM-DD`; ValueError outside the years 0001 to 9999."""
    return dt.date.fromordinal(day).isoformat()


def parse_instant(text: str) -> int:
    """The instant of an RFC 3339 text with seconds and offset; ValueError names what is wrong.

    `2025-11-10T20:00:00+08:00`, `2025-11-10T12:00:00.5Z`. Read in UTC, it lies in the years 0001 to 9999.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(_fault_of(text))
    day, hour, minute, second, fraction, offset = match.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise ValueError(f"{text}: {hour}:{minute}:{second} is not a time of day (00:00:00 to 23:59:59)")
    if fraction and len(fraction) > 6:
        raise ValueError(f"{text} is finer than a microsecond: at most 6 decimals of a second are kept")
    seconds = (int(hour) * 60 + int(minute)) * 60 + int(second) - _offset_seconds(offset, text)
    instant = (parse_date(day) - EPOCH_DAY) * DAY + seconds * SECOND + int((fraction or "").ljust(6, "0"))
    return _within_years(instant, text)


def format_instant(instant: int, offset_seconds: int) -> str:
    """RFC 3339 with a numeric offset and, where it is not whole seconds, a fraction of 6 digits.

    An offset that is not whole minutes is cut to them, and the time of day with it: RFC 3339 has no
    seconds there. Where the local day would be outside the years 0001 to 9999, the offset is +00:00.
    """
    return datetime_from_instant(instant, offset_seconds - offset_seconds % 60).isoformat()


def instant_from_datetime(value: dt.datetime) -> int:
    """The instant of an aware datetime; ValueError for a naive one."""
    offset = value.utcoffset()
    if offset is None:
        raise ValueError(f"{value.isoformat()} has no offset: give an aware datetime")
    local = value.replace(tzinfo=dt.UTC) - _EPOCH
    return _within_years(_microseconds(local) - _microseconds(offset), value.isoformat())


def datetime_from_instant(instant: int, offset_seconds: int) -> dt.datetime:
    """An aware datetime of that offset, or of UTC where the local day is outside 0001 to 9999."""
    utc = _EPOCH + dt.timedelta(microseconds=instant)
    try:
        return utc.astimezone(dt.timezone(dt.timedelta(seconds=offset_seconds)))
    except OverflowError:
        return utc


def _offset_seconds(offset: str, text: str) -> int:
    if offset == "Z":
        return 0
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(f"{text}: {offset} is not an offset")
    return (hours * 60 + minutes) * (-60 if offset[0] == "-" else 60)


def _fault_of(text: str) -> str:
    if _NAIVE.fullmatch(text):
        return f"{text} has no offset: write it out, such as {text}+08:00"
    if _MINUTES_ONLY.fullmatch(text):
        return f"{text} has no seconds: write HH:MM:SS and an offset, such as 20:00:00+08:00"
    return f"{text!r} is not an instant: write YYYY-MM-DDTHH:MM:SS and an offset, such as 2025-11-10T20:00:00+08:00"


def _within_years(instant: int, text: str) -> int:
    if not FIRST_DAY <= EPOCH_DAY + instant // DAY <= LAST_DAY:
        raise ValueError(f"{text} is, in UTC, outside the years 0001 to 9999")
    return instant


def _microseconds(delta: dt.timedelta) -> int:
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds

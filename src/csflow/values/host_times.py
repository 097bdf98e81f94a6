"""Owns instants as other systems write them: without an offset, or as a count since 1970.

Which of the two it is, and whose clock shows it, is said by whoever reads; nothing is guessed from the value.
"""

import re
from enum import StrEnum
from typing import Any

from csflow.values.instants import DAY, EPOCH_DAY, LAST_DAY, SECOND, parse_instant
from csflow.values.zones import BeyondHorizon, Zone


class HostTime(StrEnum):
    """`utc` and `local` are a text without an offset, in UTC or by the clock of a zone; the others count from 1970."""

    UTC = "utc"
    LOCAL = "local"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"


_BARE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)")
_WHOLE = re.compile(r"[0-9]{1,15}")
_COUNTED = {HostTime.SECONDS: SECOND, HostTime.MILLISECONDS: SECOND // 1000}


def host_instant(written: HostTime, value: Any, zone: Zone) -> int:
    """The instant that a value of a document says, in microseconds; ValueError where it says none.

    A local time that the clock of `zone` skips or shows twice is none; neither is one that the zone does not cover.
    """
    if written in _COUNTED:
        instant = _counted(value, _COUNTED[written])
        if EPOCH_DAY + instant // DAY > LAST_DAY:
            raise ValueError(f"{value!r} lies after the year 9999")
        return instant
    match = _BARE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} is no date and time without an offset")
    instant = parse_instant(f"{match[1]}T{match[2]}Z")
    return instant if written is HostTime.UTC else _by_the_clock(value, instant, zone)


def _counted(value: Any, unit: int) -> int:
    is_text = isinstance(value, str) and _WHOLE.fullmatch(value) is not None
    is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**15
    if not is_text and not is_whole:
        raise ValueError(f"{value!r} is no whole count")
    return int(value) * unit


def _by_the_clock(text: str, shown: int, zone: Zone) -> int:
    """The one instant at which the clock of a zone shows what UTC shows at `shown`."""
    offsets = {offset for _, offset in zone.changes}
    found = [shown - offset * SECOND for offset in offsets if _shows(zone, shown - offset * SECOND, offset)]
    if len(found) != 1:
        raise ValueError(f"the clock of {zone.name} shows {text} {'twice' if found else 'never'}")
    return found[0]


def _shows(zone: Zone, instant: int, offset: int) -> bool:
    try:
        return zone.offset_at(instant) == offset
    except BeyondHorizon:
        return False

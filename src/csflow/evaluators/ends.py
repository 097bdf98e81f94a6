"""Owns when a window of a pack ends: its calendar and zone looked up, of several the last end."""

from collections.abc import Callable
from typing import Any

from csflow.evaluators.unknowns import Unknown, merged
from csflow.pack.model import LinkedPack
from csflow.values.windows import Longest, Window, deadline, facts_of, settled


def end_of(pack: LinkedPack, window: Window | Longest, start: int, fact: Callable[[str], Any]) -> int | Unknown:
    """The exclusive end of a window started at an instant; `fact` gives what chooses its calendar and zone.

    Raises `BeyondHorizon` where a calendar or zone does not say.
    """
    ends = [_end(pack, each, start, fact) for each in (window.windows if isinstance(window, Longest) else (window,))]
    known = [end for end in ends if not isinstance(end, Unknown)]
    return max(known) if len(known) == len(ends) else merged(ends)


def _end(pack: LinkedPack, window: Window, start: int, fact: Callable[[str], Any]) -> int | Unknown:
    chosen = {path: fact(path) for path in facts_of(window)}
    unknown = [value for value in chosen.values() if isinstance(value, Unknown)]
    if unknown:
        return merged(unknown)
    plain = settled(window, chosen)
    zone = pack.zone if plain.zone is None else pack.zones[str(plain.zone)]
    return deadline(plain, start, pack.calendars, zone)

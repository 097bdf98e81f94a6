"""Owns when a window of a pack ends: its calendar and zone looked up, of several the last end."""

from collections.abc import Callable
from typing import Any

from csflow.evaluators.unknowns import Unknown, merged
from csflow.pack.model import LinkedPack
from csflow.values.windows import Longest, Window, deadline, facts_of, settled


def end_of(
    pack: LinkedPack,
    window: Window | Longest,
    start: int,
    fact: Callable[[str], Any],
    ends_at: Callable[..., int] = deadline,
) -> int | Unknown:
    """The exclusive end of a window started at an instant; `fact` gives what chooses its calendar and zone.

    `ends_at` counts, as `deadline` does. Raises `BeyondHorizon` where a calendar or zone does not say.
    """
    windows = window.windows if isinstance(window, Longest) else (window,)
    ends = [_end(pack, each, start, fact, ends_at) for each in windows]
    known = [end for end in ends if not isinstance(end, Unknown)]
    return max(known) if len(known) == len(ends) else merged(ends)


def _end(
    pack: LinkedPack, window: Window, start: int, fact: Callable[[str], Any], ends_at: Callable[..., int]
) -> int | Unknown:
    chosen = {path: fact(path) for path in facts_of(window)}
    unknown = [value for value in chosen.values() if isinstance(value, Unknown)]
    if unknown:
        return merged(unknown)
    plain = settled(window, chosen)
    zone = pack.zone if plain.zone is None else pack.zones[str(plain.zone)]
    return ends_at(plain, start, pack.calendars, zone)

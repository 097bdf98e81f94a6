"""`broken-floor`: a layer that gives the customer less than the pack says is the least.

A window is at least another only if it ends no earlier for every start that the calendars cover, compared
day by day: "8 days" ends before "7 days, extended over holidays" on some days of a year. With
`combine: more_favourable` such a layer is harmless, and a note says that it never holds.
"""

from collections.abc import Iterator
from typing import Any

from csflow.diagnostics import Diagnostics
from csflow.pack.model import Edition, LinkedPack, Parameter
from csflow.values.decoding import exact
from csflow.values.instants import DAY, format_date
from csflow.values.windows import ByFact, Window, deadline, facts_of, settled
from csflow.values.zones import BeyondHorizon, Zone


def check_broken_floor(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    for parameter in pack.parameters.values():
        if parameter.floor is None:
            continue
        for layer in pack.layers.values():
            for given in layer.parameters.get(parameter.name, ()):
                _check_edition(pack, parameter, layer.name, given, diagnostics)


def _check_edition(
    pack: LinkedPack, parameter: Parameter, layer: str, given: Edition, diagnostics: Diagnostics
) -> None:
    for own in parameter.editions:
        start, end = _overlap(pack, own, given)
        if start >= end:
            continue
        witness = _below(pack, parameter, own.value, given.value, start, end)
        if witness is not None:
            diagnostics.report(
                "layer-without-effect" if _is_harmless(parameter) else "broken-floor",
                given.mark,
                name=parameter.name,
                layer=layer,
                file=own.mark.path,
                line=own.mark.line,
                witness=witness,
            )
            return


def _is_harmless(parameter: Parameter) -> bool:
    """Whether what is below the floor can never win: the better value holds, and better is away from the floor."""
    better = ("larger", "longer") if parameter.floor == "at_least" else ("smaller",)
    return parameter.favours in better


def _overlap(pack: LinkedPack, own: Edition, given: Edition) -> tuple[int, int]:
    ends = [pack.in_force[1], *(edition.end for edition in (own, given) if edition.end is not None)]
    return max(pack.in_force[0], own.start, given.start), min(ends)


def _below(pack: LinkedPack, parameter: Parameter, own: Any, given: Any, start: int, end: int) -> str | None:
    """A case in which the given value is worse than the pack's own; None where there is none."""
    if isinstance(own, Window):
        return _window_below(pack, own, given, parameter.floor == "at_least", start, end)
    is_below = given < own if parameter.floor == "at_least" else given > own
    if not is_below:
        return None
    shown = format_date if parameter.kind.name == "date" else lambda held: exact(parameter.kind, held)
    return f"{shown(given)} / {shown(own)}"


def _window_below(pack: LinkedPack, own: Window, given: Window, at_least: bool, start: int, end: int) -> str | None:
    for one, other in _choices(own, given):
        zone = pack.zone if one.zone is None else pack.zones[str(one.zone)]
        others = pack.zone if other.zone is None else pack.zones[str(other.zone)]
        for day in range(start, end):
            for anchor in _anchors(pack, zone, day, (one, other)):
                try:
                    mine = deadline(one, anchor, pack.calendars, zone)
                    theirs = deadline(other, anchor, pack.calendars, others)
                except BeyondHorizon:
                    continue
                if theirs < mine if at_least else theirs > mine:
                    return format_date(day)
    return None


def _choices(own: Window, given: Window) -> Iterator[tuple[Window, Window]]:
    """Both windows with every calendar and zone that facts may choose."""
    paths = dict.fromkeys((*facts_of(own), *facts_of(given)))
    choices: list[dict[str, str]] = [{}]
    for path in paths:
        symbols = _symbols(path, (own, given))
        choices = [{**chosen, path: symbol} for chosen in choices for symbol in symbols]
    for chosen in choices:
        yield settled(own, chosen), settled(given, chosen)


def _symbols(path: str, windows: tuple[Window, Window]) -> list[str]:
    names = [name for window in windows for name in (window.calendar, window.zone) if isinstance(name, ByFact)]
    return [symbol for symbol, _ in next(name for name in names if name.fact == path).names]


def _anchors(pack: LinkedPack, zone: Zone, day: int, windows: tuple[Window, Window]) -> Iterator[int]:
    """The starts on a day between which neither deadline can change its course."""
    times = {0, DAY - 1}
    for window in windows:
        calendar = pack.calendars.get(str(window.calendar))
        if calendar is not None:
            times |= {min(time, DAY - 1) for hours in calendar.opening for time in hours}
    for time in sorted(times):
        try:
            yield zone.instant_of(day, time)
        except BeyondHorizon:
            return

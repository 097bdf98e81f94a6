"""`edition-gap`: a day on which the pack is in force and a parameter it reads has no value."""

from csflow.diagnostics import Diagnostics
from csflow.pack.model import LinkedPack, Parameter
from csflow.values.instants import format_date


def check_edition_gap(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    for parameter in pack.parameters.values():
        for start, end in _gaps(parameter, *pack.in_force):
            diagnostics.report(
                "edition-gap",
                parameter.mark,
                name=parameter.name,
                start=format_date(start),
                end=format_date(end - 1),
            )


def _gaps(parameter: Parameter, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of [start, end) that no edition covers."""
    gaps, at = [], start
    for edition in parameter.editions:
        if edition.start > at:
            gaps.append((at, min(edition.start, end)))
        at = max(at, end if edition.end is None else edition.end)
        if at >= end:
            break
    if at < end:
        gaps.append((at, end))
    return [(first, last) for first, last in gaps if first < last]

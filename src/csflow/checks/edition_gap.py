"""`edition-gap`: a day on which the pack is in force and a parameter it reads has no value."""

from csflow.diagnostics import Diagnostics
from csflow.pack.model import Edition, LinkedPack, Parameter
from csflow.values.instants import format_date


def check_edition_gap(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    for parameter in pack.parameters.values():
        for start, end in _gaps(_always(pack, parameter), *pack.in_force):
            diagnostics.report(
                "edition-gap",
                parameter.mark,
                name=parameter.name,
                start=format_date(start),
                end=format_date(end - 1),
            )


def _always(pack: LinkedPack, parameter: Parameter) -> list[Edition]:
    """The editions that hold in every case: the pack's own, and those of layers without a condition."""
    layers = [layer.parameters.get(parameter.name, ()) for layer in pack.layers.values() if layer.condition is None]
    return sorted(
        (each for editions in (parameter.editions, *layers) for each in editions), key=lambda each: each.start
    )


def _gaps(editions: list[Edition], start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of [start, end) that no edition covers."""
    gaps, at = [], start
    for edition in editions:
        if edition.start > at:
            gaps.append((at, min(edition.start, end)))
        at = max(at, end if edition.end is None else edition.end)
        if at >= end:
            break
    if at < end:
        gaps.append((at, end))
    return [(first, last) for first, last in gaps if first < last]

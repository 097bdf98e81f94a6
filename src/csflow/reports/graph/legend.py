"""Owns what the legend of a picture explains: only what is seen in it."""

from collections.abc import Iterator

from csflow.diagnostics import Word
from csflow.reports.graph.picture import Change, Picture, Shape

# The signs of changes, which are told from each other without colour.
SIGNS = {Change.SAME: "", Change.ADDED: "＋", Change.REMOVED: "－", Change.CHANGED: "≠"}


def shapes(picture: Picture) -> Iterator[tuple[Shape, str]]:
    """The shapes of the boxes, each with what it stands for."""
    seen = {box.shape for box in picture.boxes}
    yield from ((shape, _word(picture, shape.value)) for shape in Shape if shape in seen)


def strokes(picture: Picture) -> Iterator[tuple[bool, str]]:
    """The strokes of the arrows; true for those that wait for nothing."""
    seen = {arrow.is_automatic for arrow in picture.arrows if arrow.lines}
    for is_automatic, word in ((False, "move"), (True, "automatic")):
        if is_automatic in seen:
            yield is_automatic, _word(picture, word)


def changes(picture: Picture) -> Iterator[tuple[Change, str]]:
    """What became of parts, where that is told at all."""
    if picture.is_compared:
        for change in (Change.ADDED, Change.REMOVED, Change.CHANGED):
            yield change, _word(picture, change.value)


def _word(picture: Picture, word: str) -> str:
    return Word(f"graph.legend_{word}").in_language(picture.language)

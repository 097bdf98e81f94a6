"""Owns the difference of two editions of a flow: one picture with the parts of both, each with what became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TypeVar

from csflow.diagnostics import Word
from csflow.reports.graph.picture import Arrow, Box, Change, Line, Note, Picture

P = TypeVar("P", Box, Arrow, Note)


def compared(old: Picture, new: Picture) -> Picture:
    """The new picture with what was removed, and with what is new or told otherwise marked; both in one language.

    A state is the same where its name is; an arrow, where it goes by the same row from the same state to the same.
    """
    boxes, arrows = _both(old.boxes, new.boxes), _both(old.arrows, new.arrows)
    clocks, keeps = _both(old.clocks, new.clocks), _both(old.keeps, new.keeps)
    parts: list[Box | Arrow | Note] = [*boxes, *arrows, *clocks, *keeps]
    counts = Counter(part.change for part in parts)
    about = (
        Word("graph.about_against")
        .in_language(new.language)
        .format(**{change.value: counts[change] for change in Change})
    )
    return replace(
        new,
        about=" ".join((new.about, about)),
        boxes=tuple(boxes),
        arrows=tuple(arrows),
        clocks=tuple(clocks),
        keeps=tuple(keeps),
        is_compared=True,
    )


def _both(old: Iterable[P], new: Iterable[P]) -> list[P]:
    """The new parts in their order, then those that are no longer there."""
    before: dict[object, P] = {part.key: part for part in old}
    kept: list[P] = [_changed(before.pop(part.key, None), part) for part in new]
    gone: list[P] = [_marked(part, Change.REMOVED) for part in before.values()]
    return kept + gone


def _changed(before: P | None, after: P) -> P:
    if before is None:
        return _marked(after, Change.ADDED)
    if before.lines == after.lines and before.meaning == after.meaning:
        return after
    return replace(after, lines=tuple(_merged(before.lines, after.lines)), change=Change.CHANGED)


def _marked(part: P, change: Change) -> P:
    return replace(part, change=change)


def _merged(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Line]:
    """The lines of both; what is no longer said stands above what is said instead."""
    for word, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if word == "equal":
            yield from after[start:end]
            continue
        yield from (replace(line, change=Change.REMOVED) for line in before[first:last])
        yield from (replace(line, change=Change.ADDED) for line in after[start:end])

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
    counts = Counter(part.change for part in (*boxes, *arrows, *clocks, *keeps))
    about = Word("graph.about_against").in_language(new.language).format(
        **{change.value: counts[change] for change in Change}
    )
    return replace(
        new,
        about=" ".join((new.about, about)),
        boxes=boxes,
        arrows=arrows,
        clocks=clocks,
        keeps=keeps,
        is_compared=True,
    )


def _both(old: Iterable[P], new: Iterable[P]) -> tuple[P, ...]:
    """The new parts in their order, then those that are no longer there."""
    before, after = {part.key: part for part in old}, {part.key: part for part in new}
    kept = (_change(before.get(key), part) for key, part in after.items())
    return (*kept, *(_all(part, Change.REMOVED) for key, part in before.items() if key not in after))


def _change(before: P | None, after: P) -> P:
    if before is None:
        return _all(after, Change.ADDED)
    if before.lines == after.lines and before.meaning == after.meaning:
        return after
    return replace(after, lines=tuple(_merged(before.lines, after.lines)), change=Change.CHANGED)


def _all(part: P, change: Change) -> P:
    return replace(part, change=change)


def _merged(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Line]:
    """The lines of both; what is no longer said stands above what is said instead."""
    for word, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if word == "equal":
            yield from after[start:end]
            continue
        yield from (replace(line, change=Change.REMOVED) for line in before[first:last])
        yield from (replace(line, change=Change.ADDED) for line in after[start:end])

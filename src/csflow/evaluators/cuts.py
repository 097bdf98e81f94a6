"""Owns the regions of one source: the sets of its values between which nothing that is asked of it changes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csflow.evaluators.formulas import Interval, Source, Values
from csflow.evaluators.positions import range_of


@dataclass(frozen=True, slots=True)
class Cut:
    """The regions of a source, in its order, and for all that is asked of it those in which it holds, as bits."""

    regions: tuple[Values, ...]
    masks: Mapping[Values, int]


def cut(source: Source, asked: Sequence[Values]) -> Cut:
    """The regions of a source, as it is asked."""
    if source.kind.name == "bool" or source.kind.is_symbolic or source.kind.name == "text":
        return _named(source, asked)
    return _ordered(source, asked)


def united(regions: Iterable[Values]) -> Values:
    """All values of several regions; neighbours become one interval."""
    every = tuple(regions)
    merged: list[Interval] = []
    for low, high in sorted(interval for each in every for interval in each.intervals):
        if merged and merged[-1][1] + 1 >= low:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    named = frozenset().union(*(each.named for each in every))
    return Values(named, tuple(merged), any(each.absent for each in every))


def _named(source: Source, asked: Sequence[Values]) -> Cut:
    by_answer: dict[tuple[bool, ...], list[Any]] = {}
    for value in _names(source, asked):
        by_answer.setdefault(tuple(value in each.named for each in asked), []).append(value)
    regions = [Values(named=frozenset(some)) for some in by_answer.values()]
    masks = {
        each: sum(1 << place for place, answers in enumerate(by_answer) if answers[number])
        for number, each in enumerate(asked)
    }
    return _with_absent(source, regions, masks)


def _names(source: Source, asked: Sequence[Values]) -> list[Any]:
    if source.kind.name == "bool":
        return [False, True]
    if source.kind.is_symbolic:
        return list(source.kind.symbols)
    named = sorted({value for each in asked for value in each.named})
    # Of all other texts, one stands for the rest.
    return [next(str(n) for n in range(len(named) + 1) if str(n) not in named), *named]


def _ordered(source: Source, asked: Sequence[Values]) -> Cut:
    lowest, highest = range_of(source.term)
    borders = {low for each in asked for low, _ in each.intervals}
    borders |= {high + 1 for each in asked for _, high in each.intervals}
    starts = [lowest, *sorted(border for border in borders if lowest < border <= highest)]
    regions = [
        Values(intervals=((start, end - 1),)) for start, end in zip(starts, [*starts[1:], highest + 1], strict=True)
    ]
    masks = {}
    for each in asked:
        mask = 0
        for low, high in each.intervals:
            mask |= (1 << bisect_right(starts, high)) - (1 << bisect_left(starts, max(low, lowest)))
        masks[each] = mask
    return _with_absent(source, regions, masks)


def _with_absent(source: Source, regions: list[Values], masks: dict[Values, int]) -> Cut:
    if not source.optional:
        return Cut(tuple(regions), masks)
    place = 1 << len(regions)
    masks = {each: mask | (place if each.absent else 0) for each, mask in masks.items()}
    return Cut((*regions, Values(absent=True)), masks)

"""Owns the rows of a drawing: which box stands in which row, and what an arrow passes on its way.

Boxes stand in even rows and labels in odd ones, so that a label has room of its own and no line runs through a box.
Stages follow each other from top to bottom; among those of one stage, a state stands below those that lead to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from csflow.reports.graph.picture import Arrow, Picture, Shape


@dataclass(eq=False, slots=True)
class Item:
    """What takes room in a row: a box, a label, or the bend of a line that passes. `x` is its middle."""

    key: str | None
    label: Arrow | None
    left: int
    right: int
    height: int
    x: int = 0
    above: list["Item"] = field(default_factory=list)
    below: list["Item"] = field(default_factory=list)

    @property
    def is_bend(self) -> bool:
        return self.key is None and self.label is None


@dataclass(frozen=True, slots=True)
class Chain:
    """An arrow with all that it passes, from top to bottom; where it `rises` it goes from the last to the first."""

    arrow: Arrow
    items: tuple[Item, ...]
    rises: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a drawing. `bands` are the first and last row of boxes of each stage; loops are no chains."""

    rows: list[list[Item]]
    chains: list[Chain]
    boxes: Mapping[str, Item]
    bands: tuple[tuple[str, int, int], ...]


# How wide and high something is: to the left of its middle, to the right, and from top to bottom.
Extent = tuple[int, int, int]
_BEND = 7


def layered(picture: Picture, boxes: Mapping[str, Extent], labels: Mapping[tuple[str, ...], Extent]) -> Rows:
    """Rows for boxes and labels of these extents, in the order of the picture."""
    ranks, bands = _ranks(picture)
    rows: list[list[Item]] = [[] for _ in range(2 * max(ranks.values()) + 1)]
    items = {key: Item(key, None, *extent) for key, extent in boxes.items()}
    for key, item in items.items():
        rows[2 * ranks[key]].append(item)
    chains = []
    for arrow in picture.arrows:
        if arrow.source != arrow.target:
            chains.append(_chain(arrow, ranks, items, rows, labels.get(arrow.key)))
    return Rows(rows, chains, items, bands)


def _chain(
    arrow: Arrow, ranks: Mapping[str, int], items: Mapping[str, Item], rows: list[list[Item]], extent: Extent | None
) -> Chain:
    """The arrow through the rows between its ends; its label stands next to where it starts."""
    rises = ranks[arrow.source] > ranks[arrow.target]
    upper, lower = (arrow.target, arrow.source) if rises else (arrow.source, arrow.target)
    between = range(2 * ranks[upper] + 1, 2 * ranks[lower])
    labelled = None if extent is None else between[-1] if rises else between[0]
    passed = [items[upper]]
    for row in between:
        item = Item(None, arrow, *extent) if row == labelled and extent else Item(None, None, _BEND, _BEND, 0)
        rows[row].append(item)
        passed.append(item)
    passed.append(items[lower])
    for above, below in pairwise(passed):
        above.below.append(below)
        below.above.append(above)
    return Chain(arrow, tuple(passed), rises)


def _ranks(picture: Picture) -> tuple[dict[str, int], tuple[tuple[str, int, int], ...]]:
    """The row of every box, and the stages with their first and last row."""
    ranks = {box.key: 0 for box in picture.boxes if _is_apart(box.shape)}
    states = {box.key: box.stage for box in picture.boxes if not _is_apart(box.shape)}
    depths = _depths(picture, states)
    bands: list[tuple[str, int, int]] = []
    first = 1
    for stage in dict.fromkeys(states.values()):
        staged = [key for key in states if states[key] == stage]
        last = first + max(depths[key] for key in staged)
        ranks |= {key: first + depths[key] for key in staged}
        if stage is not None:
            bands.append((stage, 2 * first, 2 * last))
        first = last + 1
    return ranks, tuple(bands)


def _is_apart(shape: Shape) -> bool:
    return shape in (Shape.START, Shape.EVERYWHERE)


def _depths(picture: Picture, stages: Mapping[str, str | None]) -> dict[str, int]:
    """How many arrows lead to a state by the longest way through its stage that does not go back to where it was."""
    targets: dict[str, list[str]] = {key: [] for key in stages}
    for arrow in picture.arrows:
        if arrow.source in stages and stages[arrow.source] == stages[arrow.target]:
            targets[arrow.source].append(arrow.target)
    forward: dict[str, list[str]] = {key: [] for key in stages}
    for source, target in _forward(targets):
        forward[source].append(target)
    depths = dict.fromkeys(forward, 0)
    for key in _in_order(forward):
        for target in forward[key]:
            depths[target] = max(depths[target], depths[key] + 1)
    return depths


def _forward(targets: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The arrows that a walk in the order of the picture does not find to lead back to where it came from.

    INVARIANT: from where an arrow leads back to, a way of the others leads to where it starts; so the ends of every
    arrow but a loop are of different depths.
    """
    left: set[str] = set()
    entered: set[str] = set()
    for root in targets:
        if root in entered:
            continue
        entered.add(root)
        way = [(root, iter(targets[root]))]
        while way:
            source, following = way[-1]
            target = next(following, None)
            if target is None:
                left.add(source)
                way.pop()
            elif target not in entered:
                entered.add(target)
                yield source, target
                way.append((target, iter(targets[target])))
            elif target in left:
                yield source, target


def _in_order(forward: Mapping[str, list[str]]) -> Iterator[str]:
    """The states, each after all that lead to it."""
    waiting = dict.fromkeys(forward, 0)
    for targets in forward.values():
        for target in targets:
            waiting[target] += 1
    ready = [key for key, count in waiting.items() if count == 0]
    while ready:
        key = ready.pop(0)
        yield key
        for target in forward[key]:
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)

"""Owns where things stand in the rows of a drawing: in which order, so that few lines cross, and how far right.

Both are found by sweeping over the rows, down and up. Whole numbers throughout: the same rows give the same places.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from csflow.reports.graph.layering import Chain, Item, Rows

_SWEEPS = 24
_GAP, _BEND_GAP = 24, 10
# A line that bends rather pulls its neighbours straight than a box moves.
_PULL_OF_BEND, _PULL = 6, 1
_SCALE = 1_000
# Farther than any drawing is wide.
_BEYOND = 10**9


def place(rows: Rows) -> None:
    """Order every row and give every item its `x`; the leftmost thing stands at 0."""
    _order(rows.rows)
    _spread(rows.rows)
    for chain in rows.chains:
        _straighten(chain, rows.rows)
    left = min(item.x - item.left for row in rows.rows for item in row)
    for row in rows.rows:
        for item in row:
            item.x -= left


def _order(rows: list[list[Item]]) -> None:
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for number in range(1, len(rows)) if downwards else range(len(rows) - 2, -1, -1):
            _sort(rows[number], rows[number - 1] if downwards else rows[number + 1], downwards)
        crossings = _crossings(rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    for row, ordered in zip(rows, best, strict=True):
        row[:] = ordered


def _sort(row: list[Item], other: list[Item], downwards: bool) -> None:
    """Each item by the middle of what it is joined to in the other row; what is joined to nothing stays."""
    places = {id(item): place for place, item in enumerate(other)}

    def middle(place: int, item: Item) -> int:
        joined = [places[id(each)] for each in (item.above if downwards else item.below)]
        return sum(joined) * _SCALE // len(joined) if joined else place * _SCALE

    row[:] = [item for _, _, item in sorted((middle(place, item), place, item) for place, item in enumerate(row))]


def _crossings(rows: Sequence[Sequence[Item]]) -> int:
    return sum(_crossed(upper, lower) for upper, lower in pairwise(rows))


def _crossed(upper: Sequence[Item], lower: Sequence[Item]) -> int:
    places = {id(item): place for place, item in enumerate(lower)}
    lines = [(place, places[id(below)]) for place, item in enumerate(upper) for below in item.below]
    return sum(
        (one[0] < other[0] and one[1] > other[1]) or (one[0] > other[0] and one[1] < other[1])
        for number, one in enumerate(lines)
        for other in lines[number + 1 :]
    )


def _spread(rows: list[list[Item]]) -> None:
    for row in rows:
        _settle(row, [0] * len(row))
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows if downwards else reversed(rows):
            # The last sweeps look both ways.
            _settle(row, [_wished(item, downwards, both=sweep >= _SWEEPS // 2) for item in row])


def _wished(item: Item, downwards: bool, both: bool) -> int:
    """Where the item would stand for itself: in the middle of what it is joined to."""
    joined = [*item.above, *item.below] if both else item.above if downwards else item.below
    if not joined:
        return item.x
    pulls = [_PULL_OF_BEND if item.key is None and each.key is None else _PULL for each in joined]
    return sum(each.x * pull for each, pull in zip(joined, pulls, strict=True)) // sum(pulls)


def _settle(row: list[Item], wished: list[int]) -> None:
    """Give each its wish, or, where wishes overlap, the places in order that miss them least.

    Without the room they take, the places of a row only grow: neighbours whose wishes fall are pooled at their mean.
    """
    offsets = list(accumulate((_apart(one, other) for one, other in pairwise(row)), initial=0))[: len(row)]
    pools: list[tuple[int, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        total, count = wish - offset, 1
        while pools and pools[-1][0] * count >= total * pools[-1][1]:
            earlier = pools.pop()
            total, count = total + earlier[0], count + earlier[1]
        pools.append((total, count))
    means = [total // count for total, count in pools for _ in range(count)]
    for item, mean, offset in zip(row, means, offsets, strict=True):
        item.x = mean + offset


def _straighten(chain: Chain, rows: list[list[Item]]) -> None:
    """Let the line run straight as far as what stands beside it allows, row after row."""
    passed = list(chain.items[1:-1])
    while passed:
        run, (low, high) = [passed[0]], _room(passed[0], rows)
        for item in passed[1:]:
            lowest, highest = _room(item, rows)
            if max(low, lowest) > min(high, highest):
                break
            run, low, high = [*run, item], max(low, lowest), min(high, highest)
        wish = sorted(item.x for item in run)[len(run) // 2]
        for item in run:
            item.x = min(max(wish, low), high)
        passed = passed[len(run) :]


def _room(item: Item, rows: list[list[Item]]) -> tuple[int, int]:
    """From where to where the item may move between its neighbours."""
    row = next(row for row in rows if any(each is item for each in row))
    place = next(number for number, each in enumerate(row) if each is item)
    low, high = -_BEYOND, _BEYOND
    if place > 0:
        low = row[place - 1].x + _apart(row[place - 1], item)
    if place + 1 < len(row):
        high = row[place + 1].x - _apart(item, row[place + 1])
    return low, high


def _apart(one: Item, other: Item) -> int:
    """How far the middles of two neighbours stand apart at least."""
    return one.right + (_BEND_GAP if one.is_bend or other.is_bend else _GAP) + other.left

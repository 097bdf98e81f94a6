"""Owns whether boxes part a whole: no two meet, and nothing is left over; found by counting, without any diagram.

A box has, for each source that it asks, the regions in which it holds, as bits. INVARIANT: each source is a separate
fact, so that every choice of one region of each is a case.
"""

from collections.abc import Mapping, Sequence
from math import prod

# The regions of each source in which a box holds, as bits; of a source that is not there, all.
Box = Mapping[int, int]


def is_partition(boxes: Sequence[Box], whole: Box, counts: Mapping[int, int]) -> bool:
    """Whether each box holds somewhere in the whole, no two do together, and always one of them does.

    `counts` are how many regions each source has that anything asks.
    """
    every = {source: (1 << count) - 1 for source, count in counts.items()}
    within = {source: whole.get(source, mask) for source, mask in every.items()}
    inside = [{source: box.get(source, within[source]) & within[source] for source in every} for box in boxes]
    sizes = [_size(box) for box in inside]
    return all(sizes) and sum(sizes) == _size(within) and _are_apart(inside, counts)


def _size(box: Box) -> int:
    return prod(mask.bit_count() for mask in box.values())


def _are_apart(boxes: Sequence[Box], counts: Mapping[int, int]) -> bool:
    """Whether no two boxes meet: of each, what meets it in every source is itself."""
    meeting = {source: _Meeting([box[source] for box in boxes], count) for source, count in counts.items()}
    for number, box in enumerate(boxes):
        found = -1
        for source, mask in box.items():
            found &= meeting[source].of(mask)
            if found == 1 << number:
                break
        else:
            return False
    return True


class _Meeting:
    """Which masks, as bits of their numbers, have some region in common with another: a tree of unions of regions."""

    def __init__(self, masks: Sequence[int], count: int) -> None:
        self._count = count
        self._tree = [0] * count + _by_region(masks, count)
        for node in reversed(range(1, count)):
            self._tree[node] = self._tree[2 * node] | self._tree[2 * node + 1]
        self._known: dict[int, int] = {}

    def of(self, mask: int) -> int:
        if mask not in self._known:
            found, rest = 0, mask
            while rest:
                start = (rest & -rest).bit_length() - 1
                end = start + (~(rest >> start) & (rest >> start) + 1).bit_length() - 1
                found |= self._between(start, end)
                rest &= -1 << end
            self._known[mask] = found
        return self._known[mask]

    def _between(self, start: int, end: int) -> int:
        """Those with a region from `start` to before `end`."""
        found, low, high = 0, start + self._count, end + self._count
        while low < high:
            if low & 1:
                found |= self._tree[low]
            if high & 1:
                found |= self._tree[high - 1]
            low, high = (low + 1) >> 1, high >> 1
        return found


def _by_region(masks: Sequence[int], count: int) -> list[int]:
    """For each region the masks that have it, found by where each begins and ends to."""
    changes = [0] * (count + 1)
    for number, mask in enumerate(masks):
        borders = mask ^ (mask << 1)
        while borders:
            low = borders & -borders
            changes[low.bit_length() - 1] ^= 1 << number
            borders ^= low
    found, having = [], 0
    for change in changes[:-1]:
        having ^= change
        found.append(having)
    return found

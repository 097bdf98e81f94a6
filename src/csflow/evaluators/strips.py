"""Owns a table behind the first as one list: what looks it up, where numbers are searched for, and its cells.

INVARIANT: one list, and a function that all of one form share. A table of many rules has thousands of these, and what
one decision touches of them is what it costs: each further object is a further place in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from csflow.evaluators.dispatching import MISSING, Branching, State
from csflow.evaluators.indexing import searched
from csflow.facts import ABSENT

# The place of what is no symbol and no number.
PLACES = {False: 0, True: 1, ABSENT: 2}
# How a text names the list that it looks up.
STRIP = "n"
# So many borders are compared with a number one by one; where there are more, it is searched for among them.
_MOST_COMPARED = 31
# Behind what looks it up.
_FIRST = 1


@dataclass(frozen=True, slots=True)
class _Side:
    """One fact that a strip asks: where its borders begin in the list, and what each of its regions counts."""

    branching: Branching
    borders_at: int
    step: int

    def text(self, fact: str) -> str:
        """What a fact counts."""
        if self.branching.is_number:
            return self._compared(fact)
        place = fact if self.branching.is_symbolic else f"places[{fact}]"
        return place if self.step == 1 else f"{place} * {self.step}"

    def _compared(self, fact: str) -> str:
        first, count = self.borders_at, len(self.branching.borders)
        if count > _MOST_COMPARED:
            return f"(bisect_right({STRIP}, {fact}, {first}, {first + count}) - {first}) * {self.step}"
        borders = [f"{STRIP}[{first + number}]" for number in range(count)]
        return searched(fact, borders, [str(number * self.step) for number in range(count + 1)])

    def region_of(self, value: Any) -> tuple[Sequence[int], int]:
        """What each key of the region of a value counts, and the rules that may hold there."""
        key, keys, left = self.branching.region_of(value)
        if self.branching.is_number:
            return (next(place for place, region in enumerate(self.branching.regions) if key in region[0]),), left
        return (keys if self.branching.is_symbolic else [PLACES[key] for key in keys]), left


class Strip:
    """What a state looks up: `cells`, a list that begins with the function that looks it up, made of its `text`."""

    def __init__(self, state: State, branchings: Sequence[Branching]) -> None:
        self.state = state
        self.paths = [branching.path for branching in branchings]
        borders: list[int] = []
        sides: list[_Side] = []
        step = 1
        for branching in reversed(branchings):
            sides.append(_Side(branching, _FIRST + len(borders), step))
            borders += branching.borders
            step *= branching.count
        self._sides = sides
        self._begin = _FIRST + len(borders)
        self.cells: list[Any] = [MISSING, *borders, *[MISSING] * step]

    def text(self, fact: str) -> str:
        """The text of the cell for facts, each written as `fact`; it raises KeyError where one is not given."""
        places = [side.text(fact.format(side.branching.place)) for side in self._sides]
        return f"{STRIP}[{' + '.join(places)} + {self._begin}]"

    def look_up(self, row: Sequence[Any]) -> tuple[Any, int]:
        """The cell of a row, and the rules that may hold there."""
        alive, places = self._places(row)
        return self.cells[places[0]], alive

    def fill(self, row: Sequence[Any], made: Any) -> None:
        """Fill the cell of a row, and all others for which nothing differs."""
        for place in self._places(row)[1]:
            self.cells[place] = made

    def _places(self, row: Sequence[Any]) -> tuple[int, list[int]]:
        alive, counted = self.state.alive, []
        for side in self._sides:
            keys, left = side.region_of(row[side.branching.place])
            alive &= left
            counted.append([key * side.step for key in keys])
        return alive, [self._begin + sum(steps) for steps in product(*counted)]

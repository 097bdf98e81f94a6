"""Owns the decision diagram of formulas: where in the cut of the facts which of them hold together.

Each source is cut at the values its atoms mention, into regions inside which nothing changes. The diagram asks,
in each of its states, the source that parts best what is still alive there; equal states are kept once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

from csflow.evaluators.atlas import Atlas
from csflow.evaluators.cuts import united
from csflow.evaluators.formulas import TRUE, Formula, Values
from csflow.evaluators.nodes import HOLDS, NEVER
from csflow.evaluators.partitions import is_partition

MOST_STATES = 200_000


class OverBudget(Exception):
    """A question that takes more states than its budget."""


class Budget:
    """What all questions about one decision may take together."""

    def __init__(self, states: int = MOST_STATES) -> None:
        self.left = states

    def take(self, count: int = 1) -> None:
        """Raises `OverBudget`."""
        self.left -= count
        if self.left < 0:
            raise OverBudget


class Leaf:
    """A place in the diagram: `holding` are the formulas that hold there, `alive` those that still may.

    At an end of the diagram nothing is alive, and no other formula holds.
    """

    __slots__ = ("_values", "alive", "holding")

    def __init__(self, holding: frozenset[int], alive: frozenset[int], values: Callable[[], dict[int, Values]]) -> None:
        self.holding = holding
        self.alive = alive
        self._values = values

    @property
    def values(self) -> dict[int, Values]:
        """The values of each source that was asked on the way."""
        return self._values()


# Formulas that are no conjunctions, by their numbers: what is left of them, as nodes.
_Others = tuple[tuple[int, int], ...]
# What is left of each formula: those that are conjunctions as bits, by their numbers; the others; the sources that
# were asked, as bits; what must hold, as a node.
_State = tuple[int, _Others, int, int]
# The same before it is known which of the asked sources count.
_Rest = tuple[int, _Others, int]
# How a state was reached: from where, by which source, in which of its regions, as bits.
_Way = tuple[_State, int, int]


class Diagram:
    """The formulas, numbered as they come. With `first_only`, of those that hold only the first.

    It may be asked about several places: `musts` are what must hold in each.
    """

    def __init__(
        self,
        atlas: Atlas,
        formulas: Sequence[Formula],
        musts: Sequence[Formula] = (TRUE,),
        *,
        first_only: bool = False,
        budget: Budget | None = None,
    ) -> None:
        self._budget = budget or Budget()
        self._first_only = first_only
        atlas.read((*musts, *formulas))
        self._cuts, self._nodes = atlas.cuts, atlas.nodes
        roots = [self._nodes.node(formula) for formula in formulas]
        self._count = len(roots)
        self._musts = [self._nodes.node(must) for must in musts]
        support = self._nodes.support
        self._sources = list(_numbers(reduce(or_, (support[node] for node in (*roots, *self._musts)), 0)))
        self._each_way = not all(atlas.sources[number].is_fact for number in self._sources)
        self._boxes = {number: box for number, root in enumerate(roots) if (box := self._nodes.box(root)) is not None}
        self._others = tuple((number, root) for number, root in enumerate(roots) if number not in self._boxes and root)
        self._asking = {source: self._asking_bits(source) for source in self._sources}
        self._alive = {source: self._alive_bits(source) for source in self._sources}
        self._changes = {source: _changes(column) for source, column in self._alive.items()}
        self._asking_without: dict[int, int] = {}

    def is_partition(self) -> bool:
        """Whether it is proved, without looking around, that each formula holds in a case, and one alone in every case.

        Asked of the first place. False says nothing.
        """
        whole = self._nodes.box(self._musts[0])
        if self._each_way or whole is None or len(self._boxes) < self._count:
            return False
        counts = {source: len(self._cuts[source].regions) for source in self._sources}
        return is_partition(list(self._boxes.values()), whole, counts)

    def leaves(
        self,
        is_done: Callable[[Leaf], bool] | None = None,
        *,
        place: int = 0,
        is_known: Callable[[int], bool] | None = None,
    ) -> Iterator[Leaf]:
        """Every set of formulas that hold together somewhere, most of them once. Raises `OverBudget`.

        Where something is computed the values of one way may be no case, and those of another are: each way is a leaf.
        `is_done` is asked where formulas hold while others are alive: whether nothing more is to be seen behind it.
        `is_known` is asked everywhere of all that hold or still may, as bits: the same. `place` is that of the must.
        """
        start = self._start(self._musts[place])
        if start[3] == NEVER:
            return
        ways: dict[_State, _Way | None] = {start: None}
        waiting = [start]
        while waiting:
            state = waiting.pop()
            if is_known is not None and is_known(self._holding_or_alive(state)):
                continue
            if is_done is not None and self._holds_something(state) and is_done(self._leaf(state, ways[state], ways)):
                continue
            children = self._parted(state)
            if children is None:
                yield self._leaf(state, ways[state], ways)
                continue
            source, reached = children
            for child, regions in reached.items():
                way = state, source, regions
                if child not in ways:
                    self._budget.take()
                    ways[child] = way
                    waiting.append(child)
                elif self._each_way and not self._left_to_ask(child):
                    self._budget.take()
                    yield self._leaf(child, way, ways)

    def _start(self, must: int) -> _State:
        """The state before anything is asked: of the conjunctions, those that may hold where the must does."""
        alive = reduce(lambda bits, number: bits | 1 << number, self._boxes, 0)
        for source, regions in (self._nodes.box(must) or {}).items():
            alive &= reduce(or_, (self._alive[source][region] for region in _numbers(regions)), 0)
        others = self._others
        if self._first_only:
            alive, others = self._until_first(alive, others, 0)
        return alive, others, 0, must

    def _holding_or_alive(self, state: _State) -> int:
        return reduce(lambda bits, other: bits | 1 << other[0], state[1], state[0])

    def _parted(self, state: _State) -> tuple[int, dict[_State, int]] | None:
        """The source to ask, and the states it leads to with their regions; None where nothing is left to ask."""
        best: tuple[float, int, dict[_Rest, int]] | None = None
        for source in self._left_to_ask(state):
            rests = self._rests(state, source)
            alive = sum(rest[0].bit_count() + len(rest[1]) for rest in rests)
            score = alive / max(1, len(rests))
            if best is None or score < best[0]:
                best = score, source, rests
        return None if best is None else (best[1], self._reached(state, best[1], best[2]))

    def _left_to_ask(self, state: _State) -> list[int]:
        alive, others, asked, must = state
        support = reduce(lambda bits, other: bits | self._nodes.support[other[1]], others, self._nodes.support[must])
        return [
            source
            for source, asking in self._asking.items()
            if support >> source & 1 or (alive & asking and not asked >> source & 1)
        ]

    def _rests(self, state: _State, source: int) -> dict[_Rest, int]:
        """What is left of the formulas behind the regions of a source, each with its regions as bits."""
        alive, others, _, must = state
        nodes, column = self._nodes, self._alive[source]
        is_asked = nodes.support[must] >> source & 1
        found: dict[_Rest, int] = {}
        for start, end in pairwise(self._starts(state, source)):
            remains = nodes.left(must, source, start) if is_asked else must
            if remains == NEVER:
                continue
            left = others and tuple(
                (number, rest) for number, node in others if (rest := nodes.left(node, source, start))
            )
            here = alive & column[start]
            if self._first_only:
                here, left = self._until_first(here, left, state[2] | 1 << source)
            key = here, left, remains
            found[key] = found.get(key, 0) | (1 << end) - (1 << start)
        return found

    def _reached(self, state: _State, source: int, rests: Mapping[_Rest, int]) -> dict[_State, int]:
        """The states in which that is left."""
        asked = state[2] | 1 << source
        return {
            (alive, others, self._trimmed(alive, asked), must): regions
            for (alive, others, must), regions in rests.items()
        }

    def _starts(self, state: _State, source: int) -> list[int]:
        """The regions that begin where something that is alive changes, and where the last of them ends."""
        alive, others, asked, must = state
        borders = 1 | self._nodes.borders(must, source)
        for _, node in others:
            borders |= self._nodes.borders(node, source)
        if not asked >> source & 1:
            asking, changes = alive & self._asking[source], self._changes[source]
            if asking.bit_count() < len(changes):
                for number in _numbers(asking):
                    mask = self._boxes[number][source]
                    borders |= mask ^ (mask << 1)
            else:
                for region, changing in changes:
                    if changing & asking:
                        borders |= 1 << region
        count = len(self._cuts[source].regions)
        return [*_numbers(borders & (1 << count) - 1), count]

    def _until_first(self, alive: int, others: _Others, asked: int) -> tuple[int, _Others]:
        """What counts where only the first that holds does: nothing behind it."""
        done = alive & ~self._pending(asked)
        first = min(
            ([(done & -done).bit_length() - 1] if done else []) + [number for number, node in others if node == HOLDS],
            default=None,
        )
        if first is None:
            return alive, others
        return alive & (2 << first) - 1, tuple(each for each in others if each[0] <= first)

    def _trimmed(self, alive: int, asked: int) -> int:
        """The sources that were asked and that somebody asks."""
        for source in _numbers(asked):
            if not alive & self._asking[source]:
                asked ^= 1 << source
        return asked

    def _holds_something(self, state: _State) -> bool:
        alive, others, asked, _ = state
        return bool(alive & ~self._pending(asked)) or any(node == HOLDS for _, node in others)

    def _leaf(self, state: _State, way: _Way | None, ways: Mapping[_State, _Way | None]) -> Leaf:
        alive, others, asked, _ = state
        settled = alive & ~self._pending(asked)
        holding = frozenset([*_numbers(settled), *(number for number, node in others if node == HOLDS)])
        rest = frozenset([*_numbers(alive & ~settled), *(number for number, node in others if node != HOLDS)])
        return Leaf(holding, rest, lambda: self._values(way, ways))

    def _values(self, way: _Way | None, ways: Mapping[_State, _Way | None]) -> dict[int, Values]:
        values: dict[int, Values] = {}
        while way is not None:
            before, source, regions = way
            values[source] = united(self._cuts[source].regions[place] for place in _numbers(regions))
            way = ways[before]
        return values

    def _pending(self, asked: int) -> int:
        """The conjunctions of which something is left to ask."""
        if asked not in self._asking_without:
            waiting = (asking for source, asking in self._asking.items() if not asked >> source & 1)
            self._asking_without[asked] = reduce(or_, waiting, 0)
        return self._asking_without[asked]

    def _asking_bits(self, source: int) -> int:
        return sum(1 << number for number, box in self._boxes.items() if source in box)

    def _alive_bits(self, source: int) -> list[int]:
        """By region, the conjunctions that may hold there: found by where each begins and ends to hold."""
        count = len(self._cuts[source].regions)
        changes = [0] * (count + 1)
        for number, box in self._boxes.items():
            mask = box.get(source)
            if mask is None:
                changes[0] ^= 1 << number
            else:
                for region in _numbers(mask ^ (mask << 1)):
                    changes[region] ^= 1 << number
        alive, found = 0, []
        for change in changes[:-1]:
            alive ^= change
            found.append(alive)
        return found


def is_possible(atlas: Atlas, formula: Formula, budget: Budget | None = None) -> bool:
    """Whether a formula holds anywhere in the cut. Raises `OverBudget`."""
    return next(Diagram(atlas, (), (formula,), budget=budget).leaves(), None) is not None


def _changes(column: list[int]) -> list[tuple[int, int]]:
    """The regions at which conjunctions begin or cease to hold, and which of them do, as bits."""
    changes = ((region, before ^ here) for region, (before, here) in enumerate(pairwise(column), 1))
    return [each for each in changes if each[1]]


def _numbers(bits: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low

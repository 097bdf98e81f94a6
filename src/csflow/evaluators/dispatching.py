"""Owns which rules of a table may still hold once some facts are known: the cut of the facts, as bits of rules.

A conjunct of a rule that reads one fact alone is settled by the region in which the fact lies; all others are
left for the rule's own text. INVARIANT: a fact is settled only where reading it is what the conjunct does anyway, so
that a fact that is not given is noticed as the reference engine would.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import prod
from typing import Any

from csflow.evaluators.cutting import Cutter
from csflow.evaluators.formulas import Atom, Formula, Junction, Negation, Source, Values, atoms
from csflow.evaluators.positions import range_of
from csflow.evaluators.settings import Setting
from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.facts import ABSENT, compared_bounds
from csflow.pack.model import Decision, LinkedPack

# What is looked up at once has at most so many cells, and more where all begins.
_MOST_CELLS, _MOST_AT_START = 2_000, 60_000
# A number of so few values has a place for each of them; any other is searched for.
_DENSE = 512
# All cases that are left are counted if they are no more than so many.
_MOST_CASES = 1_000
# What takes as long as trying so many rules, in hundredths: a look-up, a search, the call of a further function.
_LOOK_UP, _SEARCH, _CALL = 130, 300, 150
# The functions of so few rules stay near at hand. Those of more are all over memory: to come to one takes as long as
# trying so many rules more.
_FEW, _FAR = 100, 400
# And to count a fact in a sum: by truth, in a table, for each comparison.
_TRUTH, _TABLE, _COMPARISON = 40, 110, 30


@dataclass(frozen=True, slots=True)
class State:
    """The rules that may hold, as bits, and the facts that are settled."""

    alive: int
    settled: frozenset[str]


class Missing:
    """A cell of a table that is not made yet. INVARIANT: what looks it up has a KeyError, as of a dictionary."""

    def __getitem__(self, key: Any) -> Any:
        raise KeyError(key)

    def __call__(self, *arguments: Any) -> Any:
        raise KeyError(arguments)


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Branching:
    """One fact and its regions: the keys of a table that lead to each, and the rules that may hold in it.

    The keys are what a row has for the fact; of a number, its distance from `low`, or where it is searched for, its
    place among the `borders`, at which each region but the first begins. They are `size` numbers from 0, or True,
    False and the like where there is no size. `bounds` are those of a number of which nothing more than its type has to
    be checked.
    """

    path: str
    place: int
    regions: tuple[tuple[Sequence[Any], int], ...]
    size: int | None
    low: int = 0
    borders: tuple[int, ...] = ()
    is_searched: bool = False
    is_symbolic: bool = False
    bounds: tuple[int, int] | None = None

    def region_of(self, value: Any) -> tuple[Any, Sequence[Any], int]:
        """The key of a value of the fact, all keys of its region, and the rules that may hold there."""
        if self.is_searched:
            key = bisect_right(self.borders, value)
            return key, *self.regions[key]
        key = value - self.low if self.low else value
        return key, *next(region for region in self.regions if key in region[0])

    def keys(self) -> Iterable[Any]:
        """Every key of a table of this fact."""
        return chain.from_iterable(keys for keys, _ in self.regions)

    def key(self, fact: str) -> str:
        """The text of the key of a fact that is not searched for."""
        return fact if not self.low else f"{fact} - {self.low}" if self.low > 0 else f"{fact} + {-self.low}"

    def empty(self) -> Any:
        """A table of this fact without any cell that is made."""
        return dict.fromkeys(self.keys(), MISSING) if self.size is None else [MISSING] * self.size

    @property
    def is_number(self) -> bool:
        return self.size is not None and not self.is_symbolic

    @property
    def count(self) -> int:
        """How many places it has where each region of a number is one, and each symbol or the like."""
        return len(self.regions) if self.is_number else sum(len(keys) for keys, _ in self.regions)

    @property
    def cost(self) -> int:
        return _SEARCH if self.is_searched else _LOOK_UP

    @property
    def counting(self) -> int:
        """What it takes to count its regions."""
        if not self.is_searched:
            return _TRUTH if self.size is None else _TABLE
        return min(_SEARCH, _COMPARISON * len(self.borders).bit_length())

    def breadth(self) -> tuple[bool, int]:
        """The narrow come first in a table: it is then few long lists, and not many short ones all over memory."""
        return self.is_searched, self.size or 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks of the fact at a place of the row: to be one of `values`, or to lie in one of `intervals`.

    An interval has both ends in it; None is an end that no value goes beyond.
    """

    place: int
    values: tuple[Any, ...] = ()
    intervals: tuple[tuple[int | None, int | None], ...] = ()
    is_optional: bool = False

    def cost(self) -> int:
        """What it takes to find out, as an order."""
        return len(self.values) + 4 * len(self.intervals)


@dataclass(slots=True)
class _Column:
    """The regions of one fact: `values` name them, or are where the region of a number begins.

    `holding` are the regions, as bits, in which all that a rule asks of the fact holds.
    """

    path: str
    place: int
    is_ordered: bool
    is_symbolic: bool
    values: tuple[Any, ...]
    highest: int
    bounds: tuple[int, int] | None
    holding: dict[int, int] = field(default_factory=dict)
    asking: int = 0
    alive: list[int] = field(default_factory=list)

    def in_row(self, region: int) -> Any:
        """What a row has for the one value of a region: of symbols, and of what is behind them, the place."""
        return region if self.is_symbolic else self.values[region]

    def asked(self, rule: int) -> Asked:
        """What a rule asks of the fact."""
        regions = list(numbers(self.holding[rule]))
        if not self.is_ordered:
            return Asked(self.place, tuple(map(self.in_row, regions)), is_optional=ABSENT in self.values)
        intervals: list[tuple[int | None, int | None]] = []
        for region in regions:
            low = self.values[region] if region else None
            is_last = region + 1 == len(self.values) or self.values[region + 1] > self.highest
            high = None if is_last else self.values[region + 1] - 1
            if intervals and low is not None and intervals[-1][1] == low - 1:
                intervals[-1] = intervals[-1][0], high
            else:
                intervals.append((low, high))
        return Asked(self.place, intervals=tuple(intervals))


class Dispatch:
    """What one decision asks of single facts in one setting. `conjuncts` are those of each rule, with their fact."""

    def __init__(self, pack: LinkedPack, decision: Decision, setting: Setting) -> None:
        self._decision = decision
        self._cutter = Cutter(pack, decision, setting)
        self._places = {path: place for place, path in enumerate(pack.facts)}
        self.conjuncts = [
            [(self._fact_of(conjunct), conjunct) for conjunct in _conjuncts(rule.condition)] for rule in decision.rules
        ]
        self._columns = self._cut()
        self._all = (1 << len(decision.rules)) - 1
        # The rules that ask for more than single facts.
        self._compound = sum(
            1 << number for number, conjuncts in enumerate(self.conjuncts) if any(path is None for path, _ in conjuncts)
        )
        self._far = _FAR if self.has_many else 0
        self._sure_of: dict[frozenset[str], int] = {}
        self.start = State(self._until_sure(self._all, self._sure(frozenset())), frozenset())

    @property
    def has_many(self) -> bool:
        """Whether there are so many rules that what one decision touches counts more than what it calls."""
        return len(self._decision.rules) > _FEW

    @property
    def is_compound(self) -> bool:
        """Whether any rule asks for more than single facts."""
        return self._compound != 0

    def left_of(self, rule: int, state: State) -> tuple[list[Asked], list[Term]]:
        """What a rule asks that is not settled: of single facts, and otherwise."""
        paths = dict.fromkeys(path for path, _ in self.conjuncts[rule] if path is not None)
        asked = [self._columns[path].asked(rule) for path in paths if path not in state.settled]
        return sorted(asked, key=Asked.cost), [term for path, term in self.conjuncts[rule] if path is None]

    def places_without(self, branchings: Iterable[Branching]) -> tuple[int, ...]:
        """The places of the facts that may be asked once some are looked up."""
        known = {branching.path for branching in branchings}
        return tuple(sorted(column.place for path, column in self._columns.items() if path not in known))

    def needed(self, state: State) -> list[int]:
        """The rules that may hold; of `first`, without those that never hold where no earlier one does."""
        alive = list(numbers(state.alive))
        if self._decision.hit_policy != "first":
            return alive
        kept: list[int] = []
        for number in alive:
            if not any(self._covers(earlier, number, state) for earlier in kept):
                kept.append(number)
        return kept

    def _covers(self, rule: int, other: int, state: State) -> bool:
        """Whether a rule asks for nothing but single facts, and each time for what the other one asks, or less."""
        if self._compound >> rule & 1:
            return False
        for path in dict.fromkeys(path for path, _ in self.conjuncts[rule] if path not in state.settled):
            holding = self._columns[path or ""].holding
            if other not in holding or holding[other] & ~holding[rule]:
                return False
        return True

    def branchings(self, state: State) -> list[Branching]:
        """The facts by which to part the rules at once, the most selective first; none where it does not pay."""
        found: list[Branching] = []
        cells, settled = [state.alive], state.settled
        # Rows of the first table are shared; a strip has each of its cells.
        is_first, room = state == self.start, _MOST_CELLS
        candidates = [
            self._branching(column, state.alive)
            for path, column in self._columns.items()
            if path not in settled and column.asking & state.alive
        ]
        while candidates:
            tried = [(each, self._parted(cells, settled, each)) for each in candidates]
            best, parted = min(tried, key=lambda each: self._to_try(each[1], settled | {each[0].path}))
            spared = self._to_try(cells, settled) - self._to_try(parted, settled | {best.path})
            cost = best.cost + (0 if found or is_first else _CALL)
            if spared < cost:
                break
            found.append(best)
            cells, settled = parted, settled | {best.path}
            room //= best.count
            candidates = [
                each
                for each in candidates
                if each is not best
                and (len(cells) * len(each.regions) <= _MOST_AT_START if is_first else each.count <= room)
            ]
        return sorted(found, key=Branching.breadth)

    def counted(self, branchings: list[Branching]) -> tuple[list[Branching], list[Branching]] | None:
        """The symbols among the branchings where all begins, and all else that is asked, if that is soon counted.

        Then an answer for each case that is left can be made: none of `first` contradicts another.
        """
        known = [branching for branching in branchings if branching.is_symbolic]
        if not known or self.is_compound or self._decision.hit_policy != "first":
            return None
        places = {branching.place for branching in known}
        left = [
            self._branching(column, self.start.alive)
            for column in self._columns.values()
            if column.place not in places and column.asking & self.start.alive
        ]
        cells, settled = [self.start.alive], frozenset[str]()
        for branching in known:
            cells, settled = self._parted(cells, settled, branching), settled | {branching.path}
        is_soon = sum(each.counting for each in left) <= _CALL + self._to_try(cells, settled)
        return (known, left) if is_soon and prod(len(each.regions) for each in left) <= _MOST_CASES else None

    def _parted(self, cells: list[int], settled: frozenset[str], branching: Branching) -> list[int]:
        """The rules that may hold in each cell once one more fact is settled."""
        sure = self._sure(settled | {branching.path})
        return [self._until_sure(alive & left, sure) for alive in cells for _, left in branching.regions]

    def _to_try(self, cells: list[int], settled: frozenset[str]) -> int:
        """How many rules there are to try, if all cells are alike; in hundredths."""
        unsure = ~self._sure(settled)
        left = [(alive & unsure).bit_count() for alive in cells]
        return (100 * sum(left) + self._far * sum(map(bool, left))) // len(cells)

    def _sure(self, settled: frozenset[str]) -> int:
        """The rules of which nothing is left to ask."""
        if settled not in self._sure_of:
            asking = self._compound
            for path, column in self._columns.items():
                if path not in settled:
                    asking |= column.asking
            self._sure_of[settled] = self._all & ~asking
        return self._sure_of[settled]

    def _until_sure(self, alive: int, sure: int) -> int:
        """Of `first`, nothing behind the first rule that is sure to hold."""
        if self._decision.hit_policy != "first" or not alive & sure:
            return alive
        first = alive & sure & -(alive & sure)
        return alive & (first | (first - 1))

    def after(self, state: State, paths: Iterable[str], alive: int) -> State:
        """The state in which only some rules are alive, and more facts are settled."""
        asked = state.settled.union(paths)
        relevant = frozenset(path for path in asked if self._columns[path].asking & alive)
        return State(self._until_sure(alive, self._sure(relevant)), relevant)

    def _branching(self, column: _Column, alive: int) -> Branching:
        if not column.is_ordered:
            keys: dict[int, list[Any]] = {}
            for region, holding in enumerate(column.alive):
                keys.setdefault(alive & holding, []).append(column.in_row(region))
            size = len(column.values) if column.is_symbolic else None
            regions = tuple((tuple(some), left) for left, some in keys.items())
            return Branching(column.path, column.place, regions, size, is_symbolic=column.is_symbolic)
        starts = self._starts(column, alive)
        borders = tuple(start for start, _ in starts[1:])
        low, high = column.values[0], column.highest
        if high - low >= _DENSE:
            searched = tuple(((place,), left) for place, (_, left) in enumerate(starts))
            return Branching(
                *(column.path, column.place, searched, len(searched)),
                borders=borders,
                is_searched=True,
                bounds=column.bounds,
            )
        ends = [*borders, high + 1]
        dense = tuple((range(start - low, end - low), left) for (start, left), end in zip(starts, ends, strict=True))
        return Branching(
            column.path, column.place, dense, high - low + 1, low=low, borders=borders, bounds=column.bounds
        )

    def _starts(self, column: _Column, alive: int) -> list[tuple[int, int]]:
        """Where the regions of a number begin between which some rule that is alive changes."""
        borders = 1
        for number in numbers(alive & column.asking):
            borders |= column.holding[number] ^ (column.holding[number] << 1)
        found: list[tuple[int, int]] = []
        for region in numbers(borders & ((1 << len(column.values)) - 1)):
            left = alive & column.alive[region]
            if not found or found[-1][1] != left:
                found.append((column.values[region], left))
        return found

    # The cut

    def _fact_of(self, term: Term) -> str | None:
        """The one fact that settles a conjunct; None where it takes more."""
        if self._decision.for_each is not None:
            return None
        formula = self._cutter.formula(term)
        sources = {atom.source for atom in atoms(formula)}
        if len(sources) != 1:
            return None
        source = self._cutter.sources[sources.pop()]
        can_settle = source.is_fact and source.paths == self._cutter.facts_behind(term) and _can_branch(source)
        return next(iter(source.paths)) if can_settle else None

    def _cut(self) -> dict[str, _Column]:
        asked: dict[str, list[tuple[int, Formula]]] = {}
        for number, parts in enumerate(self.conjuncts):
            for path, term in parts:
                if path is not None:
                    asked.setdefault(path, []).append((number, self._cutter.formula(term)))
        return {path: self._column(path, formulas) for path, formulas in asked.items()}

    def _column(self, path: str, formulas: Sequence[tuple[int, Formula]]) -> _Column:
        source = next(each for each in self._cutter.sources if each.is_fact and path in each.paths)
        is_ordered = source.kind.name != "bool" and not source.kind.is_symbolic
        values = _values(source, [formula for _, formula in formulas])
        highest = range_of(source.term)[1] if is_ordered else 0
        bounds = compared_bounds(source.kind)
        column = _Column(path, self._places[path], is_ordered, source.kind.is_symbolic, values, highest, bounds)
        everywhere = (1 << len(column.values)) - 1
        for number, formula in formulas:
            holding = _regions(formula, column, everywhere)
            column.holding[number] = column.holding.get(number, everywhere) & holding
            column.asking |= 1 << number
        column.alive = self._alive(column)
        return column

    def _alive(self, column: _Column) -> list[int]:
        """By region, the rules that may hold in it: found by where each begins and ends to hold."""
        changes = [0] * (len(column.values) + 1)
        for number, holding in column.holding.items():
            for region in numbers(holding ^ (holding << 1)):
                changes[region] ^= 1 << number
        alive = ((1 << len(self.conjuncts)) - 1) & ~column.asking
        found = []
        for change in changes[:-1]:
            alive ^= change
            found.append(alive)
        return found


def numbers(bits: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _conjuncts(term: Term) -> Iterator[Term]:
    if isinstance(term, t.And):
        for operand in term.operands:
            yield from _conjuncts(operand)
    elif not (isinstance(term, t.Constant) and term.value is True):
        yield term


def _can_branch(source: Source) -> bool:
    """A number that may be absent, and a text, have no table; an instant may be beyond what its zone covers."""
    if source.kind.name == "bool" or source.kind.is_symbolic:
        return True
    return source.kind.name not in ("text", "list", "datetime") and not source.optional


def _values(source: Source, formulas: Iterable[Formula]) -> tuple[Any, ...]:
    """The symbols of a source, or what else it may be; of a number, where its regions begin."""
    if source.kind.name == "bool":
        return (False, True, ABSENT) if source.optional else (False, True)
    if source.kind.is_symbolic:
        return (*source.kind.symbols, ABSENT) if source.optional else source.kind.symbols
    lowest, _ = range_of(source.term)
    asked = [interval for formula in formulas for atom in atoms(formula) for interval in atom.values.intervals]
    return tuple(sorted({lowest, *(low for low, _ in asked), *(high + 1 for _, high in asked)}))


def _regions(formula: Formula, column: _Column, everywhere: int) -> int:
    """The regions, as bits, in which a formula about one source holds."""
    match formula:
        case Atom(values=values):
            return _ordered_regions(values, column) if column.is_ordered else _named_regions(values, column)
        case Negation(operand=operand):
            return everywhere ^ _regions(operand, column, everywhere)
        case Junction(all=is_all, operands=operands):
            found = everywhere if is_all else 0
            for operand in operands:
                regions = _regions(operand, column, everywhere)
                found = found & regions if is_all else found | regions
            return found
    raise AssertionError("INVARIANT: what reads one fact has no constant in it")


def _ordered_regions(values: Values, column: _Column) -> int:
    found = 0
    for low, high in values.intervals:
        found |= (1 << bisect_left(column.values, high + 1)) - (1 << bisect_left(column.values, low))
    return found


def _named_regions(values: Values, column: _Column) -> int:
    holding: Mapping[Any, bool] = {value: value in values.named for value in column.values} | {ABSENT: values.absent}
    return sum(1 << place for place, value in enumerate(column.values) if holding[value])

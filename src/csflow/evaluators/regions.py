"""Owns the decision diagram of a table: the same cut of the facts says which rules hold and where none does.

Each source is cut at the values its conditions mention, into regions inside which nothing changes. The
diagram asks one source after the other and shares what is the same; its leaves are sets of rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csflow.evaluators.cutting import range_of
from csflow.evaluators.formulas import (
    FALSE,
    TRUE,
    Atom,
    Formula,
    Junction,
    Negation,
    Source,
    Truth,
    Values,
    atoms,
    both,
    either,
    negated,
)
from csflow.facts import ABSENT

MOST_NODES = 50_000


class OverBudget(Exception):
    """A diagram that grows beyond its budget."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A source in regions: a value of each, and for every atom the regions in which it holds, as bits."""

    source: int
    values: tuple[Any, ...]
    masks: Mapping[Values, int]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Rules that hold together, with a value for each source that was asked on the way."""

    rules: frozenset[int]
    values: Mapping[int, Any]


def cut(number: int, source: Source, formulas: Sequence[Formula]) -> Cut:
    """The regions of a source, as the formulas ask for it."""
    asked = dict.fromkeys(atom.values for formula in formulas for atom in atoms(formula) if atom.source == number)
    values = _values(source, asked)
    by_masks: dict[tuple[bool, ...], Any] = {}
    for value in values:
        by_masks.setdefault(tuple(_holds(value, each) for each in asked), value)
    masks = {
        each: sum(1 << place for place, signature in enumerate(by_masks) if signature[at])
        for at, each in enumerate(asked)
    }
    return Cut(number, tuple(by_masks.values()), masks)


def leaves(sources: Sequence[Source], formulas: Sequence[Formula]) -> list[Leaf]:
    """Every set of formulas that hold together somewhere, once, with values for which they do.

    The formulas are numbered as they come. Raises `OverBudget`.
    """
    diagram = _Diagram(sources, formulas)
    return list(diagram.leaves())


class _Diagram:
    def __init__(self, sources: Sequence[Source], formulas: Sequence[Formula]) -> None:
        self._formulas = formulas
        cuts = [cut(number, source, formulas) for number, source in enumerate(sources)]
        weight = [0] * len(cuts)
        for formula in formulas:
            for number in {atom.source for atom in atoms(formula)}:
                weight[number] += 1
        # What most rules ask parts them soonest.
        self._order = sorted(cuts, key=lambda each: (-weight[each.source], each.source))
        self._assigned: dict[tuple[Formula, int, int], Formula] = {}
        self._asked: dict[Formula, frozenset[int]] = {}

    def leaves(self) -> Iterator[Leaf]:
        """Level by level: every different state is kept once, with the first way to it."""
        start = tuple((number, formula) for number, formula in enumerate(self._formulas) if formula != FALSE)
        states: dict[tuple[tuple[int, Formula], ...], dict[int, Any]] = {start: {}}
        visited = 0
        for each in self._order:
            following: dict[tuple[tuple[int, Formula], ...], dict[int, Any]] = {}
            for state, way in states.items():
                if not any(self._asks(formula, each.source) for _, formula in state):
                    following.setdefault(state, way)
                    continue
                for place, value in enumerate(each.values):
                    reached = self._after(state, each, place)
                    if reached not in following:
                        following[reached] = way | {each.source: value}
            visited += len(following)
            if visited > MOST_NODES:
                raise OverBudget
            states = following
        for state, way in states.items():
            yield Leaf(frozenset(number for number, _ in state), way)

    def _after(self, state: tuple[tuple[int, Formula], ...], each: Cut, place: int) -> tuple[tuple[int, Formula], ...]:
        found = []
        for number, formula in state:
            left = self._assign(formula, each, place)
            if left != FALSE:
                found.append((number, left))
        return tuple(found)

    def _asks(self, formula: Formula, source: int) -> bool:
        if formula not in self._asked:
            self._asked[formula] = frozenset(atom.source for atom in atoms(formula))
        return source in self._asked[formula]

    def _assign(self, formula: Formula, each: Cut, place: int) -> Formula:
        """What is left of a formula where a source lies in one of its regions."""
        if isinstance(formula, Truth):
            return formula
        key = formula, each.source, place
        if key not in self._assigned:
            self._assigned[key] = self._left(formula, each, place)
        return self._assigned[key]

    def _left(self, formula: Formula, each: Cut, place: int) -> Formula:
        match formula:
            case Atom(source=source, values=values):
                if source != each.source:
                    return formula
                return TRUE if each.masks[values] >> place & 1 else FALSE
            case Negation(operand=operand):
                return negated(self._assign(operand, each, place))
            case Junction(all=is_all, operands=operands):
                joined = both if is_all else either
                return joined(*(self._assign(operand, each, place) for operand in operands))
        return formula


def _values(source: Source, asked: Mapping[Values, None]) -> list[Any]:
    """Values of a source that stand for all others: between two of them nothing that is asked changes."""
    kind = source.kind
    found: list[Any] = []
    if kind.name == "bool":
        found = [False, True]
    elif kind.is_symbolic:
        found = list(kind.symbols)
    elif kind.name == "text":
        named = sorted({value for each in asked for value in each.named})
        found = [next(str(n) for n in range(len(named) + 1) if str(n) not in named), *named]
    else:
        starts = {low for each in asked for low, _ in each.intervals}
        starts |= {high + 1 for each in asked for _, high in each.intervals}
        lowest, highest = range_of(source.term)
        found = [lowest, *sorted(start for start in starts if lowest < start <= highest)]
    return [*found, ABSENT] if source.optional else found


def _holds(value: Any, values: Values) -> bool:
    if value is ABSENT:
        return values.absent
    if isinstance(value, int) and not isinstance(value, bool):
        return any(low <= value <= high for low, high in values.intervals)
    return value in values.named

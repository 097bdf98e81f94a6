"""Owns conditions as boolean formulas over what can be cut: each atom asks whether one source lies in a set.

A source is a fact, or an expression that nothing smaller stands for. What a formula says is exact where all
its sources are separate facts; where one is an expression, the facts in it may contradict the others.

A condition is a verdict: the formula of where it is true and that of where it is false. What is neither is unknown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from csflow.expressions.terms import Term
from csflow.values.kinds import Kind

Interval = tuple[int, int]  # both ends included


@dataclass(frozen=True, slots=True)
class Source:
    """What is cut. `paths` are the facts it depends on; `is_fact` where it is one of them itself.

    `decision` is the one whose columns the term reads, where it reads any.
    """

    term: Term
    paths: frozenset[str]
    is_fact: bool
    optional: bool
    decision: str = ""

    @property
    def kind(self) -> Kind:
        return self.term.kind


@dataclass(frozen=True, slots=True)
class Values:
    """A set of values of a source: held symbols, texts and bools, or intervals of held numbers; absent or not."""

    named: frozenset[Any] = frozenset()
    intervals: tuple[Interval, ...] = ()
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Atom:
    """The source has one of the values."""

    source: int
    values: Values


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Formula"


@dataclass(frozen=True, slots=True)
class Junction:
    """All of the operands hold, or any of them.

    Its hash is kept: a junction of junctions would compute that of every part again and again. `size` counts atoms.
    """

    all: bool
    operands: tuple["Formula", ...]
    size: int = field(init=False, compare=False, repr=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", sum(map(size_of, self.operands)))
        object.__setattr__(self, "_hash", hash((self.all, self.operands)))

    def __hash__(self) -> int:
        return self._hash


Formula = Truth | Atom | Negation | Junction
TRUE, FALSE = Truth(True), Truth(False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a condition is true, and where it is false. INVARIANT: nowhere both."""

    yes: Formula
    no: Formula

    @property
    def is_known(self) -> bool:
        """Whether it is surely known everywhere; it may be, and this does not see it."""
        return self.no == negated(self.yes)

    @property
    def known(self) -> Formula:
        """Where it is either."""
        return TRUE if self.is_known else either(self.yes, self.no)


UNKNOWN = Verdict(FALSE, FALSE)


def settled(formula: Formula) -> Verdict:
    """The verdict of a condition that is known everywhere."""
    return Verdict(formula, negated(formula))


def opposite(verdict: Verdict) -> Verdict:
    """Kleene's `not`."""
    return Verdict(verdict.no, verdict.yes)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's `and`."""
    every = tuple(verdicts)
    yes = both(*(each.yes for each in every))
    if all(each.is_known for each in every):
        return settled(yes)
    return Verdict(yes, either(*(each.no for each in every)))


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Kleene's `or`."""
    every = tuple(verdicts)
    yes = either(*(each.yes for each in every))
    if all(each.is_known for each in every):
        return settled(yes)
    return Verdict(yes, both(*(each.no for each in every)))


def one_of(alternatives: Iterable[tuple[Formula, Verdict]]) -> Verdict:
    """The verdict of whichever alternative is the case; unknown where none is. INVARIANT: never two are."""
    every = tuple(alternatives)
    if len(every) == 1 and every[0][0] == TRUE:
        return every[0][1]
    return Verdict(
        either(*(both(when, each.yes) for when, each in every)),
        either(*(both(when, each.no) for when, each in every)),
    )


def both(*operands: Formula) -> Formula:
    return _joined(True, operands)


def either(*operands: Formula) -> Formula:
    return _joined(False, operands)


def negated(operand: Formula) -> Formula:
    if isinstance(operand, Truth):
        return Truth(not operand.value)
    return operand.operand if isinstance(operand, Negation) else Negation(operand)


def _joined(is_all: bool, operands: Iterable[Formula]) -> Formula:
    """The junction without what does not count; the deciding truth alone where one operand is it."""
    kept: dict[Formula, None] = {}
    for operand in operands:
        if isinstance(operand, Truth):
            if operand.value is not is_all:
                return operand
        elif isinstance(operand, Junction) and operand.all is is_all:
            kept.update(dict.fromkeys(operand.operands))
        else:
            kept[operand] = None
    if not kept:
        return Truth(is_all)
    return next(iter(kept)) if len(kept) == 1 else Junction(is_all, tuple(kept))


def size_of(formula: Formula) -> int:
    """How many atoms there are in a formula, repeated ones too."""
    if isinstance(formula, Negation):
        return size_of(formula.operand)
    return formula.size if isinstance(formula, Junction) else 1


def atoms(formula: Formula) -> Iterator[Atom]:
    """Every atom of a formula."""
    if isinstance(formula, Atom):
        yield formula
    elif isinstance(formula, Negation):
        yield from atoms(formula.operand)
    elif isinstance(formula, Junction):
        for operand in formula.operands:
            yield from atoms(operand)

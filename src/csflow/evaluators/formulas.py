"""Owns conditions as boolean formulas over what can be cut: each atom asks whether one source lies in a set.

A source is a fact, or an expression that nothing smaller stands for. What a formula says is exact where all
its sources are separate facts; where one is an expression, the facts in it may contradict the others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from csflow.expressions.terms import Term
from csflow.values.kinds import Kind

Interval = tuple[int, int]  # both ends included


@dataclass(frozen=True, slots=True)
class Source:
    """What is cut. `paths` are the facts it depends on; `is_fact` where it is one of them itself."""

    term: Term
    paths: frozenset[str]
    is_fact: bool
    optional: bool

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
    """All of the operands hold, or any of them."""

    all: bool
    operands: tuple["Formula", ...]


Formula = Truth | Atom | Negation | Junction
TRUE, FALSE = Truth(True), Truth(False)


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


def atoms(formula: Formula) -> Iterator[Atom]:
    """Every atom of a formula."""
    if isinstance(formula, Atom):
        yield formula
    elif isinstance(formula, Negation):
        yield from atoms(formula.operand)
    elif isinstance(formula, Junction):
        for operand in formula.operands:
            yield from atoms(operand)

"""Owns the typed tree: a condition or value with every name resolved and every kind known.

Every engine is a way of reading this tree. It holds no text of its author but the marks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any

from csflow.diagnostics import Mark, Phrase
from csflow.values.kinds import BROKEN, Kind


class Space(StrEnum):
    """Where a reference looks its value up."""

    FACT = "fact"
    DERIVED = "derived"
    PARAMETER = "parameter"
    INPUT = "input"
    ITEM = "item"
    DECISION = "decision"


# What only means something inside one decision or one expression.
LOCAL = frozenset({Space.INPUT, Space.ITEM})


@dataclass(frozen=True, slots=True)
class Term:
    mark: Mark = field(compare=False, repr=False)
    kind: Kind


@dataclass(frozen=True, slots=True)
class Constant(Term):
    """A value in held form (see `values.kinds`)."""

    value: Any


@dataclass(frozen=True, slots=True)
class Reference(Term):
    """`optional`: the value may be absent.

    A decision that gives a list is named alone, without an output; an item is `variable.field`.
    """

    space: Space
    name: str
    optional: bool

    @property
    def written(self) -> str:
        """The name as an author writes it."""
        return {Space.PARAMETER: "param.", Space.DECISION: "decision."}.get(self.space, "") + self.name


@dataclass(frozen=True, slots=True)
class Not(Term):
    operand: Term


@dataclass(frozen=True, slots=True)
class And(Term):
    operands: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Or(Term):
    operands: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Term):
    """`=`, `!=`, `<`, `<=`, `>`, `>=` of two terms whose kinds agree."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Membership(Term):
    """The operand equals one of the choices."""

    operand: Term
    choices: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Within(Term):
    """The operand lies between `low` and `high`."""

    operand: Term
    low: Term
    high: Term
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Given(Term):
    """The reference is not absent."""

    operand: Reference


@dataclass(frozen=True, slots=True)
class Arithmetic(Term):
    operator: str
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Minus(Term):
    operand: Term


@dataclass(frozen=True, slots=True)
class Conditional(Term):
    test: Term
    then: Term
    otherwise: Term


@dataclass(frozen=True, slots=True)
class Quantified(Term):
    """`some` or `every` record of a list satisfies the test, in which `variable` stands for it."""

    word: str
    variable: str
    source: Reference
    test: Term


@dataclass(frozen=True, slots=True)
class Aggregate(Term):
    """`sum`, `min` or `max` of the body over the records of a list; `count` of those for which it holds.

    Without a body, `count` counts them all.
    """

    function: str
    variable: str
    source: Reference
    body: Term | None


@dataclass(frozen=True, slots=True)
class Limited(Term):
    """The operand, but at least `low` and, above all, at most `high`."""

    operand: Term
    low: Term | None
    high: Term | None


@dataclass(frozen=True, slots=True)
class Option:
    """One of several values that somebody chooses from, where its condition holds."""

    id: str
    condition: Term | None
    value: Term
    title: Phrase | None = field(default=None, metadata={"digest": "text"})
    because: Phrase | None = field(default=None, metadata={"digest": "text"})


@dataclass(frozen=True, slots=True)
class Options(Term):
    """The options that hold, as records of a list: `id` and `value`. INVARIANT: it stands in no other term."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Call(Term):
    function: str
    arguments: tuple[Term, ...]


def broken(mark: Mark) -> Term:
    """Stands for what was reported already and agrees with everything."""
    return Constant(mark, BROKEN, None)


def parts(term: Term) -> Sequence[Term]:
    """The terms directly below one."""
    kind: Any = type(term)
    holding = _holding(kind)
    if not holding:
        return ()
    found: list[Term] = []
    for name in holding:
        value = getattr(term, name)
        if isinstance(value, Term):
            found.append(value)
        elif isinstance(value, tuple):
            for part in value:
                if isinstance(part, Term):
                    found.append(part)
                elif isinstance(part, Option):
                    found += (each for each in (part.condition, part.value) if each is not None)
    return found


@cache
def _holding(kind: Any) -> tuple[str, ...]:
    """The fields of a sort of term in which others may stand."""
    return tuple(each.name for each in fields(kind) if each.type not in (Mark, Kind, Space, str, bool, Any))


def every_part(term: Term) -> Iterator[Term]:
    """A term and all that stands in it, in reading order."""
    waiting = [term]
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, (Reference, Constant)):
            waiting += reversed(parts(each))


def references(term: Term) -> Sequence[Reference]:
    """Every reference in a term, in reading order, repeated as it is written."""
    return [each for each in every_part(term) if isinstance(each, Reference)]

"""Owns the tree that parsing gives: what an author wrote, before any name is known."""

from dataclasses import dataclass, field

from csflow.diagnostics import Mark


@dataclass(frozen=True, slots=True)
class Syntax:
    """Any piece of an expression. The mark is the piece's own slice of the file."""

    mark: Mark = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name(Syntax):
    """A fact, input, parameter, decision output or symbol: which one, linking finds out."""

    path: str


@dataclass(frozen=True, slots=True)
class Literal(Syntax):
    """`form` is truth, number, quantity, date, instant or text; `text` is normalised."""

    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Subtree(Syntax):
    """`quality/*`: the reason code `quality` and all below it."""

    root: str


@dataclass(frozen=True, slots=True)
class Negate(Syntax):
    operand: Syntax


@dataclass(frozen=True, slots=True)
class Junction(Syntax):
    """`word` is "and" or "or"; two operands or more."""

    word: str
    operands: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Compare(Syntax):
    operator: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class OneOf(Syntax):
    """`operand in [choices]`, or `not in`."""

    operand: Syntax
    choices: tuple[Syntax, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Interval(Syntax):
    low: Syntax
    high: Syntax
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Inside(Syntax):
    """`operand in [7..15)`, or `not in`."""

    operand: Syntax
    interval: Interval
    negated: bool


@dataclass(frozen=True, slots=True)
class Presence(Syntax):
    """`operand is given`, or `is absent`."""

    operand: Syntax
    given: bool


@dataclass(frozen=True, slots=True)
class Arithmetic(Syntax):
    operator: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Minus(Syntax):
    operand: Syntax


@dataclass(frozen=True, slots=True)
class Conditional(Syntax):
    test: Syntax
    then: Syntax
    otherwise: Syntax


@dataclass(frozen=True, slots=True)
class Quantified(Syntax):
    """`some variable in source satisfies test`; `word` is "some" or "every"."""

    word: str
    variable: str
    source: Name
    test: Syntax
    variable_mark: Mark = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Iteration(Syntax):
    """`variable in source, body`: the one argument of `sum`, `count`, `min` or `max` over a list."""

    variable: Syntax
    source: Name
    body: Syntax


@dataclass(frozen=True, slots=True)
class Call(Syntax):
    function: str
    arguments: tuple[Syntax, ...]
    name_mark: Mark = field(compare=False, repr=False)


# One cell of a table: a test of the column's input, which the cell itself does not name.


@dataclass(frozen=True, slots=True)
class AnyCell(Syntax):
    """`-`"""


@dataclass(frozen=True, slots=True)
class CompareCell(Syntax):
    operator: str
    right: Syntax


@dataclass(frozen=True, slots=True)
class PresenceCell(Syntax):
    given: bool


@dataclass(frozen=True, slots=True)
class ChoiceCell(Syntax):
    """`a`, `[a, b]` or `not(a, b)`."""

    choices: tuple[Syntax, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IntervalCell(Syntax):
    interval: Interval


@dataclass(frozen=True, slots=True)
class TypedCell(Syntax):
    """What a sheet holds where it holds no text: a number, a date or a time. Its meaning hangs on the column."""

    form: str
    text: str

"""Owns what each kind of term is worth: the plain meaning of every operator, Kleene's for `and` and `or`.

Where names lead is for the evaluation that asks. A value is the held form of its kind (numbers are
exact inside one expression), `ABSENT`, or `Unknown`.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, Protocol

from csflow.evaluators.unknowns import Cause, Unknown, merged
from csflow.expressions import terms as t
from csflow.facts import ABSENT
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import Kind, scale_of

Names = Mapping[str, Any]


class Evaluating(Protocol):
    """What a term needs to know of its surroundings."""

    def reference(self, term: t.Reference, day: int | Unknown, names: Names) -> Any: ...

    def records(self, term: t.Reference, day: int | Unknown) -> Any: ...

    def call(self, term: t.Call, arguments: list[Any]) -> Any: ...

    def named(self, kind: Kind, value: Any) -> Any: ...


class WithItem(Mapping[str, Any]):
    """The names of a place, and the fields of one record under a variable. A field not given is unknown."""

    def __init__(self, names: Names, variable: str, record: Mapping[str, Any], path: str) -> None:
        self._names = names
        self._variable = variable
        self._record = record
        self._path = path

    def __getitem__(self, name: str) -> Any:
        head, dot, field = name.partition(".")
        if not dot or head != self._variable:
            return self._names[name]
        return self._record.get(field, Unknown((Cause("fact", f"{self._path}.{field}"),)))

    def __iter__(self) -> Any:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def value_of(evaluating: Evaluating, term: t.Term, day: int | Unknown, names: Names) -> Any:
    """The value of a term for a governing date and the names of its place."""
    return _VALUES[type(term)](evaluating, term, day, names)


def item_path(source: t.Reference, number: int) -> str:
    """`claim.lines[2]`, counted from 1 as a person does."""
    return f"{source.written}[{number}]"


def exact(kind: Kind, held: Any) -> Any:
    """A held value as arithmetic reads it: a percent is a ratio, a decimal a number."""
    if held is ABSENT or isinstance(held, Unknown):
        return held
    if kind.name == "percent" or (kind.name == "decimal" and kind.places >= 0):
        return Fraction(1, scale_of(kind)) * held
    return held


# What each kind of term is worth.


def _constant(place: Evaluating, term: t.Constant, day: int | Unknown, names: Names) -> Any:
    return exact(term.kind, term.value)


def _reference(place: Evaluating, term: t.Reference, day: int | Unknown, names: Names) -> Any:
    return place.reference(term, day, names)


def _not(place: Evaluating, term: t.Not, day: int | Unknown, names: Names) -> Any:
    value = value_of(place, term.operand, day, names)
    return (not value) if isinstance(value, bool) else value


def _and(place: Evaluating, term: t.And, day: int | Unknown, names: Names) -> Any:
    return _kleene((value_of(place, part, day, names) for part in term.operands), decides=False)


def _or(place: Evaluating, term: t.Or, day: int | Unknown, names: Names) -> Any:
    return _kleene((value_of(place, part, day, names) for part in term.operands), decides=True)


def _kleene(values: Iterable[Any], decides: bool) -> Any:
    """Kleene's tables in either order: the deciding value wins over unknown, unknown over absent.

    What stands behind the deciding value is not computed: it may stand there for its guard.
    """
    seen: list[Any] = []
    for value in values:
        if value is decides:
            return decides
        seen.append(value)
    if any(isinstance(value, Unknown) for value in seen):
        return merged(seen)
    return ABSENT if any(value is ABSENT for value in seen) else not decides


def strict(values: list[Any]) -> Any:
    """What any other operator gives when an operand is unknown or absent; None when all are known."""
    if any(isinstance(value, Unknown) for value in values):
        return merged(values)
    return ABSENT if any(value is ABSENT for value in values) else None


_COMPARE = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _comparison(place: Evaluating, term: t.Comparison, day: int | Unknown, names: Names) -> Any:
    values = [value_of(place, part, day, names) for part in (term.left, term.right)]
    failed = strict(values)
    return _COMPARE[term.operator](*values) if failed is None else failed


def _membership(place: Evaluating, term: t.Membership, day: int | Unknown, names: Names) -> Any:
    operand = value_of(place, term.operand, day, names)
    equal = []
    for choice in term.choices:
        values = [operand, value_of(place, choice, day, names)]
        failed = strict(values)
        equal.append(values[0] == values[1] if failed is None else failed)
    return _kleene(equal, decides=True)


def _within(place: Evaluating, term: t.Within, day: int | Unknown, names: Names) -> Any:
    """Above the low end and below the high one: Kleene's `and` of two comparisons."""
    operand, low, high = (value_of(place, part, day, names) for part in (term.operand, term.low, term.high))
    ends = []
    for end, operator in ((low, ">=" if term.low_closed else ">"), (high, "<=" if term.high_closed else "<")):
        failed = strict([operand, end])
        ends.append(_COMPARE[operator](operand, end) if failed is None else failed)
    return _kleene(ends, decides=False)


def _given(place: Evaluating, term: t.Given, day: int | Unknown, names: Names) -> Any:
    value = value_of(place, term.operand, day, names)
    return value if isinstance(value, Unknown) else value is not ABSENT


def _arithmetic(place: Evaluating, term: t.Arithmetic, day: int | Unknown, names: Names) -> Any:
    left, right = values = [value_of(place, part, day, names) for part in (term.left, term.right)]
    failed = strict(values)
    if failed is not None:
        return failed
    match term.operator:
        case "+":
            value = left + right
        case "-":
            value = left - right
        case "*":
            value = left * right
        case _:
            value = left / Fraction(right)
    return in_time(term.kind, value)


def in_time(kind: Kind, value: Any) -> Any:
    """Years 1 to 9999: a day or instant beyond them is unknown."""
    day = value // DAY + EPOCH_DAY if kind.name == "datetime" else value
    if kind.name in ("date", "datetime") and not FIRST_DAY <= day <= LAST_DAY:
        return Unknown((Cause("calendar", "year"),))
    return value


def _minus(place: Evaluating, term: t.Minus, day: int | Unknown, names: Names) -> Any:
    value = value_of(place, term.operand, day, names)
    failed = strict([value])
    return -value if failed is None else failed


def _conditional(place: Evaluating, term: t.Conditional, day: int | Unknown, names: Names) -> Any:
    test = value_of(place, term.test, day, names)
    if not isinstance(test, bool):
        return test
    return value_of(place, term.then if test else term.otherwise, day, names)


def _quantified(place: Evaluating, term: t.Quantified, day: int | Unknown, names: Names) -> Any:
    records = place.records(term.source, day)
    failed = strict([records])
    if failed is not None:
        return failed
    tests = [value_of(place, term.test, day, inner) for inner in _each(term, records, names)]
    return _kleene(tests, decides=term.word == "some")


def _each(term: t.Quantified | t.Aggregate, records: Any, names: Names) -> list[WithItem]:
    return [
        WithItem(names, term.variable, record, item_path(term.source, number))
        for number, record in enumerate(records, 1)
    ]


def _aggregate(place: Evaluating, term: t.Aggregate, day: int | Unknown, names: Names) -> Any:
    records = place.records(term.source, day)
    failed = strict([records])
    if failed is not None:
        return failed
    if term.body is None:
        return len(records)
    values = [value_of(place, term.body, day, inner) for inner in _each(term, records, names)]
    failed = strict(values)
    if failed is not None:
        return failed
    if term.function in ("sum", "count"):
        return in_time(term.kind, sum(values))
    return (min if term.function == "min" else max)(values) if values else ABSENT


def _limited(place: Evaluating, term: t.Limited, day: int | Unknown, names: Names) -> Any:
    value = value_of(place, term.operand, day, names)
    low, high = (None if end is None else value_of(place, end, day, names) for end in (term.low, term.high))
    failed = strict([value, low, high])
    if failed is not None:
        return failed
    if low is not None:
        value = max(value, low)
    return value if high is None else min(value, high)


def _options(place: Evaluating, term: t.Options, day: int | Unknown, names: Names) -> Any:
    """The options that hold, each rounded as a value under a name is. Unknown while one may hold."""
    holding = [
        (option, True if option.condition is None else value_of(place, option.condition, day, names))
        for option in term.options
    ]
    values = [(option, value_of(place, option.value, day, names)) for option, holds in holding if holds is True]
    failed = strict([*(holds for _, holds in holding), *(value for _, value in values)])
    if failed is not None:
        return failed
    member = term.kind.member("value")
    assert member is not None  # INVARIANT: linking gives options records of `id` and `value`.
    return tuple({"id": option.id, "value": place.named(member.kind, value)} for option, value in values)


def _call(place: Evaluating, term: t.Call, day: int | Unknown, names: Names) -> Any:
    arguments = [value_of(place, part, day, names) for part in term.arguments]
    failed = strict(arguments)
    return place.call(term, arguments) if failed is None else failed


_VALUES: Mapping[type[t.Term], Callable[..., Any]] = {
    t.Constant: _constant,
    t.Reference: _reference,
    t.Not: _not,
    t.And: _and,
    t.Or: _or,
    t.Comparison: _comparison,
    t.Membership: _membership,
    t.Within: _within,
    t.Given: _given,
    t.Arithmetic: _arithmetic,
    t.Minus: _minus,
    t.Conditional: _conditional,
    t.Call: _call,
    t.Quantified: _quantified,
    t.Aggregate: _aggregate,
    t.Limited: _limited,
    t.Options: _options,
}

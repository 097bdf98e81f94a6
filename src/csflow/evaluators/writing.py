"""Owns writing a term as a Python expression that says the same where all it reads is known and there.

An expression that meets something else raises (`OutOfReach`, or KeyError for what was not given), and the
reference engine answers instead. So the text is strict where the reference is Kleene's: nothing is lost, since
what stands behind a deciding value is not computed there either.

INVARIANT: of an author's text only `repr` stands in what is written; names are made here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from math import lcm
from typing import Any, Protocol

from csflow.evaluators.settings import Setting
from csflow.evaluators.unknowns import Unknown
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.pack.model import LinkedPack
from csflow.values.kinds import Kind, scale_of

_OPERATORS = {"=": "==", "!=": "!="}


class OutOfReach(Exception):
    """Something is unknown, absent or contradictory: the reference engine answers."""


@dataclass(frozen=True, slots=True)
class Written:
    """A Python expression. Its value, where it is a number, is divided by `scale`; `whole` says that it is an int."""

    text: str
    scale: int = 1
    whole: bool = True

    def times(self, factor: int) -> str:
        """The text of a value `factor` times as large."""
        return self.text if factor == 1 else f"{self.text} * {factor}"

    @property
    def unscaled(self) -> str:
        return self.text if self.scale == 1 else f"ratio({self.text}, {self.scale})"


class Named(Protocol):
    """The texts that give what a name of the pack holds, and the name in Python of a value."""

    def column(self, name: str) -> str: ...

    def derived(self, name: str) -> str: ...

    def output(self, decision: str, output: str) -> str: ...

    def answers(self, decision: str) -> str: ...

    def value(self, value: Any) -> str: ...


class Writer:
    """Writes the terms of one decision in one setting. `items` are the Python names of the records in sight."""

    def __init__(self, pack: LinkedPack, setting: Setting, named: Named, items: Mapping[str, str]) -> None:
        self._pack = pack
        self._setting = setting
        self._named = named
        self._items = dict(items)
        self._numbers = count()

    def condition(self, term: Term) -> str:
        """The text of a term that is true or false."""
        return self.written(term).text

    def named(self, kind: Kind, term: Term) -> str:
        """The text of a value under a name, which may be `ABSENT` where the term only names something."""
        if isinstance(term, t.Reference) and _may_be_absent(term):
            return self.place(term)
        return self.held(kind, term)

    def held(self, kind: Kind, term: Term) -> str:
        """The text of a value in held form: rounded to the places its kind holds."""
        written = self.written(term)
        if kind.name in ("percent", "decimal"):
            if kind.places < 0:
                return written.unscaled
            factor, rest = divmod(scale_of(kind), written.scale)
            if written.whole and not rest:
                return written.times(factor)
            return f"rounded(ratio({written.times(scale_of(kind))}, {written.scale}))"
        if not (written.whole and written.scale == 1):
            return f"rounded(ratio({written.text}, {written.scale}))"
        return written.text

    def output(self, kind: Kind, term: Term) -> str:
        """The text of an output; None where an optional one is left out."""
        if not _may_be_absent(term):
            return self.held(kind, term)
        variable = self._variable()
        return f"(None if ({variable} := {self.named(kind, term)}) is ABSENT else {variable})"

    def records(self, term: t.Reference) -> str:
        """The text of the records of a list."""
        if term.space is not Space.FACT and "." not in term.name:
            return self._named.answers(term.name)
        place = self.place(term)
        return f"listed({place})" if term.optional else place

    def written(self, term: Term) -> Written:
        """The expression of a term; in brackets wherever that may matter."""
        return _WRITTEN[type(term)](self, term)

    # Names

    def reference(self, term: t.Reference) -> Written:
        if term.space is Space.PARAMETER:
            return self._parameter(term)
        place = self.place(term)
        if term.optional:
            variable = self._variable()
            place = f"({variable} if ({variable} := {place}) is not ABSENT else gone())"
        return _as_held(term.kind, place)

    def _parameter(self, term: t.Reference) -> Written:
        found = self._setting.parameter(self._pack, term.name)
        return Written("gone()") if isinstance(found, Unknown) else self._literal(term.kind, found.value)

    def place(self, term: t.Reference) -> str:
        """The text of the held value under a name."""
        match term.space:
            case Space.FACT:
                return f"v[{term.name!r}]"
            case Space.ITEM:
                variable, _, field = term.name.partition(".")
                return f"{self._items[variable]}[{field!r}]"
            case Space.INPUT:
                return self._named.column(term.name)
            case Space.DERIVED:
                return self._named.derived(term.name)
            case Space.DECISION:
                decision, _, output = term.name.partition(".")
                place = self._named.output(decision, output)
                return f"absent_if_none({place})" if term.optional else place
        raise AssertionError(f"no place {term.space}")

    def constant(self, term: t.Constant) -> Written:
        return self._literal(term.kind, term.value)

    def _literal(self, kind: Kind, held: Any) -> Written:
        if isinstance(held, bool) or not isinstance(held, (int, str)):
            return Written(repr(held) if isinstance(held, bool) else self._named.value(held))
        return _as_held(kind, f"({held})" if isinstance(held, int) and held < 0 else repr(held))

    def _variable(self) -> str:
        return f"x{next(self._numbers)}"

    # Truth

    def negation(self, term: t.Not) -> Written:
        return Written(f"(not {self.condition(term.operand)})")

    def conjunction(self, term: t.And) -> Written:
        return Written(f"({' and '.join(map(self.condition, term.operands)) or True})")

    def disjunction(self, term: t.Or) -> Written:
        return Written(f"({' or '.join(map(self.condition, term.operands)) or False})")

    def given(self, term: t.Given) -> Written:
        return Written(f"({self.place(term.operand)} is not ABSENT)")

    def comparison(self, term: t.Comparison) -> Written:
        left, right = self.written(term.left), self.written(term.right)
        operator = _OPERATORS.get(term.operator, term.operator)
        (first, second), _ = _aligned(left, right)
        if operator == "==" and isinstance(term.right, t.Constant) and isinstance(term.right.value, bool):
            return left if term.right.value else Written(f"(not {left.text})")
        return Written(f"({first} {operator} {second})")

    def membership(self, term: t.Membership) -> Written:
        operand, *choices = (self.written(each) for each in (term.operand, *term.choices))
        (first, *others), _ = _aligned(operand, *choices)
        if all(isinstance(choice, t.Constant) for choice in term.choices):
            return Written(f"({first} in {{{', '.join(others)}}})")
        return Written(f"({first} in [{', '.join(others)}])")

    def within(self, term: t.Within) -> Written:
        (operand, low, high), _ = _aligned(*(self.written(each) for each in (term.operand, term.low, term.high)))
        above, below = "<=" if term.low_closed else "<", "<=" if term.high_closed else "<"
        return Written(f"({low} {above} {operand} {below} {high})")

    # Numbers

    def arithmetic(self, term: t.Arithmetic) -> Written:
        left, right = self.written(term.left), self.written(term.right)
        whole = left.whole and right.whole
        match term.operator:
            case "+" | "-":
                (first, second), scale = _aligned(left, right)
                found = Written(f"({first} {term.operator} {second})", scale, whole)
            case "*":
                found = Written(f"({left.text} * {right.text})", left.scale * right.scale, whole)
            case _:
                found = Written(f"ratio({left.times(right.scale)}, {right.times(left.scale)})", 1, False)
        return self._in_time(term.kind, found)

    def _in_time(self, kind: Kind, found: Written) -> Written:
        if kind.name not in ("date", "datetime"):
            return found
        return Written(f"in_time({self._named.value(kind)}, {found.unscaled})", 1, found.whole)

    def minus(self, term: t.Minus) -> Written:
        operand = self.written(term.operand)
        return Written(f"(-{operand.text})", operand.scale, operand.whole)

    def conditional(self, term: t.Conditional) -> Written:
        then, otherwise = self.written(term.then), self.written(term.otherwise)
        (first, second), scale = _aligned(then, otherwise)
        test = self.condition(term.test)
        return Written(f"({first} if {test} else {second})", scale, then.whole and otherwise.whole)

    def limited(self, term: t.Limited) -> Written:
        ends = [end for end in (term.low, term.high) if end is not None]
        parts = [self.written(each) for each in (term.operand, *ends)]
        (text, *limits), scale = _aligned(*parts)
        if term.low is not None:
            text = f"max({text}, {limits.pop(0)})"
        if term.high is not None:
            text = f"min({text}, {limits.pop(0)})"
        return Written(text, scale, all(part.whole for part in parts))

    def call(self, term: t.Call) -> Written:
        arguments = [self.written(each) for each in term.arguments]
        texts = ", ".join(each.unscaled for each in arguments)
        match term.function:
            case "within":
                window, start, event = (each.unscaled for each in arguments)
                return Written(f"({event} < end({window}, {start}, v))")
            case "deadline":
                return self._in_time(term.kind, Written(f"end({texts}, v)"))
            case "days_between":
                first, last = (
                    text.unscaled if argument.kind.name == "date" else f"local_day({text.unscaled})"
                    for text, argument in zip(arguments, term.arguments, strict=True)
                )
                return Written(f"({last} - {first})")
            case "date_of":
                return Written(f"local_day({texts})")
            case "liability_of" | "authority_of" as function:
                return Written(f"{function}[{texts}]")
            case "prorate":
                return Written(f"prorate({texts})", 1, False)
            case "min" | "max" as function:
                several, scale = _aligned(*arguments)
                return Written(f"{function}({', '.join(several)})", scale, all(each.whole for each in arguments))
        raise AssertionError(f"no function {term.function}")

    # Lists

    def quantified(self, term: t.Quantified) -> Written:
        with_item, each = self._each(term)
        function = "any" if term.word == "some" else "all"
        return Written(f"{function}({with_item(lambda: self.condition(term.test))} {each})")

    def aggregate(self, term: t.Aggregate) -> Written:
        body = term.body
        if body is None:
            return Written(f"len({self.records(term.source)})")
        with_item, each = self._each(term)
        if term.function == "count":
            return Written(f"sum(1 {each} if {with_item(lambda: self.condition(body))})")
        written: Written = with_item(lambda: self.written(body))
        found = Written(f"({written.text} {each})", written.scale, written.whole)
        if term.function == "sum":
            return self._in_time(term.kind, Written(f"sum{found.text}", found.scale, found.whole))
        return Written(f"extreme({term.function}, [{found.text[1:-1]}])", found.scale, found.whole)

    def _each(self, term: t.Quantified | t.Aggregate) -> tuple[Callable[[Callable[[], Any]], Any], str]:
        """What writes the body with the record in sight, and the `for` that goes over the records."""
        name = f"r{next(self._numbers)}"
        source = self.records(term.source)

        def with_item(write: Callable[[], Any]) -> Any:
            hidden = dict(self._items)
            self._items[term.variable] = name
            try:
                return write()
            finally:
                self._items = hidden

        return with_item, f"for {name} in {source}"

    def options(self, term: t.Options) -> Written:
        member = term.kind.member("value")
        assert member is not None  # INVARIANT: linking gives options records of `id` and `value`.
        options = []
        for option in term.options:
            record = f"{{'id': {option.id!r}, 'value': {self.held(member.kind, option.value)}}}"
            holds = "" if option.condition is None else f" if {self.condition(option.condition)} else None"
            options.append(f"{record}{holds}")
        return Written(f"those({', '.join(options)})")


def _may_be_absent(term: Term) -> bool:
    """Whether a term only names something that may be absent."""
    return isinstance(term, t.Reference) and term.optional and term.space is not Space.PARAMETER


def _as_held(kind: Kind, text: str) -> Written:
    """The text of a held value, read as arithmetic reads it."""
    if kind.name == "percent" or (kind.name == "decimal" and kind.places >= 0):
        return Written(text, scale_of(kind))
    return Written(text, 1, kind.name != "decimal")


def _aligned(*written: Written) -> tuple[list[str], int]:
    """The texts of values under one scale, which is the least."""
    scale = lcm(*(each.scale for each in written))
    return [each.times(scale // each.scale) for each in written], scale


_WRITTEN: Mapping[type[Term], Callable[[Writer, Any], Written]] = {
    t.Constant: Writer.constant,
    t.Reference: Writer.reference,
    t.Not: Writer.negation,
    t.And: Writer.conjunction,
    t.Or: Writer.disjunction,
    t.Comparison: Writer.comparison,
    t.Membership: Writer.membership,
    t.Within: Writer.within,
    t.Given: Writer.given,
    t.Arithmetic: Writer.arithmetic,
    t.Minus: Writer.minus,
    t.Conditional: Writer.conditional,
    t.Call: Writer.call,
    t.Quantified: Writer.quantified,
    t.Aggregate: Writer.aggregate,
    t.Limited: Writer.limited,
    t.Options: Writer.options,
}

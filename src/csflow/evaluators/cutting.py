"""Owns turning the conditions of a decision into formulas, in one setting.

Inputs, local names and derived values are looked through where they name something or say yes or no; what is
computed is a source of its own, which depends on the facts in it.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from csflow.evaluators.formulas import (
    FALSE,
    TRUE,
    Atom,
    Formula,
    Source,
    Truth,
    Values,
    both,
    either,
    negated,
)
from csflow.evaluators.settings import Setting
from csflow.evaluators.unknowns import Unknown
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.pack.model import Decision, LinkedPack
from csflow.values.decoding import bounds_of
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import NUMERIC, Kind, scale_of
from csflow.values.zones import BeyondHorizon

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_ORDERED = NUMERIC | {"date", "datetime"}


class Cutter:
    """Reads the conditions of one decision. `sources` grows as they are read."""

    def __init__(self, pack: LinkedPack, decision: Decision, setting: Setting) -> None:
        self._pack = pack
        self._columns = {**decision.locals, **decision.inputs}
        self._setting = setting
        self._numbers: dict[Term, int] = {}
        self.sources: list[Source] = []

    def formula(self, term: Term) -> Formula:
        """A condition as a formula; what cannot be cut is a source that says yes or no."""
        match term:
            case t.Constant(value=bool(value)):
                return Truth(value)
            case t.Not(operand=operand):
                return negated(self.formula(operand))
            case t.And(operands=operands):
                return both(*map(self.formula, operands))
            case t.Or(operands=operands):
                return either(*map(self.formula, operands))
            case t.Given(operand=operand):
                return self._given(operand)
            case t.Comparison(operator=operator, left=left, right=right):
                return self._comparison(term, operator, left, right)
            case t.Membership(operand=operand, choices=choices):
                return either(*(self._comparison(term, "=", operand, choice) for choice in choices))
            case t.Within(operand=operand, low=low, high=high):
                above = self._comparison(term, ">=" if term.low_closed else ">", operand, low)
                return both(above, self._comparison(term, "<=" if term.high_closed else "<", operand, high))
            case t.Conditional(test=test, then=then, otherwise=otherwise):
                holds = self.formula(test)
                return either(both(holds, self.formula(then)), both(negated(holds), self.formula(otherwise)))
            case t.Reference():
                inner = self._through(term)
                return self._atom(inner, Values(named=frozenset({True}))) if inner is term else self.formula(inner)
        return self._atom(term, Values(named=frozenset({True})))

    always: Formula = TRUE

    def within_days(self, path: str, start: int, end: int) -> Formula:
        """That a date or instant lies on a day from `start` to before `end`."""
        kind = self._pack.facts[path].kind
        reference = t.Reference(self._pack.mark, kind, Space.FACT, path, False)
        if kind.name == "date":
            return self._atom(reference, Values(intervals=((start, end - 1),)))
        zone = self._pack.zone
        first, last = _DAYS[kind.name]
        try:
            first = zone.start_of_day(start)
        except BeyondHorizon:
            first = max(first, zone.changes[0][0])
        try:
            last = zone.start_of_day(end) - 1
        except BeyondHorizon:
            last = zone.until - 1
        return self._atom(reference, Values(intervals=((first, last),)))

    def facts_behind(self, term: Term) -> frozenset[str]:
        """The facts that a term depends on, through everything that has a name."""
        return frozenset(self._facts_in([term]))

    def _given(self, operand: t.Reference) -> Formula:
        inner = self._through(operand)
        if not (isinstance(inner, t.Reference) and inner.space is Space.FACT):
            return self._atom(t.Given(operand.mark, operand.kind, operand), Values(named=frozenset({True})))
        return negated(self._atom(inner, Values(absent=True)))

    def _comparison(self, whole: Term, operator: str, left: Term, right: Term) -> Formula:
        value = self._constant(right)
        subject = left
        if value is None:
            value, subject, operator = self._constant(left), right, _MIRRORED[operator]
        if value is None:
            return self._atom(t.Comparison(whole.mark, whole.kind, operator, right, left), _YES)
        return self._asked(whole, self._through(subject), operator, *value)

    def _asked(self, whole: Term, subject: Term, operator: str, kind: Kind, held: Any) -> Formula:
        """`subject operator constant`, where the constant is of `kind`."""
        if isinstance(subject, t.Conditional):
            holds = self.formula(subject.test)
            then, otherwise = (
                self._asked(whole, self._through(part), operator, kind, held)
                for part in (subject.then, subject.otherwise)
            )
            return either(both(holds, then), both(negated(holds), otherwise))
        own = self._constant(subject)
        if own is not None:
            return Truth(_compared(operator, _exact(*own), _exact(kind, held)))
        if isinstance(subject, t.Call) and subject.function == "liability_of" and operator in ("=", "!="):
            codes = frozenset(code for code, reason in self._pack.reasons.items() if reason.liability == held)
            found = self._atom(self._through(subject.arguments[0]), Values(named=codes))
            return negated(found) if operator == "!=" else found
        if isinstance(subject, t.Call) and subject.function == "date_of":
            return self._on_day(whole, self._through(subject.arguments[0]), operator, held)
        if subject.kind.name not in _ORDERED:
            found = self._atom(subject, Values(named=frozenset({held})))
            return negated(found) if operator == "!=" else found
        if subject.kind.places < 0:
            # It has no last place, and so no next value.
            constant = t.Constant(whole.mark, kind, held)
            return self._atom(t.Comparison(whole.mark, whole.kind, operator, subject, constant), _YES)
        return self._ordered(subject, operator, _exact(kind, held) * scale_of(subject.kind))

    def _ordered(self, subject: Term, operator: str, value: Fraction) -> Formula:
        low, high = range_of(subject)
        match operator:
            case "=" | "!=":
                exact = ((int(value), int(value)),) if value.denominator == 1 and low <= value <= high else ()
                found = self._atom(subject, Values(intervals=exact)) if exact else FALSE
                return negated(found) if operator == "!=" else found
            case "<":
                high = min(high, ceil(value) - 1)
            case "<=":
                high = min(high, floor(value))
            case ">":
                low = max(low, floor(value) + 1)
            case ">=":
                low = max(low, ceil(value))
        return self._atom(subject, Values(intervals=((low, high),))) if low <= high else FALSE

    def _on_day(self, whole: Term, instant: Term, operator: str, day: int) -> Formula:
        """A local date compared: an instant in the days that fit."""
        try:
            start, end = self._pack.zone.start_of_day(day), self._pack.zone.start_of_day(day + 1)
        except BeyondHorizon:
            date = t.Call(whole.mark, whole.kind, "date_of", (instant,))
            constant = t.Constant(whole.mark, date.kind, day)
            return self._atom(t.Comparison(whole.mark, whole.kind, operator, date, constant), _YES)
        match operator:
            case "<":
                return self._ordered(instant, "<", Fraction(start))
            case "<=":
                return self._ordered(instant, "<", Fraction(end))
            case ">":
                return self._ordered(instant, ">=", Fraction(end))
            case ">=":
                return self._ordered(instant, ">=", Fraction(start))
        on = both(self._ordered(instant, ">=", Fraction(start)), self._ordered(instant, "<", Fraction(end)))
        return negated(on) if operator == "!=" else on

    def _constant(self, term: Term) -> tuple[Kind, Any] | None:
        """The kind and held form of a constant or parameter; None for anything else, and for one without a value."""
        if isinstance(term, t.Constant):
            return term.kind, term.value
        inner = self._through(term)
        if isinstance(inner, t.Constant):
            return inner.kind, inner.value
        if not (isinstance(inner, t.Reference) and inner.space is Space.PARAMETER):
            return None
        found = self._setting.parameter(self._pack, inner.name)
        return None if isinstance(found, Unknown) else (inner.kind, found.value)

    def _through(self, term: Term) -> Term:
        """What a name stands for, as far as looking through it rounds nothing."""
        while isinstance(term, t.Reference) and term.space in (Space.INPUT, Space.DERIVED):
            behind = self._columns[term.name].term if term.space is Space.INPUT else self._pack.derived[term.name].term
            rounds = behind.kind.name in NUMERIC and not isinstance(behind, (t.Reference, t.Constant))
            if rounds:
                return term
            term = behind
        return term

    def _atom(self, term: Term, values: Values) -> Formula:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self.sources)
            self.sources.append(self._source(term))
        return Atom(number, values)

    def _source(self, term: Term) -> Source:
        is_fact = isinstance(term, t.Reference) and term.space is Space.FACT
        optional = isinstance(term, t.Reference) and term.optional
        return Source(term, self.facts_behind(term), is_fact, optional)

    def _facts_in(self, terms: Iterable[Term]) -> set[str]:
        """The facts that terms depend on, through everything that has a name."""
        found: set[str] = set()
        seen: set[tuple[Space, str]] = set()
        waiting = [reference for term in terms for reference in t.references(term)]
        while waiting:
            reference = waiting.pop()
            name = reference.name.partition(".")[0] if reference.space is Space.DECISION else reference.name
            if (reference.space, name) in seen:
                continue
            seen.add((reference.space, name))
            match reference.space:
                case Space.FACT:
                    found.add(name)
                case Space.INPUT:
                    waiting += t.references(self._columns[name].term)
                case Space.DERIVED:
                    waiting += t.references(self._pack.derived[name].term)
                case Space.DECISION:
                    waiting += self._pack.decisions[name].reads()
        return found


_YES = Values(named=frozenset({True}))
_DAYS = {
    "date": (FIRST_DAY, LAST_DAY),
    "datetime": ((FIRST_DAY - EPOCH_DAY) * DAY, (LAST_DAY + 1 - EPOCH_DAY) * DAY - 1),
}


def range_of(subject: Term) -> tuple[int, int]:
    """The lowest and highest held value of a source, facts as they are bounded."""
    if subject.kind.name in _DAYS:
        return _DAYS[subject.kind.name]
    if isinstance(subject, t.Reference) and subject.space in (Space.FACT, Space.ITEM):
        return bounds_of(subject.kind)
    return bounds_of(replace(subject.kind, low=-(2**62), high=2**62))


def _exact(kind: Kind, held: Any) -> Any:
    return Fraction(held, scale_of(kind)) if isinstance(held, int) and not isinstance(held, bool) else held


def _compared(operator: str, left: Any, right: Any) -> bool:
    match operator:
        case "=":
            return bool(left == right)
        case "!=":
            return bool(left != right)
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
    return bool(left >= right)

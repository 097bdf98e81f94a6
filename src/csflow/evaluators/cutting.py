"""Owns turning the conditions of a decision into formulas, in one setting.

Inputs, local names and derived values are looked through where they name something or say yes or no, and so are
required decisions where somebody says what they come to; what is computed is a source of its own, which depends
on the facts in it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from csflow.evaluators.formulas import (
    FALSE,
    TRUE,
    UNKNOWN,
    Atom,
    Formula,
    Source,
    Truth,
    Values,
    Verdict,
    all_of,
    any_of,
    both,
    either,
    negated,
    one_of,
    opposite,
    settled,
)
from csflow.evaluators.positions import DAYS, ORDER, exact_value, position, range_of, rounds
from csflow.evaluators.settings import Setting
from csflow.evaluators.sourcing import Sources
from csflow.evaluators.unknowns import Unknown
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.values.kinds import BOOL, NUMERIC, Kind
from csflow.values.zones import BeyondHorizon

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_ORDERED = NUMERIC | {"date", "datetime"}
# Names that stand for names are looked through to this depth; what lies deeper is a source.
_DEEPEST = 40
_ORDERS = {"<": ((-1, -1),), "<=": ((-1, 0),), "=": ((0, 0),), ">=": ((0, 1),), ">": ((1, 1),)}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a decision comes to where `when` holds: the terms of its outputs, as its own cutter reads them."""

    when: Formula
    cutter: "Cutter"
    outputs: Mapping[str, Term]


# What a required decision comes to, if it can be said: no two conclusions hold together, and where none does it is
# not decided.
Concluding = Callable[[str], Sequence[Conclusion] | None]


@dataclass(frozen=True, slots=True)
class _Alternative:
    """What a term stands for where `when` holds; None where it is absent."""

    when: Formula
    cutter: "Cutter"
    term: Term | None


class Cutter:
    """Reads the conditions of one decision, or of none: those over facts alone. `sources` grows as they are read.

    Without `concluding` a required decision, and a parameter without a value, is a source that nothing is known of.
    """

    def __init__(
        self,
        pack: LinkedPack,
        decision: Decision | None,
        setting: Setting,
        sources: Sources | None = None,
        concluding: Concluding | None = None,
    ) -> None:
        self._pack = pack
        self._name = decision.name if decision else ""
        self._columns = {**decision.locals, **decision.inputs} if decision else {}
        self._item = decision.for_each.variable if decision and decision.for_each else None
        self._setting = setting
        self._sources = sources or Sources()
        self._concluding = concluding
        self._depth = 0
        # By identity, which costs less than to compare. INVARIANT: what is kept here lives, and nothing else is it.
        self._seen: dict[int, tuple[Term, Verdict]] = {}
        self._verdicts: dict[Term, Verdict] = {}

    @property
    def sources(self) -> list[Source]:
        return self._sources.listed

    def formula(self, term: Term) -> Formula:
        """Where a condition is true; what cannot be cut is a source that says yes or no."""
        return self.verdict(term).yes

    def verdict(self, term: Term) -> Verdict:
        """Where a condition is true, and where it is false."""
        known = self._seen.get(id(term))
        if known is None:
            known = self._seen[id(term)] = term, self._found(term)
        return known[1]

    def judge(self, rule: Rule) -> Verdict:
        """Where a rule or exception is true and false."""
        return self.verdict(rule.condition)

    def within_days(self, path: str, start: int, end: int) -> Formula:
        """That a date or instant lies on a day from `start` to before `end`."""
        kind = self._pack.facts[path].kind
        reference = t.Reference(self._pack.mark, kind, Space.FACT, path, False)
        if kind.name == "date":
            return self._atom(reference, Values(intervals=((start, end - 1),)))
        zone = self._pack.zone
        first, last = DAYS[kind.name]
        try:
            first = zone.start_of_day(start)
        except BeyondHorizon:
            first = max(first, zone.changes[0][0])
        try:
            last = zone.start_of_day(end) - 1
        except BeyondHorizon:
            last = zone.until - 1
        return self._atom(reference, Values(intervals=((first, last),))) if first <= last else FALSE

    def facts_behind(self, term: Term) -> frozenset[str]:
        """The facts that a term depends on, through everything that has a name."""
        return frozenset(self._facts_in([term]))

    def known(self, term: Term) -> Formula:
        """Where a value is known, as far as that can be told: of something computed it is taken to be."""
        return either(*(alternative.when for alternative in self._alternatives(term)))

    def is_always_given(self, term: Term) -> bool:
        """Whether a value is never absent."""
        return all(
            each.term is not None and not (isinstance(each.term, t.Reference) and each.term.optional)
            for each in self._alternatives(term)
        )

    def constant(self, term: Term) -> tuple[Kind, Any] | None:
        """The kind and held form of a constant, or of a name for one; None for anything else."""
        alternatives = self._alternatives(term)
        found = alternatives[0].term if len(alternatives) == 1 else None
        return (found.kind, found.value) if isinstance(found, t.Constant) else None

    def _found(self, term: Term) -> Verdict:
        """The verdict of a term that is like one before, or new; what joins others is made of theirs, not compared."""
        if isinstance(term, (t.Not, t.And, t.Or)):
            return self._read(term)
        known = self._verdicts.get(term)
        if known is None:
            known = self._verdicts[term] = self._read(term)
        return known

    def _read(self, term: Term) -> Verdict:
        self._depth += 1
        try:
            return self._verdict(term) if self._depth <= _DEEPEST else self._opaque(term)
        finally:
            self._depth -= 1

    def _verdict(self, term: Term) -> Verdict:
        match term:
            case t.Constant(value=bool(value)):
                return settled(Truth(value))
            case t.Not(operand=operand):
                return opposite(self.verdict(operand))
            case t.And(operands=operands):
                return all_of(map(self.verdict, operands))
            case t.Or(operands=operands):
                return any_of(map(self.verdict, operands))
            case t.Given(operand=operand):
                return self._given(term, operand)
            case t.Comparison(operator=operator, left=left, right=right):
                return self._comparison(term, operator, left, right)
            case t.Membership(operand=operand, choices=choices):
                return any_of(self._comparison(self._pair(operand, choice), "=", operand, choice) for choice in choices)
            case t.Within(operand=operand, low=low, high=high):
                above, below = ">=" if term.low_closed else ">", "<=" if term.high_closed else "<"
                return all_of(
                    self._comparison(self._pair(operand, end, operator), operator, operand, end)
                    for operator, end in ((above, low), (below, high))
                )
            case t.Conditional() | t.Reference():
                return one_of((each.when, self._truth_of(each, term)) for each in self._alternatives(term))
        return self._opaque(term)

    def _truth_of(self, each: _Alternative, whole: Term) -> Verdict:
        if each.term is None:
            return UNKNOWN
        is_itself = each.term is whole or isinstance(each.term, (t.Reference, t.Conditional))
        return each.cutter._opaque(each.term) if is_itself else each.cutter.verdict(each.term)

    def _given(self, whole: Term, operand: t.Reference) -> Verdict:
        return one_of((each.when, self._given_of(whole, each)) for each in self._alternatives(operand))

    def _given_of(self, whole: Term, each: _Alternative) -> Verdict:
        if each.term is None:
            return settled(FALSE)
        if isinstance(each.term, t.Constant):
            return settled(TRUE)
        if isinstance(each.term, t.Reference) and each.term.space in (Space.FACT, Space.ITEM):
            if not each.term.optional:
                return settled(TRUE)
            return settled(negated(each.cutter._atom(each.term, Values(absent=True))))
        return self._opaque(whole)

    @staticmethod
    def _pair(left: Term, right: Term, operator: str = "=") -> Term:
        return t.Comparison(left.mark, BOOL, operator, left, right)

    def _comparison(self, whole: Term, operator: str, left: Term, right: Term) -> Verdict:
        found = []
        lefts, rights = self._alternatives(left), self._alternatives(right)
        for one in lefts:
            for other in rights:
                verdict = self._compared(whole, operator, one, other)
                if verdict is None:
                    return self._opaque(whole)
                found.append((both(one.when, other.when), verdict))
        return one_of(found)

    def _compared(self, whole: Term, operator: str, one: _Alternative, other: _Alternative) -> Verdict | None:
        if one.term is None or other.term is None:
            return UNKNOWN
        if isinstance(other.term, t.Constant):
            return one.cutter._asked(whole, one.term, operator, other.term)
        if isinstance(one.term, t.Constant):
            return other.cutter._asked(whole, other.term, _MIRRORED[operator], one.term)
        if one.cutter is not other.cutter and any(_is_local(each.term) for each in (one, other) if each.term):
            return None
        return one.cutter._order(whole, operator, one.term, other.term)

    def _order(self, whole: Term, operator: str, left: Term, right: Term) -> Verdict:
        """How two values compare that are no constants, each pair once whichever of them was written first."""
        if operator == "!=":
            return opposite(self._order(whole, "=", left, right))
        is_ordered = left.kind.name in _ORDERED
        kind = ORDER if is_ordered else whole.kind
        mirrored = t.Comparison(whole.mark, kind, "=", right, left)
        if self._sources.number(self._owner(mirrored), mirrored) is not None:
            left, right, operator = right, left, _MIRRORED[operator]
        pair = t.Comparison(whole.mark, kind, "=", left, right)
        return settled(self._atom(pair, Values(intervals=_ORDERS[operator]) if is_ordered else _YES))

    def _asked(self, whole: Term, subject: Term, operator: str, constant: t.Constant) -> Verdict:
        """`subject operator constant`."""
        kind, held = constant.kind, constant.value
        if isinstance(subject, t.Constant):
            left, right = exact_value(subject.kind, subject.value), exact_value(kind, held)
            return settled(Truth(_holds(operator, left, right)))
        if isinstance(subject, t.Call) and subject.function == "liability_of" and operator in ("=", "!="):
            return self._liable(subject.arguments[0], operator, held)
        if isinstance(subject, t.Call) and subject.function == "date_of":
            return self._on_day(whole, self._through(subject.arguments[0]), operator, held)
        if subject.kind.name == "bool" and not isinstance(subject, t.Reference):
            found = self.verdict(subject)
            return found if held is (operator == "=") else opposite(found)
        if subject.kind.name not in _ORDERED:
            found = settled(self._atom(subject, Values(named=frozenset({held}))))
            return opposite(found) if operator == "!=" else found
        return settled(self._ordered(subject, operator, position(subject, exact_value(kind, held))))

    def _liable(self, reason: Term, operator: str, liability: str) -> Verdict:
        codes = frozenset(code for code, each in self._pack.reasons.items() if each.liability == liability)
        found = settled(self._atom(self._through(reason), Values(named=codes)))
        return opposite(found) if operator == "!=" else found

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

    def _on_day(self, whole: Term, instant: Term, operator: str, day: int) -> Verdict:
        """A local date compared: an instant in the days that fit."""
        try:
            start, end = self._pack.zone.start_of_day(day), self._pack.zone.start_of_day(day + 1)
        except BeyondHorizon:
            date = t.Call(whole.mark, Kind("date"), "date_of", (instant,))
            return self._order(whole, operator, date, t.Constant(whole.mark, date.kind, day))
        match operator:
            case "<":
                return settled(self._ordered(instant, "<", Fraction(start)))
            case "<=":
                return settled(self._ordered(instant, "<", Fraction(end)))
            case ">":
                return settled(self._ordered(instant, ">=", Fraction(end)))
            case ">=":
                return settled(self._ordered(instant, ">=", Fraction(start)))
        on = both(self._ordered(instant, ">=", Fraction(start)), self._ordered(instant, "<", Fraction(end)))
        return settled(negated(on) if operator == "!=" else on)

    # What names stand for

    def _alternatives(self, term: Term) -> list[_Alternative]:
        """What a term stands for, each where it does; itself where nothing smaller is known of it."""
        self._depth += 1
        try:
            return self._standing_for(term) if self._depth <= _DEEPEST else [_Alternative(TRUE, self, term)]
        finally:
            self._depth -= 1

    def _standing_for(self, term: Term) -> list[_Alternative]:
        inner = self._through(term)
        if isinstance(inner, t.Conditional):
            test = self.verdict(inner.test)
            return [
                replace(each, when=both(when, each.when))
                for when, part in ((test.yes, inner.then), (test.no, inner.otherwise))
                for each in self._alternatives(part)
            ]
        if isinstance(inner, t.Reference) and inner.space is Space.PARAMETER:
            found = self._setting.parameter(self._pack, inner.name)
            if not isinstance(found, Unknown):
                return [_Alternative(TRUE, self, t.Constant(inner.mark, inner.kind, found.value))]
            return [] if self._concluding else [_Alternative(TRUE, self, inner)]
        if isinstance(inner, t.Reference) and inner.space is Space.DECISION and "." in inner.name:
            return list(self._concluded(inner))
        return [_Alternative(TRUE, self, inner)]

    def _concluded(self, reference: t.Reference) -> Iterator[_Alternative]:
        """What an output of a required decision stands for."""
        name, _, output = reference.name.partition(".")
        conclusions = self._concluding(name) if self._concluding else None
        kind = self._pack.decisions[name].outputs[output].kind
        if conclusions is None or any(rounds(each.outputs.get(output), kind) for each in conclusions):
            yield _Alternative(TRUE, self, reference)
            return
        for conclusion in conclusions:
            term = conclusion.outputs.get(output)
            if term is None:
                yield _Alternative(conclusion.when, self, None)
                continue
            for each in conclusion.cutter._alternatives(term):
                yield replace(each, when=both(conclusion.when, each.when))

    def _through(self, term: Term) -> Term:
        """What a name stands for, as far as looking through it rounds nothing."""
        while isinstance(term, t.Reference) and term.space in (Space.INPUT, Space.DERIVED):
            behind = self._columns[term.name].term if term.space is Space.INPUT else self._pack.derived[term.name].term
            if rounds(behind, behind.kind):
                return term
            term = behind
        return term

    # Sources

    def _opaque(self, term: Term) -> Verdict:
        return settled(self._atom(term, _YES))

    def _atom(self, term: Term, values: Values) -> Formula:
        owner = self._owner(term)
        number = self._sources.number(owner, term)
        return Atom(self._sources.add(self._source(term, owner)) if number is None else number, values)

    def _source(self, term: Term, owner: str) -> Source:
        is_fact = isinstance(term, t.Reference) and term.space in (Space.FACT, Space.ITEM)
        optional = isinstance(term, t.Reference) and term.optional
        return Source(term, self.facts_behind(term), is_fact, optional, owner)

    def _owner(self, term: Term) -> str:
        """The decision without whose columns the term means nothing."""
        return self._name if _is_local(term) else ""

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
                case Space.ITEM if name.partition(".")[0] == self._item:
                    found.add(name)
                case Space.INPUT if name in self._columns:
                    waiting += t.references(self._columns[name].term)
                case Space.DERIVED:
                    waiting += t.references(self._pack.derived[name].term)
                case Space.DECISION:
                    waiting += self._pack.decisions[name].reads()
        return found


_YES = Values(named=frozenset({True}))


def _is_local(term: Term) -> bool:
    return any(reference.space in t.LOCAL for reference in t.references(term))


def _holds(operator: str, left: Any, right: Any) -> bool:
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

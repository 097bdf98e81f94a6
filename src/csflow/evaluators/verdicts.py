"""Owns why a rule is not what decided: the verdict on it, and the part of its condition that says so.

Conditions, exceptions and the order of looking are those of the engine that is the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.tables import applied_exception
from csflow.evaluators.unknowns import Cause, Unknown
from csflow.expressions import terms as t
from csflow.pack.model import CHECKLIST, Decision, Rule


class Verdict(StrEnum):
    """What became of a rule, an exception or a requirement."""

    DECIDED = "decided"  # It is what decided, or one of several that did.
    FALSE = "false"  # Its condition does not hold.
    UNKNOWN = "unknown"  # Its condition cannot be known.
    MET = "met"  # The requirement is met: there is nothing to refuse for.
    EARLIER_RULE = "earlier_rule"  # An earlier rule decided; it was not looked at.
    OUTRANKED = "outranked"  # It holds; another that holds gives the better answer.
    REPLACED = "replaced"  # It holds; an exception replaced what it gives.
    RULE_NOT_APPLIED = "rule_not_applied"  # The rule, or the exception, that it belongs to does not decide.
    HIGHER_RANK = "higher_rank"  # An exception of a higher rank applies.
    OTHER_RULES = "other_rules"  # It is for where no rule holds, and some do.
    CONFLICT = "conflict"  # It holds, and so do others that must not hold with it.
    OTHERS_UNKNOWN = "others_unknown"  # It does not decide while something else cannot be known.
    VALUE_UNKNOWN = "value_unknown"  # It holds; an exception of it, or a value that it gives, cannot be known.
    NO_VALUE = "no_value"  # It holds, and gives nothing that could be added up.


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on a rule; `others` are the rules or exceptions that it names.

    `parts` are the first part of the condition that is false, or unknown, with all its alternatives. `above` is the
    verdict on the rule that an exception belongs to, where that is why.
    """

    rule: Rule
    verdict: Verdict
    others: tuple[Rule, ...] = ()
    parts: tuple[t.Term, ...] = ()
    missing: tuple[Cause, ...] = ()
    above: "Finding | None" = None


def verdict_on(evaluation: Evaluation, outcome: Outcome, id: str) -> Finding | None:
    """The verdict on the rule of that id; None where the decision has none."""
    way = next((way for way in _ways(outcome.decision) if way[-1].id == id), None)
    return None if way is None else _Looking(evaluation, outcome).finding(way)


def _ways(decision: Decision) -> Iterator[tuple[Rule, ...]]:
    """For every rule and exception, the rules above it and itself."""
    waiting: list[tuple[Rule, ...]] = [
        (rule,) for rule in (*decision.rules, *([decision.otherwise] if decision.otherwise else []))
    ]
    while waiting:
        way = waiting.pop(0)
        yield way
        waiting += [(*way, exception) for exception in way[-1].exceptions]


class _Looking:
    def __init__(self, evaluation: Evaluation, outcome: Outcome) -> None:
        self._evaluation = evaluation
        self._outcome = outcome
        self._decision = outcome.decision

    def finding(self, way: tuple[Rule, ...]) -> Finding:
        if len(way) > 1:
            return self._of_exception(way)
        return self._of_otherwise(way[0]) if way[0] is self._decision.otherwise else self._of_rule(way[0])

    def _value(self, term: t.Term) -> Any:
        return self._evaluation.value(term, self._outcome.day, self._outcome.inputs)

    # Rules

    def _of_rule(self, rule: Rule) -> Finding:
        holds = self._value(rule.condition)
        if isinstance(holds, Unknown) and self._outcome.status != "decided":
            return self._unknown(rule, holds)
        if holds is False:
            return self._false(rule)
        return self._of_holding(rule)

    def _of_holding(self, rule: Rule) -> Finding:
        """A rule that holds, or, after the one that decided, was not looked at."""
        outcome = self._outcome
        if outcome.status == "decided":
            return self._beside_hits(rule)
        if outcome.status == "no_rule":
            return Finding(rule, Verdict.NO_VALUE)
        if outcome.contradicting:
            return Finding(rule, Verdict.CONFLICT, tuple(each for each in outcome.contradicting if each is not rule))
        is_last = rule in (outcome.rule, *outcome.exceptions)
        verdict = Verdict.VALUE_UNKNOWN if is_last else Verdict.OTHERS_UNKNOWN
        return Finding(rule, verdict, missing=outcome.missing)

    def _beside_hits(self, rule: Rule) -> Finding:
        hit = next((hit for hit in self._outcome.hits if hit.rule is rule), None)
        if hit is not None:
            if hit.exceptions:
                return Finding(rule, Verdict.REPLACED, hit.exceptions[:1])
            # A requirement that is not met says so itself.
            return Finding(rule, Verdict.DECIDED, parts=self._parts(rule, False) if self._is_requirement(rule) else ())
        verdict = Verdict.EARLIER_RULE if self._decision.hit_policy == "first" else Verdict.OUTRANKED
        return Finding(rule, verdict, (self._outcome.hits[0].rule,))

    def _of_otherwise(self, rule: Rule) -> Finding:
        values = [(each, self._value(each.condition)) for each in self._decision.rules]
        holding = tuple(each for each, value in values if value is True)
        unknown = any(isinstance(value, Unknown) for _, value in values)
        if holding:
            return Finding(rule, Verdict.OTHER_RULES, holding)
        if unknown:
            return Finding(rule, Verdict.OTHERS_UNKNOWN, missing=self._outcome.missing)
        return self._of_holding(rule)

    # Exceptions

    def _of_exception(self, way: tuple[Rule, ...]) -> Finding:
        """Why an exception was not taken; or, first, why the rule that it belongs to is not looked into."""
        found = self.finding(way[:1])
        if not self._is_looked_at(found):
            return self._below(way[-1], found)
        for above, below in pairwise(way[:-1]):
            if applied_exception(above, self._value) is not below:
                return self._below(way[-1], self._among(above, below))
        return self._among(way[-2], way[-1])

    def _is_looked_at(self, found: Finding) -> bool:
        """Whether the rule holds and its exceptions were asked."""
        if found.verdict is Verdict.CONFLICT:
            return self._outcome.rule is found.rule
        return found.verdict in (Verdict.DECIDED, Verdict.REPLACED, Verdict.VALUE_UNKNOWN)

    def _below(self, exception: Rule, above: Finding) -> Finding:
        return Finding(exception, Verdict.RULE_NOT_APPLIED, (above.rule,), above.parts, above.missing, above)

    def _among(self, rule: Rule, exception: Rule) -> Finding:
        """Why the exception was taken for the rule, or not; DECIDED says that it was."""
        applied = applied_exception(rule, self._value)
        if applied is exception:
            return self._taken(exception)
        holds = self._value(exception.condition)
        if isinstance(applied, Unknown):
            if isinstance(holds, Unknown):
                return self._unknown(exception, holds)
            return self._false(exception) if holds is False else self._others_unknown(exception, applied)
        if holds is False:
            return self._false(exception)
        if isinstance(applied, list):
            others = tuple(each for each in applied if each is not exception)
            return Finding(exception, Verdict.CONFLICT if exception in applied else Verdict.HIGHER_RANK, others)
        assert applied is not None  # INVARIANT: of exceptions that are not false, one applies.
        return Finding(exception, Verdict.HIGHER_RANK, (applied,))

    def _taken(self, exception: Rule) -> Finding:
        """An exception that applies: it decides, unless one of its own does or nothing is decided."""
        next_one = applied_exception(exception, self._value)
        if isinstance(next_one, Rule):
            return Finding(exception, Verdict.REPLACED, (next_one,))
        if self._outcome.status == "decided":
            return Finding(exception, Verdict.DECIDED)
        return self._of_holding(exception)

    # Conditions

    def _is_requirement(self, rule: Rule) -> bool:
        return self._decision.hit_policy == CHECKLIST and rule is not self._decision.otherwise

    def _others_unknown(self, rule: Rule, unknown: Unknown) -> Finding:
        return Finding(rule, Verdict.OTHERS_UNKNOWN, missing=unknown.causes)

    def _false(self, rule: Rule) -> Finding:
        if self._is_requirement(rule):
            return Finding(rule, Verdict.MET, parts=(_required(rule),))
        return Finding(rule, Verdict.FALSE, parts=self._parts(rule, False))

    def _unknown(self, rule: Rule, unknown: Unknown) -> Finding:
        return Finding(rule, Verdict.UNKNOWN, parts=self._parts(rule, unknown), missing=unknown.causes)

    def _parts(self, rule: Rule, value: Any) -> tuple[t.Term, ...]:
        if self._is_requirement(rule):
            return tuple(self._within(_required(rule), value))
        if not rule.cells:
            return tuple(self._within(rule.condition, value))
        # They are kept by the names of their inputs; an author reads them as they stand.
        tests = sorted((cell.test for cell in rule.cells), key=lambda test: test.mark.start)
        part = next((test for test in tests if self._is_like(test, value)), None)
        # What is not in the cells is the condition of the layer that adds the exception.
        return tuple(self._within(rule.condition, value)) if part is None else (part,)

    def _within(self, term: t.Term, value: Any) -> Iterator[t.Term]:
        """The parts that make a term false, or unknown, as `value` is."""
        match term:
            case t.And(operands=operands):
                part = next((part for part in operands if self._is_like(part, value)), term)
                yield from self._within(part, value) if part is not term else (term,)
            case t.Or(operands=operands):
                for part in operands:
                    if self._is_like(part, value):
                        yield from self._within(part, value)
            case _:
                yield term

    def _is_like(self, term: t.Term, value: Any) -> bool:
        found = self._value(term)
        return isinstance(found, Unknown) if isinstance(value, Unknown) else found is value


def _required(rule: Rule) -> t.Term:
    """What a requirement asks for: its rule holds where that does not."""
    assert isinstance(rule.condition, t.Not)  # INVARIANT: linking makes each requirement so.
    return rule.condition.operand

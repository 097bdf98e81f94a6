"""Owns one case as the reference engine answers it, in one situation."""

from collections.abc import Callable, Mapping
from typing import Any

from csflow.checks.cases import Case
from csflow.checks.situations import Situation
from csflow.evaluators.formulas import Source, Values
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.positions import ORDER, position
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.unknowns import Unknown
from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.facts import ABSENT


class Trial:
    """What a case comes to. Of a decision for each record `outcome` is that of its one record."""

    def __init__(self, situation: Situation, case: Case, rest: Mapping[str, Any]) -> None:
        self.case = case
        self._name = situation.decision.name
        self._evaluation = Evaluation(situation.pack, case.checked(rest), case.at or 0)
        whole = self._evaluation.decide(self._name, situation.start)
        self.outcome = whole.items[0] if whole.items else whole

    def holds(self, term: Term) -> bool:
        """Whether a condition of the decision is true."""
        return self._value(self.outcome, term) is True

    def has(self, source: Source, wanted: Values) -> bool:
        """Whether a source has one of the values."""
        value = self.value(source)
        if isinstance(value, Unknown):
            return False
        if value is ABSENT:
            return wanted.absent
        if isinstance(value, (bool, str)):
            return value in wanted.named
        return any(low <= position(source.term, value) <= high for low, high in wanted.intervals)

    def value(self, source: Source) -> Any:
        """The exact value of a source; of an order, -1, 0 or 1."""
        if isinstance(source.term, t.Comparison) and source.term.kind == ORDER:
            return self.difference(source, source.term.left, source.term.right, _sign)
        return self.value_of(source, source.term)

    def value_of(self, source: Source, term: Term) -> Any:
        """The exact value of a term that reads what the source reads."""
        outcome = self.outcome
        if source.decision not in ("", self._name):
            outcome = self._evaluation.decide(source.decision, outcome.day)
        return self._value(outcome, term)

    def difference(self, source: Source, left: Term, right: Term, shown: Callable[[Any], Any]) -> Any:
        """`left - right`, or what is not known or absent of the two."""
        values = [self.value_of(source, term) for term in (left, right)]
        odd = [value for value in values if isinstance(value, Unknown) or value is ABSENT]
        return odd[0] if odd else shown(values[0] - values[1])

    def _value(self, outcome: Outcome, term: Term) -> Any:
        return self._evaluation.value(term, outcome.day, outcome.inputs)


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)

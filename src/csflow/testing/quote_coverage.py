"""Owns what a test of a settlement covers: the rules that its terms ask, and the changes that its amounts would notice.

A change counts as noticed where an amount, or whatever else the test names, would be another: that the settlement would
have been asked something else is not enough.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Mark
from csflow.evaluators.reference import Evaluation
from csflow.facts import Facts
from csflow.pack.model import LinkedPack
from csflow.settlement import Settler
from csflow.settlement.cases import QuoteCase
from csflow.settlement.quoting import with_terms
from csflow.testing.coverage import Noticing, applied
from csflow.testing.quoting import run_quotes, told


@dataclass(frozen=True, slots=True)
class AskedQuote:
    """One test of a settlement, as a question that coverage asks of a pack."""

    case: QuoteCase

    def answered(self, pack: LinkedPack) -> "QuoteAnswered":
        return QuoteAnswered(pack, self.case)


class QuoteAnswered(Noticing):
    """A test of a settlement with its quotes, its terms read by the reference engine."""

    def __init__(self, pack: LinkedPack, case: QuoteCase) -> None:
        self._case = case
        self._told, evaluations = _run(pack, case)
        outcomes = [outcome for evaluation in evaluations for outcome in evaluation.outcomes]
        self.decided = frozenset(outcome.decision.name for outcome in outcomes)
        self.hit: frozenset[Mark] = frozenset(rule.mark for outcome in outcomes for rule in applied(outcome))

    def notices(self, changed: LinkedPack) -> bool:
        return _run(changed, self._case)[0] != self._told


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the reference engine found, as a settlement reads it."""

    status: str
    rule: str | None
    held: Mapping[str, Any]
    missing: tuple[Any, ...]


def _run(pack: LinkedPack, case: QuoteCase) -> tuple[tuple[Any, ...], list[Evaluation]]:
    """What the test sees, and what was asked on the way."""
    settlement = pack.settlements[case.settlement]
    asking = with_terms(pack, settlement)
    evaluations: list[Evaluation] = []

    def deciding(name: str) -> Callable[[Facts, int | None], Any]:
        def answer(facts: Facts, at: int | None) -> _Answer:
            evaluation = Evaluation(asking, facts, at)
            evaluations.append(evaluation)
            outcome = evaluation.decide(name)
            return _Answer(
                outcome.status, outcome.rule.id if outcome.rule else None, outcome.outputs, tuple(outcome.missing)
            )

        return answer

    result = run_quotes(case, pack, Settler(pack, settlement, deciding))
    return told(case, result.quotes), evaluations

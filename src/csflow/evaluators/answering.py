"""Owns an answer as production has it: which conclusion was drawn, and the values it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from csflow.evaluators.outcomes import Outcome
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.values.presenting import to_python


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What all answers have in common to which one rule, with its exceptions, leads.

    `gives_list`: each output is a tuple of values. The rule is left out where there may be several.
    """

    decision: Decision
    status: str
    gives_list: bool
    rule: str | None = None
    exceptions: tuple[str, ...] = ()
    because: str | None = None


class Answer:
    """A conclusion and its outputs in held form; `shown`, once somebody asked, are they as Python values."""

    __slots__ = ("conclusion", "held", "shown")

    def __init__(self, conclusion: Conclusion, held: Mapping[str, Any]) -> None:
        self.conclusion = conclusion
        self.held = held
        self.shown: Mapping[str, Any] | None = None

    def show(self, pack: LinkedPack) -> Mapping[str, Any]:
        """The outputs as Python values, read-only."""
        if self.shown is None:
            self.shown = MappingProxyType({name: self._shown(name, held, pack) for name, held in self.held.items()})
        return self.shown

    def _shown(self, name: str, held: Any, pack: LinkedPack) -> Any:
        kind = self.conclusion.decision.outputs[name].kind
        if self.conclusion.gives_list:
            return tuple(to_python(kind, each, pack.zone) for each in held)
        return to_python(kind, held, pack.zone)


def conclusion_of(decision: Decision, rule: Rule | None, exceptions: tuple[Rule, ...], gives_list: bool) -> Conclusion:
    """That of a decided answer: of the rule that hit, and of the exceptions that replaced its outputs."""
    if rule is None or gives_list or decision.aggregate:
        return Conclusion(decision, "decided", gives_list)
    because = (exceptions[-1] if exceptions else rule).because
    ids = tuple(exception.id for exception in exceptions)
    return Conclusion(decision, "decided", gives_list, rule.id, ids, str(because) if because else None)


def answer_of(outcome: Outcome) -> Answer:
    """What the reference engine found, as an answer."""
    decision, status = outcome.decision, outcome.status
    if status != "decided":
        return Answer(Conclusion(decision, status, outcome.gives_list), outcome.outputs)
    return Answer(conclusion_of(decision, outcome.rule, outcome.exceptions, outcome.gives_list), outcome.outputs)

"""Owns an answer as production has it: which conclusion was drawn, and the values it gives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from csflow.evaluators.outcomes import Outcome
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.values.kinds import Kind
from csflow.values.presenting import to_python
from csflow.values.zones import Zone


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What all answers have in common to which one rule, with its exceptions, leads.

    `gives_list`: each output is a tuple of values. The rule is left out where there may be several.
    """

    pack: LinkedPack = field(compare=False, repr=False)
    decision: Decision
    status: str
    gives_list: bool
    rule: str | None = None
    exceptions: tuple[str, ...] = ()
    because: str | None = None


class Answer:
    """A conclusion and its outputs in held form; `outputs` are they as Python values, once somebody asked."""

    __slots__ = ("conclusion", "held", "outputs")

    def __init__(self, conclusion: Conclusion, held: Mapping[str, Any]) -> None:
        self.conclusion = conclusion
        self.held = held
        self.outputs: Mapping[str, Any] | None = None

    def shown(self) -> Mapping[str, Any]:
        """The outputs as Python values, read-only."""
        if self.outputs is None:
            self.outputs = MappingProxyType(self.presented(to_python, tuple))
        return self.outputs

    def presented(
        self, present: Callable[[Kind, Any, Zone], Any], several: Callable[[Iterable[Any]], Any]
    ) -> dict[str, Any]:
        """Each output as `present` has it; where the decision gives several, `several` of them."""
        kinds, zone = self.conclusion.decision.outputs, self.conclusion.pack.zone
        if not self.conclusion.gives_list:
            return {name: present(kinds[name].kind, held, zone) for name, held in self.held.items()}
        return {
            name: several(present(kinds[name].kind, each, zone) for each in held) for name, held in self.held.items()
        }


def conclusion_of(
    pack: LinkedPack, decision: Decision, rule: Rule | None, exceptions: tuple[Rule, ...], gives_list: bool
) -> Conclusion:
    """That of a decided answer: of the rule that hit, and of the exceptions that replaced its outputs."""
    if rule is None or gives_list or decision.aggregate:
        return Conclusion(pack, decision, "decided", gives_list)
    because = (exceptions[-1] if exceptions else rule).because
    ids = tuple(exception.id for exception in exceptions)
    return Conclusion(pack, decision, "decided", gives_list, rule.id, ids, str(because) if because else None)


def answer_of(pack: LinkedPack, outcome: Outcome) -> Answer:
    """What the reference engine found, as an answer."""
    decision, status = outcome.decision, outcome.status
    if status != "decided":
        return Answer(Conclusion(pack, decision, status, outcome.gives_list), outcome.outputs)
    return Answer(conclusion_of(pack, decision, outcome.rule, outcome.exceptions, outcome.gives_list), outcome.outputs)

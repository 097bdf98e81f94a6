"""Owns what a decision came to, as the engines have it: held values, rules, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from csflow.evaluators.unknowns import Cause, Unknown
from csflow.pack.model import CHECKLIST, Decision, Edition, Layer, Rule


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds, the exceptions that replaced its outputs, and what they give."""

    rule: Rule
    exceptions: tuple[Rule, ...]
    outputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to. `outputs` are held values; None is an optional one left out.

    A decision that gives a list has a tuple for each output: one value a hit, or one a record.
    `rule` and `exceptions` are what was looked at last, also where that led to no decision; they are
    those of the first hit where there are several. `contradicting` are the rules, or the exceptions of
    one, that hold together and must not. `items` are the outcomes for the records of a list, each of
    which `is_record`.
    """

    decision: Decision
    status: str
    day: int | Unknown
    outputs: Mapping[str, Any]
    rule: Rule | None = None
    exceptions: tuple[Rule, ...] = ()
    missing: tuple[Cause, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    contradicting: tuple[Rule, ...] = ()
    hits: tuple[Hit, ...] = ()
    items: "tuple[Outcome, ...]" = ()
    is_record: bool = False

    @property
    def reported_hits(self) -> tuple[Hit, ...]:
        """The rules that hit; of a checklist, the requirements that are not met."""
        is_met = self.decision.hit_policy == CHECKLIST and self.rule is self.decision.otherwise
        return () if is_met else self.hits

    @property
    def gives_list(self) -> bool:
        """Whether each output is a tuple of values."""
        return self.decision.gives_list and not self.is_record


@dataclass(frozen=True, slots=True)
class InForce:
    """The value of a parameter on a day, its edition, and the layer that gave it (None: the pack).

    Of several windows of which the last to end counts, `among` are all.
    """

    value: Any
    edition: Edition
    layer: Layer | None
    among: "tuple[InForce, ...]" = ()

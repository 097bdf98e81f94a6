"""Owns the exact questions about tables, each for every case at once: what meets, and what never counts.

They are asked by `csflow check`, not when a pack is loaded: they take longer, and their answers do not change
what a pack decides. A finding is an error only with a proof, or with a case that the reference engine confirms.
"""

from dataclasses import dataclass, field

from csflow.checks.cases import Case
from csflow.checks.claims import Claims
from csflow.checks.idle_inputs import report_idle_inputs
from csflow.checks.idle_rules import report_idle_rule
from csflow.checks.meeting_exceptions import Exceptions
from csflow.checks.meeting_rules import Meeting
from csflow.checks.situations import Situation, situations
from csflow.diagnostics import Diagnostics, Word
from csflow.evaluators.regions import Budget, OverBudget
from csflow.expressions.terms import Space
from csflow.pack.model import CHECKLIST, Decision, LinkedPack


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """A decision about which the questions were not asked, and why."""

    decision: str
    reason: Word


@dataclass(slots=True)
class Analysis:
    """What was analysed: how many decisions there are, those passed over, and what falls to an `otherwise`."""

    decisions: int = 0
    not_analysed: list[NotAnalysed] = field(default_factory=list)
    left_over: dict[str, Case] = field(default_factory=dict)


def analyse(pack: LinkedPack, diagnostics: Diagnostics) -> Analysis:
    """Report what the questions about the decisions of a pack find."""
    found = Analysis(len(pack.decisions))
    for decision in pack.decisions.values():
        if decision.for_each is not None and decision.for_each.source.space is not Space.FACT:
            found.not_analysed.append(NotAnalysed(decision.name, Word("analysis.computed_list")))
            continue
        own = Diagnostics()
        try:
            left = _analyse(pack, decision, own)
        except OverBudget:
            found.not_analysed.append(NotAnalysed(decision.name, Word("analysis.too_large")))
            continue
        diagnostics.extend(own)
        if left is not None:
            found.left_over[decision.name] = left
    return found


def _analyse(pack: LinkedPack, decision: Decision, diagnostics: Diagnostics) -> Case | None:
    """Report about one decision; a case that falls to its `otherwise`. Raises `OverBudget`."""
    claims = Claims()
    meeting, exceptions = Meeting(decision, claims), Exceptions(decision, claims)
    every = list(situations(pack, decision, Budget()))
    for situation in every:
        meeting.look_at(situation)
        exceptions.look_at(situation)
    idle = _report_idle(decision, meeting, every, diagnostics)
    exceptions.report(idle, diagnostics)
    claims.report(diagnostics)
    return claims.case(meeting.left)


def _report_idle(decision: Decision, meeting: Meeting, every: list[Situation], diagnostics: Diagnostics) -> set[str]:
    """Report the rules that never decide, and the columns that never matter; the ids of those rules."""
    idle = [number for number, rule in enumerate(decision.rules) if rule.id not in meeting.possible]
    for number in idle:
        report_idle_rule(decision, number, every, diagnostics)
    if decision.hit_policy != CHECKLIST:
        report_idle_inputs(decision, every, diagnostics)
    return {decision.rules[number].id for number in idle}

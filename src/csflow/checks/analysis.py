"""Owns the exact questions about tables and layers, each for every case at once: what meets, and what never counts.

They are asked by `csflow check`, not when a pack is loaded: they take longer, and their answers do not change
what a pack decides. A finding is an error only with a proof, or with a case that the reference engine confirms.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from csflow.checks.cases import Case
from csflow.checks.claims import Claims
from csflow.checks.collecting import uncollected
from csflow.checks.flows.guards import guarded, with_stand_ins
from csflow.checks.idle_inputs import report_idle_inputs
from csflow.checks.idle_layers import report_idle_layers
from csflow.checks.idle_rules import report_idle_rules
from csflow.checks.meeting_exceptions import Exceptions
from csflow.checks.meeting_rules import Meeting
from csflow.checks.remembering import Examined, Examining, Keys, Memory
from csflow.checks.situations import Situation, situations
from csflow.diagnostics import Diagnostics, Word
from csflow.evaluators.regions import Budget, OverBudget
from csflow.expressions.terms import Space
from csflow.pack.model import CHECKLIST, Decision, LinkedPack


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """A decision about which not all questions were asked, and why. What was found by then is reported."""

    decision: str
    reason: Word


@dataclass(slots=True)
class Analysis:
    """What was analysed: how many decisions there are, those passed over, and what falls to an `otherwise`."""

    decisions: int = 0
    not_analysed: list[NotAnalysed] = field(default_factory=list)
    left_over: dict[str, Case] = field(default_factory=dict)


_MEMORY = Memory()


@uncollected()
def analyse(pack: LinkedPack, diagnostics: Diagnostics, memory: Memory = _MEMORY) -> Analysis:
    """Report what the questions about a pack find; of decisions and flows, `memory` knows what they found before."""
    report_idle_layers(pack, diagnostics)
    found = Analysis()
    for part, decisions, examine in _asked(pack):
        keys = Keys(part)
        for decision in decisions:
            found.decisions += 1
            examined = memory.examined(keys, decision, examine)
            diagnostics.extend(examined.findings)
            if examined.not_analysed is not None:
                found.not_analysed.append(NotAnalysed(decision.name, examined.not_analysed))
            if examined.left_over is not None:
                found.left_over[decision.name] = examined.left_over
    return found


def _asked(pack: LinkedPack) -> Iterator[tuple[LinkedPack, Iterable[Decision], Examining]]:
    """The decisions of a pack, then the tables of rows of its flows, each in the pack that its guards see."""
    yield pack, pack.decisions.values(), _examine
    for flow in pack.flows.values():
        yield from ((part, decisions, _examine_rows) for part, decisions in guarded(pack, flow))


def _examine_rows(pack: LinkedPack, decision: Decision) -> Examined:
    """Ask everything about the rows of a flow. What falls to their `otherwise` is no policy, and not told.

    Mostly they part what decisions answer, however these come to it: where that is proved, the decisions, which are
    asked about by themselves, are not looked into.
    """
    if decision.requires:
        examined = _examine(*with_stand_ins(pack, decision))
        if not examined.findings and examined.not_analysed is None:
            return Examined(())
    return replace(_examine(pack, decision), left_over=None)


def _examine(pack: LinkedPack, decision: Decision) -> Examined:
    """Ask everything about one decision."""
    if decision.for_each is not None and decision.for_each.source.space is not Space.FACT:
        return Examined((), not_analysed=Word("analysis.computed_list"))
    own, claims = Diagnostics(), Claims()
    meeting, exceptions = Meeting(decision, claims), Exceptions(pack, decision, claims)
    try:
        _look_at(pack, decision, meeting, exceptions, own)
    except OverBudget:
        # What was proved before, and what a case confirms, is so whatever else there is.
        claims.report_confirmed(own)
        return Examined(tuple(own), claims.case(meeting.left), Word("analysis.too_large"))
    claims.report(own)
    return Examined(tuple(own), claims.case(meeting.left))


def _look_at(
    pack: LinkedPack, decision: Decision, meeting: Meeting, exceptions: Exceptions, diagnostics: Diagnostics
) -> None:
    """Look at all situations; report what is proved. Raises `OverBudget`."""
    every = list(situations(pack, decision, Budget()))
    for situation in every:
        meeting.look_at(situation)
        exceptions.look_at(situation)
    idle = _report_idle(decision, meeting, every, diagnostics)
    exceptions.report(idle, diagnostics)


def _report_idle(decision: Decision, meeting: Meeting, every: list[Situation], diagnostics: Diagnostics) -> set[str]:
    """Report the rules that never decide, and the columns that never matter; the ids of those rules."""
    possible = meeting.possible
    idle = [number for number, rule in enumerate(decision.rules) if rule.id not in possible]
    report_idle_rules(decision, idle, every, diagnostics)
    if decision.hit_policy != CHECKLIST:
        report_idle_inputs(decision, every, diagnostics)
    return {decision.rules[number].id for number in idle}

"""Owns which obligations no case can meet, as far as exact analysis proves it: they do not count.

Two proofs are asked for. A rule that analysis finds never to apply need not be hit; a change after which the same
rules and exceptions apply, whatever the facts, need not be noticed. A proof covers cases in which all required
facts are given, on the days on which the pack is in force.
"""

from collections.abc import Iterable, Iterator

from csflow.checks.analysis import analyse
from csflow.checks.idle_layers import never_holds
from csflow.checks.situations import Situation, situations
from csflow.diagnostics import Diagnostics, Mark
from csflow.evaluators.formulas import Formula, both, either, negated
from csflow.evaluators.hitting import Hitting
from csflow.evaluators.regions import Budget, OverBudget
from csflow.pack.model import Decision, LinkedPack
from csflow.testing.obligations import RULES, Obligation

# What `csflow check` calls a rule or exception that never gives the answer.
_NEVER = frozenset({"cell-never-true", "unreachable-rule", "shadowed-rule", "exception-never-applies"})


def impossible(pack: LinkedPack, waiting: Iterable[Obligation]) -> frozenset[Obligation]:
    """Those of the obligations that are proved to be met by no case."""
    waiting = [each for each in waiting if each.home is not None]
    never = _never_applied(pack) if any(each.measure == RULES for each in waiting) else frozenset()
    return frozenset(
        each for each in waiting if (each.mark in never if each.measure == RULES else _goes_unnoticed(pack, each))
    )


def _never_applied(pack: LinkedPack) -> frozenset[Mark]:
    found = Diagnostics()
    analyse(pack, found)
    # Of a layer that never holds nothing else is reported.
    idle = {layer.name for layer in pack.layers.values() if never_holds(pack, layer)}
    rules = (rule for decision in pack.decisions.values() for rule in decision.every_rule() if rule.layer in idle)
    marks = (finding.mark for finding in found if finding.name in _NEVER and finding.mark is not None)
    return frozenset([*marks, *(rule.mark for rule in rules)])


def _goes_unnoticed(pack: LinkedPack, obligation: Obligation) -> bool:
    """Whether a change in the conditions of one decision is proved to leave every answer as it is."""
    assert obligation.home is not None
    before, after = pack.decisions[obligation.home], obligation.changed.decisions[obligation.home]
    if not _only_conditions_differ(before, after):
        return False
    try:
        return all(_is_same(situation, after) for situation in situations(pack, before, Budget()))
    except OverBudget:
        return False


def _only_conditions_differ(before: Decision, after: Decision) -> bool:
    """Whether the columns and what the rules give are the same; a decision for records is not looked into."""
    if before.for_each is not None or (before.inputs, before.locals) != (after.inputs, after.locals):
        return False
    pairs = zip(before.every_rule(), after.every_rule(), strict=True)
    return all(one.outputs == other.outputs for one, other in pairs)


def _is_same(situation: Situation, after: Decision) -> bool:
    """Whether in a situation there is no region of the facts in which other rules apply."""
    changed = Hitting(after, situation.judge)
    pairs = zip(_applied(situation.decision, situation.hitting), _applied(after, changed), strict=True)
    differ = [either(both(one, negated(other)), both(negated(one), other)) for one, other in pairs if one != other]
    return not situation.is_possible(either(*differ))


def _applied(decision: Decision, hitting: Hitting) -> Iterator[Formula]:
    """For every rule and exception, where it applies: under `first` where no rule before it does."""
    for number, rule in enumerate(decision.rules):
        verdict = hitting.verdicts[number]
        holds = verdict.yes
        if decision.hit_policy == "first":
            holds = hitting.hit(number)
        else:
            yield verdict.no
        yield holds
        yield from (both(holds, each.when) for each in hitting.applied(rule))
    yield hitting.none
    if decision.otherwise is not None:
        yield from (both(hitting.none, each.when) for each in hitting.applied(decision.otherwise))

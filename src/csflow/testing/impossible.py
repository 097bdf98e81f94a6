"""Owns which obligations no case can meet, as far as exact analysis proves it: they do not count.

Two proofs are asked for. A rule that analysis finds never to apply need not be hit; a change after which the same
rules and exceptions apply, whatever the facts, need not be noticed. A proof covers cases in which all required
facts are given, on the days on which the pack is in force.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from csflow.checks.analysis import analyse
from csflow.diagnostics import Diagnostics, Mark
from csflow.evaluators.cutting import Cutter
from csflow.evaluators.formulas import FALSE, Formula, both, negated
from csflow.evaluators.regions import OverBudget, leaves
from csflow.evaluators.settings import Setting, changes, layers_giving, parameters_read
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.testing.obligations import RULES, Obligation

# What `csflow check` calls a rule or exception that never gives the answer.
_NEVER = frozenset({"unreachable-rule", "shadowed-rule", "exception-never-applies"})


def impossible(pack: LinkedPack, waiting: Iterable[Obligation]) -> frozenset[Obligation]:
    """Those of the obligations that are proved to be met by no case."""
    waiting = [each for each in waiting if each.home is not None and not _varies_by_layer(pack, each.home)]
    never = _never_applied(pack) if any(each.measure == RULES for each in waiting) else frozenset()
    return frozenset(
        each for each in waiting if (each.mark in never if each.measure == RULES else _goes_unnoticed(pack, each))
    )


def _varies_by_layer(pack: LinkedPack, decision: str) -> bool:
    """Whether a layer gives a parameter that the decision reads: the analysis looks at the pack without its layers."""
    return bool(layers_giving(pack, parameters_read(pack, decision)))


def _never_applied(pack: LinkedPack) -> frozenset[Mark]:
    found = Diagnostics()
    analyse(pack, found)
    return frozenset(finding.mark for finding in found if finding.name in _NEVER and finding.mark is not None)


def _goes_unnoticed(pack: LinkedPack, obligation: Obligation) -> bool:
    """Whether a change in the conditions of one decision is proved to leave every answer as it is."""
    assert obligation.home is not None
    before, after = pack.decisions[obligation.home], obligation.changed.decisions[obligation.home]
    if not _only_conditions_differ(before, after):
        return False
    try:
        return all(_is_same(pack, before, after, *stretch) for stretch in _stretches(pack, before))
    except OverBudget:
        return False


def _only_conditions_differ(before: Decision, after: Decision) -> bool:
    """Whether the columns and what the rules give are the same; a decision for records is not looked into."""
    if before.for_each is not None or (before.inputs, before.locals) != (after.inputs, after.locals):
        return False
    pairs = zip(before.every_rule(), after.every_rule(), strict=True)
    return all(one.outputs == other.outputs for one, other in pairs)


def _stretches(pack: LinkedPack, decision: Decision) -> Iterator[tuple[int, int]]:
    """The days between which no parameter that the decision reads changes."""
    first, end = pack.in_force
    yield from pairwise(day for day in changes(pack, parameters_read(pack, decision.name)) if first <= day <= end)


def _is_same(pack: LinkedPack, before: Decision, after: Decision, start: int, end: int) -> bool:
    """Whether there is no region of the facts, in a stretch of days, in which other rules apply."""
    cutter = Cutter(pack, before, Setting(start))
    governed = before.governed_by if not pack.reads_at else None
    stretch = cutter.within_days(governed, start, end) if governed else cutter.always
    applied = [_applied(cutter, each) for each in (before, after)]
    found = leaves(cutter.sources, [stretch, *applied[0], *applied[1]])
    size = len(applied[0])
    return all(
        {number for number in leaf.rules if 0 < number <= size}
        == {number - size for number in leaf.rules if number > size}
        for leaf in found
        if 0 in leaf.rules
    )


def _applied(cutter: Cutter, decision: Decision) -> list[Formula]:
    """For every rule and exception, where it applies: under `first` where no rule before it does."""
    found: list[Formula] = []
    earlier: Formula = FALSE
    for rule in decision.rules:
        holds = cutter.formula(rule.condition)
        if decision.hit_policy == "first":
            holds, earlier = both(holds, negated(earlier)), negated(both(negated(earlier), negated(holds)))
        found += _with_exceptions(cutter, rule, holds)
    if decision.otherwise is not None:
        none = both(*(negated(cutter.formula(rule.condition)) for rule in decision.rules))
        found += _with_exceptions(cutter, decision.otherwise, none)
    return found


def _with_exceptions(cutter: Cutter, rule: Rule, applies: Formula) -> Iterator[Formula]:
    yield applies
    for exception in rule.exceptions:
        yield from _with_exceptions(cutter, exception, both(applies, cutter.formula(exception.condition)))

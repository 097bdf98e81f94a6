"""`cell-never-true`, `unreachable-rule`, `shadowed-rule`: rules that never decide a case, and why.

Each is a proof: the diagram holds every case, and perhaps more. One rule has one finding: of a cell that no case
satisfies, else that its condition is never true, else that other rules take every case in which it is.
"""

from collections.abc import Iterator, Sequence

from csflow.checks.meeting_rules import in_order
from csflow.checks.situations import Situation
from csflow.diagnostics import Diagnostics, Mark
from csflow.evaluators.formulas import both, negated
from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.pack.model import Decision, Rule


def report_idle_rule(
    decision: Decision, number: int, situations: Sequence[Situation], diagnostics: Diagnostics
) -> None:
    """Say why the rule at a place never decides. Raises `OverBudget`."""
    rule = decision.rules[number]
    never = next((place for place, test in _parts(rule) if not _is_possible(test, situations)), None)
    if never is not None:
        diagnostics.report("cell-never-true", never, id=rule.id)
    elif not _is_possible(rule.condition, situations):
        diagnostics.report("unreachable-rule", rule.mark, id=rule.id)
    else:
        hiding = {place for situation in situations for place in _hiding(decision, number, situation)} - {number}
        if not hiding:
            hiding = {place for situation in situations for place in _in_the_way(decision, number, situation)}
        names = [decision.rules[place].id for place in sorted(hiding)]
        diagnostics.report("shadowed-rule", rule.mark, id=rule.id, hiding=names)


def _parts(rule: Rule) -> Iterator[tuple[Mark, Term]]:
    """The cells of a rule, or what its written condition joins by `and`; nothing where it is one condition."""
    if rule.cells:
        yield from ((cell.mark, cell.test) for cell in rule.cells)
    elif isinstance(rule.condition, t.And):
        yield from ((part.mark, part) for part in rule.condition.operands)


def _is_possible(condition: Term, situations: Sequence[Situation]) -> bool:
    return any(situation.is_possible(situation.verdict(condition).yes) for situation in situations)


def _hiding(decision: Decision, number: int, situation: Situation) -> Iterator[int]:
    """The rules that decide where this one holds, by their places."""
    ways = in_order(situation) or ()
    places = {id(rule): place for place, rule in enumerate(decision.rules)}
    must = situation.hitting.verdicts[number].yes
    if decision.hit_policy == "priority":
        must = both(must, situation.hitting.clean)
    for leaf in situation.leaves([each.when for each in ways], must, first_only=True):
        if leaf.holding:
            yield places[id(ways[min(leaf.holding)].rule)]


def _in_the_way(decision: Decision, number: int, situation: Situation) -> Iterator[int]:
    """The rules that are not false where this one holds: unknown, or in conflict with themselves."""
    verdicts = situation.hitting.verdicts
    others = range(number) if decision.hit_policy == "first" else range(len(verdicts))
    for place in others:
        if place != number and situation.is_possible(both(verdicts[number].yes, negated(verdicts[place].no))):
            yield place

"""`cell-never-true`, `unreachable-rule`, `shadowed-rule`: rules that never decide a case, and why.

Each is a proof: the diagram holds every case, and perhaps more. One rule has one finding: of a cell that no case
satisfies, else that its condition is never true, else that other rules take every case in which it is.
"""

from collections.abc import Iterator, Sequence

from csflow.checks.meeting_rules import in_order
from csflow.checks.situations import Situation
from csflow.diagnostics import Diagnostics, Mark
from csflow.evaluators.formulas import TRUE, both, negated
from csflow.evaluators.regions import Diagram
from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.pack.model import Decision, Rule


def report_idle_rules(
    decision: Decision, numbers: Sequence[int], situations: Sequence[Situation], diagnostics: Diagnostics
) -> None:
    """Say why the rules at some places never decide. Raises `OverBudget`."""
    shadowed = []
    for number in numbers:
        rule = decision.rules[number]
        never = next((place for place, test in _parts(rule) if not _is_possible(test, situations)), None)
        if never is not None:
            diagnostics.report("cell-never-true", never, id=rule.id)
        elif not _is_possible(rule.condition, situations):
            diagnostics.report("unreachable-rule", rule.mark, id=rule.id)
        else:
            shadowed.append(number)
    hidden = _hiding(decision, shadowed, situations)
    for number in shadowed:
        rule, hiding = decision.rules[number], hidden[number] - {number}
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


def _hiding(decision: Decision, numbers: Sequence[int], situations: Sequence[Situation]) -> dict[int, set[int]]:
    """For each of some rules, by their places, the rules that decide where it holds."""
    found: dict[int, set[int]] = {number: set() for number in numbers}
    places = {id(rule): place for place, rule in enumerate(decision.rules)}
    for situation in situations if numbers else ():
        ways = in_order(situation) or ()
        clean = situation.hitting.clean if decision.hit_policy == "priority" else TRUE
        musts = [both(situation.hitting.verdicts[number].yes, clean) for number in numbers]
        diagram = situation.diagram([each.when for each in ways], musts, first_only=True)
        for place, number in enumerate(numbers):
            firsts = _firsts(diagram, place)
            found[number] |= {places[id(ways[first].rule)] for first in firsts}
    return found


def _firsts(diagram: Diagram, place: int) -> set[int]:
    """The formulas that are the first to hold somewhere at a place."""
    found: set[int] = set()
    known = 0

    def is_known(bits: int) -> bool:
        return not bits & ~known

    for leaf in diagram.leaves(place=place, is_known=is_known):
        if leaf.holding:
            found.add(min(leaf.holding))
            known |= 1 << min(leaf.holding)
    return found


def _in_the_way(decision: Decision, number: int, situation: Situation) -> Iterator[int]:
    """The rules that are not false where this one holds: unknown, or in conflict with themselves."""
    verdicts = situation.hitting.verdicts
    others = range(number) if decision.hit_policy == "first" else range(len(verdicts))
    for place in others:
        if place != number and situation.is_possible(both(verdicts[number].yes, negated(verdicts[place].no))):
            yield place

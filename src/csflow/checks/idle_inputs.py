"""`input-never-matters`: a column of which every cell could be `-`, and no case would be decided by another rule.

A rule without its cell holds in more cases than with it. The column matters where in one of those the rule would
count: be among those that hit, or under `first` and `priority` be the one that decides.
"""

from collections.abc import Iterator, Sequence

from csflow.checks.situations import Situation
from csflow.diagnostics import Diagnostics
from csflow.evaluators.formulas import FALSE, TRUE, Formula, Verdict, all_of, both, either, negated
from csflow.evaluators.hitting import Hitting, Undetermined
from csflow.expressions.terms import Space, references
from csflow.pack.model import Decision, Rule


def report_idle_inputs(decision: Decision, situations: Sequence[Situation], diagnostics: Diagnostics) -> None:
    """Report the columns that change no answer. Raises `OverBudget`."""
    read = _read_elsewhere(decision)
    for column in decision.inputs.values():
        if column.name in read:
            continue
        if not any(_Without(situation, column.name).matters() for situation in situations):
            diagnostics.report("input-never-matters", column.mark, name=column.name)


def _read_elsewhere(decision: Decision) -> set[str]:
    """The columns that something besides their own cells reads."""
    terms = [each.term for each in (*decision.inputs.values(), *decision.locals.values())]
    for rule in decision.every_rule():
        terms += [term for _, term in rule.outputs]
        if not rule.cells:
            terms.append(rule.condition)
    top = {id(rule) for rule in decision.rules}
    terms += [rule.condition for rule in decision.every_rule() if rule.cells and id(rule) not in top]
    return {reference.name for term in terms for reference in references(term) if reference.space is Space.INPUT}


class _Without:
    """A table in one situation without the cells of one column."""

    def __init__(self, situation: Situation, column: str) -> None:
        self._situation = situation
        self._decision = situation.decision
        self._column = column

    def matters(self) -> bool:
        return any(formula != FALSE and self._situation.is_possible(formula) for formula in self._changes())

    def _changes(self) -> Iterator[Formula]:
        """Where the answer changes, in parts."""
        policy, rules = self._decision.hit_policy, self._decision.rules
        asking = [number for number, rule in enumerate(rules) if self._cell(rule) is not None]
        if policy == "first":
            for number in asking:
                yield both(self._change(rules[number]), *(self._rest(rule).no for rule in rules[:number]))
        elif policy == "priority" and asking:
            yield from self._of_priority()
        else:
            known = self._situation.hitting.all_known
            if known != TRUE:
                known = either(known, both(*(self._rest(rule).known for rule in rules)))
            for number in asking:
                yield both(self._change(rules[number]), known)

    def _of_priority(self) -> Iterator[Formula]:
        """Where a rule that only holds without its cell would decide; where only one of the two tables is known."""
        without, hitting = Hitting(self._decision, self._rest), self._situation.hitting
        try:
            deciding = list(without.deciding())
        except Undetermined:
            yield from (self._change(rule) for rule in self._decision.rules if self._cell(rule) is not None)
            return
        for each in deciding:
            cell = self._cell(each.rule)
            if cell is not None:
                yield both(each.when, negated(cell.yes))
        yield both(hitting.all_known, hitting.clean, negated(without.clean))
        yield both(without.all_known, negated(hitting.all_known))
        yield both(hitting.all_known, negated(without.all_known))

    def _change(self, rule: Rule) -> Formula:
        """Where a rule says something else without its cell."""
        cell, rest = self._cell(rule), self._rest(rule)
        assert cell is not None  # INVARIANT: only rules that ask the column are asked about.
        return either(both(rest.yes, negated(cell.yes)), both(negated(rest.known), cell.no))

    def _cell(self, rule: Rule) -> Verdict | None:
        test = next((cell.test for cell in rule.cells if cell.input == self._column), None)
        return None if test is None else self._situation.verdict(test)

    def _rest(self, rule: Rule) -> Verdict:
        if not any(cell.input == self._column for cell in rule.cells):
            return self._situation.judge(rule)
        return all_of(self._situation.verdict(cell.test) for cell in rule.cells if cell.input != self._column)

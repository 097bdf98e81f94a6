"""`exception-never-applies`, `conflicting-exceptions`: exceptions, also those that layers add, under their rules.

An exception is looked at where its rule is hit and no exception of a higher rank applies. That it never applies is a
proof; where it may apply and no case was found, `unconfirmed-rule` says so. Two of one rank that hold together are a
conflict (`unconfirmed-exceptions` where no case was found).
"""

from collections.abc import Iterator
from functools import partial

from csflow.checks.claims import Claim, Claims
from csflow.checks.idle_layers import never_holds
from csflow.checks.situations import Situation
from csflow.checks.trials import Trial
from csflow.diagnostics import Diagnostics
from csflow.evaluators.formulas import Formula, both
from csflow.evaluators.hitting import Standing
from csflow.pack.model import Decision, LinkedPack, Rule


class Exceptions:
    """The exceptions of one decision, in all its situations."""

    def __init__(self, pack: LinkedPack, decision: Decision, claims: Claims) -> None:
        self._pack = pack
        self._decision = decision
        self._claims = claims
        # By identity: an exception of a layer may have the id of another.
        self._applying: set[int] = set()

    def look_at(self, situation: Situation) -> None:
        """Raises `OverBudget`."""
        for rule, hit in self._parents(situation):
            if rule.exceptions:
                for standing in situation.hitting.standings(rule, hit):
                    self._look_at_one(standing, situation)

    def report(self, idle: set[str], diagnostics: Diagnostics) -> None:
        """Report those that never apply, but below what never does and in layers that never hold: that is reported."""
        for rule in (*self._decision.rules, *([self._decision.otherwise] if self._decision.otherwise else [])):
            if rule.id not in idle or rule is self._decision.otherwise:
                self._report_below(rule, diagnostics)

    def _report_below(self, rule: Rule, diagnostics: Diagnostics) -> None:
        for exception in rule.exceptions:
            if id(exception) in self._applying:
                self._report_below(exception, diagnostics)
            elif exception.layer is None or not never_holds(self._pack, self._pack.layers[exception.layer]):
                diagnostics.report("exception-never-applies", exception.mark, id=exception.id, rule=rule.id)

    def _parents(self, situation: Situation) -> Iterator[tuple[Rule, Formula]]:
        for number, rule in enumerate(self._decision.rules):
            if rule.exceptions:
                yield rule, situation.hitting.hit(number)
        if self._decision.otherwise is not None:
            yield self._decision.otherwise, situation.hitting.none

    def _look_at_one(self, standing: Standing, situation: Situation) -> None:
        exception = standing.exception
        applies = both(standing.when, situation.judge(exception).yes)
        claim = Claim("", "unconfirmed-rule", exception.mark, (("id", exception.id),))
        for leaf in situation.places(applies):
            if not situation.is_exact(leaf):
                self._claims.look(claim, situation, leaf, lambda trial: _applies(trial, exception))
            self._applying.add(id(exception))
        for other in standing.earlier:
            meet = both(applies, situation.judge(other).yes, standing.known)
            self._conflict(situation, meet, other, exception)

    def _conflict(self, situation: Situation, formula: Formula, one: Rule, other: Rule) -> None:
        values = (("one", one.id), ("other", other.id))
        claim = Claim("conflicting-exceptions", "unconfirmed-exceptions", other.mark, values)
        for leaf in situation.places(formula):
            contradict = partial(_contradict, one=one, other=other, is_exact=situation.is_exact(leaf))
            self._claims.look(claim, situation, leaf, contradict)


def _applies(trial: Trial, exception: Rule) -> bool:
    outcome = trial.outcome
    chains = [hit.exceptions for hit in outcome.hits] or [outcome.exceptions]
    return any(each is exception for chain in chains for each in chain) or any(
        each is exception for each in outcome.contradicting
    )


def _contradict(trial: Trial, one: Rule, other: Rule, is_exact: bool) -> bool:
    """Whether the answer is their conflict; of facts alone, also where that of another rule is told instead."""
    found = {id(rule) for rule in trial.outcome.contradicting}
    if trial.outcome.status == "conflict" and found >= {id(one), id(other)}:
        return True
    is_refused = trial.outcome.status in ("conflict", "undecided")
    return is_exact and is_refused and trial.holds(one.condition) and trial.holds(other.condition)

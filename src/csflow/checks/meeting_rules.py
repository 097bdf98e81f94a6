"""`gap`, `overlapping-rules`, `disagreeing-rules`: cases without a rule, and with rules that contradict each other.

Where no case was found for what a leaf says: `unconfirmed-gap`, `unconfirmed-overlap`, `unconfirmed-disagreement`.
"""

from collections.abc import Sequence
from itertools import combinations

from csflow.checks.claims import Claim, Claims
from csflow.checks.searching import Confirming
from csflow.checks.situations import Situation
from csflow.checks.trials import Trial
from csflow.evaluators.formulas import TRUE, both
from csflow.evaluators.hitting import Applied, Undetermined, are_equal, rank_of
from csflow.evaluators.regions import Leaf
from csflow.pack.model import CHECKLIST, Decision, Rule

_ANSWERED = frozenset({"unique", "any", "first", "priority"})
_ADDED_UP = frozenset({"sum", "min", "max"})


class Meeting:
    """Which rules of a decision meet, in all its situations. `deciding` are those that ever decide a case."""

    def __init__(self, decision: Decision, claims: Claims) -> None:
        self._decision = decision
        self._claims = claims
        self.deciding: set[str] = set()
        self._possible: dict[str, tuple[Situation, Leaf]] = {}
        self.left: Claim = Claim("", "", decision.mark, (("name", decision.name),))
        self._gap = Claim("gap", "unconfirmed-gap", decision.mark, (("name", decision.name),))

    def look_at(self, situation: Situation) -> None:
        """Raises `OverBudget`."""
        ways = self._ways(situation)
        is_first = self._decision.hit_policy == "first"
        known = situation.hitting.all_known
        formulas = [each.when for each in ways]
        if known != TRUE:
            # Where a rule is unknown the decision is undecided, and nothing is a gap or an overlap.
            formulas += [situation.hitting.none if is_first else known]
        for leaf in situation.leaves(formulas, first_only=is_first and known == TRUE):
            holding = [ways[number] for number in sorted(leaf.holding - {len(ways)})]
            is_known = known == TRUE or len(ways) in leaf.holding or is_first
            is_none = known == TRUE or not is_first or len(ways) in leaf.holding
            self._look_at_leaf(situation, leaf, holding, is_known, is_none)

    def _look_at_leaf(
        self, situation: Situation, leaf: Leaf, holding: Sequence[Applied], is_known: bool, is_none: bool
    ) -> None:
        for each in self._winning(holding):
            self._decides(each.rule, situation, leaf)
        if not is_known:
            return
        if not holding and is_none:
            self._falls_through(situation, leaf)
        policy = self._decision.hit_policy
        if policy == "unique":
            for one, other in combinations(holding, 2):
                self._overlap(one.rule, other.rule, situation, leaf)
        if policy == "any":
            for other in holding[1:]:
                if _may_differ(self._decision, holding[0], other):
                    self._disagreement(holding[0].rule, other.rule, situation, leaf)

    def _ways(self, situation: Situation) -> list[Applied]:
        """What each rule comes to where it holds; its exceptions count where outputs are compared."""
        hitting, rules = situation.hitting, self._decision.rules
        policy = self._decision.hit_policy
        if policy in ("any", "priority"):
            return [
                Applied(both(hitting.verdicts[number].yes, each.when), rule, each.applied)
                for number, rule in enumerate(rules)
                for each in hitting.applied(rule)
            ]
        if policy == "first" and hitting.all_known != TRUE:
            return [Applied(hitting.hit(number), rule, rule) for number, rule in enumerate(rules)]
        return [Applied(hitting.verdicts[number].yes, rule, rule) for number, rule in enumerate(rules)]

    def _winning(self, holding: Sequence[Applied]) -> Sequence[Applied]:
        """Of rules that hold together those that decide."""
        if self._decision.hit_policy == "first":
            return holding[:1]
        if self._decision.hit_policy == "priority" and holding:
            try:
                return [min(holding, key=lambda each: rank_of(self._decision, each.applied))]
            except Undetermined:
                return holding
        return holding

    def _decides(self, rule: Rule, situation: Situation, leaf: Leaf) -> None:
        if rule.id in self.deciding:
            return
        if situation.is_exact(leaf):
            self.deciding.add(rule.id)
            return
        claim = Claim("", "unconfirmed-rule", rule.mark, (("id", rule.id),))
        self._claims.look(claim, situation, leaf, self._is_hit(rule))
        if self._claims.case(claim):
            self.deciding.add(rule.id)
        self._possible[rule.id] = situation, leaf

    @property
    def possible(self) -> set[str]:
        """The rules that decide a case, or may: nothing rules it out."""
        return self.deciding | self._possible.keys()

    def _is_hit(self, rule: Rule) -> Confirming:
        if self._decision.hit_policy in ("first", "priority"):
            return lambda trial: trial.outcome.rule is rule
        return lambda trial: trial.holds(rule.condition)

    def _falls_through(self, situation: Situation, leaf: Leaf) -> None:
        decision = self._decision
        if decision.otherwise is not None:
            if decision.hit_policy != CHECKLIST and self._claims.case(self.left) is None:
                self._claims.look(self.left, situation, leaf, lambda trial: _is_left(decision, trial))
        elif decision.hit_policy in _ANSWERED or decision.aggregate in _ADDED_UP:
            self._claims.look(self._gap, situation, leaf, lambda trial: trial.outcome.status == "no_rule")

    def _overlap(self, one: Rule, other: Rule, situation: Situation, leaf: Leaf) -> None:
        claim = Claim("overlapping-rules", "unconfirmed-overlap", other.mark, (("one", one.id), ("other", other.id)))
        self._claims.look(claim, situation, leaf, lambda trial: _contradict(trial, one, other))

    def _disagreement(self, one: Rule, other: Rule, situation: Situation, leaf: Leaf) -> None:
        values = (("one", one.id), ("other", other.id))
        claim = Claim("disagreeing-rules", "unconfirmed-disagreement", other.mark, values)
        self._claims.look(claim, situation, leaf, lambda trial: _contradict(trial, one, other))


def _is_left(decision: Decision, trial: Trial) -> bool:
    return trial.outcome.status == "decided" and trial.outcome.rule is decision.otherwise


def _contradict(trial: Trial, *rules: Rule) -> bool:
    found = {rule.id for rule in trial.outcome.contradicting}
    return trial.outcome.status == "conflict" and found >= {rule.id for rule in rules}


def _may_differ(decision: Decision, one: Applied, other: Applied) -> bool:
    try:
        return not are_equal(decision, one.applied, other.applied)
    except Undetermined:
        return True

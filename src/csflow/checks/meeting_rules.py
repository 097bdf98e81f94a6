"""`gap`, `overlapping-rules`, `disagreeing-rules`: cases without a rule, and with rules that contradict each other.

Where no case was found for what a leaf says: `unconfirmed-gap`, `unconfirmed-overlap`, `unconfirmed-disagreement`.
"""

from collections.abc import Sequence
from itertools import combinations

from csflow.checks.claims import Claim, Claims
from csflow.checks.searching import Confirming
from csflow.checks.situations import Situation
from csflow.checks.trials import Trial
from csflow.evaluators.formulas import TRUE, Formula, both, either
from csflow.evaluators.hitting import Applied, Undetermined, are_equal, rank_of
from csflow.evaluators.regions import Leaf
from csflow.pack.model import CHECKLIST, Decision, Rule

ORDERED = frozenset({"first", "priority"})
_ANSWERED = ORDERED | {"unique", "any"}
_ADDED_UP = frozenset({"sum", "min", "max"})


class Meeting:
    """Which rules of a decision meet, in all its situations. `deciding` are those that ever decide a case."""

    def __init__(self, decision: Decision, claims: Claims) -> None:
        self._decision = decision
        self._claims = claims
        self._maybe: set[str] = set()
        self.deciding: set[str] = set()
        self.left = Claim("", "", decision.mark, (("name", decision.name),))
        self._gap = Claim("gap", "unconfirmed-gap", decision.mark, (("name", decision.name),))

    @property
    def possible(self) -> set[str]:
        """The rules that decide a case, or may: nothing rules it out."""
        return self.deciding | self._maybe

    def look_at(self, situation: Situation) -> None:
        """Raises `OverBudget`."""
        ways = in_order(situation) if self._decision.hit_policy in ORDERED else None
        if ways is None:
            self._look_at_hits(situation)
        else:
            self._look_at_order(situation, ways)

    def _look_at_order(self, situation: Situation, ways: Sequence[Applied]) -> None:
        """Where one of the rules that hold decides: the first, or the one with the best outputs."""
        gap = () if situation.hitting.all_known == TRUE else (situation.hitting.none,)
        formulas = [*(each.when for each in ways), *gap]
        # `priority` compares what rules give after their exceptions; `first` looks at those of one rule alone.
        must = situation.hitting.clean if self._decision.hit_policy == "priority" else TRUE
        for leaf in situation.leaves(formulas, must, first_only=True):
            first = min(leaf.holding, default=len(ways))
            if first < len(ways):
                self._decides(ways[first].rule, situation, leaf)
            elif not gap or leaf.holding:
                self._falls_through(situation, leaf)

    def _look_at_hits(self, situation: Situation) -> None:
        """Where every rule that holds is hit."""
        pairs = _Pairs(self, situation) if self._decision.hit_policy in ("unique", "any") else None
        is_known = situation.hitting.all_known == TRUE
        if pairs or is_known:
            ways = [verdict.yes for verdict in situation.hitting.verdicts]
            diagram = situation.diagram(ways, (TRUE,))
            if is_known and diagram.is_partition():
                self.deciding.update(rule.id for rule in self._decision.rules)
                return
            for leaf in diagram.leaves(pairs.are_done if pairs else lambda _: True):
                if is_known and not leaf.holding:
                    self._falls_through(situation, leaf)
        for number, rule in enumerate(self._decision.rules):
            if rule.id not in self.deciding:
                for leaf in situation.places(situation.hitting.verdicts[number].yes):
                    self._decides(rule, situation, leaf)
        if not is_known:
            # Where a rule is unknown the decision is undecided, and nothing is a gap.
            for leaf in situation.places(situation.hitting.none):
                self._falls_through(situation, leaf)

    def meet(self, one: int, other: int, situation: Situation) -> None:
        """Two rules, by their places, of which nobody has looked yet whether they hold together."""
        hitting, rules = situation.hitting, self._decision.rules
        together = both(hitting.verdicts[one].yes, hitting.verdicts[other].yes, hitting.all_known)
        values = (("one", rules[one].id), ("other", rules[other].id))
        if self._decision.hit_policy == "unique":
            claim = Claim("overlapping-rules", "unconfirmed-overlap", rules[other].mark, values)
        else:
            claim = Claim("disagreeing-rules", "unconfirmed-disagreement", rules[other].mark, values)
            together = both(self._differing(one, other, situation), hitting.all_known, hitting.clean)
        for leaf in situation.places(together):
            self._claims.look(claim, situation, leaf, lambda trial: _contradict(trial, rules[one], rules[other]))

    def _differing(self, one: int, other: int, situation: Situation) -> Formula:
        """Where two rules hold, the first of them before all others, and may give different outputs."""
        hitting, rules = situation.hitting, self._decision.rules
        ways = [
            both(mine.when, theirs.when)
            for mine in hitting.applied(rules[one])
            for theirs in hitting.applied(rules[other])
            if _may_differ(self._decision, mine, theirs)
        ]
        earlier = (verdict.no for verdict in hitting.verdicts[:one])
        return both(hitting.verdicts[one].yes, hitting.verdicts[other].yes, either(*ways), *earlier)

    def met(self, leaf: Leaf, situation: Situation) -> None:
        """Rules that hold together somewhere."""
        rules = [self._decision.rules[number] for number in leaf.holding]
        if any(rule.id not in self.deciding for rule in rules) and situation.is_exact(leaf):
            self.deciding.update(rule.id for rule in rules)

    def _decides(self, rule: Rule, situation: Situation, leaf: Leaf) -> None:
        if rule.id in self.deciding:
            return
        if situation.is_exact(leaf):
            self.deciding.add(rule.id)
            return
        claim = Claim("", "unconfirmed-rule", rule.mark, (("id", rule.id),))
        self._claims.look(claim, situation, leaf, self._is_hit(rule))
        (self.deciding if self._claims.case(claim) else self._maybe).add(rule.id)

    def _is_hit(self, rule: Rule) -> Confirming:
        if self._decision.hit_policy in ORDERED:
            return lambda trial: trial.outcome.rule is rule
        return lambda trial: trial.holds(rule.condition)

    def _falls_through(self, situation: Situation, leaf: Leaf) -> None:
        decision = self._decision
        if decision.otherwise is not None and decision.hit_policy != CHECKLIST:
            applied = either(*(each.when for each in situation.hitting.applied(decision.otherwise)))
            # An exception may contradict another in the leaf at hand, and not elsewhere.
            found = (leaf,) if applied == TRUE else situation.places(both(situation.hitting.none, applied))
            for each in found:
                self._claims.look(self.left, situation, each, lambda trial: _is_left(decision, trial))
        elif decision.otherwise is None and (decision.hit_policy in _ANSWERED or decision.aggregate in _ADDED_UP):
            self._claims.look(self._gap, situation, leaf, lambda trial: trial.outcome.status == "no_rule")


class _Pairs:
    """The pairs of rules that may hold together in one situation, each looked at once."""

    def __init__(self, meeting: Meeting, situation: Situation) -> None:
        self._meeting = meeting
        self._situation = situation
        self._seen: set[tuple[int, int]] = set()

    def are_done(self, leaf: Leaf) -> bool:
        """Look at the rules that hold here and those that still may; whether all of them have met each other."""
        self._meeting.met(leaf, self._situation)
        rest = sorted(leaf.holding | leaf.alive)
        for one in sorted(leaf.holding):
            for other in rest:
                if one != other:
                    self._look(min(one, other), max(one, other))
        alive = sorted(leaf.alive)
        return all(pair in self._seen for pair in combinations(alive, 2))

    def _look(self, one: int, other: int) -> None:
        if (one, other) not in self._seen:
            self._seen.add((one, other))
            self._meeting.meet(one, other, self._situation)


def in_order(situation: Situation) -> Sequence[Applied] | None:
    """What each rule comes to where it holds, those before others that decide first: by place, or by outputs.

    None where outputs are computed, and nobody can say which of them is better.
    """
    hitting, decision = situation.hitting, situation.decision
    yes = [verdict.yes for verdict in hitting.verdicts]
    if decision.hit_policy == "first":
        when = yes if hitting.all_known == TRUE else [hitting.hit(number) for number in range(len(yes))]
        return [Applied(each, rule, rule) for each, rule in zip(when, decision.rules, strict=True)]
    try:
        if hitting.all_known != TRUE:
            return [each for each in hitting.deciding() if each.rule is not decision.otherwise]
        ways = [
            (rank_of(decision, each.applied), number, Applied(both(yes[number], each.when), rule, each.applied))
            for number, rule in enumerate(decision.rules)
            for each in hitting.applied(rule)
        ]
    except Undetermined:
        return None
    return [way for *_, way in sorted(ways, key=lambda way: way[:2])]


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

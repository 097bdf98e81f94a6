"""Owns hit policies and exceptions as formulas: where a rule decides, and with which of its exceptions.

What it says is what `tables` and `policies` do, read over every case at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from csflow.evaluators.formulas import TRUE, Formula, Verdict, both, either
from csflow.expressions.terms import Constant, Term
from csflow.pack.model import CHECKLIST, Decision, Rule

Judging = Callable[[Rule], Verdict]


class Undetermined(Exception):
    """Outputs that are computed: which of them is better, or whether they are equal, is no formula."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Where a rule that holds gives the outputs of `applied`: its own, or those of an exception."""

    when: Formula
    rule: Rule
    applied: Rule


@dataclass(frozen=True, slots=True)
class Standing:
    """An exception, and where it is looked at: what it belongs to applies, and no exception of a higher rank does.

    `earlier` are those of its rank that stand before it; `known` is where all of its rank are true or false.
    """

    when: Formula
    exception: Rule
    earlier: tuple[Rule, ...]
    known: Formula


class Hitting:
    """The rules of one decision by the verdicts of their conditions."""

    def __init__(self, decision: Decision, judge: Judging) -> None:
        self._decision = decision
        self._judge = judge
        self.verdicts = [judge(rule) for rule in decision.rules]
        self._applied: dict[str, list[Applied]] = {}

    @property
    def all_known(self) -> Formula:
        """Where every rule is true or false."""
        return both(*(verdict.known for verdict in self.verdicts))

    @property
    def none(self) -> Formula:
        """Where every rule is false."""
        return both(*(verdict.no for verdict in self.verdicts))

    @property
    def clean(self) -> Formula:
        """Where no rule that holds has exceptions that are unknown or contradict each other."""
        return both(
            *(
                either(verdict.no, both(verdict.yes, either(*(each.when for each in self.applied(rule)))))
                for rule, verdict in zip(self._decision.rules, self.verdicts, strict=True)
                if rule.exceptions
            )
        )

    def hit(self, number: int) -> Formula:
        """Where a rule, by its place, hits by its condition: of `first` and `unique`, alone."""
        if self._decision.hit_policy in ("first", CHECKLIST):
            # The first failure gives the code of a checklist, and all that follow must be known, too.
            known = self.all_known if self._decision.hit_policy == CHECKLIST else TRUE
            return both(self.verdicts[number].yes, *(each.no for each in self.verdicts[:number]), known)
        if self._decision.hit_policy == "unique":
            others = (each.no for place, each in enumerate(self.verdicts) if place != number)
            return both(self.verdicts[number].yes, *others)
        return both(self.verdicts[number].yes, self.all_known)

    def deciding(self) -> Iterator[Applied]:
        """Every way to a single answer, no two together. Raises `Undetermined`."""
        for number, rule in enumerate(self._decision.rules):
            for each in self.applied(rule):
                rest = self._rest(number, each)
                yield Applied(both(self.hit(number), each.when, rest), rule, each.applied)
        if self._decision.otherwise is not None:
            for each in self.applied(self._decision.otherwise):
                yield Applied(both(self.none, each.when), each.rule, each.applied)

    def applied(self, rule: Rule) -> list[Applied]:
        """What a rule that holds comes to: itself or an exception, each where it does."""
        if rule.id not in self._applied:
            self._applied[rule.id] = [Applied(when, rule, applied) for when, applied in self._chains(rule)]
        return self._applied[rule.id]

    def standings(self, rule: Rule, when: Formula) -> Iterator[Standing]:
        """Every exception below a rule that applies where `when` holds."""
        for group in _by_rank(rule):
            verdicts = [self._judge(exception) for exception in group]
            known = both(*(each.known for each in verdicts))
            for place, exception in enumerate(group):
                yield Standing(when, exception, tuple(group[:place]), known)
                others = (each.no for other, each in enumerate(verdicts) if other != place)
                yield from self.standings(exception, both(when, verdicts[place].yes, *others))
            when = both(when, *(each.no for each in verdicts))

    def _chains(self, rule: Rule) -> Iterator[tuple[Formula, Rule]]:
        clear: Formula = TRUE
        for group in _by_rank(rule):
            verdicts = [self._judge(exception) for exception in group]
            for place, exception in enumerate(group):
                others = (each.no for other, each in enumerate(verdicts) if other != place)
                alone = both(clear, verdicts[place].yes, *others)
                for when, applied in self._chains(exception):
                    yield both(alone, when), applied
            clear = both(clear, *(each.no for each in verdicts))
        yield clear, rule

    def _rest(self, number: int, chosen: Applied) -> Formula:
        """That the other rules which hold leave the answer to this one."""
        policy = self._decision.hit_policy
        if policy not in ("any", "priority"):
            return TRUE
        others = []
        for place, rule in enumerate(self._decision.rules):
            if place == number:
                continue
            allowed = [each.when for each in self.applied(rule) if self._yields(each, place, chosen, number)]
            if policy == "any" and place < number:
                # Of equals the first is the one that is reported.
                allowed = []
            others.append(either(self.verdicts[place].no, both(self.verdicts[place].yes, either(*allowed))))
        return both(*others)

    def _yields(self, other: Applied, place: int, chosen: Applied, number: int) -> bool:
        """Whether a rule that holds, too, leaves the answer to the chosen one."""
        if self._decision.hit_policy == "any":
            return are_equal(self._decision, other.applied, chosen.applied)
        theirs, mine = rank_of(self._decision, other.applied), rank_of(self._decision, chosen.applied)
        return (theirs, place) > (mine, number)


def rank_of(decision: Decision, rule: Rule) -> tuple[int, ...]:
    """The places of what a rule gives among the values of the ranked outputs. Raises `Undetermined`."""
    outputs = dict(rule.outputs)
    return tuple(_place(decision.outputs[name].kind.symbols, outputs.get(name)) for name in decision.ranked_by)


def are_equal(decision: Decision, one: Rule, other: Rule) -> bool:
    """Whether two rules give the same. Raises `Undetermined`."""
    ours, theirs = dict(one.outputs), dict(other.outputs)
    if any(_differ(ours.get(name), theirs.get(name)) for name in decision.outputs):
        return False
    if ours == theirs:
        return True
    raise Undetermined


def _differ(one: Term | None, other: Term | None) -> bool:
    """Whether two output cells surely differ; an output left out is a value."""
    plain = [each for each in (one, other) if each is None or isinstance(each, Constant)]
    return len(plain) == 2 and _value(one) != _value(other)


def _value(term: Term | None) -> object:
    return term.value if isinstance(term, Constant) else None


def _place(symbols: Sequence[str], term: Term | None) -> int:
    if term is None:
        return len(symbols)
    if not isinstance(term, Constant):
        raise Undetermined
    return symbols.index(term.value)


def _by_rank(rule: Rule) -> Iterator[list[Rule]]:
    """The exceptions of a rule, those of the highest rank first."""
    for _, group in groupby(sorted(rule.exceptions, key=lambda each: -each.rank), key=lambda each: each.rank):
        yield list(group)

"""Owns the situations in which a decision is analysed: stretches of the time line, and the layers that hold.

In one of them every parameter has one value, so that its conditions are formulas over facts.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from csflow.evaluators.atlas import Atlas
from csflow.evaluators.formulas import FALSE, TRUE, Formula, Source, Verdict, both
from csflow.evaluators.hitting import Hitting
from csflow.evaluators.inlining import Inlining
from csflow.evaluators.regions import Budget, Diagram, Leaf, OverBudget, is_possible
from csflow.evaluators.settings import Setting, changes, layers_giving, parameters_read
from csflow.evaluators.unknowns import Unknown
from csflow.expressions.terms import Term
from csflow.pack.model import BY_DECISION_TIME, TRANSITION, Decision, LinkedPack, Rule, edition_on
from csflow.values.instants import FIRST_DAY

# So many sets of active layers are looked at in a stretch.
_MOST_SETS = 64


class Situation:
    """One decision on the days from `start` to before `end`, with some layers active and no others."""

    def __init__(
        self, pack: LinkedPack, decision: Decision, start: int, end: int, layers: dict[str, bool], budget: Budget
    ) -> None:
        self.pack = pack
        self.decision = decision
        self.start = start
        self.end = end
        self._layers = layers
        self._budget = budget
        setting = Setting(start, frozenset(name for name, holds in layers.items() if holds))
        self._transition = _transition(pack, decision, setting)
        self._cutter = Inlining(pack, decision, setting).cutter()
        self._atlas = Atlas(self._cutter.sources)
        self.within = self._within()

    @cached_property
    def hitting(self) -> Hitting:
        """The rules, their exceptions and the hit policy as formulas."""
        hitting = Hitting(self.decision, self._cutter.judge)
        # Read together, so that the sources are cut once.
        self._atlas.read(formula for verdict in hitting.verdicts for formula in (verdict.yes, verdict.no))
        return hitting

    @property
    def by_time(self) -> bool:
        """Whether the day is that of the instant of the decision, not of a fact."""
        return not isinstance(self._transition, Unknown) and self._transition == BY_DECISION_TIME

    @property
    def is_there(self) -> bool:
        """Whether it may come up, and which date counts in it is known. Raises `OverBudget`."""
        return not isinstance(self._transition, Unknown) and self.is_possible(TRUE)

    @property
    def sources(self) -> Sequence[Source]:
        return self._cutter.sources

    def verdict(self, term: Term) -> Verdict:
        """Where a condition is true and false."""
        return self._cutter.verdict(term)

    def judge(self, rule: Rule) -> Verdict:
        """Where a rule or exception is true and false."""
        return self._cutter.judge(rule)

    def leaves(
        self,
        formulas: Sequence[Formula],
        must: Formula = TRUE,
        *,
        first_only: bool = False,
        is_done: Callable[[Leaf], bool] | None = None,
    ) -> Iterator[Leaf]:
        """Which formulas hold together, where `must` holds in this situation. Raises `OverBudget`."""
        return self.diagram(formulas, (must,), first_only=first_only).leaves(is_done)

    def diagram(self, formulas: Sequence[Formula], musts: Sequence[Formula], *, first_only: bool = False) -> Diagram:
        """The diagram of formulas in this situation, to be asked about each of several places."""
        within = [both(self.within, must) for must in musts]
        return Diagram(self._atlas, formulas, within, first_only=first_only, budget=self._budget)

    def places(self, formula: Formula) -> Iterator[Leaf]:
        """Where a formula holds: the first case of facts, or some places where something is computed."""
        if formula == FALSE:
            return
        for leaf in self.leaves((), formula):
            yield leaf
            if self.is_exact(leaf):
                return

    def is_possible(self, formula: Formula) -> bool:
        """Whether a formula holds anywhere in this situation. Raises `OverBudget`."""
        return is_possible(self._atlas, both(self.within, formula), self._budget)

    def is_exact(self, leaf: Leaf) -> bool:
        """Whether all that a leaf asks are facts: then it is a case."""
        return all(self.sources[number].is_fact for number in leaf.values)

    def _within(self) -> Formula:
        """That the governing date lies in the stretch, and that the layers hold, or do not, as they must."""
        governed = self.decision.governed_by if not self.by_time else None
        day = self._cutter.within_days(governed, self.start, self.end) if governed else TRUE
        layers = ((self.pack.layers[name].condition, holds) for name, holds in self._layers.items())
        verdicts = ((self.verdict(condition), holds) for condition, holds in layers if condition is not None)
        return both(day, *(verdict.yes if holds else verdict.no for verdict, holds in verdicts))


def situations(pack: LinkedPack, decision: Decision, budget: Budget) -> Iterator[Situation]:
    """Every situation that there may be. Raises `OverBudget`."""
    names = parameters_read(pack, decision.name)
    if pack.reads_at and decision.governed_by is not None:
        names |= {TRANSITION}
    first, end = pack.in_force
    for start, following in pairwise(day for day in changes(pack, names) if first <= day <= end):
        for layers in _active(pack, decision, names, start, following, budget):
            situation = Situation(pack, decision, start, following, layers, budget)
            if situation.is_there:
                yield situation


def _active(
    pack: LinkedPack, decision: Decision, names: frozenset[str], start: int, end: int, budget: Budget
) -> list[dict[str, bool]]:
    """Which of the layers that give one of the parameters hold in a stretch, in every way that is possible."""
    without = Situation(pack, decision, start, end, {}, budget)
    found: list[tuple[dict[str, bool], Formula]] = [({}, TRUE)]
    for layer in layers_giving(pack, names):
        editions = (layer.parameters.get(name, ()) for name in names)
        if layer.condition is None or all(edition_on(each, start) is None for each in editions):
            continue
        verdict = without.verdict(layer.condition)
        found = [
            ({**layers, layer.name: holds}, both(formula, side))
            for layers, formula in found
            for holds, side in ((True, verdict.yes), (False, verdict.no))
            if without.is_possible(both(formula, side))
        ]
        if len(found) > _MOST_SETS:
            raise OverBudget
    return [layers for layers, _ in found]


def _transition(pack: LinkedPack, decision: Decision, setting: Setting) -> Any:
    """Which date counts; unknown where layers contradict each other, which is a finding of its own."""
    if not pack.reads_at or decision.governed_by is None:
        return None
    # It has no editions, and so is the same on every day.
    found = Setting(FIRST_DAY, setting.layers).parameter(pack, TRANSITION)
    return found if isinstance(found, Unknown) else found.value

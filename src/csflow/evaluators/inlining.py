"""Owns what required decisions come to as formulas over facts, so that who reads them is read over facts, too.

Not every decision can be said so: one that gives a list or adds up its hits, one whose parameters hold on another
date, one whose formulas grow beyond bounds. It stays a source of its own, of which the facts behind it are known.
"""

from collections.abc import Sequence

from csflow.evaluators.cutting import Conclusion, Cutter
from csflow.evaluators.formulas import FALSE, both, size_of
from csflow.evaluators.hitting import Applied, Hitting, Undetermined
from csflow.evaluators.settings import Setting, read_behind
from csflow.evaluators.sourcing import Sources
from csflow.expressions.terms import Space
from csflow.pack.model import CHECKLIST, Decision, LinkedPack

_SAID = frozenset({"unique", "first", "any", "priority", CHECKLIST})
# Counted as if nothing were shared, though most of it is.
_MOST_ATOMS = 1_000_000
_MOST_RULES = 200
_DEEPEST = 12


class Inlining:
    """One decision in one setting, and the decisions it requires."""

    def __init__(self, pack: LinkedPack, decision: Decision, setting: Setting) -> None:
        self._pack = pack
        self._decision = decision
        self._setting = setting
        self._sources = Sources()
        self._depth = 0
        self._known: dict[str, tuple[Conclusion, ...] | None] = {}

    def cutter(self) -> Cutter:
        """What reads the conditions of the decision. It keeps this, not the other way round: they go together."""
        return Cutter(self._pack, self._decision, self._setting, self._sources, self.conclusions)

    def conclusions(self, name: str) -> Sequence[Conclusion] | None:
        """What a required decision comes to; None where that cannot be said."""
        if name not in self._known:
            self._depth += 1
            self._known[name] = self._concluded(self._pack.decisions[name]) if self._depth <= _DEEPEST else None
            self._depth -= 1
        return self._known[name]

    def _concluded(self, decision: Decision) -> tuple[Conclusion, ...] | None:
        is_single = decision.hit_policy in _SAID and decision.for_each is None
        if not is_single or len(decision.rules) > _MOST_RULES or not self._has_our_day(decision):
            return None
        cutter = Cutter(self._pack, decision, self._setting, self._sources, self.conclusions)
        hitting = Hitting(decision, cutter.judge)
        found, size = [], 0
        try:
            for each in hitting.deciding():
                conclusion = self._conclusion(each, cutter)
                size += size_of(conclusion.when)
                if size > _MOST_ATOMS:
                    return None
                if conclusion.when != FALSE:
                    found.append(conclusion)
        except Undetermined:
            return None
        return tuple(found)

    def _conclusion(self, each: Applied, cutter: Cutter) -> Conclusion:
        """INVARIANT: a decision of which one output is unknown is not decided."""
        outputs = dict(each.applied.outputs)
        known = (cutter.known(term) for term in outputs.values())
        return Conclusion(both(each.when, *known), cutter, outputs)

    def _has_our_day(self, decision: Decision) -> bool:
        """Whether its parameters are read on the date on which ours are, or it reads none."""
        if decision.governed_by in (None, self._decision.governed_by):
            return True
        return all(space is not Space.PARAMETER for space, _ in read_behind(self._pack, decision.name))

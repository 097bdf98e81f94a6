"""Owns the exact questions about tables: where no rule holds, where too many do, which rule never does.

They are asked by `csflow check`, not when a pack is loaded: they take longer, and their answers do not change
what a pack decides. A finding is an error only with a case that the reference engine confirms; where the
conditions ask for something computed, a combination that may not exist is a note (`unconfirmed-...`).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from csflow.diagnostics import Diagnostics, Finding, Mark
from csflow.evaluators.cutting import Cutter
from csflow.evaluators.formulas import Source
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.regions import Leaf, OverBudget, leaves
from csflow.evaluators.settings import Setting, changes, parameters_read
from csflow.facts import ABSENT, facts_of
from csflow.pack.model import Decision, Fact, LinkedPack
from csflow.values.decoding import bounds_of
from csflow.values.instants import DAY
from csflow.values.kinds import NUMERIC
from csflow.values.presenting import to_json, to_sentence
from csflow.values.zones import BeyondHorizon

_TRIES = 400
_MOST_IN_VAIN = 20
_ONE_HIT = frozenset({"unique", "any", "first", "priority"})


@dataclass(frozen=True, slots=True)
class Case:
    """Facts for which something is so, told in the titles of the pack."""

    pack: LinkedPack
    facts: tuple[tuple[str, Any], ...]

    def in_language(self, language: str) -> str:
        comma, colon = ("，", "：") if language.startswith("zh") else (", ", ": ")
        return comma.join(
            f"{self._title(path, language)}{colon}{self._shown(path, held, language)}" for path, held in self.facts
        )

    def to_json(self) -> dict[str, Any]:
        """The facts by path, as JSON has them."""
        kinds = {path: self.pack.facts[path].kind for path, _ in self.facts}
        return {
            path: to_json(kinds[path], None if held is ABSENT else held, self.pack.zone) for path, held in self.facts
        }

    def _title(self, path: str, language: str) -> str:
        title = self.pack.facts[path].title
        return title.in_language(language) if title else path

    def _shown(self, path: str, held: Any, language: str) -> str:
        return to_sentence(self.pack.facts[path].kind, None if held is ABSENT else held, self.pack.zone, language)


def analyse(pack: LinkedPack, diagnostics: Diagnostics) -> list[str]:
    """Report gaps, overlaps and unreachable rules; the names of the decisions too large to analyse."""
    skipped = []
    for decision in pack.decisions.values():
        if decision.for_each is not None:
            skipped.append(decision.name)
            continue
        try:
            _Analysis(pack, decision, diagnostics).report()
        except OverBudget:
            skipped.append(decision.name)
    return skipped


class _Analysis:
    """One decision, on every stretch of its time line."""

    def __init__(self, pack: LinkedPack, decision: Decision, diagnostics: Diagnostics) -> None:
        self._pack = pack
        self._decision = decision
        self._diagnostics = diagnostics
        # What was confirmed, and how often what may be so was tried in vain; by the rules it is about.
        self._confirmed: set[tuple[str, ...]] = set()
        self._in_vain: dict[tuple[str, ...], int] = {}
        self._reached: set[int] = set()

    def report(self) -> None:
        for start, end in self._stretches():
            self._report_stretch(start, end)
        for ids in [ids for ids in self._in_vain if ids not in self._confirmed]:
            self._report_unconfirmed(ids)
        for number, rule in enumerate(self._decision.rules, 1):
            if number not in self._reached:
                self._diagnostics.report("unreachable-rule", rule.mark, id=rule.id)

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """The days between which no parameter that the decision reads changes."""
        first, end = self._pack.in_force
        days = changes(self._pack, parameters_read(self._pack, self._decision.name))
        yield from pairwise(day for day in days if first <= day <= end)

    def _report_stretch(self, start: int, end: int) -> None:
        cutter = Cutter(self._pack, self._decision, Setting(start))
        governed = self._decision.governed_by if not self._pack.reads_at else None
        formulas = [cutter.formula(rule.condition) for rule in self._decision.rules]
        # What lies outside the stretch is no case of it.
        stretch = cutter.within_days(governed, start, end) if governed else cutter.always
        for leaf in leaves(cutter.sources, [stretch, *formulas]):
            if 0 in leaf.rules:
                self._look_at(leaf, cutter.sources, start)

    def _look_at(self, leaf: Leaf, sources: Sequence[Source], day: int) -> None:
        holding = sorted(leaf.rules - {0})
        policy = self._decision.hit_policy
        self._reached.update(holding[:1] if policy == "first" else holding)
        if not holding and self._decision.otherwise is None and policy in _ONE_HIT:
            self._confirm((), leaf, sources, day)
        if policy == "unique":
            for pair in combinations((self._decision.rules[number - 1].id for number in holding), 2):
                self._confirm(pair, leaf, sources, day)

    def _confirm(self, ids: tuple[str, ...], leaf: Leaf, sources: Sequence[Source], day: int) -> None:
        """Report a gap (of no rules) or an overlap (of two) with a case; remember where none was found."""
        if ids in self._confirmed or self._in_vain.get(ids, 0) >= _MOST_IN_VAIN:
            return
        case = self._case(ids, leaf, sources, day)
        if case is None:
            self._in_vain[ids] = self._in_vain.get(ids, 0) + 1
            return
        self._confirmed.add(ids)
        name = "overlapping-rules" if ids else "gap"
        values = self._about(ids) | {"case": case}
        self._diagnostics.extend([Finding(name, self._place(ids), values, witness=case.to_json())])

    def _report_unconfirmed(self, ids: tuple[str, ...]) -> None:
        name = "unconfirmed-overlap" if ids else "unconfirmed-gap"
        self._diagnostics.report(name, self._place(ids), **self._about(ids))

    def _about(self, ids: tuple[str, ...]) -> dict[str, Any]:
        return dict(zip(("one", "other"), ids, strict=True)) if ids else {"name": self._decision.name}

    def _place(self, ids: tuple[str, ...]) -> Mark:
        """The later of two rules; of a gap, the decision."""
        return next((rule.mark for rule in self._decision.rules if ids and rule.id == ids[1]), self._decision.mark)

    def _case(self, ids: tuple[str, ...], leaf: Leaf, sources: Sequence[Source], day: int) -> Case | None:
        """Facts of the leaf for which the reference engine says that it is so."""
        chosen = {
            next(iter(sources[number].paths)): value for number, value in leaf.values.items() if sources[number].is_fact
        }
        computed = sorted(
            {path for number in leaf.values if not sources[number].is_fact for path in sources[number].paths}
        )
        for facts in self._tried(chosen, computed, day):
            outcome = Evaluation(self._pack, facts_of(self._pack, facts), 0).decide(self._decision.name, day)
            contradicting = {rule.id for rule in outcome.contradicting}
            if contradicting >= set(ids) if ids else outcome.status == "no_rule":
                shown = dict.fromkeys([*chosen, *computed])
                return Case(self._pack, tuple((path, facts[path]) for path in sorted(shown)))
        return None

    def _tried(self, chosen: dict[str, Any], computed: Sequence[str], day: int) -> Iterator[dict[str, Any]]:
        """The facts chosen with any values for the rest; where something is computed, many for what it is made of."""
        randomness = random.Random(0)
        usual = {path: self._usual(fact, day) for path, fact in self._pack.facts.items()}
        yield usual | chosen
        free = [path for path in computed if path not in chosen]
        for _ in range(_TRIES if free else 0):
            tried = {path: randomness.choice(self._pool(self._pack.facts[path], day)) for path in free}
            yield usual | tried | chosen

    def _usual(self, fact: Fact, day: int) -> Any:
        return ABSENT if fact.optional else self._pool(fact, day)[0]

    def _pool(self, fact: Fact, day: int) -> list[Any]:
        """Values of a fact worth trying."""
        kind = fact.kind
        absent: list[Any] = [ABSENT] if fact.optional else []
        if kind.name == "bool":
            return [False, True, *absent]
        if kind.is_symbolic:
            return [*kind.symbols, *absent]
        if kind.name == "text":
            return ["", *absent]
        if kind.name == "list":
            return [(), *absent]
        if kind.name == "date":
            return [*range(day, day + 40), *absent]
        if kind.name == "datetime":
            try:
                start = self._pack.zone.start_of_day(day)
            except BeyondHorizon:
                start = self._pack.zone.changes[0][0]
            return [*(start + days * DAY for days in range(40)), *absent]
        assert kind.name in NUMERIC  # INVARIANT: facts have no other kinds.
        low, high = bounds_of(kind)
        steps = [value for value in (0, 1, 7, 8, 100, 10_000) if low <= value <= high]
        return [*steps, low, high, *absent]

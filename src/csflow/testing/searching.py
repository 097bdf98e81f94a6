"""Owns the search for a case that meets an obligation: directed, seeded, bounded, and looked at by the reference.

A try begins with facts by chance, or with those of a case that came close, and takes steps (`wishing`) towards
facts for which a rule holds in the changed pack and not in the pack, or the other way round. What the search does
not find is said, never dropped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from csflow.evaluators.reference import Evaluation
from csflow.facts import ABSENT, facts_of
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.testing.coverage import Answered, Asked
from csflow.testing.obligations import RULES, Obligation
from csflow.testing.pools import Pools
from csflow.testing.reading import facts_read, names_read
from csflow.testing.wishing import Changes, Wishing
from csflow.values.instants import DAY
from csflow.values.kinds import DATETIME

_TRIES, _STEPS = 120, 30
_SOON = 60 * DAY
_GAPS = (2 * DAY, 0, 20 * DAY)


@dataclass(frozen=True, slots=True)
class _Aim:
    """Which rule shall hold, in the pack or in the changed one, and in which it shall not."""

    decision: Decision
    rule: Rule | None
    in_pack: bool | None
    in_changed: bool | None


class Search:
    """Cases of one pack. The same pack and the same known cases give the same ones, on every machine."""

    def __init__(self, pack: LinkedPack, seed: str = "") -> None:
        self._pack = pack
        self._seed = seed
        self._pools = Pools(pack)
        self._known: list[Asked] = []
        self._asking = {name: self._asked_with(name) for name in pack.decisions}

    def learn(self, case: Asked) -> None:
        """A case to begin from."""
        self._known.append(case)

    def case_for(self, obligation: Obligation) -> Asked | None:
        """A case that meets the obligation; None where the search finds none."""
        # The path of a mark begins where the pack was loaded from: no seed is made of it.
        about = f"{obligation.measure} {obligation.home} {obligation.mark.start} {obligation.needs('en')}"
        chance = Random(f"{self._seed} {self._pack.digest} {about}")
        for number in range(_TRIES):
            found = self._try(obligation, number, chance)
            if found is not None:
                tidied = self._in_order(obligation, found)
                self.learn(tidied)
                return tidied
        return None

    def _try(self, obligation: Obligation, number: int, chance: Random) -> Asked | None:
        reader = chance.choice(sorted(obligation.readers))
        asked = self._asking[reader]
        name = asked[0] if number % 3 else chance.choice(asked)
        aim = self._aim(obligation, reader, chance)
        values, at = self._start(name, number, chance)
        for _ in range(_STEPS):
            case = Asked(name, facts_of(self._pack, values), at if self._pack.reads_at else None)
            if Answered(self._pack, case).meets(obligation):
                return self._plain(case)
            changes = self._step(obligation, aim, values, at, chance)
            if not changes or chance.randrange(10) < 1:
                changes = {**(changes or {}), **self._anything(name, chance)}
                at = self._moment(chance) if chance.randrange(10) < 3 else at
            values = {**values, **changes}
        return None

    def _step(
        self, obligation: Obligation, aim: _Aim, values: Mapping[str, Any], at: int, chance: Random
    ) -> Changes | None:
        """A step in the pack or in the changed one, towards what is not so yet."""
        steps = [
            (pack, holds)
            for pack, holds in ((self._pack, aim.in_pack), (obligation.changed, aim.in_changed))
            if holds is not None
        ]
        chance.shuffle(steps)
        if obligation.layer is not None or obligation.day is not None:
            changes = self._into_edition(obligation, aim, values, at, chance)
            if changes:
                return changes
        if obligation.rule is None and chance.randrange(10) < 5:
            changes = self._between_layers(obligation, aim, values, at, chance)
            if changes:
                return changes
        for pack, holds in steps:
            wishing = Wishing(Evaluation(pack, facts_of(pack, values), at), values, self._pools, chance)
            decision = pack.decisions[aim.decision.name]
            rule = _same(decision, aim.rule)
            changes = wishing.towards(decision, rule, holds, obligation.also) if rule else None
            if changes:
                return changes
        return None

    def _between_layers(
        self, obligation: Obligation, aim: _Aim, values: Mapping[str, Any], at: int, chance: Random
    ) -> Changes | None:
        """A step to facts for which a layer holds in one of the two packs only, where its condition was changed."""
        holds = chance.choice((True, False))
        for name, layer in self._pack.layers.items():
            if obligation.changed.layers[name].condition == layer.condition:
                continue
            for pack, wanted in ((self._pack, holds), (obligation.changed, not holds)):
                evaluation = Evaluation(pack, facts_of(pack, values), at)
                wishing = Wishing(evaluation, values, self._pools, chance)
                place = wishing.place_of(evaluation.decide(aim.decision.name))
                condition = pack.layers[name].condition
                if place is not None and condition is not None and evaluation.state(pack.layers[name]) is not wanted:
                    return wishing.wish(condition, wanted, place)
        return None

    def _into_edition(
        self, obligation: Obligation, aim: _Aim, values: Mapping[str, Any], at: int, chance: Random
    ) -> Changes | None:
        """A step to facts for which the layer holds that gives an edition, or to a day of the edition."""
        wishing = Wishing(Evaluation(self._pack, facts_of(self._pack, values), at), values, self._pools, chance)
        layer = self._pack.layers[obligation.layer] if obligation.layer else None
        if layer is not None and layer.condition is not None and chance.randrange(10) < 5:
            evaluation = Evaluation(self._pack, facts_of(self._pack, values), at)
            place = wishing.place_of(evaluation.decide(aim.decision.name))
            if place is not None and evaluation.state(layer) is not True:
                return wishing.wish(layer.condition, True, place)
        if obligation.day is not None and chance.randrange(10) < 1:
            return wishing.on_day(*obligation.day, aim.decision)
        return None

    def _aim(self, obligation: Obligation, reader: str, chance: Random) -> _Aim:
        decision = self._pack.decisions[reader]
        rule = obligation.rule
        if obligation.measure == RULES:
            return _Aim(decision, rule, True, None)
        if rule is None:
            every = list(decision.every_rule())
            reading = [each for each in every if names_read(self._pack, decision, each) & obligation.names]
            rule = chance.choice(reading or every)
        # A rule that only the pack, or only the changed one, applies; or both, where it gives another output.
        return _Aim(decision, rule, *chance.choice(((True, False), (False, True), (True, None))))

    def _start(self, name: str, number: int, chance: Random) -> tuple[dict[str, Any], int]:
        values = {path: self._draw(path, chance) for path in self._pack.facts}
        given = [path for path, fact in self._pack.facts.items() if fact.kind.name == "datetime" and not fact.optional]
        *moments, at = self._pools.moments(len(given) + 1, chance)
        values |= dict(zip(given, moments, strict=True))
        fitting = [case for case in self._known if case.decision == name] or self._known
        if fitting and number % 4 != 3:
            close = chance.choice(fitting[-8:] if number % 2 else fitting)
            values |= close.facts.values
            at = at if close.at is None else close.at
        return values, at

    def _anything(self, name: str, chance: Random) -> Changes:
        """One fact that the decision reads, by chance."""
        read = facts_read(self._pack, name)
        path = chance.choice(read) if read else None
        return {} if path is None else {path: self._draw(path, chance)}

    def _draw(self, path: str, chance: Random) -> Any:
        fact = self._pack.facts[path]
        # A pack may have no word of a kind.
        is_left_out = fact.optional and (chance.randrange(10) < 5 or not self._pools.values(fact.kind))
        return ABSENT if is_left_out else self._pools.draw(fact.kind, chance)

    def _moment(self, chance: Random) -> int:
        borders = self._pools.values(DATETIME)
        return int(chance.choice(borders) if chance.randrange(10) < 3 else self._pools.draw(DATETIME, chance))

    def _plain(self, case: Asked) -> Asked:
        """The case with the facts alone that its decision reads."""
        read = facts_read(self._pack, case.decision)
        values = {path: held for path, held in case.facts.values.items() if path in read}
        absent = {path: ABSENT for path, fact in self._pack.facts.items() if fact.optional and path not in read}
        return Asked(case.decision, facts_of(self._pack, absent | values), case.at)

    def _in_order(self, obligation: Obligation, case: Asked) -> Asked:
        """The case with its instants one soon after the other, as far as it still is one that is asked for."""
        values = dict(case.facts.values)
        paths = [path for path in self._pack.facts if path in values and self._is_instant(path, values[path])]
        for place in range(1, len(paths)):
            for near in self._nearer(values, paths, place):
                if Answered(self._pack, Asked(case.decision, facts_of(self._pack, near), case.at)).meets(obligation):
                    values = near
                    break
        return Asked(case.decision, facts_of(self._pack, values), case.at)

    def _nearer(self, values: dict[str, Any], paths: list[str], place: int) -> Iterator[dict[str, Any]]:
        """The facts with an instant, and all after it, moved to soon after the one before; or with that one moved."""
        before, after = values[paths[place - 1]], values[paths[place]]
        if 0 <= after - before <= _SOON:
            return
        for gap in _GAPS:
            moved = {path: values[path] + before + gap - after for path in paths[place:]}
            yield {**values, **moved}
        for gap in _GAPS:
            yield {**values, paths[place - 1]: after - gap}

    def _is_instant(self, path: str, held: Any) -> bool:
        return self._pack.facts[path].kind.name == "datetime" and held is not ABSENT

    def _asked_with(self, reader: str) -> list[str]:
        """The decisions whose answer may depend on one: itself, then those that require it."""
        found = [reader]
        for name in self._pack.decisions:
            if name not in found and any(each in found for each in self._pack.decisions[name].requires):
                found.append(name)
        return found


def _same(decision: Decision, rule: Rule | None) -> Rule | None:
    """The rule of a changed decision that is written in the same place."""
    return None if rule is None else next(_matching(decision, rule), None)


def _matching(decision: Decision, rule: Rule) -> Iterator[Rule]:
    return (each for each in decision.every_rule() if each.mark == rule.mark)

"""Facts by chance for any pack: all known, partly absent or unknown, or at the boundaries of what the pack asks."""

import random
from collections.abc import Iterator
from typing import Any

from tests.soundness import packs

from csflow.evaluators.ends import end_of
from csflow.evaluators.unknowns import Unknown
from csflow.expressions import terms as t
from csflow.facts import ABSENT, Facts, facts_of
from csflow.pack.model import LinkedPack, every_edition
from csflow.values.decoding import bounds_of, from_value
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import NUMERIC, Kind, Member, scale_of
from csflow.values.windows import Longest
from csflow.values.zones import BeyondHorizon

Case = tuple[Facts, int]


class Cases:
    """The cases of one pack, by number."""

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._constants = [term for term in _every_term(pack) if isinstance(term, t.Constant)]
        editions = [edition for name in pack.parameters for edition in every_edition(pack, name)]
        self._windows = [edition.value for edition in editions if not isinstance(edition.value, (int, str))]
        self._days = sorted({edition.start for edition in editions} | set(pack.in_force))

    def case(self, number: int) -> Case:
        """A third of all cases has each form; the same number is the same case on every machine."""
        chance = random.Random(f"{self._pack.digest} {number}")
        values = {path: self._value(fact.kind, chance) for path, fact in self._pack.facts.items()}
        if number % 3 == 1:
            values = self._with_less(values, chance)
        elif number % 3 == 2:
            values = self._at_boundaries(values, chance)
        at = from_value(Kind("datetime"), packs.moment(chance))
        return facts_of(self._pack, values), at

    def _value(self, kind: Kind, chance: random.Random) -> Any:
        if kind.name == "list":
            return tuple(self._record(kind.members, chance) for _ in range(chance.choice((0, 1, 1, 2, 3))))
        return from_value(kind, packs.value(kind, chance))

    def _record(self, members: tuple[Member, ...], chance: random.Random) -> dict[str, Any]:
        return {
            member.name: ABSENT if member.optional and chance.random() < 0.3 else self._value(member.kind, chance)
            for member in members
        }

    def _with_less(self, values: dict[str, Any], chance: random.Random) -> dict[str, Any]:
        """Some are absent, some not given; of records, some fields."""
        share = chance.choice((0.05, 0.2, 0.6))
        found = {}
        for path, value in values.items():
            if chance.random() >= share:
                found[path] = (
                    tuple(self._less(record, share, chance) for record in value) if isinstance(value, tuple) else value
                )
            elif self._pack.facts[path].optional:
                found[path] = ABSENT
        return found

    def _less(self, record: dict[str, Any], share: float, chance: random.Random) -> dict[str, Any]:
        return {name: value for name, value in record.items() if value is ABSENT or chance.random() >= share / 2}

    def _at_boundaries(self, values: dict[str, Any], chance: random.Random) -> dict[str, Any]:
        """Numbers beside the constants of the pack; days where editions begin; instants where windows end."""
        found = dict(values)
        for path, fact in self._pack.facts.items():
            if fact.kind.name in NUMERIC:
                found[path] = self._beside(fact.kind, chance, values[path])
            elif fact.kind.name == "date":
                found[path] = min(max(chance.choice(self._days) + chance.choice((-1, 0, 1)), FIRST_DAY), LAST_DAY)
        instants = [path for path, fact in self._pack.facts.items() if fact.kind.name == "datetime"]
        moved = chance.choice(instants)
        start = found[chance.choice([path for path in instants if path != moved])]
        ends = [end for window in self._windows for end in self._ends(window, start, found)]
        if not ends or chance.random() < 0.3:
            ends = [(day - EPOCH_DAY) * DAY - 8 * DAY // 24 for day in self._days]
        found[moved] = chance.choice(ends) + chance.choice((-1, 0, 0, 1))
        return found

    def _ends(self, window: Any, start: int, values: dict[str, Any]) -> Iterator[int]:
        for each in window.windows if isinstance(window, Longest) else (window,):
            try:
                end = end_of(self._pack, each, start, values.__getitem__)
            except BeyondHorizon:
                continue
            if not isinstance(end, Unknown):
                yield end

    def _beside(self, kind: Kind, chance: random.Random, otherwise: int) -> int:
        """A constant of the kind, or one unit to its side."""
        low, high = bounds_of(kind)
        held = [
            int(each.value * scale_of(kind) // scale_of(each.kind))
            for each in self._constants
            if each.kind.name in (kind.name, "int") and isinstance(each.value, int) and not isinstance(each.value, bool)
        ]
        near = [value + step for value in held for step in (-1, 0, 1) if low <= value + step <= high]
        return chance.choice(near) if near else otherwise


def _every_term(pack: LinkedPack) -> Iterator[t.Term]:
    waiting = list(pack.terms())
    while waiting:
        term = waiting.pop()
        yield term
        waiting += t.parts(term)

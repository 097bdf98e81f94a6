"""Owns the search for a case that confirms a finding: facts of a leaf for which the reference engine says so.

Where a leaf asks facts alone any of its values will do. What is computed is brought where the leaf wants it, one
fact after the other, by solving for the fact or by trying values at which things change. Seeded and bounded.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from csflow.checks.cases import Case
from csflow.checks.situations import Situation
from csflow.checks.solving import solved
from csflow.checks.trials import Trial
from csflow.evaluators.formulas import Source, Values
from csflow.evaluators.regions import Leaf
from csflow.facts import ABSENT
from csflow.values.decoding import bounds_of
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import ORDERED, Kind, scale_of
from csflow.values.zones import BeyondHorizon

_STARTS = 6
_MOVES = 12

Confirming = Callable[[Trial], bool]


class Search:
    """Cases of one situation."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        pack, decision = situation.pack, situation.decision
        # A symbol of which the pack declares none has no value: no case gives it.
        self._kinds = {
            path: (fact.kind, fact.optional)
            for path, fact in pack.facts.items()
            if fact.kind.symbols or not fact.kind.is_symbolic
        }
        if decision.for_each is not None:
            variable, members = decision.for_each.variable, decision.for_each.source.kind.members
            self._kinds |= {f"{variable}.{member.name}": (member.kind, member.optional) for member in members}
        self._at = self._instant() if situation.by_time else None
        ordered = {name: kind for name, (kind, _) in self._kinds.items() if kind.name in ORDERED}
        self._usual = {name: self._near(name, None, self._pool(kind)[0]) for name, (kind, _) in self._kinds.items()}
        # What is lowest, and what is highest.
        self._ends = [self._usual | {name: _ends(kind)[place] for name, kind in ordered.items()} for place in range(2)]

    def case(self, leaf: Leaf, confirms: Confirming) -> Case | None:
        """A case of the leaf that confirms what is said of it; None where none was found."""
        wanted = {self._situation.sources[number]: values for number, values in leaf.values.items()}
        fixed = {next(iter(source.paths)): values for source, values in wanted.items() if source.is_fact}
        computed = {source: values for source, values in wanted.items() if not source.is_fact}
        shown = {*fixed, *(path for source in computed for path in source.paths)}
        for values in self._tried(fixed, computed):
            trial = self._trial(values)
            if confirms(trial):
                return self._told(values, shown, confirms)
        return None

    def _told(self, values: dict[str, Any], shown: set[str], confirms: Confirming) -> Case:
        """The case by the facts that count; by all of them, where these alone do not confirm it."""
        if self._situation.decision.for_each is not None and shown <= self._situation.pack.facts.keys():
            # A decision for each record decides nothing without one.
            shown = shown | (values.keys() - self._situation.pack.facts.keys())
        case = self._case({name: value for name, value in values.items() if name in shown})
        if confirms(Trial(self._situation, case, {})):
            return case
        return self._case(values)

    def _tried(self, fixed: Mapping[str, Values], computed: Mapping[Source, Values]) -> Iterator[dict[str, Any]]:
        """Facts of the leaf: the usual ones, those at its edges; where something is computed, many more."""
        yield self._started(fixed, self._usual.__getitem__)
        for ends in self._ends:
            yield self._started(fixed, ends.__getitem__)
        if computed:
            chance = random.Random(0)
            for start in range(_STARTS):
                values = self._started(fixed, self._usual.__getitem__)
                if start:
                    free = sorted({path for source in computed for path in source.paths})
                    values |= {name: self._drawn(name, fixed, chance) for name in free if name in self._kinds}
                yield from self._moves(values, fixed, computed, chance)

    def _moves(
        self,
        values: dict[str, Any],
        fixed: Mapping[str, Values],
        computed: Mapping[Source, Values],
        chance: random.Random,
    ) -> Iterator[dict[str, Any]]:
        """From facts towards facts for which all that is computed is as the leaf wants it."""
        for _ in range(_MOVES):
            yield values
            trial = self._trial(values)
            unmet = [source for source, wanted in computed.items() if not trial.has(source, wanted)]
            source = chance.choice(unmet or list(computed))
            names = sorted(path for path in source.paths if path in self._kinds)
            if not names:
                return
            name = chance.choice(names)
            found = self._solved(name, values, fixed, source, computed[source]) if unmet else None
            values = values | {name: self._drawn(name, fixed, chance) if found is None else found}

    def _solved(
        self, name: str, values: dict[str, Any], fixed: Mapping[str, Values], source: Source, wanted: Values
    ) -> int | None:
        kind, _ = self._kinds[name]
        if kind.name not in ORDERED:
            return None

        def tried(value: int) -> tuple[int, Trial]:
            nearest = self._near(name, fixed.get(name), value, given=True)
            return nearest, self._trial(values | {name: nearest})

        start = values[name] if values[name] is not ABSENT else self._pool(kind)[0]
        step = DAY if kind.name == "datetime" else scale_of(kind)
        if self._near(name, fixed.get(name), start, given=True) is ABSENT:
            return None
        return solved(source, wanted, start, step, tried)

    def _trial(self, values: Mapping[str, Any]) -> Trial:
        return Trial(self._situation, self._case(values), {})

    def _case(self, values: Mapping[str, Any]) -> Case:
        facts = {name: value for name, value in values.items() if name in self._situation.pack.facts}
        item = {name: value for name, value in values.items() if name not in facts}
        return Case(self._situation.pack, self._situation.decision, facts, item, self._at)

    # Values of facts

    def _started(self, fixed: Mapping[str, Values], preferred: Callable[[str], Any]) -> dict[str, Any]:
        return self._usual | {name: self._near(name, values, preferred(name)) for name, values in fixed.items()}

    def _drawn(self, name: str, fixed: Mapping[str, Values], chance: random.Random) -> Any:
        kind, optional = self._kinds[name]
        pool = [*self._pool(kind), *([ABSENT] if optional else [])]
        return self._near(name, fixed.get(name), chance.choice(pool), given=True)

    def _near(self, name: str, allowed: Values | None, preferred: Any, *, given: bool = False) -> Any:
        """The value that is allowed and nearest to the preferred one; an optional fact is absent unless asked for."""
        kind, optional = self._kinds[name]
        if allowed is None:
            if preferred is ABSENT or (optional and not given):
                return ABSENT
            return _clamped(preferred, [_ends(kind)]) if kind.name in ORDERED else preferred
        if kind.name == "list":
            # Of a list it is asked only whether it is given.
            is_fitting = allowed.absent if preferred is ABSENT else bool(allowed.intervals)
            return preferred if is_fitting else self._pool(kind)[1] if allowed.intervals else ABSENT
        if allowed.intervals and preferred is not ABSENT:
            return _clamped(preferred, allowed.intervals)
        if preferred in allowed.named or (preferred is ABSENT and allowed.absent):
            return preferred
        if allowed.named:
            return next(value for value in (*kind.symbols, *sorted(allowed.named)) if value in allowed.named)
        return ABSENT if allowed.absent else allowed.intervals[0][0]

    def _pool(self, kind: Kind) -> list[Any]:
        """Values of a kind worth trying, the usual one first."""
        if kind.name == "bool":
            return [False, True]
        if kind.is_symbolic:
            return list(kind.symbols)
        if kind.name == "text":
            return ["a"]
        if kind.name == "list":
            counts = [count for count in (1, 2, 1, 2, 3, 5, 12, 30) if count <= (kind.max_items or 0)]
            # The last values are the highest.
            highest = [self._records(kind, -1, count, step=0) for count in {*counts[:1], max(counts, default=0)}]
            return [(), *(self._records(kind, place, count) for place, count in enumerate(counts)), *highest]
        if kind.name == "date":
            return list(range(self._day, self._day + 40))
        if kind.name == "datetime":
            return [self._instant() + days * DAY for days in range(40)]
        low, high = bounds_of(kind)
        return [*(value for value in (1, 0, 7, 8, 100, 10_000) if low <= value <= high), low, high]

    def _records(self, kind: Kind, place: int, count: int, step: int = 1) -> tuple[dict[str, Any], ...]:
        """So many records, whose fields take the values of their kinds in turn."""
        pools = {member.name: self._pool(member.kind) for member in kind.members}
        places = [place + row * step for row in range(count)]
        return tuple({name: pool[each % len(pool)] for name, pool in pools.items()} for each in places)

    @property
    def _day(self) -> int:
        """The first day of the stretch that the calendars cover; the first of all where they cover none."""
        start, end = self._situation.start, self._situation.end
        covered = max((calendar.first_day for calendar in self._situation.pack.calendars.values()), default=start)
        return max(start, covered) if covered < end else start

    def _instant(self) -> int:
        """The first instant of that day that the zone covers."""
        zone = self._situation.pack.zone
        try:
            return zone.start_of_day(self._day)
        except BeyondHorizon:
            return zone.changes[0][0]


def _clamped(value: int, intervals: Iterable[tuple[int, int]]) -> int:
    return min((min(max(value, low), high) for low, high in intervals), key=lambda each: abs(each - value))


def _ends(kind: Kind) -> tuple[int, int]:
    if kind.name == "date":
        return FIRST_DAY, LAST_DAY
    if kind.name == "datetime":
        return (FIRST_DAY - EPOCH_DAY) * DAY, (LAST_DAY + 1 - EPOCH_DAY) * DAY - 1
    return bounds_of(kind)

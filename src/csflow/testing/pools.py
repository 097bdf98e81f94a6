"""Owns values worth trying for the facts of a pack: what the pack itself mentions, and what lies beside it."""

from collections.abc import Iterator
from random import Random
from typing import Any

from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.facts import ABSENT
from csflow.pack.model import LinkedPack, every_edition
from csflow.values.decoding import bounds_of
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY, SECOND
from csflow.values.kinds import NUMERIC, Kind, scale_of
from csflow.values.zones import BeyondHorizon

# The tenth hour of a day: no border lies there unless somebody writes one.
_MORNING = 10 * 3600 * SECOND
_MOST_RECORDS = 3


class Pools:
    """Values by kind, in held form. `interval` is what a plain day is drawn from."""

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._constants = _constants(pack)
        editions = [edition for name in pack.parameters for edition in every_edition(pack, name)]
        starts = {edition.start for edition in editions if edition.start > FIRST_DAY}
        mentioned = {held for kind, held in self._constants if kind.name == "date"}
        # Beside a day that is mentioned as the last of something lies the one after it.
        days = {each - 1 for each in starts | mentioned} | starts | mentioned | {each + 1 for each in mentioned}
        self._border_days = sorted(day for day in days if FIRST_DAY <= day <= LAST_DAY)
        self.interval = _plain_days(pack)

    def values(self, kind: Kind) -> list[Any]:
        """The values of a kind that are worth trying, without `ABSENT`: all symbols, numbers at what is mentioned."""
        if kind.name == "bool":
            return [False, True]
        if kind.is_symbolic:
            return list(kind.symbols)
        if kind.name == "text":
            texts = [held for each, held in self._constants if each.name == "text"]
            return [text for text in ["x", *texts] if len(text) <= (kind.max_length or len(text))]
        if kind.name == "date":
            return self._border_days or [self.interval[0]]
        if kind.name == "datetime":
            return [self.moment(day) for day in self._border_days or [self.interval[0]]]
        return self._numbers(kind)

    def draw(self, kind: Kind, chance: Random) -> Any:
        """One of them by chance; days mostly plain ones."""
        if kind.name == "list":
            most = min(_MOST_RECORDS, kind.max_items or _MOST_RECORDS)
            return tuple(self.record(kind, chance) for _ in range(chance.randint(0, most)))
        if kind.name in ("date", "datetime") and chance.randrange(100) < 95:
            day = chance.randint(*self.interval)
            return day if kind.name == "date" else self.moment(day)
        return chance.choice(self.values(kind))

    def moments(self, count: int, chance: Random) -> list[int]:
        """Instants one after the other, a few days apart, as the facts of one order are."""
        first, last = self.interval
        day = chance.randint(first, last)
        found = []
        for _ in range(count):
            found.append(self.moment(min(day, last)))
            day += chance.randint(0, 5)
        return found

    def record(self, kind: Kind, chance: Random) -> dict[str, Any]:
        """A record of a list."""
        return {
            member.name: ABSENT if member.optional and chance.randrange(10) < 3 else self.draw(member.kind, chance)
            for member in kind.members
        }

    def moment(self, day: int) -> int:
        """The tenth hour of a local day."""
        return self.midnight(day) + _MORNING

    def midnight(self, day: int) -> int:
        """The start of a local day; in UTC where the zone of the pack does not say."""
        try:
            return self._pack.zone.start_of_day(day)
        except BeyondHorizon:
            return (day - EPOCH_DAY) * DAY

    def _numbers(self, kind: Kind) -> list[int]:
        low, high = bounds_of(kind)
        mentioned = [
            held * scale_of(kind) // scale_of(each)
            for each, held in self._constants
            if each.name in NUMERIC
            and (each.name == kind.name or {each.name, kind.name} <= {"int", "quantity", "decimal"})
        ]
        near = {value + step for value in [0, *mentioned] for step in (-1, 0, 1)}
        scale = scale_of(kind) if kind.name != "money" else 100
        usual = {value * scale for value in (1, 2, 7, 30, 100)} if kind.name != "duration" else {3600 * SECOND, DAY}
        return sorted(value for value in near | usual | {low, high} if low <= value <= high)


def _constants(pack: LinkedPack) -> list[tuple[Kind, Any]]:
    """What the pack mentions: constants of its terms and values of its parameters."""
    found = [(term.kind, term.value) for term in _every_term(pack) if isinstance(term, t.Constant)]
    for name, parameter in pack.parameters.items():
        found += [(parameter.kind, edition.value) for edition in every_edition(pack, name)]
    return [(kind, held) for kind, held in dict.fromkeys(found) if isinstance(held, (int, str))]


def _every_term(pack: LinkedPack) -> Iterator[Term]:
    waiting = list(pack.terms())
    while waiting:
        term = waiting.pop()
        yield term
        waiting += t.parts(term)


def _plain_days(pack: LinkedPack) -> tuple[int, int]:
    """Days on which the pack is in force and its calendars and zone say something, with room for windows."""
    first, end = pack.in_force
    for calendar in pack.calendars.values():
        if max(first, calendar.first_day) + 60 < min(end, calendar.end_day):
            first, end = max(first, calendar.first_day), min(end, calendar.end_day)
    return (first, max(first, end - 60))

"""Owns where a case of a flow may go: its places, the moves between them, and what happens on the way.

Guards are not asked: every row may hold. What is said of every path is so of every case; a path may be one that no
case takes, and what rests on one names it.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from csflow.pack.flows import OPENED, Choice, Flow, Row, State


class Kind(Enum):
    """What happens in a move."""

    HEARD = auto()  # an event, or `opened`
    DONE = auto()  # an effect is asked for
    REDONE = auto()
    READ = auto()  # the guards of a choice are judged
    ENTERED = auto()
    QUOTED = auto()
    OPENS = auto()  # a child, by its alias


@dataclass(frozen=True, slots=True)
class Happening:
    kind: Kind
    name: str
    part: Choice | Row | State | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A state, and the events that the flow itself raises next there."""

    state: str
    raised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """From one place to another. `event` is None where a case goes on at once."""

    source: Place
    target: Place
    event: str | None
    row: Row
    choice: Choice
    happenings: tuple[Happening, ...]


class Moves:
    """The moves of one flow from each of its places that can be reached."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.start = Place(flow.start)
        # More events wait to be raised only where a row is followed again before what it raised has happened.
        self._most_raised = sum(row.raises is not None for _, _, choice in flow.choices() for row in choice.rows)
        self.of: Mapping[Place, tuple[Move, ...]] = self._all()

    @cached_property
    def opening(self) -> tuple[Happening, ...]:
        """What happens when a case is opened."""
        return (Happening(Kind.HEARD, OPENED), *_entering(self.flow.states[self.flow.start]))

    def rests(self, place: Place) -> bool:
        """Whether a case stays there until something happens."""
        state = self.flow.states[place.state]
        return not place.raised and state.go is None and not state.is_final

    def _all(self) -> dict[Place, tuple[Move, ...]]:
        found: dict[Place, tuple[Move, ...]] = {}
        waiting = deque([self.start])
        while waiting:
            place = waiting.popleft()
            if place not in found:
                found[place] = tuple(self._from(place))
                waiting.extend(move.target for move in found[place])
        return found

    def _from(self, place: Place) -> Iterator[Move]:
        state = self.flow.states[place.state]
        if state.go is not None:
            yield from self._by(place, place.raised, None, state.go)
        elif place.raised:
            event, *later = place.raised
            choice = self.flow.choice(place.state, event)
            if choice is not None:
                yield from self._by(place, tuple(later), event, choice)
        else:
            for event, choice in self.flow.taken(place.state).items():
                yield from self._by(place, (), event, choice)

    def _by(self, place: Place, later: tuple[str, ...], event: str | None, choice: Choice) -> Iterator[Move]:
        for row in choice.rows:
            if row.refuse is not None:
                continue
            target = place.state if row.to is None else row.to
            raised = (row.raises, *later) if row.raises is not None else later
            happenings = tuple(self._happening(event, row, choice))
            # What is beyond the most would only be more of a circle that is there.
            yield Move(place, Place(target, raised[: self._most_raised]), event, row, choice, happenings)

    def _happening(self, event: str | None, row: Row, choice: Choice) -> Iterator[Happening]:
        yield Happening(Kind.READ, event or "", choice)
        if event is not None:
            yield Happening(Kind.HEARD, event)
        yield from (Happening(Kind.DONE, name, row) for name in row.does)
        yield from (Happening(Kind.REDONE, name, row) for name in row.redoes)
        if row.to is not None:
            yield from _entering(self.flow.states[row.to])


def _entering(state: State) -> Iterator[Happening]:
    yield Happening(Kind.ENTERED, state.name, state)
    if state.quotes is not None:
        yield Happening(Kind.QUOTED, state.quotes, state)
    yield from (Happening(Kind.DONE, name, state) for name in state.does)
    if state.opens is not None:
        yield Happening(Kind.OPENS, state.opens.alias, state)

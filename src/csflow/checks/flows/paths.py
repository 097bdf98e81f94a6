"""Owns walking a flow from its opening, with something kept in mind on the way, and telling how a case gets somewhere.

A child reports only while it is open: what is open is always kept in mind.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from csflow.checks.flows.moves import Happening, Kind, Move, Moves, Place
from csflow.pack.flows import Flow

_MOST_STANDS = 5_000

Mind = frozenset[str]
# What is kept in mind after a happening.
Keeping = Callable[[Mind, Happening], Mind]


class TooMany(Exception):
    """There are more ways through a flow than are walked."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A place, the children that are open in it, and what else is kept in mind."""

    place: Place
    open: Mind
    mind: Mind


@dataclass(frozen=True, slots=True)
class Passed:
    """One happening, what was kept in mind before it, and the stand from which the move began; None at the opening."""

    happening: Happening
    open: Mind
    mind: Mind
    stand: Stand | None
    move: Move | None


class Walk:
    """All that may happen in a flow. Raises `TooMany`."""

    def __init__(self, moves: Moves, keeping: Keeping = lambda mind, _: mind) -> None:
        self.moves = moves
        self._keeping = keeping
        self.passed: list[Passed] = []
        self._came: dict[Stand, tuple[Stand, Move] | None] = {}
        self._walk()

    @cached_property
    def stands(self) -> list[Stand]:
        """In the order in which they are met: the nearest to the opening first."""
        return list(self._came)

    @cached_property
    def resting(self) -> list[Stand]:
        """Where a case waits."""
        return [stand for stand in self._came if self.moves.rests(stand.place)]

    def path(self, stand: Stand | None, last: Move | None = None) -> list[str]:
        """The events on the shortest way to a stand, and of a move that follows, each with where it leads."""
        ways: list[Move] = [] if last is None else [last]
        came = None if stand is None else self._came[stand]
        while came is not None:
            before, move = came
            ways.append(move)
            came = self._came[before]
        return [self.moves.flow.start, *_told(reversed(ways))]

    def _walk(self) -> None:
        start = self._after(self.moves.start, frozenset(), frozenset(), self.moves.opening, None, None)
        self._came[start] = None
        waiting = deque([start])
        while waiting:
            stand = waiting.popleft()
            for move in self.moves.of[stand.place]:
                if is_child_outcome(self.moves.flow, move.event) and alias_of(move.event) not in stand.open:
                    continue
                reached = self._after(move.target, stand.open, stand.mind, move.happenings, stand, move)
                if reached not in self._came:
                    if len(self._came) >= _MOST_STANDS:
                        raise TooMany
                    self._came[reached] = stand, move
                    waiting.append(reached)

    def _after(
        self,
        place: Place,
        open: Mind,
        mind: Mind,
        happenings: tuple[Happening, ...],
        stand: Stand | None,
        move: Move | None,
    ) -> Stand:
        for happening in happenings:
            self.passed.append(Passed(happening, open, mind, stand, move))
            if happening.kind is Kind.OPENS:
                open |= {happening.name}
            elif happening.kind is Kind.HEARD and is_child_outcome(self.moves.flow, happening.name):
                open -= {alias_of(happening.name)}
            mind = self._keeping(mind, happening)
        return Stand(place, open, mind)


def is_child_outcome(flow: Flow, event: str | None) -> bool:
    """Whether an event says how a child ended: it is declared by nobody."""
    return event is not None and event not in flow.events and "." in event


def alias_of(event: str | None) -> str:
    return (event or "").partition(".")[0]


def _told(ways: Iterable[Move]) -> Iterator[str]:
    for move in ways:
        if move.event is not None:
            yield move.event
        if move.row.to is not None:
            yield move.target.state

"""Owns what walks through a flow cover: every transition of every state, and both sides of every guard.

A point is a row of an event in one state: an event of `everywhere` is one in each state that takes it, but for what
only time may take where nothing is timed. What a guard owes are the obligations of its table, as those of any decision:
a case at each border, on both sides, and one that depends on each condition. Those that exact analysis proves no case
can meet do not count. A parameter that guards read and no decision of the pack is owed here, too: no test of a decision
can notice its value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from csflow.flows.steps import Passage
from csflow.pack.flows import Flow, flow_pack
from csflow.pack.model import Decision, LinkedPack
from csflow.testing.coverage import Answered, Asked, Score
from csflow.testing.impossible import impossible
from csflow.testing.obligations import RULES, Obligation, obligations_of_decisions
from csflow.testing.reading import Readers
from csflow.testing.timed import out_of_time

# A row of an event in a state; `go` has no event.
Point = tuple[str, str | None, str]


@dataclass(frozen=True)
class FlowCoverage:
    """What of a flow was walked. `impossible` are obligations that no case can meet."""

    flow: Flow
    points: tuple[Point, ...]
    walked: frozenset[Point]
    obligations: tuple[Obligation, ...]
    met: frozenset[Obligation]
    impossible: frozenset[Obligation]

    @property
    def transitions(self) -> Score:
        return Score(len(self.walked), len(self.points))

    @property
    def guards(self) -> Score:
        counted = [each for each in self.obligations if each not in self.impossible]
        return Score(sum(each in self.met for each in counted), len(counted))

    @property
    def unwalked(self) -> tuple[Point, ...]:
        return tuple(each for each in self.points if each not in self.walked)

    @property
    def unmet(self) -> tuple[Obligation, ...]:
        return tuple(each for each in self.obligations if each not in self.met and each not in self.impossible)


class FlowTally:
    """Counts what passages of one flow cover, as they come."""

    def __init__(self, pack: LinkedPack, flow: Flow) -> None:
        self.flow = flow
        self.pack = guard_pack(pack, flow)
        untimed = out_of_time(flow)
        self.points = tuple(point for point in points_of(flow) if point not in untimed)
        tables = [choice.decision for _, _, choice in flow.choices() if choice.decision is not None]
        # That a row is taken, a point says already, and in which state.
        owed = obligations_of_decisions(self.pack, tables, _read_by_flows_alone(pack))
        self.obligations = tuple(each for each in owed if each.measure != RULES)
        self._waiting = list(self.obligations)
        self.walked: set[Point] = set()

    @property
    def waiting(self) -> tuple[Obligation, ...]:
        return tuple(self._waiting)

    def take(self, passages: Iterable[Passage], at: int) -> bool:
        """Count what these cover; whether that was anything new."""
        before = len(self.walked), len(self._waiting)
        for passage in passages:
            self._take(passage, at)
        return before != (len(self.walked), len(self._waiting))

    def _take(self, passage: Passage, at: int) -> None:
        if passage.row is not None:
            self.walked.add((passage.state, passage.event, passage.row))
        decision = passage.choice.decision
        if decision is None or not any(decision.name in each.readers for each in self._waiting):
            return
        answered = Answered(self.pack, Asked(decision.name, passage.facts, at))
        self._waiting = [
            each for each in self._waiting if decision.name not in each.readers or not answered.notices(each.changed)
        ]

    def coverage(self) -> FlowCoverage:
        waiting = frozenset(self._waiting)
        met = frozenset(each for each in self.obligations if each not in waiting)
        never = impossible(self.pack, self._waiting)
        walked = frozenset(each for each in self.points if each in self.walked)
        return FlowCoverage(self.flow, self.points, walked, self.obligations, met, never)


def points_of(flow: Flow) -> Iterator[Point]:
    """Every row of every event in every state that takes it, and of `go`."""
    for name, state in flow.states.items():
        if state.go is not None:
            yield from ((name, None, row.id) for row in state.go.rows)
        else:
            for event, choice in flow.taken(name).items():
                yield from ((name, event, row.id) for row in choice.rows)


def guard_pack(pack: LinkedPack, flow: Flow) -> LinkedPack:
    """The pack of a flow with nothing in it but what its guards ask: so much less has to be looked at."""
    whole = flow_pack(pack, flow)
    waiting = [choice.decision for _, _, choice in flow.choices() if choice.decision is not None]
    needed: dict[str, Decision] = {}
    while waiting:
        decision = waiting.pop()
        if decision.name not in needed:
            needed[decision.name] = decision
            waiting += [whole.decisions[name] for name in decision.requires]
    kept = {name: each for name, each in whole.decisions.items() if name in needed}
    return replace(whole, decisions=kept, settlements={}, flows={})


def _read_by_flows_alone(pack: LinkedPack) -> tuple[str, ...]:
    """The parameters that no decision of a pack reads."""
    readers = Readers(pack)
    return tuple(name for name in pack.parameters if not readers.of_parameter(name))

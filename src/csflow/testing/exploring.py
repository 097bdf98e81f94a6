"""Owns the search for ways through a flow: cases that walk every transition, and both sides of every guard.

It plays cases by a virtual clock, every event in every state that it comes to, and goes on from what is new. For what
no such walk comes to, facts are looked for by which the guard would tell (`searching`), and a case is opened with them.
Nothing is assumed of a way that was not walked.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import Any

from csflow.facts import ABSENT, Facts, facts_of
from csflow.flows import Event, Simulation, Snapshot, Step, Stepper
from csflow.flows.happenings import Refused
from csflow.flows.snapshots import NO_PLAN, Settled
from csflow.flows.steps import MOVED, REFUSED
from csflow.pack.flows import CLOCK, SYSTEM, Flow, FlowEvent
from csflow.pack.model import Fact, LinkedPack
from csflow.settlement import Book, Ledger
from csflow.testing.flow_coverage import FlowCoverage, FlowTally
from csflow.testing.obligations import Obligation
from csflow.testing.searching import Search
from csflow.values.presenting import to_json

# How many cases are gone on from, and how many payloads of one event are tried.
_MOST_NODES, _MOST_PAYLOADS = 600, 24
_OWN = ("kept.", "event.", "quote.")


@dataclass(frozen=True, slots=True)
class Opening:
    """With what a case is opened: facts of the pack in held form, and the purchase where the flow quotes.

    With a `settlement` it is opened with a plan, as a child is, which is in the `book`. `order` and `written` are order
    and claim as they are written.
    """

    at: int
    values: Mapping[str, Any] = field(default_factory=dict)
    ledger: Ledger | None = None
    claim: Any = None
    plan: Settled = NO_PLAN
    book: Book | None = None
    settlement: str | None = None
    order: Any = None
    written: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that happens in a way: an event, sent at an instant; `effect` where it reports the outcome of one."""

    event: Event
    at: int
    effect: str | None = None
    succeeded: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A case from its opening: what happened to it, one thing after the other, and what came of the last."""

    opening: Opening
    actions: tuple[Action, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Explored:
    """The ways that cover what can be covered, none of them needless, and the coverage that they come to."""

    ways: tuple[Way, ...]
    coverage: FlowCoverage


def explore(
    pack: LinkedPack, flow: Flow, stepper: Stepper, openings: Iterable[Opening], tally: FlowTally | None = None
) -> Explored:
    """Ways through a flow from these openings, and from others that are looked for, to what a tally does not have."""
    explorer = _Explorer(pack, flow, stepper, tally or FlowTally(pack, flow))
    seeds = list(openings)
    for opening in seeds:
        explorer.walk(opening, {})
    search = Search(explorer.tally.pack)
    for obligation in explorer.tally.waiting:
        if obligation in explorer.tally.waiting:
            explorer.look_for(obligation, search, seeds)
    return Explored(tuple(explorer.ways), explorer.tally.coverage())


class _Explorer:
    def __init__(self, pack: LinkedPack, flow: Flow, stepper: Stepper, tally: FlowTally) -> None:
        self._pack = pack
        self._flow = flow
        self._stepper = stepper
        self.tally = tally
        self.ways: list[Way] = []

    def look_for(self, obligation: Obligation, search: Search, seeds: Iterable[Opening]) -> None:
        """Open cases with facts by which the guard tells, and walk until it has told."""
        found = search.case_for(obligation)
        if found is None:
            return
        wished = {path: held for path, held in found.facts.values.items() if not path.startswith(_OWN)}
        for seed in seeds:
            self.walk(replace(seed, values={**seed.values, **wished}), wished)
            if obligation not in self.tally.waiting:
                return

    def walk(self, opening: Opening, wished: Mapping[str, Any]) -> None:
        """Everything that can happen from an opening, breadth first; what an event may carry is taken as wished."""
        first = self._opened(opening)
        step = first.open(facts_of(self._pack, opening.values), "case", opening.plan)
        self._count(Way(opening, (), (step,)), step, first.at)
        if step.status == REFUSED:
            return
        waiting, seen = deque([(first, Way(opening, (), (step,)))]), {self._place(first)}
        for _ in range(_MOST_NODES):
            if not waiting:
                return
            played, way = waiting.popleft()
            for action in self._actions(played, wished):
                self._go_on(played, way, action, waiting, seen)

    def _go_on(
        self,
        played: Simulation,
        way: Way,
        action: Action,
        waiting: "deque[tuple[Simulation, Way]]",
        seen: set[Any],
    ) -> None:
        after = self._copy(played, action.at)
        step = after.send(action.event)
        longer = Way(way.opening, (*way.actions, action), (*way.steps, step))
        self._count(longer, step, action.at)
        if step.status != MOVED:
            return
        if action.effect is not None:
            after.asked = [each for each in after.asked if each.key != action.event.of]
        place = self._place(after)
        if place not in seen:
            seen.add(place)
            waiting.append((after, longer))

    def _count(self, way: Way, step: Step, at: int) -> None:
        if self.tally.take(step.passages, at):
            # A way that goes on from another shows what that one shows.
            self.ways = [each for each in self.ways if each.steps != way.steps[: len(each.steps)]]
            self.ways.append(way)

    def _opened(self, opening: Opening) -> Simulation:
        played = Simulation(self._stepper, opening.at, opening.ledger, opening.claim)
        played.book = opening.book or played.book
        return played

    def _copy(self, played: Simulation, at: int) -> Simulation:
        after = Simulation(self._stepper, at, played.ledger, played.claim)
        after.snapshot, after.asked = played.snapshot, list(played.asked)
        after.book, after.budgets = played.book, dict(played.budgets)
        after.handed = dict(played.handed)
        return after

    def _place(self, played: Simulation) -> Any:
        """What makes one case another: where it is, what it keeps, and what it waits for."""
        snapshot = played.snapshot
        assert snapshot is not None
        own = {path: held for path, held in snapshot.facts.values.items() if path.startswith(_OWN)}
        carried = {path for event in self._flow.events.values() for path in event.carries}
        brought = {path: snapshot.facts.values.get(path, ABSENT) for path in sorted(carried)}
        return (
            snapshot.state,
            tuple(sorted(own.items())),
            tuple((path, str(held)) for path, held in brought.items()),
            tuple((each.name, each.state) for each in snapshot.owed),
            tuple((alias, child.outcome) for alias, child in sorted(snapshot.children.items())),
            tuple((name, each.raised, each.run.stopped is None) for name, each in sorted(snapshot.clocks.items())),
            tuple(each.raised for each in snapshot.timers),
        )

    # What may happen

    def _actions(self, played: Simulation, wished: Mapping[str, Any]) -> Iterator[Action]:
        snapshot = played.snapshot
        assert snapshot is not None
        yield from self._outcomes(played, snapshot)
        yield from self._in_time(played, snapshot)
        for name in self._flow.taken(snapshot.state):
            event = self._flow.events.get(name)
            if event is None:
                continue
            for by in self._senders(event, snapshot, played.at):
                for data in self._payloads(event, snapshot.facts, wished):
                    yield Action(Event(name, by, data=data), played.at)

    def _senders(self, event: FlowEvent, snapshot: Snapshot, at: int) -> Iterator[str]:
        try:
            named = self._stepper.senders.of(event, snapshot.facts, at)
        except Refused:
            return
        reads_sender = any(each.reads_event for _, name, each in self._flow.choices() if name == event.name)
        people = [each for each in named if each != CLOCK]
        yield from people if reads_sender else people[:1]

    def _payloads(self, event: FlowEvent, facts: Facts, wished: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        offered = [self._offered(self._pack.facts[path], facts, wished) for path in event.carries]
        zone = self._pack.zone
        for held in islice(product(*offered), _MOST_PAYLOADS):
            given = zip(event.carries, held, strict=True)
            yield {path: to_json(self._pack.facts[path].kind, each, zone) for path, each in given if each is not ABSENT}

    def _offered(self, fact: Fact, facts: Facts, wished: Mapping[str, Any]) -> list[Any]:
        """The values of one fact that an event brings: as wished, as known, or a few of those there are."""
        if fact.path in wished:
            return [wished[fact.path]]
        found = [facts.values[fact.path]] if fact.path in facts.values else []
        kind = fact.kind
        if kind.is_symbolic:
            found += kind.symbols[:6]
        elif kind.name == "bool":
            found += [True, False]
        elif not found:
            found.append(_some(fact))
        if fact.optional:
            found.append(ABSENT)
        return list(dict.fromkeys(found))

    def _outcomes(self, played: Simulation, snapshot: Snapshot) -> Iterator[Action]:
        """How the effects that are awaited, and the children that are open, may end."""
        for effect in played.asked:
            if effect.notice:
                continue
            yield Action(effect.succeeded(), played.at, effect.name, succeeded=True)
            yield Action(effect.failed(), played.at, effect.name)
        for alias, child in snapshot.children.items():
            if child.outcome is None:
                ends = self._pack.flows[child.flow].states.values()
                for outcome in dict.fromkeys(end.outcome for end in ends if end.outcome is not None):
                    yield Action(Event(f"{alias}.{outcome}", SYSTEM, of=child.key), played.at)

    def _in_time(self, played: Simulation, snapshot: Snapshot) -> Iterator[Action]:
        """What time raises next."""
        due = sorted(self._stepper.timekeeper.due(snapshot, played.at), key=lambda each: each.at)
        if due:
            yield Action(due[0].event, max(played.at, due[0].at))


def _some(fact: Fact) -> Any:
    """A value of a kind without symbols."""
    low, high = fact.kind.low, fact.kind.high
    match fact.kind.name:
        case "text":
            return "x"
        case "list":
            return ()
        case "date":
            return 739_000
        case "datetime":
            return 1_763_000_000_000_000
    held = 0 if low is None else max(0, low)
    return held if high is None else min(held, high)

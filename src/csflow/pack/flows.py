"""Owns a linked flow: its states, events, clocks and effects, and the questions that its guards are.

Every list of guarded rows is a decision of the pack's kind, whose rules are the rows: what reads tables reads flows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from csflow.diagnostics import Mark, Phrase
from csflow.expressions.terms import Space
from csflow.pack.counting import place, wording
from csflow.pack.model import Decision, Fact, LinkedPack
from csflow.values.kinds import Kind

# Who may send events beside roles and parties: the host's machines, and the clocks and timers of the flow itself.
SYSTEM, CLOCK = SENDERS = ("system", "clock")
# What a clock may start with, beside events and states: the opening of the case.
OPENED = "opened"
# What guards read besides facts: what a case keeps, the event, and the quote that was asked on the way.
KEPT, EVENT, QUOTE = "kept", "event", "quote"
QUOTED, REFUSED = "quoted", "refused"
# How the outputs of a row are named that say what the case keeps.
SET = "set."


@dataclass(frozen=True, slots=True)
class EffectKind:
    """What a flow may ask of a host. A `notice` has no outcome; any other reports it with the events `done`, `failed`.

    `pays`: it carries out the plan that was quoted, payment by payment. `needs` are the facts that go with it.
    """

    name: str
    notice: bool
    pays: bool
    needs: tuple[str, ...]
    done: str | None
    failed: str | None
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a case remembers, and what it begins with, in held form."""

    name: str
    kind: Kind
    start: Any
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class FlowEvent:
    """What may happen to a case: who may send it, by name or as `role.role` answers, and the facts that it carries."""

    name: str
    senders: tuple[str, ...]
    role: Decision | None
    carries: tuple[str, ...]
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Row:
    """One way a step may go: to a state (it stays, when None), or it is refused with a code.

    `sets` are values in held form, `advances` what goes on to its next (a symbol, one more); what is computed, the
    decision of the choice gives as `set.NAME`. `redoes` are effects whose failed ones are asked again.
    """

    id: str
    to: str | None
    refuse: str | None
    sets: Mapping[str, Any]
    advances: tuple[str, ...]
    does: tuple[str, ...]
    redoes: tuple[str, ...]
    raises: str | None
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Choice:
    """The rows of one event in a state, or of `go`. `decision` says by its rule which row holds; None: the only one."""

    rows: tuple[Row, ...]
    decision: Decision | None
    mark: Mark = place()

    @property
    def reads_event(self) -> bool:
        """Whether what its rows ask depends on the event itself."""
        read = () if self.decision is None else self.decision.reads()
        return any(each.space is Space.FACT and each.name.startswith(f"{EVENT}.") for each in read)


@dataclass(frozen=True, slots=True)
class Timer:
    """Raises an event so long after a state was entered; `within` is an output of its decision."""

    number: int
    decision: Decision
    calendar: str | None
    raises: str
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Opening:
    """A case of another flow that is opened on entry: its outcomes arrive as `alias.OUTCOME`."""

    alias: str
    flow: str
    with_plan: bool
    mark: Mark = place()


@dataclass(frozen=True, slots=True)
class State:
    """One state. With `go` a case passes through it at once.

    `outcome` is the word under which a parent hears of a final one.
    """

    name: str
    stage: str | None
    decides: tuple[str, ...]
    quotes: str | None
    does: tuple[str, ...]
    opens: Opening | None
    go: Choice | None
    on: Mapping[str, Choice]
    timers: tuple[Timer, ...]
    outcome: str | None
    absorbs: tuple[str, ...]
    mark: Mark = place()
    title: Phrase | None = wording()

    @property
    def is_final(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class FlowClock:
    """A service clock. What starts, stops and restarts it are events, states entered, outcomes, or `opened`.

    `within` is an output of its decision; `calendar` counts a duration in open hours. `warn_at` is a part of a hundred.
    """

    name: str
    decision: Decision
    calendar: str | None
    start: tuple[str, ...]
    stop: tuple[str, ...]
    restart: tuple[str, ...]
    pause_in: tuple[str, ...]
    warn_at: int | None
    on_warn: str | None
    on_breach: str | None
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Flow:
    """How a case of one kind moves. `everywhere` holds in every state that is not final, after the state's own.

    `own` are the facts that its guards read besides those of the pack, by path.
    """

    name: str
    governed_by: str | None
    start: str
    keeps: Mapping[str, Kept]
    events: Mapping[str, FlowEvent]
    clocks: Mapping[str, FlowClock]
    everywhere: Mapping[str, Choice]
    states: Mapping[str, State]
    own: Mapping[str, Fact] = field(compare=False, repr=False)
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()

    def choice(self, state: str, event: str) -> Choice | None:
        """What an event may do in a state; None where it is not taken there."""
        found = self.states[state]
        if found.is_final:
            return None
        return found.on.get(event) or self.everywhere.get(event)

    def taken(self, state: str) -> dict[str, Choice]:
        """Every event that is taken in a state with what it may do there: the state's own first, then those of all."""
        found = self.states[state]
        return {} if found.is_final else {**found.on, **self.everywhere, **found.on}

    def awaited(self, state: str) -> list[str]:
        """Of the events that are taken in a state those that somebody sends, not time alone."""
        return [name for name in self.taken(state) if name not in self.events or self.events[name].senders != (CLOCK,)]

    def choices(self) -> Iterator[tuple[str | None, str | None, Choice]]:
        """Every list of rows, with its state (None: everywhere) and its event (None: `go`)."""
        for event, choice in self.everywhere.items():
            yield None, event, choice
        for state in self.states.values():
            if state.go is not None:
                yield state.name, None, state.go
            for event, choice in state.on.items():
                yield state.name, event, choice

    def decisions(self) -> Iterator[Decision]:
        """Everything that it asks in words of its own."""
        for _, _, choice in self.choices():
            if choice.decision is not None:
                yield choice.decision
        yield from (clock.decision for clock in self.clocks.values())
        yield from (timer.decision for state in self.states.values() for timer in state.timers)
        yield from (event.role for event in self.events.values() if event.role is not None)


def flow_pack(pack: LinkedPack, flow: Flow) -> LinkedPack:
    """The pack in which what the flow asks is among the decisions, and what its guards read among the facts."""
    asked = {decision.name: decision for decision in flow.decisions()}
    return replace(pack, facts={**pack.facts, **flow.own}, decisions={**pack.decisions, **asked})


def parts_of(pack: LinkedPack) -> Iterator[tuple[LinkedPack, tuple[Decision, ...]]]:
    """All that a pack asks: its decisions and settlements, then each flow with the facts that its guards read."""
    yield pack, tuple(pack.every_decision())
    for flow in pack.flows.values():
        yield flow_pack(pack, flow), tuple(flow.decisions())

"""Owns hosts by chance from a seed alone: cases of the shipped flows, opened as the pack's own tests open them.

A host does what a shop's backend does, and everything that it must not do: it sends what is due, reports outcomes,
opens children and keeps the book, and between these sends nonsense, forgeries and what it has sent before.
"""

import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import csflow
from csflow.facts import ABSENT, Facts, facts_of
from csflow.flows import Effect, Event, Purchase, Snapshot, Step
from csflow.flows.bookkeeping import settled_of
from csflow.flows.snapshots import NO_PLAN, Settled
from csflow.flows.steps import Opened
from csflow.loading.passes import load_files
from csflow.loading.run_cases import OPEN, SEND, SUCCEEDED, WAIT
from csflow.pack.flows import CLOCK, SYSTEM
from csflow.settlement import Book, Budget
from csflow.settlement.cases import RunCase
from csflow.values.instants import DAY
from csflow.values.presenting import to_json

POLICIES = Path(__file__).resolve().parents[2] / "policies"
PACKS = ("cn", "eu", "tw")
HOUR = 3_600_000_000
# The longest run of a pack's own tests takes some two dozen steps.
MOST_STEPS = 40
HOSTILE: tuple[Any, ...] = (
    None, [], {}, "", " ", "\x00", "x" * 100_000, "10 USD", -1, 10**40, -(10**40), 1.5, float("nan"), True, b"12 CNY",
    [[[[]]]], {"a": {"b": {"c": None}}}, {1: 2}, {None: None}, object(), "2026-02-30T25:61:61+99:99",
)  # fmt: skip
HOSTILE_DATA: tuple[Any, ...] = (
    *HOSTILE, {1: {}}, {None: 1}, {(): {}}, {"": {}}, {".": 1}, {"claim": None}, {"claim": []}, {"claim": {1: 2}},
    {"claim.reason": {"claim": {}}}, {"claim": {"reason": {"x": [None]}}}, {"nobody": {"knows": "this"}}, {"kept": {"level": "director"}},
    {"quote": {"approver": "robot"}}, {"event": {"by": "director"}},
)  # fmt: skip


@cache
def runs_of(name: str) -> tuple[csflow.Pack, tuple[RunCase, ...]]:
    """A shipped pack, and its own tests of flows."""
    folder = POLICIES / name
    every = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.yaml"))}
    every |= {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.csv"))}
    kept = {at: path for at, path in every.items() if not at.startswith("tests/") or at.startswith("tests/flows/")}
    loaded = load_files({at: path.read_bytes() for at, path in kept.items()}, f"policies/{name}")
    assert loaded.pack is not None and not loaded.diagnostics.has_errors
    cases = tuple(case for case in loaded.cases if isinstance(case, RunCase) and not case.parameters)
    return csflow.Pack(loaded.pack, []), cases


@cache
def cases_of(name: str, flow: str) -> tuple[RunCase, ...]:
    found = tuple(case for case in runs_of(name)[1] if case.flow == flow)
    assert found, f"flow {flow} of {name} has no tests of its own"
    return found


def flows() -> list[tuple[str, str]]:
    """Every flow that is shipped, with its pack."""
    return [(name, flow) for name in PACKS for flow in runs_of(name)[0].linked.flows]


@cache
def payloads_of(name: str, flow: str) -> Mapping[str, tuple[dict[str, Any], ...]]:
    """What the tests of the pack send with each event."""
    pack = runs_of(name)[0]
    found: dict[str, list[dict[str, Any]]] = {}
    for case in cases_of(name, flow):
        for step in case.steps:
            if step.action == SEND:
                found.setdefault(step.name, []).append(as_given(pack, step.data))
    return {event: tuple(each) for event, each in found.items()}


def as_given(pack: csflow.Pack, held: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by path as a backend gives them."""
    facts, zone = pack.linked.facts, pack.linked.zone
    return {path: to_json(facts[path].kind, each, zone) for path, each in held.items() if each is not ABSENT}


class Host(random.Random):
    """One case of a flow and the cases that it opens. `made` are all its steps, in order."""

    def __init__(self, name: str, flow: str, seed: int) -> None:
        super().__init__(f"{name}/{flow}/{seed}")
        self.name = name
        self.pack = runs_of(name)[0]
        self.case = self.choice(cases_of(name, flow))
        self.at = self.case.at
        self.snapshots: dict[str, Snapshot] = {}
        self.parents: dict[str, str] = {}
        self.asked: list[tuple[str, Effect]] = []
        self.reports: list[tuple[str, Event]] = []
        self.sent: list[tuple[str, Event]] = []
        self.made: list[tuple[str, Step]] = []
        # What the test does next: mostly that is done, so that cases come far.
        self.script = [step for step in self.case.steps if step.action != OPEN]
        self.claims = [step.claimed for step in self.case.steps if step.claimed is not None]
        self.claim = self.claims[0] if self.claims else None
        self.book = None if self.case.ledger is None else Book(self.case.ledger.digest)
        settlements = self.pack.linked.settlements.values()
        self.budgets = {each.name: Budget() for one in settlements for each in one.amounts if each.budgeted}

    @property
    def purchase(self) -> Purchase | None:
        if self.case.ledger is None or self.claim is None:
            return None
        return Purchase(self.case.ledger, self.claim, self.book, self.budgets)

    def open(self, *, forgets: bool) -> Step:
        """Open the case, as one of the pack's tests does; at times a host does not know a fact or two."""
        values = dict(self.case.facts)
        if forgets and self.random() < 0.5:
            for path in self.sample(sorted(values), min(len(values), self.randint(1, 3))):
                del values[path]
        facts = facts_of(self.pack.linked, values)
        stepper = self.pack.stepper(self.case.flow)
        step = stepper.open(facts, "C1", self.at, self.purchase, None, self.handed(facts))
        return self._took("C1", step)

    def handed(self, facts: Facts) -> Settled:
        """The plan that the case is opened with, where the flow carries one out."""
        purchase = self.purchase
        if self.case.settlement is None or purchase is None:
            return NO_PLAN
        settler = self.pack._settler(self.case.settlement)
        quote = settler.quote(purchase.ledger, self.book, purchase.claim, facts, self.at, self.budgets)
        if quote.plan is None:
            return NO_PLAN
        self.book = quote.plan.book
        return settled_of(quote.plan)

    def steps(self, *, hostile: bool) -> Iterator[tuple[Snapshot, Step]]:
        """Each step with the snapshot before it, of a case by chance."""
        for _ in range(MOST_STEPS):
            if not self.snapshots:
                return
            key = self.choice(self._open_cases() or sorted(self.snapshots))
            event = self.hostile(key) if hostile and self.random() < 0.5 else self.likely(key)
            if event is not None:
                before = self.snapshots[key]
                yield before, self.send(key, event)

    def _open_cases(self) -> list[str]:
        """Those that go on; at times all of them, since what is late comes to a closed one."""
        flows = self.pack.linked.flows
        return [
            key for key, each in sorted(self.snapshots.items())
            if not flows[each.case.flow].states[each.state].is_final or self.random() < 0.1
        ]  # fmt: skip

    def send(self, key: str, event: Event) -> Step:
        snapshot = self.snapshots[key]
        self.at = max(self.at, snapshot.at)
        step = self.pack.stepper(snapshot.case.flow).step(snapshot, event, self.at, self.purchase)
        self.sent.append((key, event))
        return self._took(key, step)

    def _took(self, key: str, step: Step) -> Step:
        self.made.append((key, step))
        if step.status == "refused":
            return step
        assert step.snapshot is not None
        self.snapshots[key] = step.snapshot
        self.asked += [(key, effect) for effect in step.effects if not effect.notice]
        if self.book is not None:
            self.book = step.booked(self.book)
        if step.quote is not None and step.quote.plan is not None:
            self.budgets.update(step.quote.plan.budgets)
        if step.reports is not None and key in self.parents:
            self.reports.append((self.parents[key], step.reports))
        for opened in step.opened:
            self._open_child(key, opened)
        return step

    def _open_child(self, parent: str, opened: Opened) -> None:
        self.parents[opened.key] = parent
        stepper = self.pack.stepper(opened.flow)
        facts = facts_of(self.pack.linked, dict(opened.facts.values))
        self._took(opened.key, stepper.open(facts, opened.key, self.at, self.purchase, opened.alias, opened.plan))

    def likely(self, key: str) -> Event | None:
        """What a host does: outcomes and reports of children, what is due, and what the state takes from those who may."""
        snapshot, chance = self.snapshots[key], self.random()
        mine = [effect for owner, effect in self.asked if owner == key]
        told = [event for parent, event in self.reports if parent == key]
        if key == "C1" and self.script and self.random() < 0.7:
            return self._scripted(snapshot, mine, told)
        if self.claims and chance < 0.1:
            self.claim = self.choice(self.claims)
        if mine and chance < 0.45:
            return self._outcome(self.choice(mine))
        if told and chance < 0.6:
            return self.choice(told)
        if chance < 0.75:
            return self._in_time(snapshot)
        self.at += self.randrange(0, 12) * HOUR
        return self._wanted(snapshot)

    def _scripted(self, snapshot: Snapshot, mine: list[Effect], told: list[Event]) -> Event | None:
        """What the test does next; how a child ended is said by the child itself."""
        step = self.script[0]
        self.claim = step.claimed or self.claim
        if step.action == SEND and "." in step.name:
            if not told:
                return None
            self.script.pop(0)
            return told[-1]
        self.script.pop(0)
        if step.action == SEND:
            self.at = max(self.at, step.at or 0)
            return Event(step.name, step.by, data=as_given(self.pack, step.data))
        if step.action == WAIT:
            self.at += step.wait
            return self._due(snapshot)
        named = [effect for effect in mine if effect.name == step.name]
        data = as_given(self.pack, step.data)
        return None if not named else named[-1].succeeded(data) if step.action == SUCCEEDED else named[-1].failed(data)

    def _outcome(self, effect: Effect) -> Event:
        return effect.succeeded(self._data(effect.succeeded().name)) if self.random() < 0.5 else effect.failed()

    def _data(self, event: str, flow: str | None = None) -> dict[str, Any]:
        known = payloads_of(self.name, flow or self.case.flow).get(event)
        return dict(self.choice(known)) if known else {}

    def _in_time(self, snapshot: Snapshot) -> Event | None:
        self.at += self.randrange(0, 20) * DAY
        return self._due(snapshot)

    def _due(self, snapshot: Snapshot) -> Event | None:
        due = sorted(self.pack.stepper(snapshot.case.flow).timekeeper.due(snapshot, self.at), key=lambda each: each.at)
        return due[0].event if due and due[0].at <= self.at else None

    def _wanted(self, snapshot: Snapshot) -> Event | None:
        flow = self.pack.linked.flows[snapshot.case.flow]
        stepper = self.pack.stepper(flow.name)
        taken = [each for each in (*flow.states[snapshot.state].on, *flow.everywhere) if each in flow.events]
        if not taken:
            return None
        event = flow.events[self.choice(taken)]
        try:
            senders = [
                each for each in stepper.senders.of(event, snapshot.facts, self.at) if each not in (CLOCK, SYSTEM)
            ]
        except Exception:
            senders = []
        by = self.choice(senders or ["customer", "front_line", "director"])
        return Event(event.name, by, data=self._data(event.name, flow.name))

    def hostile(self, key: str) -> Event:
        """What no host should send: forged, repeated, late, of others, with payloads of any shape."""
        snapshot = self.snapshots[key]
        flow = self.pack.linked.flows[snapshot.case.flow]
        carried = [path for event in flow.events.values() for path in event.carries]
        name = self.choice(
            (*flow.events, "nobody.knows", "", "opened", *flow.states, "cash.done", "cash.failed", "cash.")
        )
        by = self.choice((SYSTEM, CLOCK, "robot", "customer", "director", "front_line", "", "nobody"))
        of = self.choice((None, "", "timer/C1/1/0", "clock/first_response/1/breach", *(e.key for _, e in self.asked)))
        sort = self.randrange(6)
        if sort == 0 and self.sent:
            return self.choice(self.sent)[1]
        if sort == 1:
            return Event(name, by, of=of)
        if sort == 2:
            return Event(name, by, data=self.choice(HOSTILE_DATA), of=of)
        if sort == 3 and carried:
            return Event(name, by, data={self.choice(carried): self.choice(HOSTILE) for _ in range(2)})
        if sort == 4:
            data: dict[Any, Any] = self._data(name, flow.name)
            data[self.choice(sorted(data) or ["claim.reason"])] = self.choice(HOSTILE)
            return Event(name, by, data=data)
        return Event(name, by, data=self._data(name, flow.name), of=of)

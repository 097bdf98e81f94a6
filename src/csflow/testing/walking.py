"""Owns running the tests of flows: a case by a virtual clock, step by step, with the money of its order.

Whatever time raises before a step is made is sent first, at its own moment, as a host does. Only what a step names is
compared. How a failure is told is for `telling_runs`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from csflow.facts import ABSENT, facts_of
from csflow.flows import Effect, Event, Purchase, Snapshot, Step, Stepper
from csflow.flows.bookkeeping import settled_of
from csflow.flows.snapshots import NO_PLAN, Settled
from csflow.loading.run_cases import (
    ABSORBED,
    CLOCKS,
    EFFECTS,
    MOVED,
    OPEN,
    OPENED,
    RAISED,
    REFUND,
    REFUSAL,
    SEND,
    STATE,
    SUCCEEDED,
    WAIT,
)
from csflow.pack.cases import STATUS, Expectation
from csflow.pack.model import LinkedPack
from csflow.settlement import Book, Budget, Settler
from csflow.settlement.cases import RunCase, RunStep
from csflow.values.presenting import to_json

# A case that raises more than this while time passes raises events without end.
_MOST_RAISED = 1_000


@dataclass(frozen=True, slots=True)
class RunDifference:
    """One thing that came out otherwise than a step, counted from 1, expects; `actual` has the form of that."""

    step: int
    expected: Expectation
    actual: Any


@dataclass(frozen=True, slots=True)
class Walked:
    """What a step of a test came to: its own (None where only time passed), all that was made, and the case then."""

    own: Step | None
    made: tuple[Step, ...]
    snapshot: Snapshot | None
    at: int


@dataclass(frozen=True, slots=True)
class RunResult:
    """A test of a flow with what came of each step that was reached. `pack` has the parameters of the test."""

    case: RunCase
    pack: LinkedPack
    walked: tuple[Walked, ...]
    differences: tuple[RunDifference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def run_case(case: RunCase, stepper: Stepper, settler: Callable[[str], Settler]) -> RunResult:
    """The result of a test: steps in their order, none after one whose status is another than expected."""
    walk = Walk(case, stepper, settler)
    walked: list[Walked] = []
    differences: list[RunDifference] = []
    for number, step in enumerate(_with_opening(case), 0 if case.steps[0].action != OPEN else 1):
        done = walk.make(step)
        walked.append(done)
        found = [RunDifference(number, *each) for each in _differences(step, done, stepper)]
        differences += found
        if any(each.expected.part == STATUS for each in found):
            break
    return RunResult(case, stepper.pack, tuple(walked), tuple(differences))


def _with_opening(case: RunCase) -> Iterator[RunStep]:
    """The steps; a test that says nothing of the opening expects that the case is opened."""
    if case.steps[0].action != OPEN:
        expected = (Expectation(STATUS, MOVED, case.mark),)
        yield RunStep(OPEN, "", "", None, 0, {}, case.steps[0].claimed, expected)
    yield from case.steps


@dataclass(slots=True)
class Walk:
    """One case on its way, with the effects that were asked for, and the book and budgets of its customer."""

    _case: RunCase
    _stepper: Stepper
    _settler: Callable[[str], Settler]
    snapshot: Snapshot | None = None
    at: int = field(init=False)
    book: Book | None = field(init=False)
    budgets: dict[str, Budget] = field(init=False)
    asked: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at = self._case.at
        self.book = None if self._case.ledger is None else Book(self._case.ledger.digest)
        amounts = (each for settlement in self._stepper.pack.settlements.values() for each in settlement.amounts)
        self.budgets = {each.name: Budget() for each in amounts if each.budgeted}

    def make(self, step: RunStep) -> Walked:
        """Let a step happen, after all that time raises before it."""
        at = self.at + step.wait if step.at is None else step.at
        made = [] if step.action == OPEN else list(self.pass_time(at))
        self.at = max(self.at, at)
        own = None if step.action == WAIT else self._own(step, at)
        if own is not None:
            self._taken(own)
            made.append(own)
        return Walked(own, tuple(made), self.snapshot, self.at)

    def pass_time(self, until: int) -> Iterator[Step]:
        """Send what time raises by then, the earliest first, each at its own moment."""
        for _ in range(_MOST_RAISED):
            snapshot = self.snapshot
            if snapshot is None:
                return
            due = min(self._stepper.timekeeper.due(snapshot, until), key=lambda each: each.at, default=None)
            if due is None or due.at > until:
                return
            self.at = max(self.at, due.at)
            step = self._stepper.step(snapshot, due.event, self.at, self._purchase(None))
            self._taken(step)
            yield step
            if step.status != MOVED:
                return

    def _own(self, step: RunStep, at: int) -> Step:
        purchase = self._purchase(step)
        if step.action == OPEN:
            facts = facts_of(self._stepper.linked, self._case.facts)
            return self._stepper.open(facts, self._case.name, at, purchase, None, self._handed(step, at))
        assert self.snapshot is not None  # INVARIANT: nothing happens to a case that was not opened.
        return self._stepper.step(self.snapshot, self._event(step), at, purchase)

    def _event(self, step: RunStep) -> Event:
        facts, zone = self._stepper.pack.facts, self._stepper.pack.zone
        data = {
            path: None if held is ABSENT else to_json(facts[path].kind, held, zone)
            for path, held in step.data.items()
            if held is not ABSENT
        }
        if step.action == SEND:
            return Event(step.name, step.by, data=data)
        effect = next((each for each in reversed(self.asked) if each.name == step.name and not each.notice), None)
        if effect is None:
            # Nobody asked for it: what reports on it is not awaited.
            kind = self._stepper.pack.effects.get(step.name)
            done = step.name if kind is None else (kind.done if step.action == SUCCEEDED else kind.failed)
            return Event(done or step.name, "system", data=data, of="nobody asked for it")
        self.asked.remove(effect)
        return effect.succeeded(data) if step.action == SUCCEEDED else effect.failed(data)

    def _purchase(self, step: RunStep | None) -> Purchase | None:
        ledger = self._case.ledger
        if ledger is None:
            return None
        claims = [each.claimed for each in self._case.steps if each.claimed is not None]
        claimed = step.claimed if step is not None and step.claimed is not None else next(iter(claims), None)
        return None if claimed is None else Purchase(ledger, claimed, self.book, self.budgets)

    def _handed(self, step: RunStep, at: int) -> Settled:
        """The plan that a child is opened with."""
        name, ledger = self._case.settlement, self._case.ledger
        if name is None or ledger is None or step.claimed is None or self.book is None:
            return NO_PLAN
        facts = facts_of(self._stepper.linked, self._case.facts)
        quote = self._settler(name).quote(ledger, self.book, step.claimed, facts, at, self.budgets)
        if quote.plan is None:
            return NO_PLAN
        self.book = quote.plan.book
        return settled_of(quote.plan)

    def _taken(self, step: Step) -> None:
        if step.status != ABSORBED and step.status != MOVED:
            return
        self.snapshot = step.snapshot
        self.asked += step.effects
        if step.quote is not None and step.quote.plan is not None:
            self.book = step.quote.plan.book
            self.budgets.update(step.quote.plan.budgets)


def _differences(step: RunStep, done: Walked, stepper: Stepper) -> Iterator[tuple[Expectation, Any]]:
    """What differs; where the status does, that alone: what follows from it says nothing more."""
    for expected in step.expected:
        actual = actual_of(expected, done, stepper)
        if actual != expected.value:
            yield expected, actual
            if expected.part == STATUS:
                return


def actual_of(expected: Expectation, done: Walked, stepper: Stepper) -> Any:
    """The part of a step that is expected, in the same form."""
    part, _, name = expected.part.partition(".")
    if part == CLOCKS:
        return _clock(name, done, stepper, wants_time=isinstance(expected.value, int))
    if part in _PARTS:
        return _PARTS[part](done)
    return None if done.snapshot is None else done.snapshot.kept[part]


def _clock(name: str, done: Walked, stepper: Stepper, *, wants_time: bool) -> Any:
    running = None if done.snapshot is None else done.snapshot.clocks.get(name)
    if running is None:
        return None
    read = stepper.timekeeper.reading(running, done.at)
    if wants_time:
        return read.due_at
    if read.breached:
        return "breached"
    return "met" if read.met else "paused" if read.paused else "running"


def _status(done: Walked) -> str:
    if done.own is not None:
        return done.own.status
    # Of time that passes: that of the last event that it raised.
    return done.made[-1].status if done.made else MOVED


def _refusal(done: Walked) -> str | None:
    last = done.own or (done.made[-1] if done.made else None)
    return None if last is None or last.refusal is None else last.refusal.code


def _refund(done: Walked) -> int | None:
    quotes = [step.quote for step in done.made if step.quote is not None and step.quote.plan is not None]
    return None if not quotes or quotes[-1].plan is None else quotes[-1].plan.amount


_PARTS: Mapping[str, Callable[[Walked], Any]] = {
    STATUS: _status,
    STATE: lambda done: None if done.snapshot is None else done.snapshot.state,
    REFUSAL: _refusal,
    EFFECTS: lambda done: tuple(effect.name for step in done.made for effect in step.effects),
    OPENED: lambda done: tuple(opened.alias for step in done.made for opened in step.opened),
    RAISED: lambda done: tuple(step.event.name for step in done.made if step is not done.own),
    REFUND: _refund,
}

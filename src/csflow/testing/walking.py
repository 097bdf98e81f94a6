"""Owns running the tests of flows: a case by a virtual clock, step by step, with the money of its order.

Whatever time raises before a step is made is sent first, at its own moment, as a host does. Only what a step names is
compared. How a failure is told is for `telling_runs`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.facts import ABSENT, Facts, facts_of
from csflow.flows import Event, Simulation, Snapshot, Step, Stepper
from csflow.flows.bookkeeping import settled_of
from csflow.flows.snapshots import NO_PLAN, Settled
from csflow.loading.run_cases import (
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
from csflow.settlement import Settler
from csflow.settlement.cases import RunCase, RunStep
from csflow.values.presenting import to_json


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
    walk = _Walk(case, stepper, settler)
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
        yield RunStep(OPEN, "", "", None, 0, {}, case.steps[0].claimed, case.steps[0].claim, expected)
    yield from case.steps


class _Walk:
    """One case on its way through the steps of a test."""

    def __init__(self, case: RunCase, stepper: Stepper, settler: Callable[[str], Settler]) -> None:
        claim = next((each.claimed for each in case.steps if each.claimed is not None), None)
        self._case = case
        self._stepper = stepper
        self._settler = settler
        self._played = Simulation(stepper, case.at, case.ledger, claim)

    def make(self, step: RunStep) -> Walked:
        """Let a step happen, after all that time raises before it."""
        played = self._played
        at = played.at + step.wait if step.at is None else step.at
        made = [] if step.action == OPEN else list(played.pass_time(at))
        played.at = at
        played.claim = step.claimed or played.claim
        own = self._own(step)
        if own is not None:
            made.append(own)
        return Walked(own, tuple(made), played.snapshot, at)

    def _own(self, step: RunStep) -> Step | None:
        played, data = self._played, self._data(step.data)
        match step.action:
            case action if action == OPEN:
                facts = facts_of(self._stepper.linked, self._case.facts)
                return played.open(facts, self._case.name, self._handed(facts))
            case action if action == WAIT:
                return None
            case action if action == SEND:
                return played.send(Event(step.name, step.by, data=data))
        return played.send(played.report(step.name, succeeded=step.action == SUCCEEDED, data=data))

    def _data(self, held: Mapping[str, Any]) -> dict[str, Any]:
        facts, zone = self._stepper.pack.facts, self._stepper.pack.zone
        return {path: to_json(facts[path].kind, each, zone) for path, each in held.items() if each is not ABSENT}

    def _handed(self, facts: Facts) -> Settled:
        """The plan that a child is opened with."""
        played, name, purchase = self._played, self._case.settlement, self._played.purchase
        if name is None or purchase is None or played.book is None:
            return NO_PLAN
        quote = self._settler(name).quote(
            purchase.ledger, played.book, purchase.claim, facts, played.at, dict(played.budgets)
        )
        if quote.plan is None:
            return NO_PLAN
        played.book = quote.plan.book
        return settled_of(quote.plan)


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

"""Owns a case played through by a virtual clock, as a host would: what time raises is sent at its own moment."""

from collections.abc import Iterator, Mapping
from typing import Any

from csflow.facts import Facts
from csflow.flows.happenings import Effect, Event, Purchase
from csflow.flows.snapshots import NO_PLAN, Settled, Snapshot
from csflow.flows.stepping import Stepper
from csflow.flows.steps import REFUSED, Opened, Step
from csflow.pack.flows import SYSTEM
from csflow.settlement import Book, Booking, Budget, Ledger, Payment, booked

# INVARIANT: a checked flow never raises more than this while time passes: no event of a clock comes twice.
_MOST_RAISED = 1_000
# Under which word a child that carried out a plan has ended well.
_DONE = "done"
# The key of an effect that nobody asked for: what reports on it is absorbed.
_UNASKED = "nobody asked for it"


class Simulation:
    """One case on its way: its snapshot, the time, what it asked for, and the book and budgets of its customer."""

    def __init__(self, stepper: Stepper, at: int, ledger: Ledger | None = None, claim: Any = None) -> None:
        self.stepper = stepper
        self.at = at
        self.snapshot: Snapshot | None = None
        self.asked: list[Effect] = []
        self.handed: dict[str, Settled] = {}
        self.ledger = ledger
        self.claim = claim
        self.book = None if ledger is None else Book(ledger.digest)
        amounts = (each for settlement in stepper.linked.settlements.values() for each in settlement.amounts)
        self.budgets = {each.name: Budget() for each in amounts if each.budgeted}

    @property
    def purchase(self) -> Purchase | None:
        """What a quote on the way is made from, as it stands now."""
        if self.ledger is None or self.claim is None:
            return None
        return Purchase(self.ledger, self.claim, self.book, self.budgets)

    def open(self, facts: Facts, key: str, plan: Settled = NO_PLAN) -> Step:
        """Open the case; `facts` are those of the pack."""
        return self._taken(self.stepper.open(facts, key, self.at, self.purchase, None, plan))

    def open_child(self, opened: Opened) -> Step:
        """Open the case that a step of another has asked for; once it has ended, `step.reports` is for the other."""
        return self._taken(
            self.stepper.open(opened.facts, opened.key, self.at, self.purchase, opened.alias, opened.plan)
        )

    def pass_time(self, until: int) -> Iterator[Step]:
        """Send what time raises by then, the earliest first; it ends with the first that is refused."""
        for _ in range(_MOST_RAISED):
            if self.snapshot is None:
                return
            due = min(self.stepper.timekeeper.due(self.snapshot, until), key=lambda each: each.at, default=None)
            if due is None or due.at > until:
                self.at = max(self.at, until)
                return
            self.at = max(self.at, due.at)
            step = self.send(due.event)
            yield step
            if step.status == REFUSED:
                self.at = max(self.at, until)
                return
        raise AssertionError(f"flow {self.stepper.flow.name} raises events without end")

    def send(self, event: Event) -> Step:
        """Let an event happen now. INVARIANT: the case was opened."""
        assert self.snapshot is not None
        step = self._taken(self.stepper.step(self.snapshot, event, self.at, self.purchase))
        if event.of is not None and step.status != REFUSED:
            self._note(event, step)
        return step

    def _note(self, event: Event, step: Step) -> None:
        """What was reported is done with; what failed may still be reported as done, after all others."""
        about = [each for each in self.asked if not each.notice and each.key == event.of and each not in step.effects]
        failed = [each for each in about if each.failed().name == event.name]
        self.asked = [*failed, *(each for each in self.asked if each not in about)]

    def report(self, effect: str, *, succeeded: bool, data: Mapping[str, Any] | None = None) -> Event:
        """The event by which the last effect of that name reports; of one that nobody asked for, one of no effect."""
        found = next((each for each in reversed(self.asked) if each.name == effect and not each.notice), None)
        if found is not None:
            return found.succeeded(data) if succeeded else found.failed(data)
        kind = self.stepper.linked.effects.get(effect)
        events = (f"{effect}.done", f"{effect}.failed") if kind is None else (kind.done, kind.failed)
        return Event(events[not succeeded] or effect, SYSTEM, data=data or {}, of=_UNASKED)

    def _taken(self, step: Step) -> Step:
        if step.status == REFUSED:
            return step
        self.snapshot = step.snapshot
        again = {each.key for each in step.effects}
        self.asked = [*(each for each in self.asked if each.key not in again), *step.effects]
        if self.book is not None:
            self.book = booked(step.booked(self.book), self._paid_by_child(step.event))
        self.budgets = step.budgeted(self.budgets)
        self.handed |= {each.key: each.plan for each in step.opened}
        return step

    def _paid_by_child(self, event: Event) -> list[Booking]:
        """What became of the payments that a child was handed: how it ended stands for its own steps."""
        assert self.snapshot is not None
        alias, _, outcome = event.name.partition(".")
        child = self.snapshot.children.get(alias)
        plan = None if child is None else self.handed.pop(child.key, None)
        if plan is None:
            return []
        state = Payment.SUCCEEDED if outcome == _DONE else Payment.FAILED
        return [(each.key, state) for each in plan.payments]

"""Owns how the way of a case is told, line by line: when what happened, where it led, what it asked for, what runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from csflow.diagnostics import Phrase, Word
from csflow.flows import Effect, Payment, Step, Stepper
from csflow.flows.snapshots import Snapshot
from csflow.flows.steps import ABSORBED
from csflow.pack.flows import OPENED
from csflow.values.instants import format_instant
from csflow.values.money import Money
from csflow.values.presenting import to_sentence
from csflow.values.zones import BeyondHorizon

# How much of a key is shown: enough to know a payment again.
_KEY = 12


class Timeline:
    """Tells the steps of one case, in their order, in one language."""

    def __init__(self, stepper: Stepper, language: str) -> None:
        self._stepper = stepper
        self._flow = stepper.flow
        self._pack = stepper.pack
        self._language = language
        self._kept: Mapping[str, Any] = {}
        self._paid: set[str] = set()

    def lines(self, step: Step, at: int) -> Iterator[str]:
        """A step: the event and where it led; below that, what the case keeps otherwise, and what it asked for.

        A payment is told with the key that every retry of it has, and so is what reports on it.
        """
        yield f"{self.moment(at)}  {self._event(step)} → {self._arrival(step)}"
        yield from self._changes(step)
        for effect in step.effects:
            yield f"  · {self._word('asks')}{self._effect(effect)}"
        for opened in step.opened:
            flow = self._pack.flows[opened.flow]
            yield f"  · {self._word('opens')}{self._title(flow.title, flow.name)} ({opened.alias})"

    def clocks(self, snapshot: Snapshot, at: int) -> Iterator[str]:
        """Every clock that runs: when it is due, or that it stands still."""
        for name, clock in self._flow.clocks.items():
            running = snapshot.clocks.get(name)
            if running is None or running.run.stopped is not None:
                continue
            due = self._stepper.timekeeper.reading(running, at).due_at
            told = self._word("paused") if due is None else self._word("due").format(at=self.moment(due))
            yield "  " + self._word("clock").format(clock=self._title(clock.title, name), told=told)

    def moment(self, at: int) -> str:
        zone = self._pack.zone
        try:
            return format_instant(at, zone.offset_at(at))
        except BeyondHorizon:
            return format_instant(at, 0)

    def _event(self, step: Step) -> str:
        event = self._flow.events.get(step.event.name)
        title = self._title(event.title if event else None, self._ended(step.event.name))
        if step.event.name == OPENED:
            title = self._word(OPENED)
        sender = self._sender(step.event.by)
        if step.event.of in self._paid:
            sender = self._word("reported").format(sender=sender, key=step.event.of[:_KEY])
        return f"{title} ({sender})"

    def _ended(self, name: str) -> str:
        """How a child ended, where that is what happened: its flow, and its last state."""
        alias, _, outcome = name.partition(".")
        for state in self._flow.states.values():
            if outcome and state.opens is not None and state.opens.alias == alias:
                child = self._pack.flows[state.opens.flow]
                ends = (self._title(each.title, each.name) for each in child.states.values() if each.outcome == outcome)
                return f"{self._title(child.title, child.name)} · {next(ends, outcome)}"
        return name

    def _sender(self, by: str) -> str:
        return self._flow.own["event.by"].kind.title_of(by, self._language)

    def _arrival(self, step: Step) -> str:
        if step.refusal is not None:
            code = self._pack.codes.get(step.refusal.code)
            title = code.title.in_language(self._language) if code is not None and code.title else None
            return f"{self._word('refused')}{step.refusal.explain(self._language, title)} ({step.refusal.code})"
        assert step.snapshot is not None  # INVARIANT: only an opening that was refused has none.
        state = self._flow.states[step.snapshot.state]
        arrived = f"{self._title(state.title, state.name)} ({state.name})"
        if step.status == ABSORBED:
            return self._word(ABSORBED).format(state=arrived)
        return self._word("ended").format(state=arrived) if state.is_final else arrived

    def _changes(self, step: Step) -> Iterator[str]:
        """What the case keeps otherwise than after the step told before."""
        if step.snapshot is None:
            return
        before, self._kept = self._kept, step.snapshot.kept
        for name, held in self._kept.items():
            if name in before and before[name] != held:
                kept = self._flow.keeps[name]
                was, now = (
                    to_sentence(kept.kind, each, self._pack.zone, self._language) for each in (before[name], held)
                )
                yield "  · " + self._word("kept").format(title=self._title(kept.title, name), before=was, after=now)

    def _effect(self, effect: Effect) -> str:
        kind = self._pack.effects.get(effect.name)
        title = self._title(kind.title if kind else None, effect.name)
        payment = effect.payment
        if payment is None:
            return title
        self._paid.add(effect.key)
        amount = Money.from_minor(payment.amount, self._pack.currency)
        return self._word("pays").format(effect=title, amount=amount, way=self._way(payment), key=effect.key[:_KEY])

    def _way(self, payment: Payment) -> str:
        """How a payment goes: by which kind of tender, or in which form."""
        kinds = (each.tenders.get(payment.to or "") for each in self._pack.settlements.values())
        kind = next((each for each in kinds if each is not None), None)
        return self._title(kind.title if kind else None, payment.to or payment.form or "")

    def _title(self, title: Phrase | None, name: str) -> str:
        return title.in_language(self._language) if title else name

    def _word(self, word: str) -> str:
        return Word(f"timeline.{word}").in_language(self._language)

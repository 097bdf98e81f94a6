"""Owns how the way of a case is told, line by line: when what happened, where it led, what it asked for, what runs."""

from collections.abc import Iterator

from csflow.diagnostics import Phrase, Word
from csflow.flows import Step, Stepper
from csflow.flows.snapshots import Snapshot
from csflow.flows.steps import ABSORBED
from csflow.pack.flows import OPENED
from csflow.values.instants import format_instant
from csflow.values.money import Money
from csflow.values.zones import BeyondHorizon


class Timeline:
    """Tells the steps of a flow's cases in one language."""

    def __init__(self, stepper: Stepper, language: str) -> None:
        self._stepper = stepper
        self._flow = stepper.flow
        self._pack = stepper.pack
        self._language = language

    def lines(self, step: Step, at: int) -> Iterator[str]:
        """A step: the event and where it led; below that, why it was refused, or what it asked for."""
        yield f"{self.moment(at)}  {self._event(step)} → {self._arrival(step)}"
        for effect in step.effects:
            kind = self._pack.effects.get(effect.name)
            title = self._title(kind.title if kind else None, effect.name)
            payment = effect.payment
            told = f"{self._word('asks')}{title}"
            if payment is not None:
                told += f" {Money.from_minor(payment.amount, self._pack.currency)}"
                told += f" ({payment.to or payment.tender or payment.form or ''})"
            yield f"  · {told}"
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
            yield f"  {self._title(clock.title, name)}: {told}"

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
        return f"{title} ({self._sender(step.event.by)})"

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
        return self._word(ABSORBED).format(state=arrived) if step.status == ABSORBED else arrived

    def _title(self, title: Phrase | None, name: str) -> str:
        return title.in_language(self._language) if title else name

    def _word(self, word: str) -> str:
        return Word(f"timeline.{word}").in_language(self._language)

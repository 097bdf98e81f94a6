"""Owns what may happen to a case next: which events, by whom, with what, until when, and why not; and its clocks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from csflow.diagnostics import Phrase
from csflow.facts import Facts
from csflow.flows.happenings import Event, Refusal, Refused
from csflow.flows.snapshots import ClockState, Snapshot
from csflow.flows.stepping import Stepper
from csflow.pack.flows import CLOCK, SYSTEM, FlowClock
from csflow.values.instants import datetime_from_instant
from csflow.values.zones import BeyondHorizon


@dataclass(frozen=True, slots=True)
class Allowed:
    """One event that the state takes.

    `by` is who may send it, `needs` the facts that it must carry, `may` those that it can carry besides. `until` is
    when time raises something next, if it does. `why_not` says why it would be refused now; None where it would not,
    as far as can be known without what it carries.
    """

    event: str
    title: Phrase | None
    by: tuple[str, ...]
    needs: tuple[str, ...]
    may: tuple[str, ...]
    until: dt.datetime | None
    why_not: Refusal | None


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a clock of the case shows. `due_at` is None while it is paused, or where its calendar does not reach."""

    name: str
    title: Phrase | None
    due_at: dt.datetime | None
    warn_at: dt.datetime | None
    remaining: dt.timedelta
    elapsed: dt.timedelta
    paused: bool
    breached: bool
    met: bool


def allowed(stepper: Stepper, snapshot: Snapshot, role: str | None, at: int) -> tuple[Allowed, ...]:
    """The events that the state takes from people and machines; with a role, those alone that it may send."""
    until = _first_due(stepper, snapshot, at)
    return tuple(_allowed(stepper, snapshot, role, at, until))


def _allowed(
    stepper: Stepper, snapshot: Snapshot, role: str | None, at: int, until: dt.datetime | None
) -> Iterator[Allowed]:
    flow = stepper.flow
    for name in flow.taken(snapshot.state):
        event = flow.events.get(name)
        if event is None:
            continue
        senders, why_not = _senders(stepper, name, snapshot.facts, at)
        people = tuple(each for each in senders if each != CLOCK)
        if role is not None:
            if not stepper.senders.may(event, role, snapshot.facts, at):
                continue
            why_not = why_not or _refused(stepper, snapshot, name, role, at)
        elif not people and why_not is None:
            continue
        facts = stepper.pack.facts
        needs = tuple(path for path in event.carries if not facts[path].optional)
        may = tuple(path for path in event.carries if facts[path].optional)
        yield Allowed(name, event.title, people, needs, may, until, why_not)


def _senders(stepper: Stepper, event: str, facts: Facts, at: int) -> tuple[tuple[str, ...], Refusal | None]:
    try:
        return stepper.senders.of(stepper.flow.events[event], facts, at), None
    except Refused as refused:
        return (), refused.refusal


def _refused(stepper: Stepper, snapshot: Snapshot, name: str, role: str, at: int) -> Refusal | None:
    """Why the event would be refused; of one that carries something, nobody knows before it comes."""
    if stepper.flow.events[name].carries or role == SYSTEM:
        return None
    refusal = stepper.step(snapshot, Event(name, role), at, None).refusal
    # A quote on the way is made of the purchase that comes with the event.
    return None if refusal is not None and refusal.code == "quote.no_purchase" else refusal


def _first_due(stepper: Stepper, snapshot: Snapshot, at: int) -> dt.datetime | None:
    first = min((due.at for due in stepper.timekeeper.due(snapshot, at)), default=None)
    return None if first is None else _moment(stepper, first)


def clock_readings(stepper: Stepper, snapshot: Snapshot, at: int) -> tuple[ClockReading, ...]:
    """What every clock that was started shows, in the order of the flow."""
    found = []
    for name, clock in stepper.flow.clocks.items():
        running = snapshot.clocks.get(name)
        if running is not None:
            found.append(_reading(stepper, clock, running, at))
    return tuple(found)


def _reading(stepper: Stepper, clock: FlowClock, running: ClockState, at: int) -> ClockReading:
    read = stepper.timekeeper.reading(running, at)
    warn_at = None if clock.warn_at is None else stepper.timekeeper.warns_at(running, clock.warn_at, at)
    return ClockReading(
        name=clock.name,
        title=clock.title,
        due_at=None if read.due_at is None else _moment(stepper, read.due_at),
        warn_at=None if warn_at is None else _moment(stepper, warn_at),
        remaining=dt.timedelta(microseconds=read.remaining),
        elapsed=dt.timedelta(microseconds=read.elapsed),
        paused=read.paused,
        breached=read.breached,
        met=read.met,
    )


def _moment(stepper: Stepper, at: int) -> dt.datetime:
    zone = stepper.pack.zone
    try:
        return datetime_from_instant(at, zone.offset_at(at))
    except BeyondHorizon:
        return datetime_from_instant(at, 0)

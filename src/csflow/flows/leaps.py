"""Owns the steps that need no run: one row holds, one waiting state is entered, nothing is asked on the way.

INVARIANT: a leap gives what the run would give (`tests/unit/flows/test_leaps.py`); it is only faster.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.evaluators import Decision
from csflow.evaluators.answering import Answer
from csflow.facts import Facts
from csflow.flows.asking import Asking
from csflow.flows.timekeeping import Timekeeper
from csflow.pack.flows import CLOCK, SYSTEM, Choice, Flow, FlowEvent, Row, State
from csflow.pack.model import LinkedPack

# What gives a decision with its reasons, for a receipt.
Deciding = Callable[[str, Facts, int], Decision]


@dataclass(frozen=True, slots=True)
class Way:
    """Where one row leads: the state (None: it stays), and the notices that are given on the way."""

    row: str
    to: str | None
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leap:
    """What an event without payload, sent by one of `senders`, may do in one state; `answer` says by which way."""

    event: str
    choice: Choice
    senders: frozenset[str]
    answer: Callable[[Any, int | None], Answer] | None
    ways: Mapping[str | None, Way]
    only: Way | None
    deciding: Deciding


def leaps_of(pack: LinkedPack, flow: Flow, asking: Asking, timekeeper: Timekeeper) -> dict[str, dict[str, Leap]]:
    """By state and event. What is not there takes a run."""
    found: dict[str, dict[str, Leap]] = {}
    for name, state in flow.states.items():
        if state.is_final or state.go is not None or name in timekeeper.pausing:
            continue
        found[name] = {}
        for event, choice in flow.taken(name).items():
            declared = flow.events.get(event)
            if declared is None or not _is_plain(declared, choice, timekeeper):
                continue
            rows = (row for row in choice.rows if _leads_on(pack, flow, row, timekeeper))
            ways: dict[str | None, Way] = {row.id: _way(flow, row) for row in rows}
            if ways:
                found[name][event] = _leap(event, choice, declared, ways, asking)
    return found


def _leap(event: str, choice: Choice, declared: FlowEvent, ways: Mapping[str | None, Way], asking: Asking) -> Leap:
    senders = frozenset(declared.senders) - {SYSTEM, CLOCK}
    if choice.decision is None:
        return Leap(event, choice, senders, None, ways, next(iter(ways.values())), asking.decision)
    return Leap(event, choice, senders, asking.function(choice.decision.name), ways, None, asking.decision)


def _is_plain(event: FlowEvent, choice: Choice, timekeeper: Timekeeper) -> bool:
    return event.role is None and not event.carries and event.name not in timekeeper.heard and _sets_nothing(choice)


def _sets_nothing(choice: Choice) -> bool:
    return not choice.reads_event and (choice.decision is None or not choice.decision.outputs)


def _leads_on(pack: LinkedPack, flow: Flow, row: Row, timekeeper: Timekeeper) -> bool:
    changes = row.refuse or row.sets or row.advances or row.redoes or row.raises
    if changes or (row.to is not None and not _is_waiting(flow.states[row.to], timekeeper)):
        return False
    effects = (pack.effects[name] for name in _does(flow, row))
    return all(effect.notice and not effect.needs for effect in effects)


def _is_waiting(state: State, timekeeper: Timekeeper) -> bool:
    """A state that is entered without more ado."""
    asks = state.go or state.quotes or state.decides or state.opens or state.timers or state.is_final
    return not asks and state.name not in timekeeper.pausing and state.name not in timekeeper.heard


def _does(flow: Flow, row: Row) -> tuple[str, ...]:
    return row.does if row.to is None else (*row.does, *flow.states[row.to].does)


def _way(flow: Flow, row: Row) -> Way:
    return Way(row.id, row.to, _does(flow, row))

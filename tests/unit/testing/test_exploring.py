"""Ways through a flow that are searched, and cases by chance."""

import re
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from tests.unit.flows.packs import EXCHANGE, files, pack

from csflow import Snapshot, load_pack
from csflow.flows import Simulation
from csflow.testing.case_machines import case_machine
from csflow.testing.exploring import Explored, Opening, explore

NOON = 1_795_752_000_000_000
GIVEN = {
    "order": {"id": "O1", "paid": "99 CNY", "paid_at": "2026-11-20T10:00:00+08:00"},
    "claim": {
        "signed_at": "2026-11-25T10:00:00+08:00",
        "requested_at": "2026-11-25T11:00:00+08:00",
        "reason": "quality",
    },
}


def explored(flow: str, changed: str | None = None) -> Explored:
    found = pack() if changed is None else load_pack(files({f"flows/{flow}.yaml": changed}))
    opening = Opening(NOON, found.facts(GIVEN).values)
    return explore(found.linked, found.linked.flows[flow], found.stepper(flow), [opening])


@pytest.mark.parametrize("flow", ["exchange", "question"])
def test_every_transition_and_both_sides_of_every_guard_are_found(flow: str) -> None:
    coverage = explored(flow).coverage
    assert (coverage.unwalked, coverage.unmet, coverage.impossible) == ((), (), frozenset())
    assert coverage.transitions.of > 5
    assert coverage.guards.of > 3


def test_ways_reach_the_border_of_a_guard_on_both_sides() -> None:
    paid = {
        way.opening.values["order.paid"]
        for way in explored("exchange").ways
        if way.actions and way.actions[-1].event.name == "refuse"
    }
    assert {10_000, 10_001} <= paid


def test_a_way_is_walked_again_step_by_step() -> None:
    stepper = pack().stepper("exchange")
    for way in explored("exchange").ways:
        played = Simulation(stepper, way.opening.at)
        steps = [played.open(pack().facts(GIVEN) if not way.opening.values else _facts(way), "case")]
        for action in way.actions:
            played.at = action.at
            steps.append(played.send(action.event))
        assert [(each.status, each.refusal) for each in steps] == [(each.status, each.refusal) for each in way.steps]


def _facts(way: Any) -> Any:
    from csflow.facts import facts_of

    return facts_of(pack().linked, way.opening.values)


def test_what_cannot_be_walked_is_said() -> None:
    """A row of a guard that never holds together with what a case keeps there."""
    changed = EXCHANGE.replace("set: {level: next}, ", "").replace(
        "{to: waiting, redo", "{when: tries > 2, to: waiting, redo"
    )
    changed = re.sub(r"retry: (\{when.*\})\n", r"retry: [\1, {otherwise: true}]\n", changed)
    coverage = explored("exchange", changed).coverage
    assert ("failed", "retry", "waiting") in coverage.unwalked


def test_cases_by_chance_keep_what_holds_of_every_flow() -> None:
    machine = case_machine(pack(), "exchange", at=NOON)
    run_state_machine_as_test(machine, settings=settings(max_examples=40, stateful_step_count=20, deadline=None))


def test_a_subclass_finds_what_does_not_hold_of_a_flow() -> None:
    class NeverDone(case_machine(pack(), "question", at=NOON)):  # type: ignore[misc]
        @invariant()
        def is_never_resting(self) -> None:
            snapshot: Snapshot | None = self.snapshot
            assert snapshot is None or snapshot.state != "resting"

    with pytest.raises(AssertionError):
        run_state_machine_as_test(NeverDone, settings=settings(max_examples=200, deadline=None, database=None))


# What only time sends stands in every state: the timer runs in the first, the clock in the second and third, paused there.
LATE = """\
flow: late
title: 迟延
start: first
events:
  go_on: {title: 继续, by: [front_line]}
  late: {title: 迟, by: [clock]}
  pressed: {title: 催, by: [customer, clock]}
clocks:
  whole: {title: 全程, within: 48 hours, start: [second], stop: [fourth], pause_in: [third], on_breach: pressed}
everywhere:
  late: {do: [tell]}
  pressed:
    - {id: by-time, when: event.by = clock, do: [tell]}
    - {id: by-a-person, when: event.by != clock}
states:
  first: {title: 一, timers: [{after: 1 days, raise: late}], on: {go_on: second}}
  second: {title: 二, on: {go_on: third}}
  third: {title: 三, on: {go_on: {to: fourth, raise: late}}}
  fourth: {title: 四, on: {go_on: done}}
  done: {title: 完成, final: true}
"""


def test_what_only_time_takes_counts_where_something_raises_it() -> None:
    coverage = explored("late", LATE).coverage
    late = {state for state, event, _ in coverage.points if event == "late"}
    by_time = {state for state, _, row in coverage.points if row == "by-time"}
    # Into the fourth a row raises it.
    assert (late, by_time) == ({"first", "fourth"}, {"second"})
    assert {state for state, _, row in coverage.points if row == "by-a-person"} == {
        "first",
        "second",
        "third",
        "fourth",
    }
    assert coverage.unwalked == ()

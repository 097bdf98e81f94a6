"""What holds of every case of every shipped flow: no input makes a step raise, and a refused one changes nothing.

A seeded slice runs in CI; CSFLOW_SOAK=1 walks a hundred times as many cases. A failure names its seed:
`Host(pack, flow, seed)`.
"""

import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from tests.laws.hosts import HOSTILE_DATA, Host, as_given, cases_of, flows, runs_of

from csflow import Event
from csflow.diagnostics import LANGUAGES
from csflow.facts import facts_of
from csflow.flows import Snapshot
from csflow.flows.happenings import REFUSALS, Refused
from csflow.pack.flows import SYSTEM
from csflow.testing.case_machines import case_machine
from csflow.testing.walking import run_case

SOAK = bool(os.environ.get("CSFLOW_SOAK"))
SEEDS = 600 if SOAK else 6
EXAMPLES = 200 if SOAK else 2
FLOWS = [pytest.param(name, flow, id=f"{name}.{flow}") for name, flow in flows()]


def document(pack: Any, snapshot: Snapshot | None) -> str:
    return "" if snapshot is None else json.dumps(pack.snapshot_to_json(snapshot), allow_nan=False, ensure_ascii=False)


@pytest.mark.parametrize(("name", "flow"), FLOWS)
def test_whatever_is_sent_to_a_case_is_answered_and_what_is_refused_changes_nothing(name, flow):
    for seed in range(SEEDS):
        host = Host(name, flow, seed)
        told(host, None, host.open(forgets=True))
        for before, step in host.steps(hostile=True):
            told(host, before, step)


def told(host: Host, before: Snapshot | None, step: Any) -> None:
    """The answer is one of three, and all of it can be read."""
    pack = host.pack
    if step.status == "refused":
        assert step.snapshot is before
        assert not step.effects and not step.opened and not step.bookings and not step.voids and step.reports is None
        assert step.refusal.code in REFUSALS or step.refusal.code in pack.linked.codes
        for language in LANGUAGES:
            assert step.refusal.explain(language).strip()
    else:
        assert step.status in ("moved", "absorbed")
        assert step.refusal is None
        if before is not None:
            assert step.snapshot.sequence == before.sequence + 1
        written = document(pack, step.snapshot)
        assert document(pack, pack.snapshot_from_json(json.loads(written))) == written
    assert step.receipt.refusal is step.refusal
    for tried in step.receipt.tried:
        assert all(row.explain("zh-CN") is not None for row in tried.rows)


@pytest.mark.parametrize(("name", "flow"), FLOWS)
def test_a_state_machine_of_a_flow_finds_nothing(name, flow):
    pack, cases = runs_of(name)[0], cases_of(name, flow)
    host = Host(name, flow, 0)
    plan = host.handed(facts_of(pack.linked, host.case.facts))
    at = max(case.at for case in cases)
    machine = case_machine(
        pack, flow, at=at, opening=st.sampled_from([as_given(pack, case.facts) for case in cases]),
        purchase=host.purchase, plan=plan,
    )  # fmt: skip
    some = settings(
        max_examples=EXAMPLES, stateful_step_count=15, derandomize=not SOAK, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=some)


def states_reached(name: str, flow: str) -> dict[str, Snapshot]:
    """A case in each state to which the flow's own tests lead."""
    pack, found = runs_of(name)[0], {}
    for case in cases_of(name, flow):
        for walked in run_case(case, pack.stepper(flow), pack._settler).walked:
            if walked.snapshot is not None:
                found.setdefault(walked.snapshot.state, walked.snapshot)
    return found


def senders_named(stepper: Any, event: Any, snapshot: Snapshot) -> tuple[str, ...]:
    """Who may send it by name; nobody where that is not known yet."""
    try:
        return stepper.senders.of(event, snapshot.facts, snapshot.at)
    except Refused:
        return ()


def may_send(pack: Any, by: str, named: tuple[str, ...]) -> bool:
    """Who is named, and who stands above them: as the ladder of the pack has it, read here once more."""
    below: str | None = by
    while below is not None:
        if below in named:
            return True
        below = pack.linked.roles[below].above if below in pack.linked.roles else None
    return False


@pytest.mark.parametrize(("name", "flow"), FLOWS)
def test_every_wrong_turn_is_refused_by_its_name_and_changes_nothing(name, flow):
    pack = runs_of(name)[0]
    stepper, linked = pack.stepper(flow), pack.linked.flows[flow]
    reached = states_reached(name, flow)
    waiting = {each for each, state in linked.states.items() if state.go is None}
    assert set(reached) == waiting, "the flow's own tests reach every state in which a case waits"
    outcomes = {event for kind in pack.linked.effects.values() for event in (kind.done, kind.failed)}
    senders = (*pack.linked.roles, *linked.own["event.by"].kind.symbols)
    wrong_turns = 0
    for state, snapshot in reached.items():
        was = document(pack, snapshot)

        def refused(event: Event, snapshot: Snapshot = snapshot) -> str:
            step = stepper.step(snapshot, event, snapshot.at, None)
            assert (step.status, step.snapshot) == ("refused", snapshot), (snapshot.state, event)
            return str(step.refusal.code)

        final = linked.states[state].is_final
        for data in HOSTILE_DATA[:12]:
            assert refused(Event("nobody_knows_it", "director", data=data)) == (
                "case.closed" if final else "event.unknown"
            )
        for event in linked.events.values():
            taken = linked.choice(state, event.name) is not None
            for by in sorted(set(senders) - {"clock"}):
                if (by == SYSTEM and event.name in outcomes) or (final and event.name in linked.states[state].absorbs):
                    continue
                if final:
                    assert refused(Event(event.name, by)) == "case.closed"
                elif not taken:
                    assert refused(Event(event.name, by)) == "event.not_here"
                elif not may_send(pack, by, senders_named(stepper, event, snapshot)):
                    assert refused(Event(event.name, by)) in ("role.missing", "guard.undecided")
                else:
                    for data in HOSTILE_DATA if event.carries else ():
                        told_of = stepper.step(snapshot, Event(event.name, by, data=data), snapshot.at, None)
                        assert told_of.status == "refused" or not data
                    continue
                wrong_turns += 1
            # Time alone speaks for the clock.
            assert refused(Event(event.name, "clock")) == "timer.left"
        assert document(pack, snapshot) == was
    assert wrong_turns > len(waiting)

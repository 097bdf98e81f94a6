"""A leap gives what the run gives: on walks by chance, every step is made both ways."""

import random
from typing import Any

from tests.unit.flows.packs import pack

from csflow import Event, Snapshot, Step
from csflow.flows.snapshots import NO_PLAN
from csflow.flows.stepping import Stepper

HOUR = 3_600_000_000
NOON = 1_795_752_000_000_000


def steppers(flow: str) -> tuple[Stepper, Stepper]:
    """One that leaps where it can, and one that never does."""
    linked = pack().linked
    leaping, running = (Stepper(linked, linked.flows[flow], pack()._settler) for _ in range(2))
    assert any(leaping._leaps.values())
    running._leaps = {}
    return leaping, running


def told(stepper: Stepper, step: Step) -> dict[str, Any]:
    from csflow.flows import snapshot_to_json

    return {
        "status": step.status,
        "refusal": step.refusal,
        "snapshot": None if step.snapshot is None else snapshot_to_json(stepper.pack, step.snapshot),
        "effects": [(each.name, each.key, each.notice, dict(each.facts)) for each in step.effects],
        "tried": [(each.state, each.event, [(row.id, row.held) for row in each.rows]) for each in step.receipt.tried],
        "else": (step.opened, step.bookings, step.quote, step.reports),
    }


def test_a_leap_gives_what_the_run_gives() -> None:
    draw, leapt = random.Random(8), 0
    for flow in ("question", "exchange"):
        leaping, running = steppers(flow)
        events = sorted(leaping.flow.events)
        for _ in range(60):
            paid = draw.choice(["99 CNY", "100 CNY", "101 CNY", None])
            facts = pack().facts({"order": {"id": "O1"} | ({"paid": paid} if paid else {})})
            snapshot: Snapshot | None = leaping.open(facts, "C1", NOON, None, None, NO_PLAN).snapshot
            at = NOON
            for _ in range(8):
                at += draw.choice([0, HOUR, -HOUR, 30 * HOUR])
                event = Event(draw.choice(events), draw.choice(["front_line", "supervisor", "customer", "system"]))
                assert snapshot is not None
                one, other = leaping.step(snapshot, event, at, None), running.step(snapshot, event, at, None)
                assert told(leaping, one) == told(running, other)
                leapt += one._leapt is not None
                assert other._leapt is None
                snapshot, at = one.snapshot, max(at, snapshot.at)
    assert leapt > 50

"""The money of cases, parents with their children: never more than was paid, once a payment, and books that close.

A seeded slice runs in CI; CSFLOW_SOAK=1 walks a hundred times as many cases. A failure names its seed:
`Host(pack, flow, seed)`.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from tests.laws.hosts import PACKS, Host, cases_of, flows, runs_of

from csflow.settlement import Book, Ledger
from csflow.settlement import Payment as State

SEEDS = 1_000 if os.environ.get("CSFLOW_SOAK") else 10
PAYING = [
    pytest.param(name, flow, id=f"{name}.{flow}")
    for name, flow in flows()
    if any(state.quotes for state in runs_of(name)[0].linked.flows[flow].states.values())
    or any(case.settlement for case in cases_of(name, flow))
]
GOING = (State.PENDING, State.UNKNOWN, State.SUCCEEDED)


def paid_by(ledger: Ledger) -> list[int]:
    return [each.paid for each in ledger.order.tenders]


def require_caps(ledger: Ledger, book: Book) -> None:
    """No tender gives back more than it paid, no surplus payment is reversed twice, and so for the whole order."""
    paid = paid_by(ledger)
    back = book.refunded(len(paid))
    assert all(0 <= each <= most for each, most in zip(back, paid, strict=True))
    reversed_ = Counter(each.surplus for plan in book.plans for each in plan.reversals if each.state in GOING)
    assert all(times == 1 for times in reversed_.values())


@pytest.mark.parametrize(("name", "flow"), PAYING)
def test_a_case_never_pays_more_than_was_paid_and_each_payment_once(name, flow):
    asked_in_all = 0
    # Of a long flow few cases come as far as its money.
    for seed in range(20 * SEEDS):
        if seed >= SEEDS and asked_in_all:
            break
        host = Host(name, flow, seed)
        host.open(forgets=False)
        if host.book is None or host.case.ledger is None:
            continue
        require_caps(host.case.ledger, host.book)
        for _ in host.steps(hostile=seed % 2 == 1):
            require_caps(host.case.ledger, host.book)
        succeeded = Counter(key for _, step in host.made for key, state in step.bookings if state == State.SUCCEEDED)
        assert all(times == 1 for times in succeeded.values()), seed
        asked = {
            effect.key: effect.payment for _, step in host.made for effect in step.effects if effect.payment is not None
        }
        assert set(succeeded) <= set(asked), seed
        surplus = sum(each.paid for each in host.case.ledger.order.surplus)
        refunds = [each for each in asked.values() if each.name in ("refund", "reversal")]
        gone = sum(each.amount for each in refunds if succeeded[each.key])
        assert gone <= sum(paid_by(host.case.ledger)) + surplus, seed
        asked_in_all += len(asked)
        require_the_books_close(host, asked)
    assert asked_in_all, "of all these cases none has paid anything"


def require_the_books_close(host: Host, asked: dict[str, Any]) -> None:
    """What the book says went out is what hosts have reported, and what cases still wait for is in it as open."""
    assert host.book is not None
    reported = {key: state for _, step in host.made for key, state in step.bookings}
    standing = Counter[State]()
    for plan in host.book.plans:
        for each in (*plan.payments, *plan.extras, *plan.reversals):
            standing[each.state] += each.amount
    by_report = Counter[State]()
    for key, payment in asked.items():
        by_report[reported.get(key, State.PENDING)] += payment.amount
    for state in (State.SUCCEEDED, State.UNKNOWN):
        assert standing[state] == by_report[state], state
    # A payment of which nobody has heard is in no case's reports, and in the book as pending.
    assert standing[State.PENDING] >= by_report[State.PENDING]
    owed = {
        each.key_of(snapshot.case) for snapshot in host.snapshots.values() for each in snapshot.owed if each.payment
    }
    assert owed <= set(asked)
    assert {key for key, state in reported.items() if state == State.UNKNOWN} <= owed


PROGRAM = """
import hashlib, json, sys
from tests.laws.hosts import Host, cases_of, runs_of
found = {}
for name in sys.argv[1:]:
    pack = runs_of(name)[0]
    for flow in pack.linked.flows:
        digest = hashlib.sha256()
        for seed in range(2):
            host = Host(name, flow, seed)
            host.open(forgets=True)
            for _ in host.steps(hostile=False):
                pass
            for key, step in host.made:
                snapshot = None if step.snapshot is None else pack.snapshot_to_json(step.snapshot)
                effects = [[each.name, each.key, each.amount, dict(each.facts)] for each in step.effects]
                opened = [[each.alias, each.flow, each.key] for each in step.opened]
                told = [key, step.event.name, step.status, snapshot, effects, opened, list(step.bookings), step.refusal and [step.refusal.code, str(dict(step.refusal.figures))]]
                digest.update(json.dumps(told, default=str, ensure_ascii=False).encode())
        found[f"{name}.{flow}"] = [digest.hexdigest(), len(host.made)]
print(json.dumps(found))
"""


def told_by_a_process(hash_seed: str) -> dict[str, Any]:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, *PACKS], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_the_same_steps_give_the_same_bytes_in_every_process():
    """Snapshots, effects, keys, children, bookings and refusals, whatever the order of a set is there."""
    one, other = told_by_a_process("1"), told_by_a_process("4242")
    assert one == other
    assert set(one) == {f"{name}.{flow}" for name, flow in flows()}
    assert sum(steps for _, steps in one.values()) > 200

"""Outcomes that come when nobody waits any more: nothing moves, and money is booked all the same."""

import json
from pathlib import Path

import csflow

WALK = Path(__file__).parents[3] / "examples" / "08_one_case"
HASTY = """\
flow: hasty
title: 等不及
start: paying
events:
  paid: {title: 到账, by: [system]}
  not_paid: {title: 未到账, by: [system]}
  give_up: {title: 放弃, by: [customer]}
states:
  paying: {title: 付款中, quote: refund, do: [pay], on: {paid: done, not_paid: done, give_up: done}}
  done: {title: 结束, final: true}
"""
FACTS = {"order": {"paid_at": "2026-11-11T00:05:00+08:00"}, "claim": {"reason": "defect"}}
AT = "2026-11-20T10:00:00+08:00"


def ended() -> tuple[csflow.Pack, csflow.Step, csflow.Step]:
    """The pack, the step that paid, and the one that ended the case while both payments were on their way."""
    shop = WALK / "shop"
    files = {path.relative_to(shop).as_posix(): path.read_bytes() for path in shop.rglob("*.yaml")}
    pack = csflow.load_pack(files | {"flows/hasty.yaml": HASTY.encode()})
    ledger = pack.freeze(json.loads((WALK / "order.json").read_text()))
    claim = {"returns": [{"line": "cup", "quantity": 1, "reason": "defect"}]}
    paying = pack.open("hasty", FACTS, key="C", at=AT, purchase=csflow.Purchase(ledger, claim))
    assert paying.snapshot is not None
    return pack, paying, pack.step(paying.snapshot, csflow.Event("give_up", by="customer"), at=AT)


def test_a_payment_that_is_reported_after_the_end_is_booked() -> None:
    pack, paying, over = ended()
    first, second = paying.effects
    assert first.payment is not None and second.payment is not None and over.snapshot is not None
    late = pack.step(over.snapshot, first.succeeded(), at=AT)
    assert (late.status, late.bookings) == ("absorbed", ((first.payment.key, "succeeded"),))
    assert late.snapshot is not None and late.snapshot.state == "done"
    last = pack.step(late.snapshot, second.failed(), at=AT)
    assert (last.status, last.bookings) == ("absorbed", ((second.payment.key, "failed"),))


def test_what_is_reported_twice_is_booked_once() -> None:
    pack, paying, over = ended()
    assert over.snapshot is not None
    once = pack.step(over.snapshot, paying.effects[0].succeeded(), at=AT)
    assert once.snapshot is not None
    twice = pack.step(once.snapshot, paying.effects[0].succeeded(), at=AT)
    assert (twice.status, twice.bookings) == ("absorbed", ())

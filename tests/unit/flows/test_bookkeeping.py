"""The money of a case in the pack that ships: quoted on the way, handed to a child, paid, tried again, given up."""

from functools import cache
from typing import Any

import pytest

import csflow
from csflow import Event, Purchase, Step
from csflow.facts import ABSENT
from csflow.settlement import Book

NOON, LATER = "2025-11-12T12:00:00+08:00", "2025-11-12T13:00:00+08:00"
ORDER = {
    "id": "O1",
    "lines": [{"id": "A", "quantity": 1, "unit_price": "100 CNY"}],
    "tenders": [
        {"id": "t1", "tender": "wechat", "paid": "60 CNY"},
        {"id": "t2", "tender": "balance", "paid": "40 CNY"},
    ],
}
FACTS = {
    "order": {
        "id": "O1", "placed_at": "2025-11-08T09:00:00+08:00", "paid_at": "2025-11-08T10:00:00+08:00", "status": "paid",
    },
    "claim": {"reason": "cancel_order", "requested_at": NOON},
    "freight": {"agreement": "none", "for_exchange": False, "free_shipping": True, "condition_broken": False},
}  # fmt: skip
GOODWILL = {
    "goodwill": {"amount": "80 CNY", "proposed_by": "person"},
    "complaint": {"opened_at": NOON},
    "cost": {"cause": "merchant"},
}
WHOLE = {"returns": [{"line": "A", "quantity": 1, "reason": "cancel_order"}]}


@cache
def pack() -> csflow.Pack:
    return csflow.standard_pack("cn")


def purchase(book: Book | None = None, claim: Any = WHOLE) -> Purchase:
    return Purchase(pack().freeze(ORDER), claim, book)


def cancelled(facts: Any = FACTS, claim: Any = WHOLE) -> tuple[Step, Book]:
    step = pack().open("cancel_order", facts, key="C1", at=NOON, purchase=purchase(claim=claim))
    assert step.status == "moved", step.refusal
    return step, step.booked(Book(pack().freeze(ORDER).digest))


def paying() -> tuple[Step, Book]:
    """The child that carries out the plan, with the book of the order."""
    asked, book = cancelled()
    step = pack().open_child(asked.opened[0], at=NOON)
    assert step.status == "moved", step.refusal
    return step, step.booked(book)


def stepped(step: Step, event: Event, book: Book, at: str = LATER, **given: Any) -> tuple[Step, Book]:
    assert step.snapshot is not None
    found = pack().step(step.snapshot, event, at=at, **given)
    assert found.status != "refused", found.refusal
    return found, found.booked(book)


def states(book: Book) -> list[list[str]]:
    return [[str(each.state) for each in plan.payments] for plan in book.plans]


def test_guards_see_what_was_quoted() -> None:
    step, book = cancelled()
    assert step.snapshot is not None
    read = {path: held for path, held in step.snapshot.facts.values.items() if path.startswith("quote.")}
    assert read == {
        "quote.outcome": "quoted",
        "quote.amount": 10_000,
        "quote.payments": 2,
        "quote.approver": ABSENT,
        "quote.confirmed": False,
    }
    assert states(book) == [["pending", "pending"]]


def test_guards_see_who_has_to_agree() -> None:
    step, _ = cancelled(FACTS | GOODWILL, WHOLE | {"concerns": [{"name": "goodwill"}]})
    assert step.snapshot is not None
    values = step.snapshot.facts.values
    assert (step.snapshot.state, values["quote.approver"]) == ("awaiting_confirmation", "supervisor")
    assert values["quote.amount"] == 18_000


def test_a_state_that_quotes_needs_a_purchase() -> None:
    step = pack().open("cancel_order", FACTS, key="C1", at=NOON)
    assert step.refusal is not None
    assert (step.snapshot, step.refusal.code) == (None, "quote.no_purchase")


def test_a_claim_that_is_refused_is_for_the_rows_of_the_state() -> None:
    too_many = {"returns": [{"line": "A", "quantity": 2, "reason": "cancel_order"}]}
    step, book = cancelled(claim=too_many)
    assert step.snapshot is not None
    assert step.snapshot.facts.values["quote.outcome"] == "refused"
    assert (step.snapshot.state, book.plans) == ("refund_failed", ())


def test_a_child_pays_the_plan_that_it_was_handed_under_its_keys() -> None:
    asked, _ = cancelled()
    plan = asked.opened[0].plan
    step, book = paying()
    assert [each.key for each in step.effects] == [each.key for each in plan.payments]
    assert [(each.payment.tender, each.payment.amount) for each in step.effects if each.payment] == [
        ("t1", 6_000),
        ("t2", 4_000),
    ]
    assert states(book) == [["pending", "pending"]]


def test_what_failed_counts_until_it_is_given_up_and_is_tried_again_under_its_key() -> None:
    step, book = paying()
    first, second = step.effects
    step, book = stepped(step, first.failed(), book)
    assert states(book) == [["unknown", "pending"]]
    step, book = stepped(step, second.succeeded(), book)
    assert step.snapshot is not None
    assert step.snapshot.state == "refund_failed"
    step, book = stepped(step, Event("retry", "front_line"), book)
    assert [each.key for each in step.effects] == [first.key]
    assert states(book) == [["unknown", "succeeded"]]
    step, book = stepped(step, first.succeeded(), book)
    assert states(book) == [["succeeded", "succeeded"]]
    assert step.snapshot is not None
    assert step.snapshot.state == "done"
    late, after = stepped(step, first.succeeded(), book)
    assert (late.status, late.bookings, after) == ("absorbed", (), book)


def test_what_was_reported_as_failed_may_have_succeeded() -> None:
    step, book = paying()
    first, second = step.effects
    step, book = stepped(step, second.succeeded(), book)
    step, book = stepped(step, first.failed(), book)
    step, book = stepped(step, first.succeeded(), book)
    assert states(book) == [["succeeded", "succeeded"]]


def test_at_the_end_what_failed_is_given_up_and_may_be_paid_by_a_new_plan() -> None:
    step, book = paying()
    first, second = step.effects
    step, book = stepped(step, second.succeeded(), book)
    step, book = stepped(step, first.failed(), book)
    give_up = Event("give_up", "supervisor", data={"override.reason": "账户已注销"})
    step, book = stepped(step, give_up, book)
    assert states(book) == [["failed", "succeeded"]]
    assert step.reports is not None
    assert step.reports.name == "cash.failed"
    parent, _ = cancelled()
    parent, book = stepped(parent, step.reports, book)
    # Nothing more is claimed: what is owed still is what the first plan did not pay.
    parent, book = stepped(parent, Event("retry", "front_line"), book, purchase=purchase(book, {}))
    assert [(each.tender, each.amount) for each in parent.opened[0].plan.payments] == [("t1", 6_000)]
    assert parent.opened[0].plan.payments[0].key != first.key


def test_a_plan_that_was_declined_leaves_the_book_before_it_is_quoted_anew() -> None:
    claim = WHOLE | {"concerns": [{"name": "goodwill"}]}
    step, book = cancelled(FACTS | GOODWILL, claim)
    step, book = stepped(step, Event("object", "supervisor"), book)
    assert states(book) == [["pending", "pending"]]
    step, book = stepped(step, Event("retry", "front_line"), book, purchase=purchase(book, claim))
    assert [plan.number for plan in step.voids] == [1]
    assert step.quote is not None
    assert step.quote.plan is not None
    assert step.quote.plan.amount == 10_000
    assert [state for plan in states(book) for state in plan].count("pending") == 2


def test_a_step_is_not_booked_into_the_book_of_another_order() -> None:
    step, _ = paying()
    done = pack().step(step.snapshot, step.effects[0].succeeded(), at=LATER)  # type: ignore[arg-type]
    other = pack().freeze(ORDER | {"id": "O2"})
    with pytest.raises(ValueError, match=r".+"):
        done.booked(Book(other.digest))

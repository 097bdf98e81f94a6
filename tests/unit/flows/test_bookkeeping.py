"""The money of a case in the pack that ships: quoted on the way, handed to a child, paid, tried again, given up."""

from functools import cache
from typing import Any

import pytest

import csflow
from csflow import Event, Purchase, Step
from csflow.facts import ABSENT
from csflow.settlement import Book
from csflow.settlement import Payment as PaymentState

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


def given_up() -> tuple[Step, Step, Book]:
    """The payout that was given up after its one payment was reported as failed, the effect in question, the book."""
    order = ORDER | {"tenders": [{"id": "t1", "tender": "wechat", "paid": "100 CNY"}]}
    asked = pack().open("cancel_order", FACTS, key="C1", at=NOON, purchase=Purchase(pack().freeze(order), WHOLE))
    paying = pack().open_child(asked.opened[0], at=NOON)
    book = paying.booked(asked.booked(Book(pack().freeze(order).digest)))
    step, book = stepped(paying, paying.effects[0].failed(), book)
    over, book = stepped(step, Event("give_up", "supervisor", data={"override.reason": "账户已注销"}), book)
    return over, paying, book


def test_a_success_that_is_told_after_a_payment_was_given_up_is_booked_and_not_paid_again() -> None:
    over, paying, book = given_up()
    assert states(book) == [["failed"]]
    late, book = stepped(over, paying.effects[0].succeeded(), book)
    assert (late.status, states(book)) == ("absorbed", [["succeeded"]])
    again, after = stepped(late, paying.effects[0].succeeded(), book)
    assert (again.status, again.bookings, after) == ("absorbed", (), book)
    order = ORDER | {"tenders": [{"id": "t1", "tender": "wechat", "paid": "100 CNY"}]}
    assert pack().quote(pack().freeze(order), {}, FACTS, at=LATER, book=book).plan.amount == 0
    # After a snapshot that was kept, too.
    kept = pack().snapshot_from_json(pack().snapshot_to_json(over.snapshot))
    assert pack().step(kept, paying.effects[0].succeeded(), at=LATER).bookings == late.bookings


def test_the_failure_of_the_first_attempt_told_again_is_not_that_of_the_second() -> None:
    step, book = paying()
    first, second = step.effects
    step, book = stepped(step, second.succeeded(), book)
    step, book = stepped(step, first.failed(), book)
    step, book = stepped(step, Event("retry", "front_line"), book)
    retried = step.effects[0]
    assert (retried.key, retried.failed().key == first.failed().key) == (first.key, False)
    again, after = stepped(step, first.failed(), book)
    assert (again.status, again.bookings, after) == ("absorbed", (), book)
    assert again.snapshot.state == "refunding"
    failed, book = stepped(again, retried.failed(), book)
    assert (failed.snapshot.state, states(book)) == ("refund_failed", [["unknown", "succeeded"]])


def test_a_refund_of_nothing_stays_in_the_book_for_what_comes_next() -> None:
    """Without A the offer is lost, by more than A cost: the customer owes, and the next refund is less by that."""
    order = {
        "id": "O1",
        "lines": [
            {"id": line, "quantity": 1, "unit_price": price}
            for line, price in (("A", "40 CNY"), ("B", "270 CNY"), ("C", "100 CNY"))
        ],
        "offers": [{"id": "o", "lines": ["A", "B"], "tiers": [{"at_least": "300 CNY", "amount": "50 CNY"}], "by": "merchant"}],
        "tenders": [{"id": "t", "tender": "wechat", "paid": "360 CNY"}],
    }  # fmt: skip
    ledger = pack().freeze(order)
    facts = FACTS | {"claim": {"reason": "no_reason", "requested_at": NOON}}

    def back(line: str) -> dict[str, Any]:
        return {"returns": [{"line": line, "quantity": 1, "reason": "no_reason"}]}

    quoted = pack().quote(ledger, back("A"), facts, at=NOON).plan
    assert (quoted.amount, quoted.customer_owes) == (0, 1_000)
    step = pack().open("cancel_order", facts, key="C1", at=NOON, purchase=Purchase(ledger, back("A")))
    assert (step.snapshot.state, step.voids) == ("refunded", ())
    book = step.booked(Book(ledger.digest))
    assert book == quoted.book
    assert pack().quote(ledger, back("C"), facts, at=NOON, book=book).plan.amount == 9_000


def test_a_case_that_was_kept_goes_on_like_one_that_was_not() -> None:
    claim = {
        "reason": "no_reason",
        "signed_at": "2025-11-11T10:00:00+08:00",
        "requested_at": NOON,
        "condition": "intact",
    }
    item = {"category": "apparel", "made_after_order": False, "nature": "ordinary"}
    confirmed = {"no_return_confirmed": False, "confirmation_preticked": False}
    service = {"asked_at": NOON, "channel": "chat", "kind": "after_sale"}
    order = FACTS["order"] | {"sold_by": "network"}
    facts = FACTS | {"claim": claim, "item": item | confirmed, "service": service, "order": order}
    step = pack().open("return_refund", facts, key="C1", at=NOON)
    kept = pack().snapshot_from_json(pack().snapshot_to_json(step.snapshot))
    withdrawn = [pack().step(each, Event("withdraw", "customer"), at=LATER) for each in (step.snapshot, kept)]
    assert [(each.snapshot.state, each.voids) for each in withdrawn] == [("cancelled", ())] * 2


def test_what_a_quote_needs_is_no_reason_why_an_event_would_be_refused() -> None:
    over, _, book = given_up()
    parent, _ = cancelled()
    parent, book = stepped(parent, over.reports, book)
    [retry] = [each for each in pack().allowed(parent.snapshot, role="front_line", at=LATER) if each.event == "retry"]
    assert retry.why_not is None


def test_what_was_paid_twice_because_the_rail_told_it_late_is_netted_from_the_next_refund() -> None:
    lines = [{"id": line, "quantity": 1, "unit_price": "100 CNY"} for line in "AB"]
    ledger = pack().freeze(
        {"id": "O1", "lines": lines, "tenders": [{"id": "t1", "tender": "wechat", "paid": "200 CNY"}]}
    )
    first = pack().quote(ledger, WHOLE, FACTS, at=NOON).plan
    failed = first.book.with_state(0, 0, PaymentState.FAILED)
    again = pack().quote(ledger, {}, FACTS, at=NOON, book=failed).plan
    assert (first.amount, again.amount) == (10_000, 10_000)
    book = again.book.with_state(1, 0, PaymentState.SUCCEEDED).with_state(0, 0, PaymentState.SUCCEEDED)
    other = {"returns": [{"line": "B", "quantity": 1, "reason": "cancel_order"}]}
    assert pack().quote(ledger, other, FACTS, at=NOON, book=book).plan.amount == 0

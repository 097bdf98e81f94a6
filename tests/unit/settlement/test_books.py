"""A book as a host keeps it: what it looks like, and that it comes back as it was."""

import pytest

from csflow.settlement.books import Book, Booked, Paid, Payment
from csflow.settlement.entitlement import Returned

BOOK = Book(
    "sha256:0",
    (
        Booked((Returned(0, 2, True, True),), {1: 300, 0: 250}, (Paid(0, 900), Paid(1, 40, Payment.UNKNOWN))),
        Booked((), {}, ()),
    ),
)


def test_a_book_comes_back_as_it_was():
    document = BOOK.to_json()
    first = document["plans"][0]
    assert first["granted"] == [{"line": 0, "amount": 250}, {"line": 1, "amount": 300}]
    assert first["payments"][1] == {"tender": 1, "amount": 40, "state": "unknown"}
    assert Book.from_json(document) == BOOK
    with pytest.raises(ValueError, match=r"^this is no book of csflow: KeyError\('plans'\)$"):
        Book.from_json({"ledger": "sha256:0"})


def test_what_is_final_stays_and_what_is_the_same_changes_nothing():
    paid = BOOK.with_state(0, 1, Payment.SUCCEEDED)
    assert paid.with_state(0, 1, Payment.SUCCEEDED) == paid and paid.refunded(2) == [900, 40]
    failed = paid.with_state(0, 0, Payment.FAILED)
    assert failed.refunded(2) == [0, 40] and failed.plans[1:] == BOOK.plans[1:]
    for payment, state in ((0, Payment.PENDING), (0, Payment.UNKNOWN), (1, Payment.FAILED), (1, Payment.PENDING)):
        with pytest.raises(ValueError, match=rf"^a payment that has \w+ cannot become {state}$"):
            failed.with_state(0, payment, state)


def test_a_payment_that_was_reported_as_failed_may_turn_out_to_have_succeeded():
    failed = BOOK.with_state(0, 0, Payment.FAILED)
    assert failed.with_state(0, 0, Payment.SUCCEEDED).refunded(2) == BOOK.refunded(2)

"""What became of payments comes into the book by their keys; a plan that was given up comes to nothing."""

import pytest

from csflow.settlement import Budget, Payment, booked, spent, voided
from csflow.settlement.books import Book, Booked, Extra, Paid, Reversed
from csflow.settlement.budgets import Spent
from csflow.settlement.entitlement import Returned
from csflow.settlement.lines import key

LEDGER = "sha256:ledger"
BOOK = Book(
    LEDGER,
    (
        Booked((Returned(0, 1, True, True, False),), {}, (Paid(0, 500), Paid(2, 300))),
        Booked((), {}, (Paid(0, 100),), extras=(Extra("goodwill", 50),), reversals=(Reversed("again", 70),)),
    ),
)


def states(book: Book) -> list[list[str]]:
    return [[each.state.value for each in (*plan.payments, *plan.extras, *plan.reversals)] for plan in book.plans]


def test_each_payment_is_found_by_its_key() -> None:
    keys = {
        key(LEDGER, 1, 3): Payment.SUCCEEDED,
        key(LEDGER, 2, "goodwill"): Payment.UNKNOWN,
        key(LEDGER, 2, "surplus/again"): Payment.FAILED,
    }
    assert states(booked(BOOK, keys.items())) == [["pending", "succeeded"], ["pending", "unknown", "failed"]]


def test_a_payment_that_failed_once_counts_until_it_is_given_up() -> None:
    tried = booked(BOOK, [(key(LEDGER, 1, 1), Payment.UNKNOWN)])
    assert tried.refunded(3) == BOOK.refunded(3) == [600, 0, 300]
    assert booked(tried, [(key(LEDGER, 1, 1), Payment.SUCCEEDED)]).refunded(3) == [600, 0, 300]
    assert booked(tried, [(key(LEDGER, 1, 1), Payment.FAILED)]).refunded(3) == [100, 0, 300]


def test_a_key_of_no_payment_is_refused() -> None:
    with pytest.raises(ValueError, match="no payment with the key"):
        booked(BOOK, [(key(LEDGER, 3, 1), Payment.SUCCEEDED)])
    with pytest.raises(ValueError, match="no payment with the key"):
        booked(BOOK, [(key("sha256:other", 1, 1), Payment.SUCCEEDED)])


def test_a_plan_that_was_given_up_leaves_nothing_but_its_number() -> None:
    book = voided(BOOK, [1])
    assert book.sums.returned == ()
    assert book.refunded(3) == [100, 0, 0]
    assert len(book.plans) == 2
    assert voided(BOOK, []) == BOOK


def test_what_was_given_up_is_free_in_the_budget_again() -> None:
    budget = Budget((Spent(0, 500, "a"), Spent(0, 300, "b")))
    after = spent({"goodwill": budget, "other": Budget()}, [("a", Payment.FAILED), ("of no budget", Payment.FAILED)])
    assert after["goodwill"].spent(0, 30) == 300
    assert after["other"] == Budget()

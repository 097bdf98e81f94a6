"""Owns how what became of payments comes into the book of their order: by the keys that payments have.

A payment that failed once and is tried again is unknown, and counts; it has failed when it is given up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from csflow.settlement.books import Book, Booked
from csflow.settlement.budgets import Budget
from csflow.settlement.lines import key
from csflow.settlement.payment_states import Payment

# The key of a payment, and how it stands.
Booking = tuple[str, Payment]


def booked(book: Book, bookings: Iterable[Booking]) -> Book:
    """The book in which these payments stand so. ValueError for a key that none of its payments has."""
    changes = dict(bookings)
    if not changes:
        return book
    places = dict(_keys(book))
    unknown = changes.keys() - places.keys()
    if unknown:
        raise ValueError(f"the book has no payment with the key {min(unknown)}")
    for payment, state in changes.items():
        kind, plan, place = places[payment]
        book = _SET[kind](book, plan, place, state)
    return book


def voided(book: Book, numbers: Iterable[int]) -> Book:
    """The book in which plans, by their numbers, come to nothing: they were given up before anything was asked for."""
    gone = set(numbers)
    plans = (Booked((), {}, ()) if number in gone else plan for number, plan in enumerate(book.plans, 1))
    return replace(book, plans=tuple(plans)) if gone else book


def spent(budgets: Mapping[str, Budget], bookings: Iterable[Booking]) -> dict[str, Budget]:
    """The budgets in which these payments stand so; those of other payments are left as they are."""
    found = dict(budgets)
    for payment, state in bookings:
        for name, budget in found.items():
            if any(each.key == payment for each in budget.payments):
                found[name] = budget.with_state(payment, state)
    return found


def _keys(book: Book) -> Iterator[tuple[str, tuple[str, int, int]]]:
    """Where each payment stands, by its key."""
    for number, plan in enumerate(book.plans, 1):
        names: Mapping[str, list[int | str]] = {
            _PAYMENT: [each.tender + 1 for each in plan.payments],
            _REVERSAL: [f"surplus/{each.surplus}" for each in plan.reversals],
            _EXTRA: [each.name for each in plan.extras],
        }
        for kind, entries in names.items():
            for place, entry in enumerate(entries):
                yield key(book.ledger, number, entry), (kind, number - 1, place)


_PAYMENT, _REVERSAL, _EXTRA = "payment", "reversal", "extra"
_SET = {_PAYMENT: Book.with_state, _REVERSAL: Book.with_reversal_state, _EXTRA: Book.with_extra_state}

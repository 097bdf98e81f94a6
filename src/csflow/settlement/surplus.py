"""Owns payments that an order did not need: made twice, or taken by mistake. Each goes back in full, outside the caps.

They are no part of what the order cost: the ledger, its digest and what returns are due are the same without them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from csflow.settlement.books import Book, Reversed
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import key
from csflow.settlement.orders import Order, Surplus
from csflow.settlement.payment_states import Payment
from csflow.settlement.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Reversal:
    """A surplus payment that goes back in full the way it came, with the key that every retry of it has."""

    surplus: Surplus
    key: str


def already_reversed(book: Book, asked: Iterable[str]) -> Refusal | None:
    """Why one of these cannot go back: it did, or it may have. One that is known to have failed is made again."""
    done = {each.surplus for plan in book.plans for each in plan.reversals if each.state is not Payment.FAILED}
    again = next((id for id in asked if id in done), None)
    return None if again is None else Refusal("surplus.reversed", tender=again)


def reversals_of(ledger: Ledger, number: int, asked: Iterable[str]) -> tuple[Reversal, ...]:
    """The surplus payments of these ids, as plan `number` gives them back."""
    by_id = {each.id: each for each in ledger.order.surplus}
    return tuple(Reversal(by_id[id], key(ledger.digest, number, f"surplus/{id}")) for id in asked)


def are_sound(order: Order, reversals: Iterable[Reversed]) -> bool:
    """Whether each is of a payment that the order has, in full."""
    paid = {each.id: each.paid for each in order.surplus}
    return all(isinstance(each.surplus, str) and paid.get(each.surplus) == each.amount for each in reversals)

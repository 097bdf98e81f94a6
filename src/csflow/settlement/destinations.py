"""Owns where the part of each tender goes: back the way it came, by choice to another, issued again, or nowhere.

The part itself stays that of its tender, whatever becomes of it: caps and later refunds count it there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from csflow.settlement.books import Book, Paid
from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import CUSTOMER, Tender
from csflow.settlement.payment_states import Payment
from csflow.settlement.refusals import Refusal
from csflow.settlement.tenders import Ways
from csflow.values.instants import DAY


class Expired(StrEnum):
    """What becomes of a tender that expired before it went back."""

    REISSUED = "reissued"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the customer asked for and agreed to: another kind of tender for what was paid in cash. `at` is when."""

    to: str | None = None
    consented: bool = False
    at: int | None = None


def not_possible(ledger: Ledger, book: Book, payments: Iterable[Paid], choice: Choice, ways: Ways) -> Refusal | None:
    """Why these payments cannot be made as was chosen: no such choice, no consent, or a way back that is closed."""
    if choice.to is not None:
        if choice.to not in ways.forms or not ways.forms[choice.to].choosable:
            return Refusal("tender.not_choosable", tender=choice.to)
        if not choice.consented:
            return Refusal("consent.missing", tender=choice.to)
    for payment in payments:
        tender = ledger.order.tenders[payment.tender]
        if destination(tender, choice, ways) is None and expired(tender, choice, ways) is not Expired.LAPSED:
            refusal = _closed(tender, choice, ways) or _used_up(payment.tender, tender, book, ways)
            if refusal is not None:
                return refusal
    return None


def destination(tender: Tender, choice: Choice, ways: Ways) -> str | None:
    """The kind of tender that the customer chose for the part of this one; None where it goes back the way it came.

    Only what the customer paid in cash may go elsewhere: what never was money does not become money.
    """
    moves = tender.kind in ways.cash and tender.funded_by == CUSTOMER and tender.kind != choice.to
    return choice.to if moves else None


def expired(tender: Tender, choice: Choice, ways: Ways) -> Expired | None:
    """What becomes of the tender, where it has expired and the pack says something about that."""
    lapses = ways.form_of(tender).lapses
    if lapses is None or tender.expires_at is None or _instant(choice) < tender.expires_at:
        return None
    return Expired.LAPSED if lapses else Expired.REISSUED


def _closed(tender: Tender, choice: Choice, ways: Ways) -> Refusal | None:
    """Whether more whole days have passed since the payment than its way back stays open."""
    within = ways.form_of(tender).within
    if within is None or tender.paid_at is None:
        return None
    age = (_instant(choice) - tender.paid_at) // DAY
    return Refusal("rail.closed", asked=age, limit=within, tender=tender.id) if age > within else None


def _used_up(place: int, tender: Tender, book: Book, ways: Ways) -> Refusal | None:
    """Whether as many refunds of the payment were made, or may have been, as its way back takes."""
    limit = ways.form_of(tender).refunds
    if limit is None:
        return None
    made = sum(
        each.tender == place and each.to is None and each.state is not Payment.FAILED
        for plan in book.plans
        for each in plan.payments
    )
    return Refusal("rail.partial_count", asked=made + 1, limit=limit, tender=tender.id) if made >= limit else None


def _instant(choice: Choice) -> int:
    if choice.at is None:
        raise ValueError("what expires, or can be paid back for some time only, is looked at on an instant")
    return choice.at

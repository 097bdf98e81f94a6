"""Money back: an order's frozen ledger, what a return entitles to, and which tender it goes back to.

INVARIANT: amounts are whole minor units of the order's currency; no float comes in.
"""

from csflow.settlement.bookings import Booking, booked, spent, voided
from csflow.settlement.books import Book
from csflow.settlement.budgets import Budget
from csflow.settlement.claims import Claimed, book_of, budgets_of, read_claim
from csflow.settlement.documents import ledger_of
from csflow.settlement.freezing import Ledger
from csflow.settlement.payment_states import Payment
from csflow.settlement.planning import Plan
from csflow.settlement.quoting import Quote, Settler

__all__ = [
    "Book",
    "Booking",
    "Budget",
    "Claimed",
    "Ledger",
    "Payment",
    "Plan",
    "Quote",
    "Settler",
    "book_of",
    "booked",
    "budgets_of",
    "ledger_of",
    "read_claim",
    "spent",
    "voided",
]

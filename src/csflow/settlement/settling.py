"""Owns working out one refund: what is due now, which tender it goes to, and why there is none. Nothing is booked here.

Source: semantics 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from csflow.settlement.books import Book, Lapsed, Paid
from csflow.settlement.caps import beyond_order
from csflow.settlement.destinations import not_possible
from csflow.settlement.earned import Taken, charges, taken_now
from csflow.settlement.entitlement import Entitlement, Sums, added, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import Addition, added_now, withheld_now
from csflow.settlement.payments import payments_of, sent
from csflow.settlement.refusals import Refusal
from csflow.settlement.spending import beyond_budget
from csflow.settlement.surplus import Reversal, reversals_of
from csflow.settlement.terms import Claim, Terms


@dataclass(frozen=True, slots=True)
class Settled:
    """What is due and to whom, in minor units.

    `sums` is all that came back so far and `due` what it entitles to; `before` went back earlier, `lapsed_before` and
    `withheld_before` never will. `left` is what of it is due now; below zero the customer owes it. `units` are those
    that the order earned and that are taken back now.
    """

    number: int
    sums: Sums
    due: Entitlement
    before: int
    lapsed_before: int
    withheld_before: int
    withheld: Mapping[str, int]
    left: int
    payments: tuple[Paid, ...]
    lapsed: tuple[Lapsed, ...]
    reversals: tuple[Reversal, ...]
    additions: tuple[Addition, ...]
    units: tuple[Taken, ...]

    @property
    def paid(self) -> int:
        return sum(each.amount for each in self.payments)

    @property
    def taken(self) -> int:
        """What of what is due is not paid now: it went back, is withheld, or has lapsed."""
        return self.due.total - self.left + sum(each.amount for each in self.lapsed)


def settled(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Settled | Refusal:
    """What a claim comes to against the order's book, or why it comes to nothing."""
    refusal = beyond_order(ledger, book, claim, terms)
    if refusal is not None:
        return refusal
    number, tenders = len(book.plans) + 1, len(ledger.order.tenders)
    additions = added_now(claim.beside.additions, book.extras, book.extras_borne, ledger.digest, number)
    refusal = beyond_budget(additions, claim.allowances)
    if refusal is not None:
        return refusal
    sums = added(book.sums, claim.returned, claim.granted)
    due = entitlement(ledger, sums, claims_threshold_freight=terms.claims_threshold_freight, reading=terms.reading)
    before, lapsed_before = sum(book.refunded(tenders)), sum(book.lapsed(tenders))
    withheld_before = sum(book.withheld.values())
    left = due.total - before - lapsed_before - withheld_before
    units = taken_now(claim.earned, book.taken, ledger, sums, due, number)
    withholdings = (*claim.beside.withholdings, *charges(units, book.withheld))
    withheld = withheld_now(withholdings, book.withheld, left)
    left -= sum(withheld.values())
    looked_at = left >= 0 and not claim.only_reverses
    parts = payments_of(ledger, book, due, left, terms.ways) if looked_at else ()
    refusal = not_possible(ledger, book, parts, claim.choice, terms.ways)
    if refusal is not None:
        return refusal
    payments, lapsed = sent(ledger, parts, claim.choice, terms.ways)
    return Settled(
        number=number,
        sums=sums,
        due=due,
        before=before,
        lapsed_before=lapsed_before,
        withheld_before=withheld_before,
        withheld=withheld,
        left=left,
        payments=payments,
        lapsed=lapsed,
        reversals=reversals_of(ledger, number, claim.reversals),
        additions=additions,
        units=units,
    )

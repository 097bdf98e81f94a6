"""Owns the payments of one refund: what each tender gets, in money and in units, where that goes, and what lapses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csflow.settlement.books import Book, Lapsed, Paid
from csflow.settlement.destinations import Choice, Expired, destination, expired
from csflow.settlement.entitlement import Entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import key
from csflow.settlement.orders import CUSTOMER, Tender
from csflow.settlement.tenders import Ways, parts_of, units_of
from csflow.values.routing import next_refund


@dataclass(frozen=True, slots=True)
class Refund:
    """A payment of the plan: an effect for a host to carry out, with the key that every retry of it has.

    `units` is what goes back of a tender that goes back in kind: points, or coupons, of which 0 may be whole yet. `to`
    is the kind of tender it goes to. Where the tender has expired, `expired` says what becomes of it: it is issued
    again for `validity` days (None: for as long as its issuer says), or only whoever funded it gets the amount.
    """

    tender: Tender
    amount: int
    key: str
    to: str
    units: int | None = None
    expired: Expired | None = None
    validity: int | None = None


def payments_of(ledger: Ledger, book: Book, due: Entitlement, amount: int, ways: Ways) -> tuple[Paid, ...]:
    """What each tender gets of a refund, in money and in its units: what it should have by now, less what it got."""
    tenders = ledger.order.tenders
    refunded, lapsed = book.refunded(len(tenders)), book.lapsed(len(tenders))
    back, units_back = [a + b for a, b in zip(refunded, lapsed, strict=True)], book.units(len(tenders))
    parts = parts_of(ledger, due.goods, sum(back) + amount, ways)
    found = []
    for place, part in enumerate(next_refund([part.amount for part in parts], back, amount)):
        form, units = ways.form_of(tenders[place]), None
        if form.counted:
            units = max(0, units_of(tenders[place], form, parts[place]) - units_back[place])
        if part or units:
            found.append(Paid(place, part, units=units))
    return tuple(found)


def sent(
    ledger: Ledger, parts: Sequence[Paid], choice: Choice, ways: Ways
) -> tuple[tuple[Paid, ...], tuple[Lapsed, ...]]:
    """The payments, each with where it goes; and what lapses, unless another party funded it and gets it back."""
    payments, lapsed = [], []
    for part in parts:
        tender = ledger.order.tenders[part.tender]
        if expired(tender, choice, ways) is not Expired.LAPSED:
            payments.append(replace(part, to=destination(tender, choice, ways)))
            continue
        funded = part.amount if tender.funded_by != CUSTOMER else 0
        if funded:
            payments.append(replace(part, units=None if part.units is None else 0))
        if part.units or part.amount > funded:
            lapsed.append(Lapsed(part.tender, part.amount - funded, part.units))
    return tuple(payments), tuple(lapsed)


def refund_of(ledger: Ledger, number: int, paid: Paid, choice: Choice, ways: Ways) -> Refund:
    """The payment as plan `number` has it carried out."""
    tender = ledger.order.tenders[paid.tender]
    fate = expired(tender, choice, ways)
    return Refund(
        tender,
        paid.amount,
        key(ledger.digest, number, paid.tender + 1),
        paid.to or tender.kind,
        paid.units,
        fate,
        ways.form_of(tender).validity if fate is Expired.REISSUED else None,
    )


def account_of(refund: Refund) -> str:
    """Whose account a refund goes into: that of whoever put the money up."""
    tender = refund.tender
    if tender.funded_by != CUSTOMER:
        return tender.funded_by
    return f"{CUSTOMER}:{tender.id if refund.to == tender.kind else refund.to}"

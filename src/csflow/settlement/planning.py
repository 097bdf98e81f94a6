"""Owns one refund as a plan: what is due by name, which tender it goes to, who bears it, and why it is refused.

A plan is made against the order's book and changes nothing by itself. Source: semantics 8.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from csflow.ledger import Posting, moved, require_balance
from csflow.settlement.books import Book, Booked, Lapsed, Paid, Reversed
from csflow.settlement.destinations import Choice, Expired, destination, expired, not_possible
from csflow.settlement.entitlement import Entitlement, Returned, Sums, added, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import CUSTOMER, MERCHANT, Tender
from csflow.settlement.pricing import AS_FROZEN, Reading
from csflow.settlement.refusals import Refusal
from csflow.settlement.surplus import Reversal, already_reversed, surplus_of
from csflow.settlement.tenders import Form, Ways, parts_of, units_of
from csflow.values.apportioning import total
from csflow.values.routing import Routing, next_refund
from csflow.values.sharing import Share, shared

_MERCHANT_BEARS = (Share(MERCHANT, rest=True),)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked now: units that came back, and amounts for lines whose units stay with the customer.

    `reversals` are ids of surplus payments. Where there is nothing else no refund is looked at.
    """

    returned: tuple[Returned, ...] = ()
    granted: Mapping[int, int] = field(default_factory=dict)
    choice: Choice = Choice()
    reversals: tuple[str, ...] = ()

    @property
    def only_reverses(self) -> bool:
        return bool(self.reversals) and not self.returned and not self.granted


@dataclass(frozen=True, slots=True)
class Terms:
    """How a pack settles: the routing, the kinds of tender that are cash, who bears the cost, how offers are read."""

    routing: Routing = Routing.PRO_RATA_ACTUAL
    claims_threshold_freight: bool = False
    cash: frozenset[str] = frozenset()
    shares: tuple[Share, ...] = _MERCHANT_BEARS
    forms: Mapping[str, Form] = field(default_factory=dict)
    reading: Reading = AS_FROZEN

    @property
    def ways(self) -> Ways:
        return Ways(self.routing, self.cash, self.forms)


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


@dataclass(frozen=True, slots=True)
class Plan:
    """One refund, in minor units. `due` is over all that came back so far; `before` was refunded earlier.

    `lapsed` is what expired tenders would have got now, `lapsed_before` what they would have got earlier. `reversals`
    are surplus payments that go back in full: no part of the refund nor of its amount.

    `customer_owes` is what went back too much, to be netted from the next refund; csflow never charges it. `borne` is
    who bears the refund, and the postings sum to zero. `book` is the order's book with this plan in it, pending.
    """

    number: int
    due: Entitlement
    before: int
    lapsed_before: int
    refunds: tuple[Refund, ...]
    lapsed: tuple[Lapsed, ...]
    reversals: tuple[Reversal, ...]
    customer_owes: int
    borne: Mapping[str, int]
    postings: tuple[Posting, ...]
    book: Book

    @property
    def amount(self) -> int:
        return sum(refund.amount for refund in self.refunds)


def plan(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Plan | Refusal:
    """The plan for a claim, or why there is none. Nothing is trimmed: what is asked above a limit is refused."""
    refusal = _refusal(ledger, book, claim, terms)
    if refusal is not None:
        return refusal
    sums = added(book.sums, claim.returned, claim.granted)
    due = entitlement(ledger, sums, claims_threshold_freight=terms.claims_threshold_freight, reading=terms.reading)
    back, gone = sum(book.refunded(len(ledger.order.tenders))), sum(book.lapsed(len(ledger.order.tenders)))
    parts = () if claim.only_reverses else _payments(ledger, book, due, terms.ways)
    refusal = not_possible(ledger, book, parts, claim.choice, terms.ways)
    if refusal is not None:
        return refusal
    number = len(book.plans) + 1
    payments, lapsed = _sent(ledger, parts, claim.choice, terms.ways)
    refunds = tuple(_refund(ledger, number, each, claim.choice, terms.ways) for each in payments)
    reversals = tuple(
        Reversal(each, _key(ledger, number, f"surplus/{each.id}")) for each in surplus_of(ledger.order, claim.reversals)
    )
    borne = _borne(sum(each.amount for each in payments), terms.shares)
    return Plan(
        number,
        due,
        back,
        gone,
        refunds,
        lapsed,
        reversals,
        0 if claim.only_reverses else max(0, back + gone - due.total),
        borne,
        _postings(refunds, reversals, borne),
        book.with_plan(Booked(claim.returned, claim.granted, payments, lapsed, tuple(map(_reversed, reversals)))),
    )


def _refusal(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Refusal | None:
    if book.ledger != ledger.digest:
        return Refusal("ledger_changed")
    before = book.sums
    return (
        already_reversed(book, claim.reversals)
        or _too_many(ledger, before, claim.returned)
        or _too_much(ledger, before, claim, terms)
    )


def _too_many(ledger: Ledger, before: Sums, returned: Sequence[Returned]) -> Refusal | None:
    """Of no line may more come back than was bought and has not come back before."""
    now = Sums(tuple(returned))
    for place, line in enumerate(ledger.order.lines):
        asked, left = now.of(place), line.quantity - before.of(place)
        if asked > left:
            return Refusal("cap.quantity", place, asked, left)
    return None


def _too_much(ledger: Ledger, before: Sums, claim: Claim, terms: Terms) -> Refusal | None:
    """What is granted for a line is at most what its units that stay still cost the customer.

    Amounts for several lines that come to more than the whole order has left are one refusal.
    """
    after = added(before, claim.returned, {})
    with_none = entitlement(ledger, Sums(after.returned), reading=terms.reading).goods
    left = [
        max(0, total(runs) - back - after.granted.get(place, 0))
        for place, (runs, back) in enumerate(zip(ledger.prices.payable, with_none, strict=True))
    ]
    asked = sum(claim.granted.values())
    if len(claim.granted) > 1 and asked > sum(left):
        return Refusal("cap.order", None, asked, sum(left))
    for place, part in sorted(claim.granted.items()):
        if part > left[place]:
            return Refusal("cap.line", place, part, left[place])
    return None


def _payments(ledger: Ledger, book: Book, due: Entitlement, ways: Ways) -> tuple[Paid, ...]:
    """What each tender gets of a refund, in money and in its units: what it should have by now, less what it got."""
    tenders = ledger.order.tenders
    refunded, lapsed = book.refunded(len(tenders)), book.lapsed(len(tenders))
    back, units_back = [a + b for a, b in zip(refunded, lapsed, strict=True)], book.units(len(tenders))
    if due.total < sum(back):
        return ()
    parts = parts_of(ledger, due.goods, due.total, ways)
    found = []
    for place, part in enumerate(next_refund([part.amount for part in parts], back, due.total - sum(back))):
        form, units = ways.form_of(tenders[place]), None
        if form.counted:
            units = max(0, units_of(tenders[place], form, parts[place]) - units_back[place])
        if part or units:
            found.append(Paid(place, part, units=units))
    return tuple(found)


def _sent(
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


def _refund(ledger: Ledger, number: int, paid: Paid, choice: Choice, ways: Ways) -> Refund:
    tender = ledger.order.tenders[paid.tender]
    fate = expired(tender, choice, ways)
    return Refund(
        tender,
        paid.amount,
        _key(ledger, number, paid.tender + 1),
        paid.to or tender.kind,
        paid.units,
        fate,
        ways.form_of(tender).validity if fate is Expired.REISSUED else None,
    )


def _borne(amount: int, shares: Sequence[Share]) -> dict[str, int]:
    parts = shared(amount, shares)
    return {share.party: part for share, part in zip(shares, parts, strict=True) if part}


def _postings(
    refunds: Sequence[Refund], reversals: Sequence[Reversal], borne: Mapping[str, int]
) -> tuple[Posting, ...]:
    """Each party gives what it bears into the refund, and each tender takes its part out; surplus was nobody's."""
    given = [each for party, amount in borne.items() for each in moved(party, "refund", amount)]
    taken = [each for refund in refunds for each in moved("refund", _account(refund), refund.amount)]
    for each in reversals:
        taken += moved("surplus", f"{CUSTOMER}:{each.surplus.id}", each.surplus.paid)
    return require_balance((*given, *taken))


def _reversed(reversal: Reversal) -> Reversed:
    return Reversed(reversal.surplus.id, reversal.surplus.paid)


def _account(refund: Refund) -> str:
    tender = refund.tender
    if tender.funded_by != CUSTOMER:
        return tender.funded_by
    return f"{CUSTOMER}:{tender.id if refund.to == tender.kind else refund.to}"


def _key(ledger: Ledger, number: int, entry: int | str) -> str:
    """The same on every retry, 64 characters: of the book, the plan and the entry."""
    return hashlib.sha256(f"{ledger.digest}/{number}/{entry}".encode()).hexdigest()

"""Owns one refund as a plan: what is due by name, which tender it goes to, who bears it, and why it is refused.

A plan is made against the order's book and changes nothing by itself. Source: semantics 8.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from csflow.ledger import Posting, moved, require_balance
from csflow.settlement.books import Book, Booked, Paid
from csflow.settlement.entitlement import Entitlement, Returned, Sums, added, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import CUSTOMER, MERCHANT, Tender
from csflow.values.routing import Routing, next_refund, routed
from csflow.values.sharing import Share, shared

# Every name that a refusal may have.
REFUSALS = ("ledger_changed", "cap.quantity", "cap.line")
# Those whose figures are numbers of units; of the others they are amounts.
COUNTED = frozenset({"cap.quantity"})
_MERCHANT_BEARS = (Share(MERCHANT, rest=True),)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked now: units that came back, and amounts for lines whose units stay with the customer."""

    returned: tuple[Returned, ...] = ()
    granted: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a pack settles: the routing, the kinds of tender that are cash, and who bears the cost."""

    routing: Routing = Routing.PRO_RATA_ACTUAL
    claims_threshold_freight: bool = False
    cash: frozenset[str] = frozenset()
    shares: tuple[Share, ...] = _MERCHANT_BEARS


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no plan, by name. `limit` is the most that could be asked, in the unit of what was."""

    code: str
    line: int | None = None
    asked: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """A payment of the plan: an effect for a host to carry out, with the key that every retry of it has."""

    tender: Tender
    amount: int
    key: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One refund, in minor units. `due` is over all that came back so far; `before` was refunded earlier.

    `customer_owes` is what went back too much, to be netted from the next refund; csflow never charges it. `borne` is
    who bears the refund, and the postings sum to zero. `book` is the order's book with this plan in it, pending.
    """

    number: int
    due: Entitlement
    before: int
    refunds: tuple[Refund, ...]
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
    due = entitlement(ledger, sums, claims_threshold_freight=terms.claims_threshold_freight)
    back = book.refunded(len(ledger.order.tenders))
    amount = max(0, due.total - sum(back))
    parts = _by_tender(ledger, terms, back, amount)
    number = len(book.plans) + 1
    refunds = tuple(
        Refund(tender, part, _key(ledger, number, entry))
        for entry, (tender, part) in enumerate(zip(ledger.order.tenders, parts, strict=True), 1)
        if part
    )
    borne = _borne(amount, terms.shares)
    payments = tuple(Paid(place, part) for place, part in enumerate(parts) if part)
    return Plan(
        number,
        due,
        sum(back),
        refunds,
        max(0, sum(back) - due.total),
        borne,
        _postings(refunds, borne),
        book.with_plan(Booked(claim.returned, claim.granted, payments)),
    )


def _refusal(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Refusal | None:
    if book.ledger != ledger.digest:
        return Refusal("ledger_changed")
    before = book.sums
    return _too_many(ledger, before, claim.returned) or _too_much(ledger, before, claim, terms)


def _too_many(ledger: Ledger, before: Sums, returned: Sequence[Returned]) -> Refusal | None:
    """Of no line may more come back than was bought and has not come back before."""
    now = Sums(tuple(returned))
    for place, line in enumerate(ledger.order.lines):
        asked, left = now.of(place), line.quantity - before.of(place)
        if asked > left:
            return Refusal("cap.quantity", place, asked, left)
    return None


def _too_much(ledger: Ledger, before: Sums, claim: Claim, terms: Terms) -> Refusal | None:
    """What is granted for a line is at most what its units that stay still cost the customer."""
    after = added(before, claim.returned, {})
    for place, asked in sorted(claim.granted.items()):
        with_none = entitlement(ledger, Sums(after.returned, {**after.granted, place: 0})).goods[place]
        with_all = sum(count * value for count, value in ledger.prices.payable[place])
        left = with_all - with_none - after.granted.get(place, 0)
        if asked > left:
            return Refusal("cap.line", place, asked, max(0, left))
    return None


def _by_tender(ledger: Ledger, terms: Terms, back: Sequence[int], amount: int) -> list[int]:
    paid = [tender.paid for tender in ledger.order.tenders]
    cash = [tender.kind in terms.cash for tender in ledger.order.tenders]
    return next_refund(routed(terms.routing, sum(back) + amount, paid, cash), back, amount)


def _borne(amount: int, shares: Sequence[Share]) -> dict[str, int]:
    parts = shared(amount, shares)
    return {share.party: part for share, part in zip(shares, parts, strict=True) if part}


def _postings(refunds: Sequence[Refund], borne: Mapping[str, int]) -> tuple[Posting, ...]:
    """Each party gives what it bears into the refund, and each tender takes its part out of it."""
    given = [each for party, amount in borne.items() for each in moved(party, "refund", amount)]
    taken = [each for refund in refunds for each in moved("refund", _account(refund.tender), refund.amount)]
    return require_balance((*given, *taken))


def _account(tender: Tender) -> str:
    return f"{CUSTOMER}:{tender.id}" if tender.funded_by == CUSTOMER else tender.funded_by


def _key(ledger: Ledger, number: int, entry: int) -> str:
    """The same on every retry, 64 characters: of the book, the plan and the entry."""
    return hashlib.sha256(f"{ledger.digest}/{number}/{entry}".encode()).hexdigest()

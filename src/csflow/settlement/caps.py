"""Owns what no plan may do: pay more than there is, pay twice, or pay what nobody bears. Nothing is trimmed to fit."""

from collections.abc import Sequence

from csflow.settlement.books import Book
from csflow.settlement.entitlement import Returned, Sums, added, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import is_borne
from csflow.settlement.refusals import Refusal
from csflow.settlement.surplus import already_reversed
from csflow.settlement.terms import Claim, Terms
from csflow.values.apportioning import total


def beyond_order(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Refusal | None:
    """Why there is no plan for a claim against this book, before anything is worked out."""
    if book.ledger != ledger.digest:
        return Refusal("ledger_changed")
    before = book.sums
    return (
        already_reversed(book, claim.reversals)
        or _too_many(ledger, before, claim.returned)
        or _too_much(ledger, before, claim, terms)
        or _unborne(claim, terms)
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


def _unborne(claim: Claim, terms: Terms) -> Refusal | None:
    """Whoever bears a cost is named: parts that all come to nothing name nobody."""
    bearing = [cause.shares for cause in claim.causes] or [terms.shares]
    if not all(map(is_borne, bearing)):
        return Refusal("shares.nobody")
    for each in claim.beside.additions:
        if each.amount and not is_borne(each.shares):
            return Refusal("shares.nobody", name=each.name)
    return None

"""The laws of money at volume, on cases by chance: sums close, in any order and pieces, and nothing is refunded twice.

A seeded slice runs in CI; CSFLOW_SOAK=1 makes 10,000,000 divisions and takes 1,000,000 orders back. A failure names
its seed: `divided(seed)`, `taken_back(seed)`. CSFLOW_SPLITS and CSFLOW_ORDERS say other numbers.
"""

import os

from tests.laws.chance import Chance, merged

from csflow.settlement.books import Book
from csflow.settlement.entitlement import Returned, Sums, added, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.planning import Plan, plan
from csflow.settlement.refusals import Refusal
from csflow.settlement.terms import Claim, Terms
from csflow.values.apportioning import apportion, apportion_runs, by_sainte_lague, total
from csflow.values.routing import routed
from csflow.values.sharing import shared

SOAK = bool(os.environ.get("CSFLOW_SOAK"))
SPLITS = int(os.environ.get("CSFLOW_SPLITS", 10_000_000 if SOAK else 20_000))
ORDERS = int(os.environ.get("CSFLOW_ORDERS", 1_000_000 if SOAK else 400))
# Four divisions to a seed.
DIVISIONS = 4


def test_divisions_close():
    for seed in range(SPLITS // DIVISIONS):
        try:
            divided(seed)
        except Exception as problem:
            raise AssertionError(f"divided({seed})") from problem


def test_orders_taken_back():
    for seed in range(ORDERS):
        try:
            taken_back(seed)
        except Exception as problem:
            raise AssertionError(f"taken_back({seed})") from problem


def divided(seed: int) -> None:
    """One amount by largest remainder, in runs, by Sainte-Laguë and among parties."""
    draw = Chance(seed)
    weights = draw.weights()
    whole = sum(weights)
    amount = draw.randint(0, whole) if draw.is_so(80) else draw.amount()
    parts = apportion(amount, weights)
    assert sum(parts) == amount and min(parts) >= 0
    if whole:
        assert all(abs(part * whole - amount * weight) < whole for part, weight in zip(parts, weights, strict=True))
    if amount <= whole:
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))
    runs = [(draw.randint(1, 40), weight) for weight in weights]
    in_runs = apportion_runs(amount, runs)
    assert total(in_runs) == amount and sum(count for count, _ in in_runs) == sum(count for count, _ in runs)
    if whole:
        routed_parts = by_sainte_lague(amount, weights)
        assert sum(routed_parts) == amount and min(routed_parts) >= 0
        assert by_sainte_lague(whole, weights) == weights
    shares = draw.shares()
    borne = shared(amount, shares)
    assert sum(borne) == amount and min(borne) >= 0
    for share, part in zip(shares, borne, strict=True):
        assert share.rest or share.at_most is None or part <= max(0, share.at_most)


def taken_back(seed: int) -> None:
    """One order with everything coming back, piece by piece, some payments failing, some asked for twice."""
    draw = Chance(seed)
    ledger, terms = draw.ledger(), draw.terms()
    closes_when_frozen(ledger)
    routes_monotonously(ledger, terms, draw)
    book, owed, done, paid_by_key = Book(ledger.digest), 0, Sums(), {}
    pieces = draw.pieces(ledger)
    for piece in pieces:
        refuses_without_a_trace(ledger, book, terms, draw)
        found = planned(ledger, book, Claim((piece,)), terms)
        again = planned(ledger, Book.from_json(book.to_json()), Claim((piece,)), terms)
        assert again == found
        before, done = entitlement_of(ledger, done, terms), added(done, [piece], {})
        closes(ledger, book, found)
        assert found.due == entitlement_of(ledger, done, terms)
        if piece.keeps_offers:
            assert found.due.total >= before.total and found.customer_owes <= owed
        for refund in (*found.refunds, *again.refunds):
            assert paid_by_key.setdefault(refund.key, refund.amount) == refund.amount
        assert sum(paid_by_key.values()) == sum(each.amount for one in found.book.plans for each in one.payments)
        book = draw.outcomes(found.book)
        back = book.refunded(len(ledger.order.tenders))
        owed = max(0, sum(back) - found.due.total)
        assert all(0 <= part <= tender.paid for part, tender in zip(back, ledger.order.tenders, strict=True))
    assert entitlement_of(ledger, Sums(merged(pieces)), terms) == entitlement_of(ledger, done, terms)
    ends_exactly(ledger, book, terms)


def entitlement_of(ledger: Ledger, sums: Sums, terms: Terms):
    return entitlement(ledger, sums, claims_threshold_freight=terms.claims_threshold_freight)


def planned(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Plan:
    found = plan(ledger, book, claim, terms)
    assert isinstance(found, Plan), found
    return found


def closes_when_frozen(ledger: Ledger) -> None:
    """Lines less offers are what is to be paid; freight and tax are divided among the units to the last one."""
    order, prices = ledger.order, ledger.prices
    off = sum(total(runs) for offer in prices.offers for runs in offer.shares.values())
    assert prices.total == sum(line.amount for line in order.lines) - off
    assert sum(map(total, ledger.freight)) == order.freight.paid and sum(map(total, ledger.tax)) == order.tax
    assert sum(tender.paid for tender in order.tenders) == ledger.paid
    for runs in (*prices.payable, *ledger.freight, *ledger.tax):
        assert all(value >= 0 for _, value in runs)


def routes_monotonously(ledger: Ledger, terms: Terms, draw: Chance) -> None:
    """What each tender has got back never shrinks when more is refunded, and at the end is what was paid with it."""
    paid = [tender.paid for tender in ledger.order.tenders]
    cash = [tender.kind in terms.cash for tender in ledger.order.tenders]
    whole = sum(paid)
    steps = sorted(draw.randint(0, whole) for _ in range(4))
    last = [0] * len(paid)
    for refunded in (*steps, *(each + 1 for each in steps[-1:] if each < whole), whole):
        parts = routed(terms.routing, refunded, paid, cash)
        assert sum(parts) == refunded
        assert all(before <= now <= limit for before, now, limit in zip(last, parts, paid, strict=True))
        last = parts
    assert last == paid


def closes(ledger: Ledger, book: Book, found: Plan) -> None:
    """By tender, by party, by account and by line: the same amount on every axis."""
    due, before = found.due, sum(book.refunded(len(ledger.order.tenders)))
    assert found.before == before
    assert found.amount - found.customer_owes == due.total - before and not (found.amount and found.customer_owes)
    assert due.total == sum(due.goods) + due.freight + due.tax - due.threshold_freight <= ledger.paid
    assert due.freight >= 0 and due.tax >= 0 and due.threshold_freight >= 0
    assert sum(found.borne.values()) == found.amount == sum(refund.amount for refund in found.refunds)
    assert sum(posting.amount for posting in found.postings) == 0
    assert all(refund.amount > 0 and len(refund.key) == 64 for refund in found.refunds)
    assert sum(found.book.refunded(len(ledger.order.tenders))) == before + found.amount


def refuses_without_a_trace(ledger: Ledger, book: Book, terms: Terms, draw: Chance) -> None:
    """Above a cap, with everything pending counted, there is a refusal with the most; and the book is what it was."""
    kept_as = book.to_json()
    place = draw.randrange(len(ledger.order.lines))
    left = ledger.order.lines[place].quantity - book.sums.of(place)
    more = Returned(place, left + draw.randint(1, 3), draw.is_so())
    assert plan(ledger, book, Claim((more,)), terms) == Refusal("cap.quantity", place, more.quantity, left)
    refused = plan(ledger, book, Claim(granted={place: 10**9}), terms)
    assert isinstance(refused, Refusal) and refused.code == "cap.line" and refused.limit is not None
    over = plan(ledger, book, Claim(granted={place: refused.limit + 1}), terms)
    assert over == Refusal("cap.line", place, refused.limit + 1, refused.limit)
    if refused.limit:
        planned(ledger, book, Claim(granted={place: refused.limit}), terms)
    other = Book("sha256:another", book.plans)
    assert plan(ledger, other, Claim(), terms) == Refusal("ledger_changed")
    assert book.to_json() == kept_as and Book.from_json(kept_as) == book


def ends_exactly(ledger: Ledger, book: Book, terms: Terms) -> None:
    """Once what failed is paid again, each tender has back what was paid with it, less what stays by name."""
    last = planned(ledger, book, Claim(), terms)
    back = last.book.refunded(len(ledger.order.tenders))
    stays = sum(map(total, ledger.freight)) - last.due.freight
    assert last.due.threshold_freight == 0 and last.due.total == ledger.paid - stays
    assert sum(back) - last.customer_owes == ledger.paid - stays
    if not stays:
        assert back == [tender.paid for tender in ledger.order.tenders]

"""Owns the orders that settlement is timed on, and what comes back of them.

Three lines, two offers, freight, tax and four tenders, by seed; as csflow reads them, and frozen by csflow's own
freezing for whoever settles them by hand.
"""

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from benchmarks.settled_by_hand import Back, Frozen, Offer

from csflow.settlement.entitlement import Returned, Sums
from csflow.settlement.freezing import Ledger, freeze
from csflow.settlement.orders import Freight, Line, Order, Tender, Threshold, Tier
from csflow.settlement.orders import Offer as OrderOffer
from csflow.values.apportioning import Runs, apportion, apportion_runs, by_sainte_lague

TENDERS = ("wechat", "balance", "red_packet", "coupon")

# What came back so far, and what each tender had got back before.
History = tuple[Sums, list[int]]


def order(seed: int, times: int = 1) -> Order:
    """Two thresholds take off from all lines, a coupon in percent from two of them; `times` as many of everything."""
    draw = random.Random(seed)
    lines = tuple(
        Line(f"l{place}", times * quantity, times * quantity * draw.randint(4_000, 25_000))
        for place, quantity in enumerate([1, 2, draw.randint(2, 4)])
    )
    tiers = Tier(30_000 * times, draw.randint(1_000, 5_000)), Tier(50_000 * times, draw.randint(5_001, 9_999))
    threshold = Threshold(tiers)
    coupon = Threshold((Tier(10_000 * times, percent=100 * draw.randint(3, 15)),))
    offers = (
        OrderOffer("threshold", "merchant", (0, 1, 2), threshold),
        OrderOffer("coupon", "platform", (1, 2), coupon),
    )
    freight, tax = Freight(draw.randint(600, 1_800)), draw.randint(100, 4_000)
    paid = freeze(Order("o", "CNY", lines, (), offers, freight, tax)).paid
    weights = [draw.randint(1, 60) for _ in TENDERS]
    tenders = tuple(Tender(name, name, part) for name, part in zip(TENDERS, apportion(paid, weights), strict=True))
    return Order(f"o{seed}", "CNY", lines, tenders, offers, freight, tax)


def document(given: Order) -> dict[str, Any]:
    """The order as a backend has it, for `pack.freeze`."""

    def yuan(minor: int) -> str:
        return f"{minor // 100}.{minor % 100:02} CNY"

    threshold, coupon = given.offers
    return {
        "id": given.id,
        "lines": [{"id": each.id, "quantity": each.quantity, "amount": yuan(each.amount)} for each in given.lines],
        "offers": [
            {
                "id": "threshold",
                "tiers": [{"at_least": yuan(t.at_least), "amount": yuan(t.amount)} for t in threshold.rule.tiers],
            },
            {
                "id": "coupon",
                "by": "platform",
                "lines": ["l1", "l2"],
                "tiers": [{"at_least": yuan(t.at_least), "percent": f"{t.percent // 100}%"} for t in coupon.rule.tiers],
            },
        ],
        "freight": {"paid": yuan(given.freight.paid)},
        "tax": yuan(given.tax),
        "tenders": [{"id": each.id, "tender": each.kind, "paid": yuan(each.paid)} for each in given.tenders],
    }


def histories(ledger: Ledger, count: int, seed: int) -> list[History]:
    """Random returns, for no reason and for fault by halves; by halves something was refunded before."""
    draw = random.Random(seed)
    found = []
    for number in range(count):
        returned = []
        for place, line in enumerate(ledger.order.lines):
            left = line.quantity
            for keeps, carried in ((False, False), (True, True)):
                quantity = draw.randint(0, left) if draw.random() < 0.6 else 0
                if quantity:
                    returned.append(Returned(place, quantity, keeps, carried))
                    left -= quantity
        before = draw.randint(0, ledger.paid // 3) if number % 2 else 0
        found.append((Sums(tuple(returned)), by_sainte_lague(before, [each.paid for each in ledger.order.tenders])))
    return found


def by_hand(ledger: Ledger) -> Frozen:
    """The frozen order in minor units, unit by unit."""
    given, prices = ledger.order, ledger.prices
    return Frozen(
        [line.quantity for line in given.lines],
        [_units(apportion_runs(line.amount, [(line.quantity, 1)])) for line in given.lines],
        [
            Offer(list(offer.lines), [(tier.at_least, tier.amount, tier.percent // 100) for tier in offer.rule.tiers])
            for offer in given.offers
        ],
        [share.standing for share in prices.offers],
        [{line: _units(runs) for line, runs in share.shares.items()} for share in prices.offers],
        [_units(runs) for runs in prices.payable],
        [_units(runs) for runs in ledger.freight],
        [_units(runs) for runs in ledger.tax],
        [tender.paid for tender in given.tenders],
    )


def in_yuan(frozen: Frozen) -> Frozen:
    """The same in `Decimal`."""

    def each_line(lines: list[list[int]]) -> list[list[Decimal]]:
        return [yuan_of(units) for units in lines]

    return frozen._replace(
        lists=each_line(frozen.lists),
        offers=[
            Offer(
                offer.lines, [(*yuan_of([start, amount]), Decimal(percent)) for start, amount, percent in offer.tiers]
            )
            for offer in frozen.offers
        ],
        shares=[{line: yuan_of(units) for line, units in shares.items()} for shares in frozen.shares],
        costs=each_line(frozen.costs),
        freight=each_line(frozen.freight),
        tax=each_line(frozen.tax),
        tenders=yuan_of(frozen.tenders),
    )


def back_of(sums: Sums) -> list[Back]:
    return [(each.line, each.quantity, each.keeps_offers, each.with_freight) for each in sums.returned]


def yuan_of(amounts: Sequence[int]) -> list[Decimal]:
    return [Decimal(amount).scaleb(-2) for amount in amounts]


def _units(runs: Runs) -> list[int]:
    return [value for count, value in runs for _ in range(count)]

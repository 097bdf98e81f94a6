"""Owns what others than the merchant gave towards the price: how much of it is tied to units that are kept."""

from csflow.settlement.entitlement import Sums, left_of
from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import CUSTOMER, MERCHANT
from csflow.settlement.pricing import AS_FROZEN, Reading, prices_of
from csflow.values.apportioning import last_of


def taken_back(ledger: Ledger, before: Sums, after: Sums, reading: Reading = AS_FROZEN) -> dict[str, int]:
    """What goes from the merchant back to each party whose offers fell away with what came back.

    Below zero where an offer takes more off what is kept than it did: the party owes the merchant that much.
    """
    if all(offer.by in (CUSTOMER, MERCHANT) for offer in ledger.order.offers):
        return {}
    then, now = _kept(ledger, before, reading), _kept(ledger, after, reading)
    return {party: then[party] - now[party] for party in then if then[party] != now[party]}


def _kept(ledger: Ledger, sums: Sums, reading: Reading) -> dict[str, int]:
    """What the offers of each party take off the units that are kept."""
    order = ledger.order
    left = left_of(order, sums)
    prices = prices_of(order, left.priced, ledger.prices, reading)
    found: dict[str, int] = {}
    for offer, share in zip(order.offers, prices.offers, strict=True):
        if offer.by not in (CUSTOMER, MERCHANT):
            part = sum(last_of(runs, left.kept[line]) for line, runs in share.shares.items())
            found[offer.by] = found.get(offer.by, 0) + part
    return found

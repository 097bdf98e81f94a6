"""Owns what units cost while an order, or a part of it, is kept: each offer apportioned to units.

One reading serves both: an order is frozen by pricing all its units, and what is kept of it is priced again
with the frozen shares of the offers that still stand. Source: semantics 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csflow.settlement.orders import Bundle, Offer, Order
from csflow.values.apportioning import (
    Runs,
    apportion,
    apportion_runs,
    equal_parts,
    first_of,
    joined,
    minus,
    tail,
    total,
)


@dataclass(frozen=True, slots=True)
class OfferShare:
    """An offer as it stands on some units: at which tier, and what it takes off each unit of each line."""

    standing: int
    shares: Mapping[int, Runs]


@dataclass(frozen=True, slots=True)
class Reading:
    """What becomes of the offers of an order when they are settled again on what is kept of it.

    `anew`: one that stands as it did is divided among what is kept, too, instead of keeping its frozen shares.
    `lower_tier`: what reaches only a lower tier of an offer has that one; otherwise the offer is lost.
    """

    anew: bool = False
    lower_tier: bool = True


@dataclass(frozen=True, slots=True)
class Prices:
    """What each unit of each line costs, after all offers; `offers` are the shares of each, in the order's sequence."""

    payable: tuple[Runs, ...]
    offers: tuple[OfferShare, ...]

    @property
    def total(self) -> int:
        return sum(map(total, self.payable))


AS_FROZEN = Reading()


def prices_of(
    order: Order, counts: Sequence[int], frozen: Prices | None = None, reading: Reading = AS_FROZEN
) -> Prices:
    """The prices of the last so many units of each line, as if they alone had been bought.

    With `frozen`, an offer that stands as it did for the whole order keeps its frozen shares, if it is so read.
    INVARIANT: no unit costs less than 0.
    """
    if frozen is not None and all(line.quantity == count for line, count in zip(order.lines, counts, strict=True)):
        return frozen
    payable = [
        tail(equal_parts(line.amount, line.quantity), count) for line, count in zip(order.lines, counts, strict=True)
    ]
    offers = []
    for place, offer in enumerate(order.offers):
        before = None if frozen is None else frozen.offers[place]
        standing, found = _share_of(offer, order, counts, payable, before, reading)
        shares = {}
        for line, runs in found.items():
            payable[line], shares[line] = _taken(payable[line], runs)
        offers.append(OfferShare(standing, shares))
    return Prices(tuple(payable), tuple(offers))


def _share_of(
    offer: Offer,
    order: Order,
    counts: Sequence[int],
    payable: Sequence[Runs],
    frozen: OfferShare | None,
    reading: Reading,
) -> tuple[int, Mapping[int, Runs]]:
    """At which tier an offer stands, and its part of each unit: the frozen one where it stands as it did."""
    lines = [line for line in offer.lines if counts[line]]
    costs = [total(payable[line]) for line in lines]
    base = sum(costs)
    standing = _standing(offer, counts, base)
    if frozen is not None and standing < frozen.standing and not reading.lower_tier and offer.rule.tiered:
        standing = 0
    if not standing:
        return 0, {}
    if frozen is not None and standing == frozen.standing and not reading.anew:
        return standing, {line: tail(frozen.shares[line], counts[line]) for line in lines}
    by_line = apportion(_off(offer, order, payable, standing, base), costs)
    return standing, {line: apportion_runs(part, payable[line]) for line, part in zip(lines, by_line, strict=True)}


def _taken(payable: Runs, shares: Runs) -> tuple[Runs, Runs]:
    """What units still cost, and what came off: of no unit more than it cost, which frozen shares may be."""
    left = minus(payable, shares)
    if all(value >= 0 for _, value in left):
        return left, shares
    left = joined((count, max(0, value)) for count, value in left)
    return left, minus(payable, left)


def _standing(offer: Offer, counts: Sequence[int], base: int) -> int:
    if isinstance(offer.rule, Bundle):
        return min(counts[line] // needed for line, needed in offer.rule.needs)
    return offer.rule.standing(base)


def _off(offer: Offer, order: Order, payable: Sequence[Runs], standing: int, base: int) -> int:
    if isinstance(offer.rule, Bundle):
        apart = sum(first_of(payable[line], standing * needed) for line, needed in offer.rule.needs)
        return max(0, apart - standing * offer.rule.price)
    return offer.rule.off(standing, base, order.rounding)

"""Owns what units cost while an order, or a part of it, is kept: each offer apportioned to units.

One reading serves both: an order is frozen by pricing all its units, and what is kept of it is priced again
with the frozen shares of the offers that still stand. Source: semantics 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csflow.settlement.orders import Bundle, Offer, Order
from csflow.values.apportioning import Runs, apportion, apportion_runs, head, joined, minus, tail, total


@dataclass(frozen=True, slots=True)
class OfferShare:
    """An offer as it stands on some units: at which tier, and what it takes off each unit of each line."""

    standing: int
    shares: Mapping[int, Runs]


@dataclass(frozen=True, slots=True)
class Prices:
    """What each unit of each line costs, after all offers; `offers` are the shares of each, in the order's sequence."""

    payable: tuple[Runs, ...]
    offers: tuple[OfferShare, ...]

    @property
    def total(self) -> int:
        return sum(map(total, self.payable))


def prices_of(order: Order, counts: Sequence[int], frozen: Prices | None = None) -> Prices:
    """The prices of the last so many units of each line, as if they alone had been bought.

    With `frozen`, an offer that stands as it did for the whole order keeps its frozen shares.
    INVARIANT: no unit costs less than 0.
    """
    lists = (apportion_runs(line.amount, [(line.quantity, 1)]) for line in order.lines)
    payable = [tail(runs, count) for runs, count in zip(lists, counts, strict=True)]
    offers = []
    for place, offer in enumerate(order.offers):
        share = _share_of(offer, order, counts, payable, None if frozen is None else frozen.offers[place])
        for line, runs in share.shares.items():
            payable[line] = minus(payable[line], runs)
        offers.append(share)
    return Prices(tuple(payable), tuple(offers))


def _share_of(
    offer: Offer, order: Order, counts: Sequence[int], payable: Sequence[Runs], frozen: OfferShare | None
) -> OfferShare:
    lines = [line for line in offer.lines if counts[line]]
    base = sum(total(payable[line]) for line in lines)
    standing = _standing(offer, counts, base)
    if frozen is not None and standing == frozen.standing:
        return OfferShare(
            standing, {line: _at_most(tail(frozen.shares[line], counts[line]), payable[line]) for line in lines}
        )
    return OfferShare(standing, _apportioned(_off(offer, order, payable, standing, base), lines, payable))


def _standing(offer: Offer, counts: Sequence[int], base: int) -> int:
    if isinstance(offer.rule, Bundle):
        return min(counts[line] // needed for line, needed in offer.rule.needs)
    return offer.rule.standing(base)


def _off(offer: Offer, order: Order, payable: Sequence[Runs], standing: int, base: int) -> int:
    if isinstance(offer.rule, Bundle):
        apart = sum(total(head(payable[line], standing * needed)) for line, needed in offer.rule.needs)
        return max(0, apart - standing * offer.rule.price)
    return offer.rule.off(standing, base, order.rounding)


def _apportioned(amount: int, lines: Sequence[int], payable: Sequence[Runs]) -> dict[int, Runs]:
    """By largest remainder to lines, then inside each to units: in proportion to what is still to be paid."""
    by_line = apportion(amount, [total(payable[line]) for line in lines])
    return {line: apportion_runs(part, payable[line]) for line, part in zip(lines, by_line, strict=True)}


def _at_most(shares: Runs, payable: Runs) -> Runs:
    """Frozen shares, but of no unit more than it still costs."""
    left = minus(payable, shares)
    excess = joined((count, max(0, -value)) for count, value in left)
    return minus(shares, excess)

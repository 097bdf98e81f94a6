"""Owns an order as settlement reads it: lines, offers in the sequence in which they were taken, freight, tax, tenders.

Amounts are whole minor units. Lines are referred to by their place.
"""

from dataclasses import dataclass
from typing import ClassVar

from csflow.values.rounding import Rounding, round_ratio

# 100 %, in the held form of a percentage.
WHOLE = 10_000
CUSTOMER, MERCHANT = "customer", "merchant"


@dataclass(frozen=True, slots=True)
class Line:
    """So many units of one article; `amount` is their list price together, split to units by largest remainder."""

    id: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Tier:
    """From which base on so much is taken off: an amount, or a percentage of the base (held: 80 % is 8000)."""

    at_least: int
    amount: int = 0
    percent: int = 0

    def off(self, base: int, rounding: Rounding) -> int:
        return self.amount or round_ratio(base * self.percent, WHOLE, rounding)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is off depends on what the lines of the offer still cost: a plain amount off has one tier, from 0.

    `repeats`: the amount of the one tier comes off once for every full `at_least` (每满减).
    """

    tiers: tuple[Tier, ...]
    repeats: bool = False

    @property
    def tiered(self) -> bool:
        """Whether it stands at one of its tiers, not so many times."""
        return not self.repeats

    def standing(self, base: int) -> int:
        """Which tier it stands at, or how often; 0 where it does not apply."""
        if self.repeats:
            return base // self.tiers[0].at_least
        return sum(tier.at_least <= base for tier in self.tiers)

    def off(self, standing: int, base: int, rounding: Rounding) -> int:
        if self.repeats:
            return min(base, standing * self.tiers[0].amount)
        return min(base, self.tiers[standing - 1].off(base, rounding)) if standing else 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """A set of `needs` (line and quantity) for `price`: stands as often as the set is complete."""

    needs: tuple[tuple[int, int], ...]
    price: int
    tiered: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What one offer takes off the price of some lines, and who bears it.

    `rule` is a `Threshold` or a `Bundle`; `lines` are the places of those it applies to.
    """

    id: str
    by: str
    lines: tuple[int, ...]
    rule: Threshold | Bundle


@dataclass(frozen=True, slots=True)
class Freight:
    """What was paid for delivery, and what it would have cost below `free_from`, if there is such a threshold."""

    paid: int = 0
    free_from: int | None = None
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Tender:
    """A form of payment, and how much of the order was paid with it.

    `funded_by` is who put the money up, and gets it back: a platform that pays a coupon's worth, say. `lines` are the
    places of those it is for, if it is not for the whole order. `units` is how many points it was, or coupons.
    `paid_at` and `expires_at` are instants, where the time of the payment matters, or it is a red packet with an end.
    """

    id: str
    kind: str
    paid: int
    funded_by: str = CUSTOMER
    lines: tuple[int, ...] = ()
    units: int | None = None
    paid_at: int | None = None
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Surplus:
    """A payment that the order did not need: made twice, or taken though the order was never paid."""

    id: str
    kind: str
    paid: int


@dataclass(frozen=True, slots=True)
class Order:
    """`tax` is what was charged on top of the prices; tax inside them is part of them."""

    id: str
    currency: str
    lines: tuple[Line, ...]
    tenders: tuple[Tender, ...]
    offers: tuple[Offer, ...] = ()
    freight: Freight = Freight()
    tax: int = 0
    rounding: Rounding = Rounding.HALF_UP
    surplus: tuple[Surplus, ...] = ()

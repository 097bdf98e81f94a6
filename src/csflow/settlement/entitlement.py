"""Owns what a customer is entitled to get back: a function of what has come back and why, of nothing else.

For the units kept K, and V = K with every returned unit whose return keeps the offers:

    E = paid - the sum over K of what a unit costs among V

Source: semantics 8. Quantities are those accepted at inspection.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import Order
from csflow.settlement.pricing import AS_FROZEN, Reading, prices_of
from csflow.values.apportioning import Runs, first_of, last_of


@dataclass(frozen=True, slots=True)
class Returned:
    """So many units of a line that came back, all for one reason.

    `keeps_offers`: what is kept costs what it did (a fault, a cancellation, `prorated`); otherwise offers are settled
    again on what is left (`resettle`). `with_freight`: the units' part of the freight goes back, too.
    `waives_threshold`: delivery stays as free as if they had been kept.
    """

    line: int
    quantity: int
    keeps_offers: bool
    with_freight: bool = False
    waives_threshold: bool = False


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything that has come back of an order so far, as sums: the order in which it did is not among them.

    `granted` are amounts given back for a line whose units stay with the customer (`explicit`).
    """

    returned: tuple[Returned, ...] = ()
    granted: Mapping[int, int] = field(default_factory=dict)

    def of(self, line: int) -> int:
        """How many units of a line came back."""
        return sum(each.quantity for each in self.returned if each.line == line)


class Left(NamedTuple):
    """How many units of each line are kept, count for offers, count for free delivery, and carry freight still."""

    kept: Sequence[int]
    priced: Sequence[int]
    delivered: Sequence[int]
    carried: Sequence[int]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What is due back, in minor units.

    `goods` by line: what was paid for it less what is kept of it costs now; below 0 where offers were lost on units
    that stay. `threshold_freight` is what delivery costs now that too little is kept, already taken off.
    """

    goods: tuple[int, ...]
    freight: int
    tax: int
    threshold_freight: int

    @property
    def total(self) -> int:
        return sum(self.goods) + self.freight + self.tax - self.threshold_freight


def entitlement(
    ledger: Ledger, sums: Sums, *, claims_threshold_freight: bool = False, reading: Reading = AS_FROZEN
) -> Entitlement:
    """What the customer is entitled to, over all that has come back; refunds made before are not looked at."""
    order = ledger.order
    left = left_of(order, sums)
    prices = prices_of(order, left.priced, ledger.prices, reading)
    goods = tuple(
        paid - max(0, last_of(runs, count) - sums.granted.get(place, 0))
        for place, (paid, runs, count) in enumerate(zip(ledger.paid_by_line, prices.payable, left.kept, strict=True))
    )
    lost = _threshold_freight(ledger, left, prices.total, reading) if claims_threshold_freight else 0
    return Entitlement(goods, _back(ledger.freight, order, left.carried), _back(ledger.tax, order, left.kept), lost)


def left_of(order: Order, sums: Sums) -> Left:
    """What of every line is left after all that came back."""
    kept = [line.quantity for line in order.lines]
    priced, delivered, carried = kept.copy(), kept.copy(), kept.copy()
    for each in sums.returned:
        kept[each.line] -= each.quantity
        if not each.keeps_offers:
            priced[each.line] -= each.quantity
            if not each.waives_threshold:
                delivered[each.line] -= each.quantity
        if each.with_freight:
            carried[each.line] -= each.quantity
    return Left(kept, priced, delivered, carried)


def _threshold_freight(ledger: Ledger, left: Left, base: int, reading: Reading) -> int:
    """What delivery of what is kept would have cost on top of what was paid for it: nothing where nothing is kept.

    Nothing, too, where the whole order did not reach the threshold: what was not there cannot be lost by a return.
    """
    freight = ledger.order.freight
    if freight.free_from is None or not any(left.kept) or not base < freight.free_from <= ledger.prices.total:
        return 0
    if left.delivered != left.priced:
        base = prices_of(ledger.order, left.delivered, ledger.prices, reading).total
        if base >= freight.free_from:
            return 0
    return max(0, freight.fee - freight.paid)


def _back(divided: Sequence[Runs], order: Order, left: Sequence[int]) -> int:
    """The parts of as many units as do not stay: the first places of their line, whatever else came back."""
    return sum(
        first_of(runs, line.quantity - count) for runs, line, count in zip(divided, order.lines, left, strict=True)
    )


def added(sums: Sums, returned: Iterable[Returned], granted: Mapping[int, int]) -> Sums:
    """What has come back with one more return."""
    together = {line: sums.granted.get(line, 0) + granted.get(line, 0) for line in {*sums.granted, *granted}}
    return Sums((*sums.returned, *returned), together)

"""Owns what a customer is entitled to get back: a function of what has come back and why, of nothing else.

For the units kept K, and V = K with every returned unit whose return keeps the offers:

    E = paid - the sum over K of what a unit costs among V

Source: semantics 8. Quantities are those accepted at inspection.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import Order
from csflow.settlement.pricing import prices_of
from csflow.values.apportioning import Runs, tail, total


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

    def of(self, line: int, *, keeping: bool | None = None, with_freight: bool | None = None) -> int:
        """How many units of a line came back, in all or of one sort."""
        return sum(
            each.quantity
            for each in self.returned
            if each.line == line and keeping in (None, each.keeps_offers) and with_freight in (None, each.with_freight)
        )

    def waived(self, line: int) -> int:
        """How many units lost their offers, and count for delivery as if they had been kept."""
        return sum(
            each.quantity
            for each in self.returned
            if each.line == line and each.waives_threshold and not each.keeps_offers
        )


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


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of each line: how many units, and what they cost now.

    `priced` counts all that thresholds are looked at with, and `base` is what these cost.
    """

    counts: Sequence[int]
    priced: Sequence[int]
    costs: tuple[Runs, ...]
    base: int


def entitlement(ledger: Ledger, sums: Sums, *, claims_threshold_freight: bool = False) -> Entitlement:
    """What the customer is entitled to, over all that has come back; refunds made before are not looked at."""
    kept = kept_of(ledger, sums)
    goods = tuple(
        total(ledger.prices.payable[place]) - max(0, total(costs) - sums.granted.get(place, 0))
        for place, costs in enumerate(kept.costs)
    )
    lost = 0
    if claims_threshold_freight and any(kept.counts):
        lost = _threshold_freight(ledger, sums, kept.priced, kept.base)
    return Entitlement(goods, _freight_back(ledger, sums), _tax_back(ledger, kept.counts), lost)


def kept_of(ledger: Ledger, sums: Sums) -> Kept:
    """What stays with the customer once so much has come back: K among V."""
    counts, priced = counts_of(ledger.order, sums)
    prices = prices_of(ledger.order, priced, ledger.prices)
    return Kept(counts, priced, tuple(map(tail, prices.payable, counts)), prices.total)


def counts_of(order: Order, sums: Sums) -> tuple[list[int], list[int]]:
    """How many units of each line are kept, and how many count in pricing: those whose return keeps offers, too."""
    kept = [line.quantity - sums.of(place) for place, line in enumerate(order.lines)]
    return kept, [count + sums.of(place, keeping=True) for place, count in enumerate(kept)]


def _threshold_freight(ledger: Ledger, sums: Sums, priced: Sequence[int], base: int) -> int:
    """What delivery of what is kept would have cost on top of what was paid for it."""
    freight = ledger.order.freight
    if freight.free_from is None or base >= freight.free_from:
        return 0
    waived = [sums.waived(place) for place in range(len(priced))]
    if any(waived):
        counts = [count + more for count, more in zip(priced, waived, strict=True)]
        if prices_of(ledger.order, counts, ledger.prices).total >= freight.free_from:
            return 0
    return max(0, freight.fee - freight.paid)


def _freight_back(ledger: Ledger, sums: Sums) -> int:
    """The freight of as many units as came back with it: the first places of their line, whatever else came back."""
    back = 0
    for place, runs in enumerate(ledger.freight):
        carried = ledger.order.lines[place].quantity - sums.of(place, with_freight=True)
        back += total(runs) - total(tail(runs, carried))
    return back


def _tax_back(ledger: Ledger, kept: Sequence[int]) -> int:
    return ledger.order.tax - sum(total(tail(runs, count)) for runs, count in zip(ledger.tax, kept, strict=True))


def added(sums: Sums, returned: Iterable[Returned], granted: Mapping[int, int]) -> Sums:
    """What has come back with one more return."""
    together = {line: sums.granted.get(line, 0) + granted.get(line, 0) for line in {*sums.granted, *granted}}
    return Sums((*sums.returned, *returned), together)

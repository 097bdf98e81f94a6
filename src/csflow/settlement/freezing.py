"""Owns the frozen ledger of an order: what each unit cost, with every offer, freight and tax apportioned to it once."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from csflow.settlement.orders import Order
from csflow.settlement.pricing import Prices, prices_of
from csflow.values.apportioning import Runs, apportion, apportion_runs, total


@dataclass(frozen=True)
class Ledger:
    """An order, its prices, and the part of freight and tax that every unit carries, line by line."""

    order: Order
    prices: Prices
    freight: tuple[Runs, ...]
    tax: tuple[Runs, ...]

    @property
    def paid(self) -> int:
        """All that was to be paid: goods, freight and tax."""
        return self.prices.total + self.order.freight.paid + self.order.tax

    @cached_property
    def paid_by_line(self) -> tuple[int, ...]:
        """What was paid for the goods of each line."""
        return tuple(map(total, self.prices.payable))

    @cached_property
    def digest(self) -> str:
        """`sha256:...` over the order and everything that was apportioned to its units.

        Without surplus payments: one that comes in later makes no other ledger.
        """
        order = asdict(replace(self.order, surplus=()))
        content = {"order": order, "prices": asdict(self.prices), "freight": self.freight, "tax": self.tax}
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def freeze(order: Order) -> Ledger:
    """The ledger of an order, once and for all: no later answer apportions what every unit was part of again.

    Freight and tax are divided as offers are: by largest remainder to lines, then to units, in proportion to what they
    cost after all offers.
    """
    prices = prices_of(order, [line.quantity for line in order.lines])
    return Ledger(order, prices, _divided(order.freight.paid, prices.payable), _divided(order.tax, prices.payable))


def _divided(amount: int, payable: Sequence[Runs]) -> tuple[Runs, ...]:
    by_line = apportion(amount, [total(runs) for runs in payable])
    return tuple(apportion_runs(part, runs) for part, runs in zip(by_line, payable, strict=True))

"""Owns units that an order earned, points or cashback in a purse, and how many are taken back with what comes back.

What the customer keeps is the share that the goods that stay cost of all goods, rounded down. Source: semantics 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csflow.settlement.entitlement import Entitlement, Sums
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import Due, key


@dataclass(frozen=True, slots=True)
class Earned:
    """How many units the whole order earned under a name, and how many the customer has now.

    `worth` is what all of them are charged at, where the balance falls short: 0 where nothing is.
    """

    name: str
    units: int
    balance: int
    worth: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Units that a host takes back now, an effect with the key that every retry of it has.

    `short` are those that the balance does not have: they stay due, or are `charged`, which settles them.
    """

    name: str
    units: int
    short: int
    charged: int
    key: str

    @property
    def settled(self) -> int:
        """How many units are not asked for again."""
        return self.units + (self.short if self.charged else 0)


def taken_now(
    asked: Sequence[Earned], before: Mapping[str, int], ledger: Ledger, sums: Sums, due: Entitlement, number: int
) -> tuple[Taken, ...]:
    """What is taken under each name: what is not kept, less what was taken before, up to the balance."""
    left, whole = _kept_of(ledger, sums, due)
    found = []
    for each in asked:
        wanted = each.units - each.units * left // whole - before.get(each.name, 0)
        if wanted > 0:
            units = min(wanted, each.balance)
            charged = each.worth * (wanted - units) // each.units
            found.append(Taken(each.name, units, wanted - units, charged, key(ledger.digest, number, each.name)))
    return tuple(found)


def charges(taken: Sequence[Taken], before: Mapping[str, int]) -> tuple[Due, ...]:
    """What is withheld, for the whole order, for units that the balance does not have."""
    return tuple(Due(each.name, before.get(each.name, 0) + each.charged) for each in taken if each.charged)


def _kept_of(ledger: Ledger, sums: Sums, due: Entitlement) -> tuple[int, int]:
    """Which part of the order is kept, and of what: of what the goods cost; of their number where they cost nothing."""
    whole = ledger.prices.total
    if whole:
        return whole - sum(due.goods), whole
    count = sum(line.quantity for line in ledger.order.lines)
    return count - sum(each.quantity for each in sums.returned), count

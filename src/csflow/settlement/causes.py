"""Owns a claim with several causes: what each adds to what is due, so that each is borne by its own terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from csflow.settlement.entitlement import Returned, Sums, added, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.pricing import AS_FROZEN, Reading
from csflow.values.sharing import Share


@dataclass(frozen=True, slots=True)
class Cause:
    """What came back for one reason, and who bears it."""

    returned: tuple[Returned, ...]
    shares: tuple[Share, ...]


def parts_of(
    ledger: Ledger,
    before: Sums,
    granted: Mapping[int, int],
    causes: Sequence[Cause],
    taken: int,
    *,
    claims_threshold_freight: bool,
    reading: Reading = AS_FROZEN,
) -> list[int]:
    """How much of a refund each cause is for, in the order given; `taken` was refunded or is withheld.

    What granted amounts and payments that failed add is the first one's. None is below zero, and they sum to the
    refund. INVARIANT: what all of them come to does not depend on their order; what each adds does.
    """
    sums, due = added(before, (), granted), [0]
    for cause in causes:
        sums = added(sums, cause.returned, {})
        whole = entitlement(ledger, sums, claims_threshold_freight=claims_threshold_freight, reading=reading).total
        due.append(max(0, whole - taken))
    return _settled([after - so_far for so_far, after in pairwise(due)])


def _settled(steps: list[int]) -> list[int]:
    """A cause that costs the customer something takes it off those before it, the nearest first."""
    for place, step in enumerate(steps):
        if step < 0:
            steps[place] = 0
            for earlier in reversed(range(place)):
                part = min(steps[earlier], -step)
                steps[earlier] -= part
                step += part
    return steps

"""Settlement gives what the same arithmetic by hand gives, in whole minor units and in `decimal`, unit by unit.

The code by hand is that of `benchmarks/settle.py`: written apart from csflow's, without its runs of equal units.
"""

import os

import pytest
from benchmarks import purchases
from benchmarks.settle import settled
from benchmarks.settled_by_hand import Settled, settle, settle_in_decimal

from csflow.settlement.freezing import freeze

ORDERS = 2_000 if os.environ.get("CSFLOW_SOAK") else 20


@pytest.mark.parametrize("times", [1, 7])
def test_settlement_agrees_with_integers_and_decimal_by_hand(times):
    for seed in range(ORDERS):
        ledger = freeze(purchases.order(seed, times))
        frozen = purchases.by_hand(ledger)
        in_yuan = purchases.in_yuan(frozen)
        for sums, before in purchases.histories(ledger, 20, seed):
            ours, back = settled(ledger, (sums, before)), purchases.back_of(sums)
            assert ours == settle(frozen, back, before), (seed, sums, before)
            yuan = settle_in_decimal(in_yuan, back, purchases.yuan_of(before))
            assert yuan == Settled(
                purchases.yuan_of(ours.goods),
                *purchases.yuan_of([ours.freight, ours.tax]),
                purchases.yuan_of(ours.parts),
            ), (seed, sums, before)

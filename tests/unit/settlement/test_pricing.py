"""What an offer takes off at its limits: not reached, settled again beside one that stands, dearer than its parts."""

from tests.unit.settlement.baskets import fen, order

from csflow.settlement.freezing import freeze
from csflow.settlement.orders import Bundle, Line, Offer, Order, Threshold, Tier
from csflow.settlement.pricing import OfferShare, prices_of
from csflow.values.rounding import Rounding


def test_an_offer_that_is_not_reached_takes_nothing_off_nothing():
    ledger = freeze(order([(1, "100"), (1, "50")], off=[("300", "50")]))
    assert ledger.prices.offers == (OfferShare(0, {}),)
    assert ledger.prices.payable == (((1, 10_000),), ((1, 5_000),))
    threshold = Threshold((Tier(30_000, 5_000),))
    assert (threshold.standing(15_000), threshold.off(0, 15_000, Rounding.HALF_UP)) == (0, 0)


def test_a_bundle_that_is_dearer_than_its_parts_takes_nothing_off():
    assert freeze(order([(1, "100"), (1, "50")], bundle="160")).prices.total == fen("150")
    assert freeze(order([(1, "100"), (1, "50")], bundle="140")).prices.total == fen("140")


def test_a_frozen_share_is_taken_off_no_more_than_an_item_still_costs():
    """A 200, B 100: 60 off from 300, 50 from 100; then 158 off A. With B back, 50 come off A alone, which costs 150."""
    tiers = Threshold((Tier(fen("100"), fen("50")), Tier(fen("300"), fen("60"))))
    coupon = Offer("coupon", "merchant", (0,), Threshold((Tier(0, fen("158")),)))
    lines = Line("a", 1, fen("200")), Line("b", 1, fen("100"))
    ledger = freeze(Order("o", "CNY", lines, (), (Offer("off", "merchant", (0, 1), tiers), coupon)))
    assert ledger.prices.payable == (((1, fen("2")),), ((1, fen("80")),))
    kept = prices_of(ledger.order, [1, 0], ledger.prices)
    assert kept.payable == (((1, 0),), ())
    assert [dict(offer.shares) for offer in kept.offers] == [{0: ((1, fen("50")),)}, {0: ((1, fen("150")),)}]


def test_an_item_that_costs_as_much_as_its_frozen_share_costs_nothing():
    bundle = Offer("set", "merchant", (0,), Bundle(((0, 1),), fen("30")))
    ledger = freeze(Order("o", "CNY", (Line("a", 2, fen("100")), Line("b", 1, fen("1"))), (), (bundle,)))
    assert prices_of(ledger.order, [2, 0], ledger.prices).payable == (((2, fen("30")),), ())
    assert prices_of(ledger.order, [1, 1], ledger.prices).payable == (((1, fen("30")),), ((1, fen("1")),))

"""The laws of money back, on random baskets: everything comes back in the end, whatever came first and why."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.examples import examples

from csflow.settlement.entitlement import Returned, Sums, added, entitlement
from csflow.settlement.freezing import Ledger, freeze
from csflow.settlement.orders import Bundle, Freight, Line, Offer, Order, Threshold, Tier
from csflow.settlement.pricing import Reading, prices_of

EXAMPLES = examples(300)

AMOUNTS = st.integers(0, 40_000)
READINGS = st.builds(Reading, st.booleans(), st.booleans())
TERMS = st.fixed_dictionaries({"claims_threshold_freight": st.booleans(), "reading": READINGS})


@st.composite
def thresholds(draw) -> Threshold:
    if draw(st.booleans()):
        return Threshold((Tier(draw(st.integers(1, 9000)), draw(st.integers(0, 9000))),), repeats=True)
    starts = sorted(draw(st.lists(st.integers(0, 60_000), min_size=1, max_size=3, unique=True)))
    by_percent = draw(st.booleans())
    tiers = [
        Tier(start, 0, draw(st.integers(1, 10_000))) if by_percent else Tier(start, draw(AMOUNTS)) for start in starts
    ]
    return Threshold(tuple(tiers))


@st.composite
def orders(draw) -> Order:
    lines = tuple(
        Line(f"l{place}", quantity, draw(AMOUNTS))
        for place, quantity in enumerate(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    )
    places = st.lists(st.sampled_from(range(len(lines))), min_size=1, unique=True).map(sorted)
    offers = []
    for number in range(draw(st.integers(0, 3))):
        scope = tuple(draw(places))
        rule = (
            draw(thresholds())
            if draw(st.integers(0, 3))
            else Bundle(tuple((place, 1) for place in scope), draw(AMOUNTS))
        )
        offers.append(Offer(f"o{number}", "merchant", scope, rule))
    freight = Freight(draw(st.sampled_from([0, 800])), draw(st.none() | AMOUNTS), draw(st.integers(0, 1500)))
    return Order("o", "CNY", lines, (), tuple(offers), freight, draw(st.sampled_from([0, 1, 333, 9100])))


@st.composite
def returned_in_pieces(draw, ledger: Ledger) -> Sequence[Returned]:
    """Every unit, in some order, in pieces, each for some reason."""
    units = [place for place, line in enumerate(ledger.order.lines) for _ in range(line.quantity)]
    found = []
    for place in draw(st.permutations(units)):
        keeps = draw(st.booleans())
        found.append(Returned(place, 1, keeps, keeps and draw(st.booleans())))
    return found


@st.composite
def histories(draw) -> tuple[Ledger, Sequence[Returned]]:
    ledger = freeze(draw(orders()))
    return ledger, draw(returned_in_pieces(ledger))


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), TERMS)
def test_with_everything_back_the_entitlement_is_what_was_paid_less_the_freight_that_stays(history, terms):
    ledger, pieces = history
    whole = entitlement(ledger, Sums(tuple(pieces)), **terms)
    stays = sum(count * part for runs in ledger.freight for count, part in runs) - whole.freight
    assert whole.total == ledger.paid - stays
    assert whole.threshold_freight == 0
    if all(piece.with_freight for piece in pieces):
        assert stays == 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), TERMS)
def test_nothing_is_negative_and_no_more_comes_back_than_was_paid(history, terms):
    ledger, pieces = history
    sums = Sums()
    for piece in pieces:
        sums = added(sums, [piece], {})
        due = entitlement(ledger, sums, **terms)
        assert due.total <= ledger.paid
        assert due.freight >= 0 and due.tax >= 0 and due.threshold_freight >= 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), TERMS)
def test_a_return_that_keeps_the_offers_never_costs_the_customer_anything(history, terms):
    ledger, pieces = history
    sums = Sums()
    for piece in pieces:
        before = entitlement(ledger, sums, **terms)
        sums = added(sums, [piece], {})
        if piece.keeps_offers:
            assert entitlement(ledger, sums, **terms).total >= before.total


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), TERMS)
def test_pieces_of_one_reason_are_as_good_as_all_at_once(history, terms):
    ledger, pieces = history
    together: dict[tuple[int, bool, bool], int] = {}
    for piece in pieces:
        key = (piece.line, piece.keeps_offers, piece.with_freight)
        together[key] = together.get(key, 0) + 1
    once = Sums(tuple(Returned(line, n, keeps, freight) for (line, keeps, freight), n in sorted(together.items())))
    assert entitlement(ledger, Sums(tuple(pieces)), **terms) == entitlement(ledger, once, **terms)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), READINGS)
def test_what_units_cost_closes_and_is_never_below_zero(history, reading):
    ledger, pieces = history
    order = ledger.order
    assert ledger.prices.total == sum(line.amount for line in order.lines) - sum(
        count * part for offer in ledger.prices.offers for runs in offer.shares.values() for count, part in runs
    )
    counts = [line.quantity for line in order.lines]
    for piece in pieces:
        counts[piece.line] -= 1
        prices = prices_of(order, counts, ledger.prices, reading)
        assert [sum(count for count, _ in runs) for runs in prices.payable] == counts
        assert all(cost >= 0 for runs in prices.payable for _, cost in runs)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), READINGS)
def test_prices_of_everything_are_the_frozen_ones(history, reading):
    ledger, _ = history
    counts = [line.quantity for line in ledger.order.lines]
    assert prices_of(ledger.order, counts, ledger.prices, reading) == ledger.prices

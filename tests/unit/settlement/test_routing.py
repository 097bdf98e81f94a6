"""Refunds go back as they were paid: each row of C-4 that is a division, and the laws of every routing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values.routing import Routing, next_refund, routed
from csflow.values.sharing import Share, shared

PAID = st.lists(st.integers(0, 30_000), min_size=1, max_size=5)


def test_c40_each_tender_by_its_actual_share():
    paid = [18_000, 6_000, 3_000, 1_000, 2_000]
    assert routed(Routing.PRO_RATA_ACTUAL, 10_000, paid, [True] * 5) == [6000, 2000, 1000, 333, 667]


def test_c42_pro_rata_and_cash_first():
    paid, cash = [8_000, 2_000], [True, False]
    assert routed(Routing.PRO_RATA_ACTUAL, 6_000, paid, cash) == [4_800, 1_200]
    assert next_refund([8_000, 2_000], [4_800, 1_200], 4_000) == [3_200, 800]
    assert routed(Routing.CASH_FIRST, 6_000, paid, cash) == [6_000, 0]
    assert next_refund(routed(Routing.CASH_FIRST, 10_000, paid, cash), [6_000, 0], 4_000) == [2_000, 2_000]
    assert routed(Routing.CASH_FIRST, 6_000, [2_000, 8_000], [False, True]) == [0, 6_000]


def test_first_and_last_payment():
    paid = [3_000, 5_000]
    assert routed(Routing.FIRST_PAYMENT_FIRST, 4_000, paid, [True] * 2) == [3_000, 1_000]
    assert routed(Routing.LAST_PAYMENT_FIRST, 6_000, paid, [True] * 2) == [1_000, 5_000]


@given(st.sampled_from(Routing), PAID, st.data())
def test_a_routing_closes_grows_and_ends_at_what_was_paid(routing, paid, data):
    cash = data.draw(st.lists(st.booleans(), min_size=len(paid), max_size=len(paid)))
    first = data.draw(st.integers(0, sum(paid)))
    second = data.draw(st.integers(first, sum(paid)))
    if not sum(paid):
        return
    less, more = routed(routing, first, paid, cash), routed(routing, second, paid, cash)
    assert sum(less) == first and sum(more) == second
    assert all(0 <= a <= b <= limit for a, b, limit in zip(less, more, paid, strict=True))
    assert routed(routing, sum(paid), paid, cash) == paid
    assert next_refund(more, less, second - first) == [b - a for a, b in zip(less, more, strict=True)]


@given(st.sampled_from(Routing), PAID.filter(any), st.data())
def test_whatever_went_back_before_the_next_refund_closes_and_the_last_one_empties_every_tender(routing, paid, data):
    before = [data.draw(st.integers(0, each)) for each in paid]
    amount = data.draw(st.integers(0, sum(paid) - sum(before)))
    target = routed(routing, sum(before) + amount, paid, [True] * len(paid))
    parts = next_refund(target, before, amount)
    assert sum(parts) == amount
    assert all(done + part <= limit for done, part, limit in zip(before, parts, paid, strict=True))
    left = sum(paid) - sum(before)
    assert next_refund(paid, before, left) == [limit - done for limit, done in zip(paid, before, strict=True)]


def test_more_than_was_paid_is_refused():
    for refunded in (-1, 101):
        with pytest.raises(ValueError, match="cannot be refunded"):
            routed(Routing.PRO_RATA_ACTUAL, refunded, [100], [True])


SHARES = {
    "C80": (51_000, [Share("carrier", at_most=30_000), Share("merchant", rest=True)], [30_000, 21_000]),
    "C83": (2_000, [Share(party, 1) for party in ("merchant", "platform", "carrier")], [667, 667, 666]),
    "C84": (10_125, [Share("merchant", 30), Share("supplier", 70)], [3_038, 7_087]),
    "C87": (1_000, [Share("platform", rest=True)], [1_000]),
    "a limit on a ratio": (1_000, [Share("supplier", 1, at_most=100), Share("merchant", 1, rest=True)], [100, 900]),
    "a limit on a ratio, and another": (
        100,
        [Share("carrier", 1, at_most=30), Share("supplier", 1), Share("merchant", rest=True)],
        [30, 50, 20],
    ),
    "a limit that is not reached": (500, [Share("carrier", at_most=800), Share("merchant", rest=True)], [500, 0]),
}


@pytest.mark.parametrize("id", SHARES)
def test_a_cost_is_shared_to_the_fen(id):
    amount, shares, parts = SHARES[id]
    assert shared(amount, shares) == parts


def test_a_limit_below_zero_is_zero():
    assert shared(500, [Share("carrier", at_most=-100), Share("merchant", rest=True)]) == [0, 500]
    assert shared(500, [Share("carrier", 1, at_most=-100), Share("merchant", 1, rest=True)]) == [0, 500]


def test_a_cost_that_nobody_bears_is_refused():
    with pytest.raises(ValueError, match="200 of 500 minor units"):
        shared(500, [Share("carrier", at_most=300)])


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers(0, 5000)), max_size=4))
def test_shares_sum_to_what_they_share(amount, parts):
    shares = [Share(f"p{n}", weight, limit) for n, (weight, limit) in enumerate(parts)] + [Share("rest", rest=True)]
    found = shared(amount, shares)
    assert sum(found) == amount and min(found) >= 0
    assert all(share.at_most is None or part <= share.at_most for share, part in zip(shares, found, strict=True))

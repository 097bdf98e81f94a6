"""Parts sum to the whole, ties go to the earlier part, and what grows never takes back."""

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csflow.values.apportioning import (
    apportion,
    apportion_runs,
    by_sainte_lague,
    equal_parts,
    first_of,
    joined,
    last_of,
    minus,
    tail,
    total,
)

WEIGHTS = st.lists(st.integers(0, 60), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (1000, [10000, 10000, 10000], [334, 333, 333]),  # C30, C32
        (500, [1000, 1000, 1000], [167, 167, 166]),  # C32: 5.01 is the known wrong sum
        (1000, [1] * 6, [167, 167, 167, 167, 166, 166]),  # C31
        (1000, [5000, 1000], [833, 167]),  # C33
        (4200, [15000, 6000], [3000, 1200]),  # C34
        (100, [29, 71], [29, 71]),  # C39: a ratio in doubles gives 28
        (99, [0, 0, 0], [33, 33, 33]),  # C39c
        (300, [4000, 2000, 2000], [150, 75, 75]),  # C39d
        (299, [4300, 1400, 2300], [161, 52, 86]),
        (299, [1000, 1000, 1000], [100, 100, 99]),
    ],
)
def test_the_worked_cases(amount, weights, parts):
    assert apportion(amount, weights) == parts
    assert sum(parts) == amount


@given(st.integers(0, 500), WEIGHTS)
def test_parts_sum_to_the_whole_and_lie_beside_their_exact_share(amount, weights):
    parts = apportion(amount, weights)
    assert sum(parts) == amount
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount * weight, whole) if whole else Fraction(amount, len(weights))
        assert abs(part - exact) < 1
        assert part <= weight or amount > whole


@given(st.integers(0, 500), WEIGHTS)
def test_remainders_decide_and_ties_go_to_the_earlier(amount, weights):
    whole = sum(weights) or None
    weighed = weights if whole else [1] * len(weights)
    parts = apportion(amount, weights)
    remainders = [amount * weight % sum(weighed) for weight in weighed]
    got_more = [part > amount * weight // sum(weighed) for part, weight in zip(parts, weighed, strict=True)]
    for i, more in enumerate(got_more):
        for j, other in enumerate(got_more):
            if more and not other:
                assert (remainders[i], -i) > (remainders[j], -j)


RUNS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 12)), min_size=1, max_size=5)


def spread(runs):
    return [value for count, value in runs for _ in range(count)]


@given(st.integers(0, 300), RUNS)
def test_runs_are_divided_as_their_parts_are(amount, runs):
    assert spread(apportion_runs(amount, runs)) == apportion(amount, spread(runs))


@given(RUNS, st.integers(0, 50))
def test_a_tail_is_the_last_parts(runs, count):
    assert spread(tail(runs, count)) == spread(runs)[max(0, len(spread(runs)) - count) :]
    assert total(runs) == sum(spread(runs))


@given(RUNS, st.data())
def test_runs_are_taken_from_one_another_part_by_part(runs, data):
    others = apportion_runs(data.draw(st.integers(0, total(runs))), runs)
    assert spread(minus(runs, others)) == [a - b for a, b in zip(spread(runs), spread(others), strict=True)]
    for longer, shorter in ((runs, others[:-1]), (runs, [*others, (1, 0)])):
        with pytest.raises(ValueError, match=r"^runs of different lengths$"):
            minus(longer, shorter)


@given(RUNS, st.integers(0, 50))
def test_the_first_and_the_last_parts_have_their_sums(runs, count):
    parts = spread(runs)
    assert first_of(runs, count) == sum(parts[:count])
    assert last_of(runs, count) == sum(parts[max(0, len(parts) - count) :])


def test_no_parts_are_no_runs():
    assert tail(((2, 5), (1, 3)), 0) == tail((), 2) == ()
    assert equal_parts(0, 0) == apportion_runs(0, []) == apportion_runs(0, [(0, 3), (0, 1)]) == ()
    for runs in ([], [(0, 3)], [(0, 3), (0, 1)]):
        with pytest.raises(ValueError, match=r"^an amount cannot be divided among no parts$"):
            apportion_runs(1, runs)


def test_equal_parts_differ_by_one_at_most_and_the_earlier_are_larger():
    assert equal_parts(10, 3) == ((1, 4), (2, 3))
    assert equal_parts(9, 3) == ((3, 3),)
    assert equal_parts(2, 3) == ((2, 1), (1, 0))


def test_equal_neighbours_are_one_run():
    assert joined([(1, 4), (0, 5), (2, 4), (0, 4), (1, 3)]) == ((3, 4), (1, 3))


def test_ten_thousand_equal_units_are_a_run_or_two():
    assert apportion_runs(123_456, [(10_000, 100)]) == ((3456, 13), (6544, 12))


@settings(deadline=None)
@example([1, 1, 1, 1, 1, 1])
@example([53, 24, 23, 1, 1])
@given(WEIGHTS.filter(any))
def test_sainte_lague_gives_unit_by_unit(weights):
    given_out = [0] * len(weights)
    for amount in range(sum(weights) + 1):
        assert by_sainte_lague(amount, weights) == given_out
        best = max(range(len(weights)), key=lambda i: (Fraction(weights[i], 2 * given_out[i] + 1), -i))
        given_out[best] += 1


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6).filter(any), st.data())
def test_sainte_lague_is_monotone_and_exact_at_the_end(weights, data):
    first = data.draw(st.integers(0, sum(weights)))
    second = data.draw(st.integers(first, sum(weights)))
    less, more = by_sainte_lague(first, weights), by_sainte_lague(second, weights)
    assert sum(less) == first and sum(more) == second
    assert all(a <= b <= weight for a, b, weight in zip(less, more, weights, strict=True))
    assert by_sainte_lague(sum(weights), weights) == weights


def test_nothing_to_divide_among_is_refused():
    assert apportion(0, []) == [] and by_sainte_lague(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="no parts"):
        apportion(1, [])
    with pytest.raises(ValueError, match=r"^an amount cannot be divided among parts that weigh nothing$"):
        by_sainte_lague(1, [0, 0])

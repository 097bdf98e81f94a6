from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values import Rounding, round_exact, round_ratio

IN_DECIMAL = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_DOWN: ROUND_HALF_DOWN,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.UP: ROUND_UP,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.CEILING: ROUND_CEILING,
    Rounding.FLOOR: ROUND_FLOOR,
}
MODES = st.sampled_from(list(Rounding))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        #                         -2.5 -1.5 -0.5 -0.4 -0.6 0.5 1.5 2.5 0.4 0.6
        (Rounding.HALF_UP, (-3, -2, -1, 0, -1, 1, 2, 3, 0, 1)),
        (Rounding.HALF_DOWN, (-2, -1, 0, 0, -1, 0, 1, 2, 0, 1)),
        (Rounding.HALF_EVEN, (-2, -2, 0, 0, -1, 0, 2, 2, 0, 1)),
        (Rounding.UP, (-3, -2, -1, -1, -1, 1, 2, 3, 1, 1)),
        (Rounding.DOWN, (-2, -1, 0, 0, 0, 0, 1, 2, 0, 0)),
        (Rounding.CEILING, (-2, -1, 0, 0, 0, 1, 2, 3, 1, 1)),
        (Rounding.FLOOR, (-3, -2, -1, -1, -1, 0, 1, 2, 0, 0)),
    ],
)
def test_each_mode_takes_ties_and_signs_its_own_way(mode: Rounding, expected: tuple[int, ...]) -> None:
    tenths = (-25, -15, -5, -4, -6, 5, 15, 25, 4, 6)
    assert tuple(round_ratio(number, 10, mode) for number in tenths) == expected


@given(st.integers(-(10**12), 10**12), st.integers(0, 6), MODES)
def test_rounding_is_that_of_decimal(number: int, places: int, mode: Rounding) -> None:
    exact = Decimal(number).scaleb(-places, Context(prec=40))
    assert round_ratio(number, 10**places, mode) == int(exact.to_integral_value(IN_DECIMAL[mode]))


@given(st.integers(-(10**6), 10**6), st.integers(1, 50), MODES)
def test_ratios_that_are_no_decimals_round_to_a_neighbour(numerator: int, denominator: int, mode: Rounding) -> None:
    exact = Fraction(numerator, denominator)
    rounded = round_ratio(numerator, denominator, mode)
    assert abs(rounded - exact) < 1
    if mode in (Rounding.HALF_UP, Rounding.HALF_DOWN, Rounding.HALF_EVEN):
        assert abs(rounded - exact) <= Fraction(1, 2)


@given(st.integers(-(10**6), 10**6), st.integers(1, 50), MODES)
def test_the_sign_may_stand_in_the_denominator(numerator: int, denominator: int, mode: Rounding) -> None:
    assert round_ratio(-numerator, -denominator, mode) == round_ratio(numerator, denominator, mode)


@given(st.integers(), MODES)
def test_a_whole_number_stays_itself(number: int, mode: Rounding) -> None:
    assert round_exact(number, mode) == number


def test_just_off_the_middle_is_no_tie() -> None:
    for mode in (Rounding.HALF_UP, Rounding.HALF_DOWN, Rounding.HALF_EVEN):
        assert [round_ratio(thirds, 3, mode) for thirds in (-2, -1, 1, 2)] == [-1, 0, 0, 1]


def test_a_fraction_rounds_as_its_ratio() -> None:
    assert round_exact(Fraction(-7, 2), Rounding.HALF_UP) == -4
    assert round_exact(Fraction(1, 3), Rounding.UP) == 1


def test_a_denominator_of_zero_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        round_ratio(1, 0, Rounding.HALF_UP)

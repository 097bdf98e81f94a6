"""Owns rounding an exact number to a whole one. Where to round is for those who name a value."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction


class Rounding(StrEnum):
    HALF_UP = "half_up"  # ties away from zero
    HALF_DOWN = "half_down"  # ties towards zero
    HALF_EVEN = "half_even"
    UP = "up"  # away from zero
    DOWN = "down"  # towards zero
    CEILING = "ceiling"
    FLOOR = "floor"


def round_ratio(numerator: int, denominator: int, mode: Rounding) -> int:
    """`numerator / denominator` as a whole number; ZeroDivisionError when the denominator is 0."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    floor, remainder = divmod(numerator, denominator)
    if not remainder:
        return floor
    return floor + _STEPS_UP[mode](floor, 2 * remainder - denominator)


def round_exact(number: int | Fraction, mode: Rounding) -> int:
    """`number` as a whole number."""
    return round_ratio(number.numerator, number.denominator, mode)


# Whether a number that is not whole goes up from its floor, by the floor and by the side of the
# middle it lies on (negative below, 0 on it). INVARIANT: the number is negative where the floor is.
_STEPS_UP: Mapping[Rounding, Callable[[int, int], bool]] = {
    Rounding.HALF_UP: lambda floor, side: side > 0 or (side == 0 and floor >= 0),
    Rounding.HALF_DOWN: lambda floor, side: side > 0 or (side == 0 and floor < 0),
    Rounding.HALF_EVEN: lambda floor, side: side > 0 or (side == 0 and floor % 2 == 1),
    Rounding.UP: lambda floor, side: floor >= 0,
    Rounding.DOWN: lambda floor, side: floor < 0,
    Rounding.CEILING: lambda floor, side: True,
    Rounding.FLOOR: lambda floor, side: False,
}

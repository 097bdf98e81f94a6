"""Owns numbers that depend on one fact, for a whole stretch of its values at once.

The engine that is the law computes with them as with any number. Where a comparison has one answer on part of the
stretch only, and it is known where it turns, the stretch ends there; where that is not known, `Undetermined` asks for
smaller stretches. So whatever was computed holds for every value of the stretch that is left.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any

from csflow.values.rounding import Rounding, round_exact

Number = int | Fraction


class Undetermined(Exception):
    """A question that has several answers on a stretch, and nothing says where it turns."""


class Stretch:
    """The steps `low` to `high`, both included, at which one fact is looked at. `high` comes down, never up."""

    __slots__ = ("high", "low")

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.high = high


class Line:
    """A number at each step: between `slope * step + low` and `slope * step + high`, and from `least` to `most`.

    It is exact where `low` is `high`.
    """

    __slots__ = ("_high", "_least", "_low", "_most", "_slope", "stretch")

    def __init__(self, stretch: Stretch, slope: Number, low: Number, high: Number, least: Number, most: Number) -> None:
        self.stretch = stretch
        self._slope = slope
        self._low = low
        self._high = high
        self._least = least
        self._most = most

    def __repr__(self) -> str:
        return f"Line({self._slope} * [{self.stretch.low}..{self.stretch.high}] + [{self._low}..{self._high}])"

    @property
    def is_exact(self) -> bool:
        return self._low == self._high

    def range(self) -> tuple[Number, Number]:
        """The least and the most it may be on what is left of the stretch."""
        ends = self._slope * self.stretch.low, self._slope * self.stretch.high
        return max(self._least, min(ends) + self._low), min(self._most, max(ends) + self._high)

    def rounded(self, rounding: Rounding) -> "Line | Number":
        """Each of its numbers rounded to a whole one."""
        if self.is_exact and self._slope == int(self._slope) and self._low == int(self._low):
            return self
        least, most = (round_exact(end, rounding) for end in self.range())
        # Rounding moves a number by less than one.
        return _line(self.stretch, self._slope, self._low - 1, self._high + 1, least, most)

    # Arithmetic

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Line):
            least, most = self.range()
            other_least, other_most = other.range()
            return _line(
                self.stretch,
                self._slope + other._slope,
                self._low + other._low,
                self._high + other._high,
                least + other_least,
                most + other_most,
            )
        return _line(
            self.stretch, self._slope, self._low + other, self._high + other, self._least + other, self._most + other
        )

    __radd__ = __add__

    def __neg__(self) -> Any:
        return _line(self.stretch, -self._slope, -self._high, -self._low, -self._most, -self._least)

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Line):
            corners = [one * another for one in self.range() for another in other.range()]
            return between(self.stretch, min(corners), max(corners))
        if other < 0:
            return -self * -other
        return _line(
            self.stretch,
            self._slope * other,
            self._low * other,
            self._high * other,
            self._least * other,
            self._most * other,
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if not isinstance(other, Line):
            return self * (1 / Fraction(other))
        if self.is_exact and other.is_exact and self._slope * other._low == other._slope * self._low:
            # One is a multiple of the other.
            return Fraction(self._slope or self._low) / (other._slope or other._low)
        return self * other._inverse()

    def __rtruediv__(self, other: Any) -> Any:
        return self._inverse() * other

    def _inverse(self) -> Any:
        least, most = self.range()
        if least <= 0 <= most:
            raise Undetermined
        return between(self.stretch, 1 / Fraction(most), 1 / Fraction(least))

    def __floordiv__(self, other: int) -> Any:
        least, most = self.range()
        return between(self.stretch, least // other, most // other)

    def __mod__(self, other: int) -> Any:
        times = self // other
        return between(self.stretch, 0, other - 1) if isinstance(times, Line) else self - times * other

    def __divmod__(self, other: int) -> Any:
        return self // other, self % other

    # Comparing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Line, int, Fraction)) and self._asked(other, lambda sign: sign == 0)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        return self._asked(other, lambda sign: sign < 0)

    def __le__(self, other: Any) -> bool:
        return self._asked(other, lambda sign: sign <= 0)

    def __gt__(self, other: Any) -> bool:
        return self._asked(other, lambda sign: sign > 0)

    def __ge__(self, other: Any) -> bool:
        return self._asked(other, lambda sign: sign >= 0)

    __hash__ = None  # type: ignore[assignment]

    def _asked(self, other: Any, holds: Callable[[int], bool]) -> bool:
        """Whether the sign of the difference is one that `holds`, on all that is left of the stretch afterwards."""
        difference = self - other
        if not isinstance(difference, Line):
            return holds(_sign(difference))
        least, most = difference.range()
        possible = [sign for sign, may_be in ((-1, least < 0), (0, least <= 0 <= most), (1, most > 0)) if may_be]
        answers = {holds(sign) for sign in possible}
        if len(answers) == 1:
            return answers.pop()
        if not difference.is_exact:
            raise Undetermined
        return difference._ended(holds)

    def _ended(self, holds: Callable[[int], bool]) -> bool:
        """The answer at the first step; the stretch ends with the last that has the same. The line is exact."""
        stretch = self.stretch
        first = _sign(self._slope * stretch.low + self._low)
        answer = holds(first)
        zero = -self._low / Fraction(self._slope)
        if zero.denominator > 1 and holds(-1) is holds(1):
            return answer
        last = stretch.low if first == 0 else floor(zero) if holds(0) is answer else ceil(zero) - 1
        stretch.high = min(stretch.high, last)
        return answer


def straight(stretch: Stretch, slope: int, offset: int) -> Line:
    """The number `slope * step + offset`."""
    ends = sorted((slope * stretch.low + offset, slope * stretch.high + offset))
    return Line(stretch, slope, offset, offset, *ends)


def between(stretch: Stretch, least: Number, most: Number) -> "Line | Number":
    """A number of which only the ends are known."""
    return least if least == most else Line(stretch, 0, least, most, least, most)


def greatest(numbers: list[Any]) -> Any:
    """At each step the greatest of several numbers."""
    line = next((number for number in numbers if isinstance(number, Line)), None)
    if line is None:
        return max(numbers)
    ranges = [number.range() if isinstance(number, Line) else (number, number) for number in numbers]
    return between(line.stretch, max(least for least, _ in ranges), max(most for _, most in ranges))


def _line(stretch: Stretch, slope: Number, low: Number, high: Number, least: Number, most: Number) -> "Line | Number":
    """A line; the number itself where it is the same at each step."""
    if slope == 0:
        return between(stretch, max(low, least), min(high, most))
    if least == most:
        return least
    return Line(stretch, slope, low, high, least, most)


def _sign(number: Number) -> int:
    return (number > 0) - (number < 0)

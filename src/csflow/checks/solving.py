"""Owns which value of one fact brings something computed where it is wanted: solved for, as on a straight line."""

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import Any

from csflow.checks.trials import Trial
from csflow.evaluators.formulas import Source, Values
from csflow.evaluators.positions import ORDER, is_whole
from csflow.expressions import terms as t
from csflow.values.kinds import DATETIME, ORDERED, scale_of

# Windows and roundings bend the line: so often it is drawn anew.
_MOST_STEPS = 4
# Left less right, in units: where a comparison that cannot be cut into less, equal and greater just holds, or just not.
_SIDES = {
    ("<", True): -1,
    ("<", False): 0,
    ("<=", True): 0,
    ("<=", False): 1,
    (">", True): 1,
    (">", False): 0,
    (">=", True): 0,
    (">=", False): -1,
}


def solved(
    source: Source, wanted: Values, start: int, step: int, tried: Callable[[int], tuple[int, Trial]]
) -> int | None:
    """A value of a fact, near `start`, with which the source has a wanted value, if it depends on it at all.

    `tried` gives the nearest value that the fact may have, and the case with it. `step` is a change that shows.
    """
    at, trial = tried(start)
    for _ in range(_MOST_STEPS):
        here = _measured(trial, source)
        if here is None:
            return None
        if trial.has(source, wanted):
            return at
        beside, other = tried(at + step)
        if beside == at:
            beside, other = tried(at - step)
        there = _measured(other, source)
        if there is None or there == here or beside == at:
            return None
        slope = (there - here) / (beside - at)
        goal = _goal(source, wanted, here)
        exact = at + (goal - here) / slope
        at, trial = tried(floor(exact))
        if not trial.has(source, wanted):
            above, other = tried(floor(exact) + 1)
            if other.has(source, wanted):
                return above
    return at if trial.has(source, wanted) else None


def _measured(trial: Trial, source: Source) -> Fraction | None:
    """A number that says how far the source is from changing; None for what is none."""
    term = source.term
    if isinstance(term, t.Comparison) and (term.kind == ORDER or _is_ordered(term)):
        return _number(trial.difference(source, term.left, term.right, Fraction))
    if isinstance(term, t.Call) and term.function == "within":
        window, start, event = term.arguments
        end = t.Call(term.mark, DATETIME, "deadline", (window, start))
        return _number(trial.difference(source, event, end, Fraction))
    return _number(trial.value(source))


def _is_ordered(term: t.Comparison) -> bool:
    return (term.operator, True) in _SIDES and term.left.kind.name in ORDERED


def _number(value: Any) -> Fraction | None:
    return Fraction(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool) else None


def _goal(source: Source, wanted: Values, here: Fraction) -> Fraction:
    """The nearest measure at which the source has a wanted value."""
    term = source.term
    if isinstance(term, t.Call) and term.function == "within":
        return Fraction(-1 if True in wanted.named else 0)
    if isinstance(term, t.Comparison) and term.kind == ORDER:
        unit = Fraction(1, scale_of(term.left.kind))
        return min((unit * place for low, high in wanted.intervals for place in range(low, high + 1)), key=abs)
    if isinstance(term, t.Comparison) and _is_ordered(term):
        unit = Fraction(1, scale_of(term.left.kind))
        return unit * _SIDES[term.operator, True in wanted.named]
    # Positions of what has no last place are twice as fine as parts of it, and lie on one or between two.
    fineness = scale_of(term.kind) * (1 if is_whole(term) else 2 * 10**18)
    ends = [Fraction(end, fineness) for interval in wanted.intervals for end in interval]
    return min(ends, key=lambda end: abs(end - here), default=here)

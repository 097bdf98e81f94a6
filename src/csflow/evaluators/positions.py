"""Owns where values lie among the regions of a source: on whole numbers, also where a value has no last place."""

from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any

from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.values.decoding import bounds_of
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import INT, NUMERIC, Kind, scale_of

# How two computed values compare is a source of its own: -1, 0 or 1 where the left is less, equal or greater.
ORDER = replace(INT, low=-1, high=1)
DAYS = {
    "date": (FIRST_DAY, LAST_DAY),
    "datetime": ((FIRST_DAY - EPOCH_DAY) * DAY, (LAST_DAY + 1 - EPOCH_DAY) * DAY - 1),
}


# What has no last place is cut in so small parts, and half-way between two of them lies all that is between.
_FINEST = 2 * 10**18


def range_of(subject: Term) -> tuple[int, int]:
    """The lowest and highest position of a source, facts as they are bounded."""
    if subject.kind.name in DAYS:
        return DAYS[subject.kind.name]
    if subject.kind == ORDER or (isinstance(subject, t.Reference) and subject.space in (Space.FACT, Space.ITEM)):
        return bounds_of(subject.kind)
    widest = 2**62 if is_whole(subject) else 2**62 * _FINEST
    return -widest, widest


def position(subject: Term, value: Any) -> Fraction:
    """Where an exact value lies among the regions of a source: its held form, where that is a whole number.

    Of what is computed and has no last place, every constant has an even position, and all between two an odd one.
    """
    held = Fraction(value) * scale_of(subject.kind)
    if is_whole(subject):
        return held
    below = floor(held * (_FINEST // 2))
    return Fraction(2 * below + (below != held * (_FINEST // 2)))


def is_whole(term: Term) -> bool:
    """Whether the held form of an ordered term is a whole number, before anything is rounded."""
    match term:
        case t.Reference() | t.Constant():
            return term.kind.places >= 0
        case t.Minus(operand=operand):
            return is_whole(operand)
        case t.Arithmetic(operator=operator, left=left, right=right):
            plain = {left.kind.places, right.kind.places} == {0} and "percent" not in (left.kind.name, right.kind.name)
            return plain and operator in ("+", "-", "*") and is_whole(left) and is_whole(right)
        case t.Conditional(then=then, otherwise=otherwise):
            return is_whole(then) and is_whole(otherwise)
        case t.Call(function=function, arguments=arguments):
            return function not in ("prorate", "min", "max") or (
                function != "prorate"
                and all(is_whole(each) and each.kind.places == term.kind.places for each in arguments)
            )
        case t.Aggregate(body=body):
            return term.function == "count" or (body is not None and is_whole(body))
    return term.kind.name in DAYS


def exact_value(kind: Kind, held: Any) -> Any:
    """A held number as arithmetic has it; any other value as it is."""
    return Fraction(held, scale_of(kind)) if isinstance(held, int) and not isinstance(held, bool) else held


def rounds(term: Term | None, kind: Kind) -> bool:
    """Whether a value of the kind may differ from the term it is computed by: a name is a rounding point."""
    if term is None or kind.name not in NUMERIC or kind.places < 0:
        return False
    if isinstance(term, t.Conditional):
        return rounds(term.then, kind) or rounds(term.otherwise, kind)
    return not (isinstance(term, (t.Reference, t.Constant)) and term.kind.places == kind.places)

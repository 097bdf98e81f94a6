"""Owns what a condition has settled for what stands to its right: a value is given, a number is positive."""

from fractions import Fraction

from csflow.expressions import terms as t
from csflow.values.decoding import bounds_of
from csflow.values.kinds import NUMERIC, scale_of

Guard = tuple[str, t.Space, str]
Guards = frozenset[Guard]
Span = tuple[Fraction, Fraction]
NO_GUARDS: Guards = frozenset()
_GIVEN, _POSITIVE = "given", "positive"
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def given_guard(reference: t.Reference) -> Guard:
    """The guard that lets an optional be read."""
    return _GIVEN, reference.space, reference.name


def guards_when(term: t.Term, truth: bool) -> Guards:
    """What is surely so where `term` is true (or false)."""
    match term:
        case t.Given(operand=operand) if truth:
            return frozenset({given_guard(operand)})
        case t.Not(operand=operand):
            return guards_when(operand, not truth)
        case t.And(operands=operands) if truth:
            return NO_GUARDS.union(*(guards_when(part, truth) for part in operands))
        case t.Or(operands=operands) if not truth:
            return NO_GUARDS.union(*(guards_when(part, truth) for part in operands))
        case t.Comparison(operator=operator, left=left, right=right):
            operator = operator if truth else _NEGATED[operator]
            return _positive_when(operator, left, right) | _positive_when(_MIRRORED[operator], right, left)
        case t.Within(operand=t.Reference() as operand, low=low, low_closed=closed) if truth:
            return _positive_when(">=" if closed else ">", operand, low)
    return NO_GUARDS


def is_positive(term: t.Term, guards: Guards) -> bool:
    """Whether a number is surely above zero: by the bounds of what it is computed from, or by a condition to its left.

    A parameter is taken to be; the check `zero-divisor` looks at each of its values.
    """
    if term.kind.is_broken:
        return True
    if isinstance(term, t.Reference) and (
        term.space is t.Space.PARAMETER or (_POSITIVE, term.space, term.name) in guards
    ):
        return True
    span = _span(term)
    return span is not None and span[0] > 0


def _span(term: t.Term) -> Span | None:
    """Between which exact values a number lies, as far as literals and the bounds of facts tell."""
    match term:
        case t.Constant(kind=kind, value=int() as value) if kind.name in NUMERIC:
            return Fraction(value, scale_of(kind)), Fraction(value, scale_of(kind))
        case t.Reference(kind=kind, space=t.Space.FACT | t.Space.ITEM) if kind.name in NUMERIC:
            low, high = bounds_of(kind)
            return Fraction(low, scale_of(kind)), Fraction(high, scale_of(kind))
        case t.Arithmetic(operator=operator, left=left, right=right):
            one, other = _span(left), _span(right)
            return None if one is None or other is None else _combined(operator, one, other)
    return None


def _combined(operator: str, one: Span, other: Span) -> Span | None:
    match operator:
        case "+":
            return one[0] + other[0], one[1] + other[1]
        case "-":
            return one[0] - other[1], one[1] - other[0]
        case "*":
            products = [left * right for left in one for right in other]
            return min(products), max(products)
    return None


def _positive_when(operator: str, left: t.Term, right: t.Term) -> Guards:
    """Whether `left operator right` says that the name on the left is above zero."""
    if not (isinstance(left, t.Reference) and isinstance(right, t.Constant) and isinstance(right.value, int)):
        return NO_GUARDS
    above = right.value >= 0 if operator == ">" else operator in (">=", "=") and right.value > 0
    return frozenset({(_POSITIVE, left.space, left.name)}) if above else NO_GUARDS

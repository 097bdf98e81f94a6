"""Owns what a condition has settled for what stands to its right: a value is given, a number is positive."""

from csflow.expressions import terms as t

Guard = tuple[str, t.Space, str]
Guards = frozenset[Guard]
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
    """Whether a number is surely above zero: by its bounds, or by a condition to its left.

    A parameter is taken to be; the check `zero-divisor` looks at each of its values.
    """
    if isinstance(term, t.Constant):
        return bool(term.kind.is_broken or term.value > 0)
    if not isinstance(term, t.Reference):
        return False
    if term.space in (t.Space.FACT, t.Space.ITEM) and (term.kind.low or 0) > 0:
        return True
    return term.space is t.Space.PARAMETER or (_POSITIVE, term.space, term.name) in guards


def _positive_when(operator: str, left: t.Term, right: t.Term) -> Guards:
    """Whether `left operator right` says that the name on the left is above zero."""
    if not (isinstance(left, t.Reference) and isinstance(right, t.Constant) and isinstance(right.value, int)):
        return NO_GUARDS
    above = right.value >= 0 if operator == ">" else operator in (">=", "=") and right.value > 0
    return frozenset({(_POSITIVE, left.space, left.name)}) if above else NO_GUARDS

"""Owns what operators make of kinds: which go together, and what comes out."""

from csflow.expressions import terms as t
from csflow.values import kinds as k
from csflow.values.kinds import Kind


def arithmetic_kind(operator: str, left: Kind, right: Kind) -> Kind | None:
    """The kind of `left operator right`; None where there is no such arithmetic."""
    if operator in "+-":
        return _sum_kind(left, right)
    return _product_kind(left, right) if operator == "*" else _quotient_kind(left, right)


def common_kind(kinds: list[Kind]) -> Kind | None:
    """The kind of one of several values: numbers of different places are a number; None without a common one."""
    first = kinds[0]
    if any(not k.agree(first, other) for other in kinds):
        return None
    known = [kind for kind in kinds if not kind.is_broken]
    if not known:
        return first
    is_mixed = first.name in k.NUMBERS and any(kind != known[0] for kind in known)
    return k.NUMBER if is_mixed else known[0]


def may_divide(divisor: t.Term) -> bool:
    """A literal that is not zero, or a parameter (whose values are checked)."""
    if isinstance(divisor, t.Constant):
        return bool(divisor.value != 0)
    return isinstance(divisor, t.Reference) and divisor.space is t.Space.PARAMETER


def on_one_clock(left: t.Term, right: t.Term) -> tuple[t.Term, t.Term]:
    """A date against an instant compares local dates (`<= 2026-11-15` includes that day)."""
    if (left.kind.name, right.kind.name) == ("datetime", "date"):
        return t.Call(left.mark, k.DATE, "date_of", (left,)), right
    if (left.kind.name, right.kind.name) == ("date", "datetime"):
        return left, t.Call(right.mark, k.DATE, "date_of", (right,))
    return left, right


def is_empty(within: t.Within) -> bool:
    """Whether an interval between two constants holds nothing."""
    low, high = within.low, within.high
    if not (isinstance(low, t.Constant) and isinstance(high, t.Constant)):
        return False
    if low.kind.is_broken or high.kind.is_broken:
        return False
    # Constants of one family may be written with different places: `[0.5..0.75)`.
    smaller = low.value * 10**high.kind.places
    larger = high.value * 10**low.kind.places
    return bool(smaller > larger or (smaller == larger and not (within.low_closed and within.high_closed)))


def _sum_kind(left: Kind, right: Kind) -> Kind | None:
    names = {left.name, right.name}
    if names <= k.NUMBERS:
        return k.INT if names <= k.WHOLE else k.NUMBER
    if left.name == right.name and left.name in k.NUMERIC:
        return left
    if (left.name, right.name) == ("datetime", "duration"):
        return k.DATETIME
    return k.DATE if (left.name, right.name) == ("date", "days") else None


def _product_kind(left: Kind, right: Kind) -> Kind | None:
    names = {left.name, right.name}
    for one, other in ((left, right), (right, left)):
        if other.name in k.NUMBERS | {"percent"} and one.name in ("money", "percent"):
            return one if one.name == "money" or other.name in k.NUMBERS else k.NUMBER
        if other.name in k.WHOLE and one.name in ("days", "duration"):
            return one
    if names <= k.NUMBERS:
        return k.INT if names <= k.WHOLE else k.NUMBER
    return None


def _quotient_kind(left: Kind, right: Kind) -> Kind | None:
    if right.name in k.NUMBERS and left.name in k.NUMBERS | {"money", "percent"}:
        return left if left.name in ("money", "percent") else k.NUMBER
    return None

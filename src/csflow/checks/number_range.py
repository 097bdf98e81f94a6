"""`number-out-of-range`: a computation whose result may not fit, as the bounds of the facts allow it.

Every number is held in whole units of its last place, and none may pass 2^62 (semantics 5). The check
computes the range of every expression from the bounds of what it reads.
"""

from collections.abc import Mapping
from fractions import Fraction

from csflow.diagnostics import Diagnostics
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.pack.model import Decision, LinkedPack
from csflow.values.decoding import bounds_of
from csflow.values.instants import LAST_DAY
from csflow.values.kinds import NUMERIC, Kind, scale_of

LIMIT = 2**62
Range = tuple[Fraction, Fraction]


def check_number_range(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    ranges = _Ranges(pack, diagnostics)
    # Both come each after those they read.
    for derived in pack.derived.values():
        ranges.known[Space.DERIVED, derived.name] = ranges.of(derived.term)
    for decision in pack.decisions.values():
        ranges.visit(decision)


class _Ranges:
    """The ranges of terms, in exact values: a percent is a ratio, money is minor units."""

    def __init__(self, pack: LinkedPack, diagnostics: Diagnostics) -> None:
        self._pack = pack
        self._diagnostics = diagnostics
        self.known: dict[tuple[Space, str], Range | None] = {}
        self._inputs: Mapping[str, Range | None] = {}

    def visit(self, decision: Decision) -> None:
        self._inputs = {name: self.of(column.term) for name, column in decision.inputs.items()}
        outputs: dict[str, list[Range | None]] = {name: [] for name in decision.outputs}
        for rule in decision.every_rule():
            self.of(rule.condition)
            for name, term in rule.outputs:
                outputs[name].append(self.of(term))
        for name, found in outputs.items():
            self.known[Space.DECISION, f"{decision.name}.{name}"] = _union(found)

    def of(self, term: Term) -> Range | None:
        """The range of a term; None for what is no number."""
        below = [self.of(part) for part in t.parts(term)]
        if term.kind.name not in NUMERIC:
            return None
        found = self._range(term, below)
        if found is None:
            return None
        limit = Fraction(LIMIT, scale_of(term.kind))
        if max(-found[0], found[1]) > limit:
            self._diagnostics.report("number-out-of-range", term.mark, text=term.mark.text)
            # What follows from it is not reported again.
            return max(found[0], -limit / LIMIT), min(found[1], limit / LIMIT)
        return found

    def _range(self, term: Term, below: list[Range | None]) -> Range | None:
        match term:
            case t.Constant(value=value):
                return _exact(term.kind, value, value)
            case t.Reference():
                return self._reference(term)
            case t.Minus():
                return None if below[0] is None else (-below[0][1], -below[0][0])
            case t.Conditional():
                return _union(below[1:])
            case t.Arithmetic(operator=operator):
                return _arithmetic(operator, *below)
            case t.Call():
                return Fraction(-LAST_DAY), Fraction(LAST_DAY)  # days between two dates
        return None

    def _reference(self, term: t.Reference) -> Range | None:
        match term.space:
            case Space.FACT:
                return _exact(term.kind, *bounds_of(self._pack.facts[term.name].kind))
            case Space.PARAMETER:
                values = [edition.value for edition in self._pack.parameters[term.name].editions]
                return _exact(term.kind, min(values), max(values))
            case Space.INPUT:
                return self._inputs[term.name]
        return self.known.get((term.space, term.name))


def _exact(kind: Kind, low: int, high: int) -> Range:
    return Fraction(low, scale_of(kind)), Fraction(high, scale_of(kind))


def _union(ranges: list[Range | None]) -> Range | None:
    found = [each for each in ranges if each is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


def _arithmetic(operator: str, left: Range | None, right: Range | None) -> Range | None:
    if left is None or right is None:
        return None
    if operator == "+":
        return left[0] + right[0], left[1] + right[1]
    if operator == "-":
        return left[0] - right[1], left[1] - right[0]
    if operator == "/":
        if right[0] <= 0 <= right[1]:
            return None  # `zero-divisor` says so
        right = 1 / right[1], 1 / right[0]
    corners = [one * other for one in left for other in right]
    return min(corners), max(corners)

"""`number-out-of-range`: a computation whose result may not fit, as the bounds of the facts allow it.

Every number is held in whole units of its last place, and none may pass 2^62 (semantics 5). The check
computes the range of every expression from the bounds of what it reads.
"""

from fractions import Fraction
from functools import lru_cache

from csflow.diagnostics import Diagnostics, Mark
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.pack.flows import parts_of
from csflow.pack.model import Decision, LinkedPack, Output, Rule, every_edition
from csflow.values.decoding import WIDEST_TEXT, bounds_of
from csflow.values.instants import LAST_DAY
from csflow.values.kinds import NUMERIC, Kind, scale_of

LIMIT = 2**62
# No declared number has a finer last place; a whole is at least that much.
_FINEST = 10**12
_MOST_OPTIONS = 100
_MEASURED = NUMERIC | {"text"}
Range = tuple[Fraction, Fraction]


def check_number_range(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    ranges = _Ranges(pack, diagnostics)
    # Both come each after those they read.
    for derived in pack.derived.values():
        ranges.known[Space.DERIVED, derived.name] = ranges.of(derived.term)
    for layer in pack.layers.values():
        if layer.condition is not None:
            ranges.of(layer.condition)
    for part, decisions in parts_of(pack):
        ranges.pack = part
        for decision in decisions:
            ranges.visit(decision)


class _Ranges:
    """The ranges of terms, in exact values: a percent is a ratio, money is minor units."""

    def __init__(self, pack: LinkedPack, diagnostics: Diagnostics) -> None:
        self.pack = pack
        self._diagnostics = diagnostics
        self.known: dict[tuple[Space, str], Range | None] = {}
        # Columns and local names of the decision, and the fields of the records that are walked, by variable.
        self._inputs: dict[str, Range | None] = {}

    def visit(self, decision: Decision) -> None:
        self._inputs = {}
        if decision.for_each is not None:
            self._inputs |= self._fields(decision.for_each.variable, decision.for_each.source)
        for name, column in (*decision.locals.items(), *decision.inputs.items()):
            self._inputs[name] = self.of(column.term)
        given: dict[str, list[Range | None]] = {name: [] for name in decision.outputs}
        for rule in decision.rules:
            self._visit_rule(decision, rule, given, is_counted=decision.aggregate == "count")
        for name, output in decision.outputs.items():
            given[name] = [self._collected(decision, output, given[name])]
        if decision.otherwise is not None:
            self._visit_rule(decision, decision.otherwise, given)
        for name, ranges in given.items():
            self.known[Space.DECISION, f"{decision.name}.{name}"] = _union(ranges)

    def _visit_rule(
        self, decision: Decision, rule: Rule, given: dict[str, list[Range | None]], is_counted: bool = False
    ) -> None:
        """A rule and its exceptions; what they give is added to `given`. Of hits that are counted it is no answer."""
        self.of(rule.condition)
        for name, term in rule.outputs:
            found = self.of(term)
            given[name].append(found)
            if not is_counted:
                self._require_within(decision.outputs[name], term.mark, found)
        for exception in rule.exceptions:
            self._visit_rule(decision, exception, given, is_counted)

    def _collected(self, decision: Decision, output: Output, ranges: list[Range | None]) -> Range | None:
        """What the rules that hit come to: what one of them gives, or the sum or the number of several."""
        whole, most = _union(ranges), Fraction(len(decision.rules))
        if whole is None or decision.aggregate not in ("sum", "count"):
            return whole
        # Of no hits there is no sum.
        added = min(whole[0], whole[0] * most), max(whole[1], whole[1] * most)
        collected = added if decision.aggregate == "sum" else (Fraction(0), most)
        if max(-collected[0], collected[1]) > self._limit(output.kind):
            self._diagnostics.report("number-out-of-range", decision.mark, text=f"{decision.aggregate}({output.name})")
        if decision.aggregate == "count" or self._is_within(output, whole):
            self._require_within(output, decision.mark, collected)
        return collected

    def _require_within(self, output: Output, mark: Mark, found: Range | None) -> None:
        """What an output says of its own bounds is so; of options, each."""
        if not self._is_within(output, found):
            self._diagnostics.report("output-out-of-bounds", mark, output=output.name)

    def _is_within(self, output: Output, found: Range | None) -> bool:
        value = output.kind.member("value") if output.kind.name == "list" else None
        low, high = _bounds(value.kind if value else output.kind)
        return found is None or ((low is None or found[0] >= low) and (high is None or found[1] <= high))

    def of(self, term: Term) -> Range | None:
        """The range of a term; None for what is no number."""
        if isinstance(term, (t.Constant, t.Reference)) and term.kind.name not in _MEASURED:
            return None
        if isinstance(term, (t.Quantified, t.Aggregate)):
            self._inputs |= self._fields(term.variable, term.source)
        below = [self.of(part) for part in t.parts(term)]
        if isinstance(term, t.Options):
            return _union([self.of(option.value) for option in term.options])
        if term.kind.name == "text":
            return self._length(term, below)
        if term.kind.name not in NUMERIC:
            return None
        found = self._range(term, below)
        if found is None:
            return None
        if isinstance(term, t.Constant) and abs(term.value) <= LIMIT:
            return found
        limit = self._limit(term.kind)
        if max(-found[0], found[1]) > limit:
            self._diagnostics.report("number-out-of-range", term.mark, text=term.mark.text)
            # What follows from it is not reported again.
            return max(found[0], -limit / LIMIT), min(found[1], limit / LIMIT)
        return found

    def _length(self, term: Term, below: list[Range | None]) -> Range:
        """How long a text may be, at least nothing and at most its bound."""
        if isinstance(term, t.Constant):
            return Fraction(0), Fraction(len(term.value))
        found = _union(below[1:]) if isinstance(term, t.Conditional) else None
        if isinstance(term, t.Reference) and term.space is not Space.FACT:
            found = self._reference(term)
        return found or (Fraction(0), Fraction(term.kind.max_length or WIDEST_TEXT))

    def _limit(self, kind: Kind) -> Fraction:
        return Fraction(LIMIT, scale_of(kind))

    def _fields(self, variable: str, source: t.Reference) -> dict[str, Range | None]:
        """The ranges of the fields of a record: as declared for a fact, as computed for a decision."""
        fields: dict[str, Range | None] = {}
        for member in source.kind.members:
            if member.kind.name not in _MEASURED:
                continue
            if source.space is Space.FACT:
                found: Range | None = _given(member.kind)
            elif "." in source.name:
                found = self.known.get((Space.DECISION, source.name))
            else:
                found = self.known.get((Space.DECISION, f"{source.name}.{member.name}"))
            fields[f"{variable}.{member.name}"] = found
        return fields

    def _most_records(self, source: t.Reference) -> int:
        if source.space is Space.FACT:
            return self.pack.facts[source.name].kind.max_items or 0
        decision = self.pack.decisions[source.name.partition(".")[0]]
        walked = decision.for_each
        return self._most_records(walked.source) if walked else len(list(decision.every_rule())) + _MOST_OPTIONS

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
            case t.Limited():
                return self._limited(term, below)
            case t.Aggregate(function="count"):
                return Fraction(0), Fraction(self._most_records(term.source))
            case t.Aggregate(function="sum"):
                return None if below[-1] is None else _times(below[-1], self._most_records(term.source))
            case t.Aggregate():
                return below[-1]
            case t.Call(function="prorate", arguments=(_, _, whole)):
                return _prorated(below[0], below[1], below[2], whole.kind)
            case t.Call(function="min" | "max"):
                return _union(below)
            case t.Call(function="authority_of"):
                return Fraction(0), Fraction(max((role.authority for role in self.pack.roles.values()), default=0))
            case t.Call():
                return Fraction(-LAST_DAY), Fraction(LAST_DAY)  # days between two dates
        return None

    def _limited(self, term: t.Limited, below: list[Range | None]) -> Range | None:
        """Between the limits, as far as they are sure."""
        ends = iter(below[1:])
        low = next(ends) if term.low is not None else None
        high = next(ends) if term.high is not None else None
        found = below[0]
        if found is None:
            return None
        if low is not None:
            found = max(found[0], low[0]), max(found[1], low[1])
        return found if high is None else (min(found[0], high[0]), min(found[1], high[1]))

    def _reference(self, term: t.Reference) -> Range | None:
        match term.space:
            case Space.FACT:
                return _exact(term.kind, *bounds_of(self.pack.facts[term.name].kind))
            case Space.PARAMETER if term.kind.name != "text":
                values = [edition.value for edition in every_edition(self.pack, term.name)]
                return _exact(term.kind, min(values), max(values))
            case Space.PARAMETER:
                return Fraction(0), Fraction(max(len(edition.value) for edition in every_edition(self.pack, term.name)))
            case Space.INPUT | Space.ITEM:
                return self._inputs.get(term.name)
        return self.known.get((term.space, term.name))


def _bounds(kind: Kind) -> tuple[Fraction | None, Fraction | None]:
    """What a kind says that its values are between; of a text, their length."""
    if kind.name == "text":
        return None, None if kind.max_length is None else Fraction(kind.max_length)
    if kind.name not in NUMERIC:
        return None, None
    low, high = (None if bound is None else Fraction(bound, scale_of(kind)) for bound in (kind.low, kind.high))
    return low, high


def _times(one: Range, count: int) -> Range:
    return min(one[0] * count, Fraction(0)), max(one[1] * count, Fraction(0))


def _prorated(amount: Range | None, part: Range | None, whole: Range | None, kind: Kind) -> Range | None:
    """The whole is above zero: at least one unit of its last place, and surely what its bounds say."""
    if amount is None or part is None or whole is None:
        return None
    least = max(whole[0], Fraction(1, scale_of(kind) if kind.places >= 0 else _FINEST))
    share = _arithmetic("/", part, (least, max(whole[1], least)))
    return _arithmetic("*", amount, share)


def _given(kind: Kind) -> Range:
    """What may be given for a fact."""
    if kind.name == "text":
        return Fraction(0), Fraction(kind.max_length or WIDEST_TEXT)
    return _exact(kind, *bounds_of(kind))


def _exact(kind: Kind, low: int, high: int) -> Range:
    return _between(low, high, scale_of(kind))


# The numbers of a large table are the same few, again and again.
@lru_cache(8192)
def _between(low: int, high: int, scale: int) -> Range:
    return Fraction(low, scale), Fraction(high, scale)


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

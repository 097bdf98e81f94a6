"""Owns the meaning of a pack: a plain walk over its terms, slow enough to be read as the law.

Every other engine is held to this one. A term's value is the held form of its kind (numbers are
exact inside one expression), `ABSENT`, or `Unknown`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from csflow.evaluators.unknowns import Cause, Unknown, merged
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.facts import ABSENT, Facts
from csflow.pack.model import Decision, Input, LinkedPack, Output, Rule
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import DATETIME, Kind, scale_of
from csflow.values.rounding import round_exact
from csflow.values.windows import deadline, within
from csflow.values.zones import BeyondHorizon


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to. `outputs` are held values; None is an optional one left out.

    `rule` and `exceptions` are what was looked at last, also where that led to no decision;
    `contradicting` are the rules, or the exceptions of one, that hold together and must not.
    """

    decision: Decision
    status: str
    day: int | Unknown
    outputs: Mapping[str, Any]
    rule: Rule | None
    exceptions: tuple[Rule, ...]
    missing: tuple[Cause, ...]
    inputs: Mapping[str, Any]
    contradicting: tuple[Rule, ...]


class Evaluation:
    """The answers of one pack to one set of facts. Nothing here raises on facts that decode."""

    def __init__(self, pack: LinkedPack, facts: Facts) -> None:
        self._pack = pack
        self._facts = facts
        self._outcomes: dict[tuple[str, Any], Outcome] = {}
        self._derived: dict[tuple[str, Any], Any] = {}

    def decide(self, name: str, inherited: int | Unknown | None = None) -> Outcome:
        """The outcome of a decision; `inherited` is the governing date of the one that requires it.

        What it requires is decided first, one after the other: a long chain costs no recursion.
        """
        waiting = [(name, self._governing_day(self._pack.decisions[name], inherited))]
        asked = waiting[0]
        while waiting:
            name, day = waiting[-1]
            decision = self._pack.decisions[name]
            required = [(other, self._governing_day(self._pack.decisions[other], day)) for other in decision.requires]
            missing = [key for key in required if key not in self._outcomes]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if (name, day) not in self._outcomes:
                self._outcomes[name, day] = _Table(self, decision, day).outcome()
        return self._outcomes[asked]

    def _governing_day(self, decision: Decision, inherited: int | Unknown | None) -> int | Unknown:
        """The local date of the governing fact, or the inherited one."""
        if decision.governed_by is None:
            return Unknown((Cause("edition", decision.name),)) if inherited is None else inherited
        fact = self.fact(decision.governed_by)
        if isinstance(fact, Unknown):
            return fact
        if self._pack.facts[decision.governed_by].kind.name == "date":
            return int(fact)
        return self._local_day(fact)

    # References

    def value(self, term: Term, day: int | Unknown, inputs: "Mapping[str, Any]") -> Any:
        """The value of a term for a governing date and the inputs of a table."""
        return _VALUES[type(term)](self, term, day, inputs)

    def reference(self, term: t.Reference, day: int | Unknown, inputs: Mapping[str, Any]) -> Any:
        match term.space:
            case Space.FACT:
                return exact(term.kind, self.fact(term.name))
            case Space.INPUT:
                return exact(term.kind, inputs[term.name])
            case Space.DERIVED:
                return exact(term.kind, self._derived_value(term.name, day))
            case Space.PARAMETER:
                return exact(term.kind, self._parameter(term.name, day))
            case Space.DECISION:
                return exact(term.kind, self._output(term.name, day))

    def named(self, kind: Kind, value: Any) -> Any:
        """An exact value under a name: rounded to the places its kind holds."""
        if value is ABSENT or isinstance(value, (Unknown, bool)):
            return value
        if kind.name in ("percent", "decimal"):
            # An input or derived value computed from decimals declares no places: it stays exact.
            return value if kind.places < 0 else round_exact(value * scale_of(kind), self._pack.rounding)
        if isinstance(value, Fraction):
            return round_exact(value, self._pack.rounding)
        return value

    def fact(self, path: str) -> Any:
        """A fact in held form, `ABSENT` or `Unknown`."""
        return self._facts.values.get(path, Unknown((Cause("fact", path),)))

    def _derived_value(self, name: str, day: int | Unknown) -> Any:
        """A derived value; those it reads are computed first, so that a long chain costs no recursion."""
        waiting = [name]
        while waiting:
            derived = self._pack.derived[waiting[-1]]
            missing = [other for other in derived.requires if (other, day) not in self._derived]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if (derived.name, day) not in self._derived:
                self._derived[derived.name, day] = self.named(derived.kind, self.value(derived.term, day, {}))
        return self._derived[name, day]

    def _parameter(self, name: str, day: int | Unknown) -> Any:
        if isinstance(day, Unknown):
            return day
        edition = self._pack.parameters[name].edition_on(day)
        return Unknown((Cause("edition", name),)) if edition is None else edition.value

    def _output(self, path: str, day: int | Unknown) -> Any:
        name, _, output = path.partition(".")
        outcome = self.decide(name, day)
        if outcome.status != "decided":
            causes = (Cause("decision", name, outcome.status), *outcome.missing)
            return Unknown(causes)
        value = outcome.outputs[output]
        return ABSENT if value is None else value

    # Time

    def _local_day(self, instant: int) -> int | Unknown:
        try:
            return self._pack.zone.local_day(instant)
        except BeyondHorizon as horizon:
            return Unknown((Cause("calendar", horizon.name),))

    def call(self, term: t.Call, arguments: list[Any]) -> Any:
        """What a function of `expressions.functions` computes; its arguments are known."""
        try:
            match term.function:
                case "within":
                    window, start, event = arguments
                    return within(window, start, event, self._pack.calendars, self._pack.zone)
                case "deadline":
                    window, start = arguments
                    return _in_time(DATETIME, deadline(window, start, self._pack.calendars, self._pack.zone))
                case "date_of":
                    return self._pack.zone.local_day(arguments[0])
                case "days_between":
                    first, last = (
                        moment if argument.kind.name == "date" else self._pack.zone.local_day(moment)
                        for argument, moment in zip(term.arguments, arguments, strict=True)
                    )
                    return last - first
                case "liability_of":
                    return self._pack.reasons[arguments[0]].liability
        except BeyondHorizon as horizon:
            return Unknown((Cause("calendar", horizon.name),))
        raise AssertionError(f"no function {term.function}")


class _Table:
    """One decision for one governing date."""

    def __init__(self, evaluation: Evaluation, decision: Decision, day: int | Unknown) -> None:
        self._evaluation = evaluation
        self._decision = decision
        self._day = day
        self._inputs = _Inputs(self, decision.inputs)

    def outcome(self) -> Outcome:
        verdicts: list[tuple[Rule, Any]] = []
        for rule in self._decision.rules:
            verdicts.append((rule, self._value(rule.condition)))
            # `first` looks no further than the first rule that is not false.
            if self._decision.hit_policy == "first" and verdicts[-1][1] is not False:
                break
        unknown = [verdict for _, verdict in verdicts if isinstance(verdict, Unknown)]
        hits = [rule for rule, verdict in verdicts if verdict is True]
        if unknown:
            return self._result("undecided", missing=merged(unknown).causes)
        if len(hits) > 1:
            return self._result("conflict", contradicting=hits)
        chosen = hits[0] if hits else self._decision.otherwise
        return self._result("no_rule") if chosen is None else self._hit(chosen)

    def input_value(self, column: Input) -> Any:
        value = self._evaluation.value(column.term, self._day, {})
        return self._evaluation.named(column.kind, value)

    def _hit(self, rule: Rule) -> Outcome:
        """The outputs of the rule that hit, replaced by its exception where one applies."""
        chain: list[Rule] = []
        applied = rule
        while True:
            verdicts = [(exception, self._value(exception.condition)) for exception in applied.exceptions]
            unknown = [verdict for _, verdict in verdicts if isinstance(verdict, Unknown)]
            true = [exception for exception, verdict in verdicts if verdict is True]
            if unknown:
                return self._result("undecided", rule, chain, merged(unknown).causes)
            if len(true) > 1:
                return self._result("conflict", rule, chain, contradicting=true)
            if not true:
                return self._outputs(rule, chain)
            applied = true[0]
            chain.append(applied)

    def _outputs(self, rule: Rule, chain: list[Rule]) -> Outcome:
        written = dict((chain[-1] if chain else rule).outputs)
        values = {name: self._output(output, written.get(name)) for name, output in self._decision.outputs.items()}
        # By name, since the order in which an author wrote the outputs is in no digest.
        unknown = [value for _, value in sorted(values.items()) if isinstance(value, Unknown)]
        if unknown:
            return self._result("undecided", rule, chain, merged(unknown).causes)
        return self._result("decided", rule, chain, outputs=values)

    def _output(self, output: Output, term: Term | None) -> Any:
        if term is None:
            return None
        value = self._evaluation.named(output.kind, self._value(term))
        return None if value is ABSENT else value

    def _value(self, term: Term) -> Any:
        return self._evaluation.value(term, self._day, self._inputs)

    def _result(
        self,
        status: str,
        rule: Rule | None = None,
        chain: Iterable[Rule] = (),
        missing: tuple[Cause, ...] = (),
        outputs: Mapping[str, Any] | None = None,
        contradicting: Iterable[Rule] = (),
    ) -> Outcome:
        return Outcome(
            self._decision,
            status,
            self._day,
            outputs or {},
            rule,
            tuple(chain),
            missing,
            self._inputs,
            tuple(contradicting),
        )


class _Inputs(dict[str, Any]):
    """The inputs of a table, each computed when it is first read."""

    def __init__(self, table: _Table, columns: Mapping[str, Input]) -> None:
        super().__init__()
        self._table = table
        self._columns = columns

    def __missing__(self, name: str) -> Any:
        self[name] = value = self._table.input_value(self._columns[name])
        return value


def exact(kind: Kind, held: Any) -> Any:
    """A held value as arithmetic reads it: a percent is a ratio, a decimal a number."""
    if held is ABSENT or isinstance(held, Unknown):
        return held
    if kind.name == "percent" or (kind.name == "decimal" and kind.places >= 0):
        return Fraction(held, scale_of(kind))
    return held


# What each kind of term is worth.


def _constant(evaluation: Evaluation, term: t.Constant, day: Any, inputs: Any) -> Any:
    return exact(term.kind, term.value)


def _reference(evaluation: Evaluation, term: t.Reference, day: Any, inputs: Any) -> Any:
    return evaluation.reference(term, day, inputs)


def _not(evaluation: Evaluation, term: t.Not, day: Any, inputs: Any) -> Any:
    value = evaluation.value(term.operand, day, inputs)
    return (not value) if isinstance(value, bool) else value


def _and(evaluation: Evaluation, term: t.And, day: Any, inputs: Any) -> Any:
    return _kleene([evaluation.value(part, day, inputs) for part in term.operands], decides=False)


def _or(evaluation: Evaluation, term: t.Or, day: Any, inputs: Any) -> Any:
    return _kleene([evaluation.value(part, day, inputs) for part in term.operands], decides=True)


def _kleene(values: list[Any], decides: bool) -> Any:
    """Kleene's tables in either order: the deciding value wins over unknown, unknown over absent."""
    if any(value is decides for value in values):
        return decides
    if any(isinstance(value, Unknown) for value in values):
        return merged(values)
    return ABSENT if any(value is ABSENT for value in values) else not decides


def _strict(values: list[Any]) -> Any:
    """What any other operator gives when an operand is unknown or absent; None when all are known."""
    if any(isinstance(value, Unknown) for value in values):
        return merged(values)
    return ABSENT if any(value is ABSENT for value in values) else None


_COMPARE = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _comparison(evaluation: Evaluation, term: t.Comparison, day: Any, inputs: Any) -> Any:
    values = [evaluation.value(part, day, inputs) for part in (term.left, term.right)]
    failed = _strict(values)
    return _COMPARE[term.operator](*values) if failed is None else failed


def _membership(evaluation: Evaluation, term: t.Membership, day: Any, inputs: Any) -> Any:
    operand = evaluation.value(term.operand, day, inputs)
    equal = []
    for choice in term.choices:
        values = [operand, evaluation.value(choice, day, inputs)]
        failed = _strict(values)
        equal.append(values[0] == values[1] if failed is None else failed)
    return _kleene(equal, decides=True)


def _within(evaluation: Evaluation, term: t.Within, day: Any, inputs: Any) -> Any:
    values = [evaluation.value(part, day, inputs) for part in (term.operand, term.low, term.high)]
    failed = _strict(values)
    if failed is not None:
        return failed
    operand, low, high = values
    above = low <= operand if term.low_closed else low < operand
    below = operand <= high if term.high_closed else operand < high
    return above and below


def _given(evaluation: Evaluation, term: t.Given, day: Any, inputs: Any) -> Any:
    value = evaluation.value(term.operand, day, inputs)
    return value if isinstance(value, Unknown) else value is not ABSENT


def _arithmetic(evaluation: Evaluation, term: t.Arithmetic, day: Any, inputs: Any) -> Any:
    left, right = values = [evaluation.value(part, day, inputs) for part in (term.left, term.right)]
    failed = _strict(values)
    if failed is not None:
        return failed
    match term.operator:
        case "+":
            value = left + right
        case "-":
            value = left - right
        case "*":
            value = left * right
        case _:
            value = Fraction(left) / right
    return _in_time(term.kind, value)


def _in_time(kind: Kind, value: Any) -> Any:
    """Years 1 to 9999: a day or instant beyond them is unknown."""
    day = value // DAY + EPOCH_DAY if kind.name == "datetime" else value
    if kind.name in ("date", "datetime") and not FIRST_DAY <= day <= LAST_DAY:
        return Unknown((Cause("calendar", "year"),))
    return value


def _minus(evaluation: Evaluation, term: t.Minus, day: Any, inputs: Any) -> Any:
    value = evaluation.value(term.operand, day, inputs)
    failed = _strict([value])
    return -value if failed is None else failed


def _conditional(evaluation: Evaluation, term: t.Conditional, day: Any, inputs: Any) -> Any:
    test = evaluation.value(term.test, day, inputs)
    if not isinstance(test, bool):
        return test
    return evaluation.value(term.then if test else term.otherwise, day, inputs)


def _call(evaluation: Evaluation, term: t.Call, day: Any, inputs: Any) -> Any:
    arguments = [evaluation.value(part, day, inputs) for part in term.arguments]
    failed = _strict(arguments)
    return evaluation.call(term, arguments) if failed is None else failed


_VALUES: Mapping[type[Term], Any] = {
    t.Constant: _constant,
    t.Reference: _reference,
    t.Not: _not,
    t.And: _and,
    t.Or: _or,
    t.Comparison: _comparison,
    t.Membership: _membership,
    t.Within: _within,
    t.Given: _given,
    t.Arithmetic: _arithmetic,
    t.Minus: _minus,
    t.Conditional: _conditional,
    t.Call: _call,
}

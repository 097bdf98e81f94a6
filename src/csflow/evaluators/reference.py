"""Owns the meaning of a pack for one set of facts: a plain walk, slow enough to be read as the law.

Every other engine is held to this one. What a term is worth stands in `meaning`, how a table comes to
its answer in `tables`, which value of a parameter holds in `layering`.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from csflow.evaluators.ends import end_of
from csflow.evaluators.layering import in_force
from csflow.evaluators.meaning import exact, in_time, value_of
from csflow.evaluators.outcomes import InForce, Outcome
from csflow.evaluators.tables import decide_table
from csflow.evaluators.unknowns import Cause, Unknown
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.facts import ABSENT, Facts
from csflow.pack.model import BY_DECISION_TIME, TRANSITION, Decision, Layer, LinkedPack
from csflow.values.instants import FIRST_DAY
from csflow.values.kinds import DATETIME, Kind, scale_of
from csflow.values.rounding import round_exact
from csflow.values.windows import Longest, Window
from csflow.values.zones import BeyondHorizon

_NO_NAMES: Mapping[str, Any] = {}


class Evaluation:
    """The answers of one pack to one set of facts, at an instant. Nothing here raises on facts that decode.

    `at` may be None where the pack itself does not need it (`LinkedPack.needs_at`): where a layer does, a case in which
    it holds is undecided.
    """

    def __init__(self, pack: LinkedPack, facts: Facts, at: int | None = None) -> None:
        self.pack = pack
        self._facts = facts
        self._at = at
        self._outcomes: dict[tuple[str, Any], Outcome] = {}
        self._derived: dict[tuple[str, Any], Any] = {}
        self._states: dict[str, Any] = {}

    def decide(self, name: str, inherited: int | Unknown | None = None) -> Outcome:
        """The outcome of a decision; `inherited` is the governing date of the one that requires it.

        What it requires is decided first, one after the other: a long chain costs no recursion.
        """
        waiting = [(name, self._governing_day(self.pack.decisions[name], inherited))]
        asked = waiting[0]
        while waiting:
            name, day = waiting[-1]
            decision = self.pack.decisions[name]
            required = [(other, self._governing_day(self.pack.decisions[other], day)) for other in decision.requires]
            missing = [key for key in required if key not in self._outcomes]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if (name, day) not in self._outcomes:
                self._outcomes[name, day] = decide_table(self, decision, day)
        return self._outcomes[asked]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was decided so far, the decisions that others required among it."""
        return tuple(self._outcomes.values())

    def _governing_day(self, decision: Decision, inherited: int | Unknown | None) -> int | Unknown:
        """The local date of the governing fact, or of the decision itself; or the inherited one."""
        if decision.governed_by is None:
            return Unknown((Cause("edition", decision.name),)) if inherited is None else inherited
        transition = self._transition()
        if isinstance(transition, Unknown):
            return transition
        if transition == BY_DECISION_TIME:
            # Asked for at the door where the pack itself says so; a layer is found to hold only here.
            return Unknown((Cause("instant", "at"),)) if self._at is None else self._local_day(self._at)
        fact = self.fact(decision.governed_by)
        if isinstance(fact, Unknown):
            return fact
        if self.pack.facts[decision.governed_by].kind.name == "date":
            day: int = fact
            return day
        return self._local_day(fact)

    def _transition(self) -> Any:
        if not self.pack.reads_at:
            return None
        # It has no editions, and so is the same on every day.
        found = self.in_force(TRANSITION, FIRST_DAY)
        return found if isinstance(found, Unknown) else found.value

    # Terms and names

    def value(self, term: Term, day: int | Unknown, names: Mapping[str, Any]) -> Any:
        """The value of a term for a governing date and the names of its place."""
        return value_of(self, term, day, names)

    def reference(self, term: t.Reference, day: int | Unknown, names: Mapping[str, Any]) -> Any:
        match term.space:
            case Space.FACT:
                return exact(term.kind, self.fact(term.name))
            case Space.INPUT | Space.ITEM:
                return exact(term.kind, names[term.name])
            case Space.DERIVED:
                return exact(term.kind, self._derived_value(term.name, day))
            case Space.PARAMETER:
                return exact(term.kind, self._parameter(term.name, day))
            case Space.DECISION:
                return exact(term.kind, self._output(term.name, day))

    def records(self, term: t.Reference, day: int | Unknown) -> Any:
        """The records of a list: of a fact, of options, of the answers of a decision that gives several."""
        if term.space is Space.FACT:
            return self.fact(term.name)
        return self._output(term.name, day) if "." in term.name else self._answers(term.name, day)

    def named(self, kind: Kind, value: Any) -> Any:
        """An exact value under a name: rounded to the places its kind holds."""
        if value is ABSENT or isinstance(value, (Unknown, bool)):
            return value
        if kind.name in ("percent", "decimal"):
            # An input or derived value computed from decimals declares no places: it stays exact.
            return value if kind.places < 0 else round_exact(value * scale_of(kind), self.pack.rounding)
        if isinstance(value, Fraction):
            return round_exact(value, self.pack.rounding)
        return value

    def fact(self, path: str) -> Any:
        """A fact in held form, `ABSENT` or `Unknown`."""
        return self._facts.values.get(path, Unknown((Cause("fact", path),)))

    def in_force(self, name: str, day: int) -> InForce | Unknown:
        """The value of a parameter on a day, with its edition and layer."""
        return in_force(self.pack, self.pack.parameters[name], day, self.state)

    def state(self, layer: Layer) -> Any:
        """Whether a layer is active: True, False or Unknown."""
        if layer.condition is None:
            return True
        if layer.name not in self._states:
            # A layer reads facts alone, on no date.
            self._states[layer.name] = self.value(layer.condition, Unknown(()), _NO_NAMES)
        return self._states[layer.name]

    def _derived_value(self, name: str, day: int | Unknown) -> Any:
        """A derived value; those it reads are computed first, so that a long chain costs no recursion."""
        waiting = [name]
        while waiting:
            derived = self.pack.derived[waiting[-1]]
            missing = [other for other in derived.requires if (other, day) not in self._derived]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if (derived.name, day) not in self._derived:
                self._derived[derived.name, day] = self.named(derived.kind, self.value(derived.term, day, _NO_NAMES))
        return self._derived[name, day]

    def _parameter(self, name: str, day: int | Unknown) -> Any:
        if isinstance(day, Unknown):
            return day
        found = self.in_force(name, day)
        return found if isinstance(found, Unknown) else found.value

    def _output(self, path: str, day: int | Unknown) -> Any:
        name, _, output = path.partition(".")
        outcome = self.decide(name, day)
        if outcome.status != "decided":
            return _undecided(outcome)
        value = outcome.outputs[output]
        return ABSENT if value is None else value

    def _answers(self, name: str, day: int | Unknown) -> Any:
        """The answers of a decision as records; of a record that is not decided, no field is known."""
        outcome = self.decide(name, day)
        if outcome.items:
            return tuple(self._record(item) for item in outcome.items)
        if outcome.status != "decided":
            return _undecided(outcome)
        return tuple(_answer(hit.outputs) for hit in outcome.hits)

    def _record(self, item: Outcome) -> Mapping[str, Any]:
        if item.status == "decided":
            return _answer(item.outputs)
        return dict.fromkeys(item.decision.outputs, _undecided(item))

    # Functions

    def call(self, term: t.Call, arguments: list[Any]) -> Any:
        """What a function of `expressions.functions` computes; its arguments are known."""
        try:
            match term.function:
                case "within":
                    end = self._end(arguments[0], arguments[1])
                    return end if isinstance(end, Unknown) else arguments[2] < end
                case "deadline":
                    end = self._end(arguments[0], arguments[1])
                    return end if isinstance(end, Unknown) else in_time(DATETIME, end)
                case "date_of":
                    return self.pack.zone.local_day(arguments[0])
                case "days_between":
                    first, last = (
                        moment if argument.kind.name == "date" else self.pack.zone.local_day(moment)
                        for argument, moment in zip(term.arguments, arguments, strict=True)
                    )
                    return last - first
                case "liability_of":
                    return self.pack.reasons[arguments[0]].liability
                case "authority_of":
                    return self.pack.roles[arguments[0]].authority
                case "prorate":
                    amount, part, whole = arguments
                    if whole <= 0:
                        # INVARIANT: a guard to the left is false, and settles what this is part of.
                        return ABSENT
                    return Fraction(1) * amount * part / whole
                case "min":
                    return min(arguments)
                case "max":
                    return max(arguments)
        except BeyondHorizon as horizon:
            return Unknown((Cause("calendar", horizon.name),))
        raise AssertionError(f"no function {term.function}")

    def _end(self, window: Window | Longest, start: int) -> int | Unknown:
        return end_of(self.pack, window, start, self.fact)

    def _local_day(self, instant: int) -> int | Unknown:
        try:
            return self.pack.zone.local_day(instant)
        except BeyondHorizon as horizon:
            return Unknown((Cause("calendar", horizon.name),))


def _answer(outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: ABSENT if value is None else value for name, value in outputs.items()}


def _undecided(outcome: Outcome) -> Unknown:
    return Unknown((Cause("decision", outcome.decision.name, outcome.status), *outcome.missing))

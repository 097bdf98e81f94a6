"""Owns how one decision comes to its outcome: its hit policy, its exceptions, the records it is made for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any, Protocol

from csflow.evaluators.meaning import WithItem, item_path
from csflow.evaluators.outcomes import Hit, Outcome
from csflow.evaluators.policies import Combined, combined
from csflow.evaluators.unknowns import Cause, Unknown, merged
from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.facts import ABSENT
from csflow.pack.model import Decision, Input, Output, Rule
from csflow.values.kinds import Kind

# How bad it is that a record has no answer: the worst is the status of the whole.
_WORST = ("conflict", "undecided", "no_rule")


class Evaluating(Protocol):
    """What a table needs to know of its surroundings."""

    def value(self, term: Term, day: int | Unknown, names: Mapping[str, Any]) -> Any: ...

    def records(self, term: t.Reference, day: int | Unknown) -> Any: ...

    def named(self, kind: Kind, value: Any) -> Any: ...


def decide_table(evaluation: Evaluating, decision: Decision, day: int | Unknown) -> Outcome:
    """The outcome of a decision for one governing date, or of all of a list's records together."""
    walk = decision.for_each
    if walk is None:
        return _Table(evaluation, decision, day, {}).outcome()
    records = evaluation.records(walk.source, day)
    if isinstance(records, Unknown):
        return Outcome(decision, _status(records), day, {}, missing=records.causes)
    items = []
    for number, record in enumerate(records, 1):
        names = WithItem({}, walk.variable, record, item_path(walk.source, number))
        items.append(replace(_Table(evaluation, decision, day, names).outcome(), is_record=True))
    return _together(decision, day, tuple(items))


def _together(decision: Decision, day: int | Unknown, items: tuple[Outcome, ...]) -> Outcome:
    statuses = {item.status for item in items}
    status = next((worst for worst in _WORST if worst in statuses), "decided")
    if status != "decided":
        missing = merged(Unknown(item.missing) for item in items).causes
        return Outcome(decision, status, day, {}, missing=missing, items=items)
    outputs = {name: tuple(item.outputs[name] for item in items) for name in decision.outputs}
    return Outcome(decision, status, day, outputs, items=items)


def _status(unknown: Unknown) -> str:
    """Layers that contradict each other are a conflict where nothing else may settle it; all else is not known."""
    kinds = {cause.kind for cause in unknown.causes}
    return "conflict" if kinds == {"layers"} else "undecided"


def applied_exception(rule: Rule, value: Callable[[Term], Any]) -> "Rule | list[Rule] | Unknown | None":
    """The exception that applies to a rule: those of the highest rank first, and at most one of a rank."""
    by_rank = sorted(rule.exceptions, key=lambda exception: -exception.rank)
    for _, group in groupby(by_rank, key=lambda exception: exception.rank):
        verdicts = [(exception, value(exception.condition)) for exception in group]
        unknown = [verdict for _, verdict in verdicts if isinstance(verdict, Unknown)]
        true = [exception for exception, verdict in verdicts if verdict is True]
        if unknown:
            return merged(unknown)
        if true:
            return true[0] if len(true) == 1 else true
    return None


class _Table:
    """One decision for one governing date, and one record where it is made for several."""

    def __init__(self, evaluation: Evaluating, decision: Decision, day: int | Unknown, item: Mapping[str, Any]) -> None:
        self._evaluation = evaluation
        self._decision = decision
        self._day = day
        self._names = _Names(self, decision, item)

    def outcome(self) -> Outcome:
        verdicts: list[tuple[Rule, Any]] = []
        for rule in self._decision.rules:
            verdicts.append((rule, self._value(rule.condition)))
            # `first` looks no further than the first rule that is not false.
            if self._decision.hit_policy == "first" and verdicts[-1][1] is not False:
                break
        unknown = [verdict for _, verdict in verdicts if isinstance(verdict, Unknown)]
        if unknown:
            return self._undecided(merged(unknown))
        rules = [rule for rule, verdict in verdicts if verdict is True]
        if self._decision.hit_policy == "unique" and len(rules) > 1:
            return self._conflict(rules)
        if not rules and self._decision.otherwise is not None:
            rules = [self._decision.otherwise]
        return self._of_hits(rules)

    def column_value(self, column: Input) -> Any:
        return self._evaluation.named(column.kind, self._value(column.term))

    # Hits

    def _of_hits(self, rules: list[Rule]) -> Outcome:
        hits: list[Hit] = []
        failed: list[Outcome] = []
        for rule in rules:
            hit = self._hit(rule)
            if isinstance(hit, Hit):
                hits.append(hit)
            else:
                failed.append(hit)
        if failed:
            return next((each for each in failed if each.status == "undecided"), failed[0])
        return self._together(combined(self._decision, tuple(hits)))

    def _together(self, found: Combined) -> Outcome:
        if found.contradicting:
            return self._conflict(found.contradicting)
        return self._result("no_rule") if found.outputs is None else self._decided(found.hits, found.outputs)

    def _hit(self, rule: Rule) -> "Hit | Outcome":
        """The outputs of a rule that holds, replaced by its exception where one applies."""
        chain: list[Rule] = []
        applied = rule
        while True:
            exception = applied_exception(applied, self._value)
            if isinstance(exception, Unknown):
                return self._undecided(exception, rule, chain)
            if isinstance(exception, list):
                return self._conflict(exception, rule, chain)
            if exception is None:
                return self._outputs(rule, chain)
            applied = exception
            chain.append(applied)

    def _outputs(self, rule: Rule, chain: list[Rule]) -> "Hit | Outcome":
        written = dict((chain[-1] if chain else rule).outputs)
        values = {name: self._output(output, written.get(name)) for name, output in self._decision.outputs.items()}
        # By name, since the order in which an author wrote the outputs is in no digest.
        unknown = [value for _, value in sorted(values.items()) if isinstance(value, Unknown)]
        if unknown:
            return self._undecided(merged(unknown), rule, chain)
        return Hit(rule, tuple(chain), values)

    def _output(self, output: Output, term: Term | None) -> Any:
        if term is None:
            return None
        value = self._evaluation.named(output.kind, self._value(term))
        return None if value is ABSENT else value

    def _value(self, term: Term) -> Any:
        return self._evaluation.value(term, self._day, self._names)

    # Outcomes

    def _decided(self, hits: tuple[Hit, ...], outputs: Mapping[str, Any]) -> Outcome:
        first = hits[0] if hits else None
        return Outcome(
            self._decision,
            "decided",
            self._day,
            outputs,
            rule=first.rule if first else None,
            exceptions=first.exceptions if first else (),
            inputs=self._names,
            hits=hits,
        )

    def _undecided(self, unknown: Unknown, rule: Rule | None = None, chain: Iterable[Rule] = ()) -> Outcome:
        return self._result(_status(unknown), rule, chain, unknown.causes)

    def _conflict(self, rules: Iterable[Rule], rule: Rule | None = None, chain: Iterable[Rule] = ()) -> Outcome:
        return self._result("conflict", rule, chain, contradicting=rules)

    def _result(
        self,
        status: str,
        rule: Rule | None = None,
        chain: Iterable[Rule] = (),
        missing: tuple[Cause, ...] = (),
        contradicting: Iterable[Rule] = (),
    ) -> Outcome:
        return Outcome(
            self._decision,
            status,
            self._day,
            {},
            rule=rule,
            exceptions=tuple(chain),
            missing=missing,
            inputs=self._names,
            contradicting=tuple(contradicting),
        )


class _Names(dict[str, Any]):
    """The names a table's terms can read: its columns and local names, each computed when it is first read,
    and the fields of the record it is made for."""

    def __init__(self, table: _Table, decision: Decision, item: Mapping[str, Any]) -> None:
        super().__init__()
        self._table = table
        self._decision = decision
        self._item = item

    def __missing__(self, name: str) -> Any:
        if "." in name:
            return self._item[name]
        if name in self._decision.locals:
            self._compute_locals()
            return self[name]
        self[name] = value = self._table.column_value(self._decision.inputs[name])
        return value

    def _compute_locals(self) -> None:
        """All of them, each after those it reads: a long chain costs no recursion."""
        for name, column in self._decision.locals.items():
            self[name] = self._table.column_value(column)

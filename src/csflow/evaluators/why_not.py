"""Owns the answer to "why not this rule?": the verdict in words and as data, with the values behind it."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from csflow.diagnostics import Phrase, UnknownName, Word
from csflow.evaluators.explaining import Teller
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.unknowns import Cause, Unknown
from csflow.evaluators.verdicts import Finding, Verdict, verdict_on
from csflow.expressions.terms import Reference, Space, Term, references
from csflow.facts import ABSENT, MASK
from csflow.pack.model import Cell, LinkedPack
from csflow.values.kinds import Kind
from csflow.values.presenting import to_json, to_python
from csflow.values.zones import Zone

FORMAT_VERSION = 1
_INDENT = "  "


class Seen:
    """A value that a condition looked at: `state` is known, absent or unknown.

    `name` is as an author writes it: a fact, an input, `param.x`, `decision.d.x`. `value` is a Python value, None
    unless known, and "***" where a private fact stands behind it; of a list it is the number of records. Of a
    decision, `rule` says by which rule.
    """

    __slots__ = ("_held", "_kind", "_outcome", "_title", "is_private", "name", "rule", "state", "value")

    def __init__(
        self, pack: LinkedPack, name: str, title: Phrase | None, kind: Kind, held: Any, is_private: bool,
        outcome: Outcome | None = None,
    ) -> None:  # fmt: skip
        self._held = held
        self._kind = kind
        self._outcome = outcome
        self._title = title
        self.is_private = is_private
        self.name = name
        self.state = "unknown" if isinstance(held, Unknown) else "absent" if held is ABSENT else "known"
        self.value = self._shown(to_python, pack)
        self.rule = outcome.rule.id if outcome is not None and outcome.status == "decided" and outcome.rule else None

    def __repr__(self) -> str:
        return f"Seen({self.name!r}, {self.state!r}, {self.value!r})"

    def tell(self, teller: Teller) -> str:
        """The value with its title; of a decision, how it came to it."""
        shown = teller.pair(teller.title(self._title, self.name), self._kind, self._held, self.is_private)
        if self._outcome is None:
            return shown
        rule = teller.rule(self._outcome.rule) if self.rule and self._outcome.rule else ""
        how = Word("why_not.by_rule" if rule else f"status.{self._outcome.status}").in_language(teller.language)
        return teller.with_aside(shown, how.format(decision=self._outcome.decision.name, rule=rule))

    def to_json(self, pack: LinkedPack) -> dict[str, Any]:
        found = {"name": self.name, "state": self.state, "value": self._shown(to_json, pack)}
        if self._outcome is None:
            return found
        return found | {"decision": self._outcome.decision.name, "status": self._outcome.status, "rule": self.rule}

    def _shown(self, present: Callable[[Kind, Any, Zone], Any], pack: LinkedPack) -> Any:
        if self.state != "known":
            return None
        if self.is_private:
            return MASK
        if self._kind.name == "list":
            return len(self._held)
        # What is computed from decimals has no last place: a Fraction, told as text.
        held = Fraction(self._held) if self._kind.places < 0 else self._held
        return held if present is to_python and self._kind.places < 0 else present(self._kind, held, pack.zone)


class Condition:
    """A cell or a part of a condition that is false or unknown: its text as it was written, and what it looked at.

    `input` is the column of a cell, None for a part of a condition.
    """

    __slots__ = ("input", "text", "values")

    def __init__(self, input: str | None, text: str, values: tuple[Seen, ...]) -> None:
        self.input = input
        self.text = text
        self.values = values

    def __repr__(self) -> str:
        return f"Condition({self.written!r}, {self.values!r})"

    @property
    def written(self) -> str:
        """`in_time: false`, or the part of the condition, on one line."""
        return self.text if self.input is None else f"{self.input}: {self.text}"


class WhyNot:
    """Why a rule, an exception or `otherwise` is not what decided.

    `verdict` is one of a closed set (`Verdict`, a StrEnum); `others` are the ids of the rules or exceptions that it
    names. `conditions` are the first part of the condition, in reading order, that is false or unknown: several only
    where they are joined by `or`. Of an exception whose rule did not apply, they are those of that rule. `missing`
    says why something is unknown.
    """

    __slots__ = ("_evaluation", "_finding", "_outcome", "_pack", "conditions")

    def __init__(self, pack: LinkedPack, evaluation: Evaluation, outcome: Outcome, finding: Finding) -> None:
        self._pack = pack
        self._evaluation = evaluation
        self._outcome = outcome
        self._finding = finding
        looking = _Looking(pack, evaluation, outcome)
        self.conditions = tuple(looking.condition(part) for part in finding.parts)

    def __repr__(self) -> str:
        return f"WhyNot({self.rule!r}, {self.verdict.value!r}, {[each.written for each in self.conditions]!r})"

    @property
    def decision(self) -> str:
        return self._outcome.decision.name

    @property
    def rule(self) -> str:
        return self._finding.rule.id

    @property
    def verdict(self) -> Verdict:
        return self._finding.verdict

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(rule.id for rule in self._finding.others)

    @property
    def missing(self) -> tuple[Cause, ...]:
        return self._finding.missing

    def explain(self, language: str = "zh-CN") -> str:
        """The verdict in a sentence, and below it the condition with the values that it looked at."""
        teller = Teller(self._pack, self._evaluation, language)
        lines = [self._sentence(self._finding, teller)]
        if self._finding.above is not None:
            lines.append(_INDENT + self._sentence(self._finding.above, teller))
        for condition in self.conditions:
            lines.append(_INDENT + teller.line(self._label, condition.written))
            lines += [_INDENT * 2 + seen.tell(teller) for seen in condition.values]
        if self.missing:
            lines.append(_INDENT + teller.line("missing", teller.joined([teller.cause(each) for each in self.missing])))
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The entry of `decide --why-not RULE --format json`."""
        return {
            "format_version": FORMAT_VERSION,
            "decision": self.decision,
            "rule": self.rule,
            "verdict": self.verdict.value,
            "others": list(self.others),
            "conditions": [
                {
                    "input": condition.input,
                    "text": condition.text,
                    "values": [seen.to_json(self._pack) for seen in condition.values],
                }
                for condition in self.conditions
            ],
            "missing": [{"kind": cause.kind, "name": cause.name, "status": cause.status} for cause in self.missing],
        }

    @property
    def _label(self) -> str:
        verdict = (self._finding.above or self._finding).verdict
        if verdict is Verdict.MET:
            return "requirement"
        return "unclear" if verdict is Verdict.UNKNOWN else "failed"

    def _sentence(self, finding: Finding, teller: Teller) -> str:
        others = teller.joined([teller.rule(rule) for rule in finding.others])
        text = Word(f"why_not.{finding.verdict}").in_language(teller.language)
        return text.format(rule=teller.rule(finding.rule), others=others)


def why_not(pack: LinkedPack, evaluation: Evaluation, outcome: Outcome, rule: str) -> WhyNot:
    """Why the rule of that id is not what decided.

    Raises `UnknownName` for an id that the decision does not have, ValueError for a decision made for each record.
    """
    decision = outcome.decision
    if decision.for_each is not None and not outcome.is_record:
        raise ValueError(f"decision {decision.name!r} is made for each record: ask one of its items")
    finding = verdict_on(evaluation, outcome, rule)
    if finding is None:
        known = [each.id for each in decision.every_rule()]
        raise UnknownName("rule", rule, known, f"decision {decision.name!r}")
    return WhyNot(pack, evaluation, outcome, finding)


class _Looking:
    """What conditions of one outcome looked at."""

    def __init__(self, pack: LinkedPack, evaluation: Evaluation, outcome: Outcome) -> None:
        self._pack = pack
        self._evaluation = evaluation
        self._outcome = outcome
        self._columns = {**outcome.decision.locals, **outcome.decision.inputs}
        self._cells: Mapping[int, Cell] = {
            id(cell.test): cell for rule in outcome.decision.every_rule() for cell in rule.cells
        }
        # Where a value comes from is the same in every language.
        self._teller = Teller(pack, evaluation, "en")

    def condition(self, term: Term) -> Condition:
        cell = self._cells.get(id(term))
        text = " ".join((term if cell is None else cell).mark.text.split())
        seen = {each.name: each for each in reversed(list(self._seen(term)))}
        return Condition(cell.input if cell else None, text, tuple(reversed(seen.values())))

    def _seen(self, term: Term) -> Iterator[Seen]:
        """What a term names; then the facts and decisions that stand behind that."""
        named = [self._behind_name(reference) for reference in references(term)]
        for reference in named:
            yield from self._of(reference)
        for reference in self._teller.references([term], self._outcome):
            if reference.space in (Space.FACT, Space.DECISION):
                yield from self._of(reference)

    def _behind_name(self, reference: Reference) -> Reference:
        """What an input stands for, where it names one thing."""
        while reference.space is Space.INPUT:
            behind = self._columns[reference.name].term
            if not isinstance(behind, Reference):
                return reference
            reference = behind
        return reference

    def _of(self, reference: Reference) -> Iterator[Seen]:
        """The value of a reference; what only an iteration, or a window, has is no value to show."""
        name, title, outcome, kind = reference.written, None, None, reference.kind
        match reference.space:
            case Space.FACT:
                title = self._pack.facts[reference.name].title
            case Space.INPUT:
                title = self._columns[reference.name].title
            case Space.DERIVED:
                title = self._pack.derived[reference.name].title
            case Space.PARAMETER:
                title = self._pack.parameters[reference.name].title
                if kind.name == "window":
                    return
            case Space.ITEM:
                walk = self._outcome.decision.for_each
                if walk is None or reference.name.partition(".")[0] != walk.variable:
                    return
            case Space.DECISION:
                required, _, output = reference.name.partition(".")
                outcome = self._evaluation.decide(required, self._outcome.day)
                title = outcome.decision.outputs[output].title if output else outcome.decision.title
        yield Seen(self._pack, name, title, kind, self._held(reference), self._is_private(reference, outcome), outcome)

    def _held(self, reference: Reference) -> Any:
        """The value in held form."""
        if reference.kind.name == "list":
            return self._evaluation.records(reference, self._outcome.day)
        value = self._evaluation.value(reference, self._outcome.day, self._outcome.inputs)
        return self._evaluation.named(reference.kind, value)

    def _is_private(self, reference: Reference, outcome: Outcome | None) -> bool:
        """Whether a private fact is read behind a value; through a decision, where it gives a text."""
        if reference.space is not Space.DECISION or outcome is None:
            return self._teller.is_private(reference, self._outcome)
        if reference.kind.name != "text":
            return False
        output = reference.name.partition(".")[2]
        given = [term for rule in outcome.decision.every_rule() for name, term in rule.outputs if name == output]
        return any(self._is_private_there(term, outcome) for term in given)

    def _is_private_there(self, term: Term, outcome: Outcome) -> bool:
        """The same of a term of a decision that is required."""
        if self._teller.is_private(term, outcome):
            return True
        inner = (each for each in self._teller.references([term], outcome) if each.space is Space.DECISION)
        return any(
            self._is_private(each, self._evaluation.decide(each.name.partition(".")[0], outcome.day)) for each in inner
        )

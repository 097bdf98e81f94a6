"""Owns the linked pack: every name resolved, every value in held form, every mark kept.

It is what checks, engines and explanations read; nothing above `loading` builds one.

INVARIANT: a field whose metadata says `digest: text` is wording and counts only in the text digest;
a field with `compare=False` (a mark) counts in none; everything else is behaviour.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from csflow.diagnostics import Mark, Phrase
from csflow.expressions.terms import Reference, Space, Term, references
from csflow.values.calendars import Calendar
from csflow.values.kinds import Kind
from csflow.values.rounding import Rounding
from csflow.values.zones import Zone


def _wording(default: Any = None) -> Any:
    return field(default=default, metadata={"digest": "text"})


def _wording_map() -> Any:
    return field(default_factory=dict, metadata={"digest": "text"})


def _place() -> Any:
    return field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the fact sheet; `path` is `record.field`."""

    path: str
    kind: Kind
    optional: bool
    pii: bool
    changeable: bool
    mark: Mark = _place()
    title: Phrase | None = _wording()


@dataclass(frozen=True, slots=True)
class Derived:
    """A named computation over facts, parameters and the derived values in `requires`."""

    name: str
    kind: Kind
    term: Term
    optional: bool
    requires: tuple[str, ...] = field(compare=False)
    mark: Mark = _place()
    title: Phrase | None = _wording()


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated value of a parameter: from day `start` to day `end`, which is not included."""

    start: int
    end: int | None
    value: Any
    mark: Mark = _place()
    because: Phrase | None = _wording()
    basis: str = _wording("")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value with editions, in order of their start."""

    name: str
    kind: Kind
    editions: tuple[Edition, ...]
    mark: Mark = _place()
    title: Phrase | None = _wording()

    def edition_on(self, day: int) -> Edition | None:
        """The edition in force on a local date."""
        for edition in reversed(self.editions):
            if edition.start <= day:
                return edition if edition.end is None or day < edition.end else None
        return None


@dataclass(frozen=True, slots=True)
class Reason:
    """One code of the reason tree, with the liability it has or inherits."""

    code: str
    parent: str | None
    liability: str
    mark: Mark = _place()
    title: Phrase | None = _wording()


@dataclass(frozen=True, slots=True)
class Code:
    """An answer code; `alternatives` are the codes of what may be offered instead."""

    code: str
    alternatives: tuple[str, ...]
    mark: Mark = _place()
    title: Phrase | None = _wording()


@dataclass(frozen=True, slots=True)
class Input:
    """A column of a table."""

    name: str
    kind: Kind
    term: Term
    optional: bool
    mark: Mark = _place()
    title: Phrase | None = _wording()


@dataclass(frozen=True, slots=True)
class Output:
    name: str
    kind: Kind
    optional: bool
    mark: Mark = _place()
    title: Phrase | None = _wording()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one rule asks of one input; `test` is None for any."""

    input: str
    test: Term | None
    mark: Mark = _place()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, an exception of one, or `otherwise`: where `condition` holds, it gives `outputs`."""

    id: str
    cells: tuple[Cell, ...]
    condition: Term
    outputs: tuple[tuple[str, Term], ...]
    exceptions: tuple["Rule", ...]
    mark: Mark = _place()
    title: Phrase | None = _wording()
    because: Phrase | None = _wording()
    basis: str | None = _wording()


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision table; `requires` are the decisions it reads."""

    name: str
    hit_policy: str
    governed_by: str | None
    inputs: Mapping[str, Input]
    outputs: Mapping[str, Output]
    rules: tuple[Rule, ...]
    otherwise: Rule | None
    requires: tuple[str, ...] = field(compare=False)
    mark: Mark = _place()
    title: Phrase | None = _wording()

    def every_rule(self) -> Iterator[Rule]:
        """The rules, `otherwise` and all exceptions, each parent first."""
        for rule in (*self.rules, *([self.otherwise] if self.otherwise else [])):
            yield rule
            yield from _below(rule)

    def terms(self) -> Iterator[Term]:
        """Every term of the decision: its columns, and the conditions and outputs of its rules."""
        for column in self.inputs.values():
            yield column.term
        for rule in self.every_rule():
            yield rule.condition
            yield from (term for _, term in rule.outputs)

    def reads(self) -> Iterator[Reference]:
        """Every reference to something outside the decision."""
        for term in self.terms():
            yield from (reference for reference in references(term) if reference.space is not Space.INPUT)


def _below(rule: Rule) -> Iterator[Rule]:
    for exception in rule.exceptions:
        yield exception
        yield from _below(exception)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where one fact comes from in a document, and what the document's words mean here, in held form."""

    fact: str
    path: str
    optional: bool
    currency: str | None
    values: Mapping[str, Any]
    mark: Mark = _place()


@dataclass(frozen=True, slots=True)
class DocumentMapping:
    """From a platform's JSON to facts; `document` is the path of the part that is read."""

    name: str
    document: str | None
    facts: Mapping[str, Mapped]
    mark: Mark = _place()
    title: Phrase | None = _wording()


@dataclass(frozen=True, slots=True)
class LinkedPack:
    """A whole pack, ready to be read by any engine. Days are ordinals; `in_force` is half-open.

    `calendar_titles` are the title and the source of each calendar.
    `digest` stands for everything that can change an answer, `text_digest` for titles and sources.
    """

    name: str
    language: int
    currency: str
    rounding: Rounding
    zone: Zone
    in_force: tuple[int, int]
    facts: Mapping[str, Fact]
    derived: Mapping[str, Derived]
    parameters: Mapping[str, Parameter]
    reasons: Mapping[str, Reason]
    codes: Mapping[str, Code]
    calendars: Mapping[str, Calendar]
    decisions: Mapping[str, Decision]
    mappings: Mapping[str, DocumentMapping]
    mark: Mark = _place()
    title: Phrase | None = _wording()
    notice: Phrase | None = _wording()
    reviewed_on: int = _wording(0)
    calendar_titles: Mapping[str, tuple[Phrase | None, Phrase | None]] = _wording_map()
    digest: str = field(default="", compare=False)
    text_digest: str = field(default="", compare=False)

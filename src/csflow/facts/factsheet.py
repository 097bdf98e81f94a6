"""Owns checking what a backend gives against the fact sheet: once, at the edge; engines trust the rest."""

from collections.abc import Iterable, Mapping
from typing import Any

from csflow.diagnostics import Diagnostics, Finding, Mark, nearest, nearest_spelling
from csflow.diagnostics.rendering.text import render_text
from csflow.facts.rows import ABSENT, Facts, facts_of
from csflow.pack.model import Fact, LinkedPack
from csflow.values.decoding import Misfit, from_text, from_value
from csflow.values.kinds import Kind

# What stands in findings and explanations for the value of a fact that is `pii`.
MASK = "***"


# Findings that say something of a key, and not of the value beside it.
_ABOUT_THE_KEY = frozenset({"undeclared-fact", "record-not-a-mapping"})

# Where a fact stands in a file: its key, and its value.
Place = tuple[Mark, Mark]


class FactError(ValueError):
    """Facts that the fact sheet refuses. `diagnostics` holds every finding."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.diagnostics = list(findings)
        super().__init__("\n" + render_text(self.diagnostics, "en"))


def read_facts(
    pack: LinkedPack,
    given: Mapping[str, Any],
    *,
    known: Mapping[str, Any] | None = None,
    as_text: bool = False,
    places: Mapping[str, Place] | None = None,
    subject: str | None = None,
    found: Iterable[Finding] = (),
) -> Facts:
    """The facts of `{record: {field: value}}`, or of `{"record.field": value}`; None means not given.

    A list of records is a list of `{field: value}`; a field that is not given there is absent or unknown
    like any other fact.

    `known` are facts in held form, checked before, which a given one replaces. `as_text`: the values
    are text as YAML has it, to be read by the kinds of the facts. `places` gives where paths stand,
    `subject` names the document, `found` is what was found of the same facts before. Raises `FactError` with every
    fault: a key that is not declared, a value
    of another kind, one out of bounds.
    """
    reader = _Reader(pack, from_text if as_text else from_value, places or {}, subject)
    reader.findings.extend(found)
    reader.values.update(known or {})
    reader.read(given)
    if reader.findings:
        raise FactError(reader.findings)
    for path, fact in pack.facts.items():
        if fact.optional:
            reader.values.setdefault(path, ABSENT)
    return facts_of(pack, reader.values)


class _Reader:
    def __init__(self, pack: LinkedPack, decode: Any, places: Mapping[str, Place], subject: str | None) -> None:
        self._pack = pack
        self._decode = decode
        self._places = places
        self._subject = subject
        self._records = {path.partition(".")[0] for path in pack.facts}
        self._given: set[str] = set()
        self.values: dict[str, Any] = {}
        self.findings: list[Finding] = []

    def read(self, given: Mapping[str, Any]) -> None:
        if not isinstance(given, Mapping):
            self._report("facts-not-a-mapping", "", found=type(given).__name__)
            return
        for key, value in given.items():
            if value is None and key in self._records:
                continue
            if isinstance(value, Mapping) and key in self._records:
                for field, inner in value.items():
                    self._take(f"{_text(key)}.{_text(field)}", inner)
            else:
                self._take(_text(key), value)

    def _take(self, path: str, value: Any) -> None:
        if path in self._given:
            self._report("fact-given-twice", path, None, name=path)
            return
        self._given.add(path)
        fact = self._pack.facts.get(path)
        if fact is None:
            if path in self._records:
                self._report("record-not-a-mapping", path, None, name=path)
            else:
                self._report("undeclared-fact", path, self._meant(path), name=path)
        elif value is not None and fact.kind.name == "list":
            records = self._list(fact, value)
            if records is not None:
                self.values[path] = records
        elif value is not None:
            self._decode_into(fact, value)

    def _list(self, fact: Fact, value: Any) -> tuple[Mapping[str, Any], ...] | None:
        """The records of a list, each field in held form; None when it is no list, or too long a one."""
        if not isinstance(value, (list, tuple)):
            self._report("records-not-a-list", fact.path, None, name=fact.path)
            return None
        assert fact.kind.max_items is not None  # INVARIANT: every list has a bound.
        if len(value) > fact.kind.max_items:
            self._report("too-many-items", fact.path, None, name=fact.path, count=len(value), limit=fact.kind.max_items)
            return None
        return tuple(self._record(fact, f"{fact.path}[{number}]", each) for number, each in enumerate(value, 1))

    def _record(self, fact: Fact, path: str, given: Any) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            self._report("record-not-a-mapping", path, None, name=path)
            return {}
        record: dict[str, Any] = {member.name: ABSENT for member in fact.kind.members if member.optional}
        for key, value in given.items():
            name = _text(key)
            member = fact.kind.member(name)
            if member is None:
                known = [member.name for member in fact.kind.members]
                meant = nearest(name, known)
                self._report("undeclared-fact", f"{path}.{name}", meant, name=f"{path}.{name}")
            elif value is not None:
                held = self._held(f"{path}.{name}", member.kind, fact.pii or member.pii, value)
                if held is not None:
                    record[member.name] = held
        return record

    def _meant(self, path: str) -> str | None:
        """The fact or record meant; a field written without its record is one, too."""
        if "." in path:
            return nearest(path, self._pack.facts)
        fields = {fact.partition(".")[2]: fact for fact in self._pack.facts}
        return nearest_spelling(path, fields | {record: record for record in self._records})

    def _decode_into(self, fact: Fact, value: Any) -> None:
        held = self._held(fact.path, fact.kind, fact.pii, value)
        if held is not None:
            self.values[fact.path] = held

    def _held(self, path: str, kind: Kind, is_private: bool, value: Any) -> Any:
        """The held form of a value; None when it was reported."""
        try:
            return self._decode(kind, value)
        except Misfit as misfit:
            shown = dict.fromkeys(misfit.values, MASK) if is_private else misfit.values
            self._report(misfit.name, path, None if is_private else misfit.suggestion, **shown)
            return None

    def _report(self, name: str, path: str, suggestion: str | None = None, /, **values: Any) -> None:
        place = ": ".join(part for part in (self._subject, path) if part)
        diagnostics = Diagnostics()
        key, value = self._places.get(path, (None, None))
        mark = key if name in _ABOUT_THE_KEY else value
        diagnostics.report(name, mark, suggestion=suggestion, subject=place or None, **values)
        self.findings.extend(diagnostics)


def _text(key: Any) -> str:
    """A key as text; that of a subclass without what the subclass makes of it."""
    return str.__str__(key) if isinstance(key, str) else str(key)

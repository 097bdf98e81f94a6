"""Owns turning a platform's JSON document into facts, by a mapping of the pack.

Nothing is guessed: a field that is missing, of another kind or with a word the mapping does not know
is named with the document's path, and no facts come out.
"""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from csflow.diagnostics import Finding, nearest
from csflow.facts.factsheet import MASK, FactError
from csflow.facts.paths import Missing, PathError, read_path
from csflow.facts.rows import ABSENT
from csflow.pack.model import DocumentMapping, LinkedPack, Mapped
from csflow.values.currencies import is_currency
from csflow.values.decoding import Misfit, from_text, from_value
from csflow.values.host_times import HostTime, host_instant
from csflow.values.instants import datetime_from_instant
from csflow.values.kinds import INT, Kind
from csflow.values.money import Money


def read_json(text: str) -> Any:
    """A JSON document with exact decimals; ValueError when it is malformed."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)


def map_document(
    pack: LinkedPack, mapping: DocumentMapping, document: Any, *, subject: str | None = None, of_texts: bool = False
) -> dict[str, Any]:
    """The facts a document gives, by path, in held form: what `read_facts` takes as `known`.

    A field that is optional in the mapping and missing or null is left out. `of_texts`: the document is a row of a
    table, in which numbers and truth values stand as text, too. Raises `FactError` that names, for each fact, the
    path of the document that did not give it.
    """
    reader = _DocumentReader(pack, subject, of_texts)
    root = reader.root(mapping, document)
    facts = {} if reader.findings else reader.facts(mapping, root)
    if reader.findings:
        raise FactError(reader.findings)
    return facts


class _DocumentReader:
    def __init__(self, pack: LinkedPack, subject: str | None, of_texts: bool) -> None:
        self._pack = pack
        self._subject = subject
        self._of_texts = of_texts
        # The path of the record that is being read: `line_items[0].`.
        self._within = ""
        self.findings: list[Finding] = []

    def root(self, mapping: DocumentMapping, document: Any) -> Any:
        """The part of the document that holds the facts."""
        if mapping.document is None:
            return document
        try:
            found = read_path(mapping.document, document)
        except PathError as problem:
            self._report("malformed-path", mapping.document, None, text=mapping.document, problem=str(problem))
            return None
        if isinstance(found, Missing) or not isinstance(found, dict):
            self._report("missing-document-part", mapping.document, None, mapping=mapping.name)
        return found

    def facts(self, mapping: DocumentMapping, root: Any) -> dict[str, Any]:
        return {
            mapped.fact: value for mapped in mapping.facts.values() if (value := self._value(mapped, root)) is not None
        }

    def _value(self, mapped: Mapped, root: Any) -> Any:
        value = self._at(mapped.path, mapped, root)
        if value is None:
            return None
        kind, _ = self._declared(mapped)
        if kind.name == "list":
            return self._records(mapped, kind, value)
        if mapped.values:
            return self._translated(mapped, value)
        if mapped.instant is not None:
            return self._instant(mapped, mapped.instant, value)
        is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        if mapped.currency is not None and (is_number or isinstance(value, str)):
            return self._amount(mapped, mapped.currency, value, root)
        if kind.name in ("text", "enum", "code", "reason") and is_number and not isinstance(value, Decimal):
            value = str(value)  # platforms number what they name
        return self._checked(mapped, value)

    def _amount(self, mapped: Mapped, path: str, value: int | Decimal | str, root: Any) -> Any:
        """An amount with the currency that stands at a path of its own."""
        currency = self._at(path, replace(mapped, optional=False), root)
        if currency is None:
            return None
        if not mapped.minor:
            return self._checked(mapped, f"{format(value, 'f') if isinstance(value, Decimal) else value} {currency}")
        try:
            # A text holds a number only in a table, where everything is text.
            held = from_text(INT, value) if self._of_texts and isinstance(value, str) else from_value(INT, value)
        except Misfit as misfit:
            self._misfit(mapped, misfit)
            return None
        known = is_currency(currency) if isinstance(currency, str) else False
        return self._checked(mapped, Money.from_minor(held, currency) if known else f"{held} {currency}")

    def _instant(self, mapped: Mapped, written: HostTime, value: Any) -> Any:
        """A time that stands without its offset, checked as any other."""
        try:
            held = host_instant(written, value, self._pack.zone)
        except ValueError:
            _, is_private = self._declared(mapped)
            shown = MASK if is_private else str(value)[:60]
            self._report("odd-host-time", mapped.path, None, given=shown, form=written.value)
            return None
        return self._checked(mapped, datetime_from_instant(held, 0))

    def _records(self, mapped: Mapped, kind: Kind, value: Any) -> Any:
        """The records of a list, in held form; each finding names the place of the record."""
        assert kind.max_items is not None  # INVARIANT: every list has a bound.
        if not isinstance(value, list):
            self._report("records-not-a-list", mapped.path, None, name=mapped.fact)
            return None
        if len(value) > kind.max_items:
            self._report("too-many-items", mapped.path, None, name=mapped.fact, count=len(value), limit=kind.max_items)
            return None
        return tuple(self._record(mapped, kind, number, each) for number, each in enumerate(value))

    def _record(self, mapped: Mapped, kind: Kind, number: int, each: Any) -> dict[str, Any]:
        outer, self._within = self._within, f"{self._within}{mapped.path}[{number}]."
        given = {name: self._value(inner, each) for name, inner in mapped.each.items()}
        self._within = outer
        record: dict[str, Any] = {member.name: ABSENT for member in kind.members if member.optional}
        return record | {name: value for name, value in given.items() if value is not None}

    def _declared(self, mapped: Mapped) -> tuple[Kind, bool]:
        """The kind of a fact or of a field of a list, and whether it is private."""
        fact = self._pack.facts.get(mapped.fact)
        if fact is not None:
            return fact.kind, fact.pii
        path, _, field = mapped.fact.rpartition(".")
        holder = self._pack.facts[path]
        member = holder.kind.member(field)
        assert member is not None  # INVARIANT: linking has looked.
        return member.kind, holder.pii or member.pii

    def _at(self, path: str, mapped: Mapped, root: Any) -> Any:
        try:
            found = read_path(path, root)
        except PathError as problem:
            self._report("malformed-path", path, None, text=path, problem=str(problem))
            return None
        if isinstance(found, Missing):
            if not mapped.optional:
                self._report(
                    "missing-field", path, found.near, fact=mapped.fact, after=found.path, segment=found.segment
                )
            return None
        if found is None and not mapped.optional:
            self._report("null-field", path, None, fact=mapped.fact)
        return found

    def _translated(self, mapped: Mapped, value: Any) -> Any:
        word = str(value).lower() if isinstance(value, bool) else str(value)
        if word in mapped.values:
            return mapped.values[word]
        known = list(mapped.values)
        _, is_private = self._declared(mapped)
        meant, shown = (None, MASK) if is_private else (nearest(word, known), word)
        self._report("unmapped-value", mapped.path, meant, fact=mapped.fact, value=shown, known=known)
        return None

    def _checked(self, mapped: Mapped, value: Any) -> Any:
        """The value in held form; a finding names the document's path."""
        read = from_text if self._of_texts and isinstance(value, str) else from_value
        try:
            return read(self._declared(mapped)[0], value)
        except Misfit as misfit:
            self._misfit(mapped, misfit)
            return None

    def _misfit(self, mapped: Mapped, misfit: Misfit) -> None:
        _, is_private = self._declared(mapped)
        shown = dict.fromkeys(misfit.values, MASK) if is_private else misfit.values
        self._report(misfit.name, mapped.path, None if is_private else misfit.suggestion, **shown)

    def _report(self, name: str, path: str, suggestion: str | None, /, **values: Any) -> None:
        path = f"{self._within}{path}"
        place = f"{self._subject}: {path}" if self._subject else path
        self.findings.append(Finding(name, None, values, suggestion, place))


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")

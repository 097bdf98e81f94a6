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
from csflow.pack.model import DocumentMapping, LinkedPack, Mapped
from csflow.values.decoding import Misfit, from_value


def read_json(text: str) -> Any:
    """A JSON document with exact decimals; ValueError when it is malformed."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)


def map_document(
    pack: LinkedPack, mapping: DocumentMapping, document: Any, *, subject: str | None = None
) -> dict[str, Any]:
    """The facts a document gives, by path, in held form: what `read_facts` takes as `known`.

    A field that is optional in the mapping and missing or null is left out. Raises `FactError` that
    names, for each fact, the path of the document that did not give it.
    """
    reader = _DocumentReader(pack, subject)
    root = reader.root(mapping, document)
    facts = {} if reader.findings else reader.facts(mapping, root)
    if reader.findings:
        raise FactError(reader.findings)
    return facts


class _DocumentReader:
    def __init__(self, pack: LinkedPack, subject: str | None) -> None:
        self._pack = pack
        self._subject = subject
        self.findings: list[Finding] = []

    def root(self, mapping: DocumentMapping, document: Any) -> Any:
        """The part of the document that holds the facts."""
        if mapping.document is None:
            return document
        found = read_path(mapping.document, document)
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
        kind = self._pack.facts[mapped.fact].kind
        if mapped.values:
            return self._translated(mapped, value)
        is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        if mapped.currency is not None and (is_number or isinstance(value, str)):
            currency = self._at(mapped.currency, replace(mapped, optional=False), root)
            if currency is None:
                return None
            value = f"{format(value, 'f') if isinstance(value, Decimal) else value} {currency}"
        elif kind.name in ("text", "enum", "code", "reason") and is_number and not isinstance(value, Decimal):
            value = str(value)  # platforms number what they name
        return self._checked(mapped, value)

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
        is_private = self._pack.facts[mapped.fact].pii
        meant, shown = (None, MASK) if is_private else (nearest(word, known), word)
        self._report("unmapped-value", mapped.path, meant, fact=mapped.fact, value=shown, known=known)
        return None

    def _checked(self, mapped: Mapped, value: Any) -> Any:
        """The value in held form; a finding names the document's path."""
        try:
            return from_value(self._pack.facts[mapped.fact].kind, value)
        except Misfit as misfit:
            self._misfit(mapped, misfit)
            return None

    def _misfit(self, mapped: Mapped, misfit: Misfit) -> None:
        is_private = self._pack.facts[mapped.fact].pii
        shown = dict.fromkeys(misfit.values, MASK) if is_private else misfit.values
        self._report(misfit.name, mapped.path, None if is_private else misfit.suggestion, **shown)

    def _report(self, name: str, path: str, suggestion: str | None, /, **values: Any) -> None:
        place = f"{self._subject}: {path}" if self._subject else path
        self.findings.append(Finding(name, None, values, suggestion, place))


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")

"""Owns turning what a backend has into dictionaries of records: JSON text, and objects read by their attributes.

An object gives the facts for which it has attributes; its other attributes are its own business. Nothing is said of
the values here: that is for the reader, which takes what comes out.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from functools import partial
from itertools import groupby
from typing import Any

from csflow.diagnostics import Finding, nearest
from csflow.facts.files import read_document
from csflow.pack.model import Fact, LinkedPack
from csflow.values.kinds import Kind
from csflow.values.money import Money

# What has attributes, but is a value, or many of them.
_VALUES = (str, bytes, bytearray, int, float, Decimal, dt.date, dt.time, dt.timedelta, Enum, Money)
_MANY = (list, tuple, set, frozenset)
_NOT_THERE = object()

# A part of what is read: its name, whether it may be left out, and what reads its value at a path.
Part = tuple[str, bool, Callable[[str, Any], Any]]


def in_dictionaries(pack: LinkedPack, given: Any) -> tuple[Any, list[Finding]]:
    """The same facts as `{record: {field: value}}`, and what is missing of the objects among them.

    Raises `FactError` where text is not JSON, and whatever an attribute raises that is read.
    """
    if isinstance(given, (str, bytes, bytearray)):
        return read_document("JSON", _bytes(given)), []
    reading = _Reading(pack)
    return reading.whole(given), reading.findings


def _bytes(given: str | bytes | bytearray) -> bytes:
    # INVARIANT: half a character is not JSON, and the reader of the document says so.
    return given.encode("utf-8", "surrogatepass") if isinstance(given, str) else bytes(given)


class _Reading:
    def __init__(self, pack: LinkedPack) -> None:
        self._facts = pack.facts
        by_record = sorted(pack.facts.values(), key=_record_of)
        self._records = {record: list(facts) for record, facts in groupby(by_record, key=_record_of)}
        self.findings: list[Finding] = []

    def whole(self, given: Any) -> Any:
        """A mapping by record or path, or an object whose attributes are the records."""
        if isinstance(given, Mapping):
            return {key: self._at(key, value) for key, value in given.items()}
        if not _is_object(given):
            return given
        parts = [(record, any(fact.optional for fact in facts), self._at) for record, facts in self._records.items()]
        return self._by_attribute("", given, parts)

    def _at(self, key: Any, value: Any) -> Any:
        """What stands beside a record or the path of a fact."""
        if key in self._facts:
            return self._fact(key, value)
        if key not in self._records:
            return value
        if isinstance(value, Mapping):
            return {field: self._fact(f"{key}.{field}", inner) for field, inner in value.items()}
        parts = ((fact.path.partition(".")[2], fact.optional, self._fact) for fact in self._records[key])
        return self._by_attribute(key, value, parts) if _is_object(value) else value

    def _fact(self, path: str, value: Any) -> Any:
        """A value, or the records of a list."""
        fact = self._facts.get(path)
        if fact is None:
            return value
        if fact.kind.name != "list" or not isinstance(value, (list, tuple)) or _is_object(value):
            return _plain(fact.kind, value)
        return [self._item(f"{path}[{number}]", fact.kind, each) for number, each in enumerate(value, 1)]

    def _item(self, path: str, kind: Kind, item: Any) -> Any:
        kinds = {member.name: member.kind for member in kind.members}
        if isinstance(item, Mapping):
            return {key: _plain(kinds[key], value) if key in kinds else value for key, value in item.items()}
        if not _is_object(item):
            return item
        parts = ((member.name, member.optional, partial(_of_field, member.kind)) for member in kind.members)
        return self._by_attribute(path, item, parts)

    def _by_attribute(self, path: str, thing: Any, parts: Iterable[Part]) -> dict[str, Any]:
        found = {}
        parts = list(parts)
        others: set[str] | None = None
        for name, may_be_left_out, read in parts:
            inner = f"{path}.{name}" if path else name
            value = _attribute(thing, name)
            if value is not _NOT_THERE:
                found[name] = read(inner, value)
            elif may_be_left_out:
                # INVARIANT: else what is misspelt in a class would be absent, and nobody would know.
                others = set(_attributes(thing)) - {each for each, _, _ in parts} if others is None else others
                meant = nearest(name, list(others))
                if meant is not None:
                    shown = {"type": type(thing).__name__, "attribute": name}
                    self.findings.append(Finding("missing-attribute", None, shown, meant, inner))
        return found


def _of_field(kind: Kind, path: str, value: Any) -> Any:
    return _plain(kind, value)


def _plain(kind: Kind, value: Any) -> Any:
    """A value; the member of an enumeration stands for its own."""
    return value.value if kind.is_symbolic and isinstance(value, Enum) else value


def _is_object(thing: Any) -> bool:
    """Whether facts stand in the attributes of something."""
    if isinstance(thing, _MANY):
        return hasattr(thing, "_fields")
    return thing is not None and not isinstance(thing, (*_VALUES, Mapping, type))


def _attribute(thing: Any, name: str) -> Any:
    """The value of an attribute, or `_NOT_THERE`; an AttributeError from within one that is there is the caller's."""
    try:
        return getattr(thing, name)
    except AttributeError:
        if name in _attributes(thing):
            raise
        return _NOT_THERE


def _attributes(thing: Any) -> Iterator[str]:
    return (name for name in dir(thing) if not name.startswith("_"))


def _record_of(fact: Fact) -> str:
    return fact.path.partition(".")[0]

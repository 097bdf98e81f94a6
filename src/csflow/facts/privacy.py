"""Owns what may be shown of private facts: in a document for people, and in a finding about a file of facts.

Values in messages are masked where they are reported (`MASK`); of a finding, this is about the line shown below it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from csflow.diagnostics import Finding, Mark, Source
from csflow.facts.factsheet import MASK
from csflow.pack.model import Fact, LinkedPack
from csflow.source import Mapping as MappingNode
from csflow.source import Node
from csflow.source import Sequence as List

_COVER = "*"


def covered(findings: Iterable[Finding], pack: LinkedPack, values: Iterable[tuple[str, Node]]) -> list[Finding]:
    """The findings at the same places of a text in which every private value is covered, sign by sign.

    `values` are the values of the file by fact path. What a key means that is not declared nobody knows: where a
    pack has private facts its value is covered, too.
    """
    marks = [mark for path, node in values for mark in _private(pack, path, node)]
    if not marks:
        return list(findings)
    source = _covered(marks)
    return [replace(each, mark=each.mark and source.mark(each.mark.start, each.mark.end)) for each in findings]


def shape_of(document: Source) -> Source:
    """A document with every letter and digit covered: of one that cannot be read nobody knows what in it is private."""
    return Source(document.path, "".join(_COVER if sign.isalnum() else sign for sign in document.text))


def _covered(marks: Sequence[Mark]) -> Source:
    whole = marks[0].source
    signs = list(whole.text)
    for mark in marks:
        signs[mark.start : mark.end] = (sign if sign.isspace() else _COVER for sign in mark.text)
    return Source(whole.path, "".join(signs))


def masked(facts: Mapping[str, Fact], document: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by path, as JSON has them, with every private value masked; what is no fact of the pack is left."""
    return {path: _masked(facts[path], value) if path in facts else value for path, value in document.items()}


def _masked(fact: Fact, value: Any) -> Any:
    if fact.pii:
        return MASK
    hidden = {member.name for member in fact.kind.members if member.pii}
    if not hidden or not isinstance(value, list):
        return value
    return [{name: MASK if name in hidden else each for name, each in item.items()} for item in value]


def _private(pack: LinkedPack, path: str, node: Node) -> Iterator[Mark]:
    fact = pack.facts.get(path)
    if fact is None or fact.pii:
        yield from [node.mark] if fact or _has_private(pack) else []
    elif fact.kind.name == "list":
        for item in node.items if isinstance(node, List) else [node]:
            for entry in item.entries if isinstance(item, MappingNode) else []:
                member = fact.kind.member(entry.key.text)
                if member.pii if member else _has_private(pack):
                    yield entry.value.mark


def _has_private(pack: LinkedPack) -> bool:
    return any(fact.pii or any(member.pii for member in fact.kind.members) for fact in pack.facts.values())

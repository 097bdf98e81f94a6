"""Owns facts that stand in a file: YAML, read with its places, or JSON, read with exact decimals."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from csflow.diagnostics import Diagnostics, Finding, Mark, Source, Word
from csflow.facts.documents import read_json
from csflow.facts.factsheet import FactError, Place, read_facts
from csflow.facts.privacy import covered, shape_of
from csflow.facts.rows import Facts
from csflow.pack.model import LinkedPack
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar, Sequence, read_yaml


def read_document(path: str, data: bytes) -> Any:
    """The JSON document of a file as Python values. Raises `FactError` where it is not JSON."""
    try:
        text = data.decode("utf-8-sig")
        return read_json(text)
    except json.JSONDecodeError as problem:
        mark = shape_of(Source(path, problem.doc)).mark(problem.pos, problem.pos + 1)
        raise FactError([_malformed(path, problem.msg, mark)]) from None
    except (ValueError, RecursionError) as problem:
        raise FactError([_malformed(path, str(problem))]) from None


def read_facts_file(pack: LinkedPack, path: str, data: bytes, known: Mapping[str, Any] | None = None) -> Facts:
    """Checked facts of a file, on top of `known` ones in held form. Raises `FactError` with every finding."""
    if path.endswith(".json"):
        return read_facts(pack, read_document(path, data), known=known, subject=path)
    diagnostics = Diagnostics()
    tree = read_yaml(path, data, diagnostics)
    if tree is None:
        raise FactError(diagnostics)
    given, places = _by_path(pack, tree, diagnostics)
    try:
        if diagnostics.has_errors:
            raise FactError(diagnostics)
        return read_facts(pack, given, known=known, as_text=True, places=places, subject=path)
    except FactError as error:
        values = ((path, node) for path, _, node in _leaves(tree))
        raise FactError(covered(error.diagnostics, pack, values)) from None


def read_facts_tree(pack: LinkedPack, tree: MappingNode, known: Mapping[str, Any] | None = None) -> Facts:
    """Checked facts of a tree, on top of `known` ones in held form, of which null takes one away, or a record.

    Raises `FactError` with every finding.
    """
    diagnostics = Diagnostics()
    given, places = _by_path(pack, tree, diagnostics)
    if diagnostics.has_errors:
        raise FactError(diagnostics)
    taken = {path for path, value in given.items() if value is None}
    left = {path: held for path, held in (known or {}).items() if not {path, path.partition(".")[0]} & taken}
    return read_facts(pack, given, known=left, as_text=True, places=places)


def _by_path(pack: LinkedPack, tree: MappingNode, diagnostics: Diagnostics) -> tuple[dict[str, Any], dict[str, Place]]:
    """The texts of a tree by fact path, and where they stand; null and nothing mean not given."""
    given: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for path, key, node in _leaves(tree):
        fact = pack.facts.get(path)
        places[path] = key.mark, node.mark
        is_list = fact is not None and fact.kind.name == "list"
        if is_list and isinstance(node, Sequence):
            given[path] = [_record(f"{path}[{n}]", item, places, diagnostics) for n, item in enumerate(node.items, 1)]
        elif is_list and isinstance(node, MappingNode):
            given[path] = {}
        else:
            given[path] = _text(node, diagnostics)
    return given, places


def _record(path: str, node: Node, places: dict[str, Place], diagnostics: Diagnostics) -> dict[str, str | None] | None:
    """The texts of one record of a list; None where it is none."""
    places[path] = node.mark, node.mark
    if not isinstance(node, MappingNode):
        return None
    for entry in node.entries:
        places[f"{path}.{entry.key.text}"] = entry.key.mark, entry.value.mark
    return {entry.key.text: _text(entry.value, diagnostics) for entry in node.entries}


def _leaves(tree: MappingNode) -> Iterator[tuple[str, Scalar, Node]]:
    for entry in tree.entries:
        if isinstance(entry.value, MappingNode):
            for field in entry.value.entries:
                yield f"{entry.key.text}.{field.key.text}", field.key, field.value
        else:
            yield entry.key.text, entry.key, entry.value


def _text(node: Node, diagnostics: Diagnostics) -> str | None:
    if not isinstance(node, Scalar):
        shape = "mapping" if isinstance(node, MappingNode) else "list"
        diagnostics.report("wrong-shape", node.mark, wanted=Word("shape.text"), found=Word(f"shape.{shape}"))
        return None
    return None if not node.is_quoted and node.text in ("", "null", "~") else node.text


def _malformed(path: str, problem: str, mark: Mark | None = None) -> Finding:
    return Finding("malformed-document", mark, {"path": path, "problem": problem}, None, path)

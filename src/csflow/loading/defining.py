"""Owns the first two steps for one document: its tree, and the definition that its first key names.

A document that was read before, by the same name and byte for byte the same, is not read again: of a pack that is
loaded after each change, most are. INVARIANT: trees and definitions are never changed.
"""

from functools import cached_property, lru_cache

from csflow.definitions import DOCUMENTS, Definition, read_definition
from csflow.diagnostics import Diagnostics, Finding, nearest
from csflow.loading.grids import with_listed_rules, with_rules_at_hand
from csflow.loading.tables import Tables
from csflow.source import Mapping, is_grid, read_yaml

# So many documents of at most so many bytes are kept, and so many larger ones: some tens of megabytes as trees.
_MOST_KEPT, _LARGEST_KEPT = 1024, 16 * 1024
_MOST_LARGE, _LARGEST = 32, 128 * 1024


class Document:
    """One document as it was read. `tree` is None where something about it is reported; `findings` say what."""

    def __init__(self, path: str, data: bytes) -> None:
        diagnostics = Diagnostics()
        self.tree = read_yaml(path, data, diagnostics)
        self.findings = tuple(diagnostics)

    @cached_property
    def alone(self) -> tuple[Definition | None, tuple[Finding, ...]]:
        """Its definition, whatever else the pack holds."""
        diagnostics = Diagnostics()
        definition = None if self.tree is None else define_alone(self.tree, diagnostics)
        return definition, tuple(diagnostics)


def read_document(path: str, data: bytes, generation: int, diagnostics: Diagnostics) -> Document:
    """A document; `path` is what findings call it. Packs that extend each other may have documents of one name."""
    size = len(data)
    read = _kept if size <= _LARGEST_KEPT else _kept_large if size <= _LARGEST else None
    document = Document(path, data) if read is None else read(path, data, generation)
    diagnostics.extend(document.findings)
    return document


def define(document: Document, name: str, tables: Tables, diagnostics: Diagnostics) -> Definition | None:
    """The definition of a document that has a tree; `name` is its path inside the pack."""
    tree = document.tree
    assert tree is not None
    rules = tree.get("rules")
    if isinstance(rules, Mapping) and is_grid(rules):
        # What its file holds may change, though it does not.
        return _defined(with_listed_rules(tree, name, tables, diagnostics), diagnostics)
    definition, findings = document.alone
    diagnostics.extend(findings)
    return definition


@lru_cache(_MOST_KEPT)
def _kept(path: str, data: bytes, generation: int) -> Document:
    return Document(path, data)


@lru_cache(_MOST_LARGE)
def _kept_large(path: str, data: bytes, generation: int) -> Document:
    return Document(path, data)


def define_alone(tree: Mapping, diagnostics: Diagnostics) -> Definition | None:
    """One document as a definition, whatever else the pack holds; rules that a file has are left out."""
    return _defined(with_rules_at_hand(tree, diagnostics) if tree.entries else tree, diagnostics)


def _defined(tree: Mapping, diagnostics: Diagnostics) -> Definition | None:
    """The document as the definition that its first key names."""
    if not tree.entries:
        diagnostics.report("empty-file", tree.mark)
        return None
    first = tree.entries[0].key
    model = DOCUMENTS.get(first.text)
    if model is None:
        diagnostics.report(
            "unknown-document",
            first.mark,
            suggestion=nearest(first.text, DOCUMENTS),
            key=first.text,
            known=list(DOCUMENTS),
        )
        return None
    return read_definition(model, tree, diagnostics)

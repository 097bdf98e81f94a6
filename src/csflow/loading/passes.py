"""Owns the staircase: read, define, link, check. Findings are collected on each step; a step that
reported an error is the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from csflow.checks import check_pack
from csflow.definitions import DOCUMENTS, Definition, read_definition
from csflow.diagnostics import Diagnostics, nearest
from csflow.loading.grids import with_listed_rules
from csflow.loading.linking import link
from csflow.loading.tables import Tables, is_table
from csflow.pack.digest import with_digests
from csflow.pack.model import LinkedPack
from csflow.source import Mapping as MappingNode
from csflow.source import read_folder, read_yaml


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load gave: the pack, None after an error, and every finding."""

    pack: LinkedPack | None
    diagnostics: Diagnostics


def load_folder(root: Path, shown_as: str | None = None) -> Loaded:
    """Load the pack in a folder; `shown_as` is what findings call the folder."""
    diagnostics = Diagnostics()
    if not root.is_dir():
        diagnostics.report("no-such-pack", subject=str(root))
        return Loaded(None, diagnostics)
    files = read_folder(root, diagnostics)
    shown = shown_as if shown_as is not None else root.as_posix()
    return _load(files, Tables(root, {}), shown, diagnostics)


def load_files(files: Mapping[str, bytes], shown_as: str = "") -> Loaded:
    """Load a pack from its files, by their paths inside it; CSV files and workbooks are those that rules name."""
    documents = {name: data for name, data in files.items() if not is_table(name)}
    return _load(documents, Tables(None, files), shown_as, Diagnostics())


def _load(files: Mapping[str, bytes], tables: Tables, root: str, diagnostics: Diagnostics) -> Loaded:
    trees = {name: read_yaml(f"{root}/{name}" if root else name, data, diagnostics) for name, data in files.items()}
    if diagnostics.has_errors:
        return Loaded(None, diagnostics)
    documents = [_define(tree, name, tables, diagnostics) for name, tree in trees.items() if tree is not None]
    if diagnostics.has_errors:
        return Loaded(None, diagnostics)
    pack = link([document for document in documents if document is not None], root, diagnostics)
    if pack is None or diagnostics.has_errors:
        return Loaded(None, diagnostics)
    check_pack(pack, diagnostics)
    return Loaded(None if diagnostics.has_errors else with_digests(pack), diagnostics)


def _define(tree: MappingNode, name: str, tables: Tables, diagnostics: Diagnostics) -> Definition | None:
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
    return read_definition(model, with_listed_rules(tree, name, tables, diagnostics), diagnostics)

"""Owns the staircase: read, define, link, check. Findings are collected on each step; a step that
reported an error is the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from csflow.checks import check_pack
from csflow.definitions import DOCUMENTS, Definition, read_definition
from csflow.definitions.sections import PackSection
from csflow.diagnostics import Diagnostics, Severity, nearest
from csflow.diagnostics.ignoring import Ignore, report_covered_errors
from csflow.loading.grids import with_listed_rules, with_rules_at_hand
from csflow.loading.linking import link
from csflow.loading.standard import standard_folder, standard_names
from csflow.loading.tables import Tables, is_table
from csflow.pack.digest import with_digests
from csflow.pack.model import LinkedPack
from csflow.source import Mapping as MappingNode
from csflow.source import read_folder, read_ignores, read_yaml


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load gave: the pack, None after an error, every finding, and what its authors ask not to hear of."""

    pack: LinkedPack | None
    diagnostics: Diagnostics
    ignores: tuple[Ignore, ...] = ()


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
    return load_documents(documents, Tables(None, files), shown_as)


def load_documents(documents: Mapping[str, bytes], tables: Tables, shown_as: str = "") -> Loaded:
    """Load a pack from its documents, by their paths inside it, and the files that their rules name."""
    return _load(documents, tables, shown_as, Diagnostics())


def _load(files: Mapping[str, bytes], tables: Tables, root: str, diagnostics: Diagnostics) -> Loaded:
    ignores: list[Ignore] = []
    generations = _generations(files, tables, root, ignores, diagnostics)
    if diagnostics.has_errors:
        return _refused(diagnostics, ignores)
    pack = link(generations, root, diagnostics)
    if pack is None or diagnostics.has_errors:
        return _refused(diagnostics, ignores)
    check_pack(pack, diagnostics)
    if diagnostics.has_errors:
        return _refused(_without_remarks_on_others(diagnostics, generations), ignores)
    return Loaded(with_digests(pack), _without_remarks_on_others(diagnostics, generations), tuple(ignores))


def _refused(diagnostics: Diagnostics, ignores: list[Ignore]) -> Loaded:
    report_covered_errors(diagnostics, ignores, diagnostics)
    return Loaded(None, diagnostics, tuple(ignores))


def _generations(
    files: Mapping[str, bytes], tables: Tables, root: str, ignores: list[Ignore], diagnostics: Diagnostics
) -> list[list[Definition]]:
    """The documents of a pack, of the pack it extends, and so on; [] as soon as one cannot be read.

    What the authors of the first ask not to hear of is added to `ignores`.
    """
    generations: list[list[Definition]] = []
    extended: list[str] = []
    while True:
        trees = {name: read_yaml(f"{root}/{name}" if root else name, data, diagnostics) for name, data in files.items()}
        if diagnostics.has_errors:
            return []
        if not generations:
            ignores += [each for tree in trees.values() if tree is not None for each in read_ignores(tree, diagnostics)]
        documents = [_define(tree, name, tables, diagnostics) for name, tree in trees.items() if tree is not None]
        if diagnostics.has_errors:
            return []
        generations.append([document for document in documents if document is not None])
        base = next((each.extends for each in generations[-1] if isinstance(each, PackSection) and each.extends), None)
        if base is None:
            return generations
        if base.text in extended or base.text not in standard_names():
            meant = nearest(base.text, standard_names())
            diagnostics.report("unknown-base", base.mark, suggestion=meant, name=base.text, known=standard_names())
            return []
        extended.append(base.text)
        folder = standard_folder(base.text)
        files, root, tables = read_folder(folder, diagnostics), f"policies/{base.text}", Tables(folder, {})


def _without_remarks_on_others(diagnostics: Diagnostics, generations: list[list[Definition]]) -> Diagnostics:
    """Without warnings and notes on the packs that are extended: their own authors see them."""
    others = {document.mark.source for documents in generations[1:] for document in documents}
    kept = Diagnostics()
    kept.extend(
        finding
        for finding in diagnostics
        if finding.severity is Severity.ERROR or finding.mark is None or finding.mark.source not in others
    )
    return kept


def define_alone(tree: MappingNode, diagnostics: Diagnostics) -> Definition | None:
    """One document as a definition, whatever else the pack holds; rules that a file has are left out."""
    return _defined(with_rules_at_hand(tree, diagnostics) if tree.entries else tree, diagnostics)


def _define(tree: MappingNode, name: str, tables: Tables, diagnostics: Diagnostics) -> Definition | None:
    return _defined(with_listed_rules(tree, name, tables, diagnostics) if tree.entries else tree, diagnostics)


def _defined(tree: MappingNode, diagnostics: Diagnostics) -> Definition | None:
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

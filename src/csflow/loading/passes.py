"""Owns the staircase: read, define, link, check. Findings are collected on each step; a step that
reported an error is the last."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from csflow.checks import check_pack
from csflow.definitions import Definition
from csflow.definitions.sections import CasesDocument, PackSection
from csflow.diagnostics import Diagnostics, Severity, nearest
from csflow.diagnostics.ignoring import Ignore, report_covered_errors
from csflow.loading.cases import link_cases
from csflow.loading.defining import Document, define, read_document
from csflow.loading.linking import link
from csflow.loading.standard import standard_folder, standard_names
from csflow.loading.tables import Tables, is_table
from csflow.pack.cases import Case
from csflow.pack.digest import with_digests
from csflow.pack.model import LinkedPack
from csflow.source import read_folder, read_ignores

_TESTS = "tests"
# Of most documents of tests it can be told without reading them that this is their first key.
_BEGINS_WITH_TESTS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*tests *:(?:[ \t\r\n]|$)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load gave: the pack, None after an error, every finding, and what its authors ask not to hear of.

    `cases` are the pack's own tests; those of a pack that it extends are not among them.
    """

    pack: LinkedPack | None
    diagnostics: Diagnostics
    ignores: tuple[Ignore, ...] = ()
    cases: tuple[Case, ...] = ()


def load_folder(root: Path, shown_as: str | None = None, *, tests: bool = True) -> Loaded:
    """Load the pack in a folder; `shown_as` is what findings call the folder.

    Without `tests` documents that begin with `tests:` are passed over unread: deciding needs none of them.
    """
    diagnostics = Diagnostics()
    if not root.is_dir():
        diagnostics.report("no-such-pack", subject=str(root))
        return Loaded(None, diagnostics)
    files = read_folder(root, diagnostics)
    shown = shown_as if shown_as is not None else root.as_posix()
    return _load(files, Tables(root, {}), shown, diagnostics, tests=tests)


def load_files(files: Mapping[str, bytes], shown_as: str = "", *, tests: bool = True) -> Loaded:
    """Load a pack from its files, by their paths inside it; CSV files and workbooks are those that documents name."""
    documents = {name: data for name, data in files.items() if not is_table(name)}
    return _load(documents, Tables(None, files), shown_as, Diagnostics(), tests=tests)


def load_documents(documents: Mapping[str, bytes], tables: Tables, shown_as: str = "") -> Loaded:
    """Load a pack from its documents, by their paths inside it, and the files that they name."""
    return _load(documents, tables, shown_as, Diagnostics(), tests=True)


def _load(files: Mapping[str, bytes], tables: Tables, root: str, diagnostics: Diagnostics, *, tests: bool) -> Loaded:
    ignores: list[Ignore] = []
    generations = _generations(files, tables, root, ignores, tests, diagnostics)
    if diagnostics.has_errors:
        return _refused(diagnostics, ignores)
    pack = link(generations, root, diagnostics)
    if pack is None or diagnostics.has_errors:
        return _refused(diagnostics, ignores)
    cases = link_cases(pack, _tests(generations[0], files, root), tables, diagnostics)
    check_pack(pack, diagnostics)
    if diagnostics.has_errors:
        return _refused(_without_remarks_on_others(diagnostics, generations), ignores)
    told = _without_remarks_on_others(diagnostics, generations)
    return Loaded(with_digests(pack), told, tuple(ignores), cases)


def _tests(documents: Sequence[Definition], files: Mapping[str, bytes], root: str) -> list[tuple[str, CasesDocument]]:
    """The documents of tests, by their paths inside the pack."""
    paths = {_shown(root, name): name for name in files}
    return [(paths[each.mark.path], each) for each in documents if isinstance(each, CasesDocument)]


def _shown(root: str, name: str) -> str:
    """What findings call a file of the pack."""
    return f"{root}/{name}" if root else name


def _refused(diagnostics: Diagnostics, ignores: list[Ignore]) -> Loaded:
    report_covered_errors(diagnostics, ignores, diagnostics)
    return Loaded(None, diagnostics, tuple(ignores))


def _generations(
    files: Mapping[str, bytes],
    tables: Tables,
    root: str,
    ignores: list[Ignore],
    tests: bool,
    diagnostics: Diagnostics,
) -> list[list[Definition]]:
    """The documents of a pack, of the pack it extends, and so on; [] as soon as one cannot be read.

    What the authors of the first ask not to hear of is added to `ignores`.
    """
    generations: list[list[Definition]] = []
    extended: list[str] = []
    while True:
        read = _read(files, root, tests and not generations, len(generations), diagnostics)
        if diagnostics.has_errors:
            return []
        if not generations:
            trees = [document.tree for document in read.values()]
            ignores += [each for tree in trees if tree is not None for each in read_ignores(tree, diagnostics)]
        documents = [define(document, name, tables, diagnostics) for name, document in read.items()]
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


def _read(
    files: Mapping[str, bytes], root: str, tests: bool, generation: int, diagnostics: Diagnostics
) -> dict[str, Document]:
    """The documents that have a tree by their paths inside the pack, those of tests only where they are asked for."""
    if not tests:
        files = {name: data for name, data in files.items() if not _BEGINS_WITH_TESTS.match(data)}
    read = {name: read_document(_shown(root, name), data, generation, diagnostics) for name, data in files.items()}
    found = {name: document for name, document in read.items() if document.tree is not None}
    return {name: each for name, each in found.items() if tests or not each.tree or each.tree.keys()[:1] != (_TESTS,)}


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

"""Owns the staircase: read, define, link, check. Findings are collected on each step; a step that
reported an error is the last."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from csflow.checks import check_pack
from csflow.checks.collecting import uncollected
from csflow.definitions import Definition
from csflow.definitions.sections import CasesDocument, PackSection
from csflow.diagnostics import Diagnostics, Finding, Severity, nearest
from csflow.diagnostics.ignoring import Ignore, report_covered_errors
from csflow.loading.cases import Sound, link_cases
from csflow.loading.defining import Document, define, read_document
from csflow.loading.linking import link
from csflow.loading.standard import standard_folder, standard_names
from csflow.loading.tables import Tables, is_table
from csflow.pack.digest import with_digests
from csflow.pack.model import LinkedPack
from csflow.settlement.cases import AnyCase
from csflow.source import read_folder, read_ignores

_TESTS = "tests"
# Of most documents of tests it can be told without reading them that this is their first key.
_BEGINS_WITH_TESTS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*tests *:(?:[ \t\r\n]|$)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load gave: the pack, None after an error in it, every finding, and what its authors ask not to hear of.

    `cases` are the pack's own tests; those of a pack that it extends are not among them. An error in a test keeps that
    test from being run, or the whole document where its form is wrong, not the pack: `faults` holds what was found in
    such a document, by its path inside the pack.
    """

    pack: LinkedPack | None
    diagnostics: Diagnostics
    ignores: tuple[Ignore, ...] = ()
    cases: tuple[AnyCase, ...] = ()
    faults: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)


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


@uncollected()
def _load(files: Mapping[str, bytes], tables: Tables, root: str, diagnostics: Diagnostics, *, tests: bool) -> Loaded:
    ignores: list[Ignore] = []
    about_tests: list[str] = []
    generations = _generations(files, tables, root, ignores, about_tests, diagnostics)
    written = [_read_tests(name, files[name], tables, root, ignores) for name in about_tests if tests]
    pack = None if diagnostics.has_errors else link(generations, root, diagnostics)
    if pack is not None and not diagnostics.has_errors:
        sound: Sound = set()
        cases = tuple(case for each in written for case in each.cases(pack, tables, sound))
        check_pack(pack, diagnostics)
    told = _without_remarks_on_others(diagnostics, generations)
    # A comment on an error does not make it go away.
    kept = tuple(each for each in ignores if not any(map(each.covers, _errors([*told, *_found(written)]))))
    for findings in (told, *(each.found for each in written)):
        report_covered_errors(_errors(findings), ignores, findings)
    faults = {each.name: tuple(each.found) for each in written if each.found.has_errors}
    told.extend(_found(written))
    if pack is None or diagnostics.has_errors:
        return Loaded(None, told, kept)
    return Loaded(with_digests(pack), told, kept, cases, faults)


@dataclass(frozen=True, slots=True)
class _Tests:
    """A document of tests by its path inside the pack, None where its form is wrong, and what was found in it."""

    name: str
    document: CasesDocument | None
    found: Diagnostics

    def cases(self, pack: LinkedPack, tables: Tables, sound: Sound) -> tuple[AnyCase, ...]:
        """Its tests without those that have a fault, which is reported."""
        if self.document is None:
            return ()
        return link_cases(pack, [(self.name, self.document)], tables, self.found, sound)


def _read_tests(name: str, data: bytes, tables: Tables, root: str, ignores: list[Ignore]) -> _Tests:
    found = Diagnostics()
    read = read_document(_shown(root, name), data, 0, found)
    if read.tree is None or found.has_errors:
        return _Tests(name, None, found)
    ignores += read_ignores(read.tree, found)
    document = define(read, name, tables, found)
    return _Tests(name, document if isinstance(document, CasesDocument) else None, found)


def _found(written: Iterable[_Tests]) -> list[Finding]:
    return [finding for each in written for finding in each.found]


def _errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(each for each in findings if each.severity is Severity.ERROR)


def _shown(root: str, name: str) -> str:
    """What findings call a file of the pack."""
    return f"{root}/{name}" if root else name


def _generations(
    files: Mapping[str, bytes],
    tables: Tables,
    root: str,
    ignores: list[Ignore],
    about_tests: list[str],
    diagnostics: Diagnostics,
) -> list[list[Definition]]:
    """The documents of a pack, of the pack it extends, and so on; [] as soon as one cannot be read.

    What the authors of the first ask not to hear of is added to `ignores`, its documents of tests to `about_tests`.
    """
    generations: list[list[Definition]] = []
    extended: list[str] = []
    while True:
        read = _read(files, root, len(generations), diagnostics)
        if not generations:
            about_tests += [name for name in files if name not in read]
        if diagnostics.has_errors:
            return []
        if not generations:
            trees = [document.tree for document in read.values()]
            ignores += [each for tree in trees if tree is not None for each in read_ignores(tree, diagnostics)]
        documents = [define(each, name, tables, diagnostics) for name, each in read.items() if each.tree is not None]
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


def _read(files: Mapping[str, bytes], root: str, generation: int, diagnostics: Diagnostics) -> dict[str, Document]:
    """The documents by their paths inside the pack, without those of tests."""
    files = {name: data for name, data in files.items() if not _BEGINS_WITH_TESTS.match(data)}
    read = {name: read_document(_shown(root, name), data, generation, diagnostics) for name, data in files.items()}
    return {name: each for name, each in read.items() if each.tree is None or each.tree.keys()[:1] != (_TESTS,)}


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

"""Owns how pytest finds and runs the tests of packs: each document of tests is a file, each case an item.

A document is one called `*.cases.yaml`, or any YAML file in the folder `tests` of a pack, below a folder with a
`pack.yaml`. Where there is none, nothing of csflow but this module is loaded. A pack that does not load is one item,
which fails with the findings; so are the faults of a document, beside those of its tests that have none.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from csflow.diagnostics import Finding
    from csflow.diagnostics.rendering.report import Trial
    from csflow.loading.passes import Loaded
    from csflow.settlement.cases import AnyCase
    from csflow.testing.running import Runner

_SUFFIXES = (".yaml", ".yml")
_NAMES = tuple(f".cases{suffix}" for suffix in _SUFFIXES)
_LANGUAGES = ("zh-CN", "zh-TW", "en")


class PackTestFailed(Exception):
    """A case that came out otherwise than expected, or a pack that does not load; the text says it all."""


def pytest_addoption(parser: pytest.Parser) -> None:
    said = f"Language in which tests of csflow packs are told: {', '.join(_LANGUAGES)}"
    parser.addini("csflow_lang", said, default="en")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if not file_path.name.endswith(_SUFFIXES):
        return None
    pack = _pack_of(file_path)
    if pack is None or not (file_path.name.endswith(_NAMES) or _is_among_tests(file_path, pack)):
        return None
    return CaseFile.from_parent(parent, path=file_path, pack=pack)


def _pack_of(file: Path) -> Path | None:
    """The folder of the nearest pack above a file. Other tools have a `pack.yaml`, too."""
    folder = next((folder for folder in file.parents if (folder / "pack.yaml").is_file()), None)
    return folder if folder is not None and _begins_with(folder / "pack.yaml", b"pack:") else None


def _is_among_tests(file: Path, pack: Path) -> bool:
    return (pack / "tests") in file.parents and _begins_with(file, b"tests:")


def _begins_with(file: Path, key: bytes) -> bool:
    """Whether the first line of a file that is neither blank nor a comment begins so."""
    lines = file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith(b"#")), b"")
    return first.startswith(key)


class CaseFile(pytest.File):
    """One document of tests."""

    def __init__(self, *, pack: Path, **more: Any) -> None:
        super().__init__(**more)
        self.pack = pack

    @property
    def language(self) -> str:
        """The language of messages. A word that is none is English: no test fails for it."""
        chosen = str(self.config.getini("csflow_lang"))
        return chosen if chosen in _LANGUAGES else "en"

    def collect(self) -> Iterator[pytest.Item]:
        loaded = self.loaded()
        if loaded.pack is None:
            yield FaultItem.from_parent(self, name="pack", findings=loaded.diagnostics.sorted())
            return
        path = self.path.relative_to(self.pack).as_posix()
        if path in loaded.faults:
            yield FaultItem.from_parent(self, name="faults", findings=loaded.faults[path])
        for case in loaded.cases:
            if case.document == path:
                yield CaseItem.from_parent(self, name=case.name, case=case)

    def loaded(self) -> "Loaded":
        """The pack of the document, read once a run."""
        from csflow.loading.passes import load_folder

        packs = self.config.stash.setdefault(_PACKS, {})
        if self.pack not in packs:
            packs[self.pack] = load_folder(self.pack, _shown(self.pack, self.config.rootpath))
        return packs[self.pack]

    def runner(self) -> "Runner":
        """What runs the cases of the pack, compiled once a run."""
        from csflow.testing.running import Runner

        runners = self.config.stash.setdefault(_RUNNERS, {})
        if self.pack not in runners:
            pack = self.loaded().pack
            assert pack is not None  # INVARIANT: else there are no cases.
            runners[self.pack] = Runner(pack)
        return runners[self.pack]


class FaultItem(pytest.Item):
    """A pack that does not load, or what keeps tests of a document from being run."""

    parent: CaseFile

    def __init__(self, *, findings: "Sequence[Finding]", **more: Any) -> None:
        super().__init__(**more)
        self.findings = findings

    def runtest(self) -> None:
        from csflow.diagnostics.rendering.text import render_text

        raise PackTestFailed(render_text(self.findings, self.parent.language))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return _told(excinfo) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name


class CaseItem(pytest.Item):
    """One case."""

    parent: CaseFile

    def __init__(self, *, case: "AnyCase", **more: Any) -> None:
        super().__init__(**more)
        self.case = case

    def runtest(self) -> None:
        from csflow.diagnostics.ignoring import sifted
        from csflow.diagnostics.rendering.text import render_text

        trial = self._trial()
        told, ignored = sifted([trial.finding] if trial.finding is not None else [], self.parent.loaded().ignores)
        if ignored:
            pytest.xfail(ignored[0].reason)
        if told:
            raise PackTestFailed(render_text(told, self.parent.language))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return _told(excinfo) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the case: in its document, or in the table that the document names."""
        return self.config.rootpath / self.case.mark.path, self.case.mark.line - 1, self.name

    def _trial(self) -> "Trial":
        from csflow.testing.reporting import trial_of

        return trial_of(self.parent.runner().run(self.case))


_PACKS: "pytest.StashKey[dict[Path, Loaded]]" = pytest.StashKey()
_RUNNERS: "pytest.StashKey[dict[Path, Runner]]" = pytest.StashKey()


def _shown(folder: Path, root: Path) -> str:
    """What findings call a pack: its path from the root of the run, or whole where it lies elsewhere."""
    if not folder.is_relative_to(root):
        return folder.as_posix()
    shown = folder.relative_to(root).as_posix()
    return "" if shown == "." else shown


def _told(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    return str(excinfo.value) if isinstance(excinfo.value, PackTestFailed) else ""

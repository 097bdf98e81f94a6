"""Owns how pytest finds the pages: each page of this folder is a file of tests, each check of it a test."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from .checks import Check, checks_of, report
from .pages import FOLDER, Page, PageFault, is_page


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.parent == FOLDER and is_page(file_path):
        return PageFile.from_parent(parent, path=file_path)
    return None


class Different(Exception):
    """What a check found to differ, told line by line."""


class PageFile(pytest.File):
    def collect(self) -> Iterable[pytest.Item]:
        page = Page(self.path.name, self.path.read_text(encoding="utf-8"))
        for check in checks_of(page):
            name = f"{check.section.title} | {check.title} | line {check.line}"
            yield CheckItem.from_parent(self, name=name, check=check)


class CheckItem(pytest.Item):
    def __init__(self, *, check: Check, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self._check = check

    def runtest(self) -> None:
        differences = report(self._check, self._check.run())
        if differences:
            raise Different(differences)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, (Different, PageFault)):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self._check.line - 1, self.name

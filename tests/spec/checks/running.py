"""Owns running an example of the catalogue as its author would: `csflow check`, another command, or a program."""

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl

from csflow import FactError, PackError
from csflow.cli import app
from csflow.cli.check import examined
from csflow.cli.options import Quit
from csflow.diagnostics import LANGUAGES, catalogue
from csflow.diagnostics.examples import CHECK, MANY, Content, Example, Rows
from csflow.diagnostics.rendering.report import Report
from csflow.diagnostics.rendering.text import render_text
from csflow.loading.passes import load_files
from csflow.values.instants import parse_instant

PACK = Path(__file__).parent / "pack"
FILES = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
# Examples are checked as of this instant, long before the calendar of the small pack ends.
AT = "2026-01-01T00:00:00+08:00"
TAB = "Sheet1"
REASON = "店规另有约定"

_HEAD = re.compile(r"(?:(?P<place>\S.*?): )?(?:error|warning|note) CS\d{3} (?P<name>[a-z][a-z0-9-]*): ")
_IN_TEXT = re.compile(r"(?P<file>.+?):(?P<line>\d+):\d+")
_IN_SHEET = re.compile(r"(?P<file>.+?)\[.+\]![A-Z]+(?P<line>\d+)")

# Name, file or subject, and line of a finding; a line that is none is 0.
Head = tuple[str, str, int]


@dataclass(frozen=True)
class Outcome:
    """What a run printed, by language, and the exit code that it gave."""

    texts: Mapping[str, str]
    exit_code: int

    @property
    def heads(self) -> list[Head]:
        """Every finding as it stands in the text, and in the same order."""
        return [_head(match) for line in self.texts["en"].split("\n") if (match := _HEAD.match(line))]


def wanted(name: str) -> Head:
    """The finding that the wrong side of the example of `name` shows."""
    example = catalogue.by_name(name).example
    assert example is not None
    return name, example.place, example.line


@cache
def wrong(name: str) -> Outcome:
    """What the wrong side of the example of `name` gives."""
    example = catalogue.by_name(name).example
    assert example is not None
    return _outcome(example, example.bad, example.encoding)


@cache
def right(name: str) -> Outcome:
    """What its right side gives."""
    example = catalogue.by_name(name).example
    assert example is not None
    return _outcome(example, example.good, "utf-8")


@cache
def ignoring(name: str) -> str | None:
    """The comment and the line below it that make `csflow check` silent on the example; None where none does."""
    example = catalogue.by_name(name).example
    if example is None or example.command != CHECK or not example.line or not example.place.endswith((".yaml", ".yml")):
        return None
    written = _files(example, example.bad, example.encoding)
    try:
        lines = written[example.place].decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return None
    line = lines[example.line - 1]
    indent = line[: len(line) - len(line.lstrip(" "))]
    comment = f"{indent}# csflow: ignore[{catalogue.by_name(name).code}] {REASON}"
    text = "\n".join([*lines[: example.line - 1], comment, *lines[example.line - 1 :]])
    report = _report(written | {example.place: text.encode("utf-8")})
    return f"{comment}\n{line}" if [each.finding.name for each in report.ignored] == [name] else None


def _outcome(example: Example, content: Content, encoding: str) -> Outcome:
    if example.command == CHECK:
        return _checked(_report(_files(example, content, encoding)))
    files = _files(example, content, encoding)
    if example.file.endswith(".py"):
        with _folder(files):
            return _of_program(example.file)
    return _of_commands(example.command or str(content), files)


def _report(files: Mapping[str, bytes]) -> Report:
    return examined(load_files(files), parse_instant(AT))


def _checked(report: Report) -> Outcome:
    texts = {language: render_text(report.findings, language) for language in LANGUAGES}
    return Outcome(texts, 1 if report.failing else 0)


def _of_program(file: str) -> Outcome:
    """A program ends with the error that csflow raises; its findings are shown in each language."""
    code = compile(Path(file).read_text(encoding="utf-8"), file, "exec")
    try:
        exec(code, {"__name__": "__main__"})
    except (FactError, PackError) as error:
        return Outcome({language: render_text(error.diagnostics, language) for language in LANGUAGES}, 1)
    return Outcome(dict.fromkeys(LANGUAGES, ""), 0)


def _of_commands(lines: str, files: Mapping[str, bytes]) -> Outcome:
    """Commands are run once a language, each time in a folder of their own."""
    printed, exit_code = {}, 0
    for language in LANGUAGES:
        out = io.StringIO()
        with _folder(files), _environment(CSFLOW_LANG=language), contextlib.redirect_stdout(out):
            for line in lines.strip().split("\n"):
                with contextlib.redirect_stderr(io.StringIO()):
                    exit_code = _run(*shlex.split(line))
        printed[language] = out.getvalue()
    return Outcome(printed, exit_code)


def _run(program: str, *arguments: str) -> int:
    """One line of a shell: `cd FOLDER`, or `csflow` with its arguments, in this process."""
    if program == "cd":
        os.chdir(*arguments)
        return 0
    assert program == "csflow", f"an example runs csflow, not {program}"
    try:
        app(list(arguments), standalone_mode=False)
    except Quit as stop:
        return stop.code
    return 0


@contextlib.contextmanager
def _folder(files: Mapping[str, bytes]) -> Iterator[None]:
    """A folder that holds the files, as the current one."""
    with tempfile.TemporaryDirectory() as root:
        pack = Path(root, "corner_shop")
        for name, data in files.items():
            path = pack / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        with contextlib.chdir(pack):
            yield


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _files(example: Example, content: Content, encoding: str) -> dict[str, bytes]:
    """The small pack with the files of the example."""
    beside = {name: _bytes(each, example, "utf-8") for name, each in example.files.items()}
    own = {example.file: _bytes(content, example, encoding)} if example.file else {}
    return FILES | beside | own


def _bytes(content: Content, example: Example, encoding: str) -> bytes:
    if not isinstance(content, str):
        return _workbook(content)
    part, times = example.many or ("", 0)
    return content.replace(MANY, part * times).encode(encoding)


def _workbook(rows: Rows) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = TAB
    for row in rows:
        sheet.append([cell if cell != "" else None for cell in row])
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


def _head(match: re.Match[str]) -> Head:
    place = match["place"] or ""
    for form in (_IN_TEXT, _IN_SHEET):
        if found := form.fullmatch(place):
            return match["name"], found["file"], int(found["line"])
    return match["name"], place, 0

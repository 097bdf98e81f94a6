"""Owns reading a page: Markdown into sections, each with its files, its tables and what they ask.

A page is prose around three things. Fenced blocks `yaml path=NAME` are files of a pack: a section has
those of the sections it stands in, and may replace any. Tables are cases; what they ask is said by a
line above them (`decide: NAME`) or by their columns. Marks at the end of a line of YAML, or alone on
the line before, state findings: `# error: [name]`. What asks nothing and is not marked as prose is a
fault of the page. What the answers are is for `checks`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
ARROW = "→"
PROSE = "<!-- prose -->"
# What a line may ask, and whether a table follows it.
DIRECTIVES = {
    "decide": True,
    "evaluate": True,
    "cells": True,
    "values": True,
    "map": True,
    "vocabulary": True,
    "tests": True,
    "quote": True,
    "digests": False,
    "finding": False,
}

_HEADING = re.compile(r"(#{1,6}) (.+)")
_FENCE = re.compile(r"```(.*)")
_DIRECTIVE = re.compile(r"([a-z_]+): (.+)")
_MARK = re.compile(r"# (error|warning|note): ((?:\[[a-z-]+\] ?)+)$")
_NAMES = re.compile(r"\[([a-z-]+)\]")


class PageFault(Exception):
    """A page that does not say what it checks; the message names the page and the line."""

    def __init__(self, page: "Page", line: int, fault: str) -> None:
        super().__init__(f"{page.name}:{line}: {fault}")


@dataclass(frozen=True, slots=True)
class Stated:
    """One finding that a file is said to have, at a line of that file."""

    severity: str
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class File:
    """A block of a page that is a file of a pack; `line` is where its first line stands in the page."""

    path: str
    text: str
    line: int
    stated: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what is asked of it: a directive and its argument, or "" and ""."""

    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    asks: str = ""
    of: str = ""


@dataclass(slots=True)
class Section:
    """What stands under one heading, before the next. `above` is the section it stands in."""

    page: "Page"
    level: int
    title: str
    line: int
    above: "Section | None"
    files: dict[str, File] = field(default_factory=dict)
    shared: bool = False
    given: tuple[str, ...] = ()
    order: str | None = None
    tables: list[Table] = field(default_factory=list)
    # What stands in a line alone: its place, what it asks, of what.
    lines: list[tuple[int, str, str]] = field(default_factory=list)

    def pack(self) -> dict[str, File]:
        """Every file of the section's pack but the shared ones, its own last."""
        return (self.above.pack() if self.above else {}) | self.files

    def frozen(self) -> str | None:
        """The order that its quotes are about: the nearest one above."""
        return self.order if self.order is not None or self.above is None else self.above.frozen()

    def facts(self) -> tuple[str, ...]:
        """The blocks of facts that hold for its tables, outermost first."""
        return (self.above.facts() if self.above else ()) + self.given


@dataclass(slots=True)
class Page:
    name: str
    text: str
    sections: list[Section] = field(default_factory=list)

    def __post_init__(self) -> None:
        _Reader(self).read()
        if not any(section.files or section.tables or section.lines for section in self.sections):
            raise PageFault(self, 1, "a page that checks nothing")


def read_pages(folder: Path = FOLDER) -> list[Page]:
    """The pages of a folder, in the order of their names."""
    return [Page(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.md")) if is_page(path)]


def is_page(path: Path) -> bool:
    """Every Markdown file of the folder is a page, but the one that explains them."""
    return path.suffix == ".md" and path.name != "README.md"


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a line of a table, without the back-ticks around a whole cell."""
    return tuple(_bare(cell.replace("\\|", "|").strip()) for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1]))


class _Reader:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._lines = page.text.split("\n")
        self._at = 0
        # What the line above asked, until a table answers it.
        self._asked: tuple[int, str, str] | None = None
        self._is_prose = False

    def read(self) -> None:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if match := _FENCE.match(line):
                self._block(match[1].split())
            elif line.startswith("|"):
                self._table()
            elif match := _HEADING.fullmatch(line):
                self._require_answered()
                self._heading(len(match[1]), match[2])
            else:
                self._prose(line)
            self._at += 1
        self._require_answered()

    @property
    def _section(self) -> Section:
        if not self._page.sections:
            self._fail("a page begins with a heading")
        return self._page.sections[-1]

    def _heading(self, level: int, title: str) -> None:
        above = next((one for one in reversed(self._page.sections) if one.level < level), None)
        if above is None and self._page.sections:
            self._fail("a page has one heading of the first level")
        self._page.sections.append(Section(self._page, level, title, self._at + 1, above))

    def _block(self, info: list[str]) -> None:
        first = self._at + 1
        end = next((n for n in range(first, len(self._lines)) if self._lines[n] == "```"), None)
        if end is None:
            self._fail("a block that does not end")
        text = "\n".join(self._lines[first:end]) + "\n"
        match info:
            case ["yaml" | "csv" | "json", where, *more] if where.startswith("path=") and set(more) <= {"shared"}:
                self._file(where.removeprefix("path="), text, first + 1, "shared" in more)
            case ["yaml", "given"]:
                self._section.given += (text,)
            case ["json", "order"]:
                self._section.order = text
            case _:
                self._fail("a block that nothing checks: say `yaml path=...`, `yaml given` or `json order`")
        self._at = end

    def _file(self, path: str, text: str, line: int, shared: bool) -> None:
        section = self._section
        if path in section.files:
            self._fail(f"{path} stands twice in this section")
        try:
            section.files[path] = File(path, text, line, tuple(_stated(text)))
        except ValueError as problem:
            self._fail(str(problem))
        section.shared = section.shared or shared

    def _table(self) -> None:
        first = self._at
        while self._at + 1 < len(self._lines) and self._lines[self._at + 1].startswith("|"):
            self._at += 1
        header, _, *body = self._lines[first : self._at + 1]
        if self._is_prose:
            self._is_prose = False
            return
        _, asks, of = self._asked or (0, "", "")
        rows = tuple(Row(first + 3 + n, cells_of(line)) for n, line in enumerate(body))
        table = Table(first + 1, cells_of(header), rows, asks, of)
        self._asked = None
        if not rows:
            self._fail("a table without a row")
        if any(len(row.cells) != len(table.header) for row in rows):
            self._fail("a row with more or fewer cells than the header")
        if not asks and not {"expression", "condition"} & set(table.header):
            self._fail(f"a table that nothing checks: say what it asks, or {PROSE}")
        self._section.tables.append(table)

    def _prose(self, line: str) -> None:
        if line == PROSE:
            self._is_prose = True
        if not line.strip() or (self._at and self._lines[self._at - 1].strip()):
            return
        match = _DIRECTIVE.fullmatch(line)
        if match is None:
            return
        word, of = match.groups()
        if word not in DIRECTIVES:
            self._fail(f"`{word}:` asks nothing; known are {', '.join(DIRECTIVES)}")
        self._require_answered()
        if DIRECTIVES[word]:
            self._asked = (self._at + 1, word, of.strip())
        else:
            self._section.lines.append((self._at + 1, word, of.strip()))

    def _require_answered(self) -> None:
        if self._asked is not None:
            raise PageFault(self._page, self._asked[0], f"`{self._asked[1]}:` without a table below it")

    def _fail(self, fault: str) -> None:
        raise PageFault(self._page, self._at + 1, fault)


def _stated(text: str) -> Iterator[Stated]:
    for number, line in enumerate(text.split("\n"), 1):
        match = _MARK.search(line)
        if match:
            # A mark alone on its line is about the next one.
            place = number if line[: match.start()].strip() else number + 1
            for name in _NAMES.findall(match[2]):
                yield Stated(match[1], name, place)
        elif "# error" in line or "# warning" in line or "# note:" in line:
            raise ValueError(f"`{line.strip()}` states no finding: write `# error: [name]`")


def _bare(cell: str) -> str:
    whole = re.fullmatch(r"`([^`]+)`", cell)
    return whole[1] if whole else cell

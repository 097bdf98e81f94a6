"""Owns reading a grid from a YAML text: `rules: |`, cells between `|`, inputs and outputs on the sides of `||`."""

import re
from dataclasses import dataclass
from itertools import pairwise
from unicodedata import east_asian_width

from csflow.diagnostics import Diagnostics, Mark
from csflow.source.grid import Grid, Row, is_too_large, report_first
from csflow.source.tree import Scalar

_BAR = re.compile(r"\|\|?")
# What a Chinese keyboard or a drawn table gives for `|`.
_WIDE_BARS = {"｜": "|", "│": "|", "┃": "|", "︱": "|", "∣": "|", "‖": "||", "∥": "||", "║": "||"}
_WIDE_BAR = re.compile(f"[{''.join(_WIDE_BARS)}]+")
_BLOCK_HEADER = re.compile(r">[-+0-9]*")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a grid; `separators` are the places of its `||`, counted in cells."""

    cells: tuple[Scalar, ...]
    separators: tuple[int, ...]
    bars: tuple[Mark, ...]
    mark: Mark

    @property
    def shape(self) -> str:
        """`4 || 3`: how many cells stand on each side."""
        ends = (0, *self.separators, len(self.cells))
        return " || ".join(str(end - start) for start, end in pairwise(ends))


def is_text_grid(scalar: Scalar) -> bool:
    """Whether a text was meant as a grid, in whichever style it was written."""
    return scalar.style == "literal" or bool(_BAR.search(scalar.text) or _WIDE_BAR.search(scalar.text))


def read_text_grid(scalar: Scalar, diagnostics: Diagnostics) -> Grid | None:
    """The grid in a block of text; None when anything about it was reported.

    Blank lines and lines that begin with `#` say nothing.
    """
    if scalar.style != "literal":
        _report_style(scalar, diagnostics)
        return None
    found = Diagnostics()
    lines = _lines(scalar.content)
    if not lines:
        diagnostics.report("missing-column", scalar.mark.part(0, 1), name="id")
        return None
    grid = _grid(lines, found)
    report_first(found, diagnostics)
    return grid if not len(found) else None


def aligned_grid(scalar: Scalar) -> str:
    """The text of a grid in a block with its columns one below the other; other lines as they are."""
    written = {line.mark.start: line for line in _lines(scalar.content)}
    lines = list(written.values())
    columns = max((len(line.cells) for line in lines), default=0)
    widths = [max((_width(line, place) for line in lines), default=0) for place in range(columns)]
    shown, at = [], scalar.content.start
    for text in scalar.content.text.split("\n"):
        indent = text[: len(text) - len(text.lstrip(" "))]
        line = written.get(at + len(indent))
        shown.append(text if line is None else indent + _padded(line, widths))
        at += len(text) + 1
    return "\n".join(shown)


def _padded(line: _Line, widths: list[int]) -> str:
    pieces = []
    for place, cell in enumerate(line.cells):
        if place:
            pieces.append(" || " if place in line.separators else " | ")
        pieces.append(cell.text + " " * (widths[place] - _width(line, place)))
    return "".join(pieces).rstrip(" ")


def _width(line: _Line, place: int) -> int:
    """How many places of a screen a cell takes: a Chinese character takes two."""
    text = line.cells[place].text if place < len(line.cells) else ""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _report_style(scalar: Scalar, diagnostics: Diagnostics) -> None:
    """`rules: >` joins the lines, and so do quotes."""
    header = _BLOCK_HEADER.match(scalar.mark.text)
    if header:
        diagnostics.report("folded-grid", scalar.mark.part(0, header.end()), suggestion="|")
    else:
        diagnostics.report("folded-grid", scalar.mark.part(0, min(1, len(scalar.mark.text))))


def _lines(content: Mark) -> list[_Line]:
    lines = []
    at = content.start
    for text in content.text.split("\n"):
        stripped = text.strip(" \r")
        if stripped and not stripped.startswith("#"):
            start = at + len(text) - len(text.lstrip(" \r"))
            lines.append(_line(content.source.mark(start, start + len(stripped))))
        at += len(text) + 1
    return lines


def _line(mark: Mark) -> _Line:
    cells, separators, bars = [], [], []
    at = 0
    for bar in _BAR.finditer(mark.text):
        cells.append(_cell(mark.part(at, bar.start())))
        if bar[0] == "||":
            separators.append(len(cells))
            bars.append(mark.part(*bar.span()))
        at = bar.end()
    cells.append(_cell(mark.part(at, mark.end - mark.start)))
    return _Line(tuple(cells), tuple(separators), tuple(bars), mark)


def _cell(mark: Mark) -> Scalar:
    text = mark.text.strip(" ")
    if text:
        start = len(mark.text) - len(mark.text.lstrip(" "))
        mark = mark.part(start, start + len(text))
    return Scalar(text, "cell", mark, mark)


def _grid(lines: list[_Line], diagnostics: Diagnostics) -> Grid:
    header, rows = lines[0], lines[1:]
    if is_too_large(len(rows), len(header.cells), header.mark, diagnostics):
        rows = []
    for bar in header.bars[1:]:
        diagnostics.report("duplicate-column", bar, name="||", first="||")
    has_wide_bars = _report_wide_bars(header, diagnostics)
    if not has_wide_bars:
        for cell in header.cells:
            if not cell.text:
                diagnostics.report("nameless-column", cell.mark)
    for row in rows:
        if row.shape == header.shape or _report_wide_bars(row, diagnostics) or has_wide_bars:
            continue
        diagnostics.report("uneven-row", row.mark, found=row.shape, wanted=header.shape)
    separator = header.separators[0] if header.separators else None
    return Grid(_row(header), tuple(_row(row) for row in rows), separator, takes_titles=False)


def _report_wide_bars(line: _Line, diagnostics: Diagnostics) -> bool:
    """Report every bar of the wrong keyboard; whether there was one."""
    wide = list(_WIDE_BAR.finditer(line.mark.text))
    for bars in wide:
        ascii_bars = "".join(_WIDE_BARS[sign] for sign in bars[0])
        suggestion = ascii_bars if len(ascii_bars) < 3 else None
        mark = line.mark.part(*bars.span())
        diagnostics.report("wide-separator", mark, suggestion=suggestion, sign=bars[0], ascii=ascii_bars)
    return bool(wide)


def _row(line: _Line) -> Row:
    return Row(line.cells, line.mark)

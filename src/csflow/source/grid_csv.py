"""Owns reading a grid from CSV: cells as the standard library reads them, each with its place in the file."""

import csv
import io
import re
from collections.abc import Iterator

from csflow.diagnostics import Diagnostics, Mark, Phrase, Source
from csflow.source.decoding import BYTE_ORDER_MARK, decode
from csflow.source.grid import Grid, Row, grid_of_table, is_too_large, report_first
from csflow.source.limits import MAX_FILE_BYTES, MAX_GRID_ROWS, MAX_SCALAR_BYTES, is_full
from csflow.source.signs import report_signs
from csflow.source.syntax import UNCLOSED_QUOTE
from csflow.source.tree import Scalar

_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?!")')
_PLAIN = re.compile(r"[^,\r\n]*")
# What separates the cells of a file that is no CSV.
_WIDE_COMMAS = {"，": ",", "；": ",", ";": ",", "、": ","}

_AFTER_QUOTE = Phrase.of(
    {
        "zh-CN": "引号闭合之后还有别的内容；格子里的引号要写成两个",
        "zh-TW": "引號閉合之後還有別的內容；格子裡的引號要寫成兩個",
        "en": "something follows the closing quote; a quote inside a cell is written twice",
    }
)


def read_csv_grid(path: str, data: bytes, diagnostics: Diagnostics) -> Grid | None:
    """The grid of a CSV file; None when anything about it was reported. A byte order mark may begin it."""
    found = Diagnostics()
    grid = _read(path, data, found)
    report_first(found, diagnostics)
    return grid if not len(found) else None


def _read(path: str, data: bytes, diagnostics: Diagnostics) -> Grid | None:
    if len(data) > MAX_FILE_BYTES:
        diagnostics.report("file-too-large", subject=path, size=len(data), limit=MAX_FILE_BYTES)
        return None
    # Excel writes the mark, so that it knows its own file again.
    source = decode(path, data.removeprefix(BYTE_ORDER_MARK), diagnostics)
    if source is None or report_signs(source, diagnostics):
        return None
    rows = _rows(source, diagnostics)
    if rows is None:
        return None
    if not rows:
        diagnostics.report("empty-file", source.mark())
        return None
    for cell in (cell for row in rows for cell in row.cells):
        _require_length(cell, diagnostics)
    return grid_of_table(rows, diagnostics) if not len(diagnostics) else None


def _rows(source: Source, diagnostics: Diagnostics) -> list[Row] | None:
    """Every row that says something, each as long as the first; None when one was reported."""
    rows: list[Row] = []
    count = 0
    for mark, texts in _records(source, diagnostics):
        if not any(text.strip() for text in texts):
            continue
        count += 1
        if not rows and is_too_large(0, len(texts), mark, diagnostics):
            return None
        if rows and len(texts) != len(rows[0].cells):
            diagnostics.report("uneven-row", mark, found=len(texts), wanted=len(rows[0].cells))
        elif count <= MAX_GRID_ROWS + 1:
            places = _places(source, mark.start, len(texts))
            rows.append(Row(tuple(map(_cell, places, texts)), mark))
        if is_full(diagnostics) or (count == 1 and _report_wide_commas(rows[0], diagnostics)):
            return None
    if rows and is_too_large(count - 1, len(rows[0].cells), rows[0].mark, diagnostics):
        return None
    return rows if not len(diagnostics) else None


def _records(source: Source, diagnostics: Diagnostics) -> Iterator[tuple[Mark, list[str]]]:
    """The rows as the standard library reads them; the last one before a quote that is not in order (reported)."""
    reader = csv.reader(io.StringIO(source.text, newline=""), strict=True, skipinitialspace=True)
    start = 0
    while start < len(source.text):
        try:
            texts = next(reader)
        except csv.Error:
            _report_quotes(source, start, diagnostics)
            return
        end = source.offset(reader.line_num + 1, 1) if reader.line_num < source.line_count else len(source.text)
        yield source.mark(start, start + len(source.text[start:end].rstrip("\r\n"))), texts
        start = end


def _places(source: Source, at: int, count: int) -> list[Mark]:
    """Where the cells of a row stand that begins at `at`, quotes away."""
    places = []
    for _ in range(count):
        at = _after_blanks(source, at)
        quoted = _QUOTED.match(source.text, at)
        if quoted:
            places.append(source.mark(*quoted.span(1)))
            at = quoted.end() + 1
        else:
            plain = _PLAIN.match(source.text, at)
            end = plain.end() if plain else at
            places.append(source.mark(at, end))
            at = end + 1
    return places


def _cell(place: Mark, text: str) -> Scalar:
    raw = place.text
    kept = raw.strip(" \r\n")
    if kept:
        start = len(raw) - len(raw.lstrip(" \r\n"))
        place = place.part(start, start + len(kept))
    return Scalar(text.strip(" \r\n").replace("\r\n", "\n"), "cell", place, place)


def _report_quotes(source: Source, at: int, diagnostics: Diagnostics) -> None:
    """The quote that is not in order, in the row that begins at `at`."""
    start = at
    while at < len(source.text):
        at = opened = _after_blanks(source, at)
        if source.text.startswith('"', at):
            quoted = _QUOTED.match(source.text, at)
            if quoted is None:
                diagnostics.report("malformed-csv", source.mark(opened, opened + 1), problem=UNCLOSED_QUOTE)
                return
            at = quoted.end()
            if source.text[at : at + 1] not in ("", ",", "\r", "\n"):
                diagnostics.report("malformed-csv", source.mark(at, at + 1), problem=_AFTER_QUOTE)
                return
        else:
            plain = _PLAIN.match(source.text, at)
            at = plain.end() if plain else at
        if at - opened > MAX_SCALAR_BYTES:
            # The quotes are in order, but this is more than the standard library reads.
            mark = source.mark(opened, opened + 1)
            diagnostics.report("scalar-too-long", mark, length=at - opened, limit=MAX_SCALAR_BYTES)
            return
        at += 1
    # INVARIANT: what the standard library gave up on is reported.
    diagnostics.report("malformed-csv", source.mark(start, start + 1), problem=_AFTER_QUOTE)


def _after_blanks(source: Source, at: int) -> int:
    while source.text.startswith(" ", at):
        at += 1
    return at


def _report_wide_commas(header: Row, diagnostics: Diagnostics) -> bool:
    """A header in one cell, with other signs where the commas should be."""
    if len(header.cells) != 1:
        return False
    heading = header.cells[0].mark
    found = [(at, sign) for at, sign in enumerate(heading.text) if sign in _WIDE_COMMAS]
    for at, sign in found:
        ascii_sign = _WIDE_COMMAS[sign]
        mark = heading.part(at, at + 1)
        diagnostics.report("wide-separator", mark, suggestion=ascii_sign, sign=sign, ascii=ascii_sign)
    return bool(found)


def _require_length(cell: Scalar, diagnostics: Diagnostics) -> None:
    # A sign takes four bytes at most, so shorter texts need no counting.
    if len(cell.text) * 4 > MAX_SCALAR_BYTES:
        length = len(cell.text.encode("utf-8"))
        if length > MAX_SCALAR_BYTES:
            diagnostics.report("scalar-too-long", cell.mark.part(0, 1), length=length, limit=MAX_SCALAR_BYTES)

"""Owns a row of a CSV export as a document: its cells by their headings, all of them text."""

from dataclasses import dataclass, replace

from csflow.diagnostics import Diagnostics, Finding
from csflow.facts.factsheet import FactError
from csflow.facts.privacy import shape_of
from csflow.source import Grid, Row, Scalar, read_csv_grid
from csflow.source.grid import report_duplicate


@dataclass(frozen=True, slots=True)
class TableRow:
    """`place` is what findings call it (`orders.csv:3`); a cell left empty is None: it was not given."""

    place: str
    line: int
    cells: dict[str, str | None]


def read_rows(path: str, data: bytes) -> list[TableRow]:
    """The rows of a CSV file below its headings, within the limits of a grid.

    Raises `FactError` where it is no table: not UTF-8, a quote that is not closed, a row longer or shorter than the
    headings, a heading that is missing or stands twice. Findings show its shape alone: nobody knows what is private.
    """
    diagnostics = Diagnostics()
    grid = read_csv_grid(path, data, diagnostics)
    if grid is not None:
        _require_headings(grid, diagnostics)
    if grid is None or diagnostics.has_errors:
        raise FactError([_covered(finding) for finding in diagnostics])
    headings = [cell.text for cell in grid.header.cells]
    return [_row(path, headings, row) for row in grid.rows]


def _row(path: str, headings: list[str], row: Row) -> TableRow:
    cells = dict(zip(headings, (cell.text or None for cell in row.cells), strict=True))
    return TableRow(f"{path}:{row.mark.line}", row.mark.line, cells)


def _require_headings(grid: Grid, diagnostics: Diagnostics) -> None:
    """Each heading stands once, or its cells would be those of two columns."""
    first: dict[str, Scalar] = {}
    for cell in grid.header.cells:
        if cell.text in first:
            report_duplicate(cell, first[cell.text], diagnostics)
        first.setdefault(cell.text, cell)


def _covered(finding: Finding) -> Finding:
    mark = finding.mark
    return replace(finding, mark=mark and shape_of(mark.source).mark(mark.start, mark.end))

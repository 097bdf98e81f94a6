"""Owns the neutral grid: rules as rows of cells under a header, whichever way they were written.

Reading one from text, CSV or a sheet is for `grid_text`, `grid_csv` and `sheets`; what its columns mean, for
those who know the decision.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from csflow.diagnostics import Diagnostics, Mark, Phrase
from csflow.source.limits import MAX_FINDINGS, MAX_GRID_COLUMNS, MAX_GRID_ROWS
from csflow.source.quoting import shortened
from csflow.source.tree import Scalar

SEPARATOR = "||"

ROWS = Phrase.of({"zh-CN": "行数", "zh-TW": "列數", "en": "rows"})
COLUMNS = Phrase.of({"zh-CN": "列数", "zh-TW": "欄數", "en": "columns"})


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, from the left; a cell left empty has no text."""

    cells: tuple[Scalar, ...]
    mark: Mark = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Grid:
    """A header and its rows, each with as many cells. `separator` is how many columns stand left of `||`.

    `takes_titles` says whether a column may be headed by a title in place of a name.
    """

    header: Row
    rows: tuple[Row, ...]
    separator: int | None
    takes_titles: bool


def grid_of_table(rows: list[Row], diagnostics: Diagnostics) -> Grid | None:
    """The grid of a table in which `||` heads a column of its own; None when it was reported.

    `rows` are all as long as the first, the header. Columns without a heading and without a cell are left out.
    """
    header, body = rows[0], rows[1:]
    separators = [place for place, cell in enumerate(header.cells) if cell.text == SEPARATOR]
    for place in separators[1:]:
        report_duplicate(header.cells[place], header.cells[separators[0]], diagnostics)
    dropped = set(separators)
    sound = len(separators) < 2
    for place, heading in enumerate(header.cells):
        if heading.text and place not in dropped:
            continue
        filled = next((row.cells[place] for row in body if row.cells[place].text), None)
        if filled is not None:
            if place in dropped:
                diagnostics.report("filled-separator", filled.mark, text=shortened(filled.text))
            else:
                diagnostics.report("nameless-column", filled.mark)
            sound = False
        dropped.add(place)
    if not sound:
        return None
    kept = [place for place in range(len(header.cells)) if place not in dropped]
    separator = sum(place < separators[0] for place in kept) if separators else None
    whole = [Row(tuple(row.cells[place] for place in kept), row.mark) for row in rows]
    return Grid(whole[0], tuple(whole[1:]), separator, takes_titles=True)


def report_duplicate(again: Scalar, first: Scalar, diagnostics: Diagnostics) -> None:
    """A column headed like one before it."""
    diagnostics.report("duplicate-column", again.mark, name=shortened(again.text), first=shortened(first.text))


def is_too_large(rows: int, columns: int, mark: Mark, diagnostics: Diagnostics) -> bool:
    """Whether a grid has more rows or columns than anyone writes, which is reported."""
    for what, size, limit in ((ROWS, rows, MAX_GRID_ROWS), (COLUMNS, columns, MAX_GRID_COLUMNS)):
        if size > limit:
            diagnostics.report("grid-too-large", mark, what=what, size=size, limit=limit)
            return True
    return False


def report_first(found: Diagnostics, diagnostics: Diagnostics) -> None:
    """Hand on the findings of one grid; where there are more than anyone reads, the first of them."""
    findings = list(found)
    diagnostics.extend(findings[:MAX_FINDINGS])
    if len(findings) > MAX_FINDINGS:
        diagnostics.report("too-many-findings", findings[MAX_FINDINGS].mark, limit=MAX_FINDINGS)


def spanning(cells: Iterable[Scalar]) -> Mark:
    """From the first of these cells to the last."""
    marks = [cell.mark for cell in cells]
    return marks[0].to(marks[-1])

"""Owns which column of a grid is which: its heading, by name or title, among those that may stand there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from csflow.diagnostics import Diagnostics, nearest_spelling
from csflow.source import Grid, Scalar


class Side(Enum):
    """Where a column may stand: left of `||`, right of it, or on either side."""

    LEFT = "left"
    RIGHT = "right"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a grid may have: the section of a row that its cells belong to, and their name in it."""

    section: str
    name: str
    side: Side
    titles: tuple[str, ...] = ()
    is_optional: bool = True


def columns_of(grid: Grid, known: Sequence[Column], diagnostics: Diagnostics) -> list[Column] | None:
    """The columns of a grid in their order; None when one was reported. A column headed twice is."""
    before = len(diagnostics)
    columns = [_column(grid, place, known, diagnostics) for place in range(len(grid.header.cells))]
    _require_distinct(grid, columns, diagnostics)
    found = [column for column in columns if column is not None]
    return found if len(diagnostics) == before else None


def _column(grid: Grid, place: int, known: Sequence[Column], diagnostics: Diagnostics) -> Column | None:
    heading = grid.header.cells[place]
    meant = [column for column in known if heading.text in _spellings(grid, column)]
    allowed = [column for column in meant if _may_stand(grid, place, column)]
    if len(allowed) > 1:
        listed = [f"{column.section}.{column.name}" for column in allowed]
        diagnostics.report("ambiguous-column", heading.mark, name=heading.text, meanings=listed)
    elif not allowed and meant:
        diagnostics.report("misplaced-column", heading.mark, name=heading.text)
    elif not allowed:
        _report_unknown(heading, [column for column in known if _may_stand(grid, place, column)], diagnostics)
    return next(iter(allowed or meant), None)


def _may_stand(grid: Grid, place: int, column: Column) -> bool:
    if grid.separator is None or column.side is Side.EITHER:
        return True
    return column.side is (Side.LEFT if place < grid.separator else Side.RIGHT)


def _spellings(grid: Grid, column: Column) -> tuple[str, ...]:
    return (column.name, *column.titles) if grid.takes_titles else (column.name,)


def _report_unknown(heading: Scalar, known: Sequence[Column], diagnostics: Diagnostics) -> None:
    spellings = {column.name: column.name for column in known}
    for column in known:
        spellings |= dict.fromkeys(column.titles, column.name)
    diagnostics.report(
        "unknown-column",
        heading.mark,
        suggestion=nearest_spelling(heading.text, spellings),
        name=heading.text,
        known=[column.name for column in known],
    )


def _require_distinct(grid: Grid, columns: Sequence[Column | None], diagnostics: Diagnostics) -> None:
    seen: dict[Column | str, Scalar] = {}
    for column, heading in zip(columns, grid.header.cells, strict=True):
        first = seen.setdefault(column or heading.text, heading)
        if first is not heading:
            diagnostics.report("duplicate-column", heading.mark, name=heading.text, first=first.text)

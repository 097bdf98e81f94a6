"""Owns reading a grid from one tab of a workbook. Door: python-calamine, of the extra `xlsx`.

Which workbooks may be opened is for `workbooks`. What a number or date of a sheet means hangs on its column, so
it is carried as such (`Scalar.typed`) to where the column is known.
"""

import datetime as dt
import io
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from csflow.diagnostics import Address, Diagnostics, Mark, Phrase, Source, nearest
from csflow.source.grid import Grid, Row, grid_of_table, is_too_large, report_first, spanning
from csflow.source.limits import MAX_FILE_BYTES
from csflow.source.signs import report_signs
from csflow.source.tree import Scalar, Typed
from csflow.source.workbooks import Unfit, checked_workbook

EXTRA = "xlsx"
_BETWEEN = " | "
_MOST_DIGITS = 40
_UNREADABLE = Phrase.of(
    {"zh-CN": "里面的内容读不出来", "zh-TW": "裡面的內容讀不出來", "en": "what it holds cannot be read"}
)

_Value = str | float | bool | dt.date | dt.time | dt.timedelta
_Faults = Mapping[tuple[int, int], str]


class SheetSource(Source):
    """One tab as text: a row is a line, its cells stand between bars, and each has its address.

    All rows of the table are equally long, and not empty.
    """

    __slots__ = ("_starts_of_cells", "_tab", "_width")

    def __init__(self, path: str, tab: str, table: list[list[str]]) -> None:
        self._tab = tab
        self._width = len(table[0])
        self._starts_of_cells: list[int] = []
        at = 0
        for row in table:
            for text in row:
                self._starts_of_cells.append(at)
                at += len(text) + len(_BETWEEN)
            # A line end is shorter than what stands between cells.
            at += 1 - len(_BETWEEN)
        super().__init__(path, "\n".join(_BETWEEN.join(row) for row in table))

    def address(self, offset: int) -> Address:
        row, place = divmod(bisect_right(self._starts_of_cells, offset) - 1, self._width)
        return Address(self._tab, f"{column_letters(place)}{row + 1}")


@dataclass(frozen=True, slots=True)
class _Held:
    """What one cell holds, as text."""

    text: str
    typed: Typed | None = None


def column_letters(place: int) -> str:
    """`A` for the first column, counted from 0; `AA` for the 27th."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def read_sheet_grid(path: str, data: bytes, file: Scalar, tab: Scalar | None, diagnostics: Diagnostics) -> Grid | None:
    """The grid in one tab of a workbook; None when anything about it was reported.

    `file` and `tab` are how a document names them; without a `tab` the workbook has to have a single one.
    """
    found = Diagnostics()
    grid = _read(path, data, file, tab, found)
    report_first(found, diagnostics)
    return grid if not len(found) else None


def _read(path: str, data: bytes, file: Scalar, tab: Scalar | None, diagnostics: Diagnostics) -> Grid | None:
    if len(data) > MAX_FILE_BYTES:
        diagnostics.report("file-too-large", subject=path, size=len(data), limit=MAX_FILE_BYTES)
        return None
    try:
        workbook = checked_workbook(data)
    except Unfit as unfit:
        if unfit.problem is not None:
            diagnostics.report("broken-workbook", file.mark, problem=unfit.problem)
        else:
            diagnostics.report("grid-too-large", file.mark, what=unfit.what, size=unfit.size, limit=unfit.limit)
        return None
    opened = _open(workbook.data, file, tab, diagnostics)
    if opened is None:
        return None
    name, values = opened
    faults = workbook.faults.get(name)
    if faults is None:
        diagnostics.report("broken-workbook", file.mark, problem=_UNREADABLE)
        return None
    return _grid(path, name, _table(values, faults), faults, tab or file, diagnostics)


def _open(
    data: bytes, file: Scalar, tab: Scalar | None, diagnostics: Diagnostics
) -> tuple[str, list[list[_Value]]] | None:
    """The name of the tab and the values in it, from the cell A1."""
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        diagnostics.report("missing-extra", file.mark, extra=EXTRA, command=f"pip install 'csflow[{EXTRA}]'")
        return None
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            name = _tab_name(workbook.sheet_names, file, tab, diagnostics)
            if name is None:
                return None
            rows: list[list[_Value]] = [*workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            return name, rows
    except (KeyboardInterrupt, SystemExit):
        raise
    # A panic of the library is no Exception, and a broken workbook is a finding all the same.
    except BaseException:
        diagnostics.report("broken-workbook", file.mark, problem=_UNREADABLE)
        return None


def _tab_name(names: list[str], file: Scalar, tab: Scalar | None, diagnostics: Diagnostics) -> str | None:
    if tab is None:
        if len(names) == 1:
            return names[0]
        diagnostics.report("missing-key", file.mark, key="tab")
        return None
    if tab.text not in names:
        diagnostics.report("unknown-tab", tab.mark, suggestion=nearest(tab.text, names), name=tab.text, known=names)
        return None
    return tab.text


def _table(values: list[list[_Value]], faults: _Faults) -> list[list[_Held]]:
    """The cells of a tab; those with a fault show it, which the library would give as empty."""
    rows = [[_held(value) for value in row] for row in values]
    for (row, column), text in faults.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [_Held("")] * (column + 1 - len(rows[row]))
        rows[row][column] = _Held(text)
    width = max((place + 1 for row in rows for place, held in enumerate(row) if held.text), default=0)
    return [[*row[:width], *[_Held("")] * (width - len(row))] for row in rows]


def _held(value: _Value) -> _Held:
    match value:
        case bool():
            return _Held("true" if value else "false")
        case str():
            return _Held(value.strip(" \r\n").replace("\r\n", "\n"))
        case int() | float():
            return _number(value)
        case dt.date():
            return _Held(value.isoformat(), "date")
        case _:
            return _Held(str(value), "time")


def _number(value: float) -> _Held:
    """`7` for 7.0, and no exponent but for a number that no rule means."""
    number = Decimal(str(value))
    if abs(number.adjusted()) > _MOST_DIGITS:
        return _Held(str(value))
    whole = number.to_integral_value()
    return _Held(format(whole if whole == number else number, "f"), "number")


def _grid(
    path: str, name: str, table: list[list[_Held]], faults: _Faults, place: Scalar, diagnostics: Diagnostics
) -> Grid | None:
    filled = sum(any(held.text for held in row) for row in table)
    if not filled:
        diagnostics.report("missing-column", place.mark, name="id")
        return None
    if is_too_large(filled - 1, len(table[0]), place.mark, diagnostics):
        return None
    shown = [[_on_one_line(held.text) for held in row] for row in table]
    source = SheetSource(path, name, shown)
    if report_signs(source, diagnostics):
        return None
    for row, column in sorted(faults):
        mark = source.mark(*_span(source, table, row, column))
        diagnostics.report("sheet-error-cell", mark, text=mark.text)
    return grid_of_table(_rows(source, table), diagnostics)


def _rows(source: Source, table: list[list[_Held]]) -> list[Row]:
    """The rows that say something."""
    rows = []
    for number, held in enumerate(table):
        if not any(cell.text for cell in held):
            continue
        at = source.offset(number + 1, 1)
        cells = []
        for cell in held:
            mark = source.mark(at, at + len(cell.text))
            cells.append(Scalar(cell.text, "cell", mark, mark, cell.typed))
            at = mark.end + len(_BETWEEN)
        rows.append(Row(tuple(cells), _filled(cells)))
    return rows


def _filled(cells: list[Scalar]) -> Mark:
    return spanning(cell for cell in cells if cell.text)


def _span(source: Source, table: list[list[_Held]], row: int, column: int) -> tuple[int, int]:
    start = source.offset(row + 1, 1) + sum(len(held.text) + len(_BETWEEN) for held in table[row][:column])
    return start, start + len(table[row][column].text)


def _on_one_line(text: str) -> str:
    """A line of the source is a row, so a cell over several lines is shown on one of the same length."""
    return text.replace("\n", " ")

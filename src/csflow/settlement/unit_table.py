"""Owns how the unit-by-tender table of a refund is told: as lines of a statement, and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from csflow.diagnostics import Word
from csflow.diagnostics.rendering.text import cell_width
from csflow.settlement.orders import Order
from csflow.settlement.unit_rows import BEFORE, FREIGHT, KEPT, TAX, UnitRow
from csflow.values.money import Money

_MARGIN, _GAP = "    ", "  "
_ROWS = {KEPT: "kept_row", FREIGHT: "freight_row", TAX: "tax_row", BEFORE: "before_row"}


def to_json(row: UnitRow, order: Order) -> dict[str, Any]:
    """A row of `quote --format json`: `line`, `unit` and `count` are null where it is of no line or no unit."""

    def money(minor: int) -> dict[str, str]:
        return Money.from_minor(minor, order.currency).to_json()

    return {
        "sort": row.sort,
        "line": None if row.line is None else order.lines[row.line].id,
        "unit": row.first or None,
        "count": row.count or None,
        "due": money(row.due),
        "taken_off": money(row.taken_off),
        "amount": money(row.amount),
        "tenders": [
            {"tender": tender.id, "amount": money(part)}
            for tender, part in zip(order.tenders, row.parts, strict=True)
            if part
        ],
    }


def table_lines(rows: Sequence[UnitRow], order: Order, titles: Sequence[str], language: str) -> Iterator[str]:
    """The table with its sums, amounts below each other; `titles` are those of the order's tenders.

    Of one unit and one tender there is nothing to say that the statement has not said.
    """
    shown = [place for place in range(len(order.tenders)) if any(row.parts[place] for row in rows)]
    if len(rows) < 2 and len(shown) < 2:
        return
    table = _Table(rows, order, shown, [_told_apart(titles, order, place) for place in shown], language)
    yield _say("units", language, currency=order.currency)
    yield from table.lines()


def _told_apart(titles: Sequence[str], order: Order, place: int) -> str:
    """The title of a tender; with its id where an order has two of that title."""
    return titles[place] if titles.count(titles[place]) == 1 else f"{titles[place]} {order.tenders[place].id}"


class _Table:
    def __init__(
        self, rows: Sequence[UnitRow], order: Order, shown: Sequence[int], titles: Sequence[str], language: str
    ) -> None:
        self._rows = rows
        self._order = order
        self._shown = shown
        self._titles = titles
        self._language = language
        self._has_less = any(row.taken_off for row in rows)

    def lines(self) -> Iterator[str]:
        cells = [self._head(), *map(self._cells, self._rows), self._sums()]
        widths = [max(cell_width(row[column]) for row in cells) for column in range(len(cells[0]))]
        for first, *amounts in cells:
            aligned = [first + " " * (widths[0] - cell_width(first))]
            aligned += [
                " " * (width - cell_width(each)) + each for each, width in zip(amounts, widths[1:], strict=True)
            ]
            yield _MARGIN + _GAP.join(aligned)

    def _head(self) -> list[str]:
        less = [self._say("due_column"), self._say("off_column")] if self._has_less else []
        return [self._say("unit_column"), *less, *self._titles, self._say("sum")]

    def _cells(self, row: UnitRow) -> list[str]:
        return [self._name(row), *self._amounts([row])]

    def _sums(self) -> list[str]:
        return [self._say("sum"), *self._amounts(self._rows)]

    def _amounts(self, rows: Sequence[UnitRow]) -> list[str]:
        """What some rows come to, column by column."""
        less = [sum(row.due for row in rows), -sum(row.taken_off for row in rows)] if self._has_less else []
        parts = [sum(row.parts[place] for row in rows) for place in self._shown]
        return [Money.from_minor(each, self._order.currency).amount for each in (*less, *parts, sum(parts))]

    def _name(self, row: UnitRow) -> str:
        id = "" if row.line is None else self._order.lines[row.line].id
        if row.sort in _ROWS:
            return self._say(_ROWS[row.sort], line=id)
        if row.line is not None and self._order.lines[row.line].quantity == 1:
            return id
        last = row.first + row.count - 1
        return self._say("unit_of" if row.count == 1 else "units_of", line=id, unit=str(row.first), last=str(last))

    def _say(self, key: str, **shown: str) -> str:
        return _say(key, self._language, **shown)


def _say(key: str, language: str, **shown: str) -> str:
    return Word(f"quote.{key}").in_language(language).format(**shown)

"""Owns what a number or date of a spreadsheet means in a column of a known kind.

A text in a sheet is read like any other cell; here are the cells that the spreadsheet typed itself.
"""

from decimal import Decimal

from csflow.diagnostics import Diagnostics, Mark
from csflow.expressions.syntax import Literal, Minus, Syntax, TypedCell
from csflow.values.kinds import Kind


def value_meant(cell: TypedCell, kind: Kind, diagnostics: Diagnostics) -> Syntax | None:
    """The literal that the cell stands for in a column of that kind; None when it was reported."""
    if cell.form == "number":
        return _number(cell, kind, diagnostics)
    if cell.form == "date" and kind.name in ("date", "datetime"):
        return Literal(cell.mark, "instant" if "T" in cell.text else "date", cell.text)
    if not kind.is_broken:
        report_date(cell.mark, kind, diagnostics)
    return None


def report_date(mark: Mark, kind: Kind, diagnostics: Diagnostics) -> None:
    """A date or time in a column of another kind: spreadsheets make dates of `3-4` and `1/2`."""
    diagnostics.report("date-in-sheet", mark, text=mark.text, kind=kind.word)


def _number(cell: TypedCell, kind: Kind, diagnostics: Diagnostics) -> Syntax | None:
    if kind.name != "percent":
        return _signed(cell.mark, "number", cell.text)
    number = Decimal(cell.text)
    if abs(number) > 1:
        diagnostics.report("percent-above-one", cell.mark, suggestion=f"{cell.text}%", given=cell.text)
        return None
    # A spreadsheet holds 30% as 0.3, whichever of the two it shows.
    ratio = format(number.scaleb(2).normalize(), "f")
    return _signed(cell.mark, "quantity", f"{ratio}%")


def _signed(mark: Mark, form: str, text: str) -> Syntax:
    if not text.startswith("-"):
        return Literal(mark, form, text)
    return Minus(mark, Literal(mark.part(1, mark.end - mark.start), form, text[1:]))

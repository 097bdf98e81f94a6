"""Owns the picture of a parameter's editions: a bar for each on one line of time, its value in words below."""

import datetime as dt
from collections.abc import Iterator

from csflow.diagnostics import Word
from csflow.evaluators.prose import plain
from csflow.pack.model import Parameter
from csflow.reports.book.editions import Dated, when
from csflow.reports.book.page import Page
from csflow.reports.html import Element, element
from csflow.reports.wrapping import lines_of
from csflow.values.instants import FIRST_DAY, format_date

# In units of the picture; on a phone one is about a pixel.
_WIDTH, _MARGIN, _TYPE, _LEADING, _BAR, _GAP, _AXIS = 360, 6, 14, 20, 12, 14, 30
_INNER = _WIDTH - 2 * _MARGIN
# A bar is wide enough to be seen, however short its edition.
_LEAST = 6
_YEARS = 5


def time_line(page: Page, parameter: Parameter, values: list[Dated]) -> Element:
    """One line of time for all values that a parameter may have; each is labelled."""
    first, last = _extent(page, values)
    drawn: list[Element] = []
    top = _AXIS + _GAP
    for value in values:
        rows = [*_bar(value, top, first, last), *_label(page, value, top)]
        drawn += rows
        top += _BAR + _LEADING * (len(rows) - 1) + _GAP
    title = page.word("time_line").format(title=page.title(parameter.title, parameter.name))
    ids = [f"{kind}.parameter.{parameter.name}" for kind in ("picture", "told")]
    return element(
        "svg",
        element("title", title, id=ids[0]),
        element("desc", _told(page, values), id=ids[1]),
        *_axis(first, last, top),
        *drawn,
        role="img",
        aria_labelledby=" ".join(ids),
        viewBox=f"0 0 {_WIDTH} {top}",
        class_="timeline",
    )


def _told(page: Page, values: list[Dated]) -> str:
    between = Word("join.semicolon").in_language(page.language)
    return between.join(f"{_holder(page, each)} {when(page, each.edition)} {plain(each.value)}" for each in values)


def _holder(page: Page, value: Dated) -> str:
    return page.word("own_value") if value.layer is None else page.title(value.layer.title, value.layer.name)


def _extent(page: Page, values: list[Dated]) -> tuple[int, int]:
    """The days that the line covers: those of the pack and of every edition."""
    first, last = page.pack.in_force
    starts = [each.edition.start for each in values if each.edition.start != FIRST_DAY]
    ends = [each.edition.end or each.edition.start for each in values if each.edition.start != FIRST_DAY]
    return min([first, *starts]), max([last, *ends])


def _place(day: int, first: int, last: int) -> int:
    return _MARGIN + _INNER * (min(max(day, first), last) - first) // (last - first)


def _axis(first: int, last: int, height: int) -> Iterator[Element]:
    """The line itself, with the years that it can name."""
    yield element("line", x1=str(_MARGIN), x2=str(_WIDTH - _MARGIN), y1=str(_AXIS), y2=str(_AXIS), class_="axis")
    start, end = dt.date.fromordinal(first).year, dt.date.fromordinal(last - 1).year
    step = max(1, -(-(end - start + 1) // _YEARS))
    for year in range(start, end + 1, step):
        at = _place(dt.date(year, 1, 1).toordinal(), first, last)
        yield element("line", x1=str(at), x2=str(at), y1=str(_AXIS - 4), y2=str(height), class_="tick")
        yield element("text", str(year), x=str(min(at, _WIDTH - 40)), y=str(_AXIS - 10), class_="year")


def _bar(value: Dated, top: int, first: int, last: int) -> Iterator[Element]:
    """From the start of the edition to its end, or to the end of the line."""
    left = _place(value.edition.start, first, last)
    right = _place(last if value.edition.end is None else value.edition.end, first, last)
    left = min(left, _WIDTH - _MARGIN - _LEAST)
    yield element(
        "rect",
        x=str(left),
        y=str(top),
        width=str(max(_LEAST, right - left)),
        height=str(_BAR),
        rx="3",
        class_="bar" if value.layer is None else "bar layer",
    )


def _label(page: Page, value: Dated, top: int) -> Iterator[Element]:
    """Whose value, since when, and the value in words, in lines that fit."""
    holder = "" if value.layer is None else _holder(page, value) + page.colon
    texts = [(f"{holder}{_dates(page, value)}", "when"), (plain(value.value), "value")]
    lines = [(line, kind) for text, kind in texts for line in lines_of(text, _INNER * 100 // _TYPE)]
    for number, (line, kind) in enumerate(lines, 1):
        yield element("text", line, x=str(_MARGIN), y=str(top + _BAR + number * _LEADING - 4), class_=kind)


def _dates(page: Page, value: Dated) -> str:
    edition = value.edition
    if edition.start == FIRST_DAY:
        return when(page, edition)
    return f"{format_date(edition.start)} → {format_date(edition.end - 1) if edition.end else ''}".rstrip()

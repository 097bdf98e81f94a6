"""Owns linking parameters: their editions on the time line, and windows."""

import re
from collections.abc import Mapping
from typing import Any

from csflow.definitions import read_definition
from csflow.definitions.sections import EditionSection, ParameterSection, WindowSection
from csflow.diagnostics import Diagnostics, Mark, Word, half_width, nearest
from csflow.loading.kinds import Kinds, decode
from csflow.pack.model import Edition, Parameter
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar
from csflow.values.calendars import Calendar, DayClass
from csflow.values.kinds import Kind
from csflow.values.mending import CHINESE_UNITS
from csflow.values.windows import CountsFrom, MonthEnd, Window, WindowUnit

_LENGTH = re.compile(r"([0-9]{1,6}) ([a-z_]+)")
_UNITS = {
    **dict.fromkeys(("day", "days"), (WindowUnit.DAYS, 1)),
    **dict.fromkeys(("week", "weeks"), (WindowUnit.DAYS, 7)),
    **dict.fromkeys(("working_day", "working_days"), (WindowUnit.WORKING_DAYS, 1)),
    **dict.fromkeys(("month", "months"), (WindowUnit.MONTHS, 1)),
    **dict.fromkeys(("hour", "hours"), (WindowUnit.HOURS, 3_600_000_000)),
    **dict.fromkeys(("minute", "minutes"), (WindowUnit.HOURS, 60_000_000)),
    **dict.fromkeys(("service_hour", "service_hours"), (WindowUnit.SERVICE_HOURS, 3_600_000_000)),
}


_PLURALS = tuple(unit for unit in _UNITS if unit.endswith("s"))
# A century, and of hours ten years: enough for any promise, and far from the end of the calendar.
_LONGEST = {
    WindowUnit.DAYS: 36_600,
    WindowUnit.WORKING_DAYS: 36_600,
    WindowUnit.MONTHS: 1_200,
    WindowUnit.HOURS: 100_000,
    WindowUnit.SERVICE_HOURS: 100_000,
}


def link_parameter(
    name: str,
    section: ParameterSection,
    kinds: Kinds,
    calendars: Mapping[str, Calendar | None],
    diagnostics: Diagnostics,
) -> Parameter:
    """A parameter with its editions in order; what is wrong with one is reported at it."""
    kind = kinds.link(section, diagnostics)
    editions = tuple(
        Edition(
            start=edition.from_,
            end=edition.until,
            value=_value(kind, edition.value, edition.mark, calendars, diagnostics),
            mark=edition.mark,
            because=edition.because,
            basis=edition.basis,
        )
        for edition in section.editions
    )
    if not editions:
        diagnostics.report("parameter-without-edition", section.mark, name=name)
    _require_order(section.editions, diagnostics)
    return Parameter(name, kind, _until_next(editions), section.mark, section.title)


def _require_order(editions: tuple[EditionSection, ...], diagnostics: Diagnostics) -> None:
    for earlier, edition in zip((None, *editions), editions, strict=False):
        overlaps = earlier is not None and edition.from_ < (earlier.until or earlier.from_ + 1)
        if overlaps or (edition.until is not None and edition.until <= edition.from_):
            diagnostics.report("unordered-editions", edition.mark)


def _until_next(editions: tuple[Edition, ...]) -> tuple[Edition, ...]:
    """Each edition closed by the next one's start, unless it says so itself."""
    closed = []
    for number, edition in enumerate(editions):
        following = editions[number + 1].start if number + 1 < len(editions) else None
        end = following if edition.end is None else edition.end
        closed.append(Edition(edition.start, end, edition.value, edition.mark, edition.because, edition.basis))
    return tuple(closed)


def _value(
    kind: Kind, node: Node, mark: Mark, calendars: Mapping[str, Calendar | None], diagnostics: Diagnostics
) -> Any:
    if kind.is_broken:
        return None
    if kind.name == "window":
        return _window(node, mark, calendars, diagnostics)
    if not isinstance(node, Scalar):
        found = Word("shape.mapping" if isinstance(node, MappingNode) else "shape.list")
        diagnostics.report("wrong-shape", node.mark, wanted=Word("shape.text"), found=found)
        return None
    return decode(kind, node.text, node.mark, diagnostics)


def _length_meant(text: str) -> str | None:
    """`7天`, `7` and `7 dayz` are 7 days."""
    match = re.fullmatch(r"([0-9]{1,6}) ?(.*)", half_width(text).strip())
    if match is None or int(match[1]) == 0:
        return None
    unit = CHINESE_UNITS.get(match[2]) or nearest(match[2] or "days", _PLURALS)
    suggestion = f"{match[1]} {unit}"
    return suggestion if unit and suggestion != text else None


def _window(
    node: Node, mark: Mark, calendars: Mapping[str, Calendar | None], diagnostics: Diagnostics
) -> Window | None:
    if not isinstance(node, MappingNode):
        diagnostics.report("malformed-window", node.mark)
        return None
    section = read_definition(WindowSection, node, diagnostics)
    if section is None:
        return None
    match = _LENGTH.fullmatch(section.length.text)
    if match is None or match[2] not in _UNITS or not 0 < int(match[1]) <= _LONGEST[_UNITS[match[2]][0]]:
        diagnostics.report(
            "malformed-length",
            section.length.mark,
            suggestion=_length_meant(section.length.text),
            text=section.length.text,
        )
        return None
    unit, size = _UNITS[match[2]]
    calendar = section.calendar
    if calendar is not None and calendar.text not in calendars:
        meant = nearest(calendar.text, calendars)
        diagnostics.report("unknown-calendar", calendar.mark, suggestion=meant, name=calendar.text)
        return None
    if calendar is not None and calendars[calendar.text] is None:
        return None  # what is wrong with the calendar was said there
    if calendar is None and (section.extend_over or unit in (WindowUnit.WORKING_DAYS, WindowUnit.SERVICE_HOURS)):
        diagnostics.report("window-without-calendar", section.length.mark)
        return None
    if unit is WindowUnit.MONTHS and section.month_end is None:
        diagnostics.report("month-without-rounding", section.length.mark)
        return None
    try:
        return Window(
            length=int(match[1]) * size,
            unit=unit,
            counts_from=CountsFrom(section.counts_from),
            extend_over=frozenset(DayClass(word) for word in section.extend_over),
            calendar=calendar.text if calendar else None,
            month_end=MonthEnd(section.month_end) if section.month_end else None,
        )
    except ValueError as problem:
        # What is left are combinations that have no meaning, such as hours counted from the next day.
        diagnostics.report("senseless-window", section.length.mark, problem=str(problem))
        return None

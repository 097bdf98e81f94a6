"""Owns linking parameters: their editions on the time line, and windows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from csflow.definitions import Place, read_definition
from csflow.definitions.sections import EditionSection, LayerParameterSection, ParameterSection, WindowSection
from csflow.diagnostics import Diagnostics, Mark, Phrase, Word, half_width, nearest
from csflow.loading.kinds import Kinds, decode
from csflow.loading.scopes import fact_meant
from csflow.pack.model import TRANSITION, TRANSITIONS, Edition, Fact, Parameter
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar
from csflow.values import kinds as k
from csflow.values.calendars import Calendar, DayClass
from csflow.values.instants import FIRST_DAY
from csflow.values.kinds import Kind
from csflow.values.mending import unit_meant
from csflow.values.windows import ByFact, CountsFrom, MonthEnd, Window, WindowUnit
from csflow.values.zones import Zone

_LENGTH = re.compile(r"([0-9]{1,6}) ([a-z_]+)")
_UNITS = {
    **dict.fromkeys(("day", "days"), (WindowUnit.DAYS, 1)),
    **dict.fromkeys(("week", "weeks"), (WindowUnit.DAYS, 7)),
    **dict.fromkeys(("working_day", "working_days"), (WindowUnit.WORKING_DAYS, 1)),
    **dict.fromkeys(("month", "months"), (WindowUnit.MONTHS, 1)),
    **dict.fromkeys(("hour", "hours"), (WindowUnit.HOURS, 3_600_000_000)),
    **dict.fromkeys(("minute", "minutes"), (WindowUnit.HOURS, 60_000_000)),
    **dict.fromkeys(("service_hour", "service_hours"), (WindowUnit.SERVICE_HOURS, 3_600_000_000)),
    **dict.fromkeys(("service_minute", "service_minutes"), (WindowUnit.SERVICE_HOURS, 60_000_000)),
}


_WORKING_UNITS = dict.fromkeys(("工作日", "个工作日", "個工作日", "business days"), "working_days")
_PLURALS = tuple(unit for unit in _UNITS if unit.endswith("s"))
# A century, and of hours ten years: enough for any promise, and far from the end of the calendar.
_LONGEST = {
    WindowUnit.DAYS: 36_600,
    WindowUnit.WORKING_DAYS: 36_600,
    WindowUnit.MONTHS: 1_200,
    WindowUnit.HOURS: 100_000,
    WindowUnit.SERVICE_HOURS: 100_000,
}

# What stands for every value of a fact that is not named.
OTHERWISE = "otherwise"
_CHOOSING = ("enum", "channel")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a window may name: calendars and zones (None where one was reported), and facts that choose one."""

    calendars: Mapping[str, Calendar | None]
    zones: Mapping[str, Zone | None]
    facts: Mapping[str, Fact]


def link_parameter(
    name: str, section: ParameterSection, kinds: Kinds, around: Surroundings, diagnostics: Diagnostics
) -> Parameter:
    """A parameter with its editions in order; what is wrong with one is reported at it."""
    kind = kinds.link(section, diagnostics)
    if name == TRANSITION:
        editions = _transition(section, kind, diagnostics)
    else:
        if section.value is not None:
            diagnostics.report("misplaced-key", section.mark_of("value"), key="value", other=name)
        editions = link_editions(section.editions, kind, around, diagnostics)
        if not section.editions and section.value is None:
            diagnostics.report("parameter-without-edition", section.mark, name=name)
    return Parameter(
        name,
        kind,
        editions,
        floor=_floor(section, kind, diagnostics),
        favours=_favours(section, kind, diagnostics),
        mark=section.mark,
        title=section.title,
    )


def link_layer_value(
    section: LayerParameterSection,
    parameter: Parameter,
    because: Phrase | None,
    around: Surroundings,
    diagnostics: Diagnostics,
) -> tuple[Edition, ...]:
    """What a layer, whose source is `because`, says of a parameter: dated values, or one that holds on every day."""
    if (section.value is None and not section.editions) or (section.value is not None and section.editions):
        diagnostics.report("one-value-or-editions", section.mark, name=parameter.name)
        return ()
    if section.value is None:
        if parameter.name == TRANSITION:
            diagnostics.report("misplaced-key", section.mark_of("editions"), key="editions", other=TRANSITION)
        return link_editions(section.editions, parameter.kind, around, diagnostics)
    source = section.because or because
    if source is None:
        # INVARIANT: as with the pack's own editions, every value says where it comes from.
        diagnostics.report("missing-key", section.mark, key="because")
    value = link_value(parameter.kind, section.value, section.mark, around, diagnostics)
    return (Edition(FIRST_DAY, None, value, section.value.mark, source, section.basis or ""),)


def link_editions(
    sections: tuple[EditionSection, ...], kind: Kind, around: Surroundings, diagnostics: Diagnostics
) -> tuple[Edition, ...]:
    """Dated values in their order, each closed by the start of the next."""
    editions = tuple(
        Edition(
            start=edition.from_,
            end=edition.until,
            value=link_value(kind, edition.value, edition.mark, around, diagnostics),
            mark=edition.mark,
            because=edition.because,
            basis=edition.basis,
            reviewed_on=edition.reviewed_on,
        )
        for edition in sections
    )
    _require_order(sections, diagnostics)
    return _until_next(editions)


def link_value(kind: Kind, node: Node, mark: Mark, around: Surroundings, diagnostics: Diagnostics) -> Any:
    """A value of a parameter in held form; None when it, or the kind, was reported. `mark` is what it stands under."""
    if kind.is_broken:
        return None
    if kind.name == "window":
        return _window(node, mark, around, diagnostics)
    if not isinstance(node, Scalar):
        found = Word("shape.mapping" if isinstance(node, MappingNode) else "shape.list")
        diagnostics.report("wrong-shape", node.mark, wanted=Word("shape.text"), found=found)
        return None
    return decode(kind, node.text, node.mark, diagnostics)


def _transition(section: ParameterSection, kind: Kind, diagnostics: Diagnostics) -> tuple[Edition, ...]:
    """The one value of the parameter that all dates depend on."""
    if kind.name != "enum" or set(kind.symbols) != set(TRANSITIONS):
        diagnostics.report("unfit-transition", section.mark, known=list(TRANSITIONS))
        return ()
    if section.editions:
        diagnostics.report("misplaced-key", section.mark_of("editions"), key="editions", other=TRANSITION)
    if not isinstance(section.value, Scalar):
        diagnostics.report("missing-key", section.mark, key="value")
        return ()
    value = decode(kind, section.value.text, section.value.mark, diagnostics)
    return (Edition(FIRST_DAY, None, value, section.mark, section.because, section.basis or ""),)


def _floor(section: ParameterSection, kind: Kind, diagnostics: Diagnostics) -> str | None:
    if section.floor is not None and not kind.is_broken and kind.name not in k.ORDERED | {"window"}:
        diagnostics.report("misplaced-bound", section.mark, field="floor", kind=kind.word)
    return section.floor


def _favours(section: ParameterSection, kind: Kind, diagnostics: Diagnostics) -> str | None:
    """Which value is the best for the customer; asked for where layers combine to it, and only there."""
    if section.combine is None:
        if section.favours is not None:
            diagnostics.report("missing-key", section.mark_of("favours"), key="combine")
        return None
    fitting = ("longer",) if kind.name == "window" else ("larger", "smaller") if kind.name in k.ORDERED else ()
    if not kind.is_broken and section.favours not in fitting:
        diagnostics.report("unfit-favours", section.mark, kind=kind.word, known=list(fitting))
    return section.favours


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
        closed.append(replace(edition, end=end))
    return tuple(closed)


def _length_meant(text: str) -> str | None:
    """`7天`, `7` and `7 dayz` are 7 days."""
    match = re.fullmatch(r"([0-9]{1,6}) ?(.*)", half_width(text).strip())
    if match is None or int(match[1]) == 0:
        return None
    number, word = match.groups()
    suggestion = f"{number} {_WORKING_UNITS[word]}" if word in _WORKING_UNITS else None
    suggestion = suggestion or unit_meant(number, word or "days", _PLURALS, None)
    return suggestion if suggestion != text else None


def _window(node: Node, mark: Mark, around: Surroundings, diagnostics: Diagnostics) -> Window | None:
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
    before = len(diagnostics)
    calendar = _chosen(section.calendar, around.calendars, "unknown-calendar", around, diagnostics)
    zone = _chosen(section.zone, around.zones, "unknown-zone", around, diagnostics)
    if len(diagnostics) > before or _is_reported(calendar, around.calendars) or _is_reported(zone, around.zones):
        return None
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
            calendar=calendar,
            zone=zone,
            month_end=MonthEnd(section.month_end) if section.month_end else None,
        )
    except ValueError as problem:
        # What is left are combinations that have no meaning, such as hours counted from the next day.
        diagnostics.report("senseless-window", section.length.mark, problem=str(problem))
        return None


def _chosen(
    place: Place | None, known: Mapping[str, object], name: str, around: Surroundings, diagnostics: Diagnostics
) -> str | ByFact | None:
    """A calendar or zone by its name, or by the value of a fact; None when there is none, or it was reported."""
    if place is None:
        return None
    for written in (place.name, *(name for _, name in place.names)):
        if written is not None and written.text not in known:
            diagnostics.report(name, written.mark, suggestion=nearest(written.text, known), name=written.text)
    if place.name is not None:
        return place.name.text
    assert place.fact is not None
    fact = around.facts.get(place.fact.text)
    if fact is None:
        meant = fact_meant(place.fact.text, around.facts)
        diagnostics.report("unknown-fact", place.fact.mark, suggestion=meant, name=place.fact.text)
        return None
    if fact.optional or fact.kind.name not in _CHOOSING:
        diagnostics.report("unfit-choosing-fact", place.fact.mark, name=fact.path)
        return None
    before = len(diagnostics)
    for symbol, _ in place.names:
        if symbol.text not in (*fact.kind.symbols, OTHERWISE):
            meant = nearest(symbol.text, fact.kind.symbols)
            diagnostics.report("unknown-symbol", symbol.mark, suggestion=meant, symbol=symbol.text, kind=fact.kind.word)
    names = {symbol.text: written.text for symbol, written in place.names}
    if OTHERWISE in names and OTHERWISE not in fact.kind.symbols:
        default = names.pop(OTHERWISE)
        names = dict.fromkeys(fact.kind.symbols, default) | names
    missing = [symbol for symbol in fact.kind.symbols if symbol not in names]
    # What was mistyped is not missing as well.
    if missing and len(diagnostics) == before:
        diagnostics.report("value-without-place", place.mark, name=fact.path, missing=missing)
    return ByFact(fact.path, tuple(sorted(names.items())))


def _is_reported(name: str | ByFact | None, known: Mapping[str, object]) -> bool:
    """Whether what is wrong with the calendar or zone was said where it stands."""
    names = [each for _, each in name.names] if isinstance(name, ByFact) else [name]
    return any(each is not None and known.get(each) is None for each in names)

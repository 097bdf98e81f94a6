"""Owns showing one held value: as a Python value, as JSON, and as a person reads it."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from csflow.diagnostics import Word
from csflow.values.decoding import exact
from csflow.values.instants import datetime_from_instant, format_date, format_instant
from csflow.values.kinds import Kind
from csflow.values.money import Money
from csflow.values.zones import BeyondHorizon, Zone


def to_python(kind: Kind, held: Any, zone: Zone) -> Any:
    """Money, date, aware datetime, timedelta, Decimal, int, bool or str; None stays None.

    A percent is a Decimal in percent: "80%" is Decimal("80.00"). A list is a tuple of dicts.
    """
    if held is None:
        return None
    match kind.name:
        case "list":
            return tuple(_record(kind, each, lambda inner, value: to_python(inner, value, zone)) for each in held)
        case "money":
            return Money.from_minor(held, kind.currency)
        case "decimal" | "percent":
            # Built from text: the caller's decimal context must not round it.
            return Decimal(f"{held}E-{kind.places}")
        case "date":
            return dt.date.fromordinal(held)
        case "datetime":
            return datetime_from_instant(held, _offset(zone, held))
        case "duration":
            return dt.timedelta(microseconds=held)
        case _:
            return held


def to_json(kind: Kind, held: Any, zone: Zone) -> Any:
    """What JSON carries: money as amount and currency, instants as RFC 3339, never a float."""
    if held is None:
        return None
    match kind.name:
        case "list":
            return [_record(kind, each, lambda inner, value: to_json(inner, value, zone)) for each in held]
        case "money":
            return Money.from_minor(held, kind.currency).to_json()
        case "date":
            return format_date(held)
        case "datetime":
            return format_instant(held, _offset(zone, held))
        case "decimal" | "percent" | "duration":
            return exact(kind, held)
        case _:
            return held


def to_sentence(kind: Kind, held: Any, zone: Zone, language: str) -> str:
    """The value as a person reads it: yes and no, titles of symbols, units."""
    if held is None:
        return Word("value.absent").in_language(language)
    if kind.name == "bool":
        return Word("value.yes" if held else "value.no").in_language(language)
    if kind.is_symbolic:
        return kind.title_of(held, language)
    if kind.name == "list":
        return f"{len(held)} {Word('unit.records').in_language(language)}"
    if kind.name == "days":
        return f"{held} {Word('unit.days').in_language(language)}"
    return str(_plain(kind, held, zone))


def _record(kind: Kind, record: Mapping[str, Any], shown: Callable[[Kind, Any], Any]) -> dict[str, Any]:
    """The fields that are held values; one that is absent or was not given is left out."""
    return {
        member.name: shown(member.kind, record[member.name])
        for member in kind.members
        if isinstance(record.get(member.name), (int, str))
    }


def _offset(zone: Zone, instant: int) -> int:
    """The zone's offset; UTC beyond its horizon, so that showing a value never fails."""
    try:
        return zone.offset_at(instant)
    except BeyondHorizon:
        return 0


def _plain(kind: Kind, held: Any, zone: Zone) -> Any:
    if kind.name in ("money", "decimal", "percent", "duration"):
        return exact(kind, held)
    shown = to_json(kind, held, zone)
    return shown.replace("T", " ") if kind.name == "datetime" else shown

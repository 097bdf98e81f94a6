"""Owns how an answer is written in a page: values as an author writes them, causes and findings by name."""

from collections.abc import Iterable
from typing import Any

from csflow.evaluators.unknowns import Cause
from csflow.values import format_days
from csflow.values.kinds import Kind


def written(kind: Kind, value: Any) -> str:
    """A value as JSON has it, in its author's spelling; `absent` for an optional one left out."""
    if value is None:
        return "absent"
    if isinstance(value, dict) and kind.members:
        return _written_record(kind, value)
    if isinstance(value, list):
        return "[" + ", ".join(written(kind, item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind.name == "money":
        return f"{value['amount']} {value['currency']}"
    if kind.name == "days":
        return format_days(value)
    return str(value)


def _written_record(kind: Kind, record: dict[str, Any]) -> str:
    """`{price: 5.00 CNY, quantity: 2}`, without what was not given; an option as `id: value`."""
    fields = {one.name: written(one.kind, record[one.name]) for one in kind.members if one.name in record}
    if fields.keys() == {"id", "value"}:
        return f"{fields['id']}: {fields['value']}"
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def written_names(names: str | Iterable[str] | None) -> str:
    """One id, or several in their order."""
    return names if isinstance(names, str) else ", ".join(names or ())


def written_causes(causes: Iterable[Cause]) -> str:
    """`fact x.p, decision ask (no_rule)`."""
    return ", ".join(f"{c.kind} {c.name}" + (f" ({c.status})" if c.status else "") for c in causes)


def written_findings(names: Iterable[str]) -> str:
    """`error: [one] [other]`, by name."""
    return "error: " + " ".join(f"[{name}]" for name in sorted(names))

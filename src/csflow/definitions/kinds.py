"""Owns the part of a section that says what kind of value something holds."""

from typing import Any

from csflow.definitions.reading import Definition, Text, Title, Vocabulary, Whole

VALUE_KINDS = (
    "bool",
    "int",
    "quantity",
    "decimal",
    "percent",
    "money",
    "text",
    "enum",
    "code",
    "reason",
    "party",
    "liability",
    "role",
    "channel",
    "date",
    "datetime",
    "days",
    "duration",
)
# What databases and programs call some kinds.
_FOREIGN_KINDS = {
    "string": "text",
    "varchar": "text",
    "boolean": "bool",
    "integer": "int",
    "float": "decimal",
    "timestamp": "datetime",
    "amount": "money",
}


def spelled(kinds: tuple[str, ...]) -> dict[str, str]:
    return _FOREIGN_KINDS | {kind: kind for kind in kinds}


class KindSection(Definition):
    """What a fact, parameter or output may hold. Which fields a kind takes, linking knows."""

    type: Any
    title: Title | None = None
    of: Vocabulary = ()
    places: Whole | None = None
    min: Text | None = None
    max: Text | None = None
    max_length: Whole | None = None

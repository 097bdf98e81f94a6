"""Owns what JSON Schema says of the values that fields hold, as an editor reads them. Door: pydantic.

csflow reads every scalar as text; an editor takes `7`, `true` and `"7"` for different things, so a text
may be any of them. What is wrong beyond its shape is for `check`.
"""

from collections.abc import Mapping
from typing import Any

from csflow.diagnostics import LANGUAGES
from csflow.values.routing import Routing

Schema = dict[str, Any]

TEXT: Schema = {"type": ["string", "number", "boolean"]}
NAME: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
DOTTED_NAME: Schema = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$"}
RULE_ID: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*([.-][a-z0-9_]+)*$"}
FLAG: Schema = {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}]}
FLAG_OR_NAME: Schema = {"anyOf": [{"type": "boolean"}, NAME]}
WHOLE: Schema = {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"}
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TITLE: Schema = {
    "anyOf": [
        TEXT,
        {
            "$section": "Title",
            "type": "object",
            "properties": dict.fromkeys(LANGUAGES, TEXT),
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}
CELL: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}
CELL_OR_CONDITION: Schema = {"anyOf": [TEXT, {"type": "object", "additionalProperties": CELL}]}
COMPUTED: Schema = {
    "$section": "Computed",
    "type": "object",
    "properties": {"expr": TEXT},
    "required": ["expr"],
    "additionalProperties": False,
}
# Computed, with limits, or options to choose from.
OUTPUT_CELL: Schema = {
    "anyOf": [
        TEXT,
        COMPUTED,
        {"$section": "LimitedCell"},
        {
            "$section": "Options",
            "type": "object",
            "properties": {"options": {"type": "object", "additionalProperties": {"$section": "OptionSection"}}},
            "required": ["options"],
            "additionalProperties": False,
        },
    ]
}
# One of the ways, or an expression that gives one.
ROUTING: Schema = {"anyOf": [{"enum": list(map(str, Routing))}, TEXT]}
# Who may send an event: names, or an expression that gives a role.
SENDERS: Schema = {"anyOf": [{"type": "array", "items": NAME, "minItems": 1}, TEXT]}
WALK: Schema = {"type": "string", "pattern": r"^[a-z][a-z0-9_]* +in +[a-z][a-z0-9_.]*$"}
PLACE_NAME: Schema = {
    "anyOf": [
        TEXT,
        {
            "$section": "PlaceName",
            "type": "object",
            "properties": {"by": DOTTED_NAME},
            "required": ["by"],
            "additionalProperties": TEXT,
        },
    ]
}
# A value whose kind another section names: a text, a computed cell, or a window.
VALUE: Schema = {"anyOf": [TEXT, COMPUTED, {"$section": "LimitedCell"}, {"$section": "WindowSection"}]}
# A grid as text, or the file that holds one.
GRID: Schema = {
    "anyOf": [
        {"type": "string"},
        {
            "$section": "GridFile",
            "type": "object",
            "properties": {"csv": TEXT, "sheet": TEXT, "tab": TEXT},
            "anyOf": [{"required": ["csv"]}, {"required": ["sheet"]}],
            "additionalProperties": False,
        },
    ]
}
# What a case gives and expects; null is a fact not given, or an output left out.
_VALUE_OR_NULL: Schema = {"type": ["string", "number", "boolean", "null"]}
_FACT: Schema = {
    "anyOf": [
        _VALUE_OR_NULL,
        {"type": "array", "items": {"type": "object", "additionalProperties": _VALUE_OR_NULL}},
    ]
}
GIVEN: Schema = {
    "type": "object",
    "additionalProperties": {"anyOf": [*_FACT["anyOf"], {"type": "object", "additionalProperties": _FACT}]},
}
_OPTIONS: Schema = {"type": "object", "additionalProperties": TEXT}
EXPECTED: Schema = {
    "anyOf": [
        _VALUE_OR_NULL,
        _OPTIONS,
        {"type": "array", "items": {"anyOf": [_VALUE_OR_NULL, _OPTIONS]}},
    ]
}
_PAYMENT: Schema = {"enum": ["succeeded", "failed", "unknown"]}
# The order of a test of a settlement, or the JSON file that holds it; its fields are read by `settlement`.
ORDER: Schema = {
    "anyOf": [
        {"type": "string", "pattern": "\\.json$"},
        {"type": "object", "required": ["id", "lines", "tenders"]},
    ]
}
CLAIMED: Schema = {
    "type": "array",
    "items": {"type": "object", "required": ["line"], "additionalProperties": TEXT},
}
CONCERNED: Schema = {
    "type": "array",
    "items": {"type": "object", "required": ["name"], "additionalProperties": TEXT},
}
REVERSED: Schema = {"type": "array", "items": TEXT}
# Of all payments, or by the tenders of the order.
PAYMENT_OUTCOME: Schema = {"anyOf": [_PAYMENT, {"type": "object", "additionalProperties": _PAYMENT}]}
VOCABULARY: Schema = {
    "anyOf": [
        {"type": "array", "items": NAME},
        {"type": "object", "propertyNames": NAME, "additionalProperties": TITLE},
    ]
}


class Shape:
    """Annotates a field with what its values look like, beside what pydantic knows of them."""

    def __init__(self, keywords: Mapping[str, Any]) -> None:
        self._keywords = keywords

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Schema:
        known: Schema = handler(schema)
        return known | dict(self._keywords)


class Either:
    """Annotates a field that may be written in another form, too."""

    def __init__(self, form: Schema) -> None:
        self._form = form

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Schema:
        return {"anyOf": [handler(schema), self._form]}


class AlsoAlone:
    """Annotates a list that may be written as its one item."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Schema:
        several: Schema = handler(schema)
        return {"anyOf": [several["items"], several]}


def names(pattern: Schema) -> Shape:
    """The keys of a mapping."""
    return Shape({"propertyNames": pattern})


def section(written: Schema, short_form: str | None) -> Schema:
    """A section; where it has a short form, either."""
    keys: Schema = written["properties"]
    for place in ("mark", "key_marks"):
        keys.pop(place, None)
    if short_form is None:
        return written
    # A mapping with any of the section's keys is never the short form.
    is_long = {"type": "object", "anyOf": [{"required": [key]} for key in keys]}
    return {"anyOf": [{"allOf": [keys[short_form], {"not": is_long}]}, written]}

"""Owns the paths that a mapping may use: JMESPath without arithmetic, read strictly. Door: jmespath.

A path that meets a missing key gives null in JMESPath; here the walk says which segment is missing.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from csflow.diagnostics import nearest

# Functions that neither do arithmetic (which breaks decimals) nor hide a missing value, and how many
# arguments they take (None: any number).
ALLOWED_FUNCTIONS: Mapping[str, int | None] = {
    "length": 1,
    "contains": 2,
    "starts_with": 2,
    "ends_with": 2,
    "not_null": None,
    "join": 2,
    "sort": 1,
    "type": 1,
}
_ALLOWED_NODES = frozenset(
    {
        "field",
        "subexpression",
        "index",
        "index_expression",
        "slice",
        "projection",
        "filter_projection",
        "flatten",
        "comparator",
        "and_expression",
        "or_expression",
        "not_expression",
        "literal",
        "identity",
        "current",
        "pipe",
        "function_expression",
    }
)


# INVARIANT: how deep a path may nest is bounded here: jmespath parses and reads by recursion.
LONGEST = 400
_LITERAL = re.compile(r"`([^`]*)`")
MOST_NESTED = 64


class PathError(ValueError):
    """A path that cannot be used; `refused` is the part that is not allowed, if that is why."""

    def __init__(self, problem: str, refused: str | None = None) -> None:
        super().__init__(problem)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Missing:
    """Where a path left the document: `path` is as far as it went, `segment` what was not there."""

    path: str
    segment: str
    near: str | None


def compile_path(text: str) -> ParsedResult:
    """The parsed path; PathError when it is malformed or does more than read."""
    if len(text) > LONGEST or sum(text.count(sign) for sign in "!([{.|&") > MOST_NESTED:
        raise PathError(f"longer than {LONGEST} characters, or more than {MOST_NESTED} steps")
    for literal in _LITERAL.findall(text):
        _require_json(literal)
    try:
        parsed = jmespath.compile(text)
    except JMESPathError as problem:
        raise PathError(str(problem).splitlines()[0]) from None
    _require_reading(parsed.parsed)
    return parsed


def _require_json(literal: str) -> None:
    """jmespath still takes a bare word between back-ticks, and warns: it is meant to be JSON."""
    try:
        json.loads(literal)
    except ValueError:
        raise PathError(f"`{literal}` is not JSON") from None


def read_path(text: str, document: Any) -> Any:
    """What stands at a path, null for a null in the document, or `Missing` where it leads nowhere.

    Raises PathError where a function of the path cannot take what the document holds.
    """
    parsed = compile_path(text)
    missing = _walk(parsed.parsed, document, "")[1]
    if missing is not None:
        return missing
    try:
        return parsed.search(document)
    except JMESPathError as problem:
        # A function was given something of another kind than it takes.
        raise PathError(str(problem).splitlines()[0]) from None


def _require_reading(node: Any) -> None:
    kind = node["type"]
    if kind not in _ALLOWED_NODES:
        raise PathError(f"{kind} is not allowed", kind)
    if kind == "function_expression":
        name, given = node["value"], len(node["children"])
        if name not in ALLOWED_FUNCTIONS:
            raise PathError(f"{name}() is not allowed", f"{name}()")
        if (given != ALLOWED_FUNCTIONS[name] and ALLOWED_FUNCTIONS[name] is not None) or not given:
            raise PathError(f"{name}() takes {ALLOWED_FUNCTIONS[name] or 'some'} arguments, not {given}")
    for child in node.get("children", ()):
        if isinstance(child, dict):
            _require_reading(child)


def _walk(node: Any, value: Any, path: str) -> tuple[Any, Missing | None]:
    """The value of a plain part of the path and how far it went; stops where a projection begins."""
    match node["type"]:
        case "field":
            return _field(node["value"], value, path)
        case "index":
            return _index(node["value"], value, path)
        case "subexpression" | "index_expression" | "pipe":
            at = path
            for child in node["children"]:
                value, missing = _walk(child, value, at)
                if missing is not None or value is _ELSEWHERE:
                    return value, missing
                at = _extended(at, child)
            return value, None
        case "projection" | "filter_projection" | "flatten":
            _, missing = _walk(node["children"][0], value, path)
            return _ELSEWHERE, missing
        case "identity" | "current":
            return value, None
        case _:
            return _ELSEWHERE, None


# Beyond a projection there is no single value to walk: jmespath reads the rest.
_ELSEWHERE = object()


def _field(name: str, value: Any, path: str) -> tuple[Any, Missing | None]:
    if isinstance(value, dict) and name in value:
        return value[name], None
    near = nearest(name, value) if isinstance(value, dict) else None
    return None, Missing(path or "$", name, near)


def _index(number: int, value: Any, path: str) -> tuple[Any, Missing | None]:
    if isinstance(value, list) and -len(value) <= number < len(value):
        return value[number], None
    return None, Missing(path or "$", f"[{number}]", None)


def _extended(path: str, node: Any) -> str:
    if node["type"] == "field":
        return f"{path}.{node['value']}" if path else str(node["value"])
    if node["type"] == "index":
        return f"{path}[{node['value']}]"
    if node["type"] in ("subexpression", "index_expression"):
        for child in node["children"]:
            path = _extended(path, child)
    return path

"""Owns what is compared of a part of a pack beside its words: all that decides, not what else the pack could say."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from csflow.values.kinds import Kind


def meaning(value: Any) -> object:
    """The value without marks, titles, and the symbols that a kind has besides: equal where it decides alike."""
    if isinstance(value, Kind):
        return value.name, value.places, value.low, value.high
    if is_dataclass(value):
        counted = (each.name for each in fields(value) if each.compare and "digest" not in each.metadata)
        return type(value).__name__, *(meaning(getattr(value, name)) for name in counted)
    if isinstance(value, Mapping):
        return tuple((key, meaning(each)) for key, each in value.items())
    if isinstance(value, (tuple, list)):
        return tuple(meaning(each) for each in value)
    return value

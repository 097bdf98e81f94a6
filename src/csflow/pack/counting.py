"""Owns how a field of the linked pack says in which digest it counts.

INVARIANT: a field whose metadata says `digest: text` is wording and counts only in the text digest; a field with
`compare=False` (a mark) counts in none; everything else is behaviour.
"""

from dataclasses import field
from typing import Any


def wording(default: Any = None) -> Any:
    return field(default=default, metadata={"digest": "text"})


def wording_map() -> Any:
    return field(default_factory=dict, metadata={"digest": "text"})


def place() -> Any:
    return field(compare=False, repr=False)

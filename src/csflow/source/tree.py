"""Owns the marked tree: what a YAML file says, as raw text with places.

Nothing is decoded here: `NO`, `0123` and `1.10` stay as written, and the kind that a field declares
reads them later.
"""

from dataclasses import dataclass, field
from typing import Literal

from csflow.diagnostics import Mark

Style = Literal["plain", "single", "double", "literal", "folded", "cell"]
# What a sheet holds where it holds no text: how it reads hangs on the column it stands in.
Typed = Literal["number", "date", "time"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """One piece of text.

    `mark` is the whole node with its quotes or block header. `content` is the slice of the file that
    an expression inside is parsed from: between the quotes, the text itself when plain, the lines
    after the header of a block. A value left out (`key:`) is plain, empty and without width.
    A cell of a grid means what a quoted text does; `typed` is set where a sheet holds no text there.
    """

    text: str
    style: Style
    content: Mark = field(compare=False, repr=False)
    mark: Mark = field(compare=False, repr=False)
    typed: Typed | None = None

    @property
    def is_quoted(self) -> bool:
        return self.style in ("single", "double", "cell")

    @property
    def has_escapes(self) -> bool:
        """Whether the slice between the quotes spells the text with escapes (`\\n`, `''`, `""` in CSV)."""
        if self.style == "double":
            return "\\" in self.content.text
        if self.style == "cell":
            return self.content.text.split() != self.text.split()
        return self.style == "single" and "''" in self.content.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; `flow` when written in brackets."""

    items: tuple["Node", ...]
    flow: bool
    mark: Mark = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order written; `flow` when written in braces. No key stands twice."""

    entries: tuple[Entry, ...]
    flow: bool
    mark: Mark = field(compare=False, repr=False)
    _places: dict[str, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        places = {entry.key.text: place for place, entry in enumerate(self.entries)}
        object.__setattr__(self, "_places", places)

    def get(self, name: str) -> "Node | None":
        """The value of the key `name`, or None."""
        entry = self.entry(name)
        return entry.value if entry else None

    def entry(self, name: str) -> Entry | None:
        """The entry of the key `name`, or None."""
        place = self._places.get(name)
        return None if place is None else self.entries[place]

    def keys(self) -> tuple[str, ...]:
        return tuple(self._places)


Node = Scalar | Sequence | Mapping

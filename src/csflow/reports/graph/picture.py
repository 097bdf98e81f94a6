"""Owns a flow as a picture: boxes, arrows and clocks with their texts, before anything is placed or drawn."""

from dataclasses import dataclass, field
from enum import Enum


class Change(Enum):
    """What became of a part since the edition before."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Shape(Enum):
    """What a box stands for."""

    START = "start"
    STATE = "state"
    PASSING = "passing"
    FINAL = "final"
    EVERYWHERE = "everywhere"


class Tone(Enum):
    """How a line of text is set."""

    HEAD = "head"
    NAME = "name"
    PLAIN = "plain"
    GUARD = "guard"
    REFUSAL = "refusal"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; of a part that changed, whether it is new or no longer there."""

    tone: Tone
    text: str
    change: Change = Change.SAME


@dataclass(frozen=True, slots=True)
class Box:
    """A state, the start, or what holds everywhere. `meaning` is compared where words are alike."""

    key: str
    shape: Shape
    stage: str | None
    lines: tuple[Line, ...]
    meaning: object = field(repr=False, default=None)
    change: Change = Change.SAME


@dataclass(frozen=True, slots=True)
class Arrow:
    """One row that goes to a state, from box to box. `is_automatic`: no event is waited for."""

    key: tuple[str, ...]
    source: str
    target: str
    lines: tuple[Line, ...]
    is_automatic: bool = False
    meaning: object = field(repr=False, default=None)
    change: Change = Change.SAME


@dataclass(frozen=True, slots=True)
class Note:
    """A clock, or what a case keeps: told beside the picture."""

    key: str
    lines: tuple[Line, ...]
    meaning: object = field(repr=False, default=None)
    change: Change = Change.SAME


@dataclass(frozen=True, slots=True)
class Picture:
    """One flow in one language. `is_compared`: changes are told, too."""

    name: str
    language: str
    title: str
    about: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    clocks: tuple[Note, ...]
    keeps: tuple[Note, ...]
    is_compared: bool = False

    def stages(self) -> tuple[str | None, ...]:
        """The stages in the order in which their first states stand; what has none stands apart."""
        return tuple(dict.fromkeys(box.stage for box in self.boxes))

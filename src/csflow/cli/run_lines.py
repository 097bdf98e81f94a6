"""Owns what a line of `csflow run` says: an event, the outcome of an effect, time that passes, or the end."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from csflow.values.decoding import Misfit, from_text
from csflow.values.kinds import DAYS, DURATION

WAIT, SUCCEEDED, FAILED, QUIT = "wait", "succeeded", "failed", "quit"
_DAY = 86_400_000_000


class Unclear(ValueError):
    """A line that says nothing that could happen."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event. `by` is None where the line names no sender; `data` has values as they are written."""

    event: str
    by: str | None
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an effect."""

    effect: str
    succeeded: bool
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many microseconds pass; none is negative."""

    length: int


def read_line(line: str) -> Happening | Outcome | Waiting | None:
    """What a line says; None for one that is blank or a comment. Raises `Unclear`."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        raise Unclear from None
    if not words:
        return None
    if words[0] == WAIT:
        return Waiting(_length(" ".join(words[1:])))
    if words[0] in (SUCCEEDED, FAILED):
        if len(words) < 2:
            raise Unclear
        return Outcome(words[1], words[0] == SUCCEEDED, _data(words[2:]))
    is_named = len(words) > 1 and "=" not in words[1]
    return Happening(words[0], words[1] if is_named else None, _data(words[1 + is_named :]))


def is_end(line: str) -> bool:
    return line.strip() == QUIT


def _data(words: list[str]) -> dict[str, str]:
    """`fact=value` pairs."""
    found: dict[str, str] = {}
    for word in words:
        path, sign, value = word.partition("=")
        if not (path and sign):
            raise Unclear
        found[path] = value
    return found


def _length(text: str) -> int:
    try:
        length = from_text(DAYS, text) * _DAY if text.endswith(("day", "days")) else from_text(DURATION, text)
    except Misfit:
        raise Unclear from None
    if length < 0:
        raise Unclear
    return int(length)

"""Owns what a sentence is made of: text, and names that remember what they stand for."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from string import Formatter
from typing import TypeAlias

from csflow.diagnostics import Word


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a sentence. `space` and `name` say of what, so that a page can lead there."""

    space: str
    name: str
    text: str


Prose: TypeAlias = tuple[str | Named, ...]


class Bond(IntEnum):
    """How tightly a phrase holds together: what is looser than its place stands in parentheses."""

    LOOSE = 0
    OR = 1
    AND = 2
    SUM = 3
    PRODUCT = 4
    TIGHT = 5


@dataclass(frozen=True, slots=True)
class Said:
    prose: Prose
    bond: Bond = Bond.TIGHT


def plain(prose: Prose) -> str:
    """The sentence as text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in prose)


def fill(word: str, language: str, /, **parts: Prose | str) -> Prose:
    """A word's pattern with its places filled; whatever stands in the parts is text, never a pattern."""
    filled: list[str | Named] = []
    for literal, place, _, _ in Formatter().parse(Word(word).in_language(language)):
        if literal:
            filled.append(literal)
        if place is not None:
            part = parts[place]
            filled += (part,) if isinstance(part, str) else part
    return tuple(filled)


def joined(proses: Iterable[Prose], separator: str) -> Prose:
    pieces: list[str | Named] = []
    for number, prose in enumerate(proses):
        pieces += (separator, *prose) if number else prose
    return tuple(pieces)


def within(place: Bond, said: Said, language: str) -> Prose:
    """The phrase, in parentheses where its place asks for more hold than it has."""
    return said.prose if said.bond >= place else fill("join.group", language, inner=said.prose)

"""Owns how texts are set in a drawing: broken into lines, and measured, with Chinese in its full width."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from csflow.reports.graph.legend import SIGNS
from csflow.reports.graph.picture import Change, Line, Tone
from csflow.reports.html import shown
from csflow.reports.wrapping import lines_of, width_of

# In units of the drawing. A clock before a line of time takes the room of a sign.
LEADING, PADDING = 18, 10
SIZES = {Tone.HEAD: 14, Tone.NAME: 11}
SIZE = 12
_SIGN = 16
_MANY = 12


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that fit a width, each with the line that it comes from; `is_first`: it begins one."""

    lines: tuple[tuple[Line, str, bool], ...]
    width: int
    height: int


def fitted(lines: tuple[Line, ...], change: Change, widths: tuple[int, ...]) -> Block:
    """The lines in the narrowest of the widths in which they are not too many, else in the last."""
    blocks = (block_of(lines, change, width) for width in widths)
    return next((block for block in blocks if len(block.lines) <= _MANY), block_of(lines, change, widths[-1]))


def block_of(lines: Iterable[Line], change: Change, width: int) -> Block:
    """The lines broken so that none is wider than `width`; before the first one stands the sign of what changed."""
    told = list(lines)
    if SIGNS[change] and told:
        told[0] = replace(told[0], text=f"{SIGNS[change]} {told[0].text}")
    broken: list[tuple[Line, str, bool]] = []
    widest = 0
    for line in told:
        size, indent = size_of(line), indent_of(line)
        sign = SIGNS[line.change]
        text = f"{sign} {line.text}" if sign else line.text
        for number, piece in enumerate(lines_of(shown(text), (width - indent) * 100 // size, _narrow(line))):
            broken.append((line, piece, number == 0))
            widest = max(widest, indent + width_in(line, piece))
    if not broken:
        return Block((), 0, 0)
    return Block(tuple(broken), widest + 2 * PADDING, len(broken) * LEADING + PADDING + 6)


def width_in(line: Line, piece: str) -> int:
    """How wide a piece of the line is set."""
    return -(-width_of(piece, _narrow(line)) * size_of(line) // 100)


def _narrow(line: Line) -> int:
    """How wide a Latin sign is, in hundredths of the type size: so wide that the broader fonts fit, too."""
    return 72 if line.tone is Tone.HEAD else 61


def size_of(line: Line) -> int:
    return SIZES.get(line.tone, SIZE)


def indent_of(line: Line) -> int:
    return _SIGN if line.tone is Tone.TIME else 0

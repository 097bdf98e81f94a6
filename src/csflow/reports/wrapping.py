"""Owns breaking text into lines where a picture does not do it: SVG has no lines of its own.

Chinese breaks between any two characters but before a sign that closes and after one that opens; words
and numbers stay whole. Widths are in hundredths of the type size.
"""

import unicodedata
from collections.abc import Iterator

_CLOSING = frozenset("，。、；：？！）》」』】〉”’％%,.;:?!)]}")
_OPENING = frozenset("（《「『【〈“‘([{")
_WIDE, _NARROW = 100, 56


def lines_of(text: str, width: int, narrow: int = _NARROW) -> list[str]:
    """The text in lines of at most `width`; a piece that is wider by itself has a line of its own.

    `narrow` is how wide a sign is that is not of full width.
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width_of(lines[-1] + piece.rstrip(), narrow) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def width_of(text: str, narrow: int = _NARROW) -> int:
    return sum(_WIDE if unicodedata.east_asian_width(sign) in "WFA" else narrow for sign in text)


def _pieces(text: str) -> Iterator[str]:
    """What is not broken: a word, or a character with the signs that belong to it."""
    piece = ""
    for sign in text:
        if piece and _may_break(piece[-1], sign):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING or before in _OPENING or after == " ":
        return False
    return before == " " or _is_wide(before) or _is_wide(after)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"

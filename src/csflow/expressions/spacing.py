"""Owns the blanks of an expression: those that printing sets, with the author's own parentheses and quotes kept.

How syntax is printed is for `printing`.
"""

import re

from csflow.expressions.printing import print_expression
from csflow.expressions.syntax import Syntax

_PIECE = re.compile(
    r"'[^'\n]*'|\"[^\"\n]*\"|[0-9]+(?:\.[0-9]+)?|[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*"
    r"|\.\.|<=|>=|!=|\S"
)


def spaced(text: str, syntax: Syntax) -> str | None:
    """`text`, from which `syntax` was parsed, with the blanks of its printed form; its lines are kept.

    None where the two differ in more than blanks, quotes and parentheses that bind nothing.
    """
    printed = _pieces(print_expression(syntax))
    result: list[str] = []
    at, is_after_opening = 0, True
    for piece, blanks in _pieces(text):
        is_extra = at == len(printed) or not _is_same(piece, printed[at][0])
        if is_extra and piece not in ("(", ")"):
            return None
        has_gap = at < len(printed) and not is_after_opening and not (is_extra and piece == ")")
        gap = printed[at][1] if has_gap else ""
        result += blanks.lstrip(" ") if "\n" in blanks else gap, piece
        is_after_opening = is_extra and piece == "("
        at += not is_extra
    return "".join(result) if at == len(printed) else None


def _pieces(text: str) -> list[tuple[str, str]]:
    """Every word, number, text and sign, with the blanks before it."""
    found, end = [], 0
    for match in _PIECE.finditer(text):
        found.append((match[0], text[end : match.start()]))
        end = match.end()
    return found


def _is_same(written: str, printed: str) -> bool:
    if written == printed:
        return True
    return written[0] in "'\"" and printed[0] in "'\"" and written[1:-1] == printed[1:-1]

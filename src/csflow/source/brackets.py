"""Owns the accidents inside brackets and braces, where a comma or bracket ends a cell that holds one.

What stands around the brackets is for `accidents`.
"""

import re

from csflow.source.limits import MAX_DEPTH, MAX_SEARCHED_CELLS
from csflow.source.mending import Draft

# Ranges that take in one end only, as no pair of YAML brackets does. The lengths keep the match linear.
HALF_OPEN = re.compile(
    r"\[[^\[\]{}()\"',\n]{0,80}?\.\.[^\[\]{}()\"',\n]{0,80}\)|\([^\[\]{}()\"',\n]{0,80}?\.\.[^\[\]{}()\"',\n]{0,80}\]"
)
# What a plain cell may not begin with: signs that YAML keeps for itself.
RESERVED = re.compile(r"[%@`,\]}|>]|!=|[-?](?: |$)|[*&](?:\W|$)|!(?=[^\x00-\x7f])", re.ASCII)

_BLANKS = re.compile(r"[ \r]*")
_PLAIN_END = re.compile(r"[,\[\]{}\n]|:(?=[ \r\n,\[\]{}]|$)| #")
_CELL_STOP = re.compile(r"[\[\]{}(),\"'\n]| #")
_PAIRS = {"]": "[", "}": "{", ")": "("}


def read_brackets(draft: Draft, at: int, column: int) -> tuple[int, bool]:
    """Where the collection opened at `at` ends, and whether by closing.

    A line of structure no deeper than `column`, the column of what the collection belongs to, ends it
    too, and so does a bracket of the other kind.
    """
    return _Reader(draft, column).read(at)


class _Reader:
    def __init__(self, draft: Draft, column: int) -> None:
        self._draft = draft
        self._text = draft.text
        self._column = column
        self._open: list[int] = []
        self._is_value = False

    def read(self, at: int) -> tuple[int, bool]:
        self._open = [at]
        at += 1
        for _ in range(MAX_SEARCHED_CELLS):
            at = self._after_blanks(at)
            sign = self._text[at : at + 1]
            if sign == "\n":
                if self._draft.is_structure(at + 1, self._column):
                    return at + 1, False
                at += 1
            elif sign in ("]", "}"):
                opened = self._open.pop()
                if self._text[opened] != _PAIRS[sign]:
                    return at + 1, False
                if not self._open:
                    return at + 1, True
                at = self._after_cell(opened, at + 1)
            elif sign in (",", ":"):
                self._is_value = sign == ":"
                at += 1
            elif sign:
                at = self._cell(at)
            if not sign or self._draft.is_full or len(self._open) > MAX_DEPTH:
                break
        return len(self._text), False

    def _after_blanks(self, at: int) -> int:
        blanks = _BLANKS.match(self._text, at)
        at = blanks.end() if blanks else at
        is_comment = self._text.startswith("#", at) and self._text[at - 1] in " \n"
        return self._draft.line_end(at) if is_comment else at

    def _cell(self, at: int) -> int:
        """What begins at `at`; the place behind it, or behind the bracket that opens it."""
        half_open = HALF_OPEN.match(self._text, at)
        if half_open:
            return self._unquoted(at, self._cell_end(half_open.end()))
        sign = self._text[at]
        if sign in "[{":
            self._open.append(at)
            self._is_value = False
            return at + 1
        if sign in "\"'":
            return self._quoted(at)
        if RESERVED.match(self._text, at):
            return self._unquoted(at, self._cell_end(at + 1))
        return self._plain(at)

    def _quoted(self, at: int) -> int:
        end, is_closed = self._draft.read_quotes(at, self._column)
        return self._after_cell(at, end) if is_closed else end

    def _after_cell(self, start: int, at: int) -> int:
        """Behind quotes or brackets the cell has to end."""
        after = self._after_blanks(at)
        if after < len(self._text) and self._text[after] not in ",]}:\n":
            return self._unquoted(start, self._cell_end(after))
        return at

    def _plain(self, at: int) -> int:
        stop = _PLAIN_END.search(self._text, at)
        if stop is None or stop[0] in ("\n", ",", "]", "}", " #"):
            return stop.start() + (stop[0] == " #") if stop else len(self._text)
        if stop[0] != ":":
            return self._opens_inside(at, self._cell_end(stop.start()))
        if not self._is_value:
            return stop.start()
        return self._second_colon(at, stop.start())

    def _opens_inside(self, at: int, end: int) -> int:
        """A bracket in the middle of a cell: `by [agent]` has lost its colon, `a in [b, c]` its quotes."""
        if self._expects_key() and end - at > 3:
            self._draft.report_missing_colon(at, end)
            return end
        return self._unquoted(at, end)

    def _expects_key(self) -> bool:
        return not self._is_value and self._text[self._open[-1]] == "{"

    def _second_colon(self, at: int, colon: int) -> int:
        """`a: b: c`: a full-width comma parts two entries, or the text is unquoted."""
        comma = self._text.rfind("，", at, colon)
        if comma != -1:
            self._draft.report_wide(comma)
            return colon
        end = self._cell_end(colon)
        self._draft.report_unquoted("unquoted-text", at, end)
        return end

    def _unquoted(self, start: int, end: int) -> int:
        self._draft.report_unquoted("unquoted-cell", start, end)
        return end

    def _cell_end(self, at: int) -> int:
        """Where the cell that holds `at` ends: before a comma or bracket that is not its own."""
        depth = 0
        while stop := _CELL_STOP.search(self._text, at):
            at, sign = stop.start(), stop[0]
            if sign in ("\n", " #") or (depth == 0 and sign in ",]}"):
                return self._before_blanks(at)
            depth += (sign in "[{(") - (sign in "]})")
            at = self._after_quotes(at) if sign in "\"'" else at + 1
        return self._before_blanks(len(self._text))

    def _after_quotes(self, at: int) -> int:
        """Behind quotes that close on their line; behind the quote itself where they do not."""
        close = self._text.find(self._text[at], at + 1, self._draft.line_end(at))
        return at + 1 if close == -1 else close + 1

    def _before_blanks(self, at: int) -> int:
        while at and self._text[at - 1] in " \r":
            at -= 1
        return at

"""Owns the accidents that make a policy no YAML at all, found line by line once YAML has given up.

YAML's scanner stops at the first fault and often far behind it; this one reads on, tells every
accident it knows at its own place, and leaves a text that YAML can be asked about again.
"""

import re

from csflow.diagnostics import Diagnostics, Source
from csflow.source.brackets import HALF_OPEN, RESERVED, read_brackets
from csflow.source.cells import OPENS_VALUE, WIDE_KEY, WIDE_STRUCTURE, report_wide_key
from csflow.source.limits import MAX_SEARCHED_LINES
from csflow.source.mending import Draft
from csflow.source.signs import ODD_BLANKS
from csflow.source.syntax import MISSING_BLANK, TIGHT_KEY, UNCLOSED_BRACKET, UNCLOSED_QUOTE

_INDENT = re.compile(f"[ {ODD_BLANKS}]*")
_DASHES = re.compile(f"(?:-[ {ODD_BLANKS}]+)*")
_DOCUMENT_MARK = re.compile(r"(?:---|\.\.\.)(?:[ \r\n]|$)")
# Where the key of a line ends, or its comment begins.
_KEY_END = re.compile(r":(?=[ \r]|$)| #")
_COLON = re.compile(r":(?=[ \r]|$)")
_ODD_AFTER_KEY = re.compile(f"[A-Za-z_][A-Za-z0-9_./-]*:(?=[{ODD_BLANKS}])")
_BLOCK_HEADER = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])[ \r]*(?: #.*)?$")


def mend(source: Source, diagnostics: Diagnostics) -> Source:
    """Report every accident of a file; the file with something harmless, of equal length, in their places."""
    walk = _Walk(Draft(source, diagnostics))
    return walk.mended()


class _Walk:
    """Reads block structure. Each method is given a place and returns where the next line starts."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._text = draft.text
        self._key_column = 0
        # The column of what the plain text above belongs to; None when what stands above is no plain text.
        self._text_column: int | None = None

    def mended(self) -> Source:
        at = 0
        for _ in range(MAX_SEARCHED_LINES):
            if at >= len(self._text) or self._draft.is_full:
                break
            at = self._line(at)
        return self._draft.mended()

    def _line(self, at: int) -> int:
        end = self._draft.line_end(at)
        start = _end_of(_INDENT, self._text, at, end)
        behind = _end_of(_DASHES, self._text, start, end)
        self._draft.report_odd_blanks(at, behind)
        if start == end or self._text[start] in "#\r" or _DOCUMENT_MARK.match(self._text, at):
            return end + 1
        if behind == start:
            return self._undashed(start, end, start - at)
        last_dash = self._text.rfind("-", start, behind)
        if behind == end:
            return end + 1
        after = self._entry(behind, end, behind - at, is_item=True)
        return self._value(behind, end, last_dash - at) if after is None else after

    def _undashed(self, start: int, end: int, column: int) -> int:
        """An entry, a value on a line of its own, or one more line of a text."""
        after = self._entry(start, end, column)
        if after is not None:
            return after
        goes_on = self._text_column is not None and column > self._text_column
        if self._text[start] in "\"'[{" and not goes_on:
            return self._value(start, end, column - 1)
        return end + 1

    def _entry(self, start: int, end: int, column: int, *, is_item: bool = False) -> int | None:
        """A key with its value; None when there is no key."""
        wide = WIDE_KEY.match(self._text, start, end)
        if wide and not (is_item and wide[1][0].isupper()):
            return self._wide_entry(wide, end, column)
        colon = self._key_end(start, end, column)
        if colon is None:
            self._missing_blank(start, end, column, is_item=is_item)
            return None
        self._key_column = column
        opened = OPENS_VALUE.search(self._text, start, colon)
        if opened and self._text[start] not in "\"'":
            return self._missing_colon(start, end)
        self._draft.report_odd_blanks(colon - 1, colon)
        return self._value(colon + 1, end, column)

    def _key_end(self, start: int, end: int, column: int) -> int | None:
        """The colon of the key that begins at `start`."""
        if self._text[start] in "[{":
            return None
        if self._text[start] in "\"'":
            close, is_closed = self._draft.read_quotes(start, column)
            after = self._draft.after_spaces(close, end)
            return after if is_closed and close <= end and self._text[after : after + 1] == ":" else None
        odd = _ODD_AFTER_KEY.match(self._text, start, end)
        if odd:
            return odd.end() - 1
        stop = _KEY_END.search(self._text, start, end)
        return stop.start() if stop and stop[0] == ":" else None

    def _wide_entry(self, key: re.Match[str], end: int, column: int) -> int:
        report_wide_key(self._draft.source, key, end, self._draft.diagnostics)
        self._key_column = column
        sign = key.end() - 1
        if self._text[sign + 1 : sign + 2] in ("[", "{", '"', "'", "|", ">"):
            # The value needs all of its signs, so the key gives one up to the blank.
            self._draft.put(sign - 1, ": ")
        else:
            self._draft.put(sign, ": " if sign + 1 < end and self._text[sign + 1] != "\r" else ":")
        return self._value(sign + 1, end, column)

    def _missing_colon(self, start: int, end: int) -> int:
        """`code {type: code}`: the first colon belongs to the value."""
        self._draft.report_missing_colon(start, self._draft.before_comment(start, end))
        return end + 1

    def _missing_blank(self, start: int, end: int, column: int, *, is_item: bool) -> None:
        """`key:value` beside other keys; elsewhere it may be a text."""
        key = TIGHT_KEY.match(self._text, start, end)
        if key and not is_item and column == self._key_column:
            self._draft.report_syntax(key.end() - 1, MISSING_BLANK, ": ")
            self._draft.put(key.end(), " ")

    def _value(self, start: int, end: int, column: int) -> int:
        """The value of a key or list item that stands, itself or its dash, in `column`."""
        at = _end_of(_INDENT, self._text, start, end)
        self._draft.report_odd_blanks(start, at)
        value_end = self._draft.before_comment(at, end)
        self._text_column = None
        if at >= value_end or self._text[at] == "#":
            return end + 1
        sign = self._text[at]
        if sign in "\"'":
            return self._quoted(at, end, column)
        if sign in "[{":
            return self._brackets(at, end, column)
        if _BLOCK_HEADER.match(self._text, at, end):
            return self._after_block(end + 1, column)
        if sign == "-" and value_end > at + 1:
            # A list on the line of its key, or a number: YAML has its own say on the one.
            return end + 1
        if RESERVED.match(self._text, at, value_end):
            self._draft.report_unquoted("unquoted-cell", at, value_end)
        elif _COLON.search(self._text, at, value_end):
            self._colon_in_text(at, value_end)
        self._text_column = column
        return end + 1

    def _colon_in_text(self, at: int, end: int) -> None:
        if self._text[at] not in "｛［“":
            self._draft.report_unquoted("unquoted-text", at, end)
            return
        for place in range(at, end):
            if self._text[place] in WIDE_STRUCTURE and not self._draft.is_full:
                self._draft.report_wide(place)

    def _quoted(self, at: int, end: int, column: int) -> int:
        close, is_closed = self._draft.read_quotes(at, column)
        if is_closed:
            return self._after_value(at, close)
        wide = [place for place in range(at + 1, end) if self._text[place] in "“”‘’"]
        # Full-width quotes in pairs belong to the text.
        if len(wide) % 2:
            self._draft.report_wide(wide[-1])
        else:
            self._draft.report_syntax(at, UNCLOSED_QUOTE)
        self._draft.neutralise(at, close)
        return close

    def _brackets(self, at: int, end: int, column: int) -> int:
        half_open = HALF_OPEN.match(self._text, at, end)
        if half_open:
            self._draft.report_unquoted("unquoted-cell", at, self._draft.before_comment(at, end))
            return end + 1
        close, is_closed = read_brackets(self._draft, at, column)
        if is_closed:
            return self._after_value(at, close)
        stop = close if self._text[close - 1] == "\n" else self._draft.line_end(close)
        wide = [place for place in range(at, end) if self._text[place] in "｝］"]
        if wide:
            self._draft.report_wide(wide[-1])
        else:
            self._draft.report_syntax(at, UNCLOSED_BRACKET)
        self._draft.neutralise(at, stop)
        return stop if stop == close else stop + 1

    def _after_value(self, start: int, close: int) -> int:
        """Behind quotes or brackets the value has to end."""
        end = self._draft.line_end(close)
        after = self._draft.after_spaces(close, end)
        is_over = after == end or self._text[after] in "#\r"
        if not is_over and "\n" not in self._text[start:close]:
            self._draft.report_unquoted("unquoted-cell", start, self._draft.before_comment(after, end))
        return end + 1

    def _after_block(self, at: int, column: int) -> int:
        while at < len(self._text):
            end = self._draft.line_end(at)
            start = self._draft.after_spaces(at, end)
            if start < end and self._text[start] != "\r" and start - at <= column:
                return at
            at = end + 1
        return at


def _end_of(pattern: re.Pattern[str], text: str, at: int, end: int) -> int:
    match = pattern.match(text, at, end)
    return match.end() if match else at

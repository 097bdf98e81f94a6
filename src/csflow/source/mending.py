"""Owns a text under repair: each accident is reported at its place, and something harmless put there.

The repaired text is as long as the broken one, so that YAML can be asked about the rest and its
places still hold. Which accidents there are is for `accidents` and `brackets`.
"""

import re

from csflow.diagnostics import Diagnostics, Phrase, Source
from csflow.source.cells import WIDE_STRUCTURE, report_wide_sign
from csflow.source.limits import is_full
from csflow.source.quoting import report_unquoted
from csflow.source.signs import ODD_BLANKS, spelled
from csflow.source.syntax import MISSING_COLON

_SPACES = re.compile(r" *")
_ODD_RUN = re.compile(f"[{ODD_BLANKS}]+")
_COMMENT = re.compile(r" #")
_DOUBLE_STOP = re.compile(r'\\.|"|\n', re.DOTALL)
_SINGLE_STOP = re.compile(r"''|'|\n")
_STRUCTURE = re.compile(r"( *)(?:- |[A-Za-z_][^\n:#]*:(?:[ \r\n]|$))")


class Draft:
    """The text, with what was done to it. Places are offsets; `end` is never included."""

    def __init__(self, source: Source, diagnostics: Diagnostics) -> None:
        self.source = source
        self.text = source.text
        self.diagnostics = diagnostics
        self._signs = list(source.text)

    @property
    def is_full(self) -> bool:
        return is_full(self.diagnostics)

    def mended(self) -> Source:
        return Source(self.source.path, "".join(self._signs))

    def put(self, at: int, signs: str) -> None:
        """Replace the signs from `at` on, as many as there are in `signs`."""
        self._signs[at : at + len(signs)] = signs

    def report_unquoted(self, name: str, start: int, end: int) -> None:
        """Text that has to be quoted."""
        report_unquoted(name, self.source.mark(start, end), self.diagnostics)
        self.neutralise(start, end)

    def report_wide(self, at: int) -> None:
        """A full-width sign where YAML has its own."""
        report_wide_sign(self.source, at, self.diagnostics)
        self.put(at, WIDE_STRUCTURE[self.text[at]])

    def report_syntax(self, at: int, problem: Phrase, suggestion: str | None = None) -> None:
        mark = self.source.mark(at, at + 1)
        self.diagnostics.report("yaml-syntax", mark, suggestion=suggestion, problem=problem)

    def report_missing_colon(self, start: int, end: int) -> None:
        """An entry on one line, `by [agent]`, whose key has no colon."""
        self.report_syntax(start, MISSING_COLON)
        self.neutralise(start, end)
        self.put(start + 1, ": ")

    def report_odd_blanks(self, start: int, end: int) -> None:
        """Blanks that YAML takes for text, between places where only blanks may stand."""
        for run in _ODD_RUN.finditer(self.text, start, end):
            if self.is_full:
                return
            mark = self.source.mark(run.start(), run.end())
            self.diagnostics.report("invisible-character", mark, sign=spelled(run[0][0]))
            self.put(run.start(), " " * len(run[0]))

    def neutralise(self, start: int, end: int) -> None:
        """A plain word in the place of what is broken; the lines that it goes on to become blank."""
        first_end = min(end, self.line_end(start))
        first_end = start + len(self.text[start:first_end].rstrip())
        self.put(start, "x" * (first_end - start))
        for at in range(first_end, end):
            if self.text[at] not in "\r\n":
                self.put(at, " ")

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end == -1 else end

    def after_spaces(self, at: int, end: int) -> int:
        spaces = _SPACES.match(self.text, at, end)
        return spaces.end() if spaces else at

    def before_comment(self, at: int, end: int) -> int:
        """Where a value on the line that ends at `end` stops, comment and blanks left out."""
        comment = _COMMENT.search(self.text, at, end)
        return at + len(self.text[at : comment.start() if comment else end].rstrip())

    def is_structure(self, at: int, column: int) -> bool:
        """Whether the line at `at` looks like a key or list item no deeper than `column`."""
        line = _STRUCTURE.match(self.text, at)
        return line is not None and line.end(1) - at <= column

    def read_quotes(self, at: int, column: int) -> tuple[int, bool]:
        """Where the quotes opened at `at` end, and whether by closing: a line of structure ends them too."""
        stops = _DOUBLE_STOP if self.text[at] == '"' else _SINGLE_STOP
        for stop in stops.finditer(self.text, at + 1):
            if stop[0] == self.text[at]:
                return stop.end(), True
            if stop[0] == "\n" and self.is_structure(stop.end(), column):
                return stop.end(), False
        return len(self.text), False

"""Owns places in source text: which file, which characters, which line and column.

What is wrong at a place is a `Finding`; what a place means is for the rooms above.
"""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A place as a spreadsheet names it: the tab, and the cell such as `C5`."""

    tab: str
    cell: str


class Source:
    """One text file as it was read. Offsets, lines and columns count code points."""

    __slots__ = ("_line_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._line_starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.path!r})"

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of a 0-based offset."""
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The 0-based offset of a 1-based line and column."""
        return self._starts()[line - 1] + column - 1

    @property
    def line_count(self) -> int:
        """How many lines there are, an empty one at the end included."""
        return len(self._starts())

    def line_text(self, line: int) -> str:
        """A 1-based line without its line end."""
        starts = self._starts()
        end = starts[line] if line < len(starts) else len(self.text)
        return self.text[starts[line - 1] : end].rstrip("\r\n")

    def address(self, offset: int) -> Address | None:
        """The cell in which an offset lies, where the file is a spreadsheet."""
        return None

    def mark(self, start: int = 0, end: int | None = None) -> "Mark":
        """The mark of the characters `start` to `end` (not included)."""
        return Mark(self, start, start if end is None else end)

    def _starts(self) -> list[int]:
        if self._line_starts is None:
            starts, at = [0], self.text.find("\n")
            while at != -1:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._line_starts = starts
        return self._line_starts


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of characters of one source.

    INVARIANT: marks never count in the equality, order or digest of what carries them; every
    field that holds one is declared `field(compare=False, repr=False)`.
    """

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def end_line(self) -> int:
        return self.source.position(self.end)[0]

    @property
    def end_column(self) -> int:
        return self.source.position(self.end)[1]

    @property
    def address(self) -> Address | None:
        """The cell in which the mark begins, where the file is a spreadsheet."""
        return self.source.address(self.start)

    @property
    def text(self) -> str:
        """The characters marked, as they stand in the file."""
        return self.source.text[self.start : self.end]

    def part(self, start: int, end: int) -> "Mark":
        """The mark of a part of this one, by offsets from its start."""
        return Mark(self.source, self.start + start, self.start + end)

    def to(self, other: "Mark") -> "Mark":
        """From the start of this mark to the end of another of the same source."""
        return Mark(self.source, self.start, other.end)

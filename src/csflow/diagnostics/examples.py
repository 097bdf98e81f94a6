"""Owns the example of a finding: something written wrongly and mended, as the tests run it and people are shown it."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Rows = list[list[Any]]
Content = str | Rows

# Stands in the text of an example for the part that is repeated.
MANY = "⋯"
# What is run where an example does not say: the check of the pack.
CHECK = "csflow check"


@dataclass(frozen=True, slots=True)
class Example:
    """A file of the small pack of `tests/spec/checks/pack` or beside it, or a command line, wrong and right.

    `bad` and `good` are the texts of `file`, of a workbook the rows of its tab `Sheet1`; where `file` is "" they are
    command lines. `files` are others that both need, by their paths. What is run is `command` (a Python program
    where `file` is one). The finding stands on line `line` of `place`, or has no line, which is 0, and is about
    `place`; `also` are the names of findings that come with it. `bad` is saved in `encoding`, and `MANY` in a text
    stands for `many`, a part and how many times.
    """

    bad: Content
    good: Content
    file: str
    line: int
    place: str
    files: Mapping[str, Content]
    command: str
    also: tuple[str, ...]
    encoding: str
    many: tuple[str, int] | None


def read_example(raw: Mapping[str, Any]) -> Example:
    """The table `[example]` of an entry; KeyError where one of its sides is missing."""
    file = raw.get("file", "")
    many = raw.get("many")
    return Example(
        bad=raw["bad"],
        good=raw["good"],
        file=file,
        line=raw.get("line", 0),
        place=raw.get("place", file),
        files=raw.get("files", {}),
        command=raw.get("command", f"python {file}" if file.endswith(".py") else CHECK if file else ""),
        also=tuple(raw.get("also", ())),
        encoding=raw.get("encoding", "utf-8"),
        many=(many["part"], many["times"]) if many else None,
    )


def shown_lines(content: Content) -> list[str]:
    """The lines of a file as they are shown: signs that nobody sees by their numbers, a sheet as its cells."""
    lines = content.rstrip("\n").split("\n") if isinstance(content, str) else [_shown_row(row) for row in content]
    return ["".join(f"\\u{ord(sign):04x}" if _is_unseen(sign) else sign for sign in line) for line in lines]


def _is_unseen(sign: str) -> bool:
    return sign != " " and unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Zs")


def _shown_row(row: list[Any]) -> str:
    return " | ".join(_shown_cell(cell) for cell in row)


def _shown_cell(cell: Any) -> str:
    """A cell as a spreadsheet shows it; a text that looks like a number has the apostrophe one types before it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and cell[:1].isdigit() else str(cell)

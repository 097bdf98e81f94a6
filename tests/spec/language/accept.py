"""Owns `python -m tests.spec.language.accept PAGE...`: it writes what csflow answers into the tables of pages.

The difference is yours to defend: read it before you commit it.
"""

import sys
from pathlib import Path

from .checks import Answer, Check, checks_of
from .pages import FOLDER, Page


def accepted(text: str, name: str) -> str:
    """The page with the answers of today in its tables."""
    lines = text.split("\n")
    for check in checks_of(Page(name, text)):
        for answer in check.run() if check.table is not None else ():
            if answer.differences:
                lines[answer.line - 1] = _rewritten(lines[answer.line - 1], check, answer)
    return "\n".join(lines)


def _rewritten(line: str, check: Check, answer: Answer) -> str:
    assert check.table is not None
    cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
    for column, _, got in answer.differences:
        if column in check.table.header:
            cells[len(cells) - 1 - check.table.header[::-1].index(column)] = got
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)


if __name__ == "__main__":
    for given in sys.argv[1:]:
        path = FOLDER / Path(given).name
        path.write_text(accepted(path.read_text(encoding="utf-8"), path.name), encoding="utf-8")

"""Owns one order under several packs, side by side: a table of what each of them answers, and by which source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from csflow.api.packs import Pack
    from csflow.evaluators import Decision
    from csflow.facts import Facts

_GAP = "  "
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Column:
    """A pack, a file of the order's facts as it names them, and where it answers each row: `decision.output`.

    A row that a pack does not answer is left out. The source is that of the first row. `titles` head the column where
    the title of the pack would not tell it from another; `at` is when is decided, where an answer depends on it.
    """

    pack: str
    facts: str
    answers: Mapping[str, str]
    titles: Mapping[str, str] | None = None
    at: str | None = None


def side_by_side(
    folder: Path, columns: Sequence[Column], titles: Mapping[str, Mapping[str, str]], language: str
) -> Iterator[str]:
    """Lines of the table: a row for each of the titles, in their order; below it the source of every column."""
    answered = [_Answered(folder, column) for column in columns]
    rows = [["", *(each.title(language) for each in answered)]]
    rows += [[title[language], *(each.told(row, language) for each in answered)] for row, title in titles.items()]
    yield from _lines(rows)
    for each in answered:
        yield f"{each.title(language)}{'：' if language.startswith('zh') else ': '}{each.source(language)}"


class _Answered:
    """The answers of one column."""

    def __init__(self, folder: Path, column: Column) -> None:
        from csflow.facts.files import read_facts_file

        self._column = column
        self._pack = _pack(column.pack)
        content = (folder / column.facts).read_bytes()
        self._facts: Facts = read_facts_file(self._pack.linked, column.facts, content)

    def title(self, language: str) -> str:
        if self._column.titles:
            return self._column.titles[language]
        title = self._pack.linked.title
        return title.in_language(language) if title else self._pack.name

    def told(self, row: str, language: str) -> str:
        """What the pack answers there, as a person reads it."""
        from csflow.values.presenting import to_sentence

        if row not in self._column.answers:
            return _NOTHING
        name, output = self._column.answers[row].split(".")
        kind = self._pack.linked.decisions[name].outputs[output].kind
        return to_sentence(kind, self._decided(name).held.get(output), self._pack.linked.zone, language)

    def source(self, language: str) -> str:
        """The source of the rule behind the first row."""
        name, _ = next(iter(self._column.answers.values())).split(".")
        decided = self._decided(name)
        rules = {rule.id: rule for rule in self._pack.linked.decisions[name].every_rule()}
        applied = decided.exceptions[-1] if decided.exceptions else decided.rule
        because = rules[applied].because if applied else None
        return because.in_language(language) if because else _NOTHING

    def _decided(self, name: str) -> "Decision":
        return self._pack.decide(name, self._facts, at=self._column.at)


@cache
def _pack(name: str) -> "Pack":
    """The standard pack of that name, read once for all tables and languages."""
    from csflow.api.packs import standard_pack

    return standard_pack(name)


def _lines(rows: list[list[str]]) -> Iterator[str]:
    from csflow.diagnostics.rendering.text import cell_width

    widths = [max(cell_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        padded = (cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=True))
        yield _GAP.join(padded).rstrip()

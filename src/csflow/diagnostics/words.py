"""Owns csflow's own words (kinds, sections, statuses) in three languages.

They fill the placeholders of findings and the sentences of explanations; the words of a pack are
the pack's own titles.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from csflow.diagnostics.languages import Phrase

_FILES = ("words.toml", "prose.toml", "handbook.toml", "graph.toml")


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a file of words, such as `kind.money`."""

    key: str

    def in_language(self, language: str) -> str:
        return _words()[self.key][language]

    @property
    def phrase(self) -> Phrase:
        """The word as a title, in every language."""
        return Phrase.of(_words()[self.key])

    def __str__(self) -> str:
        return self.in_language("zh-CN")


@cache
def _words() -> dict[str, dict[str, str]]:
    room = files("csflow.diagnostics")
    read = [tomllib.loads(room.joinpath(name).read_text(encoding="utf-8")) for name in _FILES]
    return {
        f"{group}.{key}": texts
        for groups in read
        for group, entries in groups.items()
        for key, texts in entries.items()
    }

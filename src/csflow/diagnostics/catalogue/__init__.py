"""Owns the list of everything csflow can complain about, one TOML file a code.

A file is named `CS201-unknown-fact.toml` and holds the wording in three languages. It is read
the first time its finding is reported or explained, so a clean pack reads none of them.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from csflow.diagnostics.examples import Example, read_example
from csflow.diagnostics.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Wording:
    """What one code says in one language. `message` and `remedy` hold `{placeholders}`."""

    title: str
    message: str
    remedy: str
    why: str


@dataclass(frozen=True, slots=True)
class Code:
    """One entry: `code` and `name` are for ever, `severity` is error, warning or note.

    What no example can show is `shown_in` a test file instead. `see` are the names of entries that are near.
    What is `dated` comes with the day on which the question is asked, and not with what is written.
    """

    code: str
    name: str
    severity: str
    since: str
    wordings: dict[str, Wording]
    example: Example | None
    shown_in: str | None
    see: tuple[str, ...]
    dated: bool = False


@cache
def names() -> dict[str, str]:
    """Every diagnostic name, with the stem of its file."""
    stems = sorted(entry.name[:-5] for entry in files(__name__).iterdir() if entry.name.endswith(".toml"))
    return {stem.split("-", 1)[1]: stem for stem in stems}


@cache
def by_name(name: str) -> Code:
    """The entry called `name`; KeyError when there is none."""
    stem = names()[name]
    return _code(stem, tomllib.loads(files(__name__).joinpath(f"{stem}.toml").read_text(encoding="utf-8")))


def find(code_or_name: str) -> Code | None:
    """The entry of a code such as `CS201`, or of a name such as `unknown-fact`."""
    for name, stem in names().items():
        if code_or_name.lower() in (name, stem.split("-", 1)[0].lower()):
            return by_name(name)
    return None


def near(entry: Code) -> list[Code]:
    """The entries that this one names as near, and those that name it; by code."""
    names_it = [each for each in map(by_name, names()) if entry.name in each.see]
    found = {name: by_name(name) for name in entry.see} | {each.name: each for each in names_it}
    return sorted(found.values(), key=lambda each: each.code)


def elided(template: str) -> str:
    """A message or remedy with an ellipsis where the writer's own words will stand."""
    return template.format_map(defaultdict(lambda: "…"))


def _code(stem: str, raw: dict[str, Any]) -> Code:
    code, name = stem.split("-", 1)
    return Code(
        code=code,
        name=name,
        severity=raw["severity"],
        since=raw["since"],
        wordings={
            language: Wording(
                title=raw[language]["title"],
                message=raw[language]["message"],
                remedy=raw[language].get("remedy", ""),
                why=raw[language]["why"],
            )
            for language in LANGUAGES
        },
        example=read_example(raw["example"]) if "example" in raw else None,
        shown_in=raw.get("shown_in"),
        see=tuple(raw.get("see", ())),
        dated=raw.get("dated", False),
    )

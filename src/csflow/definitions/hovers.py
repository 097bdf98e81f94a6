"""Owns what keys and closed words are called: `hovers.toml`, for editors and for "did you mean"."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files

from csflow.diagnostics import Word


@cache
def hovers() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The texts of `hovers.toml`: by section and key, in three languages; `words` holds those of closed lists."""
    return tomllib.loads(files("csflow.definitions").joinpath("hovers.toml").read_text(encoding="utf-8"))


def titles_of(words: Iterable[str]) -> dict[str, str]:
    """The words of a closed list by what they are called: 商家承诺 is `promise`, 金额 is `money`."""
    return {text: word for word in words for text in _titles(word)}


def _titles(word: str) -> Iterator[str]:
    yield from hovers()["words"].get(word, {}).values()
    with suppress(KeyError):
        yield from (text for _, text in Word(f"kind.{word}").phrase.texts)

"""Owns what a source names: a law or document, and the articles of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from csflow.diagnostics import Word
from csflow.pack.model import Edition, Layer, Rule
from csflow.reports.book.page import Page

# A remark in brackets belongs to its source, whatever signs stand in it.
_BETWEEN_SOURCES = re.compile(r"[；;]\s*(?![^（(]*[）)])")
_ARTICLES = re.compile(
    r"(?P<law>.*?)\s*(?P<articles>(?:第[零〇一二三四五六七八九十百千0-9]+[条條]|\barts?\.? [0-9]|§ ?[0-9]).*)"
)
_BETWEEN_ARTICLES = re.compile(r"、(?=第)")
_ARTICLE = re.compile(r"第[^第]*?[条條]")


@dataclass(frozen=True, slots=True)
class Citation:
    law: str
    article: str


def source_of_rule(page: Page, rule: Rule) -> str | None:
    """The source of a rule as text; an article that a layer names is one of the layer's document."""
    because = rule.because.in_language(page.language) if rule.because else None
    return because if rule.layer is None else _of_layer(page, because, page.pack.layers[rule.layer])


def source_of_value(page: Page, edition: Edition, layer: Layer | None) -> str | None:
    """The source of a value as text, that of a layer where the value itself has none."""
    because = edition.because.in_language(page.language) if edition.because else None
    return because if layer is None else _of_layer(page, because, layer)


def together(page: Page, sources: Iterable[str | None]) -> str | None:
    """Several sources as one text, each law or article of them once."""
    named = [part.strip() for source in sources if source for part in _BETWEEN_SOURCES.split(source)]
    return Word("join.semicolon").in_language(page.language).join(dict.fromkeys(named)) or None


def citations(source: str) -> Iterator[Citation]:
    """`某法 第一条、第二条；另一法` as a law with each of its articles, and a document without one."""
    for part in _BETWEEN_SOURCES.split(source):
        found = _ARTICLES.fullmatch(part.strip())
        if found is None:
            yield Citation(part.strip(), "")
            continue
        for article in _whole(_BETWEEN_ARTICLES.split(found["articles"])):
            yield Citation(found["law"], article)


def _whole(articles: list[str]) -> Iterator[str]:
    """Each with its article: `第一项、第四项` of one article are named by it, both."""
    last = ""
    for each in articles:
        head = _ARTICLE.match(each)
        last = head[0] if head else last
        yield each if head else last + each


def _of_layer(page: Page, because: str | None, layer: Layer) -> str | None:
    own = layer.because.in_language(page.language) if layer.because else None
    if because is None or own is None:
        return because or own
    found = _ARTICLES.fullmatch(because)
    return f"{own} {because}" if found is not None and not found["law"] else because

"""Owns the index of sources: every law or document with the rules and values that rest on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from csflow.diagnostics import Phrase
from csflow.pack.model import Edition
from csflow.reports.book.page import Page, Part, by_name
from csflow.reports.html import Content, Element, element

_BETWEEN_SOURCES = re.compile(r"[；;]\s*")
# A law, and the articles of it that a source names.
_ARTICLES = re.compile(
    r"(?P<law>.*?)\s*(?P<articles>(?:第[零〇一二三四五六七八九十百千0-9]+[条條]|\barts?\.? [0-9]|§ ?[0-9]).*)"
)
_BETWEEN_ARTICLES = re.compile(r"、(?=第)")
_NUMBERS = re.compile(r"[0-9]+|[零〇一二三四五六七八九十百千]+")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class _Cited:
    """One place that rests on a source."""

    law: str
    article: str
    place: tuple[Content, ...]


def sources(page: Page) -> Part:
    laws: dict[str, dict[str, list[tuple[Content, ...]]]] = {}
    for cited in _cited(page):
        laws.setdefault(cited.law, {}).setdefault(cited.article, []).append(cited.place)
    unsourced = page.word("unsourced")
    told = [_law(page, law, laws[law]) for law in sorted(laws, key=lambda law: (law == unsourced, law))]
    return Part("sources", page.word("sources"), [element("p", page.word("sources_about")), *told])


def _law(page: Page, law: str, articles: dict[str, list[tuple[Content, ...]]]) -> Element:
    items = [
        element("li", [element("b", article), page.colon] if article else None, _places(page, places))
        for article, places in sorted(articles.items(), key=lambda each: _number(each[0]))
    ]
    return element("section", element("h3", law), element("ul", items))


def _places(page: Page, places: list[tuple[Content, ...]]) -> Element:
    return page.items((element("span", place) for place in places), class_="places")


def _cited(page: Page) -> Iterator[_Cited]:
    """Every source in the pack with the place that names it."""
    for decision in by_name(page.pack.decisions):
        for rule in decision.every_rule():
            yield from _articles(page, rule.because, tuple(page.rule_link(decision, rule)))
    for parameter in by_name(page.pack.parameters):
        title = page.title(parameter.title, parameter.name)
        link = (page.link("parameter", parameter.name, title),)
        for edition in parameter.editions:
            yield from _articles(page, edition.because, link)
    for layer in by_name(page.pack.layers):
        yield from _articles(
            page, layer.because, (page.link("layer", layer.name, page.title(layer.title, layer.name)),)
        )
        for name, editions in sorted(layer.parameters.items()):
            yield from _given(page, layer.name, name, editions)


def _given(page: Page, layer: str, name: str, editions: tuple[Edition, ...]) -> Iterator[_Cited]:
    titles = (page.title(page.pack.layers[layer].title, layer), page.title(page.pack.parameters[name].title, name))
    place = (f"{titles[0]}{page.colon}", page.link("parameter", name, titles[1]))
    for edition in editions:
        yield from _articles(page, edition.because, place)


def _articles(page: Page, because: Phrase | None, place: tuple[Content, ...]) -> Iterator[_Cited]:
    if because is None:
        yield _Cited(page.word("unsourced"), "", place)
        return
    for source in _BETWEEN_SOURCES.split(because.in_language(page.language)):
        found = _ARTICLES.fullmatch(source.strip())
        if found is None:
            yield _Cited(source.strip(), "", place)
            continue
        for article in _BETWEEN_ARTICLES.split(found["articles"]):
            yield _Cited(found["law"], article, place)


def _number(article: str) -> tuple[list[int], str]:
    """Articles in the order of their numbers, Chinese ones too."""
    return [_value(number) for number in _NUMBERS.findall(article)], article


def _value(number: str) -> int:
    if number.isdigit() and number.isascii():
        return int(number)
    total = digit = 0
    for sign in number:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit

"""Owns the index of sources: every law or document with the rules and values that rest on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from csflow.reports.book.citing import Citation, citations, source_of_rule, source_of_value
from csflow.reports.book.editions import dated_values
from csflow.reports.book.page import Page, Part, by_name, written_rules
from csflow.reports.html import Content, Element, element

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
    """What rests on the document as a whole, then article by article."""
    whole = _places(page, articles[""]) if "" in articles else None
    items = [
        element("li", element("b", article), page.colon, _places(page, places))
        for article, places in sorted(articles.items(), key=lambda each: _number(each[0]))
        if article
    ]
    return element("section", element("h3", law), whole, element("ul", items) if items else None)


def _places(page: Page, places: list[tuple[Content, ...]]) -> Element:
    return page.items((element("span", place) for place in places), class_="places")


def _cited(page: Page) -> Iterator[_Cited]:
    """Every source in the pack with the place that names it."""
    for decision in by_name(page.pack.decisions):
        for rule in written_rules(decision):
            yield from _named(page, source_of_rule(page, rule), tuple(page.rule_link(decision, rule)))
    for settlement in by_name(page.pack.settlements):
        named = page.link("settlement", settlement.name, page.title(settlement.title, settlement.name))
        source = settlement.because.in_language(page.language) if settlement.because else None
        yield from _named(page, source, (named,))
    for flow in by_name(page.pack.flows):
        named = page.link("flow", flow.name, page.title(flow.title, flow.name))
        rows = (row.because for _, _, choice in flow.choices() for row in choice.rows)
        for because in dict.fromkeys(each for each in (flow.because, *rows) if each is not None):
            yield from _named(page, because.in_language(page.language), (named,))
    for parameter in by_name(page.pack.parameters):
        for dated in dated_values(page, parameter):
            place: list[Content] = [page.link("parameter", parameter.name, page.title(parameter.title, parameter.name))]
            if dated.layer is not None:
                place = [f"{page.title(dated.layer.title, dated.layer.name)}{page.colon}", *place]
            yield from _named(page, source_of_value(page, dated.edition, dated.layer), tuple(place))


def _named(page: Page, source: str | None, place: tuple[Content, ...]) -> Iterator[_Cited]:
    found = [Citation(page.word("unsourced"), "")] if source is None else citations(source)
    for citation in found:
        yield _Cited(citation.law, citation.article, place)


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

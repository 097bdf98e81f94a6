"""Owns what a value may be, in words: its kind, its symbols, its limits."""

from csflow.evaluators.prose.text import fill
from csflow.reports.book.page import Page
from csflow.reports.html import Content
from csflow.values.kinds import Kind

# Vocabularies with a part of the book of their own.
_ELSEWHERE = frozenset({"code", "reason", "role", "party", "liability", "channel", "customer_type"})


def bounds(page: Page, kind: Kind) -> Content:
    """`金额（不低于0元，不超过1,000,000元）`; of an enum, its values."""
    if kind.name == "enum":
        return page.set(page.speaker.symbols(kind))
    told = [] if kind.name in _ELSEWHERE else _limits(page, kind)
    word = str(kind.word.in_language(page.language))
    if not told:
        return word
    return page.set(fill("join.aside", page.language, text=word, aside=page.comma.join(told)))


def _limits(page: Page, kind: Kind) -> list[str]:
    told = []
    if kind.name == "decimal":
        told.append(page.word("places").format(number=kind.places))
    told += _range(page, kind)
    if kind.max_length is not None:
        told.append(page.word("length").format(number=kind.max_length))
    if kind.max_items is not None:
        told.append(page.word("items").format(number=kind.max_items))
    return told


def _range(page: Page, kind: Kind) -> list[str]:
    low, high = (None if end is None else page.speaker.values.shown(kind, end) for end in (kind.low, kind.high))
    if low is not None and high is not None:
        return [page.word("between").format(low=low, high=high)]
    if low is not None:
        return [page.word("at_least").format(low=low)]
    return [] if high is None else [page.word("at_most").format(high=high)]

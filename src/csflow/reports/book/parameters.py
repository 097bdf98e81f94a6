"""Owns the parameters of a handbook: every edition with its source, on a time line and in words."""

from collections.abc import Iterator

from csflow.definitions.sections import RANKS
from csflow.diagnostics import Word
from csflow.expressions.terms import Space
from csflow.pack.model import Decision, Edition, Layer, Parameter
from csflow.reports.book.bounds import bounds
from csflow.reports.book.citing import source_of_value
from csflow.reports.book.editions import Dated, dated_values, value_of, when
from csflow.reports.book.page import Page, Part, anchor, by_name
from csflow.reports.book.timelines import time_line
from csflow.reports.html import Content, Element, element


def parameters(page: Page) -> Part:
    told = by_name(page.pack.parameters)
    entries = tuple((anchor("parameter", each.name), page.title(each.title, each.name)) for each in told)
    return Part("parameters", page.word("parameters"), [_parameter(page, each) for each in told], entries)


def _parameter(page: Page, parameter: Parameter) -> Element:
    values = dated_values(page, parameter)
    return element(
        "section",
        element("h3", page.title(parameter.title, parameter.name), " ", page.code(parameter.name)),
        element("figure", time_line(page, parameter, values)),
        element("ol", [_dated(page, each) for each in values], class_="editions"),
        page.terms(*_meeting(page, parameter, values)),
        id=anchor("parameter", parameter.name),
    )


def _dated(page: Page, dated: Dated) -> Element:
    """One value with all that stands behind it."""
    edition, layer = dated.edition, dated.layer
    head: list[Content] = [element("b", when(page, edition))]
    if layer is not None:
        head = [page.link("layer", layer.name, page.title(layer.title, layer.name)), _rank(page, layer), " ", *head]
    reviewed = None
    if edition.reviewed_on is not None:
        reviewed = element(
            "p", f"{page.word('reviewed')}{page.colon}{page.speaker.values.day(edition.reviewed_on)}", class_="source"
        )
    return element(
        "li",
        element("p", head, class_="name"),
        element("p", page.set(dated.value)),
        _condition(page, layer),
        page.source(source_of_value(page, edition, layer), edition.basis),
        reviewed,
        class_=None if layer is None else "layered",
    )


def _condition(page: Page, layer: Layer | None) -> Element | None:
    if layer is None or layer.condition is None:
        return None
    return element("p", f"{page.word('while')}{page.colon}", page.set(page.speaker.condition(layer.condition)))


def _rank(page: Page, layer: Layer) -> list[Content]:
    return [" ", element("span", rank_word(page, layer), class_="badge layer")]


def rank_word(page: Page, layer: Layer) -> str:
    return Word(f"rank.{RANKS[layer.rank - 1]}").in_language(page.language)


def _meeting(page: Page, parameter: Parameter, values: list[Dated]) -> Iterator[tuple[str, Content]]:
    """What it may be, how layers meet on it, what they may not go below, and who reads it."""
    yield page.word("kind"), bounds(page, parameter.kind)
    if any(each.layer for each in values):
        rule = f"favours_{parameter.favours}" if parameter.favours else "by_rank"
        yield page.word("changed_by"), page.word(rule)
    if parameter.floor:
        yield page.word("notes"), page.word(f"floor_{parameter.floor}")
    yield page.word("used_by"), page.listed(_readers(page, parameter))


def _readers(page: Page, parameter: Parameter) -> Iterator[Element]:
    """Links to the decisions and settlements that read a parameter."""

    def reads(decision: Decision) -> bool:
        return any(each.space is Space.PARAMETER and each.name == parameter.name for each in decision.reads())

    for decision in by_name(page.pack.decisions):
        if reads(decision):
            yield page.link("decision", decision.name, page.title(decision.title, decision.name))
    for settlement in by_name(page.pack.settlements):
        if reads(settlement.terms):
            yield page.link("settlement", settlement.name, page.title(settlement.title, settlement.name))


def layers(page: Page) -> Part | None:
    """What platforms, promises and campaigns change while their conditions hold."""
    told = sorted(page.pack.layers.values(), key=lambda layer: (-layer.rank, layer.name))
    if not told:
        return None
    entries = tuple((anchor("layer", each.name), page.title(each.title, each.name)) for each in told)
    return Part("layers", page.word("layers"), [_layer(page, each) for each in told], entries)


def _layer(page: Page, layer: Layer) -> Element:
    changes = [
        _change(page, name, edition) for name, editions in sorted(layer.parameters.items()) for edition in editions
    ]
    adds = [
        element("li", page.rule_link(decision, rule))
        for decision in by_name(page.pack.decisions)
        for rule in decision.every_rule()
        if rule.layer == layer.name
    ]
    held = page.set(page.speaker.condition(layer.condition)) if layer.condition else page.word("at_all_times")
    return element(
        "section",
        element("h3", page.title(layer.title, layer.name), " ", page.code(layer.name)),
        page.terms(
            (page.word("rank"), rank_word(page, layer)),
            (page.word("while"), held),
            (page.word("because"), layer.because.in_language(page.language) if layer.because else None),
            (page.word("changes"), element("ul", changes) if changes else None),
            (page.word("adds"), element("ul", adds) if adds else None),
        ),
        id=anchor("layer", layer.name),
    )


def _change(page: Page, name: str, edition: Edition) -> Element:
    parameter = page.pack.parameters[name]
    named = page.link("parameter", name, page.title(parameter.title, name))
    return element("li", named, page.colon, page.set(value_of(page, parameter, edition)))

"""Owns the flows of a handbook: each as its picture, then every transition, event, clock and effect in words."""

from collections.abc import Iterator, Sequence

from csflow.pack.flows import Choice, EffectKind, Flow, Row
from csflow.reports.book.decisions import named_fact
from csflow.reports.book.page import Page, Part, anchor, by_name
from csflow.reports.graph.mermaid import mermaid
from csflow.reports.graph.sketching import picture_of
from csflow.reports.graph.svg import drawn
from csflow.reports.graph.telling import Teller
from csflow.reports.html import Content, Element, element


def flows(page: Page) -> Part | None:
    told = by_name(page.pack.flows)
    if not told:
        return None
    entries = tuple((anchor("flow", each.name), page.title(each.title, each.name)) for each in told)
    return Part("flows", page.word("flows"), [_flow(page, each) for each in told], entries, apart=True)


def _flow(page: Page, flow: Flow) -> Element:
    teller = Teller(page.pack, flow, page.language)
    title = page.title(flow.title, flow.name)
    picture = picture_of(page.pack, flow, page.language)
    because = flow.because.in_language(page.language) if flow.because else None
    head: list[Content] = [page.word(f"flow_{each}") for each in ("state", "event", "sender", "when", "then", "to")]
    head.append(page.word("because"))
    clocks = [(note.lines[0].text, page.items(line.text for line in note.lines[1:])) for note in picture.clocks]
    effects = [(page.title(each.title, each.name), _effect(page, teller, each)) for each in _effects(page, flow)]
    return element(
        "section",
        element("h3", title, " ", page.code(flow.name)),
        page.source(because, None),
        element("p", picture.about),
        page.in_box(picture.title, drawn(picture))
        if page.draws
        else element("pre", mermaid(picture), class_="mermaid"),
        page.table(page.word("flow_moves").format(flow=title), head, _moves(page, flow, teller)),
        _part(page, "flow_events", [(teller.event(name), _event(page, flow, teller, name)) for name in flow.events]),
        _part(page, "flow_clocks", clocks),
        _part(page, "flow_effects", effects),
        id=anchor("flow", flow.name),
        class_="flow",
    )


def _part(page: Page, word: str, pairs: Sequence[tuple[str, Content]]) -> Content:
    return [element("h4", page.word(word)), page.terms(*pairs)] if pairs else None


def _moves(page: Page, flow: Flow, teller: Teller) -> Iterator[Element]:
    """A row of the table for each row of the flow, state by state; what holds everywhere comes first."""
    for name, event, choice in flow.choices():
        for row in choice.rows:
            yield _move(page, teller, name, event, choice, row)


def _move(page: Page, teller: Teller, name: str | None, event: str | None, choice: Choice, row: Row) -> Element:
    state = teller.word("everywhere") if name is None else teller.state(name)
    return element(
        "tr",
        element("th", state, scope="row"),
        element("td", teller.word("at_once") if event is None else teller.event(event)),
        element("td", None if event is None else teller.sent_by(event)),
        element("td", teller.guard(choice, row)),
        element("td", teller.listed(teller.done(choice, row), "join.semicolon")),
        element("td", teller.refusal(row) or (teller.word("stays") if row.to is None else teller.state(row.to))),
        element("td", row.because.in_language(page.language) if row.because else None),
    )


def _event(page: Page, flow: Flow, teller: Teller, name: str) -> list[Content]:
    """Who may send it, and the facts that come with it."""
    carried = [named_fact(page, path) for path in flow.events[name].carries]
    told = [element("p", page.word("flow_carries"), page.listed(carried))] if carried else []
    return [element("p", teller.senders(name)), *told]


def _effects(page: Page, flow: Flow) -> list[EffectKind]:
    """The effects that the flow asks for, on entry into a state or by a row."""
    asked = {name for state in flow.states.values() for name in state.does}
    asked |= {name for _, _, choice in flow.choices() for row in choice.rows for name in (*row.does, *row.redoes)}
    return [each for each in by_name(page.pack.effects) if each.name in asked]


def _effect(page: Page, teller: Teller, effect: EffectKind) -> list[Content]:
    """Whether anybody waits for its outcome, under which events that is heard of, and what goes with it."""
    if effect.done is None or effect.failed is None:
        told = element("p", page.word("flow_notice"))
    else:
        done, failed = teller.event(effect.done), teller.event(effect.failed)
        told = element("p", page.word("flow_pays" if effect.pays else "flow_awaits").format(done=done, failed=failed))
    needs = [named_fact(page, path) for path in effect.needs]
    return [told, element("p", page.word("flow_carries"), page.listed(needs)) if needs else None]

"""Owns the settlements of a handbook: how money goes back, to which tender, and who bears it, each with its source."""

from collections.abc import Iterator

from csflow.expressions.terms import Constant, Reference, Space, Term, references
from csflow.pack.model import Settlement, SharePart, TenderKind
from csflow.reports.book.amounts import beside
from csflow.reports.book.citing import source_of_rule, source_of_value, together
from csflow.reports.book.decisions import governed, named_fact
from csflow.reports.book.editions import dated_values
from csflow.reports.book.page import Page, Part, anchor, by_name, written_rules
from csflow.reports.html import Content, Element, element
from csflow.values.kinds import PARTY
from csflow.values.routing import Routing


def settlements(page: Page) -> Part | None:
    told = by_name(page.pack.settlements)
    if not told:
        return None
    entries = tuple((anchor("settlement", each.name), page.title(each.title, each.name)) for each in told)
    return Part("settlements", page.word("settlements"), [_settlement(page, each) for each in told], entries)


def _settlement(page: Page, settlement: Settlement) -> Element:
    title = page.title(settlement.title, settlement.name)
    return element(
        "section",
        element("h3", title, " ", page.code(settlement.name)),
        [element("p", page.word(f"settlement_{each}")) for each in ("entitled", "pieces")],
        page.source(_own_source(page, settlement), None),
        page.terms(*_ground(page, settlement), *_terms(page, settlement)),
        page.table(
            page.word("tenders_of").format(settlement=title),
            [page.word("tender"), page.word("is_cash"), page.word("goes_back")],
            [_tender(page, each) for each in settlement.tenders.values()],
        ),
        beside(
            page,
            settlement,
            lambda term: _value(page, term),
            lambda own, term: together(page, [own, *_behind_all(page, term)]),
        ),
        id=anchor("settlement", settlement.name),
    )


def _ground(page: Page, settlement: Settlement) -> Iterator[tuple[str, Content]]:
    yield page.word("day"), page.set(governed(page, settlement.terms))
    if settlement.reason is None:
        yield page.word("reason_of"), page.word("reason_of_claim")
    else:
        yield page.word("reason_of"), [named_fact(page, settlement.reason), page.word("reason_of_each")]


def _terms(page: Page, settlement: Settlement) -> Iterator[tuple[str, Content]]:
    """What a refund depends on, question by question: answers are too long for the cells of a table on a phone."""
    asked = dict(settlement.terms.rules[0].outputs)
    for name in ("mode", "standing", "lower_tier", "outbound", "threshold"):
        if name in asked:
            yield _asked(page, name, _answer(page, name, asked[name]), _sources(page, settlement, asked[name]))
    own, routing = _own_source(page, settlement), asked["routing"]
    source = own if isinstance(routing, Constant) else _sources(page, settlement, routing)
    yield _asked(page, "routing", _answer(page, "routing", routing), source)
    if not settlement.shares:
        yield _asked(page, "borne", element("p", page.word("merchant_bears")), None)
        return
    borne = page.items(_share(page, settlement, share, asked) for share in settlement.shares)
    limits = [asked[f"at_most.{share.party}"] for share in settlement.shares if share.limited]
    yield _asked(page, "borne", borne, together(page, [own, *(_sources(page, settlement, each) for each in limits)]))


def _asked(page: Page, question: str, answer: Content, source: str | None) -> tuple[str, Content]:
    told = page.source(source, None) or element("p", page.word("unsourced"), class_="source")
    return page.word(f"asks_{question}"), [answer, told]


def _answer(page: Page, name: str, term: Term) -> list[Content]:
    """What decides, or what always holds; below it what either answer to the question means."""
    if isinstance(term, Constant) and term.kind.name == "enum":
        return [element("p", page.word(f"{name}_{term.value}"))]
    told: list[Content] = [element("p", _value(page, term))]
    if name in _MEANINGS:
        told.append(page.items(page.word(f"{name}_{each}") for each in _MEANINGS[name]))
    else:
        told.append(element("p", page.word(f"{name}_means")))
    return told


_MEANINGS = {
    "mode": ("prorated", "resettle"),
    "standing": ("frozen", "anew"),
    "lower_tier": ("applies", "lost"),
    "threshold": ("claimed_back", "waived"),
    "routing": tuple(Routing),
}


def _value(page: Page, term: Term) -> list[Content]:
    """A value; of what a decision gives, which decision: the question says what is asked of it."""
    if isinstance(term, Reference) and term.space is Space.DECISION:
        return page.say("by_decision", decision=page.speaker.naming.decision(term.name.partition(".")[0]))
    return page.set(page.speaker.bare(term))


def _share(page: Page, settlement: Settlement, share: SharePart, asked: dict[str, Term]) -> list[Content]:
    """`商家：30/100，至多 60.00 元`."""
    weights = sum(each.weight for each in settlement.shares)
    told: list[Content] = []
    if share.weight:
        told.append(page.word("share_part").format(part=share.weight, whole=weights))
    if share.asked:
        told.append([page.word("share_asked"), _value(page, asked[f"part.{share.party}"])])
    if share.limited:
        told.append([page.word("share_at_most"), _value(page, asked[f"at_most.{share.party}"])])
    if share.rest:
        told.append(page.word("share_rest"))
    return [element("b", _party(page, share.party)), page.colon, page.listed(told)]


def _party(page: Page, name: str) -> str:
    own = page.pack.parties.get(name)
    return page.title(own.title, name) if own else PARTY.title_of(name, page.language)


def _tender(page: Page, tender: TenderKind) -> Element:
    return element(
        "tr",
        element("th", page.title(tender.title, tender.name), " ", page.code(tender.name), scope="row"),
        element("td", page.word("cash" if tender.cash else "no_cash")),
        element("td", _way_back(page, tender)),
    )


def _way_back(page: Page, tender: TenderKind) -> str:
    if tender.indivisible:
        return page.word("back_whole")
    return page.word("back_in_kind" if tender.in_kind is not None else "back_in_money")


def _own_source(page: Page, settlement: Settlement) -> str | None:
    return settlement.because.in_language(page.language) if settlement.because else None


def _sources(page: Page, settlement: Settlement, term: Term) -> str | None:
    """The sources of the decisions and parameters that answer; of what the settlement says itself, its own."""
    found = list(_behind_all(page, term))
    return together(page, found) if found else _own_source(page, settlement)


def _behind_all(page: Page, term: Term) -> Iterator[str | None]:
    for each in references(term):
        if each.space in (Space.DECISION, Space.PARAMETER):
            yield from _behind(page, each)


def _behind(page: Page, reference: Reference) -> Iterator[str | None]:
    if reference.space is Space.DECISION:
        decision = page.pack.decisions[reference.name.partition(".")[0]]
        yield from (source_of_rule(page, rule) for rule in written_rules(decision))
    else:
        dated = dated_values(page, page.pack.parameters[reference.name])
        yield from (source_of_value(page, each.edition, each.layer) for each in dated)

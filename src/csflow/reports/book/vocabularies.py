"""Owns what a pack's rules speak of: facts, reasons, codes, roles, calendars, documents that facts come from."""

from collections.abc import Iterator, Mapping

from csflow.evaluators.prose import plain
from csflow.expressions.terms import Constant, Reference, Space, Term, parts
from csflow.pack.model import Derived, DocumentMapping, Fact, Mapped, Reason, Role, Symbol
from csflow.reports.book.bounds import bounds
from csflow.reports.book.page import Page, Part, anchor, by_name
from csflow.reports.html import Content, Element, element
from csflow.values.kinds import LIABILITY, PARTY, Member, money


def facts(page: Page) -> Part:
    """The fact sheet by record, then what is computed from it."""
    records: dict[str, list[Fact]] = {}
    for fact in by_name(page.pack.facts):
        records.setdefault(fact.path.partition(".")[0], []).append(fact)
    told: list[Element] = []
    for record, sheet in records.items():
        told += [element("h3", page.code(record)), element("ul", [_fact(page, each) for each in sheet], class_="sheet")]
    derived = [_derived(page, each) for each in by_name(page.pack.derived)]
    told += [element("h3", page.word("derived")), element("ul", derived, class_="sheet")] if derived else []
    return Part("facts", page.word("facts"), told)


def _fact(page: Page, fact: Fact) -> Element:
    notes = [
        element("span", page.word(word), class_="badge")
        for word, holds in (("optional", fact.optional), ("private", fact.pii), ("changeable", fact.changeable))
        if holds
    ]
    return element(
        "li",
        element("p", page.called(fact.title, fact.path), class_="name"),
        element("p", bounds(page, fact.kind), [(" ", note) for note in notes]),
        _members(page, fact.kind.members),
        id=anchor("fact", fact.path),
    )


def _members(page: Page, members: tuple[Member, ...]) -> Content:
    """The fields of a list's records."""
    if not members:
        return None
    return [element("p", page.word("fields"), page.colon), page.items(_member(page, each) for each in members)]


def _member(page: Page, member: Member) -> Content:
    notes = [page.word(word) for word, holds in (("optional", member.optional), ("private", member.pii)) if holds]
    told: list[Content] = [bounds(page, member.kind), *notes]
    return [element("b", page.title(member.title, member.name)), page.colon, page.listed(told)]


def _derived(page: Page, derived: Derived) -> Element:
    reference = Reference(derived.mark, derived.kind, Space.DERIVED, derived.name, derived.optional)
    told = page.set(page.speaker.value(derived.term))
    name = plain(page.speaker.naming.of(reference))
    return element(
        "li", element("b", name), " ", page.code(derived.name), page.colon, told, id=anchor("derived", derived.name)
    )


def reasons(page: Page) -> Part:
    return Part("reasons", page.word("reasons"), [_under(page, None)])


def _under(page: Page, parent: str | None) -> Element:
    """The reasons directly below one, each with those below it."""
    told = [each for each in by_name(page.pack.reasons) if each.parent == parent]
    return element("ul", [_reason(page, each) for each in told], class_="tree")


def _reason(page: Page, reason: Reason) -> Element:
    has_below = any(each.parent == reason.code for each in by_name(page.pack.reasons))
    return element(
        "li",
        page.title(reason.title, reason.code),
        " ",
        page.code(reason.code),
        " ",
        element("span", LIABILITY.title_of(reason.liability, page.language), class_="badge"),
        _under(page, reason.code) if has_below else None,
        id=anchor("reason", reason.code),
    )


def codes(page: Page) -> Part:
    given = _given(page)
    told = [
        element(
            "li",
            element("p", page.called(code.title, code.code), class_="name"),
            _pairs(page, "given_by", given.get(code.code, [])),
            _pairs(page, "alternatives", [_code(page, each) for each in code.alternatives]),
            id=anchor("code", code.code),
        )
        for code in by_name(page.pack.codes)
    ]
    return Part("codes", page.word("codes"), [element("ul", told, class_="sheet")])


def _pairs(page: Page, word: str, told: list[Content]) -> Element | None:
    return element("p", f"{page.word(word)}{page.colon}", page.listed(told), class_="source") if told else None


def _code(page: Page, code: str) -> Element:
    return page.link("code", code, page.title(page.pack.codes[code].title, code))


def _given(page: Page) -> Mapping[str, list[Content]]:
    """For each code, links to the decisions that give it."""
    found: dict[str, list[Content]] = {}
    for decision in by_name(page.pack.decisions):
        constants = {
            part.value
            for rule in decision.every_rule()
            for _, term in rule.outputs
            for part in constants_of(term)
            if part.kind.name == "code"
        }
        for code in sorted(constants):
            link = page.link("decision", decision.name, page.title(decision.title, decision.name))
            found.setdefault(code, []).append(link)
    return found


def constants_of(term: Term) -> Iterator[Constant]:
    if isinstance(term, Constant):
        yield term
    for part in parts(term):
        yield from constants_of(part)


def roles(page: Page) -> Part | None:
    """The ladder, from its top."""
    if not page.pack.roles:
        return None
    ladder = sorted(page.pack.roles.values(), key=lambda role: (-len(list(page.pack.rungs(role.name))), role.name))
    items = element("ol", [_role(page, each) for each in ladder])
    return Part("roles", page.word("roles"), [items])


def _role(page: Page, role: Role) -> Element:
    kind = money(page.pack.currency)
    amount = page.speaker.values.shown(kind, role.authority)
    told = [page.word("approves").format(amount=amount) if role.authority else page.word("approves_nothing")]
    if role.above is not None:
        below = page.pack.roles[role.above]
        told.append(page.word("above").format(role=page.title(below.title, below.name)))
    name = element("b", page.title(role.title, role.name))
    return element(
        "li", name, " ", page.code(role.name), page.colon, page.comma.join(told), id=anchor("role", role.name)
    )


def symbols(page: Page) -> Part | None:
    """Parties, channels and types of customer, as the pack and csflow know them."""
    own = page.pack.parties
    parties = [(name, PARTY.title_of(name, page.language)) for name in PARTY.symbols if name not in own]
    groups = [
        ("party", parties + _titles(page, own)),
        ("channel", _titles(page, page.pack.channels)),
        ("customer_type", _titles(page, page.pack.customer_types)),
    ]
    pairs = [
        (page.word(word), page.listed([title, " ", page.code(name)] for name, title in told)) for word, told in groups
    ]
    return Part("parties", page.word("parties"), [page.terms(*pairs)])


def _titles(page: Page, told: Mapping[str, Symbol]) -> list[tuple[str, str]]:
    return [(each.name, page.title(each.title, each.name)) for each in by_name(told)]


def mappings(page: Page) -> Part | None:
    told = by_name(page.pack.mappings)
    if not told:
        return None
    entries = tuple((anchor("mapping", each.name), page.title(each.title, each.name)) for each in told)
    return Part("mappings", page.word("mappings"), [_mapping(page, each) for each in told], entries)


def _mapping(page: Page, mapping: DocumentMapping) -> Element:
    head: list[Content] = [page.word("name"), page.word("column_path"), page.word("column_values")]
    title = page.title(mapping.title, mapping.name)
    rows = [row for each in by_name(mapping.facts) for row in _mapped(page, each, "")]
    document = mapping.document or ""
    return element(
        "section",
        element("h3", title, " ", page.code(mapping.name)),
        element("p", f"{page.word('document')}{page.colon}", page.code(document)) if document else None,
        page.table(title, head, rows),
        id=anchor("mapping", mapping.name),
    )


def _mapped(page: Page, mapped: Mapped, above: str) -> Iterator[Element]:
    """A fact and, of a list, the fields of its records."""
    if above:
        name: Content = page.code(f"{above}.{mapped.fact}")
    else:
        name = page.link("fact", mapped.fact, page.title(page.pack.facts[mapped.fact].title, mapped.fact))
    notes: list[Content] = [_pair(page, mapped, word, held) for word, held in sorted(mapped.values.items())]
    notes += [page.word("in_minor_units")] if mapped.minor else []
    notes += [page.word(f"instant_{mapped.instant.value}")] if mapped.instant else []
    notes += [page.word("optional")] if mapped.optional else []
    yield element(
        "tr", element("th", name, scope="row"), element("td", page.code(mapped.path)), element("td", page.listed(notes))
    )
    for field in by_name(mapped.each):
        yield from _mapped(page, field, mapped.fact)


def _pair(page: Page, mapped: Mapped, word: str, held: object) -> Content:
    """A word of the document, and what it means here."""
    fact = page.pack.facts.get(mapped.fact)
    meant = str(held) if fact is None else page.speaker.values.shown(fact.kind, held)
    return [page.code(word), " = ", meant]

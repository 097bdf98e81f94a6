"""Owns the decisions of a handbook: what each needs, its rules as sentences, and its table."""

from collections.abc import Iterable, Iterator

from csflow.evaluators.prose import Prose, Speaker
from csflow.evaluators.prose.text import fill
from csflow.expressions.terms import Reference, Space, references
from csflow.pack.model import BY_DECISION_TIME, CHECKLIST, TRANSITION, Decision, Input, Output, Rule
from csflow.reports.book.bounds import bounds
from csflow.reports.book.citing import source_of_rule
from csflow.reports.book.page import Page, Part, anchor
from csflow.reports.book.tables import decision_table
from csflow.reports.html import Content, Element, element


def decisions(page: Page) -> Part:
    told = _from_the_top(page)
    entries = tuple((anchor("decision", each.name), page.title(each.title, each.name)) for each in told)
    return Part("decisions", page.word("decisions"), [_decision(page, each) for each in told], entries, apart=True)


def _from_the_top(page: Page) -> list[Decision]:
    """First what no other decision asks for, then what that rests on, and so on; by name where they are level."""
    decisions = page.pack.decisions
    depth = dict.fromkeys(decisions, 0)
    # INVARIANT: a linked pack holds each decision after those that it requires.
    for decision in reversed(list(decisions.values())):
        for name in decision.requires:
            depth[name] = max(depth[name], depth[decision.name] + 1)
    return sorted(decisions.values(), key=lambda decision: (depth[decision.name], decision.name))


def _decision(page: Page, decision: Decision) -> Element:
    speaker = page.speaker_of(decision)
    heading = element("h3", page.title(decision.title, decision.name), " ", page.code(decision.name))
    is_checklist = decision.hit_policy == CHECKLIST
    return element(
        "section",
        heading,
        page.terms(*_needs(page, decision, speaker)),
        element("h4", page.word("requirements" if is_checklist else "rules")),
        _checklist(page, decision, speaker) if is_checklist else _rules(page, decision, speaker),
        None if is_checklist else [element("h4", page.word("table")), decision_table(page, decision, speaker)],
        id=anchor("decision", decision.name),
        class_="decision",
    )


def _needs(page: Page, decision: Decision, speaker: Speaker) -> Iterator[tuple[str, Content]]:
    read = list(_behind(page, decision))
    facts = dict.fromkeys(each.name for each in read if each.space is Space.FACT)
    used = dict.fromkeys(each.name for each in read if each.space is Space.PARAMETER)
    yield page.word("day"), page.set(governed(page, decision))
    if decision.for_each is not None:
        listed = speaker.naming.of(decision.for_each.source)
        yield page.word("each"), page.set(fill("policy.for_each", page.language, list=listed))
    yield page.word("needs"), page.listed(named_fact(page, name) for name in facts)
    yield page.word("rests_on"), page.listed(page.set(page.speaker.naming.decision(name)) for name in decision.requires)
    yield page.word("uses"), page.listed(_parameter(page, name) for name in used)
    yield page.word("looked_at"), _columns(page, decision, decision.inputs.values())
    yield page.word("names_here"), _columns(page, decision, decision.locals.values())
    yield page.word("gives"), page.items(_output(page, output) for output in decision.outputs.values())
    if len(decision.rules) > 1 or decision.otherwise is not None:
        yield page.word("hits"), [page.set(sentence) for sentence in speaker.hit_policy(decision)]


def _behind(page: Page, decision: Decision) -> Iterator[Reference]:
    """What a decision reads, itself or through derived values."""
    waiting, seen = list(decision.reads()), set[str]()
    while waiting:
        reference = waiting.pop(0)
        if reference.space is Space.DERIVED and reference.name not in seen:
            seen.add(reference.name)
            waiting += references(page.pack.derived[reference.name].term)
        yield reference


def governed(page: Page, decision: Decision) -> Prose:
    """By which day's provisions it is decided."""
    if decision.governed_by is None:
        return fill("policy.ungoverned", page.language)
    fact = page.pack.facts[decision.governed_by]
    named = page.speaker.naming.of(Reference(fact.mark, fact.kind, Space.FACT, fact.path, fact.optional))
    if not page.pack.reads_at:
        return fill("policy.governed", page.language, fact=named)
    transition = page.pack.parameters[TRANSITION]
    by_decision = transition.kind.title_of(BY_DECISION_TIME, page.language)
    title = page.title(transition.title, TRANSITION)
    return fill("policy.governed_transition", page.language, fact=named, transition=title, by_decision=by_decision)


def named_fact(page: Page, path: str) -> Content:
    """A fact as a link to where it stands in the book."""
    fact = page.pack.facts[path]
    return page.set(page.speaker.naming.of(Reference(fact.mark, fact.kind, Space.FACT, path, fact.optional)))


def _parameter(page: Page, name: str) -> Content:
    return page.link("parameter", name, page.title(page.pack.parameters[name].title, name))


def _columns(page: Page, decision: Decision, columns: Iterable[Input]) -> Element | None:
    """What the columns and local names of a decision mean, each with its anchor."""
    naming = page.speaker_of(decision).naming
    told = [_meaning(page, decision, column) for column in columns if naming.is_renamed(column)]
    return element("ul", told) if told else None


def _meaning(page: Page, decision: Decision, column: Input) -> Element:
    speaker = page.speaker_of(decision)
    title, told = element("b", speaker.naming.column(column)), page.set(speaker.value(column.term))
    return element("li", title, page.colon, told, id=anchor("input", f"{decision.name}.{column.name}"))


def _output(page: Page, output: Output) -> Content:
    title = element("b", page.title(output.title, output.name))
    value = output.kind.member("value")
    kind = bounds(page, output.kind if value is None else value.kind)
    return [title, page.colon, kind, page.word("may_lack") if output.optional else None]


def _rules(page: Page, decision: Decision, speaker: Speaker) -> Element:
    rules = [*decision.rules, *([decision.otherwise] if decision.otherwise else [])]
    return element("ol", [_rule(page, decision, rule, speaker) for rule in rules], class_="rules")


def _rule(page: Page, decision: Decision, rule: Rule, speaker: Speaker) -> Element:
    """A rule with its source, and below it its exceptions in the order in which they are looked at."""
    exceptions = [_rule(page, decision, each, speaker) for each in rule.exceptions]
    return element(
        "li",
        element("p", _mark(page, rule), element("b", page.rule_title(rule)), class_="name"),
        element("p", page.set(speaker.rule(decision, rule))),
        page.source(source_of_rule(page, rule), rule.basis),
        element("ul", exceptions, class_="exceptions") if exceptions else None,
        id=anchor("rule", f"{decision.name}.{rule.id}"),
        class_=None if rule.layer is None else "layered",
    )


def _mark(page: Page, rule: Rule) -> Content:
    if rule.layer is None:
        return None
    layer = page.pack.layers[rule.layer]
    title = page.title(layer.title, layer.name)
    told = page.word("of_layer").format(layer=title)
    return [element("span", told, class_="badge layer"), " "]


def _checklist(page: Page, decision: Decision, speaker: Speaker) -> list[Element]:
    items = [
        element(
            "li",
            element("p", element("b", page.rule_title(rule)), class_="name"),
            element("p", page.set(speaker.requirement(rule))),
            page.source(source_of_rule(page, rule), rule.basis),
            id=anchor("rule", f"{decision.name}.{rule.id}"),
        )
        for rule in decision.rules
    ]
    met = element("p", page.word("all_met"))
    return [element("ol", items, class_="rules"), met]

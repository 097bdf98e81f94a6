"""Owns a decision as a table: a row for each rule, a column for each thing looked at and each answer."""

from collections.abc import Iterator

from csflow.evaluators.prose import Speaker
from csflow.pack.model import Decision, Rule
from csflow.reports.book.citing import source_of_rule
from csflow.reports.book.page import Page
from csflow.reports.html import Content, Element, element


def decision_table(page: Page, decision: Decision, speaker: Speaker) -> Element:
    """The rules, exceptions and `otherwise` of a decision, each below the rule it belongs to."""
    inputs = list(decision.inputs)
    columns: list[Content] = [speaker.naming.column(each) for each in decision.inputs.values()]
    # Conditions that are written out have no column of their own.
    columns = columns or [page.word("condition")]
    outputs: list[Content] = [page.title(each.title, each.name) for each in decision.outputs.values()]
    rows = [
        element("tr", _cells(page, decision, rule, speaker, inputs, depth), class_="exception" if depth else None)
        for rule, depth in _in_order(decision)
    ]
    title = page.title(decision.title, decision.name)
    head = [page.word("rule"), *columns, *outputs, page.word("because")]
    return page.table(page.word("row_of").format(decision=title), head, rows)


def _in_order(decision: Decision) -> Iterator[tuple[Rule, int]]:
    for rule in (*decision.rules, *([decision.otherwise] if decision.otherwise else [])):
        yield from _with_exceptions(rule, 0)


def _with_exceptions(rule: Rule, depth: int) -> Iterator[tuple[Rule, int]]:
    yield rule, depth
    for exception in rule.exceptions:
        yield from _with_exceptions(exception, depth + 1)


def _cells(
    page: Page, decision: Decision, rule: Rule, speaker: Speaker, inputs: list[str], depth: int
) -> Iterator[Element]:
    title = page.link("rule", f"{decision.name}.{rule.id}", page.rule_title(rule))
    mark = f"{page.word('exception')}{page.colon}" if depth else None
    yield element("th", mark, title, scope="row")
    yield from _asked(page, decision, rule, speaker, inputs)
    given = dict(rule.outputs)
    for name in decision.outputs:
        yield element("td", page.set(speaker.bare(given[name])) if name in given else page.word("not_given"))
    yield element("td", source_of_rule(page, rule))


def _asked(page: Page, decision: Decision, rule: Rule, speaker: Speaker, inputs: list[str]) -> Iterator[Element]:
    """What the rule asks of each column; one wide cell where its condition is written out."""
    width = max(1, len(inputs))
    if rule is decision.otherwise:
        yield element("td", page.word("otherwise"), **_span(width))
    elif rule.cells and rule.layer is None:
        cells = {cell.input: cell for cell in rule.cells}
        for name in inputs:
            yield element("td", page.set(speaker.cell(cells[name])) if name in cells else page.word("anything"))
    else:
        yield element("td", page.set(speaker.when(decision, rule)), **_span(width))


def _span(width: int) -> dict[str, str]:
    return {"colspan": str(width)} if width > 1 else {}

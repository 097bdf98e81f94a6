"""Owns linking what a test of a settlement gives: the order, frozen, and its claims one after the other.

What it expects of each plan is for `plan_expectations`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from csflow.definitions.sections import StepSection
from csflow.diagnostics import Diagnostics, Finding, Mark
from csflow.facts import FactError
from csflow.loading.expectations import Shapes
from csflow.loading.plan_expectations import link_expected_plan
from csflow.loading.tables import ORDERS, Tables
from csflow.pack.model import LinkedPack, Settlement
from csflow.settlement import Ledger, ledger_of, read_claim
from csflow.settlement.cases import Outcome, QuoteStep
from csflow.settlement.claims import Claimed, require_declared, require_known, require_time
from csflow.settlement.payment_states import Payment
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar, read_yaml
from csflow.source import Sequence as SequenceNode

# What an author may say of a payment; one of which nothing is said stays pending.
OUTCOMES = tuple(state.value for state in Payment if state is not Payment.PENDING)
_NULLS = ("", "null", "~")
# What only steps of a flow have.
_OF_FLOWS = ("send", "by", "succeeded", "failed", "wait")
# Where the key and the value of a path stand.
_Places = Mapping[str, tuple[Mark, Mark]]
# The facts and the instant of a step; None where they were reported.
Given = Callable[[StepSection], tuple[Mapping[str, Any], int | None] | None]


def link_order(
    node: Node, mark: Mark, pack: LinkedPack, settlement: Settlement, document: str, tables: Tables, found: Diagnostics
) -> Ledger | None:
    """The frozen order of a test, written in it or in the JSON file that it names; None where it was reported.

    `mark` is where `order` stands, `document` the path of the document inside the pack.
    """
    tree = order_file(node, document, tables, found) if isinstance(node, Scalar) else node
    if tree is None:
        return None
    given, places = plainly(tree)
    try:
        ledger = ledger_of(given, pack.currency, pack.rounding, as_text=True)
        require_declared(ledger, settlement)
    except FactError as problem:
        found.extend(_placed(problem.diagnostics, places, mark))
        return None
    return ledger


def link_steps(
    sections: Sequence[StepSection],
    pack: LinkedPack,
    settlement: Settlement,
    ledger: Ledger,
    given: Given,
    diagnostics: Diagnostics,
) -> tuple[QuoteStep, ...]:
    """The steps that have no fault; what is wrong with the others is reported."""
    steps = (_step(section, pack, settlement, ledger, given, diagnostics) for section in sections)
    return tuple(step for step in steps if step is not None)


def _step(
    section: StepSection,
    pack: LinkedPack,
    settlement: Settlement,
    ledger: Ledger,
    given: Given,
    diagnostics: Diagnostics,
) -> QuoteStep | None:
    before = len(diagnostics)
    for key in _OF_FLOWS:
        if getattr(section, key) is not None:
            diagnostics.report("misplaced-key", section.mark_of(key), key=key, other="quote")
    claimed = link_claim(section, pack, settlement, ledger, diagnostics)
    facts = given(section)
    if claimed is not None and facts is not None:
        _look_at_time(section, settlement, ledger, claimed, facts[1], diagnostics)
    outcomes = tuple(_outcomes(section, pack, ledger, diagnostics))
    expected = link_expected_plan(section, pack, settlement, ledger, diagnostics)
    if claimed is None or facts is None or len(diagnostics) > before:
        return None
    return QuoteStep(claimed, *facts, outcomes, expected)


# Orders and claims


def order_file(named: Scalar, document: str, tables: Tables, diagnostics: Diagnostics) -> Node | None:
    if not named.text.lower().endswith(ORDERS):
        diagnostics.report("unfit-table-file", named.mark, name=named.text, known=list(ORDERS))
        return None
    file = tables.read(document, named.text, named.mark, diagnostics)
    if file is None:
        return None
    path, data = file
    # Between the values of JSON, and nowhere else, a tab may stand; YAML takes none.
    return read_yaml(named.mark.path.removesuffix(document) + path, data.replace(b"\t", b" "), diagnostics)


def link_claim(
    section: StepSection, pack: LinkedPack, settlement: Settlement, ledger: Ledger, diagnostics: Diagnostics
) -> Claimed | None:
    words = {name: word.text for name in ("to", "consent") if (word := getattr(section, name)) is not None}
    given: dict[str, Any] = {**words}
    places = {name: (section.mark_of(name), section.mark_of(name)) for name in words}
    written = {name: getattr(section, name) for name in ("returns", "granted", "concerns", "reversals")}
    for name, node in written.items():
        if node is not None:
            given[name], found = plainly(node, name)
            places |= found | {name: (section.mark_of(name), section.mark_of(name))}
    whole = section.mark_of(next(iter(given), "expect"))
    if not any(name in given for name in written):
        diagnostics.report("missing-key", whole, key="returns")
        return None
    try:
        claimed = read_claim(given, pack, ledger, as_text=True)
        require_known(claimed, settlement)
        return claimed
    except FactError as problem:
        diagnostics.extend(_placed(problem.diagnostics, places, whole))
        return None


def _look_at_time(
    section: StepSection,
    settlement: Settlement,
    ledger: Ledger,
    claimed: Claimed,
    at: int | None,
    diagnostics: Diagnostics,
) -> None:
    """A step without a time, where a tender or a budget needs one: its quote could not be made."""
    try:
        require_time(ledger, settlement, at)
    except FactError as problem:
        diagnostics.extend(_placed(problem.diagnostics, {}, section.mark_of("expect")))
    concerned = {each.name for each in claimed.concerns}
    for amount in settlement.amounts:
        if at is None and amount.budgeted and (not amount.concerned or amount.name in concerned):
            diagnostics.report("missing-budget", section.mark_of("expect"), name=amount.name)


def plainly(node: Node, path: str = "") -> tuple[Any, dict[str, tuple[Mark, Mark]]]:
    """The texts of a tree, and where each path in it stands."""
    places: dict[str, tuple[Mark, Mark]] = {}

    def read(node: Node, path: str) -> Any:
        if isinstance(node, MappingNode):
            return {
                entry.key.text: inner(entry.value, entry.key.mark, _below(path, entry.key)) for entry in node.entries
            }
        if isinstance(node, SequenceNode):
            return [inner(item, item.mark, f"{path}[{number}]") for number, item in enumerate(node.items, 1)]
        return None if not node.is_quoted and node.text in _NULLS else node.text

    def inner(node: Node, key: Mark, path: str) -> Any:
        # What goes over several lines is shown where it begins to be said.
        is_short = node.mark.end > node.mark.start and node.mark.end_line == node.mark.line
        places[path] = _head(key), node.mark if is_short else _head(key)
        return read(node, path)

    return read(node, path), places


def _below(path: str, key: Scalar) -> str:
    return f"{path}.{key.text}" if path else key.text


def _head(mark: Mark) -> Mark:
    """The first line of a mark."""
    end = mark.source.text.find("\n", mark.start, mark.end)
    return mark if end == -1 else Mark(mark.source, mark.start, end)


def _placed(findings: Iterable[Finding], places: _Places, whole: Mark) -> Iterator[Finding]:
    """The findings where their paths stand; a path that is not written, where the nearest one around it does."""
    for finding in findings:
        path = finding.subject or ""
        key, value = places.get(path, (None, None))
        while key is None and path:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
            key = value = places.get(path, (None, None))[0]
        mark = key if finding.name == "unknown-order-field" else value
        yield replace(finding, mark=mark or whole, subject=None)


# Payments


def _outcomes(section: StepSection, pack: LinkedPack, ledger: Ledger, diagnostics: Diagnostics) -> Iterator[Outcome]:
    """What becomes of the payments: one word for all, or a word for each tender."""
    node, shapes = section.outcome, Shapes(pack, diagnostics)
    if node is None:
        return
    if not isinstance(node, MappingNode):
        scalar = shapes.scalar(node, section.mark_of("outcome"))
        if scalar is not None and (state := shapes.choice(scalar, OUTCOMES)):
            yield Outcome(None, Payment(state), scalar.mark)
        return
    tenders = [tender.id for tender in ledger.order.tenders]
    for entry in node.entries:
        scalar = shapes.scalar(entry.value, entry.key.mark)
        state = "" if scalar is None else shapes.choice(scalar, OUTCOMES)
        if scalar is not None and shapes.choice(entry.key, tenders) and state:
            yield Outcome(tenders.index(entry.key.text), Payment(state), scalar.mark)

"""Owns drafts of the tests that are missing of flows: ways that a search found, with what happens on them as it is now.

As drafts of decisions do, they say what the pack does, not what it should do.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from csflow.diagnostics import Word
from csflow.facts import facts_of
from csflow.flows import Event, Step, Stepper
from csflow.flows.bookkeeping import settled_of
from csflow.flows.snapshots import NO_PLAN
from csflow.loading.passes import Loaded
from csflow.pack.flows import CLOCK, Flow
from csflow.pack.model import LinkedPack
from csflow.settlement import Book, Settler
from csflow.settlement.cases import RunCase
from csflow.source.quoting import quoted
from csflow.testing.drafting import records_of, scalar_of
from csflow.testing.exploring import Action, Explored, Opening, Way, explore
from csflow.testing.flow_report import tallies_of
from csflow.values.instants import format_instant
from csflow.values.kinds import DATETIME


def openings_of(loaded: Loaded, flow: str, settler: "Settlers") -> tuple[Opening, ...]:
    """The ways in which the tests of a pack open cases of a flow, each once."""
    found: dict[str, Opening] = {}
    assert loaded.pack is not None  # INVARIANT: cases are those of a pack that loads.
    for case in loaded.cases:
        if isinstance(case, RunCase) and case.flow == flow and not case.parameters:
            opening = _opening(loaded.pack, case, settler)
            found.setdefault(repr((sorted(opening.values.items(), key=str), opening.order, opening.written)), opening)
    return tuple(found.values())


class Settlers:
    """The settlements of a pack, each compiled when it is first asked."""

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._made: dict[str, Settler] = {}

    def __call__(self, name: str) -> Settler:
        if name not in self._made:
            self._made[name] = Settler(self._pack, self._pack.settlements[name])
        return self._made[name]


def _opening(pack: LinkedPack, case: RunCase, settler: Settlers) -> Opening:
    step = next((each for each in case.steps if each.claimed is not None), None)
    claimed, written = (None, {}) if step is None else (step.claimed, step.claim)
    found = None
    if case.settlement is not None and case.ledger is not None and claimed is not None:
        settle = settler(case.settlement)
        facts = facts_of(pack, case.facts)
        found = settle.quote(case.ledger, Book(case.ledger.digest), claimed, facts, case.at, {}).plan
    plan, book = (NO_PLAN, None) if found is None else (settled_of(found), found.book)
    return Opening(case.at, case.facts, case.ledger, claimed, plan, book, case.settlement, case.order, written)


def explored_flows(loaded: Loaded) -> Iterator[tuple[Flow, Explored]]:
    """Each flow of a pack with ways to what its tests do not walk, which begin as these do, or with nothing given."""
    pack = loaded.pack
    assert pack is not None  # INVARIANT: its tests were run.
    settler = Settlers(pack)
    for name, tally in tallies_of(loaded).items():
        flow = pack.flows[name]
        openings = openings_of(loaded, name, settler) or (Opening(pack.zone.start_of_day(pack.reviewed_on)),)
        yield flow, explore(pack, flow, Stepper(pack, flow, settler), openings, tally)


def flow_drafts_document(pack: LinkedPack, flow: Flow, ways: Iterable[Way], language: str) -> str:
    """The ways as a document of kind `tests`; empty without any."""
    cases = ["\n".join(_case(pack, flow, number, way, language)) for number, way in enumerate(ways, 1)]
    if not cases:
        return ""
    head = [f"# {line}" for line in Word("coverage.drafts_head").in_language(language).splitlines()]
    return "\n".join([*head, "tests:", f"  run: {flow.name}", "  cases:", *cases]) + "\n"


def _case(pack: LinkedPack, flow: Flow, number: int, way: Way, language: str) -> Iterator[str]:
    title = flow.title.in_language(language) if flow.title else flow.name
    about = " → ".join(action.event.name for action in way.actions[-3:]) or flow.start
    name = Word("coverage.draft_name").in_language(language).format(number=number, title=title, about=about)
    yield f"    - name: {quoted(name)}"
    yield f"      at: {_instant(pack, way.opening.at)}"
    records = records_of(pack, way.opening.values)
    if records:
        yield "      given:"
        yield from (f"        {record}: {{{', '.join(fields)}}}" for record, fields in records.items())
    if way.opening.settlement is not None:
        yield f"      quote: {way.opening.settlement}"
    if way.opening.order is not None:
        yield f"      order: {json.dumps(way.opening.order, ensure_ascii=False)}"
    yield "      steps:"
    claim = "".join(f"{key}: {json.dumps(each, ensure_ascii=False)}, " for key, each in way.opening.written.items())
    yield f"        - {{{claim}expect: {_expected(pack, flow, way.steps[0])}}}"
    before = way.opening.at
    for action, step in zip(way.actions, way.steps[1:], strict=True):
        yield f"        - {{{_action(pack, action, before)}expect: {_expected(pack, flow, step)}}}"
        before = action.at


def _action(pack: LinkedPack, action: Action, before: int) -> str:
    event = action.event
    if event.by == CLOCK:
        return f"wait: {_hours(action.at - before)}, "
    moment = f"at: {_instant(pack, action.at)}, " if action.at != before else ""
    if action.effect is not None:
        return f"{moment}{'succeeded' if action.succeeded else 'failed'}: {action.effect}, "
    by = f"by: {event.by}, " if "." not in event.name else ""
    return f"{moment}send: {event.name}, {by}{_given(event)}"


def _given(event: Event) -> str:
    records: dict[str, list[str]] = {}
    for path, value in event.data.items():
        record, _, name = path.partition(".")
        records.setdefault(record, []).append(f"{name}: {_value(value)}")
    inner = ", ".join(f"{record}: {{{', '.join(fields)}}}" for record, fields in records.items())
    return f"given: {{{inner}}}, " if records else ""


def _value(value: Any) -> str:
    """A value as JSON has it, as an author writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return quoted(str(value))


def _expected(pack: LinkedPack, flow: Flow, step: Step) -> str:
    if step.refusal is not None:
        return f"{{refusal: {step.refusal.code}}}"
    assert step.snapshot is not None
    told = [f"state: {step.snapshot.state}"] if step.status != "absorbed" else ["status: absorbed"]
    told.append(f"effects: [{', '.join(effect.name for effect in step.effects)}]")
    if step.opened:
        told.append(f"opened: [{', '.join(each.alias for each in step.opened)}]")
    told += [f"{name}: {scalar_of(pack, flow.keeps[name].kind, held)}" for name, held in step.snapshot.kept.items()]
    return f"{{{', '.join(told)}}}"


def _instant(pack: LinkedPack, at: int) -> str:
    return scalar_of(pack, DATETIME, at) or format_instant(at, 0)


def _hours(microseconds: int) -> str:
    """A length as an author writes it; what is no whole second is up at the next."""
    seconds = -(-microseconds // 1_000_000)
    return f"{seconds // 3600} hours" if seconds % 3600 == 0 else f"{seconds} seconds"

"""Flows that load clean and are strange: names with two meanings, long chains, other editions, altered snapshots."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.flows.packs import EFFECTS, QUESTION, files, pack
from tests.unit.flows.test_stepping import CLAIM, LATER, NOON, inspecting, opened, refusal, sending

import csflow
from csflow import Event, Snapshot, Step

OPENING = "flow: f\ntitle: 试\nstart: a\n"
EVENTS = """\
events:
  on: {title: 走, by: [front_line]}
  back: {title: 回, by: [front_line]}
"""
END = "  z: {title: 完, final: true}\n"


def load(flow: str) -> csflow.Pack:
    return csflow.load_pack(files({"flows/f.yaml": OPENING + flow + END}))


def codes(flow: str) -> list[str]:
    with pytest.raises(csflow.PackError) as refused:
        load(flow)
    return [finding.name for finding in refused.value.diagnostics if finding.severity == "error"]


def walked(found: csflow.Pack, *events: str) -> Step:
    step = found.open("f", CLAIM, key="C1", at=NOON)
    for event in events:
        assert step.snapshot is not None
        step = found.step(step.snapshot, Event(event, "front_line"), at=LATER)
    return step


def state(step: Step) -> str:
    assert step.snapshot is not None, step.refusal
    return step.snapshot.state


# Names with two meanings


def test_the_row_that_says_otherwise_has_no_other_id() -> None:
    rows = "[{when: order.paid > 100 CNY, to: z}, {id: rest, otherwise: true, to: a}]"
    assert codes(EVENTS + f"states:\n  a: {{title: A, on: {{on: {rows}, back: z}}}}\n") == ["misplaced-key"]


def test_no_other_row_is_called_otherwise() -> None:
    rows = "[{id: otherwise, when: order.paid > 100 CNY, to: z}, {when: order.paid <= 100 CNY, to: a}]"
    assert codes(EVENTS + f"states:\n  a: {{title: A, on: {{on: {rows}, back: z}}}}\n") == ["reserved-word"]


def test_rows_of_one_id_are_told_with_the_line_of_the_first() -> None:
    rows = "[{id: one, when: order.paid > 100 CNY, to: z}, {id: one, when: order.paid <= 100 CNY, to: a}]"
    with pytest.raises(csflow.PackError, match="stands on line 8"):
        load(EVENTS + f"states:\n  a: {{title: A, on: {{on: {rows}, back: z}}}}\n")


def test_a_row_that_leads_to_a_state_called_otherwise_keeps_its_guard() -> None:
    rows = "[{when: order.paid > 100 CNY, to: otherwise}, {when: order.paid <= 100 CNY, to: z}]"
    states = f"states:\n  a: {{title: A, on: {{on: {rows}, back: z}}}}\n  otherwise: {{title: B, on: {{on: z}}}}\n"
    found = load(EVENTS + states)
    rules = found.linked.flows["f"].states["a"].on["on"].decision
    assert rules is not None
    assert ([rule.id for rule in rules.rules], rules.otherwise) == (["otherwise-1", "z"], None)
    assert state(walked(found, "on")) == "z"


def test_ids_that_nobody_wrote_meet_none_that_somebody_did() -> None:
    rows = [
        "{when: order.paid > 100 CNY, to: b}",
        "{id: b-3, when: order.paid < 50 CNY, to: z}",
        '{when: "order.paid in [50 CNY..100 CNY]", to: b}',
    ]
    states = f"states:\n  a: {{title: A, on: {{on: [{', '.join(rows)}], back: z}}}}\n  b: {{title: B, on: {{on: z}}}}\n"
    choice = load(EVENTS + states).linked.flows["f"].states["a"].on["on"]
    assert len({row.id for row in choice.rows}) == 3


@pytest.mark.parametrize("name", ["everywhere", "events", "clocks", "opened"])
def test_a_state_is_not_called_like_what_stands_in_the_place_of_one(name: str) -> None:
    states = f"states:\n  a: {{title: A, on: {{on: {name}, back: z}}}}\n  {name}: {{title: B, on: {{on: z}}}}\n"
    assert "clashing-name" in codes(EVENTS + states)


def test_what_is_kept_is_not_called_like_what_is_derived() -> None:
    keeps = 'keeps:\n  fault: {type: int, min: 0, max: 3, start: "2"}\n'
    assert "clashing-name" in codes(EVENTS + keeps + "states:\n  a: {title: A, on: {on: z, back: z}}\n")


def test_a_sender_is_a_role_or_what_is_kept_but_not_both() -> None:
    keeps = "keeps:\n  supervisor: {type: role, start: front_line}\n"
    events = "events:\n  on: {title: 走, by: supervisor}\n"
    assert "clashing-name" in codes(events + keeps + "states:\n  a: {title: A, on: {on: z}}\n")


def test_success_and_failure_are_two_events() -> None:
    effects = EFFECTS + "  same: {title: 补发, done: sent, failed: sent}\n"
    with pytest.raises(csflow.PackError, match=r"effects\.yaml:4:41: error CS229 clashing-name"):
        csflow.load_pack(files({"effects.yaml": effects}))


# Long ways


def test_a_case_passes_through_any_number_of_states_in_one_step() -> None:
    through = "".join(f"  s{n}: {{title: S, go: {{to: s{n + 1}}}}}\n" for n in range(1_200))
    states = f"states:\n  a: {{title: A, on: {{on: s0, back: z}}}}\n{through}  s1200: {{title: S, on: {{back: z}}}}\n"
    assert state(walked(load(EVENTS + states), "on")) == "s1200"


def test_what_many_states_raise_on_the_way_is_checked_to_the_last() -> None:
    """Ten states raise an event each before the case rests; the last to happen is the first that was raised."""
    names = [f"e{n}" for n in range(10)]
    events = "events:\n  on: {title: 走, by: [front_line]}\n" + "".join(
        f"  {name}: {{title: 事, by: [front_line]}}\n" for name in names
    )
    through = "".join(f"  s{n}: {{title: S, go: {{to: s{n + 1}, raise: e{n}}}}}\n" for n in range(10))
    rests = "".join(f"      {name}: {{do: [tell]}}\n" for name in names[1:])
    states = f"states:\n  a: {{title: A, on: {{on: s0}}}}\n{through}  s10:\n    title: S\n    on:\n      on: z\n"
    assert codes(events + states + rests) != []
    found = load(events + states + rests + "      e0: z\n")
    assert state(walked(found, "on")) == "z"


# Other editions of the pack


def without_resting() -> csflow.Pack:
    return csflow.load_pack(files({"flows/question.yaml": QUESTION.replace("resting", "waiting")}))


def resting() -> Snapshot:
    step = pack().step(opened("question"), Event("rest", "front_line"), at=LATER)
    assert step.snapshot is not None
    return step.snapshot


def test_a_case_in_a_state_that_the_pack_no_longer_has_is_refused() -> None:
    step = without_resting().step(resting(), Event("again", "front_line"), at=LATER)
    assert refusal(step)[0] == "case.other_pack"
    assert step.receipt.tried == ()


def test_a_pack_says_nothing_of_the_cases_of_another() -> None:
    other, case = without_resting(), resting()
    for asked in (other.allowed, other.clocks, other.due):
        with pytest.raises(ValueError, match="was opened by sha256"):
            asked(case, at=LATER)
    with pytest.raises(ValueError, match="was opened by sha256"):
        other.snapshot_to_json(case)


# Snapshots that were altered by hand

ODD: list[Any] = [None, 5, -1, 1.5, "x", [], {}, True, [1], {"a": 1}, 10**30, "\ud800"]


def places(document: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in entries if isinstance(document, (dict, list)) else ():
        yield (*before, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*before, key))


def altered(document: dict[str, Any], place: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    found = copy.deepcopy(document)
    holder: Any = found
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = odd
    return found


def live(snapshot: Snapshot) -> None:
    """Everything that is asked of a case."""
    found = pack()
    json.dumps(found.snapshot_to_json(snapshot), allow_nan=False)
    found.allowed(snapshot, at=LATER), found.clocks(snapshot, at=LATER), found.due(snapshot, at=LATER)
    for event in ("agree", "inspected", "sent", "rise"):
        for by in ("front_line", "system", "clock"):
            step = found.step(snapshot, Event(event, by), at=LATER)
            assert step.receipt.tried is not None
            assert all(effect.key for effect in step.effects)


@pytest.mark.parametrize("make", [opened, inspecting, lambda: sending().snapshot], ids=["requested", "timer", "effect"])
def test_an_altered_snapshot_is_refused_or_is_one_that_a_case_can_have(make: Any) -> None:
    document = pack().snapshot_to_json(make())
    refused = 0
    for place in places(document):
        for odd in ODD:
            try:
                found = pack().snapshot_from_json(altered(document, place, odd))
            except (csflow.FactError, KeyError, ValueError):
                refused += 1
                continue
            if found.case.digest == pack().digest:
                live(found)
    assert refused > 200


@pytest.mark.parametrize(
    ("place", "odd", "told"),
    [
        (("format_version",), 2, "reads snapshots of format 1"),
        (("state",), "deciding", "such 'state'"),
        (("state",), "nowhere", "such 'state'"),
        (("entered_at",), 0, "such 'at'"),
        (("clocks",), {}, None),
        (("timers",), [], "such 'timers'"),
        (("clocks", "whole", "windows", 0, "calendar"), "moon", "no calendar 'moon'"),
        (("timers", 0, "windows", 0, "length"), 10**7, "ends beyond Asia/Shanghai"),
        (("children",), {"question": {"flow": "exchange", "key": "K", "outcome": None}}, "such 'children'"),
        (("facts",), {}, "such 'facts'"),
        (
            ("owed",),
            [{"name": "send", "sequence": 1, "index": 0, "done": "x", "failed": "y", "state": "asked"}],
            "payment",
        ),
    ],
)
def test_what_no_case_can_be_in_is_said(place: tuple[Any, ...], odd: Any, told: str | None) -> None:
    document = altered(pack().snapshot_to_json(inspecting()), place, odd)
    if told is None:
        assert pack().snapshot_from_json(document).clocks == {}
        return
    with pytest.raises((ValueError, KeyError), match=told):
        pack().snapshot_from_json(document)

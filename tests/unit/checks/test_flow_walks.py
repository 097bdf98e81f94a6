"""What checks know of the ways through a flow holds of every case: flows made by chance, and cases that step through them.

A flow is made without regard for sense; what is found of it, and what a case then meets, must agree.
"""

import random

import pytest
from evaluators.laboratory import SHOP

import csflow
from csflow.checks.flows.clocks import ticking
from csflow.checks.flows.driver import check_flows
from csflow.checks.flows.moves import Moves
from csflow.checks.flows.paths import Walk
from csflow.diagnostics import Diagnostics
from csflow.loading import passes
from csflow.pack.flows import Flow

AT = "2026-01-01T00:00:00+08:00"
EFFECTS = b"effects:\n  work: {title: \xe5\x8a\x9e\xe7\x90\x86, done: worked, failed: not_worked}\n"
CHILD = b"""flow: small
title: small
start: waits
events:
  well: {title: well, by: [merchant]}
  badly: {title: badly, by: [merchant]}
states:
  waits: {title: waits, on: {well: good, badly: bad}}
  good: {title: good, final: true}
  bad: {title: bad, final: true}
"""
EVENTS = ("a", "b", "c", "d")
ENDS = ("end", "over")
# Refusals that a finding foretells: where it is not found no case meets them.
FORETOLD = {"child.open": "child-opened-twice", "event.not_here": "untaken-raise"}


class Made:
    """A flow made by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._states = [f"s{number}" for number in range(self._chance.randint(2, 5))]
        self.outcomes = [f"{alias}.{word}" for alias in ("x", "y") for word in ("good", "bad")]

    def text(self) -> str:
        states = "".join(f"  {name}: {self._state()}\n" for name in self._states)
        # Both children are opened somewhere, so that their outcomes are words of the flow.
        opening = "".join(f"  o{alias}: {self._opening(alias)}\n" for alias in ("x", "y"))
        events = "".join(f"  {name}: {{title: {name}, by: [merchant]}}\n" for name in EVENTS)
        ends = "".join(f"  {name}: {{title: {name}, final: true}}\n" for name in ENDS)
        clocks = f"  k: {{within: 48 hours, start: [{self._words()}], stop: [{self._words()}]}}\n"
        everywhere = f"everywhere: {{{self._pick(EVENTS)}: {self._row()}}}\n" if self._is(0.3) else ""
        return (
            f"flow: made\ntitle: made\nstart: s0\nevents:\n{events}"
            "  worked: {title: worked, by: [system]}\n  not_worked: {title: not worked, by: [system]}\n"
            f"clocks:\n{clocks}{everywhere}states:\n{states}{opening}{ends}"
        )

    def _state(self) -> str:
        if self._is(0.2):
            rows = [self._row(head, raising=0.4) for head in ("when: claim.is_member, ", "otherwise: true, ")]
            return f"{{title: t, go: [{', '.join(rows)}]}}"
        does = ", do: [work]" if self._is(0.2) else ""
        return f"{{title: t{does}, on: {{{self._on(0.5)}}}}}"

    def _opening(self, alias: str) -> str:
        return f"{{title: t, opens: {{as: {alias}, flow: small}}, on: {{{self._on(0.6)}}}}}"

    def _on(self, share: float) -> str:
        words = [word for word in (*EVENTS, "worked", "not_worked", *self.outcomes) if self._is(share)]
        return ", ".join(f"{word}: {self._choice()}" for word in words)

    def _choice(self) -> str:
        if self._is(0.3):
            return f"[{self._row('when: claim.is_member, ')}, {self._row('when: not claim.is_member, ')}]"
        return self._row()

    def _row(self, head: str = "", raising: float = 0.2) -> str:
        targets = [*self._states, "ox", "oy", *ENDS]
        to = f"to: {self._pick(targets)}, " if self._is(0.85) else ""
        raised = f"raise: {self._pick(EVENTS)}, " if self._is(raising) else ""
        does = "do: [work], " if self._is(0.1) else ""
        return f"{{{head}{to}{raised}{does}title: r}}"

    def _words(self) -> str:
        words = ["opened", *self._states, "ox", "oy", *EVENTS, "worked", *self.outcomes]
        return ", ".join(self._chance.sample(words, 2))

    def _pick(self, names):
        return self._chance.choice(list(names))

    def _is(self, share: float) -> bool:
        return self._chance.random() < share


@pytest.fixture
def unchecked(monkeypatch):
    """Loading as it is, but for the checks: senseless flows are loaded, too."""
    monkeypatch.setattr(passes, "check_pack", lambda pack, diagnostics: None)


@pytest.mark.parametrize("seed", range(60))
def test_a_case_is_only_where_the_walk_says_and_meets_no_refusal_that_was_not_foretold(seed, unchecked):
    text = Made(seed).text()
    files = {**SHOP, "effects.yaml": EFFECTS, "flows/small.yaml": CHILD, "flows/made.yaml": text.encode()}
    pack = csflow.load_pack(files)
    flow = pack.linked.flows["made"]
    found = Diagnostics()
    check_flows(pack.linked, found)
    names = {finding.name for finding in found}
    assert "unwalked-flow" not in names
    if "endless-passage" in names:
        return
    known = {_seen(flow, stand) for stand in walked(flow).stands}
    chance = random.Random(seed)
    for case in range(12):
        for state, opened, ticks, refusal in stepped(pack, flow, chance, f"C{case}"):
            assert (state, opened, ticks) in known, text
            assert refusal is None or refusal not in FORETOLD or FORETOLD[refusal] in names, (refusal, text)


def _seen(flow, stand):
    """A stand as a case shows it: where a case ends its clocks stop."""
    return stand.place.state, stand.open, bool(stand.mind) and not flow.states[stand.place.state].is_final


def walked(flow: Flow) -> Walk:
    return Walk(Moves(flow), ticking(flow.clocks.values()))


def stepped(pack, flow, chance, key):
    """Where a case is after each of some events by chance, and the code of a refusal of what it takes."""
    step = pack.open("made", {"claim": {"is_member": chance.random() < 0.5}}, key=key, at=AT)
    for _ in range(25):
        if step.snapshot is None:
            yield "s0", frozenset(), False, step.refusal.code
            return
        snapshot = step.snapshot
        state = flow.states[snapshot.state]
        if step.status != "refused" or step.refusal.code in FORETOLD:
            opened = frozenset(alias for alias, child in snapshot.children.items() if child.outcome is None)
            clock = snapshot.clocks.get("k")
            ticks = clock is not None and clock.run.stopped is None and not state.is_final
            yield snapshot.state, opened, ticks, step.refusal.code if step.refusal else None
        if state.is_final:
            return
        takes = [name for name in (*state.on, *flow.everywhere) if flow.choice(state.name, name) is not None]
        if not takes:
            return
        step = pack.step(snapshot, _event(chance.choice(takes), snapshot), at=AT)


def _event(name, snapshot):
    """An event as its sender sends it: an outcome of a child says of which, one that was never opened included."""
    if name in EVENTS:
        return csflow.Event(name, by="merchant")
    child = snapshot.children.get(name.partition(".")[0])
    of = None if "." not in name else "nobody" if child is None else child.key
    return csflow.Event(name, by="system", of=of)


def test_the_flows_made_by_chance_are_not_all_of_one_kind(unchecked):
    kinds = set()
    for seed in range(60):
        files = {
            **SHOP,
            "effects.yaml": EFFECTS,
            "flows/small.yaml": CHILD,
            "flows/made.yaml": Made(seed).text().encode(),
        }
        found = Diagnostics()
        check_flows(csflow.load_pack(files).linked, found)
        kinds |= {finding.name for finding in found}
    assert {"trap", "unreachable-state", "unhandled-child-outcome", "endless-passage", "child-opened-twice"} <= kinds
    assert {"untaken-raise", "idle-clock", "waiting-without-limit", "child-left-open", "unheard-effect"} <= kinds


def test_what_is_raised_on_the_way_happens_before_what_the_row_raises():
    text = """
flow: made
title: made
start: s0
events:
  a: {title: a, by: [merchant]}
  b: {title: b, by: [merchant]}
  c: {title: c, by: [merchant]}
states:
  s0: {title: t, on: {a: {to: passing, raise: b}}}
  passing: {title: t, go: [{to: reached, raise: c, title: r}]}
  reached: {title: t, on: {c: went_c, b: went_b}}
  went_c: {title: t, on: {b: c_then_b}}
  went_b: {title: t, on: {c: b_then_c}}
  c_then_b: {title: t, final: true}
  b_then_c: {title: t, final: true}
"""
    files = {**SHOP, "flows/made.yaml": text.encode()}
    [told] = [
        finding
        for finding in passes.load_files(files).diagnostics
        if finding.name == "unreachable-state" and finding.values["state"] == "went_b"
    ]
    assert told.mark is not None and told.mark.text == "went_b"
    pack = csflow.load_pack(
        {
            **files,
            "flows/made.yaml": text.replace("  went_b: {title: t, on: {c: b_then_c}}\n", "")
            .replace(", b: went_b", "")
            .replace("  b_then_c: {title: t, final: true}\n", "")
            .encode(),
        }
    )
    opened = pack.open("made", {}, key="C1", at=AT)
    assert pack.step(opened.snapshot, csflow.Event("a", by="merchant"), at=AT).snapshot.state == "c_then_b"

"""The step goes where the machine of `transitions` goes: on every state, event and row of every flow that is shipped."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.flows.packs import pack
from transitions import Machine

from csflow import Event, standard_pack
from csflow.flows.happenings import Refused
from csflow.flows.machines import GO, machine_of, table_of
from csflow.flows.runs import Ground, Run
from csflow.flows.snapshots import NO_PLAN, Identity
from csflow.pack.flows import CLOCK, Choice, Flow, Row, flow_pack
from csflow.pack.model import LinkedPack

NOON = 1_795_752_000_000_000
PACKS = ("cn", "eu", "tw")


def flows() -> Iterator[Any]:
    for name in ("small", *PACKS):
        linked = (pack() if name == "small" else standard_pack(name)).linked
        for flow in linked.flows.values():
            yield pytest.param(linked, flow, id=f"{name}.{flow.name}")


FLOWS = tuple(flows())


class Case:
    """What the machine moves."""

    def __init__(self, state: str) -> None:
        self.state = state


def arrived(machine: Machine, state: str, event: str, row: str) -> str | None:
    """Where the machine goes where that row holds; None where no transition does."""
    case = Case(state)
    return case.state if machine.events[event].trigger(case, row) else None


class NoDues:
    """What asks a host for nothing."""

    def do(self, *given: Any) -> None: ...
    def redo(self, *given: Any) -> None: ...
    def give_up(self) -> None: ...
    def close(self, *, is_new: bool) -> None: ...


class Bare(Run):
    """A run in which everything but the way through the states is left out, and the first choice is given."""

    first: Row | None = None

    def _chosen(self, event: str | None, choice: Choice) -> tuple[Row, Any]:
        given, self.first = self.first, None
        return given or next((row for row in choice.rows if row.refuse is None), choice.rows[0]), None

    def _set(self, row: Row, answer: Any) -> None: ...
    def _quote(self, state: Any) -> None: ...
    def _decide(self, name: str) -> None: ...
    def _open(self, state: Any) -> None: ...


def bare(linked: LinkedPack, flow: Flow, state: str) -> Bare:
    class NoTime:
        def timers(self, *given: Any) -> tuple[()]:
            return ()

    ground = Ground(linked, flow_pack(linked, flow), flow, None, None, NoTime(), None)  # type: ignore[arg-type]
    run = Bare(ground, Identity(flow.name, "C", "", NOON), None, NOON, None, NO_PLAN)  # type: ignore[arg-type]
    run.dues = NoDues()  # type: ignore[assignment]
    run.state = flow.states[state]
    return run


def along(machine: Machine, flow: Flow, row: Row, state: str, event: str) -> str:
    """The state in which the machine waits after an event: passed through what has `go`, and what was raised happened."""
    raised: list[str] = []
    while True:
        if row.refuse is not None:
            raise Refused(row.refuse)
        arrives = arrived(machine, state, event, row.id)
        assert arrives is not None
        assert arrives == (row.to or state)
        raised += [row.raises] if row.raises else []
        if row.to is not None:
            state = arrives
        choice = flow.states[state].go if row.to is not None else None
        if choice is not None:
            event = GO
        elif raised:
            event = raised.pop(0)
            choice = flow.choice(state, event)
            if choice is None:
                raise Refused("event.not_here")
        else:
            return state
        row = next((each for each in choice.rows if each.refuse is None), choice.rows[0])


@pytest.mark.parametrize(("linked", "flow"), FLOWS)
def test_a_step_goes_where_the_machine_goes(linked: LinkedPack, flow: Flow) -> None:
    machine, points = machine_of(flow), 0
    for name, state in flow.states.items():
        if state.go is not None or state.is_final:
            continue
        for event in dict.fromkeys((*state.on, *flow.everywhere)):
            choice = flow.choice(name, event)
            assert choice is not None
            for row in choice.rows:
                points += 1
                run = bare(linked, flow, name)
                run.first = row
                try:
                    wanted = along(machine, flow, row, name, event)
                except Refused as refused:
                    with pytest.raises(Refused) as caught:
                        run.happen(Event(event, CLOCK))
                    assert caught.value.refusal.code == refused.refusal.code
                    continue
                run.happen(Event(event, CLOCK))
                assert run.state.name == wanted
    assert points


@pytest.mark.parametrize(("linked", "flow"), FLOWS)
def test_the_table_of_the_machine_has_every_row_that_leads_anywhere(linked: LinkedPack, flow: Flow) -> None:
    table = table_of(machine_of(flow))
    for name, state in flow.states.items():
        wanted: dict[str, Choice | None] = {event: flow.choice(name, event) for event in (*state.on, *flow.everywhere)}
        if state.go is not None:
            wanted = {GO: state.go}
        elif state.is_final:
            wanted = {}
        rows = {event: [row for row in choice.rows if row.refuse is None] for event, choice in wanted.items() if choice}
        found = table.get(name, {})
        assert {event: [row for row, _ in each] for event, each in found.items()} == {
            event: each for event, each in rows.items() if each
        }


def test_a_machine_never_moves_where_no_row_holds() -> None:
    flow = pack().linked.flows["exchange"]
    assert arrived(machine_of(flow), "requested", "refuse", "none of them") is None

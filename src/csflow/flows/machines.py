"""Owns a flow as a machine of `transitions`, and the table of moves as it reads it. Door: transitions.

The machine has no model and runs nothing in production, which steps over the linked rows: the oracle of the tests.
"""

from collections.abc import Mapping

from transitions import Machine, State

from csflow.pack.flows import Flow, Row

# A row that refuses leads nowhere, and one without `to` stays.
Table = Mapping[str, Mapping[str, tuple[tuple[Row, str | None], ...]]]
# By which name the rows of `go` are triggered.
GO = "go"


class RowHolds:
    """The condition of one row: that it is the one which the table of the choice named."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def __call__(self, held: str) -> bool:
        return held == self.row.id


def machine_of(flow: Flow) -> Machine:
    """The flow as a machine: a transition for each row of each event in each state, with the row as its condition."""
    states = [State(name, final=state.is_final) for name, state in flow.states.items()]
    machine = Machine(model=None, states=states, initial=flow.start, auto_transitions=False, send_event=False)
    for state, event, row in _rows(flow):
        if row.refuse is None:
            machine.add_transition(event, state, row.to, conditions=[RowHolds(row)])
    return machine


def table_of(machine: Machine) -> Table:
    """Every state's events with their rows in order, and the state that each leads to: None where it stays."""
    found: dict[str, dict[str, list[tuple[Row, str | None]]]] = {}
    for event in machine.events:
        for state in machine.states:
            for transition in machine.get_transitions(event, state):
                condition = transition.conditions[0].func
                assert isinstance(condition, RowHolds)  # INVARIANT: `machine_of` adds no other.
                found.setdefault(state, {}).setdefault(event, []).append((condition.row, transition.dest))
    return {state: {event: tuple(rows) for event, rows in events.items()} for state, events in found.items()}


def _rows(flow: Flow) -> list[tuple[str, str, Row]]:
    rows: list[tuple[str, str, Row]] = []
    for name, state in flow.states.items():
        if state.go is not None:
            rows += [(name, GO, row) for row in state.go.rows]
        else:
            for event, choice in flow.taken(name).items():
                rows += [(name, event, row) for row in choice.rows]
    return rows

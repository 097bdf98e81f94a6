"""Owns the cases of a pack as users hold them: opened, stepped, looked at, and written down."""

from collections.abc import Callable, Mapping
from typing import Any

from csflow.diagnostics import UnknownName
from csflow.facts import Facts
from csflow.flows import Event, Opened, Purchase, Snapshot, Step, Stepper, snapshot_from_json, snapshot_to_json
from csflow.flows.outlook import Allowed, ClockReading, allowed, clock_readings
from csflow.pack.model import LinkedPack
from csflow.settlement import Settler


class Cases:
    """The flows of one pack, each compiled when it is first used."""

    def __init__(self, linked: LinkedPack, settler: Callable[[str], Settler]) -> None:
        self._linked = linked
        self._settler = settler
        self._steppers: dict[str, Stepper] = {}

    def stepper(self, flow: str) -> Stepper:
        """The flow of that name. Raises `UnknownName`."""
        found = self._steppers.get(flow)
        if found is None:
            if flow not in self._linked.flows:
                raise UnknownName("flow", flow, list(self._linked.flows))
            found = self._steppers[flow] = Stepper(self._linked, self._linked.flows[flow], self._settler)
        return found

    def open(self, flow: str, facts: Facts, key: str, at: int, purchase: Purchase | None) -> Step:
        return self.stepper(flow).open_plain(facts, key, at, purchase)

    def open_child(self, opened: Opened, at: int, purchase: Purchase | None) -> Step:
        stepper = self.stepper(opened.flow)
        return stepper.open(opened.facts, opened.key, at, purchase, opened.alias, opened.plan)

    def step(self, snapshot: Snapshot, event: Event, at: int, purchase: Purchase | None) -> Step:
        return self.stepper(snapshot.case.flow).step(snapshot, event, at, purchase)

    def allowed(self, snapshot: Snapshot, role: str | None, at: int) -> tuple[Allowed, ...]:
        return allowed(self._stepper_of(snapshot), snapshot, role, at)

    def clocks(self, snapshot: Snapshot, at: int) -> tuple[ClockReading, ...]:
        return clock_readings(self._stepper_of(snapshot), snapshot, at)

    def due(self, snapshot: Snapshot, at: int) -> tuple[Event, ...]:
        """What time has raised by now, the earliest first."""
        due = self._stepper_of(snapshot).timekeeper.due(snapshot, at)
        return tuple(each.event for each in sorted(due, key=lambda each: each.at) if each.at <= at)

    def to_json(self, snapshot: Snapshot) -> dict[str, Any]:
        return snapshot_to_json(self._stepper_of(snapshot).pack, snapshot)

    def from_json(self, document: Mapping[str, Any]) -> Snapshot:
        flow = document["flow"]
        if not isinstance(flow, str):
            raise ValueError("the `flow` of a snapshot is a name")
        stepper = self.stepper(flow)
        return snapshot_from_json(stepper, document)

    def _stepper_of(self, snapshot: Snapshot) -> Stepper:
        """The flow of a case that was opened by this pack. ValueError for another's: its words mean something else."""
        case = snapshot.case
        if case.digest != self._linked.digest:
            raise ValueError(f"case {case.key!r} was opened by {case.digest}, and this pack is {self._linked.digest}")
        return self.stepper(case.flow)

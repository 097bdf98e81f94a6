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
        return allowed(self.stepper(snapshot.case.flow), snapshot, role, at)

    def clocks(self, snapshot: Snapshot, at: int) -> tuple[ClockReading, ...]:
        return clock_readings(self.stepper(snapshot.case.flow), snapshot, at)

    def due(self, snapshot: Snapshot, at: int) -> tuple[Event, ...]:
        """What time has raised by now, the earliest first."""
        due = self.stepper(snapshot.case.flow).timekeeper.due(snapshot, at)
        return tuple(each.event for each in sorted(due, key=lambda each: each.at) if each.at <= at)

    def to_json(self, snapshot: Snapshot) -> dict[str, Any]:
        return snapshot_to_json(self.stepper(snapshot.case.flow).pack, snapshot)

    def from_json(self, document: Mapping[str, Any]) -> Snapshot:
        stepper = self.stepper(document["flow"])
        return snapshot_from_json(stepper.pack, stepper.decoder, document)

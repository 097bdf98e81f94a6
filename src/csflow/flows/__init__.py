"""Cases that move: the pure step, snapshots, clocks. Door: transitions."""

from csflow.flows.happenings import Effect, Event, Payment, Purchase, Refusal
from csflow.flows.restoring import snapshot_from_json
from csflow.flows.simulation import Simulation
from csflow.flows.snapshots import Snapshot, snapshot_to_json
from csflow.flows.stepping import Stepper
from csflow.flows.steps import Opened, Receipt, Step

__all__ = [
    "Effect",
    "Event",
    "Opened",
    "Payment",
    "Purchase",
    "Receipt",
    "Refusal",
    "Simulation",
    "Snapshot",
    "Step",
    "Stepper",
    "snapshot_from_json",
    "snapshot_to_json",
]

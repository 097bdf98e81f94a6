"""Owns the list of questions about each flow, in the order in which they report."""

from csflow.checks.flows.children import check_children, check_circular_flows
from csflow.checks.flows.clocks import check_clocks
from csflow.checks.flows.effects import check_effects
from csflow.checks.flows.escalating import check_escalating
from csflow.checks.flows.events import check_events, check_payloads
from csflow.checks.flows.moves import Moves
from csflow.checks.flows.paths import TooMany, Walk
from csflow.checks.flows.quoting import check_quoting
from csflow.checks.flows.stuck import check_stuck
from csflow.checks.flows.waiting import check_waiting
from csflow.diagnostics import Diagnostics
from csflow.pack.model import LinkedPack


def check_flows(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    check_circular_flows(pack, diagnostics)
    check_payloads(pack, diagnostics)
    for flow in pack.flows.values():
        try:
            _check_flow(pack, Walk(Moves(flow)), diagnostics)
        except TooMany:
            diagnostics.report("unwalked-flow", flow.mark, flow=flow.name)


def _check_flow(pack: LinkedPack, walk: Walk, diagnostics: Diagnostics) -> None:
    """Raises `TooMany`."""
    check_stuck(walk, diagnostics)
    check_events(pack, walk, diagnostics)
    check_children(pack, walk, diagnostics)
    check_effects(pack, walk, diagnostics)
    check_quoting(pack, walk.moves, diagnostics)
    check_clocks(pack, walk.moves, diagnostics)
    check_escalating(walk, diagnostics)
    check_waiting(pack, walk.moves, diagnostics)

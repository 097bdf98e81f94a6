"""`waiting-without-limit`: a state in which a case may wait for ever, for nothing that csflow knows to come."""

from csflow.checks.flows.clocks import in_mind, ticking
from csflow.checks.flows.effects import awaiting, takes_outcome
from csflow.checks.flows.moves import Moves
from csflow.checks.flows.paths import Stand, Walk, alias_of, is_child_outcome
from csflow.checks.flows.telling import report
from csflow.diagnostics import Diagnostics
from csflow.pack.flows import Flow
from csflow.pack.model import LinkedPack


def check_waiting(pack: LinkedPack, moves: Moves, diagnostics: Diagnostics) -> None:
    """Raises `TooMany`."""
    tick, wait = ticking(moves.flow.clocks.values()), awaiting(pack.effects)
    walk = Walk(moves, lambda mind, happening: tick(wait(mind, happening), happening))
    told: set[str] = set()
    for stand in walk.resting:
        state = moves.flow.states[stand.place.state]
        if state.name not in told and not state.timers and not _is_awaited(pack, moves.flow, stand):
            told.add(state.name)
            report(diagnostics, "waiting-without-limit", state.mark, walk.path(stand), state=state.name)


def _is_awaited(pack: LinkedPack, flow: Flow, stand: Stand) -> bool:
    """Whether something is on its way that the state hears of: a clock runs, an effect or a child has not reported."""
    name = stand.place.state
    clocks = (clock for clock in flow.clocks.values() if in_mind(clock) in stand.mind)
    if any(name not in clock.pause_in for clock in clocks):
        return True
    effects = (pack.effects[each] for each in stand.mind if each in pack.effects)
    if any(takes_outcome(flow, name, effect) for effect in effects):
        return True
    heard = (event for event in flow.taken(name) if is_child_outcome(flow, event))
    return any(alias_of(event) in stand.open for event in heard)

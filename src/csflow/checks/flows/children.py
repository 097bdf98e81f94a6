"""`unhandled-child-outcome`, `child-left-open`, `child-opened-twice`, `circular-flows`: cases that a case opens."""

from csflow.checks.flows.circles import circles, way_round
from csflow.checks.flows.moves import Kind
from csflow.checks.flows.paths import Walk
from csflow.checks.flows.telling import report
from csflow.diagnostics import Diagnostics
from csflow.pack.flows import Flow, State
from csflow.pack.model import LinkedPack


def check_children(pack: LinkedPack, walk: Walk, diagnostics: Diagnostics) -> None:
    flow = walk.moves.flow
    outcomes = {
        alias: {
            f"{alias}.{final.outcome}": None
            for state in flow.states.values()
            if state.opens is not None and state.opens.alias == alias
            for final in pack.flows[state.opens.flow].states.values()
            if final.is_final
        }
        for alias in {state.opens.alias for state in flow.states.values() if state.opens is not None}
    }
    told: set[tuple[str, str]] = set()
    for stand in walk.stands:
        state = flow.states[stand.place.state]
        if state.is_final or walk.moves.rests(stand.place):
            for alias in sorted(stand.open):
                missing = [event for event in outcomes[alias] if not _is_taken(flow, state, event)]
                if missing and (state.name, alias) not in told:
                    told.add((state.name, alias))
                    name = "child-left-open" if state.is_final else "unhandled-child-outcome"
                    report(diagnostics, name, state.mark, walk.path(stand), state=state.name, events=missing)
    _report_twice(walk, diagnostics)


def _is_taken(flow: Flow, state: State, event: str) -> bool:
    return event in state.absorbs if state.is_final else flow.choice(state.name, event) is not None


def _report_twice(walk: Walk, diagnostics: Diagnostics) -> None:
    told: set[str] = set()
    for passed in walk.passed:
        happening, state = passed.happening, passed.happening.part
        if happening.kind is Kind.OPENS and happening.name in passed.open and isinstance(state, State):
            assert state.opens is not None  # INVARIANT: it is what opens.
            if state.name not in told:
                told.add(state.name)
                path = walk.path(passed.stand, passed.move)
                report(diagnostics, "child-opened-twice", state.opens.mark, path, alias=happening.name)


def check_circular_flows(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    openings = {
        name: {state.opens.flow: state.opens for state in flow.states.values() if state.opens is not None}
        for name, flow in pack.flows.items()
    }
    for circle in circles(openings):
        way = way_round(circle, openings)
        diagnostics.report("circular-flows", openings[way[0]][way[1]].mark, path=" → ".join(way))

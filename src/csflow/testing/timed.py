"""Owns which rows of a flow are for time alone to take, in a state in which nothing that runs would raise them.

An event of `everywhere` that clocks and timers send stands in every state, also where none of them runs. Guards are not
asked, so what is said to be out of reach is so in every case.
"""

from csflow.checks.flows.clocks import in_mind, ticking
from csflow.checks.flows.moves import Moves
from csflow.checks.flows.paths import Stand, TooMany, Walk
from csflow.expressions import terms as t
from csflow.pack.flows import CLOCK, EVENT, Choice, Flow, FlowEvent

# A state and an event.
_Taking = tuple[str, str]


def out_of_time(flow: Flow) -> frozenset[tuple[str, str, str]]:
    """The rows that only `clock` can take, by state, event and id, where it never sends the event."""
    try:
        walk = Walk(Moves(flow), ticking(flow.clocks.values()))
    except TooMany:
        return frozenset()
    raised = {(place.state, place.raised[0]) for place in walk.moves.of if place.raised}
    for stand in walk.resting:
        raised |= _raised_by_time(flow, stand)
    waiting = (state for state in flow.states.values() if state.go is None and not state.is_final)
    return frozenset(
        (state.name, event, row)
        for state in waiting
        for event, choice in flow.taken(state.name).items()
        if (state.name, event) not in raised and event in flow.events
        for row in _for_time(flow.events[event], choice)
    )


def _raised_by_time(flow: Flow, stand: Stand) -> set[_Taking]:
    """What the timers of a state raise, and the clocks that run on in it."""
    state = flow.states[stand.place.state]
    running = [each for each in flow.clocks.values() if in_mind(each) in stand.mind and state.name not in each.pause_in]
    events = [timer.raises for timer in state.timers]
    events += [event for clock in running for event in (clock.on_warn, clock.on_breach) if event is not None]
    return {(state.name, event) for event in events}


def _for_time(declared: FlowEvent, choice: Choice) -> list[str]:
    """The rows of an event that ask for `clock` as its sender, or all where nobody else may send it."""
    if declared.role is None and set(declared.senders) == {CLOCK}:
        return [row.id for row in choice.rows]
    return [row.id for row in choice.rows if _asks_for_clock(choice, row.id)]


def _asks_for_clock(choice: Choice, row: str) -> bool:
    rules = () if choice.decision is None else choice.decision.rules
    condition = next((rule.condition for rule in rules if rule.id == row), None)
    parts = condition.operands if isinstance(condition, t.And) else (condition,)
    return any(_is_by_clock(part) for part in parts)


def _is_by_clock(term: t.Term | None) -> bool:
    if not isinstance(term, t.Comparison) or term.operator != "=":
        return False
    sides = (term.left, term.right)
    named = any(isinstance(side, t.Reference) and side.name == f"{EVENT}.by" for side in sides)
    return named and any(isinstance(side, t.Constant) and side.value == CLOCK for side in sides)

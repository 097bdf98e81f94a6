"""`untaken-event`, `senderless-event`, `untaken-raise`, `unread-payload`: events that nobody sends, takes or reads."""

from collections.abc import Iterator

from csflow.checks.flows.moves import Kind, Move, Place
from csflow.checks.flows.paths import Walk, is_child_outcome
from csflow.diagnostics import Diagnostics
from csflow.expressions.terms import Space, references
from csflow.pack.flows import CLOCK, Flow, FlowEvent
from csflow.pack.model import LinkedPack, every_edition
from csflow.values.windows import Longest, Window, facts_of


def check_events(pack: LinkedPack, walk: Walk, diagnostics: Diagnostics) -> None:
    flow = walk.moves.flow
    raised, reporting = set(_raised(flow)), _reporting(pack, walk)
    for event in flow.events.values():
        if not _is_sent(event, raised):
            diagnostics.report("senderless-event", event.mark, event=event.name)
        # Of an effect whose outcome nobody hears the effect is told.
        if not takers(flow, event.name) and event.name not in reporting:
            diagnostics.report("untaken-event", event.mark, event=event.name)
    _report_absorbed(walk, diagnostics)
    _report_raised(walk, diagnostics)


def takers(flow: Flow, event: str) -> list[str]:
    """The states that take an event."""
    waiting = (name for name, state in flow.states.items() if state.go is None)
    return [name for name in waiting if flow.choice(name, event) is not None]


def _reporting(pack: LinkedPack, walk: Walk) -> set[str | None]:
    """The events that report on the effects which the flow asks for."""
    asked = (pack.effects[each.happening.name] for each in walk.passed if each.happening.kind is Kind.DONE)
    return {event for effect in asked for event in (effect.done, effect.failed)}


def _raised(flow: Flow) -> Iterator[str]:
    """What rows, timers and clocks raise."""
    for _, _, choice in flow.choices():
        yield from (row.raises for row in choice.rows if row.raises is not None)
    for state in flow.states.values():
        yield from (timer.raises for timer in state.timers)
    for clock in flow.clocks.values():
        yield from (name for name in (clock.on_warn, clock.on_breach) if name is not None)


def _is_sent(event: FlowEvent, raised: set[str]) -> bool:
    return event.role is not None or event.name in raised or any(sender != CLOCK for sender in event.senders)


def _report_absorbed(walk: Walk, diagnostics: Diagnostics) -> None:
    """The outcome of a child that no state opens which a case can be in."""
    flow = walk.moves.flow
    opened = {alias for stand in walk.stands for alias in stand.open}
    for state in flow.states.values():
        for event in state.absorbs:
            if is_child_outcome(flow, event) and event.partition(".")[0] not in opened:
                diagnostics.report("senderless-event", state.mark, event=event)


def _report_raised(walk: Walk, diagnostics: Diagnostics) -> None:
    """What a timer raises, or a row, has to be taken where the case is then."""
    flow = walk.moves.flow
    for state in flow.states.values():
        for timer in state.timers:
            if flow.choice(state.name, timer.raises) is None and takers(flow, timer.raises):
                diagnostics.report("untaken-raise", timer.mark, event=timer.raises, state=state.name)
    told: set[tuple[int, str]] = set()
    for moves in walk.moves.of.values():
        for move in moves:
            for state_name in _not_taking(walk, move):
                if (id(move.row), state_name) not in told:
                    told.add((id(move.row), state_name))
                    diagnostics.report("untaken-raise", move.row.mark, event=move.row.raises, state=state_name)


def _not_taking(walk: Walk, move: Move) -> Iterator[str]:
    """The states in which what a row raises arrives, and is not taken."""
    flow, event = walk.moves.flow, move.row.raises
    waiting: list[Place] = [] if event is None else [move.target]
    seen: set[Place] = set()
    while waiting:
        place = waiting.pop()
        if place in seen or not place.raised:
            continue
        seen.add(place)
        state = flow.states[place.state]
        if state.go is None and place.raised[0] == event:
            if flow.choice(place.state, event) is None and event not in state.absorbs:
                yield place.state
            continue
        waiting.extend(each.target for each in walk.moves.of[place])


def check_payloads(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    read = _facts_read(pack)
    for flow in pack.flows.values():
        for event in flow.events.values():
            for path in event.carries:
                # What is told in words is for people: it stands in the journal of the case.
                if path not in read and pack.facts[path].kind.name != "text":
                    diagnostics.report("unread-payload", event.mark, event=event.name, fact=path)


def _facts_read(pack: LinkedPack) -> set[str]:
    """Every fact that something in the pack reads, or that goes with an effect."""
    found = {each.name for term in pack.terms() for each in references(term) if each.space is Space.FACT}
    found |= {path for effect in pack.effects.values() for path in effect.needs}
    found |= {settlement.reason for settlement in pack.settlements.values() if settlement.reason is not None}
    decisions = (*pack.every_decision(), *(each for flow in pack.flows.values() for each in flow.decisions()))
    governed = [each.governed_by for each in decisions] + [flow.governed_by for flow in pack.flows.values()]
    found |= {path for path in governed if path is not None}
    for name in pack.parameters:
        for edition in every_edition(pack, name):
            windows = edition.value.windows if isinstance(edition.value, Longest) else (edition.value,)
            found |= {path for window in windows if isinstance(window, Window) for path in facts_of(window)}
    return found

"""`endless-escalation`: a circle that time alone keeps a case in, and in which nothing that guards read moves on.

A timer runs anew where its state is entered again, a clock where something in the circle starts it again. What the
case keeps moves on where a row of the circle sets it; a choice that reads it may then lead out.
"""

from collections.abc import Iterable, Iterator

from csflow.checks.flows.circles import circles, way_round
from csflow.checks.flows.moves import Kind, Move, Place
from csflow.checks.flows.paths import Walk
from csflow.checks.flows.telling import report
from csflow.diagnostics import Diagnostics
from csflow.pack.flows import KEPT, SET, Flow, FlowClock

Graph = dict[Place, list[Place]]


def check_escalating(walk: Walk, diagnostics: Diagnostics) -> None:
    moves = walk.moves
    alone = [
        move
        for place in moves.of
        for move in moves.of[place]
        if not moves.rests(place) or _is_raised_by_time(moves.flow, move)
    ]
    for circle in _endless(walk, alone):
        graph = _graph(circle)
        first = next((place for place in graph if moves.rests(place)), None)
        # A circle in which a case never rests is an `endless-passage`.
        if first is not None:
            way = way_round([first, *graph], graph)
            row = next(move.row for move in circle if (move.source, move.target) == (way[0], way[1]))
            report(diagnostics, "endless-escalation", row.mark, [place.state for place in way], state=first.state)


def _endless(walk: Walk, moves: list[Move]) -> Iterator[list[Move]]:
    """Circles that can be gone round again and again, by time alone."""
    for circle in circles(_graph(moves)):
        inside = [move for move in moves if move.source in circle and move.target in circle]
        kept = [move for move in inside if _comes_again(walk, move, inside) and not _moves_on(move, inside)]
        if len(kept) == len(inside):
            yield inside
        else:
            yield from _endless(walk, kept)


def _comes_again(walk: Walk, move: Move, moves: list[Move]) -> bool:
    """Whether what raises the event of a move does so again in the circle."""
    flow = walk.moves.flow
    if not walk.moves.rests(move.source):
        return True
    heard = {each.name for one in moves for each in one.happenings if each.kind in (Kind.HEARD, Kind.ENTERED)}
    timers = {timer.raises for timer in flow.states[move.source.state].timers}
    if move.event in timers and any(one.row.to == move.source.state for one in moves):
        return True
    return any(_starts_again(clock, heard) for clock in _clocks(flow, move))


def _starts_again(clock: FlowClock, heard: set[str]) -> bool:
    return bool(heard & set(clock.restart)) or bool(heard & set(clock.start) and heard & set(clock.stop))


def _is_raised_by_time(flow: Flow, move: Move) -> bool:
    """Whether time raises the event of a move where it begins."""
    timers = flow.states[move.source.state].timers
    return any(timer.raises == move.event for timer in timers) or bool(_clocks(flow, move))


def _clocks(flow: Flow, move: Move) -> list[FlowClock]:
    state = move.source.state
    return [
        clock
        for clock in flow.clocks.values()
        if move.event in (clock.on_warn, clock.on_breach) and state not in clock.pause_in
    ]


def _moves_on(move: Move, moves: Iterable[Move]) -> bool:
    """Whether the choice of a move reads something kept that a row of the circle sets."""
    if move.choice.decision is None:
        return False
    read = {reference.name for reference in move.choice.decision.reads()}
    return any(f"{KEPT}.{name}" in read for one in moves for name in _set(one))


def _set(move: Move) -> set[str]:
    """What the row of a move sets: at once, to the next, or as computed."""
    rules = () if move.choice.decision is None else move.choice.decision.every_rule()
    computed = {name.removeprefix(SET) for rule in rules if rule.id == move.row.id for name, _ in rule.outputs}
    return {*move.row.sets, *move.row.advances, *computed}


def _graph(moves: Iterable[Move]) -> Graph:
    found: Graph = {}
    for move in moves:
        found.setdefault(move.source, []).append(move.target)
    return found

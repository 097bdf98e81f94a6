"""`unreachable-state`, `trap`, `no-way-to-an-end`, `endless-passage`: what no case is in, or never leaves.

What follows from a fault that is told is not told again: of states that only lead to each other, the first.
"""

from collections.abc import Iterable, Mapping

from csflow.checks.flows.circles import circles, reached, way_round
from csflow.checks.flows.moves import Place
from csflow.checks.flows.paths import Walk
from csflow.checks.flows.telling import report
from csflow.diagnostics import Diagnostics, Mark
from csflow.pack.flows import Flow

Graph = Mapping[str, Iterable[str]]


def check_stuck(walk: Walk, diagnostics: Diagnostics) -> None:
    flow = walk.moves.flow
    led: dict[str, set[str]] = {name: set() for name in flow.states}
    there = {stand.place.state: stand for stand in reversed(walk.stands)}
    for passed in walk.passed:
        if passed.move is not None:
            led[passed.move.source.state].add(passed.move.target.state)
    _report_unreachable(flow, there.keys(), diagnostics)
    stuck = _report_passages(walk, diagnostics)
    for name, state in flow.states.items():
        if name in there and not state.is_final and state.go is None and led[name] <= {name}:
            report(diagnostics, "trap", state.mark, walk.path(there[name]), state=name)
            stuck.add(name)
    ends = {name for name, state in flow.states.items() if state.is_final} | stuck
    lost = {name: led[name] for name in flow.states if name in there and not ({name, *reached(name, led)} & ends)}
    for name in _last(lost):
        report(diagnostics, "no-way-to-an-end", flow.states[name].mark, walk.path(there[name]), state=name)


def _report_unreachable(flow: Flow, there: Iterable[str], diagnostics: Diagnostics) -> None:
    """Of states that only unreachable ones lead to, the first is told."""
    missing = [name for name in flow.states if name not in set(there)]
    led: dict[str, set[str]] = {name: set() for name in missing}
    for state, _, choice in flow.choices():
        if state in led:
            led[state] |= {row.to for row in choice.rows if row.to in led}
    told: set[str] = set()
    for name in missing:
        leading = {other for other in missing if other != name and name in reached(other, led)}
        if leading <= reached(name, led) and not leading & told:
            diagnostics.report("unreachable-state", flow.states[name].mark, state=name)
            told.add(name)


def _report_passages(walk: Walk, diagnostics: Diagnostics) -> set[str]:
    """Circles in which a case never waits; the states in them."""
    moves = walk.moves
    passing = [place for place in moves.of if not moves.rests(place)]
    edges = {place: [move.target for move in moves.of[place] if move.target in passing] for place in passing}
    found: set[str] = set()
    for circle in circles(edges):
        way = way_round(circle, edges)
        names = [place.state for place in way]
        diagnostics.report("endless-passage", _mark_of(walk, way[0], way[1]), state=names[0], path=" → ".join(names))
        found.update(place.state for place in circle)
    return found


def _mark_of(walk: Walk, source: Place, target: Place) -> Mark:
    return next(move.row.mark for move in walk.moves.of[source] if move.target == target)


def _last(led: Graph) -> list[str]:
    """Of each set of states that lead to each other and nowhere else, the first."""
    behind = {name: reached(name, led) for name in led}
    found: list[str] = []
    for name in led:
        is_last = all(name in behind.get(other, ()) for other in behind[name])
        if is_last and not any(other in behind[name] for other in found):
            found.append(name)
    return found

"""`idle-clock`, `untaken-raise`, `beyond-calendar`: clocks that never run, are never heard, or cannot be read."""

from collections.abc import Iterable, Iterator
from typing import Any

from csflow.checks.flows.events import takers
from csflow.checks.flows.moves import Happening, Kind, Moves
from csflow.checks.flows.paths import Keeping, Mind, Walk
from csflow.diagnostics import Diagnostics, Mark, Word
from csflow.expressions.terms import Constant, Reference, Space
from csflow.pack.flows import FlowClock
from csflow.pack.model import Decision, LinkedPack, every_edition
from csflow.values.instants import format_date
from csflow.values.windows import CountsFrom, Longest, Window, WindowUnit, deadline, facts_of
from csflow.values.zones import BeyondHorizon

_WORDS = (Kind.HEARD, Kind.ENTERED)


def check_clocks(pack: LinkedPack, moves: Moves, diagnostics: Diagnostics) -> None:
    for clock in moves.flow.clocks.values():
        _check_running(moves, clock, diagnostics)
        _check_length(pack, clock.decision, clock.calendar, clock.mark, diagnostics)
    for state in moves.flow.states.values():
        for timer in state.timers:
            _check_length(pack, timer.decision, timer.calendar, timer.mark, diagnostics)


def ticking(clocks: Iterable[FlowClock]) -> Keeping:
    """Keeps in mind which of some clocks run, each under its `in_mind`."""
    clocks = tuple(clocks)

    def keep(mind: Mind, happening: Happening) -> Mind:
        if happening.kind in _WORDS:
            for clock in clocks:
                mind = _heard(mind, clock, happening.name)
        return mind

    return keep


def in_mind(clock: FlowClock) -> str:
    """No effect has such a name."""
    return f"clock {clock.name}"


def _heard(mind: Mind, clock: FlowClock, word: str) -> Mind:
    name = in_mind(clock)
    if name in mind and word in clock.stop:
        return mind - {name}
    return mind | {name} if word in clock.start or word in clock.restart else mind


def _check_running(moves: Moves, clock: FlowClock, diagnostics: Diagnostics) -> None:
    flow, name = moves.flow, in_mind(clock)
    walk = Walk(moves, ticking([clock]))
    stopped = (name in passed.mind and passed.happening.name in clock.stop for passed in walk.passed)
    running = (stand.place.state for stand in walk.stands if name in stand.mind)
    # Where a case ends its clocks stop.
    where = list(dict.fromkeys(state for state in running if not flow.states[state].is_final))
    if not where:
        diagnostics.report("idle-clock", clock.mark, clock=clock.name, how=Word("clock.never_starts"))
    elif not any(stopped):
        diagnostics.report("idle-clock", clock.mark, clock=clock.name, how=Word("clock.never_stops"))
    for event in dict.fromkeys((clock.on_warn, clock.on_breach)) if where else ():
        if event is not None and takers(flow, event) and not set(where) & set(takers(flow, event)):
            diagnostics.report("untaken-raise", clock.mark, event=event, state=where)


def _check_length(
    pack: LinkedPack, decision: Decision, calendar: str | None, mark: Mark, diagnostics: Diagnostics
) -> None:
    """A length that no day of the calendar is far enough for, from the first day on which it may start."""
    for first, window in _windows(pack, decision, calendar):
        # What begins before its calendar is refused then; here it is asked whether the calendar is long enough.
        known = pack.calendars.get(str(window.calendar))
        start = first if known is None else max(first, known.first_day)
        zone = pack.zone if window.zone is None else pack.zones[str(window.zone)]
        try:
            deadline(window, zone.start_of_day(start), pack.calendars, zone)
        except BeyondHorizon as beyond:
            diagnostics.report("beyond-calendar", mark, calendar=beyond.name, day=format_date(start))
            return


def _windows(pack: LinkedPack, decision: Decision, calendar: str | None) -> Iterator[tuple[int, Window]]:
    """The lengths that are written, or are those of a parameter, each with the first day on which it holds."""
    for _, term in decision.rules[0].outputs:
        if isinstance(term, Constant):
            yield from ((pack.in_force[0], each) for each in _as_windows(term.kind.name, term.value, calendar))
        elif isinstance(term, Reference) and term.space is Space.PARAMETER:
            for edition in every_edition(pack, term.name):
                start = max(edition.start, pack.in_force[0])
                if start < pack.in_force[1]:
                    yield from ((start, each) for each in _as_windows(term.kind.name, edition.value, calendar))


def _as_windows(kind: str, held: Any, calendar: str | None) -> list[Window]:
    """A length as windows; what facts choose the calendar of is left out."""
    if kind == "window":
        windows = held.windows if isinstance(held, Longest) else (held,)
        return [window for window in windows if not facts_of(window)]
    if kind != "duration" or calendar is None or held < 1:
        return []
    return [Window(held, WindowUnit.SERVICE_HOURS, CountsFrom.MOMENT, calendar=calendar)]

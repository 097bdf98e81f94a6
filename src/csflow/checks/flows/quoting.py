"""`missing-quote`: money that no settlement computed, and guards that read a quote which was not asked for.

A guard that reads something the case keeps, too, may know from it whether there is a quote.
"""

from csflow.checks.flows.moves import Happening, Kind, Moves
from csflow.checks.flows.paths import Mind, Passed, Walk
from csflow.checks.flows.telling import report
from csflow.diagnostics import Diagnostics, Mark
from csflow.expressions.terms import Space
from csflow.pack.flows import KEPT, QUOTE, Choice, Flow, Row, State
from csflow.pack.model import Decision, LinkedPack

_QUOTED = frozenset({QUOTE})


def check_quoting(pack: LinkedPack, moves: Moves, diagnostics: Diagnostics) -> None:
    if _is_given_a_plan(pack, moves.flow):
        return
    told: set[tuple[Mark, str]] = set()
    walk = Walk(moves, _keep)
    for passed in walk.passed:
        for mark, what in _missing(pack, moves.flow, passed) if not passed.mind else ():
            if (mark, what) not in told:
                told.add((mark, what))
                report(diagnostics, "missing-quote", mark, walk.path(passed.stand, passed.move), what=what)


def _is_given_a_plan(pack: LinkedPack, flow: Flow) -> bool:
    openings = (state.opens for each in pack.flows.values() for state in each.states.values())
    return any(opening is not None and opening.flow == flow.name and opening.with_plan for opening in openings)


def _keep(mind: Mind, happening: Happening) -> Mind:
    return _QUOTED if happening.kind is Kind.QUOTED else mind


def _missing(pack: LinkedPack, flow: Flow, passed: Passed) -> list[tuple[Mark, str]]:
    """What wants a quote in a happening before which there is none."""
    happening, part = passed.happening, passed.happening.part
    if happening.kind in (Kind.DONE, Kind.REDONE) and pack.effects[happening.name].pays:
        assert isinstance(part, (Row, State))  # INVARIANT: a row or a state asks for an effect.
        return [(part.mark, happening.name)]
    if happening.kind is Kind.OPENS and isinstance(part, State) and part.opens is not None and part.opens.with_plan:
        return [(part.opens.mark, part.opens.alias)]
    if happening.kind is not Kind.READ or not isinstance(part, Choice):
        return []
    found = [] if part.decision is None else [(part.mark, name) for name in _quote_read(part.decision)]
    event = flow.events.get(happening.name)
    if event is not None and event.role is not None:
        found += [(event.mark, name) for name in _quote_read(event.role)]
    return found


def _quote_read(decision: Decision) -> list[str]:
    read = [reference.name for reference in decision.reads() if reference.space is Space.FACT]
    if any(name.startswith(f"{KEPT}.") for name in read):
        return []
    return sorted({name for name in read if name.startswith(f"{QUOTE}.")})

"""`missing-quote`: money that no settlement computed, and guards that read a quote which was not asked for.

It is so where no way there asks for a quote, or where one that no guard bars does not. What guards bar is not known:
a case may be kept from a way without a quote by what it keeps, or by a fact.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from csflow.checks.flows.moves import Happening, Kind, Moves
from csflow.checks.flows.paths import Mind, Passed, Walk
from csflow.checks.flows.telling import report
from csflow.diagnostics import Diagnostics, Mark
from csflow.expressions.terms import Constant, Space
from csflow.pack.flows import QUOTE, Choice, Flow, Row, State
from csflow.pack.model import Decision, LinkedPack

_QUOTED, _GUARDED = "quoted", "guarded"


@dataclass(slots=True)
class _Ways:
    """The ways to what wants a quote: whether any has one, and the first without; the first that no guard bars."""

    any_quoted: bool = False
    without: Passed | None = None
    sure: Passed | None = None


def check_quoting(pack: LinkedPack, moves: Moves, diagnostics: Diagnostics) -> None:
    has_plan = _is_given_a_plan(pack, moves.flow)
    found: dict[tuple[Mark, str], _Ways] = {}
    walk = Walk(moves, _keep)
    for passed in walk.passed:
        for key in _wanting(pack, moves.flow, passed.happening, has_plan):
            ways = found.setdefault(key, _Ways())
            if _QUOTED in passed.mind:
                ways.any_quoted = True
            else:
                ways.without = ways.without or passed
                if _GUARDED not in passed.mind and not _is_shielded(passed.happening):
                    ways.sure = ways.sure or passed
    for (mark, what), ways in found.items():
        told = ways.sure if ways.any_quoted else ways.without
        if told is not None:
            report(diagnostics, "missing-quote", mark, walk.path(told.stand, told.move), what=what)


def _keep(mind: Mind, happening: Happening) -> Mind:
    """Whether there is a quote, and whether a guard had a say before there was one."""
    if happening.kind is Kind.QUOTED:
        return frozenset({_QUOTED})
    is_guarded = isinstance(happening.part, Choice) and _has_guards(happening.part)
    return mind | {_GUARDED} if is_guarded and _QUOTED not in mind else mind


def _has_guards(choice: Choice) -> bool:
    rules = () if choice.decision is None else choice.decision.rules
    return any(not isinstance(rule.condition, Constant) for rule in rules)


def _is_given_a_plan(pack: LinkedPack, flow: Flow) -> bool:
    openings = (state.opens for each in pack.flows.values() for state in each.states.values())
    return any(opening is not None and opening.flow == flow.name and opening.with_plan for opening in openings)


def _wanting(pack: LinkedPack, flow: Flow, happening: Happening, has_plan: bool) -> Iterator[tuple[Mark, str]]:
    """What wants a quote in a happening, or a plan where the flow is not handed one."""
    part = happening.part
    if happening.kind is Kind.DONE and pack.effects[happening.name].pays and not has_plan:
        assert isinstance(part, (Row, State))  # INVARIANT: a row or a state asks for an effect.
        yield part.mark, happening.name
    opens = part.opens if happening.kind is Kind.OPENS and isinstance(part, State) else None
    if opens is not None and opens.with_plan and not has_plan:
        yield opens.mark, opens.alias
    if happening.kind is Kind.READ and isinstance(part, Choice):
        if part.decision is not None:
            yield from ((part.mark, name) for name in _quote_read(part.decision))
        event = flow.events.get(happening.name)
        if event is not None and event.role is not None:
            yield from ((event.mark, name) for name in _quote_read(event.role))


def _is_shielded(happening: Happening) -> bool:
    """Whether something else that the guards read may keep them from asking for the quote."""
    decision = happening.part.decision if isinstance(happening.part, Choice) else None
    return decision is not None and any(not each.name.startswith(f"{QUOTE}.") for each in decision.reads())


def _quote_read(decision: Decision) -> list[str]:
    read = (reference.name for reference in decision.reads() if reference.space is Space.FACT)
    return sorted({name for name in read if name.startswith(f"{QUOTE}.")})

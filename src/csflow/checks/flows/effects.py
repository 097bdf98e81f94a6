"""`unheard-effect`, `redo-of-nothing`: effects whose outcome nobody takes, and retries of what was not done."""

from collections.abc import Iterator, Mapping

from csflow.checks.flows.moves import Happening, Kind, Moves
from csflow.checks.flows.paths import Keeping, Mind, Walk
from csflow.diagnostics import Diagnostics, Mark
from csflow.pack.flows import EffectKind, Flow, Row, State
from csflow.pack.model import LinkedPack

_ASKED = (Kind.DONE, Kind.REDONE)


def check_effects(pack: LinkedPack, walk: Walk, diagnostics: Diagnostics) -> None:
    asked: dict[str, dict[Mark, None]] = {}
    for passed in walk.passed:
        if passed.happening.kind in _ASKED:
            asked.setdefault(passed.happening.name, {})[_mark(passed.happening)] = None
    for name, marks in asked.items():
        effect = pack.effects[name]
        stands = Walk(walk.moves, awaiting({name: effect})).stands if not effect.notice else []
        where = {stand.place.state for stand in stands if name in stand.mind}
        for event in _outcomes(effect):
            if not any(_takes(walk.moves.flow, state, event) for state in where):
                diagnostics.report("unheard-effect", next(iter(marks)), effect=name, event=event)
    redone = (each.happening.name for each in walk.passed if each.happening.kind is Kind.REDONE)
    for name in dict.fromkeys(redone):
        _report_redone(walk.moves, name, diagnostics)


def awaiting(effects: Mapping[str, EffectKind]) -> Keeping:
    """Keeps in mind the effects, of some, whose outcome may still come.

    A plan is paid by several effects: after one outcome there may be more. So it is where two effects have one event.
    """
    reporting: dict[str, list[EffectKind]] = {}
    for each in effects.values():
        for event in _outcomes(each):
            reporting.setdefault(event, []).append(each)

    def keep(mind: Mind, happening: Happening) -> Mind:
        if happening.kind in _ASKED:
            effect = effects.get(happening.name)
            return mind if effect is None or effect.notice else mind | {effect.name}
        if happening.kind is Kind.HEARD and happening.name in reporting:
            ended = [each for each in reporting[happening.name] if each.name in mind]
            if len(ended) == 1 and not ended[0].pays:
                return mind - {ended[0].name}
        return mind

    return keep


def takes_outcome(flow: Flow, state: str, effect: EffectKind) -> bool:
    """Whether a state hears of an effect however it ends."""
    return all(flow.choice(state, event) is not None for event in _outcomes(effect))


def _outcomes(effect: EffectKind) -> Iterator[str]:
    yield from (event for event in (effect.done, effect.failed) if event is not None)


def _takes(flow: Flow, state: str, event: str) -> bool:
    return flow.choice(state, event) is not None or event in flow.states[state].absorbs


def _mark(happening: Happening) -> Mark:
    assert isinstance(happening.part, (Row, State))  # INVARIANT: a row or a state asks for an effect.
    return happening.part.mark


def _report_redone(moves: Moves, name: str, diagnostics: Diagnostics) -> None:
    """What is asked again was asked before on some path."""

    def keep(mind: Mind, happening: Happening) -> Mind:
        return mind | {name} if happening.kind is Kind.DONE and happening.name == name else mind

    passed = Walk(moves, keep).passed
    again = [each for each in passed if each.happening.kind is Kind.REDONE and each.happening.name == name]
    known = {_mark(each.happening) for each in again if name in each.mind}
    for mark in dict.fromkeys(_mark(each.happening) for each in again):
        if mark not in known:
            diagnostics.report("redo-of-nothing", mark, effect=name)

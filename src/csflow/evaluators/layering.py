"""Owns which value of a parameter holds on a day: the pack's own, or that of a layer."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from csflow.evaluators.outcomes import InForce
from csflow.evaluators.unknowns import Cause, Unknown, merged
from csflow.pack.model import Layer, LinkedPack, Parameter, edition_on
from csflow.values.windows import Longest

# Whether a layer is active: True, False or Unknown.
State = Callable[[Layer], Any]


def in_force(pack: LinkedPack, parameter: Parameter, day: int, state: State) -> InForce | Unknown:
    """The value in force on a local date.

    Unknown, cause `layers`, where two active layers of one rank both give the parameter.
    """
    own = parameter.edition_on(day)
    given = [
        InForce(edition.value, edition, layer)
        for layer in pack.layers.values()
        if (edition := edition_on(layer.parameters.get(parameter.name, ()), day)) is not None
    ]
    base = None if own is None else InForce(own.value, own, None)
    found = _best(parameter, base, given, state) if parameter.favours else _highest(parameter, given, state)
    if found is None:
        found = base
    return Unknown((Cause("edition", parameter.name),)) if found is None else found


def _highest(parameter: Parameter, given: list[InForce], state: State) -> InForce | Unknown | None:
    """That of the active layer of the highest rank."""
    ranked = sorted(given, key=_rank, reverse=True)
    for _, group in groupby(ranked, key=_rank):
        active = _active(group, state)
        if isinstance(active, Unknown):
            return active
        if len(active) > 1:
            return Unknown((Cause("layers", parameter.name),))
        if active:
            return active[0]
    return None


def _best(parameter: Parameter, base: InForce | None, given: list[InForce], state: State) -> InForce | Unknown | None:
    """The best for the customer among the pack's own and those of the active layers; the pack's own on a tie."""
    active = _active(given, state)
    if isinstance(active, Unknown):
        return active
    candidates = [*([base] if base else []), *sorted(active, key=_rank)]
    if not candidates:
        return None
    if parameter.favours == "longer":
        distinct: dict[Any, InForce] = {}
        for each in candidates:
            distinct.setdefault(each.value, each)
        among = tuple(distinct.values())
        # Which window ends last may depend on when it starts.
        return among[0] if len(among) == 1 else InForce(Longest(tuple(distinct)), among[0].edition, None, among)
    choose = min if parameter.favours == "smaller" else max
    return choose(candidates, key=lambda each: each.value)


def _active(given: Iterable[InForce], state: State) -> list[InForce] | Unknown:
    states = [(each, state(each.layer)) for each in given if each.layer is not None]
    unknown = [value for _, value in states if isinstance(value, Unknown)]
    return merged(unknown) if unknown else [each for each, value in states if value is True]


def _rank(each: InForce) -> int:
    return each.layer.rank if each.layer else 0

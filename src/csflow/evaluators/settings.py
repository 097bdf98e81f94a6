"""Owns what makes every parameter one value: a stretch of the time line and the layers that hold in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from csflow.evaluators.layering import in_force
from csflow.evaluators.outcomes import InForce
from csflow.evaluators.unknowns import Cause, Unknown
from csflow.expressions.terms import Space, references
from csflow.pack.model import Decision, Layer, LinkedPack


@dataclass(frozen=True, slots=True)
class Setting:
    """A day that stands for its stretch, or None where there is no governing date; the layers that hold.

    Only layers that give a parameter somebody reads need to be named.
    """

    day: int | None
    layers: frozenset[str] = frozenset()

    def parameter(self, pack: LinkedPack, name: str) -> InForce | Unknown:
        """The one value of a parameter, with its edition and layer."""
        if self.day is None:
            return Unknown((Cause("edition", name),))
        return in_force(pack, pack.parameters[name], self.day, self._holds)

    def _holds(self, layer: Layer) -> bool:
        return layer.condition is None or layer.name in self.layers


def parameters_read(pack: LinkedPack, decision: str) -> frozenset[str]:
    """The parameters a decision can read at its governing date.

    It reads them itself, through derived values, or through required decisions that have the same date.
    """
    own = pack.decisions[decision].governed_by
    read = read_behind(pack, decision, lambda required: required.governed_by in (None, own))
    return frozenset(name for space, name in read if space is Space.PARAMETER)


def read_behind(
    pack: LinkedPack, decision: str, is_followed: Callable[[Decision], bool] = lambda required: True
) -> frozenset[tuple[Space, str]]:
    """What a decision reads, itself and through derived values and the required decisions that are followed.

    Of a decision its name alone, of whatever output.
    """
    seen: set[tuple[Space, str]] = set()
    waiting = list(pack.decisions[decision].reads())
    while waiting:
        reference = waiting.pop()
        name = reference.name.partition(".")[0] if reference.space is Space.DECISION else reference.name
        if (reference.space, name) in seen:
            continue
        seen.add((reference.space, name))
        if reference.space is Space.DERIVED:
            waiting.extend(references(pack.derived[name].term))
        elif reference.space is Space.DECISION and is_followed(pack.decisions[name]):
            waiting.extend(pack.decisions[name].reads())
    return frozenset(seen)


def layers_giving(pack: LinkedPack, parameters: Iterable[str]) -> tuple[Layer, ...]:
    """The layers that give one of the parameters on some day."""
    names = set(parameters)
    return tuple(layer for layer in pack.layers.values() if not names.isdisjoint(layer.parameters))


def changes(pack: LinkedPack, parameters: Iterable[str]) -> tuple[int, ...]:
    """The days on which one of the parameters may change, in their order; the pack's own span begins and ends."""
    days = {*pack.in_force}
    for name in parameters:
        given = [layer.parameters.get(name, ()) for layer in pack.layers.values()]
        for edition in (each for editions in (pack.parameters[name].editions, *given) for each in editions):
            days.add(edition.start)
            if edition.end is not None:
                days.add(edition.end)
    return tuple(sorted(days))

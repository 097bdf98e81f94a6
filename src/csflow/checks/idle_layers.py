"""`layer-never-holds`: layers whose `while` no case satisfies, and what in it contradicts itself.

It is a proof, as that of a rule that never holds: the diagram has every case that facts allow, and perhaps more. Where
the condition asks facts alone it has no more than these; what is computed is taken to come to anything.
"""

from collections.abc import Iterator, Sequence

from csflow.diagnostics import Diagnostics
from csflow.evaluators.atlas import Atlas
from csflow.evaluators.cutting import Cutter
from csflow.evaluators.formulas import all_of
from csflow.evaluators.regions import OverBudget, is_possible
from csflow.evaluators.settings import Setting
from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.pack.model import Layer, LinkedPack


def report_idle_layers(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    """Report the layers that never hold."""
    for layer in pack.layers.values():
        parts = _contradiction(pack, layer)
        if parts and layer.condition is not None:
            place = parts[0] if len(parts) == 1 else layer.condition
            text = " and ".join(" ".join(part.mark.text.split()) for part in parts)
            diagnostics.report("layer-never-holds", place.mark, name=layer.name, part=text)


def never_holds(pack: LinkedPack, layer: Layer) -> bool:
    """Whether it is proved that no case satisfies the condition of a layer."""
    return bool(_contradiction(pack, layer))


def _contradiction(pack: LinkedPack, layer: Layer) -> Sequence[Term]:
    """What of a condition no case satisfies together, of which nothing can be left out; nothing where it may hold."""
    if layer.condition is None:
        return ()
    cutter = Cutter(pack, None, Setting(None))
    atlas = Atlas(cutter.sources)

    def may_hold(some: Sequence[Term]) -> bool:
        try:
            return is_possible(atlas, all_of(map(cutter.verdict, some)).yes)
        except OverBudget:
            return True

    parts = list(_parts(layer.condition))
    if may_hold(parts):
        return ()
    for part in tuple(parts):
        rest = [each for each in parts if each is not part]
        if not may_hold(rest):
            parts = rest
    return parts


def _parts(condition: Term) -> Iterator[Term]:
    """What a condition joins by `and`; itself where it joins nothing."""
    if isinstance(condition, t.And):
        for operand in condition.operands:
            yield from _parts(operand)
    else:
        yield condition

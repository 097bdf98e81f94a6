"""`unused-definition`: a parameter or derived value that nothing reads."""

from csflow.diagnostics import Diagnostics
from csflow.expressions.terms import Space
from csflow.pack.model import TRANSITION, LinkedPack


def check_unused_definition(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    read = {(reference.space, reference.name) for reference in pack.reads()}
    for name, parameter in pack.parameters.items():
        if (Space.PARAMETER, name) not in read and name != TRANSITION:
            diagnostics.report("unused-definition", parameter.mark, name=f"param.{name}")
    for name, derived in pack.derived.items():
        if (Space.DERIVED, name) not in read:
            diagnostics.report("unused-definition", derived.mark, name=name)

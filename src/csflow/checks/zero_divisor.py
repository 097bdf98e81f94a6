"""`zero-divisor`: a parameter that something is divided by, with an edition whose value is zero.

The whole of a `prorate` must be above zero.
"""

from collections.abc import Iterator

from csflow.diagnostics import Diagnostics
from csflow.expressions.terms import Arithmetic, Call, Reference, Space, Term, every_part
from csflow.pack.model import Edition, LinkedPack, every_edition


def check_zero_divisor(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    if not any(_may_be_nothing(each) for name in pack.parameters for each in every_edition(pack, name)):
        return
    found = [divisor for term in pack.terms() for divisor in _divisors(term)]
    divided_by, wholes = {name for name, _ in found}, {name for name, is_whole in found if is_whole}
    for name in sorted(divided_by):
        for edition in every_edition(pack, name):
            if edition.value == 0 or (name in wholes and edition.value < 0):
                diagnostics.report("zero-divisor", edition.mark, name=name)


def _may_be_nothing(edition: Edition) -> bool:
    return isinstance(edition.value, int) and edition.value <= 0


def _divisors(term: Term) -> Iterator[tuple[str, bool]]:
    """The parameters that are divided by, and whether as the whole of a `prorate`."""
    for each in every_part(term):
        if isinstance(each, Arithmetic) and each.operator == "/" and isinstance(each.right, Reference):
            yield each.right.name, False
        if isinstance(each, Call) and each.function == "prorate":
            whole = each.arguments[2]
            if isinstance(whole, Reference) and whole.space is Space.PARAMETER:
                yield whole.name, True

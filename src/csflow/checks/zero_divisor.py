"""`zero-divisor`: a parameter that something is divided by, with an edition whose value is zero."""

from csflow.diagnostics import Diagnostics
from csflow.expressions.terms import Arithmetic, Reference, Term, parts
from csflow.pack.model import LinkedPack


def check_zero_divisor(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    terms = [derived.term for derived in pack.derived.values()]
    terms += [term for decision in pack.decisions.values() for term in decision.terms()]
    for name in sorted({divisor.name for term in terms for divisor in _divisors(term)}):
        for edition in pack.parameters[name].editions:
            if edition.value == 0:
                diagnostics.report("zero-divisor", edition.mark, name=name)


def _divisors(term: Term) -> list[Reference]:
    found = [divisor for part in parts(term) for divisor in _divisors(part)]
    if isinstance(term, Arithmetic) and term.operator == "/" and isinstance(term.right, Reference):
        found.append(term.right)
    return found

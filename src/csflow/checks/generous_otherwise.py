"""`generous-otherwise`: what no rule covers gets the best answer, and nobody said why."""

from csflow.diagnostics import Diagnostics
from csflow.expressions.terms import Constant
from csflow.pack.model import LinkedPack


def check_generous_otherwise(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    for decision in pack.decisions.values():
        if decision.otherwise is None or decision.otherwise.because:
            continue
        for name, term in decision.otherwise.outputs:
            kind = decision.outputs[name].kind
            # The symbols of an enum are listed with the best for the customer first.
            is_graded = kind.name == "enum" and name == "outcome" and len(kind.symbols) > 1
            if is_graded and isinstance(term, Constant) and term.value == kind.symbols[0]:
                diagnostics.report(
                    "generous-otherwise", term.mark, decision=decision.name, output=name, value=term.value
                )

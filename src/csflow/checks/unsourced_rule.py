"""`unsourced-rule`: a rule or exception that does not say where it comes from."""

from csflow.diagnostics import Diagnostics
from csflow.pack.model import LinkedPack


def check_unsourced_rule(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    for decision in pack.decisions.values():
        for rule in decision.every_rule():
            if rule is not decision.otherwise and not rule.because:
                diagnostics.report("unsourced-rule", rule.mark, id=rule.id)

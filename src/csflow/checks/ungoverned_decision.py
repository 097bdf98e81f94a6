"""`ungoverned-decision`: a decision that reads dated parameters, with no date to read them at.

A decision without `governed_by` inherits the date of the decision that requires it; one that nobody
with a date requires can never be decided.
"""

from collections.abc import Iterator

from csflow.diagnostics import Diagnostics
from csflow.expressions.terms import Space, references
from csflow.pack.model import Decision, LinkedPack


def check_ungoverned_decision(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    dated = _dated(pack)
    for decision in (*pack.decisions.values(), *_of_flows(pack)):
        parameter = _parameter_read(pack, decision)
        if parameter is not None and decision.name not in dated:
            diagnostics.report("ungoverned-decision", decision.mark, name=decision.name, parameter=parameter)


def _dated(pack: LinkedPack) -> set[str]:
    """The decisions with a date of their own, and those they require."""
    found: set[str] = set()
    waiting = [decision for decision in (*pack.every_decision(), *_of_flows(pack)) if decision.governed_by]
    while waiting:
        decision = waiting.pop()
        if decision.name not in found:
            found.add(decision.name)
            waiting += [pack.decisions[name] for name in decision.requires]
    return found


def _of_flows(pack: LinkedPack) -> Iterator[Decision]:
    return (decision for flow in pack.flows.values() for decision in flow.decisions())


def _parameter_read(pack: LinkedPack, decision: Decision) -> str | None:
    waiting = list(decision.reads())
    seen: set[str] = set()
    while waiting:
        reference = waiting.pop(0)
        if reference.space is Space.PARAMETER:
            return reference.name
        if reference.space is Space.DERIVED and reference.name not in seen:
            seen.add(reference.name)
            waiting += references(pack.derived[reference.name].term)
    return None

"""Owns the linked tests of a pack's authors: what is given, and what is expected of the answer.

They are no part of the pack: nothing that decides reads them, and they count in no digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from csflow.diagnostics import Mark
from csflow.pack.model import Edition, LinkedPack, Parameter
from csflow.values.instants import FIRST_DAY

# What may be expected of an answer besides its outputs; `expect` gives these words no other meaning.
STATUS, RULE, EXCEPTIONS, MISSING, CODES = "status", "rule", "exceptions", "missing", "codes"
PARTS = (STATUS, RULE, EXCEPTIONS, MISSING, CODES)
STATUSES = ("decided", "undecided", "no_rule", "conflict")


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that is expected: a part of the answer (`PARTS`), or an output.

    `value` is a status; the id of a rule, or those of several hits; the ids of exceptions; the names of what is
    missing, sorted; codes; an output in held form, as the decision has it, with options sorted by their ids.
    """

    part: str
    value: Any
    mark: Mark = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a decision.

    `document` is the path of its document inside the pack; the case may stand in a table that the document
    names. `at` is an instant, `parameters` are the values that hold on every day whatever pack and layers say,
    `facts` what is given: in held form, as engines take it. The status is always among what is `expected`.
    """

    name: str
    document: str
    decision: str
    at: int | None
    parameters: Mapping[str, Any]
    facts: Mapping[str, Any]
    expected: tuple[Expectation, ...]
    mark: Mark = field(compare=False, repr=False)

    @property
    def asks(self) -> str:
        """What is tested, by name."""
        return self.decision


def with_parameters(pack: LinkedPack, values: Mapping[str, Any]) -> LinkedPack:
    """The pack in which these parameters have these values on every day, whatever layers hold.

    Its digests are those of the pack itself.
    """
    if not values:
        return pack
    parameters = {name: _fixed(each, values) for name, each in pack.parameters.items()}
    layers = {
        name: replace(layer, parameters={key: each for key, each in layer.parameters.items() if key not in values})
        for name, layer in pack.layers.items()
    }
    return replace(pack, parameters=parameters, layers=layers)


def _fixed(parameter: Parameter, values: Mapping[str, Any]) -> Parameter:
    if parameter.name not in values:
        return parameter
    edition = Edition(FIRST_DAY, None, values[parameter.name], parameter.mark)
    return replace(parameter, editions=(edition,))

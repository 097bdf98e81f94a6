"""Owns what the questions about a decision came to before, by the value of all that they read.

A pack that is checked again, changed in one place, is asked anew only about the decisions that the change concerns.

INVARIANT: what is remembered is what asking again would give. A key has no places and no titles in it: those of the
pack at hand take their place.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from csflow.checks.cases import Case
from csflow.diagnostics import Finding, Mark, Word
from csflow.evaluators.settings import layers_giving, read_behind
from csflow.expressions.terms import And, Space
from csflow.pack.digest import digest_as_written, digest_of_decision
from csflow.pack.model import TRANSITION, Decision, LinkedPack

_MOST_DECISIONS = 512
_MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Examined:
    """What the questions about one decision found; why they were not all asked, where that is so."""

    findings: tuple[Finding, ...]
    left_over: Case | None = None
    not_analysed: Word | None = None


Examining = Callable[[LinkedPack, Decision], Examined]


@dataclass(frozen=True, slots=True)
class _Bare:
    """A case without its pack, which it need not keep alive."""

    facts: Mapping[str, Any]
    item: Mapping[str, Any]
    at: int | None

    @classmethod
    def of(cls, case: Case | None) -> "_Bare | None":
        return None if case is None else cls(case.facts, case.item, case.at)

    def case(self, pack: LinkedPack, decision: Decision) -> Case:
        return Case(pack, decision, self.facts, self.item, self.at)


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding without its pack: `place` is that of its mark among those of the decision."""

    finding: Finding
    place: int
    case: _Bare | None


@dataclass(frozen=True, slots=True)
class _Known:
    findings: tuple[_Told, ...]
    left_over: _Bare | None
    not_analysed: Word | None


class Memory:
    """What was examined last. Safe to share between threads."""

    def __init__(self, most: int = _MOST_DECISIONS) -> None:
        self._most = most
        self._lock = Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def examined(self, keys: "Keys", decision: Decision, examine: Examining) -> Examined:
        """What examining a decision of the pack of the keys comes to, as it was before or done now."""
        key = keys.of(decision)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
        if known is not None:
            return _with_places(keys.pack, decision, known)
        found = examine(keys.pack, decision)
        if len(found.findings) <= _MOST_FINDINGS:
            with self._lock:
                self._known[key] = _without_places(decision, found)
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        return found


class Keys:
    """What stands for all that the questions about the decisions of a pack read."""

    def __init__(self, pack: LinkedPack) -> None:
        self.pack = pack
        # A search for a case gives every fact a value, and a kind holds the words that the pack declares.
        self._shared = digest_as_written(
            (
                *(pack.currency, pack.rounding, pack.zone, pack.in_force),
                *(pack.facts, pack.reasons, pack.roles, pack.calendars, pack.zones),
            )
        )

    def of(self, decision: Decision) -> str:
        pack, read = self.pack, read_behind(self.pack, decision.name)
        required = sorted({decision.name} | {name for space, name in read if space is Space.DECISION})
        derived = sorted(name for space, name in read if space is Space.DERIVED)
        always = {TRANSITION} & pack.parameters.keys()
        parameters = sorted(always | {name for space, name in read if space is Space.PARAMETER})
        layers = [
            (layer.name, layer.rank, layer.condition, [(name, layer.parameters.get(name)) for name in parameters])
            for layer in layers_giving(pack, parameters)
        ]
        adding = sorted({rule.layer for rule in decision.every_rule() if rule.layer is not None})
        conditions = [(name, pack.layers[name].condition) for name in adding]
        parts = (
            *(self._shared, decision.name, [self._decision(name) for name in required], layers, conditions),
            *([pack.derived[name] for name in derived], [pack.parameters[name] for name in parameters]),
        )
        return digest_as_written(parts)

    def _decision(self, name: str) -> tuple[str, ...]:
        """What a decision does, and in which order its names stand: findings come in that."""
        decision = self.pack.decisions[name]
        return digest_of_decision(decision), *decision.locals, "", *decision.inputs, "", *decision.outputs


def _without_places(decision: Decision, found: Examined) -> _Known:
    places = {mark: place for place, mark in enumerate(_places(decision))} if found.findings else {}
    told = []
    for finding in found.findings:
        assert finding.mark is not None  # INVARIANT: every question is about a part of the decision.
        values = {name: value for name, value in finding.values.items() if name != "case"}
        bare = replace(finding, mark=None, values=values, witness=None)
        told.append(_Told(bare, places[finding.mark], _Bare.of(finding.values.get("case"))))
    return _Known(tuple(told), _Bare.of(found.left_over), found.not_analysed)


def _with_places(pack: LinkedPack, decision: Decision, known: _Known) -> Examined:
    places = list(_places(decision)) if known.findings else []
    findings = []
    for told in known.findings:
        finding = replace(told.finding, mark=places[told.place])
        if told.case is not None:
            case = told.case.case(pack, decision)
            finding = replace(finding, values={**finding.values, "case": case}, witness=case.to_json())
        findings.append(finding)
    left_over = None if known.left_over is None else known.left_over.case(pack, decision)
    return Examined(tuple(findings), left_over, known.not_analysed)


def _places(decision: Decision) -> Iterator[Mark]:
    """Everything in a decision that a finding may be about, always in one order; no two have one mark."""
    yield decision.mark
    for column in decision.inputs.values():
        yield column.mark
    for rule in decision.every_rule():
        yield rule.mark
        yield from (cell.mark for cell in rule.cells)
    for rule in decision.rules:
        if not rule.cells and isinstance(rule.condition, And):
            yield from (part.mark for part in rule.condition.operands)

"""Owns running the cases of a pack's authors: the answer of the production engine, held against what is expected.

Every part is compared exactly; a part of the answer that a case does not name is not looked at. Tests of settlements
are run by `quoting`, of flows by `walking`; how a failure is told is for `telling`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, overload

from csflow.evaluators import Decider, Decision
from csflow.facts import Facts, facts_of
from csflow.flows import Stepper
from csflow.pack.cases import CODES, EXCEPTIONS, MISSING, RULE, STATUS, Case, Expectation, with_parameters
from csflow.pack.model import CHECKLIST, LinkedPack
from csflow.pack.model import Decision as LinkedDecision
from csflow.settlement import Settler
from csflow.settlement.cases import AnyCase, QuoteCase, RunCase
from csflow.testing.quoting import QuoteResult, run_quotes
from csflow.testing.walking import RunResult, run_case

_Parameters = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise than expected; `actual` has the form of what is expected."""

    expected: Expectation
    actual: Any


@dataclass(frozen=True, slots=True)
class Result:
    """A case with the answer it got. It passed where nothing differs; `pack` has the parameters of the case."""

    case: Case
    pack: LinkedPack
    answer: Decision
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences

    @property
    def decision(self) -> LinkedDecision:
        return self.pack.decisions[self.case.decision]


AnyResult = Result | QuoteResult | RunResult


class Runner:
    """Runs the cases of one pack. Those with the same parameters share one compiled pack."""

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._packs: dict[_Parameters, tuple[LinkedPack, Decider]] = {}
        # Compiled once for all cases that ask the same.
        self._deciding: dict[tuple[_Parameters, str], Callable[[Facts, int | None], Decision]] = {}
        self._settlers: dict[tuple[_Parameters, str], Settler] = {}
        self._steppers: dict[tuple[_Parameters, str], Stepper] = {}

    @overload
    def run(self, case: Case) -> Result: ...

    @overload
    def run(self, case: QuoteCase) -> QuoteResult: ...

    @overload
    def run(self, case: RunCase) -> RunResult: ...

    def run(self, case: AnyCase) -> AnyResult:
        """The result of a case."""
        key = tuple(sorted(case.parameters.items(), key=lambda item: item[0]))
        if isinstance(case, RunCase):
            return self._walked(case, key)
        return self._quoted(case, key) if isinstance(case, QuoteCase) else self._decided(case, key)

    def _decided(self, case: Case, key: _Parameters) -> Result:
        pack, decider = self._changed(key)
        if (key, case.decision) not in self._deciding:
            self._deciding[key, case.decision] = decider.decision(case.decision)
        answer = self._deciding[key, case.decision](facts_of(pack, case.facts), case.at)
        return Result(case, pack, answer, tuple(_differences(case, pack, answer)))

    def _quoted(self, case: QuoteCase, key: _Parameters) -> QuoteResult:
        pack, _ = self._changed(key)
        return run_quotes(case, pack, self._settler(key, case.settlement))

    def _walked(self, case: RunCase, key: _Parameters) -> RunResult:
        pack, _ = self._changed(key)
        if (key, case.flow) not in self._steppers:
            self._steppers[key, case.flow] = Stepper(pack, pack.flows[case.flow], lambda name: self._settler(key, name))
        return run_case(case, self._steppers[key, case.flow], lambda name: self._settler(key, name))

    def _settler(self, key: _Parameters, name: str) -> Settler:
        pack, _ = self._changed(key)
        if (key, name) not in self._settlers:
            self._settlers[key, name] = Settler(pack, pack.settlements[name])
        return self._settlers[key, name]

    def _changed(self, key: _Parameters) -> tuple[LinkedPack, Decider]:
        """The pack with other values of parameters."""
        if key not in self._packs:
            changed = with_parameters(self._pack, dict(key))
            self._packs[key] = changed, Decider(changed)
        return self._packs[key]


def _differences(case: Case, pack: LinkedPack, answer: Decision) -> Iterator[Difference]:
    """What differs; where the status does, that alone: what follows from it says nothing more."""
    decision = pack.decisions[case.decision]
    for expected in case.expected:
        actual = _actual(expected, decision, answer)
        if actual != expected.value:
            yield Difference(expected, actual)
            if expected.part == STATUS:
                return


def _actual(expected: Expectation, decision: LinkedDecision, answer: Decision) -> Any:
    """The part of the answer that is expected, in the same form."""
    if expected.part in _PARTS:
        return _PARTS[expected.part](expected, decision, answer)
    held = answer.held[expected.part]
    if decision.outputs[expected.part].kind.member("value") is None or held is None:
        return held
    # Options are told apart by their ids; in which order they were written means nothing.
    return tuple(map(_by_id, held)) if decision.gives_list else _by_id(held)


def _by_id(options: Any) -> Any:
    return None if options is None else tuple(sorted(options, key=lambda option: str(option["id"])))


def _rule(expected: Expectation, decision: LinkedDecision, answer: Decision) -> Any:
    if isinstance(expected.value, tuple):
        return tuple(hit.rule for hit in answer.items or answer.hits)
    return answer.rule


def _exceptions(expected: Expectation, decision: LinkedDecision, answer: Decision) -> tuple[str, ...]:
    """Those of the rule that hit; of several hits or records, one after the other."""
    if decision.gives_list or decision.aggregate is not None:
        return tuple(id for each in answer.items or answer.hits for id in each.exceptions)
    return answer.exceptions


def _codes(expected: Expectation, decision: LinkedDecision, answer: Decision) -> tuple[str, ...]:
    """Of a checklist those of all requirements not met; else the codes among the outputs, by name, each once."""
    if decision.hit_policy == CHECKLIST and decision.for_each is None:
        return tuple(hit.outputs["code"] for hit in answer.hits)
    held: list[Any] = []
    for name, value in sorted(answer.held.items()):
        if decision.outputs[name].kind.name == "code":
            held += value if isinstance(value, tuple) else (value,)
    return tuple(dict.fromkeys(code for code in held if code is not None))


_PARTS: Mapping[str, Any] = {
    STATUS: lambda expected, decision, answer: answer.status,
    RULE: _rule,
    EXCEPTIONS: _exceptions,
    MISSING: lambda expected, decision, answer: tuple(sorted({cause.name for cause in answer.missing})),
    CODES: _codes,
}

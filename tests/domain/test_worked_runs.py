"""The flows and clocks of the worked cases as golden files: cases of a standard pack, step by step, by a virtual clock.

A step may leave out neither an effect, a child, an event that time raised, a payment nor a refusal.
"""

import json
from functools import cache
from typing import Any

import pytest
from tests.domain.golden import FILES, ROWS, linked_cases, pack_of
from tests.domain.written import amount

from csflow.flows import Step
from csflow.loading.run_cases import EFFECTS, OPENED, RAISED, REFUND, REFUSAL
from csflow.pack.cases import Expectation
from csflow.settlement.cases import RunCase
from csflow.testing.telling_runs import RunDetails
from csflow.testing.walking import RunResult, Walked, actual_of, run_case
from csflow.values.money import Money

SAID = (REFUSAL, EFFECTS, OPENED, RAISED, REFUND)
RUNS = [
    pytest.param(id, run, id=f"{id}: {run['name']}")
    for id, document in FILES.items()
    for run in document.get("runs", ())
]


@cache
def walked(id: str, name: str) -> RunResult:
    """A run over the pack that its row names; nothing is remembered between two runs but the pack."""
    pack, whole = FILES[id].get("pack", "cn"), f"{id}: {name}"
    case = linked_cases(pack)[1][whole]
    chosen = pack_of(pack, whole)
    assert isinstance(case, RunCase)
    return run_case(case, chosen.stepper(case.flow), chosen._settler)


def steps_of(id: str, run: dict[str, Any]) -> list[tuple[dict[str, Any], Walked]]:
    """Each step as it is written, and what came of it. The opening is one."""
    found = walked(id, run["name"]).walked
    assert not {"send", "succeeded", "failed", "wait"} & set(run["steps"][0]), "a golden run begins with the opening"
    return list(zip(run["steps"], found, strict=True))


@pytest.mark.parametrize(("id", "run"), RUNS)
def test_a_worked_run_goes_as_written(id, run):
    result = walked(id, run["name"])
    assert result.passed, RunDetails(result).in_language("en")


@pytest.mark.parametrize(("id", "run"), RUNS)
def test_a_worked_run_leaves_nothing_unsaid(id, run):
    result = walked(id, run["name"])
    stepper = pack_of(FILES[id].get("pack", "cn"), f"{id}: {run['name']}").stepper(run["run"])
    for step, done in steps_of(id, run):
        parts = {part: actual_of(Expectation(part, None, result.case.mark), done, stepper) for part in SAID}
        unsaid = {part: value for part, value in parts.items() if value and part not in step["expect"]}
        assert not unsaid, step
        assert {"state", "refusal"} & set(step["expect"]), step


@pytest.mark.parametrize(("id", "run"), RUNS)
def test_the_payments_of_a_worked_run_are_those_written(id, run):
    """By tender, or by the name of what is paid besides; what is asked again has the key that it had."""
    asked: dict[str, str] = {}
    for step, done in steps_of(id, run):
        payments = [payment for each in done.made for payment in payments_of(each)]
        shown = {each.tender or each.name: amount(Money.from_minor(each.amount, "CNY").to_json()) for each in payments}
        assert len(shown) == len(payments)
        assert step["expect"].get("pays", {}) == shown
        again = sorted(name for name in shown if name in asked)
        assert sorted(step["expect"].get("again", [])) == again
        assert all(asked.get(each.tender or each.name, each.key) == each.key for each in payments)
        asked |= {each.tender or each.name: each.key for each in payments}


def payments_of(step: Step) -> list[Any]:
    """What a step asks a host to pay, itself or by a child that carries out its plan."""
    own = [each.payment for each in step.effects if each.payment is not None]
    return [*own, *(each for opened in step.opened for each in opened.plan.payments)]


@pytest.mark.parametrize(("id", "run"), RUNS)
def test_a_worked_run_goes_on_from_plain_json(id, run):
    """The same steps, each from the snapshot before as it was written down and read back, give the same."""
    pack = pack_of(FILES[id].get("pack", "cn"), f"{id}: {run['name']}")
    for _, done in steps_of(id, run):
        if done.snapshot is not None:
            document = pack.snapshot_to_json(done.snapshot)
            assert pack.snapshot_to_json(pack.snapshot_from_json(json.loads(json.dumps(document)))) == document


def test_the_rows_that_are_flows_have_their_golden_runs():
    """What a row says of a flow or a clock is run, or the row says that it waits for flows."""
    flows = {id for id, row in ROWS.items() if row.get("flow") == "true"}
    assert flows == {id for id, document in FILES.items() if "runs" in document}

"""The tests that the authors of the standard pack `cn` wrote: they pass, and no rule can go without one that fails."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from csflow.loading.passes import load_folder
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.testing.reporting import report_of
from csflow.testing.running import Runner

FOLDER = Path(__file__).resolve().parents[2] / "policies" / "cn"
CN = load_folder(FOLDER)
assert CN.pack is not None
PACK: LinkedPack = CN.pack


def places(decision: Decision) -> Iterator[str]:
    """Every rule, exception and `otherwise` of a decision, by its id."""
    return (rule.id for rule in decision.every_rule())


def without(decision: Decision, id: str) -> Decision:
    """The decision without one rule, exception or its `otherwise`."""
    otherwise = decision.otherwise
    return replace(
        decision,
        rules=tuple(pruned(rule, id) for rule in decision.rules if rule.id != id),
        otherwise=None if otherwise is None or id == "otherwise" else pruned(otherwise, id),
    )


def pruned(rule: Rule, id: str) -> Rule:
    return replace(rule, exceptions=tuple(pruned(each, id) for each in rule.exceptions if each.id != id))


def failed(pack: LinkedPack, asked_first: str = "") -> Iterator[set[str]]:
    """Of each of the authors' tests that fails on a pack, the parts of the answer that differ; of one decision first."""
    runner = Runner(pack)
    for case in sorted(CN.cases, key=lambda case: case.decision != asked_first):
        result = runner.run(case)
        if not result.passed:
            yield {each.expected.part for each in result.differences}


WINDOWS = sorted(name for name, parameter in PACK.parameters.items() if parameter.kind.name == "window")
RULES = [(name, id) for name, decision in sorted(PACK.decisions.items()) for id in places(decision)]


def test_all_pass():
    assert [finding.message("zh-CN") for finding in report_of(CN).findings] == []
    assert len(CN.cases) > 80


@pytest.mark.parametrize(("decision", "id"), RULES, ids=["/".join(pair) for pair in RULES])
def test_without_a_rule_some_test_gets_another_answer(decision, id):
    spoilt = replace(PACK, decisions=PACK.decisions | {decision: without(PACK.decisions[decision], id)})
    assert spoilt != PACK
    # Not only that it came by another rule: customers would be told something else.
    assert any(parts - {"rule", "exceptions"} for parts in failed(spoilt, decision))


@pytest.mark.parametrize("name", sorted(PACK.decisions))
def test_every_decision_is_asked_itself_and_every_rule_of_it_is_expected_by_name(name):
    expected = {
        id
        for case in CN.cases
        if case.decision == name
        for each in case.expected
        if each.part in ("rule", "exceptions")
        for id in ((each.value,) if isinstance(each.value, str) else each.value)
    }
    assert set(places(PACK.decisions[name])) <= expected


@pytest.mark.parametrize("parameter", WINDOWS)
@pytest.mark.parametrize("days", [-1, 1])
def test_a_window_a_day_shorter_or_longer_fails_a_test(parameter, days):
    (edition,) = PACK.parameters[parameter].editions
    window = replace(edition.value, length=edition.value.length + days)
    changed = replace(PACK.parameters[parameter], editions=(replace(edition, value=window),))
    assert any(failed(replace(PACK, parameters=PACK.parameters | {parameter: changed})))


@pytest.mark.parametrize("parameter", ["no_reason_window", "quality_return_window"])
def test_a_window_that_does_not_go_on_over_days_off_fails_a_test(parameter):
    (edition,) = PACK.parameters[parameter].editions
    window = replace(edition.value, extend_over=frozenset(), calendar=None)
    changed = replace(PACK.parameters[parameter], editions=(replace(edition, value=window),))
    assert any(failed(replace(PACK, parameters=PACK.parameters | {parameter: changed})))

"""The tests that the authors of the standard packs wrote: they pass, and no rule can go without one that fails."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from csflow.loading.passes import load_folder
from csflow.loading.rules import ALL_MET
from csflow.loading.standard import standard_folder, standard_names
from csflow.pack.cases import Case
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.settlement.cases import QuoteCase
from csflow.testing.coverage import coverage_of
from csflow.testing.obligations import BOUNDARIES, RULES
from csflow.testing.quote_coverage import AskedQuote
from csflow.testing.reporting import asked_of, report_of
from csflow.testing.running import Runner
from csflow.values.windows import Window

LOADED = {name: load_folder(standard_folder(name)) for name in standard_names()}
PACKS: dict[str, LinkedPack] = {name: loaded.pack for name, loaded in LOADED.items() if loaded.pack is not None}
assert set(PACKS) == set(LOADED)


def places(decision: Decision) -> Iterator[str]:
    """Every rule, exception and `otherwise` of a decision, by its id; that all is met is no rule that anybody wrote."""
    return (rule.id for rule in decision.every_rule() if rule.id != ALL_MET)


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


def failed(name: str, pack: LinkedPack, asked_first: str = "") -> Iterator[set[str]]:
    """Of each of the authors' tests that fails on a pack, the parts of the answer that differ; of one decision first."""
    runner = Runner(pack)
    for case in sorted(LOADED[name].cases, key=lambda case: case.asks != asked_first):
        result = runner.run(case)
        if not result.passed:
            yield {each.expected.part for each in result.differences}


EVERY_RULE = [
    (name, decision.name, id)
    for name, pack in PACKS.items()
    for decision in sorted(pack.decisions.values(), key=lambda each: each.name)
    for id in places(decision)
]
# Windows that go on over days off where the last of them is one; of every other, a test says that it does not.
EXTENDED = [
    (name, parameter.name)
    for name, pack in PACKS.items()
    for parameter in pack.parameters.values()
    for edition in parameter.editions[-1:]
    if isinstance(edition.value, Window) and edition.value.extend_over
]


@pytest.mark.parametrize("name", PACKS)
def test_all_pass(name):
    assert [finding.message("zh-CN") for finding in report_of(LOADED[name]).findings] == []
    assert len(LOADED[name].cases) > len(list(PACKS[name].decisions)) * 3


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_and_border_is_covered(name):
    coverage = coverage_of(PACKS[name], asked_of(LOADED[name]))
    missing = [each for each in coverage.missing if each.measure in (RULES, BOUNDARIES)]
    assert [f"{each.mark.path}:{each.mark.line} {each.text}: {each.word}" for each in missing] == []
    assert not coverage.is_below(100)


@pytest.mark.parametrize(("name", "decision", "id"), EVERY_RULE, ids=["/".join(rule) for rule in EVERY_RULE])
def test_without_a_rule_some_test_gets_another_answer(name, decision, id):
    pack = PACKS[name]
    spoilt = replace(pack, decisions=pack.decisions | {decision: without(pack.decisions[decision], id)})
    assert spoilt != pack
    # Not only that it came by another rule: customers would be told something else.
    assert any(parts - {"rule", "exceptions"} for parts in failed(name, spoilt, decision))


@pytest.mark.parametrize(("name", "decision"), [(name, each) for name in PACKS for each in PACKS[name].decisions])
def test_every_decision_is_asked_itself_and_every_rule_of_it_is_expected_by_name(name, decision):
    expected = {
        id
        for case in LOADED[name].cases
        if isinstance(case, Case) and case.decision == decision
        for each in case.expected
        if each.part in ("rule", "exceptions")
        for id in ((each.value,) if isinstance(each.value, str) else each.value)
    }
    assert set(places(PACKS[name].decisions[decision])) <= expected


SETTLEMENTS = [(name, each) for name in PACKS for each in PACKS[name].settlements]


@pytest.mark.parametrize(("name", "settlement"), SETTLEMENTS)
def test_every_settlement_is_asked_and_its_refunds_alone_reach_what_it_binds(name, settlement):
    quotes = [case for case in LOADED[name].cases if isinstance(case, QuoteCase) and case.settlement == settlement]
    assert {each.part for case in quotes for step in case.steps for each in step.expected} >= {"refund", "missing"}
    terms = PACKS[name].settlements[settlement].terms
    coverage = coverage_of(PACKS[name], map(AskedQuote, (case for case in quotes if not case.parameters)))
    asked = {each.home for each in coverage.met if each.measure == RULES}
    assert asked >= set(terms.requires)


@pytest.mark.parametrize(("name", "parameter"), EXTENDED, ids=["/".join(each) for each in EXTENDED])
def test_a_window_that_does_not_go_on_over_days_off_fails_a_test(name, parameter):
    pack = PACKS[name]
    *earlier, edition = pack.parameters[parameter].editions
    window = replace(edition.value, extend_over=frozenset(), calendar=None)
    changed = replace(pack.parameters[parameter], editions=(*earlier, replace(edition, value=window)))
    assert any(failed(name, replace(pack, parameters=pack.parameters | {parameter: changed})))

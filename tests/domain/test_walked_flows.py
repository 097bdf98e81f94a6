"""The authors' run tests walk every transition of the flows of the standard packs, and both sides of every guard."""

from functools import cache

import pytest

from csflow.loading.passes import Loaded, load_folder
from csflow.loading.standard import standard_folder
from csflow.testing.flow_coverage import FlowTally
from csflow.testing.flow_report import flow_coverages

PACKS = ("cn", "eu", "tw")


@cache
def loaded(name: str) -> Loaded:
    return load_folder(standard_folder(name))


@pytest.mark.parametrize("name", PACKS)
def test_nothing_of_a_flow_is_left_unwalked(name: str) -> None:
    coverages = flow_coverages(loaded(name))
    assert coverages
    assert {each.flow.name: each.unwalked for each in coverages if each.unwalked} == {}
    unmet = {each.flow.name: [(owed.text, owed.needs("en")) for owed in each.unmet] for each in coverages if each.unmet}
    assert unmet == {}


def test_a_parameter_that_guards_alone_read_is_owed_by_the_run_tests() -> None:
    """No test of a decision can notice it; what decisions read, too, their own tests have to show."""
    pack = loaded("tw").pack
    assert pack is not None
    owed = [each for each in FlowTally(pack, pack.flows["payout"]).obligations if each.home is None]
    assert {(each.text, each.value) for each in owed} == {("payout_retries", "4"), ("payout_retries", "2")}


def test_without_the_test_that_tries_three_times_the_parameter_is_not_covered() -> None:
    pack = loaded("tw").pack
    assert pack is not None
    tally = FlowTally(pack, pack.flows["payout"])
    assert len([each for each in tally.coverage().unmet if each.text == "payout_retries"]) == 2

"""Facts by chance: every one decodes, the pack's borders come up, and what refutes a law shrinks to little."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from evaluators.laboratory import pack_of, table
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import csflow
from csflow.facts import ABSENT
from csflow.testing.reading import facts_read
from csflow.testing.strategies import checked_facts, facts, instants

SHAPES = csflow.load_pack(Path(__file__).parents[2] / "domain" / "shapes")
CN = csflow.load_pack(Path(__file__).parents[3] / "policies" / "cn")
EVERY_KIND = pack_of(
    table('  - {id: only, when: "x.i <= 7", then: {answer: 1}, because: law}', otherwise="{answer: 0}")
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("pack", [CN, SHAPES, EVERY_KIND], ids=["cn", "shapes", "every kind"])
@pytest.mark.parametrize("unknown", [False, True])
def test_what_is_drawn_decodes_and_is_decided(pack: csflow.Pack, unknown: bool) -> None:
    @QUICK
    @given(facts(pack, unknown=unknown), instants(pack), st.sampled_from(pack.decisions))
    def decodes(drawn: dict[str, Any], at: dt.datetime, decision: str) -> None:
        answer = pack.decide(decision, pack.facts(drawn), at=at)
        assert answer.status in ("decided", "undecided", "no_rule", "conflict")

    decodes()


@given(checked_facts(CN, "no_reason_return", absent=False))
@QUICK
def test_of_one_decision_what_it_reads_is_drawn_and_nothing_else(drawn: csflow.Facts) -> None:
    given_paths = {path for path, held in drawn.values.items() if held is not ABSENT}
    assert given_paths == set(facts_read(CN.linked, "no_reason_return"))


def test_optional_facts_and_unknown_ones_are_left_out_on_request() -> None:
    first = settings(max_examples=200, deadline=None, phases=[Phase.generate])
    drawn = find(facts(CN, "exemption"), lambda each: "promise" not in each, settings=first)
    assert "paid_at" in drawn["order"]
    assert find(facts(CN, "exemption", unknown=True), lambda each: "order" not in each, settings=first) is not None
    with pytest.raises(csflow.UnknownName):
        facts(CN, "no_reason_retrun")


@pytest.mark.parametrize(
    ("decision", "path", "held"),
    [
        ("flags", "claim.amount", 50_001),
        ("severity", "claim.amount", 100_000),
        ("three_guarantees", "claim.repairs", 2),
        ("three_guarantees", "claim.repair_days", 36),
    ],
)
def test_the_borders_of_the_pack_are_drawn_often(decision: str, path: str, held: int) -> None:
    """Among a hundred million amounts in fen, chance alone would hardly ever draw the one beside a border."""
    often = settings(max_examples=500, deadline=None, phases=[Phase.generate])
    assert find(checked_facts(SHAPES, decision), lambda drawn: drawn.values[path] == held, settings=often)


def test_a_law_that_does_not_hold_is_refuted_by_a_small_case() -> None:
    """Planted: that compensation above 500 is never flagged."""
    refuting = find(
        checked_facts(SHAPES, "flags"),
        lambda drawn: "flag.large" in SHAPES.decide("flags", drawn, at="2026-01-01T00:00:00Z").outputs["flag"],
        settings=settings(max_examples=2000, deadline=None, phases=[Phase.generate, Phase.shrink]),
    )
    assert refuting.values["claim.amount"] == 50_001
    assert (refuting.values["claim.is_fraud"], refuting.values["claim.is_unsafe_food"]) == (False, False)


def test_lists_shrink_to_the_records_that_count() -> None:
    refuting = find(
        checked_facts(SHAPES, "exempt_lines"),
        lambda drawn: "exempt.fresh" in str(SHAPES.decide("exempt_lines", drawn, at="2026-01-01T00:00:00Z").outputs),
        settings=settings(max_examples=2000, deadline=None),
    )
    assert len(refuting.values["claim.lines"]) == 1

"""`--at` where editions are chosen by the time of the decision, and nowhere else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SMALL_PACK = Path(__file__).parents[2] / "spec" / "checks" / "pack"
TRANSITION = """\
parameters:
  transition:
    title: 新旧规则的衔接
    type: enum
    of: [by_fact_time, by_decision_time]
    value: {value}
"""
FACTS = """\
order: {paid_at: 2025-11-08T10:00:00+08:00, paid: 100 CNY}
claim: {signed_at: 2025-11-10T20:00:00+08:00, requested_at: 2025-11-12T10:00:00+08:00, condition: intact}
"""
AT = "2025-11-12T10:00:00+08:00"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the small pack, beside a file of facts."""
    for path in SMALL_PACK.rglob("*.yaml"):
        target = tmp_path / "shop" / path.relative_to(SMALL_PACK)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return tmp_path / "shop"


def choose_by(shop: Path, value: str) -> None:
    (shop / "transition.yaml").write_text(TRANSITION.format(value=value), encoding="utf-8")


def decide(shop: Path, *more: str) -> tuple[int, str]:
    """Exit code and output of `csflow decide` on the small pack."""
    facts = shop.parent / "facts.yaml"
    arguments = ["decide", "no_reason_return", "--pack", str(shop), "--facts", str(facts), "--lang", "en", *more]
    done = subprocess.run(
        [sys.executable, "-c", "from csflow.cli import main; main()", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_without_an_instant_a_pack_that_chooses_by_the_decision_is_not_asked(shop: Path) -> None:
    choose_by(shop, "by_decision_time")
    code, output = decide(shop)
    assert code == 2
    assert "CS920 instant-required" in output
    assert "`corner_shop`" in output


def test_the_refusal_is_data_where_data_is_asked_for(shop: Path) -> None:
    choose_by(shop, "by_decision_time")
    code, output = decide(shop, "--format", "json")
    assert code == 2
    assert '"instant-required"' in output
    assert json.loads(output)


def test_with_an_instant_it_answers(shop: Path) -> None:
    choose_by(shop, "by_decision_time")
    code, output = decide(shop, "--at", AT, "--format", "json")
    assert code == 0
    assert json.loads(output)["status"] == "decided"


@pytest.mark.parametrize("value", ["by_fact_time", None])
def test_where_editions_are_chosen_by_a_fact_no_instant_is_asked_for(shop: Path, value: str | None) -> None:
    if value is not None:
        choose_by(shop, value)
    assert decide(shop)[0] == 0
    assert decide(shop, "--at", AT)[0] == 0


def test_an_instant_without_its_offset_is_refused(shop: Path) -> None:
    choose_by(shop, "by_decision_time")
    code, output = decide(shop, "--at", "2025-11-12T10:00:00")
    assert code == 2
    assert "instant-required" not in output


def test_a_day_before_the_pack_is_in_force_leaves_a_parameter_without_an_edition(shop: Path) -> None:
    choose_by(shop, "by_decision_time")
    code, output = decide(shop, "--at", "2023-12-31T10:00:00+08:00", "--format", "json")
    assert code == 0
    assert json.loads(output)["status"] == "undecided"
    assert json.loads(output)["edition"] is None

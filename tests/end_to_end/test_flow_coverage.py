"""`csflow test --coverage` and `--drafts` for a pack with flows: what tests walk, and tests that walk the rest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.flows.packs import files

HAND = """\
tests:
  run: exchange
  at: 2026-11-27T12:00:00+08:00
  given:
    order: {id: O1, paid: 99 CNY, paid_at: 2026-11-20T10:00:00+08:00}
    claim: {signed_at: 2026-11-25T10:00:00+08:00, requested_at: 2026-11-25T11:00:00+08:00, reason: quality}
  cases:
    - name: 一次补发没成，再发成功
      steps:
        - {send: agree, by: front_line, expect: {state: inspecting, clocks: {answer: met, whole: paused}}}
        - {wait: 7 days, expect: {state: inspecting, raised: [rise], level: supervisor}}
        - send: inspected
          by: front_line
          given: {claim: {condition: intact}}
          expect: {state: sending, effects: [send]}
        - {failed: send, expect: {state: failed}}
        - {send: retry, by: customer, expect: {refusal: role.missing}}
        - {send: retry, by: front_line, expect: {state: waiting, effects: [send], tries: 1}}
        - {succeeded: send, expect: {state: done}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in files({"tests/hand.cases.yaml": HAND}).items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "pack"


def csflow(*words: str) -> "subprocess.CompletedProcess[str]":
    code = "from csflow.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)


def flows(folder: Path) -> dict[str, dict[str, dict[str, int]]]:
    ran = csflow("test", str(folder), "--coverage", "--format", "json", "--lang", "en")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return {each["flow"]: each for each in json.loads(ran.stdout)["flows"]}


def test_drafts_walk_what_tests_by_hand_do_not(folder: Path) -> None:
    before = flows(folder)
    assert before["exchange"]["transitions"] == {"covered": 7, "of": 27, "percent": 25}
    assert before["question"]["transitions"]["covered"] == 0
    ran = csflow("test", str(folder), "--drafts", str(folder / "tests" / "drafts.cases.yaml"), "--lang", "en")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    written = sorted(path.name for path in (folder / "tests").iterdir())
    assert {"drafts.cases.exchange.yaml", "drafts.cases.question.yaml"} <= set(written)
    after = flows(folder)
    for name in ("exchange", "question"):
        assert after[name]["transitions"]["percent"] == 100
        assert after[name]["guards"]["percent"] == 100
    said = csflow("test", str(folder), "--coverage", "--lang", "zh-CN").stdout
    assert "27/27 100%" in said


def test_flows_below_the_goal_end_the_command_with_1(folder: Path) -> None:
    ran = csflow("test", str(folder), "--fail-under", "30", "--lang", "en")
    assert ran.returncode == 1
    assert "transitions 7/33" in ran.stderr

"""What `csflow test --coverage` prints and writes, through the function that the command calls."""

import json
from pathlib import Path

import pytest
from evaluators.laboratory import given, pack_of, table

from csflow.cli.coverage import is_asked_for, report_coverage
from csflow.cli.options import FINDINGS, USAGE, Language, Quit
from csflow.diagnostics import Diagnostics
from csflow.loading.passes import Loaded
from csflow.testing.coverage import Asked

RULES = (
    '  - {id: few, when: "x.i <= 7", then: {answer: 1}, because: law}\n'
    '  - {id: many, when: "x.i > 7", then: {answer: 2}, because: law}'
)
PACK = pack_of(table(RULES))
LOADED = Loaded(PACK.linked, Diagnostics())
SEVEN, EIGHT = (Asked("ask", PACK.facts(given({"i": value}))) for value in (7, 8))


def test_coverage_is_computed_only_where_an_option_asks_for_it() -> None:
    assert not is_asked_for(False, None, None, None)
    assert is_asked_for(True, None, None, None)
    assert is_asked_for(False, None, 0, None)


def test_text_goes_to_stdout_and_json_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    report_coverage(LOADED, [SEVEN, EIGHT], (), Language.ENGLISH)
    assert "2/2 100%" in capsys.readouterr().out
    report_coverage(LOADED, [SEVEN], (), Language.ENGLISH, as_json=True)
    assert json.loads(capsys.readouterr().out)["totals"]["rules"]["percent"] == 50


def test_below_the_goal_the_command_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    report_coverage(LOADED, [SEVEN, EIGHT], (), Language.ENGLISH, fail_under=100)
    with pytest.raises(Quit) as stopped:
        report_coverage(LOADED, [SEVEN], (), Language.ENGLISH, fail_under=51)
    assert stopped.value.code == FINDINGS
    assert capsys.readouterr().err == "coverage is below 51%: rules 1/2, boundaries 2/4\n"


def test_the_page_and_the_drafts_are_written(tmp_path: Path) -> None:
    page, drafts = tmp_path / "coverage.html", tmp_path / "drafts.cases.yaml"
    report_coverage(LOADED, [SEVEN], (), Language.SIMPLIFIED, page=page, drafts=drafts)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "x: {i: 8}" in drafts.read_text(encoding="utf-8")


def test_drafts_never_take_the_place_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`existing-file`: what an author confirmed is not written over."""
    confirmed = tmp_path / "returns.cases.yaml"
    confirmed.write_text("tests: confirmed", encoding="utf-8")
    with pytest.raises(Quit) as stopped:
        report_coverage(LOADED, [SEVEN], (), Language.ENGLISH, drafts=confirmed)
    assert stopped.value.code == USAGE
    assert "existing-file" in capsys.readouterr().out
    assert confirmed.read_text(encoding="utf-8") == "tests: confirmed"


def test_a_page_that_cannot_be_written_ends_the_command_with_2(tmp_path: Path) -> None:
    with pytest.raises(Quit) as stopped:
        report_coverage(LOADED, [SEVEN], (), Language.ENGLISH, page=tmp_path / "nowhere" / "page.html")
    assert stopped.value.code == USAGE


def test_what_no_draft_was_found_for_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = '  - {id: odd, when: "x.word != x.word", then: {answer: 1}, because: law}'
    pack = pack_of(table(rules, otherwise="{answer: 0}"))
    report_coverage(Loaded(pack.linked, Diagnostics()), [], (), Language.ENGLISH, drafts=tmp_path / "drafts.cases.yaml")
    assert "no case was found, write these yourself" in capsys.readouterr().err

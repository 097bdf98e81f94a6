"""Drafts cover a whole pack, and where its borders are covered, moving any number that it writes fails a case.

Of a parameter that flows alone read the cases are the run tests of the pack: no draft of a decision can notice it.
"""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import csflow
from csflow.expressions.terms import Space
from csflow.loading.passes import load_folder
from csflow.loading.standard import standard_folder, standard_names
from csflow.pack.flows import Flow
from csflow.pack.model import LinkedPack
from csflow.settlement.cases import RunCase
from csflow.testing.coverage import Asked, coverage_of
from csflow.testing.drafting import Drafts, drafts_for
from csflow.testing.obligations import MEASURES
from csflow.testing.reading import Readers
from csflow.testing.running import Runner
from csflow.values.instants import format_date, format_instant, parse_date

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {name: standard_folder(name) for name in standard_names()}
FOLDERS["shapes"] = ROOT / "tests" / "domain" / "shapes"
# Drafts of all of `cn` take minutes: `make soak` makes them, and here those of every other pack are made.
DRAFTED = [name for name in FOLDERS if name != "cn" or os.environ.get("CSFLOW_SOAK")]
# Of large packs no number is moved as text, one load each: `test_thresholds` moves them in the linked pack.
MOVED = [name for name in FOLDERS if name not in ("cn", "eu")]
# Where borders are written: an amount, a count of days, a bare number or a date that is compared, a value.
BORDERS = (
    # What an output says of its own bounds (`min: 0 CNY`) is checked against its rules, and moves no answer.
    re.compile(r"(?<!min: )(?<!max: )(?<!\d)(?P<number>\d+(\.\d\d)?) (?:CNY|EUR|TWD)"),
    re.compile(r"(?P<number>\d+) (?:days|months)"),
    re.compile(r"(?:[<>]=?|\bvalue:) (?P<number>\d+)(?![\d.%-]| CNY| days)"),
    re.compile(r"[<>]=? (?P<number>\d{4}-\d\d-\d\d)"),
)
# Amounts that are no border of anything: what there is where nobody says how much was lost.
AMOUNTS = {("decisions/damages.yaml", "else 0 CNY"), ("decisions/missing_gift.yaml", "else 0 CNY")}


@cache
def files(name: str) -> dict[str, bytes]:
    folder = FOLDERS[name]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


@cache
def pack(name: str) -> LinkedPack:
    return csflow.load_pack(files(name)).linked


@cache
def drafts(name: str) -> Drafts:
    return drafts_for(coverage_of(pack(name), []))


@pytest.mark.parametrize("name", DRAFTED)
def test_without_cases_nothing_is_covered_and_with_the_drafts_everything_is(name: str) -> None:
    before = coverage_of(pack(name), [])
    assert [before.score(measure).met for measure in MEASURES] == [0, 0, 0]
    assert before.is_below(1)
    assert drafts(name).unreached == ()
    after = coverage_of(pack(name), [draft.case for draft in drafts(name).drafts])
    assert after.missing == ()
    assert after.impossible == frozenset()
    assert [after.score(measure).percent for measure in MEASURES] == [100, 100, 100]
    assert not after.is_below(100)


@pytest.mark.parametrize("name", DRAFTED)
def test_no_draft_can_be_left_out(name: str) -> None:
    cases = [draft.case for draft in drafts(name).drafts]
    for left_out in range(0, len(cases), max(7, len(cases) // 4)):
        assert coverage_of(pack(name), cases[:left_out] + cases[left_out + 1 :]).missing


def moved_texts() -> Iterator[tuple[str, str, int, int, str]]:
    """Every number of the packs' tables, parameters, layers and roles, one unit up and one down: as text."""
    for name in MOVED:
        for path, content in files(name).items():
            if path.startswith(("decisions/", "layers/", "parameters", "people")):
                text = content.decode()
                for match in (each for pattern in BORDERS for each in pattern.finditer(text)):
                    if (path, text[max(0, match.start() - 5) : match.end()]) not in AMOUNTS:
                        for moved in moves(match["number"], match[0]):
                            yield name, path, match.start("number"), match.end("number"), moved


def moves(number: str, written: str) -> Iterator[str]:
    if "-" in number:
        yield from (format_date(parse_date(number) + step) for step in (1, -1))
    elif written[-3:].isupper():
        minor = round(100 * float(number))
        yield from (f"{(minor + step) // 100}.{(minor + step) % 100:02d}" for step in (1, -1) if minor + step >= 0)
    else:
        yield from (str(int(number) + step) for step in (1, -1))


def test_every_number_of_the_packs_is_found() -> None:
    found = [name for name, *_ in moved_texts()]
    assert len(found) >= 60
    assert {name for name in MOVED if found.count(name) < 6} == set()


@pytest.mark.parametrize(("name", "path", "start", "end", "moved"), list(moved_texts()))
def test_moving_a_threshold_by_one_unit_fails_a_case(name: str, path: str, start: int, end: int, moved: str) -> None:
    """The argument of docs/explanation/coverage.md: written out as text and loaded again, nothing of coverage's own."""
    text = files(name)[path].decode()
    try:
        changed = csflow.load_pack(files(name) | {path: f"{text[:start]}{moved}{text[end:]}".encode()})
    except csflow.PackError as refused:
        # A limit above what its output declares: the pack does not even load.
        assert [finding.name for finding in refused.diagnostics] == ["output-out-of-bounds"]
        return
    line = text.count("\n", 0, start) + 1
    found = failing_runs(name, changed) if (path, line) in read_by_flows_alone(name) else failing(name, changed)
    assert found, f"{path}: {text[start:end]} may become {moved} and no case notices"


def test_cases_that_leave_borders_uncovered_leave_a_threshold_that_may_move() -> None:
    inside = [draft.case for draft in drafts("shapes").drafts if draft.case.decision != "severity"]
    assert coverage_of(pack("shapes"), inside).is_below(100)
    path = "decisions/severity.yaml"
    changed = csflow.load_pack(files("shapes") | {path: files("shapes")[path].replace(b"1000 CNY", b"1000.01 CNY")})
    original = csflow.load_pack(files("shapes"))
    assert [case for case in inside if answer(original, case) != answer(changed, case)] == []
    assert failing("shapes", changed)


def failing(name: str, changed: csflow.Pack) -> list[Asked]:
    original = csflow.load_pack(files(name))
    return [draft.case for draft in drafts(name).drafts if answer(original, draft.case) != answer(changed, draft.case)]


def failing_runs(name: str, changed: csflow.Pack) -> list[RunCase]:
    """The run tests of the pack that fail on another."""
    runner = Runner(changed.linked)
    cases = (case for case in load_folder(FOLDERS[name]).cases if isinstance(case, RunCase) and not case.parameters)
    return [case for case in cases if not runner.run(case).passed]


@cache
def read_by_flows_alone(name: str) -> frozenset[tuple[str, int]]:
    """Where the values of parameters stand that guards of flows read, and no decision: files, and their lines."""
    read = {name for flow in pack(name).flows.values() for name in guarded_by(flow)}
    readers = Readers(pack(name))
    alone = [parameter for parameter in read if not readers.of_parameter(parameter)]
    marks = [edition.mark for each in alone for edition in pack(name).parameters[each].editions]
    return frozenset((mark.path, line) for mark in marks for line in range(mark.line, mark.end_line + 1))


def guarded_by(flow: Flow) -> set[str]:
    """The parameters that the guards of a flow name."""
    tables = [choice.decision for _, _, choice in flow.choices() if choice.decision is not None]
    return {each.name for table in tables for each in table.reads() if each.space is Space.PARAMETER}


def answer(asked: csflow.Pack, case: Asked) -> object:
    """What production answers, without the name and digest of the pack that does."""
    found = asked.decide(case.decision, case.facts, at=None if case.at is None else format_instant(case.at, 0))
    return without_pack(found.to_json())


def without_pack(part: object) -> object:
    if isinstance(part, list):
        return [without_pack(each) for each in part]
    if isinstance(part, dict):
        return {key: without_pack(each) for key, each in part.items() if key not in ("pack", "edition")}
    return part

"""The worked cases of the domain as golden files, over the standard packs.

Which rows there are, and which of them wait for a later part of csflow, stands in `rows.yaml`.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import csflow
from csflow.facts import facts_of
from csflow.loading.passes import load_files
from csflow.pack.cases import Case, with_parameters
from csflow.values.instants import format_instant

POLICIES = Path(__file__).resolve().parents[2] / "policies"
CASES = Path(__file__).parent / "cases"
ROWS_FILE = Path(__file__).parent / "rows.yaml"
CLASSES = {"LAW", "OWN", "PLAT", "ANCHOR", "UNVERIFIED"}
LATER = {"settlement", "flows", "replies"}
FIXED = {"status", "rule", "exceptions", "alternatives"}


class GoldenLoader(yaml.SafeLoader):
    """Text stays text, `null` is None; a key that stands twice is an error."""

    yaml_implicit_resolvers = {"n": [("tag:yaml.org,2002:null", re.compile("null"))]}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key stands twice in {node.start_mark}"
        return super().construct_mapping(node, deep)


def golden(path: Path) -> dict[str, Any]:
    """A golden file, read strictly."""
    document = yaml.load(path.read_text(encoding="utf-8"), GoldenLoader)
    require_keys(document, "id class source says cases", "pack")
    for key in ("id", "class", "source", "says"):
        assert isinstance(document[key], str) and document[key].strip(), key
    assert document["cases"]
    for case in document["cases"]:
        require_keys(case, "name decide given expect", "with_parameters at")
        assert {"status", "rule"} <= set(case["expect"]), case["name"]
    names = [case["name"] for case in document["cases"]]
    assert len(names) == len(set(names))
    return document


def require_keys(mapping: Any, required: str, optional: str = "") -> None:
    assert isinstance(mapping, dict)
    keys = set(mapping)
    assert keys >= set(required.split()), f"missing {set(required.split()) - keys}"
    assert keys <= {*required.split(), *optional.split()}, f"unknown {keys - {*required.split(), *optional.split()}}"


ROWS: dict[str, dict[str, Any]] = yaml.load(ROWS_FILE.read_text(encoding="utf-8"), GoldenLoader)
FILES = {path.stem: golden(path) for path in sorted(CASES.iterdir())}
EVERY_CASE = [
    pytest.param(document.get("pack", "cn"), id, case, id=f"{id}: {case['name']}")
    for id, document in FILES.items()
    for case in document["cases"]
]


@cache
def linked_cases(pack: str) -> tuple[csflow.Pack, dict[str, Case]]:
    """A standard pack, and its golden cases by id and name: read as the pack's authors' own tests are."""
    folder = POLICIES / pack
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    files = {path: data for path, data in files.items() if not path.startswith("tests/")}
    for id, document in FILES.items():
        if document.get("pack", "cn") == pack:
            tests = [as_a_test(id, case) for case in document["cases"]]
            files[f"golden/{id}.yaml"] = yaml.safe_dump({"tests": tests}, allow_unicode=True, sort_keys=False).encode()
    loaded = load_files(files | tables(folder), f"policies/{pack}")
    assert loaded.pack is not None, [finding.message("en") for finding in loaded.diagnostics.findings]
    return csflow.Pack(loaded.pack, []), {case.name: case for case in loaded.cases}


def tables(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def as_a_test(id: str, case: dict[str, Any]) -> dict[str, Any]:
    asked = {key: value for key, value in case.items() if key != "expect"}
    return asked | {"name": f"{id}: {case['name']}", "expect": {"status": case["expect"]["status"]}}


@cache
def pack_of(pack: str, name: str) -> csflow.Pack:
    """The standard pack with the parameters that a case asks for."""
    standard, cases = linked_cases(pack)
    changed = cases[name].parameters
    return csflow.Pack(with_parameters(standard.linked, changed), []) if changed else standard


def decide(pack: str, id: str, case: dict[str, Any]) -> csflow.Decision:
    name = f"{id}: {case['name']}"
    asked = linked_cases(pack)[1][name]
    chosen = pack_of(pack, name)
    return chosen.decide(asked.decision, facts_of(chosen.linked, asked.facts), at=instant_of(asked))


def instant_of(case: Case) -> str | None:
    return None if case.at is None else format_instant(case.at, 0)


@pytest.mark.parametrize(("pack", "id", "case"), EVERY_CASE)
def test_a_worked_case_comes_out_as_written(pack, id, case):
    answer = decide(pack, id, case).to_json()
    outputs = answer["outputs"]
    assert not FIXED & set(outputs)
    wanted = case["expect"]
    shown = as_written(outputs) | {key: answer[key] for key in FIXED}
    assert {key: shown.get(key, "no such output") for key in wanted} == wanted
    unnamed = {name for name, value in outputs.items() if value is not None} - set(wanted)
    assert not unnamed, "a golden file names every output that has a value"


def as_written(part: Any) -> Any:
    """An answer's JSON as golden files have it, where numbers and truth values are text."""
    if isinstance(part, dict):
        return {key: as_written(each) for key, each in part.items()}
    if isinstance(part, list):
        return [as_written(each) for each in part]
    if isinstance(part, bool):
        return str(part).lower()
    return str(part) if isinstance(part, int) else part


@pytest.mark.parametrize(("pack", "id", "case"), EVERY_CASE)
def test_a_worked_case_is_explained_in_every_language(pack, id, case):
    decision = decide(pack, id, case)
    for language in ("zh-CN", "zh-TW", "en"):
        assert decision.explain(language).strip()


@pytest.mark.parametrize(("pack", "id", "case"), EVERY_CASE)
def test_a_worked_case_says_of_every_rule_what_became_of_it(pack, id, case):
    decision = decide(pack, id, case)
    asked = linked_cases(pack)[0].linked.decisions[decision.decision]
    last = decision.exceptions[-1] if decision.exceptions else decision.rule
    for rule in asked.every_rule():
        found = decision.why_not(rule.id)
        if asked.hit_policy in ("unique", "first"):
            assert (found.verdict == "decided") == (decision.status == "decided" and rule.id == last)
        assert found.explain("zh-CN")


@pytest.mark.parametrize(("pack", "id", "case"), EVERY_CASE)
def test_a_worked_case_changes_at_the_very_instant_that_is_named(pack, id, case):
    """A microsecond nearer it does not."""
    decision = decide(pack, id, case)
    name = f"{id}: {case['name']}"
    chosen, at = pack_of(pack, name), instant_of(linked_cases(pack)[1][name])
    for change in decision.nearest_change():
        held = change._change.value - (1 if change.direction == "above" else -1)
        given = dict(decision._evaluation._facts.values)
        there, nearer = (
            chosen.decide(decision.decision, facts_of(chosen.linked, {**given, change.fact: value}), at=at)
            for value in (change._change.value, held)
        )
        assert there.to_json() == change.decision.to_json()
        assert (there.status, there.outputs) != (decision.status, decision.outputs)
        assert (nearer.status, nearer.outputs) == (decision.status, decision.outputs)


def test_worked_cases_have_changes():
    assert sum(len(decide(*case.values).nearest_change()) for case in EVERY_CASE) > 30


def test_the_rows_are_those_of_the_worked_cases():
    for id, row in ROWS.items():
        assert re.fullmatch(r"C\d{2,3}[a-e]?", id)
        assert set(row) <= {"class", "later", "both"} and row["class"]
        assert set(row.get("later", "").split()) <= LATER
    assert len(ROWS) == 122


def test_every_row_that_is_a_decision_has_its_golden_file():
    decided = {id for id, row in ROWS.items() if "later" not in row or row.get("both") == "true"}
    assert decided - set(FILES) == set()
    assert set(FILES) <= set(ROWS)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_golden_file_carries_its_own_id_and_the_class_of_its_row(name):
    assert FILES[name]["id"] == name
    assert FILES[name]["class"] == ROWS[name]["class"]
    assert set(re.findall(r"[A-Z]{3,}", FILES[name]["class"])) <= CLASSES
    assert path_of(FILES[name].get("pack", "cn")).is_dir()


def path_of(pack: str) -> Path:
    return POLICIES / pack


def test_a_golden_file_with_a_key_that_nobody_reads_fails(tmp_path):
    text = (CASES / "C01.yaml").read_text(encoding="utf-8")
    path = tmp_path / "C01.yaml"
    path.write_text(text.replace("    decide:", "    decides:"), encoding="utf-8")
    with pytest.raises(AssertionError, match="decide"):
        golden(path)
    path.write_text(text + "note: something\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="unknown"):
        golden(path)
    path.write_text(text + "id: C01\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="twice"):
        golden(path)

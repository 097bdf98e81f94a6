"""The worked cases of the domain as golden files, over the standard packs.

Which rows there are, and which of them wait for a later part of csflow, stands in `rows.yaml`.
"""

import re
from typing import Any

import pytest
from tests.domain.golden import CASES, FILES, ROWS, golden, instant_of, linked_cases, pack_of, path_of

import csflow
from csflow.facts import facts_of

CLASSES = {"LAW", "OWN", "PLAT", "ANCHOR", "UNVERIFIED"}
LATER = {"settlement", "flows", "replies"}
FIXED = {"status", "rule", "exceptions", "alternatives"}
EVERY_CASE = [
    pytest.param(document.get("pack", "cn"), id, case, id=f"{id}: {case['name']}")
    for id, document in FILES.items()
    for case in document.get("cases", ())
]


def decide(pack: str, id: str, case: dict[str, Any]) -> csflow.Decision:
    name = f"{id}: {case['name']}"
    asked = linked_cases(pack)[1][name]
    chosen = pack_of(pack, name)
    return chosen.decide(asked.decision, facts_of(chosen.linked, asked.facts), at=instant_of(asked))


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
        assert set(row) <= {"class", "later", "both", "money", "flow"} and row["class"]
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

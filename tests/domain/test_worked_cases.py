"""The worked cases of the domain, C-1 and C-2, as golden files over the standard pack `cn`."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import csflow
from csflow.facts import facts_of
from csflow.facts.files import read_facts_file

PACK = Path(__file__).resolve().parents[2] / "policies" / "cn"
CASES = Path(__file__).parent / "cases"
IDS = (
    *("C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08"),
    *("C15", "C16", "C17", "C18", "C19", "C20", "C20a", "C20b", "C20c", "C20d", "C20e"),
)
CLASSES = {"LAW", "OWN", "PLAT", "LAW + OWN"}
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
    require_keys(document, "id class source says cases")
    for key in ("id", "class", "source", "says"):
        assert isinstance(document[key], str) and document[key].strip(), key
    assert document["cases"]
    for case in document["cases"]:
        require_keys(case, "name decide given expect", "with_parameters")
        assert {"status", "rule"} <= set(case["expect"]), case["name"]
    names = [case["name"] for case in document["cases"]]
    assert len(names) == len(set(names))
    return document


def require_keys(mapping: Any, required: str, optional: str = "") -> None:
    assert isinstance(mapping, dict)
    keys = set(mapping)
    assert keys >= set(required.split()), f"missing {set(required.split()) - keys}"
    assert keys <= {*required.split(), *optional.split()}, f"unknown {keys - {*required.split(), *optional.split()}}"


FILES = {path.stem: golden(path) for path in sorted(CASES.iterdir())}
EVERY_CASE = [
    pytest.param(case, id=f"{id}: {case['name']}") for id, document in FILES.items() for case in document["cases"]
]


@cache
def standard_files() -> dict[str, bytes]:
    return {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}


@cache
def pack_with(parameters: tuple[tuple[str, str], ...]) -> csflow.Pack:
    """The standard pack with the value of each named parameter replaced, in memory."""
    text = standard_files()["parameters.yaml"].decode("utf-8")
    for name, value in parameters:
        section = re.compile(rf"(?m)^  {name}:\n(?:^ {{3,}}.*\n)*?^ +value: (.*)$")
        found = section.findall(text)
        assert len(found) == 1, f"{name} has {len(found)} values to replace"
        assert found[0] != value, f"{name} is {value} already"
        text = section.sub(lambda match, value=value: match[0].removesuffix(match[1]) + value, text)
        assert section.findall(text) == [value]
    return csflow.load_pack(standard_files() | {"parameters.yaml": text.encode()})


def decide(case: dict[str, Any]) -> csflow.Decision:
    pack = pack_with(tuple(case.get("with_parameters", {}).items()))
    given = yaml.safe_dump(case["given"], allow_unicode=True).encode()
    return pack.decide(case["decide"], read_facts_file(pack.linked, "given.yaml", given))


@pytest.mark.parametrize("case", EVERY_CASE)
def test_a_worked_case_comes_out_as_written(case):
    answer = decide(case).to_json()
    outputs = answer["outputs"]
    assert not FIXED & set(outputs)
    wanted = case["expect"]
    shown = outputs | {key: answer[key] for key in FIXED}
    assert {key: shown.get(key, "no such output") for key in wanted} == wanted
    unnamed = {name for name, value in outputs.items() if value is not None} - set(wanted)
    assert not unnamed, "a golden file names every output that has a value"


@pytest.mark.parametrize("case", EVERY_CASE)
def test_a_worked_case_is_explained_in_every_language(case):
    decision = decide(case)
    for language in ("zh-CN", "zh-TW", "en"):
        assert decision.explain(language).strip()


@pytest.mark.parametrize("case", EVERY_CASE)
def test_a_worked_case_says_of_every_rule_what_became_of_it(case):
    decision = decide(case)
    for rule in pack_with(()).linked.decisions[decision.decision].every_rule():
        found = decision.why_not(rule.id)
        last = decision.exceptions[-1] if decision.exceptions else decision.rule
        assert (found.verdict == "decided") == (decision.status == "decided" and rule.id == last)
        assert found.explain("zh-CN")


@pytest.mark.parametrize("case", EVERY_CASE)
def test_a_worked_case_changes_at_the_very_instant_that_is_named(case):
    """A microsecond nearer it does not."""
    decision = decide(case)
    pack = pack_with(tuple(case.get("with_parameters", {}).items()))
    for change in decision.nearest_change():
        held = change._change.value - (1 if change.direction == "above" else -1)
        given = dict(decision._evaluation._facts.values)
        there, nearer = (
            pack.decide(decision.decision, facts_of(pack.linked, {**given, change.fact: value}))
            for value in (change._change.value, held)
        )
        assert there.to_json() == change.decision.to_json()
        assert (there.status, there.outputs) != (decision.status, decision.outputs)
        assert (nearer.status, nearer.outputs) == (decision.status, decision.outputs)


def test_worked_cases_have_changes():
    assert sum(len(decide(case.values[0]).nearest_change()) for case in EVERY_CASE) > 30


def test_the_golden_files_are_exactly_the_rows_of_c_1_and_c_2_that_the_pack_covers():
    assert sorted(path.name for path in CASES.iterdir()) == sorted(f"{id}.yaml" for id in IDS)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_golden_file_carries_its_own_id_and_a_known_class(name):
    assert FILES[name]["id"] == name
    assert FILES[name]["class"] in CLASSES


def test_replacing_a_parameter_leaves_its_neighbours_alone():
    value = "{length: 9 days, counts_from: next_day}"
    changed = pack_with((("no_reason_window", value),)).linked.parameters
    standard = pack_with(()).linked.parameters
    assert {name for name in standard if changed[name].editions[0].value != standard[name].editions[0].value} == {
        "no_reason_window"
    }


def test_replacing_an_unknown_parameter_fails():
    with pytest.raises(AssertionError, match="0 values to replace"):
        pack_with((("no_such_window", "1 day"),))


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

"""Reading of the golden files: strictly, each over the pack it names, which is a standard one or one of `packs/`."""

import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import csflow
from csflow.loading.passes import load_files
from csflow.pack.cases import Case, with_parameters
from csflow.values.instants import format_instant

POLICIES = Path(__file__).resolve().parents[2] / "policies"
PACKS = Path(__file__).parent / "packs"
CASES = Path(__file__).parent / "cases"
ROWS_FILE = Path(__file__).parent / "rows.yaml"
MONEY = ("quotes", "divisions")
STEP = ("send", "succeeded", "failed", "wait", "by", "at", "given", "returns", "concerns", "reversals")
# What a golden run expects of a step besides what an author's test can: payments by tender, and which are asked again.
BESIDES = ("pays", "again")


class GoldenLoader(yaml.SafeLoader):
    """Text stays text, `null` is None; a key that stands twice is an error."""

    yaml_implicit_resolvers = {"n": [("tag:yaml.org,2002:null", re.compile("null"))]}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key stands twice in {node.start_mark}"
        return super().construct_mapping(node, deep)


def read(path: Path) -> Any:
    """A YAML document in which every scalar is text."""
    return yaml.load(path.read_text(encoding="utf-8"), GoldenLoader)


def golden(path: Path) -> dict[str, Any]:
    """A golden file: what is decided (`cases`), refunded (`quotes`), divided (`divisions`), and how cases go (`runs`)."""
    document = read(path)
    require_keys(document, "id class source says", "pack order given cases quotes divisions runs")
    for key in ("id", "class", "source", "says"):
        assert isinstance(document[key], str) and document[key].strip(), key
    assert any(document.get(part) for part in ("cases", *MONEY, "runs"))
    for case in document.get("cases", ()):
        require_keys(case, "name decide given expect", "with_parameters at")
        assert {"status", "rule"} <= set(case["expect"]), case["name"]
    for quote in document.get("quotes", ()):
        require_quote(quote, document)
    for division in document.get("divisions", ()):
        require_keys(division, "name parts", "amount weights whole rounding")
    for run in document.get("runs", ()):
        require_keys(run, "name run at steps", "order given quote with_parameters")
        assert "given" in run or "given" in document
        for step in run["steps"]:
            require_keys(step, "expect", " ".join(STEP))
    for part in ("cases", *MONEY, "runs"):
        names = [each["name"] for each in document.get(part, ())]
        assert len(names) == len(set(names)), part
    return document


def require_quote(quote: Any, document: Any) -> None:
    require_keys(quote, "name steps", "order given pack settlement with_parameters at")
    assert "order" in quote or "order" in document
    assert "given" in quote or "given" in document
    assert quote["steps"]
    for step in quote["steps"]:
        require_keys(step, "claim expect", "given at becomes times")


def require_keys(mapping: Any, required: str, optional: str = "") -> None:
    assert isinstance(mapping, dict)
    keys = set(mapping)
    assert keys >= set(required.split()), f"missing {set(required.split()) - keys}"
    assert keys <= {*required.split(), *optional.split()}, f"unknown {keys - {*required.split(), *optional.split()}}"


ROWS: dict[str, dict[str, Any]] = read(ROWS_FILE)
FILES = {path.stem: golden(path) for path in sorted(CASES.iterdir())}


@cache
def linked_cases(pack: str) -> tuple[csflow.Pack, dict[str, Case]]:
    """A pack, and its golden cases by id and name: read as the pack's authors' own tests are."""
    folder = path_of(pack)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    files = {path: data for path, data in files.items() if not path.startswith("tests/")}
    for id, document in FILES.items():
        cases = document.get("cases", ()) if document.get("pack", "cn") == pack else ()
        tests = [as_a_test(id, case) for case in cases]
        tests += [terms_as_a_test(*each, some_decision(files)) for each in steps_of(id, document, pack)]
        tests += runs_as_tests(id, document) if document.get("pack", "cn") == pack else []
        if tests:
            text = yaml.safe_dump({"tests": tests}, allow_unicode=True, sort_keys=False)
            files[f"golden/{id}.yaml"] = text.encode()
    loaded = load_files(files | tables(folder), f"policies/{pack}")
    assert loaded.pack is not None and not loaded.diagnostics.has_errors, [
        finding.message("en") for finding in loaded.diagnostics
    ]
    return csflow.Pack(loaded.pack, []), {case.name: case for case in loaded.cases}


def runs_as_tests(id: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs as an author's tests of flows, without what these cannot expect."""
    # A copy of each, because a document in which one thing stands twice is dumped with anchors, which packs refuse.
    found = [deepcopy(run) for run in document.get("runs", ())]
    for run in found:
        run |= {key: deepcopy(document[key]) for key in ("order", "given") if key in document and key not in run}
        run["name"] = f"{id}: {run['name']}"
        for step in run["steps"]:
            step["expect"] = {key: value for key, value in step["expect"].items() if key not in BESIDES}
    return found


def tables(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def as_a_test(id: str, case: dict[str, Any]) -> dict[str, Any]:
    asked = {key: value for key, value in case.items() if key != "expect"}
    return asked | {"name": f"{id}: {case['name']}", "expect": {"status": case["expect"]["status"]}}


def pack_name(document: dict[str, Any], quote: dict[str, Any]) -> str:
    """A quote may be over another pack than its row: a reading that the standard one has no parameter for."""
    return quote.get("pack", document.get("pack", "cn"))


def steps_of(id: str, document: dict[str, Any], pack: str) -> list[tuple[str, dict[str, Any]]]:
    """Every step of every quote over a pack, with what is given to it."""
    found = []
    for quote in document.get("quotes", ()):
        if pack_name(document, quote) != pack:
            continue
        for number, step in enumerate(quote["steps"], 1):
            given = next(each["given"] for each in (step, quote, document) if "given" in each)
            # A copy, because a document in which one thing stands twice is dumped with anchors, which packs refuse.
            asked = {"given": deepcopy(given)} | {key: dict(quote[key]) for key in ("with_parameters",) if key in quote}
            asked |= {"at": step.get("at", quote.get("at"))} if "at" in {**quote, **step} else {}
            found.append((step_name(id, quote, number), asked))
    return found


def step_name(id: str, quote: dict[str, Any], number: int) -> str:
    return f"{id}: {quote['name']} ({number})"


def terms_as_a_test(name: str, asked: dict[str, Any], decision: str) -> dict[str, Any]:
    """The facts, parameters and instant of a step are read as those of a test of a decision, whichever it is."""
    return {"name": name, "decide": decision, **asked, "expect": {"status": "decided"}}


def some_decision(files: dict[str, bytes]) -> str:
    return next(
        found[1].decode() for data in files.values() if (found := re.match(rb"(?:#.*\n)*decision: (\w+)", data))
    )


@cache
def pack_of(pack: str, name: str) -> csflow.Pack:
    """The pack with the parameters that a case asks for."""
    standard, cases = linked_cases(pack)
    changed = cases[name].parameters
    return csflow.Pack(with_parameters(standard.linked, changed), []) if changed else standard


def instant_of(case: Case) -> str | None:
    return None if case.at is None else format_instant(case.at, 0)


def path_of(pack: str) -> Path:
    """The folder of a standard pack, or of one that only tests have."""
    return POLICIES / pack if (POLICIES / pack).is_dir() else PACKS / pack

"""Drafts are documents of kind `tests`: read back, they give the facts and the answer that were found."""

import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from evaluators.laboratory import given, pack_of, table

import csflow
from csflow.facts import FactError, read_facts
from csflow.pack.model import LinkedPack
from csflow.testing.coverage import Asked, coverage_of
from csflow.testing.drafting import Drafts, drafts_document, drafts_for, language_of
from csflow.values.presenting import to_json

PLACE = Path(__file__).parents[2] / "domain" / "shapes"
SHAPES = csflow.load_pack(PLACE)
# All of cn are drafted by `make soak` (tests/domain): a search for each of its obligations takes minutes.
SOME = ("condition", "refund_deadline", "presale_deposit")


@cache
def some_of_cn() -> csflow.Pack:
    cn = csflow.load_pack(Path(__file__).parents[3] / "policies" / "cn").linked
    kept = {*SOME, *(name for asked in SOME for name in cn.decisions[asked].requires)}
    decisions = {name: cn.decisions[name] for name in sorted(kept)}
    return csflow.Pack(replace(cn, decisions=decisions, settlements={}, flows={}), [])


class AsText(yaml.SafeLoader):
    """Every scalar is text but null: the kinds of the pack say what it is."""

    yaml_implicit_resolvers = {"n": [("tag:yaml.org,2002:null", re.compile("null"))]}  # noqa: RUF012


def drafted(pack: LinkedPack) -> tuple[Drafts, list[dict[str, Any]], str]:
    found = drafts_for(coverage_of(pack, []))
    text = drafts_document(pack, found.drafts, language_of(pack))
    return found, yaml.load(text, AsText)["tests"], text


@cache
def drafted_once(pack: csflow.Pack) -> tuple[Drafts, list[dict[str, Any]], str]:
    return drafted(pack.linked)


@pytest.mark.parametrize("pack", [some_of_cn(), SHAPES], ids=["cn", "shapes"])
def test_a_draft_read_back_has_its_facts_and_the_answer_it_expects(pack: csflow.Pack) -> None:
    found, tests, _ = drafted_once(pack)
    assert len(tests) == len(found.drafts)
    for draft, test in zip(found.drafts, tests, strict=True):
        facts = read_facts(pack.linked, test["given"], as_text=True)
        absent = {path: held for path, held in facts.values.items() if path not in draft.case.facts.values}
        assert {**draft.case.facts.values, **absent} == facts.values
        answer = pack.decide(test["decide"], facts, at=test.get("at", "2026-01-01T00:00:00Z"))
        assert answer.status == test["expect"]["status"]
        for name, expected in test["expect"].items():
            if name in pack.linked.decisions[test["decide"]].outputs:
                assert as_written(answer.to_json()["outputs"][name]) == plain(expected), (test["name"], name)


def as_written(value: Any) -> Any:
    """An answer's JSON in the words of a test: money with its currency, options by their ids."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case {"amount": amount, "currency": currency}:
            return f"{amount} {currency}"
        case [{"id": _, "value": _}, *_]:
            return {each["id"]: as_written(each["value"]) for each in value}
        case []:
            return []
        case list():
            return [as_written(each) for each in value]
    return value


def plain(expected: Any) -> Any:
    return [] if expected == {} else expected


def test_names_of_drafts_are_different_and_say_that_they_are_drafts_in_the_language_of_the_pack() -> None:
    _, tests, text = drafted_once(some_of_cn())
    names = [test["name"] for test in tests]
    assert len(set(names)) == len(names)
    assert all(name.startswith("草稿 ") for name in names)
    assert text.startswith("# 草稿：")
    assert text.count("# 草稿，待确认") == len(names)


def test_drafts_give_what_their_decision_reads_and_nothing_else() -> None:
    _, tests, _ = drafted_once(some_of_cn())
    deadline = next(test for test in tests if test["decide"] == "refund_deadline")
    given = {record: set(fields) for record, fields in deadline["given"].items()}
    # The platform is optional, and what a layer reads.
    assert given["order"] - {"platform"} == {"paid_at"} and given["claim"] == {"goods_received_at"}
    assert set(given) == {"order", "claim"}


def test_only_what_is_missing_is_drafted() -> None:
    rules = (
        '  - {id: few, when: "x.i <= 7", then: {answer: 1}, because: law}\n'
        '  - {id: many, when: "x.i > 7", then: {answer: 2}, because: law}'
    )
    pack = pack_of(table(rules))
    asked = [Asked("ask", pack.facts(given({"i": 7})))]
    found = drafts_for(coverage_of(pack.linked, asked), asked)
    assert [draft.case.facts.values["x.i"] for draft in found.drafts] == [8]
    everything = [*asked, *(draft.case for draft in found.drafts)]
    assert drafts_for(coverage_of(pack.linked, everything), everything) == Drafts((), ())
    assert drafts_document(pack.linked, (), "en") == ""


def test_the_same_pack_gives_the_same_drafts_wherever_it_lies(tmp_path: Path) -> None:
    assert drafted(SHAPES.linked)[2] == drafted(SHAPES.linked)[2]
    elsewhere = csflow.load_pack(shutil.copytree(PLACE, tmp_path / "elsewhere"))
    assert drafted(elsewhere.linked)[1] == drafted_once(SHAPES)[1]


def test_what_a_pack_writes_cannot_leave_its_line_in_the_document() -> None:
    """A title with quotes, a colon and a hash, and a condition over two lines, stay one name and one comment."""
    rules = (
        "  - {id: few, when: {colour: red}, then: {answer: 1}, because: law}\n"
        "  - id: many\n    when: >-\n      x.i > 7\n      and x.p\n    then: {answer: 2}\n    because: law"
    )
    document = table(rules, inputs="colour: x.colour", hit_policy="first", otherwise="{answer: 0}")
    title = 'title: "a\\"b\': c # <script> \\\\ end"'
    pack = pack_of(document.replace("title: ask", title))
    _, tests, _ = drafted(pack.linked)
    assert all("a\"b': c # <script> \\ end" in test["name"] for test in tests)
    assert {key for test in tests for key in test} == {"name", "decide", "given", "expect"}


def test_facts_of_every_kind_are_written_as_they_are_read() -> None:
    pack = pack_of(table('  - {id: only, when: "x.p", then: {answer: 1}, because: law}', otherwise="{answer: 0}"))
    values = {
        "x.m": -5, "x.d": -25, "x.r": 8000, "x.day": 730000, "x.at": 1_763_000_000_500_000, "x.days": 1,
        "x.span": 90_000_000, "x.word": "true: 'a' \"b\" \\ # c", "x.colour": "red", "x.maybe_flag": True,
    }  # fmt: skip
    from csflow.testing.drafting import scalar_of

    for path, held in values.items():
        kind = pack.linked.facts[path].kind
        text = yaml.load(scalar_of(pack.linked, kind, held), AsText)
        try:
            assert read_facts(pack.linked, {path: text}, as_text=True).values[path] == held
        except FactError as problem:  # pragma: no cover
            raise AssertionError((path, text, to_json(kind, held, pack.linked.zone))) from problem

"""What was found about a decision is told again without asking, with the places and titles of the pack at hand."""

import random

import pytest
from evaluators.laboratory import FACTS, pack_of, table
from tests.soundness import packs

from checks.asked import rule
from csflow.checks.analysis import Analysis, analyse
from csflow.checks.remembering import Examined, Keys, Memory
from csflow.diagnostics import Diagnostics, Finding
from csflow.loading.passes import load_files
from csflow.pack.model import Decision, LinkedPack

PARAMETERS = """
parameters:
  limit: {title: l, type: int, editions: [{from: 2017-01-01, value: 7, because: law, basis: law}]}
  other: {title: l, type: int, editions: [{from: 2017-01-01, value: 7, because: law, basis: law}]}
"""
LAYER = """
layer: campaign
title: c
rank: campaign
while: x.p
parameters:
  limit: {value: 9, because: own, basis: own}
"""
DERIVED = "  twice: x.i * 2\n  thrice: x.j * 3\n"
INNER = table(rule("low", "x.i < param.limit") + rule("high", "x.i >= param.limit", 2), name="inner")
OUTER = table(rule("one", "decision.inner.answer = 1") + rule("two", "twice = 8", 2), name="outer")
ALONE = table(rule("red", "x.colour = red") + rule("blue", "x.colour = blue", 2), name="alone")
DOCUMENTS = (PARAMETERS, LAYER, INNER, OUTER, ALONE)


class Asked:
    """Says which decisions were asked about anew."""

    def __init__(self) -> None:
        self.memory = Memory()

    def about(self, *documents: str, facts: str = FACTS, derived: str = DERIVED, **how: str) -> list[str]:
        asked: list[str] = []

        def examine(pack: LinkedPack, decision: Decision) -> Examined:
            asked.append(decision.name)
            return Examined(())

        pack = pack_of(*documents, facts=facts, derived=derived, **how).linked
        keys = Keys(pack)
        for decision in pack.decisions.values():
            self.memory.examined(keys, decision, examine)
        return sorted(asked)


@pytest.fixture
def asked() -> Asked:
    first = Asked()
    assert first.about(*DOCUMENTS) == ["alone", "inner", "outer"]
    return first


def changed(old: str, new: str) -> list[str]:
    assert sum(text.count(old) for text in DOCUMENTS) == 1
    return [text.replace(old, new) for text in DOCUMENTS]


def test_a_pack_that_says_the_same_in_other_places_is_not_asked_about_again(asked: Asked) -> None:
    assert asked.about(*(f"# moved\n{text}" for text in reversed(DOCUMENTS))) == []
    assert asked.about(*(text.replace("because: law", "because: another law") for text in DOCUMENTS)) == []


@pytest.mark.parametrize(
    ("old", "new", "concerned"),
    [
        ("x.colour = red", "x.colour = green", ["alone"]),
        ("twice = 8", "twice = 10", ["outer"]),
        ("x.i < param.limit", "x.i <= param.limit", ["inner", "outer"]),
        ("limit: {title: l, type: int, editions: [{from: 2017-01-01, value: 7", "limit: {title: l, type: int, editions: [{from: 2017-01-01, value: 8", ["inner", "outer"]),
        ("other: {title: l, type: int, editions: [{from: 2017-01-01, value: 7", "other: {title: l, type: int, editions: [{from: 2017-01-01, value: 8", []),
        ("value: 9", "value: 10", ["inner", "outer"]),
        ("while: x.p", "while: x.q", ["inner", "outer"]),
    ],
)  # fmt: skip
def test_a_decision_is_asked_about_again_where_something_it_reads_says_something_else(
    asked: Asked, old: str, new: str, concerned: list[str]
) -> None:
    assert asked.about(*changed(old, new)) == concerned


def test_a_derived_value_concerns_who_reads_it_and_a_fact_everyone(asked: Asked) -> None:
    assert asked.about(*DOCUMENTS, derived=DERIVED.replace("* 2", "* 4")) == ["outer"]
    assert asked.about(*DOCUMENTS, derived=DERIVED.replace("* 3", "* 4")) == []
    narrower = FACTS.replace("j: {type: int}", "j: {type: int, max: 5}")
    assert asked.about(*DOCUMENTS, facts=narrower) == ["alone", "inner", "outer"]
    assert asked.about(*DOCUMENTS, in_force="[2024-01-01..2026-01-01)") == ["alone", "inner", "outer"]


def test_of_so_many_decisions_the_last_are_remembered() -> None:
    asked = Asked()
    asked.memory = Memory(most=2)
    asked.about(*DOCUMENTS)
    assert asked.about(*DOCUMENTS) == ["alone", "inner", "outer"]
    asked.memory = Memory(most=3)
    asked.about(*DOCUMENTS)
    assert asked.about(*DOCUMENTS) == []


def said(pack: LinkedPack, memory: Memory) -> tuple[list[Finding], Analysis]:
    diagnostics = Diagnostics()
    found = analyse(pack, diagnostics, memory)
    return list(diagnostics), found


def in_full(findings: list[Finding], found: Analysis) -> list[object]:
    told = [
        (each.name, each.mark.path if each.mark else "", each.mark.start if each.mark else 0, each.message("en"), each.witness)
        for each in findings
    ]  # fmt: skip
    left = [(name, case.in_language("zh-CN"), case.to_json()) for name, case in found.left_over.items()]
    return [told, left, found.not_analysed]


def test_places_and_titles_are_those_of_the_pack_at_hand() -> None:
    memory = Memory()
    gap = table(rule("few", "x.i < 10") + rule("many", "x.i > 10", 2) + rule("never", "x.i > 5 and x.i < 3", 3))
    before, _ = said(pack_of(gap).linked, memory)
    facts = FACTS.replace("en: Pieces", "en: Parcels")
    after, _ = said(pack_of(f"# moved\n{gap}", facts=facts).linked, memory)
    assert [each.name for each in before] == [each.name for each in after] == ["unreachable-rule", "gap"]
    for one, other in zip(before, after, strict=True):
        assert one.mark is not None and other.mark is not None
        assert (other.mark.text, other.mark.line) == (one.mark.text, one.mark.line + 1)
    assert "Pieces: 10" in before[-1].message("en")
    assert "Parcels: 10" in after[-1].message("en")


@pytest.mark.parametrize("block", range(4))
def test_what_is_remembered_is_what_asking_again_gives(block: int) -> None:
    memory, chance = Memory(), random.Random(block)
    findings = 0
    for seed in range(block * 12, block * 12 + 12):
        files = packs.made(seed).files
        first = load_files(files).pack
        if first is None:
            continue
        said(first, memory)
        moved = {name: b"# moved\n" * chance.randrange(1, 4) + data for name, data in files.items()}
        second = load_files(moved).pack
        assert second is not None
        again = said(second, memory)
        assert in_full(*again) == in_full(*said(second, Memory())), seed
        findings += len(again[0])
    assert findings > 5

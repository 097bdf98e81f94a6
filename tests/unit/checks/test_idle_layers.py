"""Layers whose `while` no case satisfies, and what in it contradicts itself."""

import pytest
from evaluators.laboratory import FACTS, table

from checks.asked import analysed, names, rule
from csflow.diagnostics import Finding

BOUNDED = FACTS.replace("i: {type: int,", "i: {type: int, min: 0, max: 100,")
ASK = table(rule("few", "x.i < 10"), otherwise="{answer: 0}")


def layer(condition: str, name: str = "shop") -> str:
    return (
        f'layer: {name}\ntitle: {name}\nrank: promise\nwhile: "{condition}"\nbecause: law\n'
        f'exceptions:\n  - {{id: by-{name}, of: ask/few, when: "x.i < 5", then: {{answer: 7}}, because: law}}\n'
    )


def told(condition: str, **how: str) -> Finding:
    (finding,), _ = analysed(ASK, layer(condition), **how)
    assert (finding.name, str(finding.severity)) == ("layer-never-holds", "error")
    assert finding.mark is not None and finding.mark.text in condition
    return finding


def test_parts_that_contradict_each_other_are_told_without_those_that_do_not_count() -> None:
    finding = told("x.i > 20 and x.p and x.i < 10")
    assert finding.values == {"name": "shop", "part": "x.i > 20 and x.i < 10"}
    assert finding.mark is not None and finding.mark.text == "x.i > 20 and x.p and x.i < 10"


def test_a_part_that_never_holds_is_told_on_its_place() -> None:
    finding = told("x.p and x.i > 100", facts=BOUNDED)
    assert finding.values["part"] == "x.i > 100"
    assert finding.mark is not None and finding.mark.text == "x.i > 100"
    assert names(ASK, layer("x.p and x.i >= 100"), facts=BOUNDED) == ["exception-never-applies"]


@pytest.mark.parametrize(
    "condition",
    [
        "not (x.p or not x.p)",
        "(x.i < 3 or x.i > 7) and x.i in [4..6]",
        "(x.p and x.i < 5) and (not x.p or x.i > 5)",
        "x.colour = blue and x.colour in [green, red]",
        "order.placed_on >= 2026-11-15 and order.placed_on <= 2026-10-20",
        "x.i - x.j > 3 and x.i - x.j < 3",
    ],
)
def test_no_form_of_condition_hides_it(condition: str) -> None:
    told(condition)


@pytest.mark.parametrize("condition", ["x.i < 5", "x.i - x.j > 3 and x.i - x.j < 5", "x.p or not x.p"])
def test_of_a_layer_that_may_hold_nothing_is_said(condition: str) -> None:
    assert names(ASK, layer(condition)) == []


def test_its_exceptions_are_not_told_as_well_but_those_of_others_are() -> None:
    never, other = layer("x.i > 20 and x.i < 10"), layer("x.i > 50", "other")
    found, _ = analysed(ASK, never, other)
    assert [(each.name, each.values.get("id", each.values.get("name"))) for each in found] == [
        ("layer-never-holds", "shop"),
        ("exception-never-applies", "by-other"),
    ]

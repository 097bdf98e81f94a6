"""What nobody has verified stands in the examples pack alone, and every answer of it says so, in every language."""

import json

import pytest
from typer.testing import CliRunner

import csflow
from csflow.cli import app
from csflow.facts import facts_of
from csflow.loading.passes import load_folder
from csflow.loading.standard import standard_folder, standard_names
from csflow.pack.model import LinkedPack, every_edition

EXAMPLES = "examples-unverified"
LOADED = load_folder(standard_folder(EXAMPLES))
assert LOADED.pack is not None
PACK = csflow.Pack(LOADED.pack, [])
SAYS = {"zh-CN": "以下依据尚待核实", "zh-TW": "下列依據尚待查證", "en": "note, not verified"}


def bases(pack: LinkedPack) -> set[str | None]:
    rules = {rule.basis for decision in pack.decisions.values() for rule in decision.every_rule()}
    return rules | {edition.basis for name in pack.parameters for edition in every_edition(pack, name)}


@pytest.mark.parametrize("case", LOADED.cases, ids=[case.name for case in LOADED.cases])
def test_every_answer_of_the_examples_says_that_nobody_has_verified_it(case):
    answer = PACK.decide(case.decision, facts_of(PACK.linked, case.facts))
    assert f"{case.decision}/{answer.rule}" in answer.unverified
    assert answer.to_json()["unverified"] == list(answer.unverified)
    for language, words in SAYS.items():
        told = answer.explain(language)
        assert words in told.splitlines()[-2]
        assert told.endswith(PACK.linked.notice.in_language(language))


def test_the_value_of_a_parameter_that_nobody_has_verified_is_named_too():
    given = {"order": {"paid_at": "2025-11-08T10:00:00+08:00", "goods_paid": "300 CNY"}}
    answer = PACK.decide("late_shipment_older", PACK.facts(given))
    assert answer.unverified == ("late_shipment_older/ordinary", "param.older_tmall_rate")


def test_the_command_line_says_so_in_both_formats(tmp_path):
    facts = tmp_path / "facts.yaml"
    facts.write_text(
        "order: {paid_at: 2025-11-08T10:00:00+08:00, goods_paid: 300 CNY}\nclaim: {lapse: late_shipment}\n",
        encoding="utf-8",
    )
    asked = ["decide", "late_shipment", "--facts", str(facts), "--pack", str(standard_folder(EXAMPLES))]
    told = CliRunner().invoke(app, [*asked, "--lang", "en"])
    assert told.exit_code == 0 and SAYS["en"] in told.stdout
    document = json.loads(CliRunner().invoke(app, [*asked, "--format", "json"]).stdout)
    assert document["unverified"] == ["late_shipment/late"]


def test_all_of_the_examples_is_unverified_and_nothing_of_the_other_packs():
    assert bases(PACK.linked) == {"unverified"}
    for name in standard_names():
        if name != EXAMPLES:
            found = load_folder(standard_folder(name), tests=False).pack
            assert found is not None and "unverified" not in bases(found)

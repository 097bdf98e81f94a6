"""`csflow decide --why-not RULE` and `--nearest`, as a user runs them."""

import json
from pathlib import Path

import pytest
from running import csflow

FACTS = """
order: {paid_at: 2025-11-08T10:00:00+08:00}
item: {category: apparel, nature: ordinary, made_after_order: false, no_return_confirmed: false,
       confirmation_preticked: false}
claim: {reason: no_reason, signed_at: 2025-11-10T20:00:00+08:00, requested_at: 2025-11-17T23:59:59+08:00,
        condition: intact}
"""
LISTED = """
decision: wanted
title: wanted
governed_by: order.paid_at
for_each: line in order.lines
outputs: {ok: {type: bool}}
rules:
  - {id: few, when: "line.pieces < 3", then: {ok: true}, because: law}
otherwise: {ok: false}
"""


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return str(path)


def decide(facts: str, *more: str) -> str:
    done = csflow("decide", "no_reason_return", "--pack", "policies/cn", "--facts", facts, *more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_answer_comes_first_and_then_why_a_rule_is_not_what_decided(facts):
    alone = decide(facts, "--lang", "zh-CN")
    asked = decide(facts, "--lang", "zh-CN", "--why-not", "expired")
    assert asked.startswith(alone)
    assert asked[len(alone) :].strip().splitlines() == [
        "「超过七日 (expired)」不适用：条件不成立",
        "  没有满足：in_time: false",
        "    在退货期内提出：是",
        "    签收时间：2025-11-10 20:00:00+08:00",
        "    申请时间：2025-11-17 23:59:59+08:00",
    ]


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("zh-CN", "「申请时间」推迟到 2025-11-18 00:00:00+08:00 时"),
        ("zh-TW", "「申請時間」延後到 2025-11-18 00:00:00+08:00 時"),
        ("en", "with a later `Requested at`, at 2025-11-18 00:00:00+08:00"),
    ],
)
def test_what_would_change_the_answer_is_told_in_three_languages(facts, language, first):
    assert decide(facts, "--lang", language, "--nearest").split("\n\n")[1].splitlines()[0] == first


def test_both_stand_in_the_json_document_where_they_are_asked_for(facts):
    plain = json.loads(decide(facts, "--format", "json"))
    asked = json.loads(decide(facts, "--format", "json", "--why-not", "exempt", "--nearest"))
    assert {key: asked[key] for key in plain} == plain
    assert set(asked) - set(plain) == {"why_not", "nearest"}
    (why_not,) = asked["why_not"]
    assert (why_not["verdict"], why_not["conditions"][0]["input"]) == ("false", "exempt")
    assert why_not["conditions"][0]["values"][0] == {
        "name": "decision.exemption.class",
        "state": "known",
        "value": "none",
        "decision": "exemption",
        "status": "decided",
        "rule": "otherwise",
    }
    (change,) = asked["nearest"]
    assert (change["fact"], change["direction"], change["value"], change["given_up"]) == (
        "claim.requested_at",
        "above",
        "2025-11-18T00:00:00+08:00",
        False,
    )
    assert change["decision"]["outputs"]["outcome"] == "deny"


def test_a_rule_that_is_not_there_is_a_usage_error_with_the_one_that_was_meant(facts):
    done = csflow("decide", "no_reason_return", "--facts", facts, "--pack", "policies/cn", "--why-not", "expird")
    assert done.returncode == 2
    assert "no-such-rule" in done.stdout
    assert "did you mean `expired`?" in done.stdout


def test_nothing_that_changes_is_said_too(tmp_path, facts):
    Path(facts).write_text(FACTS.replace("requested_at: 2025-11-17T23:59:59+08:00,", ""), encoding="utf-8")
    assert decide(facts, "--lang", "en", "--nearest").endswith(
        "\n\nno changeable fact, changed alone, changes the answer\n"
    )


def test_a_decision_for_each_record_says_it_of_each(shop, tmp_path):
    (shop / "decisions" / "wanted.yaml").write_text(LISTED, encoding="utf-8")
    (shop / "lines.yaml").write_text(
        "facts: {order: {lines: {each: {pieces: {type: int, min: 0, max: 9}}, max_items: 5}}}\n", encoding="utf-8"
    )
    given = tmp_path / "facts.yaml"
    given.write_text(
        "order: {paid_at: 2025-11-08T10:00:00+08:00, lines: [{pieces: 1}, {pieces: 4}]}\n", encoding="utf-8"
    )
    done = csflow(
        "decide", "wanted", "--pack", str(shop), "--facts", str(given), "--why-not", "few", "--format", "json"
    )
    assert done.returncode == 0, done.stdout
    assert [each["verdict"] for each in json.loads(done.stdout)["why_not"]] == ["decided", "false"]

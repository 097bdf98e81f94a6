"""Tests of a settlement as a user and CI run them: every format has both sides, and `check` finds a mistake in one."""

import json
from pathlib import Path

import jsonschema
import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from running import csflow, named, spoil
from test_formats import GITLAB, JUNIT

TESTS = "tests/refund.cases.yaml"
SETTLEMENT = """settlement: refund
title: 退款
governed_by: order.paid_at
mode: prorated
routing: pro_rata_actual
because: 店铺规则 第一条
tenders: {wechat: {title: 微信支付, cash: true}}
"""
TEXT = """tests:
  quote: refund
  order:
    id: A-7
    lines: [{id: "1", quantity: 3, unit_price: 100.00 CNY}]
    offers: [{id: coupon, amount: 10.00 CNY}]
    tenders: [{id: t1, tender: wechat, paid: 290.00 CNY}]
  given: {order: {paid_at: 2025-11-08T10:00:00+08:00}}
  cases:
    - name: 一件一件退
      steps:
        - {returns: [{line: "1", quantity: 1}], outcome: succeeded, expect: {refund: 96.66 CNY}}
        - {returns: [{line: "1", quantity: 2}], expect: {refund: 193.34 CNY}}
    - name: 第二件差一分
      steps:
        - {returns: [{line: "1", quantity: 1}], expect: {refund: 96.66 CNY}}
        - returns: [{line: "1", quantity: 1}]
          expect: {refund: 96.66 CNY, borne: {merchant: 96.67 CNY}}
"""
SIDES = "第 2 步的退款应为「96.66 CNY」，实为「96.67 CNY」"


@pytest.fixture
def tested(shop: Path) -> Path:
    """The small pack with a settlement, a test of it that passes and one that fails."""
    (shop / "tests").mkdir()
    (shop / "settlement.yaml").write_text(SETTLEMENT, encoding="utf-8")
    (shop / TESTS).write_text(TEXT, encoding="utf-8")
    return shop


def run(shop: Path, *arguments: str):
    return csflow("test", *arguments, "--lang", "zh-CN", cwd=shop)


def test_a_failure_stands_on_the_line_of_the_expectation_with_both_sides_and_the_statement(tested):
    done = run(tested)
    assert (done.returncode, done.stderr) == (1, "1 个用例通过，1 个没有通过\n")
    assert done.stdout.startswith(f"{TESTS}:18:28: error CS601 failed-test: 用例「第二件差一分」没有通过：{SIDES}")
    for line in (
        "   | 第 2 步的退款  96.66 CNY  96.67 CNY",
        "   |     此前已退：96.66 CNY",
        "   |   依据：店铺规则 第一条",
    ):
        assert line in done.stdout.splitlines()
    spoil(tested, TESTS, "expect: {refund: 96.66 CNY, borne", "expect: {refund: 96.67 CNY, borne")
    mended = run(tested)
    assert (mended.returncode, mended.stdout, mended.stderr) == (0, "", "2 个用例通过，0 个没有通过\n")


def test_every_format_carries_the_failure(tested):
    document = json.loads(run(tested, "--format", "json").stdout)
    assert [(each["name"], each["line"], each["outcome"]) for each in document["tests"]] == [
        ("一件一件退", 10, "passed"),
        ("第二件差一分", 14, "failed"),
    ]
    assert (document["findings"][0]["line"], SIDES in document["findings"][0]["message"]) == (18, True)
    sarif = json.loads(run(tested, "--format", "sarif").stdout)
    Sarif.model_validate(sarif)
    assert SIDES in sarif["runs"][0]["results"][0]["message"]["text"]
    junit = run(tested, "--format", "junit").stdout
    JUNIT.validate(junit)
    assert SIDES in junit
    issues = json.loads(run(tested, "--format", "gitlab").stdout)
    jsonschema.validate(issues, GITLAB)
    assert issues[0]["location"] == {"path": TESTS, "lines": {"begin": 18}}
    annotation = run(tested, "--format", "github").stdout
    assert annotation.startswith(f"::error title=CS601 failed-test,file={TESTS},line=18,col=28") and SIDES in annotation


def test_tests_are_chosen_by_the_settlement_too_and_check_finds_what_is_wrong_with_one(tested):
    assert run(tested, "-k", "refund").stderr == "1 个用例通过，1 个没有通过\n"
    spoil(tested, TESTS, "paid: 290.00 CNY", "paid: 289.99 CNY")
    done = csflow("check", "--lang", "zh-CN", cwd=tested)
    assert done.returncode == 1 and named(done.stdout) - {"near-horizon"} == {"unbalanced-tenders"}
    assert f"{TESTS}:7:14: error CS537" in done.stdout


def test_format_mends_what_is_surely_meant_and_keeps_the_rest(tested):
    assert csflow("format", cwd=tested).returncode == 0
    assert (tested / TESTS).read_text(encoding="utf-8") == TEXT
    spoil(tested, TESTS, "steps:\n        - {returns: [", "steps：\n        - {returns: [")
    assert csflow("format", cwd=tested).returncode == 0
    assert (tested / TESTS).read_text(encoding="utf-8") == TEXT

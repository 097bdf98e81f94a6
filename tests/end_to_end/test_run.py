"""`csflow run` as a user runs it: a case played through line by line, from a script, from standard input, and as JSON."""

import json
import os
import re
import subprocess

import pytest
from running import CLEAN_ENVIRONMENT, COMMAND, csflow
from test_quote import FACTS, ORDER, PACK
from typer.testing import CliRunner

from csflow.cli import app
from csflow.cli.options import Quit

FLOWS = {
    "counted.yaml": """facts:
  claim: {pieces: {type: int, min: 1, max: 9, optional: true}, again: {type: bool, optional: true}}
""",
    "people.yaml": """roles:
  front_line: {title: {zh-CN: 一线客服, zh-TW: 第一線客服, en: front line}}
  supervisor: {title: 客服主管, above: front_line}
""",
    "codes.yaml": """codes:
  not.yet: {title: {zh-CN: 还没到可以撤销的时候, zh-TW: 還沒到可以撤銷的時候, en: too early to withdraw}}
""",
    "effects.yaml": """effects:
  tell: {title: {zh-CN: 告知客户, zh-TW: 告知客戶, en: Tell the customer}, notice: true}
  pay: {title: {zh-CN: 付款, zh-TW: 付款, en: Pay}, pays: true, done: paid, failed: pay_failed}
""",
    "flows/return_refund.yaml": """flow: return_refund
title: {zh-CN: 退货退款, zh-TW: 退貨退款, en: Return and refund}
governed_by: order.paid_at
start: requested
events:
  agree: {title: {zh-CN: 同意, zh-TW: 同意, en: Agree}, by: [front_line], carries: [claim.reason, claim.pieces, claim.again]}
  withdraw: {title: 撤销, by: [customer]}
  remind: {title: {zh-CN: 催办, zh-TW: 催辦, en: Remind}, by: [clock]}
  paid: {title: 到账, by: [system]}
  pay_failed: {title: 付款失败, by: [system]}
clocks:
  answer: {title: 答复, within: 24 hours, start: [opened], stop: [agree], on_breach: remind}
everywhere:
  remind: {do: [tell]}
states:
  requested:
    title: {zh-CN: 已申请, zh-TW: 已申請, en: Requested}
    on: {agree: paying, withdraw: [{refuse: not.yet}]}
  paying:
    title: {zh-CN: 付款中, zh-TW: 付款中, en: Paying}
    quote: refund
    do: [pay]
    on:
      paid: [{id: more, when: event.left > 0}, {otherwise: true, to: refunded}]
      pay_failed: failed
  failed: {title: 付款失败, timers: [{after: 1 hour, raise: remind}], on: {remind: {to: paying_again, redo: [pay]}}}
  paying_again: {title: 重新付款, on: {paid: refunded, pay_failed: failed}}
  refunded: {title: {zh-CN: 已退款, zh-TW: 已退款, en: Refunded}, final: true}
""",
    "flows/question.yaml": """flow: question
title: 请示
start: asked
events:
  answer: {title: 批复, by: [supervisor], carries: [claim.reason]}
  over: {title: 超时, by: [clock]}
states:
  asked: {title: 待批复, timers: [{after: 1 days, raise: over}], on: {answer: closed, over: closed}}
  closed: {title: 已批复, final: true}
""",
}
AT = "2025-11-10T10:00:00+08:00"
CLAIM = {"returns": [{"line": "B", "quantity": 1, "reason": "no_reason"}]}
AGREE = "agree front_line claim.reason=no_reason\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    for name, text in (PACK | FLOWS).items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "claim.json").write_text(json.dumps(CLAIM))
    (tmp_path / "facts.yaml").write_text(FACTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*more, flow="return_refund", typed="", at=AT, lang="zh-CN"):
    when = () if at is None else ("--at", at)
    command = ["run", flow, "--pack", "shop", "--facts", "facts.yaml", *when, "--lang", lang, *more]
    return CliRunner().invoke(app, command, input=typed)


def ended(found):
    """The exit code; what csflow did not mean to raise is raised here."""
    if isinstance(found.exception, Quit):
        return found.exception.code
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.exit_code


def quoting(*more, typed="", lang="zh-CN"):
    return run("--order", "order.json", "--claim", "claim.json", *more, typed=typed, lang=lang)


def test_a_case_is_told_line_by_line_from_its_opening_to_its_end(shop):
    found = quoting(typed=f"wait 25 hours\n{AGREE}failed pay\nwait 1 hour\nsucceeded pay\nsucceeded pay\n")
    cash, packet = re.findall(r"，单号 ([0-9a-f]{12})\)\n", found.stdout)[:2]
    assert (ended(found), found.stdout) == (
        0,
        "2025-11-10T10:00:00+08:00  开案 (系统) → 已申请 (requested)\n"
        "2025-11-11T10:00:00+08:00  催办 (计时器) → 已申请 (requested)\n"
        "  · 请系统：告知客户\n"
        "2025-11-11T11:00:00+08:00  同意 (一线客服) → 付款中 (paying)\n"
        f"  · 请系统：付款 51.85 CNY (微信支付，单号 {cash})\n"
        f"  · 请系统：付款 18.15 CNY (红包，单号 {packet})\n"
        f"2025-11-11T11:00:00+08:00  付款失败 (系统，单号 {packet}) → 付款失败 (failed)\n"
        "2025-11-11T12:00:00+08:00  催办 (计时器) → 重新付款 (paying_again)\n"
        f"  · 请系统：付款 18.15 CNY (红包，单号 {packet})\n"
        f"2025-11-11T12:00:00+08:00  到账 (系统，单号 {packet}) → 已退款 (refunded)，结案\n"
        f"2025-11-11T12:00:00+08:00  到账 (系统，单号 {cash}) → 只记录，仍是已退款 (refunded)\n",
    )


def test_values_are_read_by_the_kinds_of_their_facts(shop):
    found = quoting("--format", "json", typed="agree front_line claim.reason=defect claim.pieces=2 claim.again=false\n")
    assert ended(found) == 0
    held = json.loads(found.stdout.splitlines()[-1])["case"]["facts"]
    assert (held["claim.pieces"], held["claim.again"]) == (2, False)


def test_a_script_says_what_standard_input_would(shop):
    lines = f"# 一天没有答复\nwait 1 days\n\n{AGREE}"
    (shop / "case.txt").write_text("\ufeff" + lines + "quit\nnothing of this\n", encoding="utf-8")
    scripted = quoting("--script", "case.txt")
    assert (ended(scripted), scripted.stdout) == (0, quoting(typed=lines).stdout)
    assert scripted.stdout.count("\n") == 6


def test_the_same_case_in_taiwan_and_in_english(shop):
    assert (
        "催辦 (計時器) → 已申請 (requested)\n  · 請系統：告知客戶\n"
        in quoting(typed="wait 1 days\n", lang="zh-TW").stdout
    )
    found = quoting(typed=AGREE, lang="en").stdout
    assert "Agree (front line) → Paying (paying)\n  · asks the host: Pay 51.85 CNY (WeChat Pay, key " in found


def test_json_is_a_line_a_step_with_the_case_as_it_stands(shop):
    found = quoting("--format", "json", "--key", "C-7", typed=f"{AGREE}withdraw customer\n")
    opened, agreed, refused = map(json.loads, found.stdout.splitlines())
    assert (opened["event"], opened["by"], opened["status"], opened["at"]) == ("opened", "system", "moved", AT)
    assert [each["name"] for each in agreed["effects"]] == ["pay", "pay"]
    assert len({each["key"] for each in agreed["effects"]}) == 2
    assert (agreed["case"]["state"], agreed["case"]["key"], agreed["refusal"]) == ("paying", "C-7", None)
    assert (refused["status"], refused["refusal"]["code"]) == ("refused", "event.not_here")
    assert refused["case"] == agreed["case"]
    assert ended(found) == 1


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("withdraw customer", "拒绝：还没到可以撤销的时候 (not.yet)"),
        ("agree customer claim.reason=defect", "(role.missing)"),
        ("agree front_line", "(payload.missing)"),
        ("agree front_line claim.reason=defcet", "(payload.wrong)"),
        ("agree front_line claim.reason=defect order.paid_at=2025-11-08T10:00:00+08:00", "(payload.unknown)"),
        ("agree front_line claim.raeson=defect", "(payload.unknown)"),
        ("agree front_line claim.reason=defect claim.pieces=two", "(payload.wrong)"),
        ("agree front_line claim.reason=defect claim.again=maybe", "(payload.wrong)"),
        ("agre front_line", "(event.unknown)"),
    ],
)
def test_a_line_that_is_refused_says_why_and_ends_with_1(shop, line, told):
    found = quoting(typed=f"{line}\n{AGREE}")
    assert told in found.stdout
    # What comes after it happens all the same.
    assert "→ 付款中 (paying)" in found.stdout
    assert ended(found) == 1


@pytest.mark.parametrize(
    "line",
    [
        "agree 'front_line",
        "agree front_line claim.reason",
        "agree front_line =defect",
        "wait",
        "wait a while",
        "wait -5 hours",
        "wait 5 parsecs",
        "succeeded",
        "succeeded nothing",
        "failed tell",
    ],
)
def test_a_line_that_is_not_understood_is_shown_and_changes_nothing(shop, line):
    found = quoting(typed=f"{line}\n")
    assert found.stderr == f"看不懂这一行：{line}\n"
    assert found.stdout == quoting().stdout
    assert ended(found) == 1


def test_time_ends_with_the_year_9999(shop):
    found = quoting(typed="wait 36500 days\n" * 100)
    assert ended(found) == 1
    assert "看不懂这一行：wait 36500 days\n" in found.stderr


def test_what_is_no_utf8_is_a_line_that_is_not_understood(shop):
    (shop / "case.txt").write_bytes(b"wait \xff\xfe\n")
    for found in (quoting("--script", "case.txt"), quoting(typed=b"wait \xff\xfe\n")):
        assert ended(found) == 1
        assert "看不懂这一行：wait" in found.stderr


def test_a_case_that_is_not_opened_is_not_played(shop):
    (shop / "shop" / "flows" / "question.yaml").write_text(
        FLOWS["flows/question.yaml"].replace("after: 1 days", "after: order.wait"), encoding="utf-8"
    )
    (shop / "shop" / "wait.yaml").write_text("facts: {order: {wait: {type: days, min: 1 days, max: 9 days}}}\n")
    found = run(flow="question", typed="answer supervisor claim.reason=defect\n")
    assert "(clock.undecided)" in found.stdout
    assert (found.stdout.count("\n"), ended(found)) == (1, 1)


def test_a_flow_that_is_not_there_is_named_with_the_one_that_may_be_meant(shop):
    found = run(flow="return_refnd")
    assert ended(found) == 2
    assert "CS910" in found.output and "return_refund" in found.output


def test_a_case_begins_at_an_instant_that_is_given(shop):
    assert (ended(run(at=None)), ended(run(at="tomorrow"))) == (2, 2)
    assert "CS920" in run(at=None).output


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        (("--facts", "none.yaml"), 2, "CS901"),
        (("--script", "none.txt"), 2, "CS901"),
        (("--order", "order.json"), 2, "go together"),
        (("--claim", "claim.json"), 2, "go together"),
        (("--order", "order.json", "--claim", "order.json"), 1, "CS530"),
        (("--order", "claim.json", "--claim", "claim.json"), 1, "CS53"),
    ],
)
def test_files_that_are_missing_or_wrong_are_named(shop, more, code, told):
    found = run(*more, typed=AGREE)
    assert told in found.output
    assert ended(found) == code


def test_an_order_belongs_to_a_flow_that_quotes(shop):
    found = run("--order", "order.json", "--claim", "claim.json", flow="question")
    assert ended(found) == 2
    assert "quotes nothing" in found.output


def test_without_an_order_a_state_that_quotes_is_not_entered(shop):
    found = run(typed=AGREE)
    assert "(quote.no_purchase)" in found.stdout
    assert ended(found) == 1


def test_the_help_names_every_option():
    found = csflow("run", "--help", COLUMNS="200")
    assert found.returncode == 0
    for option in ("--facts", "--script", "--order", "--claim", "--key", "--at", "--pack", "--format", "--lang"):
        assert option in found.stdout


def test_at_a_terminal_what_may_happen_and_the_clocks_that_run_are_shown(shop):
    ours, theirs = os.openpty()
    command = [*COMMAND, "run", "return_refund", "--pack", "shop", "--facts", "facts.yaml", "--at", AT, "--lang", "en"]
    os.write(ours, b"wait 1 hour\nnonsense\nquit\n")
    done = subprocess.run(
        command, cwd=shop, env=CLEAN_ENVIRONMENT, stdin=theirs, capture_output=True, encoding="utf-8", timeout=60
    )
    os.close(ours)
    os.close(theirs)
    assert "possible now: agree (front_line); withdraw (customer)\n" in done.stderr
    assert "clocks:\n  答复: due 2025-11-11T10:00:00+08:00\n" in done.stderr
    assert done.stderr.startswith("one thing a line: ")
    # A slip at a terminal is no failure: whoever typed it saw it.
    assert done.returncode == 0
    assert "nonsense (system) → refused: " in done.stdout

"""The command line as a user runs it: a process, its streams and its exit code."""

import json
import re

import pytest
from running import ROOT, csflow, spoil

LONG_BEFORE_THE_HORIZON = "2026-01-01T00:00:00Z"
EXAMPLE = ROOT / "examples" / "01_first_answer"
FACTS = """
order: {paid_at: 2025-11-08T10:00:00+08:00}
item: {category: apparel, nature: ordinary, made_after_order: false, no_return_confirmed: false,
       confirmation_preticked: false}
claim: {reason: no_reason, signed_at: 2025-11-10T20:00:00+08:00, requested_at: 2025-11-17T23:59:59+08:00,
        condition: intact}
"""

WIDE = """decision: wide
title: wide
governed_by: order.paid_at
outputs: {answer: {type: bool}}
inputs:
"""
WIDE_RULES = """rules:
  - {id: all, when: "l0 + l1 + l2 + l3 + l4 + l5 + l6 > 6", then: {answer: true}, because: law}
otherwise: {answer: false}
"""
LAYER = """layer: layer{n}
title: l
rank: campaign
while: wide.f{n}
because: law
parameters:
  limit{n}: {{value: 2, because: law, basis: own}}
"""


def test_a_clean_pack_gives_exit_code_0_and_nothing_on_stdout():
    done = csflow("check", "policies/cn", "--at", LONG_BEFORE_THE_HORIZON)
    assert (done.returncode, done.stdout) == (0, "")
    counts, analysed = done.stderr.splitlines()
    assert counts == "0 errors, 0 warnings, 0 notes"
    done_of_all = re.fullmatch(r"(\d+) of (\d+) decisions analysed", analysed)
    assert done_of_all and done_of_all[1] == done_of_all[2] != "0"


def test_all_findings_of_a_run_come_at_once_each_with_its_line_caret_and_remedy(shop):
    spoil(shop, "decisions/return.yaml", "condition: claim.condition", "condition: claim.conditon")
    spoil(shop, "decisions/route.yaml", "fault: none}", "fault: nobody_at_all}")
    done = csflow("check", str(shop), "--lang", "zh-CN")
    assert done.returncode == 1
    first = done.stdout.splitlines()
    assert first[0].startswith(f"{shop.as_posix()}/decisions/return.yaml:7:14: error CS201 unknown-fact: ")
    assert first[2:4] == [
        "7 |   condition: claim.conditon",
        "  |              ^^^^^^^^^^^^^^ 您是不是想写「claim.condition」？",
    ]
    assert "CS208 unknown-symbol" in done.stdout
    assert "csflow explain CS201" in done.stdout
    assert done.stderr == "2 个错误，0 个警告，0 个提示\n"


def test_the_caret_stands_under_the_word_when_wide_signs_stand_before_it(shop):
    spoil(shop, "decisions/route.yaml", "title: {zh-CN: 退货分流, ", "titel: {zh-CN: 退货分流, ")
    spoil(shop, "decisions/route.yaml", "{zh-CN: 退货分流, zh-TW", "{zh-CN: 退货分流, zh-TV")
    lines = csflow("check", str(shop)).stdout.splitlines()
    caret = next(line for line in lines if "^" in line)
    assert caret.index("^") == len("2 | ")


def test_findings_speak_the_language_of_the_shell_or_the_one_asked_for(shop):
    spoil(shop, "decisions/return.yaml", "condition: claim.condition", "condition: claim.conditon")
    simplified = csflow("check", str(shop), LANG="zh_CN.UTF-8").stdout
    traditional = csflow("check", str(shop), LANG="zh_TW.UTF-8").stdout
    english = csflow("check", str(shop), LANG="C").stdout
    assert "您是不是想写" in simplified
    assert "您是不是想寫" in traditional
    assert "did you mean" in english
    assert csflow("check", str(shop), "--lang", "zh-TW", LANG="C").stdout == traditional
    assert csflow("check", str(shop), CSFLOW_LANG="zh-CN", LANG="C").stdout == simplified


def test_json_has_the_promised_keys_and_code_point_columns(shop):
    spoil(shop, "decisions/return.yaml", "condition: claim.condition", "condition: claim.conditon")
    done = csflow("check", str(shop), "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert set(document) == {"format_version", "findings", "ignored", "not_analysed"}
    (finding,) = document["findings"]
    assert finding | {"message": "", "help": ""} == {
        "code": "CS201",
        "name": "unknown-fact",
        "severity": "error",
        "file": f"{shop.as_posix()}/decisions/return.yaml",
        "line": 7,
        "column": 14,
        "end_line": 7,
        "end_column": 28,
        "cell": None,
        "message": "",
        "help": "",
        "details": "",
        "suggestion": "claim.condition",
        "witness": None,
    }


def test_json_of_a_clean_pack_is_an_empty_list_of_findings():
    assert (
        json.loads(csflow("check", "policies/cn", "--format", "json", "--at", LONG_BEFORE_THE_HORIZON).stdout)[
            "findings"
        ]
        == []
    )


def test_what_falls_to_otherwise_is_listed_on_request(shop):
    text = csflow(
        "check", str(shop), "--otherwise", "--lang", "en", "--at", LONG_BEFORE_THE_HORIZON
    ).stdout.splitlines()
    assert [line.split(" falls to otherwise, for example: ")[0] for line in text] == ["`route`"]
    listed = json.loads(csflow("check", str(shop), "--otherwise", "--format", "json").stdout)["otherwise"]
    assert [each["decision"] for each in listed] == ["route"]
    assert listed[0]["witness"]["claim.reason"] == "unclear"


def test_what_is_not_analysed_is_counted_and_named_with_the_reason(shop):
    edition = "editions: [{from: 2024-01-01, value: 1, because: law, basis: law}]"
    for name, head, line in (
        ("facts", "facts:\n  wide:\n", "    f{n}: {{type: bool}}\n"),
        (
            "limits",
            "parameters:\n",
            "  limit{n}: {{type: int, title: l, " + edition.replace("{", "{{").replace("}", "}}") + "}}\n",
        ),
        ("wide", WIDE, "    l{n}: param.limit{n}\n"),
    ):
        text = head + "".join(line.format(n=n) for n in range(7)) + (WIDE_RULES if name == "wide" else "")
        (shop / f"{name}7.yaml").write_text(text, encoding="utf-8")
    for n in range(7):
        (shop / f"layer{n}.yaml").write_text(LAYER.format(n=n), encoding="utf-8")
    done = csflow("check", str(shop), "--lang", "en", "--at", LONG_BEFORE_THE_HORIZON)
    assert done.stderr.splitlines()[1:] == [
        "2 of 3 decisions analysed",
        "`wide` was not analysed: too many combinations",
    ]
    document = json.loads(csflow("check", str(shop), "--lang", "en", "--format", "json").stdout)
    assert document["not_analysed"] == [{"decision": "wide", "reason": "too many combinations"}]


def test_github_annotations_escape_what_would_end_them_and_come_most_severe_first(shop):
    spoil(shop, "decisions/return.yaml", "    because: 店铺规则 第二条\n", "")
    done = csflow("check", str(shop), "--format", "github", "--lang", "en", "--at", LONG_BEFORE_THE_HORIZON)
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()
    assert line.startswith("::warning title=CS415 unsourced-rule,file=")
    assert ",line=18,col=9," in line
    assert "\n" not in line and "%0A" in line
    spoil(shop, "decisions/route.yaml", "hit_policy: first", "hit_policy: 50%,first")
    lines = csflow("check", str(shop), "--format", "github").stdout.splitlines()
    assert lines[0].startswith("::error ")
    assert "50%25" in lines[0]


def test_strict_fails_on_a_warning(shop):
    spoil(shop, "decisions/return.yaml", "    because: 店铺规则 第二条\n", "")
    assert csflow("check", str(shop)).returncode == 0
    assert csflow("check", str(shop), "--strict").returncode == 1


@pytest.mark.parametrize("strictness", ["--strict", "--fail-on=warning"])
def test_what_comes_with_the_day_alone_is_told_and_fails_only_on_a_day_that_was_named(shop, strictness):
    """The calendar of the shop has ended, whatever day the test is run on."""
    calendar = shop / "calendars" / "cn.yaml"
    spoil(shop, "calendars/cn.yaml", "..2027-01-01)", "..2026-01-01)")
    assert "2026-01-01" in calendar.read_text(encoding="utf-8")
    told = csflow("check", str(shop), strictness)
    assert told.returncode == 0 and "CS422 near-horizon" in told.stdout
    junit = csflow("check", str(shop), strictness, "--format", "junit")
    assert junit.returncode == 0 and 'failures="0"' in junit.stdout
    asked = csflow("check", str(shop), strictness, "--at", "2026-11-22T10:00:00+08:00")
    assert asked.returncode == 1 and "CS422 near-horizon" in asked.stdout
    spoil(shop, "decisions/return.yaml", "    because: 店铺规则 第二条\n", "")
    assert csflow("check", str(shop), strictness).returncode == 1


def test_several_packs_are_checked_in_one_run(shop):
    spoil(shop, "decisions/return.yaml", "condition: claim.condition", "condition: claim.conditon")
    assert csflow("check", "policies/cn", str(shop)).returncode == 1


def test_a_folder_that_is_not_there_is_a_usage_error():
    done = csflow("check", "no/such/folder")
    assert done.returncode == 2
    assert "CS028" in done.stdout and "no-such-pack" in done.stdout


def test_an_unknown_option_is_a_usage_error():
    assert csflow("check", "--colour").returncode == 2


def test_the_nearest_pack_is_taken_and_else_the_standard_one(shop, tmp_path):
    spoil(shop, "decisions/return.yaml", "condition: claim.condition", "condition: claim.conditon")
    inside = csflow("check", cwd=shop / "decisions")
    assert inside.returncode == 1
    assert inside.stdout.startswith("../decisions/return.yaml:7:14:")
    assert csflow("check", cwd=tmp_path).returncode == 0


def test_decide_explains_in_three_languages(tmp_path):
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    for language, words in {
        "zh-CN": ("同意", "七日内、完好、非例外商品", "消费者权益保护法 第二十五条"),
        "zh-TW": ("同意", "七日內、完好、非例外商品", "消費者權益保護法（中國大陸）第二十五條"),
        "en": ("allow", "In time, intact, not exempt", "Consumer Rights Protection Law art 25"),
    }.items():
        done = csflow("decide", "return_request", "--facts", str(facts), "--lang", language, cwd=tmp_path)
        assert done.returncode == 0
        assert all(word in done.stdout for word in words)


def test_decide_answers_in_json(tmp_path):
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    done = csflow("decide", "no_reason_return", "--facts", str(facts), "--format", "json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert answer["status"] == "decided"
    assert answer["outputs"] == {"outcome": "allow", "code": "ok", "return_freight": "customer", "note": None}
    assert answer["rule"] == "in-window-intact"
    assert answer["edition"] == "2017-03-15"
    assert answer["pack"]["name"] == "cn" and answer["pack"]["digest"].startswith("sha256:")


def test_decide_says_what_is_missing_instead_of_guessing(tmp_path):
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS.replace("signed_at: 2025-11-10T20:00:00+08:00, ", ""), encoding="utf-8")
    answer = json.loads(
        csflow("decide", "no_reason_return", "--facts", str(facts), "--format", "json", cwd=tmp_path).stdout
    )
    assert (answer["status"], answer["outputs"], answer["rule"]) == ("undecided", {}, None)
    assert answer["missing"] == [{"kind": "fact", "name": "claim.signed_at", "status": None}]


def test_decide_reads_a_platforms_order_through_a_mapping():
    done = csflow(
        "decide",
        "return_request",
        *("--document", str(EXAMPLE / "order.json"), "--mapping", "shopify_order"),
        *("--facts", str(EXAMPLE / "claim.yaml"), "--format", "json"),
    )
    assert json.loads(done.stdout)["outputs"]["outcome"] == "allow"


def test_a_typo_in_the_facts_is_found_on_its_line(tmp_path):
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS.replace("condition: intact", "conditon: intact"), encoding="utf-8")
    done = csflow("decide", "return_request", "--facts", str(facts), "--lang", "en", cwd=tmp_path)
    assert done.returncode == 1
    assert f"{facts.as_posix()}:6:9: error CS501 undeclared-fact" in done.stdout
    assert "did you mean `claim.condition`?" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("decide", "return_request", "--facts", "nowhere.yaml"), "missing-file"),
        (("decide", "return_requst", "--facts", "README.md"), "no-such-decision"),
        (("decide", "return_request", "--document", "README.md", "--mapping", "shopfy_order"), "no-such-mapping"),
        (("explain", "CS999"), "no-such-code"),
    ],
)
def test_a_name_or_file_that_is_not_there_is_a_usage_error(arguments, name):
    done = csflow(*arguments)
    assert done.returncode == 2
    assert f" {name}: " in done.stdout


def test_a_document_that_is_no_json_is_named_with_its_place(tmp_path):
    (tmp_path / "order.json").write_text('{"order": {"name": "1",}}', encoding="utf-8")
    done = csflow("decide", "return_request", "--document", "order.json", "--mapping", "shopify_order", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("order.json:1:24: error CS905 ") and "malformed-document" in done.stdout


@pytest.mark.parametrize("arguments", [("decide", "return_request"), ("decide", "x", "--mapping", "y", "--facts", "z")])
def test_options_that_need_each_other_say_so(arguments):
    assert csflow(*arguments).returncode == 2


def test_explain_shows_a_wrong_and_a_right_example_by_code_and_by_name():
    by_code = csflow("explain", "CS201", "--lang", "zh-CN")
    assert by_code.returncode == 0
    assert by_code.stdout.startswith("CS201 unknown-fact (error) ")
    assert "错误写法" in by_code.stdout and "\n    > " in by_code.stdout
    assert csflow("explain", "unknown-fact", "--lang", "zh-CN").stdout == by_code.stdout


def test_help_names_every_command():
    done = csflow("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("check", "decide", "explain", "demo", "calendar", "format"))

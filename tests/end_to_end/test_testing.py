"""`csflow test` as a user and CI run it: exit codes, what is chosen, and every format held against its schema."""

import json
from pathlib import Path

import jsonschema
import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from running import csflow, named, spoil
from test_formats import AT, GITLAB, JUNIT

TESTS = "tests/shop.cases.yaml"
TEXT = """tests:
  decide: no_reason_return
  given:
    order: {paid_at: 2025-11-08T10:00:00+08:00, paid: 100 CNY}
    claim: {signed_at: 2025-11-10T20:00:00+08:00, requested_at: 2025-11-12T09:00:00+08:00}
  cases:
    - name: 完好可以退
      given: {claim: {condition: intact}}
      expect: {outcome: allow}
    - name: 损坏 <转人工> & 收费
      given: {claim: {condition: damaged}}
      expect: {outcome: deny, fee: 10 CNY}
"""


@pytest.fixture
def tested(shop: Path) -> Path:
    """The small pack with a test that passes and one that fails."""
    (shop / "tests").mkdir()
    (shop / TESTS).write_text(TEXT, encoding="utf-8")
    return shop


def run(shop: Path, *arguments: str, **environment: str):
    return csflow("test", *arguments, "--lang", "zh-CN", cwd=shop, **environment)


def test_a_failure_stands_on_its_line_with_both_sides_and_the_way_to_the_answer(tested):
    done = run(tested)
    assert done.returncode == 1
    assert done.stderr == "1 个用例通过，1 个没有通过\n"
    assert done.stdout.startswith(
        "tests/shop.cases.yaml:12:25: error CS601 failed-test: 用例「损坏 <转人工> & 收费」没有通过：outcome应为「拒绝 (deny)」"
    )
    for line in (
        "   | outcome  拒绝 (deny)  人工复核 (manual)",
        "   |   商品状况：损坏 (damaged)",
        "   |     依据：店铺规则 第二条",
    ):
        assert line in done.stdout.splitlines()
    spoil(tested, TESTS, "outcome: deny", "outcome: manual")
    mended = run(tested)
    assert (mended.returncode, mended.stdout, mended.stderr) == (0, "", "2 个用例通过，0 个没有通过\n")


def test_tests_are_chosen_by_text_and_by_file(tested):
    (tested / "tests" / "other.cases.yaml").write_text(TEXT.replace("损坏", "第二份"), encoding="utf-8")
    assert run(tested, "-k", "完好").stderr == "2 个用例通过，0 个没有通过\n"
    assert run(tested, "-k", "第二份").stderr == "0 个用例通过，1 个没有通过\n"
    assert run(tested, "tests/other.cases.yaml", "-k", "完好").stderr == "1 个用例通过，0 个没有通过\n"
    assert run(tested, "tests/other.cases.yaml").stderr == "1 个用例通过，1 个没有通过\n"
    none = run(tested, "-k", "没有这个")
    assert (none.returncode, none.stderr) == (2, "没有一个用例的名称里有「没有这个」\n")


def test_a_pack_without_tests_says_so_and_is_no_failure(shop):
    done = run(shop)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "这个政策包还没有用例\n")


def test_junit_of_a_pack_without_tests_and_of_one_that_does_not_load_names_the_command(shop):
    suite = JUNIT.to_dict(run(shop, "--format", "junit").stdout)["testsuite"][0]
    assert (suite["@name"], suite["@failures"]) == ("csflow test", "0")
    spoil(shop, "facts.yaml", "type: datetime", "type: datetim")
    suite = JUNIT.to_dict(run(shop, "--format", "junit").stdout)["testsuite"][0]
    assert (suite["@name"], suite["@failures"]) == ("csflow test", "1")


def test_a_pack_that_does_not_load_and_a_folder_that_is_not_there(tested):
    spoil(tested, "facts.yaml", "type: datetime", "type: datetim")
    done = run(tested)
    assert done.returncode == 1 and named(done.stdout) == {"unknown-choice"}
    assert csflow("check", cwd=tested).returncode == 1
    missing = run(tested, "nowhere")
    assert missing.returncode == 2 and named(missing.stdout) == {"no-such-pack"}


def test_a_fault_in_one_test_is_told_and_the_others_are_run(tested):
    spoil(tested, TESTS, "outcome: deny", "outcom: deny")
    done = run(tested)
    assert done.returncode == 1 and named(done.stdout) == {"unknown-expectation"}
    assert done.stderr == "1 个用例通过，0 个没有通过；另有 1 处错误，使用例没有运行\n"
    assert csflow("check", cwd=tested).returncode == 1
    suite = JUNIT.to_dict(run(tested, "--format", "junit").stdout)["testsuite"][0]
    assert (suite["@tests"], suite["@failures"]) == ("2", "1")
    # Of tests that were not run nobody can say what they cover.
    assert run(tested, "--coverage").returncode == 1


def test_check_reads_tests_and_runs_none(tested):
    assert csflow("check", "--strict", *AT, cwd=tested).returncode == 0
    ignoring = "{outcome: deny}  # csflow: ignore[failed-test] 下月才改"
    spoil(tested, TESTS, "{outcome: deny, fee: 10 CNY}", ignoring)
    strict = csflow("check", "--strict", *AT, cwd=tested)
    assert (strict.returncode, strict.stdout) == (0, "")
    spoil(tested, TESTS, "failed-test", "unsourced-rule")
    assert named(csflow("check", "--strict", *AT, cwd=tested).stdout) == {"unused-ignore"}


def test_deciding_does_not_hang_on_tests(tested):
    spoil(tested, TESTS, "tests:", "tests: [{")
    (tested / "facts.json").write_text('{"order": {"paid": "1 CNY"}}', encoding="utf-8")
    assert csflow("decide", "no_reason_return", "--facts", "facts.json", cwd=tested).returncode == 0
    assert csflow("check", cwd=tested).returncode == 1


def test_a_failure_that_its_author_asks_not_to_hear_of(tested):
    spoil(tested, TESTS, "{outcome: deny, fee: 10 CNY}", "{outcome: deny}  # csflow: ignore[failed-test] 下月才改")
    done = run(tested)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "1 个用例通过，0 个没有通过，忽略了 1 个\n")
    document = json.loads(run(tested, "--format", "json").stdout)
    assert [test["outcome"] for test in document["tests"]] == ["passed", "ignored"]
    assert [each["reason"] for each in document["ignored"]] == ["下月才改"]
    JUNIT.validate(run(tested, "--format", "junit").stdout)
    spoil(tested, TESTS, "outcome: deny", "outcome: manual")
    assert named(run(tested).stdout) == {"unused-ignore"}


def test_json_lists_every_test_and_the_failures(tested):
    document = json.loads(run(tested, "--format", "json").stdout)
    assert document["format_version"] == 1
    assert document["tests"] == [
        {"name": "完好可以退", "file": "tests/shop.cases.yaml", "line": 7, "outcome": "passed"},
        {"name": "损坏 <转人工> & 收费", "file": "tests/shop.cases.yaml", "line": 10, "outcome": "failed"},
    ]
    (finding,) = document["findings"]
    assert (finding["code"], finding["name"], finding["line"], finding["column"]) == ("CS601", "failed-test", 12, 25)
    assert "人工复核 (manual)" in finding["details"]


def test_junit_has_a_case_for_every_test(tested):
    text = run(tested, "--format", "junit").stdout
    JUNIT.validate(text)
    suite = JUNIT.to_dict(text)["testsuite"][0]
    assert (suite["@name"], suite["@tests"], suite["@failures"]) == ("csflow test", "2", "1")
    passed, failed = suite["testcase"]
    assert (passed["@classname"], passed["@name"]) == ("tests/shop.cases.yaml", "完好可以退")
    assert failed["@name"] == "损坏 <转人工> & 收费" and "人工复核 (manual)" in failed["failure"][0]["$"]


def test_sarif_gitlab_and_github_carry_the_failure(tested):
    document = json.loads(run(tested, "--format", "sarif").stdout)
    Sarif.model_validate(document)
    (result,) = document["runs"][0]["results"]
    assert result["ruleId"] == "CS601" and "人工复核 (manual)" in result["message"]["text"]
    issues = json.loads(run(tested, "--format", "gitlab").stdout)
    jsonschema.validate(issues, GITLAB)
    assert issues[0]["location"] == {"path": "tests/shop.cases.yaml", "lines": {"begin": 12}}
    annotation = run(tested, "--format", "github").stdout.strip()
    assert annotation.startswith("::error title=CS601 failed-test,file=tests/shop.cases.yaml,line=12,col=25")
    assert "%0A" in annotation and len(annotation.splitlines()) == 1


def test_the_standard_pack_is_tested_where_there_is_no_pack(tmp_path):
    done = csflow("test", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 0 and done.stderr.endswith(" tests passed, 0 failed\n")


def test_format_puts_the_columns_of_tests_one_below_the_other(tested):
    (tested / "tests" / "grid.cases.yaml").write_text(
        "tests:\n  decide: no_reason_return\n  cases: |\n    name | claim.condition || status\n    资料不足 | intact || undecided\n",
        encoding="utf-8",
    )
    assert csflow("format", cwd=tested).returncode == 0
    assert (tested / "tests" / "grid.cases.yaml").read_text(encoding="utf-8").splitlines()[3:] == [
        "    name     | claim.condition || status",
        "    资料不足 | intact          || undecided",
    ]
    spoil(tested, TESTS, "paid: 100 CNY", "paid: 100元")
    assert csflow("format", cwd=tested).returncode == 0
    assert (tested / TESTS).read_text(encoding="utf-8") == TEXT

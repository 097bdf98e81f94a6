"""What `csflow check` prints for machines: each format held against its schema, ignored findings, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import xmlschema
import yaml
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from running import ROOT, csflow, named, spoil

from csflow.diagnostics.rendering.github import SUMMARY_LIMIT

AT = ("--at", "2026-01-01T00:00:00Z")
UNSOURCED = ("decisions/return.yaml", "    because: 店铺规则 第二条\n", "")
IGNORED = ("decisions/return.yaml", "  - id: damaged\n", "  - id: damaged  # csflow: ignore[CS415] 店规未成文\n")
MISSPELT = ("decisions/return.yaml", "condition: claim.condition", "condition: claim.conditon")
JUNIT = xmlschema.XMLSchema(str(ROOT / "tests" / "schemas" / "junit-10.xsd"))
# GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]|^/tmp"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                    },
                },
            },
        },
    },
}


def check(shop: Path, layout: str, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return csflow("check", str(shop), "--format", layout, "--lang", "zh-CN", *AT, *more, **environment)


def test_sarif_is_valid_and_says_where_what_and_how_to_mend_it(shop):
    spoil(shop, *MISSPELT)
    done = check(shop, "sarif")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    Sarif.model_validate(document)
    (run,) = document["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (rule["id"], rule["name"], result["ruleId"], result["level"]) == ("CS201", "unknown-fact", "CS201", "error")
    (location,) = result["locations"]
    region = {"startLine": 7, "startColumn": 14, "endLine": 7, "endColumn": 28}
    assert location["physicalLocation"]["region"] == region
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("/decisions/return.yaml")
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "claim.condition"}}]


def test_sarif_has_what_is_ignored_as_suppressed_with_its_reason(shop):
    spoil(shop, *UNSOURCED)
    spoil(shop, *IGNORED)
    done = check(shop, "sarif", "--strict")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    Sarif.model_validate(document)
    (result,) = document["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "店规未成文"}]


def test_sarif_of_a_clean_pack_and_of_a_missing_folder_is_valid(shop):
    clean, missing = check(shop, "sarif"), check(shop / "nowhere", "sarif")
    assert (clean.returncode, missing.returncode) == (0, 2)
    for done in (clean, missing):
        Sarif.model_validate(json.loads(done.stdout))
    assert json.loads(clean.stdout)["runs"][0]["results"] == []


def test_junit_is_valid_and_a_warning_fails_only_where_it_is_asked_to(shop):
    spoil(shop, *UNSOURCED)
    mild, strict = check(shop, "junit"), check(shop, "junit", "--fail-on", "warning")
    assert (mild.returncode, strict.returncode) == (0, 1)
    for done, failures in ((mild, "0"), (strict, "1")):
        JUNIT.validate(done.stdout)
        assert f'tests="1" failures="{failures}"' in done.stdout
        assert "CS415 unsourced-rule" in done.stdout


def test_junit_of_a_clean_pack_has_one_case_that_passes(shop):
    done = check(shop, "junit")
    JUNIT.validate(done.stdout)
    assert 'tests="1" failures="0"' in done.stdout


def test_gitlab_is_valid_and_tells_equal_findings_apart(shop):
    spoil(shop, *UNSOURCED)
    spoil(shop, "decisions/return.yaml", "        because: 店铺承诺\n", "")
    done = check(shop, "gitlab")
    issues = json.loads(done.stdout)
    jsonschema.validate(issues, GITLAB)
    assert [issue["severity"] for issue in issues] == ["minor", "minor"]
    assert len({issue["fingerprint"] for issue in issues}) == 2
    assert json.loads(check(shop, "gitlab", "--lang", "en").stdout)[0]["fingerprint"] == issues[0]["fingerprint"]


def test_a_fingerprint_stays_when_lines_are_added_above(shop):
    spoil(shop, *UNSOURCED)
    before = json.loads(check(shop, "gitlab").stdout)
    spoil(shop, "decisions/return.yaml", "rules:\n", "# one\n# two\nrules:\n")
    after = json.loads(check(shop, "gitlab").stdout)
    assert after[0]["location"]["lines"]["begin"] == before[0]["location"]["lines"]["begin"] + 2
    assert after[0]["fingerprint"] == before[0]["fingerprint"]


def test_gitlab_of_a_clean_pack_is_an_empty_list(shop):
    assert json.loads(check(shop, "gitlab").stdout) == []


def test_github_gets_the_summary_of_a_step_as_a_table(shop, tmp_path):
    spoil(shop, *UNSOURCED)
    spoil(shop, "decisions/return.yaml", "  - id: damaged\n", "  - id: damaged | <b>\n")
    summary = tmp_path / "summary.md"
    check(shop, "github", GITHUB_STEP_SUMMARY=str(summary))
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("| 级别 | 代码 | 位置 | 说明 |\n| --- | --- | --- | --- |\n| error ")
    assert "<b>" not in text and "&lt;b>" in text
    assert all(line.count("|") == 5 for line in text.splitlines())


def test_the_summary_of_a_step_stays_below_what_github_takes():
    from csflow.diagnostics import Finding
    from csflow.diagnostics.rendering.github import github_summary
    from csflow.diagnostics.rendering.report import Report

    many = [Finding("unknown-fact", None, {"name": "事实" * 200})] * 2_000
    text = github_summary(Report(many), "zh-CN")
    assert len(text.encode()) < SUMMARY_LIMIT + 1_000
    assert "没有列出" in text


def test_an_ignored_finding_is_counted_and_not_told(shop):
    spoil(shop, *UNSOURCED)
    spoil(shop, *IGNORED)
    done = csflow("check", str(shop), "--lang", "en", "--strict", *AT)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "0 errors, 0 warnings, 0 notes, 1 ignored\n2 of 2 decisions analysed\n"
    document = json.loads(check(shop, "json").stdout)
    assert document["findings"] == []
    assert [(each["name"], each["reason"]) for each in document["ignored"]] == [("unsourced-rule", "店规未成文")]


def test_an_ignore_that_covers_nothing_is_a_finding(shop):
    spoil(shop, *IGNORED)
    done = csflow("check", str(shop), *AT)
    assert named(done.stdout) == {"unused-ignore"}


def test_an_error_that_keeps_the_pack_from_loading_cannot_be_ignored(shop):
    spoil(shop, *MISSPELT)
    spoil(shop, "decisions/return.yaml", "claim.conditon", "claim.conditon  # csflow: ignore[unknown-fact] later")
    done = csflow("check", str(shop), "--lang", "en", *AT)
    assert done.returncode == 1
    assert named(done.stdout) == {"unknown-fact", "error-not-ignored"}


@pytest.mark.parametrize(("least", "code"), [("error", 0), ("warning", 1), ("note", 1)])
def test_the_least_severity_that_fails_is_chosen(shop, least, code):
    spoil(shop, *UNSOURCED)
    assert csflow("check", str(shop), "--fail-on", least, *AT).returncode == code


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-workflows", ".github/workflows/policy.yml"),
        ("vendor.gitlab-ci", ".gitlab-ci.yml"),
    ],
)
@pytest.mark.parametrize("base", [(), ("--over", "cn")])
def test_the_jobs_of_ci_that_init_writes_are_valid(tmp_path, base, schema, file):
    assert csflow("init", str(tmp_path / "shop"), *base).returncode == 0
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(tmp_path / "shop" / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_of_pre_commit_call_commands_that_there_are(tmp_path):
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in hooks} == {"csflow-check", "csflow-format", "csflow-test"}
    for hook in hooks:
        assert {"id", "name", "entry", "language", "pass_filenames"} <= set(hook)
        _, command, *options = hook["entry"].split()
        done = csflow(command, *options, "--help")
        assert done.returncode == 0

"""What README and docs show is what happens: their Python runs, their YAML stands in the packs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# What the pages of findings show, wrong on purpose, is run with its pack by tests/spec/checks.
RUN_ELSEWHERE = ROOT / "docs" / "diagnostics"


def blocks(language: str) -> list:
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [
        pytest.param(match.group(1), id=f"{path.relative_to(ROOT)}:{number}")
        for path in DOCUMENTS
        if path.parent != RUN_ELSEWHERE
        for number, match in enumerate(pattern.finditer(path.read_text(encoding="utf-8")), 1)
    ]


@pytest.mark.parametrize("code", blocks("python"))
def test_python_in_the_documents_runs(code, tmp_path):
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=tmp_path)


def test_the_rule_of_the_readme_stands_in_the_pack():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pack = (ROOT / "policies" / "cn" / "decisions" / "no_reason_return.yaml").read_text(encoding="utf-8")
    for line in ("when: {exempt: none, in_time: true, state: intact}", "then: {outcome: allow, code: ok,"):
        assert line in readme and line in pack


def test_the_finding_of_the_readme_is_the_one_the_demo_prints():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = "from csflow.cli import main; main()"
    demo = subprocess.run(
        [sys.executable, "-c", code, "demo"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    shown = readme.split("## A mistake")[1].split("```")[1].strip("\n").splitlines()
    assert shown[0].split(": …")[0] in demo
    for line in shown[1:]:
        assert line in demo.splitlines()


def test_the_language_page_names_every_kind_function_and_document():
    from csflow.definitions.sections import DOCUMENTS as KINDS_OF_DOCUMENT
    from csflow.definitions.sections import PARAMETER_KINDS
    from csflow.expressions.functions import FUNCTIONS

    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    for word in (*PARAMETER_KINDS, *KINDS_OF_DOCUMENT):
        assert f"`{word}`" in page, word
    for function in FUNCTIONS:
        assert f"`{function}(" in page, function


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_documents_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target

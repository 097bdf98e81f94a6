"""What README and docs show is what happens: each is followed from top to bottom, and no block of it is passed over."""

from pathlib import Path

import pytest
from following import DocumentFault, follow, steps_of
from running import ROOT, csflow

# An example that is a walk says `sh`; of the others `test_examples` runs the one command.
WALKS = [page for page in sorted(ROOT.glob("examples/*/README.md")) if "```sh" in page.read_text(encoding="utf-8")]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *WALKS]
# Pages that are made, not written: what runs their examples, and holds the pages to what runs.
MADE = {
    "docs/diagnostics": "tests/spec/checks/test_catalogue.py",
    "docs/packs": "tests/spec/packs/test_pages.py",
    "docs/reference/language.md": "tests/spec/language/test_documents.py",
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_made(path: Path) -> bool:
    return any(named(path).startswith(made) for made in MADE)


FOLLOWED = [path for path in DOCUMENTS if not is_made(path) and "```" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", FOLLOWED, ids=named)
def test_a_document_does_what_it_says(path, tmp_path):
    follow(path.read_text(encoding="utf-8"), tmp_path)


@pytest.mark.parametrize("test", MADE.values())
def test_what_runs_the_pages_that_are_made_is_there(test):
    assert (ROOT / test).is_file()


@pytest.mark.parametrize(
    "block",
    [
        "```yaml\na: b\n```\n",
        "```\nplain\n```\n",
        "<!-- ends: 1 -->\n```python\n```\n",
        "<!-- other: x -->\n```sh\n```\n",
        "- ```sh\n  csflow check\n  ```\n  ```text\n  ```\n",
        "```sh\ncsflow check\n",
    ],
)
def test_a_block_that_nothing_checks_is_a_fault(block):
    with pytest.raises(DocumentFault):
        steps_of(block)


@pytest.mark.parametrize(
    "document",
    [
        "```sh\ncsflow check nowhere\n```\n",
        "<!-- ends: 1 -->\n```sh\ncsflow explain CS201\n```\n",
        "```python\nassert False\n```\n",
        "```sh\nprintf 'a\\nb'\n```\n```text\nb\na\n```\n",
        "```sh\ntrue\n```\n```text\nsaid\n```\n",
        "<!-- file: a.txt -->\n```text\na\n```\n<!-- replace: a.txt -->\n```text\nb\nc\n```\n",
        "<!-- part of: pyproject.toml -->\n```toml\nno such line\n```\n",
    ],
)
def test_what_does_not_come_out_as_a_document_says_is_a_fault(document, tmp_path):
    with pytest.raises(DocumentFault):
        follow(document, tmp_path)


def test_following_the_tutorial_for_authors_covers_every_rule_and_boundary(tmp_path):
    tutorial = ROOT / "docs" / "tutorials" / "author.zh-CN.md"
    shop = follow(tutorial.read_text(encoding="utf-8"), tmp_path).here
    assert csflow("test", "--fail-under", "100", cwd=shop).returncode == 0


def test_the_language_page_names_every_kind_function_and_document():
    from csflow.definitions.sections import DOCUMENTS as KINDS_OF_DOCUMENT
    from csflow.definitions.sections import PARAMETER_KINDS
    from csflow.expressions.functions import FUNCTIONS

    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    for word in (*PARAMETER_KINDS, *KINDS_OF_DOCUMENT):
        assert f"`{word}`" in page, word
    for function in FUNCTIONS:
        assert f"`{function}(" in page, function

"""Every entry of the catalogue has wording in three languages, an example that is run, and a page."""

import ast
import re
import string
from pathlib import Path

import pytest

from csflow.diagnostics import LANGUAGES, catalogue
from csflow.loading.passes import load_files

from .pages import FAMILIES, PAGES, UNSHOWN, Unshown, documents, index, page, page_name
from .running import FILES, ignoring, right, wanted, wrong

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "src" / "csflow"
NAMES = sorted(catalogue.names())
WITH_EXAMPLE = [name for name in NAMES if catalogue.by_name(name).example]
REGENERATE = "run `make reference` (python -m tests.spec.checks.generate) and look at the difference"


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_the_small_pack_is_clean():
    assert [finding.name for finding in load_files(FILES).diagnostics] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_worded_in_three_languages(name):
    entry = catalogue.by_name(name)
    assert re.fullmatch(r"CS\d{3}", entry.code)
    assert entry.code[2] in FAMILIES, f"say in pages.FAMILIES what CS{entry.code[2]}xx are about"
    assert entry.severity in ("error", "warning", "note")
    for language in LANGUAGES:
        wording = entry.wordings[language]
        for text in (wording.title, wording.message, wording.why):
            assert text.strip() and "TODO" not in text, language
        assert not wording.message.endswith(("。", ".")), "the first line stands alone, without a full stop"
    assert len({frozenset(placeholders(w.message + w.remedy)) for w in entry.wordings.values()}) == 1, (
        "the three languages fill different placeholders"
    )


def test_a_code_is_given_once():
    codes = [catalogue.by_name(name).code for name in NAMES]
    assert sorted(set(codes)) == sorted(codes)


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_the_wrong_side_of_an_example_is_found_on_its_line(name):
    example = catalogue.by_name(name).example
    outcome = wrong(name)
    assert [head for head in outcome.heads if head[0] not in example.also] == [wanted(name)], outcome.texts["en"]
    assert set(example.also) <= {found for found, _, _ in outcome.heads}, "`also` names what is not found"
    has_error = any(catalogue.by_name(each).severity == "error" for each in (name, *example.also))
    assert (outcome.exit_code > 0) == has_error
    for language in LANGUAGES:
        assert catalogue.by_name(name).code in outcome.texts[language]
        assert not re.search(r"\{[a-z_]+\}", head_of(name, outcome.texts[language])), "a placeholder is not filled"


def head_of(name: str, text: str) -> str:
    return next(line for line in text.split("\n") if f" {name}: " in line)


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_the_right_side_of_an_example_has_no_findings(name):
    outcome = right(name)
    assert (outcome.heads, outcome.exit_code) == ([], 0), outcome.texts["en"]


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WITH_EXAMPLE)))
def test_an_entry_without_an_example_says_why_and_is_shown_in_a_test(name):
    shown_in = catalogue.by_name(name).shown_in
    assert shown_in and name in UNSHOWN, str(Unshown(name))
    assert set(UNSHOWN[name]) == set(LANGUAGES)
    assert f'"{name}"' in (ROOT / shown_in).read_text(encoding="utf-8"), f"{shown_in} does not speak of {name}"


def test_what_has_an_example_is_not_listed_as_unshown():
    assert sorted(UNSHOWN) == sorted(set(NAMES) - set(WITH_EXAMPLE))
    assert [name for name in WITH_EXAMPLE if catalogue.by_name(name).shown_in] == []
    assert len(UNSHOWN) <= 6, "an example is the rule, and a list of exceptions stays short"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_to_be_near_is_there(name):
    for other in catalogue.by_name(name).see:
        assert other in NAMES and other != name, f"`see` of {name} names {other}"


# Pages


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_has_its_page_of_today(name):
    path = PAGES / page_name(name)
    assert path.is_file(), f"docs/diagnostics/{path.name} is missing: {REGENERATE}"
    assert path.read_text(encoding="utf-8") == page(name), f"docs/diagnostics/{path.name} is stale: {REGENERATE}"


def test_the_index_is_that_of_today_and_no_page_is_left_of_an_entry_that_is_gone():
    assert (PAGES / "README.md").read_text(encoding="utf-8") == index(), f"the index is stale: {REGENERATE}"
    assert {path.name for path in PAGES.iterdir()} == set(documents()), REGENERATE


def test_no_page_holds_a_sign_that_nobody_sees():
    for path in PAGES.iterdir():
        found = re.search(
            r"[\x00-\x09\x0b-\x1f\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", path.read_text("utf-8")
        )
        assert found is None, (path.name, found)


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_what_is_no_fault_can_be_ignored_and_what_keeps_a_pack_from_loading_cannot(name):
    entry = catalogue.by_name(name)
    if entry.severity == "error" and entry.code < "CS400":
        assert ignoring(name) is None
    # It comes with an error that is not ignored either.
    elif entry.severity != "error" and entry.example.place.endswith(".yaml") and name != "error-not-ignored":
        assert ignoring(name) is not None


# The code and the catalogue


def test_every_finding_that_the_code_reports_has_an_entry_and_every_entry_is_reported():
    words = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    assert set(NAMES) <= words, "entries that nothing reports"


def test_every_name_that_is_reported_in_so_many_words_has_an_entry():
    reported = {
        (node.args[0].value, path.name)
        for path in SOURCES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", None) == "report" or getattr(node.func, "id", None) in ("Finding", "refuse"))
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(reported) > 100
    assert [each for each in sorted(reported) if each[0] not in NAMES] == [], "findings without an entry"

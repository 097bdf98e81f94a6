"""Every entry of the catalogue has wording in three languages and an example that is run."""

import ast
import re
import string
from pathlib import Path

import pytest

from csflow.diagnostics import LANGUAGES, catalogue
from csflow.loading.passes import load_files

ROOT = Path(__file__).resolve().parents[3]
PACK = Path(__file__).parent / "pack"
FILES = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
NAMES = sorted(catalogue.names())
WITH_EXAMPLE = [name for name in NAMES if catalogue.by_name(name).example]


def load(file: str, text: str):
    return load_files(FILES | {file: text.encode()})


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_the_small_pack_is_clean():
    assert [finding.name for finding in load_files(FILES).diagnostics] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_worded_in_three_languages(name):
    entry = catalogue.by_name(name)
    assert re.fullmatch(r"CS\d{3}", entry.code)
    assert entry.severity in ("error", "warning", "note")
    for language in LANGUAGES:
        wording = entry.wordings[language]
        for text in (wording.title, wording.message, wording.why):
            assert text.strip() and "TODO" not in text, language
        assert not wording.message.endswith(("。", ".")), "the first line stands alone, without a full stop"
    assert len({frozenset(placeholders(w.message + w.remedy)) for w in entry.wordings.values()}) == 1, (
        "the three languages fill different placeholders"
    )


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_the_bad_example_is_found_on_its_line_and_the_good_one_is_clean(name):
    example = catalogue.by_name(name).example
    found = list(load(example.file, example.bad).diagnostics)
    assert [(finding.name, finding.mark.line) for finding in found] == [(name, example.line)]
    assert found[0].mark.path == example.file
    for language in LANGUAGES:
        assert found[0].message(language) and "{" not in found[0].message(language)
    assert [finding.name for finding in load(example.file, example.good).diagnostics] == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(WITH_EXAMPLE)))
def test_an_entry_without_an_example_is_shown_in_a_test(name):
    shown_in = catalogue.by_name(name).shown_in
    assert shown_in, "neither an example nor a test"
    assert f'"{name}"' in (ROOT / shown_in).read_text(encoding="utf-8")


def test_every_finding_that_the_code_reports_has_an_entry_and_every_entry_is_reported():
    words = set()
    for path in (ROOT / "src" / "csflow").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    assert set(NAMES) <= words, "entries that nothing reports"

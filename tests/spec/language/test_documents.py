"""The documents of `docs/reference` are those of today's pages, and the links of all documents lead somewhere."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from csflow.definitions import DOCUMENTS
from csflow.definitions.sections import HIT_POLICIES, PARAMETER_KINDS

from .generate import COMMAND, REFERENCE, documents, slug
from .pages import FOLDER, read_pages

ROOT = Path(__file__).resolve().parents[3]
WRITTEN = (ROOT / "docs").rglob("*.md"), FOLDER.glob("*.md"), ROOT.glob("examples/*/README.md")
LINKING = [ROOT / "README.md", *(path for found in WRITTEN for path in sorted(found))]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("name", ["language.md", "glossary.md"])
def test_a_made_document_is_that_of_todays_sources(name):
    committed = (REFERENCE / name).read_text(encoding="utf-8")
    assert committed == documents()[name], f"docs/reference/{name} is stale: run {COMMAND}"


@pytest.mark.parametrize("path", LINKING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading(path):
    text = _without_blocks(path)
    for link in LINK.findall(text):
        if link.startswith("http"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{path.name} links to {link}"
        if anchor:
            assert anchor in _anchors(target), f"{path.name} links to {link}"


def test_no_mark_of_the_tests_is_left_in_the_reference():
    text = documents()["language.md"]
    for mark in (
        "# error: [",
        "# warning: [",
        "# note: [",
        "error: [",
        "path=",
        "<!-- prose",
        "vocabulary: ",
        "```yaml ",
    ):
        assert mark not in text, mark


def test_every_deviation_from_dmn_shows_a_page():
    text = (REFERENCE / "dmn.md").read_text(encoding="utf-8")
    rows = [line for line in text.split("\n") if line.startswith("| ") and not line.startswith("| DMN")]
    assert len(rows) > 20
    for row in rows:
        assert "tests/spec/language/" in row, row


def test_every_decision_of_the_meaning_is_shown_by_a_section_that_checks_something():
    decided = tomllib.loads((FOLDER / "decided.toml").read_text(encoding="utf-8"))["decided"]
    assert len({one["says"] for one in decided}) == len(decided) > 100
    asking = {
        f"{page.name}#{anchor}"
        for page in read_pages()
        for section, anchor in zip(page.sections, _numbered(one.title for one in page.sections), strict=True)
        if section.files or section.tables or section.lines
    }
    for one in decided:
        assert one.keys() & {"shown", "elsewhere", "later"}, one["says"]
        for place in one.get("shown", ()):
            assert place in asking, f"{one['says']} {place}"
        for path in one.get("elsewhere", ()):
            assert (ROOT / path).is_file(), f"{one['says']} {path}"


def test_every_page_shows_something_that_was_decided():
    decided = tomllib.loads((FOLDER / "decided.toml").read_text(encoding="utf-8"))["decided"]
    showing = {place.partition("#")[0] for one in decided for place in one.get("shown", ())}
    assert {page.name for page in read_pages()} == showing


def test_the_glossary_has_every_word_once_and_those_of_the_language():
    areas = tomllib.loads((REFERENCE / "glossary.toml").read_text(encoding="utf-8"))["area"]
    words = [term["word"] for area in areas for term in area["term"]]
    assert len(words) == len(set(words))
    statuses = {"decided", "undecided", "no_rule", "conflict"}
    assert set(DOCUMENTS) | set(HIT_POLICIES) | set(PARAMETER_KINDS) | statuses <= set(words)
    for area in areas:
        for term in area["term"]:
            assert all(term[key].strip() for key in ("zh-CN", "zh-TW", "en", "meaning")), term


def test_taiwan_words_are_not_written_in_simplified_characters():
    simplified = set("们个这说时为问题单点务应该动约规则处传达实现资过还没进选项额费证损坏发货责订货运输历节")
    areas = tomllib.loads((REFERENCE / "glossary.toml").read_text(encoding="utf-8"))["area"]
    for area in areas:
        for term in area["term"]:
            assert not set(term["zh-TW"]) & simplified - set("則規處項額"), term


def test_headings_are_in_english_and_in_chinese():
    for page in read_pages():
        for section in page.sections[:1]:
            assert re.search(r"[a-zA-Z]", section.title) and re.search(r"[\u4e00-\u9fff]", section.title), page.name
        for section in page.sections:
            assert re.search(r"[\u4e00-\u9fff]", section.title), f"{page.name}: {section.title}"


def test_zone_files_in_pages_are_those_that_csflow_calendar_writes():
    from csflow.cli.calendar import zone_text

    seen = set()
    for page in read_pages():
        for section in page.sections:
            for file in section.files.values():
                name = re.match(r"zone: (\S+)\n", file.text)
                # Files that are meant to be refused are nobody's.
                if name is None or file.stated:
                    continue
                seen.add(name[1])
                made = zone_text(name[1])
                for line in file.text.split("\n"):
                    assert not line.startswith("  - ") or line in made, f"{page.name}: {line}"
    assert seen == {"Asia/Shanghai", "Asia/Taipei", "Europe/Berlin"}


def _anchors(path: Path) -> set[str]:
    """The anchors of a document: those of its headings, and those that it sets itself."""
    text = _without_blocks(path)
    return {*_numbered(re.findall(r"^#+ (.+)$", text, re.MULTILINE)), *re.findall(r'<a id="([^"]+)">', text)}


def _numbered(titles: Iterable[str]) -> Iterator[str]:
    """The anchors of headings; one that stands there again gets a number."""
    found: dict[str, int] = {}
    for title in titles:
        plain = slug(title)
        number = found.get(plain, 0)
        yield f"{plain}-{number}" if number else plain
        found[plain] = number + 1


def _without_blocks(path: Path) -> str:
    return re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)

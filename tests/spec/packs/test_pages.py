"""The pages of the packs are those of today's packs, one for every folder in `policies` and every language."""

import re
from pathlib import Path

import pytest

from .generate import COMMAND, LANGUAGES, PAGES, POLICIES, pages, write

TODAY = pages()


@pytest.mark.parametrize("name", TODAY)
def test_a_page_is_that_of_todays_pack(name):
    path = PAGES / name
    assert path.is_file(), f"docs/packs/{name} is missing: run {COMMAND}"
    assert path.read_text(encoding="utf-8") == TODAY[name], f"docs/packs/{name} is stale: run {COMMAND}"


def test_there_is_a_page_for_every_pack_and_none_besides():
    packs = {path.parent.name for path in POLICIES.glob("*/pack.yaml")}
    assert packs
    wanted = {f"{pack}.{language}.md" for pack in packs for language in LANGUAGES} | {"README.md"}
    assert {path.name for path in PAGES.iterdir()} == wanted


def test_the_index_leads_to_every_page():
    assert set(re.findall(r"\]\(([^)]+)\)", TODAY["README.md"])) == set(TODAY) - {"README.md"}


def test_every_page_is_small_enough_that_github_shows_it_as_a_page():
    # "Text files over 512 KB are always displayed as plain text": docs.github.com, repository limits.
    assert max(len(text.encode("utf-8")) for text in TODAY.values()) < 512 * 1024


def test_pages_of_packs_that_are_gone_are_taken_away(tmp_path: Path):
    (tmp_path / "gone.en.md").write_text("old", encoding="utf-8")
    write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(TODAY)

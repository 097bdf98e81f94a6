"""The pages of the packs are those of today's packs, a folder of them for every folder in `policies` and every language."""

import re
from pathlib import Path

import pytest

import csflow

from .generate import COMMAND, LANGUAGES, PAGES, POLICIES, pages, write

TODAY = pages()


@pytest.mark.parametrize("name", TODAY)
def test_a_page_is_that_of_todays_pack(name):
    path = PAGES / name
    assert path.is_file(), f"docs/packs/{name} is missing: run {COMMAND}"
    assert path.read_text(encoding="utf-8") == TODAY[name], f"docs/packs/{name} is stale: run {COMMAND}"


def test_there_is_a_page_for_every_pack_and_none_besides():
    packs = {csflow.load_pack(path.parent).name for path in POLICIES.glob("*/pack.yaml")}
    assert packs
    folders = {f"{pack}/{language}" for pack in packs for language in LANGUAGES}
    assert {name.rpartition("/")[0] for name in TODAY} == folders | {""}
    assert files(PAGES) == set(TODAY)


def test_the_index_leads_to_the_first_page_of_every_folder_and_from_there_to_every_page():
    firsts = {name for name in TODAY if name.endswith("/README.md")}
    assert set(links("README.md")) == firsts
    led = {f"{name.rpartition('/')[0]}/{link.partition('#')[0]}" for name in firsts for link in links(name)}
    assert {name for name in led if "/../" not in name} == set(TODAY) - firsts - {"README.md"}


def test_every_page_is_small_enough_that_github_shows_it_as_a_page():
    # "Text files over 512 KB are always displayed as plain text": docs.github.com, repository limits. The bound
    # lies far below it: a page that nears it is longer than anybody reads.
    assert max(len(text.encode("utf-8")) for text in TODAY.values()) < 200 * 1024


def test_pages_of_packs_that_are_gone_are_taken_away(tmp_path: Path):
    for name in ("gone.en.md", "gone/en/README.md", "cn/en/decision.gone.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("old", encoding="utf-8")
    write(tmp_path)
    assert files(tmp_path) == set(TODAY)
    assert not (tmp_path / "gone").exists()


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def links(name: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", TODAY[name])

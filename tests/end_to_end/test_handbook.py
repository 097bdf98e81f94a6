"""`csflow handbook`: a page or a folder of pages for each language, linked to those that were written beside it."""

import re
from pathlib import Path

import pytest
from running import ROOT, contents, csflow, spoil

from csflow.diagnostics import LANGUAGES


def test_all_three_languages_are_written_and_linked(tmp_path):
    done = csflow("handbook", "--pack", str(ROOT / "policies" / "cn"), "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stderr) == (0, "")
    names = [f"cn.{language}.html" for language in LANGUAGES]
    assert done.stdout.split() == [(tmp_path / "out" / name).as_posix() for name in names]
    pages = contents(tmp_path / "out")
    assert sorted(pages) == sorted(names)
    for name, page in pages.items():
        text = page.decode("utf-8")
        assert set(re.findall(r'href="([^#"][^"]*)"', text)) == set(names) - {name}
        assert str(tmp_path) not in text and str(ROOT) not in text


def test_the_nearest_pack_is_printed_into_a_folder_of_its_own(shop):
    done = csflow("handbook", "--lang", "zh-TW", cwd=shop)
    assert done.returncode == 0, done.stdout
    assert re.fullmatch(r"handbook/\w+\.zh-TW\.html", done.stdout.strip())


def test_one_language_links_to_no_page_that_is_not_there(shop, tmp_path):
    done = csflow("handbook", "--pack", str(shop), "--out", str(tmp_path / "out"), "--lang", "en")
    [page] = contents(tmp_path / "out").values()
    assert done.returncode == 0
    assert 'lang="en"' in page.decode("utf-8")
    assert re.findall(r'href="([^#"][^"]*)"', page.decode("utf-8")) == []


@pytest.mark.parametrize("languages", [("zh-CN", "en"), ("en", "zh-CN", "en")])
def test_some_languages_may_be_asked_for(shop, tmp_path, languages):
    asked = [word for language in languages for word in ("--lang", language)]
    assert csflow("handbook", "--pack", str(shop), "--out", str(tmp_path / "out"), *asked).returncode == 0
    assert {name.split(".")[1] for name in contents(tmp_path / "out")} == {"zh-CN", "en"}


def test_printing_again_gives_the_same_bytes(shop, tmp_path):
    for _ in range(2):
        csflow("handbook", "--pack", str(shop), "--out", str(tmp_path / "one"))
    csflow("handbook", "--pack", ".", "--out", str(tmp_path / "other"), cwd=shop)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_markdown_is_written_with_links_to_markdown(shop, tmp_path):
    asked = ("--format", "markdown", "--lang", "en", "--lang", "zh-CN")
    done = csflow("handbook", "--pack", str(shop), "--out", str(tmp_path / "out"), *asked)
    assert (done.returncode, done.stderr) == (0, "")
    firsts = [Path(line) for line in done.stdout.split()]
    assert [first.relative_to(tmp_path / "out").parts[1:] for first in firsts] == [
        ("zh-CN", "README.md"),
        ("en", "README.md"),
    ]
    pack = firsts[0].parents[1]
    pages = {path.relative_to(pack).as_posix(): path.read_text(encoding="utf-8") for path in pack.rglob("*.md")}
    assert len(pages) > 10
    assert pages["en/README.md"].startswith("[简体中文](../zh-CN/README.md)\n\n# ")
    for name, text in pages.items():
        assert "<html" not in text and ".html" not in text
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
            assert (pack / name).parent.joinpath(link).is_file(), f"{name} links to {link}"


def test_markdown_that_cannot_be_written_is_refused_by_its_path(shop, tmp_path):
    (tmp_path / "out").write_bytes(b"kept")
    done = csflow(
        "handbook", "--pack", str(shop), "--out", str(tmp_path / "out"), "--format", "markdown", "--lang", "en"
    )
    assert done.returncode == 2
    assert "unwritable-file" in done.stdout and "/en/README.md" in done.stdout


def test_a_form_that_is_none_is_two(shop, tmp_path):
    assert csflow("handbook", "--pack", str(shop), "--out", str(tmp_path), "--format", "pdf").returncode == 2


def test_a_pack_that_does_not_check_is_not_printed(shop, tmp_path):
    spoil(shop, "pack.yaml", "rounding", "roundning")
    done = csflow("handbook", "--pack", str(shop), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "roundning" in done.stdout
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_refused_with_two(shop, tmp_path):
    (tmp_path / "out").write_bytes(b"kept")
    done = csflow("handbook", "--pack", str(shop), "--out", str(tmp_path / "out"), "--lang", "en")
    assert done.returncode == 2
    assert "unwritable-file" in done.stdout
    assert (tmp_path / "out").read_bytes() == b"kept"


def test_no_such_pack_is_two(tmp_path):
    assert csflow("handbook", "--pack", str(tmp_path / "nowhere"), "--out", str(tmp_path)).returncode == 2

"""From a pack without tests to full coverage, with the commands of docs/how-to/coverage.md."""

import shutil
from pathlib import Path

import pytest
from running import ROOT, csflow


@pytest.mark.parametrize("folder", ["policies/tw", "tests/domain/shapes"])
def test_drafts_are_tests_that_pass_and_cover_the_whole_pack(folder: str, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(ROOT / folder, pack, ignore=shutil.ignore_patterns("tests"))
    (pack / "tests").mkdir()
    # Ways through a flow that quotes begin with an order, which nobody can draft.
    if (ROOT / folder / "tests" / "flows").is_dir():
        shutil.copytree(ROOT / folder / "tests" / "flows", pack / "tests" / "flows")
    below = csflow("test", "--fail-under", "100", "--lang", "en", cwd=pack)
    assert below.returncode == 1
    assert "coverage is below 100%" in below.stderr

    drafted = csflow("test", "--drafts", "tests/drafts.cases.yaml", "--lang", "en", cwd=pack)
    assert drafted.returncode == 0, drafted.stdout + drafted.stderr
    assert csflow("check", "--lang", "en", cwd=pack).returncode == csflow("check", folder, "--lang", "en").returncode

    full = csflow("test", "--coverage", "--fail-under", "100", "--html", "coverage.html", "--lang", "en", cwd=pack)
    assert full.returncode == 0, full.stdout + full.stderr
    total = next(line for line in full.stdout.splitlines() if line.startswith("total"))
    assert total.count("100%") == 3
    assert (pack / "coverage.html").read_text(encoding="utf-8").count("✗") == 0

    again = csflow("test", "--drafts", "tests/drafts.cases.yaml", "--lang", "en", cwd=pack)
    assert again.returncode == 2
    assert "existing-file" in again.stdout

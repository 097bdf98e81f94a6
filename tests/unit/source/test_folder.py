"""Which files a pack consists of, and that none of them lies outside its folder."""

from pathlib import Path

import pytest

from csflow.diagnostics import Diagnostics
from csflow.source import folder, read_file, read_folder
from csflow.source.folder import names_in


def read(root: Path) -> tuple[list[str], list[tuple[str, str | None]]]:
    diagnostics = Diagnostics()
    files = read_folder(root, diagnostics)
    return list(files), [(finding.name, finding.subject) for finding in diagnostics]


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a: " + name.encode() + b"\n")


def test_yaml_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "pack.yaml", "b/x.yml", "b/a/y.yaml", "b.yaml", "B.YAML", "中文/规则.yaml", "notes.md", "x.csv")
    assert read(tmp_path) == (["B.YAML", "b.yaml", "b/a/y.yaml", "b/x.yml", "pack.yaml", "中文/规则.yaml"], [])
    assert read_folder(tmp_path, Diagnostics())["b/x.yml"] == b"a: b/x.yml\n"


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.yaml", ".git/a.yaml", "b/.c/d.yaml", "e.yaml")
    assert read(tmp_path) == (["e.yaml"], [])


def test_a_missing_folder_and_a_file_in_its_place_are_reported(tmp_path: Path) -> None:
    write(tmp_path, "file")
    assert read(tmp_path / "none") == ([], [("unreadable-file", str(tmp_path / "none"))])
    assert read(tmp_path / "file") == ([], [("unreadable-file", str(tmp_path / "file"))])


def test_links_may_lead_anywhere_inside(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    write(pack, "a.yaml", ".data/b.yaml", "sub/c.yaml")
    (pack / "b.yaml").symlink_to(".data/b.yaml")
    (pack / "again").symlink_to("sub")
    (pack / "hidden").symlink_to(".data")
    (tmp_path / "link").symlink_to("pack")
    assert read(tmp_path / "link") == (["a.yaml", "b.yaml", "hidden/b.yaml", "sub/c.yaml"], [])


def test_links_that_leave_are_reported_and_not_read(tmp_path: Path) -> None:
    write(tmp_path, "outside.yaml", "outside/x.yaml", "pack-2/y.yaml", "readme.md")
    pack = tmp_path / "pack"
    write(pack, "a.yaml")
    (pack / "b.yaml").symlink_to("../outside.yaml")
    (pack / "c").symlink_to("../outside")
    (pack / "d").symlink_to(tmp_path / "pack-2")
    (pack / "readme.md").symlink_to("../readme.md")
    files, found = read(pack)
    assert files == ["a.yaml"]
    assert sorted(found) == [("path-escape", "b.yaml"), ("path-escape", "c"), ("path-escape", "d")]
    diagnostics = Diagnostics()
    read_folder(pack, diagnostics)
    assert {finding.subject: finding.values["target"] for finding in diagnostics} == {
        "b.yaml": "../outside.yaml",
        "c": "../outside",
        "d": str(tmp_path / "pack-2"),
    }


def test_a_link_that_leads_nowhere_is_reported_where_it_may_be_a_rule(tmp_path: Path) -> None:
    for name in ("a.yaml", "decisions", "sheet.xlsx"):
        (tmp_path / name).symlink_to("nowhere")
    assert read(tmp_path) == ([], [("unreadable-file", "a.yaml"), ("unreadable-file", "decisions")])


def test_a_pack_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.yaml", "b.yaml")
    monkeypatch.setattr(folder, "MAX_PACK_BYTES", 20)
    assert read(tmp_path) == (["a.yaml", "b.yaml"], [])
    monkeypatch.setattr(folder, "MAX_PACK_BYTES", 19)
    assert read(tmp_path) == ([], [("pack-too-large", str(tmp_path))])


def test_a_file_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml")
    (tmp_path / "b.yaml").write_bytes(b"x" * (1024 * 1024 + 1))
    assert read(tmp_path) == (["a.yaml"], [("file-too-large", "b.yaml")])


def test_a_file_named_in_a_pack_is_read(tmp_path: Path) -> None:
    write(tmp_path, "sheets/cost.csv")
    diagnostics = Diagnostics()
    assert read_file(tmp_path, "sheets/cost.csv", diagnostics) == b"a: sheets/cost.csv\n"
    assert read_file(tmp_path, "sheets/../sheets/cost.csv", diagnostics) == b"a: sheets/cost.csv\n"
    assert list(diagnostics) == []


def test_a_file_is_as_large_as_its_reader_allows(tmp_path: Path) -> None:
    write(tmp_path, "a.csv")
    diagnostics = Diagnostics()
    assert read_file(tmp_path, "a.csv", diagnostics, limit=9) == b"a: a.csv\n"
    assert read_file(tmp_path, "a.csv", diagnostics, limit=8) is None
    assert [(f.name, f.values) for f in diagnostics] == [("file-too-large", {"size": 9, "limit": 8})]


@pytest.mark.parametrize("path", ["../x.csv", "/etc/passwd", "a/../../x.csv", "C:\\x.csv", "link.csv", "linked/x.csv"])
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    write(tmp_path, "x.csv", "pack/y.csv")
    (tmp_path / "pack" / "link.csv").symlink_to("../x.csv")
    (tmp_path / "pack" / "linked").symlink_to("..")
    diagnostics = Diagnostics()
    assert read_file(tmp_path / "pack", path, diagnostics) is None
    (finding,) = diagnostics
    assert (finding.name, finding.values) == ("path-escape", {"target": path})


def test_a_finding_stands_where_the_pack_names_the_file(tmp_path: Path) -> None:
    from .written import scalar_of

    named = scalar_of("x: y\na: none.csv\n")
    diagnostics = Diagnostics()
    assert read_file(tmp_path, named.text, diagnostics, mark=named.mark) is None
    (finding,) = diagnostics
    assert finding.mark is not None
    assert (finding.name, finding.mark.line, finding.mark.column) == ("unreadable-file", 2, 4)


def test_the_names_of_a_folder_inside_are_told_and_of_no_other(tmp_path: Path) -> None:
    write(tmp_path, "outside/secret.csv", "pack/sheets/a.csv", "pack/sheets/b.csv")
    pack = tmp_path / "pack"
    (pack / ".linked").symlink_to("../outside")
    assert names_in(pack, "sheets") == ["a.csv", "b.csv"]
    for none in (".linked", "../outside", "nowhere", "sheets/a.csv", "x" * 5000, "a\0b"):
        assert names_in(pack, none) == []

"""`csflow format` as a user runs it: what it writes, what it leaves alone, and what it says."""

import re
import stat
import sys

import pytest
from running import ROOT, contents, csflow, named, spoil

from csflow.cli import format, writing
from csflow.cli.options import Quit
from csflow.loading.passes import load_folder

RULE = "decisions/return.yaml"


@pytest.fixture
def messy(shop):
    """The shop as it comes from a Chinese keyboard and a Windows editor; and how it was."""
    before = contents(shop)
    spoil(shop, RULE, "decision: no", "decision：no")
    spoil(shop, RULE, "governed_by: order", "governed_by:\u3000order")
    spoil(
        shop, RULE, "    when: {in_time: true, condition: damaged}", "\t\twhen: {in_time: true，condition: damaged}   "
    )
    spoil(shop, RULE, "within(param.return_window, ", "within（param.return_window，")
    spoil(shop, RULE, "rate * order.paid", "rate*order.paid")
    spoil(shop, RULE, "is given and days", "is given && days")
    spoil(shop, "decisions/route.yaml", '"not(none, customer)"', "not(none,customer)")
    spoil(shop, "facts.yaml", "max: 100000 CNY", "max: １00000元")
    spoil(shop, "facts.yaml", "min: 0 days", "min: 0天")
    spoil(shop, "pack.yaml", '"[2024-01-01..2027-01-01)"', "[2024-01-01..2027-01-01)")
    (shop / "pack.yaml").write_bytes(b"\xef\xbb\xbf" + (shop / "pack.yaml").read_bytes().replace(b"\n", b"\r\n"))
    (shop / "codes.yaml").write_bytes((shop / "codes.yaml").read_bytes().rstrip())
    return shop, before


def test_a_messy_pack_becomes_what_it_was_meant_to_be(messy):
    shop, before = messy
    assert load_folder(shop).pack is None
    done = csflow("format", str(shop), "--lang", "en")
    assert done.returncode == 0
    names = ["codes.yaml", RULE, "decisions/route.yaml", "facts.yaml", "pack.yaml"]
    assert done.stdout.splitlines() == [f"{shop.as_posix()}/{name}" for name in names]
    assert done.stderr == "5 files formatted, 0 to be mended first\n"
    assert contents(shop) == before


def test_check_lists_what_would_change_writes_nothing_and_fails(messy):
    shop, _ = messy
    before = contents(shop)
    done = csflow("format", str(shop), "--check")
    assert done.returncode == 1
    assert f"{shop.as_posix()}/{RULE}" in done.stdout.splitlines()
    assert contents(shop) == before


def test_check_of_a_formatted_pack_is_clean(shop):
    done = csflow("format", str(shop), "policies/cn", "--check", "--lang", "zh-CN")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "有 0 个文件需要整理，0 个要先修改\n")


def test_diff_shows_each_line_before_and_after_and_writes_nothing(shop):
    spoil(shop, "pack.yaml", "rounding: half_up", "rounding：half_up")
    (shop / "codes.yaml").write_bytes((shop / "codes.yaml").read_bytes().rstrip())
    before = contents(shop)
    done = csflow("format", str(shop), "--diff")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[:2] == [f"--- {shop.as_posix()}/codes.yaml", f"+++ {shop.as_posix()}/codes.yaml (formatted)"]
    assert "\\ No newline at end of file" in lines
    assert lines.index("-rounding：half_up") + 1 == lines.index("+rounding: half_up")
    assert contents(shop) == before


def test_a_file_that_cannot_be_mended_stays_byte_for_byte_and_the_others_are_formatted(shop):
    spoil(shop, RULE, "decision: no", "decision：no")
    spoil(shop, "pack.yaml", "rounding: half_up", "rounding：half_up")
    spoil(shop, "pack.yaml", "currency: CNY", 'currency: "CNY')
    broken = (shop / "pack.yaml").read_bytes()
    done = csflow("format", str(shop))
    assert done.returncode == 1
    assert f"{shop.as_posix()}/pack.yaml:4:11: error CS007 yaml-syntax" in done.stdout
    assert f"{shop.as_posix()}/{RULE}" in done.stdout.splitlines()
    assert (shop / "pack.yaml").read_bytes() == broken
    assert (shop / RULE).read_text(encoding="utf-8").startswith("decision: no")


def test_a_typo_in_a_name_is_for_check_and_hinders_no_formatting(shop):
    spoil(shop, RULE, "condition: claim.condition", "condition:  claim.conditon   ")
    done = csflow("format", str(shop))
    assert done.returncode == 0
    assert "  condition:  claim.conditon\n" in (shop / RULE).read_text(encoding="utf-8")


def test_one_file_of_a_pack_is_formatted_alone_with_what_the_pack_says(messy):
    shop, before = messy
    others = contents(shop)
    done = csflow("format", str(shop / "facts.yaml"))
    assert done.stdout == f"{shop.as_posix()}/facts.yaml\n"
    assert contents(shop)["facts.yaml"] == before["facts.yaml"]
    assert {name for name, data in contents(shop).items() if data != others[name]} == {"facts.yaml"}


def test_the_nearest_pack_is_formatted_and_the_standard_one_never_unasked(messy, tmp_path):
    shop, before = messy
    done = csflow("format", cwd=shop / "decisions")
    assert done.returncode == 0 and "../decisions/return.yaml" in done.stdout
    assert contents(shop) == before
    alone = csflow("format", cwd=tmp_path)
    assert alone.returncode == 2
    assert named(alone.stdout) == {"no-pack-here"}


def test_a_folder_that_is_not_there_is_a_usage_error():
    done = csflow("format", "no/such/folder")
    assert done.returncode == 2 and " no-such-pack: " in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")
def test_the_mode_of_a_file_and_a_link_inside_the_pack_are_kept(shop):
    spoil(shop, "codes.yaml", "codes:", "codes:  ")
    (shop / "codes.yaml").chmod(0o640)
    (shop / "codes.yaml").rename(shop / "codes.txt")
    (shop / "codes.yaml").symlink_to("codes.txt")
    assert csflow("format", str(shop)).returncode == 0
    assert (shop / "codes.yaml").is_symlink()
    assert (shop / "codes.txt").read_text(encoding="utf-8").startswith("codes:\n")
    assert stat.S_IMODE((shop / "codes.txt").stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_link_out_of_the_pack_is_reported_and_not_followed(shop, tmp_path):
    outside = tmp_path / "outside.yaml"
    outside.write_bytes(b"codes:  \n  x: y   \n")
    (shop / "linked.yaml").symlink_to(outside)
    done = csflow("format", str(shop))
    assert done.returncode == 1 and " path-escape: " in done.stdout
    assert outside.read_bytes() == b"codes:  \n  x: y   \n"


def test_a_file_that_cannot_be_written_is_named_and_stays_whole(shop, monkeypatch, capsys):
    spoil(shop, RULE, "decision: no", "decision：no")
    before = contents(shop)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(Quit) as stop:
        format.run([shop])
    assert stop.value.code == 2
    assert named(capsys.readouterr().out) == {"unwritable-file"}
    assert contents(shop) == before


def test_the_packs_of_the_repository_are_formatted():
    for pack in (ROOT / "policies").iterdir():
        assert csflow("format", str(pack), "--check").returncode == 0


def told():
    """The rows of the page on formatting whose both sides are text: as typed, as written."""
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (`.*`[^|]*) \| (`[^|`]*`(?:, `[^|`]*`)*) \|$", page)
    for typed, written in rows:
        before, after = re.findall(r"`([^`]+)`", typed), re.findall(r"`([^`]+)`", written)
        yield from zip(before, after if len(after) > 1 else after * len(before), strict=True)


# Where what the page shows may stand in the shop.
PLACES = {
    "rounding": ("pack.yaml", "rounding: half_up"),
    "{in_time": (RULE, "{in_time: true, condition: damaged}"),
    "when": (RULE, "when: {in_time: false}"),
    "length": ("parameters.yaml", "length: 7 days"),
    "max": ("parameters.yaml", "max: 100%"),
    "fault": ("decisions/route.yaml", 'fault: "not(none, customer)"'),
    "rate": (RULE, "param.restocking_rate * order.paid"),
    "f": (RULE, "claim.promised_days\n"),
}


@pytest.mark.parametrize(("typed", "written"), [*told()])
def test_the_page_on_formatting_says_what_happens(shop, typed, written):
    file, old = PLACES[re.match(r"\{?[a-z_]+", typed)[0]]
    end = "\n" if old.endswith("\n") else ""
    spoil(shop, file, old, typed + end)
    assert csflow("format", str(shop)).returncode == 0
    assert written + end in (shop / file).read_text(encoding="utf-8")


def test_the_page_on_formatting_shows_enough():
    assert {re.match(r"\{?[a-z_]+", typed)[0] for typed, _ in told()} == set(PLACES)

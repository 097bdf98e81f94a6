"""`csflow graph`: a flow as Mermaid or SVG, printed or written, also against an edition before it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from running import ROOT, csflow, named, spoil

DESK = ROOT / "tests" / "unit" / "reports" / "graph" / "desk"
GOLDEN = ROOT / "tests" / "unit" / "reports" / "graph" / "golden"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the small desk of complaints, to be edited."""
    for path in DESK.rglob("*.yaml"):
        target = tmp_path / "desk" / path.relative_to(DESK)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return tmp_path / "desk"


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize(("form", "end"), [("mermaid", "mmd"), ("svg", "svg")])
def test_a_flow_is_printed_in_each_language_and_format(language, form, end):
    done = csflow("graph", "payout", "--pack", str(DESK), "--lang", language, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (GOLDEN / f"payout.{language}.{end}").read_text(encoding="utf-8")


def test_mermaid_is_printed_where_no_format_is_named(desk):
    assert csflow("graph", "payout", cwd=desk).stdout == (GOLDEN / "payout.en.mmd").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_bytes_do_not_depend_on_the_process(seed):
    done = csflow("graph", "complaint", "--pack", str(DESK), "--lang", "zh-CN", "--format", "svg", PYTHONHASHSEED=seed)
    other = csflow("graph", "complaint", "--pack", str(DESK), "--lang", "zh-CN", "--format", "svg", PYTHONHASHSEED="7")
    assert done.stdout == other.stdout != ""


def test_a_picture_is_written_to_a_file_whose_name_is_printed(tmp_path):
    out = tmp_path / "pictures" / "payout.svg"
    done = csflow("graph", "payout", "--pack", str(DESK), "--lang", "zh-TW", "--format", "svg", "--out", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{out.as_posix()}\n", "")
    assert out.read_bytes() == (GOLDEN / "payout.zh-TW.svg").read_bytes()


def test_an_edition_is_drawn_against_the_one_before(desk):
    spoil(desk, "flows/payout.yaml", "when: attempts < 3", "when: attempts < 2")
    asked = ("graph", "payout", "--pack", str(desk), "--against", str(DESK), "--lang", "en")
    done = csflow(*asked)
    assert done.returncode == 0
    assert "－ payment failed#58; by system#59; if attempts is less than 3" in done.stdout
    assert "＋ payment failed#58; by system#59; if attempts is less than 2" in done.stdout
    root = ElementTree.fromstring(csflow(*asked, "--format", "svg").stdout)
    assert root.find("{http://www.w3.org/2000/svg}desc").text.endswith("Added: 0. Removed: 0. Changed: 1.")


@pytest.mark.parametrize(("language", "meant"), [("zh-CN", "您是不是想写「payout」"), ("en", "did you mean `payout`")])
def test_a_flow_that_is_not_there_ends_with_2_and_the_near_name(language, meant):
    done = csflow("graph", "pay_out", "--pack", str(DESK), "--lang", language)
    assert done.returncode == 2
    assert named(done.stdout) == {"no-such-flow"}
    assert meant in done.stdout


def test_a_flow_that_the_other_edition_does_not_have_ends_with_2_and_its_pack(desk):
    spoil(desk, "flows/complaint.yaml", "flow: complaint", "flow: grievance")
    spoil(desk, "pack.yaml", "pack: complaint_desk", "pack: former_desk")
    done = csflow("graph", "complaint", "--pack", str(DESK), "--against", str(desk), "--lang", "en")
    assert done.returncode == 2
    assert named(done.stdout) == {"no-such-flow"}
    assert "`former_desk`" in done.stdout


def test_a_pack_that_is_not_there_ends_with_2_and_one_that_is_wrong_with_1(desk):
    assert csflow("graph", "payout", "--pack", "nowhere").returncode == 2
    assert csflow("graph", "payout", "--pack", str(DESK), "--against", "nowhere").returncode == 2
    spoil(desk, "flows/payout.yaml", "paid: done", "paid: doen")
    done = csflow("graph", "payout", "--pack", str(DESK), "--against", str(desk))
    assert (done.returncode, named(done.stdout)) == (1, {"unknown-state"})


def test_a_file_that_cannot_be_written_ends_with_2(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = csflow("graph", "payout", "--pack", str(DESK), "--out", str(tmp_path / "file" / "payout.mmd"))
    assert done.returncode == 2
    assert named(done.stdout) == {"unwritable-file"}

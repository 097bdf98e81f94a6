"""`csflow demo` as a user runs it: what each of its parts shows, and what it writes."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from running import csflow

TELLER = re.compile(r"^( *)(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}):00\+08:00  (.*)$")


def sections(printed: str) -> list[str]:
    return printed.split("\n== ")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the demo prints in its two languages, and the folder that it drew into: a temporary one of its own."""
    here, temporary = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("temporary")
    done = csflow("demo", cwd=here, TMPDIR=str(temporary), TEMP=str(temporary))
    assert (done.returncode, done.stderr) == (0, "")
    assert list(here.iterdir()) == []
    (folder,) = temporary.iterdir()
    return done.stdout, folder


def test_the_demo_decides_flips_and_finds_a_typo_in_two_languages(played):
    chinese, english, later, _, typo, _, laws, laws_in_english, _, markets, refunds, refunded, *_ = sections(played[0])
    assert "结论：同意" in chinese and "依据：消费者权益保护法 第二十五条" in chinese
    assert "Outcome: allow" in english and "because: Consumer Rights Protection Law art 25" in english
    assert "结论：拒绝" in later and "超过七日 (expired)" in later
    assert "no_reason_return.yaml:8:57: error CS201 unknown-fact" in typo
    assert "您是不是想写「claim.requested_at」？" in typo
    rows = [line.split("  ") for line in laws_in_english.splitlines()]
    table = {row[0].strip(): [cell.strip() for cell in row[1:] if cell.strip()] for row in rows}
    assert table["Outcome"] == ["allow"] * 3
    ends = ["2025-11-18 00:00:00+08:00", "2025-11-25 00:00:00+01:00", "2025-11-18 00:00:00+08:00"]
    assert table["Window ends"] == ends
    assert table["Return freight borne by"] == ["customer", "customer", "merchant"]
    assert table["Outbound freight given back"] == ["0.00 CNY", "10.00 EUR", "10.00 TWD"]
    due = ["2025-11-26 00:00:00+08:00", "2025-12-02 00:00:00+01:00", "2025-12-04 00:00:00+08:00"]
    assert table["Refund due by"] == due
    assert "第2011/83/EU号指令" in laws and "消费者保护法（台湾）" in laws and "消费者权益保护法" in laws
    assert "Directive 2011/83/EU" in laws_in_english
    assert "Owed in the process  50.00 CNY  30.00 CNY\nLeft to the parties  none       20.00 CNY\n" in markets
    first, second = refunds.split("\n\n")[:2]
    assert "    scarf  101.25  -31.25     38.89  12.96  18.15  70.00\n" in first
    assert "此前已退：70.00 CNY" in second and "    coat    111.11  37.04  51.85  200.00\n" in second
    assert "Refund now: 70.00 CNY" in refunded and "Refund now: 200.00 CNY" in refunded
    assert "Taobao dispute rules art 15" in markets and "JD general dispute rules art 47" in markets


# What happens, with the day and time of it; what a child does stands four signs further in.
CASE = [
    ("17", "10:00", "opened (system) → The seller has to answer (awaiting_seller)"),
    ("17", "10:30", "Not dealt with in time (clock) → The seller has to answer (awaiting_seller)"),
    (
        "17",
        "12:00",
        "The seller refuses the return (merchant) → refused: The return is due: the seller may not refuse it (return.must_accept)",
    ),
    (
        "17",
        "13:00",
        "The seller agrees, and gives the return address (merchant) → The customer has to send the goods (awaiting_return)",
    ),
    ("18", "09:00", "The customer sends the goods back (customer) → The return is on its way (return_in_transit)"),
    ("20", "09:00", "The return arrives (carrier) → Inspecting (inspecting)"),
    ("20", "12:00", "The seller inspected the goods (merchant) → Refunding (refunding)"),
    ("20", "13:00", "Payout · Paid (system) → Refunded (refunded), the case ends"),
]
PAYMENT = re.compile(r"asks the host: Pay the plan ([\d.]+) CNY \((.*), key ([0-9a-f]{12})\)")


def test_the_case_is_opened_escalated_by_its_clock_refunded_and_closed(played):
    case = sections(played[0])[13]
    told = [found.groups() for found in map(TELLER.match, case.splitlines()) if found]
    assert [(day[-2:], time, what) for indent, day, time, what in told if not indent] == CASE
    lines = case.splitlines()
    assert lines[3:5] == [
        "  First response: due 2025-11-17T10:30:00+08:00",
        "  The request is dealt with: due 2025-12-03T00:00:00+08:00",
    ]
    escalated = lines.index(f"2025-11-17T10:30:00+08:00  {CASE[1][2]}")
    assert lines[escalated + 1 : escalated + 3] == [
        "  · Level that deals with it: Front line (level 1) → Complaint specialist (level 2)",
        "  · asks the host: Alert the staff",
    ]


def test_each_payment_is_asked_for_and_the_one_that_failed_again_under_its_key(played):
    _, statement = sections(played[0])[11].split("\n\n")[:2]
    case = sections(played[0])[13]
    asked = PAYMENT.findall(case)
    assert [(amount, way) for amount, way, _ in asked] == [
        ("111.11", "WeChat Pay"),
        ("37.04", "Balance"),
        ("51.85", "Red packet"),
        ("111.11", "WeChat Pay"),
    ]
    # They are those of the settlement before.
    assert all(f"  to {way}: {amount} CNY\n" in statement for amount, way, _ in asked)
    failing, balance, packet, retried = (key for _, _, key in asked)
    assert failing == retried
    assert len({failing, balance, packet}) == 3
    told = [found.groups() for found in map(TELLER.match, case.splitlines()) if found]
    assert [(time, what) for indent, _, time, what in told if indent] == [
        ("12:00", "opened (system) → Refunding (refunding)"),
        ("12:00", f"A payment failed (system, key {failing}) → Refunding (refunding)"),
        ("12:00", f"A payment succeeded (system, key {balance}) → Refunding (refunding)"),
        ("12:00", f"A payment succeeded (system, key {packet}) → Refund failed (refund_failed)"),
        ("13:00", "Try again (clock) → Refunding (refunding)"),
        ("13:00", f"A payment succeeded (system, key {failing}) → Paid (done), the case ends"),
    ]


def test_the_case_is_told_in_chinese_too_with_the_same_times_and_keys(played):
    chinese, english = sections(played[0])[12:14]
    assert "  · 处理级别：一线客服（一级支持） → 投诉专员（二级支持）\n" in chinese
    assert "退款执行 · 已到账 (系统) → 已退款 (refunded)，结案\n" in chinese
    exact = re.compile(r"\d{4}-\d{2}-\d{2}T\S+|[0-9a-f]{12}|\d+\.\d{2} CNY|\(\w+_\w+\)")
    assert exact.findall(chinese) == exact.findall(english)


def test_the_flow_is_drawn_where_it_says(played):
    printed, folder = played
    named = [line for part in sections(printed)[14:] for line in part.splitlines()[1:] if line]
    ends = ["zh-CN.svg", "zh-CN.mmd", "en.svg", "en.mmd"]
    assert named == [(folder / f"return_refund.{end}").as_posix() for end in ends]
    assert sorted(folder.iterdir()) == sorted(map(Path, named))
    for language, state in (("zh-CN", "待商家答复"), ("en", "The seller has to answer")):
        drawn = ElementTree.parse(folder / f"return_refund.{language}.svg").getroot()
        assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
        assert state in " ".join(drawn.itertext())
        assert state in (folder / f"return_refund.{language}.mmd").read_text(encoding="utf-8")


def test_the_pictures_go_where_they_are_wanted_and_a_place_that_cannot_be_is_named(tmp_path):
    done = csflow("demo", "--out", "pictures/here", "--lang", "zh-TW", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.endswith(
        "== 八、這個流程的圖 ==\npictures/here/return_refund.zh-TW.svg\npictures/here/return_refund.zh-TW.mmd\n\n"
    )
    assert "  · 處理層級：第一線客服（一級支援） → 客訴專員（二級支援）\n" in done.stdout
    assert {path.name for path in (tmp_path / "pictures" / "here").iterdir()} == {
        "return_refund.zh-TW.svg",
        "return_refund.zh-TW.mmd",
    }
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = csflow("demo", "--out", "file/below", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 2
    assert "unwritable-file" in done.stdout

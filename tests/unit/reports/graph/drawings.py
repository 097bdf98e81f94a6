"""Owns what tests of pictures read: the flows of the small desk, another edition of it, and its texts by language."""

import shutil
from functools import cache
from pathlib import Path

import csflow
from csflow.reports.graph.comparing import compared
from csflow.reports.graph.sketching import picture_of

HERE = Path(__file__).parent
DESK = HERE / "desk"
GOLDEN = HERE / "golden"
SVG = "{http://www.w3.org/2000/svg}"

# What the other edition says instead: a state goes and one comes, a guard, a clock and a rule for all states change.
EDITS = (
    (
        "complaint.claimed <= 5000 CNY and complaint.fault_of in",
        "complaint.claimed <= 8000 CNY and complaint.fault_of in",
    ),
    (
        "complaint.claimed <= 5000 CNY and complaint.fault_of not",
        "complaint.claimed <= 8000 CNY and complaint.fault_of not",
    ),
    ("complaint.claimed > 5000 CNY", "complaint.claimed > 8000 CNY"),
    ("      sampled: testing\n      dismiss: dismissed\n", "      dismiss: dismissed\n      agrees: mediating\n"),
    ("pause_in: [communicating, testing]", "pause_in: [communicating]"),
    ("remind: {do: [hand_over]}", "remind: {do: [hand_over, call_customer]}"),
    (
        """  testing:
    title: {zh-CN: 送检, zh-TW: 送驗, en: Testing}
    stage: inquiry
    timers: [{after: 15 days, raise: remind, title: {zh-CN: 检测超期, zh-TW: 檢驗逾期, en: test is late}}]
    on: {sampled: investigating}
""",
        """  mediating:
    title: {zh-CN: 第三方调解, zh-TW: 第三方調解, en: Mediating}
    stage: talks
    timers: [{after: 30 days, raise: escalate}]
    on: {agrees: communicating, rejects: dismissed}
""",
    ),
)


@cache
def desk():
    return csflow.load_pack(DESK)


def edition(folder, edits=EDITS, file="flows/complaint.yaml"):
    """A copy of the desk with edits, each of which must find its place once."""
    shutil.copytree(DESK, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder


def picture(name="complaint", language="zh-CN", pack=None):
    linked = (pack or desk()).linked
    return picture_of(linked, linked.flows[name], language)


def difference(folder, edits=EDITS, language="zh-CN", file="flows/complaint.yaml", name="complaint"):
    """The desk, and its other edition as what it became."""
    new = csflow.load_pack(edition(folder, edits, file))
    return compared(picture(name, language), picture(name, language, new))

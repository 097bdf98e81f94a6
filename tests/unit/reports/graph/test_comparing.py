"""The difference of two editions: what came, what went, what is told or meant otherwise, in colour, sign and stroke."""

from collections import Counter
from xml.etree import ElementTree

import pytest
from tests.unit.reports.graph.drawings import SVG, difference, edition, picture
from tests.unit.reports.graph.mermaid_grammar import read

import csflow
from csflow.diagnostics import LANGUAGES
from csflow.reports.graph.comparing import compared
from csflow.reports.graph.mermaid import mermaid
from csflow.reports.graph.picture import Change
from csflow.reports.graph.svg import svg


def changed(parts):
    return {part.key: part.change for part in parts if part.change is not Change.SAME}


def told(part):
    return [(line.change, line.text) for line in part.lines if line.change is not Change.SAME]


def test_states_and_arrows_that_came_went_or_changed_are_marked(tmp_path):
    drawn = difference(tmp_path / "new")
    assert changed(drawn.boxes) == {
        "[everywhere]": Change.CHANGED,
        "mediating": Change.ADDED,
        "testing": Change.REMOVED,
        "communicating": Change.CHANGED,
    }
    ends = Counter(
        (arrow.source, arrow.target, arrow.change) for arrow in drawn.arrows if arrow.change is not Change.SAME
    )
    assert ends == {
        ("investigating", "testing", Change.REMOVED): 1,
        ("testing", "investigating", Change.REMOVED): 1,
        ("investigating", "mediating", Change.ADDED): 1,
        ("mediating", "communicating", Change.ADDED): 1,
        ("mediating", "dismissed", Change.ADDED): 1,
        ("communicating", "working_out", Change.CHANGED): 1,
        ("communicating", "summing_up", Change.CHANGED): 1,
    }
    assert changed(drawn.clocks) == {"resolution": Change.CHANGED}
    assert drawn.about.endswith("新增 4 处，删除 3 处，修改 5 处。")


def test_what_was_said_stands_above_what_is_said_now(tmp_path):
    drawn = difference(tmp_path / "new")
    [arrow] = [each for each in drawn.arrows if (each.source, each.target) == ("communicating", "working_out")]
    assert told(arrow) == [
        (Change.REMOVED, "如果索赔金额不超过5,000元，并且调查认定的责任方为「商家」或「平台」"),
        (Change.ADDED, "如果索赔金额不超过8,000元，并且调查认定的责任方为「商家」或「平台」"),
    ]
    assert told(drawn.clocks[1]) == [(Change.REMOVED, "暂停于：沟通反馈、送检"), (Change.ADDED, "暂停于：沟通反馈")]


def test_the_same_edition_differs_in_nothing():
    drawn = compared(picture(), picture())
    parts = (*drawn.boxes, *drawn.arrows, *drawn.clocks, *drawn.keeps)
    assert {part.change for part in parts} == {Change.SAME}
    assert drawn.about.endswith("新增 0 处，删除 0 处，修改 0 处。")


def test_what_reads_alike_and_means_another_thing_is_marked(tmp_path):
    """Two roles of one title: the words are the same, who may send is not."""
    edits = [("set: {level: specialist}, do: [call_customer]", "set: {level: expert}, do: [call_customer]")]
    folder = edition(tmp_path / "new", edits)
    people = folder / "people.yaml"
    people.write_text(
        people.read_text(encoding="utf-8")
        + "  expert: {title: {zh-CN: 投诉专员, zh-TW: 客訴專員, en: complaint specialist}, above: front_line}\n",
        encoding="utf-8",
    )
    drawn = compared(picture(), picture(pack=csflow.load_pack(folder)))
    [arrow] = [each for each in drawn.arrows if each.change is not Change.SAME]
    assert (arrow.source, arrow.change, told(arrow)) == ("grading", Change.CHANGED, [])


def test_a_retitled_event_is_told_on_all_its_arrows(tmp_path):
    drawn = difference(tmp_path / "new", [("zh-CN: 驳回, zh-TW: 駁回", "zh-CN: 退回, zh-TW: 退回")])
    [arrow] = [each for each in drawn.arrows if each.change is not Change.SAME]
    assert told(arrow) == [(Change.REMOVED, "驳回"), (Change.ADDED, "退回")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_mermaid_marks_changes_by_sign_stroke_and_colour(tmp_path, language):
    drawn = difference(tmp_path / "new", language=language)
    diagram = read(mermaid(drawn))
    ids = {box.key: f"s{number}" for number, box in enumerate(drawn.boxes)}
    wanted = {ids[box.key]: box.change.value for box in drawn.boxes if box.change is not Change.SAME}
    assert {id: name for id, name in diagram.classes.items() if id in ids.values()} == wanted
    assert diagram.boxes[ids["mediating"]][2][0].startswith("＋ ")
    assert diagram.boxes[ids["testing"]][2][0].startswith("－ ")
    for number, arrow in enumerate(drawn.arrows):
        style = diagram.styled_links.get(number)
        assert (style is None) == (arrow.change is Change.SAME)
        assert style is None or style == diagram.styles[arrow.change.value]
        assert diagram.links[number][3][0].startswith(
            {"added": "＋ ", "removed": "－ ", "changed": "≠ "}.get(arrow.change.value, "")
        )
    dashes = [
        diagram.styles[name].partition("dasharray:")[2].partition(",")[0] for name in ("added", "removed", "changed")
    ]
    assert len(set(dashes)) == 3
    assert {"l_added", "l_removed", "l_changed"} <= set(diagram.frames["legend"][1])


def test_svg_marks_changes_by_sign_stroke_and_colour(tmp_path):
    drawn = difference(tmp_path / "new")
    root = ElementTree.fromstring(svg(drawn))
    texts = {text.text: text for text in root.iter(f"{SVG}text")}
    assert {"＋ 第三方调解", "－ 送检", "≠ 沟通反馈", "＋ 新增", "－ 删除", "≠ 有修改"} <= texts.keys()
    struck = [text.text for text in root.iter(f"{SVG}text") if text.get("text-decoration") == "line-through"]
    assert "－ 暂停于：沟通反馈、送检" in struck
    strokes = Counter(
        (path.get("stroke"), path.get("stroke-dasharray")) for path in root.iter(f"{SVG}path") if path.get("stroke")
    )
    # Two arrows each, or three, and the one of the legend.
    assert strokes["#1a7f37", None] == 4
    assert strokes["#c0262d", "8 5"] == 3
    assert strokes["#b35900", "2 3"] == 3


def test_without_another_edition_nothing_is_marked():
    assert not read(mermaid(picture())).classes
    assert "#c0262d" not in svg(picture())

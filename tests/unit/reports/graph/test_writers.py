"""Mermaid and SVG hold what the picture says and nothing else, whatever the titles of a pack try."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from tests.unit.reports.graph.drawings import GOLDEN, SVG, desk, edition, picture
from tests.unit.reports.graph.generate import FILES, golden
from tests.unit.reports.graph.mermaid_grammar import read

import csflow
from csflow.diagnostics import LANGUAGES
from csflow.reports import flow_mermaid, flow_svg
from csflow.reports.graph.mermaid import mermaid
from csflow.reports.graph.picture import Shape
from csflow.reports.graph.svg import svg

HOSTILE = [
    'end "quoted" [b] (c) {d} <e> |f| ;g; :h: #35; &amp; `i`',
    '"`**bold**`" --> x %%{init: {}}%% %% comment',
    "<script>alert(1)</script></svg> ]]> <!-- <br/> &#60; ' onload='x",
    "1. list - dash * star _u_ ~~s~~ $$x$$ \\n",
    "subgraph end graph TD style s0 fill:#f00 click s0 href",
    "https://example.com/x?a=1&b=2 :::red @{ shape: circle }",
    "「全角」，；：＃＜＞｜㎡𠮷😀",
]


@pytest.mark.parametrize("name", FILES)
def test_a_small_flow_is_drawn_as_it_was_looked_at(name):
    assert golden(name) == (GOLDEN / name).read_text(encoding="utf-8")


def test_there_is_a_golden_file_for_each_language_and_format():
    assert {path.name for path in GOLDEN.iterdir()} == FILES.keys()
    assert {language for language, _ in FILES.values()} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mermaid_says_every_box_and_arrow(language):
    drawn = picture(language=language)
    diagram = read(flow_mermaid(desk(), "complaint", language))
    assert diagram.title == drawn.title
    for number, box in enumerate(drawn.boxes):
        form, name, lines = diagram.boxes[f"s{number}"]
        assert form == name == box.shape.value
        assert lines == ([line.text for line in box.lines] or [" "])
    moves = diagram.links[: len(drawn.arrows)]
    numbers = {box.key: f"s{number}" for number, box in enumerate(drawn.boxes)}
    assert moves == [
        (
            numbers[arrow.source],
            numbers[arrow.target],
            "-.->" if arrow.is_automatic and arrow.lines else "-->",
            [line.text for line in arrow.lines] or [""],
        )
        for arrow in drawn.arrows
    ]
    finals = [numbers[box.key] for box in drawn.boxes if box.shape is Shape.FINAL]
    assert [link[:2] for link in diagram.links[len(moves) :]] == [(each, f"{each}e") for each in finals]
    stages = {title[0]: len(inside) for title, inside in diagram.frames.values()}
    assert {stage: stages[stage] for stage in ("intake", "inquiry", "talks", "redress", "closing")} == {
        "intake": 2, "inquiry": 2, "talks": 3, "redress": 2, "closing": 4
    }  # fmt: skip
    for word, notes in (("clocks", drawn.clocks), ("keeps", drawn.keeps)):
        told = [diagram.boxes[id][2] for id in diagram.frames[word][1]]
        assert told == [[line.text for line in note.lines] for note in notes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_svg_says_every_box_and_arrow_and_its_own_title(language):
    drawn, root = picture(language=language), ElementTree.fromstring(flow_svg(desk(), "complaint", language))
    assert [root.find(f"{SVG}{name}").text for name in ("title", "desc")] == [drawn.title, drawn.about]
    assert {root.find(f"{SVG}{name}").get("id") for name in ("title", "desc")} == set(
        root.get("aria-labelledby").split()
    )
    assert (root.get("role"), root.get("lang")) == ("img", language)
    words = squeezed(" ".join(text.text for text in root.iter(f"{SVG}text")))
    for part in (*drawn.boxes, *drawn.arrows, *drawn.clocks, *drawn.keeps):
        assert squeezed("".join(line.text for line in part.lines)) in words


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_a_final_state_has_two_borders_and_a_timer_a_clock():
    root = ElementTree.fromstring(flow_svg(desk(), "complaint", "zh-CN"))
    corners = [(int(rect.get("x")), int(rect.get("y"))) for rect in root.iter(f"{SVG}rect")]
    doubled = [one for one, other in pairwise(corners) if (other[0] - one[0], other[1] - one[1]) == (4, 4)]
    # Three finals, and the one of the legend.
    assert len(doubled) == 4
    clocks = [path for path in root.iter(f"{SVG}path") if "a5 5 0 1 0" in path.get("d")]
    # Three timers and two clocks.
    assert len(clocks) == 5


def hostile(folder):
    """A pack in which every title of a flow is one of the hostile ones."""
    titles = [repr_of(each) for each in HOSTILE]
    flow = f"""flow: payout
title: {titles[0]}
start: sending
keeps:
  attempts: {{type: int, min: 0, max: 3, start: "0", title: {titles[1]}}}
events:
  paid: {{title: {titles[1]}, by: [system]}}
  pay_failed: {{title: {titles[2]}, by: [system]}}
  late: {{title: {titles[6]}, by: [clock]}}
clocks:
  due: {{title: {titles[4]}, within: 2 days, start: [opened], stop: [done], on_breach: late}}
everywhere:
  late: {{do: [hand_over]}}
states:
  sending:
    title: {titles[3]}
    stage: end
    do: [hand_over]
    timers: [{{after: 1 days, raise: late, title: {titles[2]}}}]
    on:
      paid: done
      pay_failed:
        - {{when: attempts < 3, title: {titles[4]}, set: {{attempts: {{is: attempts + 1, at_most: "3"}}}}}}
        - {{otherwise: true, to: sending, title: {titles[5]}}}
  done: {{title: {titles[5]}, final: true}}
"""
    edition(folder, ())
    (folder / "flows" / "complaint.yaml").unlink()
    (folder / "flows" / "payout.yaml").write_text(flow, encoding="utf-8")
    return csflow.load_pack(folder)


def repr_of(text):
    return "'" + text.replace("'", "''") + "'"


def test_hostile_titles_stay_text_in_mermaid(tmp_path):
    pack = hostile(tmp_path / "pack")
    drawn = picture("payout", pack=pack)
    diagram = read(mermaid(drawn))
    told = [line for _, _, lines in diagram.boxes.values() for line in lines] + [
        line for link in diagram.links for line in link[3]
    ]
    for part in (*drawn.boxes, *drawn.arrows, *drawn.clocks, *drawn.keeps):
        assert all(line.text in told for line in part.lines)
    # What no writing of it brings through, stands there in full width.
    assert diagram.title == drawn.title.translate(str.maketrans("<>&", "＜＞＆"))
    assert len(diagram.links) == len(drawn.arrows) + 1


def test_hostile_titles_stay_text_in_svg(tmp_path):
    pack = hostile(tmp_path / "pack")
    drawn = picture("payout", pack=pack)
    root = ElementTree.fromstring(svg(drawn))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "circle",
        "path",
        "text",
    }
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on") or "href" in name]
    words = squeezed(" ".join(text.text for text in root.iter(f"{SVG}text")))
    for part in (*drawn.boxes, *drawn.arrows, *drawn.clocks, *drawn.keeps):
        assert squeezed("".join(line.text for line in part.lines)) in words

"""The handbook is whole, well formed, linked within itself, and nothing in a pack's texts leaves the text."""

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

import csflow
from csflow.diagnostics import LANGUAGES, Word
from csflow.expressions.terms import Space
from csflow.loading.settlements import MODE, THRESHOLD
from csflow.reports import file_name, flow_svg, handbook
from csflow.reports.book.citing import citations
from csflow.reports.html import element, page, write
from csflow.values.routing import Routing

ROOT = Path(__file__).parents[3]
PACKS = [
    ROOT / "policies" / "cn",
    ROOT / "tests" / "domain" / "shapes",
    ROOT / "tests" / "spec" / "checks" / "pack",
    ROOT / "tests" / "unit" / "reports" / "graph" / "desk",
]
SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "hr", "br", "line", "rect", "circle"}
EVERY = [(pack, language) for pack in PACKS for language in LANGUAGES]
every_page = pytest.mark.parametrize(("pack", "language"), EVERY, ids=lambda each: getattr(each, "name", each))


@cache
def loaded(pack):
    return csflow.load_pack(pack)


@cache
def printed(pack, language):
    return handbook(loaded(pack), language, LANGUAGES)


def tree(text):
    return ElementTree.fromstring(text.removeprefix("<!DOCTYPE html>\n"))


def texts(node):
    return "".join(node.itertext())


def below(root, id):
    return next(each for each in root.iter() if each.get("id") == id)


class Balanced(HTMLParser):
    """Fails where an element is not closed in its order, as a browser reads it."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@every_page
def test_the_page_is_well_formed_for_a_browser_and_for_a_strict_parser(pack, language):
    text = printed(pack, language)
    reader = Balanced()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    assert tree(text).get("lang") == language


@every_page
def test_every_link_leads_somewhere_and_every_anchor_is_one(pack, language):
    root = tree(printed(pack, language))
    anchors = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(anchors) == len(set(anchors))
    files = {file_name(loaded(pack), each) for each in LANGUAGES} - {file_name(loaded(pack), language)}
    links = {each.get("href") for each in root.iter("a")}
    assert {link for link in links if not link.startswith("#")} == files
    assert {link[1:] for link in links if link.startswith("#")} <= set(anchors)


@every_page
def test_everything_that_the_pack_holds_has_its_place(pack, language):
    linked, root = loaded(pack).linked, tree(printed(pack, language))
    anchors = {each.get("id") for each in root.iter()}
    wanted = {f"rule.{each.name}.{rule.id}" for each in linked.decisions.values() for rule in written(each)}
    for space in (
        "decision",
        "parameter",
        "layer",
        "fact",
        "reason",
        "code",
        "role",
        "calendar",
        "zone",
        "mapping",
        "settlement",
        "flow",
    ):
        wanted |= {f"{space}.{name}" for name in getattr(linked, f"{space}s")}
    wanted |= {f"derived.{name}" for name in linked.derived}
    assert wanted - anchors == set()


def written(decision):
    """What an author wrote: that all of a checklist is met, csflow adds itself."""
    return [rule for rule in decision.every_rule() if rule.id != "all-met"]


@every_page
def test_no_placeholder_is_left_and_no_piece_of_python_shows(pack, language):
    told = texts(tree(printed(pack, language)).find("body"))
    assert not re.search(r"\{\w*\}|None|<.* object|Phrase\(|Named\(|Mark\(", told)


@every_page
def test_every_source_is_told_with_its_rule_and_in_the_index(pack, language):
    linked, root = loaded(pack).linked, tree(printed(pack, language))
    index = texts(below(root, "sources"))
    for decision in linked.decisions.values():
        for rule in written(decision):
            if rule.because is None:
                continue
            source = rule.because.in_language(language)
            place = below(root, f"rule.{decision.name}.{rule.id}")
            assert source in texts(place)
            assert all(each.law in index and each.article in index for each in citations(source))
            links = {each.get("href") for each in below(root, "sources").iter("a")}
            assert f"#rule.{decision.name}.{rule.id}" in links


def test_a_remark_in_brackets_is_not_taken_for_a_source():
    source = "某办法（2022年文本；2026年另有新文本）第三条；另一法"
    assert [(each.law, each.article) for each in citations(source)] == [
        ("某办法（2022年文本；2026年另有新文本）", "第三条"),
        ("另一法", ""),
    ]
    english = "Some Measures (text of 2022; a new one was not read) art 3; Another Law (2020)"
    assert [each.law for each in citations(english)] == [
        "Some Measures (text of 2022; a new one was not read)",
        "Another Law (2020)",
    ]


@every_page
def test_no_list_of_sources_has_an_item_that_is_only_another_list(pack, language):
    index = below(tree(printed(pack, language)), "sources")
    items = [item for item in index.iter("li") if item.find("ul") is not None]
    assert items and all(item[0].tag == "b" for item in items)


@pytest.mark.parametrize(
    ("source", "articles"),
    [
        ("消費者保護法 第19條第1項、第4項", ["第19條第1項", "第19條第4項"]),
        ("暂行办法 第八条、第十八条", ["第八条", "第十八条"]),
        ("实施条例 第十条第一款、第二款、第十二条", ["第十条第一款", "第十条第二款", "第十二条"]),
        ("Measures art 8", ["art 8"]),
        ("店铺规则", [""]),
    ],
)
def test_a_paragraph_is_cited_with_its_article(source, articles):
    assert [each.article for each in citations(source)] == articles


@every_page
def test_no_list_stands_in_an_item_of_its_own(pack, language):
    items = tree(printed(pack, language)).iter("li")
    assert not [item for item in items if len(item) and item[0].tag == "ul" and not (item.text or "").strip()]


@every_page
def test_a_settlement_says_on_what_it_rests_where_money_goes_and_who_bears_it(pack, language):
    linked, root = loaded(pack).linked, tree(printed(pack, language))
    assert {each.name for each in PACKS if loaded(each).linked.settlements} == {"cn", "shapes", "desk"}
    for settlement in linked.settlements.values():
        place = below(root, f"settlement.{settlement.name}")
        links = {each.get("href") for each in place.iter("a")}
        told = texts(place)
        assert settlement.because.in_language(language) in told
        assert all(tender.title.in_language(language) in told for tender in settlement.tenders.values())
        in_kind = any(tender.in_kind is not None for tender in settlement.tenders.values())
        assert (Word("handbook.back_in_kind").in_language(language) in told) is in_kind
        for reference in settlement.terms.reads():
            if reference.space is Space.DECISION:
                decision = linked.decisions[reference.name.partition(".")[0]]
                assert f"#decision.{decision.name}" in links
                sources = [rule.because.in_language(language) for rule in written(decision) if rule.because]
                assert all(
                    each.law in told and each.article in told for source in sources for each in citations(source)
                )
            elif reference.space is Space.PARAMETER:
                assert f"#parameter.{reference.name}" in links
                [back] = [each for each in root.iter() if each.get("id") == f"parameter.{reference.name}"]
                assert f"#settlement.{settlement.name}" in {each.get("href") for each in back.iter("a")}
        index = below(root, "sources")
        assert f"#settlement.{settlement.name}" in {each.get("href") for each in index.iter("a")}


@every_page
def test_a_flow_is_told_as_its_picture_and_row_by_row(pack, language):
    linked, root = loaded(pack).linked, tree(printed(pack, language))
    for flow in linked.flows.values():
        place = below(root, f"flow.{flow.name}")
        drawn = ElementTree.fromstring(flow_svg(loaded(pack), flow.name, language))
        [picture] = list(place.iter("svg"))
        assert [text.text for text in picture.iter("text")] == [text.text for text in drawn.iter(f"{SVG}text")]
        rows = [row for _, _, choice in flow.choices() for row in choice.rows]
        assert len(place.find(".//tbody")) == len(rows)
        heads = [texts(each) for each in place.iter("dt")]
        assert heads[: len(flow.events)] == [each.title.in_language(language) for each in flow.events.values()]
        assert {clock.title.in_language(language) for clock in flow.clocks.values()} <= set(heads)
        links = {each.get("href") for each in place.iter("a")}
        carried = {f"#fact.{path}" for event in flow.events.values() for path in event.carries}
        assert carried <= links
        if flow.because is not None:
            assert flow.because.in_language(language) in texts(place)
            assert f"#flow.{flow.name}" in {each.get("href") for each in below(root, "sources").iter("a")}


def test_some_pack_here_has_flows():
    """What is asked of every flow above is asked of some."""
    assert {flow for pack in PACKS for flow in loaded(pack).linked.flows} >= {"complaint", "payout"}


WORDS = {
    "zh-CN": (
        "先退现金类支付方式",
        "重新计算：",
        "不扣：",
        "100 份中的 30 份",
        "100 份中的 70 份、至多100元",
        "其余部分",
    ),
    "zh-TW": (
        "先退現金類付款方式",
        "重新計算：",
        "不扣：",
        "100 份中的 30 份",
        "100 份中的 70 份、至多人民幣100元",
        "其餘部分",
    ),
    "en": (
        "money first",
        "settled again:",
        "waived:",
        "30 parts of 100",
        "70 parts of 100, at most CNY 100",
        "the rest",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_settlement_says_itself_is_told_in_words(language):
    place = below(tree(printed(ROOT / "tests" / "domain" / "shapes", language)), "settlement.by_contract")
    told = texts(place)
    assert [word for word in WORDS[language] if word not in told] == []
    assert not re.search(r"resettle|cash_first|waived_|at_most", told.replace("waived:", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_routing_mode_and_threshold_has_its_words(language):
    words = [f"routing_{each}" for each in Routing]
    words += [f"mode_{each}" for each in MODE.symbols] + [f"threshold_{each}" for each in THRESHOLD.symbols]
    told = [Word(f"handbook.{each}").in_language(language) for each in words]
    assert len(set(told)) == len(words)


@every_page
def test_a_picture_and_a_table_can_be_heard(pack, language):
    root = tree(printed(pack, language))
    for picture in root.iter("svg"):
        told = {each.get("id"): texts(each) for each in picture if each.tag in ("title", "desc")}
        assert picture.get("role") == "img"
        assert all(told[id] for id in picture.get("aria-labelledby").split())
    for table in root.iter("table"):
        assert texts(table.find("caption"))
        assert {each.get("scope") for each in table.find("thead").iter("th")} == {"col"}
        assert all(row[0].get("scope") == "row" for row in table.find("tbody"))


@every_page
def test_headings_go_down_one_step_at_a_time(pack, language):
    levels = [int(each.tag[1]) for each in tree(printed(pack, language)).iter() if re.fullmatch(r"h\d", each.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_page
def test_rows_of_a_table_are_as_wide_as_its_head(pack, language):
    for table in tree(printed(pack, language)).iter("table"):
        width = len(table.find("thead")[0])
        for row in table.find("tbody"):
            assert sum(int(cell.get("colspan", 1)) for cell in row) == width


@every_page
def test_the_page_asks_nobody_and_runs_nothing(pack, language):
    text = printed(pack, language)
    root = tree(text)
    assert {each.tag for each in root.iter()} & {"script", "link", "img", "iframe", "object", "form", "base"} == set()
    assert [name for each in root.iter() for name in each.attrib if name.startswith("on") or name == "style"] == []
    assert not re.search(r"url\(|@import|https?:", text)
    policy = next(each for each in root.iter("meta") if each.get("http-equiv"))
    assert policy.get("content").startswith("default-src 'none'")


def test_a_picture_fits_a_phone_and_breaks_no_line_before_a_closing_sign():
    for pack, language in EVERY:
        for picture in tree(printed(pack, language)).iter("svg"):
            lines = [each.text for each in picture.iter("text")]
            assert all(line and line[0] not in "，。、；：）」”" and line[-1] not in "（「“" for line in lines)


def test_the_same_files_give_the_same_bytes_wherever_they_stand_and_in_any_order(tmp_path):
    files = {path.relative_to(PACKS[1]).as_posix(): path for path in PACKS[1].rglob("*.yaml")}
    for number, name in enumerate(sorted(files, reverse=True)):
        # Which file something stands in, and what it is called, means nothing.
        kept = name if name == "pack.yaml" else f"{number:02}.yaml"
        (tmp_path / kept).write_bytes(files[name].read_bytes())
    elsewhere = csflow.load_pack(tmp_path)
    assert elsewhere.digest == loaded(PACKS[1]).digest
    for language in LANGUAGES:
        assert handbook(elsewhere, language, LANGUAGES) == printed(PACKS[1], language)


def test_no_seed_of_a_run_shows_in_the_bytes():
    code = (
        "import csflow, hashlib; from csflow.reports import handbook; "
        "print(hashlib.sha256(handbook(csflow.load_pack('tests/domain/shapes'), 'zh-TW').encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(seen) == 1


HOSTILE = "<script>alert('1')</script> \"quoted\" & javascript:alert(1) {0} {name} </style> ]]>"


def hostile_pack():
    files = {path.relative_to(PACKS[1]).as_posix(): path.read_bytes() for path in PACKS[1].rglob("*.yaml")}
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    spoilt = {}
    for name, content in files.items():
        text = content.decode()
        for title in (
            "取高者",
            "淘宝",
            "一线客服",
            "商家承诺与平台标准不一致时",
            "运费由谁承担",
            "消法 第二十四条",
            "店铺流程",
        ):
            text = re.sub(rf"(?<=[:] ){title}(?=[,}}\n])", lambda _: quoted, text)
        spoilt[name] = text.encode()
    assert spoilt != files
    return csflow.load_pack(spoilt)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_pack_says_stays_text(language):
    text = handbook(hostile_pack(), language, LANGUAGES)
    root = tree(text)
    assert list(root.iter("script")) == []
    assert not any("javascript:" in each.get("href", "") for each in root.iter())
    shown = texts(root.find("body"))
    assert shown.count(HOSTILE) > 10
    assert "<script" not in text


def test_signs_that_turn_or_hide_text_are_shown_by_their_number():
    assert write(element("p", "a\u202eb\u2066c\x00d\u061ce")) == "<p>a⟨U+202E⟩b⟨U+2066⟩c⟨U+0000⟩d⟨U+061C⟩e</p>"
    assert write(element("p", title='"<&>"')) == '<p title="&quot;&lt;&amp;&gt;&quot;"></p>'


def test_a_style_that_would_need_escaping_is_refused():
    with pytest.raises(ValueError, match="escaping"):
        page(element("style", "a::after { content: '</style>' }"))


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="zh-CN"):
        handbook(loaded(PACKS[0]), "fr")

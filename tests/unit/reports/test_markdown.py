"""As Markdown the handbook says what its HTML says: read by another reader of Markdown, both are the same words."""

import re
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from csflow.diagnostics import LANGUAGES
from csflow.reports import file_name, flow_mermaid, handbook_pages
from csflow.reports.cutting import threaded
from csflow.reports.html import element
from csflow.reports.markdown import page

from .test_handbook import HOSTILE, PACKS, below, hostile_pack, loaded, printed, texts, tree

READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})
EVERY = [(pack, language) for pack in PACKS for language in LANGUAGES]
every_page = pytest.mark.parametrize(("pack", "language"), EVERY, ids=lambda each: getattr(each, "name", each))
VOID = {"meta", "hr", "br", "line", "rect", "circle"}
NOT_READ = {"svg", "style", "title", "pre"}


class Read(HTMLParser):
    """What a reader of a page gets: its words, anchors, links and tags, without pictures."""

    def __init__(self, html, colon=""):
        super().__init__()
        self.words, self.anchors, self.links, self.tags = "", [], [], set()
        self._hidden, self._colon = [], colon
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in NOT_READ:
            self._hidden.append(tag)
        if self._hidden:
            return
        self.tags.add(tag)
        told = dict(attrs)
        self.anchors += [told["id"]] if "id" in told else []
        self.links += [told["href"]] if "href" in told else []

    def handle_endtag(self, tag):
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        self.words += self._colon.strip() if tag == "dt" else ""

    def handle_data(self, data):
        if not self._hidden:
            self.words += re.sub(r"\s", "", data)


def read(markdown):
    return Read(READER.render(markdown))


def as_markdown(*content):
    return page(element("body", *content), ": ")


@cache
def rendered(pack, language):
    """Every page by its file name, as HTML."""
    pages = handbook_pages(loaded(pack), language, LANGUAGES)
    folder = f"{loaded(pack).name}/{language}/"
    assert {path.startswith(folder) for path in pages} == {True}
    return {path.removeprefix(folder): READER.render(text) for path, text in pages.items()}


@cache
def wanted(pack, language):
    """What each page has to say: the place of the HTML that it is called by, below a line that leads back."""
    root, names = tree(printed(pack, language)), [name for name in rendered(pack, language) if name != "README.md"]
    title, contents = texts(root.find(".//h1")), below(root, "contents")
    beside = written(root.find("body/header/nav"))
    told = {"README.md": "".join(map(written, (root.find("body/header"), contents, root.find("body/footer"))))}
    sections = {id: below(root, id) for id in (name.removesuffix(".md") for name in names)}
    parts = {id: [part for part in sections.values() if section in list(part)] for id, section in sections.items()}
    for id, section in sections.items():
        within = parts[id]
        apart = [each for each in section if f"{each.get('id')}.md" in names]
        for each in apart:
            section[list(section).index(each)] = list_item(contents, each.get("id"))
        above = [link(title, "contents"), *(link(texts(part.find("h2")), part.get("id")) for part in within)]
        back = "".join(written(part.find("p[@class='back']")) for part in within)
        told[f"{id}.md"] = f"{beside}{' › '.join(above)}{written(section)}{back}"
    return {name: told[name] for name in rendered(pack, language)}


def written(node):
    return ElementTree.tostring(node, encoding="unicode", method="html")


def link(text, id):
    node = ElementTree.Element("a", {"href": f"#{id}"})
    node.text = text
    return written(node)


def list_item(contents, id):
    item = ElementTree.Element("li")
    item.append(next(each for each in contents.iter("a") if each.get("href") == f"#{id}"))
    return item


def followed(href, here, pages):
    """Where a link leads, as the HTML writes it; fails where nothing is there."""
    if href.startswith("../"):
        assert href.endswith(f"/{here}")
        return href
    name, _, anchor = href.partition("#")
    anchor = anchor or name.removesuffix(".md")
    assert anchor in pages[name or here].anchors
    return f"#{anchor}"


@every_page
def test_the_pages_have_the_words_the_anchors_and_the_links_of_the_html(pack, language):
    colon = ": " if language == "en" else "："
    pages = {name: Read(html) for name, html in rendered(pack, language).items()}
    for name, html in wanted(pack, language).items():
        told, said = pages[name], Read(html, colon)
        assert told.words == said.words
        assert told.anchors == said.anchors
        beside = {file_name(loaded(pack), each): f"../{each}/{name}" for each in LANGUAGES}
        assert [followed(each, name, pages) for each in told.links] == [beside.get(each, each) for each in said.links]
    assert [each for told in pages.values() for each in told.anchors] == Read(printed(pack, language)).anchors


@every_page
def test_no_list_table_or_fold_is_broken_off(pack, language):
    """As many items, rows and folds as the HTML has; terms are items here."""
    for name, html in wanted(pack, language).items():
        told = rendered(pack, language)[name]
        for tag in ("tr", "th", "td", "details"):
            assert len(re.findall(rf"<{tag}\b", told)) == len(re.findall(rf"<{tag}\b", html)), (name, tag)
        items = len(re.findall(r"<li\b", html)) + len(re.findall(r"<dt\b", html))
        assert len(re.findall(r"<li\b", told)) == items
        # A flow is drawn in a language of its own, where the HTML has the picture.
        assert told.count("<pre") == told.count("language-mermaid") == name.startswith("flow.")
        assert "<hr" not in told


@every_page
def test_a_flow_is_a_block_of_mermaid_that_says_what_the_command_writes(pack, language):
    pages = handbook_pages(loaded(pack), language)
    for flow in loaded(pack).linked.flows:
        page_of_flow = pages[f"{loaded(pack).name}/{language}/flow.{flow}.md"]
        [block] = re.findall(r"^```mermaid\n(.*?)^```$", page_of_flow, re.MULTILINE | re.DOTALL)
        assert block == flow_mermaid(loaded(pack), flow, language)


@every_page
def test_a_page_begins_with_its_one_title_and_its_headings_keep_their_distance(pack, language):
    for name, html in wanted(pack, language).items():
        depths, wanted_depths = (
            [int(depth) for depth in re.findall(r"<h(\d)", text)] for text in (rendered(pack, language)[name], html)
        )
        assert depths == [1 + depth - wanted_depths[0] for depth in wanted_depths]
        assert depths.count(1) == 1


@every_page
def test_every_decision_has_a_page_and_all_languages_have_the_same_pages(pack, language):
    pages = rendered(pack, language)
    assert {f"decision.{name}.md" for name in loaded(pack).linked.decisions} <= set(pages)
    assert set(pages) == set(rendered(pack, "en"))
    assert next(iter(pages)) == "README.md"


def test_a_link_names_the_page_on_which_its_anchor_stands():
    links = [element("a", href=href) for href in ("#x", "#y", "#z", "#y.in", "other")]
    pages = {"x.md": element("body", links, id="x"), "y.md": element("p", element("b", id="y.in"), id="y")}
    pages["w.md"] = element("p", id="z")
    told = threaded(pages)
    hrefs = [dict(link.attributes)["href"] for link in told["x.md"].children]
    assert hrefs == ["#x", "y.md", "w.md#z", "y.md#y.in", "other"]
    assert (told["y.md"], told["w.md"]) == (pages["y.md"], pages["w.md"])


def test_a_link_to_what_no_page_has_is_refused():
    with pytest.raises(KeyError):
        threaded({"x.md": element("body", element("a", href="#gone"))})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_pack_says_stays_text(language):
    told = Read("".join(map(READER.render, handbook_pages(hostile_pack(), language, LANGUAGES).values())))
    assert told.words.count(re.sub(r"\s", "", HOSTILE)) > 10
    text = {"a", "b", "blockquote", "code", "h1", "h2", "h3", "h4", "kbd", "li", "ol", "p", "ul"}
    assert told.tags <= text | {"caption", "details", "summary", "table", "td", "th", "tr"}


@pytest.mark.parametrize(
    "text",
    [
        "1. a", "2) a", "- a", "+ a", "* a", "# a", "> a", "| a | b |", "===", "---", "***", "``` a", "~~~", "    a",
        "**a**", "_a_", "~~a~~", "$a$", "[a](b)", "![a](b)", "[a]: b", "<b>a</b>", "<!-- a", "&amp;", "a\\", "\\*", "a`b",
        "a\n\nb", "a\n- b", "| - | - |", "<a@b.c>", "<details>", "{a}", "：**甲**。", "1986. A great year",
    ],
)  # fmt: skip
def test_no_sign_of_a_text_is_read_as_markdown(text):
    said = re.sub(r"\s", "", text)
    # The anchor before a text changes what a line begins with: both are tried.
    for attributes in ({}, {"id": "x"}):
        for tag in ("p", "h2"):
            told = read(as_markdown(element(tag, text, **attributes)))
            assert (told.words, told.tags - {"a"}) == (said, {"h1" if tag == "h2" else tag})
        told = read(as_markdown(element("ul", element("li", text, element("b", text), **attributes))))
        assert (told.words, told.tags - {"a"}) == (said * 2, {"ul", "li", "b"})
    told = read(as_markdown(element("p", element("a", text, href="#y"), " ", element("code", text))))
    assert (told.words, told.links, told.tags) == (said * 2, ["#y"], {"p", "a", "code"})
    told = read(as_markdown(element("table", element("tbody", element("tr", element("td", text))))))
    assert (told.words, told.tags) == (said, {"table", "tr", "td"})


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="fr"):
        handbook_pages(loaded(PACKS[0]), "en", ("en", "fr"))

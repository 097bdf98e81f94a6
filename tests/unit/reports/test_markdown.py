"""As Markdown the handbook says what its HTML says: read by another reader of Markdown, both are the same words."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import csflow
from csflow.diagnostics import LANGUAGES
from csflow.reports import file_name, handbook
from csflow.reports.html import element
from csflow.reports.markdown import page

from .test_handbook import HOSTILE, PACKS, hostile_pack, loaded, printed

READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})
EVERY = [(pack, language) for pack in PACKS for language in LANGUAGES]
every_page = pytest.mark.parametrize(("pack", "language"), EVERY, ids=lambda each: getattr(each, "name", each))
VOID = {"meta", "hr", "br", "line", "rect", "circle"}
NOT_READ = {"svg", "style", "title"}


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
    return page(element("html", element("body", *content)), ": ")


@every_page
def test_it_has_the_words_the_anchors_and_the_links_of_the_html(pack, language):
    colon = ": " if language == "en" else "："
    html = Read(printed(pack, language), colon)
    told = read(handbook(loaded(pack), language, LANGUAGES, "markdown"))
    assert told.words == html.words
    assert told.anchors == html.anchors
    assert told.links == [re.sub(r"^([^#]+)\.html$", r"\1.md", link) for link in html.links]


@every_page
def test_no_list_table_or_fold_is_broken_off(pack, language):
    """As many items, rows and folds as the HTML has; terms are items here."""
    html, told = printed(pack, language), READER.render(handbook(loaded(pack), language, LANGUAGES, "markdown"))
    for tag in ("tr", "th", "td", "details", "h1", "h2", "h3", "h4"):
        assert len(re.findall(rf"<{tag}\b", told)) == len(re.findall(rf"<{tag}\b", html)), tag
    items = len(re.findall(r"<li\b", html)) + len(re.findall(r"<dt\b", html))
    assert len(re.findall(r"<li\b", told)) == items
    assert "<pre" not in told and "<hr" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_pack_says_stays_text(language):
    told = read(handbook(hostile_pack(), language, LANGUAGES, "markdown"))
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
    wanted = re.sub(r"\s", "", text)
    # The anchor before a text changes what a line begins with: both are tried.
    for attributes in ({}, {"id": "x"}):
        for tag in ("p", "h2"):
            told = read(as_markdown(element(tag, text, **attributes)))
            assert (told.words, told.tags - {"a"}) == (wanted, {tag})
        told = read(as_markdown(element("ul", element("li", text, element("b", text), **attributes))))
        assert (told.words, told.tags - {"a"}) == (wanted * 2, {"ul", "li", "b"})
    told = read(as_markdown(element("p", element("a", text, href="#y"), " ", element("code", text))))
    assert (told.words, told.links, told.tags) == (wanted * 2, ["#y"], {"p", "a", "code"})
    told = read(as_markdown(element("table", element("tbody", element("tr", element("td", text))))))
    assert (told.words, told.tags) == (wanted, {"table", "tr", "td"})


def test_files_are_named_by_their_form_and_another_form_is_refused():
    pack = csflow.load_pack(Path(PACKS[0]))
    assert file_name(pack, "en", "markdown") == "cn.en.md"
    with pytest.raises(ValueError, match="markdown"):
        handbook(pack, "en", (), "pdf")

"""Coverage told: as text, as JSON and as a page that nothing from a pack can break out of."""

import re
from html.parser import HTMLParser

import pytest
from evaluators.laboratory import given, pack_of, table

import csflow
from csflow.testing.coverage import Asked, Coverage, coverage_of
from csflow.testing.coverage_page import coverage_page
from csflow.testing.coverage_report import coverage_json, coverage_text

RULES = (
    '  - {id: few, when: {pieces: "<= 7"}, then: {answer: 1}, because: law}\n'
    '  - {id: many, when: {pieces: "> 7"}, then: {answer: 2}, because: law}'
)
PACK = pack_of(table(RULES, inputs="pieces: x.i"))


def covered(pack: csflow.Pack, *facts: dict[str, object]) -> Coverage:
    return coverage_of(pack.linked, [Asked("ask", pack.facts(given(each))) for each in facts])


def test_the_text_is_a_table_and_what_is_missing_with_its_line() -> None:
    assert coverage_text(covered(PACK, {"i": 7}), "en").splitlines() == [
        "decision   rules    boundaries  conditions",
        "ask (ask)  1/2 50%  2/4 50%     1/2 50%",
        "total      1/2 50%  2/4 50%     1/2 50%",
        "",
        "rules not covered (1)",
        "  1.yaml:10 many: no case hits the rule",
        "",
        "boundaries not covered (2)",
        '  1.yaml:9 "<= 7": no case with the value 8'.replace('"', ""),
        '  1.yaml:10 "> 7": no case with the value 8'.replace('"', ""),
        "",
        "conditions not covered (1)",
        "  1.yaml:9 <= 7: no case depends on this condition",
    ]


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_every_state_has_words_in_every_language(language: str) -> None:
    shadowed = RULES.replace('"> 7"', '"<= 3"')
    pack = pack_of(table(shadowed, inputs="pieces: x.i", hit_policy="first", otherwise="{answer: 0}"))
    coverage = covered(pack, {"i": 7})
    assert coverage.impossible
    text, page = coverage_text(coverage, language), coverage_page(coverage, language)
    assert "{" not in text
    assert f'lang="{language}"' in page


def test_json_has_totals_decisions_and_the_state_of_each_obligation() -> None:
    document = coverage_json(covered(PACK, {"i": 7}), "en")
    assert document["totals"]["rules"] == {"covered": 1, "of": 2, "percent": 50}
    assert document["decisions"] == [{"decision": "ask", **document["totals"]}]
    states = [(each["rule"], each["state"]) for each in document["obligations"] if each["measure"] == "rules"]
    assert states == [("few", "covered"), ("many", "missing")]
    assert {(each["file"], each["line"]) for each in document["obligations"]} == {("1.yaml", 9), ("1.yaml", 10)}


def test_a_percentage_is_rounded_down() -> None:
    coverage = covered(PACK, {"i": 7})
    assert not coverage.is_below(50)
    assert coverage.is_below(51)


class Elements(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


ALLOWED = set(
    re.findall(
        r"\w+", "html head meta title style body h1 h2 p div table thead tbody tr th td a bdi code span small ul li"
    )
)
EVIL = "</td><script>alert(1)</script><img src=x onerror='alert(2)'> \\\" ' & 中文"


def evil_pack() -> csflow.Pack:
    """Markup wherever a pack may write words: titles of the decision, of a rule, a column and a layer, a text."""
    title = f'"{EVIL}"'
    rules = (
        f"  - {{id: few, title: {title}, when: {{word: \"'</code><script>'\"}}, then: {{answer: 1}}, because: law}}\n"
        "  - {id: many, when: {word: \"not('</code><script>')\"}, then: {answer: 2}, because: law}"
    )
    document = table(rules, inputs=f"word: {{is: x.word, title: {title}}}").replace("title: ask", f"title: {title}")
    layer = f"layer: fair\ntitle: {title}\nrank: campaign\nwhile: x.s\nbecause: fair\nexceptions:\n"
    return pack_of(document, layer + "  - {id: fairly, of: ask/few, when: x.p, then: {answer: 8}}\n")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_from_a_pack_becomes_markup(language: str) -> None:
    page = coverage_page(covered(evil_pack()), language)
    found = Elements(page)
    assert {tag for tag, _ in found.tags} <= ALLOWED
    assert all(not name.startswith("on") for _, attributes in found.tags for name in attributes)
    hrefs = [attributes["href"] or "" for tag, attributes in found.tags if tag == "a"]
    assert hrefs and all(href.startswith(("#", "./")) for href in hrefs)
    # What was written is still there to read.
    assert any("<script>alert(1)</script>" in words and "中文" in words for words in found.words)


def test_the_page_needs_no_network_and_no_script() -> None:
    page = coverage_page(covered(PACK, {"i": 7}), "zh-CN")
    assert "Content-Security-Policy\" content=\"default-src 'none'" in page
    assert re.findall(r"(?i)https?:|<script|<link|@import|url\(", page) == []
    assert "prefers-color-scheme: dark" in page


def test_signs_that_turn_the_direction_of_text_are_made_visible() -> None:
    """A pack cannot hold them (CS004 is reported where it is read), but the page does not rely on that."""
    from csflow.testing.coverage_page import _shown

    assert _shown("a\u202eb\x1b[31m") == "<bdi>a\\u202eb\\u001b[31m</bdi>"


def test_a_path_is_a_link_to_a_file_whatever_its_name() -> None:
    from csflow.diagnostics import Source
    from csflow.testing.coverage_page import _link

    assert _link(Source("javascript:alert(1)/a b#\"'<.yaml", "x").mark(0)) == (
        "./javascript%3Aalert%281%29/a%20b%23%22%27%3C.yaml#L1"
    )


def test_cells_carry_their_state_by_a_sign_as_well_as_by_colour() -> None:
    page = coverage_page(covered(PACK, {"i": 7}, {"i": 8}), "en")
    assert page.count("✓") == 4
    half = coverage_page(covered(PACK, {"i": 7}), "en")
    assert ('class="missing"' in half or "name missing" in half) and "✗" in half and "±" in half

"""Accidents of writing YAML: each is told at its own place, with the text to write instead."""

import pytest
import yaml

from csflow.diagnostics import Phrase
from csflow.source import guard

from .written import findings_of, places_of, tree_of


def suggestions_of(text: str) -> list[tuple[str, int, int, str | None]]:
    return [(f.name, f.mark.line, f.mark.column, f.suggestion) for f in findings_of(text) if f.mark]


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [
        ("> 7", '"> 7"'),
        (">= 100 CNY", '">= 100 CNY"'),
        (">7", '">7"'),
        (">7 days", '">7 days"'),
        ("[7..15)", '"[7..15)"'),
        ("[7 days..15 days)", '"[7 days..15 days)"'),
        ("!= a", '"!= a"'),
        ("!=a", '"!=a"'),
        ("!= [a, b]", '"!= [a, b]"'),
        ("!= 生鲜", '"!= 生鲜"'),
        ("!=生鲜", '"!=生鲜"'),
        ("%5", '"%5"'),
        ("@x", '"@x"'),
        ("`x`", '"`x`"'),
        ("-", '"-"'),
        ("* 2", '"* 2"'),
        ("| x", '"| x"'),
        ("'it's ok'", '"it\'s ok"'),
        ('"退货" 规则', "'\"退货\" 规则'"),
        ("[a, b] or c", '"[a, b] or c"'),
        ('> "a"', "'> \"a\"'"),
    ],
)
def test_an_unquoted_cell_is_printed_quoted(cell: str, suggestion: str) -> None:
    text = f"x: y\ndays: {cell}  # why\nz: 1\n"
    assert suggestions_of(text) == [("unquoted-cell", 2, 7, suggestion)]
    (finding,) = findings_of(text)
    assert finding.mark is not None and finding.mark.text == cell
    assert finding.values == {"text": cell}
    assert tree_of(f"x: y\ndays: {suggestion}\nz: 1\n").keys() == ("x", "days", "z")


@pytest.mark.parametrize(
    "cell", ["<= 7", "(7..15]", "not(a, b)", "= 7", "quality/*", "7..15", "80%", "a > 7", "-1", "^x"]
)
def test_a_cell_that_yaml_leaves_alone_needs_no_quotes(cell: str) -> None:
    tree_of(f"days: {cell}\n")


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [
        ("> 7", '"> 7"'),
        (">7", '">7"'),
        ("[7..15)", '"[7..15)"'),
        ("(7..15]", '"(7..15]"'),
        ("!= a", '"!= a"'),
        ("%5", '"%5"'),
        ("not(a, b)", '"not(a, b)"'),
        ("a, b", "[a, b]"),
        ("within(a, b, c)", '"within(a, b, c)"'),
        ("a in [x, y]", '"a in [x, y]"'),
        ("> max(a, b)", '"> max(a, b)"'),
        ("'a' or 'b'", "\"'a' or 'b'\""),
    ],
)
def test_an_unquoted_cell_in_braces_ends_at_its_comma(cell: str, suggestion: str) -> None:
    assert suggestions_of(f"when: {{a: b, c: {cell}, d: e}}\n") == [("unquoted-cell", 1, 17, suggestion)]
    assert suggestions_of("w: {id: x}\n" + f"when: {{c: {cell}}}\n") == [("unquoted-cell", 2, 11, suggestion)]


def test_a_cell_in_a_list() -> None:
    assert suggestions_of("a: [not(b, c), d]\n") == [("unquoted-cell", 1, 5, '"not(b, c)"')]
    assert suggestions_of("a: [> 5, d]\n") == [("unquoted-cell", 1, 5, '"> 5"')]
    assert suggestions_of("a:\n- > 5\n- b\n") == [("unquoted-cell", 2, 3, '"> 5"')]
    tree_of("a: [../x.csv]\n")
    tree_of("a: [7..15]\n")


def test_keys_in_braces_without_values_are_a_list() -> None:
    assert suggestions_of("of: {a, b}\n") == [("key-without-value", 1, 5, "[a, b]")]
    assert places_of("of: {a: [b], c}\n") == [("key-without-value", 1, 14)]
    tree_of("of: {a: , b: }\n")


@pytest.mark.parametrize(
    ("text", "place", "suggestion"),
    [
        ("title: a: b\n", (1, 8), '"a: b"'),
        ("title: 说明: 不退 # c\n", (1, 8), '"说明: 不退"'),
        ("title: ends:\n", (1, 8), '"ends:"'),
        ("- id: x\n  title: a: b\n", (2, 10), '"a: b"'),
        ("x: {title: a: b, c: d}\n", (1, 12), '"a: b"'),
        ('title: say "a: b"\n', (1, 8), "'say \"a: b\"'"),
        ('title: it\'s: "b"\n', (1, 8), "'it''s: \"b\"'"),
    ],
)
def test_a_colon_inside_a_text(text: str, place: tuple[int, int], suggestion: str) -> None:
    assert suggestions_of(text) == [("unquoted-text", *place, suggestion)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: b\ncategory：apparel\nc: d\n", [(2, 9, "：", ": ")]),
        ("category：apparel\n", [(1, 9, "：", ": ")]),
        ("category：apparel\ntitle：服饰：男\n", [(1, 9, "：", ": "), (2, 6, "：", ": ")]),
        ("a: b\nlast：1", [(2, 5, "：", ": ")]),
        ("a:\n  b：1\n  c: 2\n", [(2, 4, "：", ": ")]),
        ("a:\n- id：x\n", [(2, 5, "：", ": ")]),
        ("a:\n- id: x\n  when：y\n", [(3, 7, "：", ": ")]),
        ("a: b\nwhen：{c: d}\n", [(2, 5, "：", ": ")]),
        ("a: b\nrules：|\n  x | y\n", [(2, 6, "：", ": ")]),
        ("a: {b：c}\n", [(1, 6, "：", ": ")]),
        ("a: {b: c，d: e}\n", [(1, 9, "，", ",")]),
        ("a: {b: c｝\n", [(1, 9, "｝", "}")]),
        ("a: [b, c］\n", [(1, 9, "］", "]")]),
        ("a: ｛b: c｝\n", [(1, 4, "｛", "{"), (1, 9, "｝", "}")]),
        ('a: "b”\nc: d\n', [(1, 6, "”", '"')]),
        ("“a”: b\n", [(1, 1, "“", '"')]),
    ],
)
def test_full_width_signs_in_place_of_yamls_own(text: str, places: list[tuple[int, int, str, str]]) -> None:
    found = findings_of(text)
    assert {finding.name for finding in found} == {"full-width-punctuation"}
    assert [(f.mark.line, f.mark.column, f.values["sign"], f.suggestion) for f in found if f.mark] == places


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ('a: "b\nc: d\n', (1, 4), "the quote opened here is never closed"),
        ('a: "他说“退货”\nc: d\n', (1, 4), "the quote opened here is never closed"),
        ("a: 'b\nc: 'd'\n", (1, 4), "the quote opened here is never closed"),
        ("a: [b, c\nd: e\n", (1, 4), "the bracket opened here is never closed"),
        ("a: {b: c\nd: e\n", (1, 4), "the bracket opened here is never closed"),
        ("a: {b: [c}\n", (1, 4), "the bracket opened here is never closed"),
        ("a: b\n  c: d\n", (2, 3), "the indentation of this line fits no line above it"),
        ("a:\n    b: c\n  d: e\n", (3, 3), "the indentation of this line fits no line above it"),
        ("- a\nb: c\n", (2, 1), "the indentation of this line fits no line above it"),
        ("a: b\nc\nd: e\n", (2, 1), "this line has no key followed by a colon and a blank"),
        ("a\n  b: c\n", (1, 1), "this line has no key followed by a colon and a blank"),
        ("a: b\nc {d: e}\n", (2, 1), "this line has no key followed by a colon and a blank"),
        ("a: {b [c], d: e}\n", (1, 5), "this line has no key followed by a colon and a blank"),
        ("a: b\nc:d\ne: f\n", (2, 2), "a blank is missing after the colon"),
        ("a:b\nc:d\n", (1, 2), "a blank is missing after the colon"),
        ("a: b\n: c\n", (2, 1), "there is no key before this colon"),
        ('a: "\\d"\n', (1, 5), "no such escape in double quotes; single quotes need none"),
        ("a: - b\n", (1, 4), "a list item stands on a line of its own, or in brackets: [a, b]"),
        ("k" * 1_100 + ": v\n", (1, 1_101), "a key is longer than 1024 characters"),
    ],
    ids=lambda given: str(given)[:24],
)
def test_a_syntax_error_is_told_in_our_own_words(text: str, place: tuple[int, int], problem: str) -> None:
    (finding,) = findings_of(text)
    assert finding.name == "yaml-syntax" and finding.mark is not None
    assert (finding.mark.line, finding.mark.column) == place
    named = finding.values["problem"]
    assert isinstance(named, Phrase) and named.in_language("en") == problem
    assert named.in_language("zh-CN") != named.in_language("zh-TW") != problem


MANY = """\
decision: x
title: 退货: 说明
rules:
  - id: one
    when: {days: > 7, age: [7..15), kind: not(a, b)}
    then：{outcome: allow}
  - id: two
    when: {a: (1..2], b: != c}
    text: |
      > 7 is text here: so is this
      and：this
    text2: "quoted
      [1..2) 也是：文字"
  - id: three
    when: [1..2)
    because: "never closed
  - id: four
    id: again
other: %5
"""


def test_one_reading_finds_every_accident() -> None:
    assert [(finding.name, finding.mark.line) for finding in findings_of(MANY) if finding.mark] == [
        ("unquoted-text", 2),
        ("unquoted-cell", 5),
        ("unquoted-cell", 5),
        ("unquoted-cell", 5),
        ("full-width-punctuation", 6),
        ("unquoted-cell", 8),
        ("unquoted-cell", 8),
        ("unquoted-cell", 15),
        ("yaml-syntax", 16),
        ("duplicate-key", 18),
        ("unquoted-cell", 19),
    ]


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is one scanner only")
def test_both_scanners_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = MANY.splitlines(keepends=True)
    for dropped in range(len(lines) + 1):
        text = "".join(lines[:dropped] + lines[dropped + 1 :])
        found = []
        for loader in (yaml.CSafeLoader, yaml.SafeLoader):
            monkeypatch.setattr(guard, "loader", lambda chosen=loader: chosen)
            found.append(suggestions_of(text))
        assert found[0] == found[1]

"""Every node knows its place in the file, in code points, whichever scanner read it."""

from pathlib import Path

import pytest
import yaml

from csflow.source import Mapping, Scalar, Sequence, guard

from .written import nodes_of, places_of, scalar_of, tree_of

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]

TEXT = """\
# 😀 注释
decision: 七日无理由退货  # 中文
title: {zh-CN: "退货😀", en: 'No-reason '}
😀键: value
rules:
  - id: in-window
    when: "claim.condition = intact and
      claim.days <= 7"
    plain: first line
      second 行

      third
    grid: |
      id | 条件 || 结果
      a  | 😀   || b

    folded: >-
      order.paid >= 100 CNY
      and x
    empty:
  - [a, 中, {b: c, d: }]
last: 1
"""


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def _each_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "loader", lambda: request.param)


@pytest.mark.usefixtures("_each_loader")
@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")], ids=["LF", "CRLF"])
def test_the_slice_of_every_scalar_is_its_text(text: str) -> None:
    for node in nodes_of(tree_of(text)):
        if isinstance(node, Scalar):
            content = node.content.text
            assert content.split() == node.text.split()
            assert node.mark.start <= node.content.start <= node.content.end <= node.mark.end
            if node.is_quoted:
                assert node.mark.text[1:-1] == content
            elif node.style == "plain":
                assert node.mark == node.content


@pytest.mark.usefixtures("_each_loader")
def test_places_count_code_points() -> None:
    tree = tree_of(TEXT)
    places = {
        entry.key.text: (entry.key.mark.line, entry.value.mark.line, entry.value.mark.column) for entry in tree.entries
    }
    assert places == {
        "decision": (2, 2, 11),
        "title": (3, 3, 8),
        "😀键": (4, 4, 5),
        "rules": (5, 6, 3),
        "last": (22, 22, 7),
    }
    title = tree.get("title")
    assert isinstance(title, Mapping)
    assert [(e.value.mark.column, e.value.mark.end_column) for e in title.entries] == [(16, 21), (27, 39)]


@pytest.mark.usefixtures("_each_loader")
def test_a_collection_ends_where_its_last_part_does() -> None:
    text = "a:\n  b: c\n  d:\n  - e\n\n# comment\n\nf: [ g ] # h\n"
    tree = tree_of(text)
    inner, flow = tree.get("a"), tree.get("f")
    assert isinstance(inner, Mapping) and isinstance(flow, Sequence)
    assert inner.mark.text == "b: c\n  d:\n  - e"
    assert flow.mark.text == "[ g ]"
    assert tree.mark.text == text[: text.index(" # h")]


@pytest.mark.parametrize(
    ("written", "content", "mark"),
    [
        ("a: b c\n", "b c", "b c"),
        ("a: first\n  second # c\nb: c\n", "first\n  second", "first\n  second"),
        ("a: 'it''s'\n", "it''s", "'it''s'"),
        ('a: "x\n  y"\n', "x\n  y", '"x\n  y"'),
        ('a: ""\n', "", '""'),
        ("a: |\n  x = 1\n  and y\n\nb: c\n", "  x = 1\n  and y", "|\n  x = 1\n  and y"),
        ("a: >- # why\n\n  x\n   y\nb: c\n", "\n  x\n   y", ">- # why\n\n  x\n   y"),
        ("a: |\nb: c\n", "", "|\n"),
        ("a: |", "", "|"),
        ("a: |2\n    x\nb: c", "    x", "|2\n    x"),
        ("a: |\r\n  x\r\n  y\r\nb: c\r\n", "  x\r\n  y", "|\r\n  x\r\n  y"),
    ],
)
@pytest.mark.usefixtures("_each_loader")
def test_the_slice_that_an_expression_is_parsed_from(written: str, content: str, mark: str) -> None:
    scalar = scalar_of(written)
    assert (scalar.content.text, scalar.mark.text) == (content, mark)


def test_carriage_returns_do_not_move_lines_and_columns() -> None:
    assert places_of("a: b\r\nc: d\r\na: e\r\n") == [("duplicate-key", 3, 1)]
    assert places_of("a: |\r\n  b\r\nc: > 7\r\n") == [("unquoted-cell", 3, 4)]


def test_a_byte_order_mark_takes_no_column() -> None:
    assert places_of(b"\xef\xbb\xbfa: 1\na: 2\n") == [("byte-order-mark", 1, 1), ("duplicate-key", 2, 1)]


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is one scanner only")
def test_both_scanners_read_the_same_tree_with_the_same_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [TEXT, *(path.read_text() for path in Path(__file__).parents[3].glob("policies/**/*.yaml"))]
    for text in texts:
        read = []
        for loader in (yaml.CSafeLoader, yaml.SafeLoader):
            monkeypatch.setattr(guard, "loader", lambda chosen=loader: chosen)
            tree = tree_of(text)
            read.append((tree, [(node.mark.start, node.mark.end) for node in nodes_of(tree)]))
        assert read[0] == read[1]

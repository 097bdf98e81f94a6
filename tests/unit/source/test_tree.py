"""Scalars stay as written, whatever YAML 1.1 would make of them."""

import pytest

from csflow.source import Entry, Mapping, Scalar, Sequence

from .written import scalar_of, tree_of


@pytest.mark.parametrize(
    "written",
    ["NO", "no", "on", "~", "null", "0123", "0x1F", "22:00", "1.10", "1_000", "1e3", ".inf", "2026-01-01", "=", "true"],
)
def test_a_plain_scalar_stays_raw_text(written: str) -> None:
    scalar = scalar_of(f"a: {written}\n")
    assert (scalar.text, scalar.style, scalar.is_quoted) == (written, "plain", False)


@pytest.mark.parametrize(
    ("written", "text", "style", "quoted", "escapes"),
    [
        ("x", "x", "plain", False, False),
        ("'x'", "x", "single", True, False),
        ('"x"', "x", "double", True, False),
        ("'it''s'", "it's", "single", True, True),
        ('"a\\nb"', "a\nb", "double", True, True),
        ('"its"', "its", "double", True, False),
        ("|\n  x\n  y", "x\ny", "literal", False, False),
        (">-\n  x\\\n  y", "x\\ y", "folded", False, False),
        ("x\n  y", "x y", "plain", False, False),
        ('"x\n  y"', "x y", "double", True, False),
    ],
)
def test_style_and_escapes_of_a_scalar(written: str, text: str, style: str, quoted: bool, escapes: bool) -> None:
    scalar = scalar_of(f"a: {written}")
    assert (scalar.text, scalar.style) == (text, style)
    assert (scalar.is_quoted, scalar.has_escapes) == (quoted, escapes)


@pytest.mark.parametrize("written", ["a:", "a: ", "a:   # comment", "{a: }", "{a: , b: c}", "a:\nb: c"])
def test_a_value_left_out_is_an_empty_plain_scalar_behind_its_colon(written: str) -> None:
    scalar = scalar_of(written)
    assert (scalar.text, scalar.style) == ("", "plain")
    assert scalar.mark.start == scalar.mark.end == written.index(":") + 1


def test_a_list_item_left_out_is_an_empty_plain_scalar() -> None:
    node = tree_of("a:\n- \n- b\n").get("a")
    assert isinstance(node, Sequence)
    assert [item.text for item in node.items if isinstance(item, Scalar)] == ["", "b"]


def test_a_mapping_gives_its_values_by_name_in_the_order_written() -> None:
    tree = tree_of("b: 1\na: {x: y}\n'c': [1, 2]\n")
    assert tree.keys() == ("b", "a", "c")
    assert tree.get("d") is None and tree.entry("d") is None
    entry = tree.entry("a")
    assert isinstance(entry, Entry) and isinstance(entry.value, Mapping)
    assert entry.value.flow and not tree.flow
    assert entry.value.get("x") == scalar_of("z: y", "z")
    items = tree.get("c")
    assert isinstance(items, Sequence) and items.flow and len(items.items) == 2


def test_marks_do_not_count_when_trees_are_compared() -> None:
    above, below = tree_of("a: [b, {c: d}]\n"), tree_of("# moved\n\na:  [ b, {c:  d} ] # there\n")
    assert above == below
    assert hash(above) == hash(below)
    assert repr(above) == repr(below)
    assert above != tree_of("a: [b, {c: 'd'}]\n")


def test_brackets_and_indentation_make_different_trees() -> None:
    assert tree_of("a: [b]") != tree_of("a:\n- b")


@pytest.mark.parametrize(
    "text", ["a: 1", "---\na: 1\n", "---\na: 1\n...\n", "# c\n\na: 1 # d\n", "{a: 1}", "\na: 1\n\n"]
)
def test_one_document_may_have_its_marks_and_comments(text: str) -> None:
    assert tree_of(text).keys() == ("a",)


def test_chinese_punctuation_in_texts_is_nobodys_business() -> None:
    text = (
        "title: 售后：七日无理由（退货）\n"
        "note: VIP：会员，优先处理！\n"
        "script: |\n  　　您好：请稍等。\n  id：不是键\n"
        "list:\n- 您好，请问：有什么可以帮您？\n- VIP：会员\n- “引用”\n"
        "map: {zh-CN: 退货：是，或否, en: 'a: b'}\n"
        "# 注释：随便写，｛｝\n"
        'quoted: "id：x"\n'
        "question: 可以退吗?\n"
        "emoji: 👨‍👩‍👧 ❤️\n"
    )
    assert len(tree_of(text).entries) == 8

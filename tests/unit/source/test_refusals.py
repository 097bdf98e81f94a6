"""What csflow refuses of YAML, by name, line and column."""

import pytest

from csflow.diagnostics import Phrase

from .written import findings_of, places_of, tree_of


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: b\nc: d\0e\n", [("control-character", 2, 5)]),
        ("a: b\n退: \x07\n", [("control-character", 2, 4)]),
        ("a: b\x85c\n", [("control-character", 1, 5)]),
        ("a: b\u2028c\n", [("control-character", 1, 5)]),
        ("a: b\rc: d\n", [("control-character", 1, 5)]),
        ("a: b\r\nc: d\r\n", []),
        ("# x\u202ey\na: \u200bb\n", [("invisible-character", 1, 4), ("invisible-character", 2, 4)]),
        ("a: 😀b\ufeff\n", [("invisible-character", 1, 6)]),
        ("a: b\u200dc\n", [("invisible-character", 1, 5)]),
        ("a:\tb\n", [("tab-character", 1, 3)]),
        ("a: b\n\t\tc: d\n", [("tab-character", 2, 1)]),
        ("a: b # \tc\n", [("tab-character", 1, 8)]),
        ('a: "\\u202e\\0\\t\\n"\n', [("invisible-character", 1, 5), ("control-character", 1, 11)]),
        ("a: '\\0'\n", []),
        ("a:\n\u00a0\u00a0b: c\n", [("invisible-character", 2, 1)]),
        ("\u3000a: b\n", [("invisible-character", 1, 1)]),
        ("a:\u3000b\nc: d\n", [("invisible-character", 1, 3)]),
        ("a: \u3000b\nc: d\n", [("invisible-character", 1, 4)]),
        ("a: b\n\u3000\u3000\nc: d\n", [("invisible-character", 2, 1)]),
        ("a: b\n\u3000\u3000# c\nd: e\n", [("invisible-character", 2, 1)]),
        ("a:\n-\u00a0b\n", [("invisible-character", 2, 2)]),
        ("a\u00a0: b\n", [("invisible-character", 1, 2)]),
        ("a: 您好\u3000朋友\u00a0x\n", []),
        ("a: |\n  \u3000\u3000段落\n", []),
        ("# \u3000注释\na: b\n", []),
    ],
)
def test_signs_nobody_sees(text: str, places: list[tuple[str, int, int]]) -> None:
    assert places_of(text) == places


def test_a_sign_is_named_by_its_number() -> None:
    assert [f.values["sign"] for f in findings_of("a: \0\nb: \u202e\nc: \U000e0041\n")] == [
        "U+0000",
        "U+202E",
        "U+E0041",
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: *b\n", [("yaml-alias", 1, 4)]),
        ("a: &b c\nd: *b\n", [("yaml-alias", 1, 4), ("yaml-alias", 2, 4)]),
        ("&r\na: b\n", [("yaml-alias", 1, 1)]),
        ("a: !!str b\n", [("yaml-tag", 1, 4)]),
        ("a: !x [b]\n", [("yaml-tag", 1, 4)]),
        ("a: !<tag:x> b\n", [("yaml-tag", 1, 4)]),
        ("!x ： : b\n", [("yaml-tag", 1, 1), ("full-width-punctuation", 1, 4)]),
        ("a: &b !x c\n", [("yaml-alias", 1, 4), ("yaml-tag", 1, 7)]),
        ("a: !e!x b\n", [("yaml-tag", 1, 4)]),
        ("a: b\n<<: {c: d}\n", [("merge-key", 2, 1)]),
        ("'<<': b\n", []),
        ("%YAML 1.2\n---\na: b\n", [("yaml-directive", 1, 1)]),
        (
            "# c\n%TAG ! x\n%FOO\n---\na: b\na: c\n",
            [("yaml-directive", 2, 1), ("yaml-directive", 3, 1), ("duplicate-key", 6, 1)],
        ),
        ("a: b\n---\nc: d\n", [("several-documents", 2, 1)]),
        ("a: b\n...\nc: d\n", [("several-documents", 3, 1)]),
        ("a: 1\nb: {c: 1, d: 2, c: 3}\n", [("duplicate-key", 2, 17)]),
        ("a: 1\n'a': 2\n\"a\": 3\n", [("duplicate-key", 2, 1), ("duplicate-key", 3, 1)]),
        ("? a\n: b\n", [("complex-key", 1, 3)]),
        ("? {a: b}\n: c\n", [("complex-key", 1, 3)]),
        ("a: {? b : c}\n", [("complex-key", 1, 7)]),
        ("[a]: b\n", [("complex-key", 1, 1)]),
        ("x: y\n[a]: b\n", [("complex-key", 2, 1)]),
        ("a: why ?\nb: c\n", []),
        ("", [("empty-file", 1, 1)]),
        ("# nothing\n\n", [("empty-file", 1, 1)]),
        ("---\n", [("empty-file", 1, 1)]),
        ("- a\n", [("not-a-mapping", 1, 1)]),
        ("\n\nhello\n", [("not-a-mapping", 3, 1)]),
        ("'a: b'\n", [("not-a-mapping", 1, 1)]),
    ],
)
def test_features_of_yaml_that_a_policy_does_without(text: str, places: list[tuple[str, int, int]]) -> None:
    assert places_of(text) == places


def test_a_duplicate_names_the_line_of_the_first() -> None:
    (finding,) = findings_of("x: 1\n\na: 2\nb: 3\na: 4\n")
    assert finding.values == {"key": "a", "first_line": 3}


def test_the_written_text_stands_in_the_finding() -> None:
    found = findings_of("a: &b c\nd: *b\ne: !!python/object/apply:os.system [id]\n")
    assert [finding.values["text"] for finding in found] == ["&b", "*b", "!!python/object/apply:os.system"]


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("a: " + "[" * 31 + "]" * 31, None, {}),
        ("a: " + "[" * 32 + "]" * 32, "too-deep", {"limit": 32}),
        ("a: [" + "b, " * 99_996 + "b]", None, {}),
        ("a: [" + "b, " * 99_997 + "b]", "too-many-nodes", {"limit": 100_000}),
        ("a: " + "x" * 65_536, None, {}),
        ("a: " + "x" * 65_537, "scalar-too-long", {"length": 65_537, "limit": 65_536}),
        ("a: " + "中" * 21_846, "scalar-too-long", {"length": 65_538, "limit": 65_536}),
    ],
    ids=lambda given: str(given)[:20],
)
def test_limits_are_exact(text: str, name: str | None, values: dict[str, int]) -> None:
    if name is None:
        tree_of(text)
    else:
        (finding,) = findings_of(text)
        assert (finding.name, finding.values) == (name, values)


def test_a_file_of_a_mebibyte_is_read_and_one_byte_more_is_not() -> None:
    body = b"a: b\n" + b"#" * (1024 * 1024 - 6) + b"\n"
    assert findings_of(body) == []
    (finding,) = findings_of(body + b"\n")
    assert (finding.name, finding.mark, finding.subject) == ("file-too-large", None, "written.yaml")
    assert finding.values == {"size": 1024 * 1024 + 1, "limit": 1024 * 1024}


CN = "decision: 七日无理由退货\ntitle: 消费者权益保护法规定的退货期\n"
TW = "decision: 七日鑑賞期\ntitle: 消費者保護法規定的退貨期限\n"


@pytest.mark.parametrize(
    ("data", "encoding", "place"),
    [
        (CN.encode("gbk"), "GB18030", (1, 11)),
        (("x: y\n" + CN).encode("gb18030"), "GB18030", (2, 11)),
        (TW.encode("big5"), "Big5", (1, 11)),
        (b"\xff\xfe" + CN.encode("utf-16-le"), "UTF-16", (1, 1)),
        (b"\xfe\xff" + CN.encode("utf-16-be"), "UTF-16", (1, 1)),
        (CN.encode("utf-16-le"), "UTF-16-LE", (1, 1)),
        (CN.encode("utf-16-be"), "UTF-16-BE", (1, 1)),
        (b"\xff\xfe\0\0" + CN.encode("utf-32-le"), "UTF-32", (1, 1)),
        (CN.encode()[:40] + b"\xff" + CN.encode()[40:], "damaged UTF-8", None),
        (b"a: b\nc: \xc0\x80\n", "an unknown encoding", (2, 4)),
        (b"a: caf\xe9 au lait\n", "an unknown encoding", (1, 7)),
    ],
)
def test_another_encoding_is_recognised(data: bytes, encoding: str, place: tuple[int, int] | None) -> None:
    (finding,) = findings_of(data)
    assert finding.name == "wrong-encoding"
    named = finding.values["encoding"]
    assert (named.in_language("en") if isinstance(named, Phrase) else named) == encoding
    assert finding.mark is not None
    if place is not None:
        assert (finding.mark.line, finding.mark.column) == place


def test_a_line_in_another_encoding_is_shown_as_its_writer_sees_it() -> None:
    (finding,) = findings_of(CN.encode("gbk"))
    assert finding.mark is not None
    assert finding.mark.source.line_text(1) == "decision: 七日无理由退货"
    assert finding.mark.text == "七"


def test_utf8_with_a_byte_order_mark_is_refused_but_read_on() -> None:
    assert places_of(b"\xef\xbb\xbfa: *x\n") == [("byte-order-mark", 1, 1), ("yaml-alias", 1, 4)]


def test_more_faults_than_anyone_reads_end_in_one_that_says_so() -> None:
    found = findings_of("a: *x\n" * 150)
    assert len(found) == 101
    assert [f.values for f in found if f.name == "too-many-findings"] == [{"limit": 100}]

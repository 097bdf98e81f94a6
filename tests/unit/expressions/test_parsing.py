"""What an author writes becomes the tree it means, each piece with its own letters; what is wrong is named."""

import pytest
from hypothesis import given, settings

from csflow.diagnostics import Diagnostics, Mark
from csflow.expressions import RESERVED, parse_cell, parse_condition, print_expression
from csflow.expressions import syntax as s
from csflow.expressions.parsing import LONGEST, MOST_NESTED, walk
from csflow.source import Mapping, Scalar, Sequence, read_yaml

from .trees import (
    NOWHERE,
    Parse,
    arithmetic,
    both,
    call,
    cell,
    cells,
    choice_cell,
    compare,
    condition,
    conditional,
    conditions,
    either,
    findings_of,
    inside,
    interval,
    iteration,
    literal,
    mark_of,
    marked,
    mended,
    minus,
    name,
    negate,
    number,
    one_of,
    only_finding,
    presence,
    quantified,
    subtree,
)

A, B, C, D = name("a"), name("b"), name("c"), name("d")

FORMS = {
    "a": A,
    "claim.reason": name("claim.reason"),
    "decision.no_reason_return.outcome": name("decision.no_reason_return.outcome"),
    "申请.原因": name("申请.原因"),
    "not a": negate(A),
    "a and b": both(A, B),
    "a and b and c": both(A, B, C),
    "a or b": either(A, B),
    "a or b or c": either(A, B, C),
    "a = b": compare(A, "=", B),
    "a != b": compare(A, "!=", B),
    "a < b": compare(A, "<", B),
    "a <= b": compare(A, "<=", B),
    "a > b": compare(A, ">", B),
    "a >= b": compare(A, ">=", B),
    "a in [b]": one_of(A, B),
    "a in [b, c, quality/*]": one_of(A, B, C, subtree("quality")),
    "a not in [b, c]": one_of(A, B, C, negated=True),
    "a in [1..2]": inside(A, interval("[]", number("1"), number("2"))),
    "a in [1..2)": inside(A, interval("[)", number("1"), number("2"))),
    "a in (1..2]": inside(A, interval("(]", number("1"), number("2"))),
    "a in (1..2)": inside(A, interval("()", number("1"), number("2"))),
    "a in ]1..2[": inside(A, interval("()", number("1"), number("2"))),
    "a not in [b..c]": inside(A, interval("[]", B, C), negated=True),
    "a is given": presence(A, given=True),
    "a is absent": presence(A, given=False),
    "a + b": arithmetic(A, "+", B),
    "a - b": arithmetic(A, "-", B),
    "a * b": arithmetic(A, "*", B),
    "a / b": arithmetic(A, "/", B),
    "-a": minus(A),
    "+a": A,
    "if a then b else c": conditional(A, B, C),
    "date_of(a)": call("date_of", A),
    "within(a, b, c)": call("within", A, B, C),
    "(a)": A,
    "((a))": A,
    "some v in a.b satisfies v.c": quantified("some", "v", "a.b", name("v.c")),
    "every v in b satisfies v.c and d": quantified("every", "v", "b", both(name("v.c"), D)),
    "some v in b satisfies not c or d": quantified("some", "v", "b", either(negate(C), D)),
    "(some v in b satisfies c) or d": either(quantified("some", "v", "b", C), D),
    "not (every v in b satisfies c)": negate(quantified("every", "v", "b", C)),
    "some v in b satisfies every w in v.c satisfies d": quantified(
        "some", "v", "b", quantified("every", "w", "v.c", D)
    ),
    "some v in b satisfies if a then c else d": quantified("some", "v", "b", conditional(A, C, D)),
    "if some v in b satisfies c then d else a": conditional(quantified("some", "v", "b", C), D, A),
    "sum(v in a.b, v.c)": call("sum", iteration(name("v"), "a.b", name("v.c"))),
    "count(v in b, v.c > 1 and d)": call(
        "count", iteration(name("v"), "b", both(compare(name("v.c"), ">", number("1")), D))
    ),
    "count(v in b, some w in c satisfies d)": call("count", iteration(name("v"), "b", quantified("some", "w", "c", D))),
    "sum(v in b, v.c) * 2": arithmetic(call("sum", iteration(name("v"), "b", name("v.c"))), "*", number("2")),
    "sum(v in b, sum(w in c, d))": call("sum", iteration(name("v"), "b", call("sum", iteration(name("w"), "c", D)))),
    "f(a in [b], c)": call("f", one_of(A, B), C),
    "f(a in [b..c])": call("f", inside(A, interval("[]", B, C))),
    "somebody": name("somebody"),
    "every_day = b": compare(name("every_day"), "=", B),
}

LITERALS = {
    "true": ("truth", "true"),
    "false": ("truth", "false"),
    "0": ("number", "0"),
    "12": ("number", "12"),
    "0.25": ("number", "0.25"),
    "80%": ("quantity", "80%"),
    "0.5%": ("quantity", "0.5%"),
    "12.34 CNY": ("quantity", "12.34 CNY"),
    "12CNY": ("quantity", "12 CNY"),
    "14 days": ("quantity", "14 days"),
    "48 hours": ("quantity", "48 hours"),
    "7 working_days": ("quantity", "7 working_days"),
    "10元": ("quantity", "10 元"),
    "7 个自然日": ("quantity", "7 个自然日"),
    "¥10": ("quantity", "10 ¥"),
    "¥12.50": ("quantity", "12.50 ¥"),
    "2025-11-10": ("date", "2025-11-10"),
    "2025-11-10T20:00:00+08:00": ("instant", "2025-11-10T20:00:00+08:00"),
    "2025-11-10T20:00:00Z": ("instant", "2025-11-10T20:00:00Z"),
    "2025-11-10T20:00:00.123456Z": ("instant", "2025-11-10T20:00:00.123456Z"),
    "2025-11-10T20:00": ("instant", "2025-11-10T20:00"),
    "'abc'": ("text", "abc"),
    '"abc"': ("text", "abc"),
    "''": ("text", ""),
    "'a \"b\"'": ("text", 'a "b"'),
    '"it\'s"': ("text", "it's"),
    "'（七天，含当日）'": ("text", "（七天，含当日）"),
    "'a and b'": ("text", "a and b"),
}

CELLS = {
    "-": s.AnyCell(NOWHERE),
    "= a": s.CompareCell(NOWHERE, "=", A),
    "!= a": s.CompareCell(NOWHERE, "!=", A),
    "< 7": s.CompareCell(NOWHERE, "<", number("7")),
    "<= 7 days": s.CompareCell(NOWHERE, "<=", literal("quantity", "7 days")),
    ">7": s.CompareCell(NOWHERE, ">", number("7")),
    ">= b + c": s.CompareCell(NOWHERE, ">=", arithmetic(B, "+", C)),
    "given": s.PresenceCell(NOWHERE, given=True),
    "absent": s.PresenceCell(NOWHERE, given=False),
    "a": choice_cell(A),
    "[a]": choice_cell(A),
    "[a, b]": choice_cell(A, B),
    "not(a)": choice_cell(A, negated=True),
    "not(a, quality/*)": choice_cell(A, subtree("quality"), negated=True),
    "quality/*": choice_cell(subtree("quality")),
    "-5": choice_cell(minus(number("5"))),
    "true": choice_cell(literal("truth", "true")),
    "'abc'": choice_cell(literal("text", "abc")),
    "date_of(a)": choice_cell(call("date_of", A)),
    "[7 days..15 days)": s.IntervalCell(
        NOWHERE, interval("[)", literal("quantity", "7 days"), literal("quantity", "15 days"))
    ),
    "(1..2]": s.IntervalCell(NOWHERE, interval("(]", number("1"), number("2"))),
    "[2025-11-10..2025-11-12]": s.IntervalCell(
        NOWHERE, interval("[]", literal("date", "2025-11-10"), literal("date", "2025-11-12"))
    ),
}


@pytest.mark.parametrize(("text", "tree"), FORMS.items(), ids=list(FORMS))
def test_every_form_of_a_condition_has_its_tree(text: str, tree: s.Syntax) -> None:
    assert condition(text) == tree


@pytest.mark.parametrize(("text", "read"), LITERALS.items(), ids=list(LITERALS))
def test_every_literal_is_read_whole(text: str, read: tuple[str, str]) -> None:
    assert condition(text) == literal(*read)
    assert condition(f"a = {text}") == compare(A, "=", literal(*read))


@pytest.mark.parametrize(("text", "tree"), CELLS.items(), ids=list(CELLS))
def test_every_form_of_a_cell_has_its_tree(text: str, tree: s.Syntax) -> None:
    assert cell(text) == tree


@pytest.mark.parametrize(
    ("text", "means", "not_this"),
    [
        ("a or b and c", "a or (b and c)", "(a or b) and c"),
        ("a and b or c", "(a and b) or c", "a and (b or c)"),
        ("not a and b", "(not a) and b", "not (a and b)"),
        ("not a or b", "(not a) or b", "not (a or b)"),
        ("not a = b", "not (a = b)", "(not a) = b"),
        ("not a in [b]", "not (a in [b])", "(not a) in [b]"),
        ("not a is given", "not (a is given)", "(not a) is given"),
        ("not not a", "not (not a)", "a"),
        ("a = b and c", "(a = b) and c", "a = (b and c)"),
        ("a + b = c - d", "(a + b) = (c - d)", "a + (b = c) - d"),
        ("a + b in [c]", "(a + b) in [c]", "a + (b in [c])"),
        ("a + b is given", "(a + b) is given", "a + (b is given)"),
        ("a + b * c", "a + (b * c)", "(a + b) * c"),
        ("a * b + c", "(a * b) + c", "a * (b + c)"),
        ("a - b - c", "(a - b) - c", "a - (b - c)"),
        ("a / b * c", "(a / b) * c", "a / (b * c)"),
        ("-a * b", "(-a) * b", "-(a * b)"),
        ("a - -b", "a - (-b)", "a + b"),
        ("if a then b else c or d", "if a then b else (c or d)", "(if a then b else c) or d"),
        ("if a then b else if c then d else a", "if a then b else (if c then d else a)", "if a then b else a"),
    ],
)
def test_what_binds_tighter(text: str, means: str, not_this: str) -> None:
    assert condition(text) == condition(means)
    assert condition(text) != condition(not_this)


@pytest.mark.parametrize(
    "word", ["notice", "not_before", "order_in", "android", "is_member", "if_open", "given_at", "absent_days", "truth"]
)
def test_a_name_may_begin_or_end_like_a_reserved_word(word: str) -> None:
    assert condition(word) == name(word)
    assert condition(f"record.{word} and {word}") == both(name(f"record.{word}"), name(word))
    assert cell(word) == choice_cell(name(word))


@pytest.mark.parametrize("word", ["and", "or", "in", "is", "then", "else"])
def test_a_number_does_not_take_the_next_word_for_its_unit(word: str) -> None:
    text = {
        "and": "a = 1 and b",
        "or": "a = 1 or b",
        "in": "1 in [a]",
        "is": "1 is given",
        "then": "if a = 1 then b else c",
        "else": "if a then 1 else b",
    }[word]
    assert number("1") in walk(condition(text))


def test_blanks_and_lines_do_not_count() -> None:
    assert condition("  a\n   and\r\n  b=c ") == condition("a and b = c")


# Marks


@settings(deadline=None)
@given(conditions)
def test_every_piece_of_a_condition_points_at_letters_that_mean_just_it(tree: s.Syntax) -> None:
    _require_own_letters(condition(print_expression(tree)))


@settings(deadline=None)
@given(cells)
def test_every_piece_of_a_cell_points_at_letters_that_mean_just_it(tree: s.Syntax) -> None:
    _require_own_letters(cell(print_expression(tree)))


def test_a_mark_holds_no_more_and_no_less_than_its_piece() -> None:
    tree = condition("(a)  and not f( b,'c' ) in [1 CNY .. -2 CNY)")
    assert [node.mark.text for node in walk(tree)] == [
        "(a)  and not f( b,'c' ) in [1 CNY .. -2 CNY)",
        "not f( b,'c' ) in [1 CNY .. -2 CNY)",
        "f( b,'c' ) in [1 CNY .. -2 CNY)",
        "[1 CNY .. -2 CNY)",
        "-2 CNY",
        "2 CNY",
        "1 CNY",
        "f( b,'c' )",
        "'c'",
        "b",
        "a",
    ]


def test_the_name_of_a_function_has_a_mark_of_its_own() -> None:
    tree = condition("a = date_of (b)")
    assert [node.name_mark.text for node in walk(tree) if isinstance(node, s.Call)] == ["date_of"]


@pytest.mark.parametrize(
    "written",
    [
        "when: claim.a = 'x' and claim.b",
        "when: \"claim.a = 'x' and claim.b\"",
        "when: 'claim.a = \"x\" and claim.b'",
        "when: >-\n  claim.a = 'x'\n  and claim.b\n",
        "when: |\n  claim.a = 'x'\n    and claim.b\n",
        "when: claim.a = 'x'\n  and claim.b",
    ],
)
def test_places_are_those_of_the_file_however_yaml_wraps_the_condition(written: str) -> None:
    text = f"# 退货\n{written}\n"
    node = read_yaml("rules.yaml", text.encode(), Diagnostics())
    assert isinstance(node, Mapping)
    scalar = node.get("when")
    assert isinstance(scalar, Scalar)
    tree = parse_condition(scalar.content, Diagnostics())
    assert tree == both(compare(name("claim.a"), "=", literal("text", "x")), name("claim.b"))
    assert tree is not None
    found = {node.path: node.mark for node in walk(tree) if isinstance(node, s.Name)}
    assert {path: mark.start for path, mark in found.items()} == {path: text.index(path) for path in found}


def test_places_of_cells_are_those_of_the_file() -> None:
    text = 'when: {a: [x, yy], b: "<= 7 days"}\n'
    node = read_yaml("rules.yaml", text.encode(), Diagnostics())
    assert isinstance(node, Mapping)
    row = node.get("when")
    assert isinstance(row, Mapping)
    items, bound = row.get("a"), row.get("b")
    assert isinstance(items, Sequence) and isinstance(bound, Scalar)
    scalars = [item for item in items.items if isinstance(item, Scalar)]
    trees = [parse_cell(scalar.content, Diagnostics()) for scalar in (*scalars, bound)]
    assert [tree.mark.text for tree in trees if tree] == ["x", "yy", "<= 7 days"]


# What is wrong


@pytest.mark.parametrize("parse", [parse_condition, parse_cell])
@pytest.mark.parametrize("text", ["", " ", " \n "])
def test_an_empty_text_is_no_expression(text: str, parse: Parse) -> None:
    assert only_finding(text, parse).name == "empty-expression"


@pytest.mark.parametrize(
    ("text", "sign", "ascii_sign", "suggestion"),
    [
        ("a ＞ b", "＞", ">", "a > b"),
        ("a ≥ b", "≥", ">=", "a >= b"),
        ("a ＞＝ b", "＞＝", ">=", "a >= b"),
        ("a ≠ b", "≠", "!=", "a != b"),
        ("a × b", "×", "*", "a * b"),
        ("a ÷ b", "÷", "/", "a / b"),
        ("a － b", "－", "-", "a - b"),
        ("a = ￥10", "￥", "¥", "a = ¥10"),
        ("a = １０ CNY", "１０", "10", "a = 10 CNY"),
        ("a = 10％", "％", "%", "a = 10%"),
        ("a = “b”", "“", '"', 'a = "b"'),
        ("a = ‘b’", "‘", "'", "a = 'b'"),
        ("a = 「b」", "「", '"', 'a = "b"'),
        ("a in ［b，c］", "［", "[", "a in [b,c]"),
        ("a in 【b, c】", "【", "[", "a in [b, c]"),
        ("f（a）", "（", "(", "f(a)"),
        ("a in [1…2]", "…", "..", "a in [1..2]"),
        ("a\u3000= b", "\u3000", " ", "a = b"),
        ("a\u00a0= b", "\u00a0", " ", "a = b"),
        ("ａ = b", "ａ", "a", "a = b"),
        ("a ＝ '（b）'", "＝", "=", None),
    ],
)
def test_a_full_width_sign_is_named_with_its_fix(text: str, sign: str, ascii_sign: str, suggestion: str | None) -> None:
    finding = only_finding(text)
    assert finding.name == "full-width-sign" and marked(finding).startswith(sign)
    assert finding.values == {"sign": sign, "ascii": ascii_sign}
    if suggestion is not None:
        assert mended(finding) == suggestion
        condition(suggestion)


def test_full_width_signs_in_a_cell_are_named_too() -> None:
    finding = only_finding("［7 days..15 days）", parse_cell)
    assert finding.name == "full-width-sign"
    assert (marked(finding), finding.suggestion) == ("［7 days..15 days）", "[7 days..15 days)")


@pytest.mark.parametrize(
    ("text", "marks", "suggestion"),
    [
        ("a ＞ b", "＞", ">"),
        ("f（a，b） ≥ c", "（a，b） ≥", "(a,b) >="),
        ("a ＝ '（b）' and c ＝ d", "＝ '（b）' and c ＝", "= '（b）' and c ="),
        ("a ＝ b and\n  c ＝ d", "＝", "="),
        ("a ＝ b ；", "＝ b ；", None),
    ],
)
def test_the_signs_of_one_line_are_marked_together_with_all_their_fixes(
    text: str, marks: str, suggestion: str | None
) -> None:
    finding = only_finding(text)
    assert (marked(finding), finding.suggestion) == (marks, suggestion)


def test_full_width_signs_between_quotes_are_part_of_the_text() -> None:
    assert condition("a = '“（，。）”'") == compare(A, "=", literal("text", "“（，。）”"))
    assert marked(only_finding("'（' = a ＞ '）'")) == "＞"


@pytest.mark.parametrize(
    ("text", "sign", "suggestion"),
    [
        ("a == b", "==", "a = b"),
        ("a === b", "===", "a = b"),
        ("a && b", "&&", "a and b"),
        ("a & b", "&", "a and b"),
        ("a || b", "||", "a or b"),
        ("a | b", "|", "a or b"),
        ("a <> b", "<>", "a != b"),
        ("a => b", "=>", "a >= b"),
        ("a =< b", "=<", "a <= b"),
        ("a==b", "==", "a=b"),
        ("! a", "!", "not a"),
        ("!a", "!", "not a"),
        ("a&&b", "&&", "a and b"),
        ("a and ! b", "!", "a and not b"),
        ("not (a == b) or c", "==", "not (a = b) or c"),
    ],
)
def test_an_operator_from_elsewhere_is_named_with_ours(text: str, sign: str, suggestion: str) -> None:
    finding = only_finding(text)
    assert (finding.name, marked(finding)) == ("foreign-operator", sign)
    assert mended(finding) == suggestion
    condition(suggestion)


def test_each_of_several_operators_from_elsewhere_has_its_own_fix() -> None:
    finding = only_finding("a && b || !c")
    assert (marked(finding), finding.suggestion) == ("&&", "and")
    finding = only_finding("a && b ||")
    assert (marked(finding), finding.suggestion) == ("&&", None)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("a ＝ '（b）'", "="),
        ("a > 5；", None),
        ("a > 1,234,567 CNY", "1234567"),
    ],
)
def test_a_suggestion_can_be_taken_as_it_stands(text: str, suggestion: str | None) -> None:
    assert only_finding(text).suggestion == suggestion


@pytest.mark.parametrize("choice", ["2025-11-10", "quality/*"])
def test_a_long_list_is_not_deep(choice: str) -> None:
    assert len(condition(f"a in [{', '.join([choice] * 60)}]").choices) == 60  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "written", "suggestion"), [("a > 1,000 CNY", "1,000", "1000"), ("a > 12,500", "12,500", "12500")]
)
def test_a_comma_between_thousands_is_named(text: str, written: str, suggestion: str) -> None:
    finding = only_finding(text)
    assert (finding.name, marked(finding), finding.suggestion) == ("thousands-separator", written, suggestion)


@pytest.mark.parametrize(
    ("text", "at"), [("a-b", 1), ("a -b", 2), ("a- b", 1), ("a - b-c", 5), ("(a)-b", 3), ("'-'-a", 3)]
)
def test_a_minus_between_two_values_has_a_space_on_both_sides(text: str, at: int) -> None:
    finding = only_finding(text)
    assert finding.name == "tight-minus"
    assert marked(finding) == "-"
    assert _offset(finding.mark, text) == at


def test_a_minus_before_one_value_needs_no_space() -> None:
    assert condition("-a > -5") == compare(minus(A), ">", minus(number("5")))
    assert condition("a\n- b") == arithmetic(A, "-", B)


@pytest.mark.parametrize("word", ["some", "every", "satisfies"])
def test_a_reserved_word_is_no_name(word: str) -> None:
    for text in (word, f"{word} > 3", f"a = {word}", f"a {word} b"):
        finding = only_finding(text)
        assert (finding.name, marked(finding)) == ("reserved-word", word)
        assert finding.values == {"word": word}


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_no_reserved_word_is_ever_read_as_a_name(word: str) -> None:
    for text in (word, f"{word} = a", f"a = {word}", f"a and {word}", f"a in [{word}]", f"{word}(a)"):
        tree = parse_condition(mark_of(text), Diagnostics())
        assert tree is None or name(word) not in walk(tree), text


@pytest.mark.parametrize(
    ("text", "last"),
    [("a and", "and"), ("a =", "="), ("not", "not"), ("(a", "(a"), ("f(a,", "f(a,"), ("a in [b", "[b"), ("-", "-")],
)
def test_an_expression_that_breaks_off_names_its_last_word(text: str, last: str) -> None:
    finding = only_finding(text)
    assert (finding.name, finding.values) == ("unfinished-expression", {"text": last})
    assert finding.mark is not None
    assert _offset(finding.mark, text) + len(marked(finding)) == len(text)


@pytest.mark.parametrize(
    ("text", "unexpected", "suggestion"),
    [
        ("a adn b", "adn", "and"),
        ("a AND b", "AND", "and"),
        ("a b", "b", None),
        ("a)", ")", None),
        ("a = b = c", "=", None),
        ("1 < a < 5", "<", None),
        ("a in []", "]", None),
        ("a in b", "b", None),
        ("a > $5", "$", None),
        ("a % 2", "%", None),
        ("<= 7", "<=", None),
        ("[a, b]", "[", None),
        ("1..2", "..", None),
    ],
)
def test_what_cannot_stand_there_is_named(text: str, unexpected: str, suggestion: str | None) -> None:
    finding = only_finding(text)
    assert (finding.name, marked(finding), finding.suggestion) == ("unexpected-text", unexpected, suggestion)
    assert finding.values == {"text": unexpected}


@pytest.mark.parametrize(
    ("text", "unexpected"),
    [("a or b", "or"), (">= 1 and < 5", "and"), ("a = b", "="), ("- -", "-"), ("x is given", "is")],
)
def test_a_cell_is_no_condition(text: str, unexpected: str) -> None:
    finding = only_finding(text, parse_cell)
    assert finding.name in ("unexpected-text", "unfinished-expression")
    assert marked(finding) == unexpected


def test_comparisons_do_not_chain_and_the_second_is_marked() -> None:
    text = "1 < a < 5"
    finding = only_finding(text)
    assert _offset(finding.mark, text) == text.rindex("<")


@pytest.mark.parametrize(
    "nested",
    [
        "not " * (MOST_NESTED + 1) + "a",
        "(" * (MOST_NESTED + 1) + "a" + ")" * (MOST_NESTED + 1),
        "-" * (MOST_NESTED + 1) + "a",
    ],
    ids=["not", "brackets", "minus"],
)
def test_nesting_is_bounded(nested: str) -> None:
    finding = only_finding(nested)
    assert (finding.name, marked(finding)) == ("expression-too-complex", nested)
    assert finding.values == {"length": LONGEST, "nested": MOST_NESTED}


def test_as_deep_as_the_bound_is_still_read_and_printed() -> None:
    tree: s.Syntax = A
    for _ in range(MOST_NESTED):
        tree = negate(tree)
    assert condition("not " * MOST_NESTED + "a") == tree
    assert condition(print_expression(tree)) == tree
    assert condition("(" * MOST_NESTED + "a" + ")" * MOST_NESTED) == A


def test_length_is_bounded() -> None:
    names = " or ".join(["a"] * 800)
    assert len(names) < LONGEST
    assert condition(names) == either(*[A] * 800)
    assert only_finding(" or ".join(["a"] * 900)).name == "expression-too-complex"


@pytest.mark.parametrize("text", ["a == b && c", "a ＞ b ＞ c", "a-b-c", "some > every"])
def test_one_text_has_one_finding(text: str) -> None:
    assert len(findings_of(text)) == 1


def _require_own_letters(tree: s.Syntax) -> None:
    for node in walk(tree):
        text = node.mark.text
        assert text == text.strip() != ""
        assert _read_alone(node) == node, text


def _read_alone(node: s.Syntax) -> s.Syntax | None:
    """The node read from nothing but its own letters."""
    text = node.mark.text
    match node:
        case s.Interval():
            whole = cell(text)
            return whole.interval if isinstance(whole, s.IntervalCell) else None
        case s.Iteration():
            whole = condition(f"sum({text})")
            return whole.arguments[0] if isinstance(whole, s.Call) else None
        case s.Subtree():
            whole = cell(text)
            return whole.choices[0] if isinstance(whole, s.ChoiceCell) else None
        case s.AnyCell() | s.CompareCell() | s.PresenceCell() | s.ChoiceCell() | s.IntervalCell():
            return cell(text)
    return condition(text)


def _offset(mark: Mark | None, text: str) -> int:
    assert mark is not None
    return mark.start - mark_of(text).start


# Lists


def test_the_pieces_of_a_quantifier_have_their_own_letters():
    text = "some line in claim.lines satisfies line.quantity > 1"
    tree = condition(f"(a and ({text}))").operands[1]
    assert tree.mark.text == text
    assert tree.variable_mark.text == "line"
    assert tree.source.mark.text == "claim.lines"
    assert tree.test.mark.text == "line.quantity > 1"


def test_the_pieces_of_an_iteration_have_their_own_letters():
    tree = condition("1 + sum(line  in claim.lines,\n line.price * 2)").right
    (walked,) = tree.arguments
    assert tree.name_mark.text == "sum"
    assert walked.mark.text == "line  in claim.lines,\n line.price * 2"
    assert [walked.variable.mark.text, walked.source.mark.text, walked.body.mark.text] == [
        "line", "claim.lines", "line.price * 2"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name_of_finding", "letters"),
    [
        ("some = b", "reserved-word", "some"),
        ("a and every", "reserved-word", "every"),
        ("satisfies", "reserved-word", "satisfies"),
        ("some then in b satisfies c", "reserved-word", "some"),
        ("some v in b", "unfinished-expression", "b"),
        ("some v in b satisfies", "unfinished-expression", "s"),
        ("some v in [b] satisfies c", "unexpected-text", "["),
        ("some v.w = b", "unexpected-text", "="),
        ("sum(v in b, c, d)", "unexpected-text", ","),
        ("sum(d, v in b, c)", "unexpected-text", "b"),
        ("sum(v in b)", "unexpected-text", ")"),
        ("v in b, c", "unexpected-text", "b"),
    ],
)
def test_a_quantifier_or_an_iteration_that_is_not_right_is_named_at_its_letters(text, name_of_finding, letters):
    finding = only_finding(text)
    assert (finding.name, marked(finding)) == (name_of_finding, letters)


# That `true` is no variable, the elaborator says: to the grammar it is one of the things that a list may hold.
@pytest.mark.parametrize("word", sorted(RESERVED - {"true", "false"}))
@pytest.mark.parametrize(
    "form", ["some {} in b satisfies c", "every v in {} satisfies c", "count({} in b, c)", "sum(v in {}, c)"]
)
def test_no_word_of_the_language_is_a_variable_or_a_list(word, form):
    text = form.format(word)
    (finding,) = findings_of(text)
    assert marked(finding)


def test_quantifiers_nest_as_deep_as_anything_may():
    def deep(count):
        return "some v in b satisfies " * count + "a"

    assert condition(deep(MOST_NESTED)).word == "some"
    assert [finding.name for finding in findings_of(deep(MOST_NESTED + 1))] == ["expression-too-complex"]

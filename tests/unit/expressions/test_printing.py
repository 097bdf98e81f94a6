"""Printing is the way back: the text of a tree parses to the same tree."""

import re

import pytest
from hypothesis import given, settings

from csflow.diagnostics import Diagnostics
from csflow.expressions import parse_cell, parse_condition, print_expression
from csflow.expressions.syntax import Syntax

from .trees import Parse, cell, cells, condition, conditions, mark_of

_QUOTED_OR_BRACKET = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[()]")


@settings(deadline=None)
@given(conditions)
def test_a_printed_condition_parses_to_the_same_tree(tree: Syntax) -> None:
    assert condition(print_expression(tree)) == tree


@settings(deadline=None)
@given(cells)
def test_a_printed_cell_parses_to_the_same_tree(tree: Syntax) -> None:
    assert cell(print_expression(tree)) == tree


@settings(deadline=None)
@given(conditions)
def test_no_pair_of_brackets_in_a_printed_condition_can_be_left_out(tree: Syntax) -> None:
    _require_every_bracket(tree, parse_condition)


@settings(deadline=None)
@given(cells)
def test_no_pair_of_brackets_in_a_printed_cell_can_be_left_out(tree: Syntax) -> None:
    _require_every_bracket(tree, parse_cell)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("  a   =\n b ", "a = b"),
        ("((a)) = (b)", "a = b"),
        ("(a and b) or (not (c = d))", "a and b or not c = d"),
        ("a and (b or c)", "a and (b or c)"),
        ("(a and b) and c", "(a and b) and c"),
        ("not (a and b)", "not (a and b)"),
        ("(not a) = b", "(not a) = b"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) - c", "a - b - c"),
        ("a * (b + c)", "a * (b + c)"),
        ("(a * b) + c", "a * b + c"),
        ("-(a + b)", "-(a + b)"),
        ("- a", "-a"),
        ("+a", "a"),
        ("a+b", "a + b"),
        ("(a + b) is given", "a + b is given"),
        ("(if a then b else c) = d", "(if a then b else c) = d"),
        ("if a then b else (if c then d else e)", "if a then b else if c then d else e"),
        ("f( a ,(b) )", "f(a, b)"),
        ("a in [ b ,c ]", "a in [b, c]"),
        ("a not  in [quality/*]", "a not in [quality/*]"),
        ("a in ] 1 .. 2 [", "a in (1..2)"),
        ("a >= 100CNY", "a >= 100 CNY"),
        ("a >= ¥100.50", "a >= ¥100.50"),
        ("a = 7天", "a = 7 天"),
        ('a = "it\'s"', 'a = "it\'s"'),
        ('a = "b"', "a = 'b'"),
        ("a = '\"'", "a = '\"'"),
        ("some  line in claim.lines\n satisfies (line.a)", "some line in claim.lines satisfies line.a"),
        ("every a in b satisfies (a.c or d)", "every a in b satisfies a.c or d"),
        ("(every a in b satisfies a.c) or d", "(every a in b satisfies a.c) or d"),
        ("some a in b satisfies (every c in d satisfies e)", "some a in b satisfies every c in d satisfies e"),
        ("not (some a in b satisfies c)", "not (some a in b satisfies c)"),
        ("if (some a in b satisfies c) then d else e", "if some a in b satisfies c then d else e"),
        ("sum( line in b , (line.c) )", "sum(line in b, line.c)"),
        ("count((a) in b, (if c then d else e))", "count(a in b, if c then d else e)"),
        ("max(a in b, (a.c)) + 1", "max(a in b, a.c) + 1"),
        ("f((a in [b]), c)", "f(a in [b], c)"),
    ],
)
def test_a_condition_is_printed_on_one_line_with_the_fewest_brackets(written: str, printed: str) -> None:
    assert print_expression(condition(written)) == printed


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (" - ", "-"),
        ("<=7 days", "<= 7 days"),
        ("( a )", "a"),
        ("[a]", "a"),
        ("[a,b]", "[a, b]"),
        ("not( a,b )", "not(a, b)"),
        ("not(a)", "not(a)"),
        ("[1..2)", "[1..2)"),
        ("quality/*", "quality/*"),
        ("given", "given"),
        ("-5", "-5"),
    ],
)
def test_a_cell_is_printed_in_its_shortest_form(written: str, printed: str) -> None:
    assert print_expression(cell(written)) == printed


def _require_every_bracket(tree: Syntax, parse: Parse) -> None:
    text = print_expression(tree)
    for start, end in _pairs(text):
        shorter = text[:start] + text[start + 1 : end] + text[end + 1 :]
        assert parse(mark_of(shorter), Diagnostics()) != tree, f"{text}\n{shorter}"


def _pairs(text: str) -> list[tuple[int, int]]:
    """The round brackets of a text that belong together, outside quotes."""
    pairs, opened = [], []
    for match in _QUOTED_OR_BRACKET.finditer(text):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")" and opened:
            pairs.append((opened.pop(), match.start()))
    return pairs

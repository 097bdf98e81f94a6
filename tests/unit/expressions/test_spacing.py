"""The blanks of an expression are those of its printed form; parentheses and quotes are the author's."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csflow.expressions import print_expression
from csflow.expressions.spacing import spaced
from csflow.expressions.syntax import Syntax

from .trees import cell, cells, condition, conditions

_QUOTED_OR_BLANK = re.compile(r"('[^'\n]*'|\"[^\"\n]*\")| ")


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("a=b", "a = b"),
        ("a  >=   10CNY", "a >= 10 CNY"),
        ("f( a,b )", "f(a, b)"),
        ("a in [ b,c ]", "a in [b, c]"),
        ("x in [ 1 .. 5 )", "x in [1..5)"),
        ("(a and b)or c", "(a and b) or c"),
        ("( (a) )", "((a))"),
        ("((a or b)) and c", "((a or b)) and c"),
        ("not(a)", "not (a)"),
        ("f((a),(b))", "f((a), (b))"),
        ("- a * ( b+c )", "-a * (b + c)"),
        ('a = "b  c"', 'a = "b  c"'),
        ("a   is  given", "a is given"),
        ("if a then b else(c)", "if a then b else (c)"),
        ("a.b in [quality/*]", "a.b in [quality/*]"),
        ("t > 2025-01-01T00:00:00+08:00", "t > 2025-01-01T00:00:00+08:00"),
        ("p>¥10", "p > ¥10"),
        ("p>10%", "p > 10%"),
    ],
)
def test_a_condition_gets_the_blanks_of_its_printed_form(written: str, due: str) -> None:
    tree = condition(written)
    assert spaced(written, tree) == due
    assert condition(due) == tree


@pytest.mark.parametrize(
    ("written", "due"),
    [("<=7", "<= 7"), ("not( a,b )", "not(a, b)"), ("[7 .. 15)", "[7..15)"), ("[a,b]", "[a, b]"), ("-", "-")],
)
def test_a_cell_gets_the_blanks_of_its_printed_form(written: str, due: str) -> None:
    tree = cell(written)
    assert spaced(written, tree) == due
    assert cell(due) == tree


def test_a_text_that_says_something_else_is_not_spaced() -> None:
    assert spaced("a = c", condition("a = b")) is None
    assert spaced("a", condition("a = b")) is None
    assert spaced("a = b or c", condition("a = b")) is None


@settings(deadline=None)
@given(conditions, st.integers(1, 3))
def test_whatever_blanks_a_condition_is_written_with_it_gets_the_printed_ones(tree: Syntax, count: int) -> None:
    printed = print_expression(tree)
    wide = _QUOTED_OR_BLANK.sub(lambda match: match[1] or " " * count, printed)
    assert spaced(f" {wide} ", tree) == printed
    assert spaced(f"(({printed}))", tree) == f"(({printed}))"


@settings(deadline=None)
@given(cells)
def test_a_printed_cell_has_its_blanks(tree: Syntax) -> None:
    assert spaced(print_expression(tree), tree) == print_expression(tree)

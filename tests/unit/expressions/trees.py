"""Builds syntax by hand and by chance, and parses what a test writes.

Marks never count in equality, so what is built by hand has one that points nowhere.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from csflow.diagnostics import Diagnostics, Finding, Mark, Source
from csflow.expressions import RESERVED, parse_cell, parse_condition, print_expression
from csflow.expressions import syntax as s
from csflow.expressions.parsing import LONGEST, MOST_NESTED

NOWHERE = Source("", "").mark()
Parse = Callable[[Mark, Diagnostics], s.Syntax | None]


_BEFORE, _BEHIND = "rules:\n  - when: ", "\n    because: x\n"


def mark_of(text: str) -> Mark:
    """The text as it stands in the middle of a file."""
    return Source("rules.yaml", _BEFORE + text + _BEHIND).mark(len(_BEFORE), len(_BEFORE) + len(text))


def condition(text: str) -> s.Syntax:
    """The tree of a condition that is right."""
    return _parsed(parse_condition, text)


def cell(text: str) -> s.Syntax:
    """The tree of a cell that is right."""
    return _parsed(parse_cell, text)


def findings_of(text: str, parse: Parse = parse_condition) -> list[Finding]:
    """The findings of a text that is wrong."""
    diagnostics = Diagnostics()
    assert parse(mark_of(text), diagnostics) is None
    return list(diagnostics)


def only_finding(text: str, parse: Parse = parse_condition) -> Finding:
    (finding,) = findings_of(text, parse)
    return finding


def marked(finding: Finding) -> str:
    """The letters under the carets."""
    assert finding.mark is not None
    return finding.mark.text


def mended(finding: Finding) -> str | None:
    """The text with the suggestion in place of the letters under the carets."""
    mark = finding.mark
    if mark is None or finding.suggestion is None:
        return None
    text = mark.source.text[: mark.start] + finding.suggestion + mark.source.text[mark.end :]
    return text.removeprefix(_BEFORE).removesuffix(_BEHIND)


def _parsed(parse: Parse, text: str) -> s.Syntax:
    diagnostics = Diagnostics()
    tree = parse(mark_of(text), diagnostics)
    assert tree is not None, [(finding.name, marked(finding)) for finding in diagnostics]
    assert list(diagnostics) == []
    return tree


# By hand


def name(path: str) -> s.Name:
    return s.Name(NOWHERE, path)


def literal(form: str, text: str) -> s.Literal:
    return s.Literal(NOWHERE, form, text)


def number(text: str) -> s.Literal:
    return literal("number", text)


def negate(operand: s.Syntax) -> s.Negate:
    return s.Negate(NOWHERE, operand)


def both(*operands: s.Syntax) -> s.Junction:
    return s.Junction(NOWHERE, "and", operands)


def either(*operands: s.Syntax) -> s.Junction:
    return s.Junction(NOWHERE, "or", operands)


def compare(left: s.Syntax, operator: str, right: s.Syntax) -> s.Compare:
    return s.Compare(NOWHERE, operator, left, right)


def one_of(operand: s.Syntax, *choices: s.Syntax, negated: bool = False) -> s.OneOf:
    return s.OneOf(NOWHERE, operand, choices, negated)


def interval(brackets: str, low: s.Syntax, high: s.Syntax) -> s.Interval:
    return s.Interval(NOWHERE, low, high, brackets[0] == "[", brackets[1] == "]")


def inside(operand: s.Syntax, between: s.Interval, negated: bool = False) -> s.Inside:
    return s.Inside(NOWHERE, operand, between, negated)


def presence(operand: s.Syntax, given: bool) -> s.Presence:
    return s.Presence(NOWHERE, operand, given)


def arithmetic(left: s.Syntax, operator: str, right: s.Syntax) -> s.Arithmetic:
    return s.Arithmetic(NOWHERE, operator, left, right)


def minus(operand: s.Syntax) -> s.Minus:
    return s.Minus(NOWHERE, operand)


def conditional(test: s.Syntax, then: s.Syntax, otherwise: s.Syntax) -> s.Conditional:
    return s.Conditional(NOWHERE, test, then, otherwise)


def call(function: str, *arguments: s.Syntax) -> s.Call:
    return s.Call(NOWHERE, function, arguments, NOWHERE)


def quantified(word: str, variable: str, source: str, test: s.Syntax) -> s.Quantified:
    return s.Quantified(NOWHERE, word, variable, name(source), test, NOWHERE)


def iteration(variable: s.Syntax, source: str, body: s.Syntax) -> s.Iteration:
    return s.Iteration(NOWHERE, variable, name(source), body)


def subtree(root: str) -> s.Subtree:
    return s.Subtree(NOWHERE, root)


def choice_cell(*choices: s.Syntax, negated: bool = False) -> s.ChoiceCell:
    return s.ChoiceCell(NOWHERE, choices, negated)


# By chance


_word = st.from_regex(r"[a-z_\u4e00-\u9fff][a-z0-9_\u4e00-\u9fff]{0,5}", fullmatch=True)
paths = st.lists(_word, min_size=1, max_size=3).map(".".join).filter(lambda path: path not in RESERVED)
_digits = st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,3})?", fullmatch=True)
_days = st.dates().map(str)
_clocks = st.from_regex(r"[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-][01][0-9]:[0-5][0-9])", fullmatch=True)
# What looks like an operator ends a number; every other word behind it is its unit.
_units = st.from_regex(r"[A-Za-z\u4e00-\u9fff][A-Za-z_\u4e00-\u9fff]{0,5}", fullmatch=True).filter(
    lambda unit: unit not in ("and", "or", "not", "in", "is", "then", "else")
)
_texts = st.text(st.characters(blacklist_characters="\n", blacklist_categories=("Cs",)), max_size=8)

literals = st.one_of(
    st.sampled_from(("true", "false")).map(lambda text: literal("truth", text)),
    _digits.map(number),
    _digits.map(lambda digits: literal("quantity", f"{digits}%")),
    _digits.map(lambda digits: literal("quantity", f"{digits} ¥")),
    st.builds(lambda digits, unit: literal("quantity", f"{digits} {unit}"), _digits, _units),
    _days.map(lambda day: literal("date", day)),
    st.builds(lambda day, clock: literal("instant", f"{day}T{clock}"), _days, _clocks),
    _texts.filter(lambda text: not ("'" in text and '"' in text)).map(lambda text: literal("text", text)),
)
_leaves = st.one_of(paths.map(name), literals)
_subtrees = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True).map(subtree)
_brackets = st.sampled_from(("[]", "[)", "(]", "()"))
_comparators = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))


# `true..` is not read as a truth, for the sake of names such as `true.colour`; a range of truths means nothing.
def _intervals(of: st.SearchStrategy[Any]) -> st.SearchStrategy[s.Interval]:
    low = of.filter(lambda tree: not print_expression(tree).endswith(("true", "false")))
    return st.builds(interval, _brackets, low, of)


def _choices(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(st.one_of(of, _subtrees), min_size=1, max_size=3).map(tuple)


def _larger(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(of, min_size=2, max_size=3)
    return st.one_of(
        of.map(negate),
        of.map(minus),
        several.map(lambda operands: both(*operands)),
        several.map(lambda operands: either(*operands)),
        st.builds(compare, of, _comparators, of),
        st.builds(
            lambda operand, choices, negated: one_of(operand, *choices, negated=negated),
            of,
            _choices(of),
            st.booleans(),
        ),
        st.builds(inside, of, _intervals(of), st.booleans()),
        st.builds(presence, of, st.booleans()),
        st.builds(arithmetic, of, st.sampled_from("+-*/"), of),
        st.builds(conditional, of, of, of),
        st.builds(lambda function, arguments: call(function, *arguments), paths, st.lists(of, min_size=1, max_size=3)),
        st.builds(quantified, st.sampled_from(("some", "every")), paths, paths, of),
        st.builds(lambda function, *parts: call(function, iteration(*parts)), paths, of, paths, of),
    )


def _is_small(tree: s.Syntax) -> bool:
    """Whether the printed tree stays within the bound of the parser."""
    text = print_expression(tree)
    return sum(map(text.count, ("not", "if", "some", "every", *"-+*/("))) <= MOST_NESTED and len(text) <= LONGEST


conditions = st.recursive(_leaves, _larger, max_leaves=10).filter(_is_small)
cells = st.one_of(
    st.just(s.AnyCell(NOWHERE)),
    st.booleans().map(lambda given: s.PresenceCell(NOWHERE, given)),
    st.builds(lambda operator, right: s.CompareCell(NOWHERE, operator, right), _comparators, conditions),
    st.builds(lambda choices, negated: choice_cell(*choices, negated=negated), _choices(conditions), st.booleans()),
    _intervals(conditions).map(lambda between: s.IntervalCell(NOWHERE, between)),
).filter(_is_small)

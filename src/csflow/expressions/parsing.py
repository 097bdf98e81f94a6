"""Owns turning a slice of a file into syntax. Door: lark.

What is wrong with the text is reported at its own place in the file; None is returned then.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from csflow.diagnostics import Diagnostics, Mark, Source, half_width, nearest
from csflow.diagnostics.suggestions import LOOK_ALIKES
from csflow.expressions.syntax import (
    AnyCell,
    Arithmetic,
    Call,
    ChoiceCell,
    Compare,
    CompareCell,
    Conditional,
    Inside,
    Interval,
    IntervalCell,
    Iteration,
    Junction,
    Literal,
    Minus,
    Name,
    Negate,
    OneOf,
    Presence,
    PresenceCell,
    Quantified,
    Subtree,
    Syntax,
)

if TYPE_CHECKING:
    from lark import Lark
    from lark.exceptions import UnexpectedInput

RESERVED = frozenset(
    {
        "and",
        "or",
        "not",
        "in",
        "some",
        "every",
        "satisfies",
        "is",
        "absent",
        "given",
        "true",
        "false",
        "if",
        "then",
        "else",
    }
)

LONGEST = 4000
# INVARIANT: what may nest is bounded here, so that no walk over a tree can exhaust the stack.
MOST_NESTED = 64
_NESTS = re.compile(r"\b(?:not|if|some|every)\b|[-+*/(]")
_QUOTED_OR_NOT = re.compile(r"('[^'\n]*'|\"[^\"\n]*\")|[^'\"]+|.")
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
# What holds signs of nesting without nesting: texts, dates and subtrees.
_FLAT = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[0-9]{4}-[0-9]{2}-[0-9]{2}|/\*")
_THOUSANDS = re.compile(r"(?<![0-9,.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_QUANTIFIERS = frozenset({"some", "every", "satisfies"})
# A day as people write it: 2025-11-8, 2025/11/8, 2025.11.8, 2025年11月8日, 11月8日.
_LOOSE_DATE = re.compile(
    r"(?<![\w.-])(?:([0-9]{4})[-/.年](?<!-(?=[0-9]{2}-[0-9]{2}(?![0-9])))([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
    r"|[0-9]{1,2}月[0-9]{1,2}日)(?![\w-])"
)
_CLOCK_BEHIND_DATE = re.compile(r"(?<![\w.-])[0-9]{4}-[0-9]{2}-[0-9]{2} +[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
# What no condition can say, and how it is said here.
_PRESENCE = re.compile(r"\bis +(?:(not +)?(?:null|NULL|Null|None|nil|empty|空)|not +(absent|given))(?!\w)")
_FOREIGN = {
    "==": "=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "===": "=",
    **dict.fromkeys(("且", "并且", "並且", "而且", "以及"), "and"),
    **dict.fromkeys(("或", "或者"), "or"),
    **dict.fromkeys(("等于", "等於"), "="),
    **dict.fromkeys(("不等于", "不等於"), "!="),
    **dict.fromkeys(("大于等于", "大於等於", "不小于", "不小於", "不少于", "不少於", "不低于", "不低於"), ">="),
    **dict.fromkeys(("小于等于", "小於等於", "不大于", "不大於", "不超过", "不超過", "不高于", "不高於"), "<="),
    **dict.fromkeys(("大于", "大於", "超过", "超過"), ">"),
    **dict.fromkeys(("小于", "小於", "少于", "少於"), "<"),
    **dict.fromkeys(("属于", "屬於"), "in"),
}


def parse_condition(mark: Mark, diagnostics: Diagnostics) -> Syntax | None:
    """The expression that stands at `mark`; None when it was reported."""
    return _parse("condition", mark, diagnostics)


def parse_cell(mark: Mark, diagnostics: Diagnostics) -> Syntax | None:
    """The table cell that stands at `mark`; None when it was reported."""
    return _parse("cell", mark, diagnostics)


def _parse(start: str, mark: Mark, diagnostics: Diagnostics) -> Syntax | None:
    text = mark.text
    tree = _tree_again(start, text) if len(text) <= _SHORT else _tree(start, text)
    if tree is None:
        _read(start, mark, diagnostics)
        return None
    syntax: Syntax = _Builder(mark).build(tree)
    return syntax


def _tree(start: str, text: str) -> Any:
    """What lark makes of a text about which there is nothing to say, wherever it stands; None of any other."""
    diagnostics = Diagnostics()
    tree = _read(start, Source("", text).mark(0, len(text)), diagnostics)
    return None if len(diagnostics) else tree


# The cells of a large table are the same few texts, and so are those of a pack that is loaded again.
_SHORT = 200
_tree_again = lru_cache(maxsize=8192)(_tree)


def _read(start: str, mark: Mark, diagnostics: Diagnostics) -> Any:
    """What lark makes of the text at `mark`; something is reported about it where it cannot stand."""
    text = mark.text
    if not text.strip():
        diagnostics.report("empty-expression", mark)
        return None
    if len(text) > LONGEST or len(_NESTS.findall(_FLAT.sub("", text))) > MOST_NESTED:
        diagnostics.report("expression-too-complex", mark, length=LONGEST, nested=MOST_NESTED)
        return None
    reports = (_report_thousands, _report_loose_dates, _report_presence)
    if _report_look_alikes(start, mark, diagnostics) or any(report(mark, diagnostics) for report in reports):
        return None
    from lark.exceptions import UnexpectedInput

    try:
        tree = _shape(_parser().parse(text, start=start).children[0])
    except UnexpectedInput as problem:
        _report_syntax(start, mark, problem, diagnostics)
        return None
    nodes = walk(_Builder(mark).build(tree))
    if _require_spaced_minus(nodes, diagnostics):
        _require_free_words(nodes, diagnostics)
    return tree


def _shape(tree: Any) -> Any:
    """A tree of lark as what is built from it again and again: rule, start, end and children; or a token."""
    if not hasattr(tree, "children"):
        return tree
    return str(tree.data), tree.meta.start_pos, tree.meta.end_pos, tuple(map(_shape, tree.children))


@cache
def _parser() -> "Lark":
    from lark import Lark

    grammar = files("csflow.expressions").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", start=["condition", "cell"], propagate_positions=True)


# Reporting


def _report_look_alikes(start: str, mark: Mark, diagnostics: Diagnostics) -> bool:
    text = mark.text
    if text.isascii():
        return False
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    found = [
        at
        for at, sign in enumerate(text)
        if sign in LOOK_ALIKES and sign != " " and not any(start < at < end for start, end in quoted)
    ]
    if not found:
        return False
    first = found[0]
    run_end = _run_end(text, first)
    # What is marked ends with its line: a suggestion is typed in place of it.
    line_end = text.find("\n", first) if "\n" in text[first:] else len(text)
    last = max(_run_end(text, at) for at in found if at < line_end)
    is_mended = _is_mendable(start, _half_width_outside_quotes(text))
    diagnostics.report(
        "full-width-sign",
        mark.part(first, last),
        suggestion=_half_width_outside_quotes(text[first:last]) if is_mended else None,
        sign=text[first:run_end],
        ascii=half_width(text[first:run_end]),
    )
    return True


def _run_end(text: str, at: int) -> int:
    """Behind the look-alike signs that begin at `at`."""
    while at < len(text) and text[at] in LOOK_ALIKES:
        at += 1
    return at


def _half_width_outside_quotes(text: str) -> str:
    return _QUOTED_OR_NOT.sub(lambda part: part[1] or half_width(part[0]), text)


def _report_thousands(mark: Mark, diagnostics: Diagnostics) -> bool:
    """`1,234` is one number to its writer and would be two in a list."""
    match = _outside_quotes(_THOUSANDS, mark.text)
    if match is None:
        return False
    plain = match.group().replace(",", "")
    diagnostics.report("thousands-separator", mark.part(*match.span()), suggestion=plain, text=match.group())
    return True


def _report_loose_dates(mark: Mark, diagnostics: Diagnostics) -> bool:
    """`2025-11-8` would be a subtraction and `2025/11/8` a division; their writer means a day."""
    for pattern in (_LOOSE_DATE, _CLOCK_BEHIND_DATE):
        match = _outside_quotes(pattern, mark.text)
        if match is not None:
            year, month, day = match.groups() if match.lastindex == 3 else (None, None, None)
            whole = f"{year}-{month:0>2}-{day:0>2}" if year else None
            diagnostics.report("malformed-date", mark.part(*match.span()), suggestion=whole, text=match.group())
            return True
    return False


def _report_presence(mark: Mark, diagnostics: Diagnostics) -> bool:
    """`is null`, `is not given`: nothing is given, or something is."""
    match = _outside_quotes(_PRESENCE, mark.text)
    if match is None:
        return False
    meant = "is given" if match[1] or match[2] == "absent" else "is absent"
    place = mark.part(*match.span())
    diagnostics.report("foreign-operator", place, suggestion=meant, sign=match.group(), operator=meant)
    return True


def _outside_quotes(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    if pattern.search(text) is None:
        return None
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    return next(
        (match for match in pattern.finditer(text) if not any(first < match.start() < last for first, last in quoted)),
        None,
    )


def _report_syntax(beginning: str, mark: Mark, problem: "UnexpectedInput", diagnostics: Diagnostics) -> None:
    text = mark.text
    at = -1 if problem.pos_in_stream is None else problem.pos_in_stream
    is_end = not 0 <= at < len(text) or getattr(getattr(problem, "token", None), "type", "") == "$END"
    word = _quantifier_before(text, len(text) if is_end else at)
    if word is not None:
        diagnostics.report("reserved-word", mark.part(*word.span()), word=word.group())
        return
    if is_end:
        end = len(text.rstrip())
        diagnostics.report("unfinished-expression", mark.part(max(0, end - 1), end), text=_last_word(text[:end]))
        return
    foreign = _foreign_at(text, at)
    if foreign is not None:
        start, sign = foreign
        diagnostics.report(
            "foreign-operator",
            mark.part(start, start + len(sign)),
            suggestion=_operator_meant(text, start, sign) if _is_mendable(beginning, text) else None,
            sign=sign,
            operator=_FOREIGN[sign],
        )
        return
    token = getattr(problem, "token", None)
    found = str(token) if token is not None else text[at]
    if found in _QUANTIFIERS:
        diagnostics.report("reserved-word", mark.part(at, at + len(found)), word=found)
        return
    suggestion = nearest(found, RESERVED) if found.isascii() and found.isalpha() and found not in RESERVED else None
    diagnostics.report("unexpected-text", mark.part(at, at + len(found)), suggestion=suggestion, text=found)


def _operator_meant(text: str, start: int, sign: str) -> str:
    """The operator, a word with the blanks it needs."""
    operator, end = _FOREIGN[sign], start + len(sign)
    if not operator.isalpha():
        return operator
    before = "" if text[:start].endswith((" ", "(", "\n")) or not start else " "
    after = "" if text[end : end + 1].isspace() else " "
    return f"{before}{operator}{after}"


def _is_mendable(beginning: str, text: str) -> bool:
    """Whether the text can be read once every foreign operator in it is one of ours.

    A suggestion must work when it is typed, with what else is suggested.
    """
    from lark.exceptions import UnexpectedInput

    for _ in range(MOST_NESTED):
        try:
            _parser().parse(text, start=beginning)
        except UnexpectedInput as problem:
            at = problem.pos_in_stream
            foreign = _foreign_at(text, at) if at is not None and 0 <= at < len(text) else None
            if foreign is None:
                return False
            start, sign = foreign
            text = text[:start] + _operator_meant(text, start, sign) + text[start + len(sign) :]
        else:
            return True
    return False


def _quantifier_before(text: str, at: int) -> re.Match[str] | None:
    """`some` or `every` used like a name: no variable follows it."""
    words = list(_WORD.finditer(text, 0, at))
    last = words[-1] if words else None
    return last if last is not None and last.group() in ("some", "every") else None


def _foreign_at(text: str, at: int) -> tuple[int, str] | None:
    for start in range(max(0, at - 2), at + 1):
        for sign in sorted(_FOREIGN, key=len, reverse=True):
            if text.startswith(sign, start) and start <= at < start + len(sign):
                if sign == "!" and text.startswith("!=", start):
                    continue
                return start, sign
    return None


def _last_word(text: str) -> str:
    return text.split()[-1]


def _require_spaced_minus(nodes: list[Syntax], diagnostics: Diagnostics) -> bool:
    """A binary minus has a space on both sides: `a-b` reads like a name."""
    for node in nodes:
        if isinstance(node, Arithmetic) and node.operator == "-":
            source, start = node.mark.source, node.left.mark.end
            at = source.text.index("-", start)
            if not (source.text[at - 1].isspace() and source.text[at + 1].isspace()):
                diagnostics.report("tight-minus", Mark(source, at, at + 1))
                return False
    return True


def _require_free_words(nodes: list[Syntax], diagnostics: Diagnostics) -> bool:
    for node in nodes:
        if isinstance(node, Name) and node.path in RESERVED:
            diagnostics.report("reserved-word", node.mark, word=node.path)
            return False
    return True


def walk(syntax: Syntax) -> list[Syntax]:
    """The node and everything below it, parents first."""
    found, waiting = [], [syntax]
    while waiting:
        node = waiting.pop()
        found.append(node)
        for name in node.__dataclass_fields__:
            value = getattr(node, name)
            if isinstance(value, Syntax):
                waiting.append(value)
            elif isinstance(value, tuple):
                waiting.extend(part for part in value if isinstance(part, Syntax))
    return found


# Building


class _Builder:
    """Turns the shape of a tree into syntax, one method a rule of the grammar."""

    def __init__(self, mark: Mark) -> None:
        self._mark = mark

    def build(self, tree: Any) -> Any:
        if not isinstance(tree, tuple):
            return tree
        rule, start, end, children = tree
        return getattr(self, rule)(self._mark.part(start, end), [self.build(child) for child in children])

    def name(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Name(mark, str(parts[0]))

    def truth(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Literal(mark, "truth", str(parts[0]))

    def number(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Literal(mark, "number", str(parts[0]))

    def quantity(self, mark: Mark, parts: list[Any]) -> Syntax:
        match = re.fullmatch(r"(¥?)([0-9.]+) ?(.*)", str(parts[0]), re.DOTALL)
        assert match is not None
        sign, digits, unit = match.groups()
        return Literal(mark, "quantity", f"{digits}%" if unit == "%" else f"{digits} {sign or unit}")

    def date(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Literal(mark, "date", str(parts[0]))

    def instant(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Literal(mark, "instant", str(parts[0]))

    def text(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Literal(mark, "text", str(parts[0])[1:-1])

    def subtree(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Subtree(mark, str(parts[0])[:-2])

    def call(self, mark: Mark, parts: list[Any]) -> Syntax:
        function = str(parts[0])
        return Call(mark, function, tuple(parts[1:]), mark.part(0, len(function)))

    def minus(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Minus(mark, parts[1]) if parts[0] == "-" else parts[1]

    def arithmetic(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Arithmetic(mark, str(parts[1]), parts[0], parts[2])

    def compare(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Compare(mark, str(parts[1]), parts[0], parts[2])

    def one_of(self, mark: Mark, parts: list[Any]) -> Syntax:
        return OneOf(mark, parts[0], tuple(parts[1:]), negated=False)

    def none_of(self, mark: Mark, parts: list[Any]) -> Syntax:
        return OneOf(mark, parts[0], tuple(parts[1:]), negated=True)

    def interval(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Interval(mark, parts[1], parts[3], parts[0] == "[", parts[4] == "]")

    def inside(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Inside(mark, parts[0], parts[1], negated=False)

    def outside(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Inside(mark, parts[0], parts[1], negated=True)

    def presence(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Presence(mark, parts[0], given=parts[1] == "given")

    def negate(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Negate(mark, parts[0])

    def all_of(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Junction(mark, "and", tuple(parts))

    def any_of(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Junction(mark, "or", tuple(parts))

    def conditional(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Conditional(mark, parts[0], parts[1], parts[2])

    def some(self, mark: Mark, parts: list[Any]) -> Syntax:
        return self._quantified(mark, "some", parts)

    def every(self, mark: Mark, parts: list[Any]) -> Syntax:
        return self._quantified(mark, "every", parts)

    def iteration(self, mark: Mark, parts: list[Any]) -> Syntax:
        return Iteration(mark, parts[0], self._path(parts[1]), parts[2])

    def _quantified(self, mark: Mark, word: str, parts: list[Any]) -> Syntax:
        variable, source = self._path(parts[0]), self._path(parts[1])
        return Quantified(mark, word, variable.path, source, parts[2], variable.mark)

    def _path(self, token: Any) -> Name:
        return Name(self._mark.part(token.start_pos, token.end_pos), str(token))

    def any(self, mark: Mark, parts: list[Any]) -> Syntax:
        return AnyCell(mark)

    def cell_compare(self, mark: Mark, parts: list[Any]) -> Syntax:
        return CompareCell(mark, str(parts[0]), parts[1])

    def cell_presence(self, mark: Mark, parts: list[Any]) -> Syntax:
        return PresenceCell(mark, given=parts[0] == "given")

    def cell_not(self, mark: Mark, parts: list[Any]) -> Syntax:
        return ChoiceCell(mark, tuple(parts), negated=True)

    def cell_list(self, mark: Mark, parts: list[Any]) -> Syntax:
        return ChoiceCell(mark, tuple(parts), negated=False)

    def cell_interval(self, mark: Mark, parts: list[Any]) -> Syntax:
        return IntervalCell(mark, parts[0])

    def cell_value(self, mark: Mark, parts: list[Any]) -> Syntax:
        return ChoiceCell(mark, tuple(parts), negated=False)

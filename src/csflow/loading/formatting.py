"""Owns the written form of a pack: what is surely mistyped mended, blanks and line ends in order.

It keeps comments, the order of keys and blank lines, and it changes no meaning: a file that loads says
the same afterwards, one that cannot be mended stays byte for byte. Files and folders are for others.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.definitions import Definition, When
from csflow.definitions.sections import CasesDocument, DecisionDocument, ExceptionSection, OtherwiseSection
from csflow.diagnostics import Diagnostics, Finding, Mark, Source, half_width
from csflow.expressions import parse_cell, parse_condition
from csflow.expressions.spacing import spaced
from csflow.expressions.syntax import (
    AnyCell,
    ChoiceCell,
    CompareCell,
    IntervalCell,
    PresenceCell,
    Syntax,
)
from csflow.loading.defining import define_alone
from csflow.loading.passes import load_documents
from csflow.loading.tables import Tables
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar, Sequence, aligned_grid, is_text_grid, read_yaml
from csflow.source.decoding import decode
from csflow.source.signs import ODD_BLANKS
from csflow.values.mending import CHINESE_UNITS, MONEY_WORDS

# Findings whose suggestion is what their writer meant, whoever wrote it; the others are for a person to judge.
SURE = frozenset(
    {
        "full-width-punctuation",
        "full-width-sign",
        "foreign-operator",
        "unquoted-cell",
        "unquoted-interval",
        "yaml-syntax",  # it suggests only the blank that a colon lacks
    }
)

# Every round mends at least one thing; a file with more faults than that is for its writer.
_MOST_ROUNDS = 60
# How wide a tab may have been on its writer's screen.
_TAB_WIDTHS = (2, 4, 8)
_NUMBER_AND_UNIT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?([^\s0-9]+)")
_OWN_MONEY = {"CNY": MONEY_WORDS, "TWD": frozenset("元塊圓"), "HKD": frozenset("元塊圓蚊"), "MOP": frozenset("元塊圓")}
_VERBATIM = frozenset({"enum", "code", "reason", "party", "liability", "role", "channel", "customer_type", "text"})
_CELLS = (AnyCell, ChoiceCell, CompareCell, IntervalCell, PresenceCell)
_INDENT = re.compile(r"[ \t]*")
_ODD_LINE_END = re.compile(f"[ {ODD_BLANKS}]+$", re.MULTILINE)
_NO_BLANKS = str.maketrans("", "", " ")


@dataclass(frozen=True, slots=True)
class Formatted:
    """Every file as it should be written, and what is wrong with those that stay as they are."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A text that reads and defines; what its names mean is not asked."""

    text: str
    tree: MappingNode
    definition: Definition


def format_files(files: Mapping[str, bytes], shown_as: str = "", tables: Tables | None = None) -> Formatted:
    """The documents of a pack, by their paths inside it, formatted; `shown_as` is what findings call the pack.

    `tables` are the files that rules name, which stay as they are.
    """
    shown = {name: f"{shown_as}/{name}" if shown_as else name for name in files}
    reads: dict[str, _Read] = {}
    findings: list[Finding] = []
    for name, data in files.items():
        outcome = _mended_file(shown[name], data)
        if isinstance(outcome, _Read):
            reads[name] = outcome
        else:
            findings.extend(outcome)
    reads = _mended_together(reads, shown_as, tables or Tables(None, {}))
    formatted = {name: _laid_out(shown[name], read).encode() for name, read in reads.items()}
    return Formatted({name: formatted.get(name, data) for name, data in files.items()}, tuple(findings))


# Mending


def _mended_file(path: str, data: bytes) -> _Read | list[Finding]:
    """The file with its sure faults mended; what stands in the way where it cannot be."""
    diagnostics = Diagnostics()
    source = decode(path, data, diagnostics)
    if source is None:
        return list(diagnostics)
    text = source.text.replace("\r\n", "\n")
    outcomes = [_mended_text(path, variant) for variant in _without_tabs(text)]
    reads = [outcome for outcome in outcomes if isinstance(outcome, _Read)]
    if not reads:
        return next(outcome for outcome in outcomes if not isinstance(outcome, _Read))
    if any(read.tree != reads[0].tree for read in reads):
        # Which indentation was meant depends on the width of a tab: for its writer to say.
        read_yaml(path, data, diagnostics)
        return list(diagnostics)
    return reads[0]


def _without_tabs(text: str) -> list[str]:
    """The text with its tabs as blanks, for every width that a tab may have."""
    if "\t" not in text:
        return [text]
    variants = []
    for width in _TAB_WIDTHS:
        lines = []
        for line in text.split("\n"):
            indent = _INDENT.match(line)
            end = indent.end() if indent else 0
            lines.append(line[:end].expandtabs(width) + re.sub(r"\t+", " ", line[end:]))
        variants.append("\n".join(lines))
    return list(dict.fromkeys(variants))


def _mended_text(path: str, text: str) -> _Read | list[Finding]:
    """The text with sure fixes applied until it reads and defines; what is left to mend where it does not."""
    outcome = _read(path, text)
    if not isinstance(outcome, _Read):
        # Behind brackets and quotes YAML takes odd blanks for text; at the end of a line nobody meant them.
        text = _ODD_LINE_END.sub("", text)
        outcome = _read(path, text)
    for _ in range(_MOST_ROUNDS):
        if isinstance(outcome, _Read):
            return outcome
        mended = _with_fixes(text, outcome)
        if mended == text:
            break
        text = mended
        outcome = _read(path, text)
    assert not isinstance(outcome, _Read)
    stubborn = [finding for finding in outcome if _replacement(finding) is None]
    return stubborn or outcome


def _read(path: str, text: str) -> _Read | list[Finding]:
    diagnostics = Diagnostics()
    tree = read_yaml(path, text.encode(), diagnostics)
    definition = None if tree is None else define_alone(tree, diagnostics)
    if tree is None or definition is None:
        return list(diagnostics)
    return _Read(text, tree, definition)


def _mended_together(reads: dict[str, _Read], shown_as: str, tables: Tables) -> dict[str, _Read]:
    """The files with what is sure once names have kinds: `10元` is `10 CNY` where an amount stands."""
    for _ in range(_MOST_ROUNDS):
        documents = {name: read.text.encode() for name, read in reads.items()}
        found = load_documents(documents, tables, shown_as).diagnostics
        mended = {name: _mended_in_place(read, list(found)) for name, read in reads.items()}
        if mended == reads:
            break
        reads = mended
    return reads


def _mended_in_place(read: _Read, everywhere: list[Finding]) -> _Read:
    """The file with its sure fixes; unchanged where it would then read otherwise anywhere else."""
    path = read.tree.mark.path
    findings = [finding for finding in everywhere if finding.mark and finding.mark.path == path]
    text = _with_fixes(read.text, findings)
    if text == read.text:
        return read
    outcome = _read(path, text)
    marks = [finding.mark for finding in findings if finding.mark and _replacement(finding) is not None]
    if isinstance(outcome, _Read) and _agree(read.tree, outcome.tree, marks):
        return outcome
    return read


def _with_fixes(text: str, findings: Iterable[Finding]) -> str:
    """The text with every sure fix in place; of two that overlap, the first."""
    fixes: dict[tuple[int, int], str] = {}
    for finding in findings:
        replacement = _replacement(finding)
        if replacement is not None and finding.mark is not None:
            fixes[finding.mark.start, finding.mark.end] = replacement
    return _replaced(text, fixes)


def _replacement(finding: Finding) -> str | None:
    """What surely has to stand where the finding does; None where a person has to judge."""
    mark, suggestion = finding.mark, finding.suggestion
    if mark is None or mark.start == mark.end or finding.severity != "error":
        return None
    text = mark.text
    if finding.name == "invisible-character":
        return " " * len(text) if all(sign in ODD_BLANKS for sign in text) else None
    if suggestion is None or suggestion == text:
        return None
    if finding.name == "full-width-punctuation" and suggestion == ",":
        # A full-width comma brings the blank behind it along.
        return "," if mark.source.text[mark.end : mark.end + 1].isspace() else ", "
    return suggestion if finding.name in SURE or _is_spelling(text, suggestion) else None


def _is_spelling(text: str, suggestion: str) -> bool:
    """Whether the two differ only in full-width signs, or in the Chinese word for a unit."""
    plain = half_width(text).strip()
    if suggestion == plain:
        return True
    match = _NUMBER_AND_UNIT.fullmatch(plain)
    if match is None:
        return False
    number, unit = match.groups()
    if suggestion == f"{number} {CHINESE_UNITS.get(unit)}":
        return True
    currency = suggestion.removeprefix(f"{number} ")
    return unit.casefold() in _OWN_MONEY.get(currency, ()) or unit == currency


def _agree(left: Node, right: Node, marks: Iterable[Mark]) -> bool:
    """Whether two trees say the same except where the marks stand in the left one."""
    if any(mark.start <= left.mark.start and left.mark.end <= mark.end for mark in marks):
        return True
    match left, right:
        case Scalar(), Scalar():
            is_marked = any(left.mark.start <= mark.start < left.mark.end for mark in marks)
            return is_marked or left.text == right.text
        case Sequence(), Sequence():
            return len(left.items) == len(right.items) and all(
                _agree(one, other, marks) for one, other in zip(left.items, right.items, strict=True)
            )
        case MappingNode(), MappingNode():
            return len(left.entries) == len(right.entries) and all(
                _agree(one.key, other.key, marks) and _agree(one.value, other.value, marks)
                for one, other in zip(left.entries, right.entries, strict=True)
            )
    return False


# Layout


def _laid_out(path: str, read: _Read) -> str:
    """The text of a file with its blanks in order, and nothing else."""
    for step in (_with_spaced_expressions, _with_aligned_grid, _with_trimmed_lines, _with_one_line_end):
        read = _unless_it_says_otherwise(path, read, step)
    return read.text


def _unless_it_says_otherwise(path: str, read: _Read, step: Callable[[_Read], tuple[str, list[Mark]]]) -> _Read:
    text, marks = step(read)
    if text == read.text:
        return read
    outcome = _read(path, text)
    return outcome if isinstance(outcome, _Read) and _agree(read.tree, outcome.tree, marks) else read


def _with_one_line_end(read: _Read) -> tuple[str, list[Mark]]:
    return read.text.rstrip("\n ") + "\n", []


def _with_trimmed_lines(read: _Read) -> tuple[str, list[Mark]]:
    """Blanks at the end of a line mean something in block texts alone, a grid left out."""
    kept: set[int] = set()
    grid = _grid(read)
    for scalar in _scalars(read.tree):
        if scalar.style in ("literal", "folded") and scalar is not grid:
            kept.update(range(scalar.mark.line + 1, scalar.mark.end_line + 1))
    lines = read.text.split("\n")
    trimmed = "\n".join(line if number in kept else line.rstrip(" ") for number, line in enumerate(lines, 1))
    return trimmed, [grid.content] if grid else []


def _with_spaced_expressions(read: _Read) -> tuple[str, list[Mark]]:
    """Expressions and cells with the blanks that printing gives."""
    fixes: dict[tuple[int, int], str] = {}
    for place, syntax in _expressions(read):
        fixed = _spaced(place, syntax)
        if fixed is not None and fixed != place.text:
            fixes[place.start, place.end] = fixed
    source = read.tree.mark.source
    return _replaced(read.text, fixes), [source.mark(start, end) for start, end in fixes]


def _with_aligned_grid(read: _Read) -> tuple[str, list[Mark]]:
    """The columns of rules that are written as a grid, one below the other."""
    grid = _grid(read)
    if grid is None:
        return read.text, []
    place = grid.content
    return _replaced(read.text, {(place.start, place.end): aligned_grid(grid)}), [place]


def _grid(read: _Read) -> Scalar | None:
    """The text in which the rules of a decision, or tests, stand as a grid."""
    rows: Node | None = None
    if isinstance(read.definition, DecisionDocument):
        rows = read.tree.get("rules")
    elif isinstance(read.definition, CasesDocument):
        tests = read.tree.get("tests")
        rows = tests.get("cases") if isinstance(tests, MappingNode) else tests
    return rows if isinstance(rows, Scalar) and is_text_grid(rows) else None


def _replaced(text: str, fixes: Mapping[tuple[int, int], str]) -> str:
    """The text with what stands at each place replaced; of two places that overlap, the first."""
    pieces: list[str] = []
    at = 0
    for (start, end), fixed in sorted(fixes.items()):
        if start >= at:
            pieces += text[at:start], fixed
            at = end
    return "".join(pieces) + text[at:]


def _spaced(place: Mark, syntax: Syntax) -> str | None:
    if isinstance(syntax, ChoiceCell) and place == syntax.mark and not syntax.negated:
        # A list of YAML's; its items are texts of their own.
        items = [choice.mark.text for choice in syntax.choices]
        return f"[{', '.join(items)}]" if place.text.translate(_NO_BLANKS) == f"[{','.join(items)}]" else None
    fixed = spaced(place.text, syntax)
    if fixed is None:
        return None
    parse = parse_cell if isinstance(syntax, _CELLS) else parse_condition
    return fixed if parse(Source(place.path, fixed).mark(0, len(fixed)), Diagnostics()) == syntax else None


def _expressions(read: _Read) -> Iterator[tuple[Mark, Syntax]]:
    """Every expression and cell of a file, with the text that it was read from."""
    scalars = sorted(_scalars(read.tree), key=lambda scalar: scalar.content.start)
    starts = [scalar.content.start for scalar in scalars]
    for syntax in _parsed(read.definition):
        content = scalars[bisect_right(starts, syntax.mark.start) - 1].content
        yield (_inner(content) if syntax.mark.end <= content.end else syntax.mark), syntax
    for scalar in _computed(read.definition):
        parsed = None if scalar.has_escapes else parse_condition(scalar.content, Diagnostics())
        if parsed is not None:
            yield _inner(scalar.content), parsed


def _inner(content: Mark) -> Mark:
    """The content of a scalar; in a block, without the indentation of the first line, to the end of the last."""
    text = content.text
    if "\n" not in text and not text.startswith(" "):
        return content
    end = content.start + len(text.rstrip())
    while content.source.text[end : end + 1] == " ":
        end += 1
    return Mark(content.source, content.end - len(text.lstrip()), end)


def _parsed(value: Any) -> Iterator[Syntax]:
    """What definitions hold as syntax already."""
    if isinstance(value, Syntax):
        yield value
    elif isinstance(value, When):
        yield from (cell for _, cell in value.cells)
        if value.condition is not None:
            yield value.condition
    else:
        for part in _parts(value):
            yield from _parsed(part)


def _computed(definition: Definition) -> Iterator[Scalar]:
    """Cells of `then` that are expressions: `{expr: ...}`, and those of kinds that are not verbatim."""
    outputs = definition.outputs if isinstance(definition, DecisionDocument) else {}
    for row in _rows(definition):
        for name, keyed in row.then.items():
            node = keyed.value
            if isinstance(node, MappingNode) and node.keys() == ("expr",):
                node = node.entries[0].value
            elif name not in outputs or outputs[name].type in _VERBATIM:
                continue
            if isinstance(node, Scalar):
                yield node


def _rows(value: Any) -> Iterator[ExceptionSection | OtherwiseSection]:
    if isinstance(value, (ExceptionSection, OtherwiseSection)):
        yield value
    for part in _parts(value):
        yield from _rows(part)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Definition):
        return [getattr(value, name) for name in type(value).model_fields if name not in ("mark", "key_marks")]
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple) else ()


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence():
            for item in node.items:
                yield from _scalars(item)
        case MappingNode():
            for entry in node.entries:
                yield entry.key
                yield from _scalars(entry.value)

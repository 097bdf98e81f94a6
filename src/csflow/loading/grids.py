"""Owns turning the grid of a decision into the list of rules that YAML would hold in its place.

What follows (definitions, linking) knows lists alone; every node keeps the place of its cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from csflow.diagnostics import Diagnostics, Word, nearest
from csflow.loading.columns import Column, Side, columns_of
from csflow.loading.tables import Tables, read_grid
from csflow.source import (
    Entry,
    Grid,
    Mapping,
    Node,
    Row,
    Scalar,
    Sequence,
    is_grid,
)
from csflow.source.tree import Style

# Where a rule keeps what is neither input nor output, and how a heading may call it besides.
_OWN_TITLES = {
    "id": ("编号", "編號", "规则编号", "規則編號"),
    "exception_of": ("例外于", "例外於"),
    "title": ("标题", "標題"),
    "because": ("依据", "依據"),
    "basis": ("性质", "性質"),
}
_LEFT_ONLY = frozenset({"id", "exception_of"})
_OF_THE_RULE, _INPUT, _OUTPUT = "rule", "when", "then"
# INVARIANT: as deep as YAML could write them, and no walk over exceptions exhausts the stack.
_MOST_EXCEPTIONS_DEEP = 12
_COMPUTED = re.compile(r"\{ *expr *: +(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^']|'')*)'|(.*?)) *\}", re.DOTALL)
_STYLES: tuple[Style, ...] = ("double", "single", "plain")


def with_listed_rules(tree: Mapping, document: str, tables: Tables, diagnostics: Diagnostics) -> Mapping:
    """A document whose rules are a list; `document` is its path inside the pack.

    Where the grid has a fault, which is reported, the list is empty. What is no grid is left as it is.
    """
    rules = tree.get("rules")
    if tree.entries[0].key.text != "decision" or not is_grid(rules):
        return tree
    grid = read_grid(rules, document, tables, diagnostics)
    items = _Table(tree, grid, diagnostics).rules() if grid is not None else ()
    return _with_rules(tree, Sequence(items, False, rules.mark))


def with_rules_at_hand(tree: Mapping, diagnostics: Diagnostics) -> Mapping:
    """A document whose rules are a list, for those who ask of the document alone: none where a file has them."""
    rules = tree.get("rules")
    if tree.entries and tree.entries[0].key.text == "decision" and isinstance(rules, Mapping) and is_grid(rules):
        entries = (
            replace(each, value=Sequence((), False, rules.mark)) if each.key.text == "rules" else each
            for each in tree.entries
        )
        return Mapping(tuple(entries), tree.flow, tree.mark)
    return with_listed_rules(tree, tree.mark.path, Tables(None, {}), diagnostics)


def _with_rules(tree: Mapping, rules: Sequence) -> Mapping:
    entries = (replace(entry, value=rules) if entry.key.text == "rules" else entry for entry in tree.entries)
    return Mapping(tuple(entries), tree.flow, tree.mark)


@dataclass(slots=True)
class _Rule:
    """One row, with the exceptions found below it."""

    entries: tuple[Entry, ...]
    row: Row
    depth: int
    exceptions: list["_Rule"] = field(default_factory=list)

    def node(self) -> Mapping:
        entries = self.entries
        if self.exceptions:
            below = Sequence(tuple(rule.node() for rule in self.exceptions), False, self.row.mark)
            entries = (*entries, Entry(_key("exceptions", self.row), below))
        return Mapping(entries, False, self.row.mark)


class _Table:
    """The grid of one decision: its columns by the decision's own inputs and outputs, its rows as rules."""

    def __init__(self, document: Mapping, grid: Grid, diagnostics: Diagnostics) -> None:
        self._grid = grid
        self._diagnostics = diagnostics
        self._is_readable = _is_section(document.get("inputs")) and isinstance(document.get("outputs"), Mapping)
        self._lacks_outputs = document.get("outputs") is None
        self._known = [
            *(_own(name, titles) for name, titles in _OWN_TITLES.items()),
            *_declared(_INPUT, document.get("inputs")),
            *_declared(_OUTPUT, document.get("outputs")),
        ]
        self._columns: list[Column] = []

    def rules(self) -> tuple[Node, ...]:
        """The rules of the table; none when its header was reported, or what it heads will be."""
        before = len(self._diagnostics)
        if self._lacks_outputs:
            self._diagnostics.report("missing-key", self._grid.header.mark, key="outputs")
        if not self._is_readable:
            return ()
        columns = columns_of(self._grid, self._known, self._diagnostics)
        if columns is None or len(self._diagnostics) > before:
            # A column that was mistyped is not missing as well, so that only a sound header is asked.
            return ()
        self._columns = columns
        self._require_columns()
        if len(self._diagnostics) > before:
            return ()
        return tuple(rule.node() for rule in self._rules())

    def _require_columns(self) -> None:
        for column in self._known:
            is_needed = not column.is_optional or (column.section, column.name) == (_OF_THE_RULE, "id")
            if is_needed and column not in self._columns:
                self._diagnostics.report("missing-column", self._grid.header.mark, name=column.name)

    # Rows

    def _rules(self) -> list[_Rule]:
        """The rules that are no exceptions, in the order of their rows."""
        rules: list[_Rule] = []
        above: dict[str, _Rule] = {}
        lost: set[str] = set()
        for row in self._grid.rows:
            cells = list(zip(self._columns, row.cells, strict=True))
            name = next(cell.text for column, cell in cells if _is_own(column, "id"))
            parent = next((cell for column, cell in cells if _is_own(column, "exception_of") and cell.text), None)
            general = above.get(parent.text) if parent else None
            if parent is not None and (general is None or general.depth == _MOST_EXCEPTIONS_DEEP):
                # What is an exception of a rule that was reported is not reported as well.
                if parent.text not in lost:
                    self._report_parent(parent, general, above)
                lost.add(name)
                continue
            rule = _Rule(tuple(self._entries(row, cells)), row, general.depth + 1 if general else 0)
            # A rule whose id was reported as empty is not reported as lacking one.
            if name:
                (general.exceptions if general else rules).append(rule)
                above.setdefault(name, rule)
        return rules

    def _report_parent(self, parent: Scalar, general: _Rule | None, above: dict[str, _Rule]) -> None:
        """A rule that is not above, or that is itself too deep an exception."""
        if general is None:
            self._diagnostics.report(
                "detached-exception", parent.mark, suggestion=nearest(parent.text, above), id=parent.text
            )
        else:
            self._diagnostics.report("too-deep", parent.mark, limit=_MOST_EXCEPTIONS_DEEP)

    def _entries(self, row: Row, cells: list[tuple[Column, Scalar]]) -> Iterator[Entry]:
        sections: dict[str, list[Entry]] = {_OF_THE_RULE: [], _INPUT: [], _OUTPUT: []}
        for place, (column, cell) in enumerate(cells):
            if not self._is_left_out(column, cell):
                heading = self._grid.header.cells[place]
                key = Scalar(column.name, "plain", heading.content, heading.mark)
                value = _value(cell) if column.section == _OUTPUT else cell
                sections[column.section].append(Entry(key, value))
        yield from sections[_OF_THE_RULE]
        for section in (_INPUT, _OUTPUT):
            yield Entry(_key(section, row), Mapping(tuple(sections[section]), True, row.mark))

    def _is_left_out(self, column: Column, cell: Scalar) -> bool:
        """Whether the cell says nothing, or nothing that could be read (reported)."""
        if _is_own(column, "exception_of"):
            return True
        if not cell.text:
            if _is_own(column, "id") or column.section == _INPUT or not column.is_optional:
                self._diagnostics.report("empty-cell", cell.mark)
            return True
        if column.section == _OF_THE_RULE and cell.typed in ("date", "time"):
            self._diagnostics.report("date-in-sheet", cell.mark, text=cell.text, kind=Word("kind.text"))
            return True
        return False


def _declared(section: str, node: Node | None) -> Iterator[Column]:
    """The inputs or outputs that a document declares, as the columns they may head."""
    for entry in node.entries if isinstance(node, Mapping) else ():
        optional = entry.value.get("optional") if isinstance(entry.value, Mapping) else None
        is_optional = section == _INPUT or (isinstance(optional, Scalar) and optional.text == "true")
        side = Side.LEFT if section == _INPUT else Side.RIGHT
        yield Column(section, entry.key.text, side, tuple(_titles(entry.value)), is_optional)


def _own(name: str, titles: tuple[str, ...]) -> Column:
    return Column(_OF_THE_RULE, name, Side.LEFT if name in _LEFT_ONLY else Side.EITHER, titles)


def _titles(node: Node) -> Iterator[str]:
    title = node.get("title") if isinstance(node, Mapping) else None
    if isinstance(title, Scalar):
        yield title.text
    elif isinstance(title, Mapping):
        yield from (entry.value.text for entry in title.entries if isinstance(entry.value, Scalar))


def _is_section(node: Node | None) -> bool:
    """Whether inputs are left out, or written as they should be."""
    return node is None or isinstance(node, Mapping)


def _is_own(column: Column, name: str) -> bool:
    return column.section == _OF_THE_RULE and column.name == name


def _key(name: str, row: Row) -> Scalar:
    return Scalar(name, "plain", row.mark, row.mark)


def _value(cell: Scalar) -> Node:
    """A cell of an output: `{expr: ...}` is what it is in YAML."""
    computed = _COMPUTED.fullmatch(cell.text)
    if computed is None:
        return cell
    key = Scalar("expr", "plain", cell.content, cell.mark)
    return Mapping((Entry(key, _expression(cell, computed)),), True, cell.mark)


def _expression(cell: Scalar, computed: re.Match[str]) -> Scalar:
    group = next(number for number in (1, 2, 3) if computed[number] is not None)
    start, end = (_offset_written(cell, at) for at in computed.span(group))
    content = cell.content.part(start, end)
    if content.text != computed[group]:
        return Scalar(computed[group], "cell", cell.content, cell.mark)
    return Scalar(computed[group], _STYLES[group - 1], content, content)


def _offset_written(cell: Scalar, at: int) -> int:
    """Where a sign of the cell's text stands in what is written: in CSV a quote may be written twice."""
    written, place = cell.content.text, 0
    is_doubled = cell.has_escapes
    for _ in range(at):
        place += 2 if is_doubled and written.startswith('""', place) else 1
    return place

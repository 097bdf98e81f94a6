"""Owns turning the rows of a grid into the cases that YAML would hold in its place, each node at its cell.

Left of `||` stand `name`, `at`, facts and parameters, right of it what is expected. A cell left empty says
nothing: the fact is as the head of the document has it, the part of the answer is not looked at.
"""

from collections.abc import Iterator

from csflow.diagnostics import Diagnostics, Mark, Phrase
from csflow.loading.columns import Column, Side, columns_of
from csflow.pack.cases import PARTS
from csflow.pack.model import Decision, LinkedPack
from csflow.source import Entry, Grid, Mapping, Node, Row, Scalar, Sequence, read_yaml

_CASE, _PARAMETER, _GIVEN, _EXPECTED = "case", "with_parameters", "given", "expect"
_SECTIONS = (_PARAMETER, _GIVEN, _EXPECTED)
_TITLES = {
    "name": ("名称", "名稱", "用例"),
    "at": ("判断时间", "判斷時間"),
    "status": ("状态", "狀態"),
    "rule": ("规则", "規則"),
    "exceptions": ("例外",),
    "missing": ("缺少",),
    "codes": ("代码", "代碼"),
}
# A fact that is not given, an output left out: what YAML writes as null.
_ABSENT = "absent"


def rows_as_cases(grid: Grid, pack: LinkedPack, decision: Decision, diagnostics: Diagnostics) -> Iterator[Mapping]:
    """A case for every row; none where a heading was reported."""
    known = list(_known(pack, decision))
    columns = columns_of(grid, known, diagnostics)
    if columns is None:
        return
    if not any(column.section == _CASE and column.name == "name" for column in columns):
        diagnostics.report("missing-column", grid.header.mark, name="name")
        return
    if not any(column.section == _EXPECTED for column in columns):
        diagnostics.report("missing-column", grid.header.mark, name=", ".join(decision.outputs))
        return
    structured = [column for column in columns if _holds_structure(column, pack, decision)]
    for row in grid.rows:
        case = _case(row, columns, structured, grid, diagnostics)
        if case is not None:
            yield case


def _known(pack: LinkedPack, decision: Decision) -> Iterator[Column]:
    """What may head a column: facts, parameters and outputs by name or title, and csflow's own words."""
    yield Column(_CASE, "name", Side.LEFT, _TITLES["name"])
    yield Column(_CASE, "at", Side.LEFT, _TITLES["at"])
    for path, fact in pack.facts.items():
        yield Column(_GIVEN, path, Side.LEFT, _texts(fact.title))
    for name, parameter in pack.parameters.items():
        yield Column(_PARAMETER, f"param.{name}", Side.LEFT, _texts(parameter.title))
    for part in PARTS:
        yield Column(_EXPECTED, part, Side.RIGHT, _TITLES[part])
    for name, output in decision.outputs.items():
        if name not in PARTS:
            yield Column(_EXPECTED, name, Side.RIGHT, _texts(output.title))


def _holds_structure(column: Column, pack: LinkedPack, decision: Decision) -> bool:
    """Whether cells may hold what YAML writes in brackets or braces."""
    match column.section:
        case "given":
            return pack.facts[column.name].kind.name == "list"
        case "with_parameters":
            return pack.parameters[column.name.removeprefix("param.")].kind.name == "window"
        case "expect":
            is_output = column.name not in PARTS
            return not is_output or decision.gives_list or decision.outputs[column.name].kind.name == "list"
    return False


def _texts(title: Phrase | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for _, text in title.texts)) if title else ()


def _case(
    row: Row, columns: list[Column], structured: list[Column], grid: Grid, diagnostics: Diagnostics
) -> Mapping | None:
    before = len(diagnostics)
    own: list[Entry] = []
    sections: dict[str, list[Entry]] = {section: [] for section in _SECTIONS}
    for column, heading, cell in zip(columns, grid.header.cells, row.cells, strict=True):
        if not cell.text:
            if column.name == "name":
                diagnostics.report("empty-cell", cell.mark)
            continue
        key = Scalar(column.name.removeprefix("param."), "plain", heading.content, heading.mark)
        value = _value(cell, diagnostics) if column in structured else _plain(cell)
        if value is not None:
            (own if column.section == _CASE else sections[column.section]).append(Entry(key, value))
    if len(diagnostics) > before:
        return None
    name = next(entry.value for entry in own if entry.key.text == "name")
    held = [Entry(_key(section, name.mark), _section(entries, name.mark)) for section, entries in sections.items()]
    return Mapping((*own, *held), True, row.mark)


def _section(entries: list[Entry], mark: Mark) -> Mapping:
    return Mapping(tuple(entries), True, mark)


def _key(name: str, mark: Mark) -> Scalar:
    return Scalar(name, "plain", mark, mark)


def _plain(cell: Scalar) -> Scalar:
    """A text; `absent` is nothing."""
    return Scalar("null", "plain", cell.content, cell.mark) if cell.text == _ABSENT else cell


def _value(cell: Scalar, diagnostics: Diagnostics) -> Node | None:
    """What a cell holds in brackets and braces, or a text."""
    if cell.text[0] not in "[{":
        return _plain(cell)
    found = Diagnostics()
    tree = read_yaml(cell.mark.path, f"cell: {cell.text}\n".encode(), found)
    if tree is None:
        diagnostics.report("malformed-case-cell", cell.mark, text=cell.text)
        return None
    return _placed(tree.entries[0].value, cell.mark)


def _placed(node: Node, mark: Mark) -> Node:
    """The node with every part at the place of its cell."""
    if isinstance(node, Scalar):
        return Scalar(node.text, node.style, mark, mark)
    if isinstance(node, Sequence):
        return Sequence(tuple(_placed(item, mark) for item in node.items), True, mark)
    entries = (Entry(Scalar(each.key.text, "plain", mark, mark), _placed(each.value, mark)) for each in node.entries)
    return Mapping(tuple(entries), True, mark)

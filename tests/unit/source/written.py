"""Reads what a test writes, and tells findings by name and place."""

from collections.abc import Iterator

from csflow.diagnostics import Diagnostics, Finding
from csflow.source import Mapping, Node, Scalar, Sequence, read_yaml


def tree_of(text: str) -> Mapping:
    """The tree of a text that is right."""
    diagnostics = Diagnostics()
    tree = read_yaml("written.yaml", text.encode(), diagnostics)
    assert tree is not None, [(finding.name, finding.mark) for finding in diagnostics]
    return tree


def findings_of(text: str | bytes) -> list[Finding]:
    """The findings of a text that is wrong, by place."""
    diagnostics = Diagnostics()
    data = text if isinstance(text, bytes) else text.encode()
    tree = read_yaml("written.yaml", data, diagnostics)
    assert (tree is None) == (len(diagnostics) > 0)
    return sorted(diagnostics, key=lambda finding: finding.mark.start if finding.mark else 0)


def places_of(text: str | bytes) -> list[tuple[str, int, int]]:
    """Name, line and column of every finding."""
    return [(f.name, f.mark.line, f.mark.column) for f in findings_of(text) if f.mark]


def scalar_of(text: str, name: str = "a") -> Scalar:
    """The scalar under a key at the top."""
    node = tree_of(text).get(name)
    assert isinstance(node, Scalar)
    return node


def nodes_of(node: Node) -> Iterator[Node]:
    """Every node of a tree, keys too."""
    yield node
    if isinstance(node, Sequence):
        for item in node.items:
            yield from nodes_of(item)
    elif isinstance(node, Mapping):
        for entry in node.entries:
            yield entry.key
            yield from nodes_of(entry.value)

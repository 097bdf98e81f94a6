"""Owns the forms in which a grid may stand in a document: as text, or in a file that is named there."""

from typing import TypeGuard

from csflow.diagnostics import nearest
from csflow.source.grid_text import is_text_grid
from csflow.source.tree import Mapping, Node, Scalar


def is_grid(node: Node | None) -> TypeGuard[Scalar | Mapping]:
    """Whether what stands in the place of a list was meant as a grid, or names the file of one."""
    if isinstance(node, Scalar):
        return is_text_grid(node)
    return isinstance(node, Mapping) and any(nearest(entry.key.text, ("csv", "sheet")) for entry in node.entries)

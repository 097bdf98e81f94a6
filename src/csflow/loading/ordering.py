"""Owns the order in which definitions that need each other are linked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from csflow.expressions.parsing import walk
from csflow.expressions.syntax import Name, Syntax


@dataclass(frozen=True, slots=True)
class Circle:
    """Names each of which needs the next, the last being the first again."""

    names: tuple[str, ...]


def in_order(needs: Mapping[str, Iterable[str]]) -> list[str] | Circle:
    """The names, each after those it needs."""
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        # graphlib gives the circle from needed to needing.
        return Circle(tuple(reversed(error.args[1])))


def names_in(syntaxes: Iterable[Syntax | None], known: Iterable[str]) -> tuple[str, ...]:
    """The known names that expressions mention."""
    nodes = [node for syntax in syntaxes if syntax is not None for node in walk(syntax)]
    mentioned = {node.path for node in nodes if isinstance(node, Name)}
    return tuple(name for name in known if name in mentioned)

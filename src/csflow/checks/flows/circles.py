"""Owns circles in a graph of a few hundred nodes: which nodes lead back to themselves."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def reached(start: Node, edges: Mapping[Node, Iterable[Node]]) -> set[Node]:
    """Every node to which at least one edge leads from a node."""
    found: set[Node] = set()
    waiting = [start]
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def circles(edges: Mapping[Node, Iterable[Node]]) -> list[list[Node]]:
    """The nodes that lead to each other, together, in the order of the graph."""
    behind = {node: reached(node, edges) for node in edges}
    found: list[list[Node]] = []
    seen: set[Node] = set()
    for node in edges:
        if node not in seen and node in behind[node]:
            circle = [each for each in edges if each in behind[node] and node in behind[each]]
            seen.update(circle)
            found.append(circle)
    return found


def way_round(circle: list[Node], edges: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """A shortest way from the first node of a circle back to it, with both ends."""
    start, within = circle[0], set(circle)
    came: dict[Node, Node] = {}
    waiting = [start]
    for node in waiting:
        for target in edges[node]:
            if target == start:
                way = [start, node]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1] if node != start else [start, start]
            if target in within and target not in came:
                came[target] = node
                waiting.append(target)
    return [start]

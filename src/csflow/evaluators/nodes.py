"""Owns formulas over the regions of cut sources: equal ones are one node, and negation stands nowhere.

A node is a number; what is left of it where a source lies in one of its regions is another.
"""

from collections.abc import Iterable, Mapping

from csflow.evaluators.cuts import Cut
from csflow.evaluators.formulas import Atom, Formula, Junction, Negation, Truth

NEVER, HOLDS = 0, 1

# An atom is (source, the regions in which it holds, as bits); a junction (whether all of the nodes hold, the nodes).
_Atom = tuple[int, int]
_Junction = tuple[bool, tuple[int, ...]]


class Nodes:
    """`support` has, for each node, the sources it asks, as bits."""

    def __init__(self, cuts: Mapping[int, Cut]) -> None:
        self._cuts = cuts
        self._every = {source: (1 << len(each.regions)) - 1 for source, each in cuts.items()}
        self._numbers: dict[tuple[str, _Atom | _Junction], int] = {}
        self._atoms: dict[int, _Atom] = {}
        self._junctions: dict[int, _Junction] = {}
        self._of_formula: dict[tuple[Formula, bool], int] = {}
        self._left: dict[tuple[int, int, int], int] = {}
        self._borders: dict[tuple[int, int], int] = {}
        self.support = [0, 0]

    def node(self, formula: Formula, negated: bool = False) -> int:
        """The node of a formula, or of its negation."""
        key = formula, negated
        known = self._of_formula.get(key)
        if known is None:
            known = self._of_formula[key] = self._made(formula, negated)
        return known

    def box(self, node: int) -> dict[int, int] | None:
        """Of a conjunction of atoms, the regions of each source in which it holds, as bits; None for any other."""
        if node == HOLDS:
            return {}
        if node in self._atoms:
            return dict([self._atoms[node]])
        junction = self._junctions.get(node)
        if junction is None or not junction[0] or not all(part in self._atoms for part in junction[1]):
            return None
        return dict(self._atoms[part] for part in junction[1])

    def left(self, node: int, source: int, region: int) -> int:
        """What is left of a node where the source lies in the region."""
        if not self.support[node] >> source & 1:
            return node
        key = node, source, region
        if key not in self._left:
            self._left[key] = self._reduced(node, source, region)
        return self._left[key]

    def borders(self, node: int, source: int) -> int:
        """The regions of the source, as bits, at which the node may change."""
        if not self.support[node] >> source & 1:
            return 0
        key = node, source
        if key not in self._borders:
            if node in self._atoms:
                mask = self._atoms[node][1]
                found = mask ^ (mask << 1)
            else:
                found = 0
                for part in self._junctions[node][1]:
                    found |= self.borders(part, source)
            self._borders[key] = found
        return self._borders[key]

    def _made(self, formula: Formula, negated: bool) -> int:
        match formula:
            case Truth(value=value):
                return HOLDS if value is not negated else NEVER
            case Atom(source=source, values=values):
                mask = self._cuts[source].masks[values]
                return self._atom(source, self._every[source] ^ mask if negated else mask)
            case Negation(operand=operand):
                return self.node(operand, not negated)
            case Junction(all=is_all, operands=operands):
                return self._joined(is_all is not negated, [self.node(operand, negated) for operand in operands])

    def _reduced(self, node: int, source: int, region: int) -> int:
        if node in self._atoms:
            return HOLDS if self._atoms[node][1] >> region & 1 else NEVER
        is_all, parts = self._junctions[node]
        return self._joined(is_all, [self.left(part, source, region) for part in parts])

    def _atom(self, source: int, mask: int) -> int:
        if mask in (0, self._every[source]):
            return HOLDS if mask else NEVER
        number = self._number("atom", (source, mask), 1 << source)
        self._atoms[number] = source, mask
        return number

    def _joined(self, is_all: bool, parts: Iterable[int]) -> int:
        decisive, idle = (NEVER, HOLDS) if is_all else (HOLDS, NEVER)
        masks: dict[int, int] = {}
        others: set[int] = set()
        waiting = list(parts)
        while waiting:
            part = waiting.pop()
            if part == decisive:
                return decisive
            if part in self._atoms:
                source, mask = self._atoms[part]
                before = masks.get(source, mask)
                masks[source] = before & mask if is_all else before | mask
            elif part in self._junctions and self._junctions[part][0] is is_all:
                waiting += self._junctions[part][1]
            elif part != idle:
                others.add(part)
        for source, mask in masks.items():
            merged = self._atom(source, mask)
            if merged == decisive:
                return decisive
            if merged != idle:
                others.add(merged)
        return self._junction(is_all, tuple(sorted(others)), idle)

    def _junction(self, is_all: bool, parts: tuple[int, ...], idle: int) -> int:
        if not parts:
            return idle
        if len(parts) == 1:
            return parts[0]
        support = 0
        for part in parts:
            support |= self.support[part]
        number = self._number("all" if is_all else "any", (is_all, parts), support)
        self._junctions[number] = is_all, parts
        return number

    def _number(self, form: str, key: _Atom | _Junction, support: int) -> int:
        number = self._numbers.get((form, key))
        if number is None:
            number = self._numbers[form, key] = len(self.support)
            self.support.append(support)
        return number

"""Owns the cut of all sources that several questions share: each formula is read into nodes once."""

from collections.abc import Iterable, Mapping, Sequence

from csflow.evaluators.cuts import Cut, cut
from csflow.evaluators.formulas import Atom, Formula, Junction, Negation, Source, Values
from csflow.evaluators.nodes import Nodes


class Atlas:
    """The regions of sources, as all formulas read so far ask for them. `sources` may grow."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = sources
        self._asked: dict[int, dict[Values, None]] = {}
        self._read: set[Formula] = set()
        self._is_stale = False
        self.nodes = Nodes({})
        self.cuts: Mapping[int, Cut] = {}

    def read(self, formulas: Iterable[Formula]) -> None:
        """Make ready for the nodes of some formulas; those made before may be others from now on."""
        waiting = [formula for formula in formulas if formula not in self._read]
        self._read.update(waiting)
        # What is shared by several formulas is walked once.
        walked: set[int] = set()
        while waiting:
            formula = waiting.pop()
            if isinstance(formula, Atom):
                self._ask(formula)
            elif isinstance(formula, Negation):
                waiting.append(formula.operand)
            elif isinstance(formula, Junction) and id(formula) not in walked:
                walked.add(id(formula))
                waiting += formula.operands
        if self._is_stale:
            self.cuts = {number: cut(self.sources[number], tuple(asked)) for number, asked in self._asked.items()}
            self.nodes = Nodes(self.cuts)
            self._is_stale = False

    def _ask(self, atom: Atom) -> None:
        asked = self._asked.setdefault(atom.source, {})
        if atom.values not in asked:
            asked[atom.values] = None
            self._is_stale = True

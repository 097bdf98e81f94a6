"""Owns the tables of a program: what they look up for the facts of a row, made where it is first missed.

What has grown is bounded: beyond so much, all of it is forgotten and grows anew. Rows may be looked up while another
thread grows; what they miss meanwhile they ask for again.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from types import FunctionType
from typing import Any

from csflow.evaluators.answering import Answer
from csflow.evaluators.dispatching import MISSING, Branching, Dispatch, State
from csflow.evaluators.indexing import Index
from csflow.evaluators.strips import PLACES, STRIP, Strip
from csflow.facts import LOCAL, ROW, Row

# A function over the row, the facts by path, and what the answer has come to.
Function = Callable[[Row, Mapping[str, Any], dict[Any, Any]], Any]
# A function that decides once facts are looked up, given as `Passed` has it.
Decides = Callable[..., Any]

# When what has grown is forgotten, in cells of eight bytes; a function counts as so many. A table of many rules may
# have more.
_MOST, _MOST_OF_A_RULE = 250_000, 2_000
_FUNCTION = 200
# What the texts of tables call.
_CALLED: dict[str, Any] = {"bisect_right": bisect_right, "type": type, "Answer": Answer}
_SCOPE: dict[str, Any] = {**_CALLED, "places": PLACES, "__builtins__": {}}
# So many facts are passed one by one; where there are more, the row is.
_MOST_APART = 12


@dataclass(frozen=True, slots=True)
class Passed:
    """How functions are given facts: those at some `places` of a row, one by one; or all there is, if None.

    `in_strips`: behind them, the strip or the like in which the function stands.
    """

    places: tuple[int, ...] | None
    in_strips: bool = False

    @property
    def parameters(self) -> str:
        return self._written(LOCAL, STRIP)

    def fact(self, place: int) -> str:
        """The text of a fact in such a function."""
        return (ROW if self.places is None else LOCAL).format(place)

    def arguments(self, fact: str) -> str:
        """What is passed where a fact is written as `fact`, and the cell that is called as `c`."""
        return self._written(fact, "c")

    def _written(self, fact: str, cell: str) -> str:
        facts = ("w", "v", "m") if self.places is None else tuple(map(fact.format, self.places))
        return ", ".join((*facts, cell) if self.in_strips else facts)


WHOLE = Passed(None)


# What a cell has: the answer itself, a function that gives it, or in a list with what it needs.
_Cell = Answer | Decides | Sequence[Any]


class Growth:
    """The tables of one decision in one setting; `leaf` is the text of a state in which none pays, to be `compiled`.

    Where `only_rows` are read, functions are `passed` what may still be asked of a row, one by one. Where all answers
    are made before, too, `first` gives the one of the first of the rules that hold, as bits: then what is left may be
    counted, and nothing is called.

    `text`, over `w`, `v`, `m` and `names`, looks up the right function and calls it; so does `local_text`, over the
    facts as the decoder's locals, too. It raises KeyError where the cell is not made yet, or a fact is not given.
    Where a table `keeps_answers`, one that is always the same stands in its cell instead of a function; and instead of
    a function of its own a cell has a list, the first of which is called with the list itself.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        branchings: list[Branching],
        leaf: Callable[[State], str],
        compiled: Callable[[str], Decides | Answer],
        first: Callable[[int], Answer] | None,
        *,
        only_rows: bool,
    ) -> None:
        self._dispatch = dispatch
        self._leaf = leaf
        self._compiled = compiled
        self._first = first
        self._index: Index | None = None
        if first is not None and (counted := dispatch.counted(branchings)) is not None:
            branchings, left = counted
            self._index = Index(left)
        self._growing = RLock()
        self._leaves: dict[str, _Cell] = {}
        self._made: dict[State, _Cell] = {}
        # By the identity of what stands in a cell.
        self._strips: dict[int, Strip] = {}
        self._counted: dict[int, list[Answer]] = {}
        self._forms: dict[str, FunctionType] = {}
        self._size = 0
        self._most = _MOST + _MOST_OF_A_RULE * len(dispatch.conjuncts)
        self._branchings = branchings
        self._cells = self._empty(branchings[0])
        # Of few rules a call costs less than to ask whether one is needed.
        self.keeps_answers = dispatch.has_many
        self.told = frozenset() if self._index is None else self._index.told
        places = () if self._index is not None else dispatch.places_without(branchings)
        is_apart = only_rows and len(places) <= _MOST_APART
        self.passed = Passed(places if is_apart else None, in_strips=self.keeps_answers)
        self.text, self.names = self._look_up(ROW)
        self.local_text, _ = self._look_up(LOCAL)

    def grow(self, w: Row) -> bool:
        """Make the cell of a row; False where all that lead to its answer are made."""
        with self._growing:
            if self._size > self._most:
                self._forget()
            return self._grow(w)

    def _forget(self) -> None:
        _fill(self._cells, self._branchings[0].keys(), MISSING)
        self._made.clear()
        self._leaves.clear()
        self._counted.clear()
        self._strips.clear()
        self._size = 0

    def _grow(self, w: Row) -> bool:
        cells, alive = self._cells, self._dispatch.start.alive
        for branching, following in zip(self._branchings, self._branchings[1:], strict=False):
            key, keys, left = branching.region_of(w[branching.place])
            alive &= left
            if cells[key] is MISSING:
                _fill(cells, keys, self._empty(following))
            cells = cells[key]
        key, keys, left = self._branchings[-1].region_of(w[self._branchings[-1].place])
        if cells[key] is not MISSING:
            # INVARIANT: where cases are counted, there is no table behind the first.
            return self._index is None and self._grow_behind(cells[key], w)
        paths = [branching.path for branching in self._branchings]
        state = self._dispatch.after(self._dispatch.start, paths, alive & left)
        _fill(cells, keys, self._cell(state) if self._index is None else self._answers(self._index, state))
        return True

    def _grow_behind(self, cell: Any, w: Row) -> bool:
        while (strip := self._strips.get(id(cell))) is not None:
            cell, alive = strip.look_up(w)
            if cell is MISSING:
                strip.fill(w, self._cell(self._dispatch.after(strip.state, strip.paths, alive)))
                return True
        return False

    def _empty(self, branching: Branching) -> Any:
        cells = branching.empty()
        self._size += len(cells)
        return cells

    def _answers(self, index: Index, state: State) -> list[Answer]:
        """Those of each case that is left in a state."""
        assert self._first is not None  # INVARIANT: else nothing is counted.
        if state.alive not in self._counted:
            self._size += index.size
            self._counted[state.alive] = list(map(self._first, index.holding(state.alive)))
        return self._counted[state.alive]

    def _cell(self, state: State) -> _Cell:
        """What decides in a state; the answer itself where there is but one."""
        if state not in self._made:
            self._size += _FUNCTION
            branchings = self._dispatch.branchings(state)
            self._made[state] = self._strip(state, branchings) if branchings else self._once(self._leaf(state))
        return self._made[state]

    def _once(self, text: str) -> _Cell:
        if text not in self._leaves:
            made = self._compiled(text)
            self._leaves[text] = made if isinstance(made, Answer) or not self.keeps_answers else (made,)
        return self._leaves[text]

    def _strip(self, state: State, branchings: list[Branching]) -> _Cell:
        strip = Strip(state, branchings)
        self._size += len(strip.cells)
        fact = LOCAL if self.passed.places else ROW
        form = self._form(self._called(strip.text(fact), fact))
        strip.cells[0] = form
        cell: _Cell = strip.cells
        if not self.keeps_answers:
            # The same form, with its strip as what is passed if nothing else is.
            cell = FunctionType(form.__code__, _SCOPE, "look_up", (strip.cells,))
        self._strips[id(cell)] = strip
        return cell

    def _form(self, text: str) -> FunctionType:
        """The function that looks up a strip in which `text` does."""
        if text not in self._forms:
            parameters = self.passed.parameters if self.passed.in_strips else f"{self.passed.parameters}, {STRIP}"
            scope: dict[str, Any] = {}
            exec(compile(f"def look_up({parameters}): return {text}", "<csflow table>", "exec"), _SCOPE, scope)
            self._forms[text] = scope["look_up"]
        return self._forms[text]

    def _look_up(self, fact: str) -> tuple[str, dict[str, Any]]:
        """The text that looks up what is right for facts, each written as `fact`, and calls what is no answer yet."""
        names: dict[str, Any] = {**_CALLED, "t": self._cells}
        text = "t"
        for number, branching in enumerate(self._branchings):
            place = fact.format(branching.place)
            if branching.is_searched:
                names[f"s{number}"] = branching.borders
                text += f"[bisect_right(s{number}, {place})]"
            else:
                text += f"[{branching.key(place)}]"
        if self._index is not None:
            return f"{text}[{self._index.text(fact, is_checked=fact == ROW)}]", names | self._index.names
        return self._called(text, fact), names

    def _called(self, text: str, fact: str) -> str:
        """The text of an answer, given that of its cell."""
        arguments = self.passed.arguments(fact)
        return (
            f"(c if type(c := {text}) is Answer else c[0]({arguments}))"
            if self.keeps_answers
            else f"{text}({arguments})"
        )


def _fill(cells: Any, keys: Iterable[Any], value: Any) -> None:
    for key in keys:
        cells[key] = value

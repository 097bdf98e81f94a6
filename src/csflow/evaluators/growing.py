"""Owns the tables of a program: what they look up for the facts of a row, made where it is first missed.

What has grown is bounded: beyond so much, all of it is forgotten and grows anew. Rows may be looked up while another
thread grows; what they miss meanwhile they ask for again.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import Any

from csflow.evaluators.answering import Answer
from csflow.evaluators.dispatching import MISSING, Branching, Dispatch, State
from csflow.facts import LOCAL, Row

# A function over the row, the facts by path, and what the answer has come to.
Function = Callable[[Row, Mapping[str, Any], dict[Any, Any]], Any]

# When what has grown is forgotten, in cells of eight bytes; a function counts as so many. A table of many rules may
# have more.
_MOST, _MOST_OF_A_RULE = 250_000, 2_000
_FUNCTION = 200
# The functions of so few rules stay near at hand, and a call costs less than to ask whether one is needed.
_FEW = 100


@dataclass(frozen=True, slots=True)
class _Table:
    """What a state looks up: by the keys of each branching, answers, or functions that give one."""

    state: State
    branchings: list[Branching]
    cells: Any


class Growth:
    """The tables of one decision in one setting; `leaf` is the text of a state in which none pays, to be `compiled`.

    `text`, over `w`, `v`, `m` and `names`, looks up the right function and calls it; so does `local_text`, over the
    facts as the decoder's locals, too. It raises KeyError where the cell is not made yet, or a fact is not given.
    Where a table `keeps_answers`, one that is always the same stands in its cell instead of a function.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        branchings: list[Branching],
        leaf: Callable[[State], str],
        compiled: Callable[[str], Function | Answer],
    ) -> None:
        self._dispatch = dispatch
        self._leaf = leaf
        self._compiled = compiled
        self._growing = RLock()
        self._leaves: dict[str, Function | Answer] = {}
        self._functions: dict[State, Function | Answer] = {}
        self._tables: dict[Function | Answer, _Table] = {}
        self._size = 0
        self._most = _MOST + _MOST_OF_A_RULE * len(dispatch.conjuncts)
        self._root = _Table(dispatch.start, branchings, self._empty(branchings[0]))
        self.keeps_answers = len(dispatch.conjuncts) > _FEW
        self.text, self.names = _look_up(self._root, "w[{}]", self.keeps_answers)
        self.local_text, _ = _look_up(self._root, LOCAL, self.keeps_answers)

    def grow(self, w: Row) -> bool:
        """Make the cell of a row; False where all that lead to its answer are made."""
        with self._growing:
            if self._size > self._most:
                self._forget()
            return self._grow(self._root, w)

    def _forget(self) -> None:
        _fill(self._root.cells, self._root.branchings[0].keys(), MISSING)
        self._functions.clear()
        self._leaves.clear()
        self._tables.clear()
        self._size = 0

    def _grow(self, table: _Table, w: Row) -> bool:
        cells, alive = table.cells, table.state.alive
        for branching, following in zip(table.branchings, table.branchings[1:], strict=False):
            key, keys, left = branching.region_of(w[branching.place])
            alive &= left
            if cells[key] is MISSING:
                _fill(cells, keys, self._empty(following))
            cells = cells[key]
        key, keys, left = table.branchings[-1].region_of(w[table.branchings[-1].place])
        if cells[key] is not MISSING:
            return cells[key] in self._tables and self._grow(self._tables[cells[key]], w)
        paths = [branching.path for branching in table.branchings]
        _fill(cells, keys, self._function(self._dispatch.after(table.state, paths, alive & left)))
        return True

    def _empty(self, branching: Branching) -> Any:
        cells = branching.empty()
        self._size += len(cells)
        return cells

    def _function(self, state: State) -> Function | Answer:
        """What decides in a state; the answer itself where there is but one."""
        if state not in self._functions:
            self._size += _FUNCTION
            branchings = self._dispatch.branchings(state)
            made = self._branch(state, branchings) if branchings else self._once(self._leaf(state))
            self._functions[state] = made
        return self._functions[state]

    def _once(self, text: str) -> Function | Answer:
        if text not in self._leaves:
            self._leaves[text] = self._compiled(text)
        return self._leaves[text]

    def _branch(self, state: State, branchings: list[Branching]) -> Function:
        table = _Table(state, branchings, self._empty(branchings[0]))
        text, names = _look_up(table, "w[{}]", self.keeps_answers)
        names["__builtins__"] = {}
        exec(compile(f"def branch(w, v, m): return {text}", "<csflow table>", "exec"), names)
        function: Function = names["branch"]
        self._tables[function] = table
        return function


def _look_up(table: _Table, fact: str, keeps_answers: bool) -> tuple[str, dict[str, Any]]:
    """The text that looks up what is right for facts, each written as `fact`, and calls what is no answer yet."""
    names: dict[str, Any] = {"bisect_right": bisect_right, "type": type, "Answer": Answer, "t": table.cells}
    text = "t"
    for number, branching in enumerate(table.branchings):
        place = fact.format(branching.place)
        if branching.starts is not None:
            names[f"s{number}"] = branching.starts
            place = f"bisect_right(s{number}, {place})"
        elif branching.low:
            place = f"{place} - {branching.low}" if branching.low > 0 else f"{place} + {-branching.low}"
        text += f"[{place}]"
    return f"(c if type(c := {text}) is Answer else c(w, v, m))" if keeps_answers else f"{text}(w, v, m)", names


def _fill(cells: Any, keys: Iterable[Any], value: Any) -> None:
    for key in keys:
        cells[key] = value

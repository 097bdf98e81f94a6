"""Owns the tables of a program: what they look up for the facts of a row, made where it is first missed.

What has grown is bounded: beyond so much, all of it is forgotten and grows anew. Rows may be looked up while another
thread grows; what they miss meanwhile they ask for again.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import RLock
from types import FunctionType
from typing import Any

from csflow.evaluators.answering import Answer
from csflow.evaluators.dispatching import MISSING, Branching, Dispatch, State
from csflow.evaluators.indexing import Index
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
_SCOPE: dict[str, Any] = {**_CALLED, "__builtins__": {}}
# The functions of so few rules stay near at hand, and a call costs less than to ask whether one is needed.
_FEW = 100
# So many facts are passed one by one; where there are more, the row is.
_MOST_APART = 12


@dataclass(frozen=True, slots=True)
class Passed:
    """How functions are given facts: those at some `places` of a row, one by one; or all there is, if None."""

    places: tuple[int, ...] | None

    @property
    def parameters(self) -> str:
        return "w, v, m" if self.places is None else ", ".join(map(LOCAL.format, self.places))

    def fact(self, place: int) -> str:
        """The text of a fact in such a function."""
        return (ROW if self.places is None else LOCAL).format(place)

    def arguments(self, fact: str) -> str:
        """What is passed where a fact is written as `fact`."""
        return self.parameters if self.places is None else ", ".join(map(fact.format, self.places))


WHOLE = Passed(None)


@dataclass(frozen=True, slots=True)
class _Table:
    """What a state looks up: by the keys of each branching, answers, or functions that give one."""

    state: State
    branchings: list[Branching]
    cells: Any


class Growth:
    """The tables of one decision in one setting; `leaf` is the text of a state in which none pays, to be `compiled`.

    Where `only_rows` are read, functions are `passed` what may still be asked of a row, one by one. Where all answers
    are made before, too, `first` gives the one of the first of the rules that hold, as bits: then what is left may be
    counted, and nothing is called.

    `text`, over `w`, `v`, `m` and `names`, looks up the right function and calls it; so does `local_text`, over the
    facts as the decoder's locals, too. It raises KeyError where the cell is not made yet, or a fact is not given.
    Where a table `keeps_answers`, one that is always the same stands in its cell instead of a function.
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
        self._leaves: dict[str, Decides | Answer] = {}
        self._functions: dict[State, Decides | Answer] = {}
        self._tables: dict[Decides | Answer, _Table] = {}
        self._counted: dict[int, list[Answer]] = {}
        self._codes: dict[str, Any] = {}
        self._size = 0
        self._most = _MOST + _MOST_OF_A_RULE * len(dispatch.conjuncts)
        self._root = _Table(dispatch.start, branchings, self._empty(branchings[0]))
        self.keeps_answers = len(dispatch.conjuncts) > _FEW
        self.told = frozenset() if self._index is None else self._index.told
        places = () if self._index is not None else dispatch.places_without(branchings)
        self.passed = Passed(places) if only_rows and len(places) <= _MOST_APART else WHOLE
        self.text, self.names = self._look_up(self._root, ROW)
        self.local_text, _ = self._look_up(self._root, LOCAL)

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
        self._counted.clear()
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
            # INVARIANT: where cases are counted, there is no table behind the first.
            if self._index is not None:
                return False
            return cells[key] in self._tables and self._grow(self._tables[cells[key]], w)
        paths = [branching.path for branching in table.branchings]
        state = self._dispatch.after(table.state, paths, alive & left)
        _fill(cells, keys, self._function(state) if self._index is None else self._answers(self._index, state))
        return True

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

    def _function(self, state: State) -> Decides | Answer:
        """What decides in a state; the answer itself where there is but one."""
        if state not in self._functions:
            self._size += _FUNCTION
            branchings = self._dispatch.branchings(state)
            made = self._branch(state, branchings) if branchings else self._once(self._leaf(state))
            self._functions[state] = made
        return self._functions[state]

    def _once(self, text: str) -> Decides | Answer:
        if text not in self._leaves:
            self._leaves[text] = self._compiled(text)
        return self._leaves[text]

    def _branch(self, state: State, branchings: list[Branching]) -> Decides:
        table = _Table(state, branchings, self._empty(branchings[0]))
        text, names = self._look_up(table, LOCAL if self.passed.places else ROW)
        own = {name: value for name, value in names.items() if name not in _CALLED}
        text = f"def branch({', '.join((self.passed.parameters, *own))}): return {text}"
        if text not in self._codes:
            exec(compile(text, "<csflow table>", "exec"), _SCOPE, self._codes)
            self._codes[text] = self._codes.pop("branch").__code__
        # INVARIANT: what a table has of its own are defaults, so that all of one form share their code: many functions,
        # each with a code and names of its own, are far from another in memory.
        function = FunctionType(self._codes[text], _SCOPE, "branch", tuple(own.values()))
        self._tables[function] = table
        return function

    def _look_up(self, table: _Table, fact: str) -> tuple[str, dict[str, Any]]:
        """The text that looks up what is right for facts, each written as `fact`, and calls what is no answer yet."""
        names: dict[str, Any] = {**_CALLED, "t": table.cells}
        text = "t"
        for number, branching in enumerate(table.branchings):
            place = fact.format(branching.place)
            if branching.starts is not None:
                names[f"s{number}"] = branching.starts
                text += f"[bisect_right(s{number}, {place})]"
            else:
                text += f"[{branching.key(place)}]"
        if self._index is not None:
            return f"{text}[{self._index.text(fact, is_checked=fact == ROW)}]", names | self._index.names
        arguments = self.passed.arguments(fact)
        if self.keeps_answers:
            return f"(c if type(c := {text}) is Answer else c({arguments}))", names
        return f"{text}({arguments})", names


def _fill(cells: Any, keys: Iterable[Any], value: Any) -> None:
    for key in keys:
        cells[key] = value

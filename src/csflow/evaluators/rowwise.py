"""Owns the production engine: a program for each setting, and the reference engine where programs have no answer.

It says what the reference engine says in every case (`tests/agreement`); it is only faster.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from csflow.evaluators.answering import Answer, answer_of
from csflow.evaluators.growing import Function
from csflow.evaluators.programs import AT, BEYOND, DAY, Program, computes, condition, is_constant
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.settings import Setting, changes, layers_giving, parameters_read
from csflow.evaluators.unknowns import Unknown
from csflow.evaluators.writing import OutOfReach
from csflow.facts import UNUSUAL, Decoder, Facts, Row, from_row
from csflow.pack.model import BY_DECISION_TIME, TRANSITION, Decision, LinkedPack
from csflow.values.instants import FIRST_DAY

# Lines of Python, over the text of an answer.
Lines = Callable[[str], list[str]]

# The settings of one decision that are kept ready.
_MOST_SETTINGS = 256


class Rowwise:
    """A pack compiled. Programs are made when they are first needed; safe to share between threads.

    Without a decoder it takes checked facts alone, and makes an entry without the lines that check them.
    """

    def __init__(self, pack: LinkedPack, decoder: Decoder | None = None) -> None:
        self._pack = pack
        self._decoder = decoder
        self._functions: dict[str, Function] = {}
        self._plain_programs: dict[str, Program] = {}
        self._conditions: dict[str, Function] = {}

    def entry(
        self, name: str, parameters: str, result: Lines, names: Mapping[str, Any], constant: Lines | None = None
    ) -> Callable[..., Any]:
        """The decision as a function of `given` facts, checked or not, and `at`: `parameters`, or among the names.

        It gives what the lines of `result` return, over the row `w` and the text of the answer that they are given, or
        those of `constant` where all answers are made before. What checks the facts and what answers are written into
        one function, since a call more of each is what a decision costs. It raises what the decoder does.
        """
        decision = self._pack.decisions[name]
        program = self._plain(decision)
        is_made = program is not None and is_constant(decision)
        quick = constant if constant is not None and is_made else result
        if program is None:
            by_row, by_local, told, takes_row = *("decide(w, v, m)",) * 2, frozenset[int](), True
        else:
            by_row, by_local, told = program.text, program.local_text, program.told
            takes_row = program.takes_row
        prepared = [
            f"v = {self._values()}" if program is None or program.reads_values else "v = None",
            f"m = {f'{{{AT!r}: at}}' if program is None or computes(decision) else 'None'}",
        ]
        if not takes_row:
            prepared = []
        if self._decoder is None:
            taken = [" w = given.row"]
        else:
            row = [self._decoder.to_row] if takes_row or quick is result else []
            taken = _checked(self._decoder.lines(told), (*row, *prepared, *quick(by_local)), result)
        lines = [
            f"def entry({parameters}):",
            *taken,
            *(" try:", *_under((*prepared, *quick(by_row)), 2)),
            *(" except BEYOND:", *_under(result("found(w, at)"), 2)),
        ]
        own = {"decide": self.function(name)} if program is None else program.names
        scope = {**own, **self._edge(), "found": self._found(name), **names}
        exec(compile("\n".join(lines), f"<csflow {name}>", "exec"), scope)
        entry: Callable[..., Any] = scope["entry"]
        return entry

    def _values(self) -> str:
        """What gives the facts of an entry by path."""
        return "given.values" if self._decoder is None else "given.values if type(given) is Facts else by_path(w)"

    def _edge(self) -> dict[str, Any]:
        """What every entry calls."""
        if self._decoder is None:
            return {"BEYOND": BEYOND}
        calls = {"row": self._decoder.row, "by_path": self._decoder.by_path, "Facts": Facts}
        return {**self._decoder.names, **calls, "UNUSUAL": UNUSUAL, "BEYOND": BEYOND}

    def _found(self, name: str) -> Callable[[Row, int | None], Answer]:
        """The answer that the program has once it has grown, or else that of the reference engine."""

        def found(row: Row, at: int | None) -> Answer:
            facts = from_row(self._pack, row)
            try:
                answer: Answer = self.function(name)(row, facts.values, {AT: at})
            except BEYOND:
                return answer_of(self._pack, Evaluation(self._pack, facts, at).decide(name))
            return answer

        return found

    def _plain(self, decision: Decision) -> Program | None:
        """The one program of a decision that reads nothing with editions: to it, every day is like the other."""
        if parameters_read(self._pack, decision.name):
            return None
        if decision.name not in self._plain_programs:
            self._plain_programs[decision.name] = self._program(decision, Setting(None))
        return self._plain_programs[decision.name]

    def function(self, name: str) -> Function:
        """The decision as a function of the facts, as a row and by path, and of `{AT: instant}`.

        It raises one of `BEYOND` where only the reference engine can say.
        """
        if name not in self._functions:
            self._functions[name] = self._made(self._pack.decisions[name])
        return self._functions[name]

    def _made(self, decision: Decision) -> Function:
        program = self._plain(decision)
        if program is not None:
            return program.decide
        parameters = parameters_read(self._pack, decision.name)
        chosen = self._setting_of(parameters)
        governing = self._governing(decision)
        programs: dict[Any, Function] = {}

        def decide(w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> Any:
            day = governing(w, v, m)
            stretch, layers = chosen(day, w, v, m)
            program = programs.get((stretch, layers))
            if program is None:
                if len(programs) == _MOST_SETTINGS:
                    programs.clear()
                program = programs[stretch, layers] = self._program(decision, Setting(day, layers)).decide
            return program(w, v, _on_day(m, day))

        return decide

    def _program(self, decision: Decision, setting: Setting) -> Program:
        return Program(self._pack, decision, setting, self._required)

    def _required(self, name: str, w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> Answer:
        """The answer of a decision that another one reads, found once."""
        key = f"decision {name}"
        if key not in m:
            m[key] = self.function(name)(w, v, m)
        answer: Answer = m[key]
        return answer

    def _setting_of(self, parameters: frozenset[str]) -> Callable[..., tuple[int | None, frozenset[str]]]:
        """What finds the stretch in which a day lies, and the layers that hold, of those that give the parameters."""
        days = changes(self._pack, parameters)
        layers = [
            (layer.name, self._condition(layer.name))
            for layer in layers_giving(self._pack, parameters)
            if layer.condition is not None
        ]

        def chosen(
            day: int | None, w: Row, v: Mapping[str, Any], m: dict[Any, Any]
        ) -> tuple[int | None, frozenset[str]]:
            stretch = None if day is None else bisect_right(days, day)
            return stretch, frozenset([name for name, holds in layers if holds(w, v, m)])

        return chosen

    def _condition(self, layer: str) -> Function:
        if layer not in self._conditions:
            term = self._pack.layers[layer].condition
            assert term is not None  # INVARIANT: asked for only where it has one.
            self._conditions[layer] = condition(self._pack, term)
        return self._conditions[layer]

    def _governing(self, decision: Decision) -> Function:
        """What finds the governing date: of the fact, of the decision itself, or that of the one that requires it."""
        path, local_day = decision.governed_by, self._pack.zone.local_day
        if path is None:
            return lambda w, v, m: m.get(DAY)
        is_date = self._pack.facts[path].kind.name == "date"

        def by_fact(w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> int:
            return int(v[path]) if is_date else local_day(v[path])

        if not self._pack.reads_at:
            return by_fact
        chosen = self._setting_of(frozenset({TRANSITION}))

        def by_either(w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> int:
            _, layers = chosen(FIRST_DAY, w, v, m)
            found = Setting(FIRST_DAY, layers).parameter(self._pack, TRANSITION)
            if isinstance(found, Unknown):
                raise OutOfReach
            if found.value != BY_DECISION_TIME:
                return by_fact(w, v, m)
            if m[AT] is None:
                raise OutOfReach
            return local_day(m[AT])

        return by_either


def _checked(decoding: Iterable[str], answering: Iterable[str], result: Lines) -> list[str]:
    """The lines that answer of a dictionary as it is checked, or make the row of what is none."""
    return [
        " if type(given) is dict:",
        *("  try:", *_under(decoding, 3), "  except UNUSUAL: w = row(given)"),
        *("  else:", "   try:", *_under(answering, 4)),
        # INVARIANT: what was not told apart is checked here, and no row that was made before counts.
        *("   except BEYOND:", *_under(("w = row(given)", *result("found(w, at)")), 4)),
        " elif type(given) is Facts: w = given.row",
        " else: w = row(given)",
    ]


def _on_day(m: dict[Any, Any], day: int | None) -> dict[Any, Any]:
    """What the answer has come to on that day: what was found for another governing date does not count."""
    if m.setdefault(DAY, day) == day:
        return m
    return {AT: m[AT], DAY: day}


def _under(lines: Iterable[str], depth: int = 1) -> Iterator[str]:
    yield from (" " * depth + line for line in lines)

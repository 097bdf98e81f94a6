"""Owns one decision as Python: functions written from its terms for one setting, compiled when first reached.

Each function has the signature `(w, v, m)`: the facts as a row and by path, and what the answer has come to so far.
It raises one of `BEYOND` where the reference engine must answer.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import count, groupby
from typing import Any

from csflow.evaluators.answering import Answer, Conclusion, conclusion_of
from csflow.evaluators.dispatching import Asked, Dispatch, State
from csflow.evaluators.ends import end_of
from csflow.evaluators.growing import WHOLE, Decides, Function, Growth, Passed
from csflow.evaluators.meaning import in_time
from csflow.evaluators.outcomes import Hit
from csflow.evaluators.policies import combined
from csflow.evaluators.settings import Setting
from csflow.evaluators.unknowns import Unknown
from csflow.evaluators.writing import OutOfReach, Writer
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.facts import ABSENT, Row
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.values.kinds import Kind
from csflow.values.rounding import round_exact
from csflow.values.zones import BeyondHorizon

# The answer of another decision: its name, the facts, and what the answer has come to.
Required = Callable[[str, Row, Mapping[str, Any], dict[Any, Any]], Answer]

# INVARIANT: facts are checked and names are linked, so a key that is missing is a fact that was not given.
BEYOND = (OutOfReach, KeyError, BeyondHorizon, RecursionError)

# What `m` holds beside what is computed, by kind and name: the instant, the governing day, the record.
AT, DAY, ITEM = "at", "day", "item"

_SINGLE = frozenset({"unique", "first"})


class Program:
    """One decision in one setting. `text`, over `w`, `v`, `m` and the program's `names`, gives its `Answer`.

    So does `local_text`, where the decoder's lines stand before it; it `takes_row` or makes do with their locals,
    and raises KeyError where one of the facts at the places `told` is no value of its kind.
    """

    def __init__(self, pack: LinkedPack, decision: Decision, setting: Setting, required: Required) -> None:
        self._pack = pack
        self._decision = decision
        self._numbers = count()
        self.names: dict[str, Any] = _runtime(pack, required)
        self._bound: dict[Any, str] = {}
        self._waiting: list[tuple[str, Kind, Term]] = []
        walk = decision.for_each
        self._writer = Writer(pack, setting, self, {} if walk is None else {walk.variable: f"m[{ITEM!r}]"})
        self._dispatch = Dispatch(pack, decision, setting)
        self._without_rule = Conclusion(pack, decision, "no_rule", self._gives_list)
        self._growth: Growth | None = None
        self._passed = WHOLE
        self.names["concluded"] = self._concluded
        self.local_text = ""
        self.text = self._started()
        self.local_text = self.local_text or self.text
        self._start = self._compiled("start", [f"return {self.text}"])

    def decide(self, w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> Answer:
        """What the text says, grown for these facts where it was not yet; a shortage that stays is theirs."""
        while True:
            try:
                answer: Answer = self._start(w, v, m)
            except KeyError:
                if self._growth is None or not self._growth.grow(w):
                    raise
            else:
                return answer

    @property
    def takes_row(self) -> bool:
        return self._passed.places is None

    @property
    def told(self) -> frozenset[int]:
        return frozenset() if self._growth is None else self._growth.told

    @property
    def reads_values(self) -> bool:
        """Whether a text of the program may read a fact by path, and not in its row alone."""
        rules = list(self._decision.every_rule())
        return (
            computes(self._decision)
            or self._dispatch.is_compound
            or any(rule.exceptions for rule in rules)
            or not all(isinstance(term, t.Constant) for rule in rules for _, term in rule.outputs)
        )

    # The names that terms refer to, and the values that have no text (see `writing.Names`)

    def column(self, name: str) -> str:
        column = self._decision.inputs.get(name) or self._decision.locals[name]
        if _only_names(column.kind, column.term):
            return self._writer.place(column.term)  # type: ignore[arg-type]
        return self._computed(f"column {self._decision.name}.{name}", column.kind, column.term)

    def derived(self, name: str) -> str:
        derived = self._pack.derived[name]
        return self._computed(f"derived {name}", derived.kind, derived.term)

    def output(self, decision: str, output: str) -> str:
        return f"outputs({decision!r}, w, v, m)[{output!r}]"

    def answers(self, decision: str) -> str:
        return f"answers({decision!r}, w, v, m)"

    def value(self, value: Any) -> str:
        """The Python name of a value; an answer that is one is shown from the beginning."""
        if isinstance(value, Answer):
            value.shown()
        key = id(value)
        if key not in self._bound:
            self._bound[key] = f"k{next(self._numbers)}"
            self.names[self._bound[key]] = value
        return self._bound[key]

    def _computed(self, key: str, kind: Kind, term: Term) -> str:
        """The call of a function that computes a value once."""
        if key not in self._bound:
            self._bound[key] = f"f{next(self._numbers)}"
            self._waiting.append((key, kind, term))
        return f"{self._bound[key]}(w, v, m)"

    # Functions

    def _compiled(self, name: str, lines: Iterable[str], passed: Passed = WHOLE) -> Decides:
        """The function of these lines, and those it calls."""
        written = _defined(name, lines, passed)
        # One after the other: a long chain of derived values costs no recursion here.
        while self._waiting:
            key, kind, term = self._waiting.pop()
            computing = [
                f"found = m.get({key!r}, UNSET)",
                "if found is UNSET:",
                f"    found = m[{key!r}] = {self._writer.named(kind, term)}",
                "return found",
            ]
            written += _defined(self._bound[key], computing)
        text = "\n".join(written)
        exec(compile(text, f"<csflow {self._decision.name}>", "exec"), self.names)
        function: Decides = self.names[name]
        return function

    def _started(self) -> str:
        """The text that begins: it looks up what decides a case, or goes over the records of a list."""
        walk, start = self._decision.for_each, self._dispatch.start
        branchings = self._dispatch.branchings(start)
        if branchings:
            only_rows = not self.reads_values
            first = self._first if only_rows and is_constant(self._decision) else None
            self._growth = Growth(self._dispatch, branchings, self._leaf, self._made, first, only_rows=only_rows)
            self._passed = self._growth.passed
            self.names |= self._growth.names
            self.local_text = self._growth.local_text
            return self._growth.text
        leaf = self._leaf_of(self._leaf(start))
        if walk is None:
            return f"{self.value(leaf)}(w, v, m)"
        return f"{self.value(self._together(leaf))}({self._writer.records(walk.source)}, w, v, m)"

    def _made(self, text: str) -> Decides | Answer:
        """The function of these lines, or the answer that they do no more than return, where it is kept."""
        assert self._growth is not None  # INVARIANT: it is what asks.
        found = self.names.get(text.removeprefix("return ")) if self._growth.keeps_answers else None
        return found if isinstance(found, Answer) else self._leaf_of(text)

    def _first(self, holding: int) -> Answer:
        """The answer of the first of the rules that hold, as bits."""
        rules = self._decision.rules
        rule = rules[(holding & -holding).bit_length() - 1] if holding else self._decision.otherwise
        answer: Answer = self.names[self._no_rule() if rule is None else self._result(rule, ())]
        return answer

    def _leaf_of(self, text: str) -> Decides:
        return self._compiled("leaf", text.split("\n"), self._passed)

    def _leaf(self, state: State) -> str:
        """The lines of a function that asks the rules that are left one after the other."""
        rules = [
            (self._decision.rules[number], self._left_of(number, state)) for number in self._dispatch.needed(state)
        ]
        is_single = self._decision.hit_policy in _SINGLE
        return "\n".join(self._single(rules) if is_single else self._several(rules))

    def _left_of(self, rule: int, state: State) -> str:
        """The condition of what a rule asks that is not settled."""
        asked, terms = self._dispatch.left_of(rule, state)
        return self._condition(terms, [self._asked(each) for each in asked])

    def _asked(self, asked: Asked) -> str:
        place = self._passed.fact(asked.place)
        if asked.intervals:
            return f"({' or '.join(_between(place, *interval) for interval in asked.intervals)})"
        if len(asked.values) == 1:
            return _equal(place, asked)
        return f"{place} in {self._set_of(asked.values)}"

    def _set_of(self, values: tuple[Any, ...]) -> str:
        """The name of a set; of `ABSENT`, too, whose text is its name."""
        return self._once(f"frozenset(({' '.join(f'{value!r},' for value in values)}))")

    def _single(self, rules: list[tuple[Rule, str]]) -> Iterator[str]:
        """Lines that return the answer of the one rule that holds."""
        conditions = [condition for _, condition in rules]
        if self._decision.hit_policy == "unique" and len(rules) > 1:
            holding = [f"h{number}" for number, _ in enumerate(rules)]
            yield from (f"{name} = {condition}" for name, condition in zip(holding, conditions, strict=True))
            yield f"if {' + '.join(holding)} > 1: gone()"
            conditions = holding
        for (rule, _), condition in zip(rules, conditions, strict=True):
            concluded = self._conclusion(rule, (), lambda text: f"return {text}")
            if condition == "True":
                yield from concluded
                return
            yield f"if {condition}:"
            yield from _indented(concluded)
        if self._decision.otherwise is not None:
            yield from self._conclusion(self._decision.otherwise, (), lambda text: f"return {text}")
        else:
            yield f"return {self._no_rule()}"

    def _several(self, rules: list[tuple[Rule, str]]) -> Iterator[str]:
        """Lines that collect the hits and return what they come to together."""
        yield "hits = []"
        for rule, condition in rules:
            yield f"if {condition}:"
            yield from _indented(self._conclusion(rule, (), lambda text: f"hits.append({text})"))
        if self._decision.otherwise is not None:
            yield "if not hits:"
            yield from _indented(self._conclusion(self._decision.otherwise, (), lambda text: f"hits.append({text})"))
        yield "return concluded(hits)"

    def _condition(self, terms: list[Term], asked: Iterable[str] = ()) -> str:
        return " and ".join((*asked, *(self._writer.condition(term) for term in terms))) or "True"

    def _conclusion(self, rule: Rule, chain: tuple[Rule, ...], emit: Callable[[str], str]) -> Iterator[str]:
        """Lines that give what a rule gives that holds, or the exception that applies."""
        applied = chain[-1] if chain else rule
        by_rank = sorted(applied.exceptions, key=lambda exception: -exception.rank)
        groups = [list(group) for _, group in groupby(by_rank, key=lambda exception: exception.rank)]
        yield from self._exceptions(rule, chain, groups, emit)

    def _exceptions(
        self, rule: Rule, chain: tuple[Rule, ...], groups: list[list[Rule]], emit: Callable[[str], str]
    ) -> Iterator[str]:
        if not groups:
            yield emit(self._result(rule, chain))
            return
        group, *lower = groups
        holding = [f"e{next(self._numbers)}" for _ in group]
        for name, exception in zip(holding, group, strict=True):
            yield f"{name} = {self._condition([exception.condition])}"
        if len(group) > 1:
            yield f"if {' + '.join(holding)} > 1: gone()"
        for number, (name, exception) in enumerate(zip(holding, group, strict=True)):
            yield f"{'elif' if number else 'if'} {name}:"
            yield from _indented(self._conclusion(rule, (*chain, exception), emit))
        yield "else:"
        yield from _indented(self._exceptions(rule, chain, lower, emit))

    def _result(self, rule: Rule, chain: tuple[Rule, ...]) -> str:
        """The text of an answer, or of a hit where there may be several; a name where it is always the same."""
        written = dict((chain[-1] if chain else rule).outputs)
        outputs = self._decision.outputs
        texts = {
            name: self._writer.output(outputs[name].kind, written[name]) if name in written else "None"
            for name in outputs
        }
        held = "{" + ", ".join(f"{name!r}: {text}" for name, text in texts.items()) + "}"
        is_constant = all(isinstance(term, t.Constant) for term in written.values())
        if self._decision.hit_policy not in _SINGLE:
            text = f"Hit({self.value(rule)}, {self.value(chain)}, {held})"
        else:
            text = f"Answer({self._conclusion_of(rule, chain)}, {held})"
        return self._once(text) if is_constant else text

    def _conclusion_of(self, rule: Rule, chain: tuple[Rule, ...]) -> str:
        key = (id(rule), *map(id, chain))
        if key not in self._bound:
            self._bound[key] = self.value(conclusion_of(self._pack, self._decision, rule, chain, self._gives_list))
        return self._bound[key]

    def _once(self, text: str) -> str:
        """The name of what a text gives that is always the same."""
        if text not in self._bound:
            # INVARIANT: an expression of constants alone, of names that are bound here.
            self._bound[text] = self.value(eval(text, self.names))
        return self._bound[text]

    @property
    def _gives_list(self) -> bool:
        """Whether one record, or the decision where it walks no list, has several answers."""
        return self._decision.for_each is None and self._decision.gives_list

    def _no_rule(self) -> str:
        return self._once(f"Answer({self.value(self._without_rule)}, {{}})")

    def _concluded(self, hits: list[Hit]) -> Answer:
        found = combined(self._decision, tuple(hits))
        if found.contradicting:
            raise OutOfReach
        if found.outputs is None:
            return Answer(self._without_rule, {})
        rule, exceptions = (found.hits[0].rule, found.hits[0].exceptions) if found.hits else (None, ())
        return Answer(conclusion_of(self._pack, self._decision, rule, exceptions, self._gives_list), found.outputs)

    def _together(self, leaf: Function) -> Callable[..., Answer]:
        """What gives one answer for all the records of a list, each of which must be decided."""
        conclusion = Conclusion(self._pack, self._decision, "decided", gives_list=True)
        names = tuple(self._decision.outputs)

        def decide(records: Any, w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> Answer:
            answers = [leaf(w, v, m | {ITEM: record}) for record in records]
            if any(answer.conclusion.status != "decided" for answer in answers):
                raise OutOfReach
            return Answer(conclusion, {name: tuple(answer.held[name] for answer in answers) for name in names})

        return decide


def is_constant(decision: Decision) -> bool:
    """Whether all answers that a program of the decision gives are made before anyone asks."""
    written = (term for rule in decision.every_rule() for _, term in rule.outputs)
    is_single = decision.for_each is None and decision.hit_policy in _SINGLE
    return is_single and all(isinstance(term, t.Constant) for term in written)


def computes(decision: Decision) -> bool:
    """Whether a program of the decision computes anything on its way but what the facts say."""
    columns = (*decision.inputs.values(), *decision.locals.values())
    return (
        decision.for_each is not None
        or not all(_only_names(column.kind, column.term) for column in columns)
        or any(reference.space in (Space.DERIVED, Space.DECISION) for reference in decision.reads())
    )


def condition(pack: LinkedPack, term: Term) -> Function:
    """A condition over facts alone, such as that of a layer, as a function."""
    names = _runtime(pack, _nothing_required)
    text = Writer(pack, Setting(None), _FactsAlone(names), {}).condition(term)
    exec(compile("\n".join(_defined("holds", [f"return {text}"])), "<csflow layer>", "exec"), names)
    function: Function = names["holds"]
    return function


class _FactsAlone:
    """The names in a condition over facts: none but those of values."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names

    def column(self, name: str) -> str:
        raise AssertionError("INVARIANT: a layer reads facts alone")

    derived = answers = column

    def output(self, decision: str, output: str) -> str:
        raise AssertionError("INVARIANT: a layer reads facts alone")

    def value(self, value: Any) -> str:
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name


def _nothing_required(name: str, w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> Answer:
    raise OutOfReach


def _only_names(kind: Kind, term: Term) -> bool:
    """Whether a column is but another name for something of its kind."""
    return (
        isinstance(term, t.Reference)
        and term.space is not Space.PARAMETER
        and (kind.name, kind.places) == (term.kind.name, term.kind.places)
    )


def _equal(place: str, asked: Asked) -> str:
    """The text of a fact's having the one value. INVARIANT: what may be unknown is not asked by `is`."""
    (value,) = asked.values
    if not isinstance(value, bool):
        return f"{place} is ABSENT" if value is ABSENT else f"{place} == {value}"
    if asked.is_optional:
        return f"{place} is {value}"
    return place if value else f"not {place}"


def _between(place: str, low: int | None, high: int | None) -> str:
    """The text of a number's lying in an interval; one without ends asks no more than that it is known."""
    if low is None and high is None:
        # INVARIANT: of what is not known, anything that is asked leaves the program.
        return f"{place} == {place}"
    if low is None:
        return f"{place} <= {high}"
    return f"{place} >= {low}" if high is None else f"{place} >= {low} and {place} <= {high}"


def _defined(name: str, lines: Iterable[str], passed: Passed = WHOLE) -> list[str]:
    return [f"def {name}({passed.parameters}):", *_indented(lines)]


def _indented(lines: Iterable[str]) -> Iterator[str]:
    yield from (f" {line}" for line in lines)


def _runtime(pack: LinkedPack, required: Required) -> dict[str, Any]:
    """What the text of a program calls."""

    def gone() -> Any:
        raise OutOfReach

    def end(window: Any, start: int, v: Mapping[str, Any]) -> Any:
        return _known(end_of(pack, window, start, v.__getitem__))

    def outputs(name: str, w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> Mapping[str, Any]:
        answer = required(name, w, v, m)
        if answer.conclusion.status != "decided":
            raise OutOfReach
        return answer.held

    def answers(name: str, w: Row, v: Mapping[str, Any], m: dict[Any, Any]) -> list[dict[str, Any]]:
        held = outputs(name, w, v, m)
        rows = zip(*held.values(), strict=True)
        return [dict(zip(held, map(absent_if_none, row), strict=True)) for row in rows]

    def absent_if_none(held: Any) -> Any:
        return ABSENT if held is None else held

    def prorate(amount: Any, part: Any, whole: Any) -> Fraction:
        if whole <= 0:
            raise OutOfReach
        return Fraction(amount) * Fraction(part) / Fraction(whole)

    def extreme(least_or_greatest: Callable[[list[Any]], Any], values: list[Any]) -> Any:
        if not values:
            raise OutOfReach
        return least_or_greatest(values)

    def those(*options: Any) -> tuple[Any, ...]:
        return tuple(option for option in options if option is not None)

    def listed(records: Any) -> Any:
        if records is ABSENT:
            raise OutOfReach
        return records

    return {
        "__builtins__": {"min": min, "max": max, "sum": sum, "any": any, "all": all, "len": len, "tuple": tuple},
        "ABSENT": ABSENT,
        "UNSET": object(),
        "Answer": Answer,
        "frozenset": frozenset,
        "Hit": Hit,
        "bisect_right": bisect_right,
        "gone": gone,
        "end": end,
        "outputs": outputs,
        "answers": answers,
        "absent_if_none": absent_if_none,
        "prorate": prorate,
        "extreme": extreme,
        "listed": listed,
        "those": those,
        "ratio": lambda numerator, denominator: Fraction(numerator) / denominator,
        "rounded": lambda number: round_exact(number, pack.rounding),
        "in_time": lambda kind, value: _known(in_time(kind, value)),
        "local_day": pack.zone.local_day,
        "liability_of": {code: reason.liability for code, reason in pack.reasons.items()},
        "authority_of": {name: role.authority for name, role in pack.roles.items()},
    }


def _known(value: Any) -> Any:
    if isinstance(value, Unknown):
        raise OutOfReach
    return value

"""Owns the search for the nearest value of one fact, all others as they are, that changes what a decision gives.

A kind with few values is tried value by value. Of an ordered kind, stretches are looked at whole, the nearest first
(see `stretches`): one on which the answer is the same is passed over, one on which it is another ends the search,
and any other is cut in two, down to single values. So no value that is nearer changes anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

from csflow.evaluators.lines import Stretch, Undetermined, straight
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.positions import range_of
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.settings import changes
from csflow.evaluators.stretches import Budget, OutOfBudget, StretchEvaluation
from csflow.expressions import terms as t
from csflow.facts import ABSENT, Facts, facts_of
from csflow.pack.model import Fact, LinkedPack, every_edition
from csflow.values.decoding import WIDEST_TEXT
from csflow.values.kinds import ORDERED
from csflow.values.zones import BeyondHorizon

# How many values a search on one side of one fact may look up, some seconds' worth; and, where a single answer looks up
# many, how many answers it may come to at least.
MOST_VALUES = 100_000
LEAST_ANSWERS = 250


class Direction(StrEnum):
    """On which side of the value that was given another lies; `other` where values have no order, or none was given."""

    BELOW = "below"
    ABOVE = "above"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """A value of a fact that changes the answer, in held form or `ABSENT`, and what is decided then.

    `outcome` is None where the search was given up before it found one. `is_unnamed`: a text stands for all that
    nobody names. `is_private`: the value is that of a private fact, or one that another private fact holds.
    """

    fact: Fact
    direction: Direction
    value: Any
    facts: Facts
    evaluation: Evaluation
    outcome: Outcome | None
    is_unnamed: bool = False
    is_private: bool = False


class NearestChanges:
    """The changes of one decision; of one `record` of its list, counted from 0, where one is given."""

    def __init__(
        self,
        pack: LinkedPack,
        facts: Facts,
        at: int | None,
        decision: str,
        record: int | None = None,
        most_values: int | None = None,
    ) -> None:
        self._pack = pack
        self._facts = facts
        self._at = at
        self._decision = decision
        self._record = record
        self._changes = changes(pack, pack.parameters)
        once = Budget()
        self._evaluation = StretchEvaluation(pack, facts, at, self._changes, once)
        self._present = self._outcome_of(self._evaluation)
        self._most_values = most_values or max(MOST_VALUES, LEAST_ANSWERS * once.spent)

    def all(self) -> Iterator[Change]:
        """For each fact that may change while a case is open, in the order of the fact sheet. One that was not given
        but must be has none: it is what is missing."""
        for fact in self._pack.facts.values():
            if fact.changeable and fact.path in self._facts.values:
                yield from self.of(fact)

    def of(self, fact: Fact) -> Iterator[Change]:
        """Those of one fact that is given or absent."""
        if fact.kind.name in ORDERED:
            yield from self._on_each_side(fact)
        else:
            yield from self._among(fact, self._values(fact))
            if fact.kind.name == "text":
                yield from self._unnamed(fact)
        if fact.optional and self._facts.values[fact.path] is not ABSENT:
            yield from self._among(fact, [ABSENT])

    # Kinds without an order

    def _among(self, fact: Fact, values: list[Any]) -> Iterator[Change]:
        for value in values:
            if value != self._facts.values[fact.path]:
                change = self._change(fact, Direction.OTHER, value)
                if not self._is_present(change.outcome):
                    yield change

    def _values(self, fact: Fact) -> list[Any]:
        """Every value; of texts, every one that somebody names. A list is no one value, and has none."""
        if fact.kind.name == "bool":
            return [False, True]
        return self._texts(fact) if fact.kind.name == "text" else list(fact.kind.symbols)

    def _unnamed(self, fact: Fact) -> Iterator[Change]:
        """One text that nobody names, for all of them: no condition can tell them apart."""
        named = {*self._texts(fact), self._facts.values[fact.path]}
        texts = ("", *map(str, range(len(named) + 1)))
        text = next(text for text in texts if text not in named)
        if len(text) <= (fact.kind.max_length or len(text)):
            yield from (replace(change, is_unnamed=True) for change in self._among(fact, [text]))

    def _texts(self, fact: Fact) -> list[str]:
        """The texts that the pack names, and those that facts hold, as far as this one may be so long."""
        found = [term.value for term in _every_term(self._pack) if isinstance(term, t.Constant)]
        found += [edition.value for name in self._pack.parameters for edition in every_edition(self._pack, name)]
        found += self._texts_held()
        longest = fact.kind.max_length or WIDEST_TEXT
        return sorted({text for text in found if isinstance(text, str) and len(text) <= longest})

    def _texts_held(self, is_private: bool = False) -> Iterator[Any]:
        """What facts and fields of records hold; that of private ones alone, where it is asked for."""
        for path, held in self._facts.values.items():
            fact = self._pack.facts[path]
            if not isinstance(held, tuple):
                yield from (held,) if fact.pii or not is_private else ()
                continue
            for member in fact.kind.members:
                if fact.pii or member.pii or not is_private:
                    yield from (record[member.name] for record in held if member.name in record)

    # Kinds with an order

    def _on_each_side(self, fact: Fact) -> Iterator[Change]:
        low, high = range_of(t.Reference(fact.mark, fact.kind, t.Space.FACT, fact.path, fact.optional))
        present = self._facts.values[fact.path]
        if present is ABSENT:
            yield from self._nearest(fact, Direction.OTHER, low, 1, high - low)
            return
        yield from self._nearest(fact, Direction.BELOW, present - 1, -1, present - 1 - low)
        yield from self._nearest(fact, Direction.ABOVE, present + 1, 1, high - present - 1)

    def _nearest(self, fact: Fact, direction: Direction, origin: int, slope: int, last: int) -> Iterator[Change]:
        """The change at the first of the steps 0 to `last` from `origin` that makes one."""
        try:
            step = self._first_step(fact, origin, slope, last, Budget(self._most_values))
        except OutOfBudget:
            yield Change(fact, direction, ABSENT, self._facts, self._evaluation, None)
            return
        if step is not None:
            yield self._change(fact, direction, origin + slope * step)

    def _first_step(self, fact: Fact, origin: int, slope: int, last: int, budget: Budget) -> int | None:
        waiting = self._first_stretches(fact, origin, slope, last)
        while waiting:
            low, high = waiting.pop()
            stretch = Stretch(low, high)
            line: Any = straight(stretch, slope, origin) if low < high else origin + slope * low
            try:
                nearer = []
                if not self._is_same(fact, line, budget):
                    return low
            except Undetermined:
                nearer = _halves(stretch)
            if stretch.high < high:
                waiting.append((stretch.high + 1, high))
            waiting += nearer
        return None

    def _first_stretches(self, fact: Fact, origin: int, slope: int, last: int) -> list[tuple[int, int]]:
        """All steps, the last first; cut where parameters change, if the fact chooses their editions."""
        starts = {0}
        if any(decision.governed_by == fact.path for decision in self._pack.decisions.values()):
            for moment in self._moments_of_change(fact):
                # Where one counts down, a stretch begins with the value before the change.
                starts.add((moment - origin) * slope + (slope < 0))
        ends = [*sorted(start for start in starts if 0 <= start <= last), last + 1]
        return [(start, end - 1) for start, end in pairwise(ends)][::-1]

    def _moments_of_change(self, fact: Fact) -> Iterator[int]:
        for day in self._changes:
            try:
                yield day if fact.kind.name == "date" else self._pack.zone.start_of_day(day)
            except BeyondHorizon:
                continue

    def _is_same(self, fact: Fact, value: Any, budget: Budget) -> bool:
        """Whether the answer is the present one for all values of the stretch that is left of a line."""
        evaluation = StretchEvaluation(self._pack, self._with(fact, value), self._at, self._changes, budget)
        return self._is_present(self._outcome_of(evaluation))

    # Answers

    def _change(self, fact: Fact, direction: Direction, value: Any) -> Change:
        facts = self._with(fact, value)
        evaluation = Evaluation(self._pack, facts, self._at)
        is_private = fact.pii or (fact.kind.name == "text" and value in self._texts_held(is_private=True))
        return Change(fact, direction, value, facts, evaluation, self._outcome_of(evaluation), is_private=is_private)

    def _with(self, fact: Fact, value: Any) -> Facts:
        return facts_of(self._pack, {**self._facts.values, fact.path: value})

    def _outcome_of(self, evaluation: Evaluation) -> Outcome:
        """What is decided; of a record that is no longer among the others, what is decided of all."""
        outcome = evaluation.decide(self._decision)
        is_one = self._record is not None and self._record < len(outcome.items)
        return outcome.items[self._record] if is_one and self._record is not None else outcome

    def _is_present(self, outcome: Outcome | None) -> bool:
        return (
            outcome is not None
            and outcome.status == self._present.status
            and dict(outcome.outputs) == dict(self._present.outputs)
        )


def _halves(stretch: Stretch) -> list[tuple[int, int]]:
    """The steps of a stretch in two parts, the second first."""
    middle = (stretch.low + stretch.high) // 2
    second = [(middle + 1, stretch.high)] if middle < stretch.high else []
    return [*second, (stretch.low, middle)]


def _every_term(pack: LinkedPack) -> Iterator[t.Term]:
    waiting = list(pack.terms())
    while waiting:
        term = waiting.pop()
        yield term
        waiting += t.parts(term)

"""Owns what the cases of a pack cover: which obligations each of them meets, and which none does."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from csflow.diagnostics import Mark
from csflow.evaluators.outcomes import Hit, Outcome
from csflow.evaluators.reference import Evaluation
from csflow.facts import Facts
from csflow.pack.model import LinkedPack, Rule
from csflow.testing.impossible import impossible
from csflow.testing.obligations import MEASURES, RULES, Obligation, obligations_of

# What an answer does not have.
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Asked:
    """One case: a decision, checked facts, the instant in held form where the pack reads it.

    `told` names what the case expects: outputs, and `status`, `rule`, `exceptions`, `missing`, `codes`. A
    change that shows in none of them goes unnoticed. None: the whole answer.
    """

    decision: str
    facts: Facts
    at: int | None = None
    told: frozenset[str] | None = None

    def answered(self, pack: LinkedPack) -> "Answered":
        return Answered(pack, self)


class Question(Protocol):
    """A test, of whatever it asks."""

    def answered(self, pack: LinkedPack) -> "Noticing":
        """The test with what the pack makes of it."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many of the obligations of one measure are met."""

    met: int
    of: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 is said of nothing less."""
        return 100 if not self.of else 100 * self.met // self.of


@dataclass(frozen=True)
class Coverage:
    """What cases cover of a pack.

    `met` maps an obligation to the number of the first case that meets it, in the order given. `impossible`
    are those that exact analysis proves no case can meet; they do not count. `hit` are the rules that some
    case reached, whether or not it would notice their loss.
    """

    pack: LinkedPack
    obligations: tuple[Obligation, ...]
    met: Mapping[Obligation, int]
    impossible: frozenset[Obligation]
    hit: frozenset[Mark]

    def score(self, measure: str, home: str | None = None) -> Score:
        """Of one measure: "rules", "boundaries" or "conditions"; of one decision where it is named."""
        counted = [each for each in self.counted if each.measure == measure and home in (None, each.home)]
        return Score(sum(each in self.met for each in counted), len(counted))

    @cached_property
    def counted(self) -> tuple[Obligation, ...]:
        return tuple(each for each in self.obligations if each not in self.impossible)

    @cached_property
    def missing(self) -> tuple[Obligation, ...]:
        """What no case meets, in the order of the pack."""
        return tuple(each for each in self.counted if each not in self.met)

    def is_below(self, percent: int, measures: Iterable[str] = MEASURES[:2]) -> bool:
        """Whether the rules or the boundaries are covered to less than so many per cent."""
        return any(100 * score.met < percent * score.of for score in map(self.score, measures))


def coverage_of(pack: LinkedPack, asked: Iterable[Question]) -> Coverage:
    """What the cases cover: those of decisions, and those of settlements by the decisions that their terms ask.

    A case with other values of parameters (`with_parameters`) tests another pack and has no place here.
    """
    obligations = obligations_of(pack)
    waiting = list(obligations)
    met: dict[Obligation, int] = {}
    hit: set[Mark] = set()
    for number, case in enumerate(asked):
        answered = case.answered(pack)
        hit |= answered.hit
        for each in [each for each in waiting if answered.meets(each)]:
            met[each] = number
        waiting = [each for each in waiting if each not in met]
    return Coverage(pack, obligations, met, impossible(pack, waiting), frozenset(hit))


class Noticing(ABC):
    """A test with what a pack makes of it.

    `decided` are the decisions that were made on the way, `hit` is where the rules and exceptions stand that were
    applied.
    """

    decided: frozenset[str]
    hit: frozenset[Mark]

    @abstractmethod
    def notices(self, changed: LinkedPack) -> bool:
        """Whether another pack would give the test anything else that it looks at."""

    def meets(self, obligation: Obligation) -> bool:
        """Whether the test is one that the obligation asks for."""
        if self.decided.isdisjoint(obligation.readers):
            return False
        if obligation.measure == RULES and obligation.mark not in self.hit:
            return False
        return self.notices(obligation.changed)


class Answered(Noticing):
    """A case with its answer: what was decided on the way to it, and which changes to the pack it would notice."""

    def __init__(self, pack: LinkedPack, case: Asked) -> None:
        self.case = case
        self.evaluation = Evaluation(pack, case.facts, case.at)
        self.outcome = self.evaluation.decide(case.decision)
        self._told = _told(self.outcome, case.told)
        outcomes = self.evaluation.outcomes
        self.decided = frozenset(outcome.decision.name for outcome in outcomes)
        self.hit = frozenset(rule.mark for outcome in outcomes for rule in applied(outcome))

    def notices(self, changed: LinkedPack) -> bool:
        outcome = Evaluation(changed, self.case.facts, self.case.at).decide(self.case.decision)
        return bool(_told(outcome, self.case.told) != self._told)


def applied(outcome: Outcome) -> Iterator[Rule]:
    """The rules and exceptions that were applied."""
    for hit in outcome.hits:
        yield hit.rule
        yield from hit.exceptions
    for item in outcome.items:
        yield from applied(item)


def _told(outcome: Outcome, told: frozenset[str] | None) -> Any:
    """What a case that expects so much sees of an answer."""
    return _whole(outcome) if told is None else [_part(outcome, name) for name in sorted(told)]


def _whole(outcome: Outcome) -> Any:
    return (
        outcome.status,
        outcome.outputs,
        [_ids(hit) for hit in outcome.hits],
        outcome.missing,
        [rule.id for rule in outcome.contradicting],
        [_whole(item) for item in outcome.items],
    )


def _part(outcome: Outcome, name: str) -> Any:
    match name:
        case "status":
            return outcome.status
        case "rule":
            return [hit.rule.id for hit in outcome.hits]
        case "exceptions":
            return [_ids(hit)[1:] for hit in outcome.hits]
        case "missing":
            return outcome.missing
        case "codes":
            return [hit.outputs.get("code") for hit in outcome.reported_hits]
    return outcome.outputs.get(name, _NOTHING)


def _ids(hit: Hit) -> list[str]:
    return [hit.rule.id, *(rule.id for rule in hit.exceptions)]

"""Owns what goes into a step and what comes out of it: events, effects for a host, refusals."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from csflow.diagnostics import Word
from csflow.pack.flows import SYSTEM
from csflow.settlement import Book, Budget, Ledger

NOTHING: Mapping[str, Any] = MappingProxyType({})
SUCCEEDED, FAILED = "succeeded", "failed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case.

    `by` is who sends it: a role, a party, `system` or `clock`; `actor` is the person, for the journal. `data` are the
    facts that it carries, as `pack.facts` takes them. `key` is the sender's own, by which a host knows an event again;
    `of` is the key of the effect, child or timer that it reports on.
    """

    name: str
    by: str
    actor: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a quote is made from: the frozen order, the claim, what was refunded before, and the customer's budgets."""

    ledger: Ledger
    claim: Any
    book: Book | Mapping[str, Any] | None = None
    budgets: Mapping[str, Budget | Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of a plan: by which tender it goes, and the key that every retry of it has. Minor units.

    `units` is what goes back of a tender in kind. `tender` is the id of the order's payment; an addition has none, and
    says in which `form` it is given.
    """

    key: str
    name: str
    amount: int
    tender: str | None = None
    to: str | None = None
    units: int | None = None
    form: str | None = None


class Effect:
    """What a host is asked to do. `key` is the same whenever the same step is made again.

    `facts` are those that the effect needs, as JSON has them; `payment` is what it pays; `amount` what another effect
    of the settlement is about, in minor units. A `notice` has no outcome to report.
    """

    __slots__ = (
        "_attempt",
        "_case",
        "_done",
        "_failed",
        "_index",
        "_key",
        "_sequence",
        "amount",
        "facts",
        "name",
        "payment",
    )

    # Set by who makes one, since a class without an `__init__` is called in half the time.
    name: str
    facts: Mapping[str, Any]
    payment: Payment | None
    amount: int | None
    _case: tuple[str, str]
    _sequence: int
    _index: int
    _done: str | None
    _failed: str | None
    _key: str | None
    _attempt: int

    def __repr__(self) -> str:
        return f"Effect({self.name!r}, key={self.key[:12]!r})"

    @property
    def key(self) -> str:
        if self._key is None:
            self._key = effect_key(*self._case, self._sequence, self._index)
        return self._key

    @property
    def notice(self) -> bool:
        return self._done is None

    def succeeded(self, data: Mapping[str, Any] | None = None) -> Event:
        """The event that reports its success. ValueError for a notice."""
        return self._reported(self._done, data)

    def failed(self, data: Mapping[str, Any] | None = None) -> Event:
        """The event that reports its failure. ValueError for a notice."""
        return self._reported(self._failed, data)

    def _reported(self, event: str | None, data: Mapping[str, Any] | None) -> Event:
        if event is None:
            raise ValueError(f"effect {self.name!r} is a notice: nobody waits for its outcome")
        return Event(event, SYSTEM, data=data or {}, key=report_key(self.key, event, self._attempt), of=self.key)


def effect_of(
    name: str,
    case: tuple[str, str],
    sequence: int,
    index: int,
    events: tuple[str | None, str | None],
    facts: Mapping[str, Any] = NOTHING,
    payment: Payment | None = None,
    key: str | None = None,
    amount: int | None = None,
    attempt: int = 1,
) -> Effect:
    """An effect of a case, of flow and key, by its place in a step; `events` report its success and its failure."""
    effect = Effect()
    effect.name, effect.facts, effect.payment, effect.amount = name, facts, payment, amount
    effect._case, effect._sequence, effect._index = case, sequence, index
    effect._done, effect._failed = events
    effect._key, effect._attempt = key, attempt
    return effect


def report_key(key: str, event: str, attempt: int) -> str:
    """The key of the event that reports on one attempt of an effect: told again it is the same, of a retry another."""
    return f"{key}/{event}" if attempt == 1 else f"{key}/{event}/{attempt}"


def effect_key(flow: str, case: str, sequence: int, index: int) -> str:
    """64 characters, of the case, the number of the step and the place among its effects."""
    return hashlib.sha256("\x1f".join((flow, case, str(sequence), str(index))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing changed: a code of csflow or of the pack, and the figures that belong to it.

    Codes of csflow are those of `REFUSALS`. `figures` are plain values, instants as they are written; a text
    that is in a language is there in every one, by its name.
    """

    code: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    def explain(self, language: str = "zh-CN", title: str | None = None) -> str:
        """The refusal as a sentence; `title` is that of a code of the pack."""
        if self.code not in REFUSALS:
            return title or self.code
        between = ", " if language == "en" else "、"
        shown = {name: _shown(value, language, between) for name, value in self.figures.items()}
        return Word(f"step.{self.code.replace('.', '_')}").in_language(language).format(**shown)


# Every code that csflow itself refuses with.
REFUSALS = (
    "event.unknown",
    "event.not_here",
    "role.missing",
    "payload.missing",
    "payload.unknown",
    "payload.wrong",
    "case.closed",
    "case.other_pack",
    "time.backwards",
    "guard.undecided",
    "guard.no_row",
    "guard.conflict",
    "decision.undecided",
    "quote.no_purchase",
    "quote.undecided",
    "quote.refused",
    "clock.undecided",
    "clock.beyond_calendar",
    "timer.left",
    "timer.not_due",
    "effect.undecided",
    "plan.none",
    "child.open",
)


class Refused(Exception):
    """Raised inside a step: whatever it has done so far is dropped."""

    def __init__(self, code: str, **figures: Any) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, figures)


def _shown(value: Any, language: str, between: str) -> str:
    if isinstance(value, Mapping):
        return str(value[language])
    return between.join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)

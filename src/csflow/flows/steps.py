"""Owns what a step gives: the next snapshot, what a host has to do, and the receipt that says why."""

from collections.abc import Mapping
from dataclasses import dataclass

from csflow.evaluators import Decision, WhyNot
from csflow.facts import Facts
from csflow.flows.bookkeeping import given_up
from csflow.flows.happenings import NOTHING, Effect, Event, Refusal
from csflow.flows.leaps import Deciding, Leap, Way
from csflow.flows.snapshots import Settled, Snapshot
from csflow.pack.flows import Choice
from csflow.settlement import Book, Booking, Budget, Quote, booked, spent, voided

MOVED, REFUSED, ABSORBED = "moved", "refused", "absorbed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A case of another flow that a host opens in the same transaction: `pack.open_child(opened, at=...)`."""

    alias: str
    flow: str
    key: str
    facts: Facts
    plan: Settled


@dataclass(frozen=True, slots=True)
class Passage:
    """One choice on the way, made by facts at an instant: in a state, for an event, or by `go` where that is None."""

    state: str
    event: str | None
    choice: Choice
    row: str | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A row that was tried: whether it held, and the conditions and values by which it did not."""

    id: str
    held: bool
    why: WhyNot | None

    def explain(self, language: str = "zh-CN") -> str:
        return "" if self.why is None else self.why.explain(language)


@dataclass(frozen=True, slots=True)
class Tried:
    """The rows of one choice, as they were tried."""

    state: str
    event: str | None
    rows: tuple[TriedRow, ...]


class Receipt:
    """Why a step went as it did: every row tried with the values of its guard, and every decision asked on the way."""

    __slots__ = ("_at", "_deciding", "_passages", "decisions", "refusal")

    def __init__(
        self,
        passages: tuple[Passage, ...],
        decisions: Mapping[str, Decision],
        refusal: Refusal | None,
        at: int,
        deciding: Deciding,
    ) -> None:
        self._passages = passages
        self._at = at
        self._deciding = deciding
        self.decisions = decisions
        self.refusal = refusal

    @property
    def tried(self) -> tuple[Tried, ...]:
        """Each choice on the way with its rows, in order."""
        return tuple(Tried(each.state, each.event, self._rows(each)) for each in self._passages)

    def _rows(self, passage: Passage) -> tuple[TriedRow, ...]:
        decision = passage.choice.decision
        if decision is None:
            return (TriedRow(passage.choice.rows[0].id, True, None),)
        answer = self._deciding(decision.name, passage.facts, self._at)
        return tuple(TriedRow(row.id, row.id == passage.row, answer.why_not(row.id)) for row in passage.choice.rows)


class Step:
    """What became of an event.

    `status` is moved, refused or absorbed; of a refused one the snapshot is the one that was given, and `refusal` says
    why by its code. `effects` are what a host has to do, `opened` the cases it has to open, `bookings` what became of
    payments, for the book of the order. `quote` is the one that was asked on the way: its plan's book is to be kept.
    `voids` are plans that were given up before anything of them was asked for. `reports` is the event by which a child
    that has ended tells its parent.
    """

    # What most steps have. Set by who makes one, since a class without an `__init__` is called in half the time.
    status: str = MOVED
    snapshot: Snapshot | None
    event: Event
    effects: tuple[Effect, ...] = ()
    opened: tuple[Opened, ...] = ()
    bookings: tuple[Booking, ...] = ()
    voids: tuple[Settled, ...] = ()
    refusal: Refusal | None = None
    quote: Quote | None = None
    reports: Event | None = None
    _at: int
    # How it came to pass: choices on the way; or a leap, by which way, from which state, by which facts.
    _passages: tuple[Passage, ...] = ()
    _asked: Mapping[str, Decision] = NOTHING
    _deciding: Deciding
    _leapt: tuple[Leap, Way, str, Facts] | None = None

    def __repr__(self) -> str:
        told = self.refusal.code if self.refusal else self.snapshot.state if self.snapshot else ""
        return f"Step({self.event.name!r}, {self.status!r}, {told!r})"

    def booked(self, book: Book) -> Book:
        """The order's book after the step: with its quote's plan, without what was given up, and payments as they are.

        `book` is the one that the step was made with. ValueError for the book of another order.
        """
        if self.quote is not None and self.quote.plan is not None and self.status != REFUSED:
            book = self.quote.plan.book
        return booked(voided(book, [plan.number for plan in self.voids]), self.bookings)

    def budgeted(self, budgets: Mapping[str, Budget]) -> dict[str, Budget]:
        """The customer's budgets after the step, likewise, by the names of the amounts that they are for."""
        found = dict(budgets)
        if self.quote is not None and self.quote.plan is not None and self.status != REFUSED:
            found |= self.quote.plan.budgets
        return spent(found, [*given_up(self.voids), *self.bookings])

    @property
    def at(self) -> int:
        """The instant at which it was made."""
        return self._at

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The choices on the way, each with the facts that it was made by."""
        if self._leapt is None:
            return self._passages
        leap, way, before, facts = self._leapt
        return (Passage(before, leap.event, leap.choice, way.row, facts),)

    @property
    def receipt(self) -> Receipt:
        deciding = self._deciding if self._leapt is None else self._leapt[0].deciding
        return Receipt(self.passages, self._asked, self.refusal, self._at, deciding)

"""Owns the linked tests of settlements and flows by a pack's authors: what happens step by step, what is expected.

They are no part of the pack. Tests of decisions stand in `pack.cases`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from csflow.diagnostics import Mark
from csflow.pack.cases import Case, Expectation
from csflow.settlement.claims import Claimed
from csflow.settlement.freezing import Ledger
from csflow.settlement.payment_states import Payment

# What may be expected of a plan, in the words of `expect`; of the last line by tender, by party and by name.
STATUS, REFUND, OWES, REFUSAL, LIMIT, MISSING = "status", "refund", "customer_owes", "refusal", "limit", "missing"
REASON = "reason"
REFUNDS, BORNE, GRANTS, ADDITIONS, WITHHELD, TAKEN = "refunds", "borne", "grants", "additions", "withheld", "taken"
OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the payment to one tender, by its place in the order; None: of every payment."""

    tender: int | None
    state: Payment
    mark: Mark = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class QuoteStep:
    """One claim against the book that the steps before it left.

    `outcomes` say what becomes of its payments; those of which nothing is said stay pending.
    What is `expected` has the status first. A part is one of the words above, or a tender or party behind the word and
    a dot (`refunds.t1`), with an amount in minor units, of `taken` with so many units; a limit is `(True, units)` or
    `(False, minor units)`.
    """

    claimed: Claimed
    facts: Mapping[str, Any]
    at: int | None
    outcomes: tuple[Outcome, ...]
    expected: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class QuoteCase:
    """One test of a settlement; the fields it shares with a `Case` mean the same."""

    name: str
    document: str
    settlement: str
    ledger: Ledger
    parameters: Mapping[str, Any]
    steps: tuple[QuoteStep, ...]
    mark: Mark = field(compare=False, repr=False)

    @property
    def asks(self) -> str:
        return self.settlement


@dataclass(frozen=True, slots=True)
class RunStep:
    """One step of a case that moves: an event that is sent, the outcome of an effect, or time that passes.

    `action` is `send`, `succeeded`, `failed`, `wait`, or `open` for the first; `name` the event or the effect. The step
    is made at `at`, or so many microseconds of `wait` after the one before. `data` are facts in held form; `claimed` is
    what a quote on the way is made from, `claim` the same as it is written. What is `expected` has the status first.
    """

    action: str
    name: str
    by: str
    at: int | None
    wait: int
    data: Mapping[str, Any]
    claimed: Claimed | None
    claim: Mapping[str, Any]
    expected: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class RunCase:
    """One test of a flow; the fields it shares with a `Case` mean the same.

    With a settlement the case is opened with the plan of the first step's claim, as a child is. `order` is the order as
    it is written.
    """

    name: str
    document: str
    flow: str
    settlement: str | None
    ledger: Ledger | None
    order: Any
    at: int
    parameters: Mapping[str, Any]
    facts: Mapping[str, Any]
    steps: tuple[RunStep, ...]
    mark: Mark = field(compare=False, repr=False)

    @property
    def asks(self) -> str:
        return self.flow


AnyCase = Case | QuoteCase | RunCase

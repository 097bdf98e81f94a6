"""Owns the linked tests of a settlement by a pack's authors: an order, claims one after the other, what is expected.

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


AnyCase = Case | QuoteCase

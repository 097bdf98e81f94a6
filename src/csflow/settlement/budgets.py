"""Owns the budget of a customer: what was paid under a name, over all orders, and what a period leaves of a limit.

As in the book of an order, what was paid counts until it is known to have failed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from csflow.settlement.payment_states import Payment
from csflow.values.instants import DAY


@dataclass(frozen=True, slots=True)
class Spent:
    """One payment: the instant of its quote in microseconds, minor units, and the key of the addition."""

    at: int
    amount: int
    key: str
    state: Payment = Payment.PENDING


@dataclass(frozen=True, slots=True)
class Budget:
    """What one customer got under one name. A host keeps one for each customer, and compares and swaps it as a book."""

    payments: tuple[Spent, ...] = ()

    def spent(self, at: int, days: int) -> int:
        """What was paid, or is being paid, since so many days of 24 hours before an instant."""
        return sum(
            each.amount for each in self.payments if each.state is not Payment.FAILED and each.at > at - days * DAY
        )

    def with_payment(self, payment: Spent) -> "Budget":
        """The budget with one more payment; the same key twice is one payment."""
        others = tuple(each for each in self.payments if each.key != payment.key)
        return Budget((*others, payment))

    def with_state(self, key: str, state: Payment) -> "Budget":
        """The budget in which one payment stands otherwise; ValueError where it has none of this key, or may not."""
        if all(each.key != key for each in self.payments):
            raise ValueError(f"no payment of this budget has the key {key}")
        return Budget(
            tuple(replace(each, state=each.state.then(state)) if each.key == key else each for each in self.payments)
        )

    def to_json(self) -> dict[str, Any]:
        """The budget for a host to keep, amounts in minor units; `Budget.from_json` is the reverse."""
        return {"payments": [asdict(each) for each in self.payments]}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Budget":
        """The budget of what `to_json` gave. ValueError for any other shape."""
        try:
            return cls(tuple(_spent(each) for each in _listed(document["payments"])))
        except (KeyError, TypeError) as problem:
            raise ValueError(f"this is no budget of csflow: {problem!r}") from None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the budget of a name leaves at an instant: never below nothing."""

    name: str
    budget: Budget
    at: int
    left: int


def allowance(name: str, budget: Budget, at: int, at_most: int, days: int) -> Allowance:
    return Allowance(name, budget, at, max(0, at_most - budget.spent(at, days)))


def _listed(payments: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(payments, list):
        raise TypeError(f"payments are a list, not {payments!r}")
    return payments


def _spent(document: Mapping[str, Any]) -> Spent:
    at, amount, key = document["at"], document["amount"], document["key"]
    if not (_whole(at) and _whole(amount) and amount >= 0 and isinstance(key, str)):
        raise TypeError(f"a payment has whole numbers and a key, not {document!r}")
    return Spent(at, amount, key, Payment(document["state"]))


def _whole(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)

"""Owns the book of an order: its ledger, and every plan made against it with what became of each payment.

What a plan paid counts until it is known to have failed: pending and unknown are as good as succeeded. Source:
semantics 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from csflow.settlement.entitlement import Returned, Sums, added
from csflow.settlement.lines import summed
from csflow.settlement.payments import Payment

_Part = TypeVar("_Part")
_BY_NAME = ("withheld", "claimed", "borne")


@dataclass(frozen=True, slots=True)
class Paid:
    """What one plan gives back by one tender, and how that stands."""

    tender: int
    amount: int
    state: Payment = Payment.PENDING


@dataclass(frozen=True, slots=True)
class Extra:
    """What one plan pays beside the refund, and how that stands."""

    name: str
    amount: int
    state: Payment = Payment.PENDING


@dataclass(frozen=True, slots=True)
class Booked:
    """One plan: what came back, what was granted for lines that stay, and what is paid.

    Beside the refund, by name: `withheld` from it (below zero where that went back), `extras` paid outside it, and
    `claimed` by the merchant from others. `borne` is who bears the refund and the extras.
    """

    returned: tuple[Returned, ...]
    granted: Mapping[int, int]
    payments: tuple[Paid, ...]
    withheld: Mapping[str, int] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    claimed: Mapping[str, int] = field(default_factory=dict)
    borne: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """`ledger` is the digest of the frozen ledger; a book whose ledger is another's is refused."""

    ledger: str
    plans: tuple[Booked, ...] = ()

    @property
    def sums(self) -> Sums:
        """Everything that has come back, whether or not it was paid."""
        sums = Sums()
        for plan in self.plans:
            sums = added(sums, plan.returned, plan.granted)
        return sums

    def refunded(self, tenders: int) -> list[int]:
        """What each of so many tenders has got back, or is getting."""
        back = [0] * tenders
        for plan in self.plans:
            for payment in plan.payments:
                if payment.state is not Payment.FAILED:
                    back[payment.tender] += payment.amount
        return back

    @property
    def withheld(self) -> dict[str, int]:
        """What is withheld under each name."""
        return summed(plan.withheld for plan in self.plans)

    @property
    def claimed(self) -> dict[str, int]:
        """What the merchant has claimed from others under each name."""
        return summed(plan.claimed for plan in self.plans)

    @property
    def extras(self) -> dict[str, int]:
        """What was paid beside refunds under each name, or is being paid."""
        going = ([each for each in plan.extras if each.state is not Payment.FAILED] for plan in self.plans)
        return summed({each.name: each.amount for each in extras} for extras in going)

    def borne_by(self, party: str) -> int:
        """What a party has borne of refunds and extras."""
        return sum(plan.borne.get(party, 0) for plan in self.plans)

    def to_json(self) -> dict[str, Any]:
        """The book for a host to keep, amounts in minor units; `Book.from_json` is the reverse."""
        return {"ledger": self.ledger, "plans": [_plan_to_json(plan) for plan in self.plans]}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Book":
        """The book of what `to_json` gave. ValueError for any other shape."""
        try:
            return cls(document["ledger"], tuple(map(_plan_from_json, document["plans"])))
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError(f"this is no book of csflow: {problem!r}") from None

    def with_plan(self, plan: Booked) -> "Book":
        return replace(self, plans=(*self.plans, plan))

    def with_state(self, plan: int, payment: int, state: Payment) -> "Book":
        """The book in which one payment stands otherwise; what is final stays. ValueError where it may not change."""
        payments = self.plans[plan].payments
        changed = replace(payments[payment], state=payments[payment].state.then(state))
        booked = replace(self.plans[plan], payments=_with(payments, payment, changed))
        return replace(self, plans=_with(self.plans, plan, booked))

    def with_extra_state(self, plan: int, extra: int, state: Payment) -> "Book":
        """The book in which what was paid beside one refund stands otherwise; as `with_state`."""
        extras = self.plans[plan].extras
        changed = replace(extras[extra], state=extras[extra].state.then(state))
        return replace(
            self, plans=_with(self.plans, plan, replace(self.plans[plan], extras=_with(extras, extra, changed)))
        )


def _plan_to_json(plan: Booked) -> dict[str, Any]:
    return {
        "returned": [asdict(each) for each in plan.returned],
        "granted": [{"line": line, "amount": amount} for line, amount in sorted(plan.granted.items())],
        "payments": [asdict(each) for each in plan.payments],
        "extras": [asdict(each) for each in plan.extras],
        **{name: dict(getattr(plan, name)) for name in _BY_NAME},
    }


def _plan_from_json(document: Mapping[str, Any]) -> Booked:
    return Booked(
        tuple(Returned(**each) for each in document["returned"]),
        {each["line"]: each["amount"] for each in document["granted"]},
        tuple(Paid(each["tender"], each["amount"], Payment(each["state"])) for each in document["payments"]),
        extras=tuple(Extra(each["name"], each["amount"], Payment(each["state"])) for each in document["extras"]),
        **{name: dict(document[name]) for name in _BY_NAME},
    )


def _with(parts: Sequence[_Part], place: int, part: _Part) -> tuple[_Part, ...]:
    return (*parts[:place], part, *parts[place + 1 :])

"""Owns the book of an order: its ledger, and every plan made against it with what became of each payment.

What a plan paid counts until it is known to have failed: pending and unknown are as good as succeeded. Source:
semantics 8.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from csflow.settlement.entitlement import Returned, Sums, added
from csflow.settlement.lines import summed
from csflow.settlement.payment_states import Payment
from csflow.values.apportioning import apportion

_Part = TypeVar("_Part")
_BY_NAME = ("withheld", "claimed", "borne")
_IF_ANY = ("grants", "taken")


@dataclass(frozen=True, slots=True)
class Paid:
    """What one plan gives back by one tender, and how that stands.

    `units` is how many go back where it goes back in kind; `to` the kind of tender it goes to where that is another.
    """

    tender: int
    amount: int
    state: Payment = Payment.PENDING
    units: int | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What does not go back any more: the part of a tender that had expired, by terms that let it lapse."""

    tender: int
    amount: int
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Reversed:
    """A surplus payment, by its id, that one plan gives back in full, and how that stands."""

    surplus: str
    amount: int
    state: Payment = Payment.PENDING


@dataclass(frozen=True, slots=True)
class Extra:
    """What one plan pays beside the refund, how that stands, and who bears it: nothing in books that did not say so."""

    name: str
    amount: int
    state: Payment = Payment.PENDING
    borne: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Booked:
    """One plan: what came back, what was granted for lines that stay, and what is paid.

    Beside the refund, by name: `withheld` from it (below zero where that went back), `extras` paid outside it, and
    `claimed` by the merchant from others. `grants` are amounts in `granted` that have a name, `taken` the units earned
    that went back to the host, or were charged. `borne` is who bears the
    refund and the extras. `lapsed` is what expired
    instead of going back, `reversals` are surplus payments that do.
    """

    returned: tuple[Returned, ...]
    granted: Mapping[int, int]
    payments: tuple[Paid, ...]
    withheld: Mapping[str, int] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    claimed: Mapping[str, int] = field(default_factory=dict)
    borne: Mapping[str, int] = field(default_factory=dict)
    lapsed: tuple[Lapsed, ...] = ()
    reversals: tuple[Reversed, ...] = ()
    grants: Mapping[str, int] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)

    @property
    def refund_borne(self) -> dict[str, int]:
        """What each party bears of the refund as it stands: where a payment failed each bears less, in proportion.

        Extras of which a book does not say who bears them are borne with the refund.
        """
        told = summed(extra.borne for extra in self.extras)
        parts = {party: amount - told.get(party, 0) for party, amount in self.borne.items()}
        stands = _standing(self.payments) + _standing(extra for extra in self.extras if not extra.borne)
        if not any(parts.values()):
            return {}
        return dict(zip(parts, apportion(stands, list(parts.values())), strict=True))


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

    def lapsed(self, tenders: int) -> list[int]:
        """What of each of so many tenders has lapsed instead of going back."""
        gone = [0] * tenders
        for plan in self.plans:
            for part in plan.lapsed:
                gone[part.tender] += part.amount
        return gone

    def units(self, tenders: int) -> list[int]:
        """How many units of each of so many tenders have gone back, or are going, or have lapsed."""
        back = [0] * tenders
        for plan in self.plans:
            for part in plan.lapsed:
                back[part.tender] += part.units or 0
            for payment in plan.payments:
                if payment.state is not Payment.FAILED:
                    back[payment.tender] += payment.units or 0
        return back

    @property
    def withheld(self) -> dict[str, int]:
        """What is withheld under each name."""
        return summed(plan.withheld for plan in self.plans)

    @property
    def grants(self) -> dict[str, int]:
        """What is granted under each name."""
        return summed(plan.grants for plan in self.plans)

    @property
    def taken(self) -> dict[str, int]:
        """How many units that the order earned have been taken back under each name."""
        return summed(plan.taken for plan in self.plans)

    @property
    def claimed(self) -> dict[str, int]:
        """What the merchant has claimed from others under each name."""
        return summed(plan.claimed for plan in self.plans)

    @property
    def extras(self) -> dict[str, int]:
        """What was paid beside refunds under each name, or is being paid."""
        going = ([each for each in plan.extras if each.state is not Payment.FAILED] for plan in self.plans)
        return summed({each.name: each.amount for each in extras} for extras in going)

    @property
    def refunds_borne(self) -> dict[str, int]:
        """What each party has borne of refunds, or is bearing."""
        return summed(plan.refund_borne for plan in self.plans)

    @property
    def extras_borne(self) -> dict[str, dict[str, int]]:
        """What each party has borne, or is bearing, of what was paid beside refunds under each name."""
        going = [each for plan in self.plans for each in plan.extras if each.state is not Payment.FAILED]
        return {
            name: summed(each.borne for each in going if each.name == name) for name in {each.name for each in going}
        }

    def borne_by(self, party: str) -> int:
        """What a party has borne of refunds and extras, or is bearing: nothing of what failed."""
        return sum(borne.get(party, 0) for borne in (self.refunds_borne, *self.extras_borne.values()))

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

    def with_reversal_state(self, plan: int, reversal: int, state: Payment) -> "Book":
        """The same for the reversal of a surplus payment."""
        reversals = self.plans[plan].reversals
        changed = replace(reversals[reversal], state=reversals[reversal].state.then(state))
        booked = replace(self.plans[plan], reversals=_with(reversals, reversal, changed))
        return replace(self, plans=_with(self.plans, plan, booked))


def _standing(parts: Iterable[Paid | Extra]) -> int:
    return sum(each.amount for each in parts if each.state is not Payment.FAILED)


def _plan_to_json(plan: Booked) -> dict[str, Any]:
    return {
        "returned": [asdict(each) for each in plan.returned],
        "granted": [{"line": line, "amount": amount} for line, amount in sorted(plan.granted.items())],
        "payments": [_given(asdict(each)) for each in plan.payments],
        "extras": [asdict(each) for each in plan.extras],
        **{name: dict(getattr(plan, name)) for name in _BY_NAME},
        **_more(plan),
    }


def _more(plan: Booked) -> dict[str, Any]:
    """What few plans have, where this one has it."""
    parts: dict[str, Sequence[Any]] = {"lapsed": plan.lapsed, "reversals": plan.reversals}
    more: dict[str, Any] = {name: [_given(asdict(each)) for each in found] for name, found in parts.items() if found}
    by_name = {name: dict(getattr(plan, name)) for name in _IF_ANY}
    return more | {name: found for name, found in by_name.items() if found}


def _given(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None}


def _plan_from_json(document: Mapping[str, Any]) -> Booked:
    return Booked(
        tuple(Returned(**each) for each in document["returned"]),
        {each["line"]: each["amount"] for each in document["granted"]},
        tuple(Paid(**each | {"state": Payment(each["state"])}) for each in document["payments"]),
        extras=tuple(map(_extra_from_json, document["extras"])),
        lapsed=tuple(Lapsed(**each) for each in document.get("lapsed", ())),
        reversals=tuple(Reversed(**each | {"state": Payment(each["state"])}) for each in document.get("reversals", ())),
        **{name: dict(document[name]) for name in _BY_NAME},
        **{name: dict(document.get(name, {})) for name in _IF_ANY},
    )


def _extra_from_json(document: Mapping[str, Any]) -> Extra:
    borne = dict(document.get("borne", {}))
    return Extra(document["name"], document["amount"], Payment(document["state"]), borne)


def _with(parts: Sequence[_Part], place: int, part: _Part) -> tuple[_Part, ...]:
    return (*parts[:place], part, *parts[place + 1 :])

"""Owns the money of a case: the plan at hand as payments to be carried out, and what becomes of each."""

from collections.abc import Iterable, Mapping
from typing import Any

from csflow.facts import ABSENT
from csflow.flows.happenings import Payment
from csflow.flows.snapshots import Settled
from csflow.pack.flows import QUOTE, QUOTED, REFUSED
from csflow.pack.model import LinkedPack
from csflow.settlement import Booking, Plan, Quote
from csflow.settlement import Payment as PaymentState


def settled_of(plan: Plan) -> Settled:
    """The plan as it is kept and handed on: refunds, surplus payments, additions, and the effects of the settlement."""
    refunds = (Payment(each.key, "refund", each.amount, each.tender.id, each.to, each.units) for each in plan.refunds)
    surplus = (
        Payment(each.key, "reversal", each.surplus.paid, each.surplus.id, each.surplus.kind) for each in plan.reversals
    )
    additions = (Payment(each.key, each.name, each.amount, form=each.form) for each in plan.additions)
    effects = tuple((each.name, each.key, each.amount) for each in plan.effects)
    return Settled((*refunds, *surplus, *additions), effects, number=plan.number)


def given_up(plans: Iterable[Settled]) -> list[Booking]:
    """How the payments of plans stand that were given up before anything of them was asked for."""
    return [(each.key, PaymentState.FAILED) for plan in plans for each in plan.payments]


def money_facts(pack: LinkedPack, quote: Quote, settled: Settled) -> Mapping[str, Any]:
    """What guards read of a quote: what the customer gets in all, in how many payments, and who has to agree."""
    held = () if quote.plan is None else quote.plan.held_for
    roles = {each.role for each in held if each.role is not None}
    return {
        f"{QUOTE}.outcome": REFUSED if quote.plan is None else QUOTED,
        f"{QUOTE}.amount": sum(each.amount for each in settled.payments),
        f"{QUOTE}.payments": len(settled.payments),
        f"{QUOTE}.approver": _highest(pack, roles),
        f"{QUOTE}.confirmed": any(each.confirmed for each in held),
    }


def _highest(pack: LinkedPack, roles: set[str]) -> Any:
    """Of several roles that have to agree the one above the others: who is above may do what is below."""
    return max(sorted(roles), key=lambda role: len(list(pack.rungs(role))), default=ABSENT)

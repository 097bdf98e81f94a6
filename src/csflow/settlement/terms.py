"""Owns what a plan is made of: what is claimed now, and how a pack settles it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from csflow.settlement.approvals import Held
from csflow.settlement.budgets import Allowance
from csflow.settlement.causes import Cause
from csflow.settlement.destinations import Choice
from csflow.settlement.earned import Earned
from csflow.settlement.effects import Wanted
from csflow.settlement.entitlement import Returned
from csflow.settlement.lines import MERCHANT_BEARS, Beside
from csflow.settlement.pricing import AS_FROZEN, Reading
from csflow.settlement.tenders import Form, Ways
from csflow.values.routing import Routing
from csflow.values.sharing import Share


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked now: units that came back, and amounts for lines whose units stay with the customer.

    `causes` divide what came back by who bears it, in the order given; without them the terms say it. `beside` are
    amounts beside the refund, `earned` units that the order earned, `effects` what a host has to do, and the plan is
    `held` for whoever has to agree. `grants` are the amounts in `granted` that have a name. `reversals` are ids of
    surplus payments; where there is nothing else no refund is looked at.
    """

    returned: tuple[Returned, ...] = ()
    granted: Mapping[int, int] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    beside: Beside = Beside()
    earned: tuple[Earned, ...] = ()
    effects: tuple[Wanted, ...] = ()
    held: tuple[Held, ...] = ()
    choice: Choice = Choice()
    reversals: tuple[str, ...] = ()
    grants: Mapping[str, int] = field(default_factory=dict)

    @property
    def only_reverses(self) -> bool:
        return bool(self.reversals) and not (self.returned or self.granted or self.earned or self.beside != Beside())

    @property
    def allowances(self) -> dict[str, Allowance]:
        """What the budgets leave, by the name of the addition."""
        return {each.name: each.allowance for each in self.beside.additions if each.allowance is not None}


@dataclass(frozen=True, slots=True)
class Terms:
    """How a pack settles: the routing, the kinds of tender that are cash, and who bears the cost."""

    routing: Routing = Routing.PRO_RATA_ACTUAL
    claims_threshold_freight: bool = False
    cash: frozenset[str] = frozenset()
    shares: tuple[Share, ...] = MERCHANT_BEARS
    forms: Mapping[str, Form] = field(default_factory=dict)
    reading: Reading = AS_FROZEN

    @property
    def ways(self) -> Ways:
        return Ways(self.routing, self.cash, self.forms)

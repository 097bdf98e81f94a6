"""Owns what a case asks of its host, and what it waits for: effects, payments of the plan at hand, their outcomes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from csflow.facts import ABSENT, Facts
from csflow.flows.happenings import FAILED, NOTHING, Effect, Event, Payment, Refused, effect_of
from csflow.flows.snapshots import ASKED, GIVEN_UP, NO_PLAN, Identity, Owed, Settled
from csflow.pack.flows import EffectKind
from csflow.pack.model import LinkedPack
from csflow.settlement import Booking
from csflow.settlement import Payment as PaymentState
from csflow.values.presenting import to_json


class Dues:
    """Those of one case during one step.

    `effects`, `bookings` and `voids` are of this step; `owed` is what is awaited or has failed, `plan` the one at hand,
    `report` the effect that the event is about.
    """

    def __init__(self, pack: LinkedPack, case: Identity, sequence: int, owed: tuple[Owed, ...], plan: Settled) -> None:
        self._pack = pack
        self._case = case
        self._sequence = sequence
        self.owed = owed
        self.plan = plan
        self.report: Owed | None = None
        self.effects: list[Effect] = []
        self.bookings: list[Booking] = []
        self.voids: list[Settled] = []

    # Outcomes

    def settle(self, event: Event, *, is_final: bool) -> bool:
        """Note what became of an effect; False for one that is not awaited.

        A payment that failed may be tried again as long as the case goes on: it is unknown, and counts.
        """
        found = self._awaited(event)
        if found is None:
            return False
        self.report = found
        has_failed = event.name == found.failed
        rest = tuple(each for each in self.owed if each is not found)
        if not has_failed:
            self.owed = rest
        else:
            self.owed = (*rest, replace(found, state=GIVEN_UP if is_final and found.payment else FAILED))
        if found.payment is not None:
            state = PaymentState.SUCCEEDED
            if has_failed:
                state = PaymentState.FAILED if is_final else PaymentState.UNKNOWN
            self.bookings.append((found.key_of(self._case), state))
        return True

    def _awaited(self, event: Event) -> Owed | None:
        """The effect that an event reports on; of several, where the event names none, the first."""
        for each in self.owed:
            is_meant = each.key_of(self._case) == event.of if event.of is not None else not each.is_given_up
            if is_meant and self._is_news(each, event):
                return each
        return None

    def _is_news(self, owed: Owed, event: Event) -> bool:
        """What has failed, or was given up, may still turn out to have succeeded; the same failure twice is one."""
        if event.name == owed.done:
            return True
        return event.name == owed.failed and owed.is_awaited and not owed.is_stale(event.key, self._case)

    def counts(self) -> tuple[int, int]:
        """How many effects of the kind that the event is about are still awaited, and how many have failed."""
        same = [each for each in self.owed if self.report is not None and each.name == self.report.name]
        return sum(each.is_awaited for each in same), sum(each.has_failed for each in same)

    def give_up(self) -> None:
        """Give up what failed, and a plan of which nothing was asked for."""
        failed = [each for each in self.owed if each.payment is not None and each.has_failed]
        self.bookings += [(each.key_of(self._case), PaymentState.FAILED) for each in failed]
        self.owed = tuple(replace(each, state=GIVEN_UP) if each in failed else each for each in self.owed)
        if self.plan is not NO_PLAN and not self.plan.asked:
            self.voids.append(self.plan)
            self.plan = NO_PLAN

    def close(self, *, is_new: bool) -> None:
        """The case ends. A plan of this very step in which nothing is to be paid is carried out by that, and stands."""
        if is_new and self.plan is not NO_PLAN and not self.plan.payments:
            self._carry_out(self.plan)
        self.give_up()

    def handed_over(self, state: str) -> Settled:
        """The plan at hand, which a child carries out from now on."""
        plan = self._require_plan(state)
        self.plan = replace(plan, asked=True)
        return plan

    # Effects

    def do(self, names: Iterable[str], facts: Facts, state: str) -> None:
        """Ask for effects, in their order, on the way to or in a state."""
        for name in names:
            kind = self._pack.effects[name]
            if kind.pays:
                self._pay(kind, facts, state)
            else:
                self._ask(kind, facts)

    def redo(self, names: Iterable[str], facts: Facts) -> None:
        """Ask again, under the same key, for what has failed."""
        for name in names:
            kind = self._pack.effects[name]
            for each in self.owed:
                if each.name == name and each.has_failed:
                    again = replace(each, state=ASKED, attempt=each.attempt + 1)
                    key, events = again.key_of(self._case), (kind.done, kind.failed)
                    self._add(name, events, self._needed(kind, facts), again.payment, key, attempt=again.attempt)
                    self.owed = tuple(again if one is each else one for one in self.owed)

    def _pay(self, kind: EffectKind, facts: Facts, state: str) -> None:
        """Every payment of the plan at hand, and what else its settlement asks for."""
        plan = self._require_plan(state)
        for payment in plan.payments:
            self._ask(kind, facts, payment)
        self._carry_out(plan)

    def _carry_out(self, plan: Settled) -> None:
        """Ask for what the settlement of a plan asks for besides its payments."""
        for name, key, amount in plan.effects:
            done, failed = f"{name.partition('/')[0]}.done", f"{name.partition('/')[0]}.failed"
            self._add(name, (done, failed), key=key, amount=amount)
            self.owed = (*self.owed, Owed(name, self._sequence, len(self.effects) - 1, done, failed, key=key))
        self.plan = replace(plan, asked=True)

    def _require_plan(self, state: str) -> Settled:
        if self.plan is NO_PLAN:
            raise Refused("plan.none", state=state)
        return self.plan

    def _ask(self, kind: EffectKind, facts: Facts, payment: Payment | None = None) -> None:
        key = None if payment is None else payment.key
        self._add(kind.name, (kind.done, kind.failed), self._needed(kind, facts), payment, key)
        if kind.done is not None and kind.failed is not None:
            index = len(self.effects) - 1
            owed = Owed(kind.name, self._sequence, index, kind.done, kind.failed, ASKED, key, payment)
            self.owed = (*self.owed, owed)

    def _add(
        self,
        name: str,
        events: tuple[str | None, str | None],
        facts: Mapping[str, Any] = NOTHING,
        payment: Payment | None = None,
        key: str | None = None,
        amount: int | None = None,
        attempt: int = 1,
    ) -> None:
        case, place = (self._case.flow, self._case.key), len(self.effects)
        self.effects.append(effect_of(name, case, self._sequence, place, events, facts, payment, key, amount, attempt))

    def _needed(self, kind: EffectKind, facts: Facts) -> Mapping[str, Any]:
        values, known = facts.values, self._pack.facts
        missing = [path for path in kind.needs if path not in values]
        if missing:
            raise Refused("effect.undecided", effect=kind.name, missing=missing)
        return {
            path: None if values[path] is ABSENT else to_json(known[path].kind, values[path], self._pack.zone)
            for path in kind.needs
        }

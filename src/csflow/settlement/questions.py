"""Owns asking what stands beside a refund: which amounts and effects a claim concerns, and what a pack says of each.

INVARIANT: an amount of which nothing is known is never nothing. What a claim does not concern is not asked; what it
does concern is decided, or there is no plan.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from csflow.diagnostics import Diagnostics
from csflow.evaluators import Decision
from csflow.facts import FactError, Facts
from csflow.pack.model import Beside as Side
from csflow.pack.model import Decision as LinkedDecision
from csflow.pack.model import Denial, EarnedUnits, HostEffect, NamedAmount, Settlement, SharePart
from csflow.settlement.approvals import Held
from csflow.settlement.budgets import Allowance, Budget, allowance
from csflow.settlement.claims import Claimed, Concern
from csflow.settlement.earned import Earned
from csflow.settlement.effects import Wanted
from csflow.settlement.lines import MERCHANT_BEARS, MONEY, Beside, Due
from csflow.settlement.refusals import Refusal
from csflow.values.sharing import Share

# The rule of a question whose `when` does not hold.
OTHERWISE = "otherwise"
# The facts of a claim as those of one reason of it.
ForReason = Callable[[str | None], Facts]
# What answers a decision, by its name: with `status`, `held`, `rule` and `missing`.
Deciding = Callable[[str], Callable[[Facts, int | None], Decision]]


class Questions:
    """The named parts of one settlement, compiled once."""

    def __init__(self, settlement: Settlement, deciding: Deciding) -> None:
        self._settlement = settlement
        self._decide = {each.name: deciding(each.name) for each in settlement.decisions()}

    def asked(
        self, claimed: Claimed, facts: ForReason, at: int | None, budgets: Mapping[str, Budget] | None = None
    ) -> "Found":
        """Everything that the claim concerns, each with its own reason or that of all returns.

        Raises `FactError` where an amount that is due has a budget and the customer's, or the instant, is not given.
        """
        found = Found(lambda decision, reason: self._decide[decision.name](facts(reason), at), at, budgets or {})
        reasons = {each.reason for each in claimed.returns}
        usual = next(iter(reasons)) if len(reasons) == 1 else None
        for denial in self._settlement.denials:
            for concern in _concerns(denial, claimed):
                found.denial(denial, concern, usual)
        for amount in self._settlement.amounts:
            for concern in _concerns(amount, claimed):
                found.amount(amount, concern, usual)
        for earned in self._settlement.earned:
            for concern in _concerns(earned, claimed):
                found.units(earned, concern, usual)
        for effect in self._settlement.effects:
            for concern in _concerns(effect, claimed):
                found.effect(effect, concern, usual)
        if self._settlement.approval is not None:
            found.approval(self._settlement.approval, None, usual)
        return found


class Found:
    """What was asked, and what it came to: every answer, the amounts, and the first refusal."""

    def __init__(
        self, ask: Callable[[LinkedDecision, str | None], Decision], at: int | None, budgets: Mapping[str, Budget]
    ) -> None:
        self._ask = ask
        self._at = at
        self._budgets = budgets
        self._due: dict[Side, list[Due]] = {side: [] for side in Side}
        self.answers: list[Decision] = []
        self.earned: list[Earned] = []
        self.effects: list[Wanted] = []
        self.held: list[Held] = []
        self.refusal: Refusal | None = None

    @property
    def grants(self) -> tuple[Due, ...]:
        return tuple(self._due[Side.GRANT])

    @property
    def beside(self) -> Beside:
        return Beside(*(tuple(self._due[side]) for side in (Side.ADDITION, Side.WITHHOLDING, Side.RECOURSE)))

    def denial(self, denial: Denial, concern: Concern, usual: str | None) -> None:
        answer = self._asked(denial.decision, concern.reason or usual)
        if answer.status == "decided" and answer.rule != OTHERWISE:
            self._refuse(Refusal("denied", name=concern.label, reason=answer.held["code"]))

    def amount(self, amount: NamedAmount, concern: Concern, usual: str | None) -> None:
        reason = concern.reason or usual
        answer = self._asked(amount.decision, reason)
        if answer.status != "decided":
            return
        chosen = self._chosen(amount, concern, answer.held.get("amount"))
        if chosen is None:
            return
        shares = shares_of(amount.shares, answer.held)
        form = answer.held.get("form", MONEY)
        left = self._allowance(amount, answer.held) if amount.budgeted and chosen > 0 else None
        due = Due(concern.label, max(0, chosen), shares, amount.payer or "", form, left, concern.line)
        self._due[amount.role].append(due)
        if amount.approval is not None and chosen > 0:
            self.approval(amount.approval, concern.label, reason)

    def units(self, earned: EarnedUnits, concern: Concern, usual: str | None) -> None:
        answer = self._asked(earned.decision, concern.reason or usual)
        if answer.status == "decided" and answer.rule != OTHERWISE:
            read = (max(0, answer.held.get(name, 0)) for name in ("units", "balance", "charged"))
            self.earned.append(Earned(concern.label, *read))

    def effect(self, effect: HostEffect, concern: Concern, usual: str | None) -> None:
        answer = self._asked(effect.decision, concern.reason or usual)
        if answer.status == "decided" and answer.rule != OTHERWISE:
            self.effects.append(Wanted(concern.label, effect.of))

    def approval(self, decision: LinkedDecision, of: str | None, reason: str | None) -> None:
        answer = self._asked(decision, reason)
        if answer.status != "decided" or answer.rule == OTHERWISE:
            return
        role, confirmed = answer.held.get("role"), bool(answer.held.get("confirmed"))
        if "role" in decision.outputs and role is None:
            self._refuse(Refusal("approval.beyond", name=of))
        elif role is not None or confirmed:
            self.held.append(Held(of, role, confirmed))

    def _allowance(self, amount: NamedAmount, held: Mapping[str, Any]) -> Allowance:
        """What the budget leaves: a budget that is not known is never an empty one."""
        budget = self._budgets.get(amount.name)
        if budget is None or self._at is None:
            diagnostics = Diagnostics()
            place = "at" if budget is not None else f"budgets.{amount.name}"
            diagnostics.report("missing-budget", subject=place, name=amount.name)
            raise FactError(diagnostics)
        return allowance(amount.name, budget, self._at, held["budget.at_most"], held["budget.within"])

    def _asked(self, decision: LinkedDecision, reason: str | None) -> Decision:
        answer = self._ask(decision, reason)
        self.answers.append(answer)
        return answer

    def _chosen(self, amount: NamedAmount, concern: Concern, held: Any) -> int | None:
        """The amount; of options the one that the claim names: nothing is added up, and nobody chooses for others."""
        if held is None:
            return None
        if isinstance(held, int):
            if concern.option is not None:
                self._refuse(Refusal("choice.unknown", name=amount.name))
            return held
        open_ones = dict(_options(held))
        if not open_ones:
            return None
        if concern.option not in open_ones:
            code = "choice.missing" if concern.option is None else "choice.unknown"
            self._refuse(Refusal(code, name=amount.name, choices=tuple(open_ones)))
            return None
        return open_ones[concern.option]

    def _refuse(self, refusal: Refusal) -> None:
        self.refusal = self.refusal or refusal


def _concerns(part: Denial | NamedAmount | EarnedUnits | HostEffect, claimed: Claimed) -> list[Concern]:
    """How a part is asked: as the claim names it, or once where it is asked of every claim."""
    named = [each for each in claimed.concerns if each.name == part.name]
    return named if named or part.concerned else [Concern(part.name)]


def shares_of(parts: tuple[SharePart, ...], held: Mapping[str, Any]) -> tuple[Share, ...]:
    """Who bears an amount, by the answer that it was asked with; the merchant where nothing is said."""
    return tuple(_share(part, held) for part in parts) or MERCHANT_BEARS


def _share(part: SharePart, held: Mapping[str, Any]) -> Share:
    limit = held[f"at_most.{part.party}"] if part.limited else None
    if not part.asked:
        return Share(part.party, part.weight, limit, part.rest)
    weight = max(0, held.get(f"part.{part.party}") or 0)
    # Without a part of its own a limit would be all that it says.
    return Share(part.party, weight, limit if weight else 0)


def _options(held: Any) -> Iterator[tuple[str, int]]:
    for option in held:
        yield option["id"], option["value"]

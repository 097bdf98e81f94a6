"""Owns a quote: what a pack's settlement makes of a claim against an order's book, with every reason for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from csflow.evaluators import Decider, Decision
from csflow.facts import Facts, facts_of
from csflow.pack.model import LinkedPack, Settlement
from csflow.settlement.books import Book
from csflow.settlement.budgets import Budget
from csflow.settlement.causes import Cause
from csflow.settlement.claims import Claimed, Return, require_declared, require_known, require_time
from csflow.settlement.destinations import Choice
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import by_line, granted_now
from csflow.settlement.planning import Plan, plan
from csflow.settlement.pricing import Reading
from csflow.settlement.questions import Deciding, Questions, shares_of
from csflow.settlement.refusals import Refusal
from csflow.settlement.statements import document_of, statement_of
from csflow.settlement.tender_terms import TenderTerms
from csflow.settlement.tenders import Form
from csflow.settlement.terms import Claim, Terms
from csflow.settlement.unit_rows import UnitRow, unit_rows
from csflow.values.routing import Routing

QUOTED, REFUSED, UNDECIDED = "quoted", "refused", "undecided"


class Quote:
    """What is due for a claim.

    `status` is quoted, refused or undecided. `plan` is the refund, None unless quoted; `refusal` says by name why there
    is none. `terms` are the decisions that were asked: one for each return, or one where nothing comes back, one for
    each amount, effect and approval that the claim concerns, and those on tenders that have a limit or have expired;
    none where surplus payments alone go back. Where one of them is not decided the quote is undecided, and `missing`
    says what is not known. What comes back for one reason is borne by the terms of that reason; amounts granted, by
    those of the first.
    """

    __slots__ = ("_settled_by", "ledger", "plan", "refusal", "settlement", "terms")

    def __init__(
        self,
        settlement: Settlement,
        ledger: Ledger,
        terms: tuple[Decision, ...],
        found: Plan | Refusal | None = None,
        settled_by: Terms | None = None,
    ) -> None:
        self.settlement = settlement
        self.ledger = ledger
        self.terms = terms
        self.plan = found if isinstance(found, Plan) else None
        self.refusal = found if isinstance(found, Refusal) else None
        self._settled_by = settled_by

    @property
    def status(self) -> str:
        if self.plan is not None:
            return QUOTED
        return REFUSED if self.refusal is not None else UNDECIDED

    @property
    def missing(self) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(cause for answer in self.terms for cause in answer.missing))

    @property
    def unit_rows(self) -> tuple[UnitRow, ...]:
        """Which unit of the refund goes back to which tender: rows that sum to the refund, with parts that do."""
        if self.plan is None or self._settled_by is None:
            return ()
        return unit_rows(self.ledger, self.plan, self._settled_by)

    def to_json(self) -> dict[str, Any]:
        """The document of `quote --format json`."""
        return document_of(self)

    def explain(self, language: str = "zh-CN") -> str:
        """The statement: what is due by line, which tender it goes to, who bears it, and under which rule."""
        return statement_of(self, language)


class Settler:
    """One settlement of a pack, what it asks compiled once; or `deciding` gives what answers, by a decision's name."""

    def __init__(self, pack: LinkedPack, settlement: Settlement, deciding: Deciding | None = None) -> None:
        self._pack = with_terms(pack, settlement)
        self._settlement = settlement
        asking = deciding or Decider(self._pack).decision
        self._terms = asking(settlement.terms.name)
        self._questions = Questions(settlement, asking)
        self._tenders = TenderTerms(settlement, asking)
        self._cash = frozenset(name for name, tender in settlement.tenders.items() if tender.cash)

    def quote(
        self,
        ledger: Ledger,
        book: Book,
        claimed: Claimed,
        facts: Facts,
        at: int | None,
        budgets: Mapping[str, Budget] | None = None,
    ) -> Quote:
        """The quote for a claim; facts are those of the whole claim, in which each return has its own reason.

        Raises `FactError` where the order was paid with a tender that the settlement does not declare, or the claim
        concerns something that it does not name, or something with a budget that is not given.
        """
        require_declared(ledger, self._settlement)
        require_time(ledger, self._settlement, at)
        require_known(claimed, self._settlement)
        if claimed.only_reverses:
            # Nothing but what was never owed: no term of the pack has a say in it.
            reverse = plan(ledger, book, Claim(reversals=claimed.reversals), Terms())
            return Quote(self._settlement, ledger, (), reverse)
        asked = tuple(self._terms(self._facts(facts, each.reason), at) for each in claimed.returns)
        terms = asked or (self._terms(facts, at),)
        found = self._questions.asked(claimed, lambda reason: self._facts(facts, reason), at, budgets)
        first = claimed.returns[0].reason if claimed.returns else None
        of_tenders = self._tenders.asked(ledger.order, self._facts(facts, first), at)
        answers = (*terms, *found.answers, *of_tenders.values())
        if any(answer.status != "decided" for answer in answers):
            return Quote(self._settlement, ledger, answers, None)
        if found.refusal is not None:
            return Quote(self._settlement, ledger, answers, found.refusal)
        causes = self._causes(claimed, asked)
        returned = tuple(each for cause in causes for each in cause.returned)
        effects, held = tuple(found.effects), tuple(found.held)
        choice = Choice(claimed.to, claimed.consented, at)
        reversals = claimed.reversals
        grants = granted_now(found.grants, book.grants)
        granted = by_line(claimed.granted, found.grants, grants)
        earned = tuple(found.earned)
        claim = Claim(returned, granted, causes, found.beside, earned, effects, held, choice, reversals, grants)
        settled = self._terms_of(terms[0].held, self._tenders.forms(of_tenders))
        return Quote(self._settlement, ledger, answers, plan(ledger, book, claim, settled), settled)

    def _facts(self, facts: Facts, reason: str | None) -> Facts:
        if reason is None or self._settlement.reason is None:
            return facts
        return facts_of(self._pack, {**facts.values, self._settlement.reason: reason})

    def _causes(self, claimed: Claimed, asked: tuple[Decision, ...]) -> tuple[Cause, ...]:
        """What comes back for one reason together, in the order in which the reasons are given first."""
        returned: dict[str | None, list[Returned]] = {}
        held: dict[str | None, Mapping[str, Any]] = {}
        for each, answer in zip(claimed.returns, asked, strict=True):
            returned.setdefault(each.reason, []).append(_returned(each, answer.held))
            held.setdefault(each.reason, answer.held)
        return tuple(
            Cause(tuple(parts), shares_of(self._settlement.shares, held[reason])) for reason, parts in returned.items()
        )

    def _terms_of(self, held: Mapping[str, Any], forms: Mapping[str, Form]) -> Terms:
        claims = "threshold" in self._settlement.terms.outputs
        shares = shares_of(self._settlement.shares, held)
        reading = Reading(held.get("standing") == "anew", held.get("lower_tier") != "lost")
        return Terms(Routing(held["routing"]), claims, self._cash, shares, forms, reading)


def with_terms(pack: LinkedPack, settlement: Settlement) -> LinkedPack:
    """The pack in which what the settlement asks is among the decisions."""
    asked = {decision.name: decision for decision in settlement.decisions()}
    return replace(pack, decisions={**pack.decisions, **asked})


def _returned(claimed: Return, held: Mapping[str, Any]) -> Returned:
    # Freight that the customer bears stays paid; whoever else bears it gives it back.
    carried = held.get("outbound", "customer") != "customer"
    waives = held.get("threshold") == "waived"
    return Returned(claimed.line, claimed.quantity, held["mode"] == "prorated", carried, waives)

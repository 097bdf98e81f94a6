"""Owns a quote: what a pack's settlement makes of a claim against an order's book, with every reason for it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from csflow.evaluators import Decider, Decision
from csflow.facts import Decoder, Facts, facts_of
from csflow.pack.model import LinkedPack, Settlement
from csflow.settlement.books import Book
from csflow.settlement.claims import Claimed, Return, require_declared
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import MERCHANT
from csflow.settlement.planning import Claim, Plan, Refusal, Terms, plan
from csflow.settlement.statements import document_of, statement_of
from csflow.values.routing import Routing
from csflow.values.sharing import Share

QUOTED, REFUSED, UNDECIDED = "quoted", "refused", "undecided"


class Quote:
    """What is due for a claim.

    `status` is quoted, refused or undecided. `plan` is the refund, None unless quoted; `refusal` says by name why there
    is none. `terms` are the decisions that were asked, one for each return, or one where nothing comes back; where one
    of them is not decided the quote is undecided, and `missing` says what is not known. Who bears the refund, and
    whether freight of a lost threshold is claimed, is what the first of them says.
    """

    __slots__ = ("ledger", "plan", "refusal", "settlement", "terms")

    def __init__(
        self, settlement: Settlement, ledger: Ledger, terms: tuple[Decision, ...], found: Plan | Refusal | None
    ) -> None:
        self.settlement = settlement
        self.ledger = ledger
        self.terms = terms
        self.plan = found if isinstance(found, Plan) else None
        self.refusal = found if isinstance(found, Refusal) else None

    @property
    def status(self) -> str:
        if self.plan is not None:
            return QUOTED
        return REFUSED if self.refusal is not None else UNDECIDED

    @property
    def missing(self) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(cause for answer in self.terms for cause in answer.missing))

    def to_json(self) -> dict[str, Any]:
        """The document of `quote --format json`."""
        return document_of(self)

    def explain(self, language: str = "zh-CN") -> str:
        """The statement: what is due by line, which tender it goes to, who bears it, and under which rule."""
        return statement_of(self, language)


class Settler:
    """One settlement of a pack, its terms compiled once; or `ask` answers them, with `status`, `held` and `missing`."""

    def __init__(
        self, pack: LinkedPack, settlement: Settlement, ask: Callable[[Facts, int | None], Any] | None = None
    ) -> None:
        self._pack = with_terms(pack, settlement)
        self._settlement = settlement
        self._terms = ask or Decider(self._pack, Decoder(self._pack)).decision(settlement.terms.name)

    def quote(self, ledger: Ledger, book: Book, claimed: Claimed, facts: Facts, at: int | None) -> Quote:
        """The quote for a claim; facts are those of the whole claim, in which each return has its own reason.

        Raises `FactError` where the order was paid with a tender that the settlement does not declare.
        """
        require_declared(ledger, self._settlement)
        asked = tuple(self._terms(self._facts(facts, each), at) for each in claimed.returns)
        terms = asked or (self._terms(facts, at),)
        if any(answer.status != "decided" for answer in terms):
            return Quote(self._settlement, ledger, terms, None)
        returned = tuple(_returned(each, answer.held) for each, answer in zip(claimed.returns, asked, strict=True))
        found = plan(ledger, book, Claim(returned, claimed.granted), self._terms_of(terms[0].held))
        return Quote(self._settlement, ledger, terms, found)

    def _facts(self, facts: Facts, returned: Return) -> Facts:
        if returned.reason is None or self._settlement.reason is None:
            return facts
        return facts_of(self._pack, {**facts.values, self._settlement.reason: returned.reason})

    def _terms_of(self, held: Mapping[str, Any]) -> Terms:
        shares = tuple(
            Share(part.party, part.weight, held[f"at_most.{part.party}"] if part.limited else None, part.rest)
            for part in self._settlement.shares
        )
        return Terms(
            Routing(held["routing"]),
            held.get("threshold") == "claimed_back",
            frozenset(name for name, tender in self._settlement.tenders.items() if tender.cash),
            shares or (Share(MERCHANT, rest=True),),
        )


def with_terms(pack: LinkedPack, settlement: Settlement) -> LinkedPack:
    """The pack in which what the settlement asks is one of the decisions."""
    return replace(pack, decisions={**pack.decisions, settlement.terms.name: settlement.terms})


def _returned(claimed: Return, held: Mapping[str, Any]) -> Returned:
    # Freight that the customer bears stays paid; whoever else bears it gives it back.
    carried = held.get("outbound", "customer") != "customer"
    return Returned(claimed.line, claimed.quantity, held["mode"] == "prorated", carried)

"""Owns asking how tenders go back: of each kind that an order was paid with, and only what matters for it now.

A way back is asked about where there is a limit, an end where the tender has passed it: what does not concern an order
need not be known.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from csflow.evaluators import Decision
from csflow.facts import Facts
from csflow.pack.model import Decision as LinkedDecision
from csflow.pack.model import Settlement, TenderKind
from csflow.settlement.destinations import Expired
from csflow.settlement.orders import Order, Tender
from csflow.settlement.questions import Deciding
from csflow.settlement.tenders import Form


class TenderTerms:
    """The tenders of one settlement, what it asks about them compiled once."""

    def __init__(self, settlement: Settlement, deciding: Deciding) -> None:
        self._kinds = settlement.tenders
        asked = (each for kind in settlement.tenders.values() for each in kind.decisions())
        self._decide = {each.name: deciding(each.name) for each in asked}

    def asked(self, order: Order, facts: Facts, at: int | None) -> dict[str, Decision]:
        """The answers for the tenders of an order, by the names of the decisions."""
        found: dict[str, Decision] = {}
        for tender in order.tenders:
            for decision in _concerning(self._kinds[tender.kind], tender, at):
                if decision.name not in found:
                    found[decision.name] = self._decide[decision.name](facts, at)
        return found

    def forms(self, answers: Mapping[str, Decision]) -> dict[str, Form]:
        """How each kind goes back, by answers that are decided."""
        held = {name: answer.held for name, answer in answers.items()}
        return {name: _form(kind, held) for name, kind in self._kinds.items()}


def _concerning(kind: TenderKind, tender: Tender, at: int | None) -> Iterator[LinkedDecision]:
    if kind.rail is not None:
        yield kind.rail
    if kind.expiry is not None and tender.expires_at is not None and at is not None and at >= tender.expires_at:
        yield kind.expiry


def _form(kind: TenderKind, held: Mapping[str, Mapping[str, Any]]) -> Form:
    rail = {} if kind.rail is None else held.get(kind.rail.name, {})
    expiry = {} if kind.expiry is None else held.get(kind.expiry.name, {})
    lapses = expiry["expired"] == Expired.LAPSED if expiry else None
    return Form(
        kind.in_kind,
        kind.indivisible,
        kind.choosable,
        rail.get("within"),
        rail.get("refunds"),
        lapses,
        expiry.get("validity"),
    )

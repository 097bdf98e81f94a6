"""Owns reading an order as a backend has it: every field by its kind, every fault by its path, nothing put right.

The shape is that of semantics 8. Lines, offers and tenders are named by ids and come out by their places.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from csflow.diagnostics import Diagnostics
from csflow.facts import FactError
from csflow.settlement.fields import Field, Fields
from csflow.settlement.freezing import Ledger, freeze
from csflow.settlement.orders import (
    CUSTOMER,
    MERCHANT,
    Bundle,
    Freight,
    Line,
    Offer,
    Order,
    Surplus,
    Tender,
    Threshold,
    Tier,
)
from csflow.settlement.pricing import Prices
from csflow.settlement.scopes import look_at_scopes
from csflow.values.apportioning import total
from csflow.values.kinds import Kind
from csflow.values.money import Money
from csflow.values.rounding import Rounding

MOST_LINES, MOST_UNITS, MOST_OFFERS, MOST_TENDERS = 500, 10_000, 50, 20
MOST_MONEY = 10**12


def ledger_of(given: Any, currency: str, rounding: Rounding, *, as_text: bool = False) -> Ledger:
    """The frozen ledger of an order given as a mapping of JSON values; amounts are "12.34 CNY", `Money` or its JSON.

    `as_text`: every value is text as YAML has it.

    Raises `FactError` with every fault, each with its path in the order: a field that is missing, unknown or of another
    kind, a negative amount, another currency, an id that stands twice or names nothing, an offer that takes more off
    than its lines cost, and tenders that do not add up to what was to be paid.
    """
    diagnostics = Diagnostics()
    order = _Reader(currency, rounding, diagnostics, as_text).order(given)
    if order is None or diagnostics.has_errors:
        raise FactError(diagnostics)
    ledger = freeze(order)
    _look_at_offers(order, ledger.prices, diagnostics)
    paid = sum(tender.paid for tender in order.tenders)
    if paid != ledger.paid:
        found, due = Money.from_minor(paid, currency), Money.from_minor(ledger.paid, currency)
        diagnostics.report("unbalanced-tenders", subject="tenders", paid=found, due=due)
    look_at_scopes(ledger, diagnostics)
    if diagnostics.has_errors:
        raise FactError(diagnostics)
    return ledger


def _look_at_offers(order: Order, prices: Prices, diagnostics: Diagnostics) -> None:
    """An offer takes off what it says, or it is not what was sold: it is never trimmed to what lines cost."""
    for number, (offer, share) in enumerate(zip(order.offers, prices.offers, strict=True), 1):
        rule = offer.rule
        if isinstance(rule, Bundle) or not share.standing:
            continue
        stated = rule.tiers[0].amount * share.standing if rule.repeats else rule.tiers[share.standing - 1].amount
        off = sum(map(total, share.shares.values()))
        if stated > off:
            base, asked = (Money.from_minor(each, order.currency) for each in (off, stated))
            diagnostics.report("offer-beyond-its-base", subject=f"offers[{number}]", id=offer.id, off=asked, base=base)


class _Reader:
    def __init__(self, currency: str, rounding: Rounding, diagnostics: Diagnostics, as_text: bool) -> None:
        self._currency = currency
        self._rounding = rounding
        self._diagnostics = diagnostics
        self._fields = Fields(diagnostics, as_text=as_text)
        text = self._fields.of(Kind("text", max_length=64))
        money = self._fields.of(Kind("money", currency=currency, low=0, high=MOST_MONEY))
        above_zero = self._fields.of(Kind("money", currency=currency, low=1, high=MOST_MONEY))
        percent = self._fields.of(Kind("percent", places=2, low=1, high=10_000))
        units = self._fields.of(Kind("quantity", low=1, high=MOST_UNITS))
        yes_or_no = self._fields.of(Kind("bool"))
        tier = {"at_least": Field(money), "amount": Field(money, True), "percent": Field(percent, True)}
        line = {"id": Field(text), "quantity": Field(units), "unit_price": Field(money, True)}
        line |= {"amount": Field(money, True), "sku": Field(text, True), "category": Field(text, True)}
        offer = {"id": Field(text), "lines": Field(self._fields.list(text, MOST_LINES), True), "by": Field(text, True)}
        offer |= {"amount": Field(money, True), "percent": Field(percent, True), "repeats": Field(yes_or_no, True)}
        offer |= {"tiers": Field(self._fields.list(self._fields.record(tier), MOST_OFFERS), True)}
        need = {"line": Field(text), "quantity": Field(units)}
        needs = self._fields.list(self._fields.record(need), MOST_LINES)
        offer |= {"price": Field(money, True), "needs": Field(needs, True)}
        freight = {"paid": Field(money), "free_from": Field(above_zero, True), "fee": Field(money, True)}
        tender = {"id": Field(text), "tender": Field(text), "paid": Field(money), "funded_by": Field(text, True)}
        count = self._fields.of(Kind("int", low=1, high=MOST_MONEY))
        tender |= {"lines": Field(self._fields.list(text, MOST_LINES), True), "units": Field(count, True)}
        instant = self._fields.of(Kind("datetime"))
        tender |= {"paid_at": Field(instant, True), "expires_at": Field(instant, True)}
        surplus = {"id": Field(text), "tender": Field(text), "paid": Field(above_zero)}
        self._order = self._fields.record(
            {
                "id": Field(text),
                "lines": Field(self._fields.list(self._fields.record(line), MOST_LINES)),
                "offers": Field(self._fields.list(self._fields.record(offer), MOST_OFFERS), True),
                "freight": Field(self._fields.record(freight), True),
                "tax": Field(money, True),
                "tenders": Field(self._fields.list(self._fields.record(tender), MOST_TENDERS)),
                "surplus": Field(self._fields.list(self._fields.record(surplus), MOST_TENDERS), True),
            }
        )

    def order(self, given: Any) -> Order | None:
        read = self._order("", given)
        if self._diagnostics.has_errors:
            return None
        lines = tuple(self._lines(read["lines"]))
        places = self._places("lines", [line.id for line in lines])
        offers = tuple(self._offers(read.get("offers", ()), places))
        self._places("offers", [offer.id for offer in offers])
        tenders = tuple(self._tenders(read["tenders"], places))
        self._places("tenders", [tender.id for tender in tenders])
        freight = Freight(**read.get("freight", {}))
        surplus = tuple(Surplus(each["id"], each["tender"], each["paid"]) for each in read.get("surplus", ()))
        self._places("surplus", [each.id for each in surplus])
        tax = read.get("tax", 0)
        return Order(read["id"], self._currency, lines, tenders, offers, freight, tax, self._rounding, surplus)

    def _tenders(self, read: Sequence[Mapping[str, Any]], places: Mapping[str, int]) -> Iterator[Tender]:
        for number, each in enumerate(read, 1):
            found = [self._fields.place(f"tenders[{number}].lines", id, places) for id in each.get("lines", ())]
            scope = tuple(sorted({place for place in found if place is not None}))
            yield Tender(
                each["id"],
                each["tender"],
                each["paid"],
                each.get("funded_by", CUSTOMER),
                scope,
                each.get("units"),
                each.get("paid_at"),
                each.get("expires_at"),
            )

    def _lines(self, read: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
        for number, each in enumerate(read, 1):
            priced = self._one_of(f"lines[{number}]", each, ("unit_price", "amount"))
            amount = each["quantity"] * each["unit_price"] if priced == "unit_price" else each.get("amount", 0)
            yield Line(each["id"], each["quantity"], amount)

    def _offers(self, read: Sequence[Mapping[str, Any]], places: Mapping[str, int]) -> Iterator[Offer]:
        for number, each in enumerate(read, 1):
            path = f"offers[{number}]"
            sort = self._one_of(path, each, ("amount", "percent", "tiers", "needs"))
            rule = None if sort is None else self._rule(path, sort, each, places)
            if rule is None:
                continue
            named = [need["line"] for need in each["needs"]] if sort == "needs" else each.get("lines", places)
            found = [self._fields.place(f"{path}.lines", id, places) for id in named]
            scope = tuple(sorted(place for place in found if place is not None))
            yield Offer(each["id"], each.get("by", MERCHANT), scope, rule)

    def _rule(
        self, path: str, sort: str, each: Mapping[str, Any], places: Mapping[str, int]
    ) -> Threshold | Bundle | None:
        if sort == "needs":
            if "price" not in each:
                self._fields.missing(path, "price")
                return None
            found = [(self._fields.place(path, need["line"], places), need["quantity"]) for need in each["needs"]]
            return Bundle(tuple((place, count) for place, count in found if place is not None), each["price"])
        if sort == "tiers":
            return self._threshold(path, each)
        return Threshold((Tier(0, each.get("amount", 0), each.get("percent", 0)),))

    def _threshold(self, path: str, each: Mapping[str, Any]) -> Threshold | None:
        tiers = []
        for number, tier in enumerate(each["tiers"], 1):
            self._one_of(f"{path}.tiers[{number}]", tier, ("amount", "percent"))
            tiers.append(Tier(tier["at_least"], tier.get("amount", 0), tier.get("percent", 0)))
        tiers.sort(key=lambda tier: tier.at_least)
        repeats = each.get("repeats", False)
        if not tiers or (repeats and (len(tiers) > 1 or not tiers[0].at_least or not tiers[0].amount)):
            self._diagnostics.report("unfit-tiers", subject=path)
            return None
        return Threshold(tuple(tiers), repeats)

    def _one_of(self, path: str, read: Mapping[str, Any], names: Sequence[str]) -> str | None:
        """Which of the fields is there; one has to be, and no two."""
        there = [name for name in names if name in read]
        if len(there) == 1:
            return there[0]
        shown = " / ".join(there or names)
        self._diagnostics.report("one-field-of-several", subject=path, names=shown, count=len(there))
        return None

    def _places(self, path: str, ids: Sequence[str]) -> dict[str, int]:
        places: dict[str, int] = {}
        for place, id in enumerate(ids):
            if id in places:
                self._diagnostics.report("id-given-twice", subject=f"{path}[{place + 1}].id", id=id)
            places.setdefault(id, place)
        return places

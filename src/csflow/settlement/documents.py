"""Owns reading an order as a backend has it: every field by its kind, every fault by its path, nothing put right.

The shape is that of semantics 8. Lines, offers and tenders are named by ids and come out by their places.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Diagnostics, nearest
from csflow.facts import FactError
from csflow.settlement.freezing import Ledger, freeze
from csflow.settlement.orders import CUSTOMER, MERCHANT, Bundle, Freight, Line, Offer, Order, Tender, Threshold, Tier
from csflow.settlement.pricing import Prices
from csflow.values.apportioning import total
from csflow.values.decoding import Misfit, from_value
from csflow.values.kinds import Kind
from csflow.values.money import Money
from csflow.values.rounding import Rounding

MOST_LINES, MOST_UNITS, MOST_OFFERS, MOST_TENDERS = 500, 10_000, 50, 20
_MOST_MONEY = 10**12


def ledger_of(given: Any, currency: str, rounding: Rounding) -> Ledger:
    """The frozen ledger of an order given as a mapping of JSON values; amounts are "12.34 CNY", `Money` or its JSON.

    Raises `FactError` with every fault, each with its path in the order: a field that is missing, unknown or of another
    kind, a negative amount, another currency, an id that stands twice or names nothing, an offer that takes more off
    than its lines cost, and tenders that do not add up to what was to be paid.
    """
    diagnostics = Diagnostics()
    order = _Reader(currency, rounding, diagnostics).order(given)
    if order is None or diagnostics.has_errors:
        raise FactError(diagnostics)
    ledger = freeze(order)
    _look_at_offers(order, ledger.prices, diagnostics)
    paid = sum(tender.paid for tender in order.tenders)
    if paid != ledger.paid:
        found, due = Money.from_minor(paid, currency), Money.from_minor(ledger.paid, currency)
        diagnostics.report("unbalanced-tenders", subject="tenders", paid=found, due=due)
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


# What reads the value at a path; None where it reported a fault.
_Read = Callable[[str, Any], Any]


@dataclass(frozen=True, slots=True)
class _Field:
    read: _Read
    optional: bool = False


class _Reader:
    def __init__(self, currency: str, rounding: Rounding, diagnostics: Diagnostics) -> None:
        self._currency = currency
        self._rounding = rounding
        self._diagnostics = diagnostics
        text = self._of(Kind("text", max_length=64))
        money = self._of(Kind("money", currency=currency, low=0, high=_MOST_MONEY))
        above_zero = self._of(Kind("money", currency=currency, low=1, high=_MOST_MONEY))
        percent = self._of(Kind("percent", places=2, low=1, high=10_000))
        units = self._of(Kind("quantity", low=1, high=MOST_UNITS))
        yes_or_no = self._of(Kind("bool"))
        tier = {"at_least": _Field(money), "amount": _Field(money, True), "percent": _Field(percent, True)}
        line = {"id": _Field(text), "quantity": _Field(units), "unit_price": _Field(money, True)}
        line |= {"amount": _Field(money, True), "sku": _Field(text, True), "category": _Field(text, True)}
        offer = {"id": _Field(text), "lines": _Field(self._list(text, MOST_LINES), True), "by": _Field(text, True)}
        offer |= {"amount": _Field(money, True), "percent": _Field(percent, True), "repeats": _Field(yes_or_no, True)}
        offer |= {"tiers": _Field(self._list(self._record(tier), MOST_OFFERS), True)}
        need = {"line": _Field(text), "quantity": _Field(units)}
        offer |= {"price": _Field(money, True), "needs": _Field(self._list(self._record(need), MOST_LINES), True)}
        freight = {"paid": _Field(money), "free_from": _Field(above_zero, True), "fee": _Field(money, True)}
        tender = {"id": _Field(text), "tender": _Field(text), "paid": _Field(money), "funded_by": _Field(text, True)}
        self._order = self._record(
            {
                "id": _Field(text),
                "lines": _Field(self._list(self._record(line), MOST_LINES)),
                "offers": _Field(self._list(self._record(offer), MOST_OFFERS), True),
                "freight": _Field(self._record(freight), True),
                "tax": _Field(money, True),
                "tenders": _Field(self._list(self._record(tender), MOST_TENDERS)),
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
        tenders = tuple(
            Tender(each["id"], each["tender"], each["paid"], each.get("funded_by", CUSTOMER))
            for each in read["tenders"]
        )
        self._places("tenders", [tender.id for tender in tenders])
        freight = Freight(**read.get("freight", {}))
        return Order(read["id"], self._currency, lines, tenders, offers, freight, read.get("tax", 0), self._rounding)

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
            named = [each_need["line"] for each_need in each["needs"]] if sort == "needs" else each.get("lines", places)
            found = [self._place(f"{path}.lines", id, places) for id in named]
            scope = tuple(sorted(place for place in found if place is not None))
            yield Offer(each["id"], each.get("by", MERCHANT), scope, rule)

    def _rule(
        self, path: str, sort: str, each: Mapping[str, Any], places: Mapping[str, int]
    ) -> Threshold | Bundle | None:
        if sort == "needs":
            if "price" not in each:
                self._missing(path, "price")
                return None
            found = [(self._place(f"{path}.needs", need["line"], places), need["quantity"]) for need in each["needs"]]
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

    def _place(self, path: str, id: str, places: Mapping[str, int]) -> int | None:
        if id not in places:
            self._diagnostics.report("unknown-order-line", subject=path, suggestion=nearest(id, places), id=id)
        return places.get(id)

    def _of(self, kind: Kind) -> _Read:
        def read(path: str, value: Any) -> Any:
            try:
                return from_value(kind, value)
            except Misfit as misfit:
                self._diagnostics.report(misfit.name, subject=path, suggestion=misfit.suggestion, **misfit.values)
                return None

        return read

    def _list(self, read: _Read, limit: int) -> _Read:
        def read_all(path: str, value: Any) -> Any:
            if not isinstance(value, (list, tuple)):
                self._diagnostics.report("records-not-a-list", subject=path, name=path)
                return None
            if len(value) > limit:
                self._diagnostics.report("too-many-items", subject=path, name=path, count=len(value), limit=limit)
                return None
            return [read(f"{path}[{number}]", each) for number, each in enumerate(value, 1)]

        return read_all

    def _record(self, fields: Mapping[str, _Field]) -> _Read:
        def read(path: str, value: Any) -> Any:
            if not isinstance(value, Mapping):
                self._diagnostics.report("record-not-a-mapping", subject=path or "order", name=path or "order")
                return None
            found = {}
            for name in value:
                if name not in fields:
                    inner = f"{path}.{name}" if path else str(name)
                    meant = nearest(str(name), fields)
                    self._diagnostics.report("unknown-order-field", subject=inner, suggestion=meant, name=inner)
            for name, field in fields.items():
                inner = f"{path}.{name}" if path else name
                if value.get(name) is not None:
                    found[name] = field.read(inner, value[name])
                elif not field.optional:
                    self._missing(path, name)
            return found

        return read

    def _missing(self, path: str, name: str) -> None:
        inner = f"{path}.{name}" if path else name
        self._diagnostics.report("missing-order-field", subject=inner, name=inner)


def _tender(read: Mapping[str, Any]) -> Tender:
    return Tender(read["id"], read["tender"], read["paid"], read.get("funded_by", CUSTOMER))

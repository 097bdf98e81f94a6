"""Owns reading what a claim is about: returns by line, quantity and reason, amounts granted, and the book so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Diagnostics, nearest
from csflow.facts import FactError
from csflow.pack.model import LinkedPack, Settlement
from csflow.settlement.books import Book
from csflow.settlement.documents import MOST_LINES, MOST_MONEY, MOST_UNITS
from csflow.settlement.fields import Field, Fields
from csflow.settlement.freezing import Ledger
from csflow.values.kinds import Kind


@dataclass(frozen=True, slots=True)
class Return:
    """So many units of a line, accepted at inspection; `reason` is a reason code of the pack, where it has its own."""

    line: int
    quantity: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is claimed back at one time: returns, and amounts granted by line."""

    returns: tuple[Return, ...]
    granted: Mapping[int, int]


def book_of(given: Any, ledger: Ledger) -> Book:
    """A book, or what its `to_json` gave.

    Raises `FactError` where it is neither, or more has come back in it than the order has.
    """
    diagnostics = Diagnostics()
    try:
        book = given if isinstance(given, Book) else Book.from_json(given)
    except ValueError:
        book = None
    if book is None or not (_is_sound(book, ledger) and _fits(book, ledger)):
        diagnostics.report("malformed-book", subject="book")
        raise FactError(diagnostics)
    return book


def _is_sound(book: Book, ledger: Ledger) -> bool:
    """Whether everything in a book is a whole amount or number; in one of this ledger, of something the order has."""
    if book.ledger != ledger.digest:
        return isinstance(book.ledger, str)
    lines, tenders = range(len(ledger.order.lines)), range(len(ledger.order.tenders))
    return all(
        all(_whole(each.line) and each.line in lines and _whole(each.quantity) for each in plan.returned)
        and all(_whole(line) and line in lines and _whole(amount) for line, amount in plan.granted.items())
        and all(_whole(each.tender) and each.tender in tenders and _whole(each.amount) for each in plan.payments)
        for plan in book.plans
    )


def _fits(book: Book, ledger: Ledger) -> bool:
    """Whether no more has come back in a sound book than was bought and paid; a book of another ledger is refused."""
    if book.ledger != ledger.digest:
        return True
    order, sums = ledger.order, book.sums
    back = book.refunded(len(order.tenders))
    return all(done <= tender.paid for done, tender in zip(back, order.tenders, strict=True)) and all(
        sums.of(place) <= line.quantity for place, line in enumerate(order.lines)
    )


def _whole(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def require_declared(ledger: Ledger, settlement: Settlement) -> None:
    """Raises `FactError` where the order was paid with a tender that the settlement does not declare."""
    diagnostics = Diagnostics()
    for number, tender in enumerate(ledger.order.tenders, 1):
        if tender.kind not in settlement.tenders:
            meant = nearest(tender.kind, settlement.tenders)
            path = f"tenders[{number}].tender"
            diagnostics.report("unknown-tender", subject=path, suggestion=meant, name=tender.kind)
    if diagnostics.has_errors:
        raise FactError(diagnostics)


def read_claim(given: Any, pack: LinkedPack, ledger: Ledger, *, as_text: bool = False) -> Claimed:
    """A claim given as `{"returns": [{"line", "quantity", "reason"}], "granted": [{"line", "amount"}]}`.

    `as_text`: every value is text as YAML has it.

    Raises `FactError` with every fault by its path: an unknown line, a reason that the pack does not have, an amount of
    another currency.
    """
    diagnostics = Diagnostics()
    fields = Fields(diagnostics, as_text=as_text)
    places = {line.id: place for place, line in enumerate(ledger.order.lines)}
    text = fields.of(Kind("text", max_length=64))
    units = fields.of(Kind("quantity", low=1, high=MOST_UNITS))
    reason = fields.of(Kind("reason", symbols=tuple(pack.reasons)))
    money = fields.of(Kind("money", currency=pack.currency, low=1, high=MOST_MONEY))
    returned = {"line": Field(text), "quantity": Field(units), "reason": Field(reason, True)}
    amount = {"line": Field(text), "amount": Field(money)}
    claim = fields.record(
        {
            "returns": Field(fields.list(fields.record(returned), MOST_LINES), True),
            "granted": Field(fields.list(fields.record(amount), MOST_LINES), True),
        }
    )("", given)
    if diagnostics.has_errors:
        raise FactError(diagnostics)
    returns = []
    for number, each in enumerate(claim.get("returns", ()), 1):
        place = fields.place(f"returns[{number}].line", each["line"], places)
        if place is not None:
            returns.append(Return(place, each["quantity"], each.get("reason")))
    granted: dict[int, int] = {}
    for number, each in enumerate(claim.get("granted", ()), 1):
        place = fields.place(f"granted[{number}].line", each["line"], places)
        if place is not None:
            granted[place] = granted.get(place, 0) + each["amount"]
    if diagnostics.has_errors:
        raise FactError(diagnostics)
    return Claimed(tuple(returns), granted)

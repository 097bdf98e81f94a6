"""Owns reading what a claim is about: returns by line, quantity and reason, amounts granted, and the book so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Diagnostics, nearest
from csflow.facts import FactError
from csflow.pack.model import Beside, LinkedPack, Settlement
from csflow.settlement.books import Book
from csflow.settlement.budgets import Budget
from csflow.settlement.documents import MOST_LINES, MOST_MONEY, MOST_TENDERS, MOST_UNITS
from csflow.settlement.fields import Field, Fields
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import summed
from csflow.settlement.surplus import are_sound
from csflow.values.kinds import BOOL, Kind
from csflow.values.money import Money

MOST_CONCERNS = 50


@dataclass(frozen=True, slots=True)
class Return:
    """So many units of a line, accepted at inspection; `reason` is a reason code of the pack, where it has its own."""

    line: int
    quantity: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Concern:
    """An amount or effect of the settlement that the claim is about: for a reason of its own, by an option chosen.

    `event` tells apart what is due under one name more than once: a second parcel sent back, say. `line` is the place
    of the line that a grant is for, and `of` its id.
    """

    name: str
    reason: str | None = None
    option: str | None = None
    event: str | None = None
    line: int | None = None
    of: str | None = None

    @property
    def label(self) -> str:
        """The name that it is booked under."""
        return "/".join(part for part in (self.name, self.of, self.event) if part is not None)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is claimed back at one time: returns, amounts granted by line, and what else the claim concerns.

    `to` is the kind of tender that the customer wants cash to go to, `consented` whether that was expressly agreed.
    `reversals` are ids of surplus payments.
    """

    returns: tuple[Return, ...]
    granted: Mapping[int, int]
    concerns: tuple[Concern, ...] = ()
    to: str | None = None
    consented: bool = False
    reversals: tuple[str, ...] = ()

    @property
    def only_reverses(self) -> bool:
        """Whether nothing is asked but that surplus payments go back: no term of the pack has a say in that."""
        return bool(self.reversals) and not (self.returns or self.granted or self.concerns)


def book_of(given: Any, ledger: Ledger) -> Book:
    """A book, or what its `to_json` gave.

    Raises `FactError` where it is neither, or more has come back in it than the order has, each with its figures.
    """
    diagnostics = Diagnostics()
    try:
        book = given if isinstance(given, Book) else Book.from_json(given)
    except ValueError:
        book = None
    if book is None or not _is_sound(book, ledger) or any(amount < 0 for amount in book.withheld.values()):
        diagnostics.report("malformed-book", subject="book")
        raise FactError(diagnostics)
    if book.ledger == ledger.digest:
        _look_for_excess(book, ledger, diagnostics)
    if diagnostics.has_errors:
        raise FactError(diagnostics)
    return book


def budgets_of(given: Mapping[str, Any]) -> dict[str, Budget]:
    """Budgets by name, each a `Budget` or what its `to_json` gave. Raises `FactError` for what is neither."""
    diagnostics = Diagnostics()
    read = {}
    for name, each in given.items():
        try:
            read[name] = each if isinstance(each, Budget) else Budget.from_json(each)
        except ValueError:
            diagnostics.report("malformed-book", subject=f"budgets.{name}")
    if diagnostics.has_errors:
        raise FactError(diagnostics)
    return read


def _is_sound(book: Book, ledger: Ledger) -> bool:
    """Whether everything in a book is a whole amount or number; in one of this ledger, of something the order has."""
    if book.ledger != ledger.digest:
        return isinstance(book.ledger, str)
    lines, tenders = range(len(ledger.order.lines)), range(len(ledger.order.tenders))
    return all(
        all(_whole(each.line) and each.line in lines and _whole(each.quantity) for each in plan.returned)
        and all(_whole(line) and line in lines and _whole(amount) for line, amount in plan.granted.items())
        and all(_whole(each.tender) and each.tender in tenders and _whole(each.amount) for each in plan.payments)
        and all(each.units is None or _whole(each.units) for each in plan.payments)
        and all(each.units is None or _whole(each.units) for each in plan.lapsed)
        and all(each.to is None or isinstance(each.to, str) for each in plan.payments)
        and all(_whole(each.tender) and each.tender in tenders and _whole(each.amount) for each in plan.lapsed)
        and are_sound(ledger.order, plan.reversals)
        and all(_named(each.name, each.amount) for each in plan.extras)
        and all(
            _named(*each) for amounts in (plan.claimed, plan.borne, plan.grants, plan.taken) for each in amounts.items()
        )
        and all(_named(*each) for extra in plan.extras for each in extra.borne.items())
        and all(part <= plan.borne.get(name, 0) for name, part in summed(e.borne for e in plan.extras).items())
        and all(isinstance(name, str) and _integer(amount) for name, amount in plan.withheld.items())
        for plan in book.plans
    )


def _look_for_excess(book: Book, ledger: Ledger, diagnostics: Diagnostics) -> None:
    """Of no line may more have come back in a sound book than was bought, and by no tender more than was paid."""
    order, sums = ledger.order, book.sums

    def look(name: str, done: int, most: int, shown: Callable[[int], str]) -> None:
        if done > most:
            diagnostics.report("book-beyond-its-order", subject="book", name=name, done=shown(done), most=shown(most))

    def money(minor: int) -> str:
        return str(Money.from_minor(minor, order.currency))

    for place, line in enumerate(order.lines):
        look(line.id, sums.of(place), line.quantity, str)
        # An amount given for units that stay is at most what they cost, which is their list price without any offer.
        look(line.id, sums.granted.get(place, 0), line.amount, money)
    back, gone = book.refunded(len(order.tenders)), book.lapsed(len(order.tenders))
    for tender, done, lapsed in zip(order.tenders, back, gone, strict=True):
        look(tender.id, done + lapsed, tender.paid, money)


def _named(name: Any, amount: Any) -> bool:
    return isinstance(name, str) and _whole(amount)


def _whole(number: Any) -> bool:
    return _integer(number) and number >= 0


def _integer(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def require_declared(ledger: Ledger, settlement: Settlement) -> None:
    """Raises `FactError` where the order was paid with what the settlement does not declare, or declares otherwise.

    Points without their number, units of what does not go back in units, and a payment that can be paid back for some
    time only without its time: nothing is guessed or dropped.
    """
    diagnostics = Diagnostics()
    for number, tender in enumerate(ledger.order.tenders, 1):
        if tender.kind not in settlement.tenders:
            meant = nearest(tender.kind, settlement.tenders)
            path = f"tenders[{number}].tender"
            diagnostics.report("unknown-tender", subject=path, suggestion=meant, name=tender.kind)
            continue
        kind, path = settlement.tenders[tender.kind], f"tenders[{number}].units"
        if kind.in_kind is not None and tender.units is None:
            diagnostics.report("missing-order-field", subject=path, name=path)
        elif tender.units is not None and kind.in_kind is None and not kind.indivisible:
            diagnostics.report("units-of-money", subject=path, name=tender.kind)
        if kind.timed and tender.paid_at is None:
            path = f"tenders[{number}].paid_at"
            diagnostics.report("missing-order-field", subject=path, name=path)
    for number, surplus in enumerate(ledger.order.surplus, 1):
        if surplus.kind not in settlement.tenders:
            meant = nearest(surplus.kind, settlement.tenders)
            path = f"surplus[{number}].tender"
            diagnostics.report("unknown-tender", subject=path, suggestion=meant, name=surplus.kind)
    if diagnostics.has_errors:
        raise FactError(diagnostics)


def require_time(ledger: Ledger, settlement: Settlement, at: int | None) -> None:
    """Raises `FactError` where the refund has no time, and whether a tender can take it back hangs on that."""
    if at is not None:
        return
    diagnostics = Diagnostics()
    for tender in ledger.order.tenders:
        kind = settlement.tenders[tender.kind]
        if kind.timed or (kind.expiry is not None and tender.expires_at is not None):
            diagnostics.report("time-of-refund-missing", subject="at", name=tender.kind)
    if diagnostics.has_errors:
        raise FactError(diagnostics)


def require_known(claimed: Claimed, settlement: Settlement) -> None:
    """Raises `FactError` where the claim concerns what the settlement does not name, or a grant without its line."""
    diagnostics = Diagnostics()
    named = (settlement.amounts, settlement.earned, settlement.effects)
    known = [each.name for parts in named for each in parts]
    known += [each.name for each in settlement.denials if each.name not in known]
    granted = {each.name for each in settlement.amounts if each.role is Beside.GRANT}
    for number, concern in enumerate(claimed.concerns, 1):
        if concern.name not in known:
            meant = nearest(concern.name, known)
            path = f"concerns[{number}].name"
            diagnostics.report("unknown-concern", subject=path, suggestion=meant, name=concern.name, known=known)
        path = f"concerns[{number}].line"
        if concern.name in granted and concern.line is None:
            diagnostics.report("missing-order-field", subject=path, name=path)
        elif concern.name in known and concern.name not in granted and concern.line is not None:
            diagnostics.report("unknown-order-field", subject=path, name=path)
    if diagnostics.has_errors:
        raise FactError(diagnostics)


def read_claim(given: Any, pack: LinkedPack, ledger: Ledger, *, as_text: bool = False) -> Claimed:
    """A claim given as `{"returns": [{"line", "quantity", "reason"}], "granted": [{"line", "amount"}], "concerns":
    [{"name", "reason", "option", "event", "line"}], "to", "consent", "reversals"}`.

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
    concern = {"name": Field(text), "reason": Field(reason, True), "option": Field(text, True)}
    concern |= {"event": Field(text, True), "line": Field(text, True)}
    claim = fields.record(
        {
            "returns": Field(fields.list(fields.record(returned), MOST_LINES), True),
            "granted": Field(fields.list(fields.record(amount), MOST_LINES), True),
            "to": Field(text, True),
            "consent": Field(fields.of(BOOL), True),
            "reversals": Field(fields.list(text, MOST_TENDERS), True),
            "concerns": Field(fields.list(fields.record(concern), MOST_CONCERNS), True),
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
    concerns: dict[tuple[str, int | None, str | None], Concern] = {}
    for number, each in enumerate(claim.get("concerns", ()), 1):
        id = each.pop("line", None)
        place = None if id is None else fields.place(f"concerns[{number}].line", id, places)
        concern_read = Concern(**each, line=place, of=id)
        if concerns.setdefault((concern_read.name, place, concern_read.event), concern_read) != concern_read:
            diagnostics.report("id-given-twice", subject=f"concerns[{number}].name", id=each["name"])
    reversals = tuple(claim.get("reversals", ()))
    known = [surplus.id for surplus in ledger.order.surplus]
    for number, id in enumerate(reversals, 1):
        path = f"reversals[{number}]"
        if id not in known:
            diagnostics.report("unknown-surplus", subject=path, suggestion=nearest(id, known), id=id)
        elif id in reversals[: number - 1]:
            diagnostics.report("id-given-twice", subject=path, id=id)
    if "consent" in claim and "to" not in claim:
        fields.missing("", "to")
    if diagnostics.has_errors:
        raise FactError(diagnostics)
    to, consented = claim.get("to"), claim.get("consent", False)
    return Claimed(tuple(returns), granted, tuple(concerns.values()), to, consented, reversals)

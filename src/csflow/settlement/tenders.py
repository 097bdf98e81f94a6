"""Owns what each tender has got back of all that was refunded: in money, and in the units that it is counted in.

A function of what is due by line and of all that was refunded, never of one refund. Tenders with lines of their own
are settled first, over what is due on those; an indivisible tender comes last over its lines. Every part is monotone
in what is due and ends at what was paid. Source: semantics 8.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import Tender
from csflow.settlement.scopes import Pot, Scope, joined, pots_of, scoped
from csflow.values.apportioning import by_sainte_lague
from csflow.values.rounding import Rounding, round_ratio
from csflow.values.routing import Routing, filled, routed


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of tender goes back, where it is not simply money.

    `in_kind` rounds the units that have gone back in all; an `indivisible` one goes back whole, after the others. A
    `choosable` one takes what was paid in cash, if the customer wants. The way back is open for `within` days, and for
    so many `refunds` of one payment. `lapses` says what becomes of it when it has expired: gone, or issued again for
    `validity` days; None where nothing is said about that.
    """

    in_kind: Rounding | None = None
    indivisible: bool = False
    choosable: bool = False
    within: int | None = None
    refunds: int | None = None
    lapses: bool | None = None
    validity: int | None = None

    @property
    def counted(self) -> bool:
        """Whether it goes back in units."""
        return self.in_kind is not None or self.indivisible


@dataclass(frozen=True, slots=True)
class Ways:
    """How a pack routes: by which rule, which kinds of tender are cash, and which go back otherwise than as money."""

    routing: Routing = Routing.PRO_RATA_ACTUAL
    cash: frozenset[str] = frozenset()
    forms: Mapping[str, Form] = field(default_factory=dict)

    def form_of(self, tender: Tender) -> Form:
        return self.forms.get(tender.kind, _AS_MONEY)


@dataclass(frozen=True, slots=True)
class Part:
    """What one tender has got back: minor units, and which share of it that is, as a ratio that nothing rounded."""

    amount: int
    share: tuple[int, int]


_AS_MONEY = Form()


def parts_of(ledger: Ledger, due: Sequence[int], refunded: int, ways: Ways) -> list[Part]:
    """What each tender has got back of `refunded`, all refunds together; `due` is what goods are due by line.

    The parts sum to `refunded`, and none exceeds what was paid with it. ValueError when more is to be refunded than
    was paid.
    """
    tenders = ledger.order.tenders
    found = _settled_first(ledger, due, ways)
    # Where other lines lost more than these are due, these get no more than is refunded in all.
    kept = filled(refunded, [part.amount for part in found.values()], range(len(found)))
    for (place, part), amount in zip(list(found.items()), kept, strict=True):
        if amount < part.amount:
            found[place] = Part(amount, (amount, tenders[place].paid))
    others = [place for place in range(len(tenders)) if place not in found]
    parts = _routed(refunded - sum(kept), [tenders[place] for place in others], ways)
    found |= zip(others, parts, strict=True)
    return [found[place] for place in range(len(tenders))]


def units_of(tender: Tender, form: Form, part: Part) -> int:
    """How many of its units have gone back, all refunds together; of an indivisible tender whole units alone."""
    whole = 1 if tender.units is None else tender.units
    if form.in_kind is None:
        return whole * part.amount // tender.paid if tender.paid else whole
    share, shares = part.share
    return round_ratio(whole * share, shares, form.in_kind) if shares else whole


def _settled_first(ledger: Ledger, due: Sequence[int], ways: Ways) -> dict[int, Part]:
    """The parts of the tenders that go back with some lines, by place."""
    found: dict[int, Part] = {}
    groups = [*scoped(ledger.order), *_over_all_lines(ledger, ways)]
    pots = pots_of(ledger, due) if groups else []
    for scope, places in groups:
        pot, others = joined(pots, scope)
        tenders = [ledger.order.tenders[place] for place in places]
        paid = sum(tender.paid for tender in tenders)
        if paid > pot.cost:
            continue  # An indivisible tender that paid for freight or tax, too, is none of the lines'.
        taken = _taken(pot, tenders, ways)
        found |= zip(places, taken, strict=True)
        pots = [Pot(scope, pot.due - sum(part.amount for part in taken), pot.cost - paid), *others]
    return found


def _over_all_lines(ledger: Ledger, ways: Ways) -> Iterator[tuple[Scope, list[int]]]:
    """An indivisible tender that names no lines goes back with the last of all."""
    tenders = ledger.order.tenders
    places = [place for place, each in enumerate(tenders) if ways.form_of(each).indivisible and not each.lines]
    if places:
        yield frozenset(range(len(ledger.order.lines))), places


def _taken(pot: Pot, tenders: Sequence[Tender], ways: Ways) -> list[Part]:
    """What the tenders of a pot take, each its share of what is due; whoever paid the rest of it takes the rest."""
    whole = [tender.paid if ways.form_of(tender).indivisible else 0 for tender in tenders]
    weights = [tender.paid - kept for tender, kept in zip(tenders, whole, strict=True)]
    room = pot.cost - sum(whole)
    due = min(max(0, pot.due), pot.cost)
    first = min(due, room)
    shares = by_sainte_lague(first, [*weights, room - sum(weights)])[:-1]
    return _with_the_last([Part(part, (first, room)) for part in shares], due - first, whole)


def _routed(amount: int, tenders: Sequence[Tender], ways: Ways) -> list[Part]:
    """The parts of the tenders that are for no lines: by the routing, and the indivisible ones last."""
    whole = [tender.paid if ways.form_of(tender).indivisible else 0 for tender in tenders]
    weights = [tender.paid - kept for tender, kept in zip(tenders, whole, strict=True)]
    room = sum(weights)
    if amount > room + sum(whole):
        raise ValueError(f"{amount} of {room + sum(whole)} minor units cannot be refunded")
    first = min(amount, room)
    parts = routed(ways.routing, first, weights, [tender.kind in ways.cash for tender in tenders])
    by_share = ways.routing is Routing.PRO_RATA_ACTUAL
    found = [
        Part(part, (first, room) if by_share else (part, weight)) for part, weight in zip(parts, weights, strict=True)
    ]
    return _with_the_last(found, amount - first, whole)


def _with_the_last(parts: Sequence[Part], left: int, whole: Sequence[int]) -> list[Part]:
    last = filled(left, whole, range(len(whole)))
    return [Part(after, (after, kept)) if kept else part for part, after, kept in zip(parts, last, whole, strict=True)]

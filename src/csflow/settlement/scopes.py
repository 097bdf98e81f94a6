"""Owns the lines that a tender is for: tenders of the same lines stand together, inner lines before outer ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from csflow.diagnostics import Diagnostics
from csflow.settlement.freezing import Ledger
from csflow.settlement.orders import Order
from csflow.values.apportioning import total
from csflow.values.money import Money

Scope = frozenset[int]


@dataclass(frozen=True, slots=True)
class Pot:
    """Lines whose tenders are settled together: what is due on them and what they cost, less what inner ones took."""

    lines: Scope
    due: int
    cost: int


def pots_of(ledger: Ledger, due: Sequence[int]) -> list[Pot]:
    """A pot for each line, before any tender took from it."""
    costs = map(total, ledger.prices.payable)
    return [Pot(frozenset((place,)), part, cost) for place, (part, cost) in enumerate(zip(due, costs, strict=True))]


def joined(pots: Sequence[Pot], scope: Scope) -> tuple[Pot, list[Pot]]:
    """The pots of these lines as one, and the others."""
    inside = [pot for pot in pots if pot.lines <= scope]
    one = Pot(scope, sum(pot.due for pot in inside), sum(pot.cost for pot in inside))
    return one, [pot for pot in pots if not pot.lines <= scope]


def scoped(order: Order) -> Iterator[tuple[Scope, list[int]]]:
    """The places of the tenders that have lines of their own, together where they are for the same lines."""
    found: dict[Scope, list[int]] = {}
    for place, tender in enumerate(order.tenders):
        if tender.lines:
            found.setdefault(frozenset(tender.lines), []).append(place)
    yield from sorted(found.items(), key=lambda item: len(item[0]))


def look_at_scopes(ledger: Ledger, diagnostics: Diagnostics) -> None:
    """Reports tenders whose lines overlap without one lying inside the other, and those that paid more than they cost.

    What such a tender gets back of a line that two of them are for would depend on which of them is looked at first.
    """
    order = ledger.order
    pots = pots_of(ledger, [0] * len(order.lines))
    seen: list[tuple[Scope, int]] = []
    for scope, places in scoped(order):
        path = f"tenders[{places[0] + 1}].lines"
        crossing = next((place for other, place in seen if other & scope and not other <= scope), None)
        if crossing is not None:
            id, other = order.tenders[places[0]].id, order.tenders[crossing].id
            diagnostics.report("crossing-scopes", subject=path, id=id, other=other)
            return
        seen.append((scope, places[0]))
        pot, others = joined(pots, scope)
        paid = sum(order.tenders[place].paid for place in places)
        if paid > pot.cost:
            id = order.tenders[places[0]].id
            found, cost = (Money.from_minor(each, order.currency) for each in (paid, pot.cost))
            diagnostics.report("tender-beyond-its-lines", subject=path, id=id, paid=found, cost=cost)
            return
        pots = [Pot(scope, 0, pot.cost - paid), *others]

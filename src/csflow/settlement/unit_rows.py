"""Owns which unit of a refund goes back to which tender: the routing of the refund, read along its units.

A refund is routed as a whole, never unit by unit. Read in ledger order (lines, their units, then freight and tax), each
row gets what the routing gives more than it gave up to the row before, so that rows and columns both close. What is
taken off (an offer that is lost, freight that is free no longer) comes off the line's own units first, then off all
rows in proportion. Source: semantics 8.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from csflow.settlement.books import Book
from csflow.settlement.entitlement import Entitlement, entitlement, left_of
from csflow.settlement.freezing import Ledger
from csflow.settlement.payments import payments_of
from csflow.settlement.planning import Plan
from csflow.settlement.pricing import Reading, prices_of
from csflow.settlement.terms import Terms
from csflow.values.apportioning import Runs, apportion, head, tail, total

UNIT, KEPT, FREIGHT, TAX, BEFORE = "unit", "kept", "freight", "tax", "before"
# More units of one line than this are told in one row.
MOST_APART = 20


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row, in minor units: `due`, of which `taken_off` does not go back, and the `parts` by tender of the order.

    `sort` is unit, kept (an amount for a line whose units stay), freight, tax, or before (what earlier refunds left
    unpaid). `line` is a place, and `first` the number of the unit among those of its line that came back, with `count`
    units from there on.
    """

    sort: str
    due: int
    line: int | None = None
    first: int = 0
    count: int = 0
    taken_off: int = 0
    parts: tuple[int, ...] = ()

    @property
    def amount(self) -> int:
        return self.due - self.taken_off


def unit_rows(ledger: Ledger, plan: Plan, terms: Terms) -> tuple[UnitRow, ...]:
    """The rows of a plan, none where nothing is refunded. They sum to its amount, their parts to its refunds."""
    total = plan.amount + sum(each.amount for each in plan.lapsed)
    if not total:
        return ()
    earlier = replace(plan.book, plans=plan.book.plans[:-1])
    found = _due(ledger, plan, earlier, terms.reading)
    goods = list(plan.due.goods)
    for row in found:
        if row.line is not None:
            goods[row.line] -= row.amount
    lapsed = {each.tender for each in plan.lapsed if each.amount}
    routed: list[UnitRow] = []
    done, before = 0, [0] * len(ledger.order.tenders)
    last = _parts(ledger, earlier, plan.due, total, terms)
    for place, row in enumerate(_netted(found, total)):
        if row.line is not None:
            goods[row.line] += found[place].amount
        done += row.amount
        now = _between(_reached(ledger, earlier, plan, tuple(goods), done, terms), before, last, done)
        parts = [part - had for part, had in zip(now, before, strict=True)]
        gone = sum(parts[tender] for tender in lapsed)
        back = tuple(0 if tender in lapsed else part for tender, part in enumerate(parts))
        routed.append(replace(row, taken_off=row.taken_off + gone, parts=back))
        before = now
    return tuple(routed)


def _reached(ledger: Ledger, earlier: Book, plan: Plan, goods: tuple[int, ...], done: int, terms: Terms) -> list[int]:
    """What the routing gives each tender up to a row, were that all that is due."""
    try:
        return _parts(ledger, earlier, replace(plan.due, goods=goods), done, terms)
    except ValueError:
        # Part of a claim may be due to more than the tenders for its lines; then all of the claim is looked at.
        return _parts(ledger, earlier, plan.due, done, terms)


def _parts(ledger: Ledger, earlier: Book, due: Entitlement, amount: int, terms: Terms) -> list[int]:
    parts = [0] * len(ledger.order.tenders)
    for each in payments_of(ledger, earlier, due, amount, terms.ways):
        parts[each.tender] = each.amount
    return parts


def _between(wanted: Sequence[int], least: Sequence[int], most: Sequence[int], amount: int) -> list[int]:
    """What is wanted, but no less and no more, and `amount` in all: the routing of a part may lie beyond the whole."""
    parts = [min(max(part, low), high) for part, low, high in zip(wanted, least, most, strict=True)]
    for place, (low, high) in enumerate(zip(least, most, strict=True)):
        parts[place] = min(max(parts[place] + amount - sum(parts), low), high)
    return parts


def _due(ledger: Ledger, plan: Plan, earlier: Book, reading: Reading) -> list[UnitRow]:
    """What came due with this plan, with what its own line takes off it."""
    was = entitlement(ledger, earlier.sums, reading=reading)
    left = left_of(ledger.order, earlier.sums)
    prices = prices_of(ledger.order, left.priced, ledger.prices, reading)
    rows: list[UnitRow] = []
    for line, costs in enumerate(map(tail, prices.payable, left.kept)):
        quantity = sum(each.quantity for each in plan.book.plans[-1].returned if each.line == line)
        units = head(costs, quantity)
        first = ledger.order.lines[line].quantity - left.kept[line] + 1
        rows += _of_line(line, first, units, plan.due.goods[line] - was.goods[line])
    rows += [UnitRow(FREIGHT, plan.due.freight - was.freight), UnitRow(TAX, plan.due.tax - was.tax)]
    return [row for row in rows if row.due]


def _of_line(line: int, first: int, units: Runs, came_due: int) -> Iterator[UnitRow]:
    """The units of a line that came back, and what the line came due beyond them, for units that stay."""
    apart = list(_apart(line, first, units))
    more = came_due - total(units)
    off = apportion(min(-more, total(units)), [row.due for row in apart]) if more < 0 and apart else [0] * len(apart)
    yield from (replace(row, taken_off=part) for row, part in zip(apart, off, strict=True))
    if more > 0:
        yield UnitRow(KEPT, more, line)


def _apart(line: int, first: int, units: Runs) -> Iterator[UnitRow]:
    count = sum(size for size, _ in units)
    if count > MOST_APART:
        yield UnitRow(UNIT, total(units), line, first, count)
        return
    for size, value in units:
        for _ in range(size):
            yield UnitRow(UNIT, value, line, first, 1)
            first += 1


def _netted(rows: Sequence[UnitRow], amount: int) -> list[UnitRow]:
    """The rows less what is taken off the refund as a whole; or with what is paid now and was due before."""
    over = sum(row.amount for row in rows) - amount
    if over <= 0:
        return [*rows, *([UnitRow(BEFORE, -over)] if over else [])]
    off = apportion(over, [row.amount for row in rows])
    return [replace(row, taken_off=row.taken_off + part) for row, part in zip(rows, off, strict=True)]

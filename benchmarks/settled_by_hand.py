"""Owns what csflow's settlement is compared with: the same arithmetic for one shape of order, by hand.

Once in whole minor units, once in `decimal`, as one would write it for a shop of one's own: no packs, no books, no
bundles, no claims but these. Both see units one by one, price what is kept with the frozen shares of the offers that
still stand, and route by Sainte-Laguë.
"""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

ZERO, CENT, HUNDRED = Decimal(0), Decimal("0.01"), Decimal(100)

# Line, quantity, whether it keeps the offers, whether the freight goes back with it.
Back = tuple[int, int, bool, bool]


class Offer(NamedTuple):
    """From which base on so much comes off: an amount or a percentage."""

    lines: list[int]
    tiers: list[tuple[Any, Any, Any]]


class Frozen(NamedTuple):
    """An order with its prices: `lists`, `costs`, `freight` and `tax` by line and unit, `shares` by offer as well."""

    quantities: list[int]
    lists: list[list[Any]]
    offers: list[Offer]
    standing: list[int]
    shares: list[dict[int, list[Any]]]
    costs: list[list[Any]]
    freight: list[list[Any]]
    tax: list[list[Any]]
    tenders: list[Any]


class Settled(NamedTuple):
    """What is due in all, by line and for freight and tax, and what each tender gets now."""

    goods: list[Any]
    freight: Any
    tax: Any
    parts: list[Any]


def settle(frozen: Frozen, returned: Sequence[Back], before: Sequence[int]) -> Settled:
    """In whole minor units."""
    kept = list(frozen.quantities)
    priced = list(frozen.quantities)
    carried = list(frozen.quantities)
    for line, quantity, keeps_offers, with_freight in returned:
        kept[line] -= quantity
        if not keeps_offers:
            priced[line] -= quantity
        if with_freight:
            carried[line] -= quantity
    costs = priced_again(frozen, priced)
    goods, freight, tax = [], 0, 0
    for line, count in enumerate(kept):
        goods.append(sum(frozen.costs[line]) - sum(costs[line][priced[line] - count :]))
        freight += sum(frozen.freight[line][: frozen.quantities[line] - carried[line]])
        tax += sum(frozen.tax[line][: frozen.quantities[line] - count])
    done = sum(before)
    amount = max(0, sum(goods) + freight + tax - done)
    target = by_webster(done + amount, frozen.tenders)
    parts = []
    for goal, already in zip(target, before, strict=True):
        part = min(amount, max(0, goal - already))
        parts.append(part)
        amount -= part
    return Settled(goods, freight, tax, parts)


def priced_again(frozen: Frozen, counts: list[int]) -> list[list[int]]:
    if counts == frozen.quantities:
        return frozen.costs
    costs = [units[len(units) - count :] for units, count in zip(frozen.lists, counts, strict=True)]
    for offer, before, shares in zip(frozen.offers, frozen.standing, frozen.shares, strict=True):
        base = sum(sum(costs[line]) for line in offer.lines)
        standing = sum(tier[0] <= base for tier in offer.tiers)
        if standing != before:
            shares = divided(off(offer, standing, base), offer.lines, costs)
        for line in offer.lines:
            units = shares[line]
            own = units[len(units) - counts[line] :]
            costs[line] = [cost - min(cost, share) for cost, share in zip(costs[line], own, strict=True)]
    return costs


def off(offer: Offer, standing: int, base: int) -> int:
    if not standing:
        return 0
    _, amount, percent = offer.tiers[standing - 1]
    return min(base, amount or (base * percent + 50) // 100)


def divided(amount: int, lines: Sequence[int], costs: list[list[int]]) -> dict[int, list[int]]:
    by_line = apportioned(amount, [sum(costs[line]) for line in lines])
    return {line: apportioned(part, costs[line]) for line, part in zip(lines, by_line, strict=True)}


def apportioned(amount: int, weights: list[int]) -> list[int]:
    """By largest remainder, ties to the earlier."""
    whole = sum(weights)
    if not whole:
        weights, whole = [1] * len(weights), len(weights)
    parts, rests = [], []
    for weight in weights:
        part, rest = divmod(amount * weight, whole)
        parts.append(part)
        rests.append(rest)
    short = amount - sum(parts)
    if short:
        for place in sorted(range(len(parts)), key=rests.__getitem__, reverse=True)[:short]:
            parts[place] += 1
    return parts


def by_webster(amount: int, weights: list[int]) -> list[int]:
    """Sainte-Laguë, from a good guess."""
    whole = sum(weights)
    parts = [(2 * weight * amount + whole) // (2 * whole) for weight in weights]
    short = amount - sum(parts)
    while short > 0:
        best = 0
        for place in range(1, len(parts)):
            if weights[place] * (2 * parts[best] + 1) > weights[best] * (2 * parts[place] + 1):
                best = place
        parts[best] += 1
        short -= 1
    while short < 0:
        worst = -1
        for place, part in enumerate(parts):
            if part and (worst < 0 or weights[place] * (2 * parts[worst] - 1) <= weights[worst] * (2 * part - 1)):
                worst = place
        parts[worst] -= 1
        short += 1
    return parts


def settle_in_decimal(frozen: Frozen, returned: Sequence[Back], before: Sequence[Decimal]) -> Settled:
    """In yuan, as `Decimal`."""
    kept = list(frozen.quantities)
    priced = list(frozen.quantities)
    carried = list(frozen.quantities)
    for line, quantity, keeps_offers, with_freight in returned:
        kept[line] -= quantity
        if not keeps_offers:
            priced[line] -= quantity
        if with_freight:
            carried[line] -= quantity
    costs = priced_again_in_decimal(frozen, priced)
    goods, freight, tax = [], ZERO, ZERO
    for line, count in enumerate(kept):
        goods.append(sum(frozen.costs[line], ZERO) - sum(costs[line][priced[line] - count :], ZERO))
        freight += sum(frozen.freight[line][: frozen.quantities[line] - carried[line]], ZERO)
        tax += sum(frozen.tax[line][: frozen.quantities[line] - count], ZERO)
    done = sum(before, ZERO)
    amount = max(ZERO, sum(goods, ZERO) + freight + tax - done)
    target = by_webster_in_decimal(done + amount, frozen.tenders)
    parts = []
    for goal, already in zip(target, before, strict=True):
        part = min(amount, max(ZERO, goal - already))
        parts.append(part)
        amount -= part
    return Settled(goods, freight, tax, parts)


def priced_again_in_decimal(frozen: Frozen, counts: list[int]) -> list[list[Decimal]]:
    if counts == frozen.quantities:
        return frozen.costs
    costs = [units[len(units) - count :] for units, count in zip(frozen.lists, counts, strict=True)]
    for offer, before, shares in zip(frozen.offers, frozen.standing, frozen.shares, strict=True):
        base = sum((sum(costs[line], ZERO) for line in offer.lines), ZERO)
        standing = sum(tier[0] <= base for tier in offer.tiers)
        if standing != before:
            shares = divided_in_decimal(off_in_decimal(offer, standing, base), offer.lines, costs)
        for line in offer.lines:
            units = shares[line]
            own = units[len(units) - counts[line] :]
            costs[line] = [cost - min(cost, share) for cost, share in zip(costs[line], own, strict=True)]
    return costs


def off_in_decimal(offer: Offer, standing: int, base: Decimal) -> Decimal:
    if not standing:
        return ZERO
    _, amount, percent = offer.tiers[standing - 1]
    return min(base, amount or (base * percent / HUNDRED).quantize(CENT, ROUND_HALF_UP))


def divided_in_decimal(amount: Decimal, lines: Sequence[int], costs: list[list[Decimal]]) -> dict[int, list[Decimal]]:
    by_line = apportioned_in_decimal(amount, [sum(costs[line], ZERO) for line in lines])
    return {line: apportioned_in_decimal(part, costs[line]) for line, part in zip(lines, by_line, strict=True)}


def apportioned_in_decimal(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """The remainders are exact, so that ties are ties: a quotient alone is rounded at its 28th digit."""
    whole = sum(weights, ZERO)
    if not whole:
        weights, whole = [Decimal(1)] * len(weights), Decimal(len(weights))
    parts, rests = [], []
    for weight in weights:
        product = amount * weight
        part = (product / whole).quantize(CENT, ROUND_FLOOR)
        parts.append(part)
        rests.append(product - part * whole)
    short = int((amount - sum(parts, ZERO)) / CENT)
    if short:
        for place in sorted(range(len(parts)), key=rests.__getitem__, reverse=True)[:short]:
            parts[place] += CENT
    return parts


def by_webster_in_decimal(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    whole = sum(weights, ZERO)
    parts = [(weight * amount / whole).quantize(CENT, ROUND_HALF_UP) for weight in weights]
    short = amount - sum(parts, ZERO)
    while short > 0:
        best = 0
        for place in range(1, len(parts)):
            if weights[place] * (2 * parts[best] + CENT) > weights[best] * (2 * parts[place] + CENT):
                best = place
        parts[best] += CENT
        short -= CENT
    while short < 0:
        worst = -1
        for place, part in enumerate(parts):
            if part and (worst < 0 or weights[place] * (2 * parts[worst] - CENT) <= weights[worst] * (2 * part - CENT)):
                worst = place
        parts[worst] -= CENT
        short += CENT
    return parts

"""Owns amounts beside the refund: added to it, withheld from it, and claimed by the merchant from another party.

An amount is what is due under its name for the whole order, whenever it is asked: what was booked under that name
before is not paid, taken or claimed again (decision 0030).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from csflow.ledger import Posting, moved, require_balance
from csflow.settlement.budgets import Allowance
from csflow.settlement.orders import CUSTOMER, MERCHANT
from csflow.values.sharing import Share, shared

SUBSIDIES = "subsidies"
MONEY = "money"
MERCHANT_BEARS = (Share(MERCHANT, rest=True),)


@dataclass(frozen=True, slots=True)
class Due:
    """What is due under a name; `shares` say who bears an addition and `form` what is given, `payer` who owes it.

    `allowance`: what the customer's budget leaves for it; without a budget None. `line` is the place of the line that
    an amount is granted for.
    """

    name: str
    amount: int
    shares: tuple[Share, ...] = MERCHANT_BEARS
    payer: str = ""
    form: str = MONEY
    allowance: Allowance | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """All that a claim is about beside what comes back."""

    additions: tuple[Due, ...] = ()
    withholdings: tuple[Due, ...] = ()
    recourse: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """A payment to the customer outside the refund caps: an effect, with the key that every retry of it has.

    In another form than money the amount is what it is worth.
    """

    name: str
    amount: int
    borne: Mapping[str, int]
    key: str
    form: str = MONEY


@dataclass(frozen=True, slots=True)
class Recourse:
    """What the merchant may claim now from a party for what it has borne."""

    name: str
    payer: str
    amount: int
    key: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement of its own beside the refund; its postings sum to zero."""

    name: str
    postings: tuple[Posting, ...]


def withheld_now(asked: Sequence[Due], before: Mapping[str, int], left: int) -> dict[str, int]:
    """What is taken under each name: up to its amount, never more than is `left` to be refunded, in the order given.

    Below zero where less is due under a name than was taken before: that much goes back.
    """
    taken: dict[str, int] = {}
    for each in asked:
        back = before.get(each.name, 0) - each.amount
        if back > 0:
            taken[each.name] = -back
            left += back
    for each in asked:
        part = min(each.amount - before.get(each.name, 0), max(0, left))
        if part > 0:
            taken[each.name] = part
            left -= part
    return taken


def added_now(
    asked: Sequence[Due],
    before: Mapping[str, int],
    borne_before: Mapping[str, Mapping[str, int]],
    ledger: str,
    number: int,
) -> tuple[Addition, ...]:
    """What is paid under each name: its amount less what was paid, or is being paid, under it before.

    `borne_before` is what each party bears of that, by name: its limit holds over all of it.
    """
    found = []
    for each in asked:
        amount = each.amount - before.get(each.name, 0)
        if amount > 0:
            parts = borne(amount, each.shares, borne_before.get(each.name, {}))
            found.append(Addition(each.name, amount, parts, key(ledger, number, each.name), each.form))
    return tuple(found)


def granted_now(asked: Sequence[Due], before: Mapping[str, int]) -> dict[str, int]:
    """What is granted under each name: its amount less what was granted under it before."""
    parts = {each.name: each.amount - before.get(each.name, 0) for each in asked}
    return {name: part for name, part in parts.items() if part > 0}


def by_line(granted: Mapping[int, int], asked: Sequence[Due], now: Mapping[str, int]) -> dict[int, int]:
    """What is granted for each line: what a claim says, and what is granted `now` by name."""
    found = dict(granted)
    for each in asked:
        if each.line is not None and each.name in now:
            found[each.line] = found.get(each.line, 0) + now[each.name]
    return found


def claimed_back(
    asked: Sequence[Due], before: Mapping[str, int], most: int, ledger: str, number: int
) -> tuple[Recourse, ...]:
    """What the merchant claims from others now; with what it claimed before never more than the `most` it has borne."""
    found, left = [], most - sum(before.values())
    for each in asked:
        part = min(each.amount - before.get(each.name, 0), left)
        if part > 0:
            found.append(Recourse(each.name, each.payer, part, key(ledger, number, each.name)))
            left -= part
    return tuple(found)


def entries_of(
    additions: Sequence[Addition], recourse: Sequence[Recourse], subsidies: Mapping[str, int]
) -> tuple[Entry, ...]:
    """Who gives whom what beside the refund: an entry for each addition and claim, and for subsidies taken back."""
    paid = [
        Entry(
            each.name,
            require_balance(part for party, amount in each.borne.items() for part in moved(party, CUSTOMER, amount)),
        )
        for each in additions
    ]
    claimed = [Entry(each.name, require_balance(moved(each.payer, MERCHANT, each.amount))) for each in recourse]
    back = [part for party, amount in subsidies.items() for part in moved(MERCHANT, party, amount)]
    return (*paid, *claimed, *([Entry(SUBSIDIES, require_balance(back))] if back else []))


def borne(amount: int, shares: Sequence[Share], before: Mapping[str, int]) -> dict[str, int]:
    """What each party bears of an amount, without those that bear nothing.

    A limit holds over the order: what a party bore `before` under it counts (decision 0038).
    """
    left = [
        share if share.at_most is None else replace(share, at_most=share.at_most - before.get(share.party, 0))
        for share in shares
    ]
    return {share.party: part for share, part in zip(shares, shared(amount, left), strict=True) if part}


def summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Amounts by name, added up."""
    sums: dict[str, int] = {}
    for part in parts:
        for name, amount in part.items():
            sums[name] = sums.get(name, 0) + amount
    return sums


def is_borne(shares: Sequence[Share]) -> bool:
    """Whether somebody bears whatever the limits leave."""
    return any(share.rest or share.weight for share in shares)


def key(ledger: str, number: int, entry: int | str) -> str:
    """The same on every retry, 64 characters: of the book, the plan and the entry."""
    return hashlib.sha256(f"{ledger}/{number}/{entry}".encode()).hexdigest()

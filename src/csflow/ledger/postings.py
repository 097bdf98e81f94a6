"""Owns one movement of value as double entry: every amount that one account gives another takes."""

from collections.abc import Iterable
from dataclasses import dataclass


class Unbalanced(AssertionError):
    """Postings that do not sum to zero: a bug in csflow, never in what it was given."""


@dataclass(frozen=True, slots=True)
class Posting:
    """`amount` minor units into an account; below zero, out of it."""

    account: str
    amount: int


def moved(giver: str, taker: str, amount: int) -> tuple[Posting, Posting]:
    """`amount` from one account to another."""
    return Posting(giver, -amount), Posting(taker, amount)


def require_balance(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The postings by account, without those that come to nothing. Raises `Unbalanced` where they do not sum to 0."""
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.amount
    if sum(sums.values()):
        raise Unbalanced(f"postings sum to {sum(sums.values())} minor units: {sums}")
    return tuple(Posting(account, amount) for account, amount in sums.items() if amount)

"""Owns which tender a refund goes back to: a monotone function of all that has been refunded, never of one refund.

Source: semantics 8. A refund pays the difference between the function now and what went back before.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from csflow.values.apportioning import by_sainte_lague


class Routing(StrEnum):
    PRO_RATA_ACTUAL = "pro_rata_actual"
    CASH_FIRST = "cash_first"
    FIRST_PAYMENT_FIRST = "first_payment_first"
    LAST_PAYMENT_FIRST = "last_payment_first"


def routed(routing: Routing, refunded: int, paid: Sequence[int], is_cash: Sequence[bool]) -> list[int]:
    """How much of `refunded`, all refunds together, each tender has got back; `paid` in the order of the payments.

    The parts sum to `refunded`, none exceeds what was paid with it, and none shrinks when more is refunded.
    ValueError when more is to be refunded than was paid.
    """
    if not 0 <= refunded <= sum(paid):
        raise ValueError(f"{refunded} of {sum(paid)} minor units cannot be refunded")
    return _ROUTES[routing](refunded, paid, is_cash)


def next_refund(target: Sequence[int], before: Sequence[int], amount: int) -> list[int]:
    """What each tender gets of a refund of `amount`: towards the target, beyond nothing that it got before.

    Where an earlier refund went otherwise (by the customer's choice, say), what is over goes to the others in order.
    """
    due = [max(0, goal - done) for goal, done in zip(target, before, strict=True)]
    return filled(amount, due, range(len(due)))


def filled(amount: int, limits: Sequence[int], order: Sequence[int]) -> list[int]:
    """`amount` given to each in this order, up to its limit; what is beyond all limits is nobody's."""
    parts = [0] * len(limits)
    for place in order:
        parts[place] = min(amount, limits[place])
        amount -= parts[place]
    return parts


_ROUTES: Mapping[Routing, Callable[[int, Sequence[int], Sequence[bool]], list[int]]] = {
    Routing.PRO_RATA_ACTUAL: lambda refunded, paid, is_cash: by_sainte_lague(refunded, paid),
    Routing.CASH_FIRST: lambda refunded, paid, is_cash: filled(
        refunded, paid, sorted(range(len(paid)), key=lambda place: not is_cash[place])
    ),
    Routing.FIRST_PAYMENT_FIRST: lambda refunded, paid, is_cash: filled(refunded, paid, range(len(paid))),
    Routing.LAST_PAYMENT_FIRST: lambda refunded, paid, is_cash: filled(refunded, paid, range(len(paid))[::-1]),
}

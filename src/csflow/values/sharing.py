"""Owns who bears a cost: an amount divided among parties by limits, ratios and a rest. The parts sum to the amount."""

from collections.abc import Sequence
from dataclasses import dataclass

from csflow.values.apportioning import apportion


@dataclass(frozen=True, slots=True)
class Share:
    """The part of one party: in a ratio (`weight`), up to a limit (`at_most`), or what is left (`rest`).

    With a limit alone the party bears all of it before any ratio is looked at (a carrier's insured value, say). A limit
    below zero is zero: nobody gains by a cost.
    """

    party: str
    weight: int = 0
    at_most: int | None = None
    rest: bool = False


def shared(amount: int, shares: Sequence[Share]) -> list[int]:
    """What each party bears, in the order listed: by largest remainder, ties to the party listed first.

    What a limit cuts off goes to the rest. ValueError where something is left and no party bears the rest.
    """
    parts = [0] * len(shares)
    left = amount
    for place, share in enumerate(shares):
        if not share.weight and not share.rest:
            parts[place] = min(left, max(0, share.at_most or 0))
            left -= parts[place]
    weighed = [place for place, share in enumerate(shares) if share.weight]
    divided = apportion(left, [shares[place].weight for place in weighed]) if weighed else []
    for place, part in zip(weighed, divided, strict=True):
        limit = shares[place].at_most
        parts[place] = part if limit is None else min(part, max(0, limit))
    over = amount - sum(parts)
    bearer = next((place for place, share in enumerate(shares) if share.rest), None)
    if bearer is not None:
        parts[bearer] += over
    elif over:
        raise ValueError(f"{over} of {amount} minor units are borne by nobody")
    return parts

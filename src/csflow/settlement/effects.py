"""Owns what a host has to do besides paying: effects as data, each with its key and the events that report on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from csflow.settlement.lines import key


@dataclass(frozen=True, slots=True)
class Wanted:
    """An effect that follows from a claim; `of` says which amount it is about: refunded, returned or none."""

    name: str
    of: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What is to be done, about `amount` minor units where it is about one; the same `key` on every retry.

    `done` and `failed` are the events that report its end to a flow.
    """

    name: str
    of: str
    amount: int | None
    key: str
    done: str
    failed: str


def reports_of(name: str) -> dict[str, str]:
    """The events that report on an effect of that name."""
    named = name.partition("/")[0]
    return {"done": f"{named}.done", "failed": f"{named}.failed"}


def effects_of(wanted: Sequence[Wanted], refunded: int, returned: int, ledger: str, number: int) -> tuple[Effect, ...]:
    """The effects of one plan, whose refund is `refunded` and whose goods that came back now are worth `returned`."""
    amounts = {"refunded": refunded, "returned": returned}
    return tuple(
        Effect(
            each.name,
            each.of,
            amounts.get(each.of),
            key(ledger, number, each.name),
            **reports_of(each.name),
        )
        for each in wanted
    )

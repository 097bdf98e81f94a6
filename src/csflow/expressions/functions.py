"""Owns the functions an expression may call: their names, argument kinds and results.

What they compute is for the engines; the list is closed, so that every engine knows all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from csflow.values.kinds import BOOL, DATE, DATETIME, DAYS, LIABILITY, Kind, money


@dataclass(frozen=True, slots=True)
class Signature:
    """`arguments`: for each argument the names of the kinds it takes.

    A result of kind money has the pack's currency.
    """

    arguments: tuple[frozenset[str], ...]
    result: Kind


def _kinds(*names: str) -> frozenset[str]:
    return frozenset(names)


_MOMENT = _kinds("datetime", "date")

FUNCTIONS: Mapping[str, Signature] = {
    # The exclusive end of a window that was started at an instant.
    "deadline": Signature((_kinds("window"), _kinds("datetime")), DATETIME),
    # Whether an event (third) comes before the end of a window started at an instant (second).
    "within": Signature((_kinds("window"), _kinds("datetime"), _kinds("datetime")), BOOL),
    # Local dates from the first to the second; negative when the second is earlier.
    "days_between": Signature((_MOMENT, _MOMENT), DAYS),
    # The local date of an instant, in the pack's zone.
    "date_of": Signature((_kinds("datetime"),), DATE),
    # Who answers by default for a reason, as the reason tree says.
    "liability_of": Signature((_kinds("reason"),), LIABILITY),
    # How much a role may approve, itself or as one that stands above others.
    "authority_of": Signature((_kinds("role"),), money("")),
}

# Functions whose arguments say what comes out: over the records of a list, or over values of one kind.
AGGREGATES = frozenset({"sum", "count", "min", "max"})
EXTREMES = frozenset({"min", "max"})
# prorate(amount, part, whole): the share of an amount that a part of a whole has.
PRORATE = "prorate"

ALL_FUNCTIONS = frozenset({*FUNCTIONS, *AGGREGATES, PRORATE})

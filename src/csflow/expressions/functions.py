"""Owns the functions an expression may call: their names, argument kinds and results.

What they compute is for the engines; the list is closed, so that every engine knows all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from csflow.values.kinds import BOOL, DATE, DATETIME, DAYS, LIABILITY, Kind


@dataclass(frozen=True, slots=True)
class Signature:
    """`arguments`: for each argument the names of the kinds it takes."""

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
}

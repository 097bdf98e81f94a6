"""Owns what an engine knows when it does not know: why a value is unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is unknown.

    `kind` is fact (not given), decision (not decided; `status` says how), edition (none in force, or
    no governing date), instant (editions are chosen by that of the decision, and none was given), layers (two of one
    rank) or calendar (beyond its horizon); `name` is the fact, decision, parameter, calendar or zone.
    """

    kind: str
    name: str
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be known from what was given."""

    causes: tuple[Cause, ...]


def merged(values: Iterable[Any]) -> Unknown:
    """One unknown with the causes of every unknown among `values`, each once, in their order."""
    causes = dict.fromkeys(cause for value in values if isinstance(value, Unknown) for cause in value.causes)
    return Unknown(tuple(causes))

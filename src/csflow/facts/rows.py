"""Owns checked facts as a row: by the place of a fact in the sheet, in held form, a symbol as its place in its kind.

Of an optional fact that was not given a row has the place behind the last symbol, or `ABSENT`; of any other
`NOT_GIVEN`. Programs dispatch on rows; what they compute they read from facts by path.
"""

from collections.abc import Mapping
from typing import Any

from csflow.pack.model import Fact, LinkedPack
from csflow.values.kinds import Kind


class Absent:
    """The value of an optional fact that was not given."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


class NotGiven:
    """What a row has for a fact that is unknown. INVARIANT: whatever asks something of it has a KeyError."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def _asked(self, *others: Any) -> Any:
        raise KeyError(self)

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _asked
    __add__ = __radd__ = __sub__ = __hash__ = __bool__ = __index__ = _asked


ABSENT = Absent()
NOT_GIVEN = NotGiven()

Row = tuple[Any, ...]


class Facts:
    """Checked facts: `values` by path, in held form, and the same as a `row`. Of the values an optional one that was
    not given is `ABSENT`; any other that was not given is not there, and so unknown."""

    __slots__ = ("row", "values")

    def __init__(self, values: Mapping[str, Any], row: Row) -> None:
        self.values = values
        self.row = row

    def __repr__(self) -> str:
        return f"Facts({sorted(self.values)})"


def facts_of(pack: LinkedPack, values: Mapping[str, Any]) -> Facts:
    """Facts of checked values, those that are absent among them."""
    return Facts(values, tuple(_in_row(fact, values.get(path, NOT_GIVEN)) for path, fact in pack.facts.items()))


def from_row(pack: LinkedPack, row: Row) -> Facts:
    """The facts of which this is the row."""
    given = zip(pack.facts.values(), row, strict=True)
    return Facts({fact.path: _held(fact.kind, value) for fact, value in given if value is not NOT_GIVEN}, row)


def places_of(kind: Kind) -> dict[Any, int]:
    """What a row has for each symbol of a kind, and for `ABSENT`."""
    return {symbol: place for place, symbol in enumerate((*kind.symbols, ABSENT))}


def _in_row(fact: Fact, held: Any) -> Any:
    return places_of(fact.kind)[held] if fact.kind.is_symbolic and held is not NOT_GIVEN else held


def _held(kind: Kind, value: Any) -> Any:
    return (*kind.symbols, ABSENT)[value] if kind.is_symbolic else value

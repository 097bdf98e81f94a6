"""Owns checked facts as a row: by the place of a fact in the sheet, in held form, a symbol as its place in its kind.

Of an optional fact that was not given a row has the place behind the last symbol, or `ABSENT`; of any other
`NOT_GIVEN`. Programs dispatch on rows; what they compute they read from facts by path.
"""

from collections.abc import Mapping
from sys import intern
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
    __add__ = __radd__ = __sub__ = __mul__ = __hash__ = __bool__ = __index__ = _asked


ABSENT = Absent()
NOT_GIVEN = NotGiven()

Row = tuple[Any, ...]
# For each place of a row the path of the fact, and the symbols that the places of its kind stand for.
Ways = tuple[tuple[str, tuple[Any, ...] | None], ...]


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


class Rewriter:
    """Gives facts in which a few values are others, without looking at the rest again."""

    def __init__(self, pack: LinkedPack) -> None:
        self._places = {
            path: (place, places_of(fact.kind) if fact.kind.is_symbolic else None)
            for place, (path, fact) in enumerate(pack.facts.items())
        }

    def with_values(self, facts: Facts, changed: Mapping[str, Any]) -> Facts:
        """The facts with these values, in held form."""
        row = list(facts.row)
        for path, held in changed.items():
            place, symbols = self._places[path]
            row[place] = held if symbols is None else symbols[held]
        return Facts({**facts.values, **changed}, tuple(row))


def from_row(pack: LinkedPack, row: Row) -> Facts:
    """The facts of which this is the row."""
    return Facts(values_of(ways_of(pack), row), row)


def ways_of(pack: LinkedPack) -> Ways:
    """How a row of the pack is read."""
    return tuple(
        (fact.path, (*fact.kind.symbols, ABSENT) if fact.kind.is_symbolic else None) for fact in pack.facts.values()
    )


def values_of(ways: Ways, row: Row) -> dict[str, Any]:
    """What a row has, by path, in held form."""
    return {
        path: value if symbols is None else symbols[value]
        for (path, symbols), value in zip(ways, row, strict=True)
        if value is not NOT_GIVEN
    }


def places_of(kind: Kind) -> dict[Any, int]:
    """What a row has for each symbol of a kind, and for `ABSENT`."""
    return {_interned(symbol): place for place, symbol in enumerate((*kind.symbols, ABSENT))}


def _in_row(fact: Fact, held: Any) -> Any:
    if not fact.kind.is_symbolic or held is NOT_GIVEN:
        return held
    symbols = fact.kind.symbols
    return len(symbols) if held is ABSENT else symbols.index(held)


def _interned(symbol: Any) -> Any:
    """A symbol as the one object that Python has for the words of a program: as a key, it is found by being it."""
    return intern(symbol) if isinstance(symbol, str) else symbol

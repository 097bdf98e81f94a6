"""Owns the fast way of facts: the fact sheet as Python that checks dictionaries of records and gives a row.

It knows one shape, `{record: {field: value}}` of plain dictionaries, and raises one of `UNUSUAL` at whatever else it
meets. Then the reader (`factsheet`) takes the same facts again, and it alone says what is wrong with them.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from itertools import groupby
from typing import Any

from csflow.facts.factsheet import read_facts
from csflow.facts.records import in_dictionaries
from csflow.facts.rows import ABSENT, NOT_GIVEN, Facts, Row, places_of, values_of, ways_of
from csflow.pack.model import Fact, LinkedPack
from csflow.values.decoding import Misfit, bounds_of, from_value
from csflow.values.kinds import Kind


class Unusual(Exception):
    """Facts that the fast way does not take."""


# INVARIANT: a KeyError or TypeError is a key or a symbol that is not declared, or something that has no hash.
UNUSUAL = (Unusual, KeyError, TypeError, Misfit)

# How the lines of a decoder call a fact, by its place; and how it is read in the row.
LOCAL, ROW = "x{}", "w[{}]"

# Kinds that Python and JSON have, and that are checked in place.
_WHOLE = frozenset({"int", "quantity", "days"})


class Decoder:
    """The fact sheet of a pack compiled. Safe to share between threads.

    `lines`, over a dictionary `given` and the `names`, check it and give what its row has, each as a `LOCAL`, or raise
    one of `UNUSUAL`; `to_row` makes of these the row `w`. They stand at the beginning of a program, since one call more
    is what checking costs.
    """

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._ways = ways_of(pack)
        self.names: dict[str, Any] = {
            "NOT_GIVEN": NOT_GIVEN,
            "ABSENT": ABSENT,
            "none_or": _none_or,
            "filled": _filled,
        }
        self.names |= {"type": type, "len": len, "dict": dict, "int": int}
        self.to_row = f"w = ({''.join(f'{LOCAL.format(place)}, ' for place, _ in enumerate(pack.facts))})"
        self._fast = self._compiled()

    def facts(self, given: Any) -> Facts:
        """Checked facts of whatever `records.in_dictionaries` takes. Raises `FactError` with every finding."""
        return self._quick(given) or self._read(given)

    def _quick(self, given: Any) -> Facts | None:
        if type(given) is not dict:
            return None
        try:
            row = self._fast(given)
        except UNUSUAL:
            return None
        return Facts(self.by_path(row), row)

    def _read(self, given: Any) -> Facts:
        plain, missing = in_dictionaries(self._pack, given)
        quick = None if missing else self._quick(plain)
        return quick or read_facts(self._pack, plain, found=missing)

    def row(self, given: Any) -> Row:
        """Their row."""
        return self.facts(given).row

    def by_path(self, row: Row) -> dict[str, Any]:
        """What a row has, by path."""
        return values_of(self._ways, row)

    def _compiled(self) -> Callable[[Any], Row]:
        text = "\n ".join(["def fast(given):", *self.lines(), self.to_row, "return w"])
        exec(compile(text, "<csflow facts>", "exec"), self.names)
        fast: Callable[[Any], Row] = self.names.pop("fast")
        return fast

    def lines(self, told: Container[int] = ()) -> Iterator[str]:
        """The lines. Whether it is True or False, or a number within its bounds, is left to what comes after them of
        the facts at the places `told`."""
        places = {path: place for place, path in enumerate(self._pack.facts)}
        by_record = sorted(self._pack.facts.values(), key=_record_of)
        records = [list(facts) for _, facts in groupby(by_record, key=_record_of)]
        self.names["blank"] = dict.fromkeys(_record_of(facts[0]) for facts in records)
        yield f"if len(given) != {len(records)}: given = filled(given, blank)"
        for number, facts in enumerate(records):
            self.names[f"blank{number}"] = dict.fromkeys(map(_field_of, facts))
            yield f"r = given[{_record_of(facts[0])!r}]"
            yield f"if type(r) is not dict or len(r) != {len(facts)}: r = filled(r, blank{number})"
            # All is read before anything is checked: what is far away in memory comes meanwhile.
            yield from (self._read_of(fact, places[fact.path]) for fact in facts)
            for fact in facts:
                yield from self._check(fact, places[fact.path], told)

    def _read_of(self, fact: Fact, place: int) -> str:
        """The line that reads a value; a symbol, checked by being looked up, as what a row has for it."""
        value = f"r[{_field_of(fact)!r}]"
        if fact.kind.is_symbolic:
            known = places_of(fact.kind)
            behind = known.pop(ABSENT)
            self.names[f"place{place}"] = known | {None: behind if fact.optional else NOT_GIVEN}
            value = f"place{place}[{value}]"
        return f"{LOCAL.format(place)} = {value}"

    def _check(self, fact: Fact, place: int, told: Container[int]) -> Iterator[str]:
        """Lines that make of a value what a row has for it."""
        kind, missing, x = fact.kind, "ABSENT" if fact.optional else "NOT_GIVEN", LOCAL.format(place)
        if kind.is_symbolic:
            return
        if kind.name == "bool":
            if place not in told:
                yield f"if {x} is not True and {x} is not False: {x} = none_or({x}, {missing})"
            return
        self.names[f"read{place}"] = _records_of(kind) if kind.name == "list" else _reading(kind)
        if (bounds := compared_bounds(kind)) is not None:
            beyond = "" if place in told else f" or {x} < {bounds[0]} or {x} > {bounds[1]}"
            yield f"if type({x}) is not int{beyond}:"
            yield f" {x} = {missing} if {x} is None else read{place}({x})"
        else:
            yield f"{x} = {missing} if {x} is None else read{place}({x})"


def compared_bounds(kind: Kind) -> tuple[int, int] | None:
    """The bounds of a number that is checked by comparing it with them; None of any other kind."""
    return bounds_of(kind) if kind.name in _WHOLE else None


def _filled(given: Any, blank: dict[str, None]) -> dict[Any, Any]:
    """A dictionary with None for what was not given; with any other key it is unusual."""
    if given is None:
        return dict(blank)
    if type(given) is not dict:
        raise Unusual
    found = {**blank, **given}
    if len(found) != len(blank):
        raise Unusual
    return found


def _none_or(value: Any, missing: Any) -> Any:
    """What stands for a value that is not given; anything else is unusual."""
    if value is not None:
        raise Unusual
    return missing


def _reading(kind: Kind) -> Callable[[Any], Any]:
    return lambda value: from_value(kind, value)


def _records_of(kind: Kind) -> Callable[[Any], tuple[Mapping[str, Any], ...]]:
    """What reads the records of a list."""
    kinds = {member.name: member.kind for member in kind.members}
    blank = {member.name: ABSENT for member in kind.members if member.optional}

    def record(given: Any) -> Mapping[str, Any]:
        if type(given) is not dict:
            raise Unusual
        return blank | {name: from_value(kinds[name], value) for name, value in given.items() if value is not None}

    def records(given: Any) -> tuple[Mapping[str, Any], ...]:
        assert kind.max_items is not None  # INVARIANT: every list has a bound.
        if type(given) not in (list, tuple) or len(given) > kind.max_items:
            raise Unusual
        return tuple([record(each) for each in given])

    return records


def _record_of(fact: Fact) -> str:
    return fact.path.partition(".")[0]


def _field_of(fact: Fact) -> str:
    return fact.path.partition(".")[2]

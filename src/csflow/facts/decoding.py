"""Owns the fast way of facts: the fact sheet as Python that checks dictionaries of records and gives a row.

It knows one shape, `{record: {field: value}}` of plain dictionaries, and raises one of `UNUSUAL` at whatever else it
meets. Then the reader (`factsheet`) takes the same facts again, and it alone says what is wrong with them.
"""

from collections.abc import Callable, Iterator, Mapping
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

# How the lines of a decoder call a fact, by its place.
LOCAL = "x{}"

# Kinds that Python and JSON have, and that are checked in place.
_WHOLE = frozenset({"int", "quantity", "days"})


class Decoder:
    """The fact sheet of a pack compiled. Safe to share between threads.

    `lines`, over a dictionary `given` and the `names`, make a row `w` or raise one of `UNUSUAL`; they stand at the
    beginning of a program, since one call more is what checking costs.
    """

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._ways = ways_of(pack)
        self.names: dict[str, Any] = {"NOT_GIVEN": NOT_GIVEN, "ABSENT": ABSENT, "Unusual": Unusual, "none_or": _none_or}
        self.names |= {"type": type, "len": len, "dict": dict, "int": int}
        self.lines = tuple(self._lines())
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
        text = "\n ".join(["def fast(given):", *self.lines, "return w"])
        exec(compile(text, "<csflow facts>", "exec"), self.names)
        fast: Callable[[Any], Row] = self.names.pop("fast")
        return fast

    def _lines(self) -> Iterator[str]:
        places = {path: place for place, path in enumerate(self._pack.facts)}
        by_record = sorted(self._pack.facts.values(), key=_record_of)
        records = [list(facts) for _, facts in groupby(by_record, key=_record_of)]
        yield "g = given"
        yield from self._filled("g", [_record_of(facts[0]) for facts in records])
        for number, facts in enumerate(records):
            yield f"r = g[{_record_of(facts[0])!r}]"
            yield f"if type(r) is not dict: r = none_or(r, blank_r{number})"
            yield from self._filled("r", [_field_of(fact) for fact in facts], str(number))
            for fact in facts:
                place = str(places[fact.path])
                yield from self._value(LOCAL.format(place), f"r[{_field_of(fact)!r}]", place, fact)
        yield f"w = ({''.join(f'{LOCAL.format(place)}, ' for place in places.values())})"

    def _filled(self, name: str, keys: list[str], number: str = "") -> Iterator[str]:
        """Lines that fill a dictionary with what was not given, and refuse one with any other key."""
        self.names[f"blank_{name}{number}"] = dict.fromkeys(keys)
        yield f"if len({name}) != {len(keys)}:"
        yield f" {name} = {{**blank_{name}{number}, **{name}}}"
        yield f" if len({name}) != {len(keys)}: raise Unusual"

    def _value(self, name: str, value: str, place: str, fact: Fact) -> Iterator[str]:
        """Lines that give the name to what a row has for the value of a fact."""
        kind, missing = fact.kind, "ABSENT" if fact.optional else "NOT_GIVEN"
        if kind.is_symbolic:
            known = places_of(kind)
            behind = known.pop(ABSENT)
            self.names[f"place{place}"] = known | {None: behind if fact.optional else NOT_GIVEN}
            yield f"{name} = place{place}[{value}]"
            return
        yield f"{name} = {value}"
        if kind.name == "bool":
            yield f"if {name} is not True and {name} is not False: {name} = none_or({name}, {missing})"
        elif kind.name in _WHOLE:
            low, high = bounds_of(kind)
            self.names[f"read{place}"] = _reading(kind)
            yield f"if type({name}) is not int or {name} < {low} or {name} > {high}:"
            yield f" {name} = {missing} if {name} is None else read{place}({name})"
        else:
            self.names[f"read{place}"] = _records_of(kind) if kind.name == "list" else _reading(kind)
            yield f"{name} = {missing} if {name} is None else read{place}({name})"


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

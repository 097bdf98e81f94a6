"""The fast way of facts gives what the reader gives, in every case: the same facts, or the same findings."""

import datetime as dt
import os
from collections import OrderedDict, UserString
from dataclasses import replace
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csflow import FactError, Money
from csflow.facts import ABSENT, NOT_GIVEN, Decoder, Facts, facts_of, from_row, read_facts
from csflow.facts.records import in_dictionaries
from csflow.pack.model import Fact, LinkedPack
from csflow.values.decoding import bounds_of
from csflow.values.kinds import Kind, Member

from .shop import SHOP, found

EXAMPLES = 20_000 if os.environ.get("CSFLOW_SOAK") == "1" else 600
MARK = next(iter(SHOP.linked.facts.values())).mark


class Whole(int):
    """An int that says it is within any bounds."""

    def __lt__(self, other: object) -> bool:
        return False

    __gt__ = __lt__


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "other"


class Liar(str):
    """A text that is another one as a key."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other == "b"

    def __hash__(self) -> int:
        return hash("b")


class Colour(Enum):
    A = "a"
    B = 2


class Shade(StrEnum):
    A = "a"
    Z = "z"


class Level(IntEnum):
    ONE = 1


SYMBOLS = ("a", "b", "c")
SIMPLE = [
    Kind("bool"),
    Kind("enum", symbols=SYMBOLS),
    Kind("code", symbols=SYMBOLS),
    Kind("int", low=-3, high=300),
    Kind("int"),
    Kind("quantity"),
    Kind("days", low=0, high=20),
    Kind("decimal", places=2),
    Kind("percent", places=2),
    Kind("money", currency="CNY", low=0, high=10_000),
    Kind("text", max_length=4),
    Kind("date"),
    Kind("datetime"),
    Kind("duration"),
]
members = st.builds(
    Member, st.sampled_from(["x", "y"]), st.sampled_from(SIMPLE), optional=st.booleans(), pii=st.booleans()
)
lists = st.lists(members, min_size=1, max_size=2, unique_by=lambda member: member.name).map(
    lambda some: Kind("list", max_items=2, members=tuple(some))
)
kinds = st.sampled_from(SIMPLE) | lists
PATHS = [f"{record}.{field}" for record in ("r", "s", "t") for field in ("x", "y", "z")]


@st.composite
def sheets(draw: Any) -> LinkedPack:
    paths = draw(st.lists(st.sampled_from(PATHS), unique=True, max_size=6))
    facts = {path: Fact(path, draw(kinds), draw(st.booleans()), draw(st.booleans()), False, MARK) for path in paths}
    return replace(SHOP.linked, facts=facts)


NUMBERS = [0, 1, 20, 21, -1, -3, -4, 300, 301, 10**12, 10**12 + 1, 10**18, -(10**30), 2**70]
ODD: list[Any] = [
    *(
        None,
        True,
        False,
        1.0,
        0.5,
        float("nan"),
        Decimal("1.25"),
        Decimal("NaN"),
        Whole(7),
        Whole(10**13),
        Level.ONE,
    ),
    *("a", "b", "c", "A", "z", "", "14 days", "48 hours", "80%", "1.25", "12.34 CNY", "12.34 USD", "2025-11-10"),
    *("2025-11-10T20:00:00+08:00", "\ud800", "long text", Text("a"), Text("x"), Liar("a"), UserString("a"), b"a"),
    *(Colour.A, Colour.B, Shade.A, Shade.Z, Money("12.34 CNY"), Money("1 USD"), dt.date(2025, 11, 10)),
    *(dt.datetime(2025, 11, 10, tzinfo=dt.UTC), dt.datetime(2025, 11, 10), dt.timedelta(hours=3), (), object()),
    *({"amount": "12.34", "currency": "CNY"}, {"amount": 1}, [None], [{}], [{"x": "a"}, {"y": None}], [[]], {}),
    *([{"x": 1}] * 3, ({"x": "a", "z": 1},), [OrderedDict(x=True)], {"a"}, ABSENT, NOT_GIVEN.__class__),
]
EVERY = [*NUMBERS, *ODD]
numbers, odd = st.sampled_from(NUMBERS), st.sampled_from(ODD)
items = st.lists(st.dictionaries(st.sampled_from(["x", "y", "z"]), numbers | odd, max_size=2), max_size=3)
values = st.none() | numbers | odd | st.booleans() | st.sampled_from(SYMBOLS) | items
fields = st.sampled_from(["x", "y", "z", "w", "r.x", Text("x"), 5, None])
records = st.dictionaries(fields, values, max_size=3)
keys = st.sampled_from(["r", "s", "t", "q", *PATHS[:4], "x", Text("r"), 5, None])
inputs = st.dictionaries(keys, records | records.map(OrderedDict) | values, max_size=3)


@st.composite
def cases(draw: Any) -> tuple[LinkedPack, Any]:
    """A fact sheet and facts for it: anything, or a value of its kind for each, but that some are left out or odd."""
    pack = draw(sheets())
    if draw(st.integers(0, 3)) == 0 or not pack.facts:
        return pack, draw(inputs)
    given: dict[Any, Any] = {path.partition(".")[0]: {} for path in pack.facts}
    for path, fact in pack.facts.items():
        record, _, field = path.partition(".")
        given[record][field] = draw(fitting(fact.kind))
    # INVARIANT: one oddity a case, for one that is noticed hides the next.
    path = draw(st.sampled_from(sorted(pack.facts)))
    record, _, field = path.partition(".")
    match draw(st.integers(0, 5)):
        case 0:
            del given[record][field]
        case 1:
            given[draw(keys)] = draw(values)
        case 2:
            given[record][draw(fields)] = draw(values)
        case 3:
            given[record] = OrderedDict(given[record])
        case _:
            given[record][field] = draw(tempting(pack.facts[path].kind) | values)
    return pack, given


def tempting(kind: Kind) -> st.SearchStrategy[Any]:
    """What is nearly of a kind."""
    if kind.name in ("int", "quantity", "days"):
        low, high = bounds_of(kind)
        return st.sampled_from([low - 1, low, high, high + 1, True, Whole(high), Whole(high + 1), None, "1", 1.0])
    if kind.name == "bool":
        return st.sampled_from([0, 1, 1.0, "true", None, Level.ONE])
    if kind.is_symbolic:
        return st.sampled_from(
            [None, Text("a"), Liar("a"), UserString("a"), Colour.A, Colour.B, Shade.A, Shade.Z, "A", []]
        )
    if kind.name == "list":
        fit = fitting(kind.members[0].kind) | st.none()
        records = st.dictionaries(st.just(kind.members[0].name), fit, max_size=1)
        return st.lists(records, max_size=4) | st.tuples(records, records.map(OrderedDict)) | st.none()
    return st.none()


def fitting(kind: Kind) -> st.SearchStrategy[Any]:
    if kind.is_symbolic:
        return st.sampled_from(kind.symbols)
    if kind.name == "list":
        return st.lists(
            st.fixed_dictionaries({member.name: fitting(member.kind) for member in kind.members}), max_size=2
        )
    return {
        "bool": st.booleans(),
        "int": st.integers(kind.low or 0, kind.high or 9),
        "quantity": st.integers(0, 9),
        "days": st.integers(0, 20),
        "decimal": st.just("1.25"),
        "percent": st.just("80%"),
        "money": st.just("12.34 CNY"),
        "text": st.just("abcd"),
        "date": st.just("2025-11-10"),
        "datetime": st.just("2025-11-10T20:00:00+08:00"),
        "duration": st.just("48 hours"),
    }[kind.name]


def told(read: Any) -> Any:
    """What comes of reading facts, with the types of what is held."""
    try:
        facts: Facts = read()
    except FactError as refused:
        return found(refused.diagnostics)
    return [facts.row, *sorted((path, held, type(held)) for path, held in facts.values.items())]


@given(cases())
@example((SHOP.linked, {"claim": {"is_member": 1}}))
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_fast_way_gives_what_the_reader_gives(case: tuple[LinkedPack, Any]) -> None:
    pack, given = case
    plain, missing = in_dictionaries(pack, given)
    assert told(lambda: Decoder(pack).facts(given)) == told(lambda: read_facts(pack, plain, found=missing))


LISTS = [
    Kind("list", max_items=2, members=(Member("x", kind, is_optional), Member("y", Kind("bool"), True)))
    for kind in SIMPLE
    for is_optional in (True, False)
]
IN_LISTS = [*([{"x": value}] for value in EVERY), *([{"x": None}] * count for count in (1, 2, 3)), [{"y": True}, {}]]


@pytest.mark.parametrize("kind", SIMPLE + LISTS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("is_optional", [False, True])
def test_every_value_alone_is_taken_or_refused_as_the_reader_does(kind: Kind, is_optional: bool) -> None:
    pack = replace(SHOP.linked, facts={"r.x": Fact("r.x", kind, is_optional, False, False, MARK)})
    decoder = Decoder(pack)
    for value in EVERY + (IN_LISTS if kind.name == "list" else []):
        for form in ({"r": {"x": value}}, {"r.x": value}, {"r": OrderedDict(x=value)}):
            plain, missing = in_dictionaries(pack, form)
            read = told(lambda plain=plain, missing=missing: read_facts(pack, plain, found=missing))
            assert told(lambda form=form: decoder.facts(form)) == read, form


@given(cases())
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_reader_says_the_same_of_facts_that_are_made_plain(case: tuple[LinkedPack, Any]) -> None:
    """Nothing is lost or repaired on the way, but that members of enumerations stand for their values."""
    pack, given = case
    if not any(isinstance(value, Enum) for value in _leaves(given)):
        plain, missing = in_dictionaries(pack, given)
        assert told(lambda: read_facts(pack, plain, found=missing)) == told(lambda: read_facts(pack, given))


@given(cases())
@settings(max_examples=200, deadline=None)
def test_a_row_says_what_the_values_say(case: tuple[LinkedPack, Any]) -> None:
    pack, given = case
    try:
        facts = Decoder(pack).facts(given)
    except FactError:
        return
    assert from_row(pack, facts.row).values == facts.values
    assert repr(facts_of(pack, facts.values).row) == repr(facts.row)


def test_what_is_given_is_left_as_it_was() -> None:
    given = {"order": {"paid": "12.34 CNY"}, "claim": None}
    SHOP.facts(given)
    assert given == {"order": {"paid": "12.34 CNY"}, "claim": None}


@pytest.mark.parametrize(
    "ask",
    [
        *(lambda row: row == 1, lambda row: row < 1, lambda row: row >= 1, lambda row: row in {1}, lambda row: not row),
        *(lambda row: [1][row], lambda row: {1: 1}[row], lambda row: row + 1, lambda row: 0 + row, lambda row: row - 1),
    ],
)
def test_a_fact_that_is_not_given_says_so_whatever_a_row_is_asked(ask: Any) -> None:
    with pytest.raises(KeyError):
        ask(NOT_GIVEN)


def _leaves(thing: Any) -> Any:
    if isinstance(thing, dict):
        for value in thing.values():
            yield from _leaves(value)
    elif isinstance(thing, (list, tuple)):
        for value in thing:
            yield from _leaves(value)
    else:
        yield thing

"""Facts from what a backend has: JSON text, and dataclasses, pydantic models, SQLAlchemy objects and plain ones."""

import datetime as dt
import enum
from collections import namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pydantic
import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from csflow import FactError, Money, load_pack
from csflow.facts import ABSENT

from .shop import FILES, refused

SHEET = """\
facts:
  order:
    total: {type: money, min: 0 CNY, max: 1000 CNY}
    paid_at: {type: datetime}
    channel: {type: enum, of: [app, shop]}
    note: {type: text, max_length: 8, optional: true}
    weight: {type: decimal, places: 2, optional: true}
  buyer:
    is_member: {type: bool}
  bag:
    lines:
      max_items: 3
      each:
        sku: {type: text, max_length: 8}
        quantity: {type: int, min: 1, max: 99}
        shade: {type: enum, of: [red, blue], optional: true}
"""
BASIS = {name: content for name, content in FILES.items() if name == "pack.yaml" or name.startswith("calendars/")}
PACK = load_pack(BASIS | {"facts.yaml": SHEET.encode()})
NOON = dt.datetime(2025, 11, 10, 12, tzinfo=dt.UTC)
IN_DICTIONARIES = {
    "order": {"total": "12.34 CNY", "paid_at": NOON, "channel": "app", "note": None, "weight": Decimal("0.25")},
    "buyer": {"is_member": True},
    "bag": {"lines": [{"sku": "A", "quantity": 2, "shade": "red"}, {"sku": "B", "quantity": 1, "shade": None}]},
}


class Channel(enum.Enum):
    APP = "app"
    SHOP = "shop"


class Shade(enum.StrEnum):
    RED = "red"


# The same order in four ways; each class has attributes that are no facts.


@dataclass
class LineClass:
    sku: str
    quantity: int
    shade: Shade | None = None
    warehouse: int = 7


@dataclass
class OrderClass:
    total: Money
    paid_at: dt.datetime
    channel: Channel
    note: str | None = None
    weight: Decimal | None = None
    id: int = 1


@dataclass
class BagClass:
    lines: list[LineClass] = field(default_factory=list)


class LineModel(pydantic.BaseModel):
    sku: str
    quantity: int
    shade: Shade | None = None


class OrderModel(pydantic.BaseModel):
    total: str
    paid_at: dt.datetime
    channel: Channel
    note: str | None = None
    weight: Decimal | None = None


class BagModel(pydantic.BaseModel):
    lines: list[LineModel]


class Table(orm.DeclarativeBase):
    pass


class BagRow(Table):
    __tablename__ = "bags"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    lines: orm.Mapped[list["LineRow"]] = orm.relationship(order_by="LineRow.id")


class LineRow(Table):
    __tablename__ = "lines"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    bag: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("bags.id"))
    sku: orm.Mapped[str]
    quantity: orm.Mapped[int]
    shade: orm.Mapped[Shade | None]


class OrderRow(Table):
    __tablename__ = "orders"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    total_fen: orm.Mapped[int]
    paid_on: orm.Mapped[str]
    channel: orm.Mapped[Channel]
    note: orm.Mapped[str | None]
    weight: orm.Mapped[Decimal | None] = orm.mapped_column(sa.Numeric(6, 2))

    @property
    def total(self) -> Money:
        return Money.from_minor(self.total_fen, "CNY")

    @property
    def paid_at(self) -> str:
        return f"{self.paid_on}T12:00:00Z"


def lines_of(kind: Any) -> list[Any]:
    return [kind(sku="A", quantity=2, shade=Shade.RED), kind(sku="B", quantity=1)]


def dataclasses() -> dict[str, Any]:
    order = OrderClass(Money("12.34 CNY"), NOON, Channel.APP, weight=Decimal("0.25"))
    return {"order": order, "buyer": {"is_member": True}, "bag": BagClass(lines_of(LineClass))}


def models() -> dict[str, Any]:
    order = OrderModel(total="12.34 CNY", paid_at=NOON, channel=Channel.APP, weight=Decimal("0.25"))
    return {"order": order, "buyer": {"is_member": True}, "bag": BagModel(lines=lines_of(LineModel))}


def plain() -> SimpleNamespace:
    order = SimpleNamespace(**IN_DICTIONARIES["order"], colour="blue")
    buyer = namedtuple("Buyer", ["is_member"])(True)
    bag = SimpleNamespace(
        lines=(SimpleNamespace(sku="A", quantity=2, shade=Shade.RED), IN_DICTIONARIES["bag"]["lines"][1])
    )
    return SimpleNamespace(order=order, buyer=buyer, bag=bag, customer="no record")


EXPECTED = PACK.facts(IN_DICTIONARIES).values


def test_dataclasses_give_their_attributes() -> None:
    assert PACK.facts(dataclasses()).values == EXPECTED


def test_pydantic_models_give_their_attributes() -> None:
    assert PACK.facts(models()).values == EXPECTED


def test_mapped_objects_of_sqlalchemy_give_their_attributes() -> None:
    store = sa.create_engine("sqlite://")
    Table.metadata.create_all(store)
    with orm.Session(store) as session:
        order = OrderRow(total_fen=1234, paid_on="2025-11-10", channel=Channel.APP, weight=Decimal("0.25"))
        session.add_all([order, BagRow(lines=lines_of(LineRow))])
        session.commit()
        order, bag = session.scalars(sa.select(OrderRow)).one(), session.scalars(sa.select(BagRow)).one()
        assert PACK.facts({"order": order, "buyer": {"is_member": True}, "bag": bag}).values == EXPECTED
        assert PACK.facts({"order": order, "buyer": {"is_member": True}, "bag.lines": bag.lines}).values == EXPECTED


def test_a_whole_object_has_the_records_as_attributes() -> None:
    assert PACK.facts(plain()).values == EXPECTED


def test_a_decision_takes_what_facts_take() -> None:
    rule = (
        "decision: d\ntitle: d\ninputs: {m: buyer.is_member, c: order.channel}\noutputs: {o: {type: enum, of: [a, b]}}\n"
        "rules: [{id: r1, when: {m: true, c: app}, then: {o: a}, because: x}]\notherwise: {o: b}\n"
    )
    pack = load_pack(BASIS | {"facts.yaml": SHEET.encode(), "d.yaml": rule.encode()})
    function = pack.function("d")
    for given in (IN_DICTIONARIES, dataclasses(), models(), plain(), pack.facts(models())):
        assert dict(function(given)) == dict(pack.decide("d", given).outputs) == {"o": "a"}
    assert pack.decide("d", plain()).to_json() == pack.decide("d", IN_DICTIONARIES).to_json()
    with pytest.raises(FactError):
        function({"order": {"chanel": "app"}})


def test_none_is_not_given_and_so_is_a_required_fact_without_an_attribute() -> None:
    order = SimpleNamespace(paid_at=None, channel="app", note=None, weight=None)
    values = PACK.facts({"order": order, "buyer": None}).values
    assert values == {"order.channel": "app", "order.note": ABSENT, "order.weight": ABSENT}


def test_an_optional_fact_without_an_attribute_is_refused_with_the_nearest_attribute() -> None:
    order = SimpleNamespace(nota="hello", weight=None, total="12.34 CNY")
    assert refused({"order": order}, PACK) == [
        ("missing-attribute", "order.note", {"type": "SimpleNamespace", "attribute": "note"}, "nota")
    ]
    with pytest.raises(
        FactError,
        match=r"order\.note: error CS512 missing-attribute: an object of type `SimpleNamespace` has no attribute `note`",
    ):
        PACK.facts({"order": order})


def test_all_that_is_wrong_with_objects_is_found_at_once() -> None:
    line = SimpleNamespace(sku="A", quantity=0, shape="red")
    assert refused({"order": SimpleNamespace(note=5, weight=None), "bag": BagClass([line])}, PACK) == [
        ("missing-attribute", "bag.lines[1].shade", {"type": "SimpleNamespace", "attribute": "shade"}, "shape"),
        (
            "wrong-kind",
            "order.note",
            {"kind": "kind.text", "given": "5", "example": "example.text", "problem": ""},
            None,
        ),
        ("out-of-bounds", "bag.lines[1].quantity", {"given": "0", "low": "1", "high": "99"}, None),
    ]


def test_a_record_without_an_attribute_is_refused_where_facts_of_it_are_optional() -> None:
    whole = SimpleNamespace(ordre=SimpleNamespace())
    assert refused(whole, PACK) == [
        ("missing-attribute", "order", {"type": "SimpleNamespace", "attribute": "order"}, "ordre")
    ]
    assert PACK.facts(SimpleNamespace(order=None)).values == {"order.note": ABSENT, "order.weight": ABSENT}


@pytest.mark.parametrize("problem", [RuntimeError("no database"), AttributeError("inside")])
def test_an_attribute_that_raises_is_left_to_raise(problem: Exception) -> None:
    class Order:
        note = weight = None

        @property
        def total(self) -> str:
            raise problem

    with pytest.raises(type(problem), match=str(problem)):
        PACK.facts({"order": Order()})


@pytest.mark.parametrize("value", ["text", 5, True, [1], Channel.APP, Decimal(1), NOON, Money("1 CNY"), OrderClass])
def test_a_value_is_no_record(value: Any) -> None:
    assert refused({"order": value}, PACK) == [("record-not-a-mapping", "order", {"name": "order"}, None)]


def test_members_of_enumerations_stand_for_their_values_where_symbols_are_asked_for() -> None:
    assert PACK.facts({"order": {"channel": Channel.SHOP}}).values["order.channel"] == "shop"
    assert PACK.facts({"bag.lines": [{"shade": Shade.RED}]}).values["bag.lines"] == ({"shade": "red"},)
    name, *_ = refused({"order": {"note": Channel.SHOP}}, PACK)[0]
    assert name == "wrong-kind"


JSON = """{"order": {"total": "12.34 CNY", "paid_at": "2025-11-10T12:00:00Z", "channel": "app", "weight": 0.25},
"buyer": {"is_member": true}, "bag.lines": [{"sku": "A", "quantity": 2, "shade": "red"}, {"sku": "B", "quantity": 1}]}"""


@pytest.mark.parametrize("given", [JSON, JSON.encode(), bytearray(JSON.encode()), "\ufeff" + JSON])
def test_json_is_read_with_exact_decimals(given: Any) -> None:
    assert PACK.facts(given).values == EXPECTED


def test_malformed_json_is_refused_at_its_line_and_column() -> None:
    with pytest.raises(FactError) as caught:
        PACK.facts('{"order":\n {"total": }}')
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.name) == ("CS905", "malformed-document")
    assert finding.mark is not None
    assert (finding.mark.line, finding.mark.column) == (2, 12)
    assert finding.remedy("en") and "JSON:2:12" in str(caught.value)


@pytest.mark.parametrize("given", ['{"order": {"weight": NaN}}', b"\xff", "[" * 100_000])
def test_what_is_not_json_at_all_is_refused(given: Any) -> None:
    assert refused(given, PACK)[0][0] == "malformed-document"


@pytest.mark.parametrize("given", ["[]", '"order"', "5"])
def test_json_without_names_is_refused(given: str) -> None:
    assert [name for name, *_ in refused(given, PACK)] == ["facts-not-a-mapping"]

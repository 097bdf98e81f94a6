"""An order with every field is read to what it says and no more; at each border a fault is told with its figures."""

from typing import Any

import pytest

import csflow
from csflow.settlement import ledger_of
from csflow.settlement.orders import Bundle, Freight, Line, Offer, Order, Surplus, Tender, Threshold, Tier
from csflow.values.instants import parse_instant
from csflow.values.rounding import Rounding

FULL: dict[str, Any] = {
    "id": "O-1",
    "lines": [
        {"id": "a", "quantity": 2, "unit_price": "50.00 CNY", "sku": "S", "category": "apparel"},
        {"id": "b", "quantity": 6, "amount": "60.00 CNY"},
        {"id": "c", "quantity": 1, "unit_price": "40.00 CNY"},
    ],
    "offers": [
        {"id": "new", "amount": "10.00 CNY", "lines": ["c", "a"], "by": "platform"},
        {"id": "rate", "percent": "12.5%", "lines": ["b"]},
        {
            "id": "tiers",
            "tiers": [{"at_least": "150.00 CNY", "percent": "10%"}, {"at_least": "80.00 CNY", "amount": "5.00 CNY"}],
        },
        {"id": "each", "tiers": [{"at_least": "30.00 CNY", "amount": "1.00 CNY"}], "repeats": True},
        {
            "id": "set",
            "needs": [{"line": "b", "quantity": 2}, {"line": "a", "quantity": 1}],
            "price": "20.00 CNY",
            "by": "platform",
        },
    ],
    "freight": {"paid": "8.00 CNY", "free_from": "99.00 CNY", "fee": "12.00 CNY"},
    "tax": "1.23 CNY",
    "tenders": [
        {"id": "t1", "tender": "wechat", "paid": "97.00 CNY", "paid_at": "2025-11-08T10:00:00+08:00"},
        {
            "id": "t2",
            "tender": "coupon",
            "paid": "10.00 CNY",
            "funded_by": "platform",
            "lines": ["b", "a", "b"],
            "units": 3,
            "expires_at": "2025-12-08T10:00:00+08:00",
        },
        {"id": "t3", "tender": "card", "paid": "0.00 CNY"},
    ],
    "surplus": [
        {"id": "twice", "tender": "wechat", "paid": "0.01 CNY"},
        {"id": "late", "tender": "card", "paid": "9.00 CNY"},
    ],
}


def frozen(order: Any, as_text: bool = False) -> Any:
    return ledger_of(order, "CNY", Rounding.HALF_EVEN, as_text=as_text)


def order_of(paid: int) -> Order:
    offers = (
        Offer("new", "platform", (0, 2), Threshold((Tier(0, 1000),))),
        Offer("rate", "merchant", (1,), Threshold((Tier(0, 0, 1250),))),
        Offer("tiers", "merchant", (0, 1, 2), Threshold((Tier(8000, 500), Tier(15_000, 0, 1000)))),
        Offer("each", "merchant", (0, 1, 2), Threshold((Tier(3000, 100),), True)),
        Offer("set", "platform", (0, 1), Bundle(((1, 2), (0, 1)), 2000)),
    )
    at, end = parse_instant("2025-11-08T10:00:00+08:00"), parse_instant("2025-12-08T10:00:00+08:00")
    tenders = (
        Tender("t1", "wechat", paid, paid_at=at),
        Tender("t2", "coupon", 1000, "platform", (0, 1), 3, None, end),
        Tender("t3", "card", 0),
    )
    lines = (Line("a", 2, 10_000), Line("b", 6, 6000), Line("c", 1, 4000))
    surplus = (Surplus("twice", "wechat", 1), Surplus("late", "card", 900))
    return Order("O-1", "CNY", lines, tenders, offers, Freight(800, 9900, 1200), 123, Rounding.HALF_EVEN, surplus)


def as_text(value: Any) -> Any:
    """What YAML would give: every scalar as text."""
    if isinstance(value, dict):
        return {key: as_text(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_text(part) for part in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def balanced(order: dict[str, Any]) -> dict[str, Any]:
    """The order in which the first tender pays what the others leave."""
    faults = findings(order)
    if not faults:
        return order
    (fault,) = faults
    assert (fault.name, fault.subject) == ("unbalanced-tenders", "tenders")
    first, *others = order["tenders"]
    short = fault.values["due"].minor - fault.values["paid"].minor + csflow.Money(first["paid"]).minor
    return order | {"tenders": [first | {"paid": str(csflow.Money.from_minor(short, "CNY"))}, *others]}


def findings(order: Any, as_text: bool = False) -> list[Any]:
    try:
        frozen(order, as_text)
    except csflow.FactError as refused:
        return list(refused.diagnostics)
    return []


def test_an_order_with_every_field_is_read_to_what_it_says() -> None:
    order = balanced(FULL)
    read = frozen(order).order
    assert read == order_of(read.tenders[0].paid)
    assert frozen(as_text(order), as_text=True).order == read


def test_what_is_left_out_is_what_it_is_without() -> None:
    order = {
        "id": "o",
        "lines": [{"id": "a", "quantity": 1, "unit_price": "1.00 CNY"}],
        "tenders": [{"id": "t", "tender": "card", "paid": "1.00 CNY"}],
    }
    assert frozen(order).order == Order(
        "o", "CNY", (Line("a", 1, 100),), (Tender("t", "card", 100),), rounding=Rounding.HALF_EVEN
    )
    free = order | {"freight": {"paid": "0.00 CNY"}}
    assert frozen(free).order.freight == Freight(0, None, 0)
    offer = {"id": "off", "amount": "0.10 CNY"}
    paid = {"id": "t", "tender": "card", "paid": "0.90 CNY"}
    assert frozen(order | {"offers": [offer], "tenders": [paid]}).order.offers == (
        Offer("off", "merchant", (0,), Threshold((Tier(0, 10),))),
    )


def test_text_is_no_number_unless_it_is_read_as_text() -> None:
    with pytest.raises(csflow.FactError) as refused:
        ledger_of(given("lines.0.quantity", "2"), "CNY", Rounding.HALF_UP)
    assert [each.subject for each in refused.value.diagnostics] == ["lines[1].quantity"]


def fault(path: str, fault: str, suggestion: str | None = None, /, **values: Any) -> tuple[Any, ...]:
    return fault, path, suggestion, values


def given(path: str, value: Any, order: dict[str, Any] = FULL) -> dict[str, Any]:
    """The order with another value at a path like `lines.0.id`; `...` takes the field away."""
    first, _, rest = path.partition(".")
    place: Any = int(first) if isinstance(order, list) else first
    changed: Any = list(order) if isinstance(order, list) else dict(order)
    if rest:
        changed[place] = given(rest, value, changed[place])
    elif value is ...:
        del changed[place]
    else:
        changed[place] = value
    return changed


LONG = "x" * 65
LONG_TEXTS = [
    "id",
    "lines.0.id",
    "lines.0.sku",
    "lines.0.category",
    "offers.0.id",
    "offers.0.by",
    "offers.0.lines.0",
    "offers.4.needs.0.line",
    "tenders.0.id",
    "tenders.0.tender",
    "tenders.1.funded_by",
    "tenders.1.lines.0",
    "surplus.0.id",
    "surplus.0.tender",
]


def shown(path: str) -> str:
    """A path as findings have it: from 1."""
    parts = path.split(".")
    text = parts[0]
    for part in parts[1:]:
        text += f"[{int(part) + 1}]" if part.isdigit() else f".{part}"
    return text


@pytest.mark.parametrize("path", LONG_TEXTS)
def test_text_has_at_most_64_characters(path: str) -> None:
    (found,) = [each for each in findings(given(path, LONG)) if each.name != "unbalanced-tenders"]
    assert found.subject == shown(path)
    assert not any(each.subject == shown(path) and "long" in each.name for each in findings(given(path, LONG[:64])))


BORDERS = [
    # Where, the least and the most that it may be, and the two that it may not.
    ("lines.0.unit_price", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("lines.1.amount", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("lines.0.quantity", 1, 10_000, 0, 10_001),
    ("offers.0.amount", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("offers.1.percent", "0.01%", "100%", "0%", "100.01%"),
    ("offers.2.tiers.0.at_least", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("offers.2.tiers.0.percent", "0.01%", "100%", "0%", "100.01%"),
    ("offers.2.tiers.1.amount", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("offers.4.price", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("offers.4.needs.0.quantity", 1, 10_000, 0, 10_001),
    ("freight.paid", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("freight.free_from", "0.01 CNY", "10000000000.00 CNY", "0.00 CNY", "10000000000.01 CNY"),
    ("freight.fee", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("tax", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("tenders.0.paid", "0.00 CNY", "10000000000.00 CNY", "-0.01 CNY", "10000000000.01 CNY"),
    ("tenders.1.units", 1, 10**12, 0, 10**12 + 1),
    ("surplus.0.paid", "0.01 CNY", "10000000000.00 CNY", "0.00 CNY", "10000000000.01 CNY"),
]
ABOUT_SUMS = {"unbalanced-tenders", "offer-beyond-its-base", "tender-beyond-its-lines"}


@pytest.mark.parametrize(("path", "least", "most", "below", "above"), BORDERS, ids=[border[0] for border in BORDERS])
def test_the_borders_of_amounts_and_numbers(path: str, least: Any, most: Any, below: Any, above: Any) -> None:
    for value in (least, most):
        assert {each.name for each in findings(given(path, value))} <= ABOUT_SUMS
    for value in (below, above):
        (found,) = findings(given(path, value))
        assert (found.name, found.subject) == ("out-of-bounds", shown(path))


def many(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": f"n{number}", **more} for number in range(count)]


LIMITS = [
    ("lines", many(500, quantity=1, unit_price="0.00 CNY"), 500),
    ("offers", many(50, amount="0.00 CNY"), 50),
    ("offers.0.lines", ["a"] * 500, 500),
    ("offers.2.tiers", [{"at_least": "80.00 CNY", "amount": "5.00 CNY"}] * 50, 50),
    ("offers.4.needs", [{"line": "a", "quantity": 1}] * 500, 500),
    ("tenders", many(20, tender="card", paid="0.00 CNY"), 20),
    ("tenders.1.lines", ["a"] * 500, 500),
    ("surplus", many(20, tender="card", paid="1.00 CNY"), 20),
]


@pytest.mark.parametrize(("path", "full", "most"), LIMITS, ids=[limit[0] for limit in LIMITS])
def test_lists_have_an_end(path: str, full: list[Any], most: int) -> None:
    assert "too-many-items" not in {each.name for each in findings(given(path, full))}
    (found,) = findings(given(path, [*full, full[0]]))
    assert (found.name, found.subject) == ("too-many-items", shown(path))
    assert found.values == {"name": shown(path), "count": most + 1, "limit": most}


REQUIRED = [
    "id", "lines", "tenders", "lines.0.id", "lines.0.quantity", "offers.0.id", "offers.2.tiers.0.at_least",
    "offers.4.needs.0.line", "offers.4.needs.0.quantity", "offers.4.price", "freight.paid", "tenders.0.id",
    "tenders.0.tender", "tenders.0.paid", "surplus.0.id", "surplus.0.tender", "surplus.0.paid",
]  # fmt: skip


@pytest.mark.parametrize("path", REQUIRED)
def test_what_an_order_cannot_be_without(path: str) -> None:
    (found,) = [each for each in findings(given(path, ...)) if each.name not in ABOUT_SUMS]
    assert (found.name, found.subject, found.values) == ("missing-order-field", shown(path), {"name": shown(path)})
    assert [each.name for each in findings(given(path, None)) if each.name not in ABOUT_SUMS] == ["missing-order-field"]


FAULTS: list[tuple[str, Any, tuple[Any, ...]]] = [
    ("lines.2.id", "a", fault("lines[3].id", "id-given-twice", id="a")),
    ("offers.4.id", "new", fault("offers[5].id", "id-given-twice", id="new")),
    ("tenders.2.id", "t2", fault("tenders[3].id", "id-given-twice", id="t2")),
    ("surplus.1.id", "twice", fault("surplus[2].id", "id-given-twice", id="twice")),
    ("lines.0.amount", "1.00 CNY", fault("lines[1]", "one-field-of-several", names="unit_price / amount", count=2)),
    ("lines.1.amount", ..., fault("lines[2]", "one-field-of-several", names="unit_price / amount", count=0)),
    ("offers.0.percent", "5%", fault("offers[1]", "one-field-of-several", names="amount / percent", count=2)),
    ("offers.0.amount", ..., fault("offers[1]", "one-field-of-several", names="amount / percent / tiers / needs", count=0)),
    ("offers.2.tiers.0.amount", "5.00 CNY", fault("offers[3].tiers[1]", "one-field-of-several", names="amount / percent", count=2)),
    ("offers.2.tiers.1.amount", ..., fault("offers[3].tiers[2]", "one-field-of-several", names="amount / percent", count=0)),
    ("offers.2.tiers", [], fault("offers[3]", "unfit-tiers")),
    ("offers.2.repeats", True, fault("offers[3]", "unfit-tiers")),
    ("offers.3.tiers.0.at_least", "0.00 CNY", fault("offers[4]", "unfit-tiers")),
    ("offers.3.tiers.0.amount", "0.00 CNY", fault("offers[4]", "unfit-tiers")),
    ("offers.0.lines.1", "aa", fault("offers[1].lines", "unknown-order-line", "a", id="aa")),
    ("offers.4.needs.1.line", "z", fault("offers[5]", "unknown-order-line", id="z")),
    ("tenders.1.lines.0", "bb", fault("tenders[2].lines", "unknown-order-line", "b", id="bb")),
    ("lines.0.sku", 7, fault("lines[1].sku", "wrong-kind", given="7")),
    ("lines.0.categry", "x", fault("lines[1].categry", "unknown-order-field", "category", name="lines[1].categry")),
    ("freigth", {}, fault("freigth", "unknown-order-field", "freight", name="freigth")),
    ("offers.1.percent", "12.345%", fault("offers[2].percent", "too-many-places")),
    ("freight", "8.00 CNY", fault("freight", "record-not-a-mapping", name="freight")),
    ("offers", {"id": "x"}, fault("offers", "records-not-a-list", name="offers")),
    ("offers.0.amount", "140.01 CNY", fault("offers[1]", "offer-beyond-its-base", id="new")),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "wanted"), FAULTS, ids=[f"{each[0]} {each[2][0]}" for each in FAULTS])
def test_a_fault_is_told_with_its_place_and_its_figures(path: str, value: Any, wanted: tuple[Any, ...]) -> None:
    name, subject, suggestion, values = wanted
    found = [each for each in findings(given(path, value)) if (each.name, each.subject) == (name, subject)]
    assert found and found[0].suggestion == suggestion
    assert values.items() <= dict(found[0].values).items()
    assert all(found[0].message(language) for language in ("zh-CN", "zh-TW", "en"))


def test_an_offer_beyond_its_base_is_told_with_both_amounts() -> None:
    order = given("offers", [{"id": "x", "amount": "140.01 CNY", "lines": ["a", "c"]}])
    (found,) = [each for each in findings(order) if each.name == "offer-beyond-its-base"]
    assert found.subject == "offers[1]"
    assert (str(found.values["off"]), str(found.values["base"])) == ("140.01 CNY", "140.00 CNY")
    exact = given("offers.0.amount", "140.00 CNY", order)
    assert {each.name for each in findings(exact)} == {"unbalanced-tenders"}


@pytest.mark.parametrize(
    ("tiers", "repeats", "beyond"),
    [
        # The lines cost 140: four times 30, three times 40. Of tiers the one that stands counts, not the others.
        ([{"at_least": "30.00 CNY", "amount": "35.01 CNY"}], True, ("140.04 CNY", "140.00 CNY")),
        ([{"at_least": "30.00 CNY", "amount": "35.00 CNY"}], True, None),
        ([{"at_least": "40.00 CNY", "amount": "46.67 CNY"}], True, ("140.01 CNY", "140.00 CNY")),
        ([{"at_least": "10.00 CNY", "amount": "1.00 CNY"}, {"at_least": "140.01 CNY", "amount": "999.00 CNY"}], False, None),
        ([{"at_least": "10.00 CNY", "amount": "999.00 CNY"}, {"at_least": "140.00 CNY", "amount": "2.00 CNY"}], False, None),
        ([{"at_least": "140.01 CNY", "amount": "999.00 CNY"}], False, None),
    ],
)  # fmt: skip
def test_only_the_tier_that_stands_takes_anything_off(tiers: Any, repeats: bool, beyond: Any) -> None:
    order = given("offers", [{"id": "x", "tiers": tiers, "repeats": repeats, "lines": ["a", "c"]}])
    found = [each for each in findings(order) if each.name == "offer-beyond-its-base"]
    told = [(str(each.values["off"]), str(each.values["base"])) for each in found]
    assert told == ([] if beyond is None else [beyond])


def test_a_fault_of_one_offer_hides_none_of_those_after_it() -> None:
    order = given("offers.2.tiers", [], given("offers.0.percent", "5%"))
    assert {(each.name, each.subject) for each in findings(order)} >= {
        ("one-field-of-several", "offers[1]"),
        ("unfit-tiers", "offers[3]"),
    }
    bundle, beyond = FULL["offers"][4], {"id": "x", "amount": "999.00 CNY"}
    asleep = {"id": "y", "tiers": [{"at_least": "999.00 CNY", "amount": "1.00 CNY"}]}
    found = findings(given("offers", [bundle, asleep, beyond]))
    assert "offers[3]" in {each.subject for each in found if each.name == "offer-beyond-its-base"}


def test_tenders_that_do_not_add_up_are_told_with_both_sums() -> None:
    order = balanced(FULL)
    due = frozen(order).paid
    order = given("tenders.2.paid", "0.01 CNY", order)
    (found,) = findings(order)
    assert (found.name, found.subject) == ("unbalanced-tenders", "tenders")
    assert (found.values["paid"].minor, found.values["due"].minor) == (due + 1, due)
    assert found.values["paid"].currency == found.values["due"].currency == "CNY"


@pytest.mark.parametrize("order", [None, [], "x", 7])
def test_what_is_no_order_is_told_as_one(order: Any) -> None:
    (found,) = findings(order)
    assert (found.name, found.subject, found.values) == ("record-not-a-mapping", "order", {"name": "order"})

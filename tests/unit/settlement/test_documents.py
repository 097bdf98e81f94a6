"""An order is read whole or refused with every fault by its path; nothing is put right."""

from copy import deepcopy

import pytest

import csflow
from csflow.settlement import ledger_of
from csflow.values.money import Money
from csflow.values.rounding import Rounding

ORDER = {
    "id": "A-7",
    "lines": [
        {"id": "a", "quantity": 2, "unit_price": "50.00 CNY", "sku": "S", "category": "apparel"},
        {"id": "b", "quantity": 6, "amount": {"amount": "10.00", "currency": "CNY"}},
    ],
    "offers": [
        {"id": "new", "amount": Money("10.00 CNY"), "lines": ["a"], "by": "platform"},
        {"id": "tiers", "tiers": [{"at_least": "80.00 CNY", "amount": "5.00 CNY"}]},
        {"id": "rate", "percent": "10%", "lines": ["b"]},
        {"id": "each", "tiers": [{"at_least": "30.00 CNY", "amount": "1.00 CNY"}], "repeats": True},
        {"id": "set", "needs": [{"line": "a", "quantity": 1}, {"line": "b", "quantity": 1}], "price": "20.00 CNY"},
    ],
    "freight": {"paid": "8.00 CNY", "free_from": "99.00 CNY", "fee": "12.00 CNY"},
    "tax": "1.23 CNY",
    "tenders": [
        {"id": "t1", "tender": "wechat", "paid": "50.00 CNY"},
        {"id": "t2", "tender": "coupon", "paid": "0.00 CNY", "funded_by": "platform"},
    ],
}


def frozen(order):
    return ledger_of(order, "CNY", Rounding.HALF_UP)


def changed(path, value):
    order = deepcopy(ORDER)
    *above, last = path
    part = order
    for key in above:
        part = part[key]
    if value is KeyError:
        del part[last]
    else:
        part[last] = value
    return order


def balanced(order=ORDER):
    """The order with a last tender that makes it add up."""
    order = deepcopy(order)
    try:
        frozen(order)
    except csflow.FactError as error:
        (finding,) = error.diagnostics
        short = finding.values["due"].minor - finding.values["paid"].minor
        order["tenders"].append({"id": "rest", "tender": "card", "paid": str(Money.from_minor(short, "CNY"))})
    return order


def test_every_form_of_offer_is_apportioned_in_its_sequence():
    ledger = frozen(balanced())
    off = [sum(count * part for runs in each.shares.values() for count, part in runs) for each in ledger.prices.offers]
    assert off[0] == 1000 and off[1] == 500 and off[3] == 300
    assert ledger.prices.total == 11_000 - sum(off)
    assert ledger.paid == ledger.prices.total + 800 + 123


def test_the_same_order_has_the_same_digest_and_another_has_another():
    order = balanced()
    assert frozen(order).digest == frozen(deepcopy(order)).digest
    order["tenders"][0]["id"] = "other"
    assert frozen(order).digest != frozen(balanced()).digest


FAULTS = [
    (("lines", 0, "unit_price"), "-50.00 CNY", "out-of-bounds", "lines[1].unit_price"),
    (("lines", 0, "unit_price"), 50.0, "float-value", "lines[1].unit_price"),
    (("lines", 0, "unit_price"), "50.00 USD", "other-currency", "lines[1].unit_price"),
    (("lines", 0, "unit_price"), "50.001 CNY", "too-many-places", "lines[1].unit_price"),
    (("lines", 0, "quantity"), 0, "out-of-bounds", "lines[1].quantity"),
    (("lines", 0, "quantity"), 10_001, "out-of-bounds", "lines[1].quantity"),
    (("lines", 0, "quantity"), KeyError, "missing-order-field", "lines[1].quantity"),
    (("lines", 0, "price"), "1.00 CNY", "unknown-order-field", "lines[1].price"),
    (("lines", 1, "id"), "a", "id-given-twice", "lines[2].id"),
    (("lines", 1), "b", "record-not-a-mapping", "lines[2]"),
    (("lines",), {"a": 1}, "records-not-a-list", "lines"),
    (("lines",), [{}] * 501, "too-many-items", "lines"),
    (("offers", 0, "lines"), ["c"], "unknown-order-line", "offers[1].lines"),
    (("offers", 0, "percent"), "5%", "one-field-of-several", "offers[1]"),
    (("offers", 0, "amount"), KeyError, "one-field-of-several", "offers[1]"),
    (("offers", 0, "amount"), "100.01 CNY", "offer-beyond-its-base", "offers[1]"),
    (("offers", 1, "tiers"), [], "unfit-tiers", "offers[2]"),
    (("offers", 1, "tiers", 0, "amount"), KeyError, "one-field-of-several", "offers[2].tiers[1]"),
    (("offers", 3, "tiers", 0, "at_least"), "0.00 CNY", "unfit-tiers", "offers[4]"),
    (("offers", 4, "price"), KeyError, "missing-order-field", "offers[5].price"),
    (("offers", 4, "needs", 0, "line"), "z", "unknown-order-line", "offers[5]"),
    (("freight", "paid"), KeyError, "missing-order-field", "freight.paid"),
    (("tax",), "1.23", "money-without-currency", "tax"),
    (("tenders", 1, "id"), "t1", "id-given-twice", "tenders[2].id"),
    (("tenders", 0, "paid"), "49.99 CNY", "unbalanced-tenders", "tenders"),
]


@pytest.mark.parametrize(("path", "value", "name", "subject"), FAULTS, ids=[f"{f[2]} {f[3]}" for f in FAULTS])
def test_a_fault_is_named_with_its_path(path, value, name, subject):
    with pytest.raises(csflow.FactError) as refused:
        frozen(changed(path, value))
    assert (name, subject) in [(finding.name, finding.subject) for finding in refused.value.diagnostics]
    for finding in refused.value.diagnostics:
        assert all(finding.message(language) for language in ("zh-CN", "zh-TW", "en"))


def test_every_fault_is_told_at_once():
    order = changed(("lines", 0, "quantity"), 0)
    order["tax"], order["tenders"] = "x", [{"id": "t"}]
    with pytest.raises(csflow.FactError) as refused:
        frozen(order)
    assert {finding.subject for finding in refused.value.diagnostics} == {
        "lines[1].quantity",
        "tax",
        "tenders[1].tender",
        "tenders[1].paid",
    }


@pytest.mark.parametrize("order", [None, [], "x", 7])
def test_what_is_no_order_is_refused(order):
    with pytest.raises(csflow.FactError):
        frozen(order)

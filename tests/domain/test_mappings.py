"""The mappings of `cn` on the samples of `examples/`: what is missing or odd is named with its path, nothing is guessed."""

import copy
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import csflow
from csflow.facts import FactError
from csflow.facts.documents import map_document, read_json
from csflow.facts.tables import read_rows

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PACK = csflow.standard_pack("cn")
SAMPLES = {
    "shopify_order": "01_first_answer/order.json",
    "shopify_refund": "02_shopify_refund/refund.json",
    "woocommerce_order": "03_woocommerce_order/order.json",
    "csv_order": "04_csv_export/orders.csv",
    "mall_order": "05_mall_order/order.json",
}
# What a path that does more than walk reads first: without it there is no value.
COMPUTED = {
    ("shopify_order", "order.status"): "",
    ("shopify_order", "claim.signed_at"): "fulfillments",
    ("shopify_refund", "refund.payments"): "transactions",
}
_PLAIN = re.compile(r"[\w.\[\]]+")
_HEADING = re.compile(r'"([^"]+)"')
_PROPERTY = re.compile(r"(line_items\[0\]\.(?:properties|meta_data))\[\?(name|key)=='(\w+)'\] \| \[0\]\.value")
# Of an order with several lines none is read.
_ONLY_LINE = re.compile(r"\(!\((\w+)\[1\]\) && \1\[0\]\)")
ODD = {"odd": ["value"]}
TAKEN_AWAY = object()


def sample(name: str) -> Any:
    path = EXAMPLES / SAMPLES[name]
    if path.suffix == ".csv":
        return dict(read_rows(path.name, path.read_bytes())[0].cells)
    return read_json(path.read_text(encoding="utf-8"))


def mapped(name: str, document: Any) -> dict[str, Any]:
    mapping = PACK.linked.mappings[name]
    return map_document(PACK.linked, mapping, document, subject="sample", of_texts=name == "csv_order")


def paths(name: str) -> list[tuple[str, str, bool, str]]:
    """For each fact: the path, whether it is optional, and the place in the sample that it reads."""
    found = []
    for fact, each in PACK.linked.mappings[name].facts.items():
        place = COMPUTED.get((name, fact))
        if place is None:
            plain = _ONLY_LINE.sub(r"\1[0]", each.path)
            named, heading = _PROPERTY.fullmatch(plain), _HEADING.fullmatch(plain)
            place = f"{named[1]}/{named[3]}" if named else heading[1] if heading else plain
            assert named or heading or _PLAIN.fullmatch(plain), f"{name}: {each.path} needs a place of its own"
        if place:
            found.append((fact, each.path, each.optional, place))
    return found


EVERY_PATH = [pytest.param(name, *path, id=f"{name}: {path[0]}") for name in SAMPLES for path in paths(name)]


def with_value(name: str, place: str, value: Any) -> Any:
    """The sample with another value at a place, or with none."""
    document = copy.deepcopy(sample(name))
    root = document.get(
        {"mall_order": "data", "shopify_order": "order", "shopify_refund": "refund"}.get(name, ""), document
    )
    if "/" in place:
        holder, wanted = place.split("/")
        listed = at(root, steps(holder))
        (entry,) = [each for each in listed if wanted in (each.get("name"), each.get("key"))]
        if value is TAKEN_AWAY:
            listed.remove(entry)
        else:
            entry["value"] = value
        return document
    *above, last = [place] if name == "csv_order" else steps(place)
    holder = at(root, above)
    assert last in holder
    if value is TAKEN_AWAY:
        del holder[last]
    else:
        holder[last] = value
    return document


def steps(path: str) -> list[str | int]:
    return [int(number) if number else word for number, word in re.findall(r"\[(\d+)\]|(\w+)", path)]


def at(part: Any, path: list[str | int]) -> Any:
    for step in path:
        part = part[step]
    return part


def test_every_mapping_of_the_pack_has_a_sample_that_maps():
    assert set(SAMPLES) == set(PACK.linked.mappings)
    for name in SAMPLES:
        assert mapped(name, sample(name))


@pytest.mark.parametrize(("name", "fact", "path", "optional", "place"), EVERY_PATH)
def test_what_is_missing_is_named_or_left_out(name, fact, path, optional, place):
    assert fact in mapped(name, sample(name))
    missing = with_value(name, place, TAKEN_AWAY)
    if optional:
        assert fact not in mapped(name, missing)
        return
    with pytest.raises(FactError) as refused:
        mapped(name, missing)
    (finding,) = refused.value.diagnostics
    assert (finding.name, finding.subject) == ("missing-field", f"sample: {path}")
    assert finding.values["fact"] == fact


def test_what_must_be_there():
    needed = {name: {fact for fact, *_, optional, _ in paths(name) if not optional} for name in SAMPLES}
    item = {"item.category", "item.nature", "item.made_after_order"}
    item |= {"item.no_return_confirmed", "item.confirmation_preticked"}
    order = {"order.id", "order.status", "order.placed_at", "order.paid_at", "order.goods_paid"}
    assert needed == {
        "shopify_order": {"order.id", "order.paid_at", "order.goods_paid"},
        "shopify_refund": {"refund.id", "refund.paid_at", "refund.payments"},
        "woocommerce_order": {"order.id", "order.status", "order.placed_at"},
        "csv_order": order | item,
        "mall_order": order,
    }


# A filter reads what fits: of another shape it gives nothing, as where there is nothing.
WALKED = [each for each in EVERY_PATH if each.values[:2] != ("shopify_order", "claim.signed_at")]


@pytest.mark.parametrize(("name", "fact", "path", "optional", "place"), WALKED)
def test_what_is_odd_is_named(name, fact, path, optional, place):
    with pytest.raises(FactError) as refused:
        mapped(name, with_value(name, place, ODD))
    assert f"sample: {path}" in {finding.subject for finding in refused.value.diagnostics}


@pytest.mark.parametrize(
    ("name", "place", "words"),
    [
        (
            "woocommerce_order",
            "status",
            {
                "pending": "unpaid",
                "on-hold": "unpaid",
                "failed": "unpaid",
                "checkout-draft": "unpaid",
                "processing": "paid",
                "completed": "shipped",
                "cancelled": None,
                "refunded": None,
                "trash": None,
                "shipped-by-drone": None,
            },
        ),
        (
            "mall_order",
            "order_status",
            {10: "unpaid", 20: "paid", 30: "shipped", 40: "signed", 50: None, "40": "signed"},
        ),
        (
            "csv_order",
            "订单状态",
            {
                "待付款": "unpaid",
                "待发货": "paid",
                "已发货": "shipped",
                "已签收": "signed",
                "交易成功": "signed",
                "已关闭": None,
            },
        ),
    ],
)
def test_the_states_of_a_host_stand_in_one_table(name, place, words):
    for word, status in words.items():
        document = with_value(name, place, word)
        if status is not None:
            assert mapped(name, document)["order.status"] == status
            continue
        with pytest.raises(FactError) as refused:
            mapped(name, document)
        assert [finding.name for finding in refused.value.diagnostics] == ["unmapped-value"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "signed"),
        ({"fulfillment_status": "partial"}, "shipped"),
        ({"fulfillments": [{"shipment_status": "delivered"}, {"shipment_status": "in_transit"}]}, "shipped"),
        ({"fulfillments": []}, "shipped"),
        ({"fulfillment_status": None}, "paid"),
        ({"fulfillment_status": None, "financial_status": "partially_refunded"}, "paid"),
        ({"fulfillment_status": None, "financial_status": "pending"}, "unpaid"),
        ({"fulfillment_status": None, "financial_status": "authorized"}, "unpaid"),
        ({"fulfillment_status": None, "financial_status": "partially_paid"}, "unpaid"),
        ({"financial_status": "refunded"}, "not given"),
        ({"financial_status": "voided"}, "not given"),
        ({"cancelled_at": "2025-11-08T12:00:00+08:00"}, "not given"),
        ({"fulfillment_status": None, "financial_status": None}, "not given"),
    ],
)
def test_shopifys_two_states_stand_in_one_table(changes, status):
    document = sample("shopify_order")
    document["order"] |= changes
    assert mapped("shopify_order", document).get("order.status", "not given") == status


def test_a_state_of_shopify_that_the_table_does_not_know_is_refused():
    document = sample("shopify_order")
    document["order"]["fulfillment_status"] = "restocked"
    with pytest.raises(FactError) as refused:
        mapped("shopify_order", document)
    assert [finding.name for finding in refused.value.diagnostics] == ["unmapped-value"]


LINES = {
    "shopify_order": ("order", "line_items"),
    "woocommerce_order": ("", "line_items"),
    "mall_order": ("data", "items"),
}


@pytest.mark.parametrize("name", LINES)
def test_of_several_lines_of_an_order_none_is_guessed(name):
    """Which of them the claim is about stands in no order: the first of two must not decide for the second."""
    root, lines = LINES[name]
    document = sample(name)
    holder = document[root] if root else document
    assert any(fact.startswith("item.") for fact in mapped(name, document))
    holder[lines] = [holder[lines][0], copy.deepcopy(holder[lines][0])]
    of_the_order = mapped(name, document)
    assert not any(fact.startswith("item.") for fact in of_the_order)
    assert set(of_the_order) >= {"order.id", "order.placed_at"}


def test_of_several_parcels_none_is_taken_for_the_one_that_was_signed_for():
    document = sample("shopify_order")
    assert "claim.signed_at" in mapped("shopify_order", document)
    parcels = document["order"]["fulfillments"]
    parcels.append({**parcels[0], "updated_at": "2025-11-20T10:00:00+08:00"})
    assert "claim.signed_at" not in mapped("shopify_order", document)


def test_of_several_orders_none_is_guessed():
    order = sample("shopify_order")["order"]
    assert mapped("shopify_order", {"orders": [order]}) == mapped("shopify_order", {"order": order})
    for several in ({"orders": [order, order]}, {"orders": []}):
        with pytest.raises(FactError, match="orders"):
            mapped("shopify_order", several)


def test_of_several_refunds_none_is_guessed():
    refund = sample("shopify_refund")["refund"]
    assert mapped("shopify_refund", {"refunds": [refund]}) == mapped("shopify_refund", {"refund": refund})
    for several in ({"refunds": [refund, refund]}, {"refunds": []}, {}, {"refunds": {"0": refund}}):
        with pytest.raises(FactError) as refused:
            mapped("shopify_refund", several)
        assert [finding.name for finding in refused.value.diagnostics] == ["missing-document-part"]


@pytest.mark.parametrize(("field", "name"), [("amount", "missing-field"), ("status", "missing-field")])
def test_a_payment_without_a_field_is_named_with_its_place(field, name):
    document = sample("shopify_refund")
    del document["refund"]["transactions"][1][field]
    with pytest.raises(FactError) as refused:
        mapped("shopify_refund", document)
    (finding,) = refused.value.diagnostics
    assert (finding.name, finding.subject) == (name, f"sample: transactions[?kind=='refund'][1].{field}")


def test_what_the_mall_sent_is_shown_as_it_sent_it_and_a_number_is_no_slip_for_another():
    document = sample("mall_order")
    document["data"] |= {"goods_amount": Decimal("299.5"), "order_status": 50}
    with pytest.raises(FactError) as refused:
        mapped("mall_order", document)
    state, amount = sorted(refused.value.diagnostics, key=lambda finding: finding.subject, reverse=True)
    assert (state.name, state.suggestion) == ("unmapped-value", None)
    assert (
        amount.name == "wrong-kind" and "Decimal" not in amount.message("zh-CN") and "299.5" in amount.message("zh-CN")
    )


def test_fen_are_fen_and_local_times_are_of_shanghai():
    facts = mapped("mall_order", sample("mall_order"))
    assert facts["order.goods_paid"] == 29900
    assert (
        facts["claim.signed_at"] == mapped("csv_order", sample("csv_order"))["claim.signed_at"] == 1_762_776_000_000_000
    )

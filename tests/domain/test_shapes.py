"""Rules of many shapes, written in the language as a policy author would: each says what its source says."""

import copy
import datetime as dt
from pathlib import Path

import pytest

import csflow
from csflow import Money

PACK = csflow.load_pack(Path(__file__).parent / "shapes")
NOW = "2026-01-20T10:00:00+08:00"
LINE = {"sku": "A-1", "quantity": 2, "unit_price": "30 CNY", "category": "apparel"}
FACTS = {
    "order": {
        "paid_at": "2025-11-08T10:00:00+08:00",
        "platform": "own",
        "country": "cn",
        "goods_paid": "120 CNY",
        "main_good_paid": "80 CNY",
        "status": "pending",
        "free_shipping": True,
    },
    "claim": {
        "requested_at": "2025-11-12T10:00:00+08:00",
        "received_on": "2025-11-10T10:00:00+08:00",
        "reason": "no_longer_needed",
        "platform_stepped_in": False,
        "breaks_free_shipping": False,
        "label_flaw_only": False,
        "is_fraud": False,
        "is_unsafe_food": False,
        "repairs": 0,
        "repair_days": "3 days",
        "amount": "100 CNY",
        "merchant_promise": "30 CNY",
        "platform_figure": "20 CNY",
        "handler": "front_line",
        "lines": [LINE],
    },
}


def decide(decision, at=NOW, **changes):
    """The answer for the facts above with some changed: `claim__amount="1 CNY"`."""
    facts = copy.deepcopy(FACTS)
    for path, value in changes.items():
        record, _, field = path.partition("__")
        facts[record][field] = value
    return PACK.decide(decision, facts, at=at)


def test_a_checklist_names_every_requirement_that_is_not_met_the_first_of_them_as_its_code():
    assert decide("cancel").outputs == {"met": True, "code": None}
    refused = decide("cancel", order__status="shipped", claim__reason="defect")
    assert refused.outputs == {"met": False, "code": "cancel.shipped"}
    assert [(hit.rule, hit.outputs["code"]) for hit in refused.hits] == [
        ("not-shipped", "cancel.shipped"),
        ("own-reason", "cancel.reason"),
    ]


def test_a_decision_for_each_line_tells_which_of_them_are_exempt():
    lines = [LINE, LINE | {"category": "fresh_food"}, LINE | {"category": "digital", "opened": True}]
    answer = decide("exempt_lines", claim__lines=lines)
    assert answer.outputs["exempt"] == (False, True, True)
    assert answer.outputs["code"] == (None, "exempt.fresh", "exempt.opened")
    whole = decide("returnable", claim__lines=lines)
    assert whole.outputs == {"all_returnable": False, "exempt_lines": 2, "total": Money("180 CNY")}


def test_some_lines_unknown_leave_what_the_others_settle():
    """`every` is false as soon as one line says so (semantics 1: Kleene over the items)."""
    unknown = {name: value for name, value in LINE.items() if name != "category"}
    fresh = LINE | {"category": "fresh_food"}
    assert decide("exempt_lines", claim__lines=[unknown, fresh]).status == "undecided"
    answer = decide("returnable", claim__lines=[unknown, fresh])
    assert answer.status == "undecided"
    assert [cause.name for cause in answer.missing] == ["exempt_lines", "claim.lines[1].category"]


def test_of_the_law_and_a_promise_the_longer_window_holds():
    def home(**changes):
        return decide("deadlines", **changes).outputs["home"].isoformat()

    # 7 days from 10 November end on the 17th; 15 days on the 25th.
    assert home(order__platform="jd") == "2025-11-18T00:00:00+08:00"
    assert home(order__platform="own") == "2025-11-26T00:00:00+08:00"
    assert home(order__platform="own", order__paid_at="2025-05-31T23:59:59+08:00") == "2025-11-18T00:00:00+08:00"


def test_the_consumers_country_chooses_calendar_and_zone():
    """Unity Day, 3 October 2025, is a Friday: 14 days from 19 September go on to Monday the 6th in Germany."""
    received = {"claim__received_on": "2025-09-19T10:00:00+02:00"}
    germany = decide("deadlines", order__country="de", **received).outputs["withdrawal"]
    assert germany == dt.datetime(2025, 10, 7, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    home = decide("deadlines", order__country="cn", **received).outputs["withdrawal"]
    assert home == dt.datetime(2025, 10, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.mark.parametrize(
    ("platform", "reason", "changes", "who"),
    [
        ("jd", "ordered_by_mistake", {"order__free_shipping": False}, ("merchant", "customer")),
        ("taobao", "ordered_by_mistake", {}, ("merchant", "customer")),
        ("taobao", "ordered_by_mistake", {"order__free_shipping": False}, ("customer", "customer")),
        ("taobao", "ordered_by_mistake", {"claim__breaks_free_shipping": True}, ("customer", "customer")),
        ("taobao", "defect", {"order__free_shipping": False}, ("merchant", "merchant")),
        ("jd", "lost_parcel", {}, ("merchant", "merchant")),
        ("jd", "lost_parcel", {"claim__platform_stepped_in": True}, ("merchant", "customer")),
    ],
)
def test_a_platform_layer_adds_its_exception_to_a_rule(platform, reason, changes, who):
    answer = decide("freight", order__platform=platform, claim__reason=reason, **changes)
    assert (answer.outputs["outbound"], answer.outputs["return_leg"]) == who
    assert answer.exceptions == (("taobao-all-freight",) if who == ("customer", "customer") else ())


def test_statutory_damages_are_options_of_which_the_consumer_chooses_one():
    """C93: food and fraud both fit at a price of 300: 3000 or 900, never 3900. C89: at least 1000."""
    both = decide("damages", order__goods_paid="300 CNY", claim__is_fraud=True, claim__is_unsafe_food=True)
    assert both.outputs["damages"] == (
        {"id": "fraud", "value": Money("900 CNY")},
        {"id": "food", "value": Money("3000 CNY")},
    )
    small = decide("damages", order__goods_paid="10 CNY", claim__is_fraud=True, claim__is_unsafe_food=True)
    assert [option["value"] for option in small.outputs["damages"]] == [Money("500 CNY"), Money("1000 CNY")]
    loss = decide("damages", claim__is_unsafe_food=True, claim__loss="500 CNY")
    assert loss.outputs["damages"] == ({"id": "food", "value": Money("1500 CNY")},)
    assert decide("damages", claim__is_unsafe_food=True, claim__label_flaw_only=True).outputs == {"damages": None}


@pytest.mark.parametrize(
    ("paid", "amount"), [("120 CNY", "12 CNY"), ("1999.95 CNY", "200 CNY"), ("3000 CNY", "200 CNY")]
)
def test_ten_percent_of_what_was_paid_and_at_most_two_hundred(paid, amount):
    assert decide("improper_page", order__goods_paid=paid).outputs["amount"] == Money(amount)


def test_a_missing_gift_is_worth_its_price_up_to_a_share_of_the_main_good():
    assert decide("missing_gift", claim__gift_sku_price="10 CNY").outputs["amount"] == Money("10 CNY")
    assert decide("missing_gift", claim__gift_sku_price="50 CNY").outputs["amount"] == Money("24 CNY")
    assert decide("missing_gift").outputs["amount"] == Money("5 CNY")


def test_two_reasons_for_one_remedy_agree():
    answer = decide("three_guarantees", claim__repairs=2, claim__repair_days="36 days")
    assert answer.outputs["remedy"] == "refund_or_exchange"
    assert [hit.rule for hit in answer.hits] == ["two-repairs", "long-repair"]
    assert decide("three_guarantees", claim__repair_days="35 days").outputs["remedy"] == "repair"


def test_taobao_takes_the_higher_and_jd_its_own_figure():
    """B8.1: TB-15 against JD-47."""
    assert decide("compensation", order__platform="taobao").outputs["amount"] == Money("30 CNY")
    assert decide("compensation", order__platform="jd").outputs["amount"] == Money("20 CNY")
    assert decide("compensation", order__platform="own").rule == "higher"


def test_taobao_decides_open_cases_by_the_rules_of_today_and_jd_by_those_of_then():
    """B8.2: TB-92 against JD-54. The pack is in force until the end of 2026, and knows no later edition."""
    assert decide("compensation", order__platform="jd", at=NOW).edition == dt.date(2017, 3, 15)
    later = "2016-01-01T00:00:00+08:00"
    assert decide("compensation", order__platform="jd", at=later).status == "decided"
    early = decide("damages", order__platform="taobao", claim__is_fraud=True, at=later)
    assert early.status == "undecided"
    assert [(cause.kind, cause.name) for cause in early.missing] == [("edition", "damages_multiple")]


def test_of_several_grades_the_worst_counts():
    assert decide("severity", claim__amount="1000 CNY", claim__is_unsafe_food=True).outputs["grade"] == "critical"
    assert decide("severity", claim__amount="1000 CNY").outputs["grade"] == "serious"
    assert decide("severity").outputs["grade"] == "common"


def test_flags_are_listed_in_the_order_of_the_rules_and_points_added_up():
    flagged = {"claim__amount": "600 CNY", "claim__is_fraud": True}
    assert decide("flags", **flagged).outputs == {"flag": ("flag.large", "flag.fraud")}
    assert decide("score", **flagged).outputs == {"points": 70}
    assert decide("flags").outputs == {"flag": ()}
    assert decide("score").outputs == {"points": 0}


@pytest.mark.parametrize(
    ("role", "amount", "may"),
    [("front_line", "50 CNY", True), ("front_line", "50.01 CNY", False), ("supervisor", "50.01 CNY", True),
     ("manager", "5000 CNY", True)],
)  # fmt: skip
def test_a_role_approves_what_its_rung_of_the_ladder_may(role, amount, may):
    assert decide("approval", claim__handler=role, claim__amount=amount).outputs["may_approve"] is may


def test_a_decision_for_each_line_of_none_is_told_without_lines():
    answer = decide("exempt_lines", claim__lines=[])
    assert (answer.status, answer.outputs["exempt"]) == ("decided", ())
    first, *_ = answer.explain("en").splitlines()
    assert "exempt_lines" in first and "decided" in first.lower()
    for language in ("zh-CN", "zh-TW", "en"):
        assert answer.explain(language)


def test_every_answer_can_be_told_and_written():
    import json

    for name in PACK.decisions:
        answer = decide(name)
        for language in ("zh-CN", "zh-TW", "en"):
            assert answer.explain(language)
        assert json.loads(json.dumps(answer.to_json()))["decision"] == name

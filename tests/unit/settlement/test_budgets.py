"""The budget of a customer counts what went out and may still go out, over all orders, and is never guessed."""

import json
from pathlib import Path

import pytest

import csflow
from csflow.settlement.budgets import Allowance, Budget, Spent, allowance
from csflow.settlement.lines import Addition
from csflow.settlement.refusals import Refusal
from csflow.settlement.spending import beyond_budget, budgets_after
from csflow.values.instants import DAY, parse_instant

ROOT = Path(__file__).resolve().parents[3]
AT = parse_instant("2025-11-20T10:00:00+08:00")
FOLDER = {
    "pack.yaml": b"pack: shop\ntitle: shop\nlanguage: 1\ncurrency: CNY\nrounding: half_up\ntime_zone: UTC\n"
    b'in_force: "[2024-01-01..2027-01-01)"\nreviewed_on: 2026-11-24\n',
    "utc.yaml": (ROOT / "policies" / "cn" / "calendars" / "utc.yaml").read_bytes(),
    "facts.yaml": b"facts:\n  order:\n    paid_at: {type: datetime}\n  x:\n    m: {type: money, min: 0 CNY, max: 500 CNY}\n    late: {type: bool}\n",
    "settlement.yaml": b"settlement: refund\ntitle: refund\ngoverned_by: order.paid_at\nmode: prorated\nrouting: cash_first\n"
    b"tenders: {wechat: {title: WeChat, cash: true}}\nadditions:\n"
    b"  goodwill: {title: goodwill, amount: x.m, budget: {at_most: 100 CNY, within: 365 days}}\n",
}
CLAIM = {"concerns": [{"name": "goodwill"}]}


def spent(days_ago, amount, key="k", state=csflow.Payment.PENDING):
    return Spent(AT - days_ago * DAY, amount, key, state)


@pytest.fixture(scope="module")
def pack():
    return csflow.load_pack(FOLDER)


def ledger_of(pack, number):
    line = {"id": "A", "quantity": 1, "unit_price": "80.00 CNY"}
    tender = {"id": "t1", "tender": "wechat", "paid": "80.00 CNY"}
    return pack.freeze({"id": f"order {number}", "lines": [line], "tenders": [tender]})


def quoted(pack, amount, budgets, number=1, at="2025-11-20T10:00:00+08:00", **more):
    return pack.quote(
        ledger_of(pack, number),
        CLAIM,
        {"order.paid_at": "2025-11-08T10:00:00+08:00", "x.m": amount},
        budgets=budgets,
        at=at,
        **more,
    )


def test_what_was_paid_for_one_order_counts_for_the_next(pack):
    first = quoted(pack, "80 CNY", {"goodwill": csflow.Budget()})
    second = quoted(pack, "30 CNY", first.plan.budgets, number=2)
    assert (second.status, second.refusal.code) == ("refused", "budget.exceeded")
    assert (second.refusal.asked, second.refusal.limit, second.refusal.name) == (3000, 2000, "goodwill")
    assert "80.00" not in second.explain("zh-CN") and "最多还能得到 20.00 CNY" in second.explain("zh-CN")
    third = quoted(pack, "20 CNY", first.plan.budgets, number=2)
    assert third.plan.budgets["goodwill"].spent(AT, 365) == 10000


def test_the_period_ends_to_the_microsecond():
    budget = Budget((spent(365, 700, "a"), spent(364, 30, "b")))
    assert budget.spent(AT, 365) == 30
    assert budget.spent(AT - 1, 365) == 730
    assert allowance("goodwill", budget, AT, 100, 365).left == 70
    assert allowance("goodwill", budget, AT - 1, 100, 365).left == 0


@pytest.mark.parametrize(
    ("state", "counts"),
    [("pending", 500), ("unknown", 500), ("succeeded", 500), ("failed", 0)],
)
def test_what_did_not_fail_counts(state, counts):
    budget = Budget((spent(1, 500),)).with_state("k", csflow.Payment(state))
    assert budget.spent(AT, 30) == counts


def test_a_payment_that_is_final_stays():
    paid = Budget((spent(1, 500),)).with_state("k", csflow.Payment.SUCCEEDED)
    assert paid.with_state("k", csflow.Payment.SUCCEEDED) == paid
    with pytest.raises(ValueError, match="cannot become failed"):
        paid.with_state("k", csflow.Payment.FAILED)
    with pytest.raises(ValueError, match="no payment of this budget"):
        paid.with_state("another", csflow.Payment.FAILED)


def test_one_payment_stands_otherwise_and_the_others_as_they_did():
    both = Budget((spent(1, 500, "a"), spent(1, 70, "b"))).with_state("b", csflow.Payment.FAILED)
    assert [each.state for each in both.payments] == [csflow.Payment.PENDING, csflow.Payment.FAILED]
    assert both.spent(AT, 30) == 500


def test_the_same_quote_twice_is_one_payment(pack):
    first = quoted(pack, "80 CNY", {"goodwill": csflow.Budget()})
    again = first.plan.budgets["goodwill"].with_payment(first.plan.budgets["goodwill"].payments[0])
    assert again == first.plan.budgets["goodwill"]


def test_a_budget_is_kept_as_json(pack):
    first = quoted(pack, "80 CNY", {"goodwill": csflow.Budget()})
    kept = json.loads(json.dumps(first.to_json()["plan"]["budgets"]))
    assert csflow.Budget.from_json(kept["goodwill"]) == first.plan.budgets["goodwill"]
    assert quoted(pack, "30 CNY", kept, number=2).refusal.limit == 2000


@pytest.mark.parametrize(
    ("budgets", "at", "place"),
    [({}, "2025-11-20T10:00:00+08:00", "budgets.goodwill"), ({"goodwill": csflow.Budget()}, None, "at")],
)
def test_what_was_paid_before_is_not_guessed(pack, budgets, at, place):
    with pytest.raises(csflow.FactError) as raised:
        quoted(pack, "80 CNY", budgets, at=at)
    assert [(each.code, each.subject) for each in raised.value.diagnostics] == [("CS551", place)]


def test_nothing_due_asks_for_no_budget(pack):
    assert quoted(pack, "0 CNY", {}, at=None).status == "quoted"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"payments": None},
        {"payments": [{"at": AT, "amount": -1, "key": "k", "state": "pending"}]},
        {"payments": [{"at": AT, "amount": 1.5, "key": "k", "state": "pending"}]},
        {"payments": [{"at": True, "amount": 1, "key": "k", "state": "pending"}]},
        {"payments": [{"at": AT, "amount": 1, "key": 7, "state": "pending"}]},
        {"payments": [{"at": AT, "amount": 1, "key": "k", "state": "lost"}]},
        {"payments": [{"at": AT, "amount": 1, "key": "k"}]},
        [],
    ],
)
def test_a_budget_that_is_none_is_refused_by_its_name(pack, document):
    with pytest.raises(csflow.FactError) as raised:
        quoted(pack, "80 CNY", {"goodwill": document})
    assert [(each.code, each.subject) for each in raised.value.diagnostics] == [("CS538", "budgets.goodwill")]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"payments": {}}, "payments are a list, not {}"),
        (
            {"payments": [{"at": AT, "amount": -1, "key": "k", "state": "pending"}]},
            "whole numbers and a key, not {'at'",
        ),
    ],
)
def test_what_is_no_budget_is_said(document, said):
    with pytest.raises(ValueError, match=r"^this is no budget of csflow: TypeError") as raised:
        Budget.from_json(document)
    assert said in str(raised.value)


def test_a_payment_of_nothing_is_one():
    nothing = Budget((spent(1, 0),))
    assert Budget.from_json(nothing.to_json()) == nothing


def additions(*amounts, name="goodwill"):
    return tuple(
        Addition(f"{name}/{number}", amount, {"merchant": amount}, f"k{number}")
        for number, amount in enumerate(amounts, 1)
    )


def test_payments_of_one_name_take_from_one_budget_up_to_what_it_leaves():
    allowed = Allowance("goodwill", Budget((spent(1, 40),)), AT, 60)
    allowances = {f"goodwill/{number}": allowed for number in (1, 2, 3)}
    free = Addition("leg", 999, {"merchant": 999}, "k0")
    assert beyond_budget((free, *additions(50, 10)), allowances) is None
    refused = Refusal("budget.exceeded", asked=11, limit=10, name="goodwill")
    assert beyond_budget((free, *additions(50, 11)), allowances) == refused
    assert beyond_budget(additions(61), allowances) == Refusal("budget.exceeded", asked=61, limit=60, name="goodwill")
    third = Refusal("budget.exceeded", asked=31, limit=30, name="goodwill")
    assert beyond_budget(additions(20, 10, 31), allowances) == third
    after = budgets_after((free, *additions(50, 10)), allowances)
    paid = (Spent(AT, 50, "k1"), Spent(AT, 10, "k2"))
    assert after == {"goodwill": Budget((spent(1, 40), *paid))}
    assert budgets_after((free,), allowances) == {}

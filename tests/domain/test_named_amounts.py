"""The amounts that the settlement of cn names beside a refund, by the worked cases: what each decision says is paid once."""

import json
from dataclasses import replace
from functools import cache

import pytest

import csflow

PAID_AT = "2025-11-08T10:00:00+08:00"
FREIGHT = {
    "free_shipping": False,
    "condition_broken": False,
    "for_exchange": False,
    "agreement": "none",
    "return_cost": "12 CNY",
    "return_prepaid": "12 CNY",
}
PRESALE = {"price": "1000 CNY", "deposit": "100 CNY", "balance_paid": "0 CNY", "nature": "earnest"}
DAMAGE = {"loss": "0 CNY", "fraud": False, "unsafe_food": True, "label_flaw_only": False, "price": "300 CNY"}
IMPORT = {
    "goods_value": "1000 CNY",
    "tax_paid": "91 CNY",
    "returned_value": "1000 CNY",
    "released_at": "2025-12-01T10:00:00+08:00",
    "applied_at": "2025-12-10T10:00:00+08:00",
    "package_intact": True,
}
PARCEL = {"cause": "transport", "service": "express", "loss": "510 CNY", "insured_value": "300 CNY"}
COMPLAINT = {"opened_at": "2026-11-12T10:00:00+08:00"}


@cache
def cn():
    return csflow.standard_pack("cn")


def quoted(price, reason, concerns, facts, *, freight=None, tax=None, book=None, back=1):
    """One unit of `price` comes back, or none, and the claim concerns `name`s, or `name = option`."""
    order = {"id": "o", "lines": [{"id": "A", "quantity": 1, "unit_price": f"{price} CNY"}]}
    paid = price
    for name, amount in (("freight", freight), ("tax", tax)):
        if amount:
            order[name] = {"paid": f"{amount} CNY"} if name == "freight" else f"{amount} CNY"
            paid += amount
    order["tenders"] = [{"id": "t", "tender": "wechat", "paid": f"{paid} CNY"}]
    claim = {"returns": [{"line": "A", "quantity": 1, "reason": reason}] * back, "concerns": []}
    for concern in concerns:
        name, _, option = concern.partition(" = ")
        claim["concerns"].append({"name": name} | ({"option": option} if option else {}))
    given = {**facts, "order": {"paid_at": PAID_AT, **facts.get("order", {})}}
    given["claim"] = {"reason": reason, **facts.get("claim", {})}
    given["freight"] = {**FREIGHT, **facts.get("freight", {})}
    return cn().quote(cn().freeze(order), claim, given, book=book, at="2026-07-01T10:00:00+08:00")


def told(quote):
    """What goes back, and every amount beside it by name."""
    assert quote.status == "quoted", quote.explain("en")
    plan = quote.plan
    beside = {each.name: each.amount for each in (*plan.additions, *plan.recourse)}
    return plan.amount, beside | {name: -amount for name, amount in plan.withheld.items()}


@pytest.mark.parametrize(
    ("row", "reason", "freight", "refund", "beside"),
    [
        ("C51", "defect", {}, 9000, {"return_leg": 1200}),
        ("C54", "no_reason", {"return_cost": "18 CNY", "return_prepaid": "18 CNY", "cost_to_shown_address": "12 CNY"}, 8000, {"return_leg": 600}),
        ("C57b", "no_reason", {"insurance_paid": "10 CNY"}, 8000, {}),
    ],
)  # fmt: skip
def test_the_return_leg_that_the_customer_advanced_and_another_bears(row, reason, freight, refund, beside):
    assert told(quoted(80, reason, ["return_leg"], {"freight": freight}, freight=10)) == (refund, beside)


@pytest.mark.parametrize(
    ("row", "price", "presale", "concerns", "refund", "beside"),
    [
        ("C72", 100, {"end": "customer_default"}, ["forfeited_deposit"], 0, {"forfeited_deposit": -10000}),
        ("C73", 100, {"end": "merchant_default"}, ["deposit = deposit"], 10000, {"deposit": 10000}),
        ("C74", 300, {"end": "customer_default", "deposit": "300 CNY"}, ["forfeited_deposit"], 10000, {"forfeited_deposit": -20000}),
        ("C74", 300, {"end": "merchant_default", "deposit": "300 CNY"}, ["deposit = deposit"], 30000, {"deposit": 20000}),
        ("C75", 100, {"end": "customer_default", "nature": "prepayment"}, ["forfeited_deposit", "deposit"], 10000, {}),
        ("C77", 100, {"end": "merchant_default", "penalty": "150 CNY"}, ["deposit = penalty"], 10000, {"deposit": 15000}),
        ("C77", 100, {"end": "merchant_default", "penalty": "150 CNY"}, ["deposit = deposit"], 10000, {"deposit": 10000}),
    ],
)  # fmt: skip
def test_deposits_are_doubled_or_forfeited_beside_the_refund(row, price, presale, concerns, refund, beside):
    facts = {"presale": {**PRESALE, **presale}, "order": {"placed_at": "2025-11-01T20:00:00+08:00"}}
    assert told(quoted(price, "no_reason", concerns, facts)) == (refund, beside)


def test_c68_tax_that_customs_keep_is_withheld_and_a_person_confirms_it():
    late = {"import": {**IMPORT, "back_at": "2026-01-16T00:00:00+08:00"}, "order": {"cross_border": True}}
    found = quoted(1000, "no_reason", ["import_tax"], late, tax=91)
    assert told(found) == (100000, {"import_tax": -9100})
    assert [(held.of, held.confirmed) for held in found.plan.held_for] == [("import_tax", True)]
    in_time = {"import": {**IMPORT, "back_at": "2026-01-15T23:59:59+08:00"}, "order": {"cross_border": True}}
    found = quoted(1000, "no_reason", ["import_tax"], in_time, tax=91)
    assert told(found) == (109100, {}) and not found.plan.held_for


def test_c71_an_invoice_that_was_issued_is_reversed_for_what_is_refunded():
    found = quoted(80, "no_reason", ["red_invoice"], {"invoice": {"issued": True}})
    (effect,) = found.plan.effects
    assert (effect.name, effect.amount, effect.done, effect.failed) == (
        "red_invoice",
        8000,
        "red_invoice.done",
        "red_invoice.failed",
    )
    assert quoted(80, "no_reason", ["red_invoice"], {"invoice": {"issued": True}}).plan.effects == (effect,)
    assert not quoted(80, "no_reason", ["red_invoice"], {"invoice": {"issued": False}}).plan.effects
    assert quoted(80, "no_reason", ["red_invoice"], {}).status == "undecided"


def test_c80_the_merchant_pays_and_takes_what_was_insured_from_the_carrier():
    found = quoted(500, "damaged_in_transit", ["carrier"], {"parcel": PARCEL}, freight=10)
    assert told(found) == (51000, {"carrier": 30000})
    assert found.plan.borne == {"merchant": 51000}
    (entry,) = found.plan.entries
    assert {part.account: part.amount for part in entry.postings} == {"carrier": -30000, "merchant": 30000}


@pytest.mark.parametrize(
    ("row", "cause", "borne"),
    [
        ("C83", "shared", {"merchant": 667, "platform": 667, "carrier": 666}),
        ("C87", "platform", {"platform": 2000}),
    ],
)
def test_goodwill_is_borne_by_whoever_caused_it(row, cause, borne):
    facts = {
        "goodwill": {"amount": "20 CNY", "proposed_by": "person"},
        "complaint": COMPLAINT,
        "cost": {"cause": cause},
    }
    (addition,) = quoted(80, "no_reason", ["goodwill"], facts, back=0).plan.additions
    assert (addition.amount, dict(addition.borne)) == (2000, borne)


@pytest.mark.parametrize("cause", ["unknown", "customer"])
def test_goodwill_that_nobody_has_to_bear_is_refused(cause):
    facts = {
        "goodwill": {"amount": "20 CNY", "proposed_by": "person"},
        "complaint": COMPLAINT,
        "cost": {"cause": cause},
    }
    found = quoted(80, "no_reason", ["goodwill"], facts, back=0)
    assert (found.status, found.refusal.code, found.refusal.name) == ("refused", "shares.nobody", "goodwill")


@pytest.mark.parametrize(
    ("row", "amount", "by", "held"),
    [
        ("C99", "80 CNY", "person", [("goodwill", "supervisor", False)]),
        ("C99", "20 CNY", "person", [("goodwill", "front_line", False)]),
        ("C100", "30 CNY", "robot", [("goodwill", "supervisor", True)]),
    ],
)
def test_goodwill_is_held_for_who_may_give_it(row, amount, by, held):
    facts = {"goodwill": {"amount": amount, "proposed_by": by}, "complaint": COMPLAINT, "cost": {"cause": "merchant"}}
    found = quoted(80, "no_reason", ["goodwill"], facts)
    assert [(each.of, each.role, each.confirmed) for each in found.plan.held_for] == held
    assert "held" not in found.explain("en") and "approval" in found.explain("en")


def test_c99_what_nobody_may_give_is_refused():
    facts = {"goodwill": {"amount": "500.01 CNY", "proposed_by": "person"}, "complaint": COMPLAINT}
    found = quoted(80, "no_reason", ["goodwill"], facts | {"cost": {"cause": "merchant"}})
    assert (found.status, found.refusal.code, found.refusal.name) == ("refused", "approval.beyond", "goodwill")


@pytest.mark.parametrize(
    ("row", "damage", "option", "extra"),
    [
        ("C88", {"price": "15.80 CNY"}, "food_price", 100000),
        ("C89", {"price": "120 CNY"}, "food_price", 120000),
        ("C89", {"price": "120 CNY", "loss": "500 CNY"}, "food_loss", 150000),
        ("C92", {"price": "99 CNY", "unsafe_food": False, "fraud": True}, "fraud", 50000),
        ("C92", {"price": "166.67 CNY", "unsafe_food": False, "fraud": True}, "fraud", 50001),
        ("C93", {"fraud": True}, "food_price", 300000),
        ("C93", {"fraud": True}, "fraud", 90000),
    ],
)
def test_statutory_damages_are_the_one_that_the_customer_chose(row, damage, option, extra):
    facts = {"damage": {**DAMAGE, **damage}}
    assert told(quoted(80, "defect", [f"damages = {option}"], facts))[1] == {"damages": extra}


def test_c93_damages_never_stack():
    facts = {"damage": {**DAMAGE, "fraud": True}}
    first = quoted(80, "defect", ["damages = fraud"], facts)
    second = quoted(80, "defect", ["damages = food_price"], facts, book=first.plan.book, back=0)
    assert told(second) == (0, {"damages": 210000})
    assert not quoted(80, "defect", ["damages = fraud"], facts, book=second.plan.book, back=0).plan.additions
    nobody = quoted(80, "defect", ["damages"], facts)
    assert nobody.refusal.code == "choice.missing" and nobody.refusal.choices == ("food_price", "fraud")


def test_c90_a_slip_of_the_label_gives_nothing_extra():
    assert told(quoted(80, "defect", ["damages"], {"damage": {**DAMAGE, "label_flaw_only": True}})) == (8000, {})


def test_a_figure_of_the_marketplace_in_its_beans_is_given_as_points():
    facts = {
        "dispute": {"ground": "missing_gift", "main_goods_paid": "300 CNY"},
        "order": {"platform": "jd", "paid_at": "2026-06-20T10:00:00+08:00", "goods_paid": "300 CNY"},
    }
    found = quoted(80, "defect", ["compensation"], facts)
    assert [(each.amount, each.form) for each in found.plan.additions] == [(500, "points")]
    assert "另给承诺或者平台标准的赔付（积分）：5.00 CNY" in found.explain("zh-CN")
    promised = quoted(80, "defect", ["compensation"], facts | {"promise": {"compensation": "50 CNY"}})
    assert [each.form for each in promised.plan.additions] == ["points"]


@pytest.mark.parametrize(("row", "standard", "paid"), [("C98", "taobao", 5000), ("C98", "jd", 3000)])
def test_c98_which_of_promise_and_figure_is_paid_is_the_market_s_rule(row, standard, paid):
    facts = {
        "promise": {"compensation": "50 CNY"},
        "dispute": {"ground": "other", "main_goods_paid": "300 CNY", "platform_figure": "30 CNY"},
        "order": {"platform": standard, "paid_at": "2026-06-20T10:00:00+08:00", "goods_paid": "300 CNY"},
    }
    found = quoted(80, "defect", ["compensation"], facts)
    assert told(found)[1] == {"compensation": paid}


@pytest.mark.parametrize(
    ("row", "reason", "shown", "refund", "beside"),
    [
        ("C102", "no_reason", True, 8500, {"gift": -1500}),
        ("C102", "no_reason", False, 10000, {}),
        ("C101", "defect", True, 10000, {}),
    ],
)
def test_a_gift_that_did_not_come_back(row, reason, shown, refund, beside):
    facts = {"gift": {"returned": False, "value_shown": shown, "value": "15 CNY"}, "order": {"goods_paid": "100 CNY"}}
    assert told(quoted(100, reason, ["gift"], facts)) == (refund, beside)


def test_a_claim_does_not_ask_for_the_facts_of_what_it_does_not_concern():
    assert told(quoted(80, "no_reason", [], {})) == (8000, {})
    assert quoted(80, "no_reason", ["gift"], {}).status == "undecided"


def test_a_name_that_the_settlement_does_not_have_is_a_finding():
    with pytest.raises(csflow.FactError) as raised:
        quoted(80, "no_reason", ["gifts"], {})
    (finding,) = raised.value.diagnostics
    assert finding.name == "unknown-concern" and finding.suggestion == "gift"


def test_a_second_parcel_is_a_second_event_and_a_refusal_says_which():
    facts = {"freight": {**FREIGHT}}
    first = quoted(80, "defect", ["return_leg"], facts)
    order = {
        "id": "o",
        "lines": [{"id": "A", "quantity": 1, "unit_price": "80 CNY"}],
        "tenders": [{"id": "t", "tender": "wechat", "paid": "80 CNY"}],
    }
    given = {"order": {"paid_at": PAID_AT}, "claim": {"reason": "defect"}, "freight": FREIGHT}
    claim = {"concerns": [{"name": "return_leg"}, {"name": "return_leg", "event": "second"}]}
    ledger = cn().freeze(order)
    second = cn().quote(ledger, claim, given, book=first.plan.book, at="2026-07-01T10:00:00+08:00")
    assert [(each.name, each.amount) for each in second.plan.additions] == [("return_leg/second", 1200)]
    assert "退回运费" in second.explain("zh-CN")
    claim = {"concerns": [{"name": "damages", "event": "second"}]}
    refused = cn().quote(ledger, claim, given | {"damage": {**DAMAGE, "fraud": True}}, at="2026-07-01T10:00:00+08:00")
    assert refused.refusal.name == "damages" and "法定的增加赔偿" in refused.explain("zh-CN")


PROTECTED = {
    "order": {"paid_at": PAID_AT, "placed_at": PAID_AT},
    "promise": {"price_protection": "thirty_days"},
    "protection": {
        "requested_at": "2025-11-20T10:00:00+08:00",
        "price_paid": "80 CNY",
        "price_now": "50 CNY",
        "offer": "none",
    },
}


def protected(*lines, protection=None, book=None, **more):
    """A claim that the price of an order of A for 80 and B for 20 has fallen to 50, for these lines."""
    order = {
        "id": "o",
        "lines": [
            {"id": "A", "quantity": 1, "unit_price": "80 CNY"},
            {"id": "B", "quantity": 1, "unit_price": "20 CNY"},
        ],
        "tenders": [{"id": "t", "tender": "wechat", "paid": "100 CNY"}],
    }
    facts = {**PROTECTED, "claim": {"reason": "no_reason"}, "freight": FREIGHT}
    facts["protection"] = {**PROTECTED["protection"], **(protection or {})}
    claim = {"concerns": [{"name": "price_protection", **({"line": line} if line else {})} for line in lines]}
    return cn().quote(cn().freeze(order), claim | more, facts, book=book, at="2026-07-01T10:00:00+08:00")


def test_c78_a_fallen_price_goes_back_as_it_was_paid_and_the_book_remembers_it():
    first = protected("A")
    assert (first.plan.amount, first.plan.grants) == (3000, {"price_protection/A": 3000})
    assert "其中价保差价（商家的价保承诺；消费者权益保护法实施条例 第十二条）：30.00 CNY" in first.explain("zh-CN")
    kept = csflow.Book.from_json(json.loads(json.dumps(first.plan.book.to_json())))
    assert kept == first.plan.book
    again = protected("A", book=kept)
    assert (again.plan.amount, again.plan.grants) == (0, {})
    returned = protected(book=kept, returns=[{"line": "A", "quantity": 1, "reason": "defect"}])
    assert returned.plan.amount == 5000


def test_c78_another_line_is_another_grant_and_an_amount_that_the_claim_gives_stands_beside_it():
    found = protected("A", granted=[{"line": "A", "amount": "10 CNY"}])
    assert (found.plan.amount, found.plan.grants) == (4000, {"price_protection/A": 3000})
    refused = protected("A", "B")
    assert (refused.refusal.code, refused.refusal.asked, refused.refusal.limit) == ("cap.line", 3000, 2000)


def test_c79_what_is_denied_is_said_in_the_words_of_the_code():
    found = protected("A", protection={"offer": "coupon"})
    assert (found.refusal.code, found.refusal.reason) == ("denied", "price_protection.excluded_offer")
    assert "拒绝：价格保护（现价属于不在价保范围内的优惠）。" in found.explain("zh-CN")
    assert all("price_protection" not in found.explain(language) for language in ("zh-CN", "zh-TW", "en"))


@pytest.mark.parametrize(
    ("concern", "finding"),
    [
        ({"name": "price_protection"}, "missing-order-field"),
        ({"name": "price_protection", "line": "C"}, "unknown-order-line"),
        ({"name": "return_leg", "line": "A"}, "unknown-order-field"),
    ],
)
def test_a_grant_is_for_a_line_and_nothing_else_is(concern, finding):
    with pytest.raises(csflow.FactError) as raised:
        protected(concerns=[concern])
    (found,) = raised.value.diagnostics
    assert (found.name, found.subject) == (finding, "concerns[1].line")


@pytest.mark.parametrize("grants", [{"price_protection/A": -1}, {"price_protection/A": True}, {1: 5}])
def test_a_book_whose_grants_are_no_amounts_is_refused(grants):
    book = protected("A").plan.book
    with pytest.raises(csflow.FactError) as raised:
        protected("A", book=replace(book, plans=(replace(book.plans[0], grants=grants),)))
    assert [finding.name for finding in raised.value.diagnostics] == ["malformed-book"]

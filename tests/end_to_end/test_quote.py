"""`csflow quote` as a user runs it: two refunds of one order, told and booked, and the refusals on the way."""

import json

import pytest
from typer.testing import CliRunner

from csflow.cli import app

PACK = {
    "pack.yaml": """pack: shop
title: 小店
language: 1
currency: CNY
rounding: half_up
time_zone: Asia/Shanghai
in_force: "[2024-01-01..2027-01-01)"
reviewed_on: 2026-11-27
""",
    "zone.yaml": """zone: Asia/Shanghai
covers: "[1991-09-16..2100-01-01)"
offsets: [{from: 1991-09-14T17:00:00Z, offset: "+08:00"}]
""",
    "facts.yaml": """facts:
  order: {paid_at: {type: datetime, title: 付款时间}}
  claim: {reason: {type: reason, title: 申请原因}}
""",
    "reasons.yaml": """reasons:
  no_reason: {title: 七日无理由, liability: none}
  defect: {title: 商品瑕疵, liability: merchant}
""",
    "decisions/terms.yaml": """decision: terms
title: 退款条件
inputs: {fault: liability_of(claim.reason)}
outputs:
  mode: {type: enum, of: {prorated: 保留优惠, resettle: 重新计算优惠}}
rules:
  - {id: fault, when: {fault: merchant}, then: {mode: prorated}, because: 消费者权益保护法 第二十四条}
  - {id: none, when: {fault: none}, then: {mode: resettle}, because: 暂行办法 第十七条}
otherwise: {mode: resettle}
""",
    "settlement.yaml": """settlement: refund
title: {zh-CN: 退款, zh-TW: 退款, en: Refund}
because: 店铺规则
governed_by: order.paid_at
reason: claim.reason
mode: decision.terms.mode
routing: pro_rata_actual
tenders:
  wechat: {title: {zh-CN: 微信支付, zh-TW: 微信支付, en: WeChat Pay}, cash: true}
  red_packet: {title: {zh-CN: 红包, zh-TW: 紅包, en: red packet}}
""",
}
ORDER = {
    "id": "C21",
    "lines": [
        {"id": "A", "quantity": 1, "unit_price": "200.00 CNY"},
        {"id": "B", "quantity": 1, "unit_price": "120.00 CNY"},
    ],
    "offers": [{"id": "o", "tiers": [{"at_least": "300.00 CNY", "amount": "50.00 CNY"}]}],
    "tenders": [
        {"id": "t1", "tender": "wechat", "paid": "200.00 CNY"},
        {"id": "t2", "tender": "red_packet", "paid": "70.00 CNY"},
    ],
}
FACTS = "order: {paid_at: 2025-11-08T10:00:00+08:00}\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    for name, text in PACK.items():
        path = tmp_path / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "facts.yaml").write_text(FACTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def quoted(shop, claim, *more):
    (shop / "claim.json").write_text(json.dumps(claim))
    command = ["quote", "--pack", "shop", "--order", "order.json", "--claim", "claim.json", "--facts", "facts.yaml"]
    return CliRunner().invoke(app, [*command, "--lang", "zh-CN", *more])


def back(line, reason):
    return {"returns": [{"line": line, "quantity": 1, "reason": reason}]}


def test_a_statement_says_what_is_due_where_it_goes_and_why(shop):
    assert quoted(shop, back("B", "no_reason")).stdout == (
        "退款（订单 C21）\n"
        "  商品 A 失去优惠，补回：-31.25 CNY\n"
        "  商品 B：101.25 CNY\n"
        "  累计应退：70.00 CNY\n"
        "本次退款：70.00 CNY\n"
        "  退回微信支付：51.85 CNY\n"
        "  退回红包：18.15 CNY\n"
        "  逐件对应的退回方式（CNY）：\n"
        "    商品    应退    扣除  微信支付   红包   合计\n"
        "    B     101.25  -31.25     51.85  18.15  70.00\n"
        "    合计  101.25  -31.25     51.85  18.15  70.00\n"
        "  商家承担：70.00 CNY\n"
        "依据：店铺规则\n"
    )


def test_two_refunds_by_the_book_give_back_what_was_paid(shop):
    first = json.loads(quoted(shop, back("B", "no_reason"), "--format", "json").stdout)
    (shop / "book.json").write_text(json.dumps(first["plan"]["book"]))
    second = json.loads(quoted(shop, back("A", "defect"), "--book", "book.json", "--format", "json").stdout)
    assert second["plan"]["amount"] == {"amount": "200.00", "currency": "CNY"}
    by_tender = [(each["tender"], each["amount"]["amount"]) for each in second["plan"]["refunds"]]
    assert by_tender == [("t1", "148.15"), ("t2", "51.85")]
    assert second["plan"]["number"] == 2
    [unit] = second["plan"]["units"]
    assert (unit["line"], unit["amount"]) == ("A", second["plan"]["amount"])
    assert [(each["tender"], each["amount"]["amount"]) for each in unit["tenders"]] == by_tender
    text = quoted(shop, back("A", "defect"), "--book", "book.json", "--lang", "en").stdout
    assert "  refunded before: 70.00 CNY\n" in text and "Refund now: 200.00 CNY\n" in text
    (shop / "book.json").write_text(json.dumps(second["plan"]["book"]))
    third = quoted(shop, back("A", "defect"), "--book", "book.json", "--lang", "zh-TW")
    assert third.stdout == "退款（訂單 C21）\n拒絕：商品 A 要退 1 件，最多還能退 0 件。\n"


def test_what_is_not_known_is_said_and_nothing_is_refunded(shop):
    found = quoted(shop, {"returns": [{"line": "A", "quantity": 1}]})
    assert "算不出退款" in found.stdout and "申请原因" in found.stdout
    document = json.loads(quoted(shop, {"returns": [{"line": "A", "quantity": 1}]}, "--format", "json").stdout)
    assert (document["status"], document["plan"], document["refusal"]) == ("undecided", None, None)


@pytest.mark.parametrize(
    ("claim", "more", "code"),
    [
        (back("C", "no_reason"), (), "CS534"),
        (back("A", "no_raeson"), (), "CS208"),
        ({"return": []}, (), "CS530"),
        (back("A", "defect"), ("--book", "claim.json"), "CS538"),
        (back("A", "defect"), ("--settlement", "refunds"), "CS909"),
        (back("A", "defect"), ("--book", "none.json"), "CS901"),
    ],
)
def test_bad_input_is_named(shop, claim, more, code):
    found = quoted(shop, claim, *more)
    assert found.exit_code != 0
    assert code in found.output

"""How the settlement of cn gives back each form of payment, and how a statement tells it."""

from functools import cache

import pytest
from tests.domain.test_named_amounts import FREIGHT, PAID_AT

import csflow

AT = "2026-07-01T10:00:00+08:00"
ENDED = {"id": "packet", "tender": "red_packet", "paid": "30.00 CNY", "expires_at": "2026-06-30T00:00:00+08:00"}


@cache
def cn():
    return csflow.standard_pack("cn")


def paid(id, tender, amount, **more):
    return {"id": id, "tender": tender, "paid": f"{amount} CNY", **more}


def quoted(tenders, *, book=None, coupon=None, quantity=3, **more):
    """One of `quantity` units at 100 comes back for a fault."""
    lines = [{"id": "A", "quantity": quantity, "unit_price": "100.00 CNY"}]
    ledger = cn().freeze({"id": "o", "lines": lines, "tenders": tenders})
    claim = {"returns": [{"line": "A", "quantity": 1, "reason": "defect"}], **more}
    facts = {"order": {"paid_at": PAID_AT}, "claim": {"reason": "defect"}, "freight": FREIGHT}
    return cn().quote(ledger, claim, facts | ({"coupon": coupon} if coupon else {}), book=book, at=AT)


def test_c40_points_of_the_shop_go_back_as_points():
    points = paid("points", "points", "10.00", units=1000)
    plan = quoted([paid("wechat", "wechat", "290.00"), points]).plan
    assert [(each.tender.id, each.amount, each.units) for each in plan.refunds] == [
        ("wechat", 9667, None),
        ("points", 333, 333),
    ]


def test_points_without_their_number_are_not_guessed():
    with pytest.raises(csflow.FactError) as refused:
        quoted([paid("wechat", "wechat", "290.00"), paid("points", "points", "10.00")])
    assert [each.subject for each in refused.value.diagnostics] == ["tenders[2].units"]


@pytest.mark.parametrize(
    ("language", "line", "fate"),
    [
        ("zh-CN", "  退回红包：10.00 CNY", "    已过期，按原面额补发，7 天内有效"),
        ("zh-TW", "  退回紅包：10.00 CNY", "    已逾期，依原面額補發，7 天內有效"),
        ("en", "  to Red packet: 10.00 CNY", "    expired: issued again at the same face value, valid for 7 days"),
    ],
)
def test_c45_an_expired_red_packet_is_issued_again_for_the_days_of_the_pack(language, line, fate):
    quote = quoted([paid("wechat", "wechat", "270.00"), ENDED], coupon={"lapses_by_terms": False})
    told = quote.explain(language).split("\n")
    assert told[told.index(line) + 1] == fate


def test_c45_it_lapses_where_its_terms_say_so():
    quote = quoted([paid("wechat", "wechat", "270.00"), ENDED], coupon={"lapses_by_terms": True})
    assert quote.plan.amount == 9000 and [each.amount for each in quote.plan.lapsed] == [1000]
    assert "  红包已过期，按约定不退：10.00 CNY" in quote.explain("zh-CN").split("\n")
    again = quoted(
        [paid("wechat", "wechat", "270.00"), ENDED], coupon={"lapses_by_terms": True}, book=quote.plan.book.to_json()
    )
    assert "  先前逾期不退：10.00 CNY" in again.explain("zh-TW").split("\n")


def test_its_terms_have_to_be_known_once_it_has_expired_and_not_before():
    quote = quoted([paid("wechat", "wechat", "270.00"), ENDED])
    assert quote.status == "undecided" and [cause.name for cause in quote.missing] == ["coupon.lapses_by_terms"]
    valid = ENDED | {"expires_at": "2026-07-02T00:00:00+08:00"}
    assert quoted([paid("wechat", "wechat", "270.00"), valid]).status == "quoted"


def test_c49c_cash_goes_to_the_balance_by_consent_and_a_gift_card_stays_one():
    tenders = [paid("wechat", "wechat", "200.00"), paid("card", "gift_card", "100.00")]
    assert quoted(tenders, to="balance").refusal.code == "consent.missing"
    assert quoted(tenders, to="gift_card", consent=True).refusal.code == "tender.not_choosable"
    told = quoted(tenders, to="balance", consent=True).explain("zh-CN").split("\n")
    assert "  经消费者同意，改退余额（原支付方式：微信支付）：66.67 CNY" in told
    assert "  退回礼品卡：33.33 CNY" in told


def test_c47_the_fifty_first_refund_of_a_payment_needs_another_way():
    tenders, book = [paid("wechat", "wechat", "5200.00")], None
    for _ in range(50):
        book = quoted(tenders, quantity=52, book=book).plan.book
    refused = quoted(tenders, quantity=52, book=book)
    assert (refused.refusal.code, refused.refusal.asked, refused.refusal.limit) == ("rail.partial_count", 51, 50)
    assert "最多分 50 次退，这是第 51 次" in refused.explain("zh-CN")
    assert quoted(tenders, quantity=52, book=book, to="balance", consent=True).plan.amount == 10_000

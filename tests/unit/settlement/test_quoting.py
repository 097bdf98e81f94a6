"""A quote asks each return by its own reason, settles offers as the pack reads them, and asks of tenders what it must."""

from typing import Any

import pytest
from tests.unit.settlement.shop import AT, FACTS, FILES, back, line, pack, pack_of, quoted, tender

from csflow.settlement import Quote

ORDER = {
    "id": "C28",
    "lines": [line("A", 1, "300.00"), line("B", 1, "250.00"), line("C", 1, "50.00")],
    "offers": [
        {
            "id": "tiers",
            "tiers": [
                {"at_least": "300.00 CNY", "amount": "40.00 CNY"},
                {"at_least": "500.00 CNY", "amount": "100.00 CNY"},
            ],
        }
    ],
    "tenders": [tender("t1", "wechat", "500.00")],
}
SETTLEMENT = FILES["settlement.yaml"]


def found(quote: Quote) -> Any:
    assert quote.plan is not None, (quote.status, quote.refusal, quote.missing)
    return quote.plan


@pytest.mark.parametrize(
    ("offers", "amounts"),
    [
        # C at what it was paid for is 41.67; where the offer is divided anew it is all that it cost.
        ("", (4167, 19_833)),
        ("offers: {standing: frozen, lower_tier: applies}\n", (4167, 19_833)),
        ("offers: {standing: anew, lower_tier: applies}\n", (5000, 19_000)),
        ("offers: {standing: frozen, lower_tier: lost}\n", (4167, 15_833)),
        ("offers: {standing: anew, lower_tier: lost}\n", (5000, 15_000)),
    ],
)
def test_an_offer_is_settled_as_the_pack_reads_it(offers: str, amounts: tuple[int, int]) -> None:
    shop = pack_of(FILES | {"settlement.yaml": SETTLEMENT.replace("routing:", f"{offers}routing:")})
    ledger = shop.freeze(ORDER)
    first = found(shop.quote(ledger, {"returns": [back("C")]}, FACTS, at=AT))
    second = found(shop.quote(ledger, {"returns": [back("B")]}, FACTS, at=AT, book=first.book))
    assert (first.amount, second.amount) == amounts


def test_each_return_is_settled_by_its_own_reason() -> None:
    # C keeps its offers and gets what it was paid for; without B the offer is that of 300, and A costs 260.
    two = quoted(ORDER, {"returns": [back("C", 1, "defect"), back("B")]})
    assert [dict(answer.held)["mode"] for answer in two.terms[:2]] == ["prorated", "resettle"]
    assert found(two).due.goods[2] == 4167
    # Where a return has no reason that of the claim counts.
    none = quoted(ORDER, {"returns": [back("C", 1, None)]})
    assert dict(none.terms[0].held)["mode"] == "resettle"


def test_what_comes_back_for_one_reason_is_borne_together() -> None:
    text = SETTLEMENT.replace(
        "shares: {carrier: {part: x.part, at_most: 10 CNY}, merchant: rest}",
        'shares: {carrier: {part: "if liability_of(claim.reason) = merchant then 1 else 0", at_most: 30 CNY}, merchant: rest}',
    )
    assert text != SETTLEMENT
    shop = pack_of(FILES | {"settlement.yaml": text})
    lines = [line("A", 1, "20.00"), line("B", 1, "20.00"), line("C", 1, "50.00")]
    ledger = shop.freeze({"id": "o", "lines": lines, "tenders": [tender("t1", "wechat", "90.00")]})
    returns = [back("A", 1, "defect"), back("C"), back("B", 1, "defect")]
    quote = shop.quote(ledger, {"returns": returns}, FACTS, at=AT)
    # The limit of 30 holds over A and B together; C is for the merchant.
    assert found(quote).borne == {"carrier": 3000, "merchant": 6000}


ENDED = "2025-11-19T10:00:00+08:00"


@pytest.mark.parametrize(
    ("returns", "lapses"),
    [([back("A", 1, "defect"), back("B")], False), ([back("B"), back("A", 1, "defect")], True), ([], True)],
)
def test_tenders_are_asked_for_the_first_reason(returns: list[Any], lapses: bool) -> None:
    text = SETTLEMENT.replace(
        "expired: if x.lapses then lapsed", 'expired: "if liability_of(claim.reason) = none then lapsed'
    ).replace("else reissued\n", 'else reissued"\n', 1)
    shop = pack_of(FILES | {"settlement.yaml": text})
    paid = {"tenders": [tender("t1", "red_packet", "500.00", expires_at=ENDED)]}
    claim = {"returns": returns} if returns else {"granted": [{"line": "A", "amount": "1.00 CNY"}]}
    plan = found(shop.quote(shop.freeze(ORDER | paid), claim, FACTS, at=AT))
    assert bool(plan.lapsed) == lapses != bool(plan.refunds)


@pytest.mark.parametrize(
    ("paid", "at", "asked"),
    [
        # An end is asked about once it is there, to the microsecond; a limit of a rail always; neither of other tenders.
        (tender("t1", "red_packet", "500.00", expires_at=ENDED), "2025-11-19T09:59:59.999999+08:00", []),
        (tender("t1", "red_packet", "500.00", expires_at=ENDED), ENDED, ["red_packet.expiry"]),
        (tender("t1", "red_packet", "500.00"), AT, []),
        (tender("t1", "wechat", "500.00", expires_at=ENDED), AT, []),
        (tender("t1", "card", "500.00", paid_at=ENDED), AT, ["card.rail"]),
    ],
)
def test_of_a_tender_only_what_matters_now_is_asked(paid: dict[str, Any], at: str, asked: list[str]) -> None:
    quote = quoted(ORDER | {"tenders": [paid]}, {"returns": [back("A")]}, at=at, lapses=True)
    names = [answer.to_json()["decision"] for answer in quote.terms]
    assert [name for name in names if paid["tender"] in name] == [f"settlement.refund.tenders.{name}" for name in asked]


def test_one_question_is_asked_once_of_two_tenders_of_a_kind() -> None:
    two = [tender(f"t{number}", "red_packet", "250.00", expires_at=ENDED) for number in (1, 2)]
    quote = quoted(ORDER | {"tenders": two}, {"returns": [back("A")]}, lapses=False)
    names = [answer.to_json()["decision"] for answer in quote.terms]
    assert len([name for name in names if "red_packet" in name]) == 1
    assert [(each.expired, each.validity) for each in found(quote).refunds] == [("reissued", 30)] * 2


def test_a_statement_is_in_chinese_unless_another_language_is_asked_for() -> None:
    quote = quoted(ORDER, {"returns": [back("A")]})
    assert quote.explain() == quote.explain("zh-CN") != quote.explain("en")


def test_freight_that_the_merchant_bears_goes_back_and_the_threshold_is_waived() -> None:
    order = {"id": "F", "lines": [line("A", 1, "80.00"), line("B", 1, "20.00")]}
    paid = {"freight": {"paid": "10.00 CNY"}, "tenders": [tender("t1", "wechat", "110.00")]}
    assert found(quoted(order | paid, {"returns": [back("B", 1, "defect")]})).amount == 2200
    assert found(quoted(order | paid, {"returns": [back("B")]})).amount == 2000
    # Where a pack says nothing of freight, what was paid for it stays paid.
    silent = pack_of(
        FILES
        | {"settlement.yaml": SETTLEMENT[: SETTLEMENT.index("freight:")] + SETTLEMENT[SETTLEMENT.index("routing:") :]}
    )
    defect = {"returns": [back("B", 1, "defect")]}
    assert found(silent.quote(silent.freeze(order | paid), defect, FACTS, at=AT)).amount == 2000
    freight = {"paid": "0.00 CNY", "free_from": "90.00 CNY", "fee": "8.00 CNY"}
    free = {"freight": freight, "tenders": [tender("t1", "wechat", "100.00")]}
    assert found(quoted(order | free, {"returns": [back("B", 1, "defect")]})).amount == 2000
    assert found(quoted(order | free, {"returns": [back("B")]})).amount == 1200
    # It is waived, too, where what comes back does not keep its offers.
    text = SETTLEMENT.replace(
        'mode: "if liability_of(claim.reason) = none then resettle else prorated"', "mode: resettle"
    )
    assert text != SETTLEMENT
    anew = pack_of(FILES | {"settlement.yaml": text})
    assert found(anew.quote(anew.freeze(order | free), defect, FACTS, at=AT)).amount == 2000


def test_causes_that_are_missing_are_told_once() -> None:
    returns = [back("A", 1, "defect"), back("B", 1, "no_reason")]
    given = {name: value for name, value in FACTS.items() if name != "x.part"}
    quote = pack().quote(pack().freeze(ORDER), {"returns": returns}, given, at=AT)
    assert quote.status == "undecided"
    assert [cause.name for cause in quote.missing] == ["x.part"]
    assert quote.unit_rows == ()

"""Amounts beside a refund are taken, paid and claimed once; a book that says otherwise is refused; all of it is told."""

import json

import pytest
from tests.unit.settlement.baskets import fen, order, tender

import csflow
from csflow.settlement import Book, Payment
from csflow.settlement.causes import Cause
from csflow.settlement.claims import book_of
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.lines import Beside, Due, added_now, claimed_back, withheld_now
from csflow.settlement.orders import Freight
from csflow.settlement.planning import Plan, plan
from csflow.settlement.pricing import Reading
from csflow.settlement.terms import Claim, Terms
from csflow.values.sharing import Share


def faulty(line):
    return Returned(line, 1, keeps_offers=True)


def unwanted(line):
    return Returned(line, 1, keeps_offers=False)


def made(ledger, claim, book=None) -> Plan:
    found = plan(ledger, book or Book(ledger.digest), claim, Terms())
    assert isinstance(found, Plan), found
    return found


def two_for_a_hundred():
    return freeze(order([(1, "80"), (1, "20")], tenders=[tender("wechat", "100")]))


def test_a_withholding_waits_for_what_is_left_of_it():
    ledger = two_for_a_hundred()
    fee = Beside(withholdings=(Due("fee", fen("90")),))
    first = made(ledger, Claim((faulty(0),), beside=fee))
    assert (first.amount, first.withheld) == (0, {"fee": 8000})
    second = made(ledger, Claim((faulty(1),), beside=fee), first.book)
    assert (second.amount, second.withheld, second.withheld_before) == (1000, {"fee": 1000}, 8000)


def test_nothing_is_withheld_from_a_customer_who_owes():
    ledger = freeze(order([(1, "250"), (1, "60")], off=[("300", "100")], tenders=[tender("wechat", "210")]))
    found = made(ledger, Claim((unwanted(1),), beside=Beside(withholdings=(Due("fee", 500),))))
    assert (found.amount, found.customer_owes, found.withheld) == (0, 4000, {})


def test_an_extra_that_failed_is_due_again_and_one_that_is_unknown_is_not():
    ledger = two_for_a_hundred()
    leg = Beside(additions=(Due("leg", 1200),))
    first = made(ledger, Claim(beside=leg))
    assert [each.amount for each in first.additions] == [1200]
    unknown = first.book.with_extra_state(0, 0, Payment.UNKNOWN)
    assert not made(ledger, Claim(beside=leg), unknown).additions
    again = made(ledger, Claim(beside=leg), unknown.with_extra_state(0, 0, Payment.FAILED))
    assert [each.amount for each in again.additions] == [1200]
    assert again.additions[0].key != first.additions[0].key
    late = unknown.with_extra_state(0, 0, Payment.FAILED).with_extra_state(0, 0, Payment.SUCCEEDED)
    assert not made(ledger, Claim(beside=leg), late).additions


def test_a_plan_made_again_has_the_same_keys():
    ledger = two_for_a_hundred()
    claim = Claim((faulty(0),), beside=Beside((Due("leg", 1200),), (), (Due("insured", 500, payer="carrier"),)))
    first, again = made(ledger, claim), made(ledger, claim)
    assert first == again
    keys = [each.key for each in (*first.refunds, *first.additions, *first.recourse)]
    assert len(set(keys)) == 3 and all(len(key) == 64 for key in keys)


def test_additions_are_no_part_of_what_may_be_refunded():
    ledger = two_for_a_hundred()
    found = made(ledger, Claim(beside=Beside(additions=(Due("damages", fen("3000")),))))
    rest = made(ledger, Claim((faulty(0), faulty(1))), found.book)
    assert rest.amount == fen("100")


def test_recourse_waits_for_what_the_merchant_bears():
    ledger = two_for_a_hundred()
    insured = Beside(recourse=(Due("insured", fen("90"), payer="carrier"),))
    first = made(ledger, Claim((faulty(1),), beside=insured))
    assert [each.amount for each in first.recourse] == [2000]
    failed = first.book.with_state(0, 0, Payment.FAILED)
    # The carrier owes for what was paid in the end, and 20 of it are claimed.
    second = made(ledger, Claim((faulty(0),), beside=insured), failed)
    assert (second.amount, [each.amount for each in second.recourse]) == (fen("100"), [7000])


def test_recourse_is_for_what_was_paid_and_the_merchant_bears():
    ledger = two_for_a_hundred()
    insured = Beside(recourse=(Due("insured", fen("110"), payer="carrier"), Due("hired", fen("110"), payer="supplier")))
    first = made(ledger, Claim((faulty(0),), beside=Beside()))
    failed = first.book.with_state(0, 0, Payment.FAILED)
    # 80 are borne twice and paid once: 100 in all.
    second = made(ledger, Claim((faulty(1),), beside=insured), failed)
    assert [(each.payer, each.amount) for each in second.recourse] == [("carrier", fen("100"))]
    halves = Terms(shares=(Share("platform", 1), Share("merchant", 1)))
    found = plan(ledger, Book(ledger.digest), Claim((faulty(0),), beside=insured), halves)
    assert isinstance(found, Plan) and [each.amount for each in found.recourse] == [fen("40")]
    small = Beside(recourse=(Due("insured", fen("30"), payer="carrier"), Due("hired", fen("60"), payer="supplier")))
    both = made(ledger, Claim((faulty(0),), beside=small))
    assert [(each.payer, each.amount) for each in both.recourse] == [("carrier", fen("30")), ("supplier", fen("50"))]


def test_what_goes_back_of_one_withholding_may_be_taken_by_another():
    ledger = two_for_a_hundred()
    first = made(ledger, Claim((faulty(1),), beside=Beside(withholdings=(Due("gift", 1500),))))
    both = Beside(withholdings=(Due("gift", 0), Due("fee", 2000)))
    second = made(ledger, Claim(beside=both), first.book)
    assert (second.amount, second.withheld) == (0, {"gift": -1500, "fee": 1500})


@pytest.mark.parametrize(
    ("asked", "before", "left", "taken"),
    [
        ({"fee": 1}, {}, 100, {"fee": 1}),
        ({"fee": 0}, {}, 100, {}),
        ({"fee": 4}, {"fee": 5}, 0, {"fee": -1}),
        ({"gift": 0, "fee": 50}, {"gift": 15}, 20, {"gift": -15, "fee": 35}),
        ({"gift": 10, "fee": 10, "tax": 10}, {}, 15, {"gift": 10, "fee": 5}),
        ({"gift": 10}, {}, -1, {}),
    ],
)
def test_what_is_withheld_to_the_last_fen(asked, before, left, taken):
    assert withheld_now([Due(name, amount) for name, amount in asked.items()], before, left) == taken


def test_a_fen_is_added_in_its_form_and_a_fen_is_claimed():
    asked = (Due("coupon", 501, form="coupon"), Due("leg", 1), Due("paid", 7))
    added = added_now(asked, {"coupon": 500, "paid": 7}, {}, "ledger", 1)
    assert [(each.name, each.amount, each.form, each.borne) for each in added] == [
        ("coupon", 1, "coupon", {"merchant": 1}),
        ("leg", 1, "money", {"merchant": 1}),
    ]
    claims = (Due("insured", 10, payer="carrier"), Due("hired", 10, payer="supplier"))
    assert [each.amount for each in claimed_back(claims, {"earlier": 4}, 15, "ledger", 1)] == [10, 1]
    assert [each.amount for each in claimed_back(claims, {"insured": 9, "earlier": 4}, 20, "ledger", 1)] == [1, 6]


def test_what_stands_beside_a_refund_is_posted_between_those_it_concerns():
    ledger = two_for_a_hundred()
    halves = (Share("platform", 1), Share("merchant", 1))
    found = made(
        ledger,
        Claim((faulty(0),), beside=Beside((Due("leg", 500, halves),), (), (Due("insured", 300, payer="carrier"),))),
    )
    assert {each.name: {part.account: part.amount for part in each.postings} for each in found.entries} == {
        "leg": {"platform": -250, "merchant": -250, "customer": 500},
        "insured": {"carrier": -300, "merchant": 300},
    }


def test_a_debt_of_a_cause_is_taken_off_the_last_one_first():
    lines = [(1, "250"), (1, "60"), (1, "45"), (1, "4")]
    ledger = freeze(order(lines, off=[("300", "100")], tenders=[tender("t", "259")]))
    bearers = [(Share(party, 1),) for party in ("carrier", "supplier", "merchant")]
    causes = [Cause((faulty(3),), bearers[0]), Cause((faulty(2),), bearers[1]), Cause((unwanted(1),), bearers[2])]
    alone = made(ledger, Claim((faulty(3), faulty(2)), causes=tuple(causes[:2])))
    found = made(ledger, Claim((faulty(3), faulty(2), unwanted(1)), causes=tuple(causes)))
    assert found.amount == 900 < alone.amount
    assert found.borne == {"carrier": alone.borne["carrier"], "supplier": 900 - alone.borne["carrier"]}


def test_causes_are_divided_by_the_terms_of_the_plan():
    """Threshold freight is that of the cause that lost it; offers divided anew are so for each cause."""
    bearers = (Share("carrier", 1),), (Share("merchant", 1),)
    two = Claim((unwanted(0), faulty(1)), causes=(Cause((unwanted(0),), bearers[0]), Cause((faulty(1),), bearers[1])))
    free = Freight(0, fen("100"), fen("10"))
    ledger = freeze(order([(1, "60"), (1, "50"), (1, "5")], freight=free, tenders=[tender("wechat", "115")]))
    charged = plan(ledger, Book(ledger.digest), two, Terms(claims_threshold_freight=True))
    assert isinstance(charged, Plan) and charged.due.threshold_freight == 1_000
    assert (charged.amount, charged.borne) == (10_000, {"carrier": 5_000, "merchant": 5_000})
    waived = made(ledger, two)
    assert (waived.amount, waived.borne) == (11_000, {"carrier": 6_000, "merchant": 5_000})
    lines = [(1, "200"), (1, "100"), (1, "100")]
    ledger = freeze(order(lines, off=[("100", "40")], tenders=[tender("wechat", "360")]))
    anew = plan(ledger, Book(ledger.digest), two, Terms(reading=Reading(True)))
    assert isinstance(anew, Plan) and anew.borne == {"carrier": 20_000, "merchant": 8_000}
    assert made(ledger, two).borne == {"carrier": 18_000, "merchant": 9_000}


def test_a_cause_that_costs_takes_it_off_the_nearest_before_it():
    ledger = freeze(order([(1, "250"), (1, "60"), (1, "45")], off=[("300", "100")], tenders=[tender("wechat", "255")]))
    carrier, merchant = (Share("carrier", 1),), (Share("merchant", 1),)
    assert made(ledger, Claim((faulty(2),))).amount == 3232
    # Without the 60 the offer is lost, and what is kept costs 250: 5 is left of what was due for the fault.
    causes = (Cause((faulty(2),), carrier), Cause((unwanted(1),), merchant))
    found = made(ledger, Claim((faulty(2), unwanted(1)), causes=causes))
    assert (found.amount, found.borne) == (500, {"carrier": 500})
    other = made(ledger, Claim((unwanted(1), faulty(2)), causes=causes[::-1]))
    assert (other.amount, other.borne) == (500, {"carrier": 500})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda plan: plan["withheld"].update(fee="1"),
        lambda plan: plan["withheld"].update(fee=-1),
        lambda plan: plan["withheld"].update(fee=True),
        lambda plan: plan["claimed"].update(insured=-1),
        lambda plan: plan["borne"].update(merchant=1.5),
        lambda plan: plan["extras"].append({"name": "leg", "amount": -1, "state": "pending"}),
        lambda plan: plan["extras"].append({"name": 7, "amount": 1, "state": "pending"}),
        lambda plan: plan["extras"].append({"name": "leg", "amount": 1, "state": "lost"}),
        lambda plan: plan.pop("extras"),
        lambda plan: plan.pop("withheld"),
    ],
)
def test_a_book_that_is_wrong_about_what_stands_beside_refunds_is_a_finding(spoil):
    ledger = two_for_a_hundred()
    document = json.loads(json.dumps(made(ledger, Claim((faulty(0),))).book.to_json()))
    assert book_of(document, ledger)
    spoil(document["plans"][0])
    with pytest.raises(csflow.FactError, match="CS538"):
        book_of(document, ledger)


@pytest.fixture(scope="module")
def told():
    pack = csflow.standard_pack("cn")
    ledger = pack.freeze(
        {
            "id": "o",
            "lines": [{"id": "A", "quantity": 2, "unit_price": "80.00 CNY"}],
            "offers": [{"id": "p", "by": "platform", "amount": "10.00 CNY"}],
            "tenders": [{"id": "t", "tender": "wechat", "paid": "150.00 CNY"}],
        }
    )
    facts = {
        "order": {"paid_at": "2025-11-08T10:00:00+08:00", "goods_paid": "150 CNY"},
        "claim": {"reason": "no_reason"},
        "freight": {"free_shipping": True, "condition_broken": False, "for_exchange": False, "agreement": "none"},
        "gift": {"returned": False, "value_shown": True, "value": "15 CNY"},
        "goodwill": {"amount": "80 CNY", "proposed_by": "robot"},
        "complaint": {"opened_at": "2026-11-12T10:00:00+08:00"},
        "cost": {"cause": "shared"},
        "parcel": {"cause": "transport", "service": "express", "loss": "30 CNY"},
        "invoice": {"issued": True},
    }
    facts["parcel"]["insured_value"] = "30 CNY"
    concerns = [{"name": name} for name in ("gift", "goodwill", "carrier", "red_invoice")]
    claim = {"returns": [{"line": "A", "quantity": 1, "reason": "no_reason"}], "concerns": concerns}
    return pack.quote(ledger, claim, facts)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "zh-CN",
            [
                "  扣除没有退回的赠品（网络购买商品七日无理由退货暂行办法 第十二条）：-15.00 CNY",
                "另付补偿（店铺补偿授权表）：80.00 CNY",
                "冲回补贴，平台：5.00 CNY",
                "须办理：开具红字发票，60.00 CNY",
                "付款前须由客服主管（三级支持）批准：补偿",
                "付款前须经人工确认：补偿",
            ],
        ),
        (
            "zh-TW",
            [
                "  扣除未退回的贈品（網路購買商品七日無理由退貨暫行辦法 第十二條）：-15.00 CNY",
                "沖回補貼，平台：5.00 CNY",
                "付款前須經真人確認：補償",
            ],
        ),
        (
            "en",
            [
                "  withheld, A gift that did not come back (Interim Measures for Seven-Day No-Reason Return art 12): -15.00 CNY",
                "Subsidy taken back, platform: 5.00 CNY",
                "Before it is paid, a person must confirm Goodwill",
            ],
        ),
    ],
)
def test_a_statement_tells_all_of_it(told, language, lines):
    statement = told.explain(language).splitlines()
    assert [line for line in lines if line not in statement] == []


def test_the_document_says_all_of_it(told):
    document = json.loads(json.dumps(told.to_json()))["plan"]
    assert document["amount"]["amount"] == "60.00"
    assert document["withheld"] == [{"name": "gift", "amount": {"amount": "15.00", "currency": "CNY"}}]
    assert [(each["name"], each["amount"]["amount"]) for each in document["additions"]] == [("goodwill", "80.00")]
    assert [(each["from"], each["amount"]["amount"]) for each in document["recourse"]] == [("carrier", "30.00")]
    assert {each["name"] for each in document["entries"]} == {"goodwill", "carrier", "subsidies"}
    assert document["held_for"] == [{"of": "goodwill", "role": "supervisor", "confirmed": True}]
    (effect,) = document["effects"]
    assert (effect["done"], effect["failed"], len(effect["key"])) == ("red_invoice.done", "red_invoice.failed", 64)


def test_a_price_that_was_protected_is_granted_and_comes_back_once():
    """C78: it is part of what was paid for the goods, so that a return afterwards gives the rest."""
    ledger = freeze(order([(1, "900")], tenders=[tender("wechat", "900")]))
    protected = made(ledger, Claim(granted={0: fen("50")}))
    assert protected.amount == fen("50")
    assert made(ledger, Claim((faulty(0),)), protected.book).amount == fen("850")


def test_what_the_merchant_bore_before_may_be_claimed_later():
    ledger = two_for_a_hundred()
    first = made(ledger, Claim((faulty(0),)))
    later = made(ledger, Claim(beside=Beside(recourse=(Due("insured", fen("90"), payer="carrier"),))), first.book)
    assert (later.amount, [each.amount for each in later.recourse]) == (0, [8_000])

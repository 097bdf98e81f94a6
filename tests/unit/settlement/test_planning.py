"""A plan closes, is refused by name, and pays again only what is known to have failed."""

import hashlib
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest
from tests.unit.settlement.baskets import fen, order, tender

import csflow
from csflow.ledger import Posting, Unbalanced, require_balance
from csflow.settlement import Book, Payment
from csflow.settlement.approvals import Held
from csflow.settlement.causes import Cause
from csflow.settlement.claims import book_of
from csflow.settlement.destinations import Choice
from csflow.settlement.effects import Wanted
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.lines import Beside, Due
from csflow.settlement.orders import Surplus, Tender
from csflow.settlement.planning import Plan, plan
from csflow.settlement.pricing import Reading
from csflow.settlement.refusals import COUNTED, REFUSALS, Refusal
from csflow.settlement.tenders import Form
from csflow.settlement.terms import Claim, Terms
from csflow.values.routing import Routing
from csflow.values.sharing import Share

ALL = Terms()


def faulty(line, quantity=1):
    return Returned(line, quantity, keeps_offers=True, with_freight=True)


def paid_with(lines, tenders, **more):
    ledger = freeze(order(lines, tenders=tenders, **more))
    return ledger, Book(ledger.digest)


def made(ledger, book, claim, terms=ALL) -> Plan:
    found = plan(ledger, book, claim, terms)
    assert isinstance(found, Plan), found
    return found


def amounts(found: Plan):
    return {refund.tender.id: refund.amount for refund in found.refunds}


C40 = ("wechat", "180"), ("balance", "60"), ("red_packet", "30"), ("points", "10"), ("coupon", "20")


def test_c40_and_c41_each_tender_gets_back_its_share_and_in_the_end_all_of_it():
    tenders = [tender(id, paid) for id, paid in C40]
    ledger, book = paid_with([(1, "100"), (1, "200")], tenders)
    first = made(ledger, book, Claim((faulty(0),)))
    assert amounts(first) == {"wechat": 6000, "balance": 2000, "red_packet": 1000, "points": 333, "coupon": 667}
    second = made(ledger, first.book, Claim((faulty(1),)))
    both = {id: amounts(first)[id] + amounts(second)[id] for id in amounts(first)}
    assert both == {id: fen(paid) for id, paid in C40}


def test_c42_cash_first():
    ledger, book = paid_with([(1, "60"), (1, "40")], [tender("coupon", "20"), tender("card", "80")])
    terms = Terms(Routing.CASH_FIRST, cash=frozenset({"card"}))
    first = made(ledger, book, Claim((faulty(0),)), terms)
    assert amounts(first) == {"card": 6000}
    assert amounts(made(ledger, first.book, Claim((faulty(1),)), terms)) == {"coupon": 2000, "card": 2000}


def test_c37_pending_counts_and_nothing_is_trimmed():
    ledger, book = paid_with([(1, "100")], [tender("wechat", "100")])
    first = made(ledger, book, Claim(granted={0: 8000}))
    assert plan(ledger, first.book, Claim(granted={0: 8000}), ALL) == Refusal("cap.line", 0, 8000, 2000)
    assert made(ledger, first.book, Claim(granted={0: 2000})).amount == 2000
    failed = first.book.with_state(0, 0, Payment.FAILED)
    # What was granted stands; the payment that failed is made again.
    assert made(ledger, failed, Claim()).amount == 8000


def test_more_units_than_were_bought_are_refused():
    ledger, book = paid_with([(3, "30")], [tender("wechat", "30")])
    first = made(ledger, book, Claim((faulty(0, 2),)))
    assert plan(ledger, first.book, Claim((faulty(0, 2),)), ALL) == Refusal("cap.quantity", 0, 2, 1)


def test_c25_the_customer_owes_what_is_netted_from_the_next_refund():
    ledger, book = paid_with([(1, "250"), (1, "60")], [tender("wechat", "210")], off=[("300", "100")])
    first = made(ledger, book, Claim((Returned(1, 1, keeps_offers=False),)))
    assert (first.amount, first.customer_owes, first.refunds) == (0, 4000, ())
    second = made(ledger, first.book, Claim((Returned(0, 1, keeps_offers=False),)))
    assert (second.amount, second.customer_owes) == (21_000, 0)


def test_c80_c81_and_c82_who_bears_it():
    shares = (Share("carrier", at_most=fen("300")), Share("merchant", rest=True))
    ledger, book = paid_with([(1, "510")], [tender("wechat", "510")])
    assert made(ledger, book, Claim((faulty(0),)), Terms(shares=shares)).borne == {
        "carrier": 30_000,
        "merchant": 21_000,
    }
    tenders = [tender("wechat", "220"), tender("coupon", "50", "platform")]
    ledger, book = paid_with([(2, "300")], tenders, off=[("0", "30")])
    whole = made(ledger, book, Claim((faulty(0, 2),)))
    assert {each.account: each.amount for each in whole.postings} == {
        "merchant": -27_000,
        "customer:wechat": 22_000,
        "platform": 5_000,
    }
    half = made(ledger, book, Claim((faulty(0),)))
    assert {each.account: each.amount for each in half.postings} == {
        "merchant": -13_500,
        "customer:wechat": 11_000,
        "platform": 2_500,
    }


def test_the_same_plan_has_the_same_keys_and_another_has_others():
    ledger, book = paid_with([(2, "20")], [tender("wechat", "15"), tender("balance", "5")])
    first, again = made(ledger, book, Claim((faulty(0),))), made(ledger, book, Claim((faulty(0),)))
    assert first == again
    second = made(ledger, first.book, Claim((faulty(0),)))
    keys = [refund.key for each in (first, second) for refund in each.refunds]
    assert len(set(keys)) == 4 and {len(key) for key in keys} == {64}


def test_a_book_of_another_ledger_is_refused():
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    other, _ = paid_with([(1, "20.01")], [tender("wechat", "20.01")])
    assert ledger.digest != other.digest
    assert plan(other, book, Claim((faulty(0),)), ALL) == Refusal("ledger_changed")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda plan: plan["payments"][0].update(amount="2000"),
        lambda plan: plan["payments"][0].update(amount=-1),
        lambda plan: plan["payments"][0].update(tender=1),
        lambda plan: plan["payments"][0].update(state="lost"),
        lambda plan: plan["returned"][0].update(line=7),
        lambda plan: plan["returned"][0].update(line="0"),
        lambda plan: plan["returned"][0].update(more=1),
        lambda plan: plan["granted"].append({"line": 1, "amount": 5}),
        lambda plan: plan.pop("payments"),
    ],
)
def test_a_book_that_cannot_be_is_refused(spoil):
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    kept = made(ledger, book, Claim((faulty(0),))).book
    assert book_of(kept.to_json(), ledger) == kept
    document = kept.to_json()
    spoil(document["plans"][0])
    with pytest.raises(csflow.FactError) as refused:
        book_of(document, ledger)
    assert [finding.name for finding in refused.value.diagnostics] == ["malformed-book"]


BEYOND = [
    (lambda plan: plan["returned"][0].update(quantity=2), [("l0", "2", "1")]),
    (lambda plan: plan["granted"].append({"line": 0, "amount": 2001}), [("l0", "20.01 CNY", "20.00 CNY")]),
    (lambda plan: plan["payments"][0].update(amount=2001), [("wechat", "20.01 CNY", "20.00 CNY")]),
    (lambda plan: plan["payments"].append(dict(plan["payments"][0])), [("wechat", "40.00 CNY", "20.00 CNY")]),
    (
        lambda plan: (plan["returned"][0].update(quantity=3), plan["payments"][0].update(amount=6000)),
        [("l0", "3", "1"), ("wechat", "60.00 CNY", "20.00 CNY")],
    ),
]


@pytest.mark.parametrize(("spoil", "figures"), BEYOND)
def test_a_book_that_exceeds_its_order_is_refused_with_the_figures(spoil, figures):
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    document = made(ledger, book, Claim((faulty(0),))).book.to_json()
    spoil(document["plans"][0])
    with pytest.raises(csflow.FactError) as refused:
        book_of(document, ledger)
    found = list(refused.value.diagnostics)
    assert {finding.name for finding in found} == {"book-beyond-its-order"}
    assert len(found) == len(figures)
    for finding, shown in zip(found, figures, strict=True):
        assert all(each in finding.message(language) for each in shown for language in ("zh-CN", "zh-TW", "en"))


def test_a_payment_that_failed_does_not_count_in_what_a_book_has_paid():
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    failed = made(ledger, book, Claim((faulty(0),))).book.with_state(0, 0, Payment.FAILED)
    again = made(ledger, failed, Claim()).book
    assert book_of(again.to_json(), ledger) == again


def test_what_is_final_stays():
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    booked = made(ledger, book, Claim((faulty(0),))).book
    unknown = booked.with_state(0, 0, Payment.UNKNOWN)
    assert unknown.refunded(1) == booked.refunded(1) == [2000]
    done = unknown.with_state(0, 0, Payment.SUCCEEDED)
    assert done.with_state(0, 0, Payment.SUCCEEDED) == done
    with pytest.raises(ValueError, match="cannot become failed"):
        done.with_state(0, 0, Payment.FAILED)


def test_postings_that_do_not_balance_are_a_bug():
    with pytest.raises(Unbalanced, match="sum to 1"):
        require_balance([Posting("a", -1), Posting("b", 2)])
    assert require_balance([Posting("a", 1), Posting("a", -1)]) == ()


def test_a_ledger_of_ten_thousand_units_is_a_few_runs():
    ledger, book = paid_with([(10_000, "12345.67")], [tender("wechat", "12300")], off=[("0", "45.67")])
    assert len(ledger.prices.payable[0]) <= 3
    parts = [made(ledger, book, Claim((faulty(0, count),))).amount for count in (1, 4_999, 10_000)]
    assert parts[-1] == 1_230_000 and parts[0] == 123
    assert replace(book, ledger=ledger.digest) == book


def test_every_refusal_has_a_name_of_its_own_in_the_statement():
    words = tomllib.loads(files("csflow.diagnostics").joinpath("words.toml").read_text(encoding="utf-8"))["quote"]
    said = {name.removeprefix("refused_") for name in words if name.startswith("refused_")}
    assert said == {code.replace(".", "_") for code in REFUSALS} and set(REFUSALS) >= COUNTED


def test_what_is_to_be_done_is_about_this_refund_and_these_goods_alone():
    """The second of two: what came back before is in neither amount, and every plan has keys of its own."""
    tenders = [tender("wechat", "210")]
    ledger, book = paid_with([(1, "250"), (1, "60")], tenders, off=[("300", "100")])
    wanted = (Wanted("red_invoice", "refunded"), Wanted("restock", "returned"), Wanted("recall", "none"))
    first = made(ledger, book, Claim((faulty(1),), effects=wanted))
    second = made(ledger, first.book, Claim((faulty(0),), effects=wanted, beside=Beside((), (Due("fee", 500),))))
    assert [(each.name, each.amount) for each in first.effects] == [
        ("red_invoice", 4_065),
        ("restock", 4_065),
        ("recall", None),
    ]
    assert [each.amount for each in second.effects] == [16_435, 16_935, None]
    keys = [each.key for found in (first, second) for each in found.effects]
    assert len(set(keys)) == 6 and {len(key) for key in keys} == {64}
    again = made(ledger, first.book, Claim((faulty(0),), effects=wanted, beside=Beside((), (Due("fee", 500),))))
    assert again.effects == second.effects
    other, _ = paid_with([(1, "250"), (1, "60.01")], [tender("wechat", "210.01")], off=[("300", "100")])
    assert made(other, Book(other.digest), Claim((faulty(1),), effects=wanted)).effects[0].key not in keys


def test_a_customer_who_owes_is_not_told_so_again_where_a_mistaken_payment_goes_back():
    bought = order([(1, "250"), (1, "60")], tenders=[tender("wechat", "210")], off=[("300", "100")])
    ledger = freeze(replace(bought, surplus=(Surplus("again", "wechat", 700),)))
    first = made(ledger, Book(ledger.digest), Claim((Returned(1, 1, keeps_offers=False),)))
    assert first.customer_owes == 4_000
    found = made(ledger, first.book, Claim(reversals=("again",)))
    assert (found.amount, found.customer_owes, [each.surplus.paid for each in found.reversals]) == (0, 0, [700])


def test_subsidies_are_taken_back_by_the_same_reading_as_offers_are_settled():
    """30 off from 100, given by the platform: 10 of it stays with what is kept, or all of it where it is divided anew."""
    bought = order([(1, "100"), (1, "200")], tenders=[tender("wechat", "270")], off=[("100", "30")])
    ledger = freeze(replace(bought, offers=tuple(replace(offer, by="platform") for offer in bought.offers)))
    claim = Claim((Returned(1, 1, keeps_offers=False),))
    frozen = made(ledger, Book(ledger.digest), claim)
    anew = made(ledger, Book(ledger.digest), claim, Terms(reading=Reading(True)))
    assert (frozen.amount, anew.amount) == (18_000, 20_000)
    assert [(each.name, [(part.account, part.amount) for part in each.postings]) for each in frozen.entries] == [
        ("subsidies", [("merchant", -2_000), ("platform", 2_000)])
    ]
    assert anew.entries == ()
    for found, most, terms in ((frozen, 9_000, Terms()), (anew, 7_000, Terms(reading=Reading(True)))):
        over = Claim(granted={0: most + 1})
        assert plan(ledger, found.book, over, terms) == Refusal("cap.line", 0, most + 1, most)
    rest = Claim((faulty(0),), effects=(Wanted("restock", "returned"),))
    assert made(ledger, anew.book, rest, Terms(reading=Reading(True))).effects[0].amount == 7_000
    assert made(ledger, frozen.book, rest).effects[0].amount == 9_000


def test_what_several_offers_of_one_party_take_off_is_taken_back_together():
    bought = order([(1, "100"), (1, "100")], tenders=[tender("wechat", "170")], off=[("0", "20")])
    offers = tuple(replace(offer, id=id, by="platform") for offer in bought.offers for id in ("one", "two"))
    ledger = freeze(replace(bought, offers=offers, tenders=(tender("wechat", "160"),)))
    found = made(ledger, Book(ledger.digest), Claim((faulty(1),)))
    assert [(part.account, part.amount) for part in found.entries[0].postings] == [
        ("merchant", -2_000),
        ("platform", 2_000),
    ]


def test_a_plan_is_held_for_those_who_have_a_say_in_what_moves():
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    held = tuple(Held(name, "supervisor", False) for name in (None, "goodwill", "fee", "insured", "leg"))
    due = {"goodwill": Due("goodwill", 300), "fee": Due("fee", 100), "insured": Due("insured", 200, payer="carrier")}
    beside = Beside((due["goodwill"],), (due["fee"],), (due["insured"],))
    found = made(ledger, book, Claim((faulty(0),), beside=beside, held=held))
    assert found.held_for == held[:4]
    assert made(ledger, found.book, Claim(beside=beside, held=held)).held_for == held[:1]


def test_keys_are_those_that_every_retry_gives_in_whatever_version():
    """SHA-256 of the ledger, the number of the plan and the entry: a key that changed would pay twice."""
    bought = order([(2, "20")], tenders=[tender("wechat", "15"), tender("balance", "5")])
    ledger = freeze(replace(bought, surplus=(Surplus("again", "wechat", 700),)))
    beside = Beside((Due("leg", 100),), (), (Due("insured", 50, payer="carrier"),))
    claim = Claim((faulty(0),), beside=beside, effects=(Wanted("restock", "none"),), reversals=("again",))
    first = made(ledger, Book(ledger.digest), claim)
    second = made(ledger, first.book, Claim((faulty(0),)))

    def key(number, entry):
        return hashlib.sha256(f"{ledger.digest}/{number}/{entry}".encode()).hexdigest()

    assert [each.key for each in first.refunds] == [key(1, 1), key(1, 2)]
    assert [each.key for each in second.refunds] == [key(2, 1), key(2, 2)]
    (paid,), (claimed,), (done,) = first.additions, first.recourse, first.effects
    assert (paid.key, claimed.key, done.key) == (key(1, "leg"), key(1, "insured"), key(1, "restock"))
    assert [each.key for each in first.reversals] == [key(1, "surplus/again")]


def test_a_refund_goes_into_the_account_of_the_payment_or_of_the_tender_that_was_chosen():
    paid = (Tender("t1", "wechat", 1_000), Tender("t2", "wechat", 500, "platform"))
    ledger, book = paid_with([(1, "15")], paid)
    terms = Terms(cash=frozenset({"wechat"}), forms={"balance": Form(choosable=True)})
    same = made(ledger, book, Claim((faulty(0),)), terms)
    other = made(ledger, book, Claim((faulty(0),), choice=Choice("balance", True)), terms)
    accounts = [{each.account for each in found.postings} for found in (same, other)]
    assert accounts == [{"merchant", "customer:t1", "platform"}, {"merchant", "customer:balance", "platform"}]


def test_amounts_for_several_lines_are_capped_by_the_order_and_each_by_its_line():
    ledger, book = paid_with([(1, "20"), (1, "30"), (1, "50")], [tender("wechat", "100")])
    assert plan(ledger, book, Claim(granted={0: 6_000, 1: 4_001}), ALL) == Refusal("cap.order", None, 10_001, 10_000)
    assert plan(ledger, book, Claim(granted={0: 6_000, 1: 4_000}), ALL) == Refusal("cap.line", 0, 6_000, 2_000)
    assert plan(ledger, book, Claim(granted={0: 10_001}), ALL) == Refusal("cap.line", 0, 10_001, 2_000)
    back = made(ledger, book, Claim((faulty(0),), {1: 500}))
    assert plan(ledger, back.book, Claim(granted={0: 1}), ALL) == Refusal("cap.line", 0, 1, 0)
    assert plan(ledger, back.book, Claim(granted={0: 1, 1: 7_500}), ALL) == Refusal("cap.order", None, 7_501, 7_500)
    assert made(ledger, back.book, Claim(granted={1: 2_500, 2: 5_000})).amount == 7_500


def test_what_nobody_bears_is_refused_wherever_it_is_said():
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    nobody, whole = (Share("carrier", at_most=5),), (Share("carrier", 1),)
    refused = Refusal("shares.nobody")
    assert plan(ledger, book, Claim((faulty(0),)), Terms(shares=nobody)) == refused
    assert plan(ledger, book, Claim((faulty(0),), causes=(Cause((faulty(0),), nobody),)), ALL) == refused
    borne = Claim((faulty(0),), causes=(Cause((faulty(0),), whole),))
    assert made(ledger, book, borne, Terms(shares=nobody)).borne == {"carrier": 2_000}
    leg = Beside((Due("free", 0, nobody), Due("leg", 100, nobody)))
    assert plan(ledger, book, Claim(beside=leg), ALL) == Refusal("shares.nobody", name="leg")
    assert made(ledger, book, Claim(beside=Beside((Due("free", 0, nobody),)))).additions == ()


def test_an_effect_of_an_event_reports_under_its_name():
    ledger, book = paid_with([(1, "20")], [tender("wechat", "20")])
    (found,) = made(ledger, book, Claim((faulty(0),), effects=(Wanted("recall/second", "returned"),))).effects
    assert (found.name, found.of, found.done, found.failed) == (
        "recall/second",
        "returned",
        "recall.done",
        "recall.failed",
    )

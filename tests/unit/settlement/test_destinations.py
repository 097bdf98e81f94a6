"""Money goes back the way it came, unless that is closed or the customer expressly agreed to another way."""

import pytest
from tests.unit.settlement.baskets import order, tender

from csflow.settlement.books import Book, Lapsed
from csflow.settlement.destinations import Choice, Expired
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.payment_states import Payment
from csflow.settlement.planning import Plan, plan
from csflow.settlement.refusals import Refusal
from csflow.settlement.tenders import Form
from csflow.settlement.terms import Claim, Terms
from csflow.values.instants import DAY
from csflow.values.rounding import Rounding

ONE = (Returned(0, 1, True, True),)
CASH = frozenset({"wechat", "balance"})
FORMS = {"wechat": Form(within=365, refunds=2), "balance": Form(choosable=True), "alipay": Form(), "gift_card": Form()}
TERMS = Terms(cash=CASH, forms=FORMS)


def order_of(*tenders):
    return freeze(order([(4, "40")], tenders=tenders))


def made(ledger, book, choice, terms=TERMS) -> Plan:
    found = plan(ledger, book, Claim(ONE, choice=choice), terms)
    assert isinstance(found, Plan), found
    return found


@pytest.mark.parametrize(
    ("age", "choice", "expected"),
    [
        (365 * DAY, Choice(), None),
        (366 * DAY - 1, Choice(), None),
        (366 * DAY, Choice(), Refusal("rail.closed", asked=366, limit=365, tender="wechat")),
        (366 * DAY, Choice("balance"), Refusal("consent.missing", tender="balance")),
        (366 * DAY, Choice("alipay", True), Refusal("tender.not_choosable", tender="alipay")),
        (366 * DAY, Choice("bitcoin", True), Refusal("tender.not_choosable", tender="bitcoin")),
        (366 * DAY, Choice("balance", True), None),
    ],
)
def test_c46_a_payment_too_old_goes_back_another_way_by_express_consent_alone(age, choice, expected):
    ledger = order_of(tender("wechat", "40", paid_at=0))
    asked = Choice(choice.to, choice.consented, age)
    found = plan(ledger, Book(ledger.digest), Claim(ONE, choice=asked), TERMS)
    if expected is None:
        assert isinstance(found, Plan) and found.amount == 1000
        assert [refund.to for refund in found.refunds] == [choice.to or "wechat"]
    else:
        assert found == expected


@pytest.mark.parametrize("state", [Payment.PENDING, Payment.UNKNOWN, Payment.SUCCEEDED, Payment.FAILED])
def test_c47_refunds_of_one_payment_are_counted_unless_they_are_known_to_have_failed(state):
    ledger = order_of(tender("wechat", "40", paid_at=0))
    book = made(ledger, Book(ledger.digest), Choice(at=0)).book
    second = made(ledger, book, Choice(at=0)).book
    second = second if state is Payment.PENDING else second.with_state(1, 0, state)
    third = plan(ledger, second, Claim(ONE, choice=Choice(at=0)), TERMS)
    if state is Payment.FAILED:
        assert isinstance(third, Plan) and third.amount == 2000
    else:
        assert third == Refusal("rail.partial_count", asked=3, limit=2, tender="wechat")
        elsewhere = made(ledger, second, Choice("balance", True, 0)).book
        assert elsewhere.plans[-1].payments[0].to == "balance"
        assert Book.from_json(elsewhere.to_json()) == elsewhere


def test_what_went_elsewhere_stays_the_part_of_its_payment_and_is_no_refund_of_its_way_back():
    ledger = order_of(tender("wechat", "40", paid_at=0))
    book = Book(ledger.digest)
    for _ in range(3):
        found = made(ledger, book, Choice("balance", True, 0))
        book = found.book
    assert book.refunded(1) == [3000]
    assert {each.account: each.amount for each in found.postings} == {"merchant": -1000, "customer:balance": 1000}
    assert made(ledger, book, Choice(at=0)).refunds[0].to == "wechat"


def test_c49c_only_what_the_customer_paid_in_cash_can_go_elsewhere():
    ledger = order_of(tender("wechat", "10", paid_at=0), tender("gift_card", "10"), tender("balance", "20", "platform"))
    terms = Terms(cash=CASH, forms=FORMS | {"alipay": Form(choosable=True)})
    found = made(ledger, Book(ledger.digest), Choice("alipay", True, 0), terms)
    assert [(refund.tender.id, refund.to) for refund in found.refunds] == [
        ("wechat", "alipay"),
        ("gift_card", "gift_card"),
        ("balance", "balance"),
    ]


@pytest.mark.parametrize("at", [9, 10])
@pytest.mark.parametrize("lapses", [None, False, True])
@pytest.mark.parametrize("funder", ["customer", "platform"])
def test_c45_what_expired_is_issued_again_or_lapses_by_its_terms(at, lapses, funder):
    ledger = order_of(tender("packet", "20", funder, expires_at=10, units=4), tender("wechat", "20"))
    terms = Terms(cash=CASH, forms={"packet": Form(in_kind=Rounding.HALF_UP, lapses=lapses, validity=7)})
    found = made(ledger, Book(ledger.digest), Choice(at=at), terms)
    packet = [refund for refund in found.refunds if refund.tender.id == "packet"]
    if at < 10 or lapses is None:
        assert [(each.amount, each.units, each.expired, each.validity) for each in packet] == [(500, 1, None, None)]
    elif not lapses:
        assert [(each.units, each.expired, each.validity) for each in packet] == [(1, Expired.REISSUED, 7)]
    elif funder == "customer":
        assert packet == [] and found.lapsed == (Lapsed(0, 500, 1),)
        assert (found.amount, found.customer_owes, found.borne) == (500, 0, {"merchant": 500})
    else:
        assert [(each.amount, each.units, each.expired) for each in packet] == [(500, 0, Expired.LAPSED)]
        assert {each.account: each.amount for each in found.postings}["platform"] == 500
    assert Book.from_json(found.book.to_json()) == found.book
    rest = plan(ledger, found.book, Claim((Returned(0, 3, True, True),), choice=Choice(at=at)), terms)
    assert isinstance(rest, Plan) and rest.before + rest.lapsed_before == 1000
    assert rest.book.units(2)[0] == 4
    settled = zip(rest.book.refunded(2), rest.book.lapsed(2), strict=True)
    assert [paid + lapsed for paid, lapsed in settled] == [2000, 2000]


def test_a_way_back_is_closed_by_the_days_since_the_payment():
    ledger = order_of(tender("wechat", "40", paid_at=10 * DAY))
    for at, code in ((375 * DAY, None), (376 * DAY, "rail.closed")):
        found = plan(ledger, Book(ledger.digest), Claim(ONE, choice=Choice(at=at)), TERMS)
        assert (found.code if isinstance(found, Refusal) else None) == code


def test_a_way_back_of_which_no_time_is_known_stays_open():
    timeless, endless = order_of(tender("wechat", "40")), order_of(tender("gift_card", "40", paid_at=0))
    assert made(timeless, Book(timeless.digest), Choice(at=999 * DAY)).amount == 1000
    assert made(endless, Book(endless.digest), Choice(at=999 * DAY)).amount == 1000


def test_without_an_instant_nobody_says_whether_a_way_back_is_open():
    ledger = order_of(tender("wechat", "40", paid_at=0))
    with pytest.raises(ValueError, match=r"^what expires, or can be paid back for some time only, is looked"):
        plan(ledger, Book(ledger.digest), Claim(ONE), TERMS)


def test_what_expired_and_others_gave_goes_back_to_them_and_is_not_gone():
    ledger = order_of(tender("red_packet", "40", "platform", expires_at=DAY))
    terms = Terms(forms={"red_packet": Form(lapses=True)})
    found = made(ledger, Book(ledger.digest), Choice(at=DAY), terms)
    assert [(each.amount, each.units, each.expired) for each in found.refunds] == [(1000, None, Expired.LAPSED)]
    assert found.lapsed == found.book.plans[0].lapsed == ()

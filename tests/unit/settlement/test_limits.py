"""What a party bears at most it bears once for the order, whatever a claim is divided into and whatever fails."""

from itertools import permutations

import pytest
from tests.unit.settlement.baskets import fen, order, tender

import csflow
from csflow.settlement import Book, Payment
from csflow.settlement.causes import Cause
from csflow.settlement.claims import book_of
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.lines import Beside, Due
from csflow.settlement.planning import Plan, plan
from csflow.settlement.terms import Claim, Terms
from csflow.values.sharing import Share

DECLARED = (Share("carrier", at_most=fen("300")), Share("merchant", rest=True))
OF_CARRIER = Terms(shares=DECLARED)


def broken(line):
    return Returned(line, 1, keeps_offers=True)


def made(ledger, claim, book=None, terms=OF_CARRIER) -> Plan:
    found = plan(ledger, book or Book(ledger.digest), claim, terms)
    assert isinstance(found, Plan), found
    return found


def three():
    return freeze(order([(1, "200"), (1, "250"), (1, "150")], tenders=[tender("wechat", "450"), tender("card", "150")]))


def borne_in_pieces(pieces):
    ledger, book, found = three(), None, []
    for piece in pieces:
        one = made(ledger, Claim(tuple(map(broken, piece))), book)
        found.append(dict(one.borne))
        book = one.book
    return found, book


def test_three_refunds_come_to_the_declared_value_once():
    found, book = borne_in_pieces([(0,), (1,), (2,)])
    assert found == [{"carrier": 20_000}, {"carrier": 10_000, "merchant": 15_000}, {"merchant": 15_000}]
    assert (book.borne_by("carrier"), book.borne_by("merchant")) == (30_000, 30_000)


PIECES = [
    *([(a,), (b,), (c,)] for a, b, c in permutations(range(3))),
    *([(a, b), (c,)] for a, b, c in permutations(range(3))),
    *([(a,), (b, c)] for a, b, c in permutations(range(3))),
    [(0, 1, 2)],
]


@pytest.mark.parametrize("pieces", PIECES, ids=str)
def test_in_any_pieces_the_same_is_borne(pieces):
    _, book = borne_in_pieces(pieces)
    assert book.refunds_borne == {"carrier": 30_000, "merchant": 30_000}


def test_causes_of_one_claim_share_the_limit():
    causes = tuple(Cause((broken(line),), DECLARED) for line in range(3))
    found = made(three(), Claim(tuple(map(broken, range(3))), causes=causes))
    assert found.borne == {"carrier": 30_000, "merchant": 30_000}


def test_a_party_with_parts_bears_them_up_to_its_limit_over_the_order():
    halves = Terms(shares=(Share("carrier", 1, at_most=fen("150")), Share("supplier", 1), Share("merchant", rest=True)))
    ledger = three()
    first = made(ledger, Claim((broken(0),)), terms=halves)
    second = made(ledger, Claim((broken(1),)), first.book, halves)
    third = made(ledger, Claim((broken(2),)), second.book, halves)
    assert first.borne == {"carrier": 10_000, "supplier": 10_000}
    assert second.borne == {"carrier": 5_000, "supplier": 12_500, "merchant": 7_500}
    assert third.borne == {"supplier": 7_500, "merchant": 7_500}


def test_what_was_borne_without_the_limit_counts_as_well():
    """The carrier pays for a loss of its own in full: what it may bear for others is less by that."""
    ledger = three()
    first = made(ledger, Claim((broken(0),)), terms=Terms(shares=(Share("carrier", rest=True),)))
    assert made(ledger, Claim((broken(1),)), first.book).borne == {"carrier": 10_000, "merchant": 15_000}


def test_the_limit_of_an_amount_beside_the_refund_is_its_own():
    ledger, eighty = three(), (Share("carrier", at_most=8_000), Share("merchant", rest=True))
    leg = Beside(additions=(Due("leg", 10_000, eighty), Due("damages", 5_000, eighty)))
    first = made(ledger, Claim((broken(1),), beside=leg))
    assert first.borne == {"carrier": 25_000}
    assert [each.borne for each in first.additions] == [{"carrier": 8_000, "merchant": 2_000}, {"carrier": 5_000}]
    more = Beside(additions=(Due("leg", 15_000, eighty), Due("damages", 9_000, eighty)))
    second = made(ledger, Claim((broken(0),), beside=more), first.book)
    assert second.borne == {"carrier": 5_000, "merchant": 15_000}
    assert [each.borne for each in second.additions] == [{"merchant": 5_000}, {"carrier": 3_000, "merchant": 1_000}]
    assert second.book.extras_borne == {
        "leg": {"carrier": 8_000, "merchant": 7_000},
        "damages": {"carrier": 8_000, "merchant": 1_000},
    }
    assert second.book.borne_by("carrier") == 46_000


def test_nobody_bears_a_payment_that_failed_and_the_next_plan_is_borne_as_if_it_had_not():
    ledger = three()
    first = made(ledger, Claim((broken(0), broken(1))))
    assert first.borne == {"carrier": 30_000, "merchant": 15_000}
    # 337.50 of 450 went back to wechat: what is left of the carrier's 300 is what stands of the plan.
    failed = first.book.with_state(0, 0, Payment.FAILED)
    assert failed.refunds_borne == {"carrier": 7_500, "merchant": 3_750}
    again = made(ledger, Claim(), failed)
    assert again.borne == {"carrier": 22_500, "merchant": 11_250}
    assert again.book.refunds_borne == first.borne
    assert made(ledger, Claim((broken(2),)), again.book).borne == {"merchant": 15_000}


def test_an_extra_that_failed_leaves_the_limit_to_the_next():
    ledger, eighty = three(), (Share("carrier", at_most=8_000), Share("merchant", rest=True))
    leg = Claim(beside=Beside(additions=(Due("leg", 10_000, eighty),)))
    failed = made(ledger, leg).book.with_extra_state(0, 0, Payment.FAILED)
    assert failed.extras_borne == {} and failed.borne_by("carrier") == 0
    assert [each.borne for each in made(ledger, leg, failed).additions] == [{"carrier": 8_000, "merchant": 2_000}]


def test_the_merchant_claims_nothing_of_a_payment_that_failed():
    """Paid twice and failed once: the merchant bears half of what was paid, not half of both."""
    ledger = freeze(order([(1, "80"), (1, "20")], tenders=[tender("wechat", "100")]))
    halves = Terms(shares=(Share("platform", 1), Share("merchant", 1)))
    failed = made(ledger, Claim((broken(0),)), terms=halves).book.with_state(0, 0, Payment.FAILED)
    insured = Beside(recourse=(Due("insured", fen("110"), payer="carrier"),))
    again = made(ledger, Claim(beside=insured), failed, halves)
    assert again.borne == {"platform": 4_000, "merchant": 4_000}
    assert [each.amount for each in again.recourse] == [4_000]


def older(book):
    """The document as it was before extras said who bears them."""
    document = book.to_json()
    for booked in document["plans"]:
        for extra in booked["extras"]:
            extra.pop("borne")
    return document


def test_an_older_book_is_read_and_what_it_does_not_tell_apart_counts_as_borne_of_refunds():
    ledger = three()
    leg = Beside(additions=(Due("leg", 10_000, (Share("carrier", rest=True),)),))
    book = made(ledger, Claim((broken(0),), beside=leg)).book
    assert (book.refunds_borne, book.borne_by("carrier")) == ({"carrier": 20_000}, 30_000)
    read = book_of(older(book), ledger)
    assert (read.refunds_borne, read.borne_by("carrier")) == ({"carrier": 30_000}, 30_000)
    assert made(ledger, Claim((broken(1),)), read).borne == {"merchant": 25_000}
    assert book_of(older(made(ledger, Claim((broken(0),))).book), ledger).refunds_borne == {"carrier": 20_000}
    assert read.with_extra_state(0, 0, Payment.FAILED).borne_by("carrier") == 20_000


def test_a_book_that_says_nothing_of_who_bears_it_has_nobody_bear_it():
    ledger = three()
    document = made(ledger, Claim((broken(0),))).book.to_json()
    document["plans"][0]["borne"] = {}
    assert book_of(document, ledger).refunds_borne == {}


@pytest.mark.parametrize(
    "borne", [{"carrier": -1}, {"carrier": "1"}, {"carrier": 10_001}, {"platform": 1}, {"carrier": True}, 7, "ab"]
)
def test_a_book_whose_extras_are_borne_by_more_than_its_plan_is_refused(borne):
    ledger = three()
    leg = Beside(additions=(Due("leg", 10_000, (Share("carrier", rest=True),)),))
    document = made(ledger, Claim(beside=leg)).book.to_json()
    assert book_of(document, ledger).extras_borne == {"leg": {"carrier": 10_000}}
    document["plans"][0]["extras"][0]["borne"] = borne
    with pytest.raises(csflow.FactError) as refused:
        book_of(document, ledger)
    assert [finding.name for finding in refused.value.diagnostics] == ["malformed-book"]

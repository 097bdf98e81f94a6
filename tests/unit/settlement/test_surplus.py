"""What was paid too much goes back in full, once, whatever else came back."""

from dataclasses import replace

import pytest
from tests.unit.settlement.baskets import fen, order, tender

import csflow
from csflow.settlement.books import Book, Reversed
from csflow.settlement.claims import book_of
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.orders import Surplus
from csflow.settlement.payment_states import Payment
from csflow.settlement.planning import Plan, plan
from csflow.settlement.refusals import Refusal
from csflow.settlement.terms import Claim, Terms

TWICE = Surplus("again", "wechat", fen("20"))
PAID = order([(2, "20")], tenders=[tender("wechat", "20")])
LEDGER = freeze(replace(PAID, surplus=(TWICE,)))
AGAIN = Claim(reversals=("again",))


def made(book: Book, claim: Claim) -> Plan:
    found = plan(LEDGER, book, claim, Terms())
    assert isinstance(found, Plan), found
    return found


def test_c49a_it_goes_back_in_full_after_everything_else_went_back():
    whole = made(Book(LEDGER.digest), Claim((Returned(0, 2, True),)))
    assert whole.amount == fen("20") and whole.reversals == ()
    found = made(whole.book, AGAIN)
    assert [(each.surplus, len(each.key)) for each in found.reversals] == [(TWICE, 64)]
    assert (found.amount, found.customer_owes, found.borne) == (0, 0, {})
    assert {each.account: each.amount for each in found.postings} == {"surplus": -2000, "customer:again": 2000}
    assert found.book.refunded(1) == [2000]


def test_with_a_return_it_is_no_part_of_the_refund():
    found = made(Book(LEDGER.digest), Claim((Returned(0, 1, True),), reversals=("again",)))
    assert (found.amount, found.borne) == (1000, {"merchant": 1000})
    assert len({*(each.key for each in found.refunds), *(each.key for each in found.reversals)}) == 2
    assert {each.account: each.amount for each in found.postings} == {
        "merchant": -1000,
        "customer:wechat": 1000,
        "surplus": -2000,
        "customer:again": 2000,
    }


def test_alone_it_makes_no_failed_refund_again():
    first = made(Book(LEDGER.digest), Claim((Returned(0, 1, True),)))
    failed = first.book.with_state(0, 0, Payment.FAILED)
    assert made(failed, AGAIN).refunds == ()
    assert made(failed, Claim()).amount == 1000


@pytest.mark.parametrize("state", Payment)
def test_it_goes_back_once_and_again_only_where_that_is_known_to_have_failed(state):
    first = made(Book(LEDGER.digest), AGAIN)
    assert Book.from_json(first.book.to_json()) == first.book
    stands = first.book.with_reversal_state(0, 0, state)
    if state is Payment.FAILED:
        second = made(stands, AGAIN)
        assert second.reversals[0].key != first.reversals[0].key
        with pytest.raises(ValueError, match="cannot become pending"):
            stands.with_reversal_state(0, 0, Payment.PENDING)
    else:
        assert plan(LEDGER, stands, AGAIN, Terms()) == Refusal("surplus.reversed", tender="again")


def test_it_may_come_in_after_the_order_was_frozen():
    assert freeze(PAID).digest == LEDGER.digest
    book = plan(freeze(PAID), Book(LEDGER.digest), Claim((Returned(0, 1, True),)), Terms()).book
    assert made(book, AGAIN).before == 1000


@pytest.mark.parametrize("reversed_", [Reversed("other", 2000), Reversed("again", 1999), Reversed(7, 2000)])
def test_a_book_with_a_reversal_of_something_else_is_refused(reversed_):
    book = made(Book(LEDGER.digest), AGAIN).book
    spoiled = replace(book, plans=(replace(book.plans[0], reversals=(reversed_,)),))
    with pytest.raises(csflow.FactError) as refused:
        book_of(spoiled, LEDGER)
    assert [finding.name for finding in refused.value.diagnostics] == ["malformed-book"]

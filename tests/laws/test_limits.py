"""The laws of who bears an order: a limit is reached once, in whatever pieces, and what is borne is what was paid."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.test_lines import AMOUNTS, histories
from tests.laws.test_refunds import paid_orders
from tests.laws.test_settlement import returned_in_pieces

from csflow.settlement import Book, Payment
from csflow.settlement.causes import Cause
from csflow.settlement.planning import Plan, plan
from csflow.settlement.terms import Claim, Terms
from csflow.values.sharing import Share

EXAMPLES = examples(200)


def made(ledger, book, claim, terms) -> Plan:
    found = plan(ledger, book, claim, terms)
    assert isinstance(found, Plan)
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(paid_orders(), st.data(), AMOUNTS, AMOUNTS)
def test_limits_are_reached_once_in_any_pieces(ledger, data, first, second):
    shares = (
        Share("carrier", at_most=first),
        Share("merchant", rest=True),
        Share("insurer", at_most=second),
    )
    terms, book = Terms(shares=shares), Book(ledger.digest)
    pieces = data.draw(returned_in_pieces(ledger))
    while pieces:
        count = data.draw(st.integers(1, 3))
        back, pieces = tuple(pieces[:count]), pieces[count:]
        causes = tuple(Cause((piece,), shares) for piece in back) if data.draw(st.booleans()) else ()
        book = made(ledger, book, Claim(back, causes=causes), terms).book
        refunded = sum(book.refunded(len(ledger.order.tenders)))
        carrier = min(refunded, first)
        insurer = min(refunded - carrier, second)
        parts = {"carrier": carrier, "insurer": insurer, "merchant": refunded - carrier - insurer}
        assert {party: book.borne_by(party) for party in parts} == parts


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), st.data())
def test_what_is_borne_is_what_was_paid_and_no_limit_is_passed_whatever_fails(case, data):
    ledger, pieces, terms = case
    book, limits = Book(ledger.digest), {share.party: share.at_most for share in terms.shares}
    for piece in pieces:
        book = made(ledger, book, Claim((piece,)), terms).book
        for number in range(len(book.plans[-1].payments)):
            book = book.with_state(len(book.plans) - 1, number, data.draw(st.sampled_from(Payment)))
        assert sum(book.refunds_borne.values()) == sum(book.refunded(len(ledger.order.tenders)))
        for party, amount in book.refunds_borne.items():
            limit = limits[party]
            assert 0 <= amount <= (amount if limit is None else limit)
    assert Book.from_json(book.to_json()) == book

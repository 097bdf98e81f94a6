"""The laws of plans against a book, on random orders returned in random pieces, with payments that fail and are made again."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.test_settlement import orders, returned_in_pieces

from csflow.settlement import Book, Payment
from csflow.settlement.entitlement import entitlement
from csflow.settlement.freezing import freeze
from csflow.settlement.orders import Tender
from csflow.settlement.planning import Plan, plan
from csflow.settlement.refusals import Refusal
from csflow.settlement.terms import Claim, Terms
from csflow.values.routing import Routing

EXAMPLES = examples(200)


@st.composite
def paid_orders(draw):
    bought = draw(orders())
    left = freeze(bought).paid
    tenders = []
    for name in draw(st.permutations(["wechat", "balance", "red_packet", "coupon"]))[: draw(st.integers(0, 3))]:
        part = draw(st.integers(0, left))
        tenders.append(Tender(name, name, part, draw(st.sampled_from(["customer", "platform"]))))
        left -= part
    return freeze(replace(bought, tenders=(*tenders, Tender("card", "card", left))))


@st.composite
def refunds(draw):
    ledger = draw(paid_orders())
    terms = Terms(draw(st.sampled_from(Routing)), draw(st.booleans()), frozenset({"card"}))
    return ledger, draw(returned_in_pieces(ledger)), terms


@settings(max_examples=EXAMPLES, deadline=None)
@given(refunds(), st.data())
def test_every_plan_closes_and_the_book_never_passes_what_is_due_nor_what_was_paid(case, data):
    ledger, pieces, terms = case
    book, most = Book(ledger.digest), 0
    for piece in pieces:
        found = plan(ledger, book, Claim((piece,)), terms)
        assert isinstance(found, Plan)
        back = book.refunded(len(ledger.order.tenders))
        due = entitlement(ledger, found.book.sums, claims_threshold_freight=terms.claims_threshold_freight)
        assert found.due == due and found.before == sum(back)
        assert found.amount - found.customer_owes == due.total - sum(back)
        assert not (found.amount and found.customer_owes)
        assert sum(found.borne.values()) == found.amount == sum(each.amount for each in found.refunds)
        assert sum(posting.amount for posting in found.postings) == 0
        assert all(refund.amount > 0 for refund in found.refunds)
        book = found.book
        for number, payment in enumerate(book.plans[-1].payments):
            state = data.draw(st.sampled_from(Payment))
            book = book.with_state(len(book.plans) - 1, number, state) if payment.state is not state else book
        now = book.refunded(len(ledger.order.tenders))
        assert all(0 <= part <= tender.paid for part, tender in zip(now, ledger.order.tenders, strict=True))
        most = max(most, due.total)
        assert sum(now) <= most
    last = plan(ledger, book, Claim(), terms)
    assert isinstance(last, Plan)
    paid = [
        done + part for done, part in zip(book.refunded(len(ledger.order.tenders)), _parts(ledger, last), strict=True)
    ]
    stays = ledger.paid - last.due.total
    assert sum(paid) - last.customer_owes == ledger.paid - stays
    if not stays and not last.customer_owes:
        assert paid == [tender.paid for tender in ledger.order.tenders]


def _parts(ledger, found):
    by_tender = {refund.tender: refund.amount for refund in found.refunds}
    return [by_tender.get(tender, 0) for tender in ledger.order.tenders]


@settings(max_examples=EXAMPLES, deadline=None)
@given(refunds(), st.data())
def test_what_is_granted_is_refused_above_the_limit_and_the_limit_itself_is_not(case, data):
    ledger, pieces, terms = case
    book = Book(ledger.digest)
    for piece in pieces[: data.draw(st.integers(0, len(pieces)))]:
        found = plan(ledger, book, Claim((piece,)), terms)
        assert isinstance(found, Plan)
        book = found.book
    line = data.draw(st.sampled_from(range(len(ledger.order.lines))))
    refused = plan(ledger, book, Claim(granted={line: 10**12}), terms)
    assert isinstance(refused, Refusal) and refused.code == "cap.line" and refused.limit is not None
    granted = plan(ledger, book, Claim(granted={line: refused.limit}), terms)
    assert isinstance(granted, Plan)
    over = plan(ledger, granted.book, Claim(granted={line: 1}), terms)
    assert over == Refusal("cap.line", line, 1, 0)
    assert granted.due.total <= ledger.paid

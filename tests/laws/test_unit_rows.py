"""The unit-by-tender table closes on both axes, on random orders returned in random pieces, with payments that fail."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.test_refunds import refunds
from tests.laws.test_tenders import cases

from csflow.settlement.books import Book, Payment
from csflow.settlement.destinations import Choice
from csflow.settlement.planning import Plan, plan
from csflow.settlement.terms import Claim, Terms
from csflow.settlement.unit_rows import unit_rows
from csflow.values.routing import routed

EXAMPLES = examples(80)


def columns(rows, tenders):
    return [sum(row.parts[place] for row in rows) for place in range(tenders)]


def by_tender(found, ledger):
    parts = {refund.tender: refund.amount for refund in found.refunds}
    return [parts.get(tender, 0) for tender in ledger.order.tenders]


def in_claims(pieces, data):
    """The pieces, some of them claimed together."""
    left = list(pieces)
    while left:
        size = data.draw(st.integers(1, len(left)))
        yield tuple(left[:size])
        left = left[size:]


@settings(max_examples=EXAMPLES, deadline=None)
@given(refunds(), st.data())
def test_rows_and_columns_sum_to_the_refund_and_no_part_is_below_zero(case, data):
    ledger, pieces, terms = case
    book = Book(ledger.digest)
    for claimed in in_claims(pieces, data):
        line = data.draw(st.sampled_from(range(len(ledger.order.lines))))
        found = plan(ledger, book, Claim(claimed, {line: data.draw(st.integers(1, 50))}), terms)
        if not isinstance(found, Plan):
            found = plan(ledger, book, Claim(claimed), terms)
        assert isinstance(found, Plan)
        rows = unit_rows(ledger, found, terms)
        assert sum(row.amount for row in rows) == found.amount
        assert columns(rows, len(ledger.order.tenders)) == by_tender(found, ledger)
        assert all(sum(row.parts) == row.amount for row in rows)
        assert all(min(row.parts) >= 0 and 0 <= row.taken_off <= row.due for row in rows)
        book = found.book
        for number in range(len(book.plans[-1].payments)):
            book = book.with_state(len(book.plans) - 1, number, data.draw(st.sampled_from(Payment)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(refunds())
def test_every_row_is_the_routing_between_what_was_refunded_before_it_and_after(case):
    """With every payment on its way, a row is a stretch of one function of the cumulative refund."""
    ledger, pieces, terms = case
    paid = [tender.paid for tender in ledger.order.tenders]
    cash = [tender.kind in terms.cash for tender in ledger.order.tenders]
    book, done = Book(ledger.digest), 0
    for piece in pieces:
        found = plan(ledger, book, Claim((piece,)), terms)
        assert isinstance(found, Plan)
        for row in unit_rows(ledger, found, terms):
            before = routed(terms.routing, done, paid, cash)
            done += row.amount
            after = routed(terms.routing, done, paid, cash)
            assert list(row.parts) == [now - then for now, then in zip(after, before, strict=True)]
        book = found.book


@settings(max_examples=EXAMPLES, deadline=None)
@given(refunds(), st.data())
def test_a_unit_stands_once_in_the_tables_of_an_order_and_under_its_line(case, data):
    ledger, pieces, terms = case
    book, seen = Book(ledger.digest), []
    for claimed in in_claims(pieces, data):
        found = plan(ledger, book, Claim(claimed), terms)
        assert isinstance(found, Plan)
        units = [row for row in unit_rows(ledger, found, terms) if row.sort == "unit"]
        assert all(row.count == 1 for row in units)
        seen += [(row.line, row.first) for row in units]
        book = found.book
    assert len(seen) == len(set(seen))
    assert all(1 <= unit <= ledger.order.lines[line].quantity for line, unit in seen)


@settings(max_examples=EXAMPLES, deadline=None)
@given(cases(), st.data())
def test_tables_of_tenders_for_some_lines_whole_in_kind_or_lapsed_close_too(case, data):
    ledger, ways, pieces = case
    terms = Terms(ways.routing, False, ways.cash, forms=ways.forms)
    book = Book(ledger.digest)
    for claimed in in_claims(pieces, data):
        found = plan(ledger, book, Claim(claimed, choice=Choice(at=data.draw(st.sampled_from([0, 1])))), terms)
        assert isinstance(found, Plan)
        rows = unit_rows(ledger, found, terms)
        assert sum(row.amount for row in rows) == found.amount
        assert columns(rows, len(ledger.order.tenders)) == by_tender(found, ledger)
        assert all(sum(row.parts) == row.amount and min(row.parts) >= 0 for row in rows)
        book = found.book
        for number, payment in enumerate(book.plans[-1].payments):
            state = data.draw(st.sampled_from(Payment))
            book = book.with_state(len(book.plans) - 1, number, state) if payment.state is not state else book

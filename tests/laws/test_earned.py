"""The laws of units that an order earned: taken once, up to the balance, a function of what came back, all with all of it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.test_lines import EXAMPLES, histories, orders

from csflow.settlement import Book
from csflow.settlement.earned import Earned
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.planning import Claim, Plan, Terms, plan

UNITS = st.integers(0, 5_000)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), UNITS, st.data())
def test_never_more_is_taken_than_is_there_and_what_is_short_stays_due(case, units, data):
    ledger, pieces, terms = case
    book = Book(ledger.digest)
    for piece in pieces:
        balance = data.draw(UNITS)
        found = plan(ledger, book, Claim((piece,), earned=(Earned("points", units, balance),)), terms)
        assert isinstance(found, Plan)
        before, after = book.taken.get("points", 0), found.book.taken.get("points", 0)
        for taken in found.taken:
            assert 0 <= taken.units <= balance and taken.short >= 0 == taken.charged
            assert after == before + taken.units and after + taken.short <= units
            assert not taken.short or taken.units == balance
        assert found.taken or after == before
        # No cash is taken for them, and nobody gets less for having spent them.
        assert found.withheld == {}
        assert found.amount == plan(ledger, book, Claim((piece,)), terms).amount
        book = found.book


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), UNITS)
def test_with_everything_back_all_of_them_are_taken_in_whatever_pieces(case, units):
    ledger, pieces, terms = case
    kept = [
        line.quantity - sum(each.quantity for each in pieces if each.line == place)
        for place, line in enumerate(ledger.order.lines)
    ]
    rest = [Returned(place, count, keeps_offers=True) for place, count in enumerate(kept) if count]
    book = Book(ledger.digest)
    for piece in (*pieces, *rest):
        found = plan(ledger, book, Claim((piece,), earned=(Earned("points", units, units),)), terms)
        assert isinstance(found, Plan)
        book = found.book
    assert book.taken.get("points", 0) == units


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), UNITS, st.integers(1, 10_000))
def test_what_is_short_is_charged_once_and_never_above_what_all_are_worth(case, units, worth):
    ledger, pieces, terms = case
    book = Book(ledger.digest)
    for piece in pieces:
        found = plan(ledger, book, Claim((piece,), earned=(Earned("points", units, 0, worth),)), terms)
        assert isinstance(found, Plan)
        assert found.amount - found.customer_owes == found.due.total - found.before - found.withheld_before - sum(
            found.withheld.values()
        )
        assert found.withheld.get("points", 0) == min(
            sum(each.charged for each in found.taken), found.amount + found.withheld.get("points", 0)
        )
        book = found.book
    assert 0 <= book.withheld.get("points", 0) <= worth
    assert book.taken.get("points", 0) <= units


@settings(max_examples=EXAMPLES, deadline=None)
@given(orders(), UNITS)
def test_of_goods_that_cost_nothing_the_share_is_that_of_their_number(order, units):
    lines = tuple(replace(line, amount=0) for line in order.lines)
    ledger = freeze(replace(order, lines=lines, offers=(), freight=replace(order.freight, paid=0), tax=0, tenders=()))
    first = lines[0].quantity
    claim = Claim((Returned(0, first, keeps_offers=True),), earned=(Earned("points", units, units),))
    found = plan(ledger, Book(ledger.digest), claim, Terms())
    assert isinstance(found, Plan)
    count = sum(line.quantity for line in lines)
    assert found.book.taken.get("points", 0) == units - units * (count - first) // count

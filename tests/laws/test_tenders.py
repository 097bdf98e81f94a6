"""The laws of tenders on random orders: with lines of their own, in kind, whole; payments fail and are made again."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.test_settlement import orders, returned_in_pieces

from csflow.settlement.books import Book
from csflow.settlement.destinations import Choice
from csflow.settlement.entitlement import Returned, Sums, added, entitlement
from csflow.settlement.freezing import freeze
from csflow.settlement.orders import Tender
from csflow.settlement.payment_states import Payment
from csflow.settlement.planning import Plan, plan
from csflow.settlement.tenders import Form, Ways, parts_of, units_of
from csflow.settlement.terms import Claim, Terms
from csflow.values.apportioning import total
from csflow.values.rounding import Rounding
from csflow.values.routing import Routing

EXAMPLES = examples(200)
FORMS = st.builds(
    lambda form, lapses: replace(form, lapses=lapses),
    st.sampled_from([Form(), Form(indivisible=True), *(Form(in_kind=each) for each in Rounding)]),
    st.sampled_from([None, False, True]),
)


@st.composite
def ledgers(draw):
    """Orders whose tenders are for single lines, for all of a first few lines, or for the whole order."""
    ledger = freeze(draw(orders()))
    costs = [total(runs) for runs in ledger.prices.payable]
    left, whole, tenders = list(costs), ledger.paid, []
    for number in range(draw(st.integers(0, 3))):
        count = draw(st.integers(1, len(costs)))
        lines = draw(st.sampled_from([(count - 1,), tuple(range(count))]))
        # As much as these lines cost: of what inner and outer tenders of them have not paid yet.
        paid = draw(st.integers(0, min(sum(left[line] for line in lines), whole)))
        units = draw(st.none() | st.integers(1, 3000))
        funder, end = draw(st.sampled_from(["customer", "platform"])), draw(st.sampled_from([None, 1]))
        tenders.append(Tender(f"s{number}", f"s{number}", paid, funder, lines, units, expires_at=end))
        whole -= paid
        for line in lines:
            taken = min(paid, left[line])
            left[line] -= taken
            paid -= taken
    part = draw(st.integers(0, whole))
    tenders.append(Tender("coupon", "coupon", part, units=draw(st.none() | st.integers(1, 3000))))
    tenders.append(Tender("card", "card", whole - part))
    placed = draw(st.permutations(tenders))
    return freeze(replace(ledger.order, tenders=tuple(placed)))


@st.composite
def cases(draw):
    ledger = draw(ledgers())
    forms = {tender.kind: draw(FORMS) for tender in ledger.order.tenders if tender.kind != "card"}
    forms["wallet"] = Form(choosable=True)
    return ledger, Ways(draw(st.sampled_from(Routing)), frozenset({"card"}), forms), draw(returned_in_pieces(ledger))


@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_parts_close_never_shrink_and_end_at_what_was_paid_with_each(case):
    ledger, ways, pieces = case
    tenders = ledger.order.tenders
    before, units_before = [0] * len(tenders), [0] * len(tenders)
    for number in range(len(pieces) + 1):
        # Offers that stand: what is due on a line never falls.
        sums = Sums(tuple(Returned(each.line, 1, True, True) for each in pieces[:number]))
        due = entitlement(ledger, sums)
        parts = parts_of(ledger, due.goods, due.total, ways)
        now = [part.amount for part in parts]
        units = [units_of(tender, ways.form_of(tender), part) for tender, part in zip(tenders, parts, strict=True)]
        assert sum(now) == due.total
        assert all(done <= part <= tender.paid for done, part, tender in zip(before, now, tenders, strict=True))
        assert all(done <= count for done, count in zip(units_before, units, strict=True) if any(now))
        before, units_before = now, units
    assert before == [tender.paid for tender in tenders]
    if ledger.paid:
        assert units_before == [1 if tender.units is None else tender.units for tender in tenders]


@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_a_tender_of_lines_that_are_kept_gets_nothing_back(case):
    ledger, ways, pieces = case
    sums = Sums()
    for piece in pieces:
        sums = added(sums, [piece], {})
        due = entitlement(ledger, sums)
        if due.total < 0:
            continue
        for tender, part in zip(ledger.order.tenders, parts_of(ledger, due.goods, due.total, ways), strict=True):
            if tender.lines and all(due.goods[line] <= 0 for line in tender.lines):
                assert part.amount == 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(cases(), st.data())
def test_every_plan_closes_in_money_and_with_everything_back_in_units_too(case, data):
    ledger, ways, pieces = case
    tenders = ledger.order.tenders
    terms = Terms(ways.routing, False, ways.cash, forms=ways.forms)
    book = Book(ledger.digest)
    for piece in [*pieces, None]:
        choice = Choice(data.draw(st.sampled_from([None, "wallet"])), True, at=data.draw(st.sampled_from([0, 1])))
        claim = Claim(() if piece is None else (replace(piece, with_freight=True),), choice=choice)
        found = plan(ledger, book, claim, terms)
        assert isinstance(found, Plan)
        back = _settled(book, tenders)
        assert found.before + found.lapsed_before == sum(back)
        assert found.amount + sum(each.amount for each in found.lapsed) == max(0, found.due.total - sum(back))
        assert found.amount == sum(found.borne.values())
        assert sum(posting.amount for posting in found.postings) == 0
        assert all(refund.to == refund.tender.kind or refund.tender.kind == "card" for refund in found.refunds)
        assert all(refund.amount > 0 or (refund.units or 0) > 0 for refund in found.refunds)
        assert all(refund.units is None or refund.units >= 0 for refund in found.refunds)
        book = found.book
        assert all(done <= tender.paid for done, tender in zip(_settled(book, tenders), tenders, strict=True))
        if piece is not None:
            for number, payment in enumerate(book.plans[-1].payments):
                state = data.draw(st.sampled_from(Payment))
                book = book.with_state(len(book.plans) - 1, number, state) if payment.state is not state else book
    assert _settled(book, tenders) == [tender.paid for tender in tenders]
    counted = [place for place, tender in enumerate(tenders) if ways.form_of(tender).counted and ledger.paid]
    units = book.units(len(tenders))
    assert [units[place] for place in counted] == [tenders[place].units or 1 for place in counted]


def _settled(book, tenders):
    return [a + b for a, b in zip(book.refunded(len(tenders)), book.lapsed(len(tenders)), strict=True)]

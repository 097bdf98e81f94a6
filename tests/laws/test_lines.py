"""The laws of amounts beside a refund: they balance, are due once, take no more than there is, and close with it."""

from dataclasses import replace
from itertools import permutations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.laws.examples import examples
from tests.laws.test_refunds import paid_orders
from tests.laws.test_settlement import orders, returned_in_pieces

from csflow.settlement import Book, Payment
from csflow.settlement.causes import Cause, parts_of
from csflow.settlement.entitlement import Sums, added, entitlement
from csflow.settlement.freezing import freeze
from csflow.settlement.lines import Beside, Due, summed
from csflow.settlement.planning import Plan, plan
from csflow.settlement.subsidies import taken_back
from csflow.settlement.terms import Claim, Terms
from csflow.values.apportioning import total
from csflow.values.routing import Routing
from csflow.values.sharing import Share

EXAMPLES = examples(200)

AMOUNTS = st.integers(0, 30_000)
NAMES = ("one", "two")
PARTIES = ("merchant", "platform", "carrier")


@st.composite
def shares(draw) -> tuple[Share, ...]:
    if draw(st.booleans()):
        return Share("carrier", at_most=draw(AMOUNTS)), Share("merchant", rest=True)
    return tuple(Share(party, draw(st.integers(1, 100))) for party in PARTIES)


def dues(payer=""):
    return st.lists(
        st.builds(Due, st.sampled_from(NAMES), AMOUNTS, shares(), st.just(payer)), unique_by=lambda due: due.name
    ).map(tuple)


BESIDE = st.builds(Beside, dues(), dues(), dues("carrier"))


@st.composite
def histories(draw):
    ledger = draw(paid_orders())
    terms = Terms(draw(st.sampled_from(Routing)), draw(st.booleans()), frozenset({"card"}), draw(shares()))
    return ledger, draw(returned_in_pieces(ledger)), terms


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), st.data())
def test_every_plan_closes_with_what_stands_beside_it(case, data):
    ledger, pieces, terms = case
    book = Book(ledger.digest)
    for piece in pieces:
        beside = data.draw(BESIDE)
        found = plan(ledger, book, Claim((piece,), beside=beside), terms)
        assert isinstance(found, Plan)
        withheld = found.withheld_before + sum(found.withheld.values())
        assert found.amount - found.customer_owes == found.due.total - found.before - withheld
        assert found.amount >= 0 <= found.customer_owes
        assert sum(found.borne.values()) == found.amount
        assert sum(posting.amount for posting in found.postings) == 0
        assert all(sum(posting.amount for posting in entry.postings) == 0 for entry in found.entries)
        assert all(sum(each.borne.values()) == each.amount > 0 for each in found.additions)
        _look_at_withholdings(found, beside, book)
        _look_at_the_book(found, beside, book)
        book = _with_states(found.book, data)


def _look_at_withholdings(found, beside, book):
    asked = {due.name: due.amount for due in beside.withholdings}
    before, after = book.withheld, found.book.withheld
    assert all(amount >= 0 for amount in after.values())
    # Nothing is taken that was not due, and nobody owes anything by what is taken.
    assert all(after.get(name, 0) <= max(amount, 0) for name, amount in asked.items())
    assert all(after.get(name, 0) == before.get(name, 0) for name in NAMES if name not in asked)
    if any(amount > 0 for amount in found.withheld.values()):
        assert not found.customer_owes


def _look_at_the_book(found, beside, book):
    for due in beside.additions:
        assert found.book.extras.get(due.name, 0) == max(due.amount, book.extras.get(due.name, 0))
    paid = sum(each.amount for each in found.refunds) + found.before + sum(found.book.extras.values())
    now = sum(each.amount for each in found.recourse)
    if now:
        claimed = sum(found.book.claimed.values())
        assert claimed <= paid and claimed <= found.book.borne_by("merchant")
        for due in beside.recourse:
            assert found.book.claimed.get(due.name, 0) <= max(due.amount, book.claimed.get(due.name, 0))


def _with_states(book, data):
    last = len(book.plans) - 1
    for number in range(len(book.plans[-1].extras)):
        book = book.with_extra_state(last, number, data.draw(st.sampled_from(Payment)))
    for number in range(len(book.plans[-1].payments)):
        book = book.with_state(last, number, data.draw(st.sampled_from(Payment)))
    assert Book.from_json(book.to_json()) == book
    return book


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), BESIDE)
def test_asked_again_nothing_is_due_again(case, beside):
    ledger, pieces, terms = case
    first = plan(ledger, Book(ledger.digest), Claim(tuple(pieces), beside=beside), terms)
    assert isinstance(first, Plan)
    again = plan(ledger, first.book, Claim(beside=beside), terms)
    assert isinstance(again, Plan)
    assert not again.refunds and not again.additions and not again.recourse and not again.customer_owes
    assert not again.withheld


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), BESIDE)
def test_with_everything_back_refund_and_withholdings_are_what_is_due(case, beside):
    ledger, pieces, terms = case
    found = plan(ledger, Book(ledger.digest), Claim(tuple(pieces), beside=beside), terms)
    assert isinstance(found, Plan)
    assert found.amount + sum(found.withheld.values()) == found.due.total
    asked = sum(due.amount for due in beside.withholdings)
    assert sum(found.withheld.values()) == min(asked, found.due.total)


@st.composite
def claims_of_causes(draw):
    ledger, pieces, terms = draw(histories())
    before = draw(st.integers(0, len(pieces)))
    rest, causes = list(pieces[before:]), []
    while rest and len(causes) < 4:
        count = draw(st.integers(1, len(rest)))
        causes.append(Cause(tuple(rest[:count]), draw(shares())))
        rest = rest[count:]
    return ledger, Sums(tuple(pieces[:before])), tuple(causes), terms


@settings(max_examples=EXAMPLES, deadline=None)
@given(claims_of_causes(), st.integers(0, 60_000))
def test_what_causes_add_sums_to_the_refund_in_whatever_order(case, taken):
    ledger, before, causes, terms = case
    assume(causes)
    claims = terms.claims_threshold_freight
    after = before
    for cause in causes:
        after = added(after, cause.returned, {})
    refund = max(0, entitlement(ledger, after, claims_threshold_freight=claims).total - taken)
    for order in permutations(causes):
        parts = parts_of(ledger, before, {}, order, taken, claims_threshold_freight=claims)
        assert sum(parts) == refund
        assert all(part >= 0 for part in parts)


@settings(max_examples=EXAMPLES, deadline=None)
@given(claims_of_causes())
def test_a_plan_of_several_causes_is_borne_by_each_and_in_all_by_somebody(case):
    ledger, before, causes, terms = case
    made = plan(ledger, Book(ledger.digest), Claim(before.returned), terms)
    assert isinstance(made, Plan)
    returned = tuple(each for cause in causes for each in cause.returned)
    found = plan(ledger, made.book, Claim(returned, causes=causes), terms)
    assert isinstance(found, Plan)
    assert sum(found.borne.values()) == found.amount
    assert all(part > 0 for part in found.borne.values())
    together = plan(ledger, made.book, Claim(returned), terms)
    assert isinstance(together, Plan) and together.amount == found.amount


@st.composite
def subsidised(draw):
    order = draw(orders())
    offers = tuple(replace(offer, by=draw(st.sampled_from(PARTIES))) for offer in order.offers)
    ledger = freeze(replace(order, offers=offers))
    return ledger, draw(returned_in_pieces(ledger))


@settings(max_examples=EXAMPLES, deadline=None)
@given(subsidised())
def test_with_everything_back_every_subsidy_is_taken_back_whatever_came_first(case):
    ledger, pieces = case
    sums, steps = Sums(), []
    for piece in pieces:
        after = added(sums, [piece], {})
        steps.append(taken_back(ledger, sums, after))
        sums = after
    given_by = [
        {offer.by: total(runs)}
        for offer, share in zip(ledger.order.offers, ledger.prices.offers, strict=True)
        for runs in share.shares.values()
        if offer.by != "merchant"
    ]
    together = {party: amount for party, amount in summed(steps).items() if amount}
    assert together == {party: amount for party, amount in summed(given_by).items() if amount}


@settings(max_examples=EXAMPLES, deadline=None)
@given(paid_orders(), st.data())
def test_threshold_freight_is_charged_by_the_terms_of_each_return(ledger, data):
    pieces = data.draw(returned_in_pieces(ledger))
    back = pieces[: data.draw(st.integers(0, len(pieces)))]
    waived = Sums(tuple(replace(each, waives_threshold=True) for each in back))
    charged = Sums(tuple(back))
    mixed = Sums(tuple(replace(each, waives_threshold=data.draw(st.booleans())) for each in back))
    free, some, full = (
        entitlement(ledger, sums, claims_threshold_freight=True).threshold_freight for sums in (waived, mixed, charged)
    )
    assert free <= some <= full
    assert entitlement(ledger, charged).threshold_freight == 0
    kept_all = entitlement(ledger, Sums(), claims_threshold_freight=True).threshold_freight
    assert free <= kept_all or not back

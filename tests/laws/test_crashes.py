"""A plan or a booking that breaks off, or is refused, changes nothing: neither the book, nor the ledger, nor a budget.

What breaks is planted: an exception at one call after the other, of Python's own functions as of csflow's.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from inspect import CO_GENERATOR
from pathlib import Path

import pytest
from tests.end_to_end.test_quote import ORDER, PACK
from tests.unit.settlement.baskets import fen, order, tender

import csflow
from csflow.settlement.approvals import Held
from csflow.settlement.books import Book
from csflow.settlement.budgets import Allowance, Budget, Spent
from csflow.settlement.causes import Cause
from csflow.settlement.destinations import Choice
from csflow.settlement.effects import Wanted
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import Ledger, freeze
from csflow.settlement.lines import Beside, Due
from csflow.settlement.orders import Freight, Surplus
from csflow.settlement.payment_states import Payment
from csflow.settlement.planning import Plan, plan
from csflow.settlement.refusals import REFUSALS, Refusal
from csflow.settlement.tenders import Form
from csflow.settlement.terms import Claim, Terms
from csflow.values.instants import DAY
from csflow.values.rounding import Rounding
from csflow.values.sharing import Share

REASON = {"claim": {"reason": "defect"}}
HERE = Path(csflow.__file__).parent.as_posix()


class Planted(Exception):
    """What no code of csflow raises or catches."""


def calls_of(run: Callable[[], object]) -> int:
    """How many calls csflow makes in a run."""
    return _profiled(run, 0)


def breaks_at(run: Callable[[], object], place: int) -> None:
    with pytest.raises(Planted):
        _profiled(run, place)


def _profiled(run: Callable[[], object], place: int) -> int:
    """Runs, and breaks at the call of this number; 0 never comes."""
    made = 0

    def look(frame, event, argument):
        nonlocal made
        # A generator is entered again to be closed, where no exception comes out.
        entered = event == "call" and not frame.f_code.co_flags & CO_GENERATOR
        if (entered or event == "c_call") and frame.f_code.co_filename.startswith(HERE):
            made += 1
            if made == place:
                raise Planted

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        run()
    finally:
        sys.setprofile(before)
    return made


SHARES = (Share("carrier", at_most=fen("30")), Share("platform", 1), Share("merchant", 2, rest=True))
TERMS = Terms(
    claims_threshold_freight=True,
    cash=frozenset({"wechat", "balance"}),
    shares=SHARES,
    forms={
        "wechat": Form(within=365, refunds=3),
        "balance": Form(choosable=True),
        "points": Form(in_kind=Rounding.HALF_UP),
        "red_packet": Form(lapses=True),
        "gift": Form(),
    },
)
TENDERS = (
    tender("wechat", "150", paid_at=0),
    tender("points", "10", units=1000),
    tender("red_packet", "20", expires_at=DAY),
    tender("gift", "20", "platform"),
)


def frozen() -> Ledger:
    made = order(
        [(2, "120"), (1, "110")], off=[("200", "40")], freight=Freight(fen("0"), fen("99"), fen("10")), tenders=TENDERS
    )
    offers = tuple(replace(offer, by="platform") for offer in made.offers)
    return freeze(replace(made, offers=offers, surplus=(Surplus("again", "wechat", fen("7")),)))


def began(ledger: Ledger) -> Book:
    """A book with one plan, of which one payment failed."""
    leg = Beside(additions=(Due("leg", 500, SHARES),), withholdings=(Due("fee", 300),))
    found = plan(ledger, Book(ledger.digest), Claim((Returned(0, 1, True),), beside=leg, choice=Choice(at=0)), TERMS)
    assert isinstance(found, Plan)
    return found.book.with_state(0, 0, Payment.FAILED)


def budget() -> Budget:
    return Budget((Spent(0, 2_000, "earlier"),))


def everything(spent: Budget) -> Claim:
    """A claim with all that a claim may have."""
    causes = (Cause((Returned(0, 1, False, True),), SHARES), Cause((Returned(1, 1, True),), SHARES[1:]))
    beside = Beside(
        (Due("leg", 900, SHARES), Due("goodwill", 400, allowance=Allowance("goodwill", spent, 2 * DAY, 500))),
        (Due("fee", 200), Due("gift", 100)),
        (Due("insured", 800, payer="carrier"),),
    )
    return Claim(
        tuple(each for cause in causes for each in cause.returned),
        causes=causes,
        beside=beside,
        effects=(Wanted("red_invoice", "refunded"), Wanted("restock", "returned")),
        held=(Held(None, "supervisor", False), Held("goodwill", None, True)),
        choice=Choice(at=2 * DAY),
        reversals=("again",),
    )


def looked_at(ledger: Ledger, book: Book, spent: Budget) -> str:
    """Everything that a host keeps, to the last field."""
    return repr((ledger, book, spent))


def test_a_plan_that_breaks_off_changes_nothing_and_made_again_is_the_plan():
    ledger, spent = frozen(), budget()
    book, claim = began(ledger), everything(spent)
    whole = plan(ledger, book, claim, TERMS)
    assert isinstance(whole, Plan)
    # All of it is there, so that a call of every part breaks.
    assert whole.additions and whole.recourse and whole.entries and whole.effects and whole.held_for and whole.lapsed
    assert whole.refunds and whole.withheld and whole.reversals and whole.budgets and len(whole.borne) == 3
    kept = looked_at(ledger, book, spent)
    made = calls_of(lambda: plan(ledger, book, claim, TERMS))
    assert made > 500
    for place in range(1, made + 1):
        breaks_at(lambda: plan(ledger, book, claim, TERMS), place)
        assert looked_at(ledger, book, spent) == kept
    assert plan(ledger, book, claim, TERMS) == whole


BOOKINGS = {
    "a payment": lambda book: book.with_state(0, 1, Payment.SUCCEEDED),
    "an extra": lambda book: book.with_extra_state(0, 0, Payment.FAILED),
    "a reversal": lambda book: book.with_reversal_state(1, 0, Payment.SUCCEEDED),
    "a plan": lambda book: book.with_plan(book.plans[0]),
    "to a document and back": lambda book: Book.from_json(book.to_json()),
}


@pytest.mark.parametrize("name", BOOKINGS)
def test_a_booking_that_breaks_off_changes_nothing(name):
    ledger, spent, booking = frozen(), budget(), BOOKINGS[name]
    found = plan(ledger, began(ledger), everything(spent), TERMS)
    assert isinstance(found, Plan)
    book = found.book
    kept, whole = looked_at(ledger, book, spent), booking(book)
    for place in range(1, calls_of(lambda: booking(book)) + 1):
        breaks_at(lambda: booking(book), place)
        assert looked_at(ledger, book, spent) == kept
    assert booking(book) == whole


@pytest.mark.parametrize(
    "booking",
    [
        lambda spent: spent.with_payment(Spent(0, 1, "earlier")),
        lambda spent: spent.with_state("earlier", Payment.FAILED),
        lambda spent: Budget.from_json(spent.to_json()),
    ],
)
def test_a_booking_in_a_budget_that_breaks_off_changes_nothing(booking):
    spent = budget()
    for place in range(1, calls_of(lambda: booking(spent)) + 1):
        breaks_at(lambda: booking(spent), place)
        assert spent == budget()


def test_a_booking_that_is_refused_changes_nothing():
    ledger = frozen()
    book, spent = began(ledger), budget().with_state("earlier", Payment.SUCCEEDED)
    kept = looked_at(ledger, book, spent)
    with pytest.raises(ValueError, match="cannot become"):
        book.with_state(0, 0, Payment.UNKNOWN)
    with pytest.raises(ValueError, match="no book of csflow"):
        Book.from_json({**book.to_json(), "plans": [None]})
    with pytest.raises(ValueError, match="cannot become"):
        spent.with_state("earlier", Payment.FAILED)
    assert looked_at(ledger, book, spent) == kept


def refused(spent: Budget) -> dict[str, tuple[Claim, Terms]]:
    """A claim for each refusal that a plan may have."""
    late, one = Choice(at=366 * DAY), (Returned(0, 1, True),)
    nobody = replace(TERMS, shares=(Share("carrier", at_most=5),))
    allowed = Allowance("goodwill", spent, 0, 300)
    return {
        "cap.quantity": (Claim((Returned(0, 2, True),)), TERMS),
        "cap.line": (Claim(granted={1: 10**9}), TERMS),
        "cap.order": (Claim(granted={0: 10**9, 1: 10**9}), TERMS),
        "rail.closed": (Claim(one, choice=late), TERMS),
        "rail.partial_count": (Claim(one, choice=Choice(at=0)), replace(TERMS, forms={"wechat": Form(refunds=0)})),
        "consent.missing": (Claim(one, choice=Choice("balance", at=0)), TERMS),
        "tender.not_choosable": (Claim(one, choice=Choice("gift", True, 0)), TERMS),
        "surplus.reversed": (Claim(reversals=("again",)), TERMS),
        "budget.exceeded": (Claim(beside=Beside((Due("goodwill", 301, allowance=allowed),))), TERMS),
        "shares.nobody": (Claim(one), nobody),
    }


# Of the others no plan is made: the pack's own decisions refuse before it.
ASKED_BEFORE = {"choice.missing", "choice.unknown", "approval.beyond", "denied"}


def test_a_plan_that_is_refused_changes_nothing_and_neither_does_one_that_breaks_off_on_the_way():
    ledger, spent = frozen(), budget()
    first = plan(ledger, began(ledger), Claim(reversals=("again",)), TERMS)
    assert isinstance(first, Plan)
    book, cases = first.book, refused(spent)
    assert {*cases, *ASKED_BEFORE, "ledger_changed"} == set(REFUSALS)
    kept = looked_at(ledger, book, spent)
    for code, (claim, terms) in cases.items():
        found = plan(ledger, book, claim, terms)
        assert isinstance(found, Refusal) and found.code == code
        for place in range(1, calls_of(lambda: plan(ledger, book, claim, terms)) + 1, 7):  # noqa: B023
            breaks_at(lambda: plan(ledger, book, claim, terms), place)  # noqa: B023
        assert looked_at(ledger, book, spent) == kept
    other = replace(book, ledger="sha256:0")
    assert plan(ledger, other, Claim(), TERMS) == Refusal("ledger_changed")


def test_a_quote_of_a_pack_that_breaks_off_changes_nothing_and_asked_again_it_is_the_quote():
    """What a pack remembers of what it was asked is none the worse for it, on the first quote as later."""
    claim = {"returns": [{"line": "B", "quantity": 1, "reason": "defect"}]}
    facts = {"order": {"paid_at": "2025-11-08T10:00:00+08:00"}}
    files = {name: text.encode() for name, text in PACK.items()}
    steady = csflow.load_pack(files)
    ledger = steady.freeze(ORDER)
    book = steady.quote(ledger, {"granted": [{"line": "A", "amount": "5 CNY"}]}, facts | REASON).plan.book
    kept, whole = repr((ledger, book)), steady.quote(ledger, claim, facts, book=book).to_json()
    for place in range(1, calls_of(lambda: steady.quote(ledger, claim, facts, book=book)) + 1, 5):
        breaks_at(lambda: steady.quote(ledger, claim, facts, book=book), place)
        assert steady.quote(ledger, claim, facts, book=book).to_json() == whole
    new = csflow.load_pack(files)
    first = calls_of(lambda: new.quote(ledger, claim, facts, book=book))
    for place in range(1, first + 1, first // 10):
        new = csflow.load_pack(files)
        breaks_at(lambda: new.quote(ledger, claim, facts, book=book), place)  # noqa: B023
        assert new.quote(ledger, claim, facts, book=book).to_json() == whole
    assert repr((ledger, book)) == kept

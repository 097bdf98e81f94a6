"""Owns one refund as a plan: what is due, who bears it, and the book it stands in; or why it is refused.

A plan is made against the order's book and changes nothing by itself. Source: semantics 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from csflow.ledger import Posting, moved, require_balance
from csflow.settlement.approvals import Held
from csflow.settlement.bearing import Bearing, bearing_of
from csflow.settlement.books import Book, Booked, Extra, Lapsed, Reversed
from csflow.settlement.budgets import Budget
from csflow.settlement.earned import Taken
from csflow.settlement.effects import Effect, effects_of
from csflow.settlement.entitlement import Entitlement, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import Addition, Entry, Recourse, entries_of
from csflow.settlement.orders import CUSTOMER
from csflow.settlement.payments import Refund, account_of, refund_of
from csflow.settlement.refusals import Refusal
from csflow.settlement.settling import Settled, settled
from csflow.settlement.spending import budgets_after
from csflow.settlement.subsidies import taken_back
from csflow.settlement.surplus import Reversal
from csflow.settlement.terms import Claim, Terms


@dataclass(frozen=True, slots=True)
class Plan:
    """One refund, in minor units. `due` is over all that came back so far; `before` was refunded earlier.

    `customer_owes` is what went back too much, to be netted from the next refund; csflow never charges it. `borne` is
    who bears the refund, and the postings sum to zero. `withheld` is what is taken off now by name (below zero where
    it goes back), `withheld_before` all that was; `grants` is what is given for lines that stay, by name, and a part of
    the refund; `additions` are paid outside the refund, `recourse` is what the merchant claims from others, and
    `entries` are the postings of both. `taken` are units that the order earned and the host takes back. `held_for` says
    who has to agree before anything is paid. `lapsed` is what expired tenders would have got now, `lapsed_before` what
    they would have got earlier. `reversals` are surplus payments that go back in full: no part of the refund nor of its
    amount. `book` is the order's book with this plan in it, pending, and `budgets` are those of the customer from which
    it takes something.
    """

    number: int
    due: Entitlement
    before: int
    refunds: tuple[Refund, ...]
    customer_owes: int
    borne: Mapping[str, int]
    postings: tuple[Posting, ...]
    book: Book
    withheld: Mapping[str, int] = field(default_factory=dict)
    withheld_before: int = 0
    grants: Mapping[str, int] = field(default_factory=dict)
    taken: tuple[Taken, ...] = ()
    additions: tuple[Addition, ...] = ()
    recourse: tuple[Recourse, ...] = ()
    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()
    held_for: tuple[Held, ...] = ()
    lapsed: tuple[Lapsed, ...] = ()
    lapsed_before: int = 0
    reversals: tuple[Reversal, ...] = ()
    budgets: Mapping[str, Budget] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        return sum(refund.amount for refund in self.refunds)


def plan(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Plan | Refusal:
    """The plan for a claim, or why there is none. Nothing is trimmed: what is asked above a limit is refused."""
    found = settled(ledger, book, claim, terms)
    return found if isinstance(found, Refusal) else _booked(ledger, book, claim, terms, found)


def _booked(ledger: Ledger, book: Book, claim: Claim, terms: Terms, found: Settled) -> Plan:
    """The plan of what is due: who bears it, and the order's book with it."""
    bearing = bearing_of(ledger, book, claim, terms, found)
    refunds = tuple(refund_of(ledger, found.number, each, claim.choice, terms.ways) for each in found.payments)
    goods = _goods_now(ledger, book, claim, found.due, terms)
    subsidies = taken_back(ledger, book.sums, found.sums, terms.reading)
    return Plan(
        number=found.number,
        due=found.due,
        before=found.before,
        refunds=refunds,
        customer_owes=0 if claim.only_reverses else max(0, -found.left),
        borne=bearing.refund,
        postings=_postings(refunds, found.reversals, bearing.refund),
        book=book.with_plan(_plan_of_book(claim, found, bearing)),
        withheld=found.withheld,
        withheld_before=found.withheld_before,
        grants=claim.grants,
        taken=found.units,
        additions=found.additions,
        recourse=bearing.recourse,
        entries=entries_of(found.additions, bearing.recourse, subsidies),
        effects=effects_of(claim.effects, found.paid, goods, ledger.digest, found.number),
        held_for=_still_held(claim, found, bearing.recourse),
        lapsed=found.lapsed,
        lapsed_before=found.lapsed_before,
        reversals=found.reversals,
        budgets=budgets_after(found.additions, claim.allowances),
    )


def _plan_of_book(claim: Claim, found: Settled, bearing: Bearing) -> Booked:
    return Booked(
        returned=claim.returned,
        granted=claim.granted,
        payments=found.payments,
        lapsed=found.lapsed,
        reversals=tuple(Reversed(each.surplus.id, each.surplus.paid) for each in found.reversals),
        withheld=found.withheld,
        extras=tuple(Extra(each.name, each.amount, borne=each.borne) for each in found.additions),
        claimed={each.name: each.amount for each in bearing.recourse},
        borne=bearing.together,
        grants=claim.grants,
        taken={each.name: each.settled for each in found.units},
    )


def _goods_now(ledger: Ledger, book: Book, claim: Claim, due: Entitlement, terms: Terms) -> int:
    """What came back now was worth: the goods that are due now, less those that were before."""
    if not claim.effects:
        return 0
    return sum(due.goods) - sum(entitlement(ledger, book.sums, reading=terms.reading).goods)


def _postings(
    refunds: Sequence[Refund], reversals: Sequence[Reversal], borne: Mapping[str, int]
) -> tuple[Posting, ...]:
    """Each party gives what it bears into the refund, and each tender takes its part out; surplus was nobody's."""
    given = [each for party, amount in borne.items() for each in moved(party, "refund", amount)]
    taken = [each for refund in refunds for each in moved("refund", account_of(refund), refund.amount)]
    for each in reversals:
        taken += moved("surplus", f"{CUSTOMER}:{each.surplus.id}", each.surplus.paid)
    return require_balance((*given, *taken))


def _still_held(claim: Claim, found: Settled, recourse: Sequence[Recourse]) -> tuple[Held, ...]:
    """What has to be agreed to: the whole plan, and amounts of which something is left to be paid, taken or claimed."""
    added, claimed = (each.name for each in found.additions), (each.name for each in recourse)
    moved_now = {*found.withheld, *claim.grants, *added, *claimed}
    return tuple(each for each in claim.held if each.of is None or each.of in moved_now)

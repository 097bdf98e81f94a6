"""Owns one refund as a plan: what is due by name, which tender it goes to, who bears it, and why it is refused.

A plan is made against the order's book and changes nothing by itself. Source: semantics 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from csflow.ledger import Posting, moved, require_balance
from csflow.settlement.approvals import Held
from csflow.settlement.books import Book, Booked, Extra, Lapsed, Reversed
from csflow.settlement.budgets import Allowance, Budget, Spent
from csflow.settlement.causes import Cause, parts_of
from csflow.settlement.destinations import Choice, not_possible
from csflow.settlement.earned import Earned, Taken, charges, taken_now
from csflow.settlement.effects import Effect, Wanted, effects_of
from csflow.settlement.entitlement import Entitlement, Returned, Sums, added, entitlement
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import (
    MERCHANT_BEARS,
    Addition,
    Beside,
    Entry,
    Recourse,
    added_now,
    borne,
    claimed_back,
    entries_of,
    is_borne,
    summed,
    withheld_now,
)
from csflow.settlement.orders import CUSTOMER, MERCHANT
from csflow.settlement.payments import Refund, account_of, payments_of, refund_of, sent
from csflow.settlement.pricing import AS_FROZEN, Reading
from csflow.settlement.refusals import Refusal
from csflow.settlement.subsidies import taken_back
from csflow.settlement.surplus import Reversal, already_reversed, reversals_of
from csflow.settlement.tenders import Form, Ways
from csflow.values.apportioning import total
from csflow.values.routing import Routing
from csflow.values.sharing import Share


@dataclass(frozen=True, slots=True)
class Claim:
    """What is asked now: units that came back, and amounts for lines whose units stay with the customer.

    `causes` divide what came back by who bears it, in the order given; without them the terms say it. `beside` are
    amounts beside the refund, `earned` units that the order earned, `effects` what a host has to do, and the plan is
    `held` for whoever has to agree. `grants` are the amounts in `granted` that have a name. `reversals` are ids of
    surplus payments; where there is nothing else no refund is looked at.
    """

    returned: tuple[Returned, ...] = ()
    granted: Mapping[int, int] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    beside: Beside = Beside()
    earned: tuple[Earned, ...] = ()
    effects: tuple[Wanted, ...] = ()
    held: tuple[Held, ...] = ()
    choice: Choice = Choice()
    reversals: tuple[str, ...] = ()
    grants: Mapping[str, int] = field(default_factory=dict)

    @property
    def only_reverses(self) -> bool:
        return bool(self.reversals) and not (self.returned or self.granted or self.earned or self.beside != Beside())


@dataclass(frozen=True, slots=True)
class Terms:
    """How a pack settles: the routing, the kinds of tender that are cash, and who bears the cost."""

    routing: Routing = Routing.PRO_RATA_ACTUAL
    claims_threshold_freight: bool = False
    cash: frozenset[str] = frozenset()
    shares: tuple[Share, ...] = MERCHANT_BEARS
    forms: Mapping[str, Form] = field(default_factory=dict)
    reading: Reading = AS_FROZEN

    @property
    def ways(self) -> Ways:
        return Ways(self.routing, self.cash, self.forms)


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
    refusal = _refusal(ledger, book, claim, terms)
    if refusal is not None:
        return refusal
    number = len(book.plans) + 1
    additions = added_now(claim.beside.additions, book.extras, ledger.digest, number)
    allowances = {each.name: each.allowance for each in claim.beside.additions if each.allowance is not None}
    exceeded = _beyond_budget(additions, allowances)
    if exceeded is not None:
        return exceeded
    sums = added(book.sums, claim.returned, claim.granted)
    due = entitlement(ledger, sums, claims_threshold_freight=terms.claims_threshold_freight, reading=terms.reading)
    back, gone = sum(book.refunded(len(ledger.order.tenders))), sum(book.lapsed(len(ledger.order.tenders)))
    kept_back = book.withheld
    withheld_before = sum(kept_back.values())
    units = taken_now(claim.earned, book.taken, ledger, sums, due, number)
    withholdings = (*claim.beside.withholdings, *charges(units, kept_back))
    withheld = withheld_now(withholdings, kept_back, due.total - withheld_before - back - gone)
    taken = back + gone + withheld_before + sum(withheld.values())
    amount = max(0, due.total - taken)
    looks = taken <= due.total and not claim.only_reverses
    parts = payments_of(ledger, book, due, amount, terms.ways) if looks else ()
    refusal = not_possible(ledger, book, parts, claim.choice, terms.ways)
    if refusal is not None:
        return refusal
    payments, lapsed = sent(ledger, parts, claim.choice, terms.ways)
    refunds = tuple(refund_of(ledger, number, each, claim.choice, terms.ways) for each in payments)
    reversals = reversals_of(ledger, number, claim.reversals)
    paid = sum(each.amount for each in payments)
    bearing = _bearing(ledger, book, claim, terms, taken + sum(each.amount for each in lapsed), paid)
    together = summed([bearing, *(each.borne for each in additions)])
    recourse = _recourse(ledger, book, claim, refunds, additions, together)
    return Plan(
        number=number,
        due=due,
        before=back,
        refunds=refunds,
        customer_owes=0 if claim.only_reverses else max(0, taken - due.total),
        borne=bearing,
        postings=_postings(refunds, reversals, bearing),
        book=book.with_plan(
            Booked(
                returned=claim.returned,
                granted=claim.granted,
                payments=payments,
                lapsed=lapsed,
                reversals=tuple(Reversed(each.surplus.id, each.surplus.paid) for each in reversals),
                withheld=withheld,
                extras=tuple(Extra(each.name, each.amount) for each in additions),
                claimed={each.name: each.amount for each in recourse},
                borne=together,
                grants=claim.grants,
                taken={each.name: each.settled for each in units},
            )
        ),
        withheld=withheld,
        withheld_before=withheld_before,
        grants=claim.grants,
        taken=units,
        additions=additions,
        recourse=recourse,
        entries=entries_of(additions, recourse, taken_back(ledger, book.sums, sums, terms.reading)),
        effects=effects_of(
            claim.effects, paid, _goods_now(ledger, book, claim, due, terms.reading), ledger.digest, number
        ),
        held_for=_still_held(claim, withheld, additions, recourse),
        lapsed=lapsed,
        lapsed_before=gone,
        reversals=reversals,
        budgets=_budgets(additions, allowances),
    )


def _refusal(ledger: Ledger, book: Book, claim: Claim, terms: Terms) -> Refusal | None:
    if book.ledger != ledger.digest:
        return Refusal("ledger_changed")
    before = book.sums
    return (
        already_reversed(book, claim.reversals)
        or _too_many(ledger, before, claim.returned)
        or _too_much(ledger, before, claim, terms)
        or _unborne(claim, terms)
    )


def _beyond_budget(additions: Sequence[Addition], allowances: Mapping[str, Allowance]) -> Refusal | None:
    """A payment that the customer's budget does not leave is refused, not cut down to what it leaves."""
    used: dict[str, int] = {}
    for each in additions:
        allowed = allowances.get(each.name)
        if allowed is not None:
            left = allowed.left - used.get(allowed.name, 0)
            if each.amount > left:
                return Refusal("budget.exceeded", asked=each.amount, limit=left, name=allowed.name)
            used[allowed.name] = used.get(allowed.name, 0) + each.amount
    return None


def _budgets(additions: Sequence[Addition], allowances: Mapping[str, Allowance]) -> dict[str, Budget]:
    """The budgets with what is paid from them now, by name."""
    budgets: dict[str, Budget] = {}
    for each in additions:
        allowed = allowances.get(each.name)
        if allowed is not None:
            before = budgets.get(allowed.name, allowed.budget)
            budgets[allowed.name] = before.with_payment(Spent(allowed.at, each.amount, each.key))
    return budgets


def _too_many(ledger: Ledger, before: Sums, returned: Sequence[Returned]) -> Refusal | None:
    """Of no line may more come back than was bought and has not come back before."""
    now = Sums(tuple(returned))
    for place, line in enumerate(ledger.order.lines):
        asked, left = now.of(place), line.quantity - before.of(place)
        if asked > left:
            return Refusal("cap.quantity", place, asked, left)
    return None


def _too_much(ledger: Ledger, before: Sums, claim: Claim, terms: Terms) -> Refusal | None:
    """What is granted for a line is at most what its units that stay still cost the customer.

    Amounts for several lines that come to more than the whole order has left are one refusal.
    """
    after = added(before, claim.returned, {})
    with_none = entitlement(ledger, Sums(after.returned), reading=terms.reading).goods
    left = [
        max(0, total(runs) - back - after.granted.get(place, 0))
        for place, (runs, back) in enumerate(zip(ledger.prices.payable, with_none, strict=True))
    ]
    asked = sum(claim.granted.values())
    if len(claim.granted) > 1 and asked > sum(left):
        return Refusal("cap.order", None, asked, sum(left))
    for place, part in sorted(claim.granted.items()):
        if part > left[place]:
            return Refusal("cap.line", place, part, left[place])
    return None


def _unborne(claim: Claim, terms: Terms) -> Refusal | None:
    """Whoever bears a cost is named: parts that all come to nothing name nobody."""
    bearing = [cause.shares for cause in claim.causes] or [terms.shares]
    if not all(map(is_borne, bearing)):
        return Refusal("shares.nobody")
    for each in claim.beside.additions:
        if each.amount and not is_borne(each.shares):
            return Refusal("shares.nobody", name=each.name)
    return None


def _bearing(ledger: Ledger, book: Book, claim: Claim, terms: Terms, taken: int, amount: int) -> dict[str, int]:
    """Who bears the refund: each cause by its own terms, or all of it by those of the claim."""
    if len(claim.causes) < 2:
        return borne(amount, claim.causes[0].shares if claim.causes else terms.shares)
    claims = terms.claims_threshold_freight
    parts = parts_of(
        ledger, book.sums, claim.granted, claim.causes, taken, claims_threshold_freight=claims, reading=terms.reading
    )
    return summed([borne(part, cause.shares) for part, cause in zip(parts, claim.causes, strict=True)])


def _recourse(
    ledger: Ledger,
    book: Book,
    claim: Claim,
    refunds: Sequence[Refund],
    additions: Sequence[Addition],
    bearing: Mapping[str, int],
) -> tuple[Recourse, ...]:
    """What the merchant claims from others: no more than it bears of what is really paid."""
    if not claim.beside.recourse:
        return ()
    paid = sum(book.refunded(len(ledger.order.tenders))) + sum(book.extras.values())
    paid += sum(each.amount for each in refunds) + sum(each.amount for each in additions)
    most = min(paid, book.borne_by(MERCHANT) + bearing.get(MERCHANT, 0))
    return claimed_back(claim.beside.recourse, book.claimed, most, ledger.digest, len(book.plans) + 1)


def _still_held(
    claim: Claim, withheld: Mapping[str, int], additions: Sequence[Addition], recourse: Sequence[Recourse]
) -> tuple[Held, ...]:
    """What has to be agreed to: the whole plan, and amounts of which something is left to be paid, taken or claimed."""
    moved_now = {*withheld, *claim.grants, *(each.name for each in additions), *(each.name for each in recourse)}
    return tuple(each for each in claim.held if each.of is None or each.of in moved_now)


def _goods_now(ledger: Ledger, book: Book, claim: Claim, due: Entitlement, reading: Reading) -> int:
    """What came back now was worth: the goods that are due now, less those that were before."""
    if not claim.effects:
        return 0
    return sum(due.goods) - sum(entitlement(ledger, book.sums, reading=reading).goods)


def _postings(
    refunds: Sequence[Refund], reversals: Sequence[Reversal], borne: Mapping[str, int]
) -> tuple[Posting, ...]:
    """Each party gives what it bears into the refund, and each tender takes its part out; surplus was nobody's."""
    given = [each for party, amount in borne.items() for each in moved(party, "refund", amount)]
    taken = [each for refund in refunds for each in moved("refund", account_of(refund), refund.amount)]
    for each in reversals:
        taken += moved("surplus", f"{CUSTOMER}:{each.surplus.id}", each.surplus.paid)
    return require_balance((*given, *taken))

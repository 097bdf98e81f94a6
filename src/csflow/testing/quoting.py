"""Owns running the tests of settlements: the quote of every step against the book of those before it.

Only what a step names is compared. How a failure is told is for `telling_quotes`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.facts import facts_of
from csflow.pack.cases import Expectation
from csflow.pack.model import LinkedPack
from csflow.settlement import Book, Budget, Quote, Settler
from csflow.settlement.cases import (
    ADDITIONS,
    BORNE,
    GRANTS,
    LIMIT,
    MISSING,
    OUTCOME,
    OWES,
    REASON,
    REFUND,
    REFUNDS,
    REFUSAL,
    STATUS,
    TAKEN,
    WITHHELD,
    Outcome,
    QuoteCase,
    QuoteStep,
)
from csflow.settlement.planning import Plan
from csflow.settlement.refusals import COUNTED


@dataclass(frozen=True, slots=True)
class StepDifference:
    """One thing that came out otherwise than a step, counted from 1, expects; `actual` has the form of that."""

    step: int
    expected: Expectation
    actual: Any


@dataclass(frozen=True, slots=True)
class QuoteResult:
    """A test of a settlement with the quotes it got, one for each step that was reached.

    It passed where nothing differs; `pack` has the parameters of the test.
    """

    case: QuoteCase
    pack: LinkedPack
    quotes: tuple[Quote, ...]
    differences: tuple[StepDifference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def run_quotes(case: QuoteCase, pack: LinkedPack, settler: Settler) -> QuoteResult:
    """The result of a test: steps in their order, none after one whose status is another than expected."""
    quotes: list[Quote] = []
    differences: list[StepDifference] = []
    book = Book(case.ledger.digest)
    budgets = {each.name: Budget() for each in pack.settlements[case.settlement].amounts if each.budgeted}
    for number, step in enumerate(case.steps, 1):
        quote = settler.quote(case.ledger, book, step.claimed, facts_of(pack, step.facts), step.at, budgets)
        quotes.append(quote)
        differences += [StepDifference(number, *each) for each in _differences(step, quote)]
        if quote.status != step.expected[0].value:
            break
        book = _carried_out(step, quote, book)
        budgets |= quote.plan.budgets if quote.plan is not None else {}
    return QuoteResult(case, pack, tuple(quotes), tuple(differences))


def told(case: QuoteCase, quotes: tuple[Quote, ...]) -> tuple[Any, ...]:
    """What a test sees of the quotes it got: the parts that it names."""
    return tuple(
        actual_of(expected, quote)
        for step, quote in zip(case.steps, quotes, strict=False)
        for expected in _looked_at(step, quote)
    )


def actual_of(expected: Expectation, quote: Quote) -> Any:
    """The part of a quote that is expected, in the same form."""
    group, _, name = expected.part.partition(".")
    return _OF_QUOTE[expected.part](quote) if not name else _OF_PLAN[group](quote.plan, name)


def _differences(step: QuoteStep, quote: Quote) -> Iterator[tuple[Expectation, Any]]:
    """What differs; where the status does, that alone: what follows from it says nothing more."""
    for expected in _looked_at(step, quote):
        actual = actual_of(expected, quote)
        if actual != expected.value:
            yield expected, actual
    if quote.plan is not None and quote.status == step.expected[0].value:
        yield from _unpaid(step, quote.plan)


def _looked_at(step: QuoteStep, quote: Quote) -> tuple[Expectation, ...]:
    return step.expected if quote.status == step.expected[0].value else step.expected[:1]


def _unpaid(step: QuoteStep, plan: Plan) -> Iterator[tuple[Expectation, None]]:
    """Payments of which a step says what becomes of them, where there are none."""
    for outcome in step.outcomes:
        if not _among(plan, outcome):
            part = OUTCOME if outcome.tender is None else f"{OUTCOME}.{outcome.tender}"
            yield Expectation(part, outcome.state.value, outcome.mark), None


def _carried_out(step: QuoteStep, quote: Quote, book: Book) -> Book:
    """The book after the step: with its plan, whose payments came out as the step says."""
    if quote.plan is None:
        return book
    after = quote.plan.book
    for outcome in step.outcomes:
        for payment in _among(quote.plan, outcome):
            after = after.with_state(len(after.plans) - 1, payment, outcome.state)
    return after


def _among(plan: Plan, outcome: Outcome) -> list[int]:
    """The payments of a plan that an outcome is about, by their places."""
    payments = enumerate(plan.book.plans[-1].payments)
    return [number for number, payment in payments if outcome.tender in (None, payment.tender)]


def _limit(quote: Quote) -> Any:
    refusal = quote.refusal
    return None if refusal is None or refusal.limit is None else (refusal.code in COUNTED, refusal.limit)


def _under(name: str, amounts: Iterable[tuple[str, int]]) -> int:
    """What stands under a name, for all lines and events."""
    return sum(amount for label, amount in amounts if label.partition("/")[0] == name)


_OF_QUOTE: Mapping[str, Any] = {
    STATUS: lambda quote: quote.status,
    REFUND: lambda quote: quote.plan.amount,
    OWES: lambda quote: quote.plan.customer_owes,
    REFUSAL: lambda quote: quote.refusal.code,
    REASON: lambda quote: quote.refusal.reason,
    LIMIT: _limit,
    MISSING: lambda quote: tuple(sorted({cause.name for cause in quote.missing})),
}
_OF_PLAN: Mapping[str, Any] = {
    REFUNDS: lambda plan, name: sum(each.amount for each in plan.refunds if each.tender.id == name),
    BORNE: lambda plan, name: plan.borne.get(name, 0),
    GRANTS: lambda plan, name: _under(name, plan.grants.items()),
    ADDITIONS: lambda plan, name: _under(name, ((each.name, each.amount) for each in plan.additions)),
    WITHHELD: lambda plan, name: _under(name, plan.withheld.items()),
    TAKEN: lambda plan, name: _under(name, ((each.name, each.units) for each in plan.taken)),
}

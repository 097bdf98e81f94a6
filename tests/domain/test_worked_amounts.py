"""The money of the worked cases as golden files: orders, claims one after the other, and what goes back to the fen.

A step says what of a quote it expects, and may leave out neither an amount nor a tender that gets one.
"""

from itertools import pairwise
from typing import Any

import pytest
from tests.domain.golden import FILES, MONEY, ROWS, instant_of, linked_cases, pack_name, pack_of, step_name
from tests.domain.orders import with_numbers
from tests.domain.written import amount, as_written

from csflow.facts import facts_of
from csflow.settlement import Book, Payment, Quote
from csflow.values.apportioning import apportion
from csflow.values.money import Money
from csflow.values.rounding import Rounding, round_ratio

NAMED = (
    "amount",
    "refunds",
    "customer_owes",
    "refusal",
    "units",
    "to",
    "expired",
    "lapsed",
    "reversals",
    "grants",
    "taken",
    "short",
    "additions",
    "withheld",
    "recourse",
    "effects",
    "held_for",
)
QUOTES = [
    pytest.param(id, quote, id=f"{id}: {quote['name']}")
    for id, document in FILES.items()
    for quote in document.get("quotes", ())
]
DIVISIONS = [
    pytest.param(division, id=f"{id}: {division['name']}")
    for id, document in FILES.items()
    for division in document.get("divisions", ())
]


def quoted(id: str, quote: dict[str, Any]) -> list[Quote]:
    """The quotes of the steps, each against the book that the one before left."""
    document, pack = FILES[id], pack_name(FILES[id], quote)
    cases = linked_cases(pack)[1]
    found, book, ledger = [], None, None
    for number, step in enumerate(quote["steps"], 1):
        name = step_name(id, quote, number)
        chosen, case = pack_of(pack, name), cases[name]
        ledger = ledger or chosen.freeze(with_numbers(quote.get("order") or document["order"]))
        facts, settlement = facts_of(chosen.linked, case.facts), quote.get("settlement")
        for _ in range(int(step.get("times", 1))):
            claim, at = with_numbers(step["claim"]), instant_of(case)
            answer = chosen.quote(ledger, claim, facts, settlement=settlement, book=book, at=at)
            book = book if answer.plan is None else become(answer.plan.book, step.get("becomes", "pending"))
            found.append(answer)
    return found


def become(book: Book, state: str) -> Book:
    """The book in which the payments of its last plan stand so."""
    for place in range(len(book.plans[-1].payments)):
        book = book.with_state(len(book.plans) - 1, place, Payment(state))
    return book


@pytest.mark.parametrize(("id", "quote"), QUOTES)
def test_a_worked_amount_comes_out_as_written(id, quote):
    steps = [step for step in quote["steps"] for _ in range(int(step.get("times", 1)))]
    for step, answer in zip(steps, quoted(id, quote), strict=True):
        wanted = {"status": "quoted", **step["expect"]}
        shown = as_written(answer)
        assert {key: shown.get(key, "no such part") for key in wanted} == wanted
        unsaid = {key for key in NAMED if shown.get(key)} - set(wanted)
        assert not unsaid, "a golden file names every amount that goes back or is owed, and every refusal"


@pytest.mark.parametrize(("id", "quote"), QUOTES)
def test_a_worked_amount_closes_and_is_told_in_every_language(id, quote):
    keys: set[str] = set()
    for answer in quoted(id, quote):
        assert all(answer.explain(language).strip() for language in ("zh-CN", "zh-TW", "en"))
        if answer.plan is not None:
            assert sum(posting.amount for posting in answer.plan.postings) == 0
            assert sum(answer.plan.borne.values()) == answer.plan.amount
            assert not keys & {refund.key for refund in answer.plan.refunds}
            keys |= {refund.key for refund in answer.plan.refunds}


@pytest.mark.parametrize(("id", "quote"), QUOTES)
def test_a_worked_amount_asked_again_is_the_same_to_the_key(id, quote):
    assert [answer.to_json() for answer in quoted(id, quote)] == [answer.to_json() for answer in quoted(id, quote)]


@pytest.mark.parametrize("division", DIVISIONS)
def test_a_division_comes_out_as_written_and_closes(division):
    wanted = [int(part) for part in division["parts"]]
    if "weights" in division:
        whole, found = int(division["amount"]), apportion(int(division["amount"]), list(map(int, division["weights"])))
    else:
        whole = int(division["whole"])
        rounded = [
            round_ratio(whole * back, len(wanted), Rounding(division["rounding"])) for back in range(len(wanted) + 1)
        ]
        found = [after - before for before, after in pairwise(rounded)]
    assert found == wanted
    assert sum(found) == whole


def test_the_rows_that_are_money_have_their_golden_amounts():
    """What a row says of money is quoted, or the row says which part of csflow it waits for."""
    money = {id for id, row in ROWS.items() if row.get("money") == "true"}
    assert money == {id for id, document in FILES.items() if any(part in document for part in MONEY)}


def test_amounts_are_written_as_money_is():
    assert amount(Money("1.50 CNY").to_json()) == "1.50"

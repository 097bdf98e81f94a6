"""A quote is told to the letter, in three languages and as JSON: `told/` holds what each of these comes to.

The pack names everything that a settlement can; what one refund leaves, the next finds in its book.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.unit.settlement.shop import FACTS, back, concerning, line, pack, quoted, tender, yuan

from csflow.settlement import Book, Budget, Quote, Settler, read_claim
from csflow.settlement.lines import key

TOLD = Path(__file__).parent / "told"
LANGUAGES = ("zh-CN", "zh-TW", "en")
ENDED, LATER = "2025-11-19T10:00:00+08:00", "2025-12-31T10:00:00+08:00"
OFFER = {"id": "o", "by": "platform", "tiers": [{"at_least": yuan("200.00"), "amount": yuan("30.00")}]}
# Three units for 220 after the offer of the platform: freight is free from 200.
ORDER: dict[str, Any] = {
    "id": "S-1",
    "lines": [line("A", 2, "100.00"), line("B", 1, "50.00")],
    "offers": [OFFER],
    "freight": {"paid": yuan("0.00"), "free_from": yuan("200.00"), "fee": yuan("8.00")},
    "tax": yuan("2.20"),
    "tenders": [
        tender("t1", "wechat", "102.20"),
        tender("t2", "points", "50.00", units=5000),
        tender("t3", "red_packet", "40.00", expires_at=ENDED, funded_by="platform"),
        tender("t4", "coupon", "20.00", units=1, funded_by="platform"),
        tender("t5", "voucher", "10.00", expires_at=ENDED),
    ],
    "surplus": [tender("s1", "wechat", "3.00"), tender("s2", "card", "4.00")],
}
# Freight was paid, and what the customer put into the red packet lapses.
SHIPPED: dict[str, Any] = {
    "id": "S-2",
    "lines": [line("A", 1, "60.00"), line("B", 2, "20.00")],
    "offers": [{"id": "o", "tiers": [{"at_least": yuan("80.00"), "amount": yuan("20.00")}]}],
    "freight": {"paid": yuan("10.00")},
    "tenders": [
        tender("t1", "wechat", "40.00"),
        tender("t2", "red_packet", "20.00", expires_at=ENDED),
        tender("t3", "coupon", "30.00", units=1),
    ],
}
EVERYTHING = ("leg", "sorry", "gift", "loss", "bonus", "red_invoice", "recall", "call")


@cache
def first() -> Quote:
    concerns = [*concerning(*EVERYTHING)["concerns"], {"name": "fallen", "line": "B"}]
    facts = {"leg": "12 CNY", "gift": "7 CNY", "fallen": "3 CNY", "earned": 290, "balance": 50, "worth": "29.00 CNY"}
    claim = {"returns": [back("A")], "concerns": concerns, "reversals": ["s1"]}
    return quoted(ORDER, claim, lapses=False, **facts)


@cache
def second() -> Quote:
    facts = {"goodwill": "30 CNY", "gift": "0 CNY", "earned": 290, "balance": 5, "worth": "0 CNY", "part": 1}
    claim = {"returns": [back("A")], **concerning("gift", "goodwill", "bonus")}
    return quoted(ORDER, claim, book=book(first()), budgets={"goodwill": Budget()}, late=True, lapses=True, **facts)


@cache
def lapsed() -> Quote:
    return quoted(SHIPPED, {"returns": [back("A", 1, "defect")]}, lapses=True)


@cache
def too_much() -> Quote:
    """Freight was free from 85 and is charged without C: more than C cost."""
    order = {
        "id": "S-4",
        "lines": [line("A", 1, "80.00"), line("C", 1, "5.00")],
        "freight": {"paid": yuan("0.00"), "free_from": yuan("85.00"), "fee": yuan("8.00")},
        "tenders": [tender("t1", "wechat", "85.00")],
    }
    return quoted(order, {"returns": [back("C")]})


@cache
def towards() -> Quote:
    """All but 5 of the money goes back in money; what is left counts towards the coupon."""
    order = {
        "id": "S-5",
        "lines": [line("A", 1, "85.00"), line("B", 1, "15.00")],
        "tenders": [tender("t1", "coupon", "20.00", units=1), tender("t2", "wechat", "80.00")],
    }
    return quoted(order, {"returns": [back("A")]})


@cache
def rest() -> Quote:
    return quoted(SHIPPED, {"returns": [back("B", 2, "defect")]}, book=book(lapsed()), lapses=True)


CARD = {
    "id": "S-3",
    "lines": [line("A", 2, "50.00")],
    "tenders": [tender("c1", "card", "100.00", paid_at="2025-11-08T10:00:00+08:00")],
}


@cache
def elsewhere() -> Quote:
    return quoted(CARD, {"returns": [back("A")], "to": "balance", "consent": True})


def book(quote: Quote) -> Book:
    assert quote.plan is not None
    return quote.plan.book


def goodwill(amount: str, **more: Any) -> Quote:
    return quoted(ORDER, concerning("goodwill"), goodwill=amount, budgets={"goodwill": Budget()}, lapses=True, **more)


def damages(open_: bool, **more: Any) -> Quote:
    return quoted(ORDER, {"concerns": [{"name": "damages", **more}]}, open=open_, lapses=True)


QUOTES: dict[str, Callable[[], Quote]] = {
    "first": first,
    "second": second,
    "lapsed": lapsed,
    "rest": rest,
    "too-much": too_much,
    "towards": towards,
    "elsewhere": elsewhere,
    "reversed-alone": lambda: quoted(ORDER, {"reversals": ["s2"]}),
    "chosen": lambda: damages(True, option="loss", event="flood"),
    "nothing-open": lambda: damages(False),
    "undecided": lambda: quoted(ORDER, {"returns": [back("A")], **concerning("leg")}, lapses=True),
    "ledger-changed": lambda: quoted(ORDER, {"returns": [back("A")]}, book=Book("sha256:other"), lapses=True),
    "denied": lambda: quoted(ORDER, concerning("no_return"), late=True, lapses=True),
    "denied-event": lambda: quoted(
        ORDER, {"concerns": [{"name": "no_return", "event": "second"}]}, late=True, lapses=True
    ),
    "cap-quantity": lambda: quoted(ORDER, {"returns": [back("A"), back("A", 2)]}, lapses=True),
    "cap-line": lambda: quoted(ORDER, {"granted": [{"line": "B", "amount": yuan("44.01")}]}, lapses=True),
    "rail-closed": lambda: quoted(CARD, {"returns": [back("A")]}, at=LATER),
    "rail-count": lambda: quoted(CARD, {"returns": [back("A")]}, book=book(quoted(CARD, {"returns": [back("A")]}))),
    "consent-missing": lambda: quoted(CARD, {"returns": [back("A")], "to": "balance"}),
    "not-choosable": lambda: quoted(CARD, {"returns": [back("A")], "to": "wechat", "consent": True}),
    "surplus-reversed": lambda: quoted(ORDER, {"reversals": ["s1"]}, book=book(first())),
    "choice-missing": lambda: damages(True),
    "choice-unknown": lambda: damages(True, option="lost"),
    "approval-beyond": lambda: goodwill("100.01 CNY"),
    "budget-exceeded": lambda: quoted(
        ORDER,
        concerning("goodwill"),
        goodwill="70 CNY",
        budgets={"goodwill": Budget((book_spent(),))},
        lapses=True,
    ),
}


def book_spent() -> Any:
    assert second().plan is not None
    (spent,) = second().plan.budgets["goodwill"].payments
    return replace(spent, amount=3100)


def statement(quote: Quote) -> str:
    return "\n\n".join(quote.explain(language) for language in LANGUAGES) + "\n"


def document(quote: Quote) -> dict[str, Any]:
    """The document without its answers, its book, and keys, which hold digests: those are looked at on their own."""
    found = quote.to_json()
    found.pop("terms")
    assert found.pop("ledger") == quote.ledger.digest
    if found["plan"] is not None:
        found["plan"].pop("book")
    return without_keys(found)


def without_keys(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: without_keys(value) for name, value in part.items() if name != "key"}
    return [without_keys(each) for each in part] if isinstance(part, list) else part


@pytest.mark.parametrize("name", QUOTES)
def test_a_statement_is_told_to_the_letter(name: str) -> None:
    assert statement(QUOTES[name]()) == (TOLD / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUOTES)
def test_a_document_holds_the_same(name: str) -> None:
    assert document(QUOTES[name]()) == json.loads((TOLD / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", QUOTES)
def test_a_document_has_every_answer_that_was_asked_and_the_book(name: str) -> None:
    quote = QUOTES[name]()
    found = quote.to_json()
    assert found["terms"] == [answer.to_json() for answer in quote.terms]
    assert quote.plan is None or found["plan"]["book"] == quote.plan.book.to_json()


def test_every_key_is_that_of_what_it_is_for() -> None:
    found = first().to_json()
    plan, ledger = found["plan"], found["ledger"]
    assert [each["key"] for each in plan["refunds"]] == [key(ledger, 1, place) for place in (1, 2, 3, 5)]
    assert [each["key"] for each in plan["reversals"]] == [key(ledger, 1, "surplus/s1")]
    for part in ("additions", "recourse", "taken", "effects"):
        assert [each["key"] for each in plan[part]] == [key(ledger, 1, each["name"]) for each in plan[part]]
        assert plan[part]


def test_what_has_no_title_is_told_by_its_name() -> None:
    settlement = pack().linked.settlements["refund"]
    bare = {name: replace(kind, title=None) for name, kind in settlement.tenders.items()}
    amounts = tuple(replace(each, title=None, because=None) for each in settlement.amounts)
    bare_one = replace(settlement, title=None, because=None, tenders=bare, amounts=amounts)
    ledger = pack().freeze(ORDER)
    claim = read_claim({"returns": [back("A")], **concerning("leg")}, pack().linked, ledger)
    facts = pack().facts(FACTS | {"x.leg": "12 CNY", "x.lapses": True})
    found = Settler(pack().linked, bare_one).quote(ledger, Book(ledger.digest), claim, facts, 1_763_604_000_000_000)
    lines = found.explain("en").splitlines()
    assert lines[0] == "refund (order S-1)"
    assert "Paid besides, leg: 12.00 CNY" in lines and any(each.startswith("  to wechat: ") for each in lines)
    assert not any(each.startswith("Source") for each in lines)


def test_a_fen_that_is_withheld_is_told_as_such() -> None:
    quote = quoted(CARD, {"returns": [back("A")], **concerning("gift")}, gift="0.01 CNY")
    assert "  withheld, gift: -0.01 CNY" in quote.explain("en").splitlines()


def test_a_fen_of_goods_is_told_as_goods() -> None:
    order = {"id": "S-6", "lines": [line("A", 1, "0.01")], "tenders": [tender("t1", "wechat", "0.01")]}
    quote = quoted(order, {"returns": [back("A")]})
    assert "  goods A: 0.01 CNY" in quote.explain("en").splitlines()


def rows_of(quote: Quote) -> list[tuple[Any, ...]]:
    assert quote.plan is not None and sum(row.amount for row in quote.unit_rows) == quote.plan.amount
    return [(row.sort, row.line, row.first, row.count, row.due, row.taken_off) for row in quote.unit_rows]


def test_the_rows_of_units_hold_every_fen() -> None:
    assert rows_of(quoted(CARD, {"returns": [back("A")], **concerning("gift")}, gift="0.01 CNY")) == [
        ("unit", 0, 1, 1, 5000, 1)
    ]
    fen = {"granted": [{"line": "A", "amount": yuan("0.01")}]}
    assert rows_of(quoted(CARD, fen)) == [("kept", 0, 0, 0, 1, 0)]


def test_more_than_twenty_units_of_a_line_stand_in_one_row() -> None:
    order = {
        "id": "S-7",
        "lines": [line("A", 1, "1.00"), line("B", 30, "1.00")],
        "tenders": [tender("t1", "wechat", "31.00")],
    }
    assert len(rows_of(quoted(order, {"returns": [back("B", 20)]}))) == 20
    assert rows_of(quoted(order, {"returns": [back("B", 21)]})) == [("unit", 1, 1, 21, 2100, 0)]

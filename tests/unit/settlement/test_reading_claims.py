"""A claim with every field is read to what it says; what it cannot be about, and a book that cannot be, is told exactly."""

from typing import Any

import pytest
from tests.unit.settlement.shop import AT, back, concerning, line, pack, quoted, tender
from tests.unit.settlement.test_reading_orders import as_text, given, shown

import csflow
from csflow.settlement import Book, Budget, Claimed, Payment, book_of, budgets_of, read_claim
from csflow.settlement.books import Booked, Extra, Lapsed, Paid, Reversed
from csflow.settlement.budgets import Spent
from csflow.settlement.claims import Concern, Return, require_time
from csflow.settlement.entitlement import Returned

ORDER: dict[str, Any] = {
    "id": "O-2",
    "lines": [line("a", 2, "50.00"), line("b", 1, "20.00")],
    "tenders": [tender("t1", "wechat", "100.00"), tender("t2", "points", "20.00", units=2000)],
    "surplus": [tender("twice", "wechat", "3.00"), tender("late", "card", "4.00")],
}
CLAIM: dict[str, Any] = {
    "returns": [{"line": "b", "quantity": 1, "reason": "defect"}, {"line": "a", "quantity": 2}],
    "granted": [
        {"line": "a", "amount": "1.00 CNY"},
        {"line": "b", "amount": "0.50 CNY"},
        {"line": "a", "amount": "0.25 CNY"},
    ],
    "concerns": [
        {"name": "leg", "reason": "defect", "option": "half", "event": "second"},
        {"name": "fallen", "line": "b"},
        {"name": "leg"},
    ],
    "to": "balance",
    "consent": True,
    "reversals": ["late", "twice"],
}


def ledger() -> Any:
    return pack().freeze(ORDER)


def read(claim: Any, **more: Any) -> Claimed:
    return read_claim(claim, pack().linked, ledger(), **more)


def findings(ask: Any) -> list[Any]:
    with pytest.raises(csflow.FactError) as refused:
        ask()
    assert all(each.message(language) for each in refused.value.diagnostics for language in ("zh-CN", "zh-TW", "en"))
    return list(refused.value.diagnostics)


def told(ask: Any) -> list[tuple[Any, ...]]:
    return [(each.name, each.subject, each.suggestion, dict(each.values)) for each in findings(ask)]


def test_a_claim_with_every_field_is_read_to_what_it_says() -> None:
    wanted = Claimed(
        (Return(1, 1, "defect"), Return(0, 2, None)),
        {0: 125, 1: 50},
        (
            Concern("leg", "defect", "half", "second"),
            Concern("fallen", line=1, of="b"),
            Concern("leg"),
        ),
        "balance",
        True,
        ("late", "twice"),
    )
    assert read(CLAIM) == wanted
    assert read(as_text(CLAIM), as_text=True) == wanted
    assert [each.label for each in wanted.concerns] == ["leg/second", "fallen/b", "leg"]


def test_what_a_claim_leaves_out_is_nothing() -> None:
    assert read({}) == Claimed((), {}, (), None, False, ())
    assert read({"to": "balance"}) == Claimed((), {}, (), "balance", False, ())
    assert read({"to": "balance", "consent": False}).consented is False


def test_a_claim_only_reverses_where_it_asks_for_nothing_else() -> None:
    assert read({"reversals": ["late"]}).only_reverses
    assert not read({}).only_reverses
    for more in ({"returns": [back("a")]}, {"granted": [{"line": "a", "amount": "1.00 CNY"}]}, concerning("leg")):
        assert not read({"reversals": ["late"], **more}).only_reverses


def test_text_is_no_number_unless_it_is_read_as_text() -> None:
    (found,) = findings(lambda: read({"returns": [back("a") | {"quantity": "1"}]}))
    assert found.subject == "returns[1].quantity"


def test_the_same_said_twice_is_once() -> None:
    twice = {"concerns": [{"name": "leg", "event": "x"}, {"name": "leg", "event": "x"}]}
    assert read(twice).concerns == (Concern("leg", event="x"),)


CLAIM_FAULTS: list[tuple[str, Any, list[tuple[Any, ...]]]] = [
    ("returns.0.line", "aa", [("unknown-order-line", "returns[1].line", "a", {"id": "aa"})]),
    ("granted.2.line", "bb", [("unknown-order-line", "granted[3].line", "b", {"id": "bb"})]),
    ("concerns.1.line", "zzz", [("unknown-order-line", "concerns[2].line", None, {"id": "zzz"})]),
    ("returns.0.line", ..., [("missing-order-field", "returns[1].line", None, {"name": "returns[1].line"})]),
    ("returns.0.quantity", ..., [("missing-order-field", "returns[1].quantity", None, {"name": "returns[1].quantity"})]),
    ("granted.0.line", ..., [("missing-order-field", "granted[1].line", None, {"name": "granted[1].line"})]),
    ("granted.0.amount", ..., [("missing-order-field", "granted[1].amount", None, {"name": "granted[1].amount"})]),
    ("concerns.0.name", ..., [("missing-order-field", "concerns[1].name", None, {"name": "concerns[1].name"})]),
    ("to", ..., [("missing-order-field", "to", None, {"name": "to"})]),
    ("reversals.1", "twicee", [("unknown-surplus", "reversals[2]", "twice", {"id": "twicee"})]),
    ("reversals.1", "late", [("id-given-twice", "reversals[2]", None, {"id": "late"})]),
    ("concerns.2.event", "second", [("id-given-twice", "concerns[3].name", None, {"id": "leg"})]),
    ("return", [], [("unknown-order-field", "return", "returns", {"name": "return"})]),
    ("returns", {}, [("records-not-a-list", "returns", None, {"name": "returns"})]),
    ("concerns.0", "leg", [("record-not-a-mapping", "concerns[1]", None, {"name": "concerns[1]"})]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "wanted"), CLAIM_FAULTS, ids=[f"{each[0]} {each[2][0][0]}" for each in CLAIM_FAULTS])  # fmt: skip
def test_a_fault_of_a_claim_is_told_with_its_place(path: str, value: Any, wanted: list[tuple[Any, ...]]) -> None:
    assert told(lambda: read(given(path, value, CLAIM))) == wanted


MISFITS = [
    ("returns.0.quantity", 0),
    ("returns.0.quantity", 10_001),
    ("returns.0.reason", "defects"),
    ("granted.0.amount", "0.00 CNY"),
    ("granted.0.amount", "10000000000.01 CNY"),
    ("granted.0.amount", "1.00 USD"),
    ("concerns.0.reason", "defects"),
    ("consent", "maybe"),
    *((path, "x" * 65) for path in ("returns.0.line", "granted.0.line", "to", "concerns.0.name")),
    *((path, "x" * 65) for path in ("concerns.0.option", "concerns.0.event", "concerns.1.line", "reversals.0")),
]


@pytest.mark.parametrize(("path", "value"), MISFITS, ids=[f"{path} {str(value)[:9]}" for path, value in MISFITS])
def test_a_value_of_another_kind_is_told_with_its_place(path: str, value: Any) -> None:
    (found,) = findings(lambda: read(given(path, value, CLAIM)))
    assert found.subject == shown(path)


def test_what_was_probably_meant_is_told() -> None:
    (found,) = findings(lambda: read(given("returns.0.reason", "defects", CLAIM)))
    assert found.suggestion == "defect"


def test_the_most_that_a_claim_may_ask() -> None:
    assert read({"returns": [back("a", 10_000)]}).returns[0].quantity == 10_000
    assert read({"granted": [{"line": "a", "amount": "10000000000.00 CNY"}]}).granted == {0: 10**12}
    assert read({"granted": [{"line": "a", "amount": "0.01 CNY"}]}).granted == {0: 1}


@pytest.mark.parametrize(
    ("name", "each", "most"),
    [
        ("returns", back("a"), 500),
        ("granted", {"line": "a", "amount": "0.01 CNY"}, 500),
        ("concerns", {"name": "leg"}, 50),
        ("reversals", "late", 20),
    ],
)
def test_lists_of_a_claim_have_an_end(name: str, each: Any, most: int) -> None:
    if name == "reversals":
        assert {fault[0] for fault in told(lambda: read({name: [each] * most}))} == {"id-given-twice"}
    else:
        read({name: [each] * most})
    assert told(lambda: read({name: [each] * (most + 1)})) == [
        ("too-many-items", name, None, {"name": name, "count": most + 1, "limit": most})
    ]


def plan(**parts: Any) -> Booked:
    return Booked(**{"returned": (), "granted": {}, "payments": (), **parts})


def booked(*plans: Booked) -> Book:
    return Book(ledger().digest, plans)


UNIT = Returned(0, 1, True, True, False)
SOUND = plan(
    returned=(UNIT,),
    granted={1: 5},
    payments=(Paid(0, 10), Paid(1, 10, units=100, to="wechat")),
    claimed={"loss": 2},
    borne={"merchant": 3},
    withheld={"gift": 1},
    grants={"fallen/b": 5},
    taken={"bonus": 4},
    extras=(Extra("leg", 3, borne={"merchant": 3}),),
    reversals=(Reversed("twice", 300),),
    lapsed=(Lapsed(1, 0, 0),),
)


def test_a_sound_book_is_taken_as_it_is_and_from_its_json() -> None:
    book = Book(ledger().digest, (SOUND,))
    assert book_of(book, ledger()) is book
    assert book_of(book.to_json(), ledger()) == book


UNSOUND: dict[str, dict[str, Any]] = {
    "line": {"returned": (Returned(2, 1, True, True, False),)},
    "line below": {"returned": (Returned(-1, 1, True, True, False),)},
    "line true": {"returned": (Returned(True, 1, True, True, False),)},
    "quantity": {"returned": (Returned(0, -1, True, True, False),)},
    "quantity text": {"returned": (Returned(0, "1", True, True, False),)},
    "granted line": {"granted": {2: 1}},
    "granted line text": {"granted": {"0": 1}},
    "granted amount": {"granted": {0: -1}},
    "tender": {"payments": (Paid(2, 1),)},
    "tender true": {"payments": (Paid(True, 1),)},
    "amount": {"payments": (Paid(0, -1),)},
    "amount true": {"payments": (Paid(0, True),)},
    "units": {"payments": (Paid(1, 1, units=-1),)},
    "to": {"payments": (Paid(0, 1, to=7),)},
    "lapsed units": {"lapsed": (Lapsed(1, 1, -1),)},
    "lapsed tender": {"lapsed": (Lapsed(2, 1, 1),)},
    "lapsed tender true": {"lapsed": (Lapsed(True, 1, 1),)},
    "lapsed amount": {"lapsed": (Lapsed(1, -1, 1),)},
    "reversal": {"reversals": (Reversed("none", 300),)},
    "reversal in part": {"reversals": (Reversed("twice", 299),)},
    "extra": {"extras": (Extra("leg", -1),)},
    "extra name": {"extras": (Extra(7, 1),)},
    "claimed": {"claimed": {"loss": -1}},
    "borne": {"borne": {"merchant": -1}},
    "borne name": {"borne": {7: 1}},
    "grants": {"grants": {"fallen/b": -1}},
    "taken": {"taken": {"bonus": -1}},
    "extra borne": {"borne": {"merchant": 9}, "extras": (Extra("leg", 3, borne={"merchant": -3}),)},
    "extras borne by more": {"borne": {"merchant": 2}, "extras": (Extra("leg", 3, borne={"merchant": 3}),)},
    "extras borne by nobody": {"extras": (Extra("leg", 3, borne={"merchant": 3}),)},
    "withheld name": {"withheld": {7: 1}},
    "withheld true": {"withheld": {"gift": True}},
    "withheld in all": {"withheld": {"gift": -1}},
}


@pytest.mark.parametrize("parts", UNSOUND.values(), ids=UNSOUND)
def test_a_book_of_what_the_order_does_not_have_is_malformed(parts: dict[str, Any]) -> None:
    assert told(lambda: book_of(booked(plan(**parts)), ledger())) == [("malformed-book", "book", None, {})]
    # It does not help that another plan is sound, nor where it stands.
    for plans in ((SOUND, plan(**parts)), (plan(**parts), SOUND)):
        if parts != {"withheld": {"gift": -1}}:
            assert told(lambda plans=plans: book_of(booked(*plans), ledger())) == [("malformed-book", "book", None, {})]


@pytest.mark.parametrize("given_book", [None, {}, [], "x", {"ledger": "x", "plans": [{}]}])
def test_what_is_no_book_is_malformed(given_book: Any) -> None:
    assert told(lambda: book_of(given_book, ledger())) == [("malformed-book", "book", None, {})]


def test_of_a_book_of_another_ledger_nothing_is_looked_at_but_what_was_withheld() -> None:
    other = Book("sha256:other", (plan(returned=(Returned(9, 99, True, True, False),)),))
    assert book_of(other, ledger()) is other
    assert told(lambda: book_of(Book(7, ()), ledger())) == [("malformed-book", "book", None, {})]  # type: ignore[arg-type]
    taken = Book("sha256:other", (plan(withheld={"gift": -1}),))
    assert told(lambda: book_of(taken, ledger())) == [("malformed-book", "book", None, {})]


EXCESS: list[tuple[dict[str, Any], dict[str, Any] | None]] = [
    ({"returned": (Returned(0, 2, True, True, False),)}, None),
    ({"returned": (Returned(0, 3, True, True, False),)}, {"name": "a", "done": "3", "most": "2"}),
    ({"returned": (Returned(1, 2, True, True, False),)}, {"name": "b", "done": "2", "most": "1"}),
    ({"granted": {1: 2000}}, None),
    ({"granted": {1: 2001}}, {"name": "b", "done": "20.01 CNY", "most": "20.00 CNY"}),
    ({"payments": (Paid(0, 10_000),)}, None),
    ({"payments": (Paid(0, 10_001),)}, {"name": "t1", "done": "100.01 CNY", "most": "100.00 CNY"}),
    ({"payments": (Paid(1, 1999, units=1999),), "lapsed": (Lapsed(1, 2, 2),)}, {"name": "t2", "done": "20.01 CNY", "most": "20.00 CNY"}),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "values"), EXCESS)
def test_more_than_the_order_has_is_told_with_its_figures(parts: dict[str, Any], values: dict[str, Any] | None) -> None:
    book = booked(plan(**parts))
    if values is None:
        assert book_of(book, ledger()) is book
    else:
        assert told(lambda: book_of(book, ledger())) == [("book-beyond-its-order", "book", None, values)]


def test_what_was_withheld_and_went_back_is_nothing() -> None:
    released = booked(plan(withheld={"gift": 700}), plan(withheld={"gift": -700}))
    assert book_of(released, ledger()) is released


def test_a_line_that_cost_nothing_is_no_excess() -> None:
    free = pack().freeze(
        paid_with(tender("t", "wechat", "10.00"), lines=[line("a", 1, "10.00"), line("gift", 1, "0.00")])
    )
    book = Book(free.digest, (plan(returned=(Returned(1, 1, True, True, False),)),))
    assert book_of(book, free) is book


def test_what_failed_is_not_back() -> None:
    twice = booked(plan(payments=(Paid(0, 10_000, state=Payment.FAILED),)), plan(payments=(Paid(0, 10_000),)))
    assert book_of(twice, ledger()) is twice


def test_budgets_are_read_by_name() -> None:
    budget = Budget((Spent(7, 100, "k"),))
    assert budgets_of({"x": budget, "y": budget.to_json()}) == {"x": budget, "y": budget}
    assert told(lambda: budgets_of({"x": budget, "y": {}, "z": None})) == [
        ("malformed-book", "budgets.y", None, {}),
        ("malformed-book", "budgets.z", None, {}),
    ]


def paid_with(*tenders: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "o", "lines": [line("a", 1, "10.00")], "tenders": list(tenders)} | more


RETURN = {"returns": [back("a")]}
TENDER_FAULTS: list[tuple[dict[str, Any], list[tuple[Any, ...]]]] = [
    (
        paid_with(tender("t0", "wechat", "4.00"), tender("t1", "wecht", "6.00")),
        [("unknown-tender", "tenders[2].tender", "wechat", {"name": "wecht"})],
    ),
    (
        paid_with(tender("t0", "wechat", "4.00"), tender("t1", "points", "6.00")),
        [("missing-order-field", "tenders[2].units", None, {"name": "tenders[2].units"})],
    ),
    (
        paid_with(tender("t0", "wechat", "10.00", units=1)),
        [("units-of-money", "tenders[1].units", None, {"name": "wechat"})],
    ),
    (
        paid_with(tender("t0", "wechat", "4.00"), tender("t1", "card", "6.00")),
        [("missing-order-field", "tenders[2].paid_at", None, {"name": "tenders[2].paid_at"})],
    ),
    (
        paid_with(tender("t0", "wechat", "10.00"), surplus=[tender("s0", "card", "1.00"), tender("s1", "cardd", "1.00")]),
        [("unknown-tender", "surplus[2].tender", "card", {"name": "cardd"})],
    ),
    (
        # Every fault at once: what is not declared does not hide what comes after it.
        paid_with(tender("t0", "wecht", "4.00"), tender("t1", "points", "6.00")),
        [
            ("unknown-tender", "tenders[1].tender", "wechat", {"name": "wecht"}),
            ("missing-order-field", "tenders[2].units", None, {"name": "tenders[2].units"}),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("order", "wanted"), TENDER_FAULTS)
def test_what_the_settlement_does_not_declare_is_told(order: dict[str, Any], wanted: list[tuple[Any, ...]]) -> None:
    assert told(lambda: quoted(order, RETURN)) == wanted


def test_units_of_what_is_not_split_and_the_time_of_a_card_are_taken() -> None:
    order = paid_with(
        tender("t1", "coupon", "6.00", units=1), tender("t2", "card", "4.00", paid_at="2025-11-08T10:00:00+08:00")
    )
    assert quoted(order, RETURN).status == "quoted"


END = "2025-11-19T10:00:00+08:00"


@pytest.mark.parametrize(
    ("each", "missing"),
    [
        (tender("t1", "card", "10.00", paid_at=END), True),
        (tender("t1", "red_packet", "10.00", expires_at=END), True),
        (tender("t1", "red_packet", "10.00"), False),
        (tender("t1", "wechat", "10.00", expires_at=END), False),
        (tender("t1", "wechat", "10.00"), False),
    ],
)
def test_a_refund_has_a_time_where_something_hangs_on_it(each: dict[str, Any], missing: bool) -> None:
    order = pack().freeze(paid_with(each))
    settlement = pack().linked.settlements["refund"]
    if missing:
        assert told(lambda: require_time(order, settlement, None)) == [
            ("time-of-refund-missing", "at", None, {"name": each["tender"]})
        ]
    else:
        require_time(order, settlement, None)
    require_time(order, settlement, 0)


KNOWN = [
    "fallen", "leg", "sorry", "goodwill", "damages", "gift", "loss", "bonus", "coins",
    "red_invoice", "recall", "inspect", "note", "call",
    "no_return",
]  # fmt: skip


def test_a_claim_concerns_what_the_settlement_names() -> None:
    order = paid_with(tender("t1", "wechat", "10.00"))
    assert told(lambda: quoted(order, concerning("sorry", "recal"))) == [
        ("unknown-concern", "concerns[2].name", "recall", {"name": "recal", "known": KNOWN})
    ]
    assert told(lambda: quoted(order, concerning("sorry", "fallen"))) == [
        ("missing-order-field", "concerns[2].line", None, {"name": "concerns[2].line"})
    ]
    assert told(lambda: quoted(order, {"concerns": [{"name": "fallen", "line": "a"}, {"name": "sorry", "line": "a"}]})) == [
        ("unknown-order-field", "concerns[2].line", None, {"name": "concerns[2].line"})
    ]  # fmt: skip
    assert quoted(order, concerning("no_return", "recall", "sorry"), at=AT).status == "quoted"

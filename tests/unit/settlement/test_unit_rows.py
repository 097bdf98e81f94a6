"""The unit-by-tender table says which unit goes to which tender, in ledger order, its columns below each other."""

from itertools import pairwise

import pytest
from tests.unit.settlement.baskets import fen, order, tender

from csflow.diagnostics import LANGUAGES
from csflow.diagnostics.rendering.text import cell_width
from csflow.settlement.books import Book, Payment
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.orders import Freight
from csflow.settlement.planning import Plan, plan
from csflow.settlement.terms import Claim, Terms
from csflow.settlement.unit_rows import UnitRow, unit_rows
from csflow.settlement.unit_table import table_lines, to_json

TERMS = Terms()
TWO = [tender("wechat", "200"), tender("coupon", "90")]


def made(ledger, claim, book=None) -> Plan:
    found = plan(ledger, book or Book(ledger.digest), claim, TERMS)
    assert isinstance(found, Plan), found
    return found


def rows_of(lines, claim, tenders=TWO, **more):
    ledger = freeze(order(lines, tenders=tenders, **more))
    return unit_rows(ledger, made(ledger, claim), TERMS)


def back(line, quantity=1, *, faulty=True):
    return Returned(line, quantity, keeps_offers=faulty, with_freight=faulty)


def test_units_of_a_line_cost_what_each_of_them_was_apportioned():
    # C30: three for 100.00 each with 10.00 off; the first carries the odd fen.
    rows = rows_of([(3, "300")], Claim((back(0, 2),)), off=[("0", "10")])
    assert rows == (
        UnitRow("unit", fen("96.66"), 0, 1, 1, 0, (6666, 3000)),
        UnitRow("unit", fen("96.67"), 0, 2, 1, 0, (6667, 3000)),
    )


def test_units_that_come_back_later_are_counted_on():
    ledger = freeze(order([(3, "300")], tenders=TWO, off=[("0", "10")]))
    first = made(ledger, Claim((back(0),)))
    [row] = unit_rows(ledger, made(ledger, Claim((back(0),)), first.book), TERMS)
    assert (row.first, row.due, row.parts) == (2, fen("96.67"), (6667, 3000))


def test_an_offer_that_is_lost_comes_off_all_rows_in_proportion():
    # 300.00 less 30.00: the 100.00 that is kept loses its 10.00, which the two others bear half and half.
    rows = rows_of(
        [(1, "100"), (2, "200")],
        Claim((back(1, 2, faulty=False),)),
        off=[("300", "30")],
        tenders=[TWO[0], tender("coupon", "70")],
    )
    assert [(row.due, row.taken_off, row.parts) for row in rows] == [
        (9000, 500, (6296, 2204)),
        (9000, 500, (6297, 2203)),
    ]


def test_what_a_line_was_granted_before_comes_off_its_own_units():
    ledger = freeze(order([(1, "12.30"), (1, "7.70")], tenders=[tender("card", "20")]))
    first = made(ledger, Claim(granted={0: 500}))
    assert unit_rows(ledger, first, TERMS) == (UnitRow("kept", 500, 0, parts=(500,)),)
    second = unit_rows(ledger, made(ledger, Claim((back(0), back(1))), first.book), TERMS)
    assert [(row.line, row.due, row.taken_off) for row in second] == [(0, 1230, 500), (1, 770, 0)]


def test_freight_and_tax_are_rows_of_their_own_below_the_units():
    rows = rows_of(
        [(2, "100")],
        Claim((back(0, 2),)),
        freight=Freight(fen("10")),
        tax="9",
        tenders=[tender("card", "119")],
    )
    assert [(row.sort, row.amount) for row in rows] == [("unit", 5000), ("unit", 5000), ("freight", 1000), ("tax", 900)]


def test_a_payment_that_failed_is_paid_again_under_its_own_name():
    ledger = freeze(order([(1, "200"), (1, "90")], tenders=TWO))
    first = made(ledger, Claim((back(0),)))
    rows = unit_rows(ledger, made(ledger, Claim((back(1),)), first.book.with_state(0, 0, Payment.FAILED)), TERMS)
    assert [(row.sort, row.amount) for row in rows] == [("unit", 9000), ("before", first.refunds[0].amount)]


def test_more_than_twenty_units_of_a_line_are_one_row():
    assert [row.first for row in rows_of([(9000, "290")], Claim((back(0, 20),)))] == list(range(1, 21))
    for units in (21, 8000):
        [row] = rows_of([(9000, "290")], Claim((back(0, units),)))
        assert (row.first, row.count, sum(row.parts)) == (1, units, row.amount)


def test_what_paid_for_one_line_goes_back_in_its_row():
    rows = rows_of(
        [(1, "100"), (1, "100")],
        Claim((back(0), back(1))),
        tenders=[tender("coupon", "60", lines=(1,)), tender("wechat", "140")],
    )
    assert [row.parts for row in rows] == [(0, fen("100")), (fen("60"), fen("40"))]


def test_a_row_of_more_than_its_lines_are_due_is_routed_as_the_whole_claim():
    # 300.00 less 30.00, all paid with one tender for these lines: what is kept loses 10.00, half of it in each row.
    rows = rows_of(
        [(2, "200"), (1, "100")],
        Claim((back(0, 2, faulty=False),)),
        off=[("300", "30")],
        tenders=[tender("card", "270", lines=(0, 1))],
    )
    assert rows == tuple(UnitRow("unit", 9000, 0, place, 1, 500, (8500,)) for place in (1, 2))


def test_nothing_refunded_has_no_rows():
    assert rows_of([(1, "290")], Claim()) == ()


TITLES = {"zh-CN": ["微信支付", "红包"], "zh-TW": ["微信支付", "紅包"], "en": ["WeChat Pay", "Red packet"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_stand_below_each_other_and_sum_in_both_directions(language):
    bought = order([(1, "100"), (25, "190")], tenders=TWO)
    ledger = freeze(bought)
    rows = unit_rows(ledger, made(ledger, Claim((back(0), back(1, 22)))), TERMS)
    _, *lines = table_lines(rows, bought, TITLES[language], language)
    assert len({cell_width(line) for line in lines}) == 1
    ends = [[cell_width(line[: line.rindex(cell) + len(cell)]) for cell in line.split()[-3:]] for line in lines[1:]]
    assert all(here == there for here, there in pairwise(ends))
    amounts = [[fen(cell) for cell in line.split()[-3:]] for line in lines[1:]]
    assert all(sum(parts) == whole for *parts, whole in amounts)
    assert [sum(column) for column in zip(*amounts[:-1], strict=True)] == amounts[-1]


def test_every_sort_of_row_is_named_in_every_language():
    bought = order([(2, "290")], tenders=TWO)
    rows = [
        UnitRow("unit", 1, 0, 1, 1, 0, (1, 0)),
        UnitRow("unit", 1, 0, 1, 2, 0, (1, 0)),
        *(
            UnitRow(sort, 1, 0 if sort == "kept" else None, parts=(0, 1))
            for sort in ("kept", "freight", "tax", "before")
        ),
    ]
    told = {
        language: [line.split("  ")[2] for line in list(table_lines(rows, bought, TITLES[language], language))[2:-1]]
        for language in LANGUAGES
    }
    assert told == {
        "zh-CN": ["l0 第 1 件", "l0 第 1 至 2 件", "l0（不退货）", "运费", "税费", "此前未退足"],
        "zh-TW": ["l0 第 1 件", "l0 第 1 至 2 件", "l0（不退貨）", "運費", "稅費", "先前未退足"],
        "en": ["l0, unit 1", "l0, units 1 to 2", "l0, kept", "freight", "tax", "not refunded before"],
    }


def test_two_tenders_of_one_title_are_told_apart_by_their_ids():
    bought = order([(1, "290")], tenders=TWO)
    rows = [UnitRow("unit", 290, 0, 1, 1, 0, (200, 90))]
    _, head, *_ = table_lines(rows, bought, ["微信支付", "微信支付"], "zh-CN")
    assert head.split("  ")[-3:] == ["微信支付 wechat", "微信支付 coupon", "合计"]


def test_one_unit_by_one_tender_needs_no_table():
    bought = order([(1, "290")], tenders=TWO)
    assert list(table_lines([UnitRow("unit", 200, 0, 1, 1, 0, (200, 0))], bought, ["a", "b"], "en")) == []


def test_two_units_by_one_tender_have_a_table():
    bought = order([(2, "290")], tenders=TWO)
    rows = [UnitRow("unit", 100, 0, place, 1, 0, (100, 0)) for place in (1, 2)]
    assert [line.split()[-1] for line in table_lines(rows, bought, ["a", "b"], "en")][-3:] == ["1.00", "1.00", "2.00"]


def test_a_row_as_json_names_line_unit_and_tenders():
    bought = order([(2, "290")], tenders=TWO)
    money = {"currency": "CNY"}
    assert to_json(UnitRow("unit", 250, 0, 2, 1, 50, (200, 0)), bought) == {
        "sort": "unit",
        "line": "l0",
        "unit": 2,
        "count": 1,
        "due": money | {"amount": "2.50"},
        "taken_off": money | {"amount": "0.50"},
        "amount": money | {"amount": "2.00"},
        "tenders": [{"tender": "wechat", "amount": money | {"amount": "2.00"}}],
    }
    assert to_json(UnitRow("freight", 5, parts=(0, 5)), bought)["line"] is None

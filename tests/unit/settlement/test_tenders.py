"""Each tender gets back its own: points as points, coupons whole, and what was for some lines with those lines."""

import pytest
from tests.unit.settlement.baskets import fen, order, tender

import csflow
from csflow.settlement.books import Book
from csflow.settlement.documents import ledger_of
from csflow.settlement.entitlement import Returned
from csflow.settlement.freezing import freeze
from csflow.settlement.orders import Freight
from csflow.settlement.payment_states import Payment
from csflow.settlement.planning import Plan, plan
from csflow.settlement.tenders import Form, Ways, parts_of
from csflow.settlement.terms import Claim, Terms
from csflow.values.rounding import Rounding
from csflow.values.routing import Routing

POINTS = Form(in_kind=Rounding.HALF_UP)
WHOLE = Form(indivisible=True)


def refunds(ledger, pieces, **terms):
    """What each of these returns gives back, by tender: money, and units where it has any."""
    book, found = Book(ledger.digest), []
    for line, quantity in pieces:
        made = plan(ledger, book, Claim((Returned(line, quantity, True, True),)), Terms(**terms))
        assert isinstance(made, Plan), made
        found.append(
            {each.tender.id: each.amount if each.units is None else (each.amount, each.units) for each in made.refunds}
        )
        book = made.book
    return found


def test_c40_and_c41_points_go_back_as_points_and_a_coupon_by_parts_where_it_may_be_split():
    tenders = [
        tender("wechat", "180"),
        tender("balance", "60"),
        tender("red_packet", "30"),
        tender("points", "10", units=1000),
        tender("coupon", "20"),
    ]
    ledger = freeze(order([(1, "100"), (1, "200")], tenders=tenders))
    first, second = refunds(ledger, [(0, 1), (1, 1)], forms={"points": POINTS})
    assert first == {"wechat": 6000, "balance": 2000, "red_packet": 1000, "points": (333, 333), "coupon": 667}
    assert second == {"wechat": 12000, "balance": 4000, "red_packet": 2000, "points": (667, 667), "coupon": 1333}


@pytest.mark.parametrize(("rounding", "units"), [(Rounding.HALF_UP, [333, 334, 333]), (Rounding.UP, [334, 333, 333])])
def test_c43_points_are_rounded_over_all_refunds_together(rounding, units):
    ledger = freeze(order([(3, "30")], tenders=[tender("wechat", "20"), tender("points", "10", units=1000)]))
    back = refunds(ledger, [(0, 1)] * 3, forms={"points": Form(in_kind=rounding)})
    assert [each["points"][1] for each in back] == units
    assert sum(each["points"][0] for each in back) == fen("10")


def test_points_may_be_due_where_their_money_is_not():
    ledger = freeze(order([(10, "0.10")], tenders=[tender("wechat", "0.09"), tender("points", "0.01", units=10)]))
    back = refunds(ledger, [(0, 1)] * 10, forms={"points": POINTS})
    assert [each["points"][1] for each in back] == [1] * 10
    assert sum(each["points"][0] for each in back) == 1


def test_an_indivisible_coupon_goes_back_with_the_last_unit():
    ledger = freeze(order([(2, "100")], tenders=[tender("coupon", "20"), tender("wechat", "80")]))
    first, second = refunds(ledger, [(0, 1)] * 2, forms={"coupon": WHOLE})
    assert first == {"wechat": 5000}
    assert second == {"wechat": 3000, "coupon": (2000, 1)}


def test_an_indivisible_coupon_is_not_whole_before_all_of_it_is_back():
    ledger = freeze(order([(1, "90"), (1, "10")], tenders=[tender("coupon", "20"), tender("wechat", "80")]))
    first, second = refunds(ledger, [(0, 1), (1, 1)], forms={"coupon": WHOLE})
    assert first == {"wechat": 8000, "coupon": (1000, 0)}
    assert second == {"coupon": (1000, 1)}


def test_freight_that_stays_does_not_keep_a_coupon_back():
    from csflow.settlement.orders import Freight

    tenders = [tender("coupon", "20"), tender("wechat", "90")]
    ledger = freeze(order([(2, "100")], tenders=tenders, freight=Freight(fen("10"))))
    book, found = Book(ledger.digest), []
    for _ in range(2):
        made = plan(ledger, book, Claim((Returned(0, 1, True),)), Terms(forms={"coupon": WHOLE}))
        found.append({each.tender.id: (each.amount, each.units) for each in made.refunds})
        book = made.book
    assert found == [{"wechat": (5000, None)}, {"wechat": (3000, None), "coupon": (2000, 1)}]


def test_a_coupon_for_some_lines_goes_back_with_those_lines_alone():
    tenders = [tender("coupon", "20", lines=(0, 1)), tender("wechat", "280")]
    ledger = freeze(order([(1, "100"), (1, "100"), (1, "100")], tenders=tenders))
    assert refunds(ledger, [(2, 1), (0, 1), (1, 1)]) == [
        {"wechat": 10000},
        {"coupon": 1000, "wechat": 9000},
        {"coupon": 1000, "wechat": 9000},
    ]
    assert refunds(ledger, [(0, 1), (2, 1), (1, 1)], forms={"coupon": WHOLE}) == [
        {"wechat": 10000},
        {"wechat": 10000},
        {"coupon": (2000, 1), "wechat": 8000},
    ]


def test_a_coupon_inside_the_lines_of_another_is_settled_before_it():
    tenders = [tender("shop", "30", lines=(0, 1)), tender("article", "40", lines=(0,)), tender("wechat", "130")]
    ledger = freeze(order([(1, "100"), (1, "100")], tenders=tenders))
    # Of the first line 60 is left after its own coupon, of both 160: 30 * 60 / 160 of the outer one.
    assert refunds(ledger, [(0, 1), (1, 1)], routing=Routing.CASH_FIRST, cash=frozenset({"wechat"})) == [
        {"shop": 1125, "article": 4000, "wechat": 4875},
        {"shop": 1875, "wechat": 8125},
    ]


def test_a_payment_in_units_that_failed_is_made_again():
    ledger = freeze(order([(3, "30")], tenders=[tender("points", "10", units=10), tender("wechat", "20")]))
    terms = Terms(forms={"points": POINTS})
    claim = Claim((Returned(0, 1, True),))
    first = plan(ledger, Book(ledger.digest), claim, terms)
    second = plan(ledger, first.book.with_state(0, 0, Payment.FAILED), claim, terms)
    assert [(each.tender.id, each.units) for each in second.refunds] == [("points", 7), ("wechat", None)]
    pending = plan(ledger, first.book.with_state(0, 0, Payment.UNKNOWN), claim, terms)
    assert [(each.tender.id, each.units) for each in pending.refunds] == [("points", 4), ("wechat", None)]


def test_a_coupon_that_paid_for_freight_too_goes_back_whole_after_the_money():
    tenders = [tender("coupon", "110"), tender("wechat", "10")]
    ledger = freeze(order([(2, "100")], freight=Freight(fen("20")), tenders=tenders))
    assert refunds(ledger, [(0, 1), (0, 1)], forms={"coupon": WHOLE}) == [
        {"wechat": 1000, "coupon": (5000, 0)},
        {"coupon": (6000, 1)},
    ]


def test_a_coupon_that_paid_for_all_the_goods_leaves_the_freight_to_the_money():
    tenders = [tender("coupon", "100"), tender("wechat", "10")]
    ledger = freeze(order([(2, "100")], freight=Freight(fen("10")), tenders=tenders))
    assert refunds(ledger, [(0, 1), (0, 1)], forms={"coupon": WHOLE}) == [
        {"coupon": (5000, 0), "wechat": 500},
        {"coupon": (5000, 1), "wechat": 500},
    ]


def test_points_that_come_after_cash_come_after_it_in_units_too():
    ledger = freeze(order([(3, "30")], tenders=[tender("wechat", "20"), tender("points", "10", units=1000)]))
    terms = {"routing": Routing.CASH_FIRST, "cash": frozenset({"wechat"}), "forms": {"points": POINTS}}
    assert refunds(ledger, [(0, 1)] * 3, **terms) == [{"wechat": 1000}, {"wechat": 1000}, {"points": (1000, 1000)}]


def test_more_than_was_paid_is_not_routed():
    ledger = freeze(order([(1, "30")], tenders=[tender("wechat", "20"), tender("coupon", "10")]))
    with pytest.raises(ValueError, match=r"^3001 of 3000 minor units cannot be refunded$"):
        parts_of(ledger, [3000], 3001, Ways(Routing.PRO_RATA_ACTUAL, frozenset(), {}))


def test_points_of_a_line_are_counted_by_their_share_of_it_not_by_their_money():
    tenders = [tender("points", "0.01", units=10, lines=(0,)), tender("wechat", "0.09")]
    ledger = freeze(order([(10, "0.10")], tenders=tenders))
    back = refunds(ledger, [(0, 1)] * 10, forms={"points": POINTS})
    assert [each["points"][1] for each in back] == [1] * 10


def test_points_of_a_line_go_back_for_no_more_than_is_refunded_in_all():
    """Without the 60 the offer is lost: 30 is due of the 50 in points that paid for it, and so are 3 of 5 points."""
    tenders = [tender("points", "50", units=5000, lines=(0,)), tender("wechat", "270")]
    ledger = freeze(order([(1, "60"), (1, "290")], off=[("300", "30")], tenders=tenders))
    made = plan(ledger, Book(ledger.digest), Claim((Returned(0, 1, False),)), Terms(forms={"points": POINTS}))
    assert isinstance(made, Plan)
    assert [(each.tender.id, each.amount, each.units) for each in made.refunds] == [("points", 3000, 3000)]


def test_a_coupon_that_paid_for_all_of_it_goes_back_where_no_money_is_due():
    ledger = freeze(order([(1, "0")], tenders=[tender("coupon", "0")]))
    assert refunds(ledger, [(0, 1)], forms={"coupon": WHOLE}) == [{"coupon": (0, 1)}]


def test_units_are_kept_in_the_book_and_read_back():
    ledger = freeze(order([(2, "10")], tenders=[tender("points", "10", units=10)]))
    made = plan(ledger, Book(ledger.digest), Claim((Returned(0, 1, True),)), Terms(forms={"points": POINTS}))
    assert made.book.to_json()["plans"][0]["payments"] == [{"tender": 0, "amount": 500, "state": "pending", "units": 5}]
    assert Book.from_json(made.book.to_json()) == made.book


LINES = [{"id": str(number), "quantity": 1, "unit_price": "50.00 CNY"} for number in (1, 2, 3)]


def frozen_with(tenders):
    paid = [
        {"id": f"t{place}", "tender": "x", "paid": f"{amount}.00 CNY"} | ({"lines": lines} if lines else {})
        for place, (amount, lines) in enumerate(tenders)
    ]
    return ledger_of({"id": "o", "lines": LINES, "tenders": paid}, "CNY", Rounding.HALF_UP)


@pytest.mark.parametrize(
    ("tenders", "fault", "place", "shown"),
    [
        ([("110", None), ("20", ["1", "2"]), ("20", ["2", "3"])], "crossing-scopes", 3, ["t2", "t1"]),
        ([("60", ["1"]), ("90", None)], "tender-beyond-its-lines", 1, ["t0", "60.00 CNY", "50.00 CNY"]),
        (
            [("40", ["1"]), ("61", ["1", "2"]), ("49", None)],
            "tender-beyond-its-lines",
            2,
            ["t1", "61.00 CNY", "60.00 CNY"],
        ),
        ([("50", ["9"]), ("100", None)], "unknown-order-line", 1, ["9"]),
    ],
)
def test_what_cannot_be_settled_line_by_line_is_refused_when_the_order_is_frozen(tenders, fault, place, shown):
    with pytest.raises(csflow.FactError) as refused:
        frozen_with(tenders)
    (finding,) = refused.value.diagnostics
    assert (finding.name, finding.subject) == (fault, f"tenders[{place}].lines")
    assert all(each in finding.message(language) for each in shown for language in ("zh-CN", "zh-TW", "en"))


@pytest.mark.parametrize(
    "tenders",
    [
        [("40", ["1"]), ("60", ["1", "2"]), ("50", None)],
        [("20", ["1", "2"]), ("20", ["1", "2"]), ("110", None)],
        [("20", ["1"]), ("20", ["2", "3"]), ("110", None)],
    ],
    ids=["inside", "the same", "apart"],
)
def test_lines_that_do_not_cross_are_settled(tenders):
    assert frozen_with(tenders).paid == fen("150")


def test_a_tender_that_goes_back_by_parts_beside_one_that_goes_back_whole():
    tenders = [tender("coupon", "20", lines=(0,)), tender("shop", "30", lines=(0,)), tender("wechat", "50")]
    ledger = freeze(order([(2, "100")], tenders=tenders))
    # Of the 80 that go back by parts 50 are due with the first unit: 18.75 of the shop's 30.
    assert refunds(ledger, [(0, 1), (0, 1)], forms={"coupon": WHOLE}) == [
        {"shop": 1875, "wechat": 3125},
        {"coupon": (2000, 1), "shop": 1125, "wechat": 1875},
    ]

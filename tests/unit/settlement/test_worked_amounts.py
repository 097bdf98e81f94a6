"""The rows of C-3 and of C-5 that are amounts of goods: entitlement after each return, in fen."""

import pytest
from tests.unit.settlement.baskets import fen, order

from csflow.settlement.entitlement import Returned, Sums, added, entitlement
from csflow.settlement.freezing import freeze
from csflow.settlement.orders import Freight

THREE = [(1, "200"), (1, "120")]
FOUR = [(1, "200"), (1, "150"), (1, "50")]
A, B, C = range(3)


def back(line, quantity=1):
    """Came back for no reason: offers are settled again."""
    return Returned(line, quantity, keeps_offers=False)


def faulty(line, quantity=1):
    return Returned(line, quantity, keeps_offers=True, with_freight=True)


CASES = {
    "C21": (order(THREE, off=[("300", "50")]), [(back(B), "70.00")]),
    "C22": (order(THREE, off=[("300", "50")]), [(back(A), "150.00")]),
    "C23": (order(THREE, off=[("300", "50")]), [(back(B), "70.00"), (back(A), "200.00")]),
    "C23 the other way": (order(THREE, off=[("300", "50")]), [(back(A), "150.00"), (back(B), "120.00")]),
    "C23a": (order(THREE, off=[("300", "50")]), [(back(A), "150.00"), (faulty(B), "120.00")]),
    "C24": (order(THREE, off=[("300", "50")]), [(faulty(B), "101.25")]),
    "C26": (order(FOUR, off=[("300", "50")]), [(back(C), "43.75"), (back(B), "106.25"), (back(A), "200.00")]),
    "C27": (
        order([(1, "200"), (1, "120"), (1, "50")], off=[("300", "50")]),
        [(faulty(B), "103.79"), (back(C), "43.24")],
    ),
    "C27a": (
        order([(1, "200"), (1, "120"), (1, "50")], off=[("300", "50")]),
        [(faulty(B), "103.79"), (back(C), "43.24"), (back(A), "172.97")],
    ),
    "C28": (order([(1, "300"), (1, "250")], off=[("300", "40"), ("500", "100")]), [(back(B), "190.00")]),
    "C29": (order([(1, "129"), (1, "99")], bundle="199"), [(back(B), "70.00")]),
    "C30": (order([(3, "300")], off=[("0", "10")]), [(back(0), "96.66"), (back(0), "96.67"), (back(0), "96.67")]),
    "C31": (order([(6, "10")]), [(back(0, 3), "5.01"), (back(0, 3), "4.99")]),
    "C33": (order([(1, "50"), (1, "10")], off=[("0", "10")]), [(faulty(0), "41.67"), (faulty(1), "8.33")]),
    "C34": (order([(1, "150"), (1, "60")], off=[("0", "42")]), [(faulty(0), "120.00")]),
    "C35": (order([(2, "200")], off=[("0", "20")], tax="18"), [(faulty(0), "99.00"), (faulty(0), "99.00")]),
    "C39a": (order([(3, "269.97")]), [(faulty(0, 2), "179.98")]),
}


@pytest.mark.parametrize("id", CASES)
def test_a_worked_case_comes_out_to_the_fen(id):
    bought, steps = CASES[id]
    ledger = freeze(bought)
    sums, before = Sums(), 0
    for returned, refund in steps:
        sums = added(sums, [returned], {})
        after = entitlement(ledger, sums).total
        assert after - before == fen(refund)
        before = after


def test_c25_the_customer_owes_and_nothing_is_charged():
    ledger = freeze(order([(1, "250"), (1, "60")], off=[("300", "100")]))
    assert entitlement(ledger, Sums((back(B),))).total == -fen("40")
    assert entitlement(ledger, Sums((back(B), back(A)))).total == ledger.paid


def test_c36_an_amount_given_for_a_line_counts_as_paid_back():
    ledger = freeze(order([(1, "12.30"), (1, "8")]))
    granted = Sums(granted={0: 500})
    assert entitlement(ledger, granted).total == 500
    assert entitlement(ledger, added(granted, [faulty(1)], {})).total == 1300
    assert entitlement(ledger, added(granted, [faulty(0)], {})).total == 1230
    assert entitlement(ledger, added(granted, [faulty(0), faulty(1)], {})).total == ledger.paid


def test_c52_freight_that_a_lost_threshold_costs_is_claimed_back_or_waived():
    ledger = freeze(order([(1, "80"), (1, "30")], freight=Freight(0, fen("99"), fen("8"))))
    sums = Sums((back(B),))
    assert entitlement(ledger, sums, claims_threshold_freight=True).total == fen("22")
    assert entitlement(ledger, sums).total == fen("30")
    assert entitlement(ledger, Sums((faulty(B),)), claims_threshold_freight=True).total == fen("30")
    both = Sums((back(A), back(B)))
    assert entitlement(ledger, both, claims_threshold_freight=True).total == ledger.paid


def test_freight_of_a_lost_threshold_is_its_fee_less_what_was_paid_for_it():
    for paid, lost in (("0", "8"), ("3", "5"), ("8", "0"), ("9", "0")):
        ledger = freeze(order([(1, "80"), (1, "30")], freight=Freight(fen(paid), fen("99"), fen("8"))))
        due = entitlement(ledger, Sums((back(B),)), claims_threshold_freight=True)
        assert due.threshold_freight == fen(lost)
    reached = freeze(order([(1, "99"), (1, "30")], freight=Freight(0, fen("99"), fen("8"))))
    assert entitlement(reached, Sums((back(B),)), claims_threshold_freight=True).threshold_freight == 0


def test_freight_of_a_threshold_that_was_never_reached_is_not_claimed():
    """Delivery was free for another reason: a return loses no threshold, and one for a fault costs nothing."""
    ledger = freeze(order([(1, "20"), (1, "30")], freight=Freight(0, fen("99"), fen("8"))))
    assert entitlement(ledger, Sums(), claims_threshold_freight=True).total == 0
    assert entitlement(ledger, Sums((faulty(1),)), claims_threshold_freight=True).total == fen("30")
    exactly = freeze(order([(1, "20"), (1, "79")], freight=Freight(0, fen("99"), fen("8"))))
    lost = entitlement(exactly, Sums((back(0),)), claims_threshold_freight=True)
    assert (lost.total, lost.threshold_freight) == (fen("12"), fen("8"))


def test_c50_and_c51_freight_goes_back_with_a_fault_and_not_without():
    ledger = freeze(order([(1, "80")], freight=Freight(fen("10"))))
    assert entitlement(ledger, Sums((back(0),))).total == fen("80")
    assert entitlement(ledger, Sums((faulty(0),))).total == fen("90")

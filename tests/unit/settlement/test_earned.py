"""Units that an order earned: what is kept is rounded down, the rest is taken up to the balance, or charged."""

from tests.unit.settlement.baskets import order, tender

from csflow.settlement.books import Book, Booked
from csflow.settlement.earned import Earned, Taken, charges, taken_now
from csflow.settlement.entitlement import Entitlement, Returned, Sums
from csflow.settlement.freezing import Ledger, freeze
from csflow.settlement.lines import Due, key
from csflow.settlement.planning import Claim, Plan, Terms, plan

PAID = freeze(order([(3, "300.00"), (1, "60.00")], tenders=[tender("wechat", "360.00")]))
FREE = freeze(order([(3, "0.00"), (2, "0.00")]))


def due(*goods: int) -> Entitlement:
    return Entitlement(goods, 0, 0, 0)


def back(*units: tuple[int, int]) -> Sums:
    return Sums(tuple(Returned(line, quantity, True) for line, quantity in units))


def taken(
    earned: Earned, goods: tuple[int, ...], before: dict[str, int] | None = None, number: int = 1
) -> tuple[Taken, ...]:
    return taken_now([earned], before or {}, PAID, Sums(), due(*goods), number)


def test_what_is_kept_is_rounded_down_and_the_rest_is_taken() -> None:
    # 100 of 360 are back: 290 * 260 // 360 = 209 are kept.
    (found,) = taken(Earned("points", 290, 999), (10_000, 0), number=3)
    assert found == Taken("points", 81, 0, 0, key(PAID.digest, 3, "points"))
    assert found.settled == 81


def test_what_the_balance_does_not_have_stays_due_or_is_charged() -> None:
    (short,) = taken(Earned("points", 290, 80), (10_000, 0))
    assert (short.units, short.short, short.charged, short.settled) == (80, 1, 0, 80)
    # All 290 are charged at 29.05: 31 of them at 3.105, rounded down.
    (charged,) = taken(Earned("points", 290, 50, 2905), (10_000, 0))
    assert (charged.units, charged.short, charged.charged, charged.settled) == (50, 31, 310, 81)


def test_what_was_taken_before_is_not_taken_again() -> None:
    (more,) = taken(Earned("points", 290, 999), (10_000, 6000), {"points": 81, "coins": 7})
    assert (more.units, more.short) == (48, 0)
    assert taken(Earned("points", 290, 999), (10_000, 0), {"points": 81}) == ()
    assert taken(Earned("points", 290, 999), (10_000, 0), {"points": 82}) == ()
    assert [each.units for each in taken(Earned("points", 290, 999), (10_000, 0), {"points": 80})] == [1]


def test_nothing_is_taken_where_nothing_is_back() -> None:
    assert taken(Earned("points", 290, 999), (0, 0)) == ()


def test_of_goods_that_cost_nothing_their_number_counts() -> None:
    earned = [Earned("points", 7, 9), Earned("coins", 100, 9)]
    points, coins = taken_now(earned, {}, FREE, back((0, 1), (1, 1)), due(0, 0), 2)
    # Three of five are kept: 4 of 7, and 60 of 100.
    assert (points.name, points.units, points.short) == ("points", 3, 0)
    assert (coins.name, coins.units, coins.short) == ("coins", 9, 31)
    assert coins.key == key(FREE.digest, 2, "coins")


def test_only_what_is_charged_is_withheld_for_the_whole_order() -> None:
    asked = [Taken("points", 0, 5, 30, "k"), Taken("coins", 4, 5, 0, "k"), Taken("miles", 0, 1, 2, "k")]
    assert charges(asked, {"points": 70, "coins": 9}) == (Due("points", 100), Due("miles", 2))


def planned(claim: Claim, ledger: Ledger, book: Book) -> Plan:
    found = plan(ledger, book, claim, Terms())
    assert isinstance(found, Plan)
    return found


def test_what_is_charged_is_off_the_refund_and_settled_in_the_book() -> None:
    one = Claim((Returned(0, 1, True),), earned=(Earned("points", 290, 50, 2905),))
    first = planned(one, PAID, Book(PAID.digest))
    assert (first.amount, first.withheld, first.book.taken) == (9690, {"points": 310}, {"points": 81})
    second = planned(one, PAID, first.book)
    # 128 of 290 are kept: 81 more are due, again 50 are there, and 31 are charged again.
    assert [(each.units, each.short, each.charged) for each in second.taken] == [(50, 31, 310)]
    assert [each.key for each in second.taken] == [key(PAID.digest, 2, "points")]
    assert (second.amount, second.book.withheld, second.book.taken) == (9690, {"points": 620}, {"points": 162})


def test_a_book_adds_up_what_was_taken_under_each_name() -> None:
    plans = (Booked((), {}, (), taken={"points": 3}), Booked((), {}, (), taken={"points": 4, "coins": 1}))
    assert Book("x", plans).taken == {"points": 7, "coins": 1}

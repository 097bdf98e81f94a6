import copy
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csflow.values import CurrencyMismatch, Money

CURRENCIES = st.sampled_from(["CNY", "EUR", "JPY", "BHD", "CLF"])
MINORS = st.integers(-(10**15), 10**15)
AMOUNTS = st.builds(Money.from_minor, MINORS, CURRENCIES)


@pytest.mark.parametrize(
    ("text", "minor", "shown"),
    [
        ("12.34 CNY", 1234, "12.34 CNY"),
        ("12.3 CNY", 1230, "12.30 CNY"),
        ("12 CNY", 1200, "12.00 CNY"),
        ("-0.05 CNY", -5, "-0.05 CNY"),
        ("-0.00 CNY", 0, "0.00 CNY"),
        ("100 JPY", 100, "100 JPY"),
        ("-7 JPY", -7, "-7 JPY"),
        ("1.005 BHD", 1005, "1.005 BHD"),
        ("0.0001 CLF", 1, "0.0001 CLF"),
    ],
)
def test_text_is_read_to_minor_units_and_shown_with_the_decimals_of_its_currency(
    text: str, minor: int, shown: str
) -> None:
    assert Money(text).minor == minor
    assert str(Money(text)) == shown
    assert repr(Money(text)) == f"Money('{shown}')"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("12.345 CNY", "12.345 CNY has 3 decimals, CNY has 2"),
        ("1.0 JPY", "1.0 JPY has 1 decimals, JPY has 0"),
        ("12.34 RMB", "'RMB' is not an active currency"),
        ("12.34 XXX", "'XXX' is not an active currency"),
        ("12.34", "is not money"),
        ("12.34CNY", "is not money"),
        ("12.34  CNY", "is not money"),
        (" 12.34 CNY", "is not money"),
        ("12.34 CNY\n", "is not money"),
        ("12. CNY", "is not money"),
        (".5 CNY", "is not money"),
        ("+1 CNY", "is not money"),
        ("1,000 CNY", "is not money"),
        ("1e3 CNY", "is not money"),
        ("１２ CNY", "is not money"),
        ("12.34 cny", "is not money"),
        ("¥12", "is not money"),
        ("9" * 17 + " CNY", "more than 18 digits"),
        (12.34, "not as 12.34"),
        (12, "not as 12"),
        (True, "not as True"),
        (None, "not as None"),
        (Decimal("12.34"), "not as Decimal"),
    ],
)
def test_anything_else_is_refused_by_name(given: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Money(given)


def test_an_amount_of_eighteen_digits_is_still_read() -> None:
    assert Money("9" * 16 + ".99 CNY").minor == 10**18 - 1
    assert Money("9" * 18 + " JPY").minor == 10**18 - 1
    with pytest.raises(ValueError, match="more than 18 digits"):
        Money("1" + "0" * 18 + " JPY")


@pytest.mark.parametrize("minor", [True, 12.0, "12", None, Decimal(12)])
def test_minor_units_are_whole_numbers_only(minor: Any) -> None:
    with pytest.raises(ValueError, match="minor units are a whole number"):
        Money.from_minor(minor, "CNY")


@pytest.mark.parametrize("currency", ["RMB", "cny", None, 5])
def test_minor_units_need_a_currency(currency: Any) -> None:
    with pytest.raises(ValueError, match="not an active currency"):
        Money.from_minor(1, currency)


@given(AMOUNTS)
def test_money_survives_text_json_copy_and_pickle(money: Money) -> None:
    assert Money(str(money)) == money
    assert Money.from_json(money.to_json()) == money
    assert copy.deepcopy(money) == money
    assert pickle.loads(pickle.dumps(money)) == money


def test_json_carries_the_amount_as_text() -> None:
    assert Money("12.3 CNY").to_json() == {"amount": "12.30", "currency": "CNY"}


@pytest.mark.parametrize(
    "value",
    [
        {"amount": 12.34, "currency": "CNY"},
        {"amount": 12, "currency": "CNY"},
        {"amount": "12.34"},
        {"amount": "12.34", "currency": "CNY", "unit": "fen"},
        {"amount": "12.34 CNY", "currency": "CNY"},
        {"amount": "", "currency": "CNY"},
        {"amount": "1", "currency": "RMB"},
        {"amount": "1", "currency": None},
        "12.34 CNY",
        None,
    ],
)
def test_json_of_another_shape_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"money|amount|currency"):
        Money.from_json(value)


@given(MINORS, MINORS, st.integers(-1000, 1000), CURRENCIES)
def test_arithmetic_is_that_of_the_minor_units(left: int, right: int, factor: int, currency: str) -> None:
    a, b = Money.from_minor(left, currency), Money.from_minor(right, currency)
    assert (a + b).minor == left + right
    assert (a - b).minor == left - right
    assert (-a).minor == -left
    assert (a * factor).minor == (factor * a).minor == left * factor
    assert ((a < b), (a <= b), (a > b), (a >= b)) == (left < right, left <= right, left > right, left >= right)
    assert (a == b) == (left == right)
    assert (a + b).currency == currency


def test_equal_amounts_are_one_key_and_other_currencies_are_never_equal() -> None:
    assert {Money("1.5 CNY"): 1}[Money("1.50 CNY")] == 1
    assert Money("1 CNY") != Money("1 EUR")
    assert Money("1 CNY") != "1.00 CNY"


def test_currencies_do_not_mix() -> None:
    yuan, euro = Money("1 CNY"), Money("1 EUR")
    mixes: tuple[Callable[[], object], ...] = (
        lambda: yuan + euro,
        lambda: yuan - euro,
        lambda: yuan < euro,
        lambda: yuan <= euro,
        lambda: yuan > euro,
        lambda: yuan >= euro,
    )
    for mix in mixes:
        with pytest.raises(CurrencyMismatch, match=r"1\.00 CNY and 1\.00 EUR"):
            mix()
    assert issubclass(CurrencyMismatch, ValueError)


@pytest.mark.parametrize("other", [1, 1.0, True, Decimal(1), "1 CNY", None])
def test_money_is_added_to_and_compared_with_money_only(other: Any) -> None:
    money: Any = Money("1 CNY")
    operations: tuple[Callable[[], object], ...] = (
        lambda: money + other,
        lambda: other + money,
        lambda: money - other,
        lambda: money < other,
        lambda: money >= other,
    )
    for operation in operations:
        with pytest.raises(TypeError):
            operation()


@pytest.mark.parametrize("factor", [1.5, True, Decimal(2), None, Money("2 CNY")])
def test_money_is_multiplied_by_whole_numbers_only(factor: Any) -> None:
    money: Any = Money("1 CNY")
    with pytest.raises(TypeError):
        money * factor


@pytest.mark.parametrize("name", ["minor", "currency", "amount", "note"])
def test_money_cannot_be_changed(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Money("1 CNY"), name, 5)

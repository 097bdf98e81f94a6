import pytest

from csflow.values import is_currency, minor_digits


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("CNY", 2),
        ("EUR", 2),
        ("TWD", 2),
        ("USD", 2),
        ("HKD", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("BHD", 3),
        ("KWD", 3),
        ("CLF", 4),
    ],
)
def test_a_currency_has_the_decimals_of_iso_4217(code: str, digits: int) -> None:
    assert is_currency(code)
    assert minor_digits(code) == digits


@pytest.mark.parametrize("code", ["RMB", "cny", "XXX", "XAU", "HRK", "BGN", "", "CN"])
def test_what_is_not_an_active_currency_is_none(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(KeyError):
        minor_digits(code)

"""Owns an amount of one currency as callers hold it; engines hold its whole minor units alone."""

import re
from collections.abc import Mapping
from typing import Any

from csflow.values.currencies import is_currency, minor_digits

_TEXT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")
_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_MOST_DIGITS = 18


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added, subtracted or compared by size."""


class Money:
    """An amount of one currency, to the minor unit. Immutable.

    `Money("12.34 CNY")` or `Money.from_minor(1234, "CNY")`; ValueError for anything else, such as a
    float, more decimals than the currency has, or a currency that is not one.
    """

    __slots__ = ("_currency", "_minor")

    _minor: int
    _currency: str

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ValueError(f'money is written as text, such as "12.34 CNY", not as {text!r}')
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f'{text!r} is not money: write an amount and a currency, such as "12.34 CNY"')
        self._minor = _minor_of(match[1], match[2])
        self._currency = match[2]

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> "Money":
        """`minor` whole minor units: 1234 of CNY is 12.34 CNY."""
        if not isinstance(minor, int) or isinstance(minor, bool):
            raise ValueError(f"minor units are a whole number, not {minor!r}")
        _require_currency(currency)
        money = cls.__new__(cls)
        money._minor = int(minor)
        money._currency = currency
        return money

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Money":
        """The reverse of `to_json`; ValueError for another shape."""
        if not isinstance(value, Mapping) or set(value) != {"amount", "currency"}:
            raise ValueError(f'{value!r} is not money: write {{"amount": "12.34", "currency": "CNY"}}')
        amount, currency = value["amount"], value["currency"]
        if not isinstance(amount, str) or not isinstance(currency, str):
            raise ValueError(f"amount and currency of {dict(value)!r} must be text")
        return cls.from_minor(_minor_of(amount, currency), currency)

    def to_json(self) -> dict[str, str]:
        return {"amount": self.amount, "currency": self._currency}

    @property
    def minor(self) -> int:
        """Whole minor units."""
        return self._minor

    @property
    def currency(self) -> str:
        return self._currency

    @property
    def amount(self) -> str:
        """The amount with exactly the decimals of its currency: "12.30"."""
        digits = minor_digits(self._currency)
        sign = "-" if self._minor < 0 else ""
        whole, part = divmod(abs(self._minor), 10**digits)
        return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"

    def __str__(self) -> str:
        return f"{self.amount} {self._currency}"

    def __repr__(self) -> str:
        return f"Money('{self}')"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self._minor == other._minor and self._currency == other._currency

    def __hash__(self) -> int:
        return hash((self._minor, self._currency))

    def __lt__(self, other: "Money") -> bool:
        return self._minor < self._same(other) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: "Money") -> bool:
        return self._minor <= self._same(other) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: "Money") -> bool:
        return self._minor > self._same(other) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: "Money") -> bool:
        return self._minor >= self._same(other) if isinstance(other, Money) else NotImplemented

    def __add__(self, other: "Money") -> "Money":
        return self._with(self._minor + self._same(other)) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return self._with(self._minor - self._same(other)) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Money":
        return self._with(-self._minor)

    def __mul__(self, factor: int) -> "Money":
        if not isinstance(factor, int) or isinstance(factor, bool):
            return NotImplemented
        return self._with(self._minor * factor)

    __rmul__ = __mul__

    def _same(self, other: "Money") -> int:
        if other._currency != self._currency:
            raise CurrencyMismatch(f"{self} and {other} are of different currencies")
        return other._minor

    def _with(self, minor: int) -> "Money":
        return Money.from_minor(minor, self._currency)


def _minor_of(amount: str, currency: str) -> int:
    _require_currency(currency)
    match = _AMOUNT.fullmatch(amount)
    if match is None:
        raise ValueError(f'{amount!r} is not an amount: write digits and a point, such as "12.34"')
    sign, whole, part = match[1], match[2], match[3] or ""
    digits = minor_digits(currency)
    if len(part) > digits:
        raise ValueError(f"{amount} {currency} has {len(part)} decimals, {currency} has {digits}")
    if len(whole) + digits > _MOST_DIGITS:
        raise ValueError(f"{amount[:40]} {currency} has more than {_MOST_DIGITS} digits")
    minor = int(whole + part.ljust(digits, "0"))
    return -minor if sign else minor


def _require_currency(currency: str) -> None:
    if not isinstance(currency, str) or not is_currency(currency):
        raise ValueError(f"{currency!r} is not an active currency of ISO 4217")

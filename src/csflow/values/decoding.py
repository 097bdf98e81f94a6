"""Owns reading one value of a known kind, from text (YAML, CSV) or from a Python or JSON value.

A value that does not fit raises `Misfit`, which names a catalogue entry and fills it; whoever knows
the place (a mark, a fact path) turns it into a finding.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from csflow.diagnostics import nearest, nearest_spelling
from csflow.values.currencies import is_currency, minor_digits
from csflow.values.instants import instant_from_datetime, parse_date, parse_instant
from csflow.values.kinds import DEFAULT_BOUND, PERCENT_PLACES, Kind, scale_of
from csflow.values.mending import mended, truth_meant
from csflow.values.money import Money
from csflow.values.spans import format_days, format_duration, parse_days, parse_duration

_MICROSECONDS = 1_000_000
MOST_DIGITS = 18
_MOST_PLACES_SHOWN = 24
# Default bounds, narrow enough that an amount times any of them still fits (10^12 minor units at most).
_BOUNDS = {
    "percent": 10**8,  # 1,000,000%
    "decimal": 10**6,  # in units, not in places
    "quantity": 10**6,
    "days": 10**6,
    "duration": 10**9 * _MICROSECONDS,  # some 31 years
}
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
WIDEST_TEXT = 4096


class Misfit(ValueError):
    """A value that its kind does not take. `name` and `values` are a catalogue entry's."""

    def __init__(self, name: str, suggestion: str | None = None, **values: Any) -> None:
        super().__init__(name)
        self.name = name
        self.suggestion = suggestion
        self.values = values


def from_text(kind: Kind, text: str) -> Any:
    """The held form of `text`; Misfit when it is not one, or is out of bounds."""
    if kind.is_symbolic:
        return _symbol(kind, text)
    if kind.name == "text":
        return _text(kind, text)
    return _bounded(kind, _from_text(kind, text), text)


def from_value(kind: Kind, value: Any) -> Any:
    """The held form of a Python or JSON value; Misfit when it is of another kind or out of bounds.

    Money comes as `Money`, as "12.34 CNY" or as {"amount": "12.34", "currency": "CNY"}; instants as
    aware datetimes or RFC 3339; days as an int or "14 days"; durations as a timedelta or "48 hours";
    percents as "80%"; decimals as Decimal, int or text. Floats are refused everywhere. What is held is a plain
    int, bool or str.
    """
    if isinstance(value, float):
        raise Misfit("float-value", kind=kind.word, given=repr(value))
    if kind.is_symbolic and (symbol := _equal_symbol(kind, value)) is not None:
        return symbol
    if kind.is_symbolic or kind.name == "text":
        if not isinstance(value, str):
            raise wrong_kind(kind, value)
        return from_text(kind, str.__str__(value))
    return _bounded(kind, _FROM_VALUE[kind.name](kind, value), value)


def _from_text(kind: Kind, text: str) -> Any:
    """The unbounded held form; a misfit suggests the text mended, where the mending is sure."""
    try:
        return _read(kind, text)
    except Misfit as misfit:
        misfit.suggestion = misfit.suggestion or mended(kind, text, _read)
        raise


def _read(kind: Kind, text: str) -> Any:
    try:
        return _FROM_TEXT[kind.name](kind, text)
    except Misfit:
        raise
    except ValueError as problem:
        raise wrong_kind(kind, text, problem) from None


def _bool(kind: Kind, text: str) -> bool:
    if text in ("true", "false"):
        return text == "true"
    raise wrong_kind(kind, text, suggestion=truth_meant(text) or nearest(text, ("true", "false")))


def _int(kind: Kind, text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise wrong_kind(kind, text)
    if len(digits) > MOST_DIGITS:
        raise Misfit("number-too-long", given=text[:40], limit=MOST_DIGITS)
    if len(digits) > 1 and digits[0] == "0":
        raise Misfit("leading-zero", given=text, suggestion=str(int(text)))
    return int(text)


def _decimal(kind: Kind, text: str) -> int:
    return _scaled(kind, text, kind.places)


def _percent(kind: Kind, text: str) -> int:
    if not text.endswith("%"):
        raise Misfit("percent-without-sign", given=text, suggestion=_as_percent(text))
    try:
        return _scaled(kind, text[:-1], PERCENT_PLACES)
    except Misfit as misfit:
        raise Misfit(misfit.name, **{**misfit.values, "given": text}) from None


def _as_percent(text: str) -> str | None:
    """`0.8` is 80%, `80` is 80%; None where it would have more than two places."""
    try:
        held = _scaled(Kind("decimal", places=PERCENT_PLACES + 2), text, PERCENT_PLACES + 2)
    except Misfit:
        return None
    whole = 10 ** (PERCENT_PLACES + 2)
    if abs(held) > whole and held % 100:
        return None
    return exact(Kind("percent", places=PERCENT_PLACES), held if abs(held) <= whole else held // 100)


def _scaled(kind: Kind, text: str, places: int) -> int:
    whole, dot, part = text.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdigit()) or (dot and not (part.isascii() and part.isdigit())):
        raise wrong_kind(kind, text)
    if len(whole) + len(part) > MOST_DIGITS:
        raise Misfit("number-too-long", given=text[:40], limit=MOST_DIGITS)
    if len(part) > places:
        raise Misfit("too-many-places", given=text, places=places)
    scaled: int = int(whole) * 10**places + int(part.ljust(places, "0") or "0")
    return -scaled if text.startswith("-") else scaled


def _money(kind: Kind, text: str) -> int:
    number, _, currency = text.partition(" ")
    if not currency and _NUMBER.fullmatch(number):
        raise Misfit("money-without-currency", given=text)
    if is_currency(currency) and _NUMBER.fullmatch(number):
        digits, _, part = number.removeprefix("-").partition(".")
        if len(part) > minor_digits(currency):
            raise Misfit("too-many-places", given=text, places=minor_digits(currency))
        if len(digits) + len(part) > MOST_DIGITS:
            raise Misfit("number-too-long", given=text[:40], limit=MOST_DIGITS)
    return _own_currency(kind, Money(text))


def _own_currency(kind: Kind, amount: Money) -> int:
    if amount.currency != kind.currency:
        raise Misfit("other-currency", given=str(amount), currency=kind.currency)
    return int(amount.minor)


def _number_with(unit: str, example: str, parse: Callable[[str], int]) -> Callable[[Kind, str], int]:
    def read(kind: Kind, text: str) -> int:
        if text.isascii() and text.isdigit():
            raise Misfit("number-without-unit", given=text, kind=kind.word, suggestion=f"{text} {unit}")
        return int(parse(text))

    return read


_FROM_TEXT: Mapping[str, Callable[[Kind, str], Any]] = {
    "bool": _bool,
    "int": _int,
    "quantity": _int,
    "decimal": _decimal,
    "percent": _percent,
    "money": _money,
    "days": _number_with("days", "14 days", parse_days),
    "duration": _number_with("hours", "48 hours", parse_duration),
    "date": lambda kind, text: parse_date(text),
    "datetime": lambda kind, text: parse_instant(text),
}


def _value_bool(kind: Kind, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong_kind(kind, value)
    return value


def _value_int(kind: Kind, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_kind(kind, value)
    if abs(value) >= 10**MOST_DIGITS:
        raise Misfit("number-too-long", given=f"{'-' if value < 0 else ''}…", limit=MOST_DIGITS)
    return int.__pos__(value)


def _value_decimal(kind: Kind, value: Any) -> int:
    if isinstance(value, Decimal) and value.is_finite():
        if not -MOST_DIGITS < value.adjusted() < MOST_DIGITS and value:
            raise Misfit("number-too-long", given=str(value)[:40], limit=MOST_DIGITS)
        # Zeros at the end add nothing: a platform's 0.10 is a number of one place.
        text = format(value.normalize(), "f")
        return _scaled(kind, text, kind.places)
    if isinstance(value, int) and not isinstance(value, bool):
        return _scaled(kind, str(_value_int(kind, value)), kind.places)
    return _value_text(kind, value)


def _value_text(kind: Kind, value: Any) -> int:
    if not isinstance(value, str):
        raise wrong_kind(kind, value)
    return int(_from_text(kind, value))


def _value_money(kind: Kind, value: Any) -> int:
    if isinstance(value, Money):
        return _own_currency(kind, value)
    if isinstance(value, Mapping):
        if set(value) != {"amount", "currency"} or not all(isinstance(part, str) for part in value.values()):
            raise wrong_kind(kind, dict(value))
        return int(_from_text(kind, f"{value['amount']} {value['currency']}"))
    return _value_text(kind, value)


def _value_days(kind: Kind, value: Any) -> int:
    return _value_text(kind, value) if isinstance(value, str) else _value_int(kind, value)


def _value_duration(kind: Kind, value: Any) -> int:
    if isinstance(value, dt.timedelta):
        return (value.days * 86_400 + value.seconds) * _MICROSECONDS + value.microseconds
    return _value_text(kind, value)


def _value_date(kind: Kind, value: Any) -> int:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.toordinal()
    return _value_text(kind, value)


def _value_datetime(kind: Kind, value: Any) -> int:
    if isinstance(value, dt.datetime):
        try:
            return instant_from_datetime(value)
        except ValueError as problem:
            raise wrong_kind(kind, value.isoformat(), problem) from None
    return _value_text(kind, value)


_FROM_VALUE: Mapping[str, Callable[[Kind, Any], Any]] = {
    "bool": _value_bool,
    "int": _value_int,
    "quantity": _value_int,
    "decimal": _value_decimal,
    "percent": _value_text,
    "money": _value_money,
    "days": _value_days,
    "duration": _value_duration,
    "date": _value_date,
    "datetime": _value_datetime,
}


def _symbol(kind: Kind, text: str) -> str:
    if text in kind.symbols:
        return text
    raise Misfit("unknown-symbol", symbol=text, kind=kind.word, suggestion=nearest_spelling(text, spellings(kind)))


def _equal_symbol(kind: Kind, value: Any) -> str | None:
    """The symbol that a value is as a key, whatever its type."""
    try:
        return dict(zip(kind.symbols, kind.symbols, strict=True)).get(value)
    except TypeError:  # it has no hash
        return None


def spellings(kind: Kind) -> dict[str, str]:
    """What an author may have written for each symbol: the symbol itself and its titles."""
    written = {text: symbol for symbol, title in kind.titles.items() for _, text in title.texts}
    return written | {symbol: symbol for symbol in kind.symbols}


def _text(kind: Kind, text: str) -> str:
    limit = kind.max_length or WIDEST_TEXT
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise wrong_kind(kind, ascii(text))
    if len(text) > limit:
        raise Misfit("text-too-long", length=len(text), limit=limit)
    return text


def _bounded(kind: Kind, held: Any, given: Any) -> Any:
    if isinstance(held, bool) or not isinstance(held, int) or kind.name in ("date", "datetime"):
        return held
    low, high = bounds_of(kind)
    if not low <= held <= high:
        raise Misfit("out-of-bounds", given=_given(given), low=exact(kind, low), high=exact(kind, high))
    return held


def bounds_of(kind: Kind) -> tuple[int, int]:
    """The lowest and highest held number a fact of this kind may have."""
    bound = _BOUNDS.get(kind.name, DEFAULT_BOUND)
    if kind.name == "decimal":
        bound = _BOUNDS["decimal"] * scale_of(kind)
    # Nobody returns less than nothing.
    lowest = 0 if kind.name == "quantity" else -bound
    return lowest if kind.low is None else kind.low, bound if kind.high is None else kind.high


def exact(kind: Kind, held: int | Fraction) -> str:
    """The held number as an author writes it, with its unit; an unrounded one as it is, or as a fraction."""
    if isinstance(held, Fraction):
        return _unrounded(held)
    if kind.name == "money":
        return str(Money.from_minor(held, kind.currency))
    if kind.name in ("decimal", "percent"):
        sign, digits = ("-" if held < 0 else ""), str(abs(held)).rjust(kind.places + 1, "0")
        number = f"{sign}{digits[: len(digits) - kind.places]}.{digits[len(digits) - kind.places :]}"
        number = number.rstrip("0").rstrip(".") if kind.places else number.rstrip(".")
        return f"{number}%" if kind.name == "percent" else number
    if kind.name == "days":
        return format_days(held)
    if kind.name == "duration":
        return format_duration(held)
    return str(held)


def _unrounded(number: Fraction) -> str:
    """`0.03125` where the number ends, `1/3` where it does not."""
    for places in range(_MOST_PLACES_SHOWN):
        if 10**places % number.denominator == 0:
            return exact(Kind("decimal", places=places), int(number * 10**places))
    return str(number)


def wrong_kind(kind: Kind, given: Any, problem: Exception | None = None, suggestion: str | None = None) -> Misfit:
    """The misfit of a value that is of another kind."""
    return Misfit(
        "wrong-kind",
        suggestion=suggestion,
        kind=kind.word,
        given=_given(given),
        example=kind.example,
        problem=str(problem) if problem else "",
    )


def _given(given: Any) -> str:
    if isinstance(given, Decimal):
        given = format(given, "f")
    text = given if isinstance(given, str) else repr(given)
    return text if len(text) <= 60 else text[:57] + "..."

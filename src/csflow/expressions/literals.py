"""Owns reading a literal: its unit says its kind, or what stands on the other side does."""

from csflow.diagnostics import Mark
from csflow.expressions.syntax import Literal
from csflow.expressions.terms import Constant
from csflow.values import kinds as k
from csflow.values.currencies import is_currency
from csflow.values.decoding import Misfit, from_text
from csflow.values.kinds import Kind
from csflow.values.mending import unit_meant

_UNITS = {
    "days": ("days", "day", "weeks", "week"),
    "duration": ("hours", "hour", "minutes", "minute", "seconds", "second"),
}
_UNIT_KINDS = {unit: kind for kind, units in _UNITS.items() for unit in units}
_PLAIN = {"text": k.TEXT, "date": k.DATE, "instant": k.DATETIME}
# Kinds whose numbers carry a unit or sign: a bare number is read as one to say which is missing.
_WITH_UNIT = frozenset({"money", "percent", "days", "duration"})


def constant(literal: Literal, expected: Kind | None, currency: str) -> Constant:
    """The literal in held form; `expected` is the kind of the other side. Raises `Misfit`."""
    mark, text = literal.mark, literal.text
    match literal.form:
        case "truth":
            return Constant(mark, k.BOOL, text == "true")
        case "number":
            return _number(mark, text, expected)
        case "quantity":
            return _with_unit(mark, text, currency)
    kind = _PLAIN[literal.form]
    return Constant(mark, kind, from_text(kind, text))


def _number(mark: Mark, text: str, expected: Kind | None) -> Constant:
    if expected is not None and expected.name in _WITH_UNIT:
        return Constant(mark, expected, from_text(expected, text))
    kind = Kind("decimal", places=len(text.partition(".")[2])) if "." in text else k.INT
    return Constant(mark, kind, from_text(kind, text))


def _with_unit(mark: Mark, text: str, currency: str) -> Constant:
    number, _, unit = text.partition(" ")
    if unit == "¥":
        if currency not in ("CNY", "JPY"):
            raise Misfit(
                "ambiguous-currency-sign", given=mark.text, currency=currency, suggestion=f"{number} {currency}"
            )
        unit = currency
    if is_currency(unit):
        kind = k.money(currency)
        return Constant(mark, kind, from_text(kind, f"{number} {unit}"))
    if number.endswith("%"):
        return Constant(mark, k.PERCENT, from_text(k.PERCENT, number))
    if unit in _UNIT_KINDS:
        kind = k.DAYS if _UNIT_KINDS[unit] == "days" else k.DURATION
        return Constant(mark, kind, from_text(kind, f"{number} {unit}"))
    raise Misfit("unknown-unit", unit=unit, suggestion=unit_meant(number, unit, _UNIT_KINDS, currency))

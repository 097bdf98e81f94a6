"""The stone: money, rounding, days and instants, zones, calendars and windows, all exact and all pure."""

from csflow.values.calendars import Calendar, DayClass
from csflow.values.currencies import is_currency, minor_digits
from csflow.values.instants import (
    datetime_from_instant,
    format_date,
    format_instant,
    instant_from_datetime,
    parse_date,
    parse_instant,
)
from csflow.values.money import CurrencyMismatch, Money
from csflow.values.rounding import Rounding, round_exact, round_ratio
from csflow.values.spans import format_days, format_duration, parse_days, parse_duration
from csflow.values.windows import CountsFrom, MonthEnd, Window, WindowUnit, deadline, within
from csflow.values.zones import BeyondHorizon, Zone

__all__ = [
    "BeyondHorizon",
    "Calendar",
    "CountsFrom",
    "CurrencyMismatch",
    "DayClass",
    "Money",
    "MonthEnd",
    "Rounding",
    "Window",
    "WindowUnit",
    "Zone",
    "datetime_from_instant",
    "deadline",
    "format_date",
    "format_days",
    "format_duration",
    "format_instant",
    "instant_from_datetime",
    "is_currency",
    "minor_digits",
    "parse_date",
    "parse_days",
    "parse_duration",
    "parse_instant",
    "round_exact",
    "round_ratio",
    "within",
]

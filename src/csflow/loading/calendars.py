"""Owns linking calendars, zones and date intervals: days and offsets as the pack states them."""

import re
from dataclasses import replace
from itertools import pairwise

from csflow.definitions import Written
from csflow.definitions.sections import CalendarDocument, CalendarOverrideDocument, ZoneDocument
from csflow.diagnostics import Diagnostics, nearest
from csflow.values.calendars import Calendar, DayClass
from csflow.values.instants import DAY, EPOCH_DAY, LAST_DAY, parse_date, parse_instant
from csflow.values.zones import BeyondHorizon, Zone

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INTERVAL = re.compile(r"\[([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})\)")
_DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.\.([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")
_HOURS = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


def link_interval(written: Written, diagnostics: Diagnostics) -> tuple[int, int] | None:
    """`[2017-03-15..2027-01-01)` as two ordinals; None when it was reported."""
    match = _INTERVAL.fullmatch(written.text)
    if match is None:
        diagnostics.report("malformed-interval", written.mark, text=written.text)
        return None
    try:
        start, end = (parse_date(day) for day in match.groups())
    except ValueError:
        diagnostics.report("malformed-interval", written.mark, text=written.text)
        return None
    if start >= end:
        diagnostics.report("empty-interval", written.mark, text=written.text)
        return None
    return start, end


def link_zone(document: ZoneDocument, diagnostics: Diagnostics) -> Zone | None:
    """A zone from its dated offsets; None when something was reported."""
    covers = link_interval(document.covers, diagnostics)
    changes = []
    for section in document.offsets:
        seconds = _offset(section.offset, diagnostics)
        try:
            changes.append((parse_instant(section.from_.text), seconds or 0))
        except ValueError as problem:
            diagnostics.report("malformed-date", section.from_.mark, text=section.from_.text, problem=str(problem))
            return None
        if seconds is None:
            return None
    for number, (earlier, later) in enumerate(pairwise(changes), 1):
        if earlier[0] >= later[0]:
            mark = document.offsets[number].from_.mark
            diagnostics.report("unordered-offsets", mark, zone=document.zone.text)
            return None
    if covers is None:
        return None
    try:
        # Asking for both ends shows that the offsets reach over all that is covered.
        whole = Zone(document.zone.text, tuple(changes), (LAST_DAY - EPOCH_DAY) * DAY)
        whole.start_of_day(covers[0])
        return Zone(document.zone.text, tuple(changes), whole.start_of_day(covers[1]))
    except (ValueError, BeyondHorizon):
        diagnostics.report("unordered-offsets", document.zone.mark, zone=document.zone.text)
        return None


def link_calendar(document: CalendarDocument, diagnostics: Diagnostics) -> Calendar | None:
    """A calendar from its days; None when something was reported."""
    before = len(diagnostics)
    covers = link_interval(document.covers, diagnostics)
    weekend = {_weekday(day, diagnostics) for day in document.weekend}
    holidays = _days(document.statutory_holiday, covers, diagnostics)
    working_days = _days(document.working_day, covers, diagnostics)
    opening = [_hours(hours, diagnostics) for hours in document.opening]
    for day in document.working_day:
        if _days((day,), covers, Diagnostics()) & holidays:
            diagnostics.report("contradictory-day", day.mark, day=day.text)
    if covers is None or len(diagnostics) > before:
        return None
    try:
        return Calendar(
            name=document.calendar.text,
            first_day=covers[0],
            end_day=covers[1],
            weekend=frozenset(day for day in weekend if day is not None),
            holidays=frozenset(holidays),
            working_days=frozenset(working_days),
            opening=tuple(sorted(hours for hours in opening if hours is not None)),
            open_on=frozenset(DayClass(word) for word in document.open_on),
        )
    except ValueError as problem:
        diagnostics.report("senseless-calendar", document.calendar.mark, problem=str(problem))
        return None


def with_override(calendar: Calendar, document: CalendarOverrideDocument, diagnostics: Diagnostics) -> Calendar:
    """The calendar with the days of an override, which may go on where it ends; as it was, when that is reported."""
    before = len(diagnostics)
    covers = link_interval(document.covers, diagnostics)
    holidays = _days(document.statutory_holiday, covers, diagnostics)
    working_days = _days(document.working_day, covers, diagnostics)
    for day in document.working_day:
        if _days((day,), covers, Diagnostics()) & holidays:
            diagnostics.report("contradictory-day", day.mark, day=day.text)
    if covers is None or len(diagnostics) > before:
        return calendar
    if covers[1] < calendar.first_day or covers[0] > calendar.end_day:
        diagnostics.report("detached-override", document.covers.mark, name=calendar.name)
        return calendar
    said = range(*covers)
    return replace(
        calendar,
        first_day=min(calendar.first_day, covers[0]),
        end_day=max(calendar.end_day, covers[1]),
        holidays=frozenset(day for day in calendar.holidays if day not in said) | holidays,
        working_days=frozenset(day for day in calendar.working_days if day not in said) | working_days,
    )


def _offset(written: Written, diagnostics: Diagnostics) -> int | None:
    match = _OFFSET.fullmatch(written.text)
    if match is None or int(match[2]) > 14 or int(match[3]) > 59:
        diagnostics.report("malformed-offset", written.mark, text=written.text)
        return None
    seconds = int(match[2]) * 3600 + int(match[3]) * 60
    return -seconds if match[1] == "-" else seconds


def _weekday(written: Written, diagnostics: Diagnostics) -> int | None:
    if written.text in WEEKDAYS:
        return WEEKDAYS.index(written.text)
    diagnostics.report(
        "unknown-choice",
        written.mark,
        suggestion=nearest(written.text, WEEKDAYS),
        text=written.text,
        known=list(WEEKDAYS),
    )
    return None


def _days(written: tuple[Written, ...], covers: tuple[int, int] | None, diagnostics: Diagnostics) -> set[int]:
    days: set[int] = set()
    for item in written:
        match = _DAYS.fullmatch(item.text)
        try:
            if match is None:
                raise ValueError("YYYY-MM-DD")
            first = parse_date(match[1])
            last = parse_date(match[2]) if match[2] else first
        except ValueError as problem:
            diagnostics.report("malformed-date", item.mark, text=item.text, problem=str(problem))
            continue
        if first > last:
            diagnostics.report("empty-interval", item.mark, text=item.text)
            continue
        if covers and not (covers[0] <= first and last < covers[1]):
            diagnostics.report("day-outside-calendar", item.mark, day=item.text)
            continue
        days.update(range(first, last + 1))
    return days


def _hours(written: Written, diagnostics: Diagnostics) -> tuple[int, int] | None:
    match = _HOURS.fullmatch(written.text)
    if match is not None and int(match[2]) < 60 and int(match[4]) < 60:
        opens, closes = (
            (int(hour) * 60 + int(minute)) * 60_000_000 for hour, minute in (match.groups()[:2], match.groups()[2:])
        )
        if opens < closes <= DAY:
            return opens, closes
    diagnostics.report("malformed-hours", written.mark, text=written.text)
    return None

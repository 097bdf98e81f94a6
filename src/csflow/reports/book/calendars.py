"""Owns the calendars and time zones of a handbook: which days they know, and what they say of them."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from csflow.diagnostics import Word
from csflow.reports.book.page import Page, Part, anchor, by_name
from csflow.reports.html import Content, Element, element
from csflow.values.calendars import Calendar
from csflow.values.instants import DAY, EPOCH_DAY, SECOND, format_date
from csflow.values.kinds import DAYS
from csflow.values.zones import Zone

_DASH = " – "


def calendars(page: Page) -> Part:
    told = [_calendar(page, each) for each in by_name(page.pack.calendars)]
    zones = [_zone(page, each) for each in by_name(page.pack.zones)]
    about = element("p", page.word("covers_about"))
    return Part("calendars", page.word("calendars"), [about, *told, element("ul", zones)])


def _calendar(page: Page, calendar: Calendar) -> Element:
    title, because = page.pack.calendar_titles.get(calendar.name, (None, None))
    weekend = page.comma.join(Word(f"weekday.{day}").in_language(page.language) for day in sorted(calendar.weekend))
    return element(
        "section",
        element("h3", page.title(title, calendar.name), " ", page.code(calendar.name)),
        page.terms(
            (page.word("covers"), _days(page, calendar.first_day, calendar.end_day)),
            (page.word("because"), because.in_language(page.language) if because else None),
            (page.word("weekend"), weekend),
            (page.word("opening"), page.comma.join(_hours(calendar))),
            (page.word("holidays"), _by_year(page, calendar.holidays)),
            (page.word("make_up"), _by_year(page, calendar.working_days)),
        ),
        id=anchor("calendar", calendar.name),
    )


def _zone(page: Page, zone: Zone) -> Element:
    # Whole local days: an instant is cut to its day at the end, and a day begun is not whole at the start.
    first, end = (zone.changes[0][0] + zone.changes[0][1] * SECOND, zone.until + zone.changes[-1][1] * SECOND)
    covers = _days(page, -(-first // DAY) + EPOCH_DAY, end // DAY + EPOCH_DAY)
    return element("li", element("b", zone.name), f"{page.colon}{covers}", id=anchor("zone", zone.name))


def _days(page: Page, first: int, end: int) -> str:
    shown = page.speaker.values
    return page.word("from_to").format(start=shown.day(first), end=shown.day(end - 1))


def _hours(calendar: Calendar) -> Iterator[str]:
    for opens, closes in calendar.opening:
        yield _DASH.join(_clock(moment // SECOND) for moment in (opens, closes))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"


def _by_year(page: Page, days: frozenset[int]) -> Element | None:
    """The days of each year, folded away; those that follow each other as a span."""
    if not days:
        return None
    years = groupby(_spans(sorted(days)), key=lambda span: format_date(span[0])[:4])
    told: list[Content] = [
        page.word("days_of_year").format(year=year, days=page.comma.join(map(_span, spans))) for year, spans in years
    ]
    return element("details", element("summary", page.speaker.values.shown(DAYS, len(days))), page.items(told))


def _spans(days: Iterable[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for day in days:
        if spans and spans[-1][1] == day - 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _span(span: tuple[int, int]) -> str:
    first, last = (format_date(day)[5:] for day in span)
    return first if first == last else f"{first}{_DASH}{last}"

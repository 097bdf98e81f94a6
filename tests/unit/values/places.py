"""The zones and calendars of these tests, and a short way to write an instant there."""

import datetime as dt
from pathlib import Path

import yaml

from csflow.values import Calendar, DayClass, Zone, parse_date, parse_instant

HOUR = 3_600_000_000
MINUTE = 60_000_000
DAY = 24 * HOUR
PACK_CALENDARS = Path(__file__).parents[3] / "policies" / "cn" / "calendars"
REST = frozenset({DayClass.REST_DAY, DayClass.STATUTORY_HOLIDAY})


def day(text: str) -> int:
    return parse_date(text)


def instant(text: str, offset: str = "+08:00") -> int:
    """`2025-11-10 20:00` or `2025-11-10 20:00:01`, in China unless another offset is given."""
    date, time = text.split(" ")
    return parse_instant(f"{date}T{time if time.count(':') == 2 else time + ':00'}{offset}")


def _days_of(items: list[str]) -> frozenset[int]:
    days: set[int] = set()
    for item in items:
        first, _, last = item.partition("..")
        days.update(range(day(first), day(last or first) + 1))
    return frozenset(days)


def _pack_calendar(name: str) -> Calendar:
    raw = yaml.load((PACK_CALENDARS / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    first, end = raw["covers"].strip("[)").split("..")
    return Calendar(
        name=raw["calendar"],
        first_day=day(first),
        end_day=day(end),
        weekend=frozenset({5, 6}),
        holidays=_days_of(raw["statutory_holiday"]),
        working_days=_days_of(raw["working_day"]),
    )


SHANGHAI = Zone("Asia/Shanghai", ((instant("1991-09-15 01:00"), 8 * 3600),), instant("2100-01-01 00:00"))
BERLIN = Zone(
    "Europe/Berlin",
    (
        (parse_instant("2024-10-27T01:00:00Z"), 3600),
        (parse_instant("2025-03-30T01:00:00Z"), 7200),
        (parse_instant("2025-10-26T01:00:00Z"), 3600),
        (parse_instant("2026-03-29T01:00:00Z"), 7200),
    ),
    parse_instant("2026-10-25T01:00:00Z"),
)
CN = _pack_calendar("cn")
GERMANY = Calendar(
    name="de",
    first_day=day("2025-01-01"),
    end_day=day("2027-01-01"),
    weekend=frozenset({5, 6}),
    holidays=frozenset({day("2025-12-25"), day("2025-12-26"), day("2026-01-01")}),
    working_days=frozenset(),
)
JD_EVIDENCE = Calendar(
    name="evidence_hours",
    first_day=day("2017-01-01"),
    end_day=day("2100-01-01"),
    weekend=frozenset(),
    holidays=frozenset(),
    working_days=frozenset(),
    opening=((9 * HOUR, 18 * HOUR),),
)
CALENDARS = {calendar.name: calendar for calendar in (CN, GERMANY, JD_EVIDENCE)}


def local(moment: int, zone: Zone) -> str:
    """The instant as `2025-11-17 24:00` on the wall there: a midnight belongs to the day it ends."""
    date, time = zone.local_time(moment)
    if time == 0:
        return f"{dt.date.fromordinal(date - 1)} 24:00"
    clock = (dt.datetime(1, 1, 1) + dt.timedelta(microseconds=time)).time()
    return f"{dt.date.fromordinal(date)} {clock.isoformat('auto')}"

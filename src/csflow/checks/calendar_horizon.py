"""`near-horizon`: a calendar that a window counts by ends within 90 days.

Beyond its end every answer that asks for it is undecided; the next year comes in an override file, the day
its notice is out.
"""

from csflow.diagnostics import Diagnostics
from csflow.pack.model import LinkedPack, every_edition
from csflow.values.instants import format_date
from csflow.values.windows import ByFact, Window

WARNED_AHEAD = 90


def check_calendar_horizon(pack: LinkedPack, today: int, diagnostics: Diagnostics) -> None:
    """`today` is the local date on which the question is asked."""
    used = {
        name
        for parameter in pack.parameters
        for edition in every_edition(pack, parameter)
        if isinstance(edition.value, Window)
        for name in _names(edition.value)
    }
    for name in sorted(used):
        end = pack.calendars[name].end_day
        if today + WARNED_AHEAD >= end:
            diagnostics.report("near-horizon", pack.mark, name=name, end=format_date(end - 1))


def _names(window: Window) -> list[str]:
    if isinstance(window.calendar, ByFact):
        return [name for _, name in window.calendar.names]
    return [] if window.calendar is None else [window.calendar]

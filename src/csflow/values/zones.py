"""Owns which local day and time an instant has, from the dated offsets that a pack carries."""

from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter

from csflow.values.instants import DAY, EPOCH_DAY, SECOND


class BeyondHorizon(Exception):
    """A question about a time that a calendar or zone of the pack does not cover.

    `name` is that calendar or zone, `is_early` says that the time lies before what it covers, not after. Whoever
    decides turns this into an unknown, cause `calendar`.
    """

    def __init__(self, name: str, is_early: bool = False) -> None:
        super().__init__(name, is_early)
        self.name = name
        self.is_early = is_early

    def __str__(self) -> str:
        return f"{self.name} does not cover the time asked for"


@dataclass(frozen=True, slots=True)
class Zone:
    """The offsets of one place. `changes` are (first instant, offset from UTC in seconds), ascending.

    It covers the instants from the first change to `until`, which is not included.
    """

    name: str
    changes: tuple[tuple[int, int], ...]
    until: int

    def __post_init__(self) -> None:
        starts = [start for start, _ in self.changes]
        if not starts or any(late >= early for late, early in zip(starts, [*starts[1:], self.until], strict=True)):
            raise ValueError(f"the changes of zone {self.name} must be ascending and before its end")
        if any(abs(offset) * SECOND >= DAY for _, offset in self.changes):
            raise ValueError(f"an offset of zone {self.name} must be less than a day")

    def offset_at(self, instant: int) -> int:
        """Seconds that the local clock is ahead of UTC; BeyondHorizon outside the zone's cover."""
        last_start, last_offset = self.changes[-1]
        if last_start <= instant < self.until:
            return last_offset
        if not self.changes[0][0] <= instant < self.until:
            raise BeyondHorizon(self.name, is_early=instant < self.changes[0][0])
        return self.changes[bisect_right(self.changes, instant, key=itemgetter(0)) - 1][1]

    def local_day(self, instant: int) -> int:
        """The ordinal of the day on the wall there; BeyondHorizon as `offset_at`."""
        return EPOCH_DAY + (instant + self.offset_at(instant) * SECOND) // DAY

    def local_time(self, instant: int) -> tuple[int, int]:
        """The ordinal of the local day and the microsecond of it; BeyondHorizon as `offset_at`."""
        days, time = divmod(instant + self.offset_at(instant) * SECOND, DAY)
        return EPOCH_DAY + days, time

    def instant_of(self, day: int, time: int) -> int:
        """When the local clock shows microsecond `time` of `day`; BeyondHorizon outside the cover.

        A time that the clock skips is the first instant after the gap; of a time that it shows
        twice, the earlier. `time` may be a whole day: 24:00 is 0:00 of the next day.
        """
        local = (day - EPOCH_DAY) * DAY + time
        # INVARIANT: offsets are shorter than a day, so no period that ended a day before `local` fits.
        first = max(0, bisect_right(self.changes, local - DAY, key=itemgetter(0)) - 1)
        for index in range(first, len(self.changes)):
            start, offset = self.changes[index]
            end = self.changes[index + 1][0] if index + 1 < len(self.changes) else self.until
            instant = local - offset * SECOND
            if instant < start and index == 0:
                raise BeyondHorizon(self.name, is_early=True)
            if instant < end:
                return max(instant, start)
        raise BeyondHorizon(self.name, is_early=False)

    def start_of_day(self, day: int) -> int:
        """The first instant of a local day: the 24:00 of the day before."""
        return self.instant_of(day, 0)

"""Owns the clocks and timers of a case: when they are started and stopped, what they show, what they raise and when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from csflow.evaluators.answering import Answer
from csflow.facts import ABSENT, Facts
from csflow.flows.asking import Asking
from csflow.flows.happenings import Event, Refused
from csflow.flows.snapshots import ClockState, Snapshot, TimerState
from csflow.pack.flows import CLOCK, Flow, FlowClock, State
from csflow.pack.model import LinkedPack
from csflow.values.clocks import ClockRun, Reading, reached, read_clock
from csflow.values.kinds import DATETIME
from csflow.values.presenting import to_json
from csflow.values.windows import CountsFrom, Longest, Window, WindowUnit, facts_of, settled
from csflow.values.zones import BeyondHorizon, Zone

WITHIN = "within"
WARN, BREACH = "warn", "breach"
_WHOLE = 10_000


# The clocks and timers of a case.
Running = tuple[Mapping[str, ClockState], tuple[TimerState, ...]]


@dataclass(frozen=True, slots=True)
class Due:
    """An event that time raises at `at`, and the state in which it is taken."""

    at: int
    event: Event


class Timekeeper:
    """The clocks and timers of one flow. `asking` answers the questions of the flow by the name of the decision."""

    def __init__(self, pack: LinkedPack, flow: Flow, asking: Asking) -> None:
        self._pack = pack
        self._flow = flow
        self._asking = asking
        # Most steps touch no clock: the words that any of them hears.
        self.heard = frozenset(
            word for clock in flow.clocks.values() for word in (*clock.start, *clock.stop, *clock.restart)
        )
        self.pausing = frozenset(state for clock in flow.clocks.values() for state in clock.pause_in)

    def listens(self, words: Iterable[str], state: State, before: Snapshot | None) -> bool:
        """Whether any clock may change by a step that heard these words, and now waits in the state."""
        if state.is_final or state.name in self.pausing or (before is not None and before.state in self.pausing):
            return True
        return any(word in self.heard for word in words)

    def timers(self, state: State, facts: Facts, at: int) -> tuple[TimerState, ...]:
        """The timers of a state that is entered now. Raises `Refused` where a length is not known."""
        found = []
        for timer in state.timers:
            name = f"{state.name}.{timer.number}"
            windows = self._lengths(name, timer.decision.name, timer.calendar, facts, at)
            self._require_end(name, ClockState(windows, ClockRun(at), 1), at)
            found.append(TimerState(timer.number, windows))
        return tuple(found)

    def after(
        self, clocks: Mapping[str, ClockState], words: Iterable[str], state: State, facts: Facts, at: int
    ) -> Mapping[str, ClockState]:
        """The clocks after a step that heard these words, in their order, and ended in a state.

        Raises `Refused` where the length of a clock that starts is not known, or lies beyond its calendar.
        """
        found = dict(clocks)
        for name, clock in self._flow.clocks.items():
            for word in words:
                self._hear(found, clock, word, facts, at)
            now = found.get(name)
            if now is None:
                continue
            run = now.run
            if state.is_final:
                run = run.stopped_at(at)
            else:
                run = run.paused(at) if state.name in clock.pause_in else run.resumed(at)
            if run is not now.run:
                found[name] = replace(now, run=run)
                if not run.is_paused:
                    # What was paused ends later than it did when it started.
                    self._require_end(name, found[name], at)
        return found

    def _hear(self, found: dict[str, ClockState], clock: FlowClock, word: str, facts: Facts, at: int) -> None:
        now = found.get(clock.name)
        is_running = now is not None and now.run.stopped is None
        if now is not None and is_running and word in clock.stop:
            found[clock.name] = replace(now, run=now.run.stopped_at(at))
        elif word in clock.restart or (word in clock.start and not is_running):
            windows = self._lengths(clock.name, clock.decision.name, clock.calendar, facts, at)
            started = ClockState(windows, ClockRun(at), 1 if now is None else now.number + 1)
            self._require_end(clock.name, started, at)
            found[clock.name] = started

    def _require_end(self, name: str, started: ClockState, at: int) -> None:
        try:
            self.reading(started, at)
        except BeyondHorizon as beyond:
            raise Refused("clock.beyond_calendar", clock=name, calendar=beyond.name) from None

    def _lengths(self, name: str, decision: str, calendar: str | None, facts: Facts, at: int) -> tuple[Window, ...]:
        answer = self._asking.answer(decision, facts, at)
        windows = _windows(answer, calendar, facts) if answer.conclusion.status == "decided" else None
        if windows is None:
            raise Refused("clock.undecided", clock=name, missing=self._asking.missing(decision, facts, at))
        return windows

    def reading(self, clock: ClockState, at: int) -> Reading:
        """What a clock shows; of several lengths that of the one which ends last. Raises `BeyondHorizon`."""
        calendars = self._pack.calendars
        readings = [read_clock(each, clock.run, at, calendars, self._zone(each)) for each in clock.windows]
        return max(readings, key=lambda each: (each.due_at is None, each.due_at or 0))

    def warns_at(self, clock: ClockState, part: int, at: int) -> int | None:
        """When such a part of its length, in hundredths of a percent, is used up; None while paused."""
        share = Fraction(part, _WHOLE)
        ends = [
            reached(window, clock.run, share, at, self._pack.calendars, self._zone(window)) for window in clock.windows
        ]
        return None if None in ends else max(end for end in ends if end is not None)

    def told(self, at: int) -> str:
        """An instant for people, by the clock on the wall of the pack."""
        return str(to_json(DATETIME, at, self._pack.zone))

    def _zone(self, window: Window) -> Zone:
        return self._pack.zone if window.zone is None else self._pack.zones[str(window.zone)]

    def due(self, snapshot: Snapshot, at: int) -> Iterator[Due]:
        """What time raises in the state that the case is in, and has not raised yet; also what lies ahead."""
        state = self._flow.states[snapshot.state]
        for timer, now in zip(state.timers, snapshot.timers, strict=True):
            if not now.raised and self._flow.choice(state.name, timer.raises) is not None:
                yield Due(self.timer_end(snapshot, now), _event(timer.raises, timer_key(snapshot, now)))
        for name, clock in self._flow.clocks.items():
            running = snapshot.clocks.get(name)
            if running is not None and running.run.stopped is None:
                yield from self._of_clock(clock, running, state, at)

    def timer_end(self, snapshot: Snapshot, timer: TimerState) -> int:
        """When a timer is due. Raises `BeyondHorizon`."""
        run = ClockState(timer.windows, ClockRun(snapshot.entered_at), 0)
        end = self.reading(run, snapshot.entered_at).due_at
        assert end is not None  # INVARIANT: a timer is never paused.
        return end

    def _of_clock(self, clock: FlowClock, running: ClockState, state: State, at: int) -> Iterator[Due]:
        for stage, raises in ((WARN, clock.on_warn), (BREACH, clock.on_breach)):
            if raises is None or stage in running.raised or self._flow.choice(state.name, raises) is None:
                continue
            when = self._when(clock, running, stage, at)
            if when is not None:
                yield Due(when, _event(raises, clock_key(clock.name, running, stage)))

    def _when(self, clock: FlowClock, running: ClockState, stage: str, at: int) -> int | None:
        if stage == WARN:
            return self.warns_at(running, clock.warn_at or _WHOLE, at)
        return self.reading(running, at).due_at

    def raised(self, snapshot: Snapshot, event: Event, at: int) -> "Running":
        """The clocks and timers with what is raised now. Raises `Refused` where nothing of the kind is due."""
        for due in self.due(snapshot, at):
            if due.event.of == event.of and due.event.name == event.name:
                if at < due.at:
                    raise Refused("timer.not_due", event=event.name, due_at=self.told(due.at))
                return self._marked(snapshot, event)
        raise Refused("timer.left", event=event.name)

    def _marked(self, snapshot: Snapshot, event: Event) -> "Running":
        timers = tuple(
            replace(each, raised=True) if timer_key(snapshot, each) == event.of else each for each in snapshot.timers
        )
        clocks = dict(snapshot.clocks)
        for name, running in snapshot.clocks.items():
            for stage in (WARN, BREACH):
                if clock_key(name, running, stage) == event.of:
                    clocks[name] = replace(running, raised=(*running.raised, stage))
        return clocks, timers


def timer_key(snapshot: Snapshot, timer: TimerState) -> str:
    """Of the case, the entry into the state and the timer: one that was left is another."""
    return f"timer/{snapshot.case.key}/{snapshot.entry}/{timer.number}"


def clock_key(name: str, running: ClockState, stage: str) -> str:
    return f"clock/{name}/{running.number}/{stage}"


def _event(name: str, key: str) -> Event:
    return Event(name, CLOCK, key=key, of=key)


def _windows(answer: Answer, calendar: str | None, facts: Facts) -> tuple[Window, ...] | None:
    """A length as windows to be read at any time; None where a fact that chooses its calendar is not known."""
    held = answer.held[WITHIN]
    kind = answer.conclusion.decision.outputs[WITHIN].kind.name
    if kind == "window":
        return _settled(held.windows if isinstance(held, Longest) else (held,), facts.values)
    if held < 1:
        return None
    if kind == "days":
        return (Window(held, WindowUnit.DAYS, CountsFrom.MOMENT),)
    unit = WindowUnit.HOURS if calendar is None else WindowUnit.SERVICE_HOURS
    return (Window(held, unit, CountsFrom.MOMENT, calendar=calendar),)


def _settled(windows: tuple[Window, ...], values: Mapping[str, Any]) -> tuple[Window, ...] | None:
    needed = {path for window in windows for path in facts_of(window)}
    if any(values.get(path, ABSENT) is ABSENT for path in needed):
        return None
    chosen = {path: values[path] for path in needed}
    return tuple(settled(window, chosen) for window in windows)

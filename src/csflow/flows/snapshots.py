"""Owns the snapshot of a case: all that is needed to go on with it, as plain JSON or as engines read it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from csflow.facts import ABSENT, Facts
from csflow.flows.happenings import FAILED, Payment, effect_key, report_key
from csflow.pack.flows import EVENT, KEPT
from csflow.pack.model import LinkedPack
from csflow.values.clocks import ClockRun
from csflow.values.presenting import to_json
from csflow.values.windows import Window

FORMAT_VERSION = 1
# How an effect stands whose outcome is awaited; one that has failed is `FAILED`. A payment that is not tried again is
# given up: its failure is booked, and nothing of it is awaited, but the rail may still report that it succeeded.
ASKED, GIVEN_UP = "asked", "given_up"
_KEPT = f"{KEPT}."


@dataclass(frozen=True, slots=True)
class Identity:
    """What stays the same of a case. `alias` is what its parent calls it; None where it has none."""

    flow: str
    key: str
    digest: str
    opened_at: int
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock that was started: its length, read then, how it runs, which run it is, and what it has raised."""

    windows: tuple[Window, ...]
    run: ClockRun
    number: int
    raised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimerState:
    """A timer of the state that the case is in: its length, read on entry, and whether it has raised its event."""

    number: int
    windows: tuple[Window, ...]
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """An effect whose outcome is awaited, has failed, or may still be told. `key` is that of a payment, or the
    settlement's own; `attempt` how often it was asked for."""

    name: str
    sequence: int
    index: int
    done: str
    failed: str
    state: str = ASKED
    key: str | None = None
    payment: Payment | None = None
    attempt: int = 1

    def key_of(self, case: Identity) -> str:
        return self.key or effect_key(case.flow, case.key, self.sequence, self.index)

    @property
    def is_awaited(self) -> bool:
        return self.state == ASKED

    @property
    def has_failed(self) -> bool:
        return self.state == FAILED

    @property
    def is_given_up(self) -> bool:
        return self.state == GIVEN_UP

    def is_stale(self, event_key: str | None, case: Identity) -> bool:
        """Whether a report is that of an earlier attempt, told again."""
        key = self.key_of(case)
        return event_key in [report_key(key, self.failed, number) for number in range(1, self.attempt)]


@dataclass(frozen=True, slots=True)
class Child:
    """A case that this one has opened; `outcome` once it has ended."""

    flow: str
    key: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The plan at hand, as it is handed to a child: its payments, and what else the settlement asks of a host.

    `number` is that of the plan in the book of its order; `asked`: something of it was asked for, or handed over.
    """

    payments: tuple[Payment, ...] = ()
    effects: tuple[tuple[str, str, int | None], ...] = ()
    asked: bool = False
    number: int = 0


NO_PLAN = Settled()


class Snapshot:
    """A case between two steps. Immutable; `facts` hold what the case keeps and its last quote, too.

    `entry` numbers the entries into states, `sequence` the steps that were taken in. Instants are microseconds.
    """

    __slots__ = (
        "at",
        "case",
        "children",
        "clocks",
        "entered_at",
        "entry",
        "facts",
        "owed",
        "plan",
        "sequence",
        "state",
        "timers",
    )

    # Set by who makes one, since a class without an `__init__` is called in half the time.
    case: Identity
    state: str
    entry: int
    entered_at: int
    sequence: int
    at: int
    facts: Facts
    clocks: Mapping[str, ClockState]
    timers: tuple[TimerState, ...]
    owed: tuple[Owed, ...]
    children: Mapping[str, Child]
    plan: Settled

    def __repr__(self) -> str:
        return f"Snapshot({self.case.flow!r}, {self.case.key!r}, state={self.state!r}, sequence={self.sequence})"

    @property
    def kept(self) -> dict[str, Any]:
        """What the case remembers, in held form."""
        return {path.removeprefix(_KEPT): value for path, value in self.facts.values.items() if path.startswith(_KEPT)}


def snapshot_to_json(pack: LinkedPack, snapshot: Snapshot) -> dict[str, Any]:
    """Plain JSON. `pack` is that of the flow: its facts say how each value is written."""
    values = snapshot.facts.values
    given = {
        path: to_json(fact.kind, values[path], pack.zone)
        for path, fact in pack.facts.items()
        if path in values and not path.startswith(f"{EVENT}.") and values[path] is not ABSENT
    }
    return {
        "format_version": FORMAT_VERSION,
        **asdict(snapshot.case),
        "state": snapshot.state,
        "entry": snapshot.entry,
        "entered_at": snapshot.entered_at,
        "sequence": snapshot.sequence,
        "at": snapshot.at,
        "facts": given,
        "clocks": {name: _clock_to_json(clock) for name, clock in snapshot.clocks.items()},
        "timers": [
            {"number": each.number, "windows": list(map(_window_to_json, each.windows)), "raised": each.raised}
            for each in snapshot.timers
        ],
        "owed": [asdict(each) for each in snapshot.owed],
        "children": {alias: asdict(child) for alias, child in snapshot.children.items()},
        "plan": {
            "payments": [asdict(each) for each in snapshot.plan.payments],
            "effects": [list(each) for each in snapshot.plan.effects],
            "asked": snapshot.plan.asked,
            "number": snapshot.plan.number,
        },
    }


def _clock_to_json(clock: ClockState) -> dict[str, Any]:
    run = clock.run
    return {
        "windows": list(map(_window_to_json, clock.windows)),
        "started": run.started,
        "pauses": [list(each) for each in run.pauses],
        "stopped": run.stopped,
        "number": clock.number,
        "raised": list(clock.raised),
    }


def _window_to_json(window: Window) -> dict[str, Any]:
    return {
        "length": window.length,
        "unit": str(window.unit),
        "counts_from": str(window.counts_from),
        "extend_over": sorted(map(str, window.extend_over)),
        "calendar": window.calendar,
        "zone": window.zone,
        "month_end": None if window.month_end is None else str(window.month_end),
    }

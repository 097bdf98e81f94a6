"""Owns reading a snapshot back from JSON: nothing in it is believed that could not have been written.

A case of another edition of the pack is read as far as it goes: no step is made from it.
"""

from collections.abc import Mapping
from typing import Any

from csflow.facts import facts_of
from csflow.flows.happenings import FAILED, Payment
from csflow.flows.snapshots import (
    ASKED,
    FORMAT_VERSION,
    GIVEN_UP,
    NO_PLAN,
    Child,
    ClockState,
    Identity,
    Owed,
    Settled,
    Snapshot,
    TimerState,
)
from csflow.flows.stepping import Stepper
from csflow.flows.timekeeping import BREACH, WARN
from csflow.pack.flows import KEPT, QUOTE
from csflow.values.calendars import DayClass
from csflow.values.clocks import ClockRun
from csflow.values.windows import CountsFrom, MonthEnd, Window, WindowUnit
from csflow.values.zones import BeyondHorizon

# Instants of the years 1 to 9999, and lengths and numbers as large as any that is written.
_FIRST, _LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
_MOST = 10**15


def snapshot_from_json(stepper: Stepper, document: Mapping[str, Any]) -> Snapshot:
    """The snapshot of such a document. `FactError` for facts that the pack refuses, KeyError for what it lacks.

    ValueError for what no case of the flow can be in.
    """
    whole = _Part("snapshot", document)
    if whole.whole("format_version") != FORMAT_VERSION:
        raise ValueError(f"this csflow reads snapshots of format {FORMAT_VERSION}")
    found = Snapshot()
    found.case = Identity(
        whole.text("flow"), whole.text("key"), whole.text("digest"), whole.instant("opened_at"), whole.text_if("alias")
    )
    found.state, found.entry, found.entered_at = whole.text("state"), whole.number("entry"), whole.instant("entered_at")
    found.sequence, found.at = whole.number("sequence"), whole.instant("at")
    found.facts = facts_of(stepper.pack, _values(stepper, whole.mapping("facts")))
    found.clocks = {name: _clock(part) for name, part in whole.named("clocks").items()}
    found.timers = tuple(
        TimerState(part.whole("number"), _windows(part), part.flag("raised")) for part in whole.parts("timers")
    )
    found.owed = tuple(_owed(part) for part in whole.parts("owed"))
    found.children = {
        alias: Child(part.text("flow"), part.text("key"), part.text_if("outcome"))
        for alias, part in whole.named("children").items()
    }
    found.plan = _plan(whole.part("plan"))
    if found.case.digest == stepper.linked.digest:
        _require_possible(stepper, found)
    return found


class _Part:
    """A mapping of the document, read field by field. ValueError for what is of another kind, KeyError for a gap."""

    def __init__(self, place: str, given: Any) -> None:
        if not isinstance(given, Mapping):
            raise ValueError(f"{place} should be an object")
        self._place = place
        self._given = given

    def text(self, key: str) -> str:
        found: str = self._of(str, key)
        found.encode()  # A lone surrogate is a ValueError, too.
        return found

    def text_if(self, key: str) -> str | None:
        return None if self._given[key] is None else self.text(key)

    def flag(self, key: str) -> bool:
        found: bool = self._of(bool, key)
        return found

    def whole(self, key: str, low: int = 0, high: int = _MOST) -> int:
        found = self._of(int, key)
        if isinstance(found, bool) or not low <= found <= high:
            raise ValueError(f"{self._place}.{key} is out of bounds")
        return int(found)

    def number(self, key: str) -> int:
        return self.whole(key, 1)

    def whole_if(self, key: str) -> int | None:
        return None if self._given[key] is None else self.whole(key)

    def instant(self, key: str) -> int:
        return self.whole(key, _FIRST, _LAST)

    def instant_if(self, key: str) -> int | None:
        return None if self._given[key] is None else self.instant(key)

    def mapping(self, key: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._of(Mapping, key)
        return found

    def part(self, key: str) -> "_Part":
        return _Part(f"{self._place}.{key}", self._given[key])

    def part_if(self, key: str) -> "_Part | None":
        return None if self._given[key] is None else self.part(key)

    def named(self, key: str) -> dict[str, "_Part"]:
        return {name: _Part(f"{self._place}.{key}.{name}", each) for name, each in self.mapping(key).items()}

    def parts(self, key: str) -> list["_Part"]:
        return [_Part(f"{self._place}.{key}", each) for each in self._of(list, key)]

    def rows(self, key: str, *fields: str) -> list["_Part"]:
        """Lists of so many items, as parts whose fields have these names."""
        found = self._of(list, key)
        if not all(isinstance(each, list) and len(each) == len(fields) for each in found):
            raise ValueError(f"{self._place}.{key} should hold lists of {len(fields)}")
        return [_Part(f"{self._place}.{key}", dict(zip(fields, each, strict=True))) for each in found]

    def texts(self, key: str) -> list[str]:
        found = self._of(list, key)
        return [_Part(f"{self._place}.{key}", {"each": each}).text("each") for each in found]

    def _of(self, kind: type, key: str) -> Any:
        found = self._given[key]
        if not isinstance(found, kind):
            raise ValueError(f"{self._place}.{key} is not of the kind that is written there")
        return found


def _values(stepper: Stepper, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was written: of a case that was never quoted nothing is known of a quote, not that nobody must agree."""
    read = stepper.decoder.facts(given).values
    if f"{QUOTE}.outcome" in read:
        return read
    return {path: held for path, held in read.items() if not path.startswith(f"{QUOTE}.")}


def _clock(part: _Part) -> ClockState:
    pauses = tuple((each.instant("begin"), each.instant_if("end")) for each in part.rows("pauses", "begin", "end"))
    run = ClockRun(part.instant("started"), pauses, part.instant_if("stopped"))
    return ClockState(_windows(part), run, part.number("number"), tuple(part.texts("raised")))


def _windows(part: _Part) -> tuple[Window, ...]:
    found = tuple(_window(each) for each in part.parts("windows"))
    if not found:
        raise ValueError("a clock without a length")
    return found


def _window(part: _Part) -> Window:
    month_end = part.text_if("month_end")
    return Window(
        part.number("length"),
        WindowUnit(part.text("unit")),
        CountsFrom(part.text("counts_from")),
        frozenset(map(DayClass, part.texts("extend_over"))),
        part.text_if("calendar"),
        part.text_if("zone"),
        None if month_end is None else MonthEnd(month_end),
    )


def _owed(part: _Part) -> Owed:
    payment = part.part_if("payment")
    return Owed(
        part.text("name"),
        part.number("sequence"),
        part.whole("index"),
        part.text("done"),
        part.text("failed"),
        part.text("state"),
        part.text_if("key"),
        None if payment is None else _payment(payment),
        part.number("attempt"),
    )


def _payment(part: _Part) -> Payment:
    return Payment(
        part.text("key"),
        part.text("name"),
        part.whole("amount"),
        part.text_if("tender"),
        part.text_if("to"),
        part.whole_if("units"),
        part.text_if("form"),
    )


def _plan(part: _Part) -> Settled:
    effects = part.rows("effects", "name", "key", "amount")
    found = Settled(
        tuple(_payment(each) for each in part.parts("payments")),
        tuple((each.text("name"), each.text("key"), each.whole_if("amount")) for each in effects),
        part.flag("asked"),
        part.whole("number"),
    )
    # INVARIANT: there is one plan that is none.
    return NO_PLAN if found == NO_PLAN else found


def _require_possible(stepper: Stepper, found: Snapshot) -> None:
    """ValueError for a case in which none of the flow can be."""
    flow, state = stepper.flow, stepper.flow.states.get(found.state)
    opened = {(each.opens.alias, each.opens.flow) for each in flow.states.values() if each.opens is not None}
    timers = () if state is None else state.timers
    possible = {
        "flow": found.case.flow == flow.name,
        "state": state is not None and state.go is None,
        "at": found.case.opened_at <= found.entered_at <= found.at,
        "facts": all(f"{KEPT}.{name}" in found.facts.values for name in flow.keeps),
        "timers": [each.number for each in found.timers] == [each.number for each in timers],
        "clocks": found.clocks.keys() <= flow.clocks.keys()
        and all({*clock.raised} <= {WARN, BREACH} for clock in found.clocks.values())
        and all(clock.run.started <= found.at for clock in found.clocks.values()),
        "owed": all(_is_owed(stepper, each) for each in found.owed),
        "children": {(alias, child.flow) for alias, child in found.children.items()} <= opened,
    }
    for key, is_so in possible.items():
        if not is_so:
            raise ValueError(f"no case of the flow {flow.name} can have such {key!r}")
    _require_readable(stepper, found)


def _is_owed(stepper: Stepper, owed: Owed) -> bool:
    """An effect of the pack that reports, or one that a settlement has named."""
    kind = stepper.linked.effects.get(owed.name)
    if kind is None:
        settled = owed.name.partition("/")[0]
        done, failed, is_complete = f"{settled}.done", f"{settled}.failed", owed.key is not None
    else:
        done, failed, is_complete = kind.done or "", kind.failed or "", not kind.pays or owed.payment is not None
    return owed.state in (ASKED, FAILED, GIVEN_UP) and (done, failed) == (owed.done, owed.failed) and is_complete


def _require_readable(stepper: Stepper, found: Snapshot) -> None:
    """ValueError for clocks and timers whose calendars or zones the pack does not have, or that end beyond them."""
    times = stepper.timekeeper
    try:
        for clock in found.clocks.values():
            for window in clock.windows:
                _require_known(stepper, window)
            times.reading(clock, found.at)
        for timer in found.timers:
            for window in timer.windows:
                _require_known(stepper, window)
            times.timer_end(found, timer)
    except BeyondHorizon as beyond:
        raise ValueError(f"a clock of the case ends beyond {beyond.name}") from None


def _require_known(stepper: Stepper, window: Window) -> None:
    pack = stepper.linked
    if window.calendar not in (None, *pack.calendars) or window.zone not in (None, *pack.zones):
        raise ValueError(f"the pack has no calendar {window.calendar!r} or no zone {window.zone!r}")

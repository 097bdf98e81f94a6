"""Clocks in their details, and a case played by a virtual clock: each over a small flow that has little else."""

import datetime as dt
from functools import cache
from typing import Any

from tests.unit.flows.packs import SERVICE, files

import csflow
from csflow import Event, Snapshot
from csflow.flows import Simulation

NOON = "2026-11-27T12:00:00+08:00"
TIMING = """\
flow: timing
title: 计时
start: waiting
keeps:
  warnings: {type: int, min: 0, max: 5, start: "0", title: 提醒次数}
events:
  nag: {title: 催, by: [customer]}
  pause: {title: 暂停, by: [front_line]}
  resume: {title: 继续, by: [front_line]}
  answer: {title: 答复, by: [front_line]}
  warn: {title: 提醒, by: [clock]}
  late: {title: 逾期, by: [clock, front_line]}
clocks:
  reply: {title: 答复, within: 24 hours, start: [opened], restart_on: [nag], stop: [answer], pause_in: [paused], warn_at: 50%, on_warn: warn, on_breach: late}
  desk: {title: 服务时间, within: 4 hours, calendar: service, start: [opened], stop: [answer]}
everywhere:
  warn: {set: {warnings: {is: warnings + 1, at_most: "5"}}}
states:
  waiting: {title: 待答复, on: {nag: {do: [tell]}, pause: paused, answer: done, late: {do: [tell]}}, timers: [{after: 3 days, raise: late}]}
  paused: {title: 暂停, on: {resume: waiting, answer: done}, timers: [{after: 9 days, raise: warn}]}
  done: {title: 完成, final: true}
"""
FACTS = {"order": {"id": "O1", "paid": "99 CNY", "paid_at": "2026-11-20T10:00:00+08:00"}}


@cache
def pack() -> csflow.Pack:
    return csflow.load_pack(files({"flows/timing.yaml": TIMING, "calendars/service.yaml": SERVICE}))


def opened() -> Snapshot:
    step = pack().open("timing", FACTS, key="C1", at=NOON)
    assert step.snapshot is not None, step.refusal
    return step.snapshot


def moved(snapshot: Snapshot, name: str, at: str, by: str = "front_line") -> Snapshot:
    step = pack().step(snapshot, Event(name, by), at=at)
    assert step.snapshot is not None
    assert step.status == "moved", step.refusal
    return step.snapshot


def reading(snapshot: Snapshot, at: str, name: str = "reply") -> Any:
    return next(each for each in pack().clocks(snapshot, at=at) if each.name == name)


def moment(found: dt.datetime | None) -> str | None:
    return None if found is None else found.isoformat()


def test_a_clock_that_is_restarted_counts_from_then_and_warns_again() -> None:
    snapshot = moved(opened(), "nag", "2026-11-27T20:00:00+08:00", "customer")
    read = reading(snapshot, "2026-11-27T20:00:00+08:00")
    assert (moment(read.due_at), moment(read.warn_at)) == ("2026-11-28T20:00:00+08:00", "2026-11-28T08:00:00+08:00")
    (warning,) = pack().due(snapshot, at="2026-11-28T08:00:00+08:00")
    warned = pack().step(snapshot, warning, at="2026-11-28T08:00:00+08:00").snapshot
    assert warned is not None
    again = moved(warned, "nag", "2026-11-28T09:00:00+08:00", "customer")
    (second,) = pack().due(again, at="2026-11-28T21:00:00+08:00")
    assert (second.name, warning.name) == ("warn", "warn")
    assert second.key != warning.key


def test_what_the_clock_had_raised_before_it_was_restarted_comes_too_late() -> None:
    snapshot = opened()
    (warning,) = pack().due(snapshot, at="2026-11-28T00:00:00+08:00")
    restarted = moved(snapshot, "nag", "2026-11-27T20:00:00+08:00", "customer")
    step = pack().step(restarted, warning, at="2026-11-29T00:00:00+08:00")
    assert step.refusal is not None
    assert step.refusal.code == "timer.left"


def test_a_clock_neither_warns_nor_ends_while_it_is_paused_and_goes_on_with_what_was_left() -> None:
    paused = moved(opened(), "pause", "2026-11-27T18:00:00+08:00")
    read = reading(paused, "2026-11-29T18:00:00+08:00")
    assert (read.paused, read.due_at, read.warn_at, read.breached) == (True, None, None, False)
    assert (read.elapsed, read.remaining) == (dt.timedelta(hours=6), dt.timedelta(hours=18))
    assert pack().due(paused, at="2026-11-29T18:00:00+08:00") == ()
    gone_on = moved(paused, "resume", "2026-11-29T18:00:00+08:00")
    read = reading(gone_on, "2026-11-29T18:00:00+08:00")
    assert (moment(read.due_at), moment(read.warn_at)) == ("2026-11-30T12:00:00+08:00", "2026-11-30T00:00:00+08:00")


def test_a_duration_with_a_calendar_counts_its_open_hours() -> None:
    assert moment(reading(opened(), NOON, "desk").due_at) == "2026-11-27T16:00:00+08:00"
    late = pack().open("timing", FACTS, key="C1", at="2026-11-27T17:00:00+08:00").snapshot
    assert late is not None
    assert moment(reading(late, NOON, "desk").due_at) == "2026-11-28T12:00:00+08:00"


def test_the_end_of_a_case_stops_its_clocks() -> None:
    done = moved(opened(), "answer", "2026-11-27T13:00:00+08:00")
    assert [each.met for each in pack().clocks(done, at="2027-01-01T00:00:00+08:00")] == [True, True]
    assert pack().due(done, at="2027-01-01T00:00:00+08:00") == ()


def test_what_is_allowed_is_so_until_time_takes_the_case_elsewhere() -> None:
    (answer,) = [each for each in pack().allowed(opened(), role="front_line", at=NOON) if each.event == "answer"]
    assert (answer.why_not, moment(answer.until)) == (None, "2026-11-28T00:00:00+08:00")
    paused = moved(opened(), "pause", "2026-11-27T18:00:00+08:00")
    at = "2026-11-27T18:00:00+08:00"
    (resume,) = [each for each in pack().allowed(paused, role="front_line", at=at) if each.event == "resume"]
    # The clock stands still: the timer of the state is what comes next.
    assert moment(resume.until) == "2026-12-06T18:00:00+08:00"
    assert resume.why_not is None


def test_what_would_be_refused_is_named_with_the_reason() -> None:
    paused = moved(opened(), "pause", "2026-11-27T18:00:00+08:00")
    (resume,) = [each for each in pack().allowed(paused, role="front_line", at=NOON) if each.event == "resume"]
    assert resume.why_not is not None
    assert resume.why_not.code == "time.backwards"


def played() -> Simulation:
    stepper = pack().stepper("timing")
    found = Simulation(stepper, opened().at)
    step = found.open(pack().facts(FACTS), "C1")
    assert step.status == "moved"
    return found


HOUR = 3_600_000_000


def test_time_that_passes_sends_what_it_raises_each_at_its_own_moment() -> None:
    simulation = played()
    start = simulation.at
    made = list(simulation.pass_time(start + 80 * HOUR))
    assert [(each.event.name, (each.at - start) // HOUR) for each in made] == [("warn", 12), ("late", 24), ("late", 72)]
    assert simulation.at == start + 80 * HOUR
    assert simulation.snapshot is not None
    assert simulation.snapshot.kept["warnings"] == 1


def test_time_that_passes_stops_short_of_what_is_not_due_yet() -> None:
    simulation = played()
    start = simulation.at
    assert list(simulation.pass_time(start + 12 * HOUR - 1)) == []
    assert [each.event.name for each in simulation.pass_time(start + 12 * HOUR)] == ["warn"]
    assert list(simulation.pass_time(start + 12 * HOUR)) == []


def test_what_nobody_asked_for_is_absorbed() -> None:
    simulation = played()
    step = simulation.send(simulation.report("send", succeeded=True))
    assert step.status == "absorbed"
    assert simulation.asked == []

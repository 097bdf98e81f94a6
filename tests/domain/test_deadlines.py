"""Every deadline of the worked cases and each of the five clocks of rules B9, as a clock of the packs' own windows."""

from functools import cache
from typing import Any

import pytest

from csflow.loading.passes import load_folder
from csflow.loading.standard import standard_folder
from csflow.pack.model import LinkedPack
from csflow.values.clocks import ClockRun, Reading, read_clock
from csflow.values.instants import SECOND, format_instant, parse_instant
from csflow.values.windows import facts_of, settled

COUNTRY = {"order.country": "de"}
# An end of T24:00 is written as 0:00 of the next day, as `due_at` is exclusive.
DEADLINES = [
    ("C01", "cn", "no_reason_window", "2025-11-10T20:00:00+08:00", "2025-11-18T00:00:00+08:00"),
    ("C04", "cn", "no_reason_window", "2025-11-10T16:30:00Z", "2025-11-19T00:00:00+08:00"),
    ("C05", "cn", "no_reason_window", "2025-11-08T09:00:00+08:00", "2025-11-18T00:00:00+08:00"),
    ("C06", "cn", "no_reason_window", "2025-09-25T10:00:00+08:00", "2025-10-10T00:00:00+08:00"),
    ("C08 refund", "cn", "refund_window", "2025-11-20T10:00:00+08:00", "2025-11-28T00:00:00+08:00"),
    ("C08 risk", "cn", "refund_penalty_line", "2025-11-20T10:00:00+08:00", "2025-12-06T00:00:00+08:00"),
    ("C09 10:00", "cn", "jd_evidence_window", "2025-11-10T10:00:00+08:00", "2025-11-10T14:00:00+08:00"),
    ("C09 14:01", "cn", "jd_evidence_window", "2025-11-10T14:01:00+08:00", "2025-11-11T09:01:00+08:00"),
    ("C09 16:00", "cn", "jd_evidence_window", "2025-11-10T16:00:00+08:00", "2025-11-11T11:00:00+08:00"),
    ("C09 20:00", "cn", "jd_evidence_window", "2025-11-10T20:00:00+08:00", "2025-11-11T13:00:00+08:00"),
    ("C10", "cn", "price_protection_long", "2025-11-11T00:10:00+08:00", "2025-12-11T00:00:00+08:00"),
    ("C11", "eu", "withdrawal_window", "2025-12-13T11:00:00+01:00", "2025-12-30T00:00:00+01:00"),
    ("C12", "eu", "withdrawal_window", "2025-12-15T11:00:00+01:00", "2025-12-30T00:00:00+01:00"),
    ("C13 first", "eu", "withdrawal_window", "2025-12-13T11:00:00+01:00", "2025-12-30T00:00:00+01:00"),
    ("C13 then", "eu", "uninformed_extension", "2025-12-30T00:00:00+01:00", "2026-12-30T00:00:00+01:00"),
    ("C14", "tw", "rescission_window", "2025-11-10T10:00:00+08:00", "2025-11-18T00:00:00+08:00"),
    ("C103", "cn", "negative_review_reply", "2025-11-11T21:00:00+08:00", "2025-11-12T21:00:00+08:00"),
    ("C104 feedback", "cn", "jd_crisis_feedback", "2025-11-10T10:00:00+08:00", "2025-11-10T12:00:00+08:00"),
    ("C104 facts", "cn", "jd_crisis_facts", "2025-11-10T10:00:00+08:00", "2025-11-10T22:00:00+08:00"),
    ("C104 plan", "cn", "jd_crisis_plan", "2025-11-10T10:00:00+08:00", "2025-11-11T10:00:00+08:00"),
    # B9: over the national holiday, which a working Sunday precedes and a working Saturday follows.
    ("B9 seven days", "cn", "no_reason_window", "2025-09-24T10:00:00+08:00", "2025-10-10T00:00:00+08:00"),
    ("B9 refund in 7", "cn", "refund_window", "2025-09-27T10:00:00+08:00", "2025-10-05T00:00:00+08:00"),
    ("B9 refund in 15", "cn", "refund_penalty_line", "2025-09-20T10:00:00+08:00", "2025-10-06T00:00:00+08:00"),
    ("B9 JD", "cn", "jd_evidence_window", "2025-10-01T17:00:00+08:00", "2025-10-02T12:00:00+08:00"),
    ("B9 authority", "cn", "authority_acceptance", "2025-09-26T10:00:00+08:00", "2025-10-14T00:00:00+08:00"),
    ("B9 Taobao 83", "cn", "taobao_court_window", "2025-09-26T10:00:00+08:00", "2025-10-14T00:00:00+08:00"),
    ("B9 EU", "eu", "withdrawal_window", "2025-12-12T23:30:00+01:00", "2025-12-30T00:00:00+01:00"),
]
NOTICES = [
    ("C01", "2025-11-17T23:59:59+08:00", "met"),
    ("C02", "2025-11-18T00:00:00+08:00", "breached"),
    ("C03 allow", "2025-11-17T15:59:59Z", "met"),
    ("C03 deny", "2025-11-17T16:00:00Z", "breached"),
    ("C07", "2025-11-16T12:00:00+08:00", "met"),
]


@cache
def pack_of(name: str) -> LinkedPack:
    pack = load_folder(standard_folder(name)).pack
    assert pack is not None
    return pack


def shows(name: str, parameter: str, run: ClockRun, at: int) -> Reading:
    """What a clock of a parameter's length shows, with the calendars and zones of the pack itself."""
    pack = pack_of(name)
    (edition,) = pack.parameters[parameter].editions
    window: Any = edition.value
    plain = settled(window, {fact: COUNTRY[fact] for fact in facts_of(window)})
    zone = pack.zone if plain.zone is None else pack.zones[str(plain.zone)]
    return read_clock(plain, run, at, pack.calendars, zone)


@pytest.mark.parametrize(("row", "pack", "parameter", "start", "due"), DEADLINES, ids=[row[0] for row in DEADLINES])
def test_a_clock_of_the_packs_own_window_is_due_when_its_row_says(row, pack, parameter, start, due):
    run, end = ClockRun(parse_instant(start)), parse_instant(due)
    running = shows(pack, parameter, run, run.started)
    assert format_instant(running.due_at, 0) == format_instant(end, 0)
    assert (running.breached, running.met) == (False, False)
    assert shows(pack, parameter, run.stopped_at(end - SECOND), end).met
    late = shows(pack, parameter, run, end)
    assert (late.breached, late.remaining) == (True, 0)


@pytest.mark.parametrize(("row", "notice", "comes_out"), NOTICES, ids=[row[0] for row in NOTICES])
def test_a_notice_stops_the_clock_of_seven_days_in_time_or_not(row, notice, comes_out):
    stopped = ClockRun(parse_instant("2025-11-10T20:00:00+08:00")).stopped_at(parse_instant(notice))
    reading = shows("cn", "no_reason_window", stopped, parse_instant("2025-12-31T00:00:00+08:00"))
    assert (reading.met, reading.breached) == (comes_out == "met", comes_out == "breached")


def test_the_rows_are_all_the_deadlines_of_c_1():
    rows = {row[0].split()[0] for row in (*DEADLINES, *NOTICES)}
    assert rows == {*(f"C{number:02}" for number in range(1, 15)), "C103", "C104", "B9"}


def test_a_pause_moves_the_end_of_jds_clock_by_what_of_it_jd_counts():
    """C09, asked at 16:00: from 17:00 to 10:00 of the next day two hours would have counted."""
    start, paused, resumed = (parse_instant(f"2025-11-{moment}:00:00+08:00") for moment in ("10T16", "10T17", "11T10"))
    run = ClockRun(start).paused(paused).resumed(resumed)
    assert shows("cn", "jd_evidence_window", run, resumed).due_at == parse_instant("2025-11-11T13:00:00+08:00")

"""A step of a case: what moves, what is refused and why, and that a refused one changes nothing."""

import json
from typing import Any

import pytest
from tests.unit.flows.packs import EXCHANGE, files, pack

from csflow import Event, Snapshot, Step, load_pack
from csflow.diagnostics import LANGUAGES, Word
from csflow.flows.happenings import REFUSALS

NOON = "2026-11-27T12:00:00+08:00"
LATER = "2026-11-27T13:00:00+08:00"
CLAIM = {
    "order": {"id": "O1", "paid": "99 CNY", "paid_at": "2026-11-20T10:00:00+08:00"},
    "claim": {"signed_at": "2026-11-25T10:00:00+08:00", "requested_at": NOON, "reason": "quality"},
}


def opened(flow: str = "exchange", **order: Any) -> Snapshot:
    step = pack().open(flow, {**CLAIM, "order": CLAIM["order"] | order}, key="C1", at=NOON)
    assert step.status == "moved", step.refusal
    assert step.snapshot is not None
    return step.snapshot


def sent(snapshot: Snapshot, name: str, by: str, at: str = LATER, **data: Any) -> Step:
    facts = {path.replace("__", "."): value for path, value in data.items()}
    return pack().step(snapshot, Event(name, by, data=facts), at=at)


def moved(snapshot: Snapshot, name: str, by: str, at: str = LATER, **data: Any) -> Snapshot:
    step = sent(snapshot, name, by, at, **data)
    assert step.status == "moved", step.refusal
    assert step.snapshot is not None
    return step.snapshot


def inspecting() -> Snapshot:
    return moved(opened(), "agree", "front_line")


def sending() -> Step:
    return sent(inspecting(), "inspected", "front_line", claim__condition="intact")


def refusal(step: Step) -> tuple[str, dict[str, Any]]:
    assert step.status == "refused"
    assert step.refusal is not None
    return step.refusal.code, dict(step.refusal.figures)


def test_a_case_begins_in_the_start_state_with_what_it_keeps() -> None:
    snapshot = opened()
    assert (snapshot.state, snapshot.sequence, snapshot.entry) == ("requested", 1, 1)
    assert snapshot.kept == {"level": "front_line", "tries": 0}


def test_a_state_with_go_is_passed_through_in_one_step() -> None:
    step = sending()
    assert step.snapshot is not None
    assert (step.status, step.snapshot.state) == ("moved", "sending")
    assert [effect.name for effect in step.effects] == ["send"]
    assert step.effects[0].facts == {"order.id": "O1"}
    assert [(each.state, each.event) for each in step.receipt.tried] == [
        ("inspecting", "inspected"),
        ("deciding", None),
    ]
    assert [row.held for row in step.receipt.tried[1].rows] == [True, False, False]
    assert set(step.receipt.decisions) == {"no_reason_return"}


def test_what_an_event_raises_happens_in_the_state_arrived_at() -> None:
    step = sent(inspecting(), "inspected", "front_line", claim__condition="opened")
    assert step.snapshot is not None
    assert (step.snapshot.state, step.snapshot.kept["level"]) == ("asking", "supervisor")
    assert [effect.name for effect in step.effects] == ["tell"]


def test_a_row_that_refuses_gives_the_code_of_the_pack() -> None:
    snapshot = opened(paid="101 CNY")
    step = sent(snapshot, "refuse", "front_line")
    assert refusal(step) == ("needs.review", {"row": "row-1"})
    assert step.snapshot is snapshot
    assert moved(opened(), "refuse", "front_line").state == "refused"


REFUSED = [
    ("event.unknown", "agre", "front_line", {}),
    ("event.not_here", "sent", "front_line", {}),
    ("role.missing", "agree", "customer", {}),
    ("payload.unknown", "agree", "front_line", {"claim.condition": "intact"}),
    ("payload.unknown", "agree", "front_line", {"nonsense": 1}),
]


@pytest.mark.parametrize(("code", "event", "by", "data"), REFUSED)
def test_a_wrong_turn_is_refused_with_its_code_and_changes_nothing(
    code: str, event: str, by: str, data: dict[str, Any]
) -> None:
    snapshot = opened()
    before = pack().snapshot_to_json(snapshot)
    step = pack().step(snapshot, Event(event, by, data=data), at=LATER)
    assert refusal(step)[0] == code
    assert step.snapshot is snapshot
    assert pack().snapshot_to_json(snapshot) == before
    assert (step.effects, step.opened, step.bookings) == ((), (), ())
    for language in LANGUAGES:
        assert step.refusal is not None
        assert "{" not in step.refusal.explain(language)


def test_a_payload_is_checked_like_facts() -> None:
    snapshot = inspecting()
    assert refusal(sent(snapshot, "inspected", "front_line")) == (
        "payload.missing",
        {"event": "inspected", "facts": ["claim.condition"]},
    )
    code, figures = refusal(sent(snapshot, "inspected", "front_line", claim__condition="intct"))
    assert code == "payload.wrong"
    assert "did you mean `intact`" in figures["fault"]["en"]
    assert "您是不是想写「intact」" in figures["fault"]["zh-CN"] and "unknown" not in figures["fault"]["zh-TW"]
    nested = pack().step(snapshot, Event("inspected", "front_line", data={"claim": {"condition": "intact"}}), at=LATER)
    assert nested.status == "moved"


def test_whoever_stands_above_may_do_what_is_below() -> None:
    assert sent(opened(), "agree", "director").status == "moved"
    risen = moved(opened(), "rise", "front_line")
    assert risen.kept["level"] == "supervisor"
    assert refusal(sent(risen, "refuse", "front_line"))[0] == "role.missing"
    assert sent(risen, "refuse", "director").status == "moved"


def test_the_last_level_stays_the_last() -> None:
    snapshot = opened()
    for _ in range(4):
        snapshot = moved(snapshot, "rise", "front_line")
    assert snapshot.kept["level"] == "director"


def test_what_is_counted_stays_at_its_greatest() -> None:
    risen = "rise: {set: {level: next}, do: [tell]}"
    assert risen in EXCHANGE
    counting = load_pack(files({"flows/exchange.yaml": EXCHANGE.replace(risen, "rise: {set: {tries: next}}")}))
    snapshot = counting.open("exchange", CLAIM, key="C1", at=NOON).snapshot
    counted = []
    for _ in range(5):
        assert snapshot is not None
        snapshot = counting.step(snapshot, Event("rise", "front_line"), at=LATER).snapshot
        counted.append(snapshot.kept["tries"] if snapshot else None)
    assert counted == [1, 2, 3, 3, 3]


def test_a_guard_that_cannot_be_decided_refuses_and_says_what_is_missing() -> None:
    step = pack().open("question", {}, key="Q", at=NOON)
    assert step.snapshot is not None
    resting = moved(step.snapshot, "rest", "front_line")
    assert refusal(sent(resting, "again", "front_line")) == (
        "guard.undecided",
        {"state": "resting", "event": "again", "missing": ["order.paid"]},
    )


def test_a_decision_on_the_way_that_is_undecided_refuses_the_step() -> None:
    step = pack().open("exchange", {"order": {"id": "O1"}}, key="C1", at=NOON)
    assert step.snapshot is not None
    snapshot = moved(step.snapshot, "agree", "front_line")
    code, figures = refusal(sent(snapshot, "inspected", "front_line", claim__condition="intact"))
    assert (code, figures["decision"], figures["status"]) == ("decision.undecided", "no_reason_return", "undecided")


def test_an_effect_that_needs_what_is_not_known_refuses_the_step() -> None:
    facts = {**CLAIM, "order": {"paid": "99 CNY", "paid_at": "2026-11-20T10:00:00+08:00"}}
    step = pack().open("exchange", facts, key="C1", at=NOON)
    assert step.snapshot is not None
    snapshot = moved(step.snapshot, "agree", "front_line")
    assert refusal(sent(snapshot, "inspected", "front_line", claim__condition="intact")) == (
        "effect.undecided",
        {"effect": "send", "missing": ["order.id"]},
    )


def test_time_does_not_run_backwards() -> None:
    assert refusal(sent(opened(), "agree", "front_line", "2026-11-27T11:59:59+08:00"))[0] == "time.backwards"


def test_a_case_of_another_edition_of_the_pack_is_refused() -> None:
    from tests.unit.flows.packs import QUESTION, files

    from csflow import load_pack

    other = load_pack(files({"flows/question.yaml": QUESTION.replace("< 100 CNY", "< 99 CNY")}))
    assert refusal(other.step(opened("question"), Event("rest", "front_line"), at=LATER))[0] == "case.other_pack"


def test_a_closed_case_refuses_what_it_does_not_absorb() -> None:
    step = sending()
    assert step.snapshot is not None
    done = pack().step(step.snapshot, step.effects[0].succeeded(), at=LATER)
    assert done.snapshot is not None
    assert done.snapshot.state == "done"
    absorbed = sent(done.snapshot, "nag", "customer")
    assert absorbed.status == "absorbed"
    assert refusal(sent(done.snapshot, "agree", "front_line")) == ("case.closed", {"state": "done"})


def test_the_outcome_of_an_effect_is_taken_once() -> None:
    step = sending()
    assert step.snapshot is not None
    (effect,) = step.effects
    done = pack().step(step.snapshot, effect.succeeded(), at=LATER)
    assert done.snapshot is not None
    again = pack().step(done.snapshot, effect.succeeded(), at=LATER)
    assert (done.status, again.status) == ("moved", "absorbed")
    assert again.snapshot is not None
    assert again.snapshot.state == "done"


def test_what_failed_is_asked_again_under_the_same_key() -> None:
    step = sending()
    assert step.snapshot is not None
    (effect,) = step.effects
    failed = pack().step(step.snapshot, effect.failed(), at=LATER)
    assert failed.snapshot is not None
    assert failed.snapshot.state == "failed"
    twice = pack().step(failed.snapshot, effect.failed(), at=LATER)
    assert twice.status == "absorbed"
    retried = sent(failed.snapshot, "retry", "front_line")
    assert retried.snapshot is not None
    assert [each.key for each in retried.effects] == [effect.key]
    assert retried.snapshot.kept["tries"] == 1
    assert pack().step(retried.snapshot, effect.succeeded(), at=LATER).status == "moved"


def test_a_failure_that_turns_out_a_success_is_one() -> None:
    step = sending()
    assert step.snapshot is not None
    failed = pack().step(step.snapshot, step.effects[0].failed(), at=LATER)
    assert failed.snapshot is not None
    assert pack().step(failed.snapshot, step.effects[0].succeeded(), at=LATER).status == "moved"


def test_a_notice_has_no_outcome() -> None:
    step = sent(opened(), "rise", "front_line")
    assert step.effects[0].notice
    with pytest.raises(ValueError, match="notice"):
        step.effects[0].succeeded()


def test_keys_of_effects_depend_on_the_case_and_the_step_alone() -> None:
    first, again = sending(), sending()
    assert first.effects[0].key == again.effects[0].key
    other = pack().open("exchange", CLAIM, key="C2", at=NOON)
    assert other.snapshot is not None
    snapshot = moved(other.snapshot, "agree", "front_line")
    assert sent(snapshot, "inspected", "front_line", claim__condition="intact").effects[0].key != first.effects[0].key


def test_a_child_tells_its_parent_how_it_ended() -> None:
    asking = sent(inspecting(), "inspected", "front_line", claim__condition="opened")
    assert asking.snapshot is not None
    (child,) = asking.opened
    assert (child.alias, child.flow) == ("question", "question")
    step = pack().open_child(child, at=LATER)
    assert step.snapshot is not None
    assert step.reports is None
    ended = pack().step(step.snapshot, Event("answer", "supervisor", data={"claim.is_member": True}), at=LATER)
    assert ended.reports is not None
    assert ended.reports.name == "question.yes"
    told = pack().step(asking.snapshot, ended.reports, at=LATER)
    assert told.snapshot is not None
    assert (told.status, told.snapshot.state) == ("moved", "sending")
    assert pack().step(told.snapshot, ended.reports, at=LATER).status == "absorbed"


def test_an_outcome_of_another_child_is_not_taken() -> None:
    asking = sent(inspecting(), "inspected", "front_line", claim__condition="opened")
    assert asking.snapshot is not None
    assert pack().step(asking.snapshot, Event("question.yes", "system", of="another"), at=LATER).status == "absorbed"


def test_a_clock_warns_is_breached_and_stops() -> None:
    snapshot = opened()
    assert pack().due(snapshot, at="2026-11-27T23:59:59+08:00") == ()
    (warning,) = pack().due(snapshot, at="2026-11-28T00:00:00+08:00")
    assert refusal(pack().step(snapshot, warning, at=LATER))[0] == "timer.not_due"
    step = pack().step(snapshot, warning, at="2026-11-28T00:00:00+08:00")
    assert step.snapshot is not None
    assert step.snapshot.kept["level"] == "supervisor"
    assert refusal(pack().step(step.snapshot, warning, at="2026-11-28T00:00:00+08:00"))[0] == "timer.left"
    (breach,) = pack().due(step.snapshot, at="2026-11-28T12:00:00+08:00")
    assert breach.key != warning.key
    reading = next(
        each for each in pack().clocks(step.snapshot, at="2026-11-28T12:00:00+08:00") if each.name == "answer"
    )
    assert (reading.breached, reading.met) == (True, False)
    agreed = moved(opened(), "agree", "front_line")
    assert [each.met for each in pack().clocks(agreed, at=LATER) if each.name == "answer"] == [True]
    assert pack().due(agreed, at="2026-11-29T12:00:00+08:00") == ()


def test_only_what_is_due_may_be_sent_by_the_clock() -> None:
    assert refusal(pack().step(opened(), Event("rise", "clock"), at=LATER))[0] == "timer.left"


def test_a_clock_stands_still_while_the_case_waits_elsewhere() -> None:
    snapshot = inspecting()
    (reading,) = [each for each in pack().clocks(snapshot, at="2026-11-28T12:00:00+08:00") if each.name == "whole"]
    assert (reading.paused, reading.due_at) == (True, None)
    step = sent(snapshot, "inspected", "front_line", "2026-11-28T12:00:00+08:00", claim__condition="intact")
    assert step.snapshot is not None
    (reading,) = [each for each in pack().clocks(step.snapshot, at="2026-11-28T12:00:00+08:00") if each.name == "whole"]
    # Ten hours between 9 and 18: six of that day, four of the next.
    assert reading.due_at is not None
    assert reading.due_at.isoformat() == "2026-11-29T13:00:00+08:00"


def test_a_timer_of_a_state_that_was_left_is_refused() -> None:
    snapshot = inspecting()
    (rise,) = pack().due(snapshot, at="2026-12-04T13:00:00+08:00")
    assert pack().step(snapshot, rise, at="2026-12-04T13:00:00+08:00").status == "moved"
    left = moved(snapshot, "inspected", "front_line", claim__condition="intact")
    assert refusal(pack().step(left, rise, at="2026-12-04T13:00:00+08:00"))[0] == "timer.left"


def test_a_clock_beyond_its_calendar_refuses_the_step() -> None:
    late = "2029-12-31T12:00:00+08:00"
    step = pack().open("exchange", CLAIM, key="C1", at=late)
    assert step.snapshot is not None
    assert refusal(sent(step.snapshot, "agree", "front_line", late)) == (
        "clock.beyond_calendar",
        {"clock": "whole", "calendar": "service"},
    )


def test_what_is_allowed_says_by_whom_with_what_and_until_when() -> None:
    found = {each.event: each for each in pack().allowed(opened(), at=LATER)}
    assert set(found) == {"agree", "refuse", "nag", "rise"}
    assert found["refuse"].by == ("front_line",)
    assert found["rise"].by == ("front_line",)
    assert found["agree"].until is not None
    assert found["agree"].until.isoformat() == "2026-11-28T00:00:00+08:00"
    inspect = next(each for each in pack().allowed(inspecting(), at=LATER) if each.event == "inspected")
    assert (inspect.needs, inspect.may) == (("claim.condition",), ("claim.promised_days",))
    dear = {each.event: each for each in pack().allowed(opened(paid="101 CNY"), role="supervisor", at=LATER)}
    assert set(dear) == {"agree", "refuse", "rise"}
    assert dear["refuse"].why_not is not None
    assert dear["refuse"].why_not.code == "needs.review"
    assert pack().allowed(moved(opened(), "refuse", "front_line"), at=LATER) == ()


@pytest.mark.parametrize("make", [opened, inspecting, lambda: sending().snapshot])
def test_a_case_is_plain_json_and_goes_on_from_it(make: Any) -> None:
    snapshot = make()
    text = json.dumps(pack().snapshot_to_json(snapshot), allow_nan=False)
    read = pack().snapshot_from_json(json.loads(text))
    assert pack().snapshot_to_json(read) == json.loads(text)
    assert read.facts.values == snapshot.facts.values
    event = Event("nag", "customer")
    one, other = (pack().step(each, event, at=LATER) for each in (snapshot, read))
    assert one.snapshot is not None
    assert other.snapshot is not None
    assert pack().snapshot_to_json(one.snapshot) == pack().snapshot_to_json(other.snapshot)


def test_every_refusal_of_csflow_has_its_sentence() -> None:
    for code in REFUSALS:
        for language in LANGUAGES:
            assert Word(f"step.{code.replace('.', '_')}").in_language(language)


def test_a_clock_that_goes_on_beyond_its_calendar_refuses_the_step() -> None:
    from tests.unit.flows.packs import SERVICE, files

    from csflow import load_pack

    short = load_pack(files({"calendars/service.yaml": SERVICE.replace("2030-01-01", "2026-12-05")}))
    step = short.open("exchange", CLAIM, key="C1", at=NOON)
    assert step.snapshot is not None
    paused = short.step(step.snapshot, Event("agree", "front_line"), at=LATER).snapshot
    assert paused is not None
    late = "2026-12-04T14:00:00+08:00"
    step = short.step(paused, Event("inspected", "front_line", data={"claim.condition": "intact"}), at=late)
    assert refusal(step) == ("clock.beyond_calendar", {"clock": "whole", "calendar": "service"})


def test_how_a_child_ended_only_the_host_can_say() -> None:
    asking = sent(inspecting(), "inspected", "front_line", claim__condition="opened")
    assert asking.snapshot is not None
    for of in (None, asking.opened[0].key):
        forged = pack().step(asking.snapshot, Event("question.yes", "customer", of=of), at=LATER)
        assert refusal(forged) == ("role.missing", {"event": "question.yes", "by": "customer", "needs": ["system"]})
    assert pack().step(opened(), Event("question.yes", "system"), at=LATER).status == "absorbed"


def test_the_outcome_of_an_effect_is_noted_where_no_row_takes_it() -> None:
    from tests.unit.flows.packs import EXCHANGE, files

    from csflow import load_pack

    waiting = "    on:\n      sent: done\n      not_sent: failed\n  failed:"
    assert waiting in EXCHANGE
    found = load_pack(
        files(
            {
                "flows/exchange.yaml": EXCHANGE.replace(
                    waiting, waiting.replace("  failed:", "") + "      agree: inspecting\n  failed:"
                )
            }
        )
    )
    step = found.open("exchange", CLAIM, key="C1", at=NOON)
    for event in (
        Event("agree", "front_line"),
        Event("inspected", "front_line", data={"claim.condition": "intact"}),
        Event("agree", "front_line"),
    ):
        assert step.snapshot is not None
        before, step = step, found.step(step.snapshot, event, at=LATER)
        assert step.status == "moved", step.refusal
    assert step.snapshot is not None
    assert (step.snapshot.state, len(step.snapshot.owed)) == ("inspecting", 1)
    late = found.step(step.snapshot, before.effects[0].succeeded(), at=LATER)
    assert late.status == "absorbed"
    assert late.snapshot is not None
    assert (late.snapshot.state, late.snapshot.owed) == ("inspecting", ())


@pytest.mark.parametrize("name", ["no.such", "chidl.done"])
def test_a_report_about_nothing_that_the_flow_knows_is_unknown_and_not_absorbed(name: str) -> None:
    """A child or an effect that is mistyped is not lost in silence, by whichever key it is about."""
    for of in (None, "x"):
        step = pack().step(opened(), Event(name, "system", of=of), at=LATER)
        assert (step.status, step.refusal.code) == ("refused", "event.unknown")
    assert pack().step(opened(), Event("bogus", "system", of="x"), at=LATER).refusal.code == "event.unknown"


@pytest.mark.parametrize("data", [0, "", None, []])
def test_what_is_no_payload_is_refused_however_empty_it_is(data: Any) -> None:
    step = pack().step(opened(), Event("agree", "front_line", data=data), at=LATER)
    assert (step.status, step.refusal.code) == ("refused", "payload.wrong")

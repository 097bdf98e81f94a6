"""Every defect of a flow is found before it runs, on its line: those of the survey of other engines, and those beyond.

A clean pack of two flows is changed in one place; what `csflow check` finds then is all there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from evaluators.laboratory import SHOP

import csflow
from csflow.cli.check import examined
from csflow.diagnostics import Finding
from csflow.loading.passes import load_files
from csflow.values.instants import parse_instant

NOW = parse_instant("2026-01-01T00:00:00+08:00")
EFFECTS = """
effects:
  remind_merchant: {title: 提醒商家, notice: true}
  inspect: {title: 送检, needs: [order.id], done: inspected, failed: not_inspected}
  pay: {title: 付款, pays: true, done: paid, failed: bounced}
"""
SETTLEMENT = """
settlement: refund
title: 退款
governed_by: order.paid_at
mode: prorated
routing: pro_rata_actual
tenders: {wechat: {title: 微信支付, cash: true}}
shares: {merchant: rest}
"""
ROLES = """
roles:
  front_line: {title: 一线客服, approves: 100 CNY}
  supervisor: {title: 主管, above: front_line, approves: 1000 CNY}
"""
CALENDAR = """
calendar: service_desk
title: 客服工作时间
covers: "[2024-01-01..2024-02-01)"
weekend: [saturday, sunday]
opening: ["09:00-18:00"]
"""
PAYOUT = """
flow: payout
title: 付款
start: paying
events:
  paid: {title: 已到账, by: [system]}
  bounced: {title: 付款失败, by: [system]}
  retry: {title: 重试, by: [clock]}
  give_up: {title: 放弃, by: [front_line]}
keeps:
  tries: {type: int, min: 0, max: 3, start: "0"}
states:
  paying:
    title: 付款中
    do: [pay]
    on: {paid: done, bounced: stopped}
  stopped:
    title: 付款失败
    timers: [{after: 24 hours, raise: retry}]
    on:
      paid: done
      retry:
        - {id: again, when: tries < 3, to: again, redo: [pay], set: {tries: {is: tries + 1, at_most: "3"}}}
        - {id: enough, when: tries >= 3, to: failed}
      give_up: failed
  again: {title: 再次付款, on: {paid: done, bounced: stopped}}
  done: {title: 已付款, final: true}
  failed: {title: 未付成, final: true}
"""
FLOW = """
flow: return_goods
title: 退货
governed_by: order.paid_at
start: requested
keeps:
  level: {type: role, start: front_line, title: 处理级别}
events:
  accept: {title: 同意退货, by: [merchant, front_line], carries: [claim.condition]}
  refuse: {title: 拒绝, by: level}
  inspected: {title: 检测通过, by: [system]}
  not_inspected: {title: 检测不通过, by: [system]}
  silent: {title: 逾期未答复, by: [clock]}
  late: {title: 超时, by: [clock]}
clocks:
  whole: {title: 全程, within: 30 days, start: [opened], stop: [paid_back, closed], on_breach: late}
everywhere:
  late: {set: {level: next}, do: [remind_merchant]}
states:
  requested:
    title: 已申请
    timers: [{after: 48 hours, raise: silent}]
    on:
      accept:
        - {id: whole, when: claim.condition != damaged, to: inspecting}
        - {id: broken, when: claim.condition = damaged, to: closed}
      refuse: closed
      silent: sorting
  sorting:
    title: 分流
    decide: [route]
    go:
      - {id: yes, when: decision.route.outcome = allow, to: inspecting}
      - {id: no, when: decision.route.outcome = deny, to: closed}
      - {id: unclear, when: decision.route.outcome = manual, to: inspecting, raise: late}
  inspecting:
    title: 检测中
    do: [inspect]
    on: {inspected: quoting, not_inspected: closed}
  quoting:
    title: 计算退款
    quote: refund
    go:
      - {id: quoted, when: quote.outcome = quoted, to: paying}
      - {id: refused, when: quote.outcome = refused, to: closed}
  paying:
    title: 付款中
    opens: {as: cash, flow: payout, with: plan}
    on: {cash.done: paid_back, cash.failed: closed}
  paid_back: {title: 已退款, final: true}
  closed: {title: 已关闭, final: true}
"""
FILES = {
    **SHOP,
    "effects.yaml": EFFECTS.encode(),
    "settlement.yaml": SETTLEMENT.encode(),
    "roles.yaml": ROLES.encode(),
    "calendars/service_desk.yaml": CALENDAR.encode(),
    "flows/payout.yaml": PAYOUT.encode(),
    "flows/return_goods.yaml": FLOW.encode(),
}
GOODS, MONEY = "flows/return_goods.yaml", "flows/payout.yaml"


@dataclass(frozen=True)
class Defect:
    """A change of the clean pack, what is found then, and what stands on the line of the finding."""

    says: str
    edits: Sequence[tuple[str, str]]
    finding: str
    line: str
    file: str = GOODS
    at_load: bool = True

    @property
    def files(self) -> dict[str, bytes]:
        text = FILES[self.file].decode()
        for old, new in self.edits:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        return {**FILES, self.file: text.encode()}

    @property
    def place(self) -> int:
        text = self.files[self.file].decode()
        assert text.count(self.line) == 1, f"{self.line!r} stands {text.count(self.line)} times"
        return text.count("\n", 0, text.index(self.line)) + 1


ACCEPT = "{id: whole, when: claim.condition != damaged, to: inspecting}"
BROKEN = "{id: broken, when: claim.condition = damaged, to: closed}"
UNCLEAR = "      - {id: unclear, when: decision.route.outcome = manual, to: inspecting, raise: late}\n"
TIMER = "timers: [{after: 48 hours, raise: silent}]"
INSPECT = "on: {inspected: quoting, not_inspected: closed}"
CASH = "on: {cash.done: paid_back, cash.failed: closed}"
AGAIN = "again: {title: 再次付款, on: {paid: done, bounced: stopped}}"
ENDS = "  paid_back: {title"
ASKING = """  asking: {title: 询问中, on: {accept: answering}}
  answering: {title: 答复中, on: {refuse: asking}}
"""

# What other engines accept, or find when it is too late.
SEEDED = (
    Defect("a target that is no state", [("refuse: closed", "refuse: clozed")], "unknown-state", "refuse: clozed"),
    Defect(
        "a typo in a guard",
        [(ACCEPT, ACCEPT.replace("claim.condition", "claim.conditoin"))],
        "unknown-fact",
        "claim.conditoin",
    ),
    Defect(
        "a guard that reads what may be missing",
        [(ACCEPT, ACCEPT.replace("claim.condition != damaged", "claim.promised_days > 3 days"))],
        "unguarded-optional",
        "claim.promised_days",
    ),
    Defect(
        "a guard that is no condition",
        [(ACCEPT, ACCEPT.replace("claim.condition != damaged", "order.paid"))],
        "kinds-disagree",
        "when: order.paid,",
    ),
    Defect(
        "an orphan",
        [(ENDS, f"  orphan: {{title: 没有人来, {TIMER[:-1]}], on: {{refuse: closed, silent: closed}}}}\n{ENDS}")],
        "unreachable-state",
        "  orphan:",
    ),
    Defect(
        "a trap",
        [
            ("refuse: closed", "refuse: stuck"),
            (ENDS, f"  stuck: {{title: 停住, on: {{refuse: {{do: [remind_merchant]}}}}}}\n{ENDS}"),
        ],
        "trap",
        "  stuck:",
    ),
    Defect(
        "a final state that no case reaches",
        [(ENDS, f"  unpaid: {{title: 未付, final: true}}\n{ENDS}")],
        "unreachable-state",
        "  unpaid:",
    ),
    Defect(
        "two guards that are both true",
        [(BROKEN, BROKEN.replace("= damaged", "!= intact"))],
        "overlapping-rules",
        "!= intact",
        at_load=False,
    ),
    Defect(
        "two rows without a guard",
        [("refuse: closed", "refuse: [{to: closed}, {to: sorting}]")],
        "rule-without-when",
        "refuse: [",
    ),
    Defect(
        "two guards that always hold",
        [("refuse: closed", "refuse: [{when: 'order.paid >= 0 CNY', to: closed}, {when: true, to: sorting}]")],
        "overlapping-rules",
        "refuse: [",
        at_load=False,
    ),
)
# What csflow asks for besides.
BEYOND = (
    Defect(
        "no way to an end",
        [("refuse: closed", "refuse: asking"), (ENDS, f"{ASKING}{ENDS}")],
        "no-way-to-an-end",
        "  asking:",
    ),
    Defect(
        "a way that comes back in one step",
        [("outcome = deny, to: closed", "outcome = deny, to: sorting")],
        "endless-passage",
        "outcome = deny",
    ),
    Defect(
        "an event that raises itself",
        [("late: {set: {level: next}, do: [remind_merchant]}", "late: {set: {level: next}, raise: late}")],
        "endless-passage",
        "raise: late}\nstates",
    ),
    Defect("a gap", [(f"        - {BROKEN}\n", "")], "gap", "      accept:", at_load=False),
    Defect("an outcome of a decision that is left out", [(UNCLEAR, "")], "gap", "{id: yes", at_load=False),
    Defect(
        "a row that is never true",
        [("tries >= 3, to: failed}", "tries = 3, to: failed}\n        - {id: never, when: tries > 3, to: failed}")],
        "unreachable-rule",
        "id: never",
        MONEY,
        at_load=False,
    ),
    Defect(
        "a row that another shadows",
        [
            (
                "refuse: closed",
                "refuse: {hit_policy: first, rows: [{when: 'order.paid >= 0 CNY', to: closed}, {when: true, to: sorting}]}",
            )
        ],
        "shadowed-rule",
        "refuse: {hit",
        at_load=False,
    ),
    Defect(
        "an outcome of a child that is left out",
        [(CASH, "on: {cash.done: paid_back}")],
        "unhandled-child-outcome",
        "  paying:",
    ),
    Defect(
        "an end with a child open",
        [
            (CASH, f"{TIMER}\n    {CASH[:-1]}, silent: gone}}"),
            (ENDS, f"  gone: {{title: 不等了, final: true}}\n{ENDS}"),
        ],
        "child-left-open",
        "  gone:",
        at_load=False,
    ),
    Defect(
        "a child that is opened twice",
        [(CASH, f"{CASH[:-1]}, refuse: paying}}")],
        "child-opened-twice",
        "    opens:",
    ),
    Defect(
        "flows that open each other",
        [
            (
                AGAIN,
                "again:\n    title: 再次\n    opens: {as: back, flow: return_goods}\n"
                "    on: {back.paid_back: done, back.closed: failed}",
            )
        ],
        "circular-flows",
        "    opens:",
        MONEY,
    ),
    Defect(
        "an outcome of an effect that nobody takes",
        [(INSPECT, "on: {inspected: quoting}")],
        "unheard-effect",
        "  inspecting:",
    ),
    Defect(
        "an outcome of an effect that is no event of the flow",
        [(INSPECT, "on: {inspected: quoting}"), ("  not_inspected: {title: 检测不通过, by: [system]}\n", "")],
        "unheard-effect",
        "  inspecting:",
    ),
    Defect(
        "a retry of what was not done",
        [("refuse: closed", "refuse: {to: closed, redo: [inspect]}")],
        "redo-of-nothing",
        "refuse: {to",
    ),
    Defect(
        "an event that no state takes",
        [("events:\n", "events:\n  withdraw: {title: 撤销, by: [customer]}\n")],
        "untaken-event",
        "  withdraw:",
        at_load=False,
    ),
    Defect(
        "an event that nobody sends", [("by: [merchant, front_line]", "by: []")], "senderless-event", "  accept: {title"
    ),
    Defect(
        "an event that only time sends, and no clock raises",
        [
            ("events:\n", "events:\n  nudge: {title: 催办, by: [clock]}\n"),
            ("everywhere:\n", "everywhere:\n  nudge: {do: [remind_merchant]}\n"),
        ],
        "senderless-event",
        "  nudge: {title",
    ),
    Defect(
        "a timer whose event is not taken",
        [
            (CASH, f"{TIMER}\n    {CASH}"),
            ("    timers: [{after: 48 hours, raise: silent}]\n    on:\n      accept", "    on:\n      accept"),
        ],
        "untaken-raise",
        TIMER,
    ),
    Defect(
        "a row that raises what is not taken",
        [("refuse: closed", "refuse: {to: inspecting, raise: silent}")],
        "untaken-raise",
        "refuse: {to",
    ),
    Defect(
        "a state that waits without a limit",
        [
            (f"    {TIMER}\n", ""),
            ("start: [opened]", "start: [sorting]"),
            ("silent: {title: 逾期未答复, by: [clock]}", "silent: {title: 逾期未答复, by: [merchant]}"),
        ],
        "waiting-without-limit",
        "  requested:",
        at_load=False,
    ),
    Defect(
        "a state that hears of the success of a retry and not of its failure",
        [(AGAIN, AGAIN.replace(", bounced: stopped", ""))],
        "waiting-without-limit",
        "  again:",
        MONEY,
        at_load=False,
    ),
    Defect(
        "a state in which the clock is paused",
        [
            (f"    {TIMER}\n", ""),
            ("start: [opened]", "start: [opened], pause_in: [requested]"),
            ("within: 30 days", "within: 720 hours"),
            ("silent: {title: 逾期未答复, by: [clock]}", "silent: {title: 逾期未答复, by: [merchant]}"),
        ],
        "waiting-without-limit",
        "  requested:",
        at_load=False,
    ),
    Defect("a clock that never starts", [("start: [opened]", "start: [closed]")], "idle-clock", "  whole:"),
    Defect("a clock that never stops", [("stop: [paid_back, closed]", "stop: [opened]")], "idle-clock", "  whole:"),
    Defect(
        "a timer beyond its calendar",
        [("after: 48 hours", "after: 400 hours, calendar: service_desk")],
        "beyond-calendar",
        "after: 400 hours",
    ),
    Defect(
        "a clock beyond its calendar",
        [("within: 30 days", "within: 400 hours, calendar: service_desk")],
        "beyond-calendar",
        "  whole:",
    ),
    Defect(
        "a payload that nobody reads",
        [("carries: [claim.condition]", "carries: [claim.condition, order.weight]")],
        "unread-payload",
        "  accept: {title",
        at_load=False,
    ),
    Defect("a plan that nothing worked out", [("refuse: closed", "refuse: paying")], "missing-quote", "    opens:"),
    Defect(
        "a sender that the quote names before it",
        [("by: level}", "by: quote.approver}")],
        "missing-quote",
        "  refuse: {title",
    ),
    Defect(
        "an escalation without an end",
        [("manual, to: inspecting, raise: late}", "manual, to: requested, raise: late}")],
        "endless-escalation",
        "silent: sorting",
        at_load=False,
    ),
)


def found(files: dict[str, bytes]) -> set[tuple[str, str | None, int]]:
    findings = examined(load_files(files), NOW).findings
    return {(each.name, each.mark.path if each.mark else None, each.mark.line if each.mark else 0) for each in findings}


def test_the_pack_without_a_defect_is_clean_and_its_tables_are_analysed() -> None:
    report = examined(load_files(FILES), NOW)
    assert list(report.findings) == []
    # Two decisions, three choices with guards of one flow, and one of the other.
    assert (report.extent.decisions, report.extent.not_analysed) == (6, [])


@pytest.mark.parametrize("defect", [*SEEDED, *BEYOND], ids=lambda each: each.says)
def test_a_defect_gives_one_finding_on_its_line(defect: Defect) -> None:
    assert found(defect.files) == {(defect.finding, defect.file, defect.place)}


@pytest.mark.parametrize("defect", [*SEEDED, *BEYOND], ids=lambda each: each.says)
def test_a_pack_with_a_defect_that_makes_a_step_wrong_is_refused_when_it_is_loaded(defect: Defect) -> None:
    if not defect.at_load:
        assert csflow.load_pack(defect.files).linked is not None
        return
    with pytest.raises(csflow.PackError) as refused:
        csflow.load_pack(defect.files)
    assert defect.finding in {finding.name for finding in refused.value.diagnostics}


def only(*edits: tuple[str, str], file: str = GOODS) -> Finding:
    [finding] = examined(load_files(Defect("", edits, "", "", file).files), NOW).findings
    return finding


def shown(finding: Finding) -> dict[str, Any]:
    """The case of a finding, without the date by which parameters are read."""
    assert finding.witness is not None
    return {name: value for name, value in finding.witness.items() if name != "order.paid_at"}


def test_a_finding_about_a_state_says_by_which_way_a_case_gets_there() -> None:
    finding = only(("on: {cash.done: paid_back, cash.failed: closed}", "on: {cash.done: paid_back}"))
    way = ["requested", "accept", "inspecting", "inspected", "quoting", "paying"]
    assert finding.witness == {"path": way}
    assert " → ".join(way) in finding.message("en") and "cash.failed" in finding.message("zh-CN")


def test_a_finding_about_rows_names_a_case_that_the_reference_confirms() -> None:
    finding = only((f"        - {BROKEN}\n", ""))
    assert (finding.name, shown(finding)) == ("gap", {"claim.condition": "damaged"})
    finding = only((BROKEN, BROKEN.replace("= damaged", "!= intact")))
    assert (finding.name, shown(finding)) == ("overlapping-rules", {"claim.condition": "opened"})


def test_money_that_no_settlement_computed_is_told_where_it_is_paid() -> None:
    files = Defect("", [(", with: plan}", "}")], "", "").files
    [finding] = examined(load_files(files), NOW).findings
    assert (finding.name, finding.mark.path, finding.values["what"]) == ("missing-quote", MONEY, "pay")


def test_an_end_that_absorbs_what_no_child_ever_reports_is_told() -> None:
    edits = [
        ("quote.outcome = quoted, to: paying", "quote.outcome = quoted, to: paid_back"),
        ("paid_back: {title: 已退款, final: true}", "paid_back: {title: 已退款, final: true, absorbs: [cash.done]}"),
    ]
    told = {name for name, _, _ in found(Defect("", edits, "", "").files)}
    assert told == {"senderless-event", "unreachable-state"}


def test_a_plan_is_not_missed_where_a_guard_may_know_that_there_is_one() -> None:
    guarded = "refuse: [{when: claim.is_member, to: paying}, {otherwise: true, to: closed}]"
    assert found(Defect("", [("refuse: closed", guarded)], "", "").files) == set()


def test_rows_that_ask_who_sends_need_only_answer_for_those_who_may() -> None:
    rows = """[{when: event.by = merchant, to: inspecting}, {when: event.by = front_line, to: closed},
      {when: event.by = supervisor, to: closed}]"""
    by_sender = [(f"        - {ACCEPT}\n        - {BROKEN}\n", ""), ("      accept:\n", f"      accept: {rows}\n")]
    assert found(Defect("", by_sender, "", "").files) == set()
    finding = only(
        *by_sender[:1], (by_sender[1][0], by_sender[1][1].replace("{when: event.by = supervisor, to: closed}", ""))
    )
    # Who is above may do what is below.
    assert (finding.name, shown(finding)) == ("gap", {"event.by": "supervisor"})


def test_rows_need_not_answer_for_what_a_decision_never_says() -> None:
    decisions = {name: data for name, data in FILES.items() if name.startswith("decisions/")}
    never = {name: data.replace(b"outcome: manual", b"outcome: deny") for name, data in decisions.items()}
    assert found({**Defect("", [(UNCLEAR, "")], "", "").files, **never}) == set()
    [(name, path, _)] = found({**FILES, **never})
    assert (name, path) == ("unreachable-rule", GOODS)


def test_what_is_told_in_words_is_for_people() -> None:
    carried = [("carries: [claim.condition]", "carries: [claim.condition, order.id]")]
    files = Defect("", carried, "", "").files
    effects = EFFECTS.replace("needs: [order.id], ", "").encode()
    assert found({**files, "effects.yaml": effects}) == set()


def test_an_escalation_that_no_longer_counts_its_rounds_has_no_end() -> None:
    round_and_round = [
        (', set: {tries: {is: tries + 1, at_most: "3"}}', ""),
        (
            "on: {paid: done, bounced: stopped}}",
            "on: {paid: done, bounced: stopped, retry: stopped}, timers: [{after: 1 hours, raise: retry}]}",
        ),
    ]
    assert [name for name, _, _ in found(Defect("", round_and_round, "", "", MONEY).files)] == ["endless-escalation"]


def test_a_state_that_is_meant_to_wait_says_why_above_it() -> None:
    [defect] = [each for each in BEYOND if each.says == "a state that waits without a limit"]
    text = defect.files[GOODS].decode()
    reason = "  # csflow: ignore[CS444] 顾客想什么时候来都行\n"
    report = examined(
        load_files({**defect.files, GOODS: text.replace("  requested:\n", f"{reason}  requested:\n").encode()}), NOW
    )
    assert (list(report.findings), [each.finding.name for each in report.ignored]) == ([], ["waiting-without-limit"])

"""A small pack with flows, for the tests of this folder: a case with a child, effects with outcomes, clocks."""

from functools import cache
from pathlib import Path

import csflow

BASE = Path(__file__).parents[2] / "spec" / "checks" / "pack"

EFFECTS = """\
effects:
  tell: {title: 告知, notice: true}
  send: {title: 补发, needs: [order.id], done: sent, failed: not_sent}
"""
ROLES = """\
roles:
  front_line: 一线
  supervisor: {title: 主管, above: front_line}
  director: {title: 总监, above: supervisor}
"""
EXCHANGE = """\
flow: exchange
title: 换货
start: requested
keeps:
  level: {type: role, start: front_line, title: 级别}
  tries: {type: int, min: 0, max: 3, start: "0", title: 次数}
events:
  agree: {title: 同意, by: [front_line]}
  refuse: {title: 拒绝, by: level}
  inspected: {title: 验收, by: [front_line], carries: [claim.condition, claim.promised_days]}
  sent: {title: 已发出, by: [system]}
  not_sent: {title: 没发出, by: [system]}
  retry: {title: 重发, by: [front_line]}
  nag: {title: 催, by: [customer]}
  ask_all: {title: 都问, by: [customer]}
  rise: {title: 升级, by: [front_line, clock]}
clocks:
  answer: {title: 答复, within: 24 hours, start: [opened, nag], stop: [agree, refuse], warn_at: 50%, on_warn: rise, on_breach: rise}
  whole: {title: 总时长, within: 10 hours, calendar: service, start: [agree], stop: [done], pause_in: [inspecting]}
everywhere:
  rise: {set: {level: next}, do: [tell]}
  nag: {do: [tell]}
states:
  requested:
    title: 已申请
    on:
      agree: inspecting
      refuse:
        - {when: order.paid > 100 CNY, refuse: needs.review}
        - {otherwise: true, to: refused}
  inspecting:
    title: 验收中
    timers: [{after: 7 days, raise: rise}]
    on: {inspected: deciding}
  deciding:
    title: 判断
    decide: no_reason_return
    go:
      - {when: claim.condition = intact, to: sending}
      - {when: claim.condition = opened, to: asking, raise: rise}
      - {when: claim.condition = damaged, to: refused}
  asking:
    title: 问上级
    opens: {as: question, flow: question}
    on: {question.yes: sending, question.no: refused}
  sending:
    title: 补发中
    do: [send]
    on:
      sent: done
      not_sent: failed
  failed:
    title: 没发出
    on:
      retry: {to: waiting, redo: [send], set: {tries: {is: tries + 1, at_most: "3"}}}
      sent: done
  waiting:
    title: 再等
    on: {sent: done, not_sent: failed}
  done: {title: 完成, final: true, absorbs: [nag]}
  refused: {title: 已拒绝, final: true}
"""
QUESTION = """\
flow: question
title: 请示
start: open
events:
  answer: {title: 答复, by: [supervisor], carries: [claim.is_member]}
  again: {title: 再问, by: [front_line]}
  rest: {title: 搁置, by: [front_line]}
clocks:
  any: {title: 答复时限, within: 2 days, start: [opened], stop: [answer]}
states:
  open:
    title: 待答复
    on:
      answer:
        - {when: claim.is_member, to: yes}
        - {otherwise: true, to: no}
      again: {do: [tell]}
      rest: resting
  resting:
    title: 搁置
    do: [tell]
    on:
      again:
        - {when: order.paid < 100 CNY, to: open}
        - {otherwise: true, do: [tell, tell]}
  yes: {title: 同意, final: true}
  no: {title: 不同意, final: true}
"""
SERVICE = """\
calendar: service
covers: "[2024-01-01..2030-01-01)"
weekend: []
opening: ["09:00-18:00"]
"""
OWN = {
    "effects.yaml": EFFECTS,
    "roles.yaml": ROLES,
    "flows/exchange.yaml": EXCHANGE,
    "flows/question.yaml": QUESTION,
    "calendars/service.yaml": SERVICE,
}


def files(changed: dict[str, str] | None = None) -> dict[str, bytes]:
    """The files of the pack, with some of them changed."""
    found = {str(path.relative_to(BASE)): path.read_bytes() for path in BASE.rglob("*.yaml")}
    return found | {name: text.encode() for name, text in {**OWN, **(changed or {})}.items()}


@cache
def pack() -> csflow.Pack:
    return csflow.load_pack(files())

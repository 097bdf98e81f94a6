"""Owns the flow that `step.py` walks, as csflow has it and as the document that python-statemachine loads."""

PACK = {
    "pack.yaml": """\
pack: desk
title: 案台
language: 1
currency: CNY
rounding: half_up
time_zone: Asia/Shanghai
in_force: "[2024-01-01..2030-01-01)"
reviewed_on: 2026-11-27
""",
    "zone.yaml": """\
zone: Asia/Shanghai
covers: "[2020-01-01..2031-01-01)"
offsets: [{from: 2000-01-01T00:00:00Z, offset: "+08:00"}]
""",
    "facts.yaml": """\
facts:
  order:
    paid: {type: money, min: 0 CNY, max: 100000 CNY}
    shipped: {type: bool}
  claim:
    condition: {type: enum, of: {intact: 完好, opened: 已拆封, damaged: 损坏}}
    days: {type: days, min: 0 days, max: 400 days}
""",
    "codes.yaml": "codes: {too.late: 超过时限}\n",
    "effects.yaml": "effects: {tell: {title: 告知, notice: true}}\n",
    "flow.yaml": """\
flow: refund_only
title: 仅退款
start: requested
events:
  agree: {title: 同意, by: [merchant]}
  back: {title: 退回重审, by: [merchant]}
  withdraw: {title: 撤回, by: [customer]}
  remind: {title: 催办, by: [clock]}
clocks:
  whole: {title: 办理时限, within: 48 hours, start: [opened], stop: [closed], on_breach: remind}
everywhere:
  remind: {do: [tell]}
states:
  requested:
    title: 已申请
    on:
      agree:
        - when: order.paid <= 200 CNY and claim.condition in [intact, opened] and claim.days < 7 days
          to: agreed
          do: [tell]
        - {otherwise: true, to: reviewing}
      withdraw: closed
  agreed: {title: 已同意, on: {back: requested, withdraw: closed}}
  reviewing: {title: 复核中, on: {back: requested, withdraw: closed}}
  closed: {title: 已关闭, final: true}
""",
}

# The same states, events and guard, with amounts in fen.
STATECHART = """\
name: refund_only
datamodel: {paid: '15000', condition: "'intact'", days: '3'}
states:
  requested:
    initial: true
    transitions:
      - event: agree
        target: agreed
        cond: "paid <= 20000 and (condition == 'intact' or condition == 'opened') and days < 7"
      - {event: agree, target: reviewing}
      - {event: withdraw, target: closed}
  agreed:
    transitions:
      - {event: back, target: requested}
      - {event: withdraw, target: closed}
  reviewing:
    transitions:
      - {event: back, target: requested}
      - {event: withdraw, target: closed}
  closed: {final: true}
"""

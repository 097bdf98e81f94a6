"""A small shop whose settlement names everything that one can name, in three languages."""

from functools import cache
from pathlib import Path
from typing import Any

import csflow

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "pack.yaml": """pack: shop
title: 小店
language: 1
currency: CNY
rounding: half_up
time_zone: UTC
in_force: "[2024-01-01..2027-01-01)"
reviewed_on: 2026-11-27
""",
    "facts.yaml": """facts:
  order: {paid_at: {type: datetime, title: {zh-CN: 付款时间, zh-TW: 付款時間, en: paid at}}}
  claim: {reason: {type: reason, title: {zh-CN: 申请原因, zh-TW: 申請原因, en: reason}}}
  x:
    leg: {type: money, min: 0 CNY, max: 500 CNY, title: {zh-CN: 退回运费, zh-TW: 退回運費, en: freight of the return}}
    goodwill: {type: money, min: 0 CNY, max: 500 CNY}
    fallen: {type: money, min: 0 CNY, max: 500 CNY}
    gift: {type: money, min: 0 CNY, max: 500 CNY}
    earned: {type: int, min: 0, max: 1000}
    balance: {type: int, min: 0, max: 1000}
    worth: {type: money, min: 0 CNY, max: 500 CNY}
    late: {type: bool}
    lapses: {type: bool}
    open: {type: bool}
    part: {type: int, min: 0, max: 9}
""",
    "reasons.yaml": """reasons:
  no_reason: {title: 七日无理由, liability: none}
  defect: {title: 商品瑕疵, liability: merchant}
""",
    "codes.yaml": "codes:\n  window.expired: {zh-CN: 已过期限, zh-TW: 已逾期限, en: too late}\n",
    "people.yaml": """roles:
  agent: {title: {zh-CN: 客服, zh-TW: 客服人員, en: agent}, approves: 20 CNY}
  supervisor: {title: {zh-CN: 主管, zh-TW: 督導, en: supervisor}, above: agent, approves: 100 CNY}
""",
    "decisions/approval.yaml": """decision: approval
title: 审批
governed_by: order.paid_at
hit_policy: first
outputs: {needs: {type: role, optional: true}}
rules:
  - {id: agent, when: x.goodwill <= 20 CNY, then: {needs: agent}, because: 店规}
  - {id: supervisor, when: x.goodwill <= 100 CNY, then: {needs: supervisor}, because: 店规}
otherwise: {then: {}, because: 店规}
""",
    "decisions/damages.yaml": """decision: damages
title: 法定赔偿
governed_by: order.paid_at
outputs: {damages: {type: money, options: true}}
rules:
  - {id: only, when: {}, then: {damages: {options: {price: {value: 7 CNY, when: x.open}, loss: {value: 9 CNY, when: x.open}}}}, because: 店规}
""",
    "settlement.yaml": """settlement: refund
title: {zh-CN: 退款, zh-TW: 退款單, en: Refund}
because: {zh-CN: 店规, zh-TW: 店規, en: rules of the shop}
governed_by: order.paid_at
reason: claim.reason
mode: "if liability_of(claim.reason) = none then resettle else prorated"
freight:
  outbound: "if liability_of(claim.reason) = none then customer else merchant"
  threshold: "if liability_of(claim.reason) = none then claimed_back else waived"
routing: pro_rata_actual
tenders:
  wechat: {title: {zh-CN: 微信, zh-TW: 微信支付, en: WeChat}, cash: true}
  card: {title: {zh-CN: 银行卡, zh-TW: 金融卡, en: card}, cash: true, rail: {within: 30 days, refunds: 1}}
  balance: {title: {zh-CN: 余额, zh-TW: 餘額, en: balance}, choosable: true}
  points: {title: {zh-CN: 积分, zh-TW: 點數, en: points}, in_kind: {rounding: half_up}}
  red_packet:
    title: {zh-CN: 红包, zh-TW: 紅包, en: red packet}
    expired: if x.lapses then lapsed else reissued
    validity: 30 days
  voucher: {title: {zh-CN: 代金券, zh-TW: 代金券, en: voucher}, expired: reissued}
  coupon: {title: {zh-CN: 优惠券, zh-TW: 優惠券, en: coupon}, indivisible: true}
shares: {carrier: {part: x.part, at_most: 10 CNY}, merchant: rest}
denials:
  no_return: {title: {zh-CN: 无理由退货, zh-TW: 無理由退貨, en: no-reason return}, when: "x.late and liability_of(claim.reason) = none", code: window.expired, concerned: true}
grants:
  fallen: {title: {zh-CN: 差价, zh-TW: 價差, en: difference}, amount: x.fallen, because: {zh-CN: 承诺, zh-TW: 承諾, en: promise}}
additions:
  leg: {title: {zh-CN: 退回运费, zh-TW: 退回運費, en: return freight}, amount: x.leg, because: {zh-CN: 第一条, zh-TW: 第一條, en: art 1}, shares: {merchant: 1, platform: 1}}
  sorry: {title: {zh-CN: 致歉券, zh-TW: 致歉券, en: apology}, amount: "if liability_of(claim.reason) = merchant then 6 CNY else 5 CNY", form: coupon}
  goodwill: {title: {zh-CN: 补偿, zh-TW: 補償, en: goodwill}, amount: x.goodwill, budget: {at_most: 100 CNY, within: 365 days}, approval: {role: decision.approval.needs, confirmed: x.late and liability_of(claim.reason) = none}}
  damages: {title: {zh-CN: 法定赔偿, zh-TW: 法定賠償, en: damages}, amount: decision.damages.damages, shares: {carrier: {part: 1, at_most: 2 CNY}, merchant: rest}}
withholdings:
  gift: {title: {zh-CN: 赠品, zh-TW: 贈品, en: gift}, amount: x.gift}
recourse:
  loss: {title: {zh-CN: 运输损失, zh-TW: 運輸損失, en: loss in transit}, from: carrier, amount: x.leg, because: {zh-CN: 第二条, zh-TW: 第二條, en: art 2}}
earned:
  bonus: {title: {zh-CN: 赠送积分, zh-TW: 贈送點數, en: points earned}, units: "if liability_of(claim.reason) = merchant then 0 else x.earned", balance: x.balance, charged: x.worth}
  coins: {title: {zh-CN: 金币, zh-TW: 金幣, en: coins}, units: 1, balance: x.balance}
effects:
  red_invoice: {title: {zh-CN: 红字发票, zh-TW: 紅字發票, en: red-letter invoice}, of: refunded}
  recall: {title: {zh-CN: 召回, zh-TW: 召回作業, en: recall}, of: returned, because: {zh-CN: 第三条, zh-TW: 第三條, en: art 3}}
  inspect: {title: {zh-CN: 质检, zh-TW: 品檢, en: inspection}, when: liability_of(claim.reason) = merchant, concerned: true}
  note: {title: {zh-CN: 备注, zh-TW: 備註, en: note}, when: x.late}
  call: {title: {zh-CN: 回访, zh-TW: 回訪, en: call}}
approval: {when: x.late, role: supervisor, confirmed: liability_of(claim.reason) = none}
""",
}  # fmt: skip
AT = "2025-11-20T10:00:00+08:00"
FACTS = {"order.paid_at": "2025-11-08T10:00:00+08:00", "claim.reason": "no_reason", "x.late": False, "x.part": 0}


@cache
def pack() -> csflow.Pack:
    return pack_of(FILES)


def pack_of(files: dict[str, str]) -> csflow.Pack:
    utc = (ROOT / "policies" / "cn" / "calendars" / "utc.yaml").read_bytes()
    return csflow.load_pack({name: text.encode() for name, text in files.items()} | {"utc.yaml": utc})


def yuan(amount: str) -> str:
    return f"{amount} CNY"


def line(id: str, quantity: int, price: str) -> dict[str, Any]:
    return {"id": id, "quantity": quantity, "unit_price": yuan(price)}


def tender(id: str, kind: str, paid: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "tender": kind, "paid": yuan(paid), **more}


def back(line: str, quantity: int = 1, reason: str | None = "no_reason") -> dict[str, Any]:
    return {"line": line, "quantity": quantity} | ({"reason": reason} if reason else {})


def concerning(*names: str, **more: Any) -> dict[str, Any]:
    return {"concerns": [{"name": name} for name in names], **more}


def quoted(
    order: Any, claim: Any, *, at: str | None = AT, book: Any = None, budgets: Any = None, **facts: Any
) -> csflow.Quote:
    """A quote; facts of `x` are given by name."""
    given = FACTS | {f"x.{name}": value for name, value in facts.items()}
    return pack().quote(pack().freeze(order), claim, given, at=at, book=book, budgets=budgets)

"""Terms, rules and values as sentences: what a lawyer or a shop's policy officer reads, in three languages."""

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from string import Formatter

import pytest

import csflow
from csflow.definitions.sections import AGGREGATES, HIT_POLICIES
from csflow.diagnostics import LANGUAGES
from csflow.evaluators.prose import Named, Speaker, plain
from csflow.evaluators.prose.text import fill
from csflow.evaluators.prose.valuing import chinese_numeral
from csflow.expressions.functions import ALL_FUNCTIONS
from csflow.expressions.terms import Aggregate, Call, Term, parts
from csflow.pack.model import CHECKLIST
from csflow.values.calendars import DayClass
from csflow.values.kinds import WINDOW
from csflow.values.windows import CountsFrom, MonthEnd, Window, WindowUnit
from evaluators.laboratory import SHOP

FACTS = """
facts:
  order:
    paid_at: {type: datetime, title: {zh-CN: 付款时间, zh-TW: 付款時間, en: the payment}}
    placed_on: {type: date, title: {zh-CN: 下单日期, zh-TW: 下單日期, en: the order date}}
    paid: {type: money, min: 1 CNY, max: 10000 CNY, title: {zh-CN: 实付金额, zh-TW: 實付金額, en: the amount paid}}
    freight: {type: money, max: 100 CNY, title: {zh-CN: 运费, zh-TW: 運費, en: the freight}}
    note: {type: text, max_length: 40, title: {zh-CN: 备注, zh-TW: 備註, en: the note}}
    platform:
      type: enum
      title: {zh-CN: 平台, zh-TW: 平台, en: the platform}
      of:
        own: {zh-CN: 自营, zh-TW: 自營, en: own shop}
        taobao: {zh-CN: 淘宝, zh-TW: 淘寶, en: Taobao}
        jd: {zh-CN: 京东, zh-TW: 京東, en: JD}
  claim:
    reason: {type: reason, title: {zh-CN: 申请原因, zh-TW: 申請原因, en: the reason}}
    signed_at: {type: datetime, title: {zh-CN: 签收时间, zh-TW: 簽收時間, en: the signing}}
    requested_at: {type: datetime, title: {zh-CN: 申请时间, zh-TW: 申請時間, en: the request}}
    pieces: {type: quantity, title: {zh-CN: 件数, zh-TW: 件數, en: the number of pieces}}
    rate: {type: percent, max: 100%, title: {zh-CN: 折旧率, zh-TW: 折舊率, en: the depreciation}}
    waited: {type: days, title: {zh-CN: 等待天数, zh-TW: 等待天數, en: the wait}}
    delay: {type: duration, title: {zh-CN: 超时时长, zh-TW: 逾時時長, en: the delay}}
    intact: {type: bool, title: {zh-CN: 商品完好, zh-TW: 商品完好, en: the goods are intact}}
    sealed: {type: bool, title: {zh-CN: 封条完整, zh-TW: 封條完整, en: the seal is whole}}
    promised: {type: days, optional: true, title: {zh-CN: 承诺天数, zh-TW: 承諾天數, en: the promised days}}
    handler: {type: role, title: {zh-CN: 经办人, zh-TW: 經辦人, en: the handler}}
    lines:
      title: {zh-CN: 退货明细, zh-TW: 退貨明細, en: the lines}
      max_items: 20
      each:
        price: {type: money, max: 1000 CNY, title: {zh-CN: 单价, zh-TW: 單價, en: price}}
        pieces: {type: quantity, max: 10, title: {zh-CN: 数量, zh-TW: 數量, en: quantity}}
        opened: {type: bool, title: {zh-CN: 已拆封, zh-TW: 已拆封, en: opened}}
        sent_at: {type: datetime, title: {zh-CN: 寄出时间, zh-TW: 寄出時間, en: sent at}}
roles:
  clerk: {title: {zh-CN: 客服, zh-TW: 客服, en: clerk}, approves: 50 CNY}
"""
PARAMETERS = """
parameters:
  window:
    title: {zh-CN: 退货期, zh-TW: 退貨期, en: return window}
    type: window
    editions: [{from: 2024-01-01, value: {length: 7 days, counts_from: next_day}, because: law, basis: law}]
  multiple:
    title: {zh-CN: 赔偿倍数, zh-TW: 賠償倍數, en: the multiple}
    type: int
    min: 1
    editions: [{from: 2024-01-01, value: 3, because: law, basis: law}]
"""


@cache
def the_pack(expressions):
    """The shop's vocabularies, the facts above, and a derived value for each expression."""
    base = {name: SHOP[name] for name in ("codes.yaml", "reasons.yaml", "calendars/cn.yaml", "calendars/zone.yaml")}
    facts, roles = FACTS.split("roles:")
    lines = [f"  d{number:02}: {{is: '{text}'}}" for number, text in enumerate(expressions)]
    texts = {
        "pack.yaml": SHOP["pack.yaml"],
        "facts.yaml": facts.encode(),
        "roles.yaml": f"roles:{roles}".encode(),
        "parameters.yaml": PARAMETERS.encode(),
        "derived.yaml": "\n".join(["derived:", *lines]).replace("''", "'").encode(),
    }
    return csflow.load_pack(base | texts)


def term_of(number):
    return the_pack(EXPRESSIONS).linked.derived[f"d{number:02}"].term


def below(term):
    yield term
    for part in parts(term):
        yield from below(part)


# What an author writes, and what is read: zh-CN, zh-TW, en.
SAID = [
    (
        "claim.intact",
        "「商品完好」成立",
        "「商品完好」成立",
        "“the goods are intact” holds",
    ),
    (
        "not claim.intact",
        "「商品完好」不成立",
        "「商品完好」不成立",
        "“the goods are intact” does not hold",
    ),
    (
        "claim.intact = false",
        "「商品完好」不成立",
        "「商品完好」不成立",
        "“the goods are intact” does not hold",
    ),
    (
        "claim.intact = claim.sealed",
        "「商品完好」与「封条完整」都成立或者都不成立",
        "「商品完好」與「封條完整」均成立或者均不成立",
        "“the goods are intact” and “the seal is whole” both hold or both fail",
    ),
    (
        "claim.intact != claim.sealed",
        "「商品完好」与「封条完整」恰有一项成立",
        "「商品完好」與「封條完整」恰有一項成立",
        "exactly one of “the goods are intact” and “the seal is whole” holds",
    ),
    (
        "true",
        "在任何情况下",
        "在任何情況下",
        "in every case",
    ),
    (
        "order.platform = taobao",
        "平台为「淘宝」",
        "平台為「淘寶」",
        "the platform is “Taobao”",
    ),
    (
        "order.platform != taobao",
        "平台不是「淘宝」",
        "平台不是「淘寶」",
        "the platform is not “Taobao”",
    ),
    (
        "not order.platform = taobao",
        "平台不是「淘宝」",
        "平台不是「淘寶」",
        "the platform is not “Taobao”",
    ),
    (
        "order.platform in [taobao, jd]",
        "平台为「淘宝」或「京东」",
        "平台為「淘寶」或「京東」",
        "the platform is “Taobao” or “JD”",
    ),
    (
        "order.platform in [own, taobao, jd]",
        "平台为「自营」「淘宝」「京东」之一",
        "平台為「自營」「淘寶」「京東」之一",
        "the platform is one of “own shop”, “Taobao”, “JD”",
    ),
    (
        "order.platform not in [taobao, jd]",
        "平台既不是「淘宝」也不是「京东」",
        "平台既不是「淘寶」也不是「京東」",
        "the platform is neither “Taobao” nor “JD”",
    ),
    (
        "order.platform not in [taobao]",
        "平台不是「淘宝」",
        "平台不是「淘寶」",
        "the platform is not “Taobao”",
    ),
    (
        "not (order.platform in [own, taobao, jd])",
        "平台不是「自营」「淘宝」「京东」中的任何一项",
        "平台不是「自營」「淘寶」「京東」中的任何一項",
        "the platform is none of “own shop”, “Taobao”, “JD”",
    ),
    (
        'order.note = "gift"',
        "备注为「gift」",
        "備註為「gift」",
        "the note is “gift”",
    ),
    (
        "claim.reason in [quality/*]",
        "申请原因为「质量问题」下的任一原因",
        "申請原因為「质量问题」下的任一原因",
        "the reason is any reason under “质量问题”",
    ),
    (
        "claim.reason in [quality/*, no_reason]",
        "申请原因为「质量问题」下的任一原因或「七日无理由」",
        "申請原因為「质量问题」下的任一原因或「七日无理由」",
        "the reason is any reason under “质量问题” or “七日无理由”",
    ),
    (
        "order.paid = 100 CNY",
        "实付金额等于100元",
        "實付金額等於人民幣100元",
        "the amount paid equals CNY 100",
    ),
    (
        "order.paid != 100 CNY",
        "实付金额不等于100元",
        "實付金額不等於人民幣100元",
        "the amount paid does not equal CNY 100",
    ),
    (
        "order.paid < 100 CNY",
        "实付金额低于100元",
        "實付金額低於人民幣100元",
        "the amount paid is below CNY 100",
    ),
    (
        "order.paid <= 12.34 CNY",
        "实付金额不超过12.34元",
        "實付金額不超過人民幣12.34元",
        "the amount paid is at most CNY 12.34",
    ),
    (
        "order.paid > 1000 CNY",
        "实付金额超过1,000元",
        "實付金額超過人民幣1,000元",
        "the amount paid is more than CNY 1,000",
    ),
    (
        "order.paid >= 100 CNY",
        "实付金额不低于100元",
        "實付金額不低於人民幣100元",
        "the amount paid is at least CNY 100",
    ),
    (
        "not order.paid >= 100 CNY",
        "实付金额低于100元",
        "實付金額低於人民幣100元",
        "the amount paid is below CNY 100",
    ),
    (
        "not order.paid < 100 CNY",
        "实付金额不低于100元",
        "實付金額不低於人民幣100元",
        "the amount paid is at least CNY 100",
    ),
    (
        "not order.paid <= 100 CNY",
        "实付金额超过100元",
        "實付金額超過人民幣100元",
        "the amount paid is more than CNY 100",
    ),
    (
        "not order.paid > 100 CNY",
        "实付金额不超过100元",
        "實付金額不超過人民幣100元",
        "the amount paid is at most CNY 100",
    ),
    (
        "not order.paid != 100 CNY",
        "实付金额等于100元",
        "實付金額等於人民幣100元",
        "the amount paid equals CNY 100",
    ),
    (
        "claim.rate >= 12.5%",
        "折旧率不低于12.5%",
        "折舊率不低於12.5%",
        "the depreciation is at least 12.5%",
    ),
    (
        "claim.pieces < 3",
        "件数少于3",
        "件數少於3",
        "the number of pieces is less than 3",
    ),
    (
        "claim.waited >= 7 days",
        "等待天数不少于7天",
        "等待天數不少於7天",
        "the wait is at least 7 days",
    ),
    (
        "claim.waited > 1 day",
        "等待天数超过1天",
        "等待天數超過1天",
        "the wait is more than 1 day",
    ),
    (
        "claim.delay <= 48 hours",
        "超时时长不超过48小时",
        "逾時時長不超過48小時",
        "the delay is at most 48 hours",
    ),
    (
        "claim.delay < 90 minutes",
        "超时时长少于90分钟",
        "逾時時長少於90分鐘",
        "the delay is less than 90 minutes",
    ),
    (
        "order.placed_on <= 2026-11-15",
        "下单日期不晚于2026年11月15日",
        "下單日期不晚於2026年11月15日",
        "the order date is not after 15 November 2026",
    ),
    (
        "order.paid_at < 2026-11-15",
        "付款时间的日期早于2026年11月15日",
        "付款時間的日期早於2026年11月15日",
        "the date of the payment is before 15 November 2026",
    ),
    (
        "claim.requested_at >= claim.signed_at",
        "申请时间不早于签收时间",
        "申請時間不早於簽收時間",
        "the request is not before the signing",
    ),
    (
        "order.paid in [100 CNY..200 CNY)",
        "实付金额不低于100元且低于200元",
        "實付金額不低於人民幣100元且低於人民幣200元",
        "the amount paid is at least CNY 100 and is below CNY 200",
    ),
    (
        "order.paid not in (100 CNY..200 CNY]",
        "实付金额不在（超过100元且不超过200元）的范围内",
        "實付金額不在（超過人民幣100元且不超過人民幣200元）的範圍內",
        "the amount paid is outside the range that (is more than CNY 100 and is at most CNY 200)",
    ),
    (
        "order.placed_on in [2026-10-20..2026-11-15]",
        "下单日期不早于2026年10月20日且不晚于2026年11月15日",
        "下單日期不早於2026年10月20日且不晚於2026年11月15日",
        "the order date is not before 20 October 2026 and is not after 15 November 2026",
    ),
    (
        "claim.promised is given",
        "已提供承诺天数",
        "已提供承諾天數",
        "the promised days is given",
    ),
    (
        "claim.promised is absent",
        "未提供承诺天数",
        "未提供承諾天數",
        "the promised days is not given",
    ),
    (
        "claim.promised is given and claim.waited <= claim.promised",
        "已提供承诺天数，并且等待天数不超过承诺天数",
        "已提供承諾天數，並且等待天數不超過承諾天數",
        "the promised days is given and the wait is at most the promised days",
    ),
    (
        "claim.intact and claim.sealed",
        "「商品完好」成立，并且「封条完整」成立",
        "「商品完好」成立，並且「封條完整」成立",
        "“the goods are intact” holds and “the seal is whole” holds",
    ),
    (
        "claim.intact or claim.sealed",
        "「商品完好」成立，或者「封条完整」成立",
        "「商品完好」成立，或者「封條完整」成立",
        "“the goods are intact” holds or “the seal is whole” holds",
    ),
    (
        "claim.intact and claim.sealed and order.paid > 5 CNY",
        "同时符合下列条件：（1）「商品完好」成立；（2）「封条完整」成立；（3）实付金额超过5元",
        "同時符合下列條件：（1）「商品完好」成立；（2）「封條完整」成立；（3）實付金額超過人民幣5元",
        "all of the following hold: (1) “the goods are intact” holds; (2) “the seal is whole” holds; (3) the amount paid is more than CNY 5",
    ),
    (
        "claim.intact or claim.sealed or order.paid > 5 CNY",
        "符合下列条件之一：（1）「商品完好」成立；（2）「封条完整」成立；（3）实付金额超过5元",
        "符合下列條件之一：（1）「商品完好」成立；（2）「封條完整」成立；（3）實付金額超過人民幣5元",
        "at least one of the following holds: (1) “the goods are intact” holds; (2) “the seal is whole” holds; (3) the amount paid is more than CNY 5",
    ),
    (
        "claim.intact and (claim.sealed or order.paid > 5 CNY)",
        "「商品完好」成立，并且（「封条完整」成立，或者实付金额超过5元）",
        "「商品完好」成立，並且（「封條完整」成立，或者實付金額超過人民幣5元）",
        "“the goods are intact” holds and (“the seal is whole” holds or the amount paid is more than CNY 5)",
    ),
    (
        "claim.intact or claim.sealed and order.paid > 5 CNY",
        "「商品完好」成立，或者（「封条完整」成立，并且实付金额超过5元）",
        "「商品完好」成立，或者（「封條完整」成立，並且實付金額超過人民幣5元）",
        "“the goods are intact” holds or (“the seal is whole” holds and the amount paid is more than CNY 5)",
    ),
    (
        "not (claim.intact and claim.sealed)",
        "并非（「商品完好」成立，并且「封条完整」成立）",
        "並非（「商品完好」成立，並且「封條完整」成立）",
        "it is not so that (“the goods are intact” holds and “the seal is whole” holds)",
    ),
    (
        "not (claim.intact or claim.sealed)",
        "并非（「商品完好」成立，或者「封条完整」成立）",
        "並非（「商品完好」成立，或者「封條完整」成立）",
        "it is not so that (“the goods are intact” holds or “the seal is whole” holds)",
    ),
    (
        "within(param.window, claim.signed_at, claim.requested_at)",
        "申请时间未超过自签收时间起算的「退货期」",
        "申請時間未逾自簽收時間起算的「退貨期」",
        "the request is within “return window” counted from the signing",
    ),
    (
        "not within(param.window, claim.signed_at, claim.requested_at)",
        "申请时间已超过自签收时间起算的「退货期」",
        "申請時間已逾自簽收時間起算的「退貨期」",
        "the request is after “return window” counted from the signing",
    ),
    (
        "if claim.intact then claim.sealed else order.paid > 5 CNY",
        "在「商品完好」成立的情况下须「封条完整」成立，其他情况下须实付金额超过5元",
        "在「商品完好」成立的情況下須「封條完整」成立，其他情況下須實付金額超過人民幣5元",
        "where “the goods are intact” holds, “the seal is whole” holds, and elsewhere the amount paid is more than CNY 5",
    ),
    (
        "some line in claim.lines satisfies line.opened",
        "退货明细中至少有一项符合（该项的「已拆封」成立）",
        "退貨明細中至少有一項符合（該項的「已拆封」成立）",
        "at least one record of the lines satisfies (its “opened” holds)",
    ),
    (
        "every line in claim.lines satisfies line.price < 5 CNY and not line.opened",
        "退货明细中每一项都符合（该项的单价低于5元，并且该项的「已拆封」不成立）",
        "退貨明細中每一項都符合（該項的單價低於人民幣5元，並且該項的「已拆封」不成立）",
        "every record of the lines satisfies (its price is below CNY 5 and its “opened” does not hold)",
    ),
    (
        "not (some line in claim.lines satisfies line.opened)",
        "退货明细中没有一项符合（该项的「已拆封」成立）",
        "退貨明細中沒有一項符合（該項的「已拆封」成立）",
        "no record of the lines satisfies (its “opened” holds)",
    ),
    (
        "not (every line in claim.lines satisfies line.opened)",
        "退货明细中并非每一项都符合（该项的「已拆封」成立）",
        "退貨明細中並非每一項都符合（該項的「已拆封」成立）",
        "not every record of the lines satisfies (its “opened” holds)",
    ),
    (
        "some a in claim.lines satisfies every b in claim.lines satisfies a.price <= b.price",
        "退货明细中至少有一项符合（退货明细中每一项都符合（该项（a）的单价不超过该项（b）的单价））",
        "退貨明細中至少有一項符合（退貨明細中每一項都符合（該項（a）的單價不超過該項（b）的單價））",
        "at least one record of the lines satisfies (every record of the lines satisfies (price of a is at most price of b))",
    ),
    (
        "order.paid + order.freight",
        "实付金额+运费",
        "實付金額+運費",
        "the amount paid + the freight",
    ),
    (
        "order.paid - order.freight - 5 CNY",
        "实付金额−运费−5元",
        "實付金額−運費−人民幣5元",
        "the amount paid − the freight − CNY 5",
    ),
    (
        "order.paid - (order.freight + 5 CNY)",
        "实付金额−（运费+5元）",
        "實付金額−（運費+人民幣5元）",
        "the amount paid − (the freight + CNY 5)",
    ),
    (
        "order.paid * 2",
        "实付金额×2",
        "實付金額×2",
        "the amount paid × 2",
    ),
    (
        "2 * order.paid",
        "实付金额的2倍",
        "實付金額的2倍",
        "2 times the amount paid",
    ),
    (
        "10% * order.paid",
        "实付金额的10%",
        "實付金額的10%",
        "10% of the amount paid",
    ),
    (
        "10% * (order.paid + order.freight)",
        "（实付金额+运费）的10%",
        "（實付金額+運費）的10%",
        "10% of (the amount paid + the freight)",
    ),
    (
        "param.multiple * order.paid",
        "赔偿倍数×实付金额",
        "賠償倍數×實付金額",
        "the multiple × the amount paid",
    ),
    (
        "order.paid / 3",
        "实付金额÷3",
        "實付金額÷3",
        "the amount paid ÷ 3",
    ),
    (
        "(order.paid + order.freight) / param.multiple",
        "（实付金额+运费）÷赔偿倍数",
        "（實付金額+運費）÷賠償倍數",
        "(the amount paid + the freight) ÷ the multiple",
    ),
    (
        "-order.paid",
        "负的实付金额",
        "負的實付金額",
        "minus the amount paid",
    ),
    (
        "order.placed_on + 7 days",
        "下单日期之后7天",
        "下單日期之後7天",
        "7 days after the order date",
    ),
    (
        "claim.signed_at + 48 hours",
        "签收时间之后48小时",
        "簽收時間之後48小時",
        "48 hours after the signing",
    ),
    (
        "claim.signed_at - 48 hours",
        "签收时间之前48小时",
        "簽收時間之前48小時",
        "48 hours before the signing",
    ),
    (
        "min(order.paid, order.freight)",
        "实付金额与运费中的较低者",
        "實付金額與運費中較低者",
        "the lower of the amount paid and the freight",
    ),
    (
        "max(order.paid, order.freight, 5 CNY)",
        "实付金额、运费与5元中的最高者",
        "實付金額、運費與人民幣5元中最高者",
        "the highest of the amount paid, the freight and CNY 5",
    ),
    (
        "min(claim.signed_at, claim.requested_at)",
        "签收时间与申请时间中最早的一个",
        "簽收時間與申請時間中最早者",
        "the earliest of the signing and the request",
    ),
    (
        "max(claim.signed_at, claim.requested_at, order.paid_at)",
        "签收时间、申请时间与付款时间中最晚的一个",
        "簽收時間、申請時間與付款時間中最晚者",
        "the latest of the signing, the request and the payment",
    ),
    (
        "prorate(order.freight, order.paid, order.paid)",
        "运费按实付金额占实付金额的比例计算的部分",
        "運費按實付金額占實付金額之比例計算的部分",
        "the part of the freight in the ratio of the amount paid to the amount paid",
    ),
    (
        "days_between(claim.signed_at, claim.requested_at)",
        "自签收时间至申请时间相隔的天数",
        "自簽收時間至申請時間相隔的天數",
        "the number of days from the signing to the request",
    ),
    (
        "deadline(param.window, claim.signed_at)",
        "自签收时间起算的「退货期」届满之时",
        "自簽收時間起算的「退貨期」屆滿之時",
        "the end of “return window” counted from the signing",
    ),
    (
        "date_of(claim.signed_at)",
        "签收时间的日期",
        "簽收時間的日期",
        "the date of the signing",
    ),
    (
        "liability_of(claim.reason)",
        "申请原因对应的责任方",
        "申請原因對應的責任方",
        "the party liable for the reason",
    ),
    (
        "authority_of(claim.handler)",
        "经办人的审批额度",
        "經辦人的核准額度",
        "the approval limit of the handler",
    ),
    (
        "sum(claim.lines.price)",
        "退货明细各项的单价之和",
        "退貨明細各項的單價之和",
        "the sum of price over the lines",
    ),
    (
        "sum(line in claim.lines, line.price * line.pieces)",
        "退货明细各项的（单价×数量）之和",
        "退貨明細各項的（單價×數量）之和",
        "the sum of (price × quantity) over the lines",
    ),
    (
        "count(claim.lines)",
        "退货明细的项数",
        "退貨明細的項數",
        "the number of records in the lines",
    ),
    (
        "count(line in claim.lines, line.opened and line.price > 5 CNY)",
        "退货明细中符合（该项的「已拆封」成立，并且该项的单价超过5元）的项数",
        "退貨明細中符合（該項的「已拆封」成立，並且該項的單價超過人民幣5元）的項數",
        "the number of records in the lines that satisfy (its “opened” holds and its price is more than CNY 5)",
    ),
    (
        "min(claim.lines.price)",
        "退货明细各项的单价中的最小值",
        "退貨明細各項的單價中的最小值",
        "the smallest price in the lines",
    ),
    (
        "max(claim.lines.sent_at)",
        "退货明细各项的寄出时间中最晚的一个",
        "退貨明細各項的寄出時間中最晚者",
        "the latest sent at in the lines",
    ),
    (
        "if claim.intact then order.paid else 0 CNY",
        "如果「商品完好」成立，取实付金额，否则取0元",
        "如果「商品完好」成立，取實付金額，否則取人民幣0元",
        "if “the goods are intact” holds, the amount paid, otherwise CNY 0",
    ),
    (
        "(if claim.intact then order.paid else 0 CNY) + order.freight",
        "（如果「商品完好」成立，取实付金额，否则取0元）+运费",
        "（如果「商品完好」成立，取實付金額，否則取人民幣0元）+運費",
        "(if “the goods are intact” holds, the amount paid, otherwise CNY 0) + the freight",
    ),
    (
        "not (if claim.intact then claim.sealed else order.paid > 5 CNY)",
        "在「商品完好」成立的情况下须「封条完整」不成立，其他情况下须实付金额不超过5元",
        "在「商品完好」成立的情況下須「封條完整」不成立，其他情況下須實付金額不超過人民幣5元",
        "where “the goods are intact” holds, “the seal is whole” does not hold, and elsewhere the amount paid is at most CNY 5",
    ),
]

EXPRESSIONS = tuple(written for written, *_ in SAID)


@pytest.mark.parametrize("number", range(len(SAID)), ids=EXPRESSIONS)
def test_a_term_is_told_in_every_language(number):
    pack, term = the_pack(EXPRESSIONS).linked, term_of(number)
    told = [
        plain(speaker.condition(term) if term.kind.name == "bool" else speaker.value(term))
        for speaker in (Speaker(pack, language) for language in LANGUAGES)
    ]
    assert told == list(SAID[number][1:])


def test_every_kind_of_term_and_every_function_is_told_here():
    terms = [*the_pack(EXPRESSIONS).linked.terms(), *shop().terms()]
    seen = [part for term in terms for part in below(term)]
    assert {type(part).__name__ for part in seen} == {kind.__name__ for kind in Term.__subclasses__()}
    called = {part.function for part in seen if isinstance(part, (Call, Aggregate))}
    assert called == ALL_FUNCTIONS


DECISIONS = """
decision: compensation
title: {zh-CN: 赔偿, zh-TW: 賠償, en: Compensation}
governed_by: order.paid_at
inputs: {platform: order.platform, promised: claim.promised, in_time: "claim.waited <= 7 days"}
outputs:
  amount: {type: money, optional: true, title: {zh-CN: 金额, zh-TW: 金額, en: Amount}}
  choice: {type: money, options: true, optional: true, title: {zh-CN: 赔偿, zh-TW: 賠償, en: Damages}}
  fast: {type: bool, optional: true, title: {zh-CN: 快速处理, zh-TW: 快速處理, en: Fast track}}
rules:
  - id: limited
    when: {platform: [own, jd], promised: ">= 3 days", in_time: true}
    then: {amount: {is: "10% * order.paid", at_least: 5 CNY, at_most: 200 CNY}, fast: claim.waited > 3 days}
    because: law
    exceptions:
      - {id: sealed, when: claim.sealed, then: {amount: 5 CNY, fast: false}, because: law}
  - id: chosen
    when: {platform: taobao, promised: absent, in_time: false}
    then:
      amount: {expr: "if claim.sealed then order.paid else 0 CNY"}
      choice:
        options:
          fraud: {value: 3 * order.paid, when: claim.intact, title: {zh-CN: 三倍, zh-TW: 三倍, en: threefold}}
          plain: 5 CNY
    because: law
otherwise: {}
"""
LAYER = """
layer: taobao
title: {zh-CN: 淘宝规则, zh-TW: 淘寶規則, en: Taobao rules}
rank: platform
while: order.platform = taobao
exceptions:
  - {id: higher, of: compensation/limited, when: {promised: given}, then: {amount: 9 CNY}, because: law}
"""
CANCEL = """
decision: cancel
title: Cancel
requires: [{id: intact, that: claim.intact and claim.sealed, else: ok, because: law}]
"""
READER = """
decision: reader
title: Reader
outputs: {high: {type: bool}}
rules:
  - {id: only, when: {}, then: {high: "decision.compensation.fast is given and decision.compensation.fast"}, because: law}
"""


@cache
def shop():
    base = {name: SHOP[name] for name in ("codes.yaml", "reasons.yaml", "calendars/cn.yaml", "calendars/zone.yaml")}
    facts, roles = FACTS.split("roles:")
    texts = [facts, f"roles:{roles}", PARAMETERS, DECISIONS, LAYER, CANCEL, READER]
    files = {f"{number}.yaml": text.encode() for number, text in enumerate(texts)}
    return csflow.load_pack(base | {"pack.yaml": SHOP["pack.yaml"]} | files).linked


def rule(decision, id):
    return next(each for each in shop().decisions[decision].every_rule() if each.id == id)


def sentence(decision, id, language):
    found = shop().decisions[decision]
    return plain(Speaker(shop(), language, found).rule(found, rule(decision, id)))


@pytest.mark.parametrize(
    ("decision", "id", "language", "told"),
    [
        (
            "compensation",
            "limited",
            "zh-CN",
            "如果同时符合下列条件：（1）平台为「自营」或「京东」；（2）承诺天数不少于3天；（3）「in_time」成立，"
            "那么金额为实付金额的10%，最低5元，最高200元；快速处理视等待天数超过3天而定：成立为「是」，不成立为「否」。",
        ),
        ("compensation", "sealed", "zh-CN", "但是，如果「封条完整」成立，则改为：金额为5元，快速处理为「否」。"),
        ("compensation", "higher", "zh-TW", "但在「淘寶規則」適用期間，如果已提供承諾天數，則改為：金額為人民幣9元。"),
        (
            "compensation",
            "chosen",
            "zh-CN",
            "如果同时符合下列条件：（1）平台为「淘宝」；（2）未提供承诺天数；（3）「in_time」不成立，"
            "那么金额按下列办法确定：如果「封条完整」成立，取实付金额，否则取0元；"
            "赔偿由权利人选择其一：（1）三倍（「商品完好」成立的）：实付金额的3倍；（2）plain：5元。",
        ),
        ("compensation", "otherwise", "en", "Where none of these rules holds, nothing is given."),
        (
            "reader",
            "only",
            "en",
            "In every case, high is “yes” where “Fast track” of “Compensation” holds, and “no” elsewhere.",
        ),
    ],
)
def test_a_rule_is_one_sentence_with_its_conditions_and_what_it_gives(decision, id, language, told):
    assert sentence(decision, id, language) == told


def test_a_requirement_says_what_must_hold_and_the_answer_where_it_does_not():
    decision = shop().decisions["cancel"]
    told = plain(Speaker(shop(), "zh-CN", decision).requirement(decision.rules[0]))
    assert told == "须「商品完好」成立，并且「封条完整」成立；不满足的，答复为「可以受理」。"


def test_a_cell_says_what_it_asks_without_its_column():
    decision = shop().decisions["compensation"]
    speaker = Speaker(shop(), "zh-CN", decision)
    cells = {(each.id, cell.input): plain(speaker.cell(cell)) for each in decision.rules for cell in each.cells}
    assert cells["limited", "platform"] == "自营、京东"
    assert cells["limited", "promised"] == "不少于3天"
    assert cells["limited", "in_time"] == "是"
    assert cells["chosen", "promised"] == "未提供"


def test_names_remember_what_they_stand_for():
    decision = shop().decisions["compensation"]
    told = Speaker(shop(), "en", decision).rule(decision, rule("compensation", "limited"))
    named = [piece for piece in told if isinstance(piece, Named)]
    assert Named("fact", "order.platform", "the platform") in named
    assert Named("input", "compensation.in_time", "in_time") in named


def test_braces_in_a_title_are_text():
    assert plain(fill("join.quote", "en", text="{text} {0}")) == "“{text} {0}”"


@pytest.mark.parametrize("name", ["prose.toml", "handbook.toml", "graph.toml"])
def test_every_word_has_the_same_places_in_every_language(name):
    groups = tomllib.loads(files("csflow.diagnostics").joinpath(name).read_text(encoding="utf-8"))
    for group, words in groups.items():
        for key, said in words.items():
            assert set(said) == set(LANGUAGES), f"{group}.{key}"
            places = {
                language: {place for _, place, _, _ in Formatter().parse(text)} for language, text in said.items()
            }
            assert len({frozenset(each - {None}) for each in places.values()}) == 1, f"{group}.{key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_in_which_rules_meet_is_told(language):
    decision = shop().decisions["compensation"]
    ways = [(policy, None) for policy in (*HIT_POLICIES, CHECKLIST)]
    ways += [("collect", aggregate) for aggregate in AGGREGATES.values()]
    told = set()
    for policy, aggregate in ways:
        asked = replace(decision, hit_policy=policy, aggregate=aggregate, ranked_by=(), otherwise=None)
        told.add(" ".join(map(plain, Speaker(shop(), language).hit_policy(asked))))
    assert len(told) == len(set(ways))


EXTENDED = frozenset({DayClass.STATUTORY_HOLIDAY, DayClass.REST_DAY})


@pytest.mark.parametrize(
    ("window", "simplified", "english"),
    [
        (
            Window(7, WindowUnit.DAYS, CountsFrom.NEXT_DAY, EXTENDED, "cn"),
            "七天，自起算日的次日起算，期满遇法定节假日或休息日顺延，日历按「小店日历」",
            "7 days, counted from the day after the start, extended where the last day is a public holiday or a rest "
            "day, by the calendar “小店日历”",
        ),
        (
            Window(2, WindowUnit.DAYS, CountsFrom.SAME_DAY),
            "两天，自起算日当日起算（当日计为第一天）",
            "2 days, counted from the day of the start, which is the first",
        ),
        (
            Window(1, WindowUnit.MONTHS, CountsFrom.NEXT_DAY, month_end=MonthEnd.LAST_DAY),
            "一个月，自起算日的次日起算，届满月份没有相应日的，以该月最后一日为期满日",
            "1 month, counted from the day after the start, where the month has no such day, to its last day",
        ),
        (
            Window(48 * 3600 * 10**6, WindowUnit.HOURS, CountsFrom.MOMENT),
            "48小时，自起算的时刻起算",
            "48 hours, counted from the moment of the start",
        ),
        (
            Window(15, WindowUnit.WORKING_DAYS, CountsFrom.NEXT_DAY, calendar="cn", zone="Asia/Taipei"),
            "十五个工作日，自起算日的次日起算，日历按「小店日历」，按Asia/Taipei时间",
            "15 working days, counted from the day after the start, by the calendar “小店日历”, in the time of Asia/Taipei",
        ),
    ],
)
def test_a_window_is_told_as_the_law_writes_it(window, simplified, english):
    assert Speaker(shop(), "zh-CN").values.shown(WINDOW, window) == simplified
    assert Speaker(shop(), "en").values.shown(WINDOW, window) == english


def test_chinese_numerals():
    numbers = [1, 10, 11, 20, 101, 110, 365, 1005, 9999, 10_000, 0]
    told = [
        "一",
        "十",
        "十一",
        "二十",
        "一百零一",
        "一百一十",
        "三百六十五",
        "一千零五",
        "九千九百九十九",
        "10000",
        "0",
    ]
    assert [chinese_numeral(number) for number in numbers] == told

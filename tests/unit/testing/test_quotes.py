"""A test of a settlement passes where each refund is what its step names, and each mistake in one is found on its line."""

import json
import re

import pytest

from csflow.diagnostics.rendering.text import render_text
from csflow.settlement.cases import QuoteCase
from csflow.testing.coverage import Coverage, coverage_of
from csflow.testing.reporting import asked_of, report_of
from csflow.testing.running import Runner

from .shop import loaded

PARTS = {
    "settlement_yaml": """
settlement: refund
title: 退款
governed_by: order.paid_at
reason: claim.reason
mode: decision.terms.mode
routing: pro_rata_actual
tenders: {wechat: {title: 微信支付, cash: true}, red_packet: 红包}
shares: {carrier: {at_most: decision.terms.carrier}, merchant: rest}
""",
    "parameters__offers_yaml": """
parameters:
  lost_offer:
    title: 优惠失去时
    type: enum
    of: {prorated: 保留, resettle: 重新计算}
    editions: [{from: 2024-01-01, value: resettle, because: 第一条, basis: own}]
""",
    "decisions__terms_yaml": """
decision: terms
title: 退款条件
governed_by: order.paid_at
inputs: {at_fault: liability_of(claim.reason)}
outputs:
  mode: {type: enum, of: {prorated: 保留, resettle: 重新计算}}
  carrier: {type: money, min: 0 CNY, max: 100 CNY}
rules:
  - {id: fault, when: {at_fault: "not(none, customer)"}, then: {mode: prorated, carrier: 10 CNY}, because: 第二条}
  - {id: no-fault, when: {at_fault: [none, customer]}, then: {mode: {expr: param.lost_offer}, carrier: 0 CNY}, because: 第三条}
""",
}
ORDER = {
    "id": "C21",
    "lines": [
        {"id": "A", "quantity": 1, "unit_price": "200.00 CNY"},
        {"id": "B", "quantity": 1, "unit_price": "120.00 CNY"},
    ],
    "offers": [{"id": "300-50", "tiers": [{"at_least": "300.00 CNY", "amount": "50.00 CNY"}]}],
    "tenders": [
        {"id": "t1", "tender": "wechat", "paid": "200.00 CNY"},
        {"id": "t2", "tender": "red_packet", "paid": "70.00 CNY"},
    ],
}
LINES = """
        - {id: A, quantity: 1, unit_price: 200.00 CNY}
        - {id: B, quantity: 1, unit_price: 120.00 CNY}"""
HEAD = f"""tests:
  quote: refund
  given: {{order: {{paid_at: 2025-11-08T10:00:00+08:00}}}}
  order:
      id: C21
      lines: {LINES}
      offers: [{{id: 300-50, tiers: [{{at_least: 300.00 CNY, amount: 50.00 CNY}}]}}]
      tenders:
        - {{id: t1, tender: wechat, paid: 200.00 CNY}}
        - {{id: t2, tender: red_packet, paid: 70.00 CNY}}
  cases:
    - name: 一个用例
      steps:
"""
B_BACK = "returns: [{line: B, quantity: 1, reason: no_reason}]"
B_FAULTY = "returns: [{line: B, quantity: 1, reason: defect}]"
A_BACK = "returns: [{line: A, quantity: 1, reason: no_reason}]"
A_FAULTY = "returns: [{line: A, quantity: 1, reason: defect}]"


def steps(*lines: str) -> str:
    return HEAD + "".join(f"        - {{{line}}}\n" for line in lines)


def pack_with(text: str, **more: str):
    return loaded(text, **(PARTS | more))


def differing(text: str, **more: str) -> list[tuple[int, str, object, object]]:
    """What differs in the one test: the step, the part, what was expected, what came."""
    pack = pack_with(text, **more)
    assert [(each.name, each.values) for each in pack.diagnostics] == []
    (case,) = pack.cases
    assert isinstance(case, QuoteCase)
    found = Runner(pack.pack).run(case).differences
    return [(each.step, each.expected.part, each.expected.value, each.actual) for each in found]


def found(text: str, **more: str) -> list[tuple[str, int, str]]:
    """Findings by name, line and what they mark."""
    return [(each.name, each.mark.line, each.mark.text) for each in pack_with(text, **more).diagnostics if each.mark]


def test_amounts_are_compared_to_the_fen_by_tender_and_by_party():
    right = "expect: {refund: 70.00 CNY, customer_owes: 0 CNY, refunds: {t1: 51.85 CNY, t2: 18.15 CNY}, borne: {merchant: 70 CNY, carrier: 0 CNY}}"
    assert differing(steps(f"{B_BACK}, {right}")) == []
    wrong = "expect: {refund: 70.01 CNY, customer_owes: 1 CNY, refunds: {t2: 18.14 CNY}, borne: {merchant: 69 CNY, carrier: 1 CNY}}"
    assert differing(steps(f"{B_BACK}, {wrong}")) == [
        (1, "refund", 7001, 7000),
        (1, "customer_owes", 100, 0),
        (1, "refunds.t2", 1814, 1815),
        (1, "borne.merchant", 6900, 7000),
        (1, "borne.carrier", 100, 0),
    ]


def test_steps_follow_each_other_on_one_book():
    first = f"{B_BACK}, expect: {{refund: 70 CNY}}"
    assert differing(steps(first, f"{A_BACK}, expect: {{refund: 200 CNY}}")) == []
    assert differing(steps(first, f"{A_BACK}, expect: {{refund: 270 CNY}}")) == [(2, "refund", 27000, 20000)]
    assert differing(steps(first, f"{B_BACK}, expect: {{refusal: cap.quantity, limit: 0}}")) == []
    # What one step differs in is no reason to be silent about the next.
    both = steps(f"{B_BACK}, expect: {{refund: 71 CNY}}", f"{A_BACK}, expect: {{refund: 201 CNY}}")
    assert [step for step, *_ in differing(both)] == [1, 2]


@pytest.mark.parametrize(
    ("outcome", "second"),
    [
        ("succeeded", "168.75"),
        ("unknown", "168.75"),
        ("failed", "270.00"),
        ("{t1: failed}", "243.75"),
        ("{t1: failed, t2: succeeded}", "243.75"),
    ],
)
def test_only_a_payment_that_is_known_to_have_failed_goes_back_again(outcome, second):
    first = f"{B_FAULTY}, outcome: {outcome}, expect: {{refund: 101.25 CNY, refunds: {{t1: 75.00 CNY}}}}"
    assert differing(steps(first, f"{A_FAULTY}, expect: {{refund: {second} CNY}}")) == []


def test_a_payment_that_there_is_not_differs_from_whatever_is_said_of_it():
    owed = PARTS | {"settlement_yaml": PARTS["settlement_yaml"].replace("pro_rata_actual", "cash_first")}
    first = f"{B_BACK}, outcome: {{t2: failed}}, expect: {{refund: 70 CNY}}"
    assert differing(steps(first), **owed) == [(1, "outcome.1", "failed", None)]


def test_a_refusal_is_compared_by_its_name_and_its_limit():
    grant = "granted: [{line: A, amount: 200.00 CNY}], given: {claim: {reason: defect}}"
    assert differing(steps(f"{grant}, expect: {{refusal: cap.line, limit: 168.75 CNY}}")) == []
    assert differing(steps(f"{grant}, expect: {{refusal: cap.quantity, limit: 1}}")) == [
        (1, "refusal", "cap.quantity", "cap.line"),
        (1, "limit", (True, 1), (False, 16875)),
    ]
    # 16875 units are no 168.75.
    assert differing(steps(f"{grant}, expect: {{limit: 16875}}")) == [(1, "limit", (True, 16875), (False, 16875))]


def test_another_status_says_it_all_and_later_steps_are_not_reached():
    unknown = "returns: [{line: B, quantity: 1}]"
    text = steps(f"{unknown}, expect: {{refund: 1 CNY}}", f"{A_BACK}, expect: {{refund: 1 CNY}}")
    assert differing(text) == [(1, "status", "quoted", "undecided")]
    assert differing(steps(f"{unknown}, expect: {{missing: [claim.reason, terms]}}")) == []
    assert differing(steps(f"{unknown}, expect: {{missing: claim.reason}}")) == [
        (1, "missing", ("claim.reason",), ("claim.reason", "terms"))
    ]
    assert differing(steps(f"{B_BACK}, expect: {{status: undecided}}")) == [(1, "status", "undecided", "quoted")]


def test_parameters_may_be_others():
    text = steps(f"{B_BACK}, expect: {{refund: 101.25 CNY}}")
    assert differing(text) == [(1, "refund", 10125, 7000)]
    assert differing(text.replace("      steps:", "      with_parameters: {lost_offer: prorated}\n      steps:")) == []


def test_an_order_in_a_file_is_that_order_and_its_faults_are_found_in_the_file():
    inline = HEAD[HEAD.index("  order:") : HEAD.index("  cases:")]
    text = steps(f"{B_BACK}, expect: {{refund: 70 CNY}}").replace(inline, "  order: orders/c21.json\n")
    written = json.dumps(ORDER, indent="\t", ensure_ascii=False)
    assert differing(text, tests__orders__c21_json=written) == []
    wrong = written.replace('"120.00 CNY"', '"120.00 USD"')
    (finding,) = pack_with(text, tests__orders__c21_json=wrong).diagnostics
    assert (finding.name, finding.mark.path, finding.mark.line) == ("other-currency", "tests/orders/c21.json", 12)
    assert found(text, tests__orders__c20_json=written) == [("unreadable-file", 4, "orders/c21.json")]
    assert found(text.replace("c21.json", "c21.csv")) == [("unfit-table-file", 4, "orders/c21.csv")]
    assert found(text.replace("orders/c21", "../../c21")) == [("path-escape", 4, "../../c21.json")]


RIGHT = steps(
    f"{B_BACK}, outcome: {{t1: failed}}, expect: {{refund: 70 CNY, refunds: {{t1: 1 CNY}}, borne: {{merchant: 1 CNY}}}}"
)
MISTAKES = {
    "quote: refund": ("quote: refnd", ("no-such-settlement", 2, "refnd")),
    "tender: wechat": ("tender: wechta", ("unknown-tender", 11, "wechta")),
    "id: A, quantity: 1": ("id: A, quantity: one", ("wrong-kind", 7, "one")),
    "id: B, quantity: 1, unit": ("id: B, qantity: 1, unit", ("unknown-order-field", 8, "qantity")),
    "200.00 CNY}\n        - {id: t2": ("201.00 CNY}\n        - {id: t2", ("unbalanced-tenders", 10, "tenders")),
    "{line: B": ("{line: C", ("unknown-order-line", 16, "C")),
    "quantity: 1, reason": ("quantity: 0, reason", ("out-of-bounds", 16, "0")),
    "reason: no_reason": ("reason: no_reasn", ("unknown-symbol", 16, "no_reasn")),
    "{t1: failed}": ("{t9: failed}", ("unknown-choice", 16, "t9")),
    "t1: failed": ("t1: lost", ("unknown-choice", 16, "lost")),
    "refunds: {t1": ("refunds: {t3", ("unknown-choice", 16, "t3")),
    "borne: {merchant": ("borne: {merchnt", ("unknown-choice", 16, "merchnt")),
    "refund: 70 CNY": ("refund: 70", ("money-without-currency", 16, "70")),
    "refund: 70": ("refnd: 70", ("unknown-plan-expectation", 16, "refnd")),
    "returns: [{line: B, quantity: 1, reason: no_reason}], ": ("", ("missing-key", 16, "expect")),
    "      steps:": ("      expect: {}\n      steps:", ("misplaced-key", 15, "expect")),
    "  quote: refund": ("  quote: refund\n  decide: terms", ("misplaced-key", 2, "quote")),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_is_found_on_its_line(right):
    wrong, expected = MISTAKES[right]
    assert right in RIGHT and found(RIGHT) == []
    findings = found(RIGHT.replace(right, wrong, 1))
    assert expected in findings
    # One fault, one finding; but nobody knows what a field was meant to be that the order does not have.
    assert len(findings) == 1 or expected[0] == "unknown-order-field"


def test_a_status_excludes_what_it_cannot_have():
    assert found(steps(f"{B_BACK}, expect: {{refusal: cap.line, refund: 1 CNY}}")) == [
        ("excluded-expectation", 16, "refund")
    ]
    assert [name for name, *_ in found(steps(f"{B_BACK}, outcome: failed, expect: {{limit: 1}}"))] == [
        "excluded-expectation"
    ]
    assert [name for name, *_ in found(steps(f"{B_BACK}, expect: {{}}"))] == ["case-without-expectation"]


def test_a_failure_tells_both_sides_on_the_line_and_the_statement():
    pack = pack_with(steps(f"{B_BACK}, expect: {{refund: 70.01 CNY, refunds: {{t1: 52 CNY}}}}"))
    (finding,) = report_of(pack).findings
    assert (finding.name, finding.mark.line, finding.mark.text) == ("failed-test", 16, "70.01 CNY")
    told = render_text([finding], "zh-CN").splitlines()
    assert told[0].endswith(
        "用例「一个用例」没有通过：第 1 步的退款应为「70.01 CNY」，实为「70.00 CNY」；第 1 步的退回：微信支付 (t1)应为「52.00 CNY」，实为「51.85 CNY」"
    )
    assert re.search("第 1 步的退款 +70.01 CNY  70.00 CNY", "\n".join(told))
    assert "   |   付款时间：2025-11-08 10:00:00+08:00" in told
    assert "   |   本次退款：70.00 CNY" in told


# Coverage


def coverage(text: str, **more: str) -> Coverage:
    pack = pack_with(text, **more)
    return coverage_of(pack.pack, asked_of(pack))


def covered(of: Coverage) -> set[str]:
    return {each.text for each in of.met if each.home == "terms" and each.measure == "rules"}


def test_a_refund_covers_the_rules_that_its_terms_ask():
    both = steps(f"{B_BACK}, expect: {{refund: 70 CNY}}", f"{A_FAULTY}, expect: {{refund: 200 CNY}}")
    assert covered(coverage(steps(f"{B_BACK}, expect: {{refund: 70 CNY}}"))) == {"no-fault"}
    assert covered(coverage(both)) == {"no-fault", "fault"}
    # With other parameters another pack is asked.
    other = steps(f"{B_BACK}, expect: {{refund: 101.25 CNY}}")
    assert (
        covered(coverage(other.replace("      steps:", "      with_parameters: {lost_offer: prorated}\n      steps:")))
        == set()
    )


def test_a_refund_covers_a_rule_only_where_its_amounts_would_be_others():
    otherwise = "otherwise: {then: {mode: resettle, carrier: 10 CNY}, because: 第四条}\n"
    terms = {"decisions__terms_yaml": re.sub("  - {id: no-fault.*\n", otherwise, PARTS["decisions__terms_yaml"])}
    seen = coverage(steps(f"{B_FAULTY}, expect: {{refund: 101.25 CNY}}"), **terms)
    # Nothing was refunded too much whether or not the offer is lost, and the carrier bears as much.
    unseen = coverage(steps(f"{B_FAULTY}, expect: {{customer_owes: 0 CNY, borne: {{carrier: 10 CNY}}}}"), **terms)
    assert [covered(of) for of in (seen, unseen)] == [{"fault"}, set()]
    assert [of.hit == seen.hit for of in (seen, unseen)] == [True, True]

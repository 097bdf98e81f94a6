"""A case passes where every part of the answer that it names is exactly what came, and fails where one is not."""

import pytest

from csflow.diagnostics.rendering.text import render_text
from csflow.pack.cases import with_parameters
from csflow.testing.reporting import report_of

from .shop import GIVEN, case, differing, found, loaded, results

CHECKLIST = """
decision: cancel
title: 取消订单
requires:
  - {id: not-worn, that: "claim.condition = intact", else: not.intact, because: 店铺规则 第五条}
  - {id: small, that: "order.paid <= 50 CNY", else: needs.review, because: 店铺规则 第六条}
"""
LINES = """
facts:
  cart:
    lines: {max_items: 5, each: {price: {type: money, min: 0 CNY, max: 1000 CNY}, gift: {type: bool, optional: true}}}
"""
PER_LINE = """
decision: line_fee
title: 每行手续费
governed_by: order.paid_at
for_each: line in cart.lines
outputs:
  fee: {type: money, title: 手续费}
  note: {type: code, optional: true}
rules:
  - {id: dear, when: "line.price > 50 CNY", then: {fee: 10% * line.price}, because: 店铺规则 第七条}
otherwise: {then: {fee: 0 CNY, note: needs.review}, because: 店铺规则 第七条}
"""
COLLECTED = """
decision: gifts
title: 赠品
hit_policy: rule_order
outputs: {worth: {type: money}, code: {type: code}}
rules:
  - {id: first, when: "order.paid >= 10 CNY", then: {worth: 1 CNY, code: ok}, because: 店铺规则 第八条}
  - {id: second, when: "order.paid >= 50 CNY", then: {worth: 2 CNY, code: needs.review}, because: 店铺规则 第八条}
"""
OPTIONS = """
decision: choices
title: 赔付方案
outputs: {pay: {type: money, options: true}}
rules:
  - id: any
    when: "order.paid > 0 CNY"
    then: {pay: {options: {cash: 5 CNY, coupon: {value: 10 CNY, when: "order.paid >= 100 CNY"}}}}
    because: 店铺规则 第九条
"""
WITH_LINES = "{order: {paid_at: 2025-11-08T10:00:00+08:00}, cart: {lines: [{price: 100 CNY}, {price: 5 CNY}]}}"


@pytest.mark.parametrize(
    "expect",
    [
        "{outcome: manual}",
        "{outcome: manual, code: not.intact, fee: 10 CNY}",
        "{rule: damaged}",
        "{exceptions: []}",
        "{status: decided}",
        "{codes: [not.intact]}",
        "{codes: not.intact}",
    ],
)
def test_what_came_as_expected_passes(expect):
    assert differing(case(expect)) == []


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ("{outcome: allow}", ("outcome", "allow", "manual")),
        ("{fee: 9.99 CNY}", ("fee", 999, 1000)),
        ("{fee: null}", ("fee", None, 1000)),
        ("{rule: too-late}", ("rule", "too-late", "damaged")),
        ("{exceptions: [promise]}", ("exceptions", ("promise",), ())),
        ("{codes: []}", ("codes", (), ("not.intact",))),
        ("{status: undecided}", ("status", "undecided", "decided")),
        ("{missing: [claim.condition]}", ("status", "undecided", "decided")),
    ],
)
def test_what_came_otherwise_is_a_difference(expect, difference):
    assert differing(case(expect)) == [difference]


def test_a_part_that_is_not_named_is_not_looked_at_and_all_that_differ_are_told():
    assert differing(case("{outcome: deny, fee: 1 CNY, code: not.intact}")) == [
        ("outcome", "deny", "manual"),
        ("fee", 100, 1000),
    ]


def test_where_the_status_differs_what_follows_from_it_is_not_told_as_well():
    given = "{order: {paid_at: 2025-11-08T10:00:00+08:00}}"
    assert differing(case("{outcome: deny, rule: damaged}", given=given)) == [("status", "decided", "undecided")]
    assert differing(case("{missing: [claim.signed_at, claim.requested_at, claim.condition]}", given=given)) == []
    assert differing(case("{missing: [claim.signed_at]}", given=given)) == [
        ("missing", ("claim.signed_at",), ("claim.condition", "claim.requested_at", "claim.signed_at"))
    ]


def test_of_a_checklist_all_codes_and_all_requirements_not_met_can_be_expected():
    for expect in ("{met: false, code: not.intact}", "{codes: [not.intact, needs.review]}", "{rule: not-worn}"):
        assert differing(case(expect, decide="cancel"), decisions__cancel_yaml=CHECKLIST) == []
    assert differing(case("{rule: [not-worn, small]}", decide="cancel"), decisions__cancel_yaml=CHECKLIST) == []
    wrong = case("{codes: [needs.review, not.intact]}", decide="cancel")
    assert differing(wrong, decisions__cancel_yaml=CHECKLIST) == [
        ("codes", ("needs.review", "not.intact"), ("not.intact", "needs.review"))
    ]
    met = case("{met: true, code: null, rule: all-met, codes: []}", decide="cancel")
    met = met.replace("condition: damaged", "condition: intact").replace("paid: 100 CNY", "paid: 50 CNY")
    assert differing(met, decisions__cancel_yaml=CHECKLIST) == []


def test_a_decision_for_each_record_has_a_value_for_each():
    more = {"lines_yaml": LINES, "decisions__line_fee_yaml": PER_LINE}
    right = case(
        "{fee: [10 CNY, 0 CNY], note: [null, needs.review], rule: [dear, otherwise]}",
        decide="line_fee",
        given=WITH_LINES,
    )
    assert differing(right, **more) == []
    wrong = case("{fee: [10 CNY], note: [null, null]}", decide="line_fee", given=WITH_LINES)
    assert differing(wrong, **more) == [("fee", (1000,), (1000, 0)), ("note", (None, None), (None, "needs.review"))]


def test_the_exceptions_of_several_records_come_one_after_the_other():
    excepting = PER_LINE.replace(
        "because: 店铺规则 第七条}\notherwise",
        'because: 店铺规则 第七条, exceptions: [{id: gift, when: "line.gift is given and line.gift",'
        " then: {fee: 0 CNY}, because: 店铺规则 第七条}]}\notherwise",
    )
    more = {"lines_yaml": LINES, "decisions__line_fee_yaml": excepting}
    given = WITH_LINES.replace("{price: 100 CNY}", "{price: 100 CNY, gift: true}")
    text = case("{exceptions: [gift], fee: [0 CNY, 0 CNY]}", decide="line_fee", given=given)
    assert differing(text, **more) == []
    assert differing(text.replace("[gift]", "[]"), **more) == [("exceptions", (), ("gift",))]


def test_of_several_hits_each_has_its_value_rule_and_code():
    right = case(
        "{worth: [1 CNY, 2 CNY], rule: [first, second], codes: [ok, needs.review], exceptions: []}", decide="gifts"
    )
    assert differing(right, decisions__gifts_yaml=COLLECTED) == []
    swapped = case("{worth: [2 CNY, 1 CNY]}", decide="gifts")
    assert differing(swapped, decisions__gifts_yaml=COLLECTED) == [("worth", (200, 100), (100, 200))]


def test_options_are_compared_by_their_ids_in_whatever_order():
    right = case("{pay: {coupon: 10 CNY, cash: 5 CNY}}", decide="choices")
    assert differing(right, decisions__choices_yaml=OPTIONS) == []
    fewer = case("{pay: {cash: 5 CNY}}", decide="choices")
    assert [part for part, _, _ in differing(fewer, decisions__choices_yaml=OPTIONS)] == ["pay"]


def test_a_parameter_holds_with_the_value_of_the_test_whatever_a_layer_says():
    layer = """
layer: half
title: 半价折旧
rank: promise
parameters: {restocking_rate: {value: 5%, because: 店铺承诺, basis: own}}
"""
    assert differing(case("{fee: 5 CNY}"), layers__half_yaml=layer) == []
    assert differing(case("{fee: 30 CNY}", with_parameters="{restocking_rate: 30%}"), layers__half_yaml=layer) == []


def test_a_window_can_be_another_one():
    late = GIVEN.replace("2025-11-12T09", "2025-11-25T09")
    assert differing(case("{outcome: deny}", given=late)) == []
    window = "{return_window: {length: 20 days, counts_from: next_day}}"
    assert differing(case("{outcome: manual}", given=late, with_parameters=window)) == []


def test_a_parameter_by_which_something_is_divided_cannot_be_zero():
    divided = """
decision: per_rate
title: 相除
governed_by: order.paid_at
outputs: {share: {type: decimal, places: 2}}
rules: [{id: all, when: "order.paid > 0 CNY", then: {share: "1 / param.pieces"}, because: 店铺规则 第十条}]
"""
    pieces = """
parameters:
  pieces: {type: int, editions: [{from: 2024-01-01, value: "3", because: 店铺规则 第十条, basis: own}]}
"""
    more = {"decisions__per_rate_yaml": divided, "pieces_yaml": pieces}
    text = case("{share: 0.5}", decide="per_rate", with_parameters="{pieces: 2}")
    assert differing(text, **more) == []
    assert found(text.replace("pieces: 2", "pieces: 0"), **more) == [("zero-divisor", 8)]


def test_other_parameters_leave_the_pack_and_its_digests_as_they_are():
    pack = loaded(case("{outcome: manual}")).pack
    assert pack is not None
    changed = with_parameters(pack, {"restocking_rate": 5000})
    assert changed.parameters["restocking_rate"].editions[0].value == 5000
    assert pack.parameters["restocking_rate"].editions[0].value == 1000
    assert changed.digest == pack.digest
    assert with_parameters(pack, {}) is pack


def test_tests_count_in_no_digest_and_deciding_passes_over_them():
    from csflow.loading.passes import load_files

    from .shop import FILES

    plain, tested = load_files(FILES), loaded(case("{outcome: manual}"))
    assert plain.pack is not None and tested.pack is not None
    assert (plain.pack.digest, plain.pack.text_digest) == (tested.pack.digest, tested.pack.text_digest)
    broken = FILES | {"tests/x.cases.yaml": b"# a comment\n\ntests: [{]\n"}
    assert list(load_files(broken).faults) == ["tests/x.cases.yaml"]
    assert load_files(broken, tests=False).pack is not None


def test_a_failure_is_a_finding_at_the_first_thing_that_differs_and_tells_both_sides_and_why():
    report = report_of(loaded(case("{code: not.intact, outcome: allow, rule: intact-in-time}")))
    (finding,) = report.findings
    assert (finding.name, finding.mark.path, finding.mark.text) == ("failed-test", "tests/shop.cases.yaml", "allow")
    text = render_text([finding], "zh-CN")
    assert "用例「一个用例」没有通过：outcome应为「同意 (allow)」，实为「人工复核 (manual)」" in text
    lines = [line.removeprefix("  | ").removeprefix("   | ").strip() for line in text.splitlines()]
    assert "outcome  同意 (allow)    人工复核 (manual)" in lines
    assert "规则     intact-in-time  damaged" in lines
    assert "付款时间：2025-11-08 10:00:00+08:00" in lines and "商品状况：损坏 (damaged)" in lines
    assert "依据：店铺规则 第二条" in lines
    for language in ("zh-CN", "zh-TW", "en"):
        assert "{" not in finding.told(language).replace("{cash", "")


def test_a_private_fact_is_not_told():
    private = "facts: {buyer: {phone: {type: text, max_length: 20, pii: true}}}\n"
    text = case("{outcome: allow}", given=GIVEN + "      buyer: {phone: '13800138000'}\n")
    (finding,) = report_of(loaded(text, buyer_yaml=private)).findings
    assert "13800138000" not in finding.told("zh-CN") and "buyer.phone：***" in finding.told("zh-CN")


def test_a_comment_asks_not_to_hear_of_a_failure_and_is_a_finding_itself_where_there_is_none():
    ignoring = "expect: {outcome: allow}  # csflow: ignore[CS601] 店规下月才改"
    report = report_of(loaded(case("X").replace("expect: X", ignoring)))
    assert (list(report.findings), [each.reason for each in report.ignored]) == ([], ["店规下月才改"])
    assert [report.outcome(trial) for trial in report.tried] == ["ignored"]
    unused = report_of(loaded(case("X").replace("expect: X", ignoring.replace("allow", "manual"))))
    assert [finding.name for finding in unused.findings] == ["unused-ignore"]


def test_a_pack_that_does_not_load_is_reported_with_its_findings():
    report = report_of(loaded(case("{outcome: allow}"), codes_yaml="codes: {more: 更多}\nmore: 1\n"))
    assert [finding.name for finding in report.findings] == ["unknown-key"]
    assert report.tried == ()


@pytest.mark.parametrize(
    ("fault", "names", "tried"),
    [
        # A fault of a test keeps that test from being run, one of the form the document: the others are.
        ("{outcom: allow}", ["unknown-expectation"], ["另一个用例", "别处的用例"]),
        ("{outcome: allow}\n    expct: 1", ["unknown-key"], ["别处的用例"]),
        ("{outcome: [allow", ["yaml-syntax"], ["别处的用例"]),
    ],
)
def test_a_fault_in_a_test_is_told_and_the_other_tests_are_run(fault, names, tried):
    good = case("{outcome: manual}")
    text = case(fault) + good.removeprefix("tests:\n").replace("一个用例", "另一个用例")
    report = report_of(loaded(text, tests__other_yaml=good.replace("一个用例", "别处的用例")))
    assert [finding.name for finding in report.failing] == names
    assert sorted((trial.name, report.outcome(trial)) for trial in report.tried) == sorted(
        (name, "passed") for name in tried
    )


def test_a_comment_does_not_make_a_fault_in_a_test_go_away():
    ignoring = loaded(case("X").replace("expect: X", "expect: {outcom: allow}  # csflow: ignore[CS232] 下月才改"))
    names = sorted(finding.name for finding in report_of(ignoring).findings)
    assert names == ["error-not-ignored", "unknown-expectation"]


WHY = {
    "zh-CN": [
        "为什么不是 intact-in-time：",
        "「intact-in-time」不适用：条件不成立",
        "没有满足：condition: [intact, opened]",
    ],
    "zh-TW": [
        "為什麼不是 intact-in-time：",
        "「intact-in-time」不適用：條件不成立",
        "未符合：condition: [intact, opened]",
    ],
    "en": [
        "why it is not intact-in-time:",
        "`intact-in-time` does not apply: its condition does not hold",
        "not met: condition:",
    ],
}


@pytest.mark.parametrize("language", WHY)
def test_a_failure_tells_why_the_expected_rule_is_not_what_decided(language):
    (finding,) = report_of(loaded(case("{rule: intact-in-time}"))).findings
    told = [line.strip() for line in finding.told(language).splitlines()]
    places = [next((n for n, line in enumerate(told) if line.startswith(wanted)), None) for wanted in WHY[language]]
    assert None not in places and places == sorted(places), finding.told(language)


def test_a_failure_of_another_part_asks_nothing_about_rules():
    (finding,) = report_of(loaded(case("{rule: damaged, outcome: allow}"))).findings
    assert "为什么不是" not in finding.told("zh-CN")


def test_a_case_knows_where_it_stands():
    (result,) = results(case("{outcome: manual}"))
    assert (result.case.mark.path, result.case.mark.line) == ("tests/shop.cases.yaml", 2)
    assert result.case.document == "tests/shop.cases.yaml"
    assert result.passed

"""What a settlement asks is checked as a decision is."""

from pathlib import Path

from csflow.loading.passes import load_files

PACK = Path(__file__).resolve().parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
SETTLEMENT = """settlement: refund
title: 退款
governed_by: order.paid_at
mode: prorated
routing: pro_rata_actual
tenders: {wechat: 微信支付}
shares: {carrier: {at_most: %s}, merchant: rest}
"""


def found(limit: str) -> list[str]:
    loaded = load_files(FILES | {"settlement.yaml": (SETTLEMENT % limit).encode()})
    return [finding.name for finding in loaded.diagnostics if finding.mark and "settlement" in finding.mark.path]


def test_a_limit_has_to_fit():
    assert found("order.paid") == []
    assert found("order.paid * 1000000000000") == ["number-out-of-range"]


def test_a_limit_reads_what_is_there():
    assert found("order.payd") == ["unknown-fact"]
    assert found("claim.promised_days") == ["kinds-disagree"]


def test_a_decision_that_it_reads_is_governed_by_its_date():
    ungoverned = b"decision: cap\ntitle: x\noutputs: {most: {type: money}}\nrules:\n  - {id: a, when: true, then: {most: param.most}, because: x}\n"
    parameter = b"parameters:\n  most:\n    title: x\n    type: money\n    editions: [{from: 2017-03-15, value: 5 CNY, because: x, basis: own}]\n"
    files = FILES | {"settlement.yaml": (SETTLEMENT % "decision.cap.most").encode()}
    loaded = load_files(files | {"decisions/cap.yaml": ungoverned, "more.yaml": parameter})
    assert [each.name for each in loaded.diagnostics if each.name == "ungoverned-decision"] == []
    alone = load_files(FILES | {"decisions/cap.yaml": ungoverned, "more.yaml": parameter})
    assert [each.name for each in alone.diagnostics if each.name == "ungoverned-decision"] == ["ungoverned-decision"]

"""Tests of a pack are linked like everything else of it: each mistake is found on its line, and three forms say the same."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from csflow.facts import ABSENT
from csflow.loading import passes
from csflow.loading.passes import load_files
from csflow.pack.cases import Case

PACK = Path(__file__).parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
TESTS = "tests/shop.cases.yaml"
LINES = """
facts: {cart: {lines: {max_items: 5, each: {price: {type: money, min: 0 CNY, max: 1000 CNY}, sku: {type: text, max_length: 9}}}}}
"""
LIST = """
tests:
  decide: no_reason_return
  given:
    order: {paid_at: 2025-11-08T10:00:00+08:00, paid: 100 CNY}
    claim: {signed_at: 2025-11-10T20:00:00+08:00, requested_at: 2025-11-12T09:00:00+08:00}
  cases:
    - name: 损坏，收手续费
      given: {claim: {condition: damaged, promised_days: 30 days}}
      expect: {outcome: manual, fee: 10.00 CNY, rule: damaged, exceptions: []}
    - name: 另一个费率
      with_parameters: {restocking_rate: 25%}
      given: {claim: {condition: damaged}}
      expect: {fee: 25 CNY}
    - name: 窗口短
      with_parameters: {return_window: {length: 1 days, counts_from: next_day}}
      given: {claim: {condition: intact}}
      expect: {outcome: deny, fee: null}
    - name: 没有签收时间
      given: {claim: {condition: intact, signed_at: null}, cart: {lines: [{price: 3 CNY, sku: "[a]"}]}}
      expect: {missing: [claim.signed_at]}
"""
HEADER = [
    *("name", "claim.condition", "claim.promised_days", "claim.signed_at", "cart.lines"),
    *("param.restocking_rate", "param.return_window", "||"),
    *("outcome", "fee", "rule", "exceptions", "missing"),
]
ROWS = [
    ["损坏，收手续费", "damaged", "30 days", "", "", "", "", "", "manual", "10.00 CNY", "damaged", "[]", ""],
    ["另一个费率", "damaged", "", "", "", "25%", "", "", "", "25 CNY", "", "", ""],
    ["窗口短", "intact", "", "", "", "", "{length: 1 days, counts_from: next_day}", "", "deny", "absent", "", "", ""],
    [
        "没有签收时间",
        "intact",
        "",
        "absent",
        '[{price: 3 CNY, sku: "[a]"}]',
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "[claim.signed_at]",
    ],
]
HEAD = LIST.split("  cases:")[0]


def cases(text: str, **more: bytes) -> tuple[Case, ...]:
    loaded = load(text, **more)
    assert [(each.name, each.values) for each in loaded.diagnostics] == []
    return loaded.cases


def load(text: str, **more: bytes):
    others = {f"tests/{name.replace('_', '.')}": data for name, data in more.items()}
    return load_files(FILES | {TESTS: text.encode(), "lines.yaml": LINES.encode()} | others)


def found(text: str, **more: bytes) -> list[tuple[str, int, str]]:
    """Findings by name, line and what they mark."""
    return [(each.name, each.mark.line, each.mark.text) for each in load(text, **more).diagnostics if each.mark]


def as_text(rows: list[list[str]]) -> str:
    return HEAD + "  cases: |\n" + "".join("    " + line(row) + "\n" for row in rows)


def line(row: list[str]) -> str:
    left, right = row[: HEADER.index("||")], row[HEADER.index("||") + 1 :]
    return " || ".join([" | ".join(left), " | ".join(right)])


def as_csv(rows: list[list[str]]) -> bytes:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "\r\n".join(quoted).encode()


def as_sheet(rows: list[list[object]], path: Path) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append([None if cell == "" else cell for cell in row])
    workbook.active.title = "用例"
    workbook.save(path)
    return path.read_bytes()


def test_a_list_a_text_a_csv_file_and_a_sheet_give_the_same_cases(tmp_path):
    listed = cases(LIST)
    assert [case.name for case in listed] == [row[0] for row in ROWS]
    assert cases(as_text([HEADER, *ROWS])) == listed
    assert cases(HEAD + "  cases: {csv: shop.csv}\n", shop_csv=as_csv([HEADER, *ROWS])) == listed
    sheet = as_sheet([HEADER, *ROWS], tmp_path / "shop.xlsx")
    assert cases(HEAD + "  cases: {sheet: shop.xlsx, tab: 用例}\n", shop_xlsx=sheet) == listed


def test_columns_of_files_may_be_headed_by_titles():
    titles = {
        "name": "用例",
        "claim.condition": "商品状况",
        "claim.signed_at": "签收时间",
        "rule": "规则",
        "missing": "缺少",
    }
    header = [titles.get(name, name) for name in HEADER]
    text = HEAD + "  cases: {csv: shop.csv}\n"
    assert cases(text, shop_csv=as_csv([header, *ROWS])) == cases(LIST)


def test_what_is_given_in_a_test_comes_before_what_all_are_given_and_null_takes_it_away():
    first, _, _, last = cases(LIST)
    assert first.facts["order.paid"] == 10_000 and first.facts["claim.condition"] == "damaged"
    assert "claim.signed_at" in first.facts and "claim.signed_at" not in last.facts
    assert (first.facts["claim.promised_days"], last.facts["claim.promised_days"]) == (30, ABSENT)
    assert last.facts["cart.lines"] == ({"price": 300, "sku": "[a]"},)
    whole = cases(LIST.replace("signed_at: null}", "signed_at: null}, order: null"))[-1]
    assert not [path for path in whole.facts if path.startswith("order.")]


def test_the_status_is_always_expected():
    assert [case.expected[0].value for case in cases(LIST)] == ["decided", "decided", "decided", "undecided"]


MISTAKES = {
    "decide: no_reason_return": ("decide: no_reason_retrun", ["unknown-decision"]),
    "condition: damaged, promised": ("conditon: damaged, promised", ["undeclared-fact"]),
    "condition: damaged, promised_days: 30 days": ("condition: broken", ["unknown-symbol"]),
    "promised_days: 30 days": ("promised_days: 30", ["number-without-unit"]),
    "paid: 100 CNY": ("paid: 100", ["money-without-currency"]),
    "paid_at: 2025-11-08T10:00:00+08:00": ("paid_at: 2025-11-08T10:00:00", ["wrong-kind"]),
    "outcome: manual": ("outcom: manual", ["unknown-expectation"]),
    "outcome: manual,": ("outcome: maybe,", ["unknown-symbol"]),
    "fee: 10.00 CNY": ("fee: 10.001 CNY", ["too-many-places"]),
    "fee: 10.00 CNY,": ("fee: [10 CNY],", ["wrong-shape"]),
    "rule: damaged": ("rule: damagd", ["unknown-expected-rule"]),
    "rule: damaged,": ("rule: [damaged],", ["wrong-shape"]),
    "exceptions: []": ("exceptions: [damaged]", ["unknown-expected-rule"]),
    "restocking_rate: 25%": ("restock_rate: 25%", ["unknown-parameter"]),
    "25%": ("25", ["percent-without-sign"]),
    "length: 1 days": ("length: 1 dayz", ["malformed-length"]),
    "- name: 窗口短": ("- name: 另一个费率", ["duplicate-definition"]),
    "{fee: 25 CNY}": ("{}", ["case-without-expectation"]),
    "outcome: deny, fee: null": ("outcome: null", ["required-output-left-out"]),
    "{outcome: deny, fee: null}": ("{status: no_rule, outcome: deny}", ["excluded-expectation"]),
    "[claim.signed_at]": ("[claim.sined_at]", ["unknown-name"]),
    "missing: [claim.signed_at]": ("status: undecide", ["unknown-choice"]),
    "{missing: [claim.signed_at]}": ("{status: decided, missing: [claim.signed_at]}", ["excluded-expectation"]),
    "      expect: {fee: 25 CNY}\n": ("      expects: {fee: 25 CNY}\n", ["unknown-key"]),
    "      expect: {missing": ("      wanted: {missing", ["unknown-key"]),
    'sku: "[a]"': ("sku: [a]", ["wrong-shape"]),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_is_found_once_on_its_line(right):
    assert right in LIST
    wrong, names = MISTAKES[right]
    findings = found(LIST.replace(right, wrong, 1))
    assert sorted(name for name, _, _ in findings) == sorted(names)
    assert LIST[: LIST.index(right)].count("\n") + 1 in {line for _, line, _ in findings}


def test_a_test_without_a_decision_is_found_and_so_is_a_table_without_one():
    assert found("tests:\n  - {name: 甲, expect: {status: undecided}}\n") == [("missing-key", 2, "甲")]
    assert found("tests:\n  - {name: 甲, decide: no_reason_return, expect: {status: undecided}}\n") == []
    assert [
        name
        for name, _, _ in found(
            HEAD.replace("  decide: no_reason_return\n", "") + "  cases: |\n    name || status\n    甲 || decided\n"
        )
    ] == ["missing-key"]


def test_an_instant_is_asked_for_where_editions_are_chosen_by_it():
    by_decision = """
parameters:
  transition: {type: enum, of: [by_fact_time, by_decision_time], value: by_decision_time, because: 店规, basis: own}
"""
    alone = "tests: [{name: 甲, decide: no_reason_return, expect: {status: undecided}}]\n"
    at = alone.replace("expect", "at: 2025-11-08T10:00:00+08:00, expect")
    files = FILES | {"transition.yaml": by_decision.encode()}
    assert [each.name for each in load_files(files | {TESTS: alone.encode()}).diagnostics] == ["missing-key"]
    assert [each.name for each in load_files(files | {TESTS: at.encode()}).diagnostics] == []
    switched = alone.replace("expect", "with_parameters: {transition: by_fact_time}, expect")
    assert [each.name for each in load_files(files | {TESTS: switched.encode()}).diagnostics] == []


@pytest.mark.parametrize(
    ("header", "row", "names"),
    [
        ("name | claim.conditon || status", "甲 | intact || decided", ["unknown-column"]),
        ("name | status || outcome", "甲 | decided || allow", ["misplaced-column"]),
        ("name | claim.condition | claim.condition || status", "甲 | intact | intact || decided", ["duplicate-column"]),
        ("claim.condition || status", "intact || decided", ["missing-column"]),
        ("name | claim.condition", "甲 | intact", ["missing-column"]),
        ("name | claim.condition || status", "甲 | intac || decided", ["unknown-symbol"]),
        ("name | claim.condition || status", " | intact || decided", ["empty-cell"]),
        ("name | claim.condition || status", "甲 | intact || ", ["case-without-expectation"]),
        ("name | claim.condition || missing", "甲 | intact || [claim.signed_at", ["malformed-case-cell"]),
        ("name | param.return_window || status", "甲 | 7 days || decided", ["malformed-window"]),
        ("name | at || status", "甲 | 2025-11-08 || decided", ["wrong-kind"]),
        ("name || outcome || fee", "甲 || allow || 1 CNY", ["duplicate-column"]),
    ],
)
def test_a_mistake_in_a_table_is_found_once_in_its_cell(header, row, names):
    text = HEAD + f"  cases: |\n    {header}\n    {row}\n"
    findings = found(text)
    assert [name for name, _, _ in findings] == names
    assert findings[0][1] in (8, 9)


def test_a_fault_of_the_shared_facts_is_told_once():
    assert [name for name, _, _ in found(LIST.replace("paid: 100 CNY", "paid: 100 USD"))] == ["other-currency"]


def test_the_tests_of_a_pack_that_is_extended_are_its_own_and_are_not_read(monkeypatch):
    read = []
    reader = passes.read_document
    monkeypatch.setattr(passes, "read_document", lambda path, *more: read.append(path) or reader(path, *more))
    loaded = load_files({"pack.yaml": "pack: mine\ntitle: 我的\nextends: cn\n".encode()})
    assert loaded.pack is not None and loaded.cases == ()
    assert "policies/cn/facts.yaml" in read and not [path for path in read if "/tests/" in path]


@pytest.mark.parametrize("first", ["tests", '"tests"', "'tests'", "# 说明\n\ntests "])
def test_deciding_passes_over_tests_however_their_document_begins(first):
    text = LIST.replace("\ntests", first).replace("outcome: manual", "outcom: manual").encode()
    files = FILES | {TESTS: text, "lines.yaml": LINES.encode()}
    assert [finding.name for finding in load_files(files).diagnostics] == ["unknown-expectation"]
    assert load_files(files, tests=False).pack is not None


def test_what_a_sheet_typed_itself_is_read_by_the_kind_or_refused_in_its_cell(tmp_path):
    text = HEAD + "  cases: {sheet: shop.xlsx, tab: 用例}\n"
    header = ["name", "claim.is_member", "order.weight", "claim.requested_at", "||", "status"]
    typed = as_sheet([header, ["甲", True, 1.5, None, None, "undecided"]], tmp_path / "a.xlsx")
    (case,) = cases(text, shop_xlsx=typed)
    assert (case.facts["claim.is_member"], case.facts["order.weight"]) == (True, 150)
    naive = as_sheet([header, ["甲", True, 1.5, dt.datetime(2025, 11, 12, 9), None, "undecided"]], tmp_path / "b.xlsx")
    (finding,) = load(text, shop_xlsx=naive).diagnostics
    assert (finding.name, finding.mark.address.cell) == ("wrong-kind", "D2")

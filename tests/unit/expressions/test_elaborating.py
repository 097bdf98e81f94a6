"""Every name found, every kind known, every optional fact guarded: asked of the small pack with one decision more."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from csflow.diagnostics import Diagnostics, Finding
from csflow.expressions import Elaborator
from csflow.expressions import syntax as s
from csflow.expressions import terms as t
from csflow.loading.passes import load_files
from csflow.loading.scopes import Names, PackScope
from csflow.pack.model import Cell, Decision
from csflow.values import kinds as k

from .trees import mark_of, marked

FOLDER = Path(__file__).parents[2] / "spec" / "checks" / "pack"
SHOP = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*.yaml"))}
ASKED = "decisions/asked.yaml"
DECISION = """
decision: asked
title: 试问
governed_by: order.paid_at
inputs:
  value: {value}
  promised: claim.promised_days
  state: claim.condition
  member: claim.is_member
outputs:
  outcome: {{type: enum, of: {{allow: 同意, deny: 拒绝}}}}
  fee: {{type: money, optional: true}}
  note: {{type: text, max_length: 40, optional: true}}
rules:
  - id: one
    when: {when}
    then: {then}
    because: 试
otherwise: {{outcome: deny}}
"""


def found(
    when: str = "claim.is_member",
    *,
    value: str = "claim.reason",
    then: str = "{outcome: allow}",
    files: Mapping[str, str] | None = None,
) -> list[Finding]:
    """What is found in the small pack with a decision that has this condition, input and outputs."""
    return list(load_files(_pack(when, value, then, files)).diagnostics)


def names_of(findings: list[Finding]) -> list[tuple[str, str]]:
    """The name of each finding, with the letters it marks."""
    return [(finding.name, marked(finding)) for finding in findings]


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


def after(finding: Finding) -> list[Finding]:
    """What is found once the suggestion stands in place of what was marked."""
    mark = finding.mark
    assert mark is not None
    text = mark.source.text
    mended = f"{text[: mark.start]}{finding.suggestion}{text[mark.end :]}"
    return list(load_files(SHOP | {mark.path: mended.encode()}).diagnostics)


def decision(when: str = "claim.is_member", value: str = "claim.reason", then: str = "{outcome: allow}") -> Decision:
    """The decision, linked."""
    loaded = load_files(_pack(when, value, then, None))
    assert loaded.pack is not None, names_of(list(loaded.diagnostics))
    return loaded.pack.decisions["asked"]


def condition(text: str) -> t.Term:
    """The term of a condition that is right."""
    return decision(block(text)).rules[0].condition


def cells_of(cell: str) -> tuple[Cell, ...]:
    return decision(f"{{{cell}}}").rules[0].cells


def test_of(cell: str) -> t.Term:
    """The test that a cell makes of its input."""
    return cells_of(cell)[0].test


test_of.__test__ = False  # type: ignore[attr-defined]


def block(text: str) -> str:
    """A condition as YAML that needs no quotes around it."""
    return f"|\n      {text}"


def _pack(when: str, value: str, then: str, files: Mapping[str, str] | None) -> dict[str, bytes]:
    more = {name: text.encode() for name, text in (files or {}).items()}
    return SHOP | {ASKED: DECISION.format(when=when, value=value, then=then).encode()} | more


def test_the_decision_of_these_tests_is_clean() -> None:
    assert found() == []


# Kinds


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("claim.is_member", "bool"),
        ("order.id", "text"),
        ("order.paid", "money"),
        ("fault", "liability"),
        ("param.restocking_rate", "percent"),
        ("decision.no_reason_return.outcome", "enum"),
        ("decision.no_reason_return.fee", "money"),
        ("true", "bool"),
        ("3", "int"),
        ("0.25", "decimal"),
        ("80%", "percent"),
        ("12.34 CNY", "money"),
        ("¥10", "money"),
        ("14 days", "days"),
        ("2 weeks", "days"),
        ("48 hours", "duration"),
        ("90 minutes", "duration"),
        ("2025-11-10", "date"),
        ("2025-11-10T20:00:00+08:00", "datetime"),
        ("'abc'", "text"),
        ("not claim.is_member", "bool"),
        ("order.paid > 1 CNY", "bool"),
        ("claim.reason in [quality/*]", "bool"),
        ("order.paid in [1 CNY..2 CNY)", "bool"),
        ("claim.promised_days is given", "bool"),
        ("1 + 2", "int"),
        ("1 + 0.5", "decimal"),
        ("order.weight * 2", "decimal"),
        ("order.paid + 1 CNY", "money"),
        ("order.paid * 2", "money"),
        ("0.5 * order.paid", "money"),
        ("order.paid * 10%", "money"),
        ("10% * order.paid", "money"),
        ("order.paid / 3", "money"),
        ("10% + 5%", "percent"),
        ("3 * 2 days", "days"),
        ("48 hours + 30 minutes", "duration"),
        ("2025-11-10 + 7 days", "date"),
        ("date_of(claim.signed_at) - 7 days", "date"),
        ("claim.signed_at + 48 hours", "datetime"),
        ("-order.paid", "money"),
        ("days_between(claim.signed_at, claim.requested_at)", "days"),
        ("days_between(claim.signed_at, 2025-11-10)", "days"),
        ("date_of(claim.signed_at)", "date"),
        ("deadline(param.return_window, claim.signed_at)", "datetime"),
        ("within(param.return_window, claim.signed_at, claim.requested_at)", "bool"),
        ("liability_of(claim.reason)", "liability"),
        ("if claim.is_member then order.paid else 1 CNY", "money"),
        ("if claim.is_member then 1 else 0.5", "decimal"),
    ],
)
def test_every_expression_has_a_kind(value: str, kind: str) -> None:
    assert decision(value=block(value)).inputs["value"].kind.name == kind


@pytest.mark.parametrize(
    ("value", "operator", "left", "right"),
    [
        ("order.paid + 1", "+", "money", "int"),
        ("order.paid + 7 days", "+", "money", "days"),
        ("order.paid * order.paid", "*", "money", "money"),
        ("order.paid / param.restocking_rate", "/", "money", "percent"),
        ("10% - order.paid", "-", "percent", "money"),
        ("claim.signed_at + 2 days", "+", "datetime", "days"),
        ("2025-11-10 + 48 hours", "+", "date", "duration"),
        ("2 days + 2025-11-10", "+", "days", "date"),
        ("claim.requested_at - claim.signed_at", "-", "datetime", "datetime"),
        ("2 days + 2 hours", "+", "days", "duration"),
        ("claim.reason + 1", "+", "reason", "int"),
        ("order.id + 'x'", "+", "text", "text"),
        ("claim.is_member * 2", "*", "bool", "int"),
        ("1 / 2 days", "/", "int", "days"),
    ],
)
def test_arithmetic_without_a_meaning_is_refused_as_a_whole(value: str, operator: str, left: str, right: str) -> None:
    finding = only(found(value=value))
    assert (finding.name, marked(finding)) == ("no-arithmetic", value)
    words = {key: getattr(word, "key", word) for key, word in finding.values.items()}
    assert words == {"operator": operator, "left": f"kind.{left}", "right": f"kind.{right}"}


@pytest.mark.parametrize("value", ["-claim.reason", "-claim.is_member", "-claim.signed_at", "-order.id"])
def test_only_quantities_can_be_negative(value: str) -> None:
    assert names_of(found(value=value)) == [("no-arithmetic", value)]


@pytest.mark.parametrize(
    ("when", "marked_text", "wanted", "found_kind"),
    [
        ("order.paid", "order.paid", "bool", "money"),
        ("not order.paid", "order.paid", "bool", "money"),
        ("claim.is_member and order.paid", "order.paid", "bool", "money"),
        ("order.paid or claim.is_member", "order.paid", "bool", "money"),
        ("if order.paid then true else false", "order.paid", "bool", "money"),
        ("if claim.is_member then 1 else 'a'", "'a'", "int", "text"),
        ("order.paid > 7 days", "7 days", "money", "days"),
        ("order.paid = claim.reason", "claim.reason", "money", "reason"),
        ("order.id = 7 days", "7 days", "text", "days"),
        ("claim.signed_at = '2025-11-10'", "'2025-11-10'", "datetime", "text"),
        ("order.paid in [1 CNY, 'a', 2 CNY]", "'a'", "money", "text"),
        ("order.paid in [1 CNY..'a')", "'a'", "money", "text"),
        ("claim.reason = claim.condition", "claim.condition", "reason", "enum"),
        ("claim.condition = decision.route.outcome", "decision.route.outcome", "enum", "enum"),
    ],
)
def test_kinds_that_do_not_match_are_named_at_the_odd_one(
    when: str, marked_text: str, wanted: str, found_kind: str
) -> None:
    finding = only(found(block(when)))
    assert (finding.name, marked(finding)) == ("kinds-disagree", marked_text)
    assert {key: word.key for key, word in finding.values.items()} == {
        "wanted": f"kind.{wanted}",
        "found": f"kind.{found_kind}",
    }


def test_two_numbers_compare_whatever_their_places() -> None:
    assert found("order.weight > 3 and order.weight > 0.125 and 3 < order.weight") == []


@pytest.mark.parametrize(
    ("when", "suggestion", "name"),
    [
        ("order.paid > 10", "10 CNY", "money-without-currency"),
        ("10 < order.paid", "10 CNY", "money-without-currency"),
        ("param.restocking_rate > 0.05", "5%", "percent-without-sign"),
        ("days_between(claim.signed_at, claim.requested_at) > 7", "7 days", "number-without-unit"),
        ("order.paid > 10元", "10 CNY", "unknown-unit"),
        ("order.paid > 10 块", "10 CNY", "unknown-unit"),
        ("order.paid > 10 RMB", "10 CNY", "unknown-unit"),
        ("order.paid > 10 CYN", "10 CNY", "unknown-unit"),
        ("days_between(claim.signed_at, claim.requested_at) > 7天", "7 days", "unknown-unit"),
        ("days_between(claim.signed_at, claim.requested_at) > 7 dayss", "7 days", "unknown-unit"),
        ("days_between(claim.signed_at, claim.requested_at) > 1 周", "1 week", "unknown-unit"),
        ("claim.signed_at + 48小时 > claim.requested_at", "48 hours", "unknown-unit"),
        ("order.weight > 5 kg", None, "unknown-unit"),
        ("order.weight > 05", "5", "leading-zero"),
        ("order.paid > 10 USD", None, "other-currency"),
    ],
)
def test_a_number_with_the_wrong_unit_or_none_is_named_once_with_its_fix(
    when: str, suggestion: str | None, name: str
) -> None:
    finding = only(found(when))
    assert (finding.name, finding.suggestion) == (name, suggestion)
    if suggestion is not None:
        assert after(finding) == []


def test_an_interval_that_holds_nothing_is_refused() -> None:
    assert names_of(found("order.paid in [5 CNY..1 CNY]")) == [("empty-interval", "[5 CNY..1 CNY]")]
    assert names_of(found("order.weight in [0.5..0.50)")) == [("empty-interval", "[0.5..0.50)")]
    assert found("order.weight in [0.5..0.75) and order.weight in [1..1]") == []


def test_the_yen_sign_needs_a_currency_that_uses_it() -> None:
    """`ambiguous-currency-sign`: ¥ is yuan or yen, and this pack counts in dollars."""
    dollars = {name: SHOP[name].replace(b"CNY", b"USD").decode() for name in ("pack.yaml", "facts.yaml")}
    finding = only(found("order.paid > ¥10", files=dollars))
    assert (finding.name, marked(finding), finding.suggestion) == ("ambiguous-currency-sign", "¥10", "10 USD")
    assert finding.values == {"given": "¥10", "currency": "USD"}
    assert found("order.paid > 10 USD", files=dollars) == []
    yen = {name: SHOP[name].replace(b"CNY", b"JPY").decode() for name in ("pack.yaml", "facts.yaml")}
    assert found("order.paid > ¥10", files=yen) == []


def test_only_an_order_can_be_asked_for_more_or_less() -> None:
    for when in ("claim.condition < opened", "claim.reason >= quality", "order.id > 'a'", "claim.is_member <= true"):
        finding = only(found(when))
        assert (finding.name, marked(finding)) == ("unordered-kind", when)
        assert finding.values["operator"] == when.split()[1]
    assert names_of(found("claim.condition in [intact..opened]"))[0][0] == "unordered-kind"
    assert found("claim.condition != opened and order.id != 'a' and claim.is_member = true") == []


def test_a_window_is_neither_compared_nor_an_input() -> None:
    same = "param.return_window = param.return_window"
    assert names_of(found(same)) == [("incomparable-kind", same)]
    assert names_of(found(value="param.return_window")) == [("incomparable-kind", "param.return_window")]


@pytest.mark.parametrize("divisor", ["order.weight", "0", "0.00", "(1 + 1)"])
def test_what_might_be_zero_divides_nothing(divisor: str) -> None:
    finding = only(found(value=f"order.paid / {divisor}"))
    assert (finding.name, marked(finding)) == ("unsafe-division", divisor.strip("()"))


POINTS = """
parameters:
  points:
    type: int
    editions:
      - {{from: 2024-01-01, value: {first}, because: 试, basis: own}}
      - {{from: 2025-01-01, value: {second}, because: 试, basis: own}}
"""


def test_a_parameter_divides_unless_an_edition_of_it_is_zero() -> None:
    """`zero-divisor` is asked once everything is linked, and stands at the edition."""
    value = "order.paid / param.points"
    assert found(value=value, files={"points.yaml": POINTS.format(first=3, second=4)}) == []
    finding = only(found(value=value, files={"points.yaml": POINTS.format(first=3, second=0)}))
    assert (finding.name, finding.values) == ("zero-divisor", {"name": "points"})
    assert finding.mark is not None
    assert (finding.mark.path, finding.mark.line) == ("points.yaml", 7)


def test_every_edition_that_is_zero_is_named() -> None:
    zero = {"points.yaml": POINTS.format(first=0, second=0)}
    findings = found(value="order.paid / param.points", files=zero)
    assert [(finding.name, finding.mark.line) for finding in findings if finding.mark] == [
        ("zero-divisor", 6),
        ("zero-divisor", 7),
    ]


# Dates, instants and days


@pytest.mark.parametrize(
    "when", ["claim.signed_at <= 2025-11-15", "2025-11-15 >= claim.signed_at", "claim.signed_at in [2025-11-15]"]
)
def test_an_instant_is_compared_with_a_date_by_its_local_date(when: str) -> None:
    calls = [part for part in _everything(condition(when)) if isinstance(part, t.Call)]
    assert [(call.function, call.kind) for call in calls] == [("date_of", k.DATE)]


def test_between_dates_an_instant_is_asked_by_its_local_date_once() -> None:
    within = condition("claim.signed_at in [2025-10-01..2025-10-08]")
    assert isinstance(within, t.Within)
    assert isinstance(within.operand, t.Call) and within.operand.function == "date_of"
    assert (within.low.kind, within.high.kind) == (k.DATE, k.DATE)


def test_an_instant_is_compared_with_an_instant_as_it_is() -> None:
    term = condition("claim.signed_at <= 2025-11-15T00:00:00+08:00")
    assert not any(isinstance(part, t.Call) for part in _everything(term))


@pytest.mark.parametrize(
    ("when", "marked_text"),
    [
        ("days_between(claim.signed_at, claim.requested_at) <= 48 hours", "48 hours"),
        (
            "48 hours > days_between(claim.signed_at, claim.requested_at)",
            "days_between(claim.signed_at, claim.requested_at)",
        ),
        ("days_between(claim.signed_at, claim.requested_at) in [1 days..48 hours)", "48 hours"),
        ("{promised: 48 hours}", "48 hours"),
    ],
)
def test_days_and_hours_do_not_mix(when: str, marked_text: str) -> None:
    found_here = found(when if when.startswith("{") else block(when))
    assert names_of(found_here) == [("days-against-duration", marked_text)]


# Names


@pytest.mark.parametrize(
    ("when", "name", "marked_text", "suggestion"),
    [
        ("claim.is_membr", "unknown-fact", "claim.is_membr", "claim.is_member"),
        ("Claim.is_member", "unknown-fact", "Claim.is_member", "claim.is_member"),
        ("is_member", "unknown-name", "is_member", "claim.is_member"),
        ("membr", "unknown-name", "membr", "member"),
        ("实付金额 > 1 CNY", "unknown-name", "实付金额", "order.paid"),
        ("實付金額 > 1 CNY", "unknown-name", "實付金額", "order.paid"),
        ("order.paid > order.pad", "unknown-fact", "order.pad", "order.paid"),
        ("order.pad > 1 CNY", "unknown-fact", "order.pad", "order.paid"),
        ("order.pad + 1 CNY > 2 CNY", "unknown-fact", "order.pad", "order.paid"),
        ("order.pad in [1 CNY, 2 CNY]", "unknown-fact", "order.pad", "order.paid"),
        ("order.pad in [1 CNY..2 CNY]", "unknown-fact", "order.pad", "order.paid"),
        ("claim.reasn = quality", "unknown-fact", "claim.reasn", "claim.reason"),
        ("claim.reasn in [quality, no_reason]", "unknown-fact", "claim.reasn", "claim.reason"),
        ("claim.reasn in [quality/*]", "unknown-fact", "claim.reasn", "claim.reason"),
        ("claim.promised_dys is given", "unknown-fact", "claim.promised_dys", "claim.promised_days"),
        ("if claim.is_membr then true else false", "unknown-fact", "claim.is_membr", "claim.is_member"),
        ("date_of(claim.signd_at) = 2025-11-10", "unknown-fact", "claim.signd_at", "claim.signed_at"),
        ("param.restocking_rat > 5%", "unknown-parameter", "param.restocking_rat", "param.restocking_rate"),
        ("decision.rout.outcome = allow", "unknown-decision", "decision.rout.outcome", "decision.route.outcome"),
        ("decision.route.outcom = allow", "unknown-output", "decision.route.outcom", "decision.route.outcome"),
        ("datof(claim.signed_at) = 2025-11-10", "unknown-function", "datof", "date_of"),
        ("claim.reason = qualty", "unknown-symbol", "qualty", "quality"),
        ("qualty = claim.reason", "unknown-symbol", "qualty", "quality"),
        ("claim.reason in [no_reason, qualty]", "unknown-symbol", "qualty", "quality"),
        ("claim.reason in [qualty/*]", "unknown-symbol", "qualty/*", "quality/*"),
        ("claim.reason = 质量问题", "unknown-symbol", "质量问题", "quality"),
        ("claim.reason = 質量問題", "unknown-symbol", "質量問題", "quality"),
        ("claim.condition = 完好", "unknown-symbol", "完好", "intact"),
        ("fault = mechant", "unknown-symbol", "mechant", "merchant"),
        ("order.id = A1001", "text-without-quotes", "A1001", "'A1001'"),
        ("order.id in ['A1', A2]", "text-without-quotes", "A2", "'A2'"),
    ],
)
def test_one_typo_is_one_finding_and_its_suggestion_mends_it(
    when: str, name: str, marked_text: str, suggestion: str
) -> None:
    finding = only(found(block(when)))
    assert (finding.name, marked(finding), finding.suggestion) == (name, marked_text, suggestion)
    assert after(finding) == []


@pytest.mark.parametrize(
    ("when", "name", "marked_text"),
    [
        pytest.param(
            "quality = claim.reasn",
            "unknown-fact",
            "claim.reasn",
        ),
        pytest.param(
            "order.id = order.idd",
            "unknown-fact",
            "order.idd",
        ),
        ("claim.reason = decision.rout.outcome", "unknown-decision", "decision.rout.outcome"),
        ("claim.reason = param.restocking_rat", "unknown-parameter", "param.restocking_rat"),
    ],
)
def test_what_can_only_be_a_name_is_reported_as_one(when: str, name: str, marked_text: str) -> None:
    assert names_of(found(when)) == [(name, marked_text)]


def test_two_typos_are_two_findings() -> None:
    when = "claim.is_membr and order.pad > 1 CNY or claim.reason = qualty"
    assert names_of(found(when)) == [
        ("unknown-fact", "claim.is_membr"),
        ("unknown-fact", "order.pad"),
        ("unknown-symbol", "qualty"),
    ]


def test_nothing_is_said_of_what_stands_beside_a_typo() -> None:
    for when in ("order.pad + 7 days = 'a'", "claim.is_membr = 3", "not (order.pad + 7 days)"):
        assert len(found(when)) == 1, when


def test_a_fact_is_no_decision_and_a_derived_value_reads_none() -> None:
    finding = only(found(files={"more.yaml": "derived:\n  fee_due: decision.no_reason_return.fee > 0 CNY\n"}))
    assert (finding.name, marked(finding)) == ("decision-in-derived", "decision.no_reason_return.fee")


# Symbols


def test_a_word_is_a_symbol_of_what_the_other_side_is() -> None:
    for when in ("claim.reason = defect", "defect = claim.reason", "claim.reason in [defect]"):
        (constant,) = [part for part in _everything(condition(when)) if isinstance(part, t.Constant)]
        assert (constant.kind.name, constant.value) == ("reason", "defect"), when
    constant = condition("claim.condition = intact").right  # type: ignore[attr-defined]
    assert (constant.kind.name, constant.value) == ("enum", "intact")
    constant = condition("fault = merchant").right  # type: ignore[attr-defined]
    assert (constant.kind.name, constant.value) == ("liability", "merchant")


def test_a_symbol_of_another_kind_is_none_of_this_one() -> None:
    assert names_of(found("claim.reason = intact")) == [("unknown-symbol", "intact")]
    assert names_of(found("fault = quality")) == [("unknown-symbol", "quality")]
    assert names_of(found("claim.condition in [quality/*]")) == [("unknown-symbol", "quality/*")]


def test_a_group_of_reasons_is_the_reason_and_all_below_it() -> None:
    for text in ("quality/*", "[quality/*]", "not(quality/*)"):
        test = test_of(f"value: {text}" if "not" not in text else f'value: "{text}"')
        member = test.operand if isinstance(test, t.Not) else test
        assert isinstance(member, t.Membership), text
        assert {choice.value for choice in member.choices if isinstance(choice, t.Constant)} == {
            "quality",
            "defect",
            "damaged_in_transit",
        }
    member = condition("claim.reason in [quality]")
    assert isinstance(member, t.Membership) and len(member.choices) == 1


def test_a_group_of_reasons_is_no_value() -> None:
    """The grammar keeps it in lists and cells; whoever builds a tree by hand is told `misplaced-subtree`."""
    diagnostics = Diagnostics()
    term, _ = Elaborator(PackScope(Names("CNY")), diagnostics).value(s.Subtree(mark_of("quality/*"), "quality"))
    assert term.kind.is_broken
    assert names_of(list(diagnostics)) == [("misplaced-subtree", "quality/*")]


def test_a_symbol_with_the_name_of_an_input_is_ambiguous() -> None:
    assert names_of(beside("claim.condition = opened", opened="claim.is_member")) == [("ambiguous-word", "opened")]


def test_the_name_of_an_input_is_no_matter_where_the_kind_has_no_such_symbol() -> None:
    assert beside("opened = true and claim.condition = intact", opened="claim.is_member") == []


def test_an_input_with_the_name_of_a_symbol_of_its_neighbour_is_ambiguous() -> None:
    findings = beside("{opened: true, state: intact}", opened="claim.is_member", state="claim.condition")
    assert names_of(findings) == [("ambiguous-name", "opened")]


def test_an_input_with_the_name_of_a_symbol_is_one_finding_where_the_symbol_is_used_too() -> None:
    findings = beside("{opened: true, state: opened}", opened="claim.is_member", state="claim.condition")
    assert names_of(findings) == [("ambiguous-name", "opened")]


def test_an_input_may_only_repeat_the_name_of_the_derived_value_it_reads() -> None:
    assert beside("fault = none", fault="fault") == []
    assert names_of(beside("fault", fault="claim.is_member")) == [("ambiguous-name", "fault")]


def beside(when: str, **columns: str) -> list[Finding]:
    """What is found with a decision of these inputs only."""
    inputs = "".join(f"\n  {column}: {value}" for column, value in columns.items())
    text = f"""
decision: asked
title: 试问
inputs:{inputs}
outputs:
  ok: {{type: bool}}
rules:
  - id: one
    when: {when}
    then: {{ok: true}}
    because: 试
otherwise: {{ok: false}}
"""
    return list(load_files(SHOP | {ASKED: text.encode()}).diagnostics)


# Guards of optional facts

READ = "claim.promised_days >= 7 days"
GIVEN, ABSENT = "claim.promised_days is given", "claim.promised_days is absent"


@pytest.mark.parametrize(
    "when",
    [
        f"{GIVEN} and {READ}",
        f"{ABSENT} or {READ}",
        f"not {ABSENT} and {READ}",
        f"not {GIVEN} or {READ}",
        f"not not {GIVEN} and {READ}",
        f"claim.is_member and {GIVEN} and {READ}",
        f"{GIVEN} and claim.is_member and {READ}",
        f"{GIVEN} and (claim.is_member or {READ})",
        f"({GIVEN} and claim.is_member) and {READ}",
        f"{ABSENT} or claim.is_member or {READ}",
        f"not ({ABSENT} or claim.is_member) and {READ}",
        f"not ({GIVEN} and claim.is_member) or {READ}",
        f"{GIVEN} and not ({READ})",
        f"if {GIVEN} then {READ} else claim.is_member",
        f"if {ABSENT} then claim.is_member else {READ}",
        f"if {GIVEN} and claim.is_member then {READ} else false",
        f"if {ABSENT} or claim.is_member then true else {READ}",
        f"if not {GIVEN} then true else {READ}",
        f"{GIVEN} and (if claim.is_member then {READ} else true)",
        f"{GIVEN} and claim.promised_days in [1 days..claim.promised_days]",
        "promised is given and promised >= 7 days",
        GIVEN,
        ABSENT,
    ],
)
def test_an_optional_fact_is_read_where_it_is_surely_given(when: str) -> None:
    assert found(block(when)) == []


@pytest.mark.parametrize(
    "when",
    [
        READ,
        f"not ({READ})",
        f"{READ} and {GIVEN}",
        f"{READ} or {ABSENT}",
        f"{GIVEN} or {READ}",
        f"{ABSENT} and {READ}",
        f"not {GIVEN} and {READ}",
        f"({GIVEN} or claim.is_member) and {READ}",
        f"({ABSENT} and claim.is_member) or {READ}",
        f"not ({GIVEN} and claim.is_member) and {READ}",
        f"({GIVEN} and claim.is_member) or {READ}",
        f"if {GIVEN} then claim.is_member else {READ}",
        f"if {ABSENT} then {READ} else claim.is_member",
        f"if {GIVEN} or claim.is_member then {READ} else true",
        f"if {READ} then true else false",
        f"(if {GIVEN} then true else false) and {READ}",
        f"(claim.is_member or {GIVEN}) and {READ}",
        f"promised is given and {READ}",
    ],
)
def test_an_optional_fact_that_may_be_absent_is_not_read(when: str) -> None:
    finding = only(found(block(when)))
    assert finding.name == "unguarded-optional"
    assert marked(finding) == "claim.promised_days"
    assert finding.values == {"name": "claim.promised_days"}


def test_a_guard_of_a_fact_is_none_of_the_input_that_reads_it() -> None:
    assert names_of(found(f"{GIVEN} and promised >= 7 days")) == [("unguarded-optional", "promised")]


def test_every_unguarded_read_is_named_at_its_own_place() -> None:
    text = f"{READ} or claim.promised_days < 3 days"
    findings = found(text)
    assert [finding.name for finding in findings] == ["unguarded-optional"] * 2
    assert len({finding.mark.column for finding in findings if finding.mark}) == 2


def test_what_is_asked_whether_it_is_given_is_named_as_it_is_written() -> None:
    finding = only(found("decision.no_reason_return.fee > 1 CNY"))
    assert finding.values == {"name": "decision.no_reason_return.fee"}
    finding = only(found("param.restocking_rate is given"))
    assert finding.values == {"name": "param.restocking_rate", "word": "given"}


def test_an_input_that_reads_an_optional_is_optional_itself() -> None:
    assert decision(value="claim.promised_days >= 7 days").inputs["value"].optional
    assert decision(value="decision.no_reason_return.fee").inputs["value"].optional
    assert not decision(value="claim.promised_days is given").inputs["value"].optional
    assert not decision(value=f"{GIVEN} and {READ}").inputs["value"].optional
    assert not decision(value=f"if {GIVEN} then claim.promised_days else 7 days").inputs["value"].optional
    assert not decision(value="order.paid").inputs["value"].optional


def test_a_required_output_takes_nothing_that_may_be_absent() -> None:
    assert found(then="{outcome: allow, fee: decision.no_reason_return.fee}") == []
    then = "{outcome: {expr: 'if claim.promised_days > 7 days then allow else deny'}}"
    finding = only(found(then=then))
    assert (finding.name, finding.values) == ("optional-into-required", {"output": "outcome"})
    guarded = f"{{outcome: {{expr: 'if {GIVEN} and {READ} then allow else deny'}}}}"
    assert found(then=guarded) == []


@pytest.mark.parametrize(
    ("when", "name", "word"),
    [
        ("order.paid is given", "order.paid", "given"),
        ("order.paid is absent or claim.is_member", "order.paid", "absent"),
        ("not (order.paid is given)", "order.paid", "given"),
        ("state is given", "state", "given"),
        ("fault is given", "fault", "given"),
    ],
)
def test_what_is_required_is_not_asked_whether_it_is_given(when: str, name: str, word: str) -> None:
    finding = only(found(when))
    assert finding.name == "presence-of-required"
    assert finding.values == {"name": name, "word": word}
    assert marked(finding) == f"{name} is {word}"


@pytest.mark.parametrize("text", ["date_of(claim.signed_at)", "order.paid + 1 CNY", "3", "'a'"])
def test_only_a_name_is_given_or_absent(text: str) -> None:
    assert names_of(found(block(f"{text} is given"))) == [("presence-of-expression", text)]


# Cells


def test_a_dash_asks_nothing_and_any_other_cell_asks_first_whether_a_value_is_given() -> None:
    assert cells_of('promised: "-"') == ()
    for cell in ("7 days", '"<= 7 days"', '"[1 days..7 days)"', '"not(7 days)"', "[7 days, 9 days]"):
        test = test_of(f"promised: {cell}")
        assert isinstance(test, t.And), cell
        assert isinstance(test.operands[0], t.Given), cell


def test_given_and_absent_are_cells_of_an_optional_input() -> None:
    assert isinstance(test_of("promised: given"), t.Given)
    absent = test_of("promised: absent")
    assert isinstance(absent, t.Not) and isinstance(absent.operand, t.Given)
    assert names_of(found("{state: given}")) == [("presence-of-required", "given")]
    assert names_of(found("{state: absent}")) == [("presence-of-required", "absent")]


def test_a_cell_of_a_required_input_asks_no_more_than_it_says() -> None:
    assert isinstance(test_of("state: intact"), t.Membership)
    assert isinstance(test_of('value: "not(quality/*)"'), t.Not)
    assert isinstance(test_of("member: true"), t.Membership)


@pytest.mark.parametrize(
    ("when", "name", "marked_text"),
    [
        ("{state: intct}", "unknown-symbol", "intct"),
        ("{state: [intact, opend]}", "unknown-symbol", "opend"),
        ('{state: "not(opend)"}', "unknown-symbol", "opend"),
        ("{state: quality}", "unknown-symbol", "quality"),
        ('{state: "> intact"}', "unordered-kind", "> intact"),
        ('{promised: "<= 7"}', "number-without-unit", "7"),
        ('{promised: "<= 7天"}', "unknown-unit", "7天"),
        ('{promised: "[7 days..3 days)"}', "empty-interval", "[7 days..3 days)"),
        ("{promised: 3 CNY}", "kinds-disagree", "3 CNY"),
        ("{member: intact}", "unknown-name", "intact"),
        ("{stat: intact}", "unknown-input", "stat"),
    ],
)
def test_a_wrong_cell_is_named_at_its_own_letters(when: str, name: str, marked_text: str) -> None:
    assert names_of(found(when)) == [(name, marked_text)]


def test_cells_of_a_broken_input_are_left_alone() -> None:
    assert names_of(found("{value: intact}", value="claim.conditon")) == [("unknown-fact", "claim.conditon")]
    assert names_of(found("{value: [quality/*, defect]}", value="claim.reasn")) == [("unknown-fact", "claim.reasn")]


# Outputs


@pytest.mark.parametrize(
    ("then", "name", "marked_text", "suggestion"),
    [
        ("{outcome: alow}", "unknown-symbol", "alow", "allow"),
        ("{outcome: 同意}", "unknown-symbol", "同意", "allow"),
        ("{outcome: {expr: alow}}", "unknown-symbol", "alow", "allow"),
        ("{outcome: allow, fee: 5}", "money-without-currency", "5", "5 CNY"),
        ("{outcome: allow, fee: 7 days}", "kinds-disagree", "7 days", None),
        ("{outcome: allow, fee: order.pad}", "unknown-fact", "order.pad", "order.paid"),
        ("{outcome: allow, note: {expr: hello}}", "text-without-quotes", "hello", "'hello'"),
        ("{outcome: {expr: claim.condition}}", "kinds-disagree", "claim.condition", None),
        ("{fee: 5 CNY}", "missing-output", "one", None),
        ("{outcome: allow, fees: 5 CNY}", "unknown-output-cell", "fees", "fee"),
    ],
)
def test_a_wrong_output_is_named_at_its_own_letters(
    then: str, name: str, marked_text: str, suggestion: str | None
) -> None:
    finding = only(found(then=then))
    assert (finding.name, marked(finding), finding.suggestion) == (name, marked_text, suggestion)


def test_a_misspelt_output_is_one_finding_where_the_output_is_required() -> None:
    finding = only(found(then="{outcom: allow}"))
    assert (finding.name, marked(finding), finding.suggestion) == ("unknown-output-cell", "outcom", "outcome")


def test_words_of_text_outputs_are_taken_as_they_stand() -> None:
    terms = dict(decision(then="{outcome: allow, note: 请 order.paid 再来}").rules[0].outputs)
    note = terms["note"]
    assert isinstance(note, t.Constant) and note.value == "请 order.paid 再来"


def test_an_enum_takes_another_one_whose_values_it_has_all() -> None:
    wider = """
decision: wider
title: 更宽
inputs:
  asked: decision.asked.outcome
outputs:
  outcome: {type: enum, of: [allow, deny, manual]}
rules:
  - {id: all, when: {asked: [allow, deny]}, then: {outcome: {expr: decision.asked.outcome}}, because: 试}
"""
    assert found(files={"wider.yaml": wider}) == []
    narrower = wider.replace("[allow, deny, manual]", "[allow, manual]")
    assert names_of(found(files={"wider.yaml": narrower})) == [("kinds-disagree", "decision.asked.outcome")]


# Functions


@pytest.mark.parametrize(
    ("value", "wanted", "given"),
    [
        ("date_of(claim.signed_at, claim.signed_at)", 1, 2),
        ("days_between(claim.signed_at)", 2, 1),
        ("within(param.return_window, claim.signed_at)", 3, 2),
    ],
)
def test_a_function_takes_just_so_many_values(value: str, wanted: int, given: int) -> None:
    finding = only(found(value=value))
    assert (finding.name, marked(finding)) == ("wrong-argument-count", value)
    assert finding.values == {"function": value.partition("(")[0], "wanted": wanted, "found": given}


@pytest.mark.parametrize(
    ("value", "marked_text", "wanted"),
    [
        ("date_of(order.paid)", "order.paid", ["datetime"]),
        ("date_of(2025-11-10)", "2025-11-10", ["datetime"]),
        ("days_between(order.paid, claim.signed_at)", "order.paid", ["date", "datetime"]),
        ("within(7 days, claim.signed_at, claim.requested_at)", "7 days", ["window"]),
        ("deadline(param.return_window, 2025-11-10)", "2025-11-10", ["datetime"]),
        ("liability_of(claim.condition)", "claim.condition", ["reason"]),
    ],
)
def test_a_function_takes_just_these_kinds(value: str, marked_text: str, wanted: list[str]) -> None:
    finding = only(found(value=value))
    assert (finding.name, marked(finding)) == ("wrong-argument-kind", marked_text)
    assert [word.key for word in finding.values["wanted"]] == [f"kind.{name}" for name in wanted]


# What elaborating cannot begin without


def test_without_a_pack_section_nothing_is_elaborated() -> None:
    """`no-pack-section` is the only finding, however wrong the conditions are."""
    files = SHOP | {ASKED: DECISION.format(when="claim.is_membr", value="x", then="{}").encode()}
    del files["pack.yaml"]
    assert [finding.name for finding in load_files(files).diagnostics] == ["no-pack-section"]


def _everything(term: t.Term) -> list[t.Term]:
    return [term, *(below for part in t.parts(term) for below in _everything(part))]

"""Layers beside each other and above the pack: what they may not lower, and where nobody knows which one holds."""

from pathlib import Path

import pytest

from csflow.diagnostics import Finding
from csflow.loading.passes import load_files

SMALL_PACK = Path(__file__).parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(SMALL_PACK).as_posix(): path.read_bytes() for path in sorted(SMALL_PACK.rglob("*.yaml"))}
SEVEN = "{length: 7 days, counts_from: next_day, extend_over: [statutory_holiday, rest_day], calendar: cn}"
EIGHT = "{length: 8 days, counts_from: next_day}"
THIRTY = "{length: 30 days, counts_from: next_day}"


def parameters(window: str = "", rate: str = "") -> bytes:
    return f"""\
parameters:
  return_window:
    title: 退货期
    type: window
{window}    editions:
      - {{from: 2024-01-01, value: {SEVEN}, because: 店铺规则 第一条, basis: law}}
  restocking_rate:
    title: 折旧比例
    type: percent
    min: 0%
    max: 100%
{rate}    editions:
      - {{from: 2024-01-01, value: 10%, because: 店铺规则 第二条, basis: law}}
""".encode()


def layer(name: str, gives: str, condition: str = "", rank: str = "campaign") -> dict[str, bytes]:
    held = f"while: {condition}\n" if condition else ""
    text = f"layer: {name}\ntitle: {name}\nrank: {rank}\n{held}because: 活动规则\nparameters:\n  {gives}\n"
    return {f"layers/{name}.yaml": text.encode()}


def check(*layers: dict[str, bytes], **given: str) -> list[Finding]:
    files = FILES | {"parameters.yaml": parameters(**given)}
    for each in layers:
        files |= each
    return list(load_files(files).diagnostics)


def names(findings: list[Finding]) -> list[str]:
    return [finding.name for finding in findings]


AT_LEAST = "    floor: at_least\n"
AT_MOST = "    floor: at_most\n"
MORE_FAVOURABLE = "    combine: more_favourable\n    favours: {}\n"


def test_a_window_that_ends_earlier_on_one_day_of_the_year_breaks_the_floor_and_names_both_lines_and_the_day() -> None:
    (finding,) = check(layer("promise", f"return_window: {{value: {EIGHT}}}"), window=AT_LEAST)
    assert finding.name == "broken-floor"
    assert finding.mark is not None
    assert (finding.mark.path, finding.mark.line) == ("layers/promise.yaml", 6)
    # Seven days after the first Saturday of 2024 it is Saturday again, and the window goes on to Monday; eight
    # days after it is Sunday.
    assert dict(finding.values) == {
        "name": "return_window",
        "layer": "promise",
        "file": "parameters.yaml",
        "line": 7,
        "witness": "2024-01-06",
    }


def test_a_window_that_is_longer_on_every_day_keeps_the_floor() -> None:
    assert check(layer("promise", f"return_window: {{value: {THIRTY}}}"), window=AT_LEAST) == []


def test_without_a_floor_a_layer_may_give_less() -> None:
    assert check(layer("promise", f"return_window: {{value: {EIGHT}}}")) == []


@pytest.mark.parametrize(
    ("floor", "value", "witness"),
    [
        (AT_LEAST, "9.99%", "9.99% / 10%"),
        (AT_LEAST, "10%", None),
        (AT_LEAST, "10.01%", None),
        (AT_MOST, "9.99%", None),
        (AT_MOST, "10%", None),
        (AT_MOST, "10.01%", "10.01% / 10%"),
    ],
)
def test_a_number_breaks_a_floor_on_its_bad_side_only(floor: str, value: str, witness: str | None) -> None:
    findings = check(layer("promise", f"restocking_rate: {{value: {value}}}"), rate=floor)
    assert [(finding.name, finding.values["witness"]) for finding in findings] == (
        [("broken-floor", witness)] if witness else []
    )


def test_an_edition_of_a_layer_that_begins_after_the_pack_is_in_force_breaks_nothing() -> None:
    late = "restocking_rate: {editions: [{from: 2027-01-01, value: 20%, because: 活动规则, basis: own}]}"
    assert check(layer("promise", late), rate=AT_MOST) == []
    early = late.replace("2027-01-01", "2026-12-31")
    assert names(check(layer("promise", early), rate=AT_MOST)) == ["broken-floor"]


def test_where_the_better_value_holds_a_worse_one_has_no_effect_and_no_more_is_said() -> None:
    (finding,) = check(
        layer("promise", "restocking_rate: {value: 12%}"), rate=AT_MOST + MORE_FAVOURABLE.format("smaller")
    )
    assert (finding.name, finding.severity) == ("layer-without-effect", "note")
    assert (finding.values["layer"], finding.values["witness"]) == ("promise", "12% / 10%")


MEMBERS = "claim.is_member"
DEAR = "order.paid > 500 CNY"
NOVEMBER = '"order.paid_at in [2026-11-01..2026-11-15]"'
DECEMBER = '"order.paid_at in [2026-12-01..2026-12-15]"'
MID_NOVEMBER = '"order.paid_at in [2026-11-15..2026-12-15]"'
FIVE, SIX = "restocking_rate: {value: 5%}", "restocking_rate: {value: 6%}"


def test_two_layers_of_one_rank_that_hold_together_are_in_conflict_and_a_case_shows_it() -> None:
    (finding,) = check(layer("dear", FIVE, DEAR), layer("members", SIX, MEMBERS))
    assert finding.name == "layer-conflict"
    assert finding.mark is not None
    assert (finding.mark.path, finding.mark.line) == ("layers/members.yaml", 1)
    assert (finding.values["name"], finding.values["one"], finding.values["other"]) == (
        "restocking_rate",
        "dear",
        "members",
    )
    assert finding.witness == {"claim.is_member": True, "order.paid": {"amount": "500.01", "currency": "CNY"}}
    assert "500.01 CNY" in finding.remedy("zh-CN") and "：是" in finding.remedy("zh-CN")


def test_two_layers_that_share_one_day_are_in_conflict_on_it() -> None:
    (finding,) = check(layer("one", FIVE, NOVEMBER), layer("two", SIX, MID_NOVEMBER))
    assert finding.name == "layer-conflict"
    assert finding.witness is not None and finding.witness["order.paid_at"].startswith("2026-11-15")


def test_two_layers_that_never_give_a_value_on_one_day_are_in_no_conflict() -> None:
    dated = "restocking_rate: {{editions: [{{from: {}, {}value: 5%, because: 活动规则, basis: own}}]}}"
    early = dated.format("2024-01-01", "until: 2025-01-01, ")
    assert check(layer("one", early, DEAR), layer("two", dated.format("2025-01-01", ""), MEMBERS)) == []
    assert names(check(layer("one", early, DEAR), layer("two", dated.format("2024-12-31", ""), MEMBERS))) == [
        "layer-conflict"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [(NOVEMBER, DECEMBER), (MEMBERS, "not claim.is_member"), (DEAR, "order.paid <= 500 CNY")],
)
def test_layers_that_never_hold_together_are_proved_to_be_apart(one: str, other: str) -> None:
    assert check(layer("one", FIVE, one), layer("two", SIX, other)) == []


def test_layers_of_two_ranks_or_of_different_parameters_are_in_no_conflict() -> None:
    assert check(layer("one", FIVE, DEAR), layer("two", SIX, MEMBERS, rank="promise")) == []
    assert check(layer("one", FIVE, DEAR), layer("two", f"return_window: {{value: {THIRTY}}}", MEMBERS)) == []


def test_where_the_better_value_holds_there_is_no_conflict() -> None:
    better = MORE_FAVOURABLE.format("smaller")
    assert check(layer("one", FIVE, DEAR), layer("two", SIX, MEMBERS), rate=better) == []


def test_conditions_that_compute_something_are_not_settled_by_trying() -> None:
    # No amount lies between 500.02 and 500.03, but it takes arithmetic to see that.
    computed = '"150% * order.paid > 750.03 CNY and order.paid < 500.03 CNY"'
    findings = check(layer("one", FIVE, computed), layer("two", SIX, "order.paid > 500.02 CNY"))
    assert [(finding.name, finding.severity) for finding in findings] == [("unconfirmed-layer-conflict", "note")]
    assert dict(findings[0].values) == {"name": "restocking_rate", "one": "one", "other": "two"}


def test_a_bound_with_more_places_than_the_fact_has_is_tried_at_the_values_around_it() -> None:
    facts = FILES["facts.yaml"].decode()
    assert "is_member: {type: bool}" in facts
    counted = {
        "facts.yaml": facts.replace("is_member: {type: bool}", "is_member: {type: bool}\n    pieces: {type: int}")
    }
    between = '"claim.pieces > 0.5 and claim.pieces < 1.5"'
    (finding,) = check(
        layer("one", FIVE, between), layer("two", SIX, between), {"facts.yaml": counted["facts.yaml"].encode()}
    )
    assert (finding.name, finding.witness) == ("layer-conflict", {"claim.pieces": 1})


def test_a_number_in_a_condition_is_no_day_for_a_date_beside_it() -> None:
    facts = FILES["facts.yaml"].decode()
    dated = facts.replace(
        "is_member: {type: bool}", "is_member: {type: bool}\n    day: {type: date}\n    pieces: {type: int}"
    )
    one = layer("one", FIVE, '"claim.pieces > 0 and claim.day < 2025-01-01"')
    other = layer("two", SIX, '"claim.pieces > 0 or claim.day < 2025-01-01"')
    (finding,) = check(one, other, {"facts.yaml": dated.encode()})
    assert finding.name == "layer-conflict"


def test_a_layer_without_a_condition_fills_a_hole_in_the_time_line() -> None:
    hole = b"  grace: {type: days, editions: [{from: 2025-01-01, value: 2 days, because: x, basis: own}]}\n"
    always = {
        "layers/a.yaml": b"layer: a\ntitle: a\nrank: promise\nbecause: x\nparameters:\n  grace: {value: 3 days, because: x, basis: own}\n"
    }
    given = {"parameters.yaml": parameters() + hole}
    assert "edition-gap" in names(list(load_files(FILES | given).diagnostics))
    assert "edition-gap" not in names(list(load_files(FILES | given | always).diagnostics))

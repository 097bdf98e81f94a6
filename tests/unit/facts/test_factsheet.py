"""What a backend may give for a fact, how it is held, and how everything else is refused."""

import datetime as dt
import json
from collections import OrderedDict
from decimal import Decimal
from typing import Any

import pytest

from csflow import FactError, Facts, Money
from csflow.diagnostics import LANGUAGES
from csflow.diagnostics.rendering.document import report_as_json
from csflow.diagnostics.rendering.report import Report
from csflow.diagnostics.rendering.text import render_text
from csflow.facts import ABSENT, read_facts

from .shop import SHOP, found, one, refused

CHINA = dt.timezone(dt.timedelta(hours=8))
# 2025-11-10T20:00:00+08:00 in microseconds since 1970.
INSTANT = 1_762_776_000_000_000
DAY = dt.date(2025, 11, 10).toordinal()
HOUR = 3_600_000_000
OPTIONAL = ["claim.promised_days", "parcel.counted", "parcel.deposit", "parcel.note"]


def wrong_kind(kind: str, given: str, problem: str = "") -> tuple[str, dict[str, str]]:
    values = {"kind": f"kind.{kind}", "given": given, "example": f"example.{kind}", "problem": problem}
    return "wrong-kind", values


@pytest.mark.parametrize(
    ("path", "given", "held"),
    [
        ("claim.is_member", True, True),
        ("claim.is_member", False, False),
        ("parcel.pieces", 3, 3),
        ("order.weight", "0.25", 25),
        ("order.weight", "0.2", 20),
        ("order.weight", Decimal("0.25"), 25),
        ("order.weight", Decimal("1E+2"), 10_000),
        ("order.weight", 3, 300),
        ("parcel.discount", "80%", 8_000),
        ("parcel.discount", "12.5%", 1_250),
        ("parcel.discount", "0.01%", 1),
        ("order.paid", Money("12.34 CNY"), 1_234),
        ("order.paid", "12.34 CNY", 1_234),
        ("order.paid", "12.3 CNY", 1_230),
        ("order.paid", "12 CNY", 1_200),
        ("order.paid", {"amount": "12.34", "currency": "CNY"}, 1_234),
        ("order.id", "A-7", "A-7"),
        ("order.id", "订单 七", "订单 七"),
        ("order.id", "", ""),
        ("claim.condition", "opened", "opened"),
        ("claim.reason", "no_reason", "no_reason"),
        ("claim.reason", "damaged_in_transit", "damaged_in_transit"),
        ("parcel.answer", "window.expired", "window.expired"),
        ("parcel.payer", "merchant", "merchant"),
        ("parcel.fault", "both", "both"),
        ("parcel.sent_on", dt.date(2025, 11, 10), DAY),
        ("parcel.sent_on", "2025-11-10", DAY),
        ("claim.signed_at", dt.datetime(2025, 11, 10, 20, tzinfo=CHINA), INSTANT),
        ("claim.signed_at", dt.datetime(2025, 11, 10, 12, tzinfo=dt.UTC), INSTANT),
        ("claim.signed_at", "2025-11-10T20:00:00+08:00", INSTANT),
        ("claim.signed_at", "2025-11-10T12:00:00Z", INSTANT),
        ("claim.signed_at", "2025-11-10T12:00:00.000001Z", INSTANT + 1),
        ("claim.promised_days", 14, 14),
        ("claim.promised_days", "14 days", 14),
        ("claim.promised_days", "2 weeks", 14),
        ("parcel.travelled", dt.timedelta(hours=48), 48 * HOUR),
        ("parcel.travelled", dt.timedelta(microseconds=1), 1),
        ("parcel.travelled", "48 hours", 48 * HOUR),
        ("parcel.travelled", "90 minutes", 90 * HOUR // 60),
    ],
)
def test_a_value_of_its_kind_is_held_exactly(path: str, given: Any, held: Any) -> None:
    taken = one(path, given).values[path]
    assert (taken, type(taken)) == (held, type(held))


@pytest.mark.parametrize(
    ("path", "given", "name", "values", "suggestion"),
    [
        ("claim.is_member", "true", *wrong_kind("bool", "true"), None),
        ("claim.is_member", 1, *wrong_kind("bool", "1"), None),
        ("parcel.pieces", True, *wrong_kind("int", "True"), None),
        ("parcel.pieces", "3", *wrong_kind("int", "3"), None),
        ("order.weight", True, *wrong_kind("decimal", "True"), None),
        ("order.weight", "heavy", *wrong_kind("decimal", "heavy"), None),
        ("order.weight", Decimal("NaN"), *wrong_kind("decimal", "NaN"), None),
        ("order.weight", Decimal("-Infinity"), *wrong_kind("decimal", "-Infinity"), None),
        ("order.weight", Decimal("0.255"), "too-many-places", {"given": "0.255", "places": 2}, None),
        ("parcel.discount", 80, *wrong_kind("percent", "80"), None),
        ("parcel.discount", "0.8", "percent-without-sign", {"given": "0.8"}, "80%"),
        ("order.paid", 12, *wrong_kind("money", "12"), None),
        ("order.paid", Decimal("12.34"), *wrong_kind("money", "12.34"), None),
        ("order.paid", "12.34", "money-without-currency", {"given": "12.34"}, "12.34 CNY"),
        ("order.paid", "12.34 USD", "other-currency", {"given": "12.34 USD", "currency": "CNY"}, None),
        ("order.paid", Money("9.99 USD"), "other-currency", {"given": "9.99 USD", "currency": "CNY"}, None),
        (
            "order.paid",
            {"amount": "9.99", "currency": "USD"},
            "other-currency",
            {"given": "9.99 USD", "currency": "CNY"},
            None,
        ),
        (
            "order.paid",
            {"amount": Decimal("9.99"), "currency": "CNY"},
            *wrong_kind("money", "{'amount': Decimal('9.99'), 'currency': 'CNY'}"),
            None,
        ),
        ("order.paid", {"amount": "9.99"}, *wrong_kind("money", "{'amount': '9.99'}"), None),
        ("order.id", 7, *wrong_kind("text", "7"), None),
        ("claim.condition", "Intact", "unknown-symbol", {"symbol": "Intact", "kind": "kind.enum"}, "intact"),
        ("claim.condition", "已拆封", "unknown-symbol", {"symbol": "已拆封", "kind": "kind.enum"}, "opened"),
        ("claim.condition", True, *wrong_kind("enum", "True"), None),
        ("claim.reason", "七日無理由", "unknown-symbol", {"symbol": "七日無理由", "kind": "kind.reason"}, "no_reason"),
        ("parcel.answer", "window.over", "unknown-symbol", {"symbol": "window.over", "kind": "kind.code"}, None),
        ("parcel.payer", "商家", "unknown-symbol", {"symbol": "商家", "kind": "kind.party"}, "merchant"),
        (
            "parcel.sent_on",
            dt.datetime(2025, 11, 10, tzinfo=CHINA),
            *wrong_kind("date", repr(dt.datetime(2025, 11, 10, tzinfo=CHINA))[:57] + "..."),
            None,
        ),
        (
            "parcel.sent_on",
            "2025-02-30",
            *wrong_kind("date", "2025-02-30", "2025-02-30 is not a day of the calendar"),
            None,
        ),
        (
            "claim.signed_at",
            dt.datetime(2025, 11, 10, 20),
            *wrong_kind("datetime", "2025-11-10T20:00:00", "2025-11-10T20:00:00 has no offset: give an aware datetime"),
            None,
        ),
        ("claim.signed_at", dt.date(2025, 11, 10), *wrong_kind("datetime", "datetime.date(2025, 11, 10)"), None),
        ("claim.signed_at", INSTANT, *wrong_kind("datetime", str(INSTANT)), None),
        ("claim.promised_days", "14", "number-without-unit", {"given": "14", "kind": "kind.days"}, "14 days"),
        ("claim.promised_days", True, *wrong_kind("days", "True"), None),
        (
            "claim.promised_days",
            "48 hours",
            *wrong_kind(
                "days", "48 hours", "48 hours is a duration, not a count of days: write it in days, such as 2 days"
            ),
            None,
        ),
        ("parcel.travelled", 48, *wrong_kind("duration", "48"), None),
        ("order.paid", ["12.34 CNY"], *wrong_kind("money", "['12.34 CNY']"), None),
    ],
)
def test_a_value_of_another_kind_is_refused(
    path: str, given: Any, name: str, values: dict[str, Any], suggestion: str | None
) -> None:
    assert refused({path: given}) == [(name, path, values, suggestion)]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("claim.is_member", "bool"),
        ("parcel.pieces", "int"),
        ("order.weight", "decimal"),
        ("parcel.discount", "percent"),
        ("order.paid", "money"),
        ("order.id", "text"),
        ("claim.condition", "enum"),
        ("claim.signed_at", "datetime"),
        ("claim.promised_days", "days"),
        ("parcel.travelled", "duration"),
    ],
)
def test_a_float_is_refused_whatever_the_kind(path: str, kind: str) -> None:
    assert refused({path: 1.0}) == [("float-value", path, {"kind": f"kind.{kind}", "given": "1.0"}, None)]


def test_a_float_that_is_no_number_is_refused_as_a_float() -> None:
    values = {"kind": "kind.decimal", "given": "nan"}
    assert refused({"order.weight": float("nan")}) == [("float-value", "order.weight", values, None)]


@pytest.mark.parametrize(
    ("path", "least", "below", "most", "above", "bounds"),
    [
        ("parcel.pieces", 1, 0, 99, 100, ("1", "99")),
        ("order.weight", "0", "-0.01", "1000", "1000.01", ("0", "1000")),
        ("parcel.discount", "0%", "-0.01%", "100%", "100.01%", ("0%", "100%")),
        ("order.paid", "0 CNY", "-0.01 CNY", "100000 CNY", "100000.01 CNY", ("0.00 CNY", "100000.00 CNY")),
        ("claim.promised_days", 0, -1, 365, 366, ("0 days", "365 days")),
        (
            "parcel.travelled",
            "0 hours",
            "-0.000001 seconds",
            dt.timedelta(hours=240),
            dt.timedelta(hours=240, microseconds=1),
            ("0 seconds", "240 hours"),
        ),
    ],
)
def test_bounds_are_included_and_one_step_beyond_is_refused(
    path: str, least: Any, below: Any, most: Any, above: Any, bounds: tuple[str, str]
) -> None:
    for given in (least, most):
        assert path in one(path, given).values
    for given in (below, above):
        shown = given if isinstance(given, str) else repr(given)
        values = {"given": shown, "low": bounds[0], "high": bounds[1]}
        assert refused({path: given}) == [("out-of-bounds", path, values, None)]


def test_without_bounds_of_its_own_a_number_is_bounded_all_the_same() -> None:
    assert one("parcel.counted", 10**12).values["parcel.counted"] == 10**12
    ((name, *_),) = refused({"parcel.counted": 10**12 + 1})
    assert name == "out-of-bounds"


def test_a_text_is_as_long_as_the_fact_sheet_says() -> None:
    assert one("order.id", "七" * 64).values["order.id"] == "七" * 64
    assert refused({"order.id": "七" * 65}) == [("text-too-long", "order.id", {"length": 65, "limit": 64}, None)]


def test_null_and_nothing_both_mean_not_given() -> None:
    left_out, null = SHOP.facts({}), SHOP.facts({"claim": {"promised_days": None, "condition": None}, "order": {}})
    assert left_out.values == null.values
    # An optional fact is then absent, any other is not there at all, and so unknown.
    assert left_out.values == dict.fromkeys(OPTIONAL, ABSENT)


def test_an_optional_fact_that_is_given_is_not_absent() -> None:
    assert SHOP.facts({"claim": {"promised_days": 0}}).values["claim.promised_days"] == 0


def test_facts_may_come_by_record_by_path_or_both() -> None:
    by_record = SHOP.facts({"order": {"id": "A-7", "paid": "5 CNY"}, "claim": {"is_member": True}})
    by_path = SHOP.facts({"order.id": "A-7", "order.paid": "5 CNY", "claim.is_member": True})
    both = SHOP.facts(OrderedDict({"order": OrderedDict(id="A-7"), "order.paid": "5 CNY", "claim.is_member": True}))
    assert by_record.values == by_path.values == both.values


@pytest.mark.parametrize(
    ("given", "name", "suggestion"),
    [
        ({"claim": {"reasn": "no_reason"}}, "claim.reasn", "claim.reason"),
        ({"claim.Reason": "no_reason"}, "claim.Reason", "claim.reason"),
        ({"claim": {"promised_day": None}}, "claim.promised_day", "claim.promised_days"),
        ({"clam": {"reason": "no_reason"}}, "clam", "claim"),
        ({"claim": {"colour_of_the_box": "red"}}, "claim.colour_of_the_box", None),
        ({"weather": "rain"}, "weather", None),
        ({"claim.reason.code": "no_reason"}, "claim.reason.code", None),
        ({7: "no_reason"}, "7", None),
    ],
)
def test_a_fact_that_is_not_declared_is_refused_even_when_it_is_null(
    given: dict[Any, Any], name: str, suggestion: str | None
) -> None:
    assert refused(given) == [("undeclared-fact", name, {"name": name}, suggestion)]


@pytest.mark.parametrize("value", [5, "no_reason", ["no_reason"], True])
def test_a_record_is_no_single_value(value: Any) -> None:
    ((name, subject, values, _),) = refused({"claim": value})
    assert (name, subject, values) == ("record-not-a-mapping", "claim", {"name": "claim"})


def test_a_record_that_is_named_correctly_is_not_suggested() -> None:
    ((*_, suggestion),) = refused({"claim": 5})
    assert suggestion is None


@pytest.mark.parametrize(("given", "kind"), [(["claim.reason"], "list"), ('"claim"', "str"), (None, "NoneType")])
def test_facts_without_names_are_refused(given: Any, kind: str) -> None:
    assert refused(given) == [("facts-not-a-mapping", None, {"found": kind}, None)]


def test_every_fault_is_found_at_once_in_the_order_given() -> None:
    given = {"order": {"paid": 12.5, "weigth": "3"}, "claim": {"condition": "new", "is_member": True}, "shop": {}}
    assert [(name, subject) for name, subject, _, _ in refused(given)] == [
        ("float-value", "order.paid"),
        ("undeclared-fact", "order.weigth"),
        ("unknown-symbol", "claim.condition"),
        ("undeclared-fact", "shop"),
    ]


def test_findings_name_the_document_that_the_facts_come_from() -> None:
    with pytest.raises(FactError) as caught:
        read_facts(SHOP.linked, {"order": {"paid": 1.5}}, subject="case-7.json")
    assert [finding.subject for finding in caught.value.diagnostics] == ["case-7.json: order.paid"]
    with pytest.raises(FactError) as caught:
        read_facts(SHOP.linked, [], subject="case-7.json")  # type: ignore[arg-type]
    assert [finding.subject for finding in caught.value.diagnostics] == ["case-7.json"]


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("parcel.phone", "13800138000-1"),
        ("parcel.phone", 13800138000),
        ("parcel.phone", 13800138000.5),
        ("parcel.deposit", "432.10"),
        ("parcel.deposit", "543.21 CNY"),
        ("parcel.deposit", "432.10 USD"),
    ],
)
def test_a_private_value_stands_in_no_finding(path: str, given: Any) -> None:
    with pytest.raises(FactError) as caught:
        one(path, given)
    ((_, subject, values, suggestion),) = found(caught.value.diagnostics)
    assert (subject, suggestion) == (path, None)
    shown = [report_as_json(Report(caught.value.diagnostics), language) for language in LANGUAGES]
    assert str(given).split()[0] not in "".join([str(caught.value), str(values), *shown])


def test_the_error_is_a_value_error_that_says_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"no fact `claim.reasn` is declared") as caught:
        SHOP.facts({"claim": {"reasn": "no_reason"}})
    assert isinstance(caught.value, FactError)
    text = render_text(caught.value.diagnostics, "zh-CN")
    assert text.startswith("claim.reasn: error CS501 undeclared-fact: ")
    assert "您是不是想写「claim.reason」？" in text
    assert json.loads(report_as_json(Report(caught.value.diagnostics), "zh-TW"))["findings"][0]["file"] == "claim.reasn"


def test_checked_facts_are_taken_as_they_are() -> None:
    facts = SHOP.facts({"claim": {"reason": "no_reason"}})
    assert isinstance(facts, Facts)
    assert repr(facts) == f"Facts({sorted([*OPTIONAL, 'claim.reason'])})"
    assert SHOP.decide("route", facts).status == SHOP.decide("route", {"claim": {"reason": "no_reason"}}).status


def test_facts_checked_before_are_kept_and_replaced_where_given_again() -> None:
    before = SHOP.facts({"order": {"paid": "5 CNY", "id": "A-7"}})
    after = read_facts(SHOP.linked, {"order": {"paid": "6 CNY"}}, known=before.values)
    assert (after.values["order.paid"], after.values["order.id"]) == (600, "A-7")


@pytest.mark.parametrize("path", ["parcel.counted", "order.weight"])
def test_a_number_of_any_length_is_refused_in_our_own_words(path: str) -> None:
    ((name, *_),) = refused({path: 10**5000})
    assert name in ("out-of-bounds", "number-too-long")


def test_a_fact_that_is_given_twice_is_refused_and_neither_value_is_chosen() -> None:
    twice = {"order.paid": "1 CNY", "order": {"paid": "2 CNY"}}
    assert refused(twice) == [("fact-given-twice", "order.paid", {"name": "order.paid"}, None)]

"""From a platform's JSON to facts: exact, and whatever is missing or odd is named by its path."""

from decimal import Decimal
from typing import Any

import pytest

from csflow import FactError, Pack, PackError, UnknownName
from csflow.diagnostics.rendering.text import render_text
from csflow.facts import ABSENT
from csflow.facts.documents import map_document, read_json

from .shop import SHOP, found, pack_with

ORDER = {
    "number": "A-7",
    "paid_at": "2025-11-10T12:00:00Z",
    "total": "12.30",
    "currency": "CNY",
    "state": "ok",
    "unread": {"by": "anybody"},
}


def mapping(facts: dict[str, str], document: str = "") -> Pack:
    """The small pack with a mapping `trial` from paths, as they are written in YAML, to facts."""
    lines = ["mapping: trial", "title: trial", *([f"document: {document}"] if document else []), "facts:"]
    return pack_with(trial="\n".join([*lines, *(f"  {fact}: {path}" for fact, path in facts.items())]) + "\n")


def read(fact: str, path: str, document: Any) -> Any:
    """What one fact is when it is read from a document; `ABSENT` too where it is not given."""
    return mapping({fact: path}).map("trial", document).values.get(fact, ABSENT)


def refused(pack: Pack, name: str, document: Any) -> list[tuple[str, str | None, dict[str, Any], str | None]]:
    with pytest.raises(FactError) as caught:
        pack.map(name, document)
    return found(caught.value.diagnostics)


def refused_reading(fact: str, path: str, document: Any) -> list[tuple[str, str | None, dict[str, Any], str | None]]:
    return refused(mapping({fact: path}), "trial", document)


def order_without(*fields: str, **others: Any) -> dict[str, Any]:
    return {"order": {key: value for key, value in (ORDER | others).items() if key not in fields}}


def test_a_document_gives_the_facts_of_its_mapping_and_no_others() -> None:
    facts = SHOP.map("shop_order", {"order": ORDER, "claim": {"reason": "no_reason"}})
    assert {path: value for path, value in facts.values.items() if value is not ABSENT} == {
        "order.id": "A-7",
        "order.paid_at": 1_762_776_000_000_000,
        "order.paid": 1_230,
        "claim.condition": "intact",
    }


@pytest.mark.parametrize("document", [order_without("state"), order_without(state=None)])
def test_a_path_that_is_optional_may_be_missing_or_null(document: dict[str, Any]) -> None:
    facts = SHOP.map("shop_order", document)
    assert "claim.condition" not in facts.values
    # The fact itself is required, so it is unknown and not absent.
    assert "claim.promised_days" in facts.values


def test_an_optional_path_to_an_optional_fact_leaves_it_absent() -> None:
    assert read("claim.promised_days", "{path: promise.days, optional: true}", {"promise": None}) is ABSENT


@pytest.mark.parametrize(
    ("total", "held"),
    [("12.30", 1_230), ("12.3", 1_230), (12, 1_200), (Decimal("12.30"), 1_230), (0, 0), (Decimal("0.01"), 1)],
)
def test_an_amount_and_its_currency_make_money(total: Any, held: int) -> None:
    assert SHOP.map("shop_order", order_without(total=total)).values["order.paid"] == held


def test_the_currency_may_be_written_in_the_mapping() -> None:
    assert read("order.paid", "{path: total, currency: \"'CNY'\"}", {"total": "12.30"}) == 1_230


def test_money_that_carries_its_currency_needs_no_second_path() -> None:
    assert read("order.paid", "total", {"total": "12.30 CNY"}) == 1_230
    assert read("order.paid", "total", {"total": {"amount": "12.30", "currency": "CNY"}}) == 1_230


def test_decimals_of_a_document_are_exact() -> None:
    document = read_json('{"weight": 0.1, "total": 8123456.07, "count": 3, "note": "0.1"}')
    assert document == {"weight": Decimal("0.1"), "total": Decimal("8123456.07"), "count": 3, "note": "0.1"}
    assert [type(value) for value in document.values()] == [Decimal, Decimal, int, str]
    assert read("order.weight", "weight", document) == 10
    order = SHOP.map("shop_order", order_without(total=read_json("99999.99"))).values
    assert order["order.paid"] == 9_999_999


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_not_json(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        read_json(f'{{"total": {word}}}')


@pytest.mark.parametrize(
    ("fact", "path", "document", "held"),
    [
        ("order.id", "a.b.c", {"a": {"b": {"c": "x"}}}, "x"),
        ("order.id", '"lines[0].sku"', {"lines": [{"sku": "x"}, {"sku": "y"}]}, "x"),
        ("order.id", '"lines[-1].sku"', {"lines": [{"sku": "x"}, {"sku": "y"}]}, "y"),
        ("order.id", '"lines[1:].sku | [0]"', {"lines": [{"sku": "x"}, {"sku": "y"}]}, "y"),
        ("order.id", '"lines[*].sku | [1]"', {"lines": [{"sku": "x"}, {"sku": "y"}]}, "y"),
        ("order.id", '"parts[][].sku | [2]"', {"parts": [[{"sku": "x"}, {"sku": "y"}], [{"sku": "z"}]]}, "z"),
        ("order.id", "\"lines[?kind=='gift'].sku | [0]\"", {"lines": [{"kind": "gift", "sku": "x"}]}, "x"),
        ("order.weight", '"lines[?weight > `1`].weight | [0]"', {"lines": [{"weight": Decimal("2.5")}]}, 250),
        ("order.id", '"\\"order number\\""', {"order number": "x"}, "x"),
        ("order.id", "new_id || old_id", {"old_id": "x"}, "x"),
        ("order.id", "not_null(new_id, old_id)", {"new_id": None, "old_id": "x"}, "x"),
        ("order.id", "\"join('-', [].parts[])\"", [{"parts": ["a", "b"]}], "a-b"),
        ("parcel.counted", "length(lines)", {"lines": [1, 2, 3]}, 3),
        ("claim.is_member", "contains(labels, 'vip')", {"labels": ["new", "vip"]}, True),
        ("claim.is_member", "starts_with(level, 'v')", {"level": "vip"}, True),
        ("claim.is_member", '"!guest"', {"guest": False}, True),
        ("claim.is_member", "points > `100`", {"points": 100}, False),
    ],
)
def test_a_path_may_walk_filter_and_choose(fact: str, path: str, document: Any, held: Any) -> None:
    assert read(fact, path, document) == held


@pytest.mark.parametrize(
    ("path", "refused_part"),
    [
        ("sum(lines[*].paid)", "sum()"),
        ("max(lines[*].paid)", "max()"),
        ("min(lines[*].paid)", "min()"),
        ("avg(lines[*].paid)", "avg()"),
        ("abs(total)", "abs()"),
        ("ceil(total)", "ceil()"),
        ("floor(total)", "floor()"),
        ("to_number(total)", "to_number()"),
        ("to_string(total)", "to_string()"),
        ("keys(@)", "keys()"),
        ("values(@)", "values()"),
        ("reverse(lines)", "reverse()"),
        ("merge(a, b)", "merge()"),
        ("sort_by(lines, &paid)", "sort_by()"),
        ("system('id')", "system()"),
        ("length(sum(lines))", "sum()"),
        ("lines[?sum(paid) > `1`].sku | [0]", "sum()"),
        ("total || to_number(paid)", "to_number()"),
    ],
)
@pytest.mark.parametrize("place", ["path", "currency", "document"])
def test_a_path_that_calculates_is_refused_when_the_pack_is_loaded(path: str, refused_part: str, place: str) -> None:
    written = f'"{path}"'
    with pytest.raises(PackError) as caught:
        if place == "document":
            mapping({"order.paid": "total"}, document=written)
        elif place == "currency":
            mapping({"order.paid": f"{{path: total, currency: {written}}}"})
        else:
            mapping({"order.paid": written})
    (finding,) = caught.value.diagnostics
    assert (finding.name, finding.values["text"]) == ("refused-path", refused_part)
    assert finding.mark is not None
    assert (finding.mark.path, finding.mark.text) == ("trial.yaml", written)


@pytest.mark.parametrize("path", ["a[", "a..b", "a b", "a + b", "lines[?", "length(a"])
def test_a_malformed_path_is_refused_when_the_pack_is_loaded(path: str) -> None:
    with pytest.raises(PackError) as caught:
        mapping({"order.id": f'"{path}"'})
    (finding,) = caught.value.diagnostics
    assert (finding.name, finding.values["text"]) == ("malformed-path", path)
    assert finding.mark is not None and finding.mark.text == f'"{path}"'


@pytest.mark.parametrize(
    ("path", "document", "after", "segment", "suggestion"),
    [
        ("number", {}, "$", "number", None),
        ("number", {"numbr": 1}, "$", "number", "numbr"),
        ("number", [], "$", "number", None),
        ("a.b.c", {"a": {"b": {}}}, "a.b", "c", None),
        ("a.b.c", {"a": {"bb": {"c": 1}}}, "a", "b", "bb"),
        ("a.b.c", {"a": None}, "a", "b", None),
        ("a.b.c", {"a": {"b": "c"}}, "a.b", "c", None),
        ("a.b", {"a": [{"b": 1}]}, "a", "b", None),
        ("a[2].b", {"a": [{"b": 1}]}, "a", "[2]", None),
        ("a[-2].b", {"a": [{"b": 1}]}, "a", "[-2]", None),
        ("a[0].b", {"a": {"b": 1}}, "a", "[0]", None),
        ("a[0].c", {"a": [{"b": 1}]}, "a[0]", "c", None),
        ("liens[?id=='a'].b | [0]", {"lines": []}, "$", "liens", "lines"),
        ("a.lines[].b | [0]", {"a": {}}, "a", "lines", None),
    ],
)
def test_a_missing_field_is_named_with_the_place_where_the_path_left_the_document(
    path: str, document: Any, after: str, segment: str, suggestion: str | None
) -> None:
    values = {"fact": "order.id", "after": after, "segment": segment}
    assert refused_reading("order.id", f'"{path}"', document) == [("missing-field", path, values, suggestion)]


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("number", {"number": None}),
        ("a.number", {"a": {"number": None}}),
        ("a || b", {}),
        ("lines[?kind=='gift'].sku | [0]", {"lines": [{"kind": "other", "sku": "x"}]}),
    ],
)
def test_a_field_that_gives_nothing_is_named(path: str, document: Any) -> None:
    assert refused_reading("order.id", f'"{path}"', document) == [("null-field", path, {"fact": "order.id"}, None)]


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("order", {}),
        ("order", {"orders": {}}),
        ("order", {"order": None}),
        ("order", {"order": []}),
        ("order", {"order": "A-7"}),
        ("order", []),
        ("data.orders[0]", {"data": {"orders": []}}),
    ],
)
def test_without_its_part_of_the_document_a_mapping_reads_nothing(path: str, document: Any) -> None:
    pack = mapping({"order.id": "number", "order.paid_at": "paid_at"}, document=path)
    assert refused(pack, "trial", document) == [("missing-document-part", path, {"mapping": "trial"}, None)]


def test_the_part_of_the_document_may_lie_deep() -> None:
    pack = mapping({"order.id": "number"}, document="data.orders[0]")
    assert pack.map("trial", {"data": {"orders": [{"number": "A-7"}]}}).values["order.id"] == "A-7"


@pytest.mark.parametrize(
    ("fact", "path", "document", "held"),
    [
        ("claim.condition", "{path: state, values: {ok: intact, broken: damaged}}", {"state": "broken"}, "damaged"),
        ("claim.condition", "{path: ok, values: {true: intact, false: damaged}}", {"ok": False}, "damaged"),
        ("claim.is_member", "{path: level, values: {gold: true, none: false}}", {"level": "gold"}, True),
        ("order.paid", "{path: plan, values: {large: 100 CNY, small: 10 CNY}}", {"plan": "small"}, 1_000),
        ("claim.promised_days", "{path: plan, values: {large: 14 days}}", {"plan": "large"}, 14),
        ("claim.reason", "{path: why, values: {refund.broken: defect}}", {"why": "refund.broken"}, "defect"),
    ],
)
def test_a_word_of_the_platform_becomes_a_value_of_the_policy(fact: str, path: str, document: Any, held: Any) -> None:
    taken = read(fact, path, document)
    assert (taken, type(taken)) == (held, type(held))


@pytest.mark.parametrize(
    ("state", "shown", "suggestion"),
    [("brokn", "brokn", "broken"), ("OK", "OK", "ok"), ("", "", None), (7, "7", None), (["ok"], "['ok']", None)],
)
def test_a_word_that_the_mapping_does_not_know_is_refused(state: Any, shown: str, suggestion: str | None) -> None:
    values = {"fact": "claim.condition", "value": shown, "known": ["ok", "broken"]}
    finding = ("unmapped-value", "state", values, suggestion)
    assert refused(SHOP, "shop_order", order_without(state=state)) == [finding]


def test_a_word_is_translated_before_it_is_understood() -> None:
    """`intact` is a value of the fact, but no word of this platform."""
    ((name, *_),) = refused(SHOP, "shop_order", order_without(state="intact"))
    assert name == "unmapped-value"


def test_a_value_of_another_kind_is_named_by_its_path_in_the_document() -> None:
    problem = "'today' is not an instant: write YYYY-MM-DDTHH:MM:SS and an offset, such as 2025-11-10T20:00:00+08:00"
    values = {"kind": "kind.datetime", "given": "today", "example": "example.datetime", "problem": problem}
    assert refused(SHOP, "shop_order", order_without(paid_at="today")) == [("wrong-kind", "paid_at", values, None)]


@pytest.mark.parametrize(
    ("total", "name"),
    [
        ("-0.01", "out-of-bounds"),
        ("100000.01", "out-of-bounds"),
        ("12.345", "too-many-places"),
        ("12,30", "wrong-kind"),
        ("¥12", "wrong-kind"),
        ([], "wrong-kind"),
        ({"amount": "12"}, "wrong-kind"),
    ],
)
def test_an_amount_that_is_none_is_refused(total: Any, name: str) -> None:
    assert [(what, where) for what, where, _, _ in refused(SHOP, "shop_order", order_without(total=total))] == [
        (name, "total")
    ]


@pytest.mark.parametrize(
    ("document", "finding"),
    [
        (
            order_without("currency"),
            ("missing-field", "currency", {"fact": "order.paid", "after": "$", "segment": "currency"}, None),
        ),
        (order_without(currency=None), ("null-field", "currency", {"fact": "order.paid"}, None)),
    ],
)
def test_a_missing_currency_is_one_finding(document: dict[str, Any], finding: Any) -> None:
    assert refused(SHOP, "shop_order", document) == [finding]


def test_another_currency_is_refused() -> None:
    values = {"given": "12.30 USD", "currency": "CNY"}
    assert refused(SHOP, "shop_order", order_without(currency="USD")) == [("other-currency", "total", values, None)]


def test_a_float_in_a_document_is_refused() -> None:
    values = {"kind": "kind.decimal", "given": "0.1"}
    assert refused_reading("order.weight", "weight", {"weight": 0.1}) == [("float-value", "weight", values, None)]


@pytest.mark.parametrize(("fact", "kind"), [("order.id", "text"), ("claim.condition", "enum")])
def test_what_a_platform_numbers_is_read_as_text(fact: str, kind: str) -> None:
    pack = mapping({"order.id": "number", "parcel.note": "{path: channel, optional: true}"})
    facts = pack.map("trial", {"number": 20_251_110, "channel": 0})
    assert (facts.values["order.id"], facts.values["parcel.note"]) == ("20251110", "0")
    ((name, subject, values, _),) = refused_reading(fact, "number", {"number": Decimal("1.5")})
    assert (name, subject, values["kind"]) == ("wrong-kind", "number", f"kind.{kind}")


@pytest.mark.parametrize("deposit", ["432.10", 432.10, "543.21 CNY"])
def test_a_private_value_of_a_document_stands_in_no_finding(deposit: Any) -> None:
    ((_, subject, values, suggestion),) = refused_reading("parcel.deposit", "deposit", {"deposit": deposit})
    assert (subject, suggestion) == ("deposit", None)
    assert str(deposit).split()[0] not in str(values)


def test_every_fault_of_a_document_is_found_at_once_and_names_the_document() -> None:
    document = order_without("number", paid_at=None, total="12,30", state="new")
    with pytest.raises(FactError) as caught:
        SHOP.map("shop_order", document, subject="order-7.json")
    assert [(name, subject) for name, subject, _, _ in found(caught.value.diagnostics)] == [
        ("missing-field", "order-7.json: number"),
        ("null-field", "order-7.json: paid_at"),
        ("wrong-kind", "order-7.json: total"),
        ("unmapped-value", "order-7.json: state"),
    ]
    shown = render_text(caught.value.diagnostics, "zh-TW").splitlines()
    assert shown[0].startswith("order-7.json: number: error CS505 missing-field: ")


def test_facts_beside_the_document_are_added_and_win() -> None:
    more = {"claim": {"reason": "no_reason", "condition": "opened"}, "order.id": "B-8"}
    facts = SHOP.map("shop_order", {"order": ORDER}, more).values
    assert (facts["claim.reason"], facts["claim.condition"], facts["order.id"]) == ("no_reason", "opened", "B-8")
    assert facts["order.paid"] == 1_230
    with pytest.raises(FactError) as caught:
        SHOP.map("shop_order", {"order": ORDER}, {"claim": {"reasn": "no_reason"}})
    assert [(name, subject) for name, subject, _, _ in found(caught.value.diagnostics)] == [
        ("undeclared-fact", "claim.reasn")
    ]


def test_a_mapping_that_the_pack_does_not_have() -> None:
    with pytest.raises(UnknownName, match=r"shop_ordr.*did you mean 'shop_order'"):
        SHOP.map("shop_ordr", {})


def test_mapped_facts_are_in_held_form() -> None:
    held = map_document(SHOP.linked, SHOP.linked.mappings["shop_order"], {"order": ORDER})
    assert held["order.paid"] == 1_230


# What is wrong today; each of these is to pass one day, and then says so.


def test_an_optional_amount_that_is_there_needs_its_currency() -> None:
    path = "{path: total, currency: currency, optional: true}"
    ((_, subject, values, _),) = refused_reading("order.paid", path, {"total": "12.30"})
    assert (subject, values["fact"]) == ("currency", "order.paid")


def test_a_float_beside_its_currency_is_refused_as_a_float() -> None:
    values = {"kind": "kind.money", "given": "12.3"}
    assert refused(SHOP, "shop_order", order_without(total=12.3)) == [("float-value", "total", values, None)]


def test_an_amount_with_an_exponent_is_read() -> None:
    assert SHOP.map("shop_order", order_without(total=read_json("1e2"))).values["order.paid"] == 10_000


def test_a_yes_or_no_is_no_text() -> None:
    ((name, *_),) = refused(SHOP, "shop_order", order_without(number=True))
    assert name == "wrong-kind"


@pytest.mark.parametrize(
    ("path", "document"),
    [("length(lines)", {"lines": 5}), ("length(lines)", {}), ("length(lines) || `0`", {"lines": None})],
)
def test_a_function_that_is_given_something_else_is_a_finding(path: str, document: Any) -> None:
    ((_, subject, *_),) = refused_reading("parcel.counted", f'"{path}"', document)
    assert subject == path


def test_a_function_without_its_arguments_is_refused_when_the_pack_is_loaded() -> None:
    with pytest.raises(PackError):
        mapping({"parcel.counted": "length()"})


@pytest.mark.parametrize("word", ["OK", "WAIT_BUYER_RETURN", "已签收", "7", "in-transit", "In transit"])
def test_the_words_of_a_platform_are_its_own(word: str) -> None:
    assert read("claim.condition", f"{{path: state, values: {{'{word}': intact}}}}", {"state": word}) == "intact"


def test_a_private_value_that_the_mapping_does_not_know_stands_in_no_finding() -> None:
    pack = mapping({"parcel.phone": "{path: phone, values: {none: unknown}}"})
    assert "13800138000" not in str(refused(pack, "trial", {"phone": "13800138000"}))

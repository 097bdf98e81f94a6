"""Lists of records: given as values, in YAML and in JSON, held field by field, and refused by record and field."""

import json
from decimal import Decimal
from typing import Any

import pytest

from csflow import FactError, Facts
from csflow.diagnostics import Finding
from csflow.diagnostics.rendering.document import report_as_json
from csflow.diagnostics.rendering.report import Report
from csflow.diagnostics.rendering.text import render_text
from csflow.facts import ABSENT
from csflow.facts.files import read_facts_file

from .shop import found, pack_with, refused

LISTS = """\
facts:
  claim:
    lines:
      max_items: 3
      each:
        sku: {type: text, max_length: 8}
        quantity: {type: int, min: 1, max: 99}
        price: {type: money, min: 0 CNY, max: 1000 CNY, optional: true}
        buyer: {type: text, max_length: 4, pii: true, optional: true}
    samples: {each: {name: {type: text, max_length: 4}}, max_items: 2, optional: true, pii: true}
"""
SHOP = pack_with(lists=LISTS)
MAPPED = """\
mapping: lines
title: lines
facts:
  claim.lines:
    path: items
    each:
      sku: code
      quantity: count
      price: {path: amount, currency: currency, optional: true}
      buyer: {path: buyer.name, optional: true}
"""


def lines(given: Any) -> Any:
    """What is held for a list that a backend gives."""
    return SHOP.facts({"claim": {"lines": given}}).values.get("claim.lines", "unknown")


def file(text: str, name: str = "facts.yaml") -> Facts:
    return read_facts_file(SHOP.linked, name, text.encode())


def findings_of(text: str, name: str = "facts.yaml") -> list[Finding]:
    with pytest.raises(FactError) as caught:
        file(text, name)
    return caught.value.diagnostics


def mapped(document: Any) -> Any:
    return pack_with(lists=LISTS, mapping_of_lines=MAPPED).map("lines", document).values["claim.lines"]


def refused_mapping(document: Any) -> Any:
    with pytest.raises(FactError) as caught:
        mapped(document)
    return found(caught.value.diagnostics)


ONE = {"sku": "A-1", "quantity": 2, "price": "9.90 CNY", "buyer": "王五"}
HELD = {"sku": "A-1", "quantity": 2, "price": 990, "buyer": "王五"}
OTHER = {"sku": "B-2", "quantity": 1}
OTHER_HELD = {"sku": "B-2", "quantity": 1, "price": ABSENT, "buyer": ABSENT}


@pytest.mark.parametrize("records", [[ONE, OTHER], (ONE, OTHER)])
def test_the_records_of_a_list_are_held_in_their_order_with_every_field_by_its_kind(records: Any) -> None:
    assert lines(records) == (HELD, OTHER_HELD)


def test_a_list_may_be_given_by_its_path() -> None:
    assert SHOP.facts({"claim.lines": [ONE]}).values["claim.lines"] == (HELD,)


def test_an_empty_list_is_known_and_one_that_is_not_given_is_unknown() -> None:
    assert lines([]) == ()
    assert lines(None) == "unknown"
    assert "claim.lines" not in SHOP.facts({}).values


def test_an_optional_list_that_is_not_given_is_absent() -> None:
    assert SHOP.facts({}).values["claim.samples"] is ABSENT


@pytest.mark.parametrize("given", [{"sku": "A-1"}, {"sku": "A-1", "quantity": None}])
def test_a_field_that_is_not_given_is_unknown_and_an_optional_one_absent(given: dict[str, Any]) -> None:
    assert lines([given]) == ({"sku": "A-1", "price": ABSENT, "buyer": ABSENT},)


@pytest.mark.parametrize("given", [{}, ONE, "A-1", 2, {"0": ONE}, iter([ONE])])
def test_what_is_no_list_is_refused(given: Any) -> None:
    assert refused({"claim.lines": given}, SHOP) == [
        ("records-not-a-list", "claim.lines", {"name": "claim.lines"}, None)
    ]


def test_a_list_may_be_as_long_as_it_declares_and_no_longer() -> None:
    assert len(lines([OTHER] * 3)) == 3
    assert refused({"claim.lines": [OTHER] * 4}, SHOP) == [
        ("too-many-items", "claim.lines", {"name": "claim.lines", "count": 4, "limit": 3}, None)
    ]


@pytest.mark.parametrize("given", ["A-1", 2, [ONE]])
def test_a_record_that_is_none_is_named_by_its_number(given: Any) -> None:
    assert refused({"claim.lines": [ONE, given]}, SHOP) == [
        ("record-not-a-mapping", "claim.lines[2]", {"name": "claim.lines[2]"}, None)
    ]


def test_an_unknown_field_is_named_with_the_one_that_was_meant() -> None:
    assert refused({"claim.lines": [OTHER, {"sku": "A-1", "quantty": 2, "zzz": 1}]}, SHOP) == [
        ("undeclared-fact", "claim.lines[2].quantty", {"name": "claim.lines[2].quantty"}, "quantity"),
        ("undeclared-fact", "claim.lines[2].zzz", {"name": "claim.lines[2].zzz"}, None),
    ]


def test_a_value_of_another_kind_is_named_by_its_record_and_field() -> None:
    ((name, subject, values, _),) = refused({"claim.lines": [ONE, {**OTHER, "quantity": "2"}]}, SHOP)
    assert (name, subject) == ("wrong-kind", "claim.lines[2].quantity")
    assert (values["kind"], values["given"]) == ("kind.int", "2")


def test_every_fault_of_a_list_is_said_at_once() -> None:
    faults = refused({"claim.lines": [{"sku": "A-1", "quantity": 0}, {"sku": "far too long", "quantity": 1}]}, SHOP)
    assert [(name, subject) for name, subject, _, _ in faults] == [
        ("out-of-bounds", "claim.lines[1].quantity"),
        ("text-too-long", "claim.lines[2].sku"),
    ]


@pytest.mark.parametrize("field", ["quantity", "price"])
def test_floats_are_refused_inside_records_too(field: str) -> None:
    assert [(name, subject) for name, subject, _, _ in refused({"claim.lines": [{**ONE, field: 2.5}]}, SHOP)] == [
        ("float-value", f"claim.lines[1].{field}")
    ]


def test_a_private_field_is_masked_and_so_is_every_field_of_a_private_list() -> None:
    for path, given in (("claim.lines", {**OTHER, "buyer": "13800000000"}), ("claim.samples", {"name": "13800000000"})):
        with pytest.raises(FactError) as caught:
            SHOP.facts({path: [given]})
        (finding,) = caught.value.diagnostics
        assert finding.name == "text-too-long"
        assert set(finding.values.values()) == {"***"}
        assert "1380" not in render_text([finding], "zh-CN") + report_as_json(Report([finding]), "en") + str(
            caught.value
        )


# Files


YAML = """\
claim:
  lines:
    - {sku: A-1, quantity: 2, price: 9.90 CNY, buyer: 王五}
    - sku: B-2
      quantity: 1
      price:
"""


def test_a_yaml_file_gives_what_the_same_values_give() -> None:
    assert file(YAML).values["claim.lines"] == (HELD, OTHER_HELD)
    assert file("claim.lines: []\n").values["claim.lines"] == ()


def test_a_json_file_gives_what_the_same_values_give() -> None:
    text = json.dumps({"claim": {"lines": [ONE, OTHER]}})
    assert file(text, "facts.json").values["claim.lines"] == (HELD, OTHER_HELD)


@pytest.mark.parametrize(
    ("old", "new", "name", "marked"),
    [
        ("quantity: 1\n", "quantity: many\n", "wrong-kind", "many"),
        ("quantity: 1\n", "quantty: 1\n", "undeclared-fact", "quantty"),
        ("sku: B-2", "sku: far too long", "text-too-long", "far too long"),
        ("quantity: 1\n", "quantity: [1]\n", "wrong-shape", "[1]"),
    ],
)
def test_in_a_yaml_file_a_fault_is_marked_where_it_stands(old: str, new: str, name: str, marked: str) -> None:
    (finding,) = findings_of(YAML.replace(old, new))
    assert finding.mark is not None
    assert (finding.name, finding.mark.path, finding.mark.text) == (name, "facts.yaml", marked)
    assert finding.mark.line == (4 if "sku" in old else 5)


@pytest.mark.parametrize(
    ("text", "name", "line", "marked"),
    [
        ("claim:\n  lines:\n    - A-1\n", "record-not-a-mapping", 3, "A-1"),
        ("claim:\n  lines: A-1\n", "records-not-a-list", 2, "A-1"),
        ("claim:\n  lines: [{}, {}, {}, {}]\n", "too-many-items", 2, "[{}, {}, {}, {}]"),
    ],
)
def test_in_a_yaml_file_a_list_that_is_none_is_marked_where_it_stands(
    text: str, name: str, line: int, marked: str
) -> None:
    (finding,) = findings_of(text)
    assert finding.mark is not None
    assert (finding.name, finding.mark.line, finding.mark.text) == (name, line, marked)


def test_a_mapping_where_a_list_is_wanted_is_said_in_a_yaml_file_as_elsewhere() -> None:
    assert [finding.name for finding in findings_of("claim:\n  lines: {sku: A-1, quantity: 2}\n")] == [
        "records-not-a-list"
    ]


def test_in_a_json_file_a_fault_is_named_by_the_file_the_record_and_the_field() -> None:
    text = json.dumps({"claim": {"lines": [ONE, {**OTHER, "quantity": 2.5}]}})
    (finding,) = findings_of(text, "facts.json")
    assert (finding.name, finding.subject) == ("wrong-kind", "facts.json: claim.lines[2].quantity")


# Documents of platforms


ITEM = {"code": "A-1", "count": 2, "amount": Decimal("9.90"), "currency": "CNY", "buyer": {"name": "王五"}}


def test_a_document_gives_the_records_of_a_list_by_paths_inside_each() -> None:
    assert mapped({"items": [ITEM, {"code": "B-2", "count": 1}]}) == (HELD, OTHER_HELD)


def test_a_document_is_refused_by_the_place_of_the_record_in_it() -> None:
    assert [(name, subject) for name, subject, _, _ in refused_mapping({"items": [ITEM, {"code": "B-2"}]})] == [
        ("missing-field", "items[1].count")
    ]


@pytest.mark.parametrize(
    ("items", "name", "values"),
    [
        ("A-1", "records-not-a-list", {"name": "claim.lines"}),
        ({"0": ITEM}, "records-not-a-list", {"name": "claim.lines"}),
        ([ITEM] * 4, "too-many-items", {"name": "claim.lines", "count": 4, "limit": 3}),
    ],
)
def test_a_document_whose_list_is_none_or_too_long_is_refused(items: Any, name: str, values: dict[str, Any]) -> None:
    assert refused_mapping({"items": items}) == [(name, "items", values, None)]


@pytest.mark.parametrize("item", ["A-1", 7, None, [ITEM]])
def test_a_document_whose_record_is_none_is_refused_and_never_raises(item: Any) -> None:
    assert [subject for _, subject, _, _ in refused_mapping({"items": [ITEM, item]})] != []


def test_the_refusal_of_what_is_no_list_is_a_sentence_that_names_the_fact() -> None:
    with pytest.raises(FactError, match=r"`claim\.lines` is a list, and something else was given"):
        SHOP.facts({"claim.lines": ONE})

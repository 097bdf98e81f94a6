"""Facts in a file: what a finding shows of the file, and what it does not."""

import pytest

from csflow import FactError, load_pack
from csflow.diagnostics import LANGUAGES
from csflow.diagnostics.rendering.document import report_as_json
from csflow.diagnostics.rendering.report import Report
from csflow.diagnostics.rendering.text import render_text
from csflow.facts.files import read_document, read_facts_file

from .shop import FILES, pack_with

PERSONS = """facts:
  buyer:
    phone: {type: text, max_length: 11, pii: true, optional: true}
    deposit: {type: money, min: 0 CNY, max: 100 CNY, pii: true, optional: true}
    since: {type: date, optional: true}
    relatives: {each: {name: {type: text, max_length: 4, pii: true}, age: {type: int, min: 0, max: 150}}, max_items: 2, optional: true}
"""
PACK = pack_with(persons=PERSONS)


def shown(text: str) -> tuple[list[str], str]:
    """The names of the findings, and all that is printed of them in every language and in JSON."""
    with pytest.raises(FactError) as caught:
        read_facts_file(PACK.linked, "case.yaml", text.encode())
    found = caught.value.diagnostics
    printed = [render_text(found, language) + report_as_json(Report(found), language) for language in LANGUAGES]
    return [each.name for each in found], "".join([*printed, str(caught.value)])


@pytest.mark.parametrize(
    ("text", "names", "line"),
    [
        ('buyer: {phone: "13800138000-1"}\n', ["text-too-long"], "buyer: {phone: ***************}"),
        ("buyer:\n  deposit: 13800 CNY\n", ["out-of-bounds"], "  deposit: ***** ***"),
        ("buyer: {phone: 13800138000, since: yesterday}\n", ["wrong-kind"], "phone: ***********, since: yesterday"),
        ("buyer: {phone: 13800138000, sinse: 2020-01-01}\n", ["undeclared-fact"], "sinse: **********"),
        ("buyer:\n  phone: [13800138000]\n", ["wrong-shape"], "  phone: *************"),
        ("buyer:\n  phone: |\n    13800\n    138000138000\n", ["text-too-long"], "  phone: *"),
        ("phone: 13800138000\n", ["undeclared-fact"], "phone: ***********"),
        ("byer: {phone: 13800138000}\n", ["undeclared-fact"], "byer: {phone: ***********}"),
        (
            "buyer:\n  relatives:\n    - {name: 13800, age: 200}\n",
            ["text-too-long", "out-of-bounds"],
            "{name: *****, age: 200}",
        ),
        ("buyer:\n  relatives:\n    - {nmae: 13800, age: 20}\n", ["undeclared-fact"], "{nmae: *****, age: 20}"),
    ],
)
def test_a_private_value_is_covered_in_the_line_that_a_finding_shows(text, names, line):
    found, printed = shown(text)
    assert found == names
    assert "138" not in printed
    assert line in printed


def test_without_private_facts_a_line_is_shown_as_it_is_written():
    with pytest.raises(FactError) as caught:
        read_facts_file(load_pack(FILES).linked, "case.yaml", b"claim: {conditon: intact}\n")
    assert "claim: {conditon: intact}" in render_text(caught.value.diagnostics, "en")


@pytest.mark.parametrize(
    "read",
    [lambda data: read_document("order.json", data), lambda data: read_facts_file(PACK.linked, "order.json", data)],
)
def test_of_a_document_that_is_no_json_the_shape_is_shown_and_no_letter(read):
    with pytest.raises(FactError) as caught:
        read('{"buyer": "王五", "phone": "13800138000" "age": 7}'.encode())
    printed = render_text(caught.value.diagnostics, "en") + report_as_json(Report(caught.value.diagnostics), "zh-CN")
    assert '{"*****": "**", "*****": "***********" "***": *}' in printed
    assert not {"王五", "13800138000"} & set(printed.split('"'))

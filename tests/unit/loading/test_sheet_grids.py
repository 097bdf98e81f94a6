"""A grid in a workbook: what its cells hold, and findings at the address that a spreadsheet program shows."""

import datetime as dt
import json
import sys

import pytest

from csflow.diagnostics.rendering.document import report_as_json
from csflow.diagnostics.rendering.github import report_as_github
from csflow.diagnostics.rendering.report import Report
from csflow.diagnostics.rendering.text import render_text
from csflow.source.sheets import column_letters

from .written import (
    DOCUMENT,
    TAB,
    as_ods,
    as_workbook,
    as_zip,
    beside,
    cells,
    digests,
    findings,
    in_csv,
    in_sheet,
    load,
    places,
    with_part,
)

HEADER = ["id", "condition", "paid", "rate", "on", "||", "keep", "code", "fee", "share", "until", "note", "because"]
SHEET = "{sheet: fees.xlsx, tab: 费用}"
WORKSHEET = "xl/worksheets/sheet1.xml"


def row(**given: object) -> list[object]:
    """A row that is right, but for what is given."""
    plain = {
        "id": "a",
        "condition": "-",
        "paid": "-",
        "rate": "-",
        "on": "-",
        "keep": True,
        "code": "ok",
        "because": "x",
    }
    return [(plain | given).get(name) for name in HEADER]


def same_as(**texts: str) -> str:
    """The digest of the same row with texts for cells, in CSV."""
    table = [HEADER, [str(cell or "") for cell in row(**{"keep": "true"} | texts)]]
    return digests(in_csv(*(",".join(f'"{cell}"' for cell in line) for line in table)))[0]


@pytest.mark.parametrize(
    ("held", "written"),
    [
        ({"rate": 0.3}, {"rate": "30%"}),
        ({"rate": 1}, {"rate": "100%"}),
        ({"rate": 0}, {"rate": "0%"}),
        ({"rate": 0.125}, {"rate": "12.5%"}),
        ({"rate": "< 30%"}, {"rate": "< 30%"}),
        ({"share": 0.07}, {"share": "7%"}),
        ({"share": -0.07}, {"share": "-7%"}),
        ({"on": dt.date(2026, 11, 15)}, {"on": "2026-11-15"}),
        ({"until": dt.date(2026, 12, 31)}, {"until": "2026-12-31"}),
        ({"until": dt.datetime(2026, 12, 31)}, {"until": "2026-12-31"}),
        ({"keep": False}, {"keep": "false"}),
        ({"note": 7.0}, {"note": "7"}),
        ({"note": 0.25}, {"note": "0.25"}),
        ({"note": "第一行\n第二行"}, {"note": "第一行\n第二行"}),
        ({"condition": "[intact,\n opened]"}, {"condition": "[intact, opened]"}),
        ({"fee": "30 CNY"}, {"fee": "30 CNY"}),
        ({"fee": "= 30 CNY"[2:]}, {"fee": "30 CNY"}),
    ],
)
def test_a_cell_means_what_its_column_makes_of_it(held, written):
    assert digests(in_sheet(HEADER, row(**held)))[0] == same_as(**written)


def test_a_formula_is_the_value_saved_with_it():
    workbook = as_workbook([HEADER, row(share=0.5)])
    calculated = with_part(workbook, WORKSHEET, lambda part: part.replace(b"<v>0.5</v>", b"<f>1/4</f><v>0.25</v>"))
    assert digests(load(beside(SHEET), fees_xlsx=calculated))[0] == same_as(share="25%")


@pytest.mark.parametrize(
    ("held", "name", "address", "text", "suggestion"),
    [
        ({"paid": 30}, "money-without-currency", "C2", "30", "30 CNY"),
        ({"paid": -30}, "money-without-currency", "C2", "30", "30 CNY"),
        ({"fee": 12.5}, "money-without-currency", "I2", "12.5", "12.5 CNY"),
        ({"rate": 30}, "percent-above-one", "D2", "30", "30%"),
        ({"share": 1.5}, "percent-above-one", "J2", "1.5", "1.5%"),
        ({"condition": dt.date(2026, 3, 4)}, "date-in-sheet", "B2", "2026-03-04", None),
        ({"rate": dt.datetime(2026, 3, 4, 5, 6)}, "date-in-sheet", "D2", "2026-03-04T05:06:00", None),
        ({"code": dt.date(2026, 1, 2)}, "date-in-sheet", "H2", "2026-01-02", None),
        ({"note": dt.date(2026, 1, 2)}, "date-in-sheet", "L2", "2026-01-02", None),
        ({"because": dt.date(2026, 3, 4)}, "date-in-sheet", "M2", "2026-03-04", None),
        ({"on": dt.time(7, 30)}, "date-in-sheet", "E2", "07:30:00", None),
        ({"until": dt.timedelta(hours=30)}, "date-in-sheet", "K2", "1 day, 6:00:00", None),
        ({"on": dt.datetime(2026, 3, 4, 5, 6)}, "wrong-kind", "E2", "2026-03-04T05:06:00", None),
        ({"condition": "opend"}, "unknown-symbol", "B2", "opend", "opened"),
        ({"condition": 7}, "kinds-disagree", "B2", "7", None),
        ({"code": 7}, "unknown-symbol", "H2", "7", None),
        ({"keep": 1}, "kinds-disagree", "G2", "1", None),
        ({"share": 1 / 3}, "too-many-places", "J2", "0.3333333333333333", None),
        ({"fee": 1e300}, "unknown-unit", "I2", "1e", None),
        ({"condition": None}, "empty-cell", "B2", "", None),
        ({"id": None}, "empty-cell", "A2", "", None),
        ({"id": 7}, "malformed-name", "A2", "7", None),
        ({"note": "a\u202eb"}, "invisible-character", "L2", "\u202e", None),
    ],
)
def test_a_cell_that_its_column_does_not_take_is_reported_at_its_address(held, name, address, text, suggestion):
    loaded = in_sheet(HEADER, row(**held))
    assert cells(loaded) == [(name, address, text)]
    assert findings(loaded)[0].suggestion == suggestion


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (b'<c r="C2" t="e"><v>#REF!</v></c>', "#REF!"),
        (b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        (b'<c r="C2"><f>A9</f><v></v></c>', "=?"),
        (b'<c r="C2"><f>A9</f></c>', "=?"),
    ],
)
def test_a_cell_without_a_value_is_reported_as_it_is_shown(cell, text):
    workbook = as_workbook([HEADER, row(paid=7777)])
    broken = with_part(
        workbook, WORKSHEET, lambda part: part.replace(b'<c r="C2" t="n"><v>7777</v></c>', cell).replace(b"7777", b"!")
    )
    assert cells(load(beside(SHEET), fees_xlsx=broken)) == [("sheet-error-cell", "C2", text)]


def test_a_table_may_begin_anywhere_and_lines_are_rows_of_the_sheet():
    table = [[], [None, None, *HEADER], [], [None, None, *row(code="okk")], [None, None, *row(id="b", condition="x")]]
    loaded = in_sheet(*table)
    assert cells(loaded) == [("unknown-symbol", "J4", "okk"), ("unknown-symbol", "D5", "x")]
    assert [finding.mark.line for finding in findings(loaded)] == [4, 5]


def test_faults_of_the_header_are_reported_at_their_headings():
    assert cells(in_sheet(["id", "keep", "code", "conditon"], ["a", True, "ok", "-"])) == [
        ("unknown-column", "D1", "conditon")
    ]
    assert cells(in_sheet(["id", "keep", "code", None], ["a", True, "ok", "见附件"])) == [
        ("nameless-column", "D2", "见附件")
    ]
    assert cells(in_sheet(["id", "||", "keep", "code"], ["a", "x", True, "ok"])) == [("filled-separator", "B2", "x")]
    assert cells(in_sheet(["id", "condition", "keep", "keep"], ["a", "-", True, True]))[0] == (
        "duplicate-column",
        "D1",
        "keep",
    )
    assert cells(in_sheet(["id", "condition"], ["a", "-"])) == [
        ("missing-column", "A1", "id | condition"),
        ("missing-column", "A1", "id | condition"),
    ]
    assert cells(in_sheet(["condition", "||", "keep", "code", "id"], ["-", None, True, "ok", "a"])) == [
        ("misplaced-column", "E1", "id")
    ]


def test_an_unknown_tab_is_reported_where_it_is_named():
    loaded = load(beside("{sheet: fees.xlsx, tab: 费用表}"), fees_xlsx=as_workbook([HEADER, row()]))
    assert places(loaded) == [("unknown-tab", DOCUMENT, 18, 32, "费用表")]
    loaded = load(beside("{sheet: fees.xlsx, tab: 费 用}"), fees_xlsx=as_workbook([HEADER, row()], other=[]))
    assert [(f.suggestion, f.values["known"]) for f in findings(loaded)] == [(TAB, [TAB, "other"])]


def test_an_empty_tab_has_no_id_column():
    assert places(load(beside(SHEET), fees_xlsx=as_workbook([]))) == [("missing-column", DOCUMENT, 18, 32, TAB)]


def test_a_missing_extra_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    loaded = load(beside(SHEET), fees_xlsx=as_workbook([HEADER, row()]))
    assert [(f.name, f.mark.path, f.mark.text) for f in findings(loaded)] == [("missing-extra", DOCUMENT, "fees.xlsx")]
    for language in ("zh-CN", "zh-TW", "en"):
        assert findings(loaded)[0].remedy(language) == "pip install 'csflow[xlsx]'"
        assert "xlsx" in findings(loaded)[0].message(language)


# OpenDocument


def ods_row(*texts: str, repeated: int = 1) -> str:
    held = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        if text
        else "<table:table-cell/>"
        for text in texts
    )
    # A spreadsheet program fills the row up to its last column.
    end = '<table:table-cell table:number-columns-repeated="16370"/>'
    return f'<table:table-row table:number-rows-repeated="{repeated}">{held}{end}</table:table-row>'


ODS_HEADER = ods_row("id", "rate", "||", "keep", "code", "until", "because")
ODS = "{sheet: fees.ods, tab: 费用}"


def test_an_opendocument_sheet_is_the_same_table():
    typed = (
        '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.3"><text:p>30%</text:p></table:table-cell>'
        "<table:table-cell/>"
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>ok</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-12-31"><text:p>31.12.</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    )
    empty = ods_row("", repeated=1_048_000)
    workbook = as_ods(f"{ODS_HEADER}<table:table-row>{typed}</table:table-row>{empty}")
    listed = in_csv("id,rate,keep,code,until,because", "a,30%,true,ok,2026-12-31,x")
    assert digests(load(beside(ODS), fees_ods=workbook)) == digests(listed)


def test_a_fault_in_an_opendocument_sheet_has_its_address():
    workbook = as_ods(ODS_HEADER + ods_row("") + ods_row("a", "-", "", "true", "okk", "", "x"))
    found = findings(load(beside(ODS), fees_ods=workbook))
    assert [(f.name, f.mark.address.cell, f.mark.line) for f in found] == [("unknown-symbol", "E3", 3)]


def test_an_error_in_an_opendocument_sheet_is_no_empty_cell():
    error = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    held = ods_row("a", "-", "", "true", "ok").replace(
        '<table:table-cell table:number-columns-repeated="16370"/>', error
    )
    found = findings(load(beside(ODS), fees_ods=as_ods(ODS_HEADER + held)))
    assert [(f.name, f.mark.address.cell) for f in found] == [("sheet-error-cell", "F2")]


# How places are shown


def test_a_place_in_a_sheet_is_shown_by_its_address():
    found = findings(in_sheet(HEADER, row(paid=30, note="客户：张三")))
    text = render_text(found, "en").splitlines()
    assert text[0].startswith("decisions/fees.xlsx[费用]!C2: error CS117 money-without-currency: ")
    assert text[2] == "2 | a | - | 30 | - | - |  | true | ok |  |  |  | 客户：张三 | x"
    assert text[3] == "  |         ^^ did you mean `30 CNY`?"
    record = json.loads(report_as_json(Report(found), "en"))["findings"][0]
    assert (record["file"], record["line"], record["column"]) == ("decisions/fees.xlsx", 2, 9)
    assert record["cell"] == "费用!C2"
    assert "file=decisions/fees.xlsx,line=2" in report_as_github(Report(found), "en")
    assert "title=CS117 money-without-currency 费用!C2" in report_as_github(Report(found), "en")


def test_a_place_in_a_text_has_no_address():
    found = findings(in_csv("id,keep,code", "a,true,okk"))
    assert json.loads(report_as_json(Report(found), "en"))["findings"][0]["cell"] is None
    assert render_text(found, "en").startswith("decisions/fees.csv:2:8: error ")


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_spreadsheets_do(place, letters):
    assert column_letters(place) == letters


# What is no workbook


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "it is no .xlsx or .ods workbook"),
        (b"id,keep\n", "it is no .xlsx or .ods workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "it has a password, or is of the old .xls format"),
        (as_workbook([["id"]])[:2000], "it is damaged"),
        (as_zip({"readme.xml": "<a/>"}), "what it holds cannot be read"),
        (as_zip({"xl/workbook.xml": "<workbook>"}), "it is damaged"),
    ],
)
def test_what_is_no_workbook_is_reported_where_it_is_named(data, problem):
    found = findings(load(beside(SHEET), fees_xlsx=data))
    assert [(f.name, f.mark.path, f.mark.line) for f in found] == [("broken-workbook", DOCUMENT, 18)]
    assert found[0].message("en") == f"the workbook cannot be read: {problem}"


def test_a_workbook_with_too_many_rows_or_columns_is_reported():
    wide = in_sheet([*HEADER, *(f"x{number}" for number in range(200))], row())
    assert [f.name for f in findings(wide)] == ["grid-too-large"]
    long = in_sheet(HEADER, *(row(id=f"r{number}") for number in range(10_001)))
    assert [(f.name, f.values["size"], f.values["limit"]) for f in findings(long)] == [
        ("grid-too-large", 10_001, 10_000)
    ]

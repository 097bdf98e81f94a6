"""A grid in CSV: cells in quotes, every finding in the CSV file's own line and column."""

import pytest

from .written import DOCUMENT, as_csv, beside, findings, in_csv, load, places

FILE = "decisions/fees.csv"
HEADER = "id,condition,||,keep,code,note,because"


def at(*expected: tuple[str, int, int, str]) -> list[tuple[str, str, int, int, str]]:
    return [(name, FILE, line, column, text) for name, line, column, text in expected]


def test_quoted_cells_hold_commas_quotes_and_line_ends():
    loaded = in_csv(HEADER, 'a,"[intact, opened]",,true,ok,"第一行，', '""第二行"", end", "x, y"')
    rule = loaded.pack.decisions["fees"].rules[0]
    assert dict(rule.outputs)["note"].value == '第一行，\n"第二行", end'
    assert str(rule.because) == "x, y"


def test_line_ends_within_quotes_are_one_sign_whichever_system_wrote_them():
    data = f'{HEADER}\na,-,,true,ok,"b\nc",x\n'.encode()
    first = load(beside("{csv: fees.csv}"), fees_csv=data)
    second = load(beside("{csv: fees.csv}"), fees_csv=data.replace(b"\n", b"\r\n"))
    assert first.pack.digest == second.pack.digest


def test_empty_rows_and_columns_say_nothing():
    loaded = in_csv(f"{HEADER},,", ",,,,,,,,", "", "a,-,,true,ok,,x,,", " , ,,,,,,,")
    assert [rule.id for rule in loaded.pack.decisions["fees"].rules] == ["a"]


def test_every_cell_is_reported_at_its_own_place():
    rows = [
        'a,"[intact, opend]",,是,ok,"一',
        '二",x',
        'b,"not(a, ""b"")",,true, okk ,,',
        'c,,,,"",,',
    ]
    assert places(in_csv(HEADER, *rows)) == at(
        ("escape-in-expression", 4, 4, 'not(a, ""b"")'),
        ("empty-cell", 5, 3, ""),
        ("empty-cell", 5, 5, ""),
        ("empty-cell", 5, 7, ""),
    )
    assert places(in_csv(HEADER, *rows[:2], "b,-,,true, okk ,,")) == at(
        ("unknown-symbol", 2, 13, "opend"),
        ("unknown-name", 2, 22, "是"),
        ("unknown-symbol", 4, 12, "okk"),
    )


def test_a_finding_in_a_quoted_cell_stands_behind_its_line_ends():
    assert places(in_csv(HEADER, 'a,"[intact,', '  opend]",,true,ok,,x')) == at(("unknown-symbol", 3, 3, "opend"))


def test_a_row_of_another_length_is_reported_as_a_whole():
    found = findings(in_csv(HEADER, "a,-,,true,ok,", 'b,-,,true,ok,,"x",', "c,-,,true,ok,,x"))
    assert [(f.name, f.mark.line, f.mark.text) for f in found] == [
        ("uneven-row", 2, "a,-,,true,ok,"),
        ("uneven-row", 3, 'b,-,,true,ok,,"x",'),
    ]
    assert [(f.values["found"], f.values["wanted"]) for f in found] == [(6, 7), (8, 7)]


def test_what_stands_under_the_separator_or_no_heading_is_reported():
    assert places(in_csv(HEADER, "a,-,x,true,ok,,")) == at(("filled-separator", 2, 5, "x"))
    assert places(in_csv(f"{HEADER},", "a,-,,true,ok,,,", "b,-,,true,ok,,,见附件")) == at(
        ("nameless-column", 3, 16, "见附件")
    )
    assert places(in_csv("id,||,keep,||,code", "a,,true,,ok")) == at(("duplicate-column", 1, 12, "||"))


@pytest.mark.parametrize(
    ("rows", "column", "line"),
    [
        (['a,"-,,true,ok,,x'], 3, 2),
        (["a,-,,true,ok,,x", 'b,"-"x,,true,ok,,x'], 6, 3),
        (['a,-,,true,ok,"x""'], 14, 2),
    ],
)
def test_a_quote_that_is_not_in_order_is_reported_where_it_stands(rows, column, line):
    found = findings(in_csv(HEADER, *rows))
    assert [(f.name, f.mark.line, f.mark.column) for f in found] == [("malformed-csv", line, column)]


@pytest.mark.parametrize("sign", ["，", "；", ";"])
def test_a_file_without_commas_is_reported_at_the_signs_it_has(sign):
    found = findings(in_csv(HEADER.replace(",", sign), "a,-,,true,ok,,x"))
    assert {(f.name, f.mark.text, f.suggestion) for f in found} == {("wide-separator", sign, ",")}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (as_csv([["id", "keep", "code"], ["商品完好可退", "true", "ok"]]).decode().encode("gb18030"), "wrong-encoding"),
        ("id,keep\n".encode("utf-16"), "wrong-encoding"),
        (b"id,keep,code\na,true,o\0k\n", "control-character"),
        ("id,keep,code\na,true,\u202eko\n".encode(), "invisible-character"),
        (b"id\tkeep\n", "tab-character"),
        (b"id,keep,code\ra,true,ok\r", "control-character"),
        (b"", "empty-file"),
        (b"\n,,\n", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
    ],
)
def test_a_file_that_is_no_plain_utf8_is_refused_by_name(data, name):
    found = findings(load(beside("{csv: fees.csv}"), fees_csv=data))
    assert found[0].name == name
    assert found[0].mark.path == FILE


def test_cells_and_columns_are_bounded():
    long = "x" * 70_000
    assert places(in_csv(HEADER, f"a,-,,true,ok,{long},x"))[0][:4] == ("scalar-too-long", FILE, 2, 14)
    # More than the standard library reads at all.
    assert places(in_csv(HEADER, f'a,-,,true,ok,"{long * 2}",x'))[0][:4] == ("scalar-too-long", FILE, 2, 14)
    assert [f.name for f in findings(in_csv("id" + "," * 300_000, "a"))] == ["grid-too-large"]


def test_the_place_of_a_fault_of_the_whole_table_is_where_it_is_named():
    found = places(load(beside("{csv: other.csv}"), fees_csv=b""))
    assert found == [("unreadable-file", DOCUMENT, 18, 14, "other.csv")]

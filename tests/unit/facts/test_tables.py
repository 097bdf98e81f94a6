import pytest

from csflow.facts import FactError
from csflow.facts.tables import read_rows


def test_a_row_is_its_cells_by_heading_with_the_line_it_begins_on():
    rows = read_rows("orders.csv", '编号,备注,金额\n1,"两行\n备注, 逗号",9.90\n\n2,,\n'.encode("utf-8-sig"))
    assert [(row.place, row.line, row.cells) for row in rows] == [
        ("orders.csv:2", 2, {"编号": "1", "备注": "两行\n备注, 逗号", "金额": "9.90"}),
        ("orders.csv:5", 5, {"编号": "2", "备注": None, "金额": None}),
    ]


def test_headings_alone_are_no_rows():
    assert read_rows("orders.csv", b"a,b\n") == []


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty-file"),
        (b"a,a\n1,2\n", "duplicate-column"),
        (b"a,\n1,2\n", "nameless-column"),
        (b"a,b\n1\n", "uneven-row"),
        (b"a,b\n1,2,3\n", "uneven-row"),
        (b'a,b\n1,"2\n', "malformed-csv"),
        (b'a,b\n1,"2"3\n', "malformed-csv"),
        ("编号\n".encode("gbk"), "wrong-encoding"),
        (b"a\n" + b"1\n" * 10_001, "grid-too-large"),
        (b",".join(b"a%d" % number for number in range(201)) + b"\n", "grid-too-large"),
        (b"a\n" + b"1" * (1024 * 1024), "file-too-large"),
    ],
)
def test_what_is_no_table_is_refused_by_name(data, name):
    with pytest.raises(FactError) as refused:
        read_rows("orders.csv", data)
    assert [finding.name for finding in refused.value.diagnostics] == [name]


def test_a_finding_shows_no_letter_of_a_customer():
    with pytest.raises(FactError) as refused:
        read_rows("orders.csv", b"name,phone\nWang Wu,13800138000,x\n")
    assert "Wang" not in str(refused.value) and "138" not in str(refused.value)
    assert "orders.csv:2" in str(refused.value)

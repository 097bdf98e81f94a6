"""One table in four forms is one pack; what a header may say, and where tables may lie."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from csflow.loading.passes import load_files, load_folder
from csflow.source.quoting import quoted

from .written import (
    DOCUMENT,
    FILES,
    HEAD,
    TAB,
    TAIL,
    as_csv,
    as_workbook,
    beside,
    digests,
    findings,
    in_csv,
    in_sheet,
    in_text,
    load,
    places,
)

INPUTS = ("condition", "paid", "in_time", "promised", "rate", "on")
OUTPUTS = ("keep", "code", "fee", "share", "until", "note")
COLUMNS = ("id", *INPUTS, "||", *OUTPUTS, "because", "basis")


def rule(number: int) -> dict[str, str]:
    """A row of the large table; an output or source that is missing is not given."""
    row = {
        "id": f"rule-{number}",
        "condition": ["intact", "[opened, damaged]", "not(damaged)", "-"][number % 4],
        "paid": f"[{number}.50 CNY..{number + 1} CNY)",
        "in_time": ["true", "false", "-"][number % 3],
        "promised": ["absent", "given", "<= 7 days", "-", "[7 days..15 days)"][number % 5],
        "rate": ["-", "< 30%", "10%"][number % 3],
        "on": ["-", "<= 2026-11-15"][number % 2],
        "keep": ["true", "claim.is_member"][number % 2],
        "code": ["ok", "{expr: decision.route.code}", '{expr: "decision.route.code"}'][number % 3],
        "fee": f"{number} CNY",
        "because": f"店铺规则 第{number}条",
    }
    more = {"share": "12.5%", "until": "2026-12-31", "note": "先联系客服, 再退回", "basis": "own"}
    return row | {name: text for place, (name, text) in enumerate(more.items()) if (number + place) % 3}


ROWS = [rule(number) for number in range(30)]


def yaml_cell(text: str) -> str:
    return text if text.startswith("{expr:") else quoted(text)


def yaml_rule(row: dict[str, str]) -> str:
    when = ", ".join(f"{name}: {yaml_cell(row[name])}" for name in INPUTS if name in row)
    then = ", ".join(f"{name}: {yaml_cell(row[name])}" for name in OUTPUTS if name in row)
    own = "".join(f"    {name}: {yaml_cell(row[name])}\n" for name in ("because", "basis") if name in row)
    return f"  - id: {row['id']}\n    when: {{{when}}}\n    then: {{{then}}}\n{own}"


def as_list(rows: list[dict[str, str]]) -> bytes:
    return (HEAD + "rules:\n" + "".join(yaml_rule(row) for row in rows) + TAIL).encode()


def as_table(rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> list[list[str]]:
    return [list(columns), *([row.get(name, "") for name in columns] for row in rows)]


def as_lines(rows: list[dict[str, str]]) -> list[str]:
    return lines_of(as_table(rows))


def lines_of(table: list[list[str]]) -> list[str]:
    """A table as a grid in text."""
    split = table[0].index("||")
    return [" | ".join(row[:split]) + " || " + " | ".join(row[split + 1 :]) for row in table]


def typed(text: str) -> object:
    """A cell as a spreadsheet program holds it once somebody typed it."""
    if text in ("true", "false"):
        return text == "true"
    if text.endswith("%") and text[0].isdigit():
        return float(text[:-1]) / 100
    if text[:4].isdigit() and text[4] == "-":
        return dt.date.fromisoformat(text)
    return text or None


FORMS = {
    "text": lambda rows: load(in_text(*as_lines(rows))),
    "CSV": lambda rows: load(beside("{csv: fees.csv}"), fees_csv=as_csv(as_table(rows))),
    "CSV with a byte order mark": lambda rows: load(
        beside("{csv: fees.csv}"), fees_csv=b"\xef\xbb\xbf" + as_csv(as_table(rows))
    ),
    "CSV without a separator": lambda rows: load(
        beside("{csv: fees.csv}"), fees_csv=as_csv(as_table(rows, tuple(name for name in COLUMNS if name != "||")))
    ),
    "sheet": lambda rows: in_sheet(*as_table(rows)),
    "typed sheet": lambda rows: in_sheet(*([typed(text) for text in row] for row in as_table(rows))),
}


@pytest.mark.parametrize("form", FORMS)
def test_thirty_rules_are_one_table_in_every_form(form):
    listed = load(as_list(ROWS))
    assert len(listed.pack.decisions["fees"].rules) == 30
    assert digests(FORMS[form](ROWS)) == digests(listed)


def test_a_column_may_be_headed_by_a_title_in_csv_and_sheets():
    titles = {
        "id": "编号",
        "condition": "Condition",
        "paid": "实付",
        "on": "申请日",
        "keep": "保留",
        "code": "代码",
        "because": "依據",
        "basis": "性质",
    }
    table = as_table(ROWS)
    table[0] = [titles.get(name, name) for name in COLUMNS]
    listed = digests(load(as_list(ROWS)))
    assert digests(load(beside("{csv: fees.csv}"), fees_csv=as_csv(table))) == listed
    assert digests(in_sheet(*table)) == listed
    assert {f.name for f in findings(load(in_text(*lines_of(table))))} == {"unknown-column"}


def test_the_order_of_columns_means_nothing():
    columns = ("because", "note", "on", "id", "fee", "keep", "condition", "code")
    rows = [{name: text for name, text in row.items() if name in columns} for row in ROWS]
    assert digests(load(beside("{csv: fees.csv}"), fees_csv=as_csv(as_table(rows, columns)))) == digests(
        load(as_list(rows))
    )


def test_any_and_an_input_left_out_are_one_table():
    bare = [{name: text for name, text in row.items() if text != "-"} for row in ROWS]
    assert digests(load(as_list(bare))) == digests(load(as_list(ROWS)))


EXCEPTIONS = """rules:
  - id: general
    when: {condition: intact}
    then: {keep: true, code: ok}
    because: 店铺规则
    exceptions:
      - {id: small, when: {paid: "< 5 CNY"}, then: {keep: false, code: ok}, because: 店铺规则}
      - id: large
        when: {paid: "> 50 CNY"}
        then: {keep: true, code: not.intact}
        because: 店铺规则
        exceptions: [{id: rare, when: {}, then: {keep: false, code: ok}, because: 店铺规则}]
  - {id: other, when: {condition: "not(intact)"}, then: {keep: true, code: ok}, because: 店铺规则}
"""
EXCEPTION_ROWS = [
    ["id", "exception_of", "condition", "paid", "||", "keep", "code", "because"],
    ["general", "", "intact", "-", "", "true", "ok", "店铺规则"],
    ["other", "", "not(intact)", "-", "", "true", "ok", "店铺规则"],
    ["small", "general", "-", "< 5 CNY", "", "false", "ok", "店铺规则"],
    ["large", "general", "-", "> 50 CNY", "", "true", "not.intact", "店铺规则"],
    ["rare", "large", "-", "-", "", "false", "ok", "店铺规则"],
]


def test_a_row_may_be_an_exception_of_one_above_it():
    listed = digests(load((HEAD + EXCEPTIONS + TAIL).encode()))
    assert digests(load(in_text(*lines_of(EXCEPTION_ROWS)))) == listed
    assert digests(load(beside("{csv: fees.csv}"), fees_csv=as_csv(EXCEPTION_ROWS))) == listed
    assert digests(in_sheet(*EXCEPTION_ROWS)) == listed


def test_an_exception_of_no_rule_above_is_reported():
    assert places(
        in_csv("id,exception_of,condition,keep,code", "a,b,-,true,ok", "b,,-,true,ok", "c,a,-,true,ok", "e,B,-,true,ok")
    ) == [
        ("detached-exception", "decisions/fees.csv", 2, 3, "b"),
        ("detached-exception", "decisions/fees.csv", 5, 3, "B"),
    ]


def test_exceptions_nest_as_deep_as_yaml_could_write_them():
    rows = [f"r{number},{f'r{number - 1}' if number else ''},-,true,ok" for number in range(14)]
    assert places(in_csv("id,exception_of,condition,keep,code", *rows)) == [
        ("too-deep", "decisions/fees.csv", 15, 5, "r12")
    ]
    assert in_csv("id,exception_of,condition,keep,code,because", *(f"{row},x" for row in rows[:13])).pack


# Random tables

SYMBOLS = st.sampled_from(["intact", "opened", "damaged"])
AMOUNTS = st.integers(0, 9999).map(lambda number: f"{number // 100}.{number % 100:02} CNY")
CELLS = {
    "condition": st.one_of(
        SYMBOLS,
        st.lists(SYMBOLS, min_size=1, max_size=3).map(lambda names: f"[{', '.join(names)}]"),
        SYMBOLS.map(lambda name: f"not({name})"),
    ),
    "paid": st.one_of(
        st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), AMOUNTS).map(" ".join),
        AMOUNTS.map(lambda amount: f"[{amount}..100 CNY)"),
    ),
    "in_time": st.sampled_from(["true", "false"]),
    "promised": st.sampled_from(["absent", "given", "3 days", "(1 days..9 days]", "not(1 days, 2 days)"]),
}
TEXTS = st.text(
    st.sampled_from("店铺规则第一条、，“”'\"#:{}[]- aZ0.%\n\\"), min_size=1, max_size=12
).filter(lambda text: text.strip() == text and not text.startswith("{expr"))  # fmt: skip
RESULTS = {
    "keep": st.sampled_from(["true", "false", "claim.is_member", "not claim.is_member"]),
    "code": st.sampled_from(["ok", "not.intact", "{expr: decision.route.code}"]),
    "fee": st.one_of(AMOUNTS, st.just("10% * order.paid")),
    "note": TEXTS,
    "because": TEXTS,
}
RANDOM_COLUMNS = ("id", *CELLS, "||", *RESULTS)


@st.composite
def tables(draw):
    rows = []
    for number in range(draw(st.integers(1, 6))):
        row = {"id": f"r{number}"}
        row |= {name: draw(st.one_of(st.just("-"), cell)) for name, cell in CELLS.items()}
        row |= {name: draw(result) for name, result in RESULTS.items()}
        for name in ("fee", "note", "because"):
            if draw(st.booleans()):
                del row[name]
        rows.append(row)
    return rows


def yaml_text(text: str) -> str:
    """Any text in double quotes, with escapes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def random_list(rows):
    lines = ["rules:"]
    for row in rows:
        when = ", ".join(f"{name}: {yaml_cell(row[name])}" for name in CELLS)
        then = [f"{name}: {yaml_cell(row[name])}" for name in ("keep", "code", "fee") if name in row]
        then += [f"note: {yaml_text(row['note'])}"] if "note" in row else []
        lines += [f"  - id: {row['id']}", f"    when: {{{when}}}", f"    then: {{{', '.join(then)}}}"]
        lines += [f"    because: {yaml_text(row['because'])}"] if "because" in row else []
    return (HEAD + "\n".join(lines) + "\n" + TAIL).encode()


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate, Phase.shrink))
@given(rows=tables())
def test_a_random_table_is_the_same_pack_in_every_form(rows):
    listed = digests(load(random_list(rows)))
    table = as_table(rows, RANDOM_COLUMNS)
    assert digests(load(beside("{csv: fees.csv}"), fees_csv=as_csv(table))) == listed
    assert digests(load(beside("{sheet: fees.xlsx}"), fees_xlsx=as_workbook(table))) == listed
    if not any("\n" in text for row in rows for text in row.values()):
        assert digests(load(in_text(*lines_of(table)))) == listed


# Headers

HEADERS = {
    "missing-column": ("condition,keep,code", "id"),
    "unknown-column": ("id,conditon,keep,code", "conditon"),
    "duplicate-column": ("id,condition,condition,keep,code", "condition"),
    "misplaced-column": ("id,keep,||,condition,code", "keep"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_faulty_header_is_reported_at_its_heading(name):
    header, marked = HEADERS[name]
    cells = header.split(",")
    found = findings(in_csv(header, ",".join("" if cell == "||" else "-" for cell in cells)))
    assert found[0].name == name
    whole = name == "missing-column"
    assert found[0].mark.line == 1
    assert found[0].mark.text == (header if whole else marked)


@pytest.mark.parametrize(("header", "name"), [("id,condition,keep", "code"), ("condition,keep,code", "id")])
def test_a_missing_column_is_named_once_whatever_the_number_of_rows(header, name):
    found = findings(in_csv(header, "a,-,true", "b,-,true"))
    assert [(f.name, f.values["name"]) for f in found] == [("missing-column", name)]


@pytest.mark.parametrize(
    ("heading", "suggestion"),
    [("conditon", "condition"), ("商品情况", "condition"), ("保畱", None), ("ｐａｉｄ", "paid"), ("编号 ID", None)],
)
def test_an_unknown_column_suggests_a_name_by_names_and_titles(heading, suggestion):
    found = findings(in_csv(f"id,keep,code,{heading}", "a,true,ok,-"))
    assert [(f.name, f.suggestion, f.mark.text) for f in found] == [("unknown-column", suggestion, heading)]


def test_a_title_of_two_columns_is_no_name():
    document = beside("{csv: fees.csv}").replace("title: 实付".encode(), "title: 费用".encode())
    found = findings(load(document, fees_csv="id,费用,keep,code\na,-,true,ok\n".encode()))
    assert [(f.name, f.mark.text, f.values["meanings"]) for f in found] == [
        ("ambiguous-column", "费用", ["when.paid", "then.fee"])
    ]
    parted = "id,费用,||,keep,code,费用,because\na,< 5 CNY,,true,ok,5 CNY,x\n"
    assert load(document, fees_csv=parted.encode()).pack is not None


def test_an_input_and_an_output_of_one_name_need_the_separator():
    document = beside("{csv: fees.csv}").replace(b"  paid: {is: order.paid,", b"  fee: {is: order.paid,")
    assert [f.name for f in findings(load(document, fees_csv=b"id,fee,keep,code\na,-,true,ok\n"))] == [
        "ambiguous-column"
    ]
    assert load(document, fees_csv=b"id,fee,||,keep,code,because\na,-,,true,ok,x\n").pack is not None


def test_the_id_stands_left_of_the_separator():
    assert places(in_csv("condition,||,keep,code,id", "-,,true,ok,a")) == [
        ("misplaced-column", "decisions/fees.csv", 1, 24, "id")
    ]


@pytest.mark.parametrize(("section", "name"), [("inputs", "wrong-shape"), ("outputs", "missing-key")])
def test_what_is_wrong_with_the_document_is_not_said_again_of_its_grid(section, name):
    document = in_text("id | condition || keep", "a | - || true").decode()
    broken = {
        "inputs": document.replace("inputs:\n", "inputs: 5\nnothing:\n", 1),
        "outputs": document.replace("outputs:\n", "output:\n", 1),
    }[section]
    assert findings(load(broken.encode()))[0].name in (name, "unknown-key")
    assert not {f.name for f in findings(load(broken.encode()))} & {"unknown-column", "missing-column"}


# Where tables lie

PATHS = {
    "{csv: none.csv}": "unreadable-file",
    "{csv: ../../x.csv}": "path-escape",
    "{csv: ../..}": "unfit-table-file",
    "{csv: /etc/x.csv}": "path-escape",
    '{csv: "C:\\\\x.csv"}': "path-escape",
    "{csv: fees.xlsx}": "unfit-table-file",
    "{sheet: fees.csv}": "unfit-table-file",
    "{sheet: fees.xls}": "unfit-table-file",
    "{sheet: none.ods}": "unreadable-file",
    "{cvs: fees.csv}": "unknown-key",
    "{csv: fees.csv, tab: a}": "unknown-key",
    "{csv: fees.csv, sheet: fees.xlsx}": "unknown-key",
    "{csv: }": "wrong-shape",
    "{csv: [fees.csv]}": "wrong-shape",
    "{other: fees.csv}": "wrong-shape",
}


@pytest.mark.parametrize("named", PATHS)
def test_a_table_that_may_not_be_read_is_reported_where_it_is_named(named):
    tables = {"fees_csv": b"id,keep,code,because\na,true,ok,x\n"}
    loaded = load(beside(named), **tables)
    assert [(f.name, f.mark.path, f.mark.line) for f in findings(loaded)] == [(PATHS[named], DOCUMENT, 18)]


def folder_of(root: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


TABLE = b"id,keep,code,because\na,true,ok,x\n"


def test_tables_of_a_folder_and_of_files_are_the_same(tmp_path):
    files = FILES | {DOCUMENT: beside("{csv: ../tables/fees.csv}"), "tables/fees.csv": TABLE}
    # A file that no rule names is none of the pack, whatever it holds.
    files |= {"tables/orders.csv": b"\xff\xfe\x00" * 10, "report.xlsx": b"no workbook"}
    loaded = load_folder(folder_of(tmp_path, files))
    assert digests(loaded) == digests(load_files(files))


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("../tables/fee.csv", "../tables/fees.csv"),
        ("../tables/other.csv", None),
        ("../table/fees.csv", None),
        (f"../tables/{'x' * 5000}.csv", None),
    ],
)
def test_a_table_that_is_not_there_may_be_another_of_its_folder(tmp_path, named, meant):
    files = FILES | {DOCUMENT: beside(f"{{csv: {named}}}"), "tables/fees.csv": TABLE}
    for loaded in (load_files(files), load_folder(folder_of(tmp_path, files))):
        assert [(f.name, f.suggestion) for f in findings(loaded)] == [("unreadable-file", meant)]


@pytest.mark.parametrize("target", ["../../outside.csv", "../outside"])
def test_a_link_that_leaves_the_pack_is_not_followed(tmp_path, target):
    pack = folder_of(tmp_path / "pack", FILES | {DOCUMENT: beside("{csv: linked/fees.csv}")})
    (tmp_path / "outside").mkdir()
    for name in ("outside.csv", "outside/fees.csv"):
        (tmp_path / name).write_bytes(TABLE)
    if target.endswith(".csv"):
        (pack / "decisions" / "linked").mkdir()
        (pack / "decisions" / "linked" / "fees.csv").symlink_to(tmp_path / "outside.csv")
    else:
        (pack / "decisions" / "linked").symlink_to(tmp_path / "outside")
    found = findings(load_folder(pack))
    assert "path-escape" in {f.name for f in found}


def test_a_link_inside_the_pack_is_followed(tmp_path):
    pack = folder_of(tmp_path, FILES | {DOCUMENT: beside("{csv: fees.csv}"), "tables/fees.csv": TABLE})
    (pack / "decisions" / "fees.csv").symlink_to("../tables/fees.csv")
    assert load_folder(pack).pack is not None


def test_tables_together_are_no_larger_than_a_pack(monkeypatch):
    from csflow.loading import tables

    monkeypatch.setattr(tables, "MAX_PACK_BYTES", len(TABLE) * 2)
    documents = {
        f"decisions/fees_{number}.yaml": beside("{csv: fees.csv}").replace(b": fees\n", b": fees_%d\n" % number)
        for number in range(3)
    }
    found = findings(load_files(FILES | documents | {"decisions/fees.csv": TABLE}))
    assert [(f.name, f.mark.path) for f in found] == [("pack-too-large", "decisions/fees_2.yaml")]


def test_a_table_larger_than_a_file_may_be_is_reported():
    found = findings(load(beside("{csv: fees.csv}"), fees_csv=TABLE + b"\n" * 1024 * 1024))
    assert [(f.name, f.mark.line) for f in found] == [("file-too-large", 18)]


def test_findings_call_a_table_as_they_call_its_document():
    files = FILES | {DOCUMENT: beside("{csv: fees.csv}"), "decisions/fees.csv": b"id,keep,code\na,true,okk\n"}
    found = findings(load_files(files, shown_as="policies/shop"))
    assert [(f.name, f.mark.path) for f in found] == [("unknown-symbol", "policies/shop/decisions/fees.csv")]


def test_a_tab_needs_no_name_where_there_is_one():
    assert load(beside("{sheet: fees.xlsx}"), fees_xlsx=as_workbook(as_table(ROWS))).pack is not None
    two = as_workbook(as_table(ROWS), more=[["id"]])
    assert places(load(beside("{sheet: fees.xlsx}"), fees_xlsx=two)) == [("missing-key", DOCUMENT, 18, 16, "fees.xlsx")]
    assert load(beside(f"{{sheet: fees.xlsx, tab: {TAB}}}"), fees_xlsx=two).pack is not None

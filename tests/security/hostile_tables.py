"""Tables of rules made to hurt their reader, and a program that loads them and measures itself.

Run as `python hostile_tables.py NAME...`; each table gives one line of JSON on standard output.
"""

import io
import json
import random
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MIB = 1024 * 1024
PACK = Path(__file__).resolve().parents[1] / "spec" / "checks" / "pack"
SECRET = "csflow-must-not-read-this"

DECISION = """decision: fees
title: 费用
outputs:
  keep: {type: bool}
rules: %s
otherwise: {keep: false}
"""


class HostileTable(NamedTuple):
    """The file that `rules` names, its bytes, and the names of what refuses it; None where it is a legal one."""

    file: str
    data: Callable[[], bytes]
    finding: str | None


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PARTS = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": RELATIONS % f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": RELATIONS
    % f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>',
}
HEADER = '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>keep</v></c></row>'
RULE = '<row r="2"><c r="A2" t="str"><v>a</v></c><c r="B2" t="b"><v>1</v></c></row>'


def packed(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def sheet(rows: str = HEADER + RULE, before: str = "", **parts: str | bytes) -> bytes:
    part = f"{before}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    return packed(PARTS | {"xl/worksheets/sheet1.xml": part} | named)


def with_cell(reference: str, value: str = "<v>1</v>") -> Callable[[], bytes]:
    return lambda: sheet(HEADER + RULE + f'<row><c r="{reference}">{value}</c></row>')


def clone_bomb() -> bytes:
    """Every cell is the same long text, which is held once in the file."""
    strings = f"<sst {MAIN}><si><t>{'x' * 30_000}</t></si></sst>"
    cells = "".join(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(3, 9_000))
    rows = f"{HEADER}{RULE}<row>{cells}</row>"
    part = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    return packed(PARTS | {"xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": part})


def many_cells() -> bytes:
    """As much as gets through before anything is opened."""
    digits = random.Random(1).choices("0123456789", k=195_000)
    rows = "".join(
        "<row>" + "".join(f"<c><v>{digit}</v></c>" for digit in digits[at : at + 40]) + "</row>"
        for at in range(0, len(digits), 40)
    )
    return sheet(rows + "<row><c><v>1</v></c></row>" * 2)


def lying() -> bytes:
    """The directory of the zip says that a part is small, and it is not."""
    honest = sheet(xl__big_xml="<a>" + " " * 30 * MIB + "</a>").replace(b"big_xml", b"big.xml")
    size, lie = struct.pack("<I", 30 * MIB + 7), struct.pack("<I", 10)
    return honest.replace(size, lie)


def password() -> bytes:
    """The flag that says that a part is encrypted."""
    data = bytearray(sheet())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


ODS = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text")
)
FILLED = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def ods(rows: str) -> Callable[[], bytes]:
    content = (
        f"<office:document-content {ODS}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return lambda: packed({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods_rows(row: str, attributes: str = "") -> str:
    header = f"<table:table-row>{FILLED.format('', 'id')}{FILLED.format('', 'keep')}</table:table-row>"
    return f"{header}<table:table-row{attributes}>{row}</table:table-row>"


LAUGHED = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
LAUGHS = f"<!DOCTYPE a [<!ENTITY l0 'lol'>{LAUGHED}]>"
# This very file holds the secret.
XXE = f"<!DOCTYPE a [<!ENTITY x SYSTEM '{Path(__file__).resolve().as_uri()}'>]>"
ENTITY_CELL = '<row r="3"><c r="A3" t="str"><v>&x;</v></c></row>'
MANY = "9" * 9

TABLES = {
    "sound xlsx": HostileTable("t.xlsx", sheet, None),
    "sound ods": HostileTable("t.ods", ods(ods_rows(FILLED.format("", "a") + FILLED.format("", "true"))), None),
    "zip bomb": HostileTable("t.xlsx", lambda: sheet(xl__a="", **{"xl__bomb.xml": b" " * 100 * MIB}), "grid-too-large"),
    "zip bomb below the size": HostileTable(
        "t.xlsx", lambda: sheet(**{"xl__bomb.xml": b" " * 12 * MIB}), "grid-too-large"
    ),
    "zip bomb that lies": HostileTable("t.xlsx", lying, "broken-workbook"),
    "many entries": HostileTable(
        "t.xlsx", lambda: sheet(**{f"xl__{number}.xml": "" for number in range(5_000)}), "grid-too-large"
    ),
    "cut off": HostileTable("t.xlsx", lambda: sheet()[:-40], "broken-workbook"),
    "cut in the middle": HostileTable("t.xlsx", lambda: sheet()[: len(sheet()) // 2], "broken-workbook"),
    "password": HostileTable("t.xlsx", password, "broken-workbook"),
    "ole": HostileTable("t.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 100_000, "broken-workbook"),
    "zip slip": HostileTable("t.xlsx", lambda: sheet(**{"..__..__..__tmp__csflow-slipped.xml": "<a/>"}), None),
    "one name twice": HostileTable(
        "t.xlsx", lambda: sheet(**{"xl__Worksheets__Sheet1.xml": "<worksheet/>"}), "broken-workbook"
    ),
    "external entity": HostileTable("t.xlsx", lambda: sheet(HEADER + RULE + ENTITY_CELL, XXE), "broken-workbook"),
    "billion laughs": HostileTable(
        "t.xlsx", lambda: sheet(HEADER + RULE + ENTITY_CELL.replace("&x;", "&l11;"), LAUGHS), "broken-workbook"
    ),
    "laughs in the shared strings": HostileTable(
        "t.xlsx", lambda: sheet(**{"xl__sharedStrings.xml": LAUGHS + "<a>&l11;</a>"}), "broken-workbook"
    ),
    "last cell of all": HostileTable("t.xlsx", with_cell("XFD1048576"), "grid-too-large"),
    "last column": HostileTable("t.xlsx", with_cell("XFD300"), "grid-too-large"),
    "column beyond": HostileTable("t.xlsx", with_cell("ZZZZ2"), "grid-too-large"),
    "row that overflows": HostileTable("t.xlsx", with_cell("A99999999999"), "grid-too-large"),
    "far cell with a text": HostileTable("t.xlsx", with_cell("XFD1048576", "<is><t>x</t></is>"), "grid-too-large"),
    "far cell with an error": HostileTable("t.xlsx", with_cell("A9000000"), "grid-too-large"),
    "row that jumps": HostileTable(
        "t.xlsx", lambda: sheet(f'{HEADER}{RULE}<row r="{MANY}"><c><v>1</v></c></row>'), "grid-too-large"
    ),
    "far cell hidden by a table": HostileTable(
        "t.xlsx",
        lambda: sheet(
            f'{HEADER}{RULE}<row r="900000"><c r="A900000"><v>1</v></c></row><table/><row r="9"><c r="XFD9"><v>1</v></c></row>'
        ),
        "grid-too-large",
    ),
    "one text in every cell": HostileTable("t.xlsx", clone_bomb, "grid-too-large"),
    "million cells": HostileTable(
        "t.xlsx", lambda: sheet("<row>" + "<c><v>1</v></c>" * 600_000 + "</row>"), "grid-too-large"
    ),
    "many cells": HostileTable("t.xlsx", many_cells, "unknown-column duplicate-column"),
    "deep elements": HostileTable("t.xlsx", lambda: sheet("<a>" * 30_000 + "</a>" * 30_000), "missing-column"),
    "control sign in a cell": HostileTable(
        "t.xlsx", lambda: sheet(HEADER + RULE.replace("<v>a<", "<v>_x0000_a<")), "control-character"
    ),
    "repeated cells": HostileTable(
        "t.ods",
        ods(ods_rows(FILLED.format(f' table:number-columns-repeated="{MANY}"', "a"))),
        "grid-too-large",
    ),
    "repeated rows": HostileTable(
        "t.ods", ods(ods_rows(FILLED.format("", "a"), f' table:number-rows-repeated="{MANY}"')), "grid-too-large"
    ),
    "repeated empty cells": HostileTable(
        "t.ods",
        ods(ods_rows(f'<table:table-cell table:number-columns-repeated="{MANY}"/><table:table-cell/>')),
        "grid-too-large",
    ),
    "repeated empty rows": HostileTable(
        "t.ods",
        ods(
            f'<table:table-row table:number-rows-repeated="{MANY}"><table:table-cell/></table:table-row>'
            + ods_rows(FILLED.format("", "a"))
        ),
        "grid-too-large",
    ),
    "repeated blanks": HostileTable(
        "t.ods", ods(ods_rows(FILLED.format("", f'<text:s text:c="{MANY}"/>'))), "grid-too-large"
    ),
    "repeated long text": HostileTable(
        "t.ods",
        ods(ods_rows(FILLED.format(' table:number-columns-repeated="9000"', "x" * 30_000))),
        "grid-too-large",
    ),
    "csv of a million columns": HostileTable("t.csv", lambda: b"id" + b"," * 1_000_000, "grid-too-large"),
    "csv of a million rows": HostileTable("t.csv", lambda: b"id,keep\n" + b"a,\n" * 340_000, "grid-too-large"),
    "csv of quotes": HostileTable("t.csv", lambda: b'"' * MIB, "scalar-too-long"),
    "csv of open quotes": HostileTable("t.csv", lambda: b'id,keep\n"a,' + b'"",' * 300_000, "malformed-csv"),
    "csv of one wide row": HostileTable(
        "t.csv", lambda: b"id,keep\n" + b"," * 500_000 + b"a" + b"," * 500_000, "uneven-row"
    ),
    "csv of uneven rows": HostileTable("t.csv", lambda: b"id,keep\n" + b"a\n" * 9_000, "uneven-row"),
    "csv with nul": HostileTable("t.csv", lambda: b"id,keep\na\0,true\n", "control-character"),
    "csv of line ends": HostileTable("t.csv", lambda: b"\n" * MIB, "empty-file"),
    "too large a file": HostileTable("t.csv", lambda: b"x" * (MIB + 1), "file-too-large"),
    "text of bars": HostileTable("", lambda: b"|\n  id || keep\n  " + b"|" * 60_000, "uneven-row"),
    "text of wide bars": HostileTable("", lambda: b"|\n  " + "｜".encode() * 20_000, "wide-separator"),
    "text of exceptions": HostileTable(
        "",
        lambda: (
            b"|\n  id | exception_of || keep\n"
            + "".join(f"  r{n} | {f'r{n - 1}' if n else ''} || true\n" for n in range(2_000)).encode()
        ),
        "too-deep",
    ),
}


def load(table: HostileTable) -> tuple[list[str], int]:
    from csflow.diagnostics.rendering.text import render_text
    from csflow.loading.passes import load_files

    files = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
    key = "csv" if table.file.endswith(".csv") else "sheet"
    rules = b"{%b: %b}" % (key.encode(), table.file.encode()) if table.file else table.data()
    files["fees.yaml"] = DECISION.encode() % rules
    if table.file:
        files[table.file] = table.data()
    loaded = load_files(files)
    findings = loaded.diagnostics.sorted()
    assert SECRET not in render_text(findings, "zh-CN")
    return [finding.name for finding in findings], len(findings)


def main() -> None:
    # This runs as a program of its own, beside `peaks`.
    from peaks import peak_megabytes

    # What is imported once is no cost of a table.
    load(TABLES["sound xlsx"])
    for name in sys.argv[1:]:
        start = time.process_time()
        findings, count = load(TABLES[name])
        record = {
            "name": name,
            "findings": sorted(set(findings)),
            "count": count,
            "seconds": time.process_time() - start,
            "peak_mb": peak_megabytes(),
        }
        print(json.dumps(record), flush=True)


if __name__ == "__main__":
    main()

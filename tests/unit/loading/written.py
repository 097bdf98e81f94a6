"""Writes one decision of the small pack with its rules in any form, and tells findings by name and place."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

from csflow.diagnostics import Finding
from csflow.loading.passes import Loaded, load_files

PACK = Path(__file__).resolve().parents[2] / "spec" / "checks" / "pack"
FILES = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
DOCUMENT = "decisions/fees.yaml"
TAB = "费用"

HEAD = """decision: fees
title: 费用
governed_by: order.paid_at
inputs:
  condition: {is: claim.condition, title: {zh-CN: 商品状况, en: Condition}}
  paid: {is: order.paid, title: 实付}
  in_time: within(param.return_window, claim.signed_at, claim.requested_at)
  promised: claim.promised_days
  rate: {is: param.restocking_rate, title: 折旧}
  on: {is: claim.requested_at, title: 申请日}
outputs:
  keep: {type: bool, title: 保留}
  code: {type: code, title: 代码}
  fee: {type: money, optional: true, title: 费用}
  share: {type: percent, optional: true}
  until: {type: date, optional: true}
  note: {type: text, optional: true}
"""
TAIL = "otherwise: {keep: false, code: ok}\n"


def in_text(*lines: str, intro: str = "rules: |") -> bytes:
    """The document with a grid in it; the header is on line 19."""
    return (HEAD + f"{intro}\n" + "".join(f"  {line}\n" for line in lines) + TAIL).encode()


def beside(named: str) -> bytes:
    """The document with its rules in another file; they are named on line 18."""
    return (HEAD + f"rules: {named}\n" + TAIL).encode()


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def as_workbook(rows: list[list[Any]], **more: list[list[Any]]) -> bytes:
    """An .xlsx file with the rows in its first tab."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, table in {TAB: rows, **more}.items():
        sheet = workbook.create_sheet(title)
        for number, row in enumerate(table, 1):
            for place, value in enumerate(row, 1):
                if value is not None:
                    cell = sheet.cell(number, place)
                    cell.value = value
                    # What begins with `=` is a formula where it says so, and else a cell such as `= 5 CNY`.
                    if isinstance(value, str) and value[:2] in ("= ", "=="):
                        cell.data_type = "s"
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


def as_ods(rows: str, tab: str = TAB) -> bytes:
    """An .ods file with table rows as XML."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="{tab}">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return as_zip({"mimetype": mimetype, "META-INF/manifest.xml": manifest, "content.xml": content})


def as_zip(parts: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_part(workbook: bytes, name: str, change: Any) -> bytes:
    """A workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = change(parts[name])
    return as_zip(parts)


def load(document: bytes, **beside: bytes) -> Loaded:
    """The small pack with the document; `fees_csv` is the file `decisions/fees.csv`."""
    others = {f"decisions/{name.replace('_', '.')}": data for name, data in beside.items()}
    return load_files(FILES | {DOCUMENT: document} | others)


def digests(loaded: Loaded) -> tuple[str, str]:
    assert loaded.pack is not None, [(f.name, f.mark.line if f.mark else None) for f in loaded.diagnostics]
    return loaded.pack.digest, loaded.pack.text_digest


def findings(loaded: Loaded) -> list[Finding]:
    assert loaded.pack is None
    return loaded.diagnostics.sorted()


def places(loaded: Loaded) -> list[tuple[str, str, int, int, str]]:
    """Name, file, line, column and marked text of every finding."""
    return [
        (f.name, f.mark.path, f.mark.line, f.mark.column, f.mark.text) if f.mark else (f.name, "", 0, 0, "")
        for f in findings(loaded)
    ]


def in_csv(*lines: str) -> Loaded:
    """The small pack with the lines as `decisions/fees.csv`."""
    return load(beside("{csv: fees.csv}"), fees_csv="".join(f"{line}\n" for line in lines).encode())


def in_sheet(*rows: list[Any]) -> Loaded:
    """The small pack with the rows as a tab of `decisions/fees.xlsx`."""
    return load(beside(f"{{sheet: fees.xlsx, tab: {TAB}}}"), fees_xlsx=as_workbook(list(rows)))


def cells(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Name, address and marked text of every finding in a sheet."""
    found = []
    for finding in findings(loaded):
        mark = finding.mark
        assert mark is not None and mark.address is not None
        assert (mark.path, mark.address.tab) == ("decisions/fees.xlsx", TAB)
        found.append((finding.name, mark.address.cell, mark.text))
    return found

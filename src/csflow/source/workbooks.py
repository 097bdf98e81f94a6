"""Owns which workbooks may be opened: a zip of XML that stays small when unpacked and asks for nothing outside.

What is handed on is packed anew from what was looked at, so that whoever opens it reads the very same parts.
Reading the cells is for `sheets`.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from csflow.diagnostics import Phrase
from csflow.source.limits import (
    MAX_WORKBOOK_BYTES,
    MAX_WORKBOOK_CELLS,
    MAX_WORKBOOK_ELEMENTS,
    MAX_WORKBOOK_ENTRIES,
    MAX_WORKBOOK_RATIO,
)

# What a cell shows where its formula has no answer (yet); anything but empty.
UNCALCULATED = "=?"

_OLE_MARK = b"\xd0\xcf\x11\xe0"
_IS_ENCRYPTED = 0x1
# Below this a good ratio says nothing.
_SMALL = 256 * 1024
_CHUNK = 64 * 1024
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NOWHERE = MAX_WORKBOOK_CELLS
_WORKBOOK, _RELATIONS, _STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "sharedstrings.xml"

_NO_WORKBOOK = Phrase.of(
    {
        "zh-CN": "不是 .xlsx 或 .ods 工作簿",
        "zh-TW": "不是 .xlsx 或 .ods 活頁簿",
        "en": "it is no .xlsx or .ods workbook",
    }
)
_ENCRYPTED = Phrase.of(
    {
        "zh-CN": "设了密码，或者是旧的 .xls 格式",
        "zh-TW": "設了密碼，或者是舊的 .xls 格式",
        "en": "it has a password, or is of the old .xls format",
    }
)
_DAMAGED = Phrase.of({"zh-CN": "文件已损坏", "zh-TW": "檔案已損毀", "en": "it is damaged"})
_DOCTYPE = Phrase.of(
    {
        "zh-CN": "里面有 DOCTYPE 声明，正常的工作簿没有",
        "zh-TW": "裡面有 DOCTYPE 宣告，正常的活頁簿沒有",
        "en": "it holds a DOCTYPE declaration, as no workbook of a person does",
    }
)
_ENTRIES = Phrase.of({"zh-CN": "内部文件数", "zh-TW": "內部檔案數", "en": "files inside"})
_BYTES = Phrase.of({"zh-CN": "解压后的字节数", "zh-TW": "解壓縮後的位元組數", "en": "bytes when unpacked"})
_RATIO = Phrase.of({"zh-CN": "压缩倍数", "zh-TW": "壓縮倍數", "en": "times its packed size"})
_ELEMENTS = Phrase.of({"zh-CN": "XML 元素数", "zh-TW": "XML 元素數", "en": "XML elements"})
_CELLS = Phrase.of({"zh-CN": "单元格数", "zh-TW": "儲存格數", "en": "cells"})
_SIGNS = Phrase.of({"zh-CN": "字符数", "zh-TW": "字元數", "en": "characters"})


class Unfit(Exception):
    """A workbook that is not opened: `problem` says why it is broken, or `what` of it is too large."""

    def __init__(
        self, problem: Phrase | None = None, what: Phrase | None = None, size: int = 0, limit: int = 0
    ) -> None:
        super().__init__()
        self.problem = problem
        self.what = what
        self.size = size
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that is safe to open. `faults` are the cells without a value, by tab, row and column from 0."""

    data: bytes
    faults: Mapping[str, Mapping[tuple[int, int], str]]


def checked_workbook(data: bytes) -> Workbook:
    """The workbook, packed anew; `Unfit` when it may not be opened."""
    parts = _unpacked(data)
    budget = _Budget()
    known = {name.lower(): content for name, content in parts.items()}
    if len(known) < len(parts):
        raise Unfit(_DAMAGED)
    strings = [content for name, content in known.items() if name.endswith(_STRINGS)]
    if len(strings) > 1:
        raise Unfit(_DAMAGED)
    if strings:
        budget.strings = _Strings(budget).lengths(strings[0])
    tabs = _tabs(known, budget)
    faults: dict[str, Mapping[tuple[int, int], str]] = {}
    for name, content in parts.items():
        if name == "mimetype":
            continue
        look = _Look(budget)
        look.read(content)
        faults |= look.tables
        if name.lower() in tabs:
            faults[tabs[name.lower()]] = look.faults
    return Workbook(_packed(parts), faults)


# The zip


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The parts that say what the cells hold, by name; pictures and programs are left where they are."""
    if data.startswith(_OLE_MARK):
        raise Unfit(_ENCRYPTED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _require_bounds(entries)
            return dict(_parts(archive, entries))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unfit(_DAMAGED if data.startswith(b"PK") else _NO_WORKBOOK) from None


def _require_bounds(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_WORKBOOK_ENTRIES:
        raise Unfit(what=_ENTRIES, size=len(entries), limit=MAX_WORKBOOK_ENTRIES)
    total = sum(entry.file_size for entry in entries)
    if total > MAX_WORKBOOK_BYTES:
        raise Unfit(what=_BYTES, size=total, limit=MAX_WORKBOOK_BYTES)
    for entry in entries:
        ratio = entry.file_size // max(1, entry.compress_size)
        if entry.file_size > _SMALL and ratio > MAX_WORKBOOK_RATIO:
            raise Unfit(what=_RATIO, size=ratio, limit=MAX_WORKBOOK_RATIO)
        if entry.flag_bits & _IS_ENCRYPTED:
            raise Unfit(_ENCRYPTED)


def _parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    for entry in entries:
        name = entry.filename
        if name.lower().endswith((".xml", ".rels")) or name == "mimetype":
            # INVARIANT: no more is unpacked than the entry says, and what it says was bounded.
            with archive.open(entry) as part:
                content = b"".join(iter(lambda: part.read(_CHUNK), b""))
            if name == "META-INF/manifest.xml" and b"encryption-data" in content:
                raise Unfit(_ENCRYPTED)
            yield name, content


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


# The XML


class _Budget:
    """What all parts of one workbook may hold together."""

    def __init__(self) -> None:
        self.strings: list[int] = []
        self._elements = 0
        self._cells = 0
        self._signs = 0

    def element(self) -> None:
        self._elements += 1
        if self._elements > MAX_WORKBOOK_ELEMENTS:
            raise Unfit(what=_ELEMENTS, size=self._elements, limit=MAX_WORKBOOK_ELEMENTS)

    def area(self, rows: int, columns: int) -> None:
        """A reader holds every cell from the first to the last."""
        self._cells += rows * columns
        if self._cells > MAX_WORKBOOK_CELLS:
            raise Unfit(what=_CELLS, size=self._cells, limit=MAX_WORKBOOK_CELLS)

    def text(self, length: int) -> None:
        """A text that cells share is held by each of them."""
        self._signs += length
        if self._signs > MAX_WORKBOOK_BYTES:
            raise Unfit(what=_SIGNS, size=self._signs, limit=MAX_WORKBOOK_BYTES)

    def shared_text(self, written: str) -> None:
        """The same, by the number of the text as a cell writes it."""
        number = written.strip().lstrip("+0") or "0"
        if number.isdecimal() and len(number) < 10 and int(number) < len(self.strings):
            self.text(self.strings[int(number)])


class _Reader:
    """Walks one part. Names are taken without their prefix: a reader may know them under any."""

    def __init__(self, budget: _Budget) -> None:
        self._budget = budget

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._enter
        parser.EndElementHandler = self._leave
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError):
            raise Unfit(_DAMAGED) from None

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        self._budget.element()
        self.start(_without_prefix(name), attributes)

    def _leave(self, name: str) -> None:
        self.end(_without_prefix(name))

    def _text(self, text: str) -> None:
        self.text(text)

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Strings(_Reader):
    """The lengths of the texts that cells share."""

    def lengths(self, content: bytes) -> list[int]:
        self._lengths: list[int] = []
        self.read(content)
        return self._lengths

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._lengths.append(0)

    def text(self, text: str) -> None:
        if self._lengths:
            self._lengths[-1] += len(text)


class _Elements(_Reader):
    """The attributes of every element of one name, by their names without prefixes."""

    def named(self, name: str, content: bytes) -> list[dict[str, str]]:
        self._name = name
        self._found: list[dict[str, str]] = []
        self.read(content)
        return self._found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._name:
            self._found.append({key.rpartition(":")[2]: value for key, value in attributes.items()})


def _tabs(parts: Mapping[str, bytes], budget: _Budget) -> dict[str, str]:
    """The name of each tab, by its part; an .ods file names its tabs where their cells are."""
    if _WORKBOOK not in parts or _RELATIONS not in parts:
        return {}
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/").lower()
        for relation in _Elements(budget).named("Relationship", parts[_RELATIONS])
    }
    sheets = _Elements(budget).named("sheet", parts[_WORKBOOK])
    return {targets[sheet.get("id")]: sheet.get("name", "") for sheet in sheets if sheet.get("id") in targets}


class _Extent:
    """How far the cells of one tab reach, from A1."""

    def __init__(self, budget: _Budget) -> None:
        self._budget = budget
        self._rows = self._columns = 0

    def reach(self, row: int, column: int) -> None:
        if row < self._rows and column < self._columns:
            return
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, column + 1)
        if self._rows * self._columns > MAX_WORKBOOK_CELLS:
            self.end()

    def end(self) -> None:
        self._budget.area(self._rows, self._columns)


class _Look(_Reader):
    """Follows the cells of a part: how far they reach, and which are without a value.

    `row` and `c` are of .xlsx, `table-row` and `table-cell` of .ods.
    """

    def __init__(self, budget: _Budget) -> None:
        super().__init__(budget)
        self.faults: dict[tuple[int, int], str] = {}
        self.tables: dict[str, dict[tuple[int, int], str]] = {}
        self._row = self._column = -1
        # Apart, so that nothing of the one format can make little of the other.
        self._sheet = _Extent(budget)
        self._table = _Extent(budget)
        self._type = ""
        self._is_in_cell = self._has_formula = self._is_value = False
        self._value = ""
        self._table_faults = self.faults
        # In .ods a row or cell may stand for many like it.
        self._repeats = 0
        self._pending = 0

    def read(self, content: bytes) -> None:
        super().read(content)
        self._sheet.end()
        self._table.end()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._is_in_cell:
            # Whatever a cell holds, it may be taken for a value.
            self._sheet.reach(self._row, self._column)
        step = _STARTS.get(name)
        if step is not None:
            step(self, attributes)

    def end(self, name: str) -> None:
        step = _ENDS.get(name)
        if step is not None:
            step(self)

    def text(self, text: str) -> None:
        if self._is_value and len(self._value) < 64:
            self._value += text
        if self._repeats:
            self._budget.text(len(text) * self._repeats * (self._pending + 1))

    # .xlsx

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = _number(attributes.get("r"), self._row + 2) - 1
        self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference is not None:
            self._column, self._row = _column_number(reference[1]), int(reference[2]) - 1
        elif "r" in attributes:
            self._column = _NOWHERE
        self._type = attributes.get("t", "")
        self._has_formula, self._is_in_cell, self._value = False, True, ""

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self._has_formula = True

    def _start_value(self, attributes: dict[str, str]) -> None:
        self._is_value = True

    def _end_value(self) -> None:
        self._is_value = False

    def _end_cell(self) -> None:
        if self._type == "s":
            self._budget.shared_text(self._value)
        elif self._type == "e" or (self._has_formula and not self._value and self._type != "str"):
            self._sheet.reach(self._row, self._column)
            self.faults[self._row, self._column] = self._value or UNCALCULATED
        self._is_in_cell = False

    # .ods

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._table_faults = self.tables.setdefault(_local(attributes, "name"), {})
        self._table.end()
        self._table = _Extent(self._budget)
        self._row = self._column = -1
        self._repeats = 0

    def _start_table_row(self, attributes: dict[str, str]) -> None:
        self._row += max(1, self._repeats)
        self._repeats = _number(_local(attributes, "number-rows-repeated"), 1)
        self._column, self._pending = -1, 0

    def _start_table_cell(self, attributes: dict[str, str]) -> None:
        # Empty cells are held where another cell follows; those at the end are not.
        self._budget.area(1, 1 + self._pending)
        self._column += 1 + self._pending
        self._pending = _number(_local(attributes, "number-columns-repeated"), 1) - 1
        text = _local(attributes, "string-value")
        if _local(attributes, "value-type") or _local(attributes, "formula"):
            self._table.reach(self._row + self._repeats - 1, self._column + self._pending)
            self._budget.text(len(text) * self._repeats * (self._pending + 1))
        if any(key.endswith(":value-type") and value == "error" for key, value in attributes.items()):
            self._table_faults[self._row, self._column] = "#N/A"

    def _start_blanks(self, attributes: dict[str, str]) -> None:
        if self._repeats:
            blanks = _number(_local(attributes, "c"), 1)
            self._budget.text(blanks * self._repeats * (self._pending + 1))


_STARTS = {
    "row": _Look._start_row,
    "c": _Look._start_cell,
    "f": _Look._start_formula,
    "v": _Look._start_value,
    "is": _Look._start_value,
    "table": _Look._start_table,
    "table-row": _Look._start_table_row,
    "table-cell": _Look._start_table_cell,
    "covered-table-cell": _Look._start_table_cell,
    "s": _Look._start_blanks,
}
_ENDS = {"v": _Look._end_value, "is": _Look._end_value, "c": _Look._end_cell}


def _refuse_doctype(*declaration: object) -> None:
    raise Unfit(_DOCTYPE)


def _without_prefix(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def _local(attributes: dict[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else default


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1

"""Owns the files of a pack besides its documents: grids, as CSV and workbooks, and orders of tests, as JSON.

They are read when a document names them; one that nobody names is none of csflow's business.
"""

import posixpath
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from csflow.diagnostics import Diagnostics, Mark, Word, nearest
from csflow.source import (
    Grid,
    Node,
    Scalar,
    read_csv_grid,
    read_file,
    read_sheet_grid,
    read_text_grid,
)
from csflow.source import Mapping as MappingNode
from csflow.source.folder import NO_SUCH_FILE, names_in
from csflow.source.limits import MAX_FILE_BYTES, MAX_PACK_BYTES

CSV = (".csv",)
WORKBOOKS = (".xlsx", ".ods")
ORDERS = (".json",)


class Tables:
    """The files beside the documents, in a folder or at hand; together no more than a pack may hold."""

    def __init__(self, root: Path | None, files: Mapping[str, bytes]) -> None:
        self._root = root
        self._files = files
        self._read: dict[str, bytes] = {}
        self._size = 0

    def read(self, document: str, named: str, mark: Mark, diagnostics: Diagnostics) -> tuple[str, bytes] | None:
        """The path inside the pack and the bytes of a file that a document names, from its own folder.

        None when it was reported, at `mark`.
        """
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document), named))
        if PureWindowsPath(named).anchor or path.startswith("../"):
            diagnostics.report("path-escape", mark, target=named)
            return None
        if path not in self._read:
            data = self._data(path, named, mark, diagnostics)
            if data is None:
                return None
            self._read[path] = data
        # A table is read again by every document that names it, so that each counts.
        self._size += len(self._read[path])
        if self._size > MAX_PACK_BYTES:
            diagnostics.report("pack-too-large", mark, size=self._size, limit=MAX_PACK_BYTES)
            return None
        return path, self._read[path]

    def _data(self, path: str, named: str, mark: Mark, diagnostics: Diagnostics) -> bytes | None:
        if self._root is not None:
            return read_file(self._root, path, diagnostics, mark=mark, meant=self._meant(path, named))
        data = self._files.get(path)
        if data is None:
            diagnostics.report("unreadable-file", mark, suggestion=self._meant(path, named), problem=NO_SUCH_FILE)
        elif len(data) > MAX_FILE_BYTES:
            diagnostics.report("file-too-large", mark, size=len(data), limit=MAX_FILE_BYTES)
            return None
        return data

    def _meant(self, path: str, named: str) -> str | None:
        """What the document should have named, where that is not there: a file of that folder with a name like it."""
        folder, name = posixpath.split(path)
        names = self._names_in(folder)
        alike = [each for each in names if is_table(each) and _is_order(each) == _is_order(name)]
        found = None if name in names else nearest(name, alike)
        return posixpath.join(posixpath.dirname(named), found) if found else None

    def _names_in(self, folder: str) -> list[str]:
        if self._root is not None:
            return names_in(self._root, folder)
        return [posixpath.basename(path) for path in self._files if posixpath.dirname(path) == folder]


def is_table(path: str) -> bool:
    """Whether a file is no document: documents may name it for rules, tests or the order of a test."""
    return path.lower().endswith((*CSV, *WORKBOOKS, *ORDERS))


def _is_order(path: str) -> bool:
    return path.lower().endswith(ORDERS)


def read_grid(place: Scalar | MappingNode, document: str, tables: Tables, diagnostics: Diagnostics) -> Grid | None:
    """The grid of a text, or of the file that a document names; `document` is its path inside the pack.

    None when it was reported.
    """
    if isinstance(place, Scalar):
        return read_text_grid(place, diagnostics)
    known = ("csv",) if place.get("csv") is not None else ("sheet", "tab")
    sound = True
    for entry in place.entries:
        if entry.key.text not in known:
            meant = nearest(entry.key.text, ("csv", "sheet", "tab"))
            suggestion = meant if meant and place.get(meant) is None else None
            diagnostics.report(
                "unknown-key", entry.key.mark, suggestion=suggestion, key=entry.key.text, known=["csv", "sheet", "tab"]
            )
            sound = False
        elif not isinstance(entry.value, Scalar) or not entry.value.text:
            found = Word("shape.nothing" if isinstance(entry.value, Scalar) else _shape(entry.value))
            diagnostics.report("wrong-shape", entry.key.mark, wanted=Word("shape.text"), found=found)
            sound = False
    file, tab = place.get(known[0]), place.get("tab")
    if not sound or not isinstance(file, Scalar):
        return None
    endings = CSV if known[0] == "csv" else WORKBOOKS
    if not file.text.lower().endswith(endings):
        diagnostics.report("unfit-table-file", file.mark, name=file.text, known=list(endings))
        return None
    found_file = tables.read(document, file.text, file.mark, diagnostics)
    if found_file is None:
        return None
    path, data = found_file
    # Findings call a file as they call the document that names it.
    shown_as = place.mark.path.removesuffix(document) + path
    if known[0] == "csv":
        return read_csv_grid(shown_as, data, diagnostics)
    return read_sheet_grid(shown_as, data, file, tab if isinstance(tab, Scalar) else None, diagnostics)


def _shape(node: Node) -> str:
    return "shape.mapping" if isinstance(node, MappingNode) else "shape.list"

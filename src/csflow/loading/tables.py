"""Owns the files of a pack besides its documents: the CSV files and workbooks in which `rules` may stand.

They are read when a document names them; one that nobody names is none of csflow's business.
"""

import posixpath
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from csflow.diagnostics import Diagnostics, Mark, nearest
from csflow.source import read_file
from csflow.source.folder import NO_SUCH_FILE, names_in
from csflow.source.limits import MAX_FILE_BYTES, MAX_PACK_BYTES

CSV = (".csv",)
WORKBOOKS = (".xlsx", ".ods")


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
        """What the document should have named, where that is not there: a table of that folder with a name like it."""
        folder, name = posixpath.split(path)
        names = self._names_in(folder)
        found = None if name in names else nearest(name, filter(is_table, names))
        return posixpath.join(posixpath.dirname(named), found) if found else None

    def _names_in(self, folder: str) -> list[str]:
        if self._root is not None:
            return names_in(self._root, folder)
        return [posixpath.basename(path) for path in self._files if posixpath.dirname(path) == folder]


def is_table(path: str) -> bool:
    """Whether a file is no document: rules may stand in it, but nothing else of a pack."""
    return path.lower().endswith((*CSV, *WORKBOOKS))

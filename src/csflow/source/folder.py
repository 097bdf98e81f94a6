"""Owns which files a pack consists of, and that none of them lies outside its folder.

What the files say is for `reading`. Findings call a file by its path inside the pack, with slashes.
"""

import errno
import os
import stat
from pathlib import Path, PureWindowsPath

from csflow.diagnostics import Diagnostics, Mark, Phrase
from csflow.source.limits import MAX_FILE_BYTES, MAX_PACK_BYTES

_SUFFIXES = (".yaml", ".yml")
_NOT_A_FILE = Phrase.of({"zh-CN": "不是普通文件", "zh-TW": "不是一般檔案", "en": "not a regular file"})
_BAD_NAME = Phrase.of({"zh-CN": "文件名不是有效文字", "zh-TW": "檔名不是有效文字", "en": "its name is no valid text"})
NO_SUCH_FILE = Phrase.of({"zh-CN": "文件不存在", "zh-TW": "檔案不存在", "en": "it does not exist"})
_PROBLEMS = {
    errno.ENOENT: NO_SUCH_FILE,
    errno.ENOTDIR: Phrase.of({"zh-CN": "不是文件夹", "zh-TW": "不是資料夾", "en": "not a folder"}),
    errno.EISDIR: _NOT_A_FILE,
    errno.EACCES: Phrase.of({"zh-CN": "没有读取权限", "zh-TW": "沒有讀取權限", "en": "reading it is not permitted"}),
    errno.ELOOP: Phrase.of({"zh-CN": "链接指向自己", "zh-TW": "連結指向自己", "en": "a link that leads to itself"}),
}
# A file that turns into a pipe or link between the look and the opening is neither waited for nor followed.
_OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
    _OPEN_FLAGS |= getattr(os, _flag, 0)


def read_folder(root: Path, diagnostics: Diagnostics) -> dict[str, bytes]:
    """Every YAML file below `root`, by its path inside the pack, in the order of these paths.

    Hidden files and folders are passed over. What cannot be read, leaves the folder or is too large
    is reported and left out; a pack too large in all is not read.
    """
    found = _Walk(root, diagnostics).files()
    total = sum(size for _, size in found.values())
    if total > MAX_PACK_BYTES:
        diagnostics.report("pack-too-large", subject=str(root), size=total, limit=MAX_PACK_BYTES)
        return {}
    files: dict[str, bytes] = {}
    for relative in sorted(found):
        data = _read(found[relative][0], _Reporter(relative, None, diagnostics), MAX_FILE_BYTES)
        if data is not None:
            files[relative] = data
    return files


def list_files(root: Path) -> dict[str, Path]:
    """Where each file that `read_folder` reads really lies, by its path inside the pack."""
    found = _Walk(root, Diagnostics()).files()
    return {relative: Path(found[relative][0]) for relative in sorted(found)}


def names_in(root: Path, relative: str) -> list[str]:
    """The names in a folder of a pack; none where it cannot be read or lies outside."""
    try:
        real = os.path.realpath(Path(root, relative))
        if not _is_within(real, os.path.realpath(root)):
            return []
        with os.scandir(real) as entries:
            return sorted(entry.name for entry in entries if _is_valid(entry.name))
    except (OSError, ValueError):
        return []


def read_file(
    root: Path,
    relative: str,
    diagnostics: Diagnostics,
    *,
    mark: Mark | None = None,
    meant: str | None = None,
    limit: int = MAX_FILE_BYTES,
) -> bytes | None:
    """A file that a pack names by `relative`, with slashes; None when it may not or cannot be read (reported).

    Findings stand at `mark`, where the pack names the file; `meant` is what to suggest in its place. `limit` is in
    bytes.
    """
    report = _Reporter(relative, mark, diagnostics, meant)
    real_root = os.path.realpath(root)
    # A drive or a leading slash of either system makes the path absolute somewhere.
    if PureWindowsPath(relative).anchor:
        report.escape(relative)
        return None
    if not _is_valid(relative) or "\0" in relative:
        report.unreadable(_BAD_NAME)
        return None
    real = os.path.realpath(Path(real_root, relative))
    if not _is_within(real, real_root):
        report.escape(relative)
        return None
    size = _size(real, report)
    if size is None or report.is_too_large(size, limit):
        return None
    return _read(real, report, limit)


class _Reporter:
    """Findings about one file, at the place that names it or under its path."""

    __slots__ = ("_diagnostics", "_mark", "_meant", "_subject")

    def __init__(self, relative: str, mark: Mark | None, diagnostics: Diagnostics, meant: str | None = None) -> None:
        self._meant = meant
        self._subject = relative.encode("utf-8", errors="backslashreplace").decode("utf-8")
        self._mark = mark
        self._diagnostics = diagnostics

    def escape(self, target: str) -> None:
        self._diagnostics.report("path-escape", self._mark, subject=self._subject, target=target)

    def unreadable(self, problem: Phrase | OSError) -> None:
        if isinstance(problem, OSError):
            known = _PROBLEMS.get(problem.errno or 0)
            self._report_unreadable(known or problem.strerror or type(problem).__name__)
        else:
            self._report_unreadable(problem)

    def is_too_large(self, size: int, limit: int) -> bool:
        """Whether the file is larger than `limit`, which is reported."""
        if size > limit:
            self._diagnostics.report("file-too-large", self._mark, subject=self._subject, size=size, limit=limit)
        return size > limit

    def _report_unreadable(self, problem: Phrase | str) -> None:
        self._diagnostics.report(
            "unreadable-file", self._mark, suggestion=self._meant, subject=self._subject, problem=problem
        )


class _Walk:
    """Looks for the files of a pack. Each folder is looked into once, whatever links lead to it."""

    def __init__(self, root: Path, diagnostics: Diagnostics) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._diagnostics = diagnostics
        self._found: dict[str, tuple[str, int]] = {}
        self._folders = [("", self._real_root)]
        self._linked_folders: list[tuple[str, str]] = []
        self._seen: set[str] = set()

    def files(self) -> dict[str, tuple[str, int]]:
        """The real path and the size of every file, by its path inside the pack."""
        while self._folders or self._linked_folders:
            # Links come last, so that a folder is known by its own name where it has one in the pack.
            relative, real = self._folders.pop() if self._folders else self._linked_folders.pop(0)
            if real not in self._seen:
                self._seen.add(real)
                self._look_into(relative, real)
        return self._found

    def _look_into(self, relative: str, real: str) -> None:
        try:
            with os.scandir(real) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._reporter(relative or str(self._root)).unreadable(error)
            return
        for entry in listed:
            if not entry.name.startswith("."):
                self._look_at(entry, f"{relative}/{entry.name}" if relative else entry.name)

    def _look_at(self, entry: os.DirEntry[str], relative: str) -> None:
        report = self._reporter(relative)
        if not _is_valid(entry.name):
            report.unreadable(_BAD_NAME)
        elif entry.is_symlink():
            self._look_behind(entry, relative, report)
        elif entry.is_dir(follow_symlinks=False):
            self._folders.append((relative, entry.path))
        elif _is_yaml(entry.name):
            self._take(relative, entry.path, report)

    def _look_behind(self, link: os.DirEntry[str], relative: str, report: _Reporter) -> None:
        """A link: to be a part of the pack it has to stay inside."""
        try:
            real = os.path.realpath(link.path, strict=True)
            is_folder = stat.S_ISDIR(Path(real).stat().st_mode)
        except OSError as error:
            # What leads nowhere may have been a file or folder of rules, unless it is named otherwise.
            if _is_yaml(link.name) or "." not in link.name:
                report.unreadable(error)
            return
        if not is_folder and not _is_yaml(link.name):
            return
        if not _is_within(real, self._real_root):
            report.escape(_target(link.path))
        elif is_folder:
            self._linked_folders.append((relative, real))
        else:
            self._take(relative, real, report)

    def _take(self, relative: str, real: str, report: _Reporter) -> None:
        size = _size(real, report)
        if size is not None and not report.is_too_large(size, MAX_FILE_BYTES):
            self._found[relative] = (real, size)

    def _reporter(self, relative: str) -> _Reporter:
        return _Reporter(relative, None, self._diagnostics)


def _size(real: str, report: _Reporter) -> int | None:
    """The size of a regular file; what is none is never opened, since a pipe or device may not end."""
    try:
        status = Path(real).stat()
    except OSError as error:
        report.unreadable(error)
        return None
    if not stat.S_ISREG(status.st_mode):
        report.unreadable(_NOT_A_FILE)
        return None
    return status.st_size


def _read(real: str, report: _Reporter, limit: int) -> bytes | None:
    try:
        with os.fdopen(os.open(real, _OPEN_FLAGS), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                report.unreadable(_NOT_A_FILE)
                return None
            data = file.read(limit + 1)
    except OSError as error:
        report.unreadable(error)
        return None
    return None if report.is_too_large(len(data), limit) else data


def _target(link: str) -> str:
    try:
        return str(Path(link).readlink()).encode("utf-8", errors="backslashreplace").decode("utf-8")
    except OSError:
        return link


def _is_yaml(name: str) -> bool:
    return name.lower().endswith(_SUFFIXES)


def _is_valid(name: str) -> bool:
    """Whether a name is text: what the file system gives as other bytes could not be printed."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def _is_within(real: str, real_root: str) -> bool:
    try:
        return os.path.commonpath((real, real_root)) == real_root
    except ValueError:
        # Two drives have nothing in common.
        return False

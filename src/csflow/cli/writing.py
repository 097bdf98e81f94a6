"""Owns how a file is written: whole or not at all, with the permissions it had."""

import os
import stat
import tempfile
from pathlib import Path

from csflow.cli.options import Format, Language, refuse


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file, if there is one; a reader sees the old content or the new.

    The path itself is replaced: where it is a link, give what it leads to. Raises OSError.
    """
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_default_mode() if mode is None else mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_or_refuse(path: Path, text: str, language: Language) -> None:
    """The same for a text, in a folder that need not be there; ends the command with 2 where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as problem:
        refuse("unwritable-file", language, Format.TEXT, path=path.as_posix(), problem=problem.strerror)


def _default_mode() -> int:
    """What a file gets that is simply opened."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

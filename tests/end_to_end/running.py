"""Runs the command line as a user does, and spoils packs for it."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "from csflow.cli import main; main()")
CLEAN_ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("CSFLOW_LANG", "LANG", "LC_ALL")}


def csflow(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=CLEAN_ENVIRONMENT | environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def spoil(shop: Path, file: str, old: str, new: str) -> None:
    path = shop / file
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def named(printed: str) -> set[str]:
    """The names of the findings in what was printed."""
    return set(re.findall(r"(?:error|warning|note) CS\d{3} ([\w-]+): ", printed))

"""Hostile files and folders are refused by name, at once and in little memory; nothing ends the process."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .hostile_inputs import FILES, FOLDERS, PATHS

_PROGRAM = Path(__file__).with_name("hostile_inputs.py")
_SOURCE = Path(__file__).parents[2] / "src"
_MOST_SECONDS = 3.0
_MOST_MEGABYTES = 300
_NAMES = [
    *(f"file:{name}" for name in FILES),
    *(f"folder:{name}" for name in FOLDERS),
    *(f"path:{place}" for place in range(len(PATHS))),
]
# Start-up would cost more than most of the inputs, so a process reads several of them.
_GROUP = 12


@cache
def _run(group: int) -> tuple[dict[str, dict[str, Any]], int, str]:
    names = _NAMES[group * _GROUP : (group + 1) * _GROUP]
    done = subprocess.run(
        [sys.executable, str(_PROGRAM), *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(_SOURCE)},
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return {record["name"]: record for record in records}, done.returncode, done.stderr


def _read(name: str) -> dict[str, Any]:
    records, code, errors = _run(_NAMES.index(name) // _GROUP)
    assert name in records, f"the process ended before {name} was read: exit code {code}\n{errors}"
    assert code == 0, errors
    record = records[name]
    assert record["seconds"] < _MOST_SECONDS
    # The most that the process ever took, so that of this input and of those before it.
    assert record["peak_mb"] < _MOST_MEGABYTES
    return record


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_by_name_and_line(name: str) -> None:
    hostile = FILES[name]
    record = _read(f"file:{name}")
    if hostile.finding is None:
        assert record["findings"] == []
        assert record["files"] == 1
        return
    assert record["files"] == 0
    assert hostile.finding in record["findings"]
    assert record["lines"][record["findings"].index(hostile.finding)] == hostile.line
    assert len(record["findings"]) <= 101


@pytest.mark.parametrize("name", FOLDERS)
def test_a_hostile_folder_is_read_no_further_than_it_may(name: str) -> None:
    hostile = FOLDERS[name]
    record = _read(f"folder:{name}")
    assert (hostile.finding is None) == (not record["findings"])
    assert hostile.finding is None or hostile.finding in record["findings"]
    assert record["files"] == hostile.files


@pytest.mark.parametrize("place", range(len(PATHS)), ids=[path[:40] for path in PATHS])
def test_a_path_named_by_a_pack_stays_in_its_folder(place: int) -> None:
    finding = list(PATHS.values())[place]
    record = _read(f"path:{place}")
    assert record["findings"] == ([] if finding is None else [finding])
    assert record["files"] == int(finding is None)


def test_an_unreadable_file_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    from csflow.diagnostics import Diagnostics
    from csflow.source import read_folder

    (tmp_path / "a.yaml").write_text("a: b\n")
    (tmp_path / "b.yaml").write_text("a: b\n")
    (tmp_path / "b.yaml").chmod(0)
    diagnostics = Diagnostics()
    assert list(read_folder(tmp_path, diagnostics)) == ["a.yaml"]
    assert [(finding.name, finding.subject) for finding in diagnostics] == [("unreadable-file", "b.yaml")]

"""Hostile CSV files and workbooks are refused by name, at once and in little memory; nothing ends the process."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .hostile_tables import TABLES

_PROGRAM = Path(__file__).with_name("hostile_tables.py")
_SOURCE = Path(__file__).parents[2] / "src"
_MOST_SECONDS = 3.0
_MOST_MEGABYTES = 400
_NAMES = list(TABLES)
_GROUP = 12


@cache
def _run(group: int) -> tuple[dict[str, dict[str, Any]], int, str]:
    done = subprocess.run(
        [sys.executable, str(_PROGRAM), *_NAMES[group * _GROUP : (group + 1) * _GROUP]],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(_SOURCE)},
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return {record["name"]: record for record in records}, done.returncode, done.stderr


@pytest.mark.parametrize("name", _NAMES)
def test_a_hostile_table_is_refused_by_name(name: str) -> None:
    records, code, errors = _run(_NAMES.index(name) // _GROUP)
    assert name in records, f"the process ended before {name} was read: exit code {code}\n{errors}"
    assert code == 0, errors
    record = records[name]
    finding = TABLES[name].finding
    # A legal table is without a source, which is a warning of its own.
    assert set(record["findings"]) - {"unsourced-rule", "too-many-findings"} == set((finding or "").split())
    assert record["count"] <= 102
    assert record["seconds"] < _MOST_SECONDS
    # The most that the process ever took, so that of this table and of those before it.
    assert record["peak_mb"] < _MOST_MEGABYTES

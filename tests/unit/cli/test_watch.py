"""The loop of `csflow watch`, with a clock and a waiting of the test's own."""

import datetime as dt
from pathlib import Path

import pytest

from csflow.cli.options import Language
from csflow.cli.watch import watch

ROOT = Path(__file__).resolve().parents[3]
NOON = dt.datetime(2025, 11, 24, 12, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Over(Exception):
    """The test has seen enough."""


def test_a_look_without_a_change_says_nothing_and_each_check_tells_the_time(tmp_path, capsys):
    for path in (ROOT / "tests" / "spec" / "checks" / "pack").rglob("*.yaml"):
        target = tmp_path / path.name
        target.write_bytes(path.read_bytes())
    waits = iter([lambda: None, lambda: None, (tmp_path / "codes.yaml").unlink])

    def wait() -> None:
        step = next(waits, None)
        if step is None:
            raise Over
        step()

    with pytest.raises(Over):
        watch(tmp_path, "shop", Language.ENGLISH, wait, lambda: NOON)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["[12:00:05] 0 errors, 0 warnings, 0 notes", "changed: codes.yaml"]
    assert lines[2].startswith("shop/")
    assert [line for line in lines if line.startswith("[")][1:] == [lines[-1]]


def test_the_day_is_the_clocks_so_that_an_end_of_the_calendar_is_told_as_it_comes_near(tmp_path, capsys):
    for path in (ROOT / "tests" / "spec" / "checks" / "pack").rglob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())

    def wait() -> None:
        raise Over

    with pytest.raises(Over):
        watch(tmp_path, "shop", Language.ENGLISH, wait, lambda: NOON.replace(year=2026))
    assert "CS422 near-horizon" in capsys.readouterr().out

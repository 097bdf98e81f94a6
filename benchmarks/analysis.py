"""How long the exact questions take: on the standard pack, on the pack of shapes, on tables of 24 to 10,000 rules.

    python benchmarks/analysis.py [--json] [--rules 10000]

Figures are milliseconds of one processor, the best of a few runs; loading and checking a pack of 5,000 rules is
`csflow check`, the start of Python included, in seconds. `again` is the standard pack loaded and analysed once more in
one process, after a change of one of its rules.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import workload

from csflow.checks.analysis import analyse
from csflow.checks.remembering import Memory
from csflow.cli.check import examined
from csflow.diagnostics import Diagnostics
from csflow.loading.passes import load_files, load_folder
from csflow.values.instants import parse_instant

ROOT = Path(__file__).resolve().parents[1]
CN = ROOT / "policies" / "cn"
PACKS = {"policies_cn": CN, "shapes": ROOT / "tests" / "domain" / "shapes"}
NOW = "2026-01-01T00:00:00Z"
INSTANT = parse_instant(NOW)
GOAL_SECONDS = 5.0
SEED = 7


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--json", action="store_true")
    options.add_argument("--rules", type=int, default=1_000, help="the largest table")
    chosen = options.parse_args()
    figures = {f"{name}_ms": _of_folder(folder) for name, folder in PACKS.items()}
    figures["policies_cn_again_ms"] = _again()
    figures["first_24_ms"] = _of_table(workload.published(), "first")
    for count in (24, 200, 1_000, 10_000):
        if count <= chosen.rules:
            figures[f"unique_{count}_ms"] = _of_table(workload.unique(count, SEED), "unique")
            figures[f"first_{count}_ms"] = _of_table(workload.first_hit(count, SEED), "first")
    figures["load_and_check_5000_s"] = _loading(5_000)
    goals = {"load_and_check_5000_s": {"goal": GOAL_SECONDS, "met": figures["load_and_check_5000_s"] <= GOAL_SECONDS}}
    if not chosen.json:
        for name, figure in figures.items():
            print(f"{name:28} {figure:10.2f}")
    print(json.dumps({"figures": figures, "goals": goals}))


def _of_folder(folder: Path) -> float:
    loaded = load_folder(folder)
    assert loaded.pack is not None
    pack = loaded.pack
    return _best(lambda: analyse(pack, Diagnostics(), Memory()))


def _of_table(rules: list[workload.Rule], policy: str) -> float:
    pack = workload.pack_of(rules, policy).linked
    found = Diagnostics()
    analysis = analyse(pack, found, Memory())
    assert not analysis.not_analysed, "over budget"
    if policy == "unique":
        # What such a table is for: each rule is reachable, no two overlap, and no case is left out.
        assert not [each.name for each in found if each.name != "input-never-matters"]
    return _best(lambda: analyse(pack, Diagnostics(), Memory()))


def _loading(count: int) -> float:
    """`csflow check` of a pack with one table of so many rules, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        for path, text in workload.files(workload.unique(count, SEED), "unique").items():
            target = Path(name, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        before = _of_children()
        command = [sys.executable, "-c", "from csflow.cli import main; main()", "check", name, "--format", "json"]
        told = subprocess.run([*command, "--at", NOW], capture_output=True, text=True, check=False)
        taken = _of_children() - before
    assert told.returncode == 0 and json.loads(told.stdout)["not_analysed"] == [], told.stderr
    return round(taken, 2)


def _of_children() -> float:
    """Seconds of processor that finished children took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _again() -> float:
    """Milliseconds to load and analyse the standard pack once more, changed in one rule."""
    files = {path.relative_to(CN).as_posix(): path.read_bytes() for path in CN.rglob("*") if path.is_file()}
    name, old, new = "decisions/no_reason_return.yaml", b"return_freight: customer", b"return_freight: merchant"
    assert old in files[name]
    examined(load_files(files), INSTANT)
    started = time.process_time()
    report = examined(load_files(files | {name: files[name].replace(old, new, 1)}), INSTANT)
    taken = time.process_time() - started
    assert not [each for each in report.findings if each.severity == "error"], report.findings
    return round(taken * 1000, 2)


def _best(question: Callable[[], object]) -> float:
    """Milliseconds, the best of three runs, or of one that takes long."""
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        question()
        best = min(best, time.process_time() - started)
        if best > 2:
            break
    return round(best * 1000, 2)


if __name__ == "__main__":
    main()

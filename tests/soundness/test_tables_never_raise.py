"""Whatever stands in a table of rules, loading gives findings or a pack: it never raises, and it ends.

A seeded slice runs in CI; CSFLOW_SOAK=1 tries 20,000 mutations. A failure names its seed: `mutated(seed)`. They
run in a process of their own, since what reads workbooks is no Python and could end it.
"""

import io
import os
import random
import subprocess
import sys
import traceback
import zipfile
from pathlib import Path

import pytest

from csflow.diagnostics import LANGUAGES
from csflow.diagnostics.rendering.formats import FORMATS
from csflow.diagnostics.rendering.report import Report
from csflow.diagnostics.rendering.text import render_text
from csflow.loading.passes import load_files

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "tests" / "spec" / "checks" / "pack"
FILES = {path.relative_to(PACK).as_posix(): path.read_bytes() for path in sorted(PACK.rglob("*.yaml"))}
SEEDS = 20_000 if os.environ.get("CSFLOW_SOAK") == "1" else 400
CHUNKS = 4

DOCUMENT = """decision: fees
title: 费用
inputs:
  condition: {is: claim.condition, title: 商品状况}
  paid: order.paid
outputs:
  keep: {type: bool}
  code: {type: code}
  share: {type: percent, optional: true}
rules: %s
otherwise: {keep: false, code: ok}
"""
TABLE = [
    ["id", "exception_of", "商品状况", "paid", "||", "keep", "code", "share", "because"],
    ["a", None, "[intact, opened]", "<= 5 CNY", None, True, "ok", 0.3, "店铺规则 第一条"],
    ["b", "a", "-", "[1 CNY..2 CNY)", None, False, "{expr: decision.route.code}", None, '他说"好"，\n再说'],
    ["c", None, "not(intact)", "-", None, "claim.is_member", "not.intact", "10%", None],
]
SIGNS = (
    *"|,\"'\n\r\t -=<>[](){}｜，“”０ａ\0\u202e\ufeff", "||", '""', "\r\n", "{expr:", "id", "a", "-", "absent",
    "99999999999", "-1", "4294967296", "1e400", "&#0;", "&x;", "<v>", "</c>", "<row>", "<c r='B9999999'>", "<!DOCTYPE a>",
    ' t="s"', ' t="e"', ' t="b"', ' r="XFD1048576"', ' r="ZZZZZZZ1"', ' s="9999"', "<is><t>x</t></is>", "<f/>",
)  # fmt: skip


def as_text():
    lines = [[str("" if cell is None else cell).replace("\n", " ") for cell in row] for row in TABLE]
    text = "".join(f"  {' | '.join(row[:4])} || {' | '.join(row[5:])}\n" for row in lines)
    return typed(text).replace("商品状况", "condition")


def typed(text):
    """What a sheet holds, as an author writes it."""
    return text.replace("True", "true").replace("False", "false").replace("0.3", "30%")


def as_csv():
    import csv

    text = io.StringIO()
    csv.writer(text).writerows(TABLE)
    return typed(text.getvalue()).encode()


def as_workbook():
    import openpyxl

    workbook = openpyxl.Workbook()
    for row in TABLE:
        workbook.active.append(row)
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


TEXT, CSV, WORKBOOK = as_text(), as_csv(), as_workbook()


def changed(data, randomness):
    """Bytes with one to four accidents."""
    for _ in range(randomness.choice([1, 1, 2, 4])):
        at = randomness.randrange(len(data) + 1)
        length = randomness.choice([0, 0, 1, 3, 20])
        sign = randomness.choice([*SIGNS, ""]).encode("utf-8", "surrogatepass")
        if randomness.random() < 0.2:
            sign = data[at : at + randomness.randrange(60)] * randomness.choice([1, 2, 40])
        data = data[:at] + sign + data[at + length :]
    return data


def changed_workbook(randomness):
    """A workbook with accidents in its zip, or in one of its parts."""
    if randomness.random() < 0.2:
        return changed(WORKBOOK, randomness)
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = randomness.choice([*parts, *["xl/worksheets/sheet1.xml"] * 9])
    parts[name] = changed(parts[name], randomness)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return packed.getvalue()


def mutated(seed):
    """The files of a pack with a table after some accidents."""
    randomness = random.Random(seed)
    form = seed % 3
    if form == 0:
        document = DOCUMENT.encode() % (b"|\n" + TEXT.encode())
        start = document.index(b"|\n") + 2
        return FILES | {"fees.yaml": document[:start] + changed(document[start:], randomness)}
    if form == 1:
        return FILES | {"fees.yaml": DOCUMENT.encode() % b"{csv: t.csv}", "t.csv": changed(CSV, randomness)}
    return FILES | {"fees.yaml": DOCUMENT.encode() % b"{sheet: t.xlsx}", "t.xlsx": changed_workbook(randomness)}


def judge(files):
    """Load a pack and show all that is said of it; whether it loaded."""
    loaded = load_files(files)
    findings = loaded.diagnostics.sorted()
    for language in LANGUAGES:
        assert (render_text(findings, language) != "") == bool(findings)
        for rendered in FORMATS.values():
            rendered(Report(findings), language)
    assert loaded.pack is not None or loaded.diagnostics.has_errors
    return loaded.pack is not None


def main(first, last):
    sound = 0
    for seed in range(first, last):
        try:
            sound += judge(mutated(seed))
        except Exception:
            traceback.print_exc()
            sys.exit(f"seed {seed}")
        print(seed, flush=True)
    # A mutation that nobody notices is of the wording, or there are too many faults for the test to see anything.
    assert 0 < sound < last - first


def test_the_tables_that_are_mutated_are_sound():
    for rules, more in (
        (b"|\n" + TEXT.encode(), {}),
        (b"{csv: t.csv}", {"t.csv": CSV}),
        (b"{sheet: t.xlsx}", {"t.xlsx": WORKBOOK}),
    ):
        loaded = load_files(FILES | {"fees.yaml": DOCUMENT.encode() % rules} | more)
        assert [finding.name for finding in loaded.diagnostics] == ["unsourced-rule"]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_loading_a_mutated_table_never_raises(chunk):
    size = SEEDS // CHUNKS
    done = subprocess.run(
        [sys.executable, __file__, str(chunk * size), str((chunk + 1) * size)],
        capture_output=True,
        text=True,
        timeout=60 + size,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    last = done.stdout.splitlines()[-1:]
    assert done.returncode == 0, f"after seed {last}: exit code {done.returncode}\n{done.stderr[-4000:]}"


if __name__ == "__main__":
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    main(int(sys.argv[1]), int(sys.argv[2]))

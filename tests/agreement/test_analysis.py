"""What the analysis says of a table is what trying every case says: no false finding, none missed."""

import os
from collections import Counter

import pytest
from tests.agreement.small_tables import Maker, Small, files
from tests.agreement.tried_cases import Finding, Tried

from csflow.checks.analysis import analyse
from csflow.diagnostics import Diagnostics
from csflow.loading.passes import load_files

# 10,000 tables take a quarter of an hour; a slice of them is tried with every change.
TABLES = 10_000 if os.environ.get("CSFLOW_SOAK") else 400
TABLES_A_PACK, BLOCKS = 20, 4
PACKS_A_BLOCK = TABLES // TABLES_A_PACK // BLOCKS
IDLE = ("unreachable-rule", "cell-never-true")
# Of a hundred tables at least so many show each of these.
LEAST = {
    "gap": 5,
    "overlapping-rules": 5,
    "disagreeing-rules": 3,
    "cell-never-true": 5,
    "never": 5,
    "shadowed-rule": 3,
    "input-never-matters": 5,
    "exception-never-applies": 5,
    "conflicting-exceptions": 5,
}


def made(seed: int) -> tuple[Maker, dict[str, set[Finding]]]:
    """The tables of one pack, each of which may read those before it, and what there is to find in each."""
    maker, wanted = Maker(seed), {}
    for _ in range(TABLES_A_PACK):
        table = maker.another()
        tried = Tried(table)
        wanted[table.name] = tried.findings()
        answers = tried.answers()
        if answers is not None:
            maker.knows(table.name, answers)
    return maker, wanted


def found(maker: Maker) -> dict[str, set[Finding]]:
    """What the analysis finds, by table."""
    loaded = load_files(files(maker))
    assert loaded.pack is not None, [(each.name, each.values, each.mark) for each in loaded.diagnostics]
    diagnostics = Diagnostics()
    assert analyse(loaded.pack, diagnostics).not_analysed == []
    tables = {table.name: table for table in maker.tables}
    by_table: dict[str, set[Finding]] = {name: set() for name in tables}
    for each in diagnostics:
        values = {key: value for key, value in each.values.items() if key not in ("case", "hiding", "rule")}
        name = _table_of(each, tables, loaded.pack)
        finding = _as_tried(each.name, list(values.values()), tables[name])
        assert finding not in by_table[name], f"said twice: {finding}"
        by_table[name].add(finding)
    return by_table


def _table_of(finding, tables, pack) -> str:
    path = finding.mark.path.removesuffix(".yaml")
    if path in tables:
        return path
    # An exception that a layer adds: its rule says whose it is.
    return finding.mark.source.text[: finding.mark.start].rpartition("of: ")[2].partition("/")[0]


def _as_tried(name: str, values: list, table: Small) -> Finding:
    if name == "gap":
        return ("gap",)
    if name in IDLE:
        row = next(row for row in table.rows if row.id == values[0])
        # Of a written condition a part may never be true, or only the whole.
        return ("cell-never-true" if name == "cell-never-true" and row.cells else "never", row.id)
    return (name, *values)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_analysis_agrees_with_trying_every_case(block):
    tally: Counter[str] = Counter()
    for seed in range(block * PACKS_A_BLOCK, (block + 1) * PACKS_A_BLOCK):
        maker, wanted = made(seed)
        assert found(maker) == wanted, f"seed {seed}"
        tally.update(str(finding[0]) for findings in wanted.values() for finding in findings)
    short = {name: tally[name] for name, least in LEAST.items() if tally[name] < least * TABLES / BLOCKS / 100}
    assert not short, f"too few to say much: {short}"

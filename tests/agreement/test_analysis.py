"""What the analysis says of a table is what trying every case says: no false finding, none missed."""

import os
from collections import Counter

import pytest
from tests.agreement.small_tables import Maker, Small, files
from tests.agreement.tried_cases import Finding, Tried

from csflow.checks import meeting_rules, situations
from csflow.checks.analysis import analyse
from csflow.checks.remembering import Memory
from csflow.diagnostics import Diagnostics
from csflow.evaluators import cutting, formulas, hitting
from csflow.loading.passes import load_files

# 10,000 tables take some minutes; a slice of them is tried with every change.
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
    assert analyse(loaded.pack, diagnostics, Memory()).not_analysed == []
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


# Mistakes that the analysis may make, each planted: a few packs find every one.


def unknown_is_false(patch) -> None:
    """What is not true is taken to be false."""
    patch.setattr(formulas.Verdict, "is_known", property(lambda verdict: True))


def less_for_at_most(patch) -> None:
    """`<=` is cut where `<` is."""
    patch.setattr(cutting.Cutter, "_ordered", _one_less(cutting.Cutter._ordered))


def _one_less(ordered):
    return lambda cutter, subject, operator, value: ordered(
        cutter, subject, "<" if operator == "<=" else operator, value
    )


def absent_is_given(patch) -> None:
    """An optional fact is taken to be given."""
    patch.setattr(cutting.Cutter, "_given_of", lambda cutter, whole, each: formulas.settled(formulas.TRUE))


def exceptions_are_forgotten(patch) -> None:
    """A required decision gives what its rules say."""
    patch.setattr(hitting.Hitting, "_chains", lambda self, rule: iter([(formulas.TRUE, rule)]))


def ranks_are_forgotten(patch) -> None:
    """Exceptions of layers are looked at beside the pack's own."""
    patch.setattr(hitting, "_by_rank", lambda rule: iter([list(rule.exceptions)] if rule.exceptions else []))


def layers_are_forgotten(patch) -> None:
    """No layer ever holds."""
    patch.setattr(situations, "layers_giving", lambda pack, names: ())


def the_time_line_is_forgotten(patch) -> None:
    """Only the first stretch is looked at."""
    patch.setattr(situations, "changes", lambda pack, names: pack.in_force)


def first_hides_nothing(patch) -> None:
    """Of `first` every rule that holds decides."""
    patch.setattr(meeting_rules, "ORDERED", frozenset({"priority"}))


def the_worst_outranks(patch) -> None:
    """`priority` ranks the other way round."""
    better = hitting.rank_of
    worse = lambda decision, rule: tuple(-place for place in better(decision, rule))  # noqa: E731
    patch.setattr(hitting, "rank_of", worse)
    patch.setattr(meeting_rules, "rank_of", worse)


def pairs_end_early(patch) -> None:
    """Behind the first rule that holds nothing is looked at."""
    patch.setattr(meeting_rules, "combinations", lambda alive, count: ())


MISTAKES = (
    unknown_is_false,
    less_for_at_most,
    absent_is_given,
    exceptions_are_forgotten,
    ranks_are_forgotten,
    layers_are_forgotten,
    the_time_line_is_forgotten,
    first_hides_nothing,
    the_worst_outranks,
    pairs_end_early,
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_planted_mistake_is_found(mistake, monkeypatch):
    mistake(monkeypatch)
    assert any(_disagrees(seed) for seed in range(24))


def _disagrees(seed: int) -> bool:
    maker, wanted = made(seed)
    try:
        return found(maker) != wanted
    except AssertionError:
        return True

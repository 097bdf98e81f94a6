"""Owns the coverage of flows told as text and as JSON: a table of flows, and what no test walks, each with its line."""

from collections.abc import Iterator, Sequence
from typing import Any

from csflow.diagnostics import Mark
from csflow.diagnostics.rendering.text import cell_width, made_visible
from csflow.loading.passes import Loaded
from csflow.pack.model import LinkedPack
from csflow.settlement.cases import RunCase
from csflow.testing.coverage import Score
from csflow.testing.coverage_report import place_of, word
from csflow.testing.flow_coverage import FlowCoverage, FlowTally, Point
from csflow.testing.running import Runner

_GAP = "  "


def flow_coverages(loaded: Loaded) -> tuple[FlowCoverage, ...]:
    """What the tests of a pack walk of each of its flows."""
    return tuple(tally.coverage() for tally in tallies_of(loaded).values())


def tallies_of(loaded: Loaded) -> dict[str, FlowTally]:
    """The same, still counting, by flow. A test with other parameters walks the flow of another pack."""
    assert loaded.pack is not None  # INVARIANT: cases are those of a pack that loads.
    runner = Runner(loaded.pack)
    own = loaded.pack.own_sources
    # What is taken over from a pack that is extended has its own tests there.
    flows = {name: flow for name, flow in loaded.pack.flows.items() if own is None or flow.mark.source in own}
    tallies = {name: FlowTally(loaded.pack, flow) for name, flow in flows.items()}
    for case in loaded.cases:
        if isinstance(case, RunCase) and case.flow in tallies and not case.parameters:
            for walked in runner.run(case).walked:
                for step in walked.made:
                    tallies[case.flow].take(step.passages, step.at)
    return tallies


def is_below(coverages: Sequence[FlowCoverage], percent: int) -> bool:
    """Whether the transitions or the guards of all flows together are covered to less than so many per cent."""
    return any(100 * score.met < percent * score.of for score in totals(coverages))


def totals(coverages: Sequence[FlowCoverage]) -> tuple[Score, Score]:
    """The transitions and the guards of all flows together."""
    found = []
    for scores in ([each.transitions for each in coverages], [each.guards for each in coverages]):
        found.append(Score(sum(score.met for score in scores), sum(score.of for score in scores)))
    return found[0], found[1]


def flow_text(pack: LinkedPack, coverages: Sequence[FlowCoverage], language: str) -> str:
    """The report as lines of text; nothing for a pack without flows."""
    if not coverages:
        return ""
    lines = (*_table(coverages, language), *_missing(coverages, language))
    return "\n".join(made_visible(line) for line in lines)


def flow_json(coverages: Sequence[FlowCoverage], language: str) -> list[dict[str, Any]]:
    return [
        {
            "flow": each.flow.name,
            "transitions": _score(each.transitions),
            "guards": _score(each.guards),
            "missing_transitions": [
                {"state": state, "event": event, "row": row, "line": _mark(each, (state, event, row)).line}
                for state, event, row in each.unwalked
            ],
            "missing_guards": [
                {
                    "file": owed.mark.path,
                    "line": owed.mark.line,
                    "column": owed.mark.column,
                    "text": owed.text,
                    "needs": owed.needs(language),
                }
                for owed in each.unmet
            ],
        }
        for each in coverages
    ]


def _score(score: Score) -> dict[str, int]:
    return {"covered": score.met, "of": score.of, "percent": score.percent}


def _table(coverages: Sequence[FlowCoverage], language: str) -> Iterator[str]:
    rows = [[word("flow", language), word("transitions", language), word("guards", language)]]
    for each in coverages:
        title = each.flow.title.in_language(language) if each.flow.title else each.flow.name
        rows.append([f"{title} ({each.flow.name})", _shown(each.transitions), _shown(each.guards)])
    rows.append([word("total", language), *map(_shown, totals(coverages))])
    widths = [max(cell_width(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = (cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=True))
        yield _GAP.join(cells).rstrip()


def _shown(score: Score) -> str:
    return f"{score.met}/{score.of} {score.percent}%" if score.of else "-"


def _missing(coverages: Sequence[FlowCoverage], language: str) -> Iterator[str]:
    between = "：" if language.startswith("zh") else ": "
    unwalked = [(each, point) for each in coverages for point in each.unwalked]
    if unwalked:
        yield ""
        yield word("missing_transitions", language).format(count=len(unwalked))
        for coverage, point in unwalked:
            mark = _mark(coverage, point)
            yield f"{_GAP}{mark.path}:{mark.line} {point[0]} · {point[1] or 'go'} · {point[2]}"
    unmet = [owed for each in coverages for owed in each.unmet]
    if unmet:
        yield ""
        yield word("missing_guards", language).format(count=len(unmet))
        for owed in unmet:
            yield f"{_GAP}{place_of(owed)} {owed.text}{between}{owed.needs(language)}"


def _mark(coverage: FlowCoverage, point: Point) -> Mark:
    """Where a row stands."""
    state, event, id = point
    found = coverage.flow.states[state].go if event is None else coverage.flow.choice(state, event)
    assert found is not None  # INVARIANT: points are those of the flow.
    return next(row.mark for row in found.rows if row.id == id)

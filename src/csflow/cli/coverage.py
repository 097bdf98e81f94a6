"""The options of `csflow test` that look at coverage, and what they print and write."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.options import FINDINGS, Format, Language, Quit, note, refuse
from csflow.cli.writing import write_whole

if TYPE_CHECKING:
    from csflow.loading.passes import Loaded
    from csflow.testing.coverage import Coverage, Question
    from csflow.testing.flow_coverage import FlowCoverage

CoverageOption = Annotated[
    bool, typer.Option("--coverage", help="Say which rules, boundaries and conditions are tested.")
]
PageOption = Annotated[
    Path | None, typer.Option("--html", help="Write the coverage as one HTML page.", show_default=False)
]
FailUnderOption = Annotated[
    int | None,
    typer.Option(
        "--fail-under", min=0, max=100, help="Fail where rules or boundaries are covered to a lower percentage."
    ),
]
DraftsOption = Annotated[
    Path | None,
    typer.Option("--drafts", help="Write drafts of the missing tests, for you to confirm.", show_default=False),
]


def is_asked_for(coverage: bool, page: Path | None, fail_under: int | None, drafts: Path | None) -> bool:
    """Whether any of the options needs coverage."""
    return coverage or page is not None or fail_under is not None or drafts is not None


def report_coverage(
    loaded: "Loaded",
    asked: "Sequence[Question]",
    flows: "Sequence[FlowCoverage]",
    language: Language,
    *,
    as_json: bool = False,
    page: Path | None = None,
    fail_under: int | None = None,
    drafts: Path | None = None,
) -> None:
    """Print the coverage, write what was asked for, and end the command with 1 where it is below the goal."""
    from csflow.testing.coverage import coverage_of
    from csflow.testing.coverage_page import coverage_page
    from csflow.testing.coverage_report import coverage_json, coverage_text
    from csflow.testing.flow_report import flow_json, flow_text, is_below

    pack = loaded.pack
    assert pack is not None  # INVARIANT: its tests were run.
    if drafts is not None and drafts.exists():
        refuse("existing-file", language, Format.TEXT, path=drafts.as_posix())
    coverage = coverage_of(pack, asked)
    if as_json:
        document = coverage_json(coverage, language) | {"flows": flow_json(flows, language)}
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        print(coverage_text(coverage, language))
        if flows:
            print(f"\n{flow_text(pack, flows, language)}")
    if page is not None:
        _write(page, coverage_page(coverage, language), language)
    if drafts is not None:
        _write_drafts(coverage, asked, drafts, language)
        _write_flow_drafts(loaded, drafts, language)
    if fail_under is not None and (coverage.is_below(fail_under) or is_below(flows, fail_under)):
        note(_below(coverage, flows, fail_under, language))
        raise Quit(FINDINGS)


def _write_drafts(coverage: "Coverage", asked: "Sequence[Question]", path: Path, language: Language) -> None:
    """The drafts into a file; what no case was found for, on stderr."""
    from csflow.testing.coverage_report import place_of, word
    from csflow.testing.drafting import drafts_document, drafts_for, language_of

    found = drafts_for(coverage, asked)
    if found.drafts:
        _write(path, drafts_document(coverage.pack, found.drafts, language_of(coverage.pack)), language)
    if found.unreached:
        note(word("unreached", language).format(count=len(found.unreached)))
        for each in found.unreached:
            note(f"  {place_of(each)} {each.text}: {each.needs(language)}")


def _write_flow_drafts(loaded: "Loaded", path: Path, language: Language) -> None:
    """The drafts of each flow into a file of its own, beside those of decisions."""
    from csflow.testing.coverage_report import word
    from csflow.testing.drafting import language_of
    from csflow.testing.flow_drafting import explored_flows, flow_drafts_document

    assert loaded.pack is not None  # INVARIANT: its tests were run.
    for flow, explored in explored_flows(loaded):
        document = flow_drafts_document(loaded.pack, flow, explored.ways, language_of(loaded.pack))
        if document:
            _write(path.with_name(f"{path.stem}.{flow.name}{path.suffix}"), document, language)
        left = len(explored.coverage.unwalked) + len(explored.coverage.unmet)
        if left:
            note(f"{flow.name}: {word('unreached', language).format(count=left)}")


def _write(path: Path, text: str, language: Language) -> None:
    try:
        write_whole(path, text.encode())
    except OSError as problem:
        refuse("unwritable-file", language, Format.TEXT, path=path.as_posix(), problem=problem.strerror)


def _below(coverage: "Coverage", flows: "Sequence[FlowCoverage]", percent: int, language: Language) -> str:
    from csflow.testing.coverage_report import word
    from csflow.testing.flow_report import totals
    from csflow.testing.obligations import MEASURES

    scores = [(measure, coverage.score(measure)) for measure in MEASURES[:2]]
    if flows:
        scores += zip(("transitions", "guards"), totals(flows), strict=True)
    found = ", ".join(f"{word(measure, language)} {score.met}/{score.of}" for measure, score in scores)
    return word("below_goal", language).format(percent=percent, found=found)

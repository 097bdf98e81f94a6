"""`csflow check [PATH...]`: every mistake in a pack, each on its line."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.options import (
    FINDINGS,
    USAGE,
    AtOption,
    Format,
    FormatOption,
    LanguageOption,
    Quit,
    load,
    note,
    print_findings,
    read_instant,
    shell_language,
    summary,
)

if TYPE_CHECKING:
    from csflow.checks.analysis import Analysis
    from csflow.diagnostics import Finding
    from csflow.diagnostics.rendering import Extent
    from csflow.loading.passes import Loaded

_ANALYSED = {
    "zh-CN": "分析了 {count} 个决定中的 {done} 个",
    "zh-TW": "分析了 {count} 個決定中的 {done} 個",
    "en": "{done} of {count} decisions analysed",
}
_NOT_ANALYSED = {
    "zh-CN": "没有分析「{name}」：{reason}",
    "zh-TW": "沒有分析「{name}」：{reason}",
    "en": "`{name}` was not analysed: {reason}",
}

HELP = "Check packs: every mistake, on its line, with its remedy. 检查政策包。"


def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Pack folders. Default: the nearest pack.yaml, else the standard pack cn."),
    ] = None,
    format: FormatOption = Format.TEXT,
    at: AtOption = None,
    lang: LanguageOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings and notes fail, too.")] = False,
    otherwise: Annotated[
        bool, typer.Option("--otherwise", help="List, for each decision, a case that falls to its `otherwise`.")
    ] = False,
) -> None:
    from csflow.diagnostics import Severity
    from csflow.values.instants import instant_from_datetime

    language = lang or shell_language()
    chosen: list[Path | None] = [*paths] if paths else [None]
    now = instant_from_datetime(dt.datetime.now(dt.UTC)) if at is None else read_instant(at, language, format)
    findings: list[Finding] = []
    analyses: list[Analysis] = []
    for path in chosen:
        found, analysis = examined(load(path), now)
        findings += found
        analyses += [analysis] if analysis is not None else []
    print_findings(findings, language, format, _extent(analyses, otherwise))
    note(summary(findings, language))
    _note_extent(analyses, language)
    if any(finding.name == "no-such-pack" for finding in findings):
        raise Quit(USAGE)
    if any(finding.severity is Severity.ERROR for finding in findings) or (strict and findings):
        raise Quit(FINDINGS)


def examined(loaded: "Loaded", now: int) -> "tuple[list[Finding], Analysis | None]":
    """What is wrong with a pack, and what soon will be; what was analysed, of a pack that could be."""
    from csflow.checks.analysis import analyse
    from csflow.checks.calendar_horizon import check_calendar_horizon
    from csflow.values.instants import format_date
    from csflow.values.zones import BeyondHorizon

    if loaded.pack is None:
        return loaded.diagnostics.sorted(), None
    analysis = analyse(loaded.pack, loaded.diagnostics)
    try:
        check_calendar_horizon(loaded.pack, loaded.pack.zone.local_day(now), loaded.diagnostics)
    except BeyondHorizon as beyond:
        end = format_date(loaded.pack.zone.local_day(loaded.pack.zone.until - 1))
        loaded.diagnostics.report("near-horizon", loaded.pack.mark, name=beyond.name, end=end)
    return loaded.diagnostics.sorted(), analysis


def _extent(analyses: "list[Analysis]", otherwise: bool) -> "Extent":
    from csflow.diagnostics.rendering import Extent, LeftOver

    skipped = [(each.decision, each.reason) for analysis in analyses for each in analysis.not_analysed]
    if not otherwise:
        return Extent(skipped)
    cases = [(name, case) for analysis in analyses for name, case in sorted(analysis.left_over.items())]
    return Extent(skipped, [LeftOver(name, case, case.to_json()) for name, case in cases])


def _note_extent(analyses: "list[Analysis]", language: str) -> None:
    """Of how many decisions every case was looked at, and why not of the others."""
    if not analyses:
        return
    skipped = [each for analysis in analyses for each in analysis.not_analysed]
    count = sum(analysis.decisions for analysis in analyses)
    note(_ANALYSED[language].format(count=count, done=count - len(skipped)))
    for each in skipped:
        note(_NOT_ANALYSED[language].format(name=each.decision, reason=each.reason.in_language(language)))

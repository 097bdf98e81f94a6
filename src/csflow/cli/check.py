"""`csflow check [PATH...]`: every mistake in a pack, each on its line."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.options import (
    FINDINGS,
    USAGE,
    AtOption,
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    Quit,
    load,
    note,
    print_report,
    read_instant,
    shell_language,
    summary,
)

if TYPE_CHECKING:
    from csflow.checks.analysis import Analysis
    from csflow.diagnostics import Severity
    from csflow.diagnostics.rendering.report import Extent, Report
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
    fail_on: FailOnOption = FailOn.ERROR,
    strict: Annotated[bool, typer.Option("--strict", help="Short for --fail-on note: notes fail, too.")] = False,
    otherwise: Annotated[
        bool, typer.Option("--otherwise", help="List, for each decision, a case that falls to its `otherwise`.")
    ] = False,
) -> None:
    from csflow.checks.collecting import uncollected
    from csflow.diagnostics import Severity
    from csflow.values.instants import instant_from_datetime

    language = lang or shell_language()
    chosen: list[Path | None] = [*paths] if paths else [None]
    now = instant_from_datetime(dt.datetime.now(dt.UTC)) if at is None else read_instant(at, language, format)
    fails_on = Severity.NOTE if strict else Severity(fail_on)
    # Between a load and what is told of it, too, all that the collector would find is what is still needed.
    with uncollected():
        code = _told(chosen, now, language, format, fails_on, on_a_day=at is not None, otherwise=otherwise)
    if code:
        raise Quit(code)


def _told(
    chosen: list[Path | None],
    now: int,
    language: Language,
    format: Format,
    fails_on: "Severity",
    *,
    on_a_day: bool,
    otherwise: bool,
) -> int:
    """Print what is found in the packs; the exit code."""
    from csflow.diagnostics.rendering.report import together

    reports = [examined(load(path), now, otherwise=otherwise) for path in chosen]
    report = together(reports, fails_on, on_a_day=on_a_day)
    print_report(report, language, format)
    note(summary(report, language))
    _note_extent(report, language)
    if any(finding.name == "no-such-pack" for finding in report.findings):
        return USAGE
    return FINDINGS if report.failing else 0


def examined(loaded: "Loaded", now: int, *, otherwise: bool = False) -> "Report":
    """What is wrong with a pack, and what soon will be; about which decisions every case was looked at."""
    from csflow.checks.analysis import analyse
    from csflow.checks.calendar_horizon import check_calendar_horizon
    from csflow.diagnostics.ignoring import report_unused, sifted
    from csflow.diagnostics.rendering.report import Report
    from csflow.values.instants import format_date
    from csflow.values.zones import BeyondHorizon

    diagnostics = loaded.diagnostics
    if loaded.pack is None:
        return Report(diagnostics.sorted())
    analysis = analyse(loaded.pack, diagnostics)
    try:
        check_calendar_horizon(loaded.pack, loaded.pack.zone.local_day(now), diagnostics)
    except BeyondHorizon as beyond:
        end = format_date(loaded.pack.zone.local_day(loaded.pack.zone.until - 1))
        diagnostics.report("near-horizon", loaded.pack.mark, name=beyond.name, end=end)
    _, ignored = sifted(diagnostics, loaded.ignores)
    report_unused(loaded.ignores, ignored, diagnostics)
    told, ignored = sifted(diagnostics.sorted(), loaded.ignores)
    return Report(told, _extent(analysis, otherwise), ignored)


def _extent(analysis: "Analysis", otherwise: bool) -> "Extent":
    from csflow.diagnostics.rendering.report import Extent, LeftOver

    skipped = [(each.decision, each.reason) for each in analysis.not_analysed]
    cases = [LeftOver(name, case, case.to_json()) for name, case in sorted(analysis.left_over.items())]
    return Extent(analysis.decisions, skipped, cases if otherwise else None)


def _note_extent(report: "Report", language: str) -> None:
    """Of how many decisions every case was looked at, and why not of the others."""
    extent = report.extent
    if not extent.decisions:
        return
    done = extent.decisions - len(extent.not_analysed)
    note(_ANALYSED[language].format(count=extent.decisions, done=done))
    for decision, reason in extent.not_analysed:
        note(_NOT_ANALYSED[language].format(name=decision, reason=reason.in_language(language)))

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
    from csflow.diagnostics import Finding
    from csflow.loading.passes import Loaded

_NOT_ANALYSED = {
    "zh-CN": "没有分析的决定：{names}",
    "zh-TW": "沒有分析的決定：{names}",
    "en": "not analysed: {names}",
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
) -> None:
    from csflow.diagnostics import Severity
    from csflow.values.instants import instant_from_datetime

    language = lang or shell_language()
    chosen: list[Path | None] = [*paths] if paths else [None]
    now = instant_from_datetime(dt.datetime.now(dt.UTC)) if at is None else read_instant(at, language, format)
    findings: list[Finding] = []
    not_analysed: list[str] = []
    for path in chosen:
        found, skipped = examined(load(path), now)
        findings += found
        not_analysed += skipped
    print_findings(findings, language, format, not_analysed)
    note(summary(findings, language))
    if not_analysed:
        note(_NOT_ANALYSED[language].format(names=", ".join(not_analysed)))
    if any(finding.name == "no-such-pack" for finding in findings):
        raise Quit(USAGE)
    if any(finding.severity is Severity.ERROR for finding in findings) or (strict and findings):
        raise Quit(FINDINGS)


def examined(loaded: "Loaded", now: int) -> "tuple[list[Finding], list[str]]":
    """What is wrong with a pack, and what soon will be; the decisions whose tables could not be analysed."""
    from csflow.checks.analysis import analyse
    from csflow.checks.calendar_horizon import check_calendar_horizon
    from csflow.values.instants import format_date
    from csflow.values.zones import BeyondHorizon

    not_analysed: list[str] = []
    if loaded.pack is not None:
        not_analysed = analyse(loaded.pack, loaded.diagnostics)
        try:
            check_calendar_horizon(loaded.pack, loaded.pack.zone.local_day(now), loaded.diagnostics)
        except BeyondHorizon as beyond:
            end = format_date(loaded.pack.zone.local_day(loaded.pack.zone.until - 1))
            loaded.diagnostics.report("near-horizon", loaded.pack.mark, name=beyond.name, end=end)
    return loaded.diagnostics.sorted(), not_analysed

"""`csflow check [PATH...]`: every mistake in a pack, each on its line."""

from pathlib import Path
from typing import Annotated

import typer

from csflow.cli.options import (
    FINDINGS,
    USAGE,
    Format,
    FormatOption,
    LanguageOption,
    Quit,
    load,
    note,
    print_findings,
    shell_language,
)

HELP = "Check packs: every mistake, on its line, with its remedy. 检查政策包。"

_SUMMARY = {
    "zh-CN": "{errors} 个错误，{warnings} 个警告，{notes} 个提示",
    "zh-TW": "{errors} 個錯誤，{warnings} 個警告，{notes} 個提示",
    "en": "{errors} errors, {warnings} warnings, {notes} notes",
}


def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Pack folders. Default: the nearest pack.yaml, else the standard pack cn."),
    ] = None,
    format: FormatOption = Format.TEXT,
    lang: LanguageOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings and notes fail, too.")] = False,
) -> None:
    from csflow.diagnostics import Severity

    language = lang or shell_language()
    chosen: list[Path | None] = [*paths] if paths else [None]
    findings = [finding for path in chosen for finding in load(path).diagnostics.sorted()]
    print_findings(findings, language, format)
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    note(
        _SUMMARY[language].format(
            errors=counts[Severity.ERROR], warnings=counts[Severity.WARNING], notes=counts[Severity.NOTE]
        )
    )
    if any(finding.name == "no-such-pack" for finding in findings):
        raise Quit(USAGE)
    if counts[Severity.ERROR] or (strict and findings):
        raise Quit(FINDINGS)

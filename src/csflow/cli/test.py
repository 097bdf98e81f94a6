"""`csflow test [PATH...]`: the tests of a pack, each failure with what differs and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.coverage import (
    CoverageOption,
    DraftsOption,
    FailUnderOption,
    PageOption,
    is_asked_for,
    report_coverage,
)
from csflow.cli.options import (
    FINDINGS,
    USAGE,
    Format,
    FormatOption,
    Language,
    LanguageOption,
    Quit,
    load,
    nearest_pack,
    note,
    print_report,
    refuse,
    shell_language,
)

if TYPE_CHECKING:
    from csflow.diagnostics.rendering.report import Report
    from csflow.settlement.cases import AnyCase

HELP = "Run the tests of packs. 运行政策包的用例。"

_RUN = {
    "zh-CN": "{passed} 个用例通过，{failed} 个没有通过",
    "zh-TW": "{passed} 個案例通過，{failed} 個沒有通過",
    "en": "{passed} tests passed, {failed} failed",
}
_IGNORED = {"zh-CN": "，忽略了 {0} 个", "zh-TW": "，忽略了 {0} 個", "en": ", {0} ignored"}
_FAULTY = {
    "zh-CN": "；另有 {0} 处错误，使用例没有运行",
    "zh-TW": "；另有 {0} 處錯誤，使案例沒有執行",
    "en": "; {0} errors kept tests from being run",
}
_NO_TESTS = {
    "zh-CN": "这个政策包还没有用例",
    "zh-TW": "這個政策包還沒有案例",
    "en": "there are no tests in this pack",
}
_NONE_CHOSEN = {
    "zh-CN": "没有一个用例的名称里有「{0}」",
    "zh-TW": "沒有一個案例的名稱裡有「{0}」",
    "en": "no test has `{0}` in its name",
}


def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Pack folders, or documents of tests. Default: the nearest pack.yaml, else the standard pack cn."
        ),
    ] = None,
    format: FormatOption = Format.TEXT,
    keyword: Annotated[
        str | None,
        typer.Option("-k", metavar="TEXT", help="Only tests with TEXT in their name, decision, settlement or file."),
    ] = None,
    coverage: CoverageOption = False,
    html: PageOption = None,
    fail_under: FailUnderOption = None,
    drafts: DraftsOption = None,
    lang: LanguageOption = None,
) -> None:
    from csflow.diagnostics import Severity
    from csflow.diagnostics.rendering.report import together

    language = lang or shell_language()
    chosen: list[Path | None] = [*paths] if paths else [None]
    covers = is_asked_for(coverage, html, fail_under, drafts)
    if covers and (len(chosen) > 1 or keyword is not None or format not in (Format.TEXT, Format.JSON)):
        refuse("coverage-of-a-part", language, Format.TEXT)
    report = together([_tested(path, keyword) for path in chosen], Severity.ERROR, "test")
    if not (covers and format is Format.JSON and not report.failing):
        print_report(report, language, format)
    note(_summary(report, keyword, language))
    if any(finding.name == "no-such-pack" for finding in report.findings):
        raise Quit(USAGE)
    if report.failing:
        raise Quit(FINDINGS)
    if keyword is not None and not report.tried:
        # Nothing was looked at: most often the word is mistyped.
        raise Quit(USAGE)
    if covers:
        _report_coverage(chosen[0], language, format, html, fail_under, drafts)


def _report_coverage(
    path: Path | None,
    language: Language,
    format: Format,
    html: Path | None,
    fail_under: int | None,
    drafts: Path | None,
) -> None:
    """The coverage of a pack by all of its tests, which passed."""
    from csflow.testing.flow_report import flow_coverages
    from csflow.testing.reporting import asked_of

    loaded = load(nearest_pack(path) if path is not None and path.is_file() else path)
    assert loaded.pack is not None  # INVARIANT: its tests were run.
    as_json = format is Format.JSON
    report_coverage(
        loaded,
        asked_of(loaded),
        flow_coverages(loaded),
        language,
        as_json=as_json,
        page=html,
        fail_under=fail_under,
        drafts=drafts,
    )


def _tested(path: Path | None, keyword: str | None) -> "Report":
    """What the tests of a pack came to, or of one document of it."""
    from csflow.testing.reporting import report_of

    file = path.resolve() if path is not None and path.is_file() and path.name != "pack.yaml" else None
    folder = path if file is None or path is None else nearest_pack(path)

    def is_chosen(case: "AnyCase") -> bool:
        in_file = file is None or folder is None or (folder.resolve() / case.document) == file
        words = (case.name, case.asks, case.document)
        return in_file and (keyword is None or any(keyword.casefold() in word.casefold() for word in words))

    return report_of(load(folder), None if file is None and keyword is None else is_chosen)


def _summary(report: "Report", keyword: str | None, language: Language) -> str:
    outcomes = [report.outcome(trial) for trial in report.tried]
    if not outcomes and not report.findings:
        return _NO_TESTS[language] if keyword is None else _NONE_CHOSEN[language].format(keyword)
    ignored = outcomes.count("ignored")
    line = _RUN[language].format(passed=outcomes.count("passed"), failed=outcomes.count("failed"))
    line += _IGNORED[language].format(ignored) if ignored else ""
    faults = sum(finding.name != "failed-test" for finding in report.failing)
    return line + (_FAULTY[language].format(faults) if faults else "")

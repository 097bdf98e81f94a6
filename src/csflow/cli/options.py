"""Owns what the commands share: options, finding the pack, printing findings, exit codes."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from csflow.api.packs import Pack
    from csflow.diagnostics import Finding
    from csflow.diagnostics.rendering.report import Report
    from csflow.loading.passes import Loaded

CLEAN, FINDINGS, USAGE = 0, 1, 2


class Quit(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Language(StrEnum):
    SIMPLIFIED = "zh-CN"
    TRADITIONAL = "zh-TW"
    ENGLISH = "en"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"


class FailOn(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class AnswerFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


def shell_language() -> Language:
    """zh-TW or zh-CN where the shell's locale is Chinese, else English; `CSFLOW_LANG` wins."""
    chosen = os.environ.get("CSFLOW_LANG")
    if chosen in tuple(Language):
        return Language(chosen)
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if locale.startswith(("zh_TW", "zh_HK", "zh_MO", "zh_Hant")):
        return Language.TRADITIONAL
    return Language.SIMPLIFIED if locale.startswith("zh") else Language.ENGLISH


LanguageOption = Annotated[
    Language | None, typer.Option("--lang", help="Language of messages. Default: the shell's.", show_default=False)
]
FormatOption = Annotated[Format, typer.Option("--format", help="How findings are printed.")]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="The least severity that gives exit code 1.")]
AnswerFormatOption = Annotated[AnswerFormat, typer.Option("--format", help="How the answer is printed.")]
AtOption = Annotated[
    str | None,
    typer.Option("--at", help="Instant, RFC 3339 with offset, such as 2026-11-24T10:00:00+08:00.", show_default=False),
]
PackOption = Annotated[
    Path | None,
    typer.Option("--pack", help="Pack folder. Default: the nearest pack.yaml, else the standard pack cn."),
]


def pack_folder(chosen: Path | None) -> tuple[Path, str]:
    """The folder of the pack to use, and what findings call it."""
    from csflow.loading.standard import standard_folder

    return _named_or_nearest(chosen) or (standard_folder("cn"), "policies/cn")


def own_pack(chosen: Path | None, language: Language) -> tuple[Path, str]:
    """The same for a command that writes: never the standard pack unless it is named. Ends with 2 for no pack."""
    found = _named_or_nearest(chosen)
    if found is None:
        refuse("no-pack-here", language, Format.TEXT)
    folder, shown_as = found
    if not folder.is_dir():
        from csflow.diagnostics import Finding

        stop_with([Finding("no-such-pack", subject=shown_as)], language, Format.TEXT)
    return folder, "" if shown_as == "." else shown_as


def _named_or_nearest(chosen: Path | None) -> tuple[Path, str] | None:
    if chosen is not None:
        folder = chosen.parent if chosen.name == "pack.yaml" else chosen
        return folder, folder.as_posix()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "pack.yaml").is_file():
            return folder, Path(os.path.relpath(folder, here)).as_posix()
    return None


def nearest_pack(file: Path) -> Path:
    """The nearest folder above a file that holds a pack; else the folder of the file."""
    above = (*file.parents, *file.resolve().parents)
    return next((folder for folder in above if (folder / "pack.yaml").is_file()), file.parent)


def load(chosen: Path | None, *, tests: bool = True) -> "Loaded":
    """Load the pack to use, with its tests or without; a folder that is not there ends the command with 2."""
    from csflow.loading.passes import load_folder

    folder, shown_as = pack_folder(chosen)
    return load_folder(folder, "" if shown_as == "." else shown_as, tests=tests)


def open_pack(chosen: Path | None, language: Language, layout: str) -> "Pack":
    """The pack to use; its findings end the command where it does not check."""
    from csflow.api.packs import pack_of

    loaded = load(chosen, tests=False)
    if loaded.pack is None:
        stop_with(loaded.diagnostics.sorted(), language, layout)
    return pack_of(loaded)


def require_flow(pack: "Pack", flow: str, language: Language, layout: str) -> None:
    """A flow that the pack does not have ends the command with 2."""
    from csflow.diagnostics import nearest

    known = sorted(pack.linked.flows)
    if flow not in known:
        refuse("no-such-flow", language, layout, nearest(flow, known), name=flow, pack=pack.name, known=known)


def read_instant(at: str, language: Language, layout: str) -> int:
    """The instant of `--at` in held form; one that is none ends the command with 2."""
    from csflow.values.decoding import Misfit, from_text
    from csflow.values.kinds import DATETIME

    try:
        held: int = from_text(DATETIME, at)
    except Misfit as misfit:
        refuse(misfit.name, language, layout, misfit.suggestion, **misfit.values)
    return held


def read_bytes(path: Path, language: Language, layout: str) -> bytes:
    """The bytes of a file; one that cannot be read ends the command with 2."""
    try:
        return path.read_bytes()
    except OSError:
        refuse("missing-file", language, layout, path=path.as_posix())


def stop_with(findings: "Sequence[Finding]", language: Language, layout: str) -> NoReturn:
    """Print findings and end the command."""
    print_findings(findings, language, layout)
    raise Quit(USAGE if any(finding.name == "no-such-pack" for finding in findings) else FINDINGS)


def refuse(name: str, language: Language, layout: str, suggestion: str | None = None, /, **values: Any) -> NoReturn:
    """Say what is wrong with the command line and end the command with 2."""
    from csflow.diagnostics import Finding

    print_findings([Finding(name, None, values, suggestion)], language, layout)
    raise Quit(USAGE)


def print_findings(findings: "Sequence[Finding]", language: Language, layout: str) -> None:
    """Findings on stdout, in the layout asked for; nothing at all where there is nothing to say."""
    from csflow.diagnostics.rendering.report import Report

    print_report(Report(findings), language, layout)


def print_report(report: "Report", language: Language, layout: str) -> None:
    """A report on stdout, in the layout asked for; on GitHub, where there is a summary of the step, in it, too."""
    from csflow.diagnostics.rendering.formats import FORMATS

    text = FORMATS[layout](report, language)
    if text:
        print(text)
    summary_file = os.environ.get("GITHUB_STEP_SUMMARY")
    if layout == Format.GITHUB and summary_file:
        from csflow.diagnostics.rendering.github import github_summary

        with Path(summary_file).open("a", encoding="utf-8") as file:
            file.write(github_summary(report, language))


_SUMMARY = {
    "zh-CN": "{errors} 个错误，{warnings} 个警告，{notes} 个提示",
    "zh-TW": "{errors} 個錯誤，{warnings} 個警告，{notes} 個提示",
    "en": "{errors} errors, {warnings} warnings, {notes} notes",
}
_IGNORED = {"zh-CN": "，忽略了 {0} 个", "zh-TW": "，忽略了 {0} 個", "en": ", {0} ignored"}


def summary(report: "Report", language: Language) -> str:
    """How many findings there are of each severity, and how many a comment ignores."""
    from csflow.diagnostics import Severity

    counts = {severity: sum(finding.severity is severity for finding in report.findings) for severity in Severity}
    line = _SUMMARY[language].format(
        errors=counts[Severity.ERROR], warnings=counts[Severity.WARNING], notes=counts[Severity.NOTE]
    )
    return line + (_IGNORED[language].format(len(report.ignored)) if report.ignored else "")


def note(text: str) -> None:
    """A message that is not data goes to stderr."""
    print(text, file=sys.stderr)

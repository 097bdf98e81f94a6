"""`csflow format [PATH...]`: the files of a pack in order, what is surely mistyped mended."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.options import (
    FINDINGS,
    Format,
    Language,
    LanguageOption,
    Quit,
    nearest_pack,
    note,
    own_pack,
    print_findings,
    refuse,
    shell_language,
)
from csflow.cli.writing import write_whole

if TYPE_CHECKING:
    from csflow.diagnostics import Finding

HELP = "Put the files of a pack in order, without changing what they say. 整理政策包的写法。"

_FORMATTED = {
    "zh-CN": "已整理 {changed} 个文件，{left} 个要先修改",
    "zh-TW": "已整理 {changed} 個檔案，{left} 個要先修改",
    "en": "{changed} files formatted, {left} to be mended first",
}
_WOULD_BE_FORMATTED = {
    "zh-CN": "有 {changed} 个文件需要整理，{left} 个要先修改",
    "zh-TW": "有 {changed} 個檔案需要整理，{left} 個要先修改",
    "en": "{changed} files would be formatted, {left} to be mended first",
}
_NO_LINE_END = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class _Change:
    """One file as it is and as it should be; `name` is what findings call it."""

    name: str
    place: Path
    before: bytes
    after: bytes


def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Pack folders, or single files of a pack. Default: the nearest pack.yaml."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; list what would change, and fail.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; print what would change, and fail.")] = False,
    lang: LanguageOption = None,
) -> None:
    language = lang or shell_language()
    changes: dict[Path, _Change] = {}
    findings: list[Finding] = []
    chosen: list[Path | None] = [*paths] if paths else [None]
    for path in chosen:
        of_pack, of_it = _examined(path, language)
        changes |= {change.place: change for change in of_pack}
        findings += of_it
    print_findings(findings, language, Format.TEXT)
    for change in changes.values():
        print(_difference(change) if diff else change.name, end="" if diff else "\n")
        if not (check or diff):
            _write(change, language)
    left = {finding.mark.path if finding.mark else finding.subject for finding in findings}
    words = _WOULD_BE_FORMATTED if check or diff else _FORMATTED
    note(words[language].format(changed=len(changes), left=len(left)))
    if findings or (changes and (check or diff)):
        raise Quit(FINDINGS)


def _examined(chosen: Path | None, language: Language) -> tuple[list[_Change], list["Finding"]]:
    """What formatting changes in a pack, or in one file of it, and what stands in its way."""
    from csflow.diagnostics import Diagnostics
    from csflow.loading.formatting import format_files
    from csflow.loading.tables import Tables
    from csflow.source import list_files, read_folder

    file = chosen.resolve() if chosen is not None and chosen.is_file() and chosen.name != "pack.yaml" else None
    folder, shown_as = own_pack(chosen if file is None or chosen is None else nearest_pack(chosen), language)
    diagnostics = Diagnostics()
    before = read_folder(folder, diagnostics)
    places = list_files(folder)
    formatted = format_files(before, shown_as, Tables(folder, {}))
    diagnostics.extend(formatted.findings)
    names = {name: f"{shown_as}/{name}" if shown_as else name for name in before if file in (None, places.get(name))}
    changes = [
        _Change(shown, places[name], before[name], formatted.files[name])
        for name, shown in names.items()
        if formatted.files[name] != before[name] and name in places
    ]
    findings = diagnostics.sorted()
    if file is not None:
        findings = [finding for finding in findings if finding.mark and finding.mark.path in names.values()]
    return changes, findings


def _difference(change: _Change) -> str:
    before, after = (_lines(data) for data in (change.before, change.after))
    lines = difflib.unified_diff(before, after, change.name, f"{change.name} (formatted)")
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_LINE_END}" for line in lines)


def _lines(data: bytes) -> list[str]:
    # Line feeds alone part lines; a carriage return or byte order mark is part of what changes.
    text = data.decode("utf-8")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([text.rsplit("\n", 1)[-1]] if text[-1:] != "\n" else [])


def _write(change: _Change, language: Language) -> None:
    try:
        write_whole(change.place, change.after)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        refuse("unwritable-file", language, Format.TEXT, path=change.name, problem=reason)

"""`csflow watch [PATH]`: check a pack again each time that one of its files is saved."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from csflow.cli.check import examined
from csflow.cli.options import (
    Format,
    Language,
    LanguageOption,
    note,
    own_pack,
    print_report,
    shell_language,
    summary,
)

HELP = "Check a pack again whenever a file of it is saved. 保存时自动检查。"

_CHANGED = {"zh-CN": "已改动：{names}", "zh-TW": "已更動：{names}", "en": "changed: {names}"}
_WATCHING = {
    "zh-CN": "正在看着 {folder}，按 Ctrl-C 结束",
    "zh-TW": "正在看著 {folder}，按 Ctrl-C 結束",
    "en": "watching {folder}; Ctrl-C ends",
}


def run(
    path: Annotated[Path | None, typer.Argument(help="Pack folder. Default: the nearest pack.yaml.")] = None,
    interval: Annotated[
        float, typer.Option("--interval", min=0.05, max=3600, help="Seconds between two looks at the files.")
    ] = 0.5,
    lang: LanguageOption = None,
) -> None:
    language = lang or shell_language()
    folder, shown_as = own_pack(path, language)
    note(_WATCHING[language].format(folder=shown_as or "."))
    try:
        watch(folder, shown_as, language, lambda: time.sleep(interval), lambda: dt.datetime.now().astimezone())
    except KeyboardInterrupt:
        note("")


def watch(
    folder: Path, shown_as: str, language: Language, wait: Callable[[], None], now: Callable[[], dt.datetime]
) -> None:
    """Check at the first look and after every change, until `wait` raises. Findings call the folder `shown_as`."""
    from csflow.loading.passes import load_folder
    from csflow.loading.watching import changes
    from csflow.values.instants import instant_from_datetime

    is_first = True
    for names in changes(_looks(folder, wait)):
        if names:
            print(_CHANGED[language].format(names=", ".join(names)))
        if names or is_first:
            report = examined(load_folder(folder, shown_as), instant_from_datetime(now()))
            print_report(report, language, Format.TEXT)
            print(f"[{now():%H:%M:%S}] {summary(report, language)}", flush=True)
        is_first = False


def _looks(folder: Path, wait: Callable[[], None]) -> Iterator[dict[str, tuple[int, int]]]:
    """The files of a pack as they are, again after every wait: documents, and tables that rules may name."""
    from csflow.loading.tables import is_table
    from csflow.source import list_files

    while True:
        seen = {}
        tables = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if is_table(path.name)}
        for name, place in (list_files(folder) | tables).items():
            try:
                status = place.stat()
            except OSError:
                # Gone since it was listed: an editor is about to put the new file there.
                continue
            seen[name] = (status.st_mtime_ns, status.st_size)
        yield seen
        wait()

"""`csflow init DIR`: a small pack of one's own, which checks at once and says what to do next."""

import datetime as dt
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from csflow.cli.options import Format, Language, LanguageOption, note, refuse, shell_language
from csflow.cli.writing import write_whole

HELP = "Write a small pack of your own to start from. 新建一个政策包。"

YEARS_IN_FORCE = 5
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# A file that there is for every language, such as `README.zh-CN.md`.
_WORDED = re.compile(r"(.+)\.(zh-CN|zh-TW|en)\.(md|yaml)")
# Hidden files have another name among the templates, so that no tool takes them for its own.
_HIDDEN = "dot."
_DONE = {
    "zh-CN": "已写好 {count} 个文件；接下来看 {readme}",
    "zh-TW": "已寫好 {count} 個檔案；接下來看 {readme}",
    "en": "{count} files written; go on with {readme}",
}
_EDITOR = {"yaml.schemas": {"./.vscode/csflow.schema.json": "**/*.yaml"}}


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to: a new one, or an empty one.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the pack. Default: made from the folder's.")
    ] = None,
    over: Annotated[
        str | None, typer.Option("--over", help="Standard pack to build on, such as cn. Default: none.")
    ] = None,
    lang: LanguageOption = None,
) -> None:
    from csflow.diagnostics import nearest

    language = lang or shell_language()
    if over is not None and over not in _bases():
        refuse("unknown-base", language, Format.TEXT, nearest(over, _bases()), name=over, known=_bases())
    if folder.is_dir() and any(folder.iterdir()):
        refuse("folder-not-empty", language, Format.TEXT, path=folder.as_posix())
    if name is not None and not _NAME.fullmatch(name):
        refuse("malformed-name", language, Format.TEXT, _usable(name), text=name)
    chosen = name or _usable(folder.resolve().name) or "my_pack"
    today = dt.date.today()
    content = own_pack_files(chosen, language, today) if over is None else layer_files(chosen, over, language, today)
    for path, data in sorted(content.items()):
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, data)
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
            refuse("unwritable-file", language, Format.TEXT, path=target.as_posix(), problem=reason)
        print(target.as_posix())
    note(_DONE[language].format(count=len(content), readme=(folder / "README.md").as_posix()))


def own_pack_files(name: str, language: Language, today: dt.date) -> dict[str, bytes]:
    """The files of a pack that stands alone, by their paths: it checks without a finding."""
    from csflow.loading.standard import standard_folder

    content = _filled(_templates("own"), language, _values(name, today))
    calendars = standard_folder("cn") / "calendars"
    content["calendars/asia_shanghai.yaml"] = (calendars / "asia_shanghai.yaml").read_bytes()
    return content | _shared_files(language)


def layer_files(name: str, over: str, language: Language, today: dt.date) -> dict[str, bytes]:
    """The files of a pack with a merchant's own layer upon a standard pack: it checks without a finding."""
    return _filled(_templates(f"over/{over}"), language, _values(name, today)) | _shared_files(language)


def _bases() -> list[str]:
    """The standard packs that there is a layer for."""
    return sorted(place.name for place in files("csflow.cli").joinpath("templates", "over").iterdir())


def _values(name: str, today: dt.date) -> dict[str, str]:
    """What stands in the templates in the place of `{name}` and the like."""
    first_day = today.replace(month=1, day=1)
    end = first_day.replace(year=first_day.year + YEARS_IN_FORCE)
    year = str(first_day.year)
    return {"name": name, "today": str(today), "year": year, "first_day": str(first_day), "end": str(end)}


def _filled(templates: Mapping[str, str], language: Language, values: Mapping[str, str]) -> dict[str, bytes]:
    """The templates with `{key}` replaced for every value, and nothing else; what people read in one language."""
    content = {}
    for path, text in templates.items():
        worded = _WORDED.fullmatch(path)
        if worded and worded[2] != language:
            continue
        for key, value in values.items():
            text = text.replace("{" + key + "}", value)
        name = f"{worded[1]}.{worded[3]}" if worded else path
        content["/".join(_shown(part) for part in name.split("/"))] = text.encode()
    return content


def _shown(part: str) -> str:
    """The name of a file or folder, which may be hidden."""
    return f".{part.removeprefix(_HIDDEN)}" if part.startswith(_HIDDEN) else part


def _templates(name: str) -> dict[str, str]:
    """The texts of a folder of templates, by their paths in it."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, Traversable]] = [("", files("csflow.cli").joinpath("templates", *name.split("/")))]
    while waiting:
        path, place = waiting.pop()
        if place.is_dir():
            waiting += [(f"{path}/{inner.name}" if path else inner.name, inner) for inner in place.iterdir()]
        else:
            found[path] = place.read_text(encoding="utf-8")
    return found


def _shared_files(language: Language) -> dict[str, bytes]:
    """What every policy repository has beside its pack: the settings of editors, and the jobs of CI."""
    return _filled(_templates("ci"), language, {}) | _editor_files(language)


def _editor_files(language: Language) -> dict[str, bytes]:
    """The schema of all documents, and the setting by which an editor takes it for the pack's files."""
    from csflow.definitions.schema import ANY, build_schemas

    parts = {"csflow.schema.json": build_schemas(language)[ANY], "settings.json": _EDITOR}
    return {
        f".vscode/{name}": (json.dumps(part, ensure_ascii=False, indent=2) + "\n").encode()
        for name, part in parts.items()
    }


def _usable(text: str) -> str | None:
    """A name made from a text; None where nothing of it can stand in one."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()
    usable = re.sub(r"[^a-z0-9]+", "_", snake).strip("_") if snake.isascii() else ""
    return usable if _NAME.fullmatch(usable) else None

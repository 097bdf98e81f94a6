"""`csflow schema --out DIR`: JSON Schemas for editors, and the line in each file that names its schema."""

import json
import os
import re
from pathlib import Path
from typing import Annotated

import typer

from csflow.cli.options import (
    Format,
    Language,
    LanguageOption,
    PackOption,
    own_pack,
    refuse,
    shell_language,
    stop_with,
)
from csflow.cli.writing import write_whole

HELP = "Write JSON Schemas, for completion and hovers in an editor. 生成编辑器用的 JSON Schema。"

_MODELINE = re.compile(rb"# yaml-language-server: [^\r\n]*(?:\r?\n|$)")
_BOM = b"\xef\xbb\xbf"
_FIRST_KEY = re.compile(rb"^([a-z_]+):", re.MULTILINE)


def run(
    out: Annotated[Path, typer.Option("--out", help="Folder to write the schemas to; made where it is not there.")],
    modeline: Annotated[
        bool, typer.Option("--modeline", help="Name its schema on the first line of each file of the pack.")
    ] = False,
    pack: PackOption = None,
    lang: LanguageOption = None,
) -> None:
    language = lang or shell_language()
    for path in write_schemas(out, language):
        print(path.as_posix())
    if modeline:
        for name in _with_modelines(pack, out, language):
            print(name)


def write_schemas(out: Path, language: Language) -> list[Path]:
    """Write a schema for each kind of document, and one for all of them, into the folder; gives their paths."""
    from csflow.definitions.schema import build_schemas

    written = []
    for kind, schema in build_schemas(language).items():
        path = _schema_path(out, kind)
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        try:
            out.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
        except OSError as problem:
            refuse("unwritable-file", language, Format.TEXT, path=path.as_posix(), problem=problem.strerror)
        written.append(path)
    return written


def _schema_path(out: Path, kind: str) -> Path:
    return out / f"{kind}.schema.json"


def _with_modelines(pack: Path | None, out: Path, language: Language) -> list[str]:
    """Give every file of the pack its modeline; the names of those that changed."""
    from csflow.definitions import DOCUMENTS
    from csflow.definitions.schema import ANY
    from csflow.diagnostics import Diagnostics
    from csflow.source import list_files, read_folder

    folder, shown_as = own_pack(pack, language)
    diagnostics = Diagnostics()
    files = read_folder(folder, diagnostics)
    places = list_files(folder)
    changed = []
    for name, before in files.items():
        kind = _kind(before)
        schema = _schema_path(out.resolve(), kind if kind in DOCUMENTS else ANY)
        after = _with_modeline(before, Path(os.path.relpath(schema, places[name].parent)).as_posix())
        if after != before:
            shown = f"{shown_as}/{name}" if shown_as else name
            try:
                write_whole(places[name], after)
            except OSError as problem:
                refuse("unwritable-file", language, Format.TEXT, path=shown, problem=problem.strerror)
            changed.append(shown)
    if len(diagnostics):
        stop_with(diagnostics.sorted(), language, Format.TEXT)
    return changed


def _kind(data: bytes) -> str:
    """The first key of a file, read or not: a file with a mistake in it wants its schema most."""
    key = _FIRST_KEY.search(data.removeprefix(_BOM))
    return key[1].decode() if key else ""


def _with_modeline(data: bytes, schema: str) -> bytes:
    """The file with its first line naming the schema, whatever it named before."""
    mark = _BOM if data.startswith(_BOM) else b""
    body = data.removeprefix(_BOM)
    old = _MODELINE.match(body)
    if old:
        body = body[old.end() :]
    line_end = b"\r\n" if b"\r\n" in data else b"\n"
    return mark + f"# yaml-language-server: $schema={schema}".encode() + line_end + body

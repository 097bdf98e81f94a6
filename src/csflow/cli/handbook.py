"""`csflow handbook`: the pack as a document, one page of HTML or Markdown a language."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from csflow.cli.options import Format, Language, PackOption, open_pack, refuse, shell_language
from csflow.cli.writing import write_whole

HELP = "Print the pack as a handbook: prose and tables, one page a language. 把政策印成手册。"


class Form(StrEnum):
    HTML = "html"
    MARKDOWN = "markdown"


def run(
    pack: PackOption = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made where it is not there.")] = Path(
        "handbook"
    ),
    lang: Annotated[
        list[Language] | None,
        typer.Option("--lang", help="Language of a page; may be given again. Default: all three.", show_default=False),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="One HTML file that stands alone, or Markdown as GitHub shows it.")
    ] = Form.HTML,
) -> None:
    from csflow.reports import file_name, handbook

    language = lang[0] if lang and len(set(lang)) == 1 else shell_language()
    opened = open_pack(pack, language, Format.TEXT)
    chosen = tuple(each for each in Language if not lang or each in lang)
    for each in chosen:
        path = out / file_name(opened, each, form.value)
        text = handbook(opened, each, chosen, form.value)
        try:
            out.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
        except OSError as problem:
            refuse("unwritable-file", language, Format.TEXT, path=path.as_posix(), problem=problem.strerror)
        print(path.as_posix())

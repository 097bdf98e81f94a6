"""`csflow handbook`: the pack as a document, a page of HTML or a folder of Markdown pages for each language."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.options import Format, Language, PackOption, open_pack, refuse, shell_language
from csflow.cli.writing import write_whole

if TYPE_CHECKING:
    from csflow.api.packs import Pack

HELP = "Print the pack as a handbook: prose and tables, in each language. 把政策印成手册。"


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
        typer.Option("--lang", help="Language to print; may be given again. Default: all three.", show_default=False),
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="One HTML file that stands alone, or a folder of Markdown for GitHub.")
    ] = Form.HTML,
) -> None:
    language = lang[0] if lang and len(set(lang)) == 1 else shell_language()
    opened = open_pack(pack, language, Format.TEXT)
    chosen = tuple(each for each in Language if not lang or each in lang)
    for each in chosen:
        told = _printed(opened, each, chosen, form)
        try:
            for name, text in told.items():
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                write_whole(out / name, text.encode())
        except OSError as problem:
            path = (out / name).as_posix()
            refuse("unwritable-file", language, Format.TEXT, path=path, problem=problem.strerror)
        print((out / next(iter(told))).as_posix())


def _printed(pack: "Pack", language: str, chosen: tuple[str, ...], form: Form) -> Mapping[str, str]:
    """What is written, by its path, the page first with which one begins to read."""
    from csflow.reports import file_name, handbook, handbook_pages

    if form is Form.MARKDOWN:
        return handbook_pages(pack, language, chosen)
    return {file_name(pack, language): handbook(pack, language, chosen)}

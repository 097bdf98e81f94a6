"""`csflow graph FLOW`: a flow as a picture, as Mermaid or as SVG, also against an edition before."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csflow.cli.options import (
    Format,
    Language,
    LanguageOption,
    PackOption,
    open_pack,
    require_flow,
    shell_language,
)
from csflow.cli.writing import write_or_refuse

if TYPE_CHECKING:
    from csflow.api.packs import Pack

HELP = "Draw a flow: its states, who moves it, when, and by which clocks. 画出一条流程。"


class Picture(StrEnum):
    MERMAID = "mermaid"
    SVG = "svg"


def run(
    flow: Annotated[str, typer.Argument(help="Name of a flow in the pack.")],
    pack: PackOption = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="Folder of another edition of the pack; what changed since is marked."),
    ] = None,
    form: Annotated[
        Picture, typer.Option("--format", help="Mermaid, which GitHub draws, or a picture that stands alone.")
    ] = Picture.MERMAID,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write to. Default: it is printed.", show_default=False)
    ] = None,
    lang: LanguageOption = None,
) -> None:
    language = lang or shell_language()
    opened = open_pack(pack, language, Format.TEXT)
    require_flow(opened, flow, language, Format.TEXT)
    before = None
    if against is not None:
        before = open_pack(against, language, Format.TEXT)
        require_flow(before, flow, language, Format.TEXT)
    drawn = _drawn(opened, flow, language, form, before)
    if out is None:
        print(drawn, end="")
        return
    write_or_refuse(out, drawn, language)
    print(out.as_posix())


def _drawn(pack: "Pack", flow: str, language: Language, form: Picture, against: "Pack | None") -> str:
    from csflow.reports import flow_mermaid, flow_svg

    draw = flow_svg if form is Picture.SVG else flow_mermaid
    return draw(pack, flow, language, against)

"""`csflow decide DECISION --facts FILE`: one answer, explained."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from csflow.cli.options import (
    AnswerFormat,
    AnswerFormatOption,
    AtOption,
    Language,
    LanguageOption,
    PackOption,
    open_pack,
    read_bytes,
    read_instant,
    refuse,
    shell_language,
    stop_with,
)

if TYPE_CHECKING:
    from csflow.api.packs import Pack
    from csflow.facts import Facts

HELP = "Decide one case from a file of facts, and say why. 按政策判断一件售后。"


def run(
    decision: Annotated[str, typer.Argument(help="Name of a decision in the pack.")],
    facts: Annotated[Path | None, typer.Option("--facts", help="YAML or JSON file of facts.")] = None,
    document: Annotated[
        Path | None, typer.Option("--document", help="JSON document of a platform, read by --mapping.")
    ] = None,
    mapping: Annotated[str | None, typer.Option("--mapping", help="Name of a mapping in the pack.")] = None,
    at: AtOption = None,
    pack: PackOption = None,
    format: AnswerFormatOption = AnswerFormat.TEXT,
    lang: LanguageOption = None,
) -> None:
    from csflow.diagnostics import nearest
    from csflow.facts import FactError

    language = lang or shell_language()
    if facts is None and document is None:
        raise typer.BadParameter("give --facts FILE, or --document FILE with --mapping NAME, or both")
    if (document is None) != (mapping is None):
        raise typer.BadParameter("--document and --mapping go together")
    opened = open_pack(pack, language, format)
    if decision not in opened.decisions:
        meant = nearest(decision, opened.decisions)
        refuse("no-such-decision", language, format, meant, name=decision, known=list(opened.decisions))
    try:
        checked = _facts(opened, facts, document, mapping, language, format)
    except FactError as problem:
        stop_with(problem.diagnostics, language, format)
    if at is not None:
        read_instant(at, language, format)
    elif opened.linked.reads_at:
        refuse("instant-required", language, format, pack=opened.name)
    answer = opened.decide(decision, checked, at=at)
    if format is AnswerFormat.JSON:
        print(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    else:
        print(answer.explain(language))


def _facts(
    pack: "Pack", facts: Path | None, document: Path | None, mapping: str | None, language: Language, layout: str
) -> "Facts":
    from csflow.diagnostics import nearest
    from csflow.facts.documents import map_document
    from csflow.facts.factsheet import read_facts
    from csflow.facts.files import read_document, read_facts_file

    mapped: dict[str, Any] = {}
    if document is not None and mapping is not None:
        if mapping not in pack.mappings:
            meant = nearest(mapping, pack.mappings)
            refuse("no-such-mapping", language, layout, meant, name=mapping, known=list(pack.mappings))
        name = document.as_posix()
        content = read_document(name, read_bytes(document, language, layout))
        mapped = map_document(pack.linked, pack.linked.mappings[mapping], content, subject=name)
    if facts is None:
        return read_facts(pack.linked, {}, known=mapped)
    return read_facts_file(pack.linked, facts.as_posix(), read_bytes(facts, language, layout), mapped)

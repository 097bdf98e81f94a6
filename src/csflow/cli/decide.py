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
    from collections.abc import Iterator

    from csflow.api.packs import Pack
    from csflow.evaluators import Decision
    from csflow.facts import Facts
    from csflow.facts.tables import TableRow

MOST_LINES_SHOWN = 20

HELP = "Decide one case from a file of facts, and say why. 按政策判断一件售后。"


def run(
    decision: Annotated[str, typer.Argument(help="Name of a decision in the pack.")],
    facts: Annotated[Path | None, typer.Option("--facts", help="YAML or JSON file of facts.")] = None,
    document: Annotated[
        Path | None,
        typer.Option("--document", help="JSON document of a platform, or CSV export, read by --mapping."),
    ] = None,
    mapping: Annotated[str | None, typer.Option("--mapping", help="Name of a mapping in the pack.")] = None,
    line: Annotated[
        int | None, typer.Option("--line", help="Line of the row in a CSV export. Default: the only row.")
    ] = None,
    why_not: Annotated[
        str | None,
        typer.Option("--why-not", help="Also say why this rule, exception or `otherwise` is not what decided."),
    ] = None,
    nearest: Annotated[
        bool,
        typer.Option("--nearest", help="Also say what would change it: the nearest value of each changeable fact."),
    ] = False,
    at: AtOption = None,
    pack: PackOption = None,
    format: AnswerFormatOption = AnswerFormat.TEXT,
    lang: LanguageOption = None,
) -> None:
    from csflow.diagnostics import nearest as nearest_name
    from csflow.facts import FactError

    language = lang or shell_language()
    if facts is None and document is None:
        raise typer.BadParameter("give --facts FILE, or --document FILE with --mapping NAME, or both")
    if (document is None) != (mapping is None):
        raise typer.BadParameter("--document and --mapping go together")
    if line is not None and (document is None or not is_table(document)):
        raise typer.BadParameter("--line goes with a --document that ends in .csv")
    opened = open_pack(pack, language, format)
    if decision not in opened.decisions:
        meant = nearest_name(decision, opened.decisions)
        refuse("no-such-decision", language, format, meant, name=decision, known=list(opened.decisions))
    if why_not is not None:
        rules = [rule.id for rule in opened.linked.decisions[decision].every_rule()]
        if why_not not in rules:
            meant = nearest_name(why_not, rules)
            refuse("no-such-rule", language, format, meant, decision=decision, name=why_not, known=rules)
    try:
        checked = _facts(opened, facts, document, mapping, line, language, format)
    except FactError as problem:
        stop_with(problem.diagnostics, language, format)
    if at is not None:
        read_instant(at, language, format)
    elif opened.linked.needs_at:
        refuse("instant-required", language, format, pack=opened.name)
    answer = opened.decide(decision, checked, at=at)
    if format is AnswerFormat.JSON:
        print(json.dumps(_document(answer, why_not, nearest), ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(_told(answer, why_not, nearest, language)))


def _document(answer: "Decision", why_not: str | None, nearest: bool) -> dict[str, Any]:
    """The answer, with what was asked beside it."""
    document = answer.to_json()
    if why_not is not None:
        document["why_not"] = [each.why_not(why_not).to_json() for each in _asked(answer)]
    if nearest:
        document["nearest"] = [change.to_json() for change in answer.nearest_change()]
    return document


def _told(answer: "Decision", why_not: str | None, nearest: bool, language: Language) -> "Iterator[str]":
    """The answer in sentences, then each of the other answers."""
    from csflow.diagnostics import Word

    yield answer.explain(language)
    if why_not is not None:
        yield from (each.why_not(why_not).explain(language) for each in _asked(answer))
    if nearest:
        changes = answer.nearest_change()
        yield from (change.explain(language) for change in changes)
        if not changes:
            yield Word("nearest.none").in_language(language)


def _asked(answer: "Decision") -> "tuple[Decision, ...]":
    """The answer, or those for the records of a list."""
    return answer.items if answer.is_for_records else (answer,)


def is_table(document: Path) -> bool:
    """Whether a document is a CSV export, of which one row is a case."""
    return document.suffix.lower() == ".csv"


def _facts(
    pack: "Pack",
    facts: Path | None,
    document: Path | None,
    mapping: str | None,
    line: int | None,
    language: Language,
    layout: str,
) -> "Facts":
    from csflow.facts.factsheet import read_facts
    from csflow.facts.files import read_facts_file

    mapped: dict[str, Any] = {}
    if document is not None and mapping is not None:
        mapped = _mapped(pack, document, mapping, line, language, layout)
    if facts is None:
        return read_facts(pack.linked, {}, known=mapped)
    return read_facts_file(pack.linked, facts.as_posix(), read_bytes(facts, language, layout), mapped)


def _mapped(
    pack: "Pack", document: Path, mapping: str, line: int | None, language: Language, layout: str
) -> dict[str, Any]:
    """What a document says by a mapping of the pack."""
    from csflow.diagnostics import nearest
    from csflow.facts.documents import map_document
    from csflow.facts.files import read_document

    if mapping not in pack.mappings:
        meant = nearest(mapping, pack.mappings)
        refuse("no-such-mapping", language, layout, meant, name=mapping, known=list(pack.mappings))
    name, data = document.as_posix(), read_bytes(document, language, layout)
    chosen = pack.linked.mappings[mapping]
    if is_table(document):
        row = _row(name, data, line, language, layout)
        return map_document(pack.linked, chosen, row.cells, subject=row.place, of_texts=True)
    return map_document(pack.linked, chosen, read_document(name, data), subject=name)


def _row(name: str, data: bytes, line: int | None, language: Language, layout: str) -> "TableRow":
    """The row that was asked for, or the only one there is: which of several is meant nobody guesses."""
    from csflow.facts.tables import read_rows

    rows = read_rows(name, data)
    chosen = [row for row in rows if line is None or row.line == line]
    if len(chosen) != 1:
        shown = [str(row.line) for row in rows[:MOST_LINES_SHOWN]]
        refuse("row-to-choose", language, layout, path=name, count=len(rows), known=shown)
    return chosen[0]

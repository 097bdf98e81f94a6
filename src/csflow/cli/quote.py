"""`csflow quote --order FILE --claim FILE --facts FILE`: one refund, as a statement or as JSON."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

HELP = "Work out one refund: what is due, to which tender, and who bears it. 算出一笔退款。"


def run(
    order: Annotated[Path, typer.Option("--order", help="JSON file of the order, as `pack.freeze` takes it.")],
    claim: Annotated[Path, typer.Option("--claim", help="JSON file of what comes back, as `pack.quote` takes it.")],
    facts: Annotated[Path, typer.Option("--facts", help="YAML or JSON file of facts.")],
    book: Annotated[
        Path | None, typer.Option("--book", help="JSON file of the order's book, `plan.book` of an earlier quote.")
    ] = None,
    budgets: Annotated[
        Path | None,
        typer.Option(
            "--budgets", help="JSON file of the customer's budgets, `plan.budgets` of earlier quotes, by name."
        ),
    ] = None,
    settlement: Annotated[
        str | None, typer.Option("--settlement", help="Name of a settlement of the pack. Default: its only one.")
    ] = None,
    at: AtOption = None,
    pack: PackOption = None,
    format: AnswerFormatOption = AnswerFormat.TEXT,
    lang: LanguageOption = None,
) -> None:
    from csflow.facts import FactError
    from csflow.facts.files import read_document, read_facts_file

    language = lang or shell_language()
    opened = open_pack(pack, language, format)
    name = _settlement(opened, settlement, language, format)
    if at is not None:
        read_instant(at, language, format)
    elif opened.linked.needs_at:
        refuse("instant-required", language, format, pack=opened.name)
    try:
        ledger = opened.freeze(read_document(order.as_posix(), read_bytes(order, language, format)))
        claimed = read_document(claim.as_posix(), read_bytes(claim, language, format))
        given = read_facts_file(opened.linked, facts.as_posix(), read_bytes(facts, language, format))
        before = None if book is None else read_document(book.as_posix(), read_bytes(book, language, format))
        spent = None if budgets is None else read_document(budgets.as_posix(), read_bytes(budgets, language, format))
        found = opened.quote(ledger, claimed, given, settlement=name, book=before, budgets=spent, at=at)
    except FactError as problem:
        stop_with(problem.diagnostics, language, format)
    if format is AnswerFormat.JSON:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        print(found.explain(language))


def _settlement(pack: "Pack", name: str | None, language: Language, layout: str) -> str:
    """The settlement that is asked for, or the only one there is."""
    from csflow.diagnostics import nearest

    known = sorted(pack.linked.settlements)
    chosen = known[0] if name is None and len(known) == 1 else name or ""
    if chosen not in known:
        refuse("no-such-settlement", language, layout, nearest(chosen, known), name=chosen, known=known)
    return chosen

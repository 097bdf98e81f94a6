"""Owns two refunds of one order, one after the other, each told as a statement."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from csflow.api.packs import Pack

_CLAIMS = ("claim.json", "next.json")


def two_refunds(pack: "Pack", folder: Path, language: str) -> Iterator[str]:
    """A statement for each claim on the example's order; the second is made against the book of the first."""
    from csflow.facts.files import read_document, read_facts_file

    def read(name: str) -> Any:
        return read_document(name, (folder / name).read_bytes())

    facts = read_facts_file(pack.linked, "facts.yaml", (folder / "facts.yaml").read_bytes())
    ledger, book = pack.freeze(read("order.json")), None
    for name in _CLAIMS:
        quote = pack.quote(ledger, read(name), facts, book=book)
        if quote.plan is not None:
            book = quote.plan.book
        yield quote.explain(language)

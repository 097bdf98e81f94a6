"""Owns two refunds of one order, one after the other, each told as a statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from csflow.api.packs import Pack
    from csflow.facts import Facts
    from csflow.settlement import Ledger, Quote

_CLAIMS = ("claim.json", "next.json")


@dataclass(frozen=True, slots=True)
class Bought:
    """The example's order, frozen, with its facts and the claims on it in their order."""

    ledger: "Ledger"
    facts: "Facts"
    claims: tuple[Any, ...]

    def refunds(self, pack: "Pack") -> "Iterator[Quote]":
        """A quote for each claim; one is made against the book of the one before."""
        book = None
        for claim in self.claims:
            quote = pack.quote(self.ledger, claim, self.facts, book=book)
            if quote.plan is not None:
                book = quote.plan.book
            yield quote


def bought(pack: "Pack", folder: Path) -> Bought:
    from csflow.facts.files import read_document, read_facts_file

    def read(name: str) -> Any:
        return read_document(name, (folder / name).read_bytes())

    facts = read_facts_file(pack.linked, "facts.yaml", (folder / "facts.yaml").read_bytes())
    return Bought(pack.freeze(read("order.json")), facts, tuple(read(name) for name in _CLAIMS))


def two_refunds(pack: "Pack", folder: Path, language: str) -> Iterator[str]:
    """A statement for each claim on the example's order; the second is made against the book of the first."""
    for quote in bought(pack, folder).refunds(pack):
        yield quote.explain(language)

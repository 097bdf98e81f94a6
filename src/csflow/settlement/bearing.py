"""Owns who bears what a plan pays, and what the merchant claims from others of what it bears."""

from collections.abc import Mapping
from dataclasses import dataclass

from csflow.settlement.books import Book
from csflow.settlement.causes import parts_of
from csflow.settlement.freezing import Ledger
from csflow.settlement.lines import Recourse, borne, claimed_back, summed
from csflow.settlement.orders import MERCHANT
from csflow.settlement.settling import Settled
from csflow.settlement.terms import Claim, Terms


@dataclass(frozen=True, slots=True)
class Bearing:
    """Who bears the refund, who bears it `together` with the additions, and what the merchant claims of that."""

    refund: Mapping[str, int]
    together: Mapping[str, int]
    recourse: tuple[Recourse, ...]


def bearing_of(ledger: Ledger, book: Book, claim: Claim, terms: Terms, found: Settled) -> Bearing:
    """Who bears what is paid now."""
    refund = _of_refund(ledger, book, claim, terms, found)
    together = summed([refund, *(each.borne for each in found.additions)])
    most = book.borne_by(MERCHANT) + together.get(MERCHANT, 0)
    return Bearing(
        refund, together, claimed_back(claim.beside.recourse, book.claimed, most, ledger.digest, found.number)
    )


def _of_refund(ledger: Ledger, book: Book, claim: Claim, terms: Terms, found: Settled) -> dict[str, int]:
    """Each cause is borne by its own terms, or all of it by those of the claim."""
    bearing = book.refunds_borne
    if len(claim.causes) < 2:
        return borne(found.paid, claim.causes[0].shares if claim.causes else terms.shares, bearing)
    claims = terms.claims_threshold_freight
    parts = parts_of(
        ledger,
        book.sums,
        claim.granted,
        claim.causes,
        found.taken,
        claims_threshold_freight=claims,
        reading=terms.reading,
    )
    found_now: list[dict[str, int]] = []
    for part, cause in zip(parts, claim.causes, strict=True):
        found_now.append(borne(part, cause.shares, summed([bearing, *found_now])))
    return summed(found_now)

"""Owns what may be so and wants a case: each claim once, a finding with the first case found, else a note.

A claim in vain is one whose leaves ask something computed and for which no case was found among those tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from csflow.checks.cases import Case
from csflow.checks.searching import Confirming, Search
from csflow.checks.situations import Situation
from csflow.diagnostics import Diagnostics, Finding, Mark
from csflow.evaluators.regions import Leaf, OverBudget

_MOST_IN_VAIN = 6
_MOST_CLAIMS = 2_000


@dataclass(frozen=True, slots=True)
class Claim:
    """What a leaf says: the finding where a case confirms it ("" where that is as it should be), and the note."""

    confirmed: str
    unconfirmed: str
    mark: Mark
    values: tuple[tuple[str, Any], ...]


class Claims:
    """The claims about one decision."""

    def __init__(self) -> None:
        self._cases: dict[Claim, Case] = {}
        self._in_vain: dict[Claim, int] = {}
        self._searches: dict[int, Search] = {}

    def look(self, claim: Claim, situation: Situation, leaf: Leaf, confirms: Confirming) -> None:
        """Search the leaf for a case, unless there is one. Raises `OverBudget`."""
        if claim in self._cases or self._in_vain.get(claim, 0) >= _MOST_IN_VAIN:
            return
        if len(self._cases) + len(self._in_vain) >= _MOST_CLAIMS:
            raise OverBudget
        case = self._search(situation).case(leaf, confirms)
        if case is None:
            self._in_vain[claim] = self._in_vain.get(claim, 0) + 1
        else:
            self._cases[claim] = case

    def case(self, claim: Claim) -> Case | None:
        return self._cases.get(claim)

    def report(self, diagnostics: Diagnostics) -> None:
        """Report every claim."""
        self.report_confirmed(diagnostics)
        for claim in self._in_vain:
            if claim not in self._cases and claim.unconfirmed:
                diagnostics.extend([_finding(claim.unconfirmed, claim, {}, None)])

    def report_confirmed(self, diagnostics: Diagnostics) -> None:
        """Report those for which there is a case."""
        for claim, case in self._cases.items():
            if claim.confirmed:
                diagnostics.extend([_finding(claim.confirmed, claim, {"case": case}, case.to_json())])

    def _search(self, situation: Situation) -> Search:
        if id(situation) not in self._searches:
            self._searches[id(situation)] = Search(situation)
        return self._searches[id(situation)]


def _finding(name: str, claim: Claim, more: dict[str, Any], witness: Mapping[str, Any] | None) -> Finding:
    return Finding(name, claim.mark, dict(claim.values) | more, witness=witness)

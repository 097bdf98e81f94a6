"""Owns linking what a step of a test of a settlement expects: every amount a money value, every name known."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from csflow.definitions import Keyed, Written
from csflow.definitions.sections import StepSection
from csflow.diagnostics import Diagnostics, Mark, Word, nearest
from csflow.loading.expectations import Shapes, place_of
from csflow.loading.kinds import decode
from csflow.pack.cases import Expectation
from csflow.pack.model import Beside, LinkedPack, Settlement
from csflow.settlement import Ledger
from csflow.settlement.cases import (
    ADDITIONS,
    BORNE,
    GRANTS,
    LIMIT,
    MISSING,
    OUTCOME,
    OWES,
    REASON,
    REFUND,
    REFUNDS,
    REFUSAL,
    STATUS,
    TAKEN,
    WITHHELD,
)
from csflow.settlement.documents import MOST_MONEY
from csflow.settlement.quoting import QUOTED, REFUSED, UNDECIDED
from csflow.settlement.refusals import REFUSALS
from csflow.source import Mapping as MappingNode
from csflow.source import Scalar
from csflow.values.kinds import PARTY, Kind

STATUSES = (QUOTED, REFUSED, UNDECIDED)
# Of which status a quote is that has such a part.
_STATUS_OF = {
    REFUND: QUOTED,
    OWES: QUOTED,
    REFUNDS: QUOTED,
    BORNE: QUOTED,
    GRANTS: QUOTED,
    ADDITIONS: QUOTED,
    WITHHELD: QUOTED,
    TAKEN: QUOTED,
    OUTCOME: QUOTED,
    REFUSAL: REFUSED,
    REASON: REFUSED,
    LIMIT: REFUSED,
    MISSING: UNDECIDED,
}
PARTS = (STATUS, *(part for part in _STATUS_OF if part != OUTCOME))


def link_expected_plan(
    section: StepSection, pack: LinkedPack, settlement: Settlement, ledger: Ledger, diagnostics: Diagnostics
) -> tuple[Expectation, ...]:
    """What is expected, the status first; left out, it is that of the quotes which have what is named."""
    if not section.expect:
        diagnostics.report("case-without-expectation", section.mark_of("expect"), name="expect")
        return ()
    return tuple(_ExpectedPlan(section, pack, settlement, ledger, diagnostics).linked())


class _ExpectedPlan(Shapes):
    def __init__(
        self,
        section: StepSection,
        pack: LinkedPack,
        settlement: Settlement,
        ledger: Ledger,
        diagnostics: Diagnostics,
    ) -> None:
        super().__init__(pack, diagnostics)
        self._section = section
        amounts = settlement.amounts
        self._known: Mapping[str, Sequence[str]] = {
            REFUNDS: [tender.id for tender in ledger.order.tenders],
            BORNE: (*PARTY.symbols, *pack.parties),
            GRANTS: [each.name for each in amounts if each.role is Beside.GRANT],
            TAKEN: [each.name for each in settlement.earned],
            ADDITIONS: [each.name for each in amounts if each.role is Beside.ADDITION],
            # Units that the balance does not have may be withheld for, under their name.
            WITHHELD: [each.name for each in amounts if each.role is Beside.WITHHOLDING]
            + [each.name for each in settlement.earned],
        }
        self._money = Kind("money", currency=pack.currency, low=0, high=MOST_MONEY)
        self._units = Kind("int", low=0, high=MOST_MONEY)
        self._codes = tuple(pack.codes)
        self._values: Mapping[str, Callable[[Keyed], Any]] = {
            REFUND: lambda keyed: self._amount(keyed),
            OWES: lambda keyed: self._amount(keyed),
            REFUSAL: lambda keyed: self._one_of(keyed, REFUSALS),
            REASON: lambda keyed: self._one_of(keyed, self._codes),
            LIMIT: self._limit,
            MISSING: self.missing,
        }

    def linked(self) -> Iterator[Expectation]:
        expect = self._section.expect
        status = self._status(expect)
        yield Expectation(STATUS, status, place_of(expect[STATUS]) if STATUS in expect else self._status_mark())
        if self._section.outcome is not None:
            self._require_fit(OUTCOME, status, self._section.mark_of(OUTCOME))
        for part, keyed in expect.items():
            if part == STATUS:
                continue
            if part not in PARTS:
                meant = nearest(part, PARTS)
                self._diagnostics.report(
                    "unknown-plan-expectation", keyed.mark, suggestion=meant, name=part, known=list(PARTS)
                )
            elif self._require_fit(part, status, keyed.mark):
                yield from self._part(part, keyed)

    def _part(self, part: str, keyed: Keyed) -> Iterator[Expectation]:
        if part not in self._known:
            yield Expectation(part, self._values[part](keyed), place_of(keyed))
            return
        if not isinstance(keyed.value, MappingNode):
            self.report_shape(keyed.value, keyed.mark, "shape.mapping")
            return
        for entry in keyed.value.entries:
            if self.choice(entry.key, self._known[part]):
                one = Keyed(Written(entry.key.text, entry.key.mark), entry.value)
                held = self._amount(one, self._units if part == TAKEN else None)
                yield Expectation(f"{part}.{entry.key.text}", held, place_of(one))

    def _status(self, expect: Mapping[str, Keyed]) -> str:
        written = expect.get(STATUS)
        if written is None:
            return next((_STATUS_OF[part] for part in expect if part in _STATUS_OF), QUOTED)
        node = self.scalar(written.value, written.mark)
        return "" if node is None else self.choice(node, STATUSES)

    def _status_mark(self) -> Mark:
        """Where a status that is not written is expected: at the first thing that it is told by."""
        first = next(iter(self._section.expect.values()))
        return first.mark

    def _require_fit(self, part: str, status: str, mark: Mark) -> bool:
        """Whether a quote of that status has such a part; else it is reported."""
        fits = _STATUS_OF[part] == status
        if status and not fits:
            word = Word(f"status.{status}")
            self._diagnostics.report("excluded-expectation", mark, name=part, status=word, text=status)
        return fits

    def _amount(self, keyed: Keyed, kind: Kind | None = None) -> Any:
        return self._decoded(kind or self._money, self.scalar(keyed.value, keyed.mark))

    def _one_of(self, keyed: Keyed, known: Sequence[str]) -> str:
        node = self.scalar(keyed.value, keyed.mark)
        return "" if node is None else self.choice(node, known)

    def _limit(self, keyed: Keyed) -> Any:
        """`2` is a number of units; anything else an amount."""
        node = self.scalar(keyed.value, keyed.mark)
        is_count = node is not None and node.text.isascii() and node.text.isdigit()
        return is_count, self._decoded(Kind("quantity", low=0, high=10**6) if is_count else self._money, node)

    def _decoded(self, kind: Kind, node: Scalar | None) -> Any:
        return None if node is None else decode(kind, node.text, node.mark, self._diagnostics)

"""Owns linking the tests of a pack's authors: every name known, every value in held form, at the end of the staircase.

What is expected of a decision is for `expectations`, which row of a table is which case for `case_tables`; what a test
of a settlement gives is for `quote_cases`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from csflow.checks.number_range import check_number_range
from csflow.checks.zero_divisor import check_zero_divisor
from csflow.definitions import Keyed, Written, read_definition
from csflow.definitions.sections import CaseListSection, CasesDocument, CaseSection, StepSection
from csflow.diagnostics import Diagnostics, Mark, Severity, nearest
from csflow.facts import FactError
from csflow.facts.files import read_facts_tree
from csflow.loading.case_tables import rows_as_cases
from csflow.loading.expectations import link_expected
from csflow.loading.kinds import decode
from csflow.loading.parameters import Surroundings, link_value
from csflow.loading.quote_cases import link_order, link_steps, order_file, plainly
from csflow.loading.run_cases import link_run_steps
from csflow.loading.tables import Tables, read_grid
from csflow.pack.cases import Case, with_parameters
from csflow.pack.flows import Flow
from csflow.pack.model import Decision, LinkedPack, Settlement
from csflow.settlement import Ledger
from csflow.settlement.cases import AnyCase, QuoteCase, RunCase
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar
from csflow.values.kinds import DATETIME

# Values of parameters, by name in their order, of which nothing is to be reported: what was asked of the pack with them
# is not asked again.
Sound = set[tuple[tuple[str, Any], ...]]


def link_cases(
    pack: LinkedPack,
    documents: Sequence[tuple[str, CasesDocument]],
    tables: Tables,
    diagnostics: Diagnostics,
    sound: Sound | None = None,
) -> tuple[AnyCase, ...]:
    """The cases of all documents, given by their paths inside the pack; one with a fault, which is reported, is not.

    `sound` is kept for the next call about the same pack.
    """
    known = set() if sound is None else sound
    return tuple(
        case
        for path, document in documents
        for case in _Cases(pack, path, document.tests, tables, diagnostics, known).linked()
    )


@dataclass(frozen=True, slots=True)
class _Common:
    """What the cases of a document have in common, linked."""

    decide: Decision | None
    quote: Settlement | None
    at: int | None
    parameters: Mapping[str, Any]
    facts: Mapping[str, Any]


class _Cases:
    """The cases of one document."""

    def __init__(
        self,
        pack: LinkedPack,
        path: str,
        head: CaseListSection,
        tables: Tables,
        diagnostics: Diagnostics,
        sound: Sound,
    ) -> None:
        self._pack = pack
        self._path = path
        self._head = head
        self._tables = tables
        self._diagnostics = diagnostics
        self._around = Surroundings(pack.calendars, pack.zones, pack.facts)
        self._names: dict[str, Mark] = {}
        self._sound = sound
        # Told once in a document.
        self._faulty: Sound = set()
        # The order that tests have in common is read, and what is wrong with it told, once.
        self._orders: dict[tuple[int, str], Ledger | None] = {}

    def linked(self) -> Iterator[AnyCase]:
        head = self._head
        self._require_one_question(head)
        decide = None if head.decide is None else self._decision(head.decide)
        common = _Common(
            decide,
            None if head.quote is None else self._settlement(head.quote),
            self._instant(head.at),
            self._parameters(head.with_parameters),
            self._facts(head.given, {}) or {},
        )
        for section in self._sections(decide):
            before = len(self._diagnostics)
            self._require_new(section.name)
            self._require_one_question(section)
            case = self._linked(section, common)
            if case is not None and len(self._diagnostics) == before:
                yield case

    def _linked(self, section: CaseSection, common: _Common) -> AnyCase | None:
        if self._is_run(section):
            return self._run_case(section, common)
        return self._quote_case(section, common) if self._is_quote(section) else self._case(section, common)

    def _sections(self, decide: Decision | None) -> Sequence[CaseSection]:
        """The cases as they are listed, or as the rows of a table."""
        cases = self._head.cases
        if isinstance(cases, tuple):
            return cases
        if self._head.decide is None:
            self._diagnostics.report("missing-key", self._head.mark, key="decide")
        grid = read_grid(cases, self._path, self._tables, self._diagnostics)
        if grid is None or decide is None:
            return ()
        rows = rows_as_cases(grid, self._pack, decide, self._diagnostics)
        sections = (read_definition(CaseSection, row, self._diagnostics) for row in rows)
        return [section for section in sections if section is not None]

    def _is_run(self, section: CaseSection) -> bool:
        """Whether a test is one of a flow: as it says itself, else as the document does."""
        if section.run is None and (section.decide is not None or section.quote is not None):
            return False
        return section.run is not None or self._head.run is not None

    def _is_quote(self, section: CaseSection) -> bool:
        """Whether a test is one of a settlement: as it says itself, else as the document does."""
        if section.decide is not None or section.quote is not None:
            return section.quote is not None
        return self._head.quote is not None or (self._head.decide is None and section.steps is not None)

    def _case(self, section: CaseSection, common: "_Common") -> Case | None:
        decision = common.decide if section.decide is None else self._decision(section.decide)
        if section.decide is None and self._head.decide is None:
            self._diagnostics.report("missing-key", section.name.mark, key="decide")
        self._refuse_keys(section, ("order", "steps"), "decide")
        instant = common.at if section.at is None else self._instant(section.at)
        values = {**common.parameters, **self._parameters(section.with_parameters)}
        facts = self._facts(section.given, common.facts)
        expected = () if decision is None else link_expected(section, self._pack, decision, self._diagnostics)
        if decision is None or facts is None or not self._is_dated(instant, values, section.name.mark):
            return None
        return Case(
            name=section.name.text,
            document=self._path,
            decision=decision.name,
            at=instant,
            parameters=values,
            facts=facts,
            expected=expected,
            mark=section.name.mark,
        )

    def _quote_case(self, section: CaseSection, common: "_Common") -> QuoteCase | None:
        self._refuse_keys(section, ("expect",), "quote")
        written = self._head.quote if section.quote is None else section.quote
        settlement = common.quote if section.quote is None else self._settlement(section.quote)
        owner = self._head if section.order is None else section
        missing = {"quote": written, "order": owner.order, "steps": section.steps}
        for key in (key for key, value in missing.items() if not value):
            self._diagnostics.report("missing-key", section.name.mark, key=key)
        values = {**common.parameters, **self._parameters(section.with_parameters)}
        facts = self._facts(section.given, common.facts)
        at = common.at if section.at is None else self._instant(section.at)
        if settlement is None or owner.order is None or not section.steps or facts is None:
            return None
        ledger = self._order(owner.order, owner.mark_of("order"), settlement)
        if ledger is None:
            return None

        def given(step: StepSection) -> tuple[Mapping[str, Any], int | None] | None:
            instant = at if step.at is None else self._instant(step.at)
            own = self._facts(step.given, facts)
            if own is None or not self._is_dated(instant, values, step.mark_of("expect")):
                return None
            return own, instant

        steps = link_steps(section.steps, self._pack, settlement, ledger, given, self._diagnostics)
        return QuoteCase(
            name=section.name.text,
            document=self._path,
            settlement=settlement.name,
            ledger=ledger,
            parameters=values,
            steps=steps,
            mark=section.name.mark,
        )

    def _run_case(self, section: CaseSection, common: "_Common") -> RunCase | None:
        self._refuse_keys(section, ("expect",), "run")
        written = self._head.run if section.run is None else section.run
        assert written is not None  # INVARIANT: `_is_run` has seen it.
        flow = self._flow(written)
        at = common.at if section.at is None else self._instant(section.at)
        for key, value in {"at": at, "steps": section.steps}.items():
            if not value:
                self._diagnostics.report("missing-key", section.name.mark, key=key)
        asked = section.quote or (self._head.quote if section.run is None else None)
        settlement = None if asked is None else self._settlement(asked)
        values = {**common.parameters, **self._parameters(section.with_parameters)}
        facts = self._facts(section.given, common.facts)
        if flow is None or at is None or not section.steps or facts is None or (asked is not None and not settlement):
            return None
        owner = self._head if section.order is None else section
        quoted = settlement or self._quoted_by(flow)
        ledger = None
        if owner.order is not None and quoted is not None:
            ledger = self._order(owner.order, owner.mark_of("order"), quoted)
        steps = link_run_steps(section.steps, self._pack, flow, quoted, ledger, self._facts, self._diagnostics)
        return RunCase(
            name=section.name.text,
            document=self._path,
            flow=flow.name,
            settlement=None if settlement is None else settlement.name,
            ledger=ledger,
            order=None if ledger is None or owner.order is None else self._plain_order(owner.order),
            at=at,
            parameters=values,
            facts=facts,
            steps=steps,
            mark=section.name.mark,
        )

    def _plain_order(self, order: Node) -> Any:
        """The order as it is written, in the test or in the file that it names; that one was read before."""
        tree = order_file(order, self._path, self._tables, Diagnostics()) if isinstance(order, Scalar) else order
        return None if tree is None else plainly(tree)[0]

    def _quoted_by(self, flow: Flow) -> Settlement | None:
        """The settlement that a flow asks; of several the first, by whose tenders an order is read."""
        named = (state.quotes for state in flow.states.values() if state.quotes is not None)
        return next((self._pack.settlements[name] for name in named), None)

    def _flow(self, written: Written) -> Flow | None:
        flow = self._pack.flows.get(written.text)
        if flow is None:
            meant = nearest(written.text, self._pack.flows)
            self._diagnostics.report("unknown-flow", written.mark, suggestion=meant, name=written.text)
        return flow

    def _order(self, order: Node, mark: Mark, settlement: Settlement) -> Ledger | None:
        key = id(order), settlement.name
        if key not in self._orders:
            self._orders[key] = link_order(
                order, mark, self._pack, settlement, self._path, self._tables, self._diagnostics
            )
        return self._orders[key]

    def _require_one_question(self, section: CaseSection | CaseListSection) -> None:
        if section.decide is not None and section.run is not None:
            self._refuse_keys(section, ("run",), "decide")
        if section.decide is not None and section.quote is not None:
            self._refuse_keys(section, ("quote",), "decide")

    def _refuse_keys(self, section: CaseSection | CaseListSection, keys: Sequence[str], other: str) -> None:
        for key in keys:
            if getattr(section, key) is not None:
                self._diagnostics.report("misplaced-key", section.mark_of(key), key=key, other=other)

    def _is_dated(self, instant: int | None, values: Mapping[str, Any], mark: Mark) -> bool:
        """Whether there is an instant where editions are chosen by it; else it is reported."""
        if instant is None and with_parameters(self._pack, values).needs_at:
            self._diagnostics.report("missing-key", mark, key="at")
            return False
        return True

    def _require_new(self, name: Written) -> None:
        first = self._names.setdefault(name.text, name.mark)
        if first is not name.mark:
            self._diagnostics.report(
                "duplicate-definition", name.mark, name=name.text, file=first.path, line=first.line
            )

    def _decision(self, written: Written) -> Decision | None:
        decision = self._pack.decisions.get(written.text)
        if decision is None:
            meant = nearest(written.text, self._pack.decisions)
            self._diagnostics.report("unknown-decision", written.mark, suggestion=meant, name=written.text)
        return decision

    def _settlement(self, written: Written) -> Settlement | None:
        settlement = self._pack.settlements.get(written.text)
        if settlement is None:
            known = sorted(self._pack.settlements)
            meant = nearest(written.text, known)
            self._diagnostics.report(
                "no-such-settlement", written.mark, suggestion=meant, name=written.text, known=known
            )
        return settlement

    def _instant(self, written: Written | None) -> int | None:
        return None if written is None else decode(DATETIME, written.text, written.mark, self._diagnostics)

    def _facts(self, given: MappingNode | None, base: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What is given, on top of what all cases of the document are given; None where it was reported."""
        tree = MappingNode((), True, self._head.mark) if given is None else given
        try:
            return read_facts_tree(self._pack, tree, base).values
        except FactError as problem:
            self._diagnostics.extend(problem.diagnostics)
            return None

    def _parameters(self, written: Mapping[str, Keyed]) -> dict[str, Any]:
        """The values by name, each decoded by the kind of its parameter; none that was reported."""
        before = len(self._diagnostics)
        values: dict[str, Any] = {}
        for name, keyed in written.items():
            parameter = self._pack.parameters.get(name)
            if parameter is None:
                meant = nearest(name, self._pack.parameters)
                self._diagnostics.report("unknown-parameter", keyed.mark, suggestion=meant, name=name)
                continue
            values[name] = link_value(parameter.kind, keyed.value, keyed.mark, self._around, self._diagnostics)
        if len(self._diagnostics) > before:
            return {}
        self._require_sound(values, written)
        return values

    def _require_sound(self, values: Mapping[str, Any], written: Mapping[str, Keyed]) -> None:
        """A pack whose numbers fit, and that divides by nothing that is zero, must stay one with these values."""
        key = tuple(sorted(values.items(), key=lambda item: item[0]))
        if not key or key in self._sound or key in self._faulty:
            return
        found = Diagnostics()
        changed = with_parameters(self._pack, values)
        check_zero_divisor(changed, found)
        check_number_range(changed, found)
        mark = next(iter(written.values())).mark
        faults = [finding for finding in found if finding.severity is Severity.ERROR]
        self._diagnostics.extend(replace(finding, mark=mark) for finding in faults)
        (self._faulty if faults else self._sound).add(key)

"""Owns the third step: definitions into the linked pack, in the order in which they need each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from csflow.definitions import Definition
from csflow.definitions.sections import (
    CalendarDocument,
    CodesDocument,
    DecisionDocument,
    DerivedDocument,
    DerivedSection,
    FactsDocument,
    MappingDocument,
    PackSection,
    ParametersDocument,
    ReasonsDocument,
    ReasonSection,
    ZoneDocument,
)
from csflow.diagnostics import Diagnostics, Mark, Source, nearest, nearest_spelling
from csflow.expressions import Elaborator
from csflow.expressions.parsing import walk
from csflow.expressions.syntax import Name, Syntax
from csflow.loading.calendars import link_calendar, link_interval, link_zone
from csflow.loading.decisions import link_decision, link_outputs
from csflow.loading.kinds import Kinds
from csflow.loading.mappings import link_mapping
from csflow.loading.parameters import link_parameter
from csflow.loading.scopes import DerivedScope, Names
from csflow.pack.model import Code, Decision, Derived, Fact, LinkedPack, Reason
from csflow.values import kinds as k
from csflow.values.currencies import is_currency
from csflow.values.rounding import Rounding
from csflow.values.zones import Zone

LANGUAGE = 1
# What a name may begin with that is no fact: parameters, decisions, and the events of flows.
_RESERVED_RECORDS = ("param", "decision", "event")

_Document = TypeVar("_Document", bound=Definition)


def link(documents: Iterable[Definition], root: str, diagnostics: Diagnostics) -> LinkedPack | None:
    """The linked pack; None when it cannot stand for want of a whole section."""
    linker = _Linker(list(documents), root, diagnostics)
    return linker.link()


class _Linker:
    def __init__(self, documents: list[Definition], root: str, diagnostics: Diagnostics) -> None:
        self._documents = documents
        self._root = root
        self._diagnostics = diagnostics
        self._seen: dict[str, Mark] = {}

    def link(self) -> LinkedPack | None:
        section = self._pack_section()
        if section is None:
            return None
        zone = self._zone(section)
        in_force = link_interval(section.in_force, self._diagnostics)
        if zone is None or in_force is None:
            return None
        reasons, codes = self._reasons(), self._codes()
        kinds = Kinds(section.currency.text, reasons, codes)
        names = self._names = Names(section.currency.text)
        names.facts = self._facts(kinds)
        names.subtrees = _subtrees(reasons)
        calendars = {
            document.calendar.text: link_calendar(document, self._diagnostics)
            for document in self._of(CalendarDocument)
            if self._is_new_name("calendar", document.calendar.text, document.calendar.mark)
        }
        names.parameters = {
            name: link_parameter(name, parameter, kinds, calendars, self._diagnostics)
            for document in self._of(ParametersDocument)
            for name, parameter in document.parameters.items()
            if self._is_new_name("param", name, parameter.mark)
        }
        self._derived_sections = self._collect_derived()
        names.derived_names = {name: derived.mark for name, derived in self._derived_sections.items()}
        derived = self._link_derived()
        decisions = self._decisions(kinds)
        mappings = {
            document.mapping.text: link_mapping(document, names.facts, self._diagnostics)
            for document in self._of(MappingDocument)
            if self._is_new_name("mapping", document.mapping.text, document.mapping.mark)
        }
        return LinkedPack(
            name=section.pack.text,
            language=LANGUAGE,
            currency=section.currency.text,
            rounding=Rounding(section.rounding),
            zone=zone,
            in_force=in_force,
            facts=names.facts,
            derived=derived,
            parameters=names.parameters,
            reasons=reasons,
            codes=codes,
            calendars={name: calendar for name, calendar in calendars.items() if calendar is not None},
            decisions=decisions,
            mappings=mappings,
            mark=section.mark,
            title=section.title,
            notice=section.notice,
            reviewed_on=section.reviewed_on,
            calendar_titles={
                document.calendar.text: (document.title, document.because) for document in self._of(CalendarDocument)
            },
        )

    def _of(self, kind: type[_Document]) -> list[_Document]:
        return [document for document in self._documents if isinstance(document, kind)]

    def _is_new_name(self, space: str, name: str, mark: Mark) -> bool:
        """Whether a name is declared for the first time; otherwise it is reported."""
        key = f"{space}:{name}"
        first = self._seen.setdefault(key, mark)
        if first is not mark:
            self._diagnostics.report("duplicate-definition", mark, name=name, file=first.path, line=first.line)
        return first is mark

    def _pack_section(self) -> PackSection | None:
        sections = self._of(PackSection)
        if not sections:
            self._diagnostics.report(
                "no-pack-section", Source("/".join(part for part in (self._root, "pack.yaml") if part), "").mark()
            )
            return None
        for other in sections[1:]:
            first = sections[0].pack.mark
            self._diagnostics.report(
                "duplicate-definition", other.pack.mark, name="pack", file=first.path, line=first.line
            )
        section = sections[0]
        if section.language.text != str(LANGUAGE):
            self._diagnostics.report("unknown-language-version", section.language.mark, known=LANGUAGE)
        if not is_currency(section.currency.text):
            meant = nearest_spelling(section.currency.text, {"CNY": "CNY", "RMB": "CNY", "人民币": "CNY", "元": "CNY"})
            self._diagnostics.report(
                "unknown-currency", section.currency.mark, suggestion=meant, text=section.currency.text
            )
            return None
        return section

    def _zone(self, section: PackSection) -> Zone | None:
        zones = {
            document.zone.text: link_zone(document, self._diagnostics)
            for document in self._of(ZoneDocument)
            if self._is_new_name("zone", document.zone.text, document.zone.mark)
        }
        if section.time_zone.text not in zones:
            self._diagnostics.report(
                "unknown-zone",
                section.time_zone.mark,
                suggestion=nearest(section.time_zone.text, zones),
                name=section.time_zone.text,
            )
            return None
        return zones[section.time_zone.text]

    def _reasons(self) -> dict[str, Reason]:
        reasons: dict[str, Reason] = {}

        def add(name: str, section: ReasonSection, parent: str | None, liability: str) -> None:
            liability = section.liability or liability
            if self._is_new_name("reason", name, section.mark):
                reasons[name] = Reason(name, parent, liability, section.mark, section.title)
            for below, inner in section.under.items():
                add(below, inner, name, liability)

        for document in self._of(ReasonsDocument):
            for name, section in document.reasons.items():
                add(name, section, None, "unknown")
        return reasons

    def _codes(self) -> dict[str, Code]:
        sections = {
            name: section
            for document in self._of(CodesDocument)
            for name, section in document.codes.items()
            if self._is_new_name("code", name, section.mark)
        }
        for section in sections.values():
            for written in section.alternatives:
                if written.text not in sections:
                    self._diagnostics.report(
                        "unknown-symbol",
                        written.mark,
                        suggestion=nearest(written.text, sections),
                        symbol=written.text,
                        kind=k.Kind("code").word,
                    )
        return {
            name: Code(name, tuple(code.text for code in section.alternatives), section.mark, section.title)
            for name, section in sections.items()
        }

    def _facts(self, kinds: Kinds) -> dict[str, Fact]:
        facts = {}
        for document in self._of(FactsDocument):
            for record, entries in document.facts.items():
                if record in _RESERVED_RECORDS:
                    first = next(iter(entries.values()), document)
                    self._diagnostics.report("reserved-record", first.mark, name=record)
                for name, section in entries.items():
                    path = f"{record}.{name}"
                    if not self._is_new_name("fact", path, section.mark):
                        continue
                    kind = kinds.link(section, self._diagnostics)
                    facts[path] = Fact(
                        path,
                        kind,
                        section.optional,
                        section.pii,
                        section.changeable,
                        section.mark,
                        section.title,
                    )
        return facts

    def _collect_derived(self) -> dict[str, DerivedSection]:
        found = {}
        documents: list[FactsDocument | DerivedDocument] = [*self._of(FactsDocument), *self._of(DerivedDocument)]
        for document in documents:
            for name, section in document.derived.items():
                if self._is_new_name("derived", name, section.mark):
                    found[name] = section
        return found

    def _link_derived(self) -> dict[str, Derived]:
        """The derived values, each after those it reads; none where they read each other in a circle."""
        sections = self._derived_sections
        reads = {name: _names_in(section.expression, sections) for name, section in sections.items()}
        order = _in_order(reads)
        if isinstance(order, _Circle):
            mark = sections[order.names[0]].mark
            self._diagnostics.report("circular-derived", mark, names=" → ".join(order.names))
            order = []
        linked: dict[str, Derived] = {}
        self._names.derived = linked
        for name in order:
            section = sections[name]
            term, optional = Elaborator(DerivedScope(self._names), self._diagnostics).value(section.expression)
            linked[name] = Derived(name, term.kind, term, optional, reads[name], section.mark, section.title)
        return linked

    def _decisions(self, kinds: Kinds) -> dict[str, Decision]:
        documents = {
            document.decision.text: document
            for document in self._of(DecisionDocument)
            if self._is_new_name("decision", document.decision.text, document.decision.mark)
        }
        self._names.outputs = outputs = {
            name: link_outputs(document, kinds, self._diagnostics) for name, document in documents.items()
        }
        decisions = {
            name: link_decision(document, outputs[name], self._names, self._diagnostics)
            for name, document in documents.items()
        }
        return _ordered(decisions, self._diagnostics)


def _subtrees(reasons: Mapping[str, Reason]) -> dict[str, tuple[str, ...]]:
    """For each reason code, itself and all below it."""
    found: dict[str, list[str]] = {code: [] for code in reasons}
    for code in reasons:
        above: str | None = code
        while above is not None:
            found[above].append(code)
            above = reasons[above].parent
    return {code: tuple(sorted(below)) for code, below in found.items()}


@dataclass(frozen=True, slots=True)
class _Circle:
    """Names each of which needs the next, the last being the first again."""

    names: tuple[str, ...]


def _in_order(needs: Mapping[str, Iterable[str]]) -> list[str] | _Circle:
    """The names, each after those it needs."""
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        # graphlib gives the circle from needed to needing.
        return _Circle(tuple(reversed(error.args[1])))


def _names_in(syntax: Syntax, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that an expression mentions."""
    mentioned = {node.path for node in walk(syntax) if isinstance(node, Name)}
    return tuple(name for name in known if name in mentioned)


def _ordered(decisions: Mapping[str, Decision], diagnostics: Diagnostics) -> dict[str, Decision]:
    """The decisions, each after those it requires; a circle is reported."""
    order = _in_order({name: decision.requires for name, decision in decisions.items()})
    if isinstance(order, _Circle):
        first, second = order.names[:2]
        mark = next(ref.mark for ref in decisions[first].reads() if ref.name.startswith(f"{second}."))
        diagnostics.report("circular-decision", mark, names=" → ".join(order.names))
        return dict(decisions)
    return {name: decisions[name] for name in order}

"""Owns the third step: definitions into the linked pack, in the order in which they need each other."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from csflow.definitions import Definition, Written
from csflow.definitions.flows import EffectsDocument, FlowDocument
from csflow.definitions.sections import (
    CalendarDocument,
    CalendarOverrideDocument,
    DecisionDocument,
    FactsDocument,
    LayerDocument,
    MappingDocument,
    PackSection,
    ParametersDocument,
    SettlementDocument,
    ZoneDocument,
)
from csflow.diagnostics import Diagnostics, Source, nearest, nearest_spelling
from csflow.loading.calendars import link_calendar, link_interval, link_zone, with_override
from csflow.loading.computing import derived_sections, link_derived
from csflow.loading.decisions import gives_list, link_decision, link_outputs, records_of
from csflow.loading.documents import Documents
from csflow.loading.flows import Surroundings as FlowSurroundings
from csflow.loading.flows import link_effects, link_flow, outcomes_of
from csflow.loading.kinds import Kinds
from csflow.loading.layers import layer_exceptions, link_layer
from csflow.loading.mappings import link_mapping
from csflow.loading.ordering import Circle, in_order
from csflow.loading.parameters import Surroundings, link_parameter
from csflow.loading.scopes import Names
from csflow.loading.settlements import link_settlement
from csflow.loading.vocabularies import (
    link_channels,
    link_codes,
    link_customer_types,
    link_parties,
    link_reasons,
    link_roles,
    subtrees,
)
from csflow.pack.flows import EffectKind, Flow
from csflow.pack.model import Decision, Derived, DocumentMapping, Fact, Layer, LinkedPack, Parameter, Settlement
from csflow.values.calendars import Calendar
from csflow.values.currencies import is_currency
from csflow.values.mending import ZONE_SPELLINGS
from csflow.values.rounding import Rounding
from csflow.values.zones import Zone

LANGUAGE = 1
# What a name may begin with that is no fact: parameters, decisions, and the events of flows.
_RESERVED_RECORDS = ("param", "decision", "event", "kept", "quote")

_Value = TypeVar("_Value")


def link(generations: Sequence[Sequence[Definition]], root: str, diagnostics: Diagnostics) -> LinkedPack | None:
    """The linked pack; None when it cannot stand for want of a whole section.

    `generations` are the documents of the pack, of the pack it extends, and so on.
    """
    documents = Documents(generations, diagnostics)
    section = _pack_section(documents, root, diagnostics)
    if section is None or not _is_whole(section, diagnostics):
        return None
    return _Linker(section, documents, diagnostics).link()


def _pack_section(documents: Documents, root: str, diagnostics: Diagnostics) -> PackSection | None:
    """What the pack says of itself; what it leaves out is as the pack it extends has it."""
    sections = documents.of(PackSection)
    own = [section for section in sections if documents.distance(section.pack.mark) == 0]
    if not own:
        diagnostics.report("no-pack-section", Source("/".join(part for part in (root, "pack.yaml") if part), "").mark())
        return None
    for other in own[1:]:
        first = own[0].pack.mark
        diagnostics.report("duplicate-definition", other.pack.mark, name="pack", file=first.path, line=first.line)
    section, *bases = [own[0], *(each for each in sections if documents.distance(each.pack.mark) > 0)]
    left_out = {
        key: next((value for base in bases if (value := getattr(base, key)) is not None), None)
        for key in PackSection.model_fields
        if getattr(section, key) is None
    }
    return section.model_copy(update=left_out)


# What a pack that extends no other must say of itself.
_NEEDED = ("language", "currency", "rounding", "time_zone", "in_force", "reviewed_on")


def _is_whole(section: PackSection, diagnostics: Diagnostics) -> bool:
    """Whether the pack says all that it must; what is missing is reported."""
    missing = [key for key in _NEEDED if getattr(section, key) is None]
    for key in missing:
        diagnostics.report("missing-key", section.pack.mark, key=key)
    if section.language is not None and section.language.text != str(LANGUAGE):
        diagnostics.report("unknown-language-version", section.language.mark, known=LANGUAGE)
    if section.currency is not None and not is_currency(section.currency.text):
        meant = nearest_spelling(
            section.currency.text, {"CNY": "CNY", "RMB": "CNY", "人民币": "CNY", "元": "CNY", "¥": "CNY"}
        )
        diagnostics.report("unknown-currency", section.currency.mark, suggestion=meant, text=section.currency.text)
        return False
    return not missing


class _Linker:
    """Links one pack. What stands alone comes first; each step gives what the next ones name."""

    def __init__(self, section: PackSection, documents: Documents, diagnostics: Diagnostics) -> None:
        self._section = section
        self._documents = documents
        self._diagnostics = diagnostics

    def link(self) -> LinkedPack | None:
        section, documents, diagnostics = self._section, self._documents, self._diagnostics
        # INVARIANT: `_is_whole` has seen to it.
        assert section.currency and section.rounding and section.time_zone and section.in_force and section.reviewed_on
        zones = self._zones()
        zone = self._pack_zone(section.time_zone, zones)
        in_force = link_interval(section.in_force, diagnostics)
        if zone is None or in_force is None:
            return None
        currency = section.currency.text
        words: dict[str, Mapping[str, Any]] = {
            "reason": (reasons := link_reasons(documents)),
            "code": (codes := link_codes(documents, diagnostics)),
            "party": (parties := link_parties(documents, diagnostics)),
            "channel": (channels := link_channels(documents)),
            "customer_type": (customer_types := link_customer_types(documents)),
            "role": (roles := link_roles(documents, currency, diagnostics)),
        }
        kinds = Kinds(currency, words)
        names = Names(currency)
        names.subtrees = subtrees(reasons)
        names.facts = self._facts(kinds)
        calendars = self._calendars()
        around = Surroundings(calendars, zones, names.facts)
        names.parameters = self._parameters(kinds, around)
        derived = self._derived(names)
        layers = self._layers(names, around)
        return LinkedPack(
            name=section.pack.text,
            language=LANGUAGE,
            currency=currency,
            rounding=Rounding(section.rounding),
            zone=zone,
            in_force=in_force,
            facts=names.facts,
            derived=derived,
            parameters=names.parameters,
            layers={layer.name: layer for _, layer in layers},
            reasons=reasons,
            codes=codes,
            parties=parties,
            channels=channels,
            customer_types=customer_types,
            roles=roles,
            calendars=_sound(calendars),
            zones=_sound(zones),
            decisions=self._decisions(kinds, names, layers),
            mappings=self._mappings(names),
            settlements=(settlements := self._settlements(kinds, names)),
            effects=(effects := self._effects(names)),
            flows=self._flows(kinds, names, effects, settlements, calendars, layers),
            mark=section.pack.mark,
            title=section.title,
            notice=section.notice,
            reviewed_on=section.reviewed_on,
            calendar_titles={
                document.calendar.text: (document.title, document.because)
                for document in documents.of(CalendarDocument)
            },
            own_sources=documents.own_sources(),
        )

    def _zones(self) -> dict[str, Zone | None]:
        return {
            document.zone.text: link_zone(document, self._diagnostics)
            for document in self._documents.of(ZoneDocument)
            if self._documents.is_new("zone", document.zone.text, document.zone.mark)
        }

    def _pack_zone(self, written: Written, zones: Mapping[str, Zone | None]) -> Zone | None:
        if written.text not in zones:
            spellings = {text: zone for text, zone in ZONE_SPELLINGS.items() if zone in zones}
            meant = nearest_spelling(written.text, spellings | {zone: zone for zone in zones})
            self._diagnostics.report("unknown-zone", written.mark, suggestion=meant, name=written.text)
        return zones.get(written.text)

    def _calendars(self) -> dict[str, Calendar | None]:
        """The calendars with the days that overrides add, the earliest first."""
        calendars = {
            document.calendar.text: link_calendar(document, self._diagnostics)
            for document in self._documents.of(CalendarDocument)
            if self._documents.is_new("calendar", document.calendar.text, document.calendar.mark)
        }
        overrides = sorted(self._documents.of(CalendarOverrideDocument), key=lambda each: each.covers.text)
        for document in overrides:
            name = document.calendar_override
            if name.text not in calendars:
                meant = nearest(name.text, calendars)
                self._diagnostics.report("unknown-calendar", name.mark, suggestion=meant, name=name.text)
                continue
            calendar = calendars[name.text]
            if calendar is not None and self._documents.is_new(
                "calendar_override", f"{name.text} {document.covers.text}", document.covers.mark
            ):
                calendars[name.text] = with_override(calendar, document, self._diagnostics)
        return calendars

    def _facts(self, kinds: Kinds) -> dict[str, Fact]:
        facts = {}
        for document in self._documents.of(FactsDocument):
            for record, entries in document.facts.items():
                if record in _RESERVED_RECORDS:
                    first = next(iter(entries.values()), document)
                    self._diagnostics.report("reserved-record", first.mark, name=record)
                for name, section in entries.items():
                    path = f"{record}.{name}"
                    if not self._documents.is_new("fact", path, section.mark):
                        continue
                    facts[path] = Fact(
                        path,
                        kinds.link_fact(section, self._diagnostics),
                        section.optional,
                        section.pii,
                        section.changeable,
                        section.mark,
                        section.title,
                    )
        return facts

    def _parameters(self, kinds: Kinds, around: Surroundings) -> dict[str, Parameter]:
        return {
            name: link_parameter(name, section, kinds, around, self._diagnostics)
            for document in self._documents.of(ParametersDocument)
            for name, section in document.parameters.items()
            if self._documents.is_new("param", name, section.mark)
        }

    def _derived(self, names: Names) -> dict[str, Derived]:
        sections = derived_sections(self._documents)
        names.derived_names = {name: section.mark for name, section in sections.items()}
        return link_derived(sections, names, self._diagnostics)

    def _layers(self, names: Names, around: Surroundings) -> list[tuple[LayerDocument, Layer]]:
        """The layers by name: which file one stands in means nothing."""
        new = [
            document
            for document in self._documents.of(LayerDocument)
            if self._documents.is_new("layer", document.layer.text, document.layer.mark)
        ]
        new.sort(key=lambda document: document.layer.text)
        return [(document, link_layer(document, names, around, self._diagnostics)) for document in new]

    def _decisions(
        self, kinds: Kinds, names: Names, layers: Sequence[tuple[LayerDocument, Layer]]
    ) -> dict[str, Decision]:
        documents = {
            document.decision.text: document
            for document in self._documents.of(DecisionDocument)
            if self._documents.is_new("decision", document.decision.text, document.decision.mark)
        }
        names.outputs = outputs = {
            name: link_outputs(document, kinds, self._diagnostics) for name, document in documents.items()
        }
        names.lists = {name: records_of(outputs[name]) for name, document in documents.items() if gives_list(document)}
        added = layer_exceptions(layers, documents, self._diagnostics)
        decisions = {
            name: link_decision(document, outputs[name], names, added.get(name, {}), self._diagnostics)
            for name, document in documents.items()
        }
        return _ordered(decisions, self._diagnostics)

    def _settlements(self, kinds: Kinds, names: Names) -> dict[str, Settlement]:
        return {
            document.settlement.text: link_settlement(document, kinds, names, self._diagnostics)
            for document in self._documents.of(SettlementDocument)
            if self._documents.is_new("settlement", document.settlement.text, document.settlement.mark)
        }

    def _effects(self, names: Names) -> dict[str, EffectKind]:
        sections = {
            name: section
            for document in self._documents.of(EffectsDocument)
            for name, section in document.effects.items()
            if self._documents.is_new("effect", name, section.mark)
        }
        return link_effects(sections, names, self._diagnostics)

    def _flows(
        self,
        kinds: Kinds,
        names: Names,
        effects: Mapping[str, EffectKind],
        settlements: Mapping[str, Settlement],
        calendars: Mapping[str, Any],
        layers: Sequence[tuple[LayerDocument, Layer]],
    ) -> dict[str, Flow]:
        documents = [
            document
            for document in self._documents.of(FlowDocument)
            if self._documents.is_new("flow", document.flow.text, document.flow.mark)
        ]
        outcomes = {document.flow.text: outcomes_of(document) for document in documents}

        def values(parameter: str) -> list[Any]:
            given = [layer.parameters.get(parameter, ()) for _, layer in layers]
            return [each.value for editions in (names.parameters[parameter].editions, *given) for each in editions]

        around = FlowSurroundings(effects, settlements, names.outputs, calendars, outcomes, values)
        return {
            document.flow.text: link_flow(document, kinds, names, around, self._diagnostics) for document in documents
        }

    def _mappings(self, names: Names) -> dict[str, DocumentMapping]:
        return {
            document.mapping.text: link_mapping(document, names.facts, self._diagnostics)
            for document in self._documents.of(MappingDocument)
            if self._documents.is_new("mapping", document.mapping.text, document.mapping.mark)
        }


def _sound(linked: Mapping[str, _Value | None]) -> dict[str, _Value]:
    return {name: value for name, value in linked.items() if value is not None}


def _ordered(decisions: Mapping[str, Decision], diagnostics: Diagnostics) -> dict[str, Decision]:
    """The decisions, each after those it requires; a circle is reported."""
    order = in_order({name: decision.requires for name, decision in decisions.items()})
    if isinstance(order, Circle):
        first, second = order.names[:2]
        mark = next(ref.mark for ref in decisions[first].reads() if ref.name.partition(".")[0] == second)
        diagnostics.report("circular-decision", mark, names=" → ".join(order.names))
        return dict(decisions)
    return {name: decisions[name] for name in order}

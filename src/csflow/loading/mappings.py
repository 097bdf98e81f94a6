"""Owns linking a mapping: its facts, its paths, and the words it translates."""

from collections.abc import Mapping

from csflow.definitions import Written
from csflow.definitions.sections import MappedSection, MappingDocument
from csflow.diagnostics import Diagnostics, nearest
from csflow.facts.paths import PathError, compile_path
from csflow.loading.kinds import decode
from csflow.loading.scopes import fact_meant
from csflow.pack.model import DocumentMapping, Fact, Mapped
from csflow.values.host_times import HostTime
from csflow.values.kinds import Kind


def link_mapping(document: MappingDocument, facts: Mapping[str, Fact], diagnostics: Diagnostics) -> DocumentMapping:
    """The mapping with its facts known and its paths compiled once for trial."""
    if document.document is not None:
        _require_path(document.document, diagnostics)
    mapped = {}
    for name, section in document.facts.items():
        fact = facts.get(name)
        if fact is None:
            diagnostics.report("unknown-fact", section.mark, suggestion=fact_meant(name, facts), name=name)
        else:
            mapped[name] = _mapped(fact.path, fact.kind, section, diagnostics)
    return DocumentMapping(
        name=document.mapping.text,
        document=document.document.text if document.document else None,
        facts=mapped,
        mark=document.mapping.mark,
        title=document.title,
    )


def _mapped(path: str, kind: Kind, section: MappedSection, diagnostics: Diagnostics) -> Mapped:
    _require_path(section.path, diagnostics)
    if section.currency is not None:
        _require_path(section.currency, diagnostics)
    _require_fit(kind, section, diagnostics)
    if kind.name == "list" and not section.each:
        diagnostics.report("missing-key", section.mark, key="each")
    if kind.name != "list" and section.each and not kind.is_broken:
        diagnostics.report("misplaced-bound", section.mark, field="each", kind=kind.word)
    return Mapped(
        fact=path,
        path=section.path.text,
        optional=section.optional,
        currency=section.currency.text if section.currency else None,
        minor=section.minor,
        instant=HostTime(section.instant) if section.instant else None,
        values={host: decode(kind, word.text, word.mark, diagnostics) for host, word in section.values.items()},
        mark=section.mark,
        each=_fields(path, kind, section, diagnostics),
    )


def _fields(path: str, kind: Kind, section: MappedSection, diagnostics: Diagnostics) -> dict[str, Mapped]:
    """Where the fields of a list's records come from, by paths inside a record."""
    mapped = {}
    for name, inner in section.each.items():
        member = kind.member(name)
        if member is not None:
            mapped[name] = _mapped(f"{path}.{name}", member.kind, inner, diagnostics)
        elif kind.members:
            meant = nearest(name, [member.name for member in kind.members])
            diagnostics.report("unknown-fact", inner.mark, suggestion=meant, name=f"{path}.{name}")
    return mapped


def _require_fit(kind: Kind, section: MappedSection, diagnostics: Diagnostics) -> None:
    """Only an amount stands in minor units, of a currency that is said; only a time is written as one."""
    if section.minor and section.currency is None:
        diagnostics.report("missing-key", section.mark, key="currency")
    for field, is_said, name in (("minor", section.minor, "money"), ("instant", section.instant, "datetime")):
        if is_said and kind.name != name and not kind.is_broken:
            diagnostics.report("misplaced-bound", section.mark_of(field), field=field, kind=kind.word)


def _require_path(written: Written, diagnostics: Diagnostics) -> None:
    try:
        compile_path(written.text)
    except PathError as problem:
        name = "refused-path" if problem.refused else "malformed-path"
        diagnostics.report(name, written.mark, text=problem.refused or written.text, problem=str(problem))

"""Owns linking the words of a pack: reasons, codes, parties, channels, types of customers, roles."""

from collections.abc import Mapping

from csflow.definitions.sections import (
    ChannelsDocument,
    CodesDocument,
    CustomerTypesDocument,
    PartiesDocument,
    ReasonsDocument,
    ReasonSection,
    RolesDocument,
    RoleSection,
    SymbolSection,
)
from csflow.diagnostics import Diagnostics, nearest
from csflow.loading.documents import Documents
from csflow.loading.kinds import decode
from csflow.loading.ordering import Circle, in_order
from csflow.pack.model import Code, Reason, Role, Symbol
from csflow.values import kinds as k

_NOBODY = "unknown"


def link_reasons(documents: Documents) -> dict[str, Reason]:
    """The tree of reasons; a liability holds for everything below that says nothing else."""
    reasons: dict[str, Reason] = {}
    for document in documents.of(ReasonsDocument):
        for name, section in document.reasons.items():
            _add_reasons(reasons, documents, name, section, None, _NOBODY)
    return reasons


def _add_reasons(
    reasons: dict[str, Reason],
    documents: Documents,
    name: str,
    section: ReasonSection,
    parent: str | None,
    liability: str,
) -> None:
    """A reason and all below it."""
    liability = section.liability or liability
    if documents.is_new("reason", name, section.mark):
        reasons[name] = Reason(name, parent, liability, section.mark, section.title)
    for below, inner in section.under.items():
        _add_reasons(reasons, documents, below, inner, name, liability)


def subtrees(reasons: Mapping[str, Reason]) -> dict[str, tuple[str, ...]]:
    """For each reason code, itself and all below it."""
    found: dict[str, list[str]] = {code: [] for code in reasons}
    for code in reasons:
        above: str | None = code
        while above is not None:
            found[above].append(code)
            above = reasons[above].parent
    return {code: tuple(sorted(below)) for code, below in found.items()}


def link_codes(documents: Documents, diagnostics: Diagnostics) -> dict[str, Code]:
    """The answer codes with their alternatives, which must be codes, too."""
    sections = {
        name: section
        for document in documents.of(CodesDocument)
        for name, section in document.codes.items()
        if documents.is_new("code", name, section.mark)
    }
    for section in sections.values():
        for written in section.alternatives:
            if written.text not in sections:
                diagnostics.report(
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


def link_parties(documents: Documents, diagnostics: Diagnostics) -> dict[str, Symbol]:
    """The pack's own parties; one of csflow's may not be declared anew."""
    given = [(name, each) for document in documents.of(PartiesDocument) for name, each in document.parties.items()]
    for name, section in given:
        if name in k.PARTY.symbols:
            diagnostics.report("built-in-party", section.mark, name=name)
    return _symbols("party", given, documents)


def link_channels(documents: Documents) -> dict[str, Symbol]:
    given = [(name, each) for document in documents.of(ChannelsDocument) for name, each in document.channels.items()]
    return _symbols("channel", given, documents)


def link_customer_types(documents: Documents) -> dict[str, Symbol]:
    given = [
        (name, each)
        for document in documents.of(CustomerTypesDocument)
        for name, each in document.customer_types.items()
    ]
    return _symbols("customer_type", given, documents)


def _symbols(space: str, given: list[tuple[str, SymbolSection]], documents: Documents) -> dict[str, Symbol]:
    return {
        name: Symbol(name, section.mark, section.title)
        for name, section in given
        if documents.is_new(space, name, section.mark)
    }


def link_roles(documents: Documents, currency: str, diagnostics: Diagnostics) -> dict[str, Role]:
    """The ladder: each role after the one it is above, with what it may approve."""
    sections = {
        name: section
        for document in documents.of(RolesDocument)
        for name, section in document.roles.items()
        if documents.is_new("role", name, section.mark)
    }
    order = in_order({name: _below(section, sections, diagnostics) for name, section in sections.items()})
    if isinstance(order, Circle):
        diagnostics.report("circular-role", sections[order.names[0]].mark, names=" → ".join(order.names))
        return {}
    roles: dict[str, Role] = {}
    for name in order:
        section = sections[name]
        above = section.above.text if section.above is not None and section.above.text in sections else None
        below = roles[above].authority if above else 0
        roles[name] = Role(name, above, _authority(section, below, currency, diagnostics), section.mark, section.title)
    return roles


def _below(section: RoleSection, sections: Mapping[str, RoleSection], diagnostics: Diagnostics) -> tuple[str, ...]:
    if section.above is None:
        return ()
    if section.above.text not in sections:
        meant = nearest(section.above.text, sections)
        diagnostics.report(
            "unknown-symbol", section.above.mark, suggestion=meant, symbol=section.above.text, kind=k.Kind("role").word
        )
        return ()
    return (section.above.text,)


def _authority(section: RoleSection, below: int, currency: str, diagnostics: Diagnostics) -> int:
    """What a role may approve: at least what those below it may."""
    if section.approves is None:
        return below
    kind = k.Kind("money", currency=currency, low=0)
    held = decode(kind, section.approves.text, section.approves.mark, diagnostics)
    if held is None:
        return below
    if held < below:
        diagnostics.report("authority-below", section.approves.mark, text=section.approves.text)
    return int(held)

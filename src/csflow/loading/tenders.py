"""Owns linking the tenders of a settlement: which are money, which go back in kind, and which words contradict."""

from collections.abc import Iterator, Mapping

from csflow.definitions.sections import TenderSection
from csflow.diagnostics import Diagnostics
from csflow.pack.model import TenderKind
from csflow.values.rounding import Rounding


def link_tenders(sections: Mapping[str, TenderSection], diagnostics: Diagnostics) -> dict[str, TenderKind]:
    """Every form of payment of a settlement, by name."""
    return {name: _link(name, section, diagnostics) for name, section in sections.items()}


def _link(name: str, section: TenderSection, diagnostics: Diagnostics) -> TenderKind:
    for key, other in _contradictions(section):
        diagnostics.report("misplaced-key", section.mark_of(key), key=key, other=other)
    return TenderKind(
        name=name,
        cash=section.cash,
        in_kind=None if section.in_kind is None else Rounding(section.in_kind.rounding),
        indivisible=section.indivisible,
        mark=section.mark,
        title=section.title,
    )


def _contradictions(section: TenderSection) -> Iterator[tuple[str, str]]:
    """Keys that would say two things of one tender: what is money has no units, and what is whole is not rounded."""
    if section.in_kind is not None and section.cash:
        yield "in_kind", "cash"
    if section.indivisible and section.cash:
        yield "indivisible", "cash"
    if section.indivisible and section.in_kind is not None:
        yield "indivisible", "in_kind"

"""Owns linking the tenders of a settlement: how each goes back, what is asked about it, and which words contradict."""

from collections.abc import Iterator, Mapping

from csflow.definitions.sections import TenderSection
from csflow.diagnostics import Diagnostics
from csflow.expressions.syntax import Syntax
from csflow.pack.model import TenderKind
from csflow.values import kinds as k
from csflow.values.kinds import Kind
from csflow.values.rounding import Rounding

EXPIRED = Kind("enum", symbols=("reissued", "lapsed"))


def link_tenders(sections: Mapping[str, TenderSection], diagnostics: Diagnostics) -> dict[str, TenderKind]:
    """Every form of payment of a settlement, by name."""
    return {name: _link(name, section, diagnostics) for name, section in sections.items()}


def asked_of_tenders(sections: Mapping[str, TenderSection]) -> Iterator[tuple[str, Syntax, Kind]]:
    """What the terms are asked about tenders, and of which kind each answer is."""
    for name, section in sections.items():
        if section.rail is not None and section.rail.within is not None:
            yield f"within.{name}", section.rail.within, k.DAYS
        if section.rail is not None and section.rail.refunds is not None:
            yield f"refunds.{name}", section.rail.refunds, k.INT
        if section.expired is not None:
            yield f"expired.{name}", section.expired, EXPIRED
        if section.validity is not None:
            yield f"validity.{name}", section.validity, k.DAYS


def _link(name: str, section: TenderSection, diagnostics: Diagnostics) -> TenderKind:
    for key, other in _contradictions(section):
        diagnostics.report("misplaced-key", section.mark_of(key), key=key, other=other)
    if section.validity is not None and section.expired is None:
        diagnostics.report("missing-key", section.mark_of("validity"), key="expired")
    if section.rail is not None and section.rail.within is None and section.rail.refunds is None:
        diagnostics.report("missing-key", section.mark_of("rail"), key="within")
    return TenderKind(
        name=name,
        cash=section.cash,
        in_kind=None if section.in_kind is None else Rounding(section.in_kind.rounding),
        indivisible=section.indivisible,
        choosable=section.choosable,
        timed=section.rail is not None and section.rail.within is not None,
        expires=section.expired is not None,
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
    if section.choosable and (section.in_kind is not None or section.indivisible):
        yield "choosable", "in_kind" if section.in_kind is not None else "indivisible"
    if section.expired is not None and section.cash:
        yield "expired", "cash"

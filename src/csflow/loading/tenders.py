"""Owns linking the tenders of a settlement: how each goes back, what is asked about it, and which words contradict.

What is asked is a decision of its own, so that it need not be known where an order was paid otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from csflow.definitions.sections import TenderSection
from csflow.diagnostics import Diagnostics
from csflow.expressions.elaborating import Scope
from csflow.loading.questions import Heading, asked, question
from csflow.pack.model import Decision, TenderKind
from csflow.values import kinds as k
from csflow.values.kinds import Kind
from csflow.values.rounding import Rounding

EXPIRED = Kind("enum", symbols=("reissued", "lapsed"))


def link_tenders(
    sections: Mapping[str, TenderSection], settlement: Heading, scope: Scope, diagnostics: Diagnostics
) -> dict[str, TenderKind]:
    """Every form of payment of a settlement, by name."""
    return {name: _link(name, section, settlement, scope, diagnostics) for name, section in sections.items()}


def _link(name: str, section: TenderSection, settlement: Heading, scope: Scope, diagnostics: Diagnostics) -> TenderKind:
    for key, other in _contradictions(section):
        diagnostics.report("misplaced-key", section.mark_of(key), key=key, other=other)
    heading = replace(settlement, name=f"{settlement.name}.tenders.{name}", mark=section.mark)
    return TenderKind(
        name=name,
        cash=section.cash,
        in_kind=None if section.in_kind is None else Rounding(section.in_kind.rounding),
        indivisible=section.indivisible,
        choosable=section.choosable,
        rail=_rail(section, heading, scope, diagnostics),
        expiry=_expiry(section, heading, scope, diagnostics),
        mark=section.mark,
        title=section.title,
    )


def _rail(section: TenderSection, heading: Heading, scope: Scope, diagnostics: Diagnostics) -> Decision | None:
    """How long, and how often, it can be paid back the way it came."""
    rail = section.rail
    if rail is None:
        return None
    written = {"within": (rail.within, k.DAYS), "refunds": (rail.refunds, k.INT)}
    answers = [
        asked(name, syntax, kind, scope, diagnostics) for name, (syntax, kind) in written.items() if syntax is not None
    ]
    if not answers:
        diagnostics.report("missing-key", section.mark_of("rail"), key="within")
    return question(replace(heading, name=f"{heading.name}.rail", rule="rail"), answers)


def _expiry(section: TenderSection, heading: Heading, scope: Scope, diagnostics: Diagnostics) -> Decision | None:
    """What becomes of it once it has expired, and for how long one that is issued again is valid."""
    if section.expired is None:
        if section.validity is not None:
            diagnostics.report("missing-key", section.mark_of("validity"), key="expired")
        return None
    answers = [asked("expired", section.expired, EXPIRED, scope, diagnostics)]
    if section.validity is not None:
        answers.append(asked("validity", section.validity, k.DAYS, scope, diagnostics))
    return question(replace(heading, name=f"{heading.name}.expiry", rule="expiry"), answers)


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

"""Owns what a handbook says of amounts beside a refund: paid besides, withheld, claimed, and what else is done."""

from collections.abc import Callable, Iterator

from csflow.expressions.terms import Term
from csflow.pack.model import Beside, Decision, Denial, EarnedUnits, HostEffect, NamedAmount, Settlement
from csflow.reports.book.page import Page
from csflow.reports.html import Content, Element, element

Told = Callable[[Term], Content]
Sourced = Callable[[str | None, Term], str | None]


def beside(page: Page, settlement: Settlement, told: Told, sourced: Sourced) -> list[Element]:
    """A list of what the settlement refuses, one for each sort of amount that it names, of units and effects."""
    parts: list[Element] = []
    if settlement.denials:
        denials = [(_title(page, each), _denial(page, each, told)) for each in settlement.denials]
        parts += [element("h4", page.word("amounts_denials")), page.terms(*denials)]
    for role in Beside:
        amounts = [each for each in settlement.amounts if each.role is role]
        if amounts:
            pairs = [(_title(page, each), _amount(page, each, told, sourced)) for each in amounts]
            parts += [element("h4", page.word(f"amounts_{role.value}")), page.terms(*pairs)]
    if settlement.earned:
        earned = [(_title(page, each), _earned(page, each, told)) for each in settlement.earned]
        parts += [element("h4", page.word("amounts_earned")), page.terms(*earned)]
    if settlement.effects:
        effects = [(_title(page, each), _effect(page, each)) for each in settlement.effects]
        parts += [element("h4", page.word("amounts_effects")), page.terms(*effects)]
    return parts


def _amount(page: Page, amount: NamedAmount, told: Told, sourced: Sourced) -> list[Content]:
    term = dict(amount.decision.rules[0].outputs)["amount"]
    source = sourced(amount.because.in_language(page.language) if amount.because else None, term)
    lines: list[Content] = [element("p", told(term)), *_when(page, amount.decision, amount.concerned)]
    if amount.approval is not None:
        lines.append(element("p", [page.word("amount_held"), *_approval(page, amount.approval, told)]))
    lines.append(page.source(source, None) or element("p", page.word("unsourced"), class_="source"))
    return lines


def _denial(page: Page, denial: Denial, told: Told) -> list[Content]:
    code = dict(denial.decision.rules[0].outputs)["code"]
    because = denial.because.in_language(page.language) if denial.because else None
    lines: list[Content] = [element("p", page.word("denial_concerned"))] if denial.concerned else []
    lines.append(
        element("p", [page.word("amount_when"), page.set(page.speaker.bare(denial.decision.rules[0].condition))])
    )
    lines.append(element("p", [page.word("denial_code"), told(code)]))
    lines.append(page.source(because, None) or element("p", page.word("unsourced"), class_="source"))
    return lines


def _earned(page: Page, earned: EarnedUnits, told: Told) -> list[Content]:
    answers = dict(earned.decision.rules[0].outputs)
    because = earned.because.in_language(page.language) if earned.because else None
    lines: list[Content] = [element("p", [page.word("earned_units"), told(answers["units"])])]
    lines.append(element("p", page.word("earned_kept")))
    if "charged" in answers:
        lines.append(element("p", [page.word("earned_charged"), told(answers["charged"])]))
    lines += _when(page, earned.decision, earned.concerned)
    lines.append(page.source(because, None) or element("p", page.word("unsourced"), class_="source"))
    return lines


def _approval(page: Page, approval: Decision, told: Told) -> Iterator[Content]:
    """Who has to agree: the role that an expression gives, a human being, or both."""
    answers = dict(approval.rules[0].outputs)
    asked = [told(answers["role"])] if "role" in answers else []
    if "confirmed" in answers:
        asked.append(page.word("amount_confirmed"))
    yield page.listed(asked)


def _effect(page: Page, effect: HostEffect) -> list[Content]:
    because = effect.because.in_language(page.language) if effect.because else None
    source = page.source(because, None) or element("p", page.word("unsourced"), class_="source")
    return [element("p", page.word(f"effect_of_{effect.of}")), *_when(page, effect.decision, effect.concerned), source]


def _when(page: Page, decision: Decision, concerned: bool) -> Iterator[Element]:
    """When it is asked at all: where the claim concerns it, where a condition holds, or both."""
    if concerned:
        yield element("p", page.word("amount_concerned"))
    if decision.otherwise is not None:
        yield element("p", [page.word("amount_when"), page.set(page.speaker.bare(decision.rules[0].condition))])


def _title(page: Page, part: Denial | NamedAmount | EarnedUnits | HostEffect) -> str:
    return page.title(part.title, part.name)

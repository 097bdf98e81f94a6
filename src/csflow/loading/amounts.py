"""Owns linking what a settlement names beside the refund: amounts, effects for a host, and who has to agree."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from csflow.definitions.amounts import (
    AdditionSection,
    AmountSection,
    ApprovalSection,
    BudgetSection,
    DenialSection,
    EarnedSection,
    EffectSection,
    GrantSection,
    RecourseSection,
    ShareSection,
)
from csflow.definitions.reading import Written
from csflow.diagnostics import Diagnostics, Mark, Phrase, nearest
from csflow.expressions import Elaborator
from csflow.expressions.syntax import Name, Syntax
from csflow.expressions.terms import Reference, Space, Term
from csflow.loading.kinds import Kinds
from csflow.loading.questions import Asked, Heading, asked, question
from csflow.loading.scopes import RuleScope
from csflow.loading.shares import Shares
from csflow.pack.model import Beside, Decision, Denial, EarnedUnits, HostEffect, NamedAmount, Output
from csflow.values import kinds as k
from csflow.values.kinds import Kind

AMOUNT, FORM, CODE, ROLE, CONFIRMED = "amount", "form", "code", "role", "confirmed"
UNITS, BALANCE, CHARGED = "units", "balance", "charged"
AT_MOST, WITHIN = "budget.at_most", "budget.within"
APPROVAL = "approval"


class Amounts:
    """Links the named parts of one settlement, whose questions are named after it."""

    def __init__(
        self, settlement: str, governed_by: str | None, kinds: Kinds, scope: RuleScope, diagnostics: Diagnostics
    ) -> None:
        self._settlement = settlement
        self._governed_by = governed_by
        self._kinds = kinds
        self._scope = scope
        self._diagnostics = diagnostics
        # A claim names what it concerns: no two parts have one name.
        self._marks: dict[str, Mark] = {}

    def of(self, sections: Mapping[Beside, Mapping[str, GrantSection]]) -> tuple[NamedAmount, ...]:
        return tuple(
            self._amount(role, name, section) for role, named in sections.items() for name, section in named.items()
        )

    def denials(self, sections: Mapping[str, DenialSection]) -> tuple[Denial, ...]:
        return tuple(self._denial(name, section) for name, section in sections.items())

    def earned(self, sections: Mapping[str, EarnedSection]) -> tuple[EarnedUnits, ...]:
        return tuple(self._earned(name, section) for name, section in sections.items())

    def effects(self, sections: Mapping[str, EffectSection]) -> tuple[HostEffect, ...]:
        return tuple(self._effect(name, section) for name, section in sections.items())

    def approval(self, section: ApprovalSection | None, of: str | None = None) -> Decision | None:
        """What is asked about who has to agree: to the whole plan, or to one amount."""
        if section is None:
            return None
        answers: list[Asked] = []
        if of is None:
            self._require_new(APPROVAL, section.mark)
        if section.role is not None:
            role = self._kinds.vocabulary("role")
            term, optional = Elaborator(self._scope, self._diagnostics).value(section.role, role)
            answers.append((Output(ROLE, role, optional, section.role.mark), term))
        if section.confirmed is not None:
            answers.append(asked(CONFIRMED, section.confirmed, k.BOOL, self._scope, self._diagnostics))
        if not answers:
            self._diagnostics.report("missing-key", section.mark, key=ROLE)
        name = APPROVAL if of is None else f"{of}.{APPROVAL}"
        return question(self._heading(name, section.mark), answers, self._condition(section.when))

    def _denial(self, name: str, section: DenialSection) -> Denial:
        """Its name may be that of an amount, too: a claim that concerns the amount is then denied it."""
        heading = self._heading(f"denials.{name}", section.mark, section.title, section.because)
        answers = [asked(CODE, section.code, self._kinds.vocabulary("code"), self._scope, self._diagnostics)]
        decision = question(replace(heading, rule=name), answers, self._condition(section.when))
        return Denial(name, decision, _concerned(section), section.mark, section.title, section.because)

    def _amount(self, role: Beside, name: str, section: GrantSection) -> NamedAmount:
        self._require_new(name, section.mark)
        condition = section.when if isinstance(section, AmountSection) else None
        added = section if isinstance(section, AdditionSection) else None
        shares = self.shares(added.shares if added else {})
        approval = self.approval(section.approval, name)
        payer = self._party(section.payer) if isinstance(section, RecourseSection) else None
        budget = added.budget if added else None
        heading = self._heading(name, section.mark, section.title, section.because)
        answers = [self._due(section.amount), *shares.asked, *self._budget(budget)]
        if added is not None and added.form is not None:
            answers.append(asked(FORM, added.form, k.FORM, self._scope, self._diagnostics))
        return NamedAmount(
            name=name,
            role=role,
            decision=question(heading, answers, self._condition(condition)),
            # A grant is for a line, and only a claim says which.
            concerned=not isinstance(section, AmountSection) or _concerned(section),
            shares=shares.parts,
            payer=payer,
            budgeted=budget is not None,
            approval=approval,
            mark=section.mark,
            title=section.title,
            because=section.because,
        )

    def shares(self, sections: Mapping[str, ShareSection]) -> Shares:
        return Shares(sections, self._kinds.vocabulary("party"), self._scope, self._kinds.currency, self._diagnostics)

    def _earned(self, name: str, section: EarnedSection) -> EarnedUnits:
        self._require_new(name, section.mark)
        heading = self._heading(name, section.mark, section.title, section.because)
        written = {UNITS: (section.units, k.INT), BALANCE: (section.balance, k.INT)}
        if section.charged is not None:
            written[CHARGED] = section.charged, k.money(self._kinds.currency)
        answers = [asked(each, *said, self._scope, self._diagnostics) for each, said in written.items()]
        decision = question(heading, answers, self._condition(section.when))
        return EarnedUnits(name, decision, _concerned(section), section.mark, section.title, section.because)

    def _effect(self, name: str, section: EffectSection) -> HostEffect:
        self._require_new(name, section.mark)
        heading = self._heading(name, section.mark, section.title, section.because)
        decision = question(heading, [], self._condition(section.when))
        title, because = section.title, section.because
        return HostEffect(name, decision, _concerned(section), section.of, section.mark, title, because)

    def _due(self, syntax: Syntax) -> Asked:
        """The amount, absent where nothing is due; or the options of a decision, of which the claim chooses one."""
        money = k.money(self._kinds.currency)
        found = self._scope.find(syntax.path, syntax.mark) if isinstance(syntax, Name) else None
        if isinstance(found, Reference) and _has_options(found, money):
            return Output(AMOUNT, found.kind, True, syntax.mark), found
        term, _ = Elaborator(self._scope, self._diagnostics).value(syntax, money)
        return Output(AMOUNT, money, True, syntax.mark), term

    def _budget(self, section: BudgetSection | None) -> Iterator[Asked]:
        if section is not None:
            money = k.money(self._kinds.currency)
            yield asked(AT_MOST, section.at_most, money, self._scope, self._diagnostics)
            yield asked(WITHIN, section.within, k.DAYS, self._scope, self._diagnostics)

    def _condition(self, syntax: Syntax | None) -> Term | None:
        return None if syntax is None else Elaborator(self._scope, self._diagnostics).condition(syntax)

    def _heading(self, name: str, mark: Mark, title: Phrase | None = None, because: Phrase | None = None) -> Heading:
        return Heading(f"settlement.{self._settlement}.{name}", name, self._governed_by, mark, title, because)

    def _require_new(self, name: str, mark: Mark) -> None:
        first = self._marks.setdefault(name, mark)
        if first is not mark:
            self._diagnostics.report("duplicate-definition", mark, name=name, file=first.path, line=first.line)

    def _party(self, written: Written) -> str:
        party = self._kinds.vocabulary("party")
        if written.text not in party.symbols:
            meant = nearest(written.text, party.symbols)
            self._diagnostics.report(
                "unknown-symbol", written.mark, suggestion=meant, symbol=written.text, kind=party.word
            )
        return written.text


def _has_options(found: Reference, kind: Kind) -> bool:
    """Whether it is an output with options: a fact, or the records of a decision, may have such fields, too."""
    value = found.kind.member("value")
    is_output = found.space is Space.DECISION and "." in found.name
    return is_output and value is not None and k.fits(value.kind, kind)


def _concerned(section: AmountSection | DenialSection | EarnedSection | EffectSection) -> bool:
    return section.when is None if section.concerned is None else section.concerned

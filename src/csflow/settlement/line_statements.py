"""Owns how what stands beside a refund is told: as JSON for programs, and as lines of a statement."""

from collections.abc import Callable, Iterator
from typing import Any

from csflow.diagnostics import Word
from csflow.pack.model import EarnedUnits, HostEffect, NamedAmount, Settlement
from csflow.settlement.approvals import Held
from csflow.settlement.effects import reports_of
from csflow.settlement.lines import MONEY, SUBSIDIES
from csflow.settlement.planning import Plan
from csflow.values.kinds import FORM, PARTY


def document_of_lines(plan: Plan, money: Callable[[int], Any]) -> dict[str, Any]:
    """The named parts of a plan; `money` writes minor units."""
    return {
        "grants": [{"name": name, "amount": money(part)} for name, part in plan.grants.items()],
        "withheld": [{"name": name, "amount": money(part)} for name, part in plan.withheld.items()],
        "withheld_before": money(plan.withheld_before),
        "additions": [
            {
                "name": each.name,
                "amount": money(each.amount),
                "form": each.form,
                "borne": [{"party": party, "amount": money(part)} for party, part in each.borne.items()],
                "key": each.key,
            }
            for each in plan.additions
        ],
        "recourse": [
            {"name": each.name, "from": each.payer, "amount": money(each.amount), "key": each.key}
            for each in plan.recourse
        ],
        "entries": [
            {
                "name": entry.name,
                "postings": [{"account": each.account, "amount": money(each.amount)} for each in entry.postings],
            }
            for entry in plan.entries
        ],
        "taken": [
            {
                "name": each.name,
                "units": each.units,
                "short": each.short,
                "charged": money(each.charged),
                "key": each.key,
                **reports_of(each.name),
            }
            for each in plan.taken
        ],
        "effects": [
            {
                "name": each.name,
                "of": each.of,
                "amount": None if each.amount is None else money(each.amount),
                "key": each.key,
                "done": each.done,
                "failed": each.failed,
            }
            for each in plan.effects
        ],
        "held_for": [{"of": each.of, "role": each.role, "confirmed": each.confirmed} for each in plan.held_for],
        "budgets": {name: budget.to_json() for name, budget in plan.budgets.items()},
    }


class LineTeller:
    """The lines of a statement about one plan, in one language."""

    def __init__(self, settlement: Settlement, plan: Plan, money: Callable[[int], str], language: str) -> None:
        self._parts: dict[str, NamedAmount | EarnedUnits | HostEffect] = {
            each.name: each for each in settlement.amounts
        }
        self._parts |= {each.name: each for each in settlement.earned}
        self._parts |= {each.name: each for each in settlement.effects}
        self._settlement = settlement
        self._plan = plan
        self._money = money
        self._language = language

    def granted(self) -> Iterator[str]:
        """What of the refund now is given for lines that stay, by name."""
        for name, part in self._plan.grants.items():
            yield self._say("granted", name=self._name(name), amount=self._money(part))

    def withheld(self) -> Iterator[str]:
        if self._plan.withheld_before:
            yield self._say("withheld_before", amount=self._money(-self._plan.withheld_before))
        for name, part in self._plan.withheld.items():
            yield self._say("withheld" if part > 0 else "released", name=self._name(name), amount=self._money(-part))

    def beside(self) -> Iterator[str]:
        """What is paid outside the refund, claimed from others, taken back, and to be done."""
        plan = self._plan
        for addition in plan.additions:
            name, amount = self._name(addition.name), self._money(addition.amount)
            form = FORM.title_of(addition.form, self._language)
            said = "addition" if addition.form == MONEY else "addition_as"
            yield self._say(said, name=name, amount=amount, form=form)
            for party, part in addition.borne.items():
                yield self._say("borne", party=self._party(party), amount=self._money(part))
        for claim in plan.recourse:
            party, amount = self._party(claim.payer), self._money(claim.amount)
            yield self._say("recourse", name=self._name(claim.name), party=party, amount=amount)
        for entry in plan.entries:
            if entry.name == SUBSIDIES:
                yield from (
                    self._say("subsidy", party=self._party(each.account), amount=self._money(each.amount))
                    for each in entry.postings
                )
        yield from self._taken()
        for effect in plan.effects:
            told = "" if effect.amount is None else self._money(effect.amount)
            yield self._say("effect_about" if told else "effect", name=self._name(effect.name), amount=told)
        yield from self._held()

    def _taken(self) -> Iterator[str]:
        for taken in self._plan.taken:
            yield self._say("taken", name=self._name(taken.name), units=str(taken.units))
            if taken.short:
                yield self._say("charged" if taken.charged else "short", units=str(taken.short))

    def _held(self) -> Iterator[str]:
        for held in self._plan.held_for:
            name = self._say("all") if held.of is None else self._title(held.of)
            if held.role is not None:
                yield self._say("held_for", name=name, role=self._role(held))
            if held.confirmed:
                yield self._say("held_for_a_person", name=name)

    def _name(self, name: str) -> str:
        """The title of a part, with its source."""
        title, source = self._title(name), self._part(name).because
        if source is None:
            return title
        return self._say("sourced", title=title, source=source.in_language(self._language))

    def _title(self, name: str) -> str:
        title = self._part(name).title
        return title.in_language(self._language) if title else name

    def _part(self, label: str) -> NamedAmount | EarnedUnits | HostEffect:
        """The part of the settlement that was booked under a label: its name, and an event where there are several."""
        return self._parts[label.partition("/")[0]]

    def _role(self, held: Held) -> str:
        part = None if held.of is None else self._part(held.of)
        asked = part.approval if isinstance(part, NamedAmount) else self._settlement.approval
        assert asked is not None and held.role is not None
        return asked.outputs["role"].kind.title_of(held.role, self._language)

    def _party(self, party: str) -> str:
        return PARTY.title_of(party, self._language)

    def _say(self, key: str, **shown: str) -> str:
        return Word(f"quote.{key}").in_language(self._language).format(**shown)

"""Owns how a failed test of a settlement is told: amounts side by side, and the statement of a refund."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Word
from csflow.settlement import Quote
from csflow.settlement.cases import (
    ADDITIONS,
    BORNE,
    GRANTS,
    LIMIT,
    MISSING,
    OUTCOME,
    REASON,
    REFUSAL,
    STATUS,
    TAKEN,
    WITHHELD,
)
from csflow.testing.quoting import QuoteResult
from csflow.testing.telling import Teller
from csflow.values.kinds import PARTY
from csflow.values.money import Money

_GAP = "  "


@dataclass(frozen=True, slots=True)
class QuoteDifferences:
    """What differs, in a line: `第 2 步退款应为「96.67 CNY」，实为「96.66 CNY」`."""

    result: QuoteResult

    def in_language(self, language: str) -> str:
        return _QuoteTeller(self.result, language).in_a_line()


@dataclass(frozen=True, slots=True)
class QuoteDetails:
    """Expected and actual side by side, what the first step that differs was given, and its statement."""

    result: QuoteResult

    def in_language(self, language: str) -> str:
        return _QuoteTeller(self.result, language).whole()


class _QuoteTeller(Teller):
    def __init__(self, result: QuoteResult, language: str) -> None:
        super().__init__(result.pack, language)
        self._result = result
        self._settlement = result.pack.settlements[result.case.settlement]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        for difference in self._result.differences:
            expected = difference.expected
            title = self._word("step").format(step=difference.step, part=self._part(expected.part))
            yield title, self._value(expected.part, expected.value), self._value(expected.part, difference.actual)

    def given(self) -> Iterator[str]:
        case, step = self._result.case, self._result.case.steps[self._first - 1]
        return self._given(step.facts, step.at, case.parameters)

    def why(self) -> Iterator[str]:
        yield self._word("why_step").format(step=self._first) + self._colon
        quote: Quote = self._result.quotes[self._first - 1]
        yield from (_GAP + line for line in quote.explain(self._language).splitlines())

    @property
    def _first(self) -> int:
        return self._result.differences[0].step

    def _part(self, part: str) -> str:
        group, _, name = part.partition(".")
        title = self._word(group)
        if group == BORNE and name:
            return self._pair(title, self._party(name))
        if group in (GRANTS, ADDITIONS, WITHHELD, TAKEN) and name:
            titles = {each.name: each.title for each in self._settlement.amounts}
            titles |= {each.name: each.title for each in self._settlement.earned}
            return self._pair(title, self._title(titles[name], name))
        if name:
            tenders = self._result.case.ledger.order.tenders
            id = tenders[int(name)].id if group == OUTCOME else name
            return self._pair(title, self._tender(id))
        return title

    def _tender(self, id: str) -> str:
        kind = next(tender.kind for tender in self._result.case.ledger.order.tenders if tender.id == id)
        return f"{self._title(self._settlement.tenders[kind].title, kind)} ({id})"

    def _party(self, name: str) -> str:
        own = self._pack.parties.get(name)
        title = own.title.in_language(self._language) if own and own.title else PARTY.title_of(name, self._language)
        return title if title == name else f"{title} ({name})"

    def _value(self, part: str, value: Any) -> str:
        if value is None:
            return self._word("nothing")
        match part.partition(".")[0]:
            case word if word == STATUS:
                return f"{Word(f'status.{value}').in_language(self._language)} ({value})"
            case word if word == MISSING:
                return self._listed(value, str)
            case word if word in (REFUSAL, REASON, TAKEN):
                return str(value)
            case word if word == OUTCOME:
                return f"{self._word(value)} ({value})"
            case word if word == LIMIT:
                is_count, limit = value
                return str(limit) if is_count else self._money(limit)
        return self._money(value)

    def _money(self, minor: int) -> str:
        return str(Money.from_minor(minor, self._pack.currency))

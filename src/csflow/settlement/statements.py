"""Owns how a quote is told: as JSON for programs, and as a statement that a person reads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from csflow.diagnostics import Word
from csflow.settlement.planning import COUNTED, Plan, Refusal
from csflow.values.kinds import PARTY
from csflow.values.money import Money

if TYPE_CHECKING:
    from csflow.settlement.quoting import Quote

FORMAT_VERSION = 1


def document_of(quote: "Quote") -> dict[str, Any]:
    """The document of `quote --format json`: money as amount and currency, never a float."""
    return {
        "format_version": FORMAT_VERSION,
        "settlement": quote.settlement.name,
        "status": quote.status,
        "order": quote.ledger.order.id,
        "ledger": quote.ledger.digest,
        "plan": None if quote.plan is None else _plan(quote, quote.plan),
        "refusal": None if quote.refusal is None else _refusal(quote, quote.refusal),
        "terms": [answer.to_json() for answer in quote.terms],
    }


def _plan(quote: "Quote", plan: Plan) -> dict[str, Any]:
    def money(minor: int) -> dict[str, str]:
        return Money.from_minor(minor, quote.ledger.order.currency).to_json()

    lines = quote.ledger.order.lines
    return {
        "number": plan.number,
        "amount": money(plan.amount),
        "customer_owes": money(plan.customer_owes),
        "due": {
            "goods": [
                {"line": line.id, "amount": money(part)} for line, part in zip(lines, plan.due.goods, strict=True)
            ],
            "freight": money(plan.due.freight),
            "tax": money(plan.due.tax),
            "threshold_freight": money(plan.due.threshold_freight),
            "total": money(plan.due.total),
        },
        "refunded_before": money(plan.before),
        "refunds": [
            {"tender": each.tender.id, "kind": each.tender.kind, "amount": money(each.amount), "key": each.key}
            for each in plan.refunds
        ],
        "borne": [{"party": party, "amount": money(part)} for party, part in plan.borne.items()],
        "postings": [{"account": each.account, "amount": money(each.amount)} for each in plan.postings],
        "book": plan.book.to_json(),
    }


def _refusal(quote: "Quote", refusal: Refusal) -> dict[str, Any]:
    line = None if refusal.line is None else quote.ledger.order.lines[refusal.line].id
    asked, limit = (_counted(quote, refusal, number) for number in (refusal.asked, refusal.limit))
    return {"code": refusal.code, "line": line, "asked": asked, "limit": limit}


def _counted(quote: "Quote", refusal: Refusal, number: int | None) -> Any:
    """What was asked or may be: a number of units, or money."""
    if number is None or refusal.code in COUNTED:
        return number
    return Money.from_minor(number, quote.ledger.order.currency).to_json()


def statement_of(quote: "Quote", language: str) -> str:
    """The statement of a quote, line by line, in zh-CN, zh-TW or en."""
    return "\n".join(_Statement(quote, language).lines())


class _Statement:
    def __init__(self, quote: "Quote", language: str) -> None:
        self._quote = quote
        self._language = language
        self._currency = quote.ledger.order.currency

    def lines(self) -> Iterator[str]:
        quote = self._quote
        title = quote.settlement.title
        name = title.in_language(self._language) if title else quote.settlement.name
        yield self._say("head", name=name, order=quote.ledger.order.id)
        if quote.refusal is not None:
            yield from self._refused(quote.refusal)
        elif quote.plan is None:
            yield self._say("undecided")
            yield from (answer.explain(self._language) for answer in quote.terms if answer.status != "decided")
        else:
            yield from self._planned(quote.plan)

    def _refused(self, refusal: Refusal) -> Iterator[str]:
        shown = {name: self._amount(refusal, getattr(refusal, name)) for name in ("asked", "limit")}
        line = "" if refusal.line is None else self._quote.ledger.order.lines[refusal.line].id
        yield self._say(f"refused_{refusal.code.replace('.', '_')}", line=line, **shown)

    def _amount(self, refusal: Refusal, number: int | None) -> str:
        if number is None:
            return ""
        return str(number) if refusal.code in COUNTED else self._money(number)

    def _planned(self, plan: Plan) -> Iterator[str]:
        for line, part in zip(self._quote.ledger.order.lines, plan.due.goods, strict=True):
            if part:
                yield self._say("goods" if part > 0 else "lost_offer", line=line.id, amount=self._money(part))
        for name in ("freight", "tax"):
            part = getattr(plan.due, name)
            if part:
                yield self._say(name, amount=self._money(part))
        if plan.due.threshold_freight:
            yield self._say("threshold_freight", amount=self._money(-plan.due.threshold_freight))
        yield self._say("total", amount=self._money(plan.due.total))
        if plan.before:
            yield self._say("before", amount=self._money(plan.before))
        if plan.customer_owes:
            yield self._say("owes", amount=self._money(plan.customer_owes))
        yield self._say("now", amount=self._money(plan.amount))
        for refund in plan.refunds:
            yield self._say("to_tender", tender=self._tender(refund.tender.kind), amount=self._money(refund.amount))
        for party, part in plan.borne.items():
            yield self._say("borne", party=PARTY.title_of(party, self._language), amount=self._money(part))
        yield from self._source()

    def _source(self) -> Iterator[str]:
        because = self._quote.settlement.because
        if because is not None:
            yield self._say("because", source=because.in_language(self._language))

    def _tender(self, kind: str) -> str:
        declared = self._quote.settlement.tenders.get(kind)
        return declared.title.in_language(self._language) if declared and declared.title else kind

    def _money(self, minor: int) -> str:
        return str(Money.from_minor(minor, self._currency))

    def _say(self, key: str, **shown: str) -> str:
        return Word(f"quote.{key}").in_language(self._language).format(**shown)

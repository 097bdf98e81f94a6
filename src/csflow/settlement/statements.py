"""Owns how a quote is told: as JSON for programs, and as a statement that a person reads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from csflow.diagnostics import Word
from csflow.settlement.destinations import Expired
from csflow.settlement.line_statements import LineTeller, document_of_lines
from csflow.settlement.orders import CUSTOMER
from csflow.settlement.payments import Refund
from csflow.settlement.planning import Plan
from csflow.settlement.refusals import COUNTED, Refusal
from csflow.settlement.unit_table import table_lines, to_json
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

    lines, tenders = quote.ledger.order.lines, quote.ledger.order.tenders
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
        "lapsed_before": money(plan.lapsed_before),
        "refunds": [
            {
                "tender": each.tender.id,
                "kind": each.tender.kind,
                "amount": money(each.amount),
                "units": each.units,
                "to": each.to,
                "expired": each.expired,
                "valid_for_days": each.validity,
                "key": each.key,
            }
            for each in plan.refunds
        ],
        "units": [to_json(row, quote.ledger.order) for row in quote.unit_rows],
        "lapsed": [
            {"tender": tenders[each.tender].id, "amount": money(each.amount), "units": each.units}
            for each in plan.lapsed
        ],
        "reversals": [
            {"id": each.surplus.id, "kind": each.surplus.kind, "amount": money(each.surplus.paid), "key": each.key}
            for each in plan.reversals
        ],
        "borne": [{"party": party, "amount": money(part)} for party, part in plan.borne.items()],
        "postings": [{"account": each.account, "amount": money(each.amount)} for each in plan.postings],
        **document_of_lines(plan, money),
        "book": plan.book.to_json(),
    }


def _refusal(quote: "Quote", refusal: Refusal) -> dict[str, Any]:
    line = None if refusal.line is None else quote.ledger.order.lines[refusal.line].id
    asked, limit = (_counted(quote, refusal, number) for number in (refusal.asked, refusal.limit))
    found = {"code": refusal.code, "line": line, "asked": asked, "limit": limit}
    found |= {"name": refusal.name, "choices": list(refusal.choices), "tender": refusal.tender}
    return found | {"reason": refusal.reason}


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
        shown |= {"name": self._named(refusal), "reason": self._reason(refusal), "choices": ", ".join(refusal.choices)}
        tender = refusal.tender or ""
        paid = next((each.kind for each in self._quote.ledger.order.tenders if each.id == tender), tender)
        shown |= {"line": line, "tender": self._tender(paid), "id": tender}
        yield self._say(f"refused_{refusal.code.replace('.', '_')}", **shown)

    def _named(self, refusal: Refusal) -> str:
        """The title of an amount, or of what is denied; the whole refund, where it is about neither."""
        named = refusal.name.partition("/")[0] if refusal.name else None
        settlement = self._quote.settlement
        parts = settlement.amounts if refusal.reason is None else settlement.denials
        title = next((each.title for each in parts if each.name == named), None)
        return title.in_language(self._language) if title else self._say("all")

    def _reason(self, refusal: Refusal) -> str:
        """The title of the code by which something is denied."""
        named = refusal.name.partition("/")[0] if refusal.name else None
        denials = self._quote.settlement.denials
        kinds = (each.decision.outputs["code"].kind for each in denials if each.name == named)
        return next((kind.title_of(refusal.reason, self._language) for kind in kinds if refusal.reason), "")

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
        lines = LineTeller(self._quote.settlement, plan, self._money, self._language)
        yield from lines.withheld()
        if plan.before:
            yield self._say("before", amount=self._money(plan.before))
        if plan.lapsed_before:
            yield self._say("lapsed_before", amount=self._money(plan.lapsed_before))
        if plan.customer_owes:
            yield self._say("owes", amount=self._money(plan.customer_owes))
        yield self._say("now", amount=self._money(plan.amount))
        yield from lines.granted()
        for refund in plan.refunds:
            yield from self._refund(refund)
        for lapsed in plan.lapsed:
            tender = self._quote.ledger.order.tenders[lapsed.tender]
            if tender.funded_by == CUSTOMER:
                yield self._say("lapsed", tender=self._tender(tender.kind), amount=self._money(lapsed.amount))
        tenders = [self._tender(tender.kind) for tender in self._quote.ledger.order.tenders]
        yield from table_lines(self._quote.unit_rows, self._quote.ledger.order, tenders, self._language)
        for each in plan.reversals:
            shown = {"tender": self._tender(each.surplus.kind), "amount": self._money(each.surplus.paid)}
            yield self._say("reversed", id=each.surplus.id, **shown)
        for party, part in plan.borne.items():
            yield self._say("borne", party=PARTY.title_of(party, self._language), amount=self._money(part))
        yield from lines.beside()
        yield from self._source()

    def _refund(self, refund: Refund) -> Iterator[str]:
        shown = {"tender": self._tender(refund.tender.kind), "amount": self._money(refund.amount)}
        if refund.expired is Expired.LAPSED:
            yield self._say("lapsed_to_funder", party=PARTY.title_of(refund.tender.funded_by, self._language), **shown)
        elif refund.to != refund.tender.kind:
            yield self._say("to_other", other=self._tender(refund.to), **shown)
        elif refund.units is None:
            yield self._say("to_tender", **shown)
        else:
            yield self._say("in_units" if refund.units else "not_whole_yet", units=str(refund.units), **shown)
        if refund.expired is Expired.REISSUED:
            yield self._say("reissued" if refund.validity is None else "reissued_for", days=str(refund.validity))

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

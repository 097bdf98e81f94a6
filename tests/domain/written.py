"""Quotes as test data has them: every scalar is text, amounts without their currency, what is nothing left out."""

from typing import Any

from csflow.settlement import Quote


def as_written(quote: Quote) -> dict[str, Any]:
    """A quote as golden files have it: amounts as text in the currency of the order, what is nothing left out."""
    document = quote.to_json()
    plan, refusal = document["plan"], document["refusal"]
    shown: dict[str, Any] = {"status": document["status"]}
    if refusal is not None:
        shown["refusal"] = {key: amount(value) for key, value in refusal.items() if value is not None}
    if quote.missing:
        shown["missing"] = sorted(cause.name for cause in quote.missing)
    if plan is None:
        return shown
    due = plan["due"]
    shown["amount"], owes = amount(plan["amount"]), amount(plan["customer_owes"])
    shown |= {"customer_owes": owes} if quote.plan.customer_owes else {}
    shown["due"] = {each["line"]: amount(each["amount"]) for each in due["goods"]}
    shown["due"] |= {key: amount(due[key]) for key in ("freight", "tax", "threshold_freight")}
    shown["refunds"] = {each["tender"]: amount(each["amount"]) for each in plan["refunds"]}
    counted = {"units": "units", "expired": "expired", "valid_for_days": "valid_for_days"}
    for name, key in counted.items():
        found = {each["tender"]: str(each[key]) for each in plan["refunds"] if each[key] is not None}
        shown |= {name: found} if found else {}
    moved = {each["tender"]: each["to"] for each in plan["refunds"] if each["to"] != each["kind"]}
    shown |= {"to": moved} if moved else {}
    for name, id in (("lapsed", "tender"), ("reversals", "id")):
        found = {each[id]: amount(each["amount"]) for each in plan[name]}
        shown |= {name: found} if found else {}
    shown["borne"] = {each["party"]: amount(each["amount"]) for each in plan["borne"]}
    shown["postings"] = {each["account"]: amount(each["amount"]) for each in plan["postings"]}
    return shown


def amount(part: Any) -> str:
    return part["amount"] if isinstance(part, dict) else str(part)

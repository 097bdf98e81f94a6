"""Quotes as test data has them: every scalar is text, amounts without their currency, what is nothing left out."""

from typing import Any

from csflow.settlement import Quote


def as_written(quote: Quote) -> dict[str, Any]:
    """A quote as golden files have it: amounts as text in the currency of the order, what is nothing left out."""
    document = quote.to_json()
    plan, refusal = document["plan"], document["refusal"]
    shown: dict[str, Any] = {"status": document["status"]}
    if refusal is not None:
        shown["refusal"] = {key: written(value) for key, value in refusal.items() if value not in (None, [])}
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
    shown |= of_tenders(plan) | beside(plan)
    shown["borne"] = {each["party"]: amount(each["amount"]) for each in plan["borne"]}
    shown["postings"] = {each["account"]: amount(each["amount"]) for each in plan["postings"]}
    return shown


def of_tenders(plan: Any) -> dict[str, Any]:
    """What of a plan is said of tenders that are not simply paid back."""
    found: dict[str, Any] = {}
    for key in ("units", "expired", "valid_for_days"):
        found[key] = {each["tender"]: str(each[key]) for each in plan["refunds"] if each[key] is not None}
    found["to"] = {each["tender"]: each["to"] for each in plan["refunds"] if each["to"] != each["kind"]}
    for name, id in (("lapsed", "tender"), ("reversals", "id")):
        found[name] = {each[id]: amount(each["amount"]) for each in plan[name]}
    return {name: part for name, part in found.items() if part}


def beside(plan: Any) -> dict[str, Any]:
    """What of a plan stands beside the refund."""
    found: dict[str, Any] = {}
    for name, key in (
        ("grants", "name"),
        ("additions", "name"),
        ("withheld", "name"),
        ("recourse", "from"),
        ("effects", "name"),
    ):
        found[name] = {each[key]: amount(each["amount"]) for each in plan[name]}
    found["additions_borne"] = {
        each["name"]: {one["party"]: amount(one["amount"]) for one in each["borne"]} for each in plan["additions"]
    }
    found["held_for"] = {each["of"] or "all": holder(each) for each in plan["held_for"]}
    found["taken"] = {each["name"]: str(each["units"]) for each in plan["taken"]}
    found["short"] = {each["name"]: str(each["short"]) for each in plan["taken"] if each["short"]}
    return {name: part for name, part in found.items() if part}


def amount(part: Any) -> str:
    return part["amount"] if isinstance(part, dict) else str(part)


def holder(held: Any) -> str:
    """Who has to agree: a role, and `confirmed` where it has to be a person."""
    return " ".join([held["role"]] * bool(held["role"]) + ["confirmed"] * held["confirmed"])


def written(value: Any) -> Any:
    return [str(each) for each in value] if isinstance(value, list) else amount(value)

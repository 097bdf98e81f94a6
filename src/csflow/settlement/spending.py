"""Owns what additions take from the budgets of a customer: never more than they leave."""

from collections.abc import Mapping, Sequence

from csflow.settlement.budgets import Allowance, Budget, Spent
from csflow.settlement.lines import Addition
from csflow.settlement.refusals import Refusal


def beyond_budget(additions: Sequence[Addition], allowances: Mapping[str, Allowance]) -> Refusal | None:
    """A payment that the customer's budget does not leave is refused, not cut down to what it leaves."""
    used: dict[str, int] = {}
    for each in additions:
        allowed = allowances.get(each.name)
        if allowed is not None:
            left = allowed.left - used.get(allowed.name, 0)
            if each.amount > left:
                return Refusal("budget.exceeded", asked=each.amount, limit=left, name=allowed.name)
            used[allowed.name] = used.get(allowed.name, 0) + each.amount
    return None


def budgets_after(additions: Sequence[Addition], allowances: Mapping[str, Allowance]) -> dict[str, Budget]:
    """The budgets with what is paid from them now, by name."""
    budgets: dict[str, Budget] = {}
    for each in additions:
        allowed = allowances.get(each.name)
        if allowed is not None:
            before = budgets.get(allowed.name, allowed.budget)
            budgets[allowed.name] = before.with_payment(Spent(allowed.at, each.amount, each.key))
    return budgets

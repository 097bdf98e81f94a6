"""Owns why there is no refund: by name, with what was asked and the most that could be."""

from dataclasses import dataclass

# Every name that a refusal may have.
REFUSALS = (
    "ledger_changed",
    "denied",
    "cap.quantity",
    "cap.line",
    "cap.order",
    "rail.closed",
    "rail.partial_count",
    "consent.missing",
    "tender.not_choosable",
    "surplus.reversed",
    "choice.missing",
    "choice.unknown",
    "approval.beyond",
    "budget.exceeded",
    "shares.nobody",
)
# Those whose figures are numbers; of the others they are amounts.
COUNTED = frozenset({"cap.quantity", "rail.closed", "rail.partial_count"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no plan, by name. `limit` is the most that could be asked, in the unit of what was.

    `line` is the place of the line it is about; `name` the amount beside the refund, `choices` what may be chosen of
    it; `tender` the id of a payment, or the kind of tender that was asked for; `reason` the code of the pack by which
    it is denied.
    """

    code: str
    line: int | None = None
    asked: int | None = None
    limit: int | None = None
    name: str | None = None
    choices: tuple[str, ...] = ()
    tender: str | None = None
    reason: str | None = None

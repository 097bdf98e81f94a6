"""Owns why there is no refund: by name, with what was asked and the most that could be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no plan, by name. `limit` is the most that could be asked, in the unit of what was.

    `line` is the place of the line it is about; `name` the amount beside the refund, `choices` what may be chosen of
    it; `tender` the id of a payment, or the kind of tender that was asked for.
    """

    code: str
    line: int | None = None
    asked: int | None = None
    limit: int | None = None
    name: str | None = None
    choices: tuple[str, ...] = ()
    tender: str | None = None

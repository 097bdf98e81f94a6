"""Tables by brute force: what sections 2 and 3 of the semantics say, for small tables, and nothing of the engine.

A truth is True, False or None (not known). A table is data: rules with a condition, what they give and
their exceptions; a condition is a formula over three truths.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

GRADES = ("high", "middle", "low")


@dataclass(frozen=True)
class Row:
    """A rule or an exception; `gives` are a grade and points, of which the points may be left out."""

    id: str
    when: tuple[Any, ...]
    gives: tuple[str, int | None]
    exceptions: tuple["Row", ...] = ()
    rank: int = 0
    layer: tuple[Any, ...] = ("const", True)


@dataclass(frozen=True)
class Table:
    policy: str
    aggregate: str | None
    rows: tuple[Row, ...]
    otherwise: Row | None


def truth(formula: tuple[Any, ...], facts: dict[str, bool | None]) -> bool | None:
    """Kleene's tables: the least of an `and`, the greatest of an `or`, where unknown lies between."""
    match formula:
        case ("const", value):
            return bool(value)
        case ("fact", name):
            return facts[name]
        case ("not", part):
            found = truth(part, facts)
            return None if found is None else not found
        case ("and", *parts):
            values = [truth(part, facts) for part in parts]
            return False if False in values else None if None in values else True
        case ("or", *parts):
            values = [truth(part, facts) for part in parts]
            return True if True in values else None if None in values else False
    raise AssertionError(formula)


def answer(table: Table, facts: dict[str, bool | None]) -> tuple[str, Any]:
    """The status, and what the answer holds: (grade, points), several of them in order, or one number."""
    verdicts = [truth(row.when, facts) for row in table.rows]
    if table.policy == "first":
        hits = []
        for row, verdict in zip(table.rows, verdicts, strict=True):
            if verdict is None:
                return "undecided", None
            if verdict:
                hits = [row]
                break
    else:
        if None in verdicts:
            return "undecided", None
        hits = [row for row, verdict in zip(table.rows, verdicts, strict=True) if verdict]
    if table.policy == "unique" and len(hits) > 1:
        return "conflict", None
    if not hits and table.otherwise is not None:
        status, given = applied(table.otherwise, facts)
        if status != "decided":
            return status, None
        if table.aggregate is not None:
            return "decided", given[1]
        return "decided", [given] if table.policy in ("rule_order", "output_order", "collect") else given
    outcomes = [applied(row, facts) for row in hits]
    for status in ("undecided", "conflict"):
        if any(found == status for found, _ in outcomes):
            return status, None
    return combined(table, [given for _, given in outcomes])


def applied(row: Row, facts: dict[str, bool | None]) -> tuple[str, Any]:
    """What a rule that holds gives: that of its exception, those of higher ranks looked at first."""
    ranked = sorted(row.exceptions, key=lambda exception: exception.rank, reverse=True)
    for _, group in groupby(ranked, key=lambda exception: exception.rank):
        verdicts = [(each, truth(("and", each.layer, each.when), facts)) for each in group]
        if any(verdict is None for _, verdict in verdicts):
            return "undecided", None
        holding = [each for each, verdict in verdicts if verdict]
        if len(holding) > 1:
            return "conflict", None
        if holding:
            return applied(holding[0], facts)
    return "decided", row.gives


def combined(table: Table, given: list[tuple[str, int | None]]) -> tuple[str, Any]:
    def rank(each: tuple[str, int | None]) -> int:
        return GRADES.index(each[0])

    match table.policy:
        case "unique" | "first":
            return ("decided", given[0]) if given else ("no_rule", None)
        case "any":
            if len(set(given)) > 1:
                return "conflict", None
            return ("decided", given[0]) if given else ("no_rule", None)
        case "priority":
            return ("decided", min(given, key=rank)) if given else ("no_rule", None)
        case "rule_order":
            return "decided", given
        case "output_order":
            return "decided", sorted(given, key=rank)
        case "collect" if table.aggregate is None:
            return "decided", given
    points = [each[1] for each in given if each[1] is not None]
    if table.aggregate == "count":
        return "decided", len(points)
    if not points:
        return "no_rule", None
    return "decided", {"sum": sum, "min": min, "max": max}[table.aggregate](points)

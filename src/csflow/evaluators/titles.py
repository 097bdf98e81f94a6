"""Owns what a column is called: by its own title, or by that of the one thing it names."""

from csflow.diagnostics import Phrase
from csflow.expressions.terms import Reference, Space
from csflow.pack.model import Decision, Input, LinkedPack


def column_title(pack: LinkedPack, decision: Decision | None, column: Input) -> Phrase | None:
    """The title of a column of a decision; None where neither it nor what it names has one."""
    if column.title is not None or not isinstance(column.term, Reference):
        return column.title
    name = column.term.name
    match column.term.space:
        case Space.FACT:
            return pack.facts[name].title
        case Space.DERIVED:
            return pack.derived[name].title
        case Space.PARAMETER:
            return pack.parameters[name].title
        case Space.ITEM if decision is not None and decision.for_each is not None:
            member = decision.for_each.source.kind.member(name.partition(".")[2])
            return member.title if member else None
        case Space.DECISION if "." in name:
            required, _, output = name.partition(".")
            return pack.decisions[required].outputs[output].title
    return None

"""Owns the tables of rows of a flow as analysis asks about them: `event.by` is one of those who may send the event."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from csflow.expressions.terms import Reference, Term
from csflow.pack.flows import EVENT, Choice, Flow, FlowEvent, flow_pack
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.values.kinds import Kind

_BY = f"{EVENT}.by"


def guarded(pack: LinkedPack, flow: Flow) -> Iterator[tuple[LinkedPack, tuple[Decision, ...]]]:
    """The tables of a flow, with the pack that their guards see."""
    whole = flow_pack(pack, flow)
    asked: list[Decision] = []
    for _, event, choice in flow.choices():
        if choice.decision is None:
            continue
        senders = _senders(pack, flow, event)
        if senders is None or not _reads_sender(choice):
            asked.append(choice.decision)
        else:
            yield _narrowed(whole, choice.decision, senders)
    yield whole, tuple(asked)


def _reads_sender(choice: Choice) -> bool:
    assert choice.decision is not None
    return any(reference.name == _BY for reference in choice.decision.reads())


def _senders(pack: LinkedPack, flow: Flow, event: str | None) -> frozenset[str] | None:
    """Who may send an event; None where that may be anybody: on the way, and where the flow raises it itself."""
    declared = flow.events.get(event or "")
    if declared is None or declared.role is not None or _is_raised(flow, declared):
        return None
    return frozenset(declared.senders) | {name for name in pack.roles if _is_above(pack, name, declared.senders)}


def _is_raised(flow: Flow, event: FlowEvent) -> bool:
    return any(row.raises == event.name for _, _, choice in flow.choices() for row in choice.rows)


def _is_above(pack: LinkedPack, role: str, senders: tuple[str, ...]) -> bool:
    below = pack.roles[role].above
    return below is not None and (below in senders or _is_above(pack, below, senders))


def _narrowed(pack: LinkedPack, decision: Decision, senders: frozenset[str]) -> tuple[LinkedPack, tuple[Decision, ...]]:
    fact = pack.facts[_BY]
    kind = replace(fact.kind, symbols=tuple(name for name in fact.kind.symbols if name in senders))
    rules = tuple(_of_kind(rule, kind) for rule in decision.rules)
    asked = replace(decision, rules=rules)
    return (
        replace(
            pack,
            facts={**pack.facts, _BY: replace(fact, kind=kind)},
            decisions={**pack.decisions, decision.name: asked},
        ),
        (asked,),
    )


def _of_kind(rule: Rule, kind: Kind) -> Rule:
    return replace(rule, condition=_with_sender(rule.condition, kind))


def _with_sender(term: Term, kind: Kind) -> Term:
    """The term, in which `event.by` is of a kind."""
    if isinstance(term, Reference):
        return replace(term, kind=kind) if term.name == _BY else term
    held: dict[str, Any] = {}
    for each in fields(term):
        value = getattr(term, each.name)
        if isinstance(value, Term):
            held[each.name] = _with_sender(value, kind)
        elif isinstance(value, tuple) and any(isinstance(part, Term) for part in value):
            held[each.name] = tuple(_with_sender(part, kind) if isinstance(part, Term) else part for part in value)
    return replace(term, **held) if held else term

"""Owns the tables of rows of a flow as analysis asks about them: `event.by` is one of those who may send the event."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from csflow.expressions.terms import Conditional, Constant, Reference, Space, Term
from csflow.pack.flows import EVENT, Choice, Flow, FlowEvent, flow_pack
from csflow.pack.model import Decision, Fact, LinkedPack, Output
from csflow.values.kinds import Kind

_BY = f"{EVENT}.by"
_DEEPEST = 12


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


def with_stand_ins(pack: LinkedPack, decision: Decision) -> tuple[LinkedPack, Decision]:
    """The table in which what decisions answer are facts, each of which may have any value that a rule gives.

    INVARIANT: whatever may be so in the table as it is may be so here, so that what is proved here of all cases is
    proved. Where the rows contradict each other here, they need not.
    """
    stand_ins: dict[str, Fact] = {}

    def stand_in(reference: Reference) -> Reference:
        name, _, output = reference.name.partition(".")
        if reference.space is not Space.DECISION or reference.kind.name == "list" or not output:
            return reference
        kind = _given(pack, pack.decisions[name].outputs[output], name)
        stand_ins[reference.written] = Fact(reference.written, kind, reference.optional, False, False, decision.mark)
        return replace(reference, kind=kind, space=Space.FACT, name=reference.written)

    asked = _with(decision, stand_in)
    # What the rows set is asked of nobody here.
    rules = tuple(replace(rule, outputs=()) for rule in asked.rules)
    otherwise = None if asked.otherwise is None else replace(asked.otherwise, outputs=())
    asked = replace(asked, rules=rules, otherwise=otherwise, outputs={})
    decisions = {**pack.decisions, decision.name: asked}
    return replace(pack, facts={**pack.facts, **stand_ins}, decisions=decisions), asked


def _given(pack: LinkedPack, output: Output, decision: str) -> Kind:
    """The kind of an output with the symbols that rules ever give."""
    if not output.kind.is_symbolic:
        return output.kind
    given = _symbols(pack, decision, output.name, _DEEPEST)
    return output.kind if given is None else _of(output.kind, given)


def _of(kind: Kind, symbols: frozenset[str]) -> Kind:
    return replace(kind, symbols=tuple(name for name in kind.symbols if name in symbols))


def _symbols(pack: LinkedPack, decision: str, output: str, depth: int) -> frozenset[str] | None:
    """The symbols that an output may have; None where they may be any."""
    found: frozenset[str] = frozenset()
    for rule in pack.decisions[decision].every_rule():
        for term in (term for name, term in rule.outputs if name == output):
            given = _symbols_of(pack, term, depth)
            if given is None:
                return None
            found |= given
    return found or None


def _symbols_of(pack: LinkedPack, term: Term, depth: int) -> frozenset[str] | None:
    if isinstance(term, Constant):
        return frozenset({term.value})
    if isinstance(term, Conditional):
        one, other = (_symbols_of(pack, part, depth) for part in (term.then, term.otherwise))
        return None if one is None or other is None else one | other
    if isinstance(term, Reference) and term.space is Space.DECISION and "." in term.name and depth:
        name, _, output = term.name.partition(".")
        return _symbols(pack, name, output, depth - 1)
    return None


def _reads_sender(choice: Choice) -> bool:
    assert choice.decision is not None
    return any(reference.name == _BY for reference in choice.decision.reads())


def _senders(pack: LinkedPack, flow: Flow, event: str | None) -> frozenset[str] | None:
    """Who may send an event; None where that may be anybody: on the way, and where the flow raises it itself."""
    declared = flow.events.get(event or "")
    if declared is None or declared.role is not None or _is_raised(flow, declared):
        return None
    return frozenset(declared.senders) | {name for name in pack.roles if set(declared.senders) & set(pack.rungs(name))}


def _is_raised(flow: Flow, event: FlowEvent) -> bool:
    return any(row.raises == event.name for _, _, choice in flow.choices() for row in choice.rows)


def _narrowed(pack: LinkedPack, decision: Decision, senders: frozenset[str]) -> tuple[LinkedPack, tuple[Decision, ...]]:
    fact = pack.facts[_BY]
    kind = _of(fact.kind, senders)
    asked = _with(decision, lambda reference: replace(reference, kind=kind) if reference.name == _BY else reference)
    facts = {**pack.facts, _BY: replace(fact, kind=kind)}
    return replace(pack, facts=facts, decisions={**pack.decisions, decision.name: asked}), (asked,)


def _with(decision: Decision, changed: Callable[[Reference], Reference]) -> Decision:
    """The table with other references in the conditions of its rows."""
    rules = tuple(replace(rule, condition=_changed(rule.condition, changed)) for rule in decision.rules)
    return replace(decision, rules=rules)


def _changed(term: Term, changed: Callable[[Reference], Reference]) -> Term:
    if isinstance(term, Reference):
        return changed(term)
    held: dict[str, Any] = {}
    for each in fields(term):
        value = getattr(term, each.name)
        if isinstance(value, Term):
            held[each.name] = _changed(value, changed)
        elif isinstance(value, tuple) and any(isinstance(part, Term) for part in value):
            held[each.name] = tuple(_changed(part, changed) if isinstance(part, Term) else part for part in value)
    return replace(term, **held) if held else term

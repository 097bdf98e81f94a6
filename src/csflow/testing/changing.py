"""Owns a pack with one thing changed: a term where it is written, an edition of a parameter, a rule gone.

What a changed pack is asked for stands in `obligations`. It is read by the reference engine alone, which keeps
nothing about a pack between cases.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from csflow.diagnostics import Mark
from csflow.expressions.terms import Option, Term
from csflow.pack.model import (
    Decision,
    Denial,
    EarnedUnits,
    Edition,
    HostEffect,
    Input,
    Layer,
    LinkedPack,
    NamedAmount,
    Rule,
    Settlement,
    TenderKind,
)

_Swap = Callable[[Term], Term]
# What of a settlement asks something.
_ASKING = (Settlement, TenderKind, Denial, NamedAmount, EarnedUnits, HostEffect)


def with_term(pack: LinkedPack, old: Term, new: Term) -> LinkedPack:
    """The pack in which one written term is another; what is written once may be read in several places."""

    def swap(term: Term) -> Term:
        return new if term.mark == old.mark and term == old else _through(term, swap)

    derived = {name: replace(each, term=swap(each.term)) for name, each in pack.derived.items()}
    layers = {name: _layer(each, swap) for name, each in pack.layers.items()}
    decisions = {name: _decision(each, swap) for name, each in pack.decisions.items()}
    settlements = {name: _asking(each, swap) for name, each in pack.settlements.items()}
    return replace(pack, derived=derived, layers=layers, decisions=decisions, settlements=settlements)


def _asking(part: Any, swap: _Swap) -> Any:
    """A settlement, or a part of one, in which whatever it asks is changed."""
    if isinstance(part, Decision):
        return _decision(part, swap)
    if isinstance(part, tuple):
        return tuple(_asking(each, swap) for each in part)
    if isinstance(part, Mapping):
        return {name: _asking(each, swap) for name, each in part.items()}
    if not isinstance(part, _ASKING):
        return part
    return replace(part, **{each.name: _asking(getattr(part, each.name), swap) for each in fields(part) if each.init})


def without_rule(pack: LinkedPack, decision: Decision, mark: Mark) -> LinkedPack:
    """The pack without the rule, the exception or the `otherwise` written there."""
    otherwise = decision.otherwise
    left = replace(
        decision,
        rules=_without(decision.rules, mark),
        otherwise=None if otherwise is None or otherwise.mark == mark else _without((otherwise,), mark)[0],
    )
    return replace(pack, decisions={**pack.decisions, decision.name: left})


def with_edition(pack: LinkedPack, parameter: str, layer: str | None, old: Edition, new: Edition | None) -> LinkedPack:
    """The pack in which one edition of a parameter, its own or that of a layer, is another, or is not there."""

    def swapped(editions: tuple[Edition, ...]) -> tuple[Edition, ...]:
        if new is None:
            return tuple(each for each in editions if each is not old)
        return tuple(new if each is old else each for each in editions)

    if layer is None:
        own = pack.parameters[parameter]
        changed = replace(own, editions=swapped(own.editions))
        return replace(pack, parameters={**pack.parameters, parameter: changed})
    giver = pack.layers[layer]
    given = {**giver.parameters, parameter: swapped(giver.parameters[parameter])}
    return replace(pack, layers={**pack.layers, layer: replace(giver, parameters=given)})


def with_authority(pack: LinkedPack, role: str, authority: int) -> LinkedPack:
    """The pack in which one role may approve another amount."""
    return replace(pack, roles={**pack.roles, role: replace(pack.roles[role], authority=authority)})


def _without(rules: Iterable[Rule], mark: Mark) -> tuple[Rule, ...]:
    kept = (rule for rule in rules if rule.mark != mark)
    return tuple(replace(rule, exceptions=_without(rule.exceptions, mark)) for rule in kept)


def _layer(layer: Layer, swap: _Swap) -> Layer:
    return layer if layer.condition is None else replace(layer, condition=swap(layer.condition))


def _decision(decision: Decision, swap: _Swap) -> Decision:
    return replace(
        decision,
        locals={name: _column(each, swap) for name, each in decision.locals.items()},
        inputs={name: _column(each, swap) for name, each in decision.inputs.items()},
        rules=tuple(_rule(rule, swap) for rule in decision.rules),
        otherwise=None if decision.otherwise is None else _rule(decision.otherwise, swap),
    )


def _column(column: Input, swap: _Swap) -> Input:
    return replace(column, term=swap(column.term))


def _rule(rule: Rule, swap: _Swap) -> Rule:
    return replace(
        rule,
        condition=swap(rule.condition),
        outputs=tuple((name, swap(term)) for name, term in rule.outputs),
        exceptions=tuple(_rule(exception, swap) for exception in rule.exceptions),
    )


def _through(term: Term, swap: _Swap) -> Term:
    """The term with what stands below it swapped; itself where nothing is."""
    changed = {}
    for name in term.__dataclass_fields__:
        value = getattr(term, name)
        below = _below(value, swap)
        if below is not value:
            changed[name] = below
    return replace(term, **changed) if changed else term


def _below(value: Any, swap: _Swap) -> Any:
    if isinstance(value, Term):
        return swap(value)
    if isinstance(value, Option):
        condition = None if value.condition is None else swap(value.condition)
        inner = swap(value.value)
        return value if condition is value.condition and inner is value.value else _option(value, condition, inner)
    if isinstance(value, tuple):
        parts = tuple(_below(part, swap) for part in value)
        return value if all(one is other for one, other in zip(parts, value, strict=True)) else parts
    return value


def _option(option: Option, condition: Term | None, value: Term) -> Option:
    return replace(option, condition=condition, value=value)

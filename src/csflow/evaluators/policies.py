"""Owns the hit policies: what a decision gives where rules hit, as DMN says it.

Every engine asks here, so that none has a policy of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.evaluators.outcomes import Hit
from csflow.pack.model import CHECKLIST, Decision, Rule


@dataclass(frozen=True, slots=True)
class Combined:
    """The outputs, or None where no rule says anything; the hits they come from, and those that contradict."""

    outputs: Mapping[str, Any] | None
    hits: tuple[Hit, ...] = ()
    contradicting: tuple[Rule, ...] = ()


def combined(decision: Decision, hits: tuple[Hit, ...]) -> Combined:
    """What the hits come to together, in the order of the rules."""
    return _BY_POLICY[decision.hit_policy](decision, hits)


def _single(decision: Decision, hits: tuple[Hit, ...]) -> Combined:
    """The one hit of `unique` and `first`; of a checklist, the first of its failures."""
    return Combined(hits[0].outputs if hits else None, hits)


def _any(decision: Decision, hits: tuple[Hit, ...]) -> Combined:
    """Several rules may hit that say the same."""
    odd = [hit.rule for hit in hits if hit.outputs != hits[0].outputs]
    return Combined(None, (), (hits[0].rule, *odd)) if odd else _single(decision, hits)


def _priority(decision: Decision, hits: tuple[Hit, ...]) -> Combined:
    """The hit with the best outputs; the first of equals."""
    return _single(decision, _ranked_hits(decision, hits)[:1])


def _listed(decision: Decision, hits: tuple[Hit, ...]) -> Combined:
    """Every hit, in the order of the rules."""
    return Combined({name: tuple(hit.outputs[name] for hit in hits) for name in decision.outputs}, hits)


def _ranked(decision: Decision, hits: tuple[Hit, ...]) -> Combined:
    """Every hit, the best outputs first; equals in the order of the rules."""
    return _listed(decision, _ranked_hits(decision, hits))


def _collect(decision: Decision, hits: tuple[Hit, ...]) -> Combined:
    """Every hit, or the sum, least, greatest or number of what they give."""
    aggregate = decision.aggregate
    if aggregate is None:
        return _listed(decision, hits)
    if hits and hits[0].rule is decision.otherwise:
        # It says what the answer is where there is nothing to add up or count.
        return _single(decision, hits)
    ((name, _),) = decision.outputs.items()
    values = [hit.outputs[name] for hit in hits if hit.outputs[name] is not None]
    if aggregate == "count":
        return Combined({name: len(values)}, hits)
    if not values:
        return Combined(None)
    total = sum(values) if aggregate == "sum" else (min if aggregate == "min" else max)(values)
    return Combined({name: total}, hits)


def _ranked_hits(decision: Decision, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """By the places of the ranked outputs in the order of their values; one left out comes last."""

    def places(hit: Hit) -> tuple[int, ...]:
        found = []
        for name in decision.ranked_by:
            symbols, value = decision.outputs[name].kind.symbols, hit.outputs[name]
            found.append(len(symbols) if value is None else symbols.index(value))
        return tuple(found)

    return tuple(sorted(hits, key=places))


_BY_POLICY: Mapping[str, Callable[[Decision, tuple[Hit, ...]], Combined]] = {
    "unique": _single,
    "first": _single,
    CHECKLIST: _single,
    "any": _any,
    "priority": _priority,
    "rule_order": _listed,
    "output_order": _ranked,
    "collect": _collect,
}

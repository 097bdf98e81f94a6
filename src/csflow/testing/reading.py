"""Owns what the decisions of a pack read: which of them a parameter, derived value or layer can reach, which facts."""

from collections.abc import Iterable, Iterator

from csflow.expressions.terms import Call, Reference, Space, Term, parts, references
from csflow.pack.model import TRANSITION, Decision, Layer, LinkedPack, Rule, every_edition
from csflow.values.windows import Window, facts_of


class Readers:
    """Which decisions read something themselves, through derived values if need be."""

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._read = {name: frozenset(_named(pack, decision.reads())) for name, decision in pack.decisions.items()}

    def of_derived(self, name: str) -> frozenset[str]:
        return self._reading(Space.DERIVED, name)

    def of_parameter(self, name: str) -> frozenset[str]:
        if name == TRANSITION:
            return frozenset(each for each, decision in self._pack.decisions.items() if decision.governed_by)
        return self._reading(Space.PARAMETER, name)

    def of_roles(self) -> frozenset[str]:
        """The decisions that ask how much a role may approve."""
        asking = {name for name, derived in self._pack.derived.items() if _asks_authority(derived.term)}
        through = frozenset().union(*map(self.of_derived, asking))
        own = (decision for decision in self._pack.decisions.values() if any(map(_asks_authority, decision.terms())))
        return through | {decision.name for decision in own}

    def of_layer(self, layer: Layer) -> frozenset[str]:
        """The decisions that read what it gives, or that it adds an exception to."""
        added = {
            decision.name
            for decision in self._pack.decisions.values()
            if any(rule.layer == layer.name for rule in decision.every_rule())
        }
        return frozenset(added).union(*map(self.of_parameter, layer.parameters))

    def _reading(self, space: Space, name: str) -> frozenset[str]:
        return frozenset(decision for decision, read in self._read.items() if (space, name) in read)


def facts_read(pack: LinkedPack, name: str) -> tuple[str, ...]:
    """Every fact on which the answer of a decision can depend, in the order of the fact sheet."""
    found: set[str] = set()
    decisions = _with_required(pack, name)
    named = set(_named(pack, (each for decision in decisions for each in decision.reads())))
    parameters = {each for space, each in named if space is Space.PARAMETER}
    if any(decision.governed_by for decision in decisions) and TRANSITION in pack.parameters:
        parameters.add(TRANSITION)
    layers = [layer for layer in pack.layers.values() if not parameters.isdisjoint(layer.parameters)]
    conditions = (each for layer in layers if layer.condition is not None for each in references(layer.condition))
    named |= set(_named(pack, conditions))
    found |= {each for space, each in named if space is Space.FACT}
    found |= {decision.governed_by for decision in decisions if decision.governed_by}
    for parameter in parameters:
        for edition in every_edition(pack, parameter):
            found |= set(_choosing(edition.value))
    return tuple(path for path in pack.facts if path in found)


def names_read(pack: LinkedPack, decision: Decision, rule: Rule) -> frozenset[tuple[Space, str]]:
    """What the condition and the outputs of a rule lead to: columns, local names, derived values, parameters, facts."""
    columns = {**decision.inputs, **decision.locals}
    found: set[tuple[Space, str]] = set()
    waiting = [each for term in (rule.condition, *(term for _, term in rule.outputs)) for each in references(term)]
    while waiting:
        reference = waiting.pop()
        key = reference.space, reference.name
        if key not in found:
            found.add(key)
            if reference.space is Space.INPUT:
                waiting += references(columns[reference.name].term)
            elif reference.space is Space.DERIVED:
                waiting += references(pack.derived[reference.name].term)
    return frozenset(found)


def _asks_authority(term: Term) -> bool:
    return (isinstance(term, Call) and term.function == "authority_of") or any(map(_asks_authority, parts(term)))


def _with_required(pack: LinkedPack, name: str) -> list[Decision]:
    found: dict[str, Decision] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found[each] = pack.decisions[each]
            waiting += pack.decisions[each].requires
    return list(found.values())


def _choosing(value: object) -> Iterator[str]:
    """The facts that choose the calendar and zone of a window."""
    if isinstance(value, Window):
        yield from facts_of(value)


def _named(pack: LinkedPack, read: Iterable[Reference]) -> Iterator[tuple[Space, str]]:
    """What references lead to, derived values looked through."""
    seen: set[tuple[Space, str]] = set()
    waiting = list(read)
    while waiting:
        reference = waiting.pop()
        key = reference.space, reference.name
        if key in seen:
            continue
        seen.add(key)
        yield key
        if reference.space is Space.DERIVED:
            waiting += references(pack.derived[reference.name].term)

"""Owns linking layers: their conditions, what they say of parameters, and the exceptions they add."""

from collections.abc import Iterable, Mapping

from csflow.definitions.sections import RANKS, DecisionDocument, ExceptionSection, LayerDocument
from csflow.diagnostics import Diagnostics, Mark, nearest
from csflow.expressions import Elaborator
from csflow.loading.parameters import Surroundings, link_layer_value
from csflow.loading.rules import OTHERWISE, LayerException, LayerExceptions
from csflow.loading.scopes import LayerScope, Names
from csflow.pack.model import Layer


def link_layer(document: LayerDocument, names: Names, around: Surroundings, diagnostics: Diagnostics) -> Layer:
    """A layer with its parameters; its exceptions are linked with the decisions they belong to."""
    condition = None
    if document.condition is not None:
        condition = Elaborator(LayerScope(names), diagnostics).condition(document.condition)
    parameters = {}
    for name, section in document.parameters.items():
        parameter = names.parameters.get(name)
        if parameter is None:
            diagnostics.report("unknown-parameter", section.mark, suggestion=nearest(name, names.parameters), name=name)
        else:
            parameters[name] = link_layer_value(section, parameter, document.because, around, diagnostics)
    return Layer(
        name=document.layer.text,
        rank=RANKS.index(document.rank) + 1,
        condition=condition,
        parameters=parameters,
        mark=document.layer.mark,
        title=document.title,
        because=document.because,
    )


def layer_exceptions(
    documents: Iterable[tuple[LayerDocument, Layer]],
    decisions: Mapping[str, DecisionDocument],
    diagnostics: Diagnostics,
) -> dict[str, LayerExceptions]:
    """The exceptions that layers add, by decision and rule; those of higher ranks first, then by layer."""
    found: dict[str, dict[str, list[LayerException]]] = {}
    # The ids that layers have given, by decision: an answer names its exceptions by them.
    taken: dict[str, dict[str, Mark]] = {}
    # Which file a layer stands in means nothing.
    for document, layer in sorted(documents, key=lambda each: (-each[1].rank, each[1].name)):
        for section in document.exceptions:
            decision, _, rule = section.of.text.partition("/")
            if decision not in decisions:
                meant = nearest(decision, decisions)
                suggestion = f"{meant}/{rule}".rstrip("/") if meant else None
                diagnostics.report("unknown-decision", section.of.mark, suggestion=suggestion, name=decision)
                continue
            known = _rule_ids(decisions[decision]) | taken.get(decision, {})
            if rule not in known or rule in taken.get(decision, {}):
                meant = nearest(rule, _rule_ids(decisions[decision]))
                suggestion = f"{decision}/{meant}" if meant else None
                diagnostics.report("unknown-rule", section.of.mark, suggestion=suggestion, decision=decision, name=rule)
                continue
            first = known.get(section.id.text)
            if first is not None:
                diagnostics.report("duplicate-rule", section.id.mark, id=section.id.text, first_line=first.line)
                continue
            taken.setdefault(decision, {}).setdefault(section.id.text, section.id.mark)
            added = LayerException(layer, section)
            found.setdefault(decision, {}).setdefault(rule, []).append(added)
    return {decision: {rule: tuple(added) for rule, added in by_rule.items()} for decision, by_rule in found.items()}


def _rule_ids(document: DecisionDocument) -> dict[str, Mark]:
    """What an exception may be added to, with its place: rules, their exceptions, and `otherwise`."""
    waiting: list[ExceptionSection] = list(document.rules or ())
    ids: dict[str, Mark] = {}
    if document.otherwise is not None:
        ids[OTHERWISE] = document.otherwise.mark
        waiting += document.otherwise.exceptions
    while waiting:
        section = waiting.pop(0)
        ids[section.id.text] = section.id.mark
        waiting.extend(section.exceptions)
    return ids

"""Owns what an outcome rests on: rules, values of parameters and decisions, and which of them nobody has verified."""

from collections.abc import Iterator
from dataclasses import dataclass

from csflow.diagnostics import Phrase
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.unknowns import Unknown
from csflow.expressions.terms import Reference, Space, Term, references
from csflow.pack.model import Input, LinkedPack, Rule

_UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule (`decision/rule`) or a parameter (`param.name`) that an outcome rests on."""

    name: str
    title: Phrase | None


def unverified(pack: LinkedPack, evaluation: Evaluation, outcome: Outcome) -> tuple[Ground, ...]:
    """The rules and values of `basis: unverified` that gave the outcome, those of the decisions behind it included."""
    found: dict[str, Ground] = {}
    seen = {(outcome.decision.name, outcome.day)}
    waiting = [outcome]
    while waiting:
        this = waiting.pop()
        for each in this.items or (this,):
            found |= {ground.name: ground for ground in _unverified_itself(pack, evaluation, each)}
            for required in (evaluation.decide(name, this.day) for name in decisions_behind(pack, each)):
                if (required.decision.name, required.day) not in seen:
                    seen.add((required.decision.name, required.day))
                    waiting.append(required)
    return tuple(found[name] for name in sorted(found))


def parameters_behind(pack: LinkedPack, outcome: Outcome) -> list[str]:
    """The parameters that the outcome was made from, each once."""
    found = references_behind(pack, _terms(outcome), outcome)
    return list(dict.fromkeys(ref.name for ref in found if ref.space is Space.PARAMETER))


def decisions_behind(pack: LinkedPack, outcome: Outcome) -> list[str]:
    """The decisions that the outcome was made from, each once."""
    found = references_behind(pack, _terms(outcome), outcome)
    return list(dict.fromkeys(ref.name.partition(".")[0] for ref in found if ref.space is Space.DECISION))


def columns_asked(outcome: Outcome) -> list[Input]:
    """The columns that the rules which were looked at ask."""
    asked = {cell.input for rule in _looked_at(outcome) for cell in rule.cells}
    return [column for name, column in outcome.decision.inputs.items() if name in asked]


def references_behind(pack: LinkedPack, terms: list[Term], outcome: Outcome) -> list[Reference]:
    """What the terms refer to, themselves or through derived values and names of the decision."""
    return [reference for term in terms_behind(pack, terms, outcome) for reference in references(term)]


def terms_behind(pack: LinkedPack, terms: list[Term], outcome: Outcome) -> Iterator[Term]:
    """The terms and, each once, those of the derived values, columns and local names that they refer to."""
    own = {**outcome.decision.inputs, **outcome.decision.locals}
    seen: set[tuple[Space, str]] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop(0)
        yield term
        for reference in references(term):
            place = (reference.space, reference.name)
            if place in seen:
                continue
            seen.add(place)
            if reference.space is Space.DERIVED:
                waiting.append(pack.derived[reference.name].term)
            elif reference.space is Space.INPUT:
                waiting.append(own[reference.name].term)


def _unverified_itself(pack: LinkedPack, evaluation: Evaluation, outcome: Outcome) -> Iterator[Ground]:
    decision = outcome.decision
    for rule in _applied(outcome):
        if rule.basis == _UNVERIFIED:
            yield Ground(f"{decision.name}/{rule.id}", rule.title or decision.title)
    if isinstance(outcome.day, Unknown):
        return
    for name in parameters_behind(pack, outcome):
        value = evaluation.in_force(name, outcome.day)
        if isinstance(value, Unknown):
            continue
        if any(each.edition.basis == _UNVERIFIED for each in value.among or (value,)):
            yield Ground(f"param.{name}", pack.parameters[name].title)


def _terms(outcome: Outcome) -> list[Term]:
    """The columns asked, the conditions of the rules that were looked at, the outputs of those that count."""
    terms = [column.term for column in columns_asked(outcome)]
    terms += [rule.condition for rule in _looked_at(outcome)]
    return terms + [term for rule in _applied(outcome) for _, term in rule.outputs]


def _looked_at(outcome: Outcome) -> list[Rule]:
    rules = [outcome.rule, *outcome.exceptions, *outcome.contradicting]
    rules += [rule for hit in outcome.hits for rule in (hit.rule, *hit.exceptions)]
    return list({id(rule): rule for rule in rules if rule is not None}.values())


def _applied(outcome: Outcome) -> list[Rule]:
    """The rules whose outputs count: where an exception applies, not those it replaced."""
    chains = [(hit.rule, *hit.exceptions) for hit in outcome.hits]
    chains += [(outcome.rule, *outcome.exceptions)] if outcome.rule else []
    return list({id(chain[-1]): chain[-1] for chain in chains}.values())

"""`layer-conflict`: two layers of one rank that may hold together and say different things of one parameter.

Whether they may is tried on the values at which their conditions change. Where both conditions compare
facts with constants alone, the values tried stand for all others, and none found is a proof; elsewhere,
or where there are too many to try, `unconfirmed-layer-conflict` says so.
"""

from collections.abc import Iterator
from itertools import combinations, islice, product
from typing import Any

from csflow.checks.cases import Case
from csflow.diagnostics import Diagnostics, Finding
from csflow.evaluators.reference import Evaluation
from csflow.expressions import terms as t
from csflow.facts import ABSENT, facts_of
from csflow.pack.model import Fact, Layer, LinkedPack
from csflow.values.decoding import bounds_of
from csflow.values.instants import DAY, FIRST_DAY, LAST_DAY
from csflow.values.kinds import DATE, NUMERIC
from csflow.values.zones import BeyondHorizon

_MOST_TRIED = 20_000


def check_layer_conflict(pack: LinkedPack, diagnostics: Diagnostics) -> None:
    for one, other in combinations(sorted(pack.layers.values(), key=lambda layer: layer.name), 2):
        shared = sorted(one.parameters.keys() & other.parameters.keys())
        names = [name for name in shared if _may_conflict(pack, name, one, other)]
        if one.rank != other.rank or not names:
            continue
        values = {"name": names[0], "one": one.name, "other": other.name}
        case = _case(pack, one, other)
        if case is not None:
            diagnostics.extend([Finding("layer-conflict", other.mark, values | {"case": case}, witness=case.to_json())])
        elif not _is_settled(pack, one, other):
            diagnostics.report("unconfirmed-layer-conflict", other.mark, **values)


def _may_conflict(pack: LinkedPack, name: str, one: Layer, other: Layer) -> bool:
    """Whether nobody says which value is better, and both layers give one on some day on which the pack is in force."""
    if pack.parameters[name].favours is not None:
        return False
    return any(
        max(mine.start, theirs.start, pack.in_force[0])
        < min(end for end in (mine.end, theirs.end, pack.in_force[1]) if end is not None)
        for mine in one.parameters[name]
        for theirs in other.parameters[name]
    )


def _case(pack: LinkedPack, one: Layer, other: Layer) -> Case | None:
    """A case in which both layers hold, in business words."""
    facts = _facts(pack, one, other)
    for values in islice(_tried(pack, facts, one, other), _MOST_TRIED):
        evaluation = Evaluation(pack, facts_of(pack, values), 0)
        if evaluation.state(one) is True and evaluation.state(other) is True:
            return Case(pack, None, {fact.path: values[fact.path] for fact in facts})
    return None


def _is_settled(pack: LinkedPack, one: Layer, other: Layer) -> bool:
    """Whether the cases tried stand for all others."""
    facts = _facts(pack, one, other)
    size = 1
    for fact in facts:
        size *= len(_candidates(pack, fact, one, other))
    is_plain = all(_is_plain(layer.condition) for layer in (one, other) if layer.condition is not None)
    return is_plain and size <= _MOST_TRIED


def _facts(pack: LinkedPack, one: Layer, other: Layer) -> list[Fact]:
    conditions = [layer.condition for layer in (one, other) if layer.condition is not None]
    paths = {reference.name for condition in conditions for reference in t.references(condition)}
    return [pack.facts[path] for path in sorted(paths & pack.facts.keys())]


def _tried(pack: LinkedPack, facts: list[Fact], one: Layer, other: Layer) -> Iterator[dict[str, Any]]:
    columns = [_candidates(pack, fact, one, other) for fact in facts]
    for values in product(*columns):
        yield {fact.path: value for fact, value in zip(facts, values, strict=True)}


def _candidates(pack: LinkedPack, fact: Fact, one: Layer, other: Layer) -> list[Any]:
    """The values of a fact at which a condition may change, and one beside each."""
    kind = fact.kind
    constants = [
        constant
        for layer in (one, other)
        if layer.condition is not None
        for constant in _constants(layer.condition)
        if constant.kind.name in (kind.name, "date") or constant.kind.name in NUMERIC
    ]
    absent: list[Any] = [ABSENT] if fact.optional else []
    if kind.name == "bool":
        return [False, True, *absent]
    if kind.is_symbolic:
        return [*kind.symbols, *absent]
    if kind.name == "text":
        named = sorted({constant.value for constant in constants if constant.kind.name == "text"})
        return [*named, _unlike(named), *absent]
    if kind.name == "list":
        return [(), *absent]
    found: set[int] = set()
    if kind.name == "date":
        found.add(pack.in_force[0])
    elif kind.name == "datetime":
        found |= _around(pack, fact, t.Constant(pack.mark, DATE, pack.in_force[0]))
    for constant in constants:
        if isinstance(constant.value, int):
            found |= _around(pack, fact, constant)
    if kind.name in NUMERIC:
        low, high = bounds_of(kind)
        found = {value for value in found if low <= value <= high} | {low, high}
    elif kind.name == "date":
        found = {value for value in found if FIRST_DAY <= value <= LAST_DAY}
    return [*sorted(found), *absent]


def _unlike(texts: list[str]) -> str:
    """A text that is none of these."""
    return next(str(number) for number in range(len(texts) + 1) if str(number) not in texts)


def _around(pack: LinkedPack, fact: Fact, constant: t.Constant) -> set[int]:
    value = constant.value
    if fact.kind.name == "datetime" and constant.kind.name == "date":
        try:
            start = pack.zone.start_of_day(value)
        except BeyondHorizon:
            return set()
        return {start - 1, start, start + DAY - 1, start + DAY}
    places = fact.kind.places - constant.kind.places
    # Of a constant with more places than the fact has, the value below; the next one is tried, too.
    scaled = value * 10**places if places >= 0 else value // 10**-places
    return {scaled - 1, scaled, scaled + 1}


def _constants(term: t.Term) -> Iterator[t.Constant]:
    if isinstance(term, t.Constant):
        yield term
    for part in t.parts(term):
        yield from _constants(part)


def _is_plain(term: t.Term) -> bool:
    """Whether a condition only compares facts with constants, so that nothing changes between them."""
    if isinstance(term, (t.Arithmetic, t.Quantified, t.Aggregate, t.Limited)):
        return False
    if isinstance(term, t.Call) and term.function != "date_of":
        return False
    if isinstance(term, t.Comparison) and not any(isinstance(side, t.Constant) for side in (term.left, term.right)):
        return False
    if isinstance(term, t.Membership) and not all(isinstance(choice, t.Constant) for choice in term.choices):
        return False
    if isinstance(term, t.Within) and not all(isinstance(end, t.Constant) for end in (term.low, term.high)):
        return False
    return all(_is_plain(part) for part in t.parts(term))

"""Owns terms of kind bool in words: what must hold, what must not, and what is said of a subject."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from csflow.evaluators.prose.text import Bond, Prose, Said, fill, joined
from csflow.expressions import terms as t
from csflow.expressions.terms import Term
from csflow.values.kinds import Kind

if TYPE_CHECKING:
    from csflow.evaluators.prose.speaking import Speaker

_AMOUNTS = frozenset({"money", "percent", "decimal"})
_TIMES = frozenset({"date", "datetime"})
_TURNED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
# By the family of the kind: what an operator is called.
_AMOUNT_WORDS = {
    "=": "equal",
    "!=": "unequal",
    "<": "below_amount",
    ">=": "at_least_amount",
    ">": "above",
    "<=": "at_most",
}
_COUNT_WORDS = _AMOUNT_WORDS | {"<": "below_count", ">=": "at_least_count"}
_TIME_WORDS = {"=": "is", "!=": "is_not", "<": "before", ">=": "not_before", ">": "after", "<=": "not_after"}


def condition_of(place: "Speaker", term: Term, holds: bool = True) -> Said:
    """The condition in words, or what it is that it does not hold."""
    return _CONDITIONS[type(term)](place, term, holds)


def test_of(place: "Speaker", term: Term) -> Prose | None:
    """What a cell asks of its column, without the column; None where it cannot be said so."""
    holds = True
    term = _unguarded(term)
    while isinstance(term, t.Not):
        term, holds = term.operand, not holds
    match term:
        case t.Given():
            return (place.word("cell.given" if holds else "cell.absent"),)
        case t.Membership() if all(isinstance(choice, t.Constant) for choice in term.choices):
            return _cell_choices(place, term, holds)
        case t.Comparison(left=t.Reference(), right=t.Constant(kind=kind)) if kind.name == "bool":
            holds = (term.right.value is (term.operator == "=")) is holds  # type: ignore[attr-defined]
            return (place.values.shown(kind, holds),)
        case t.Comparison():
            return _comparison_test(place, term, holds)
        case t.Within() if holds:
            return _interval_test(place, term)
    return None


def _cell_choices(place: "Speaker", term: t.Membership, holds: bool) -> Prose:
    constants = [choice for choice in term.choices if isinstance(choice, t.Constant)]
    if holds:
        return joined(place.values.choices(constants, is_quoted=False), place.word("join.list"))
    is_quoted = place.values.is_quoted(term.operand.kind)
    told = joined(place.values.choices(constants), place.word("join.quoted" if is_quoted else "join.list"))
    return fill("cell.none_of", place.language, choices=told)


def _and(place: "Speaker", term: t.And, holds: bool) -> Said:
    return _junction(place, term, holds, is_and=True)


def _or(place: "Speaker", term: t.Or, holds: bool) -> Said:
    return _junction(place, term, holds, is_and=False)


def _junction(place: "Speaker", term: t.And | t.Or, holds: bool, is_and: bool) -> Said:
    operands = operands_of(term)
    if len(operands) == 1:
        return place.said(operands[0], holds)
    if not operands:
        return Said((place.word("test.always" if is_and is holds else "test.never"),))
    bond = Bond.AND if is_and else Bond.OR
    parts = [place.within(Bond.TIGHT, place.said(operand)) for operand in operands]
    said = Said(joined(parts, place.word("join.and" if is_and else "join.or")), bond)
    return said if holds else _denied(place, said)


def operands_of(term: t.And | t.Or) -> list[Term]:
    """The operands, those of nested terms of the same form among them; a guard that its test implies is left out."""
    flat: list[Term] = []
    for operand in term.operands:
        flat += operands_of(operand) if type(operand) is type(term) else [_unguarded(operand)]
    if isinstance(term, t.Or):
        return flat
    asked = [_asked(each) for each in flat]
    return [each for each in flat if not (isinstance(each, t.Given) and each.operand in asked)]


def _unguarded(term: Term) -> Term:
    """A cell of an optional column asks first whether there is a value; a test that it equals one says so itself."""
    if isinstance(term, t.And) and len(term.operands) == 2:
        guard, test = term.operands
        if isinstance(guard, t.Given) and _asked(test) == guard.operand:
            return test
    return term


def _asked(term: Term) -> Term | None:
    """The one thing that a plain test is about: where it holds, there is a value."""
    match term:
        case t.Comparison(left=left):
            return left
        case t.Membership(operand=operand) | t.Within(operand=operand):
            return operand
        case t.Reference():
            return term
    return None


def _denied(place: "Speaker", said: Said) -> Said:
    return Said(fill("test.not", place.language, inner=place.within(Bond.TIGHT, said)))


def _not(place: "Speaker", term: t.Not, holds: bool) -> Said:
    return place.said(term.operand, not holds)


def _truth(place: "Speaker", term: t.Constant, holds: bool) -> Said:
    return Said((place.word("test.always" if term.value is holds else "test.never"),))


def _reference(place: "Speaker", term: t.Reference, holds: bool) -> Said:
    return Said(fill("test.holds" if holds else "test.fails", place.language, name=place.naming.quoted(term)))


def _given(place: "Speaker", term: t.Given, holds: bool) -> Said:
    return Said(fill("test.given" if holds else "test.absent", place.language, name=place.naming.of(term.operand)))


def _comparison(place: "Speaker", term: t.Comparison, holds: bool) -> Said:
    if term.left.kind.name == "bool":
        return _likeness(place, term, holds)
    return _of_subject(place, term.left, _comparison_test(place, term, holds))


def _comparison_test(place: "Speaker", term: t.Comparison, holds: bool) -> Prose:
    operator = term.operator if holds else _TURNED[term.operator]
    return _test(place, operator, term.left.kind, term.right)


def _test(place: "Speaker", operator: str, kind: Kind, right: Term) -> Prose:
    said = place.within(Bond.SUM, place.amount(right))
    if kind.name in _TIMES:
        return fill(f"test.{_TIME_WORDS[operator]}", place.language, right=said)
    if kind.is_symbolic or kind.name == "text":
        plain = ("is", "is_not") if isinstance(right, t.Constant) else ("same", "different")
        return fill(f"test.{plain[operator == '!=']}", place.language, right=said)
    words = _AMOUNT_WORDS if kind.name in _AMOUNTS else _COUNT_WORDS
    return fill(f"test.{words[operator]}", place.language, right=said)


def _likeness(place: "Speaker", term: t.Comparison, holds: bool) -> Said:
    """`x = true` is x; two conditions are alike or not."""
    is_alike = (term.operator == "=") is holds
    for one, other in ((term.left, term.right), (term.right, term.left)):
        if isinstance(other, t.Constant):
            return place.said(one, other.value is is_alike)
    left, right = (_clause(place, each) for each in (term.left, term.right))
    return Said(fill("test.alike" if is_alike else "test.unlike", place.language, left=left, right=right))


def _clause(place: "Speaker", term: Term) -> Prose:
    """A condition as one of two things: by its name, or whole in parentheses."""
    if isinstance(term, t.Reference):
        return place.naming.quoted(term)
    return fill("join.group", place.language, inner=place.said(term).prose)


def _of_subject(place: "Speaker", subject: Term, test: Prose) -> Said:
    said = place.within(Bond.SUM, place.amount(subject))
    return Said(fill("test.subject", place.language, subject=said, test=test))


def _membership(place: "Speaker", term: t.Membership, holds: bool) -> Said:
    if term.operand.kind.name == "bool":
        return _truths(place, term, holds)
    constants = [choice for choice in term.choices if isinstance(choice, t.Constant)]
    choices = place.values.choices(constants)
    choices += [place.amount(choice).prose for choice in term.choices if not isinstance(choice, t.Constant)]
    is_quoted = len(constants) == len(term.choices) and place.values.is_quoted(term.operand.kind)
    between = place.word("join.quoted" if is_quoted else "join.list")
    return _of_subject(place, term.operand, _choice_test(place, choices, between, holds))


def _choice_test(place: "Speaker", choices: list[Prose], between: str, holds: bool) -> Prose:
    if len(choices) == 1:
        return fill("test.is" if holds else "test.is_not", place.language, right=choices[0])
    if len(choices) == 2 and holds:
        return fill("test.is", place.language, right=joined(choices, place.word("join.or_value")))
    if len(choices) == 2:
        return fill("test.none_of_two", place.language, first=choices[0], second=choices[1])
    listed = joined(choices, between)
    return fill("test.one_of" if holds else "test.none_of", place.language, choices=listed)


def _truths(place: "Speaker", term: t.Membership, holds: bool) -> Said:
    equal = tuple(t.Comparison(term.mark, term.kind, "=", term.operand, choice) for choice in term.choices)
    return place.said(t.Or(term.mark, term.kind, equal), holds)


def _within(place: "Speaker", term: t.Within, holds: bool) -> Said:
    test = _interval_test(place, term)
    return _of_subject(place, term.operand, test if holds else fill("test.outside", place.language, range=test))


def _interval_test(place: "Speaker", term: t.Within) -> Prose:
    kind = term.operand.kind
    low = _test(place, ">=" if term.low_closed else ">", kind, term.low)
    high = _test(place, "<=" if term.high_closed else "<", kind, term.high)
    return fill("test.between", place.language, low=low, high=high)


def _quantified(place: "Speaker", term: t.Quantified, holds: bool) -> Said:
    word = {("some", True): "some", ("some", False): "no_one", ("every", True): "every", ("every", False): "not_every"}
    with place.walking(term.variable, term.source):
        test = fill("join.group", place.language, inner=place.said(term.test).prose)
    named = place.naming.of(term.source)
    return Said(fill(f"test.{word[term.word, holds]}", place.language, list=named, test=test))


def _conditional(place: "Speaker", term: t.Conditional, holds: bool) -> Said:
    parts = {
        name: place.within(Bond.TIGHT, place.said(part, holds or part is term.test))
        for name, part in (("test", term.test), ("then", term.then), ("otherwise", term.otherwise))
    }
    return Said(fill("test.if", place.language, **parts), Bond.LOOSE)


def _call(place: "Speaker", term: t.Call, holds: bool) -> Said:
    """`within` is the one function that says yes or no."""
    window, start, event = (place.within(Bond.SUM, place.amount(each)) for each in term.arguments)
    word = "test.in_time" if holds else "test.too_late"
    return Said(fill(word, place.language, window=place.values.quoted(window), start=start, event=event))


_CONDITIONS: Mapping[type[Term], Callable[..., Said]] = {
    t.Constant: _truth,
    t.Reference: _reference,
    t.Not: _not,
    t.And: _and,
    t.Or: _or,
    t.Comparison: _comparison,
    t.Membership: _membership,
    t.Within: _within,
    t.Given: _given,
    t.Conditional: _conditional,
    t.Call: _call,
    t.Quantified: _quantified,
}

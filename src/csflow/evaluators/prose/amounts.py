"""Owns terms of every other kind in words: amounts, times, symbols, choices."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from csflow.evaluators.prose.text import Bond, Prose, Said, fill, joined
from csflow.expressions import terms as t
from csflow.expressions.terms import Term

if TYPE_CHECKING:
    from csflow.evaluators.prose.speaking import Speaker

_TIMES = frozenset({"date", "datetime"})
_OPERATORS = {"+": "plus", "-": "minus", "*": "times", "/": "divided"}


def amount_of(place: "Speaker", term: Term) -> Said:
    """The value in words; of a condition, what must hold."""
    tell = _AMOUNTS.get(type(term))
    is_condition = term.kind.name == "bool" and not isinstance(term, (t.Constant, t.Reference))
    return place.said(term) if tell is None or is_condition else tell(place, term)


def _constant(place: "Speaker", term: t.Constant) -> Said:
    return Said(place.values.constant(term.kind, term.value))


def _reference(place: "Speaker", term: t.Reference) -> Said:
    return Said(place.naming.of(term))


def _arithmetic(place: "Speaker", term: t.Arithmetic) -> Said:
    if term.left.kind.name in _TIMES:
        word = "amount.later" if term.operator == "+" else "amount.earlier"
        return _pair(place, word, term, Bond.SUM, Bond.PRODUCT, Bond.SUM)
    if term.operator == "*" and isinstance(term.left, t.Constant):
        told = _share(place, term.left, term.right)
        if told is not None:
            return told
    bond = Bond.SUM if term.operator in "+-" else Bond.PRODUCT
    return _pair(place, f"amount.{_OPERATORS[term.operator]}", term, bond, Bond(bond + 1), bond)


def _pair(place: "Speaker", word: str, term: t.Arithmetic, left: Bond, right: Bond, bond: Bond) -> Said:
    first = place.within(left, place.amount(term.left))
    second = place.within(right, place.amount(term.right))
    return Said(fill(word, place.language, left=first, right=second), bond)


def _share(place: "Speaker", factor: t.Constant, whole: Term) -> Said | None:
    """`10% * x` and `3 * x`, as a person says them."""
    word = {"percent": "percent_of", "int": "multiple", "decimal": "multiple"}.get(factor.kind.name)
    if word is None:
        return None
    right = place.within(Bond.TIGHT, place.amount(whole))
    return Said(fill(f"amount.{word}", place.language, left=place.amount(factor).prose, right=right), Bond.PRODUCT)


def _minus(place: "Speaker", term: t.Minus) -> Said:
    return Said(fill("amount.negative", place.language, inner=place.within(Bond.TIGHT, place.amount(term.operand))))


def _conditional(place: "Speaker", term: t.Conditional) -> Said:
    test = place.within(Bond.TIGHT, place.said(term.test))
    then, otherwise = (place.within(Bond.SUM, place.amount(each)) for each in (term.then, term.otherwise))
    return Said(fill("amount.if", place.language, test=test, then=then, otherwise=otherwise), Bond.LOOSE)


def _aggregate(place: "Speaker", term: t.Aggregate) -> Said:
    named = place.naming.of(term.source)
    if term.body is None:
        return Said(fill("amount.count", place.language, list=named))
    if term.function == "count":
        with place.walking(term.variable, term.source):
            body = fill("join.group", place.language, inner=place.said(term.body).prose)
        return Said(fill("amount.count_of", place.language, list=named, body=body))
    # The list is named beside it: whose fields these are is clear.
    with place.walking(term.variable, term.source, is_named=True):
        body = place.within(Bond.TIGHT, place.amount(term.body))
    word = term.function if term.function == "sum" or term.kind.name not in _TIMES else f"{term.function}_time"
    return Said(fill(f"amount.{word}", place.language, list=named, body=body))


def _limited(place: "Speaker", term: t.Limited) -> Said:
    is_time = term.kind.name in _TIMES
    limits = []
    if term.low is not None:
        low = place.within(Bond.SUM, place.amount(term.low))
        limits.append(fill("amount.no_earlier" if is_time else "amount.at_least", place.language, low=low))
    if term.high is not None:
        high = place.within(Bond.SUM, place.amount(term.high))
        limits.append(fill("amount.no_later" if is_time else "amount.at_most", place.language, high=high))
    amount = place.within(Bond.SUM, place.amount(term.operand))
    told = joined(limits, place.word("join.comma"))
    return Said(fill("amount.limited", place.language, amount=amount, limits=told), Bond.LOOSE)


def _options(place: "Speaker", term: t.Options) -> Said:
    listed = [
        fill("join.numbered", place.language, number=str(number), text=_option(place, option))
        for number, option in enumerate(term.options, 1)
    ]
    told = joined(listed, place.word("join.semicolon"))
    return Said(fill("amount.options", place.language, listed=told), Bond.LOOSE)


def _option(place: "Speaker", option: t.Option) -> Prose:
    title = place.naming.titled(option.title, option.id)
    value = place.amount(option.value).prose
    if option.condition is None:
        return fill("amount.option", place.language, title=title, value=value)
    test = place.said(option.condition).prose
    return fill("amount.option_if", place.language, title=title, test=test, value=value)


def _call(place: "Speaker", term: t.Call) -> Said:
    if term.function in ("min", "max"):
        return _extreme(place, term)
    names = _ARGUMENTS[term.function]
    parts = {name: place.within(Bond.SUM, place.amount(each)) for name, each in zip(names, term.arguments, strict=True)}
    if "window" in parts:
        parts["window"] = place.values.quoted(parts["window"])
    return Said(fill(f"amount.{term.function}", place.language, **parts))


def _extreme(place: "Speaker", term: t.Call) -> Said:
    told = [place.within(Bond.SUM, place.amount(each)) for each in term.arguments]
    before_last = joined(told[:-1], place.word("join.list"))
    listed = joined((before_last, told[-1]), place.word("join.list_and"))
    is_least = term.function == "min"
    if term.kind.name in _TIMES:
        word = "earliest" if is_least else "latest"
    elif len(term.arguments) == 2:
        word = "lower" if is_least else "higher"
    else:
        word = "lowest" if is_least else "highest"
    return Said(fill(f"amount.{word}", place.language, listed=listed))


_ARGUMENTS = {
    "deadline": ("window", "start"),
    "days_between": ("start", "end"),
    "date_of": ("moment",),
    "liability_of": ("reason",),
    "authority_of": ("role",),
    "prorate": ("amount", "part", "whole"),
}
_AMOUNTS: Mapping[type[Term], Callable[..., Said]] = {
    t.Constant: _constant,
    t.Reference: _reference,
    t.Arithmetic: _arithmetic,
    t.Minus: _minus,
    t.Conditional: _conditional,
    t.Aggregate: _aggregate,
    t.Limited: _limited,
    t.Options: _options,
    t.Call: _call,
}

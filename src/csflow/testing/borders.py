"""Owns the borders of a pack, and each of them moved by one unit: what a case beside it notices.

A border is an end of what a comparison accepts, the end of a window, a limit, or the value and the first day of
an edition. One unit is one fen, one day, one second of an instant or duration, 1, or one unit of the last
declared place; where the two sides of a comparison differ, the smaller.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.pack.model import Edition, LinkedPack, every_edition
from csflow.values.decoding import exact
from csflow.values.instants import DAY, SECOND, format_date
from csflow.values.kinds import BOOL, DATETIME, DAYS, DURATION, NUMERIC, ORDERED, Kind, scale_of
from csflow.values.presenting import to_sentence
from csflow.values.windows import CountsFrom, Longest, Window, WindowUnit

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_TIMED = frozenset({WindowUnit.HOURS, WindowUnit.SERVICE_HOURS})


@dataclass(frozen=True, slots=True)
class Move:
    """A term in place of another; `about` is the part that the author will look for.

    `also` is what holds, most often, in a case that notices: it leads the search, and proves nothing.
    """

    term: Term
    about: Term
    word: str
    value: str
    also: Term | None = None


def borders_of(pack: LinkedPack, term: Term) -> Iterator[Move]:
    """The term with each of its own borders moved by one unit either way."""
    match term:
        case t.Comparison(operator=operator, left=left, right=right) if left.kind.name in ORDERED:
            if _is_given_by_pack(left) and not _is_given_by_pack(right):
                left, operator, right = right, _MIRRORED[operator], left
            yield from _compared(pack, t.Comparison(term.mark, BOOL, operator, left, right), term)
        case t.Within(operand=operand, low=low, high=high):
            for step, word in _STEPS[">=" if term.low_closed else ">"]:
                moved = _shifted(pack, operand, low, step)
                yield Move(replace(term, low=moved), low, *_passed(pack, operand, low, word))
            for step, word in _STEPS["<=" if term.high_closed else "<"]:
                moved = _shifted(pack, operand, high, step)
                yield Move(replace(term, high=moved), high, *_passed(pack, operand, high, word))
        case t.Membership(operand=operand, choices=choices) if operand.kind.name in ORDERED:
            for number, choice in enumerate(choices):
                others = t.Membership(term.mark, BOOL, operand, choices[:number] + choices[number + 1 :])
                for move in _compared(pack, t.Comparison(term.mark, BOOL, "=", operand, choice), choice):
                    yield replace(move, term=t.Or(term.mark, BOOL, (others, move.term)))
        case t.Call(function="within", arguments=(window, start, event)):
            end = t.Call(term.mark, DATETIME, "deadline", (window, start))
            for step, word in ((1, "first_late"), (-1, "last_in_time")):
                moved = _shifted(pack, event, end, step)
                yield Move(t.Comparison(term.mark, BOOL, "<", event, moved), term, word, "")
        case t.Limited(operand=operand, low=low, high=high):
            for step in (1, -1):
                # Where no limit is reached: the amount itself counts.
                moved = replace(term, operand=_shifted(pack, low or high or operand, operand, step))
                yield Move(moved, operand, *_amount(pack, term, step), _within_limits(term))
                if low is not None:
                    moved = replace(term, low=_shifted(pack, operand, low, step))
                    yield _limit(pack, term, moved, low, step, "<=")
                if high is not None:
                    moved = replace(term, high=_shifted(pack, operand, high, step))
                    yield _limit(pack, term, moved, high, step, ">=")


def moved_editions(pack: LinkedPack, parameter: str) -> Iterator[tuple[str | None, Edition, Edition, str, str]]:
    """Every edition with its value or its first day moved: layer, edition, moved edition, what that is."""
    own = pack.parameters[parameter]
    given = [(layer.name, layer.parameters.get(parameter, ())) for layer in pack.layers.values()]
    for layer, editions in ((None, own.editions), *given):
        for number, edition in enumerate(editions):
            for value, shown in _moved_values(pack, own.kind, edition.value):
                yield layer, edition, replace(edition, value=value), "moved", shown
            for step in (1, -1) if number else ():
                start = edition.start + step
                yield layer, edition, replace(edition, start=start), "starting", format_date(start)


def authority_asked(term: Term, role: str) -> Iterator[Term]:
    """For every amount held against what a role may approve: that it lies at that border, and the role is the one."""
    for part in t.parts(term):
        yield from authority_asked(part, role)
    if isinstance(term, t.Comparison):
        for amount, limit in ((term.left, term.right), (term.right, term.left)):
            if isinstance(limit, t.Call) and limit.function == "authority_of":
                asked = limit.arguments[0]
                unit = t.Constant(term.mark, limit.kind, 1)
                beside = (t.Arithmetic(term.mark, limit.kind, sign, limit, unit) for sign in "+-")
                who = t.Comparison(term.mark, BOOL, "=", asked, t.Constant(term.mark, asked.kind, role))
                yield t.And(term.mark, BOOL, (who, t.Membership(term.mark, BOOL, amount, (limit, *beside))))


# How an end of what is accepted moves, and the value that it then passes over.
_STEPS = {
    "<": ((1, "equal"), (-1, "below")),
    "<=": ((1, "above"), (-1, "equal")),
    ">": ((1, "above"), (-1, "equal")),
    ">=": ((1, "equal"), (-1, "below")),
}

_PLACES = {"below": -1, "equal": 0, "above": 1}


def _compared(pack: LinkedPack, comparison: t.Comparison, about: Term) -> Iterator[Move]:
    subject, operator, end = comparison.left, comparison.operator, comparison.right
    for step, word in _STEPS.get(operator, ()):
        moved = _shifted(pack, subject, end, step)
        there = _beside(pack, comparison, word)
        yield Move(replace(comparison, right=moved), about, *_passed(pack, subject, end, word), there)
    if operator not in _STEPS:
        # An equality accepts one value: it may take in the one on either side, or lose its own.
        for step, word in ((-1, "below"), (1, "above")):
            there = _beside(pack, comparison, word)
            yield Move(_stretched(pack, comparison, step), about, *_passed(pack, subject, end, word), there)
        nothing = t.Constant(comparison.mark, BOOL, operator == "!=")
        there = _beside(pack, comparison, "equal")
        yield Move(nothing, about, *_passed(pack, subject, end, "equal"), there)


def _beside(pack: LinkedPack, comparison: t.Comparison, word: str) -> Term:
    """That what is compared has the value over which the border moves."""
    value = _shifted(pack, comparison.left, comparison.right, _PLACES[word])
    return replace(comparison, operator="=", right=value)


def _stretched(pack: LinkedPack, comparison: t.Comparison, step: int) -> Term:
    moved = _shifted(pack, comparison.left, comparison.right, step)
    low, high = (moved, comparison.right) if step < 0 else (comparison.right, moved)
    wider = t.Within(comparison.mark, BOOL, comparison.left, low, high, True, True)
    return t.Not(comparison.mark, BOOL, wider) if comparison.operator == "!=" else wider


def _passed(pack: LinkedPack, subject: Term, end: Term, word: str) -> tuple[str, str]:
    """The value over which a border moves, where the pack itself says it; else how it stands to the border."""
    shown = _shown(pack, subject, end, _PLACES[word])
    return ("value", shown) if shown else (word, "")


def _limit(pack: LinkedPack, term: t.Limited, moved: Term, limit: Term, step: int, operator: str) -> Move:
    shown = _shown(pack, term.operand, limit, step)
    word = ("limit_moved", shown) if shown else ("limit_up" if step > 0 else "limit_down", "")
    return Move(moved, limit, *word, t.Comparison(term.mark, BOOL, operator, term.operand, limit))


def _amount(pack: LinkedPack, term: t.Limited, step: int) -> tuple[str, str]:
    shown = _shown(pack, term.low or term.high or term.operand, term.operand, step)
    return ("moved", shown) if shown else ("amount_up" if step > 0 else "amount_down", "")


def _within_limits(term: t.Limited) -> Term:
    limits = ((">", term.low), ("<", term.high))
    parts = (t.Comparison(term.mark, BOOL, sign, term.operand, limit) for sign, limit in limits if limit is not None)
    return t.And(term.mark, BOOL, tuple(parts))


def _shifted(pack: LinkedPack, subject: Term, end: Term, step: int) -> Term:
    """An end so many units further; a constant stays one, so that analysis can cut at it."""
    if isinstance(end, t.Constant):
        return _constant(pack, subject, end, step)
    unit = _unit(pack, subject, end)
    return t.Arithmetic(end.mark, end.kind, "+", end, replace(unit, value=step * unit.value))


def _constant(pack: LinkedPack, subject: Term, end: t.Constant, step: int) -> t.Constant:
    unit = _unit(pack, subject, end)
    is_finer = end.kind.name in NUMERIC and scale_of(unit.kind) > scale_of(end.kind)
    kind = unit.kind if is_finer else end.kind
    held = end.value * scale_of(kind) // scale_of(end.kind) if is_finer else end.value
    return t.Constant(end.mark, kind, held + step * unit.value)


def _unit(pack: LinkedPack, subject: Term, end: Term) -> t.Constant:
    """The smallest step between two values that are compared."""
    if end.kind.name == "datetime":
        return t.Constant(end.mark, DURATION, DAY if _ends_at_midnight(pack, end) else SECOND)
    if end.kind.name == "date":
        return t.Constant(end.mark, DAYS, 1)
    if end.kind.name == "duration":
        return t.Constant(end.mark, DURATION, SECOND)
    finest = max((subject.kind, end.kind), key=lambda kind: (kind.places >= 0, scale_of(kind)))
    return t.Constant(end.mark, finest, 1)


def _ends_at_midnight(pack: LinkedPack, end: Term) -> bool:
    """Whether an instant is the end of a window that is counted in whole days."""
    if not (isinstance(end, t.Call) and end.function == "deadline"):
        return False
    named = [each.name for each in t.references(end.arguments[0]) if each.space is Space.PARAMETER]
    return all(_is_whole(edition.value) for name in named for edition in every_edition(pack, name))


def _is_whole(value: Any) -> bool:
    if isinstance(value, Longest):
        return all(map(_is_whole, value.windows))
    return not isinstance(value, Window) or (value.unit not in _TIMED and value.counts_from != CountsFrom.MOMENT)


def _is_given_by_pack(term: Term) -> bool:
    return isinstance(term, t.Constant) or (isinstance(term, t.Reference) and term.space is Space.PARAMETER)


def _shown(pack: LinkedPack, subject: Term, end: Term, step: int) -> str | None:
    """The value so many units beside a constant, as an author writes it; None where the pack does not say it."""
    if not isinstance(end, t.Constant):
        return None
    beside = _constant(pack, subject, end, step)
    return _plainly(pack, beside.kind, beside.value)


def _plainly(pack: LinkedPack, kind: Kind, held: int) -> str:
    """A number with its unit, a date or an instant, the same in every language."""
    return exact(kind, held) if kind.name in NUMERIC else to_sentence(kind, held, pack.zone, "en")


def _moved_values(pack: LinkedPack, kind: Kind, value: Any) -> Iterator[tuple[Any, str]]:
    if isinstance(value, Window):
        unit = SECOND if value.unit in _TIMED else 1
        for length in (value.length + unit, value.length - unit):
            if length >= 1:
                yield replace(value, length=length), _length(value, length)
    elif kind.name in ORDERED:
        unit = SECOND if kind.name in ("duration", "datetime") else 1
        for held in (value + unit, value - unit):
            yield held, _plainly(pack, kind, held)


def _length(window: Window, length: int) -> str:
    if window.unit in _TIMED:
        return exact(DURATION, length)
    return f"{length} {window.unit.replace('_', ' ')}"

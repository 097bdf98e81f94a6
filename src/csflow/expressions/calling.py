"""Owns what a call means: its function, its arguments, its result."""

from typing import TYPE_CHECKING

from csflow.diagnostics import Word, nearest
from csflow.expressions import syntax as s
from csflow.expressions import terms as t
from csflow.expressions.functions import AGGREGATES, ALL_FUNCTIONS, EXTREMES, FUNCTIONS, PRORATE, Signature
from csflow.expressions.guards import Guards, is_positive
from csflow.expressions.iterating import is_plain, projection_of, source_of
from csflow.expressions.operators import common_kind
from csflow.values import kinds as k

if TYPE_CHECKING:
    from csflow.expressions.elaborating import Elaborator

_SHARES = k.NUMERIC - {"percent"}


def call(place: "Elaborator", syntax: s.Call, guards: Guards) -> t.Term:
    """The term of a call; what is wrong with it is reported at its own letters."""
    function = syntax.function
    if function in EXTREMES and len(syntax.arguments) > 1:
        return _extreme(place, syntax, guards)
    if function in AGGREGATES:
        return _aggregate(place, syntax, guards)
    if function == PRORATE:
        return _prorate(place, syntax, guards)
    signature = FUNCTIONS.get(function)
    if signature is None:
        place.diagnostics.report(
            "unknown-function",
            syntax.name_mark,
            suggestion=nearest(function, ALL_FUNCTIONS),
            function=function,
            known=sorted(ALL_FUNCTIONS),
        )
        return t.broken(syntax.mark)
    arguments = [place.infer(argument, None, guards) for argument in syntax.arguments]
    if not _fit(place, syntax, arguments, signature):
        return t.broken(syntax.mark)
    result = k.money(place.scope.currency) if signature.result.name == "money" else signature.result
    return t.Call(syntax.mark, result, function, tuple(arguments))


def _fit(place: "Elaborator", syntax: s.Call, arguments: list[t.Term], signature: Signature) -> bool:
    if not _has_count(place, syntax, len(signature.arguments)):
        return False
    return all(
        _is_taken(place, syntax.function, argument, taken)
        for argument, taken in zip(arguments, signature.arguments, strict=True)
    )


def _has_count(place: "Elaborator", syntax: s.Call, wanted: int) -> bool:
    found = len(syntax.arguments)
    if found != wanted:
        place.diagnostics.report(
            "wrong-argument-count", syntax.mark, function=syntax.function, wanted=wanted, found=found
        )
    return found == wanted


def _is_taken(place: "Elaborator", function: str, argument: t.Term, taken: frozenset[str]) -> bool:
    if argument.kind.is_broken or argument.kind.name in taken:
        return True
    place.diagnostics.report(
        "wrong-argument-kind",
        argument.mark,
        function=function,
        wanted=[Word(f"kind.{name}") for name in sorted(taken)],
        found=argument.kind.word,
    )
    return False


def _extreme(place: "Elaborator", syntax: s.Call, guards: Guards) -> t.Term:
    """`max(a, b, c)`: one of several values of one kind."""
    arguments: list[t.Term] = []
    for each in syntax.arguments:
        expected = arguments[0].kind if arguments else None
        arguments.append(place.infer(each, expected, guards))
    if not all(_is_taken(place, syntax.function, argument, k.ORDERED) for argument in arguments):
        return t.broken(syntax.mark)
    kind = common_kind([argument.kind for argument in arguments])
    if kind is None:
        odd = next(each for each in arguments if not k.agree(arguments[0].kind, each.kind))
        place.report_disagreement(odd.mark, arguments[0].kind, odd.kind)
        return t.broken(syntax.mark)
    return t.Call(syntax.mark, kind, syntax.function, tuple(arguments))


def _aggregate(place: "Elaborator", syntax: s.Call, guards: Guards) -> t.Term:
    if not _has_count(place, syntax, 1):
        return t.broken(syntax.mark)
    found = _iterated(place, syntax, guards)
    if found is None:
        return t.broken(syntax.mark)
    variable, source, body = found
    kind = _aggregate_kind(place, syntax, body)
    if kind is None:
        return t.broken(syntax.mark)
    if syntax.function in EXTREMES:
        # Of an empty list there is none.
        place.note_absence("possibly-empty", syntax.mark, syntax.mark.text)
    return t.Aggregate(syntax.mark, kind, syntax.function, variable, source, body)


def _iterated(place: "Elaborator", syntax: s.Call, guards: Guards) -> tuple[str, t.Reference, t.Term | None] | None:
    """The variable, the list and the body of `line in claim.lines, ...`, of `claim.lines.quantity` or of a list."""
    argument = syntax.arguments[0]
    if isinstance(argument, s.Iteration):
        if not isinstance(argument.variable, s.Name):
            place.diagnostics.report("malformed-name", argument.variable.mark, text=argument.variable.mark.text)
            return None
        source = source_of(place, argument.source, guards)
        if source is None:
            return None
        variable = argument.variable.path
        if not is_plain(variable, argument.variable.mark, place.diagnostics):
            return None
        return variable, source, place.with_item(variable, argument.variable.mark, source, argument.body, guards)
    if isinstance(argument, s.Name):
        projected = projection_of(place, argument, guards)
        if projected is not None:
            return "*", *projected
        source = source_of(place, argument, guards)
        return None if source is None else ("*", source, None)
    place.diagnostics.report("not-a-list", argument.mark, name=argument.mark.text)
    return None


def _aggregate_kind(place: "Elaborator", syntax: s.Call, body: t.Term | None) -> k.Kind | None:
    function = syntax.function
    if function == "count":
        if body is None or _is_taken(place, function, body, frozenset({"bool"})):
            return k.INT
        return None
    if body is None:
        place.diagnostics.report("aggregate-without-field", syntax.mark, function=function)
        return None
    taken = k.ORDERED if function in EXTREMES else k.NUMERIC
    if not _is_taken(place, function, body, taken):
        return None
    # A sum of quantities is a number, with no upper bound of its own.
    return k.INT if body.kind.name in k.WHOLE else body.kind


def _prorate(place: "Elaborator", syntax: s.Call, guards: Guards) -> t.Term:
    """`prorate(amount, part, whole)`, where the whole is surely above zero."""
    if not _has_count(place, syntax, 3):
        return t.broken(syntax.mark)
    amount, part, whole = arguments = [place.infer(each, None, guards) for each in syntax.arguments]
    if not _is_taken(place, PRORATE, amount, k.NUMERIC):
        return t.broken(syntax.mark)
    if not all(_is_taken(place, PRORATE, each, _SHARES) for each in (part, whole)):
        return t.broken(syntax.mark)
    if any(each.kind.is_broken for each in arguments):
        return t.broken(syntax.mark)
    if not k.agree(part.kind, whole.kind):
        place.report_disagreement(whole.mark, part.kind, whole.kind)
        return t.broken(syntax.mark)
    if not is_positive(whole, guards):
        place.diagnostics.report("unsafe-prorate", whole.mark, text=whole.mark.text)
        return t.broken(syntax.mark)
    kind = k.NUMBER if amount.kind.name in k.NUMBERS else amount.kind
    return t.Call(syntax.mark, kind, PRORATE, tuple(arguments))

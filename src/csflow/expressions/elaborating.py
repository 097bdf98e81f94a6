"""Owns the step from syntax to typed terms: names, kinds, units, and guards of optional facts.

Each fault is reported once, at its own letters; the broken part agrees with everything around it.
"""

from collections.abc import Iterable
from typing import Protocol

from csflow.diagnostics import Diagnostics, Mark, Word, half_width, nearest, nearest_spelling
from csflow.expressions import syntax as s
from csflow.expressions import terms as t
from csflow.expressions.functions import FUNCTIONS
from csflow.expressions.printing import print_expression
from csflow.expressions.typed_cells import value_meant
from csflow.values import kinds as k
from csflow.values.currencies import is_currency
from csflow.values.decoding import Misfit, from_text, spellings
from csflow.values.kinds import Kind
from csflow.values.mending import CHINESE_UNITS, MONEY_WORDS, truth_meant

_UNITS = {
    "days": ("days", "day", "weeks", "week"),
    "duration": ("hours", "hour", "minutes", "minute", "seconds", "second"),
}
_UNIT_KINDS = {unit: kind for kind, units in _UNITS.items() for unit in units}
Guards = frozenset[tuple[t.Space, str]]
_NO_GUARDS: Guards = frozenset()


class Scope(Protocol):
    """What the place of an expression can see."""

    @property
    def currency(self) -> str: ...

    def find(self, path: str, mark: Mark) -> t.Term | None:
        """What a name stands for here: a reference, a broken term, or None."""

    def names(self) -> Iterable[str]:
        """Every name that could be written here, for suggestions."""

    def report_unknown(self, name: s.Name, diagnostics: Diagnostics) -> None:
        """Say that a name is not known, as precisely as this scope can."""

    def subtree(self, root: str) -> tuple[str, ...] | None:
        """The reason codes at and below `root`."""


class Elaborator:
    """Elaborates the expressions of one place."""

    def __init__(self, scope: Scope, diagnostics: Diagnostics) -> None:
        self._scope = scope
        self._diagnostics = diagnostics
        self._lenient = False
        self._reads_optional = False
        # The guard of an optional fact was mistyped: what it would have guarded is not reported as well.
        self._lost_guard = False

    def condition(self, syntax: s.Syntax) -> t.Term:
        """A term of kind bool in which every optional read is guarded."""
        self._lenient = False
        term = self._infer(syntax, k.BOOL, _NO_GUARDS)
        return self._require(term, k.BOOL)

    def value(self, syntax: s.Syntax, expected: Kind | None = None) -> tuple[t.Term, bool]:
        """A term of the expected kind (any, when None), and whether it may be absent."""
        self._lenient, self._reads_optional = True, False
        term = self._infer(syntax, expected, _NO_GUARDS)
        if expected is not None:
            term = self._require(term, expected)
        return term, self._reads_optional

    def cell(self, syntax: s.Syntax, column: t.Reference) -> t.Term | None:
        """The test that a cell makes of its column's input; None for `-`.

        Absent matches only `-` and `absent`: every other test asks first whether a value is given.
        """
        self._lenient = False
        if isinstance(syntax, s.AnyCell):
            return None
        if isinstance(syntax, s.PresenceCell):
            return self._presence(syntax.mark, column, syntax.given)
        if isinstance(syntax, s.TypedCell):
            meant = value_meant(syntax, column.kind, self._diagnostics)
            if meant is None:
                return t.broken(syntax.mark)
            syntax = s.ChoiceCell(syntax.mark, (meant,), negated=False)
        guards = frozenset({(column.space, column.name)})
        test = self._cell_test(syntax, column, guards)
        if not column.optional:
            return test
        return t.And(syntax.mark, k.BOOL, (t.Given(syntax.mark, k.BOOL, column), test))

    # Cells

    def _cell_test(self, syntax: s.Syntax, column: t.Reference, guards: Guards) -> t.Term:
        match syntax:
            case s.CompareCell(mark=mark, operator=operator, right=right):
                return self._comparison(mark, operator, column, self._infer(right, column.kind, guards))
            case s.ChoiceCell(mark=mark, choices=choices, negated=negated):
                return self._membership(mark, column, choices, negated, guards)
            case s.IntervalCell(mark=mark, interval=interval):
                return self._inside(mark, column, interval, False, guards)
        raise TypeError(f"not a cell: {syntax!r}")

    # Terms

    def _infer(self, syntax: s.Syntax, expected: Kind | None, guards: Guards) -> t.Term:
        mark = syntax.mark
        match syntax:
            case s.Name():
                return self._name(syntax, expected, guards)
            case s.Literal():
                return self._literal(syntax, expected)
            case s.Negate(operand=operand):
                return t.Not(mark, k.BOOL, self._bool(operand, guards))
            case s.Junction(word=word, operands=operands):
                return self._junction(mark, word, operands, guards)
            case s.Compare(operator=operator):
                left, right = self._sides(syntax, guards)
                return self._comparison(mark, operator, left, right)
            case s.OneOf(operand=operand, choices=choices, negated=negated):
                return self._membership(mark, self._infer(operand, None, guards), choices, negated, guards)
            case s.Inside(operand=operand, interval=interval, negated=negated):
                return self._inside(mark, self._infer(operand, None, guards), interval, negated, guards)
            case s.Presence(operand=operand, given=given):
                return self._presence_of(mark, operand, given)
            case s.Arithmetic(operator=operator):
                return self._arithmetic(mark, operator, syntax, guards)
            case s.Minus(operand=operand):
                return self._minus(mark, operand, expected, guards)
            case s.Conditional():
                return self._conditional(syntax, expected, guards)
            case s.Call():
                return self._call(syntax, guards)
            case s.Subtree():
                self._diagnostics.report("misplaced-subtree", mark, text=mark.text)
                return t.broken(mark)
        raise TypeError(f"not an expression: {syntax!r}")

    def _name(self, name: s.Name, expected: Kind | None, guards: Guards) -> t.Term:
        found = self._scope.find(name.path, name.mark)
        is_symbol = expected is not None and name.path in expected.symbols
        if found is not None and is_symbol and not found.kind.is_broken:
            self._diagnostics.report("ambiguous-word", name.mark, word=name.path)
            return t.broken(name.mark)
        if found is None and is_symbol and expected is not None:
            return t.Constant(name.mark, expected, name.path)
        if found is None:
            self._report_unknown(name, expected)
            return t.broken(name.mark)
        if isinstance(found, t.Reference):
            self._note_optional(found, guards)
        return found

    def _report_unknown(self, name: s.Name, expected: Kind | None) -> None:
        if expected is not None and expected.is_broken:
            # It may be a symbol of the side that was reported: which one, nobody can say.
            return
        if expected is None or self._is_dotted_name(name.path):
            self._scope.report_unknown(name, self._diagnostics)
        elif expected.name == "bool" and truth_meant(name.path):
            self._diagnostics.report("unknown-name", name.mark, suggestion=truth_meant(name.path), name=name.path)
        elif expected.is_symbolic:
            known = {name: name for name in self._scope.names()} | spellings(expected)
            meant = nearest_spelling(name.path, known)
            self._diagnostics.report(
                "unknown-symbol", name.mark, suggestion=meant, symbol=name.path, kind=expected.word
            )
        elif expected.name == "text":
            self._diagnostics.report("text-without-quotes", name.mark, suggestion=f"'{name.path}'", text=name.path)
        else:
            self._scope.report_unknown(name, self._diagnostics)

    def _is_dotted_name(self, path: str) -> bool:
        """Whether a word that is not known begins like a fact, a parameter or a decision."""
        record, dot, _ = path.partition(".")
        return bool(dot) and any(
            name.startswith(f"{record}.") for name in ("param.", "decision.", *self._scope.names())
        )

    def _note_optional(self, reference: t.Reference, guards: Guards) -> None:
        if not reference.optional or (reference.space, reference.name) in guards or self._lost_guard:
            return
        if self._lenient:
            self._reads_optional = True
        else:
            self._diagnostics.report("unguarded-optional", reference.mark, name=reference.written)

    def _literal(self, literal: s.Literal, expected: Kind | None) -> t.Term:
        mark, text = literal.mark, literal.text
        try:
            match literal.form:
                case "truth":
                    return t.Constant(mark, k.BOOL, text == "true")
                case "text":
                    return t.Constant(mark, k.TEXT, from_text(k.TEXT, text))
                case "date":
                    return t.Constant(mark, k.DATE, from_text(k.DATE, text))
                case "instant":
                    return t.Constant(mark, k.DATETIME, from_text(k.DATETIME, text))
                case "number":
                    return self._number(mark, text, expected)
                case _:
                    return self._quantity(mark, text)
        except Misfit as misfit:
            self._diagnostics.report(misfit.name, mark, suggestion=misfit.suggestion, **misfit.values)
            return t.broken(mark)

    def _number(self, mark: Mark, text: str, expected: Kind | None) -> t.Term:
        if expected is not None and expected.name in ("money", "percent", "days", "duration"):
            # Reading it as the expected kind says which unit is missing.
            return t.Constant(mark, expected, from_text(expected, text))
        kind = Kind("decimal", places=len(text.partition(".")[2])) if "." in text else k.INT
        return t.Constant(mark, kind, from_text(kind, text))

    def _quantity(self, mark: Mark, text: str) -> t.Term:
        number, _, unit = text.partition(" ")
        currency = self._scope.currency
        if unit == "¥":
            if currency not in ("CNY", "JPY"):
                raise Misfit(
                    "ambiguous-currency-sign", given=mark.text, currency=currency, suggestion=f"{number} {currency}"
                )
            unit = currency
        if is_currency(unit):
            kind = k.money(currency)
            return t.Constant(mark, kind, from_text(kind, f"{number} {unit}"))
        if number.endswith("%"):
            return t.Constant(mark, k.PERCENT, from_text(k.PERCENT, number))
        if unit in _UNIT_KINDS:
            kind = k.DAYS if _UNIT_KINDS[unit] == "days" else k.DURATION
            return t.Constant(mark, kind, from_text(kind, f"{number} {unit}"))
        raise Misfit("unknown-unit", unit=unit, suggestion=self._unit_meant(number, unit))

    def _unit_meant(self, number: str, unit: str) -> str | None:
        word = half_width(unit)
        if word.casefold() in MONEY_WORDS:
            return f"{number} {self._scope.currency}"
        meant = CHINESE_UNITS.get(word) or nearest(word, (*_UNIT_KINDS, self._scope.currency))
        return f"{number} {meant}" if meant else None

    def _bool(self, syntax: s.Syntax, guards: Guards) -> t.Term:
        return self._require(self._infer(syntax, k.BOOL, guards), k.BOOL)

    def _junction(self, mark: Mark, word: str, operands: tuple[s.Syntax, ...], guards: Guards) -> t.Term:
        built = []
        for operand in operands:
            term = self._bool(operand, guards)
            guards = guards | _given_when(term, truth=word == "and")
            built.append(term)
        return (t.And if word == "and" else t.Or)(mark, k.BOOL, tuple(built))

    def _sides(self, compare: s.Compare, guards: Guards) -> tuple[t.Term, t.Term]:
        """Both sides, the one whose kind is plain first: it says what a symbol must be."""
        if self._needs_help(compare.left) and not self._needs_help(compare.right):
            right = self._infer(compare.right, None, guards)
            return self._infer(compare.left, right.kind, guards), right
        if self._is_unknown_word(compare.left) and self._is_dotted(compare.right):
            # Two words that nobody knows: the dotted one was meant to be a name, the other a symbol of it.
            right = self._infer(compare.right, None, guards)
            return self._infer(compare.left, right.kind, guards), right
        left = self._infer(compare.left, None, guards)
        return left, self._infer(compare.right, left.kind, guards)

    def _is_unknown_word(self, syntax: s.Syntax) -> bool:
        return isinstance(syntax, s.Name) and "." not in syntax.path and self._needs_help(syntax)

    def _is_dotted(self, syntax: s.Syntax) -> bool:
        return isinstance(syntax, s.Name) and "." in syntax.path

    def _needs_help(self, syntax: s.Syntax) -> bool:
        if isinstance(syntax, s.Name):
            return self._scope.find(syntax.path, syntax.mark) is None
        return isinstance(syntax, s.Literal) and syntax.form == "number"

    def _comparison(self, mark: Mark, operator: str, left: t.Term, right: t.Term) -> t.Term:
        left, right = _on_one_clock(left, right)
        if not k.agree(left.kind, right.kind):
            self._report_disagreement(right.mark, left.kind, right.kind)
            return t.broken(mark)
        kind = right.kind if left.kind.is_broken else left.kind
        if operator not in ("=", "!=") and not kind.is_broken and kind.name not in k.ORDERED:
            self._diagnostics.report("unordered-kind", mark, kind=kind.word, operator=operator)
            return t.broken(mark)
        if kind.name == "window":
            self._diagnostics.report("incomparable-kind", mark, kind=kind.word)
            return t.broken(mark)
        return t.Comparison(mark, k.BOOL, operator, left, right)

    def _report_disagreement(self, mark: Mark, wanted: Kind, found: Kind) -> None:
        name = "days-against-duration" if {wanted.name, found.name} == {"days", "duration"} else "kinds-disagree"
        self._diagnostics.report(name, mark, wanted=wanted.word, found=found.word)

    def _membership(
        self, mark: Mark, operand: t.Term, choices: Iterable[s.Syntax], negated: bool, guards: Guards
    ) -> t.Term:
        comparisons: list[t.Comparison] = []
        for choice in choices:
            if isinstance(choice, s.Subtree):
                codes = self._subtree(choice, operand.kind)
                comparisons += [t.Comparison(code.mark, k.BOOL, "=", operand, code) for code in codes]
                continue
            comparison = self._comparison(choice.mark, "=", operand, self._infer(choice, operand.kind, guards))
            if isinstance(comparison, t.Comparison):
                comparisons.append(comparison)
        # An instant may be compared with instants and with dates in one list: each on its own clock.
        sides = list(dict.fromkeys(comparison.left for comparison in comparisons)) or [operand]
        members: tuple[t.Term, ...] = tuple(
            t.Membership(mark, k.BOOL, side, tuple(each.right for each in comparisons if each.left == side))
            for side in sides
        )
        member = members[0] if len(members) == 1 else t.Or(mark, k.BOOL, members)
        return t.Not(mark, k.BOOL, member) if negated else member

    def _subtree(self, subtree: s.Subtree, kind: Kind) -> list[t.Term]:
        if kind.is_broken:
            return []
        codes = self._scope.subtree(subtree.root) if kind.name == "reason" else None
        if codes is None:
            known = self._reason_roots(kind)
            meant = nearest(subtree.root, known)
            self._diagnostics.report(
                "unknown-symbol",
                subtree.mark,
                suggestion=f"{meant}/*" if meant else None,
                symbol=subtree.mark.text,
                kind=kind.word,
            )
            return []
        return [t.Constant(subtree.mark, kind, code) for code in codes]

    def _reason_roots(self, kind: Kind) -> tuple[str, ...]:
        return kind.symbols if kind.name == "reason" else ()

    def _inside(self, mark: Mark, operand: t.Term, interval: s.Interval, negated: bool, guards: Guards) -> t.Term:
        ends = []
        for bound, is_low in ((interval.low, True), (interval.high, False)):
            closed = interval.low_closed if is_low else interval.high_closed
            operator = (">" if is_low else "<") + ("=" if closed else "")
            comparison = self._comparison(bound.mark, operator, operand, self._infer(bound, operand.kind, guards))
            if not isinstance(comparison, t.Comparison):
                return t.broken(mark)
            ends.append(comparison)
        low, high = ends
        if low.left == high.left:
            inside: t.Term = t.Within(
                mark, k.BOOL, low.left, low.right, high.right, interval.low_closed, interval.high_closed
            )
        else:
            # One end is an instant and one a date: each is compared on its own clock.
            inside = t.And(mark, k.BOOL, (low, high))
        if isinstance(inside, t.Within) and _is_empty(inside):
            written = print_expression(s.IntervalCell(interval.mark, interval))
            self._diagnostics.report("empty-interval", interval.mark, text=written)
            return t.broken(mark)
        return t.Not(mark, k.BOOL, inside) if negated else inside

    def _presence_of(self, mark: Mark, operand: s.Syntax, given: bool) -> t.Term:
        found = self._scope.find(operand.path, operand.mark) if isinstance(operand, s.Name) else None
        if isinstance(found, t.Reference):
            return self._presence(mark, found, given)
        if found is None:
            if isinstance(operand, s.Name):
                self._lost_guard = True
                self._scope.report_unknown(operand, self._diagnostics)
            else:
                self._diagnostics.report("presence-of-expression", operand.mark, text=operand.mark.text)
        return t.broken(mark)

    def _presence(self, mark: Mark, reference: t.Reference, given: bool) -> t.Term:
        if not reference.optional:
            if reference.kind.is_broken:
                return t.broken(mark)
            self._diagnostics.report(
                "presence-of-required", mark, name=reference.written, word="given" if given else "absent"
            )
            return t.broken(mark)
        test = t.Given(mark, k.BOOL, reference)
        return test if given else t.Not(mark, k.BOOL, test)

    def _minus(self, mark: Mark, operand: s.Syntax, expected: Kind | None, guards: Guards) -> t.Term:
        term = self._infer(operand, expected, guards)
        if not term.kind.is_broken and term.kind.name not in k.NUMERIC:
            self._diagnostics.report("no-arithmetic", mark, operator="-", left=term.kind.word, right=term.kind.word)
            return t.broken(mark)
        if isinstance(term, t.Constant) and not term.kind.is_broken:
            return t.Constant(mark, term.kind, -term.value)
        return t.Minus(mark, term.kind, term)

    def _arithmetic(self, mark: Mark, operator: str, syntax: s.Arithmetic, guards: Guards) -> t.Term:
        left = self._infer(syntax.left, None, guards)
        right = self._infer(syntax.right, None, guards)
        if left.kind.is_broken or right.kind.is_broken:
            return t.broken(mark)
        kind = _arithmetic_kind(operator, left.kind, right.kind)
        if kind is None:
            self._diagnostics.report(
                "no-arithmetic", mark, operator=operator, left=left.kind.word, right=right.kind.word
            )
            return t.broken(mark)
        if operator == "/" and not _may_divide(right):
            self._diagnostics.report("unsafe-division", right.mark, text=right.mark.text)
            return t.broken(mark)
        return t.Arithmetic(mark, kind, operator, left, right)

    def _conditional(self, syntax: s.Conditional, expected: Kind | None, guards: Guards) -> t.Term:
        test = self._bool(syntax.test, guards)
        then = self._infer(syntax.then, expected, guards | _given_when(test, truth=True))
        otherwise = self._infer(syntax.otherwise, expected or then.kind, guards | _given_when(test, truth=False))
        if not k.agree(then.kind, otherwise.kind):
            self._report_disagreement(otherwise.mark, then.kind, otherwise.kind)
            return t.broken(syntax.mark)
        is_mixed = then.kind.name in ("int", "decimal") and then.kind != otherwise.kind
        kind = k.NUMBER if is_mixed else then.kind
        return t.Conditional(syntax.mark, kind, test, then, otherwise)

    def _call(self, call: s.Call, guards: Guards) -> t.Term:
        signature = FUNCTIONS.get(call.function)
        if signature is None:
            self._diagnostics.report(
                "unknown-function",
                call.name_mark,
                suggestion=nearest(call.function, FUNCTIONS),
                function=call.function,
                known=sorted(FUNCTIONS),
            )
            return t.broken(call.mark)
        arguments = [self._infer(argument, None, guards) for argument in call.arguments]
        if len(arguments) != len(signature.arguments):
            self._diagnostics.report(
                "wrong-argument-count",
                call.mark,
                function=call.function,
                wanted=len(signature.arguments),
                found=len(arguments),
            )
            return t.broken(call.mark)
        for argument, taken in zip(arguments, signature.arguments, strict=True):
            if not argument.kind.is_broken and argument.kind.name not in taken:
                self._diagnostics.report(
                    "wrong-argument-kind",
                    argument.mark,
                    function=call.function,
                    wanted=[Word(f"kind.{name}") for name in sorted(taken)],
                    found=argument.kind.word,
                )
                return t.broken(call.mark)
        return t.Call(call.mark, signature.result, call.function, tuple(arguments))

    def _require(self, term: t.Term, expected: Kind) -> t.Term:
        if k.fits(term.kind, expected):
            return term
        self._report_disagreement(term.mark, expected, term.kind)
        return t.broken(term.mark)


def _given_when(term: t.Term, truth: bool) -> Guards:
    """The references that are surely given where `term` is true (or false)."""
    match term:
        case t.Given(operand=operand) if truth:
            return frozenset({(operand.space, operand.name)})
        case t.Not(operand=operand):
            return _given_when(operand, not truth)
        case t.And(operands=operands) if truth:
            return _NO_GUARDS.union(*(_given_when(part, truth) for part in operands))
        case t.Or(operands=operands) if not truth:
            return _NO_GUARDS.union(*(_given_when(part, truth) for part in operands))
    return _NO_GUARDS


def _on_one_clock(left: t.Term, right: t.Term) -> tuple[t.Term, t.Term]:
    """A date against an instant compares local dates (`<= 2026-11-15` includes that day)."""
    if (left.kind.name, right.kind.name) == ("datetime", "date"):
        return t.Call(left.mark, k.DATE, "date_of", (left,)), right
    if (left.kind.name, right.kind.name) == ("date", "datetime"):
        return left, t.Call(right.mark, k.DATE, "date_of", (right,))
    return left, right


def _arithmetic_kind(operator: str, left: Kind, right: Kind) -> Kind | None:
    numbers = {"int", "decimal"}
    names = {left.name, right.name}
    if operator in "+-":
        if names <= numbers:
            return k.INT if names == {"int"} else k.NUMBER
        if left.name == right.name and left.name in k.NUMERIC:
            return left
        if (left.name, right.name) == ("datetime", "duration"):
            return k.DATETIME
        if (left.name, right.name) == ("date", "days"):
            return k.DATE
        return None
    if operator == "*":
        for one, other in ((left, right), (right, left)):
            if other.name in numbers | {"percent"} and one.name in ("money", "percent"):
                return one if one.name == "money" or other.name in numbers else k.NUMBER
            if other.name == "int" and one.name in ("days", "duration"):
                return one
        if names <= numbers:
            return k.INT if names == {"int"} else k.NUMBER
        return None
    if right.name in numbers and left.name in numbers | {"money", "percent"}:
        return left if left.name in ("money", "percent") else k.NUMBER
    return None


def _may_divide(divisor: t.Term) -> bool:
    if isinstance(divisor, t.Constant):
        return bool(divisor.value != 0)
    return isinstance(divisor, t.Reference) and divisor.space is t.Space.PARAMETER


def _is_empty(within: t.Within) -> bool:
    low, high = within.low, within.high
    if not (isinstance(low, t.Constant) and isinstance(high, t.Constant)):
        return False
    if low.kind.is_broken or high.kind.is_broken:
        return False
    # Constants of one family may be written with different places: `[0.5..0.75)`.
    smaller = low.value * 10**high.kind.places
    larger = high.value * 10**low.kind.places
    return bool(smaller > larger or (smaller == larger and not (within.low_closed and within.high_closed)))

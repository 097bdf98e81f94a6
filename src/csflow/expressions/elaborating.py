"""Owns the step from syntax to typed terms: names, kinds, units, and guards of optional facts.

Each fault is reported once, at its own letters; the broken part agrees with everything around it.
"""

from collections.abc import Iterable
from typing import Protocol

from csflow.diagnostics import Diagnostics, Mark, nearest, nearest_spelling
from csflow.expressions import syntax as s
from csflow.expressions import terms as t
from csflow.expressions.calling import call
from csflow.expressions.guards import NO_GUARDS, Guards, given_guard, guards_when
from csflow.expressions.iterating import item_scope, quantified
from csflow.expressions.literals import constant
from csflow.expressions.operators import arithmetic_kind, common_kind, is_empty, may_divide, on_one_clock
from csflow.expressions.printing import print_expression
from csflow.expressions.typed_cells import value_meant
from csflow.values import kinds as k
from csflow.values.decoding import Misfit, from_text, spellings
from csflow.values.kinds import Kind
from csflow.values.mending import truth_meant

_NOTHING = frozenset({"null", "nil", "none", "undefined"})
_QUOTED_FOR_NOTHING = k.NUMERIC | {"bool", "date", "datetime"}


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
    """Elaborates the expressions of one place. `scope` changes inside an iteration."""

    def __init__(self, scope: Scope, diagnostics: Diagnostics) -> None:
        self.scope = scope
        self.diagnostics = diagnostics
        self._lenient = False
        self._reads_optional = False
        # The guard of an optional fact was mistyped: what it would have guarded is not reported as well.
        self._lost_guard = False

    def condition(self, syntax: s.Syntax) -> t.Term:
        """A term of kind bool in which every optional read is guarded."""
        self._lenient = False
        term = self.infer(syntax, k.BOOL, NO_GUARDS)
        return self.require(term, k.BOOL)

    def value(self, syntax: s.Syntax, expected: Kind | None = None) -> tuple[t.Term, bool]:
        """A term of the expected kind (any, when None), and whether it may be absent."""
        self._lenient, self._reads_optional = True, False
        term = self.infer(syntax, expected, NO_GUARDS)
        if expected is not None:
            term = self.require(term, expected)
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
            meant = value_meant(syntax, column.kind, self.diagnostics)
            if meant is None:
                return t.broken(syntax.mark)
            syntax = s.ChoiceCell(syntax.mark, (meant,), negated=False)
        guards = frozenset({given_guard(column)})
        test = self._cell_test(syntax, column, guards)
        if not column.optional:
            return test
        return t.And(syntax.mark, k.BOOL, (t.Given(syntax.mark, k.BOOL, column), test))

    # Cells

    def _cell_test(self, syntax: s.Syntax, column: t.Reference, guards: Guards) -> t.Term:
        match syntax:
            case s.CompareCell(mark=mark, operator=operator, right=right):
                return self.comparison(mark, operator, column, self.infer(right, column.kind, guards))
            case s.ChoiceCell(mark=mark, choices=choices, negated=negated):
                return self._membership(mark, column, choices, negated, guards)
            case s.IntervalCell(mark=mark, interval=interval):
                return self._inside(mark, column, interval, False, guards)
        raise TypeError(f"not a cell: {syntax!r}")

    # Terms

    def infer(self, syntax: s.Syntax, expected: Kind | None, guards: Guards) -> t.Term:
        mark = syntax.mark
        match syntax:
            case s.Name():
                return self._name(syntax, expected, guards)
            case s.Literal():
                return self._literal(syntax, expected)
            case s.Negate(operand=operand):
                return t.Not(mark, k.BOOL, self.truth(operand, guards))
            case s.Junction(word=word, operands=operands):
                return self._junction(mark, word, operands, guards)
            case s.Compare(operator=operator):
                if self._is_about_presence(syntax):
                    return t.broken(mark)
                left, right = self._sides(syntax, guards)
                return self.comparison(mark, operator, left, right)
            case s.OneOf(operand=operand, choices=choices, negated=negated):
                return self._membership(mark, self.infer(operand, None, guards), choices, negated, guards)
            case s.Inside(operand=operand, interval=interval, negated=negated):
                return self._inside(mark, self.infer(operand, None, guards), interval, negated, guards)
            case s.Presence(operand=operand, given=given):
                return self._presence_of(mark, operand, given)
            case s.Arithmetic(operator=operator):
                return self._arithmetic(mark, operator, syntax, guards)
            case s.Minus(operand=operand):
                return self._minus(mark, operand, expected, guards)
            case s.Conditional():
                return self._conditional(syntax, expected, guards)
            case s.Call():
                return call(self, syntax, guards)
            case s.Quantified():
                return quantified(self, syntax, guards)
            case s.Iteration():
                self.diagnostics.report("misplaced-iteration", mark, text=mark.text)
                return t.broken(mark)
            case s.Subtree():
                self.diagnostics.report("misplaced-subtree", mark, text=mark.text)
                return t.broken(mark)
        raise TypeError(f"not an expression: {syntax!r}")

    def _name(self, name: s.Name, expected: Kind | None, guards: Guards) -> t.Term:
        found = self.scope.find(name.path, name.mark)
        is_symbol = expected is not None and name.path in expected.symbols
        if found is not None and is_symbol and not found.kind.is_broken:
            self.diagnostics.report("ambiguous-word", name.mark, word=name.path)
            return t.broken(name.mark)
        if found is None and is_symbol and expected is not None:
            return t.Constant(name.mark, expected, name.path)
        if found is None:
            self._report_unknown(name, expected)
            return t.broken(name.mark)
        if isinstance(found, t.Reference):
            if self._is_unreadable(found):
                return t.broken(name.mark)
            self.note_optional(found, guards)
        return found

    def _is_unreadable(self, reference: t.Reference) -> bool:
        """A list has no value of its own; what sort of person a customer is decides nothing (type is tone)."""
        if reference.kind.name == "list":
            self.diagnostics.report("list-as-value", reference.mark, name=reference.written)
        elif reference.kind.name == "customer_type":
            self.diagnostics.report("customer-type-decides", reference.mark, name=reference.written)
        else:
            return False
        return True

    def _report_unknown(self, name: s.Name, expected: Kind | None) -> None:
        if expected is not None and expected.is_broken:
            # It may be a symbol of the side that was reported: which one, nobody can say.
            return
        if expected is None or self._is_dotted_name(name.path):
            self.scope.report_unknown(name, self.diagnostics)
        elif expected.name == "bool" and truth_meant(name.path):
            self.diagnostics.report("unknown-name", name.mark, suggestion=truth_meant(name.path), name=name.path)
        elif expected.is_symbolic:
            known = {name: name for name in self.scope.names()} | spellings(expected)
            meant = nearest_spelling(name.path, known)
            self.diagnostics.report("unknown-symbol", name.mark, suggestion=meant, symbol=name.path, kind=expected.word)
        elif expected.name == "text":
            self.diagnostics.report("text-without-quotes", name.mark, suggestion=f"'{name.path}'", text=name.path)
        else:
            self.scope.report_unknown(name, self.diagnostics)

    def _is_dotted_name(self, path: str) -> bool:
        """Whether a word that is not known begins like a fact, a parameter or a decision."""
        record, dot, _ = path.partition(".")
        return bool(dot) and any(name.startswith(f"{record}.") for name in ("param.", "decision.", *self.scope.names()))

    def note_optional(self, reference: t.Reference, guards: Guards) -> None:
        """An optional is read: it must be guarded, or what reads it is optional, too."""
        if reference.optional and given_guard(reference) not in guards and not self._lost_guard:
            self.note_absence("unguarded-optional", reference.mark, reference.written)

    def note_absence(self, name: str, mark: Mark, written: str) -> None:
        """What stands here may have no value; `name` is the finding where that cannot be."""
        if self._lenient:
            self._reads_optional = True
        else:
            self.diagnostics.report(name, mark, name=written)

    def with_item(self, variable: str, mark: Mark, source: t.Reference, body: s.Syntax, guards: Guards) -> t.Term:
        """The body of an iteration, in which `variable` stands for a record of the list."""
        outer = self.scope
        self.scope = item_scope(outer, variable, mark, source, self.diagnostics)
        term = self.infer(body, None, guards)
        self.scope = outer
        return term

    def _literal(self, literal: s.Literal, expected: Kind | None) -> t.Term:
        try:
            return constant(literal, expected, self.scope.currency)
        except Misfit as misfit:
            self.diagnostics.report(misfit.name, literal.mark, suggestion=misfit.suggestion, **misfit.values)
            return t.broken(literal.mark)

    def truth(self, syntax: s.Syntax, guards: Guards) -> t.Term:
        return self.require(self.infer(syntax, k.BOOL, guards), k.BOOL)

    def _junction(self, mark: Mark, word: str, operands: tuple[s.Syntax, ...], guards: Guards) -> t.Term:
        built = []
        for operand in operands:
            term = self.truth(operand, guards)
            guards = guards | guards_when(term, truth=word == "and")
            built.append(term)
        return (t.And if word == "and" else t.Or)(mark, k.BOOL, tuple(built))

    def _sides(self, compare: s.Compare, guards: Guards) -> tuple[t.Term, t.Term]:
        """Both sides, the one whose kind is plain first: it says what a symbol must be."""
        if self._needs_help(compare.left) and not self._needs_help(compare.right):
            right = self.infer(compare.right, None, guards)
            return self.infer(compare.left, right.kind, guards), right
        if self._is_unknown_word(compare.left) and self._is_dotted(compare.right):
            # Two words that nobody knows: the dotted one was meant to be a name, the other a symbol of it.
            right = self.infer(compare.right, None, guards)
            return self.infer(compare.left, right.kind, guards), right
        left = self.infer(compare.left, None, guards)
        return left, self.infer(compare.right, left.kind, guards)

    def _is_about_presence(self, compare: s.Compare) -> bool:
        """`x = null`: whether an optional fact is given is asked in words. Reported."""
        left, right = compare.left, compare.right
        if not (isinstance(left, s.Name) and isinstance(right, s.Name) and right.path.casefold() in _NOTHING):
            return False
        found = self.scope.find(left.path, left.mark)
        is_optional = isinstance(found, t.Reference) and found.optional and right.path not in found.kind.symbols
        if not is_optional or compare.operator not in ("=", "!=") or self.scope.find(right.path, right.mark):
            return False
        source = compare.mark.source
        place = Mark(source, source.text.index(compare.operator, left.mark.end), right.mark.end)
        meant = "is absent" if compare.operator == "=" else "is given"
        self.diagnostics.report("foreign-operator", place, suggestion=meant, sign=place.text, operator=meant)
        return True

    def _is_unknown_word(self, syntax: s.Syntax) -> bool:
        return isinstance(syntax, s.Name) and "." not in syntax.path and self._needs_help(syntax)

    def _is_dotted(self, syntax: s.Syntax) -> bool:
        return isinstance(syntax, s.Name) and "." in syntax.path

    def _needs_help(self, syntax: s.Syntax) -> bool:
        if isinstance(syntax, s.Name):
            return self.scope.find(syntax.path, syntax.mark) is None
        return isinstance(syntax, s.Literal) and syntax.form == "number"

    def comparison(self, mark: Mark, operator: str, left: t.Term, right: t.Term) -> t.Term:
        left, right = on_one_clock(left, right)
        if not k.agree(left.kind, right.kind):
            self.report_disagreement(right.mark, left.kind, right.kind)
            return t.broken(mark)
        kind = right.kind if left.kind.is_broken else left.kind
        if operator not in ("=", "!=") and not kind.is_broken and kind.name not in k.ORDERED:
            self.diagnostics.report("unordered-kind", mark, kind=kind.word, operator=operator)
            return t.broken(mark)
        if kind.name == "window":
            self.diagnostics.report("incomparable-kind", mark, kind=kind.word)
            return t.broken(mark)
        return t.Comparison(mark, k.BOOL, operator, left, right)

    def report_disagreement(self, mark: Mark, wanted: Kind, found: Kind) -> None:
        name = "days-against-duration" if {wanted.name, found.name} == {"days", "duration"} else "kinds-disagree"
        meant = _unquoted(mark.text, wanted) if found.name == "text" else None
        self.diagnostics.report(name, mark, suggestion=meant, wanted=wanted.word, found=found.word)

    def _membership(
        self, mark: Mark, operand: t.Term, choices: Iterable[s.Syntax], negated: bool, guards: Guards
    ) -> t.Term:
        comparisons: list[t.Comparison] = []
        for choice in choices:
            if isinstance(choice, s.Subtree):
                codes = self._subtree(choice, operand.kind)
                comparisons += [t.Comparison(code.mark, k.BOOL, "=", operand, code) for code in codes]
                continue
            comparison = self.comparison(choice.mark, "=", operand, self.infer(choice, operand.kind, guards))
            if isinstance(comparison, t.Comparison):
                comparisons.append(comparison)
        # An instant may be compared with instants and with dates in one list: each on its own clock.
        is_one = all(each.left is operand for each in comparisons)
        sides = [operand] if is_one else list(dict.fromkeys(each.left for each in comparisons))
        members: tuple[t.Term, ...] = tuple(
            t.Membership(mark, k.BOOL, side, tuple(each.right for each in comparisons if is_one or each.left == side))
            for side in sides
        )
        member = members[0] if len(members) == 1 else t.Or(mark, k.BOOL, members)
        return t.Not(mark, k.BOOL, member) if negated else member

    def _subtree(self, subtree: s.Subtree, kind: Kind) -> list[t.Term]:
        if kind.is_broken:
            return []
        codes = self.scope.subtree(subtree.root) if kind.name == "reason" else None
        if codes is None:
            known = self._reason_roots(kind)
            meant = nearest(subtree.root, known)
            self.diagnostics.report(
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
            comparison = self.comparison(bound.mark, operator, operand, self.infer(bound, operand.kind, guards))
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
        if isinstance(inside, t.Within) and is_empty(inside):
            written = print_expression(s.IntervalCell(interval.mark, interval))
            self.diagnostics.report("empty-interval", interval.mark, text=written)
            return t.broken(mark)
        return t.Not(mark, k.BOOL, inside) if negated else inside

    def _presence_of(self, mark: Mark, operand: s.Syntax, given: bool) -> t.Term:
        found = self.scope.find(operand.path, operand.mark) if isinstance(operand, s.Name) else None
        if isinstance(found, t.Reference):
            if found.kind.name == "customer_type" and self._is_unreadable(found):
                return t.broken(mark)
            return self._presence(mark, found, given)
        if found is None:
            if isinstance(operand, s.Name):
                self._lost_guard = True
                self.scope.report_unknown(operand, self.diagnostics)
            else:
                self.diagnostics.report("presence-of-expression", operand.mark, text=operand.mark.text)
        return t.broken(mark)

    def _presence(self, mark: Mark, reference: t.Reference, given: bool) -> t.Term:
        if not reference.optional:
            if reference.kind.is_broken:
                return t.broken(mark)
            self.diagnostics.report(
                "presence-of-required", mark, name=reference.written, word="given" if given else "absent"
            )
            return t.broken(mark)
        test = t.Given(mark, k.BOOL, reference)
        return test if given else t.Not(mark, k.BOOL, test)

    def _minus(self, mark: Mark, operand: s.Syntax, expected: Kind | None, guards: Guards) -> t.Term:
        term = self.infer(operand, expected, guards)
        if not term.kind.is_broken and term.kind.name not in k.NUMERIC:
            self.diagnostics.report("no-arithmetic", mark, operator="-", left=term.kind.word, right=term.kind.word)
            return t.broken(mark)
        if isinstance(term, t.Constant) and not term.kind.is_broken:
            return t.Constant(mark, term.kind, -term.value)
        return t.Minus(mark, term.kind, term)

    def _arithmetic(self, mark: Mark, operator: str, syntax: s.Arithmetic, guards: Guards) -> t.Term:
        left = self.infer(syntax.left, None, guards)
        right = self.infer(syntax.right, None, guards)
        if left.kind.is_broken or right.kind.is_broken:
            return t.broken(mark)
        kind = arithmetic_kind(operator, left.kind, right.kind)
        if kind is None:
            self.diagnostics.report(
                "no-arithmetic", mark, operator=operator, left=left.kind.word, right=right.kind.word
            )
            return t.broken(mark)
        if operator == "/" and not may_divide(right):
            self.diagnostics.report("unsafe-division", right.mark, text=right.mark.text)
            return t.broken(mark)
        return t.Arithmetic(mark, kind, operator, left, right)

    def _conditional(self, syntax: s.Conditional, expected: Kind | None, guards: Guards) -> t.Term:
        test = self.truth(syntax.test, guards)
        then = self.infer(syntax.then, expected, guards | guards_when(test, truth=True))
        otherwise = self.infer(syntax.otherwise, expected or then.kind, guards | guards_when(test, truth=False))
        kind = common_kind([then.kind, otherwise.kind])
        if kind is None:
            self.report_disagreement(otherwise.mark, then.kind, otherwise.kind)
            return t.broken(syntax.mark)
        return t.Conditional(syntax.mark, kind, test, then, otherwise)

    def require(self, term: t.Term, expected: Kind) -> t.Term:
        if k.fits(term.kind, expected):
            return term
        self.report_disagreement(term.mark, expected, term.kind)
        return t.broken(term.mark)


def _unquoted(text: str, wanted: Kind) -> str | None:
    """What stands in quotes, where it needs none: `"intact"`, `"2026-11-11"`."""
    inner = text[1:-1]
    if wanted.is_symbolic:
        return nearest_spelling(inner, spellings(wanted))
    # An instant is compared with dates, too.
    for kind in (wanted, k.DATE) if wanted.name == "datetime" else (wanted,):
        if kind.name not in _QUOTED_FOR_NOTHING:
            return None
        try:
            from_text(kind, inner)
        except Misfit:
            continue
        return inner
    return None

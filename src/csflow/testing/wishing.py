"""Owns one step towards facts for which a condition holds, or a term has a value.

A step changes a few facts so that one thing that was not so becomes so: `days_between(a, b) <= 7` moves b to
seven days after a, `within(window, a, b)` moves b beside the end of the window. Steps undo each other at times;
whoever takes them (`searching`) looks at the answer after each. A value is exact, as in `evaluators.meaning`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random
from typing import Any

from csflow.evaluators.meaning import WithItem, item_path
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.unknowns import Unknown
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.facts import ABSENT
from csflow.pack.model import Decision, Edition, LinkedPack, Rule
from csflow.testing.pools import Pools
from csflow.values.decoding import bounds_of
from csflow.values.instants import DAY, SECOND
from csflow.values.kinds import NUMERIC, Kind, scale_of
from csflow.values.zones import BeyondHorizon

# Facts in held form that take the place of those there were.
Changes = Mapping[str, Any]
_NEGATED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_HORIZON = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a term stands: its decision, governing date and names, and the records that its variables stand for."""

    decision: Decision
    day: int | Unknown
    names: Mapping[str, Any]
    items: Mapping[str, tuple[t.Reference, int]] = field(default_factory=dict)


class Wishing:
    """The steps from one set of facts."""

    def __init__(self, evaluation: Evaluation, values: Mapping[str, Any], pools: Pools, chance: Random) -> None:
        self._evaluation = evaluation
        self._pack: LinkedPack = evaluation.pack
        self._values = values
        self._pools = pools
        self._chance = chance

    # Rules

    def towards(self, decision: Decision, rule: Rule | None, holds: bool, also: Term | None = None) -> Changes | None:
        """A step towards a rule that holds, or does not; None where nothing is left to do, or nothing helps."""
        if rule is None:
            return None
        outcome = self._evaluation.decide(decision.name)
        place = self.place_of(outcome)
        if place is None:
            assert decision.for_each is not None
            return self._one_more(decision.for_each.source)
        if not holds:
            return self.wish(rule.condition, False, place)
        goals = self._goals(decision, rule)
        if also is not None and _can_read(also, place):
            goals.append((also, True))
        return self._first_of([goal for goal in goals if self._value(goal[0], place) is not goal[1]], place)

    def place_of(self, outcome: Outcome) -> Place | None:
        """Where the rules of a decision stand: for one record, where it is made for several; None without records."""
        walk = outcome.decision.for_each
        if walk is None:
            return Place(outcome.decision, outcome.day, outcome.inputs)
        if not outcome.items:
            return None
        number = self._chance.randrange(len(outcome.items))
        item = outcome.items[number]
        return Place(item.decision, item.day, item.inputs, {walk.variable: (walk.source, number)})

    def _goals(self, decision: Decision, rule: Rule) -> list[tuple[Term, bool]]:
        """What must hold for a rule, an exception or `otherwise` to give the answer."""
        chain = _chain(decision, rule)
        top, goals = chain[0], []
        if top is decision.otherwise:
            goals += [(each.condition, False) for each in decision.rules]
        elif decision.hit_policy == "first":
            goals += [(each.condition, False) for each in decision.rules[: decision.rules.index(top)]]
        goals += [(each.condition, True) for each in chain if each is not decision.otherwise]
        goals += [(other.condition, False) for each in chain for other in each.exceptions if other not in chain]
        return goals

    def _first_of(self, goals: list[tuple[Term, bool]], place: Place) -> Changes | None:
        self._chance.shuffle(goals)
        for term, holds in goals:
            changes = self.wish(term, holds, place)
            if changes:
                return changes
        return None

    # Conditions

    def wish(self, term: Term, holds: bool, place: Place) -> Changes | None:
        """A step towards a condition that holds, or does not."""
        match term:
            case t.Not(operand=operand):
                return self.wish(operand, not holds, place)
            case t.And(operands=operands) | t.Or(operands=operands):
                return self._junction(operands, isinstance(term, t.And), holds, place)
            case t.Comparison(operator=operator, left=left, right=right):
                return self._compare(operator if holds else _NEGATED[operator], left, right, place)
            case t.Membership(operand=operand, choices=choices):
                if holds:
                    return self._compare("=", operand, self._chance.choice(choices), place)
                return self._other(operand, [self._value(choice, place) for choice in choices], place)
            case t.Within(operand=operand, low=low, high=high):
                return self._inside(term, holds, place) or self._compare(
                    "=", operand, self._chance.choice((low, high)), place
                )
            case t.Given(operand=operand):
                return self._give(operand, holds, place)
            case t.Call(function="within", arguments=(window, start, event)):
                return self._in_time(window, start, event, holds, place)
            case t.Quantified():
                return self._quantified(term, holds, place)
            case t.Conditional(test=test, then=then, otherwise=otherwise):
                value = self._value(test, place)
                return self.wish(then if value is True else otherwise, holds, place) or self.wish(
                    test, value is False, place
                )
        return self.equate(term, holds, place)

    def _junction(self, operands: tuple[Term, ...], is_all: bool, holds: bool, place: Place) -> Changes | None:
        """All parts, or one, made to be so."""
        amiss = [(part, holds) for part in operands if self._value(part, place) is not holds]
        return self._first_of(amiss, place)

    def _compare(self, operator: str, left: Term, right: Term, place: Place) -> Changes | None:
        sides = [(operator, left, right), (_MIRRORED[operator], right, left)]
        if self._chance.randrange(10) < 3:
            sides.reverse()
        for sign, moved, other in sides:
            value = self._value(other, place)
            if isinstance(value, Unknown):
                continue
            if value is ABSENT:
                return self._given_inside(other, place)
            changes = self._onto(sign, moved, value, place)
            if changes:
                return changes
        return None

    def _onto(self, operator: str, term: Term, value: Any, place: Place) -> Changes | None:
        """The term made to stand so to a value: most often beside the border, at times further in."""
        if operator == "!=" and term.kind.name not in NUMERIC | {"date", "datetime"}:
            return self._other(term, [value], place)
        unit = _unit_of(term.kind)
        further = unit * self._chance.choice((0, 0, 0, 1, 10, 1000))
        if operator in ("=", "<=", ">="):
            wanted = value if operator == "=" else value - further if operator == "<=" else value + further
            return self.equate(term, wanted, place)
        below = operator == "<" or (operator == "!=" and self._chance.randrange(10) < 5)
        # Of what has no last place, the next value below a whole one is any that its parts can make.
        return self.equate(term, value - unit - further if below else value + unit + further, place)

    def _other(self, term: Term, values: list[Any], place: Place) -> Changes | None:
        """The term made to be none of the values."""
        others = [each for each in self._pools.values(term.kind) if each not in values]
        return self.equate(term, self._chance.choice(others), place) if others else None

    def _inside(self, term: t.Within, holds: bool, place: Place) -> Changes | None:
        above = t.Comparison(term.mark, term.kind, ">=" if term.low_closed else ">", term.operand, term.low)
        below = t.Comparison(term.mark, term.kind, "<=" if term.high_closed else "<", term.operand, term.high)
        return self._junction((above, below), True, holds, place)

    def _in_time(self, window: Term, start: Term, event: Term, holds: bool, place: Place) -> Changes | None:
        end = self._value(t.Call(event.mark, event.kind, "deadline", (window, start)), place)
        if isinstance(end, Unknown):
            day = self._chance.randint(*self._pools.interval)
            return self.equate(start, self._pools.moment(day), place)
        for term in (start, event):
            if self._value(term, place) is ABSENT:
                return (
                    self._give(term, True, place) if isinstance(term, t.Reference) else self._given_inside(term, place)
                )
        if self._chance.randrange(10) < 2:
            # Another start: how long a window is depends on the days it runs over.
            happened = self._value(event, place)
            return self.equate(start, happened - self._chance.randint(0, _HORIZON) * DAY, place)
        wanted = end - self._chance.choice((SECOND, DAY)) if holds else end + self._chance.choice((0, DAY - SECOND))
        return self.equate(event, wanted, place)

    def _give(self, reference: t.Reference, holds: bool, place: Place) -> Changes | None:
        if reference.space in (Space.INPUT, Space.DERIVED):
            behind = self._behind(reference, place)
            if isinstance(behind, t.Reference):
                return self._give(behind, holds, place)
            return self._given_inside(behind, place) if holds else self._absent_inside(behind, place)
        if reference.space is Space.FACT:
            kind = self._pack.facts[reference.name].kind
            return {reference.name: self._pools.draw(kind, self._chance) if holds else ABSENT}
        if reference.space is Space.ITEM:
            value = self._pools.draw(reference.kind, self._chance) if holds else ABSENT
            return self._with_field(reference, value, place)
        return None

    def _given_inside(self, term: Term, place: Place) -> Changes | None:
        """What a term reads that is absent, given."""
        if isinstance(term, t.Aggregate) and not self._records(term.source, place):
            return self._one_more(term.source)
        for reference in t.references(term):
            if _can_read(reference, place) and self._value(reference, place) is ABSENT:
                return self._give(reference, True, place)
        return None

    def _absent_inside(self, term: Term, place: Place) -> Changes | None:
        """No records: of none there is no least and no greatest."""
        return self._count(term.source, 0, place) if isinstance(term, t.Aggregate) else None

    def _quantified(self, term: t.Quantified, holds: bool, place: Place) -> Changes | None:
        is_some = term.word == "some"
        return self._in_some_record(term, term.test, is_some if holds == is_some else not is_some, place)

    # Values

    def equate(self, term: Term, value: Any, place: Place) -> Changes | None:
        """A step towards a term that has the value."""
        match term:
            case t.Reference():
                return self._refer(term, value, place)
            case t.Conditional(test=test, then=then, otherwise=otherwise):
                return self.equate(then if self._value(test, place) is True else otherwise, value, place)
            case t.Minus(operand=operand):
                return self.equate(operand, -value, place)
            case t.Limited(operand=operand):
                return self.equate(operand, value, place)
            case t.Arithmetic():
                return self._solve(term, value, place)
            case t.Aggregate():
                return self._aggregate(term, value, place)
            case t.Call() if term.kind.name != "bool":
                return self._call(term, value, place)
        if isinstance(value, bool) and term.kind.name == "bool" and not isinstance(term, t.Constant):
            return self.wish(term, value, place)
        return None

    def _refer(self, reference: t.Reference, value: Any, place: Place) -> Changes | None:
        match reference.space:
            case Space.FACT:
                return self._with_fact(reference.name, self._pack.facts[reference.name].kind, value)
            case Space.ITEM:
                held = self._held(reference.kind, value)
                return None if held is None else self._with_field(reference, held, place)
            case Space.INPUT | Space.DERIVED:
                return self.equate(self._behind(reference, place), value, place)
            case Space.PARAMETER:
                return self._set_parameter(reference.name, value, place)
        return self._give_output(reference, value, place)

    def _behind(self, reference: t.Reference, place: Place) -> Term:
        if reference.space is Space.DERIVED:
            return self._pack.derived[reference.name].term
        columns = place.decision.locals if reference.name in place.decision.locals else place.decision.inputs
        return columns[reference.name].term

    def _give_output(self, reference: t.Reference, value: Any, place: Place) -> Changes | None:
        """A step towards a rule of another decision that gives the value."""
        name, _, output = reference.name.partition(".")
        decision = self._pack.decisions[name]
        inner = self.place_of(self._evaluation.decide(name, place.day))
        if inner is None:
            return None
        rules = [(rule, dict(rule.outputs).get(output)) for rule in decision.every_rule()]
        fitting = [
            (rule, term)
            for rule, term in rules
            if term is not None and (not isinstance(term, t.Constant) or self._value(term, inner) == value)
        ]
        if not fitting:
            return None
        rule, term = self._chance.choice(fitting)
        goals = [goal for goal in self._goals(decision, rule) if self._value(goal[0], inner) is not goal[1]]
        return self._first_of(goals, inner) or self.equate(term, value, inner)

    def _set_parameter(self, name: str, value: Any, place: Place) -> Changes | None:
        """A step to a layer that gives the value, or to a day on which the pack's own edition does."""
        editions: list[tuple[Term | None, Edition]] = [(None, each) for each in self._pack.parameters[name].editions]
        for layer in self._pack.layers.values():
            editions += [(layer.condition, each) for each in layer.parameters.get(name, ())]
        fitting = [(condition, each) for condition, each in editions if self._exact(name, each) == value]
        if not fitting:
            return None
        condition, edition = self._chance.choice(fitting)
        if condition is not None and self._value(condition, place) is not True:
            return self.wish(condition, True, place)
        if condition is None:
            for layer in self._pack.layers.values():
                if layer.condition is not None and name in layer.parameters and self._evaluation.state(layer) is True:
                    return self.wish(layer.condition, False, place)
        return self.on_day(edition.start, edition.end, place.decision)

    def on_day(self, start: int, end: int | None, decision: Decision) -> Changes | None:
        """The governing fact of a decision on a day of a stretch: the first, the last or a plain one."""
        if decision.governed_by is None:
            return None
        first, last = self._pools.interval
        last = max(start, last if end is None else end - 1)
        plain = self._chance.randint(max(start, min(first, last)), last)
        day = self._chance.choice((start, last, plain, plain))
        kind = self._pack.facts[decision.governed_by].kind
        return {decision.governed_by: day if kind.name == "date" else self._pools.moment(day)}

    def _exact(self, name: str, edition: Edition) -> Any:
        kind = self._pack.parameters[name].kind
        is_scaled = isinstance(edition.value, int) and kind.name in ("percent", "decimal")
        return Fraction(edition.value, scale_of(kind)) if is_scaled else edition.value

    def _solve(self, term: t.Arithmetic, value: Any, place: Place) -> Changes | None:
        """One side of a sum or product, for what the other is."""
        left, right = self._value(term.left, place), self._value(term.right, place)
        steps = []
        if _is_number(right):
            steps.append((term.left, _without(term.operator, value, right)))
        if _is_number(left):
            steps.append((term.right, _without_left(term.operator, value, left)))
        for side, wanted in steps:
            changes = None if wanted is None else self.equate(side, wanted, place)
            if changes:
                return changes
        return self._given_inside(term, place)

    def _call(self, term: t.Call, value: Any, place: Place) -> Changes | None:
        match term.function:
            case "days_between":
                first, last = term.arguments
                start, end = self._day_of(first, place), self._day_of(last, place)
                if start is None or end is None:
                    return None
                if self._chance.randrange(10) < 7:
                    changes = self._on(last, start + int(value), place)
                    if changes:
                        return changes
                return self._on(first, end - int(value), place)
            case "date_of":
                return self._on(term.arguments[0], value, place)
            case "liability_of":
                codes = [code for code, reason in self._pack.reasons.items() if reason.liability == value]
                return self.equate(term.arguments[0], self._chance.choice(codes), place) if codes else None
            case "authority_of":
                return self.equate(term.arguments[0], self._chance.choice(list(self._pack.roles)), place)
            case "prorate":
                part, whole = (self._value(each, place) for each in term.arguments[1:])
                if _is_number(part) and _is_number(whole) and part:
                    return self.equate(term.arguments[0], Fraction(value) * whole / part, place)
                return None
            case "min" | "max":
                return self.equate(self._chance.choice(term.arguments), value, place)
        return None

    def _day_of(self, term: Term, place: Place) -> int | None:
        value = self._value(term, place)
        if not _is_number(value):
            return None
        try:
            return int(value) if term.kind.name == "date" else self._pack.zone.local_day(int(value))
        except BeyondHorizon:
            return None

    def _on(self, term: Term, day: int, place: Place) -> Changes | None:
        return self.equate(term, day if term.kind.name == "date" else self._pools.moment(day), place)

    # Lists

    def _aggregate(self, term: t.Aggregate, value: Any, place: Place) -> Changes | None:
        if term.function == "count" and term.body is None:
            return self._count(term.source, int(value), place)
        if term.body is None:
            return None
        if term.function == "count":
            now = self._value(term, place)
            return self._in_some_record(term, term.body, _is_number(now) and now < value, place)
        records = self._records(term.source, place)
        if not records:
            return self._one_more(term.source)
        if term.function == "sum" and len(records) > 1 and term.source.space is Space.FACT:
            return {term.source.name: tuple(records[:1])}
        return self.equate(
            term.body, value, self._in_record(term, self._chance.randrange(len(records)), records, place)
        )

    def _count(self, source: t.Reference, wanted: int, place: Place) -> Changes | None:
        records = list(self._records(source, place))
        if source.space is Space.FACT:
            most = source.kind.max_items
            if wanted < 0 or (most is not None and wanted > most):
                return None
            while len(records) < wanted:
                records.append(self._pools.record(source.kind, self._chance))
            return {source.name: tuple(records[:wanted])}
        name = source.name.partition(".")[0]
        inner = self.place_of(self._evaluation.decide(name, place.day))
        if inner is None:
            return None
        more = len(records) < wanted
        rules = [
            (rule.condition, more) for rule in inner.decision.rules if self._value(rule.condition, inner) is not more
        ]
        return self._first_of(rules, inner)

    def _in_some_record(
        self, term: t.Quantified | t.Aggregate, test: Term, holds: bool, place: Place
    ) -> Changes | None:
        """A record for which the test holds, or does not: one of those there are, or one more."""
        records = self._records(term.source, place)
        if not records:
            return self._one_more(term.source)
        if term.source.space is not Space.FACT:
            return self._in_answer(term, test, holds, place)
        return self.wish(test, holds, self._in_record(term, self._chance.randrange(len(records)), records, place))

    def _in_answer(self, term: t.Quantified | t.Aggregate, test: Term, holds: bool, place: Place) -> Changes | None:
        """A rule of the decision that gives the records, for which the test may come out so."""
        name = term.source.name.partition(".")[0]
        inner = self.place_of(self._evaluation.decide(name, place.day))
        if inner is None:
            return self._one_more(term.source)
        rule = self._chance.choice(inner.decision.rules)
        return self.wish(rule.condition, True, inner)

    def _records(self, source: t.Reference, place: Place) -> Any:
        records = self._evaluation.records(source, place.day)
        return records if isinstance(records, tuple) else ()

    def _in_record(self, term: t.Quantified | t.Aggregate, number: int, records: Any, place: Place) -> Place:
        names = WithItem(place.names, term.variable, records[number], item_path(term.source, number + 1))
        return replace(place, names=names, items={**place.items, term.variable: (term.source, number)})

    def _one_more(self, source: t.Reference) -> Changes | None:
        if source.space is not Space.FACT:
            walk = self._pack.decisions[source.name.partition(".")[0]].for_each
            return self._one_more(walk.source) if walk else None
        given = self._values.get(source.name)
        records = given if isinstance(given, tuple) else ()
        return {source.name: (*records, self._pools.record(source.kind, self._chance))}

    # Facts

    def _with_fact(self, path: str, kind: Kind, value: Any) -> Changes | None:
        held = self._held(kind, value)
        return None if held is None else {path: held}

    def _with_field(self, reference: t.Reference, held: Any, place: Place) -> Changes | None:
        variable, _, name = reference.name.partition(".")
        source, number = place.items.get(variable, (None, 0))
        if source is None or source.space is not Space.FACT:
            return None
        records = list(self._values[source.name])
        records[number] = {**records[number], name: held}
        return {source.name: tuple(records)}

    def _held(self, kind: Kind, value: Any) -> Any:
        """The value as a fact holds it; None where a fact cannot have it."""
        if kind.name not in NUMERIC:
            return value
        if not _is_number(value):
            return None
        held = value * scale_of(kind) if kind.name in ("percent", "decimal") else value
        low, high = bounds_of(kind)
        rounded = int(held) if held == int(held) else self._chance.choice((held // 1, held // 1 + 1))
        return int(rounded) if low <= rounded <= high else None

    def _value(self, term: Term, place: Place) -> Any:
        return self._evaluation.value(term, place.day, place.names)


def _chain(decision: Decision, rule: Rule) -> list[Rule]:
    """A rule of the table or `otherwise`, and the exceptions that lead to the one asked for."""

    def below(top: Rule) -> list[Rule]:
        if top is rule or top.mark == rule.mark:
            return [top]
        for exception in top.exceptions:
            found = below(exception)
            if found:
                return [top, *found]
        return []

    tops = (*decision.rules, *([decision.otherwise] if decision.otherwise else []))
    return next(filter(None, map(below, tops)))


def _can_read(term: Term, place: Place) -> bool:
    """Whether a term means something outside the expression in which it is written."""
    local = (each for each in t.references(term) if each.space is Space.ITEM)
    return all(each.name.partition(".")[0] in place.items for each in local)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def _unit_of(kind: Kind) -> Any:
    if kind.name in ("datetime", "duration"):
        return SECOND
    if kind.name in ("percent", "decimal") and kind.places >= 0:
        return Fraction(1, scale_of(kind))
    return 1


def _without(operator: str, value: Any, right: Any) -> Any:
    """What the left side must be for the operation to give the value."""
    match operator:
        case "+":
            return value - right
        case "-":
            return value + right
        case "*":
            return Fraction(value) / right if right else None
    return value * right


def _without_left(operator: str, value: Any, left: Any) -> Any:
    match operator:
        case "+":
            return value - left
        case "-":
            return left - value
        case "*":
            return Fraction(value) / left if left else None
    return Fraction(left) / value if value else None

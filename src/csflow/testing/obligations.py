"""Owns what the cases of a pack have to show: each rule, both sides of each border, each condition.

An obligation is a small change to the pack that some case must notice. A rule is taken out, a border is moved by
one unit, a condition is left out; the case that covers it is one whose answer would then be another. What
stands in the docs as the definition of coverage (`docs/explanation/coverage.md`) is this file.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from csflow.diagnostics import Mark, Word
from csflow.expressions import terms as t
from csflow.expressions.terms import Space, Term
from csflow.pack.model import Decision, Edition, Layer, LinkedPack, Role, Rule
from csflow.testing.borders import Move, authority_asked, borders_of, moved_editions
from csflow.testing.changing import with_authority, with_edition, with_term, without_rule
from csflow.testing.reading import Readers
from csflow.values.decoding import exact
from csflow.values.kinds import BOOL, ORDERED, money

RULES, BOUNDARIES, CONDITIONS = MEASURES = ("rules", "boundaries", "conditions")


@dataclass(frozen=True, eq=False)
class Obligation:
    """One thing that a case must show.

    `home` is the decision in which it is written; None where it is written for several (a parameter, a derived
    value, a layer). `readers` are the decisions whose own answer may depend on it, `rule` is the rule it is part
    of. `mark` is where it is written; `word` and `value` say what a case has to be like.
    """

    measure: str
    home: str | None
    readers: frozenset[str]
    rule: Rule | None
    mark: Mark
    text: str
    word: str
    value: str
    change: Callable[[], LinkedPack] = field(repr=False)
    # Where a case is looked for: the names through which rules read what is changed, what holds there most often,
    # the days of an edition, the layer that gives it.
    names: frozenset[tuple[Space, str]] = frozenset()
    also: Term | None = None
    day: tuple[int, int | None] | None = None
    layer: str | None = None

    @cached_property
    def changed(self) -> LinkedPack:
        """The pack that a case has to tell from the pack itself."""
        return self.change()

    def needs(self, language: str) -> str:
        """What a case has to be like, in a few words."""
        return Word(f"coverage.{self.word}").in_language(language).format(value=self.value)


def obligations_of(pack: LinkedPack) -> tuple[Obligation, ...]:
    """All of them, in the order in which a reader meets them: decision by decision, then what decisions share.

    What a pack takes over from the one it extends is no obligation of its own: that pack has its own cases.
    """
    return tuple(each for each in _Lister(pack).all() if _is_own(pack, each))


def obligations_of_decisions(
    pack: LinkedPack, decisions: Iterable[Decision], parameters: Iterable[str] = ()
) -> tuple[Obligation, ...]:
    """Those of some decisions of a pack alone, without what decisions share but these parameters."""
    lister = _Lister(pack)
    own = [each for decision in decisions for each in lister.of_decision(decision)]
    return (*own, *(each for name in parameters for each in lister.of_parameter(name)))


def _is_own(pack: LinkedPack, obligation: Obligation) -> bool:
    """Whether it stands in a file of the pack itself, or in a table that one of them names."""
    own = pack.own_sources
    home = pack.decisions[obligation.home].mark.source if obligation.home else None
    return own is None or obligation.mark.source in own or home in own


class _Lister:
    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._readers = Readers(pack)

    def all(self) -> Iterator[Obligation]:
        for decision in self._pack.decisions.values():
            yield from self.of_decision(decision)
        for derived in self._pack.derived.values():
            names = frozenset({(Space.DERIVED, derived.name)})
            yield from self._of_term(derived.term, None, self._readers.of_derived(derived.name), None, names=names)
        for layer in self._pack.layers.values():
            if layer.condition is not None:
                readers = self._readers.of_layer(layer)
                names = frozenset((Space.PARAMETER, name) for name in layer.parameters)
                yield from self._of_term(layer.condition, None, readers, None, is_condition=True, names=names)
        for name in self._pack.parameters:
            yield from self.of_parameter(name)
        for role in self._pack.roles.values():
            yield from self._of_role(role)

    def of_decision(self, decision: Decision) -> Iterator[Obligation]:
        home = decision.name
        readers = frozenset({home})
        for column in (*decision.locals.values(), *decision.inputs.values()):
            names = frozenset({(Space.INPUT, column.name)})
            yield from self._of_term(column.term, home, readers, None, names=names)
        for rule in decision.every_rule():
            yield Obligation(
                RULES,
                home,
                readers,
                rule,
                rule.mark,
                rule.id,
                "hit",
                "",
                partial(without_rule, self._pack, decision, rule.mark),
            )
            yield from self._of_term(own_condition(rule), home, readers, rule, is_condition=True)
            for _, term in rule.outputs:
                yield from self._of_term(term, home, readers, rule)

    def of_parameter(self, name: str) -> Iterator[Obligation]:
        readers = self._readers.of_parameter(name)
        for measure, layer, old, new, word, value in _moved_editions(self._pack, name) if readers else ():
            yield Obligation(
                measure,
                None,
                readers,
                None,
                old.mark,
                name,
                word,
                value,
                partial(with_edition, self._pack, name, layer, old, new),
                names=frozenset({(Space.PARAMETER, name)}),
                day=(old.start if new is None else min(old.start, new.start), old.end),
                layer=layer,
            )

    def _of_term(
        self,
        term: Term,
        home: str | None,
        readers: frozenset[str],
        rule: Rule | None,
        is_condition: bool = False,
        names: frozenset[tuple[Space, str]] = frozenset(),
    ) -> Iterator[Obligation]:
        """What is asked of a term and of everything in it; nothing of what no decision reads."""
        if not readers:
            return
        if is_condition and not isinstance(term, (t.And, t.Or, t.Constant)):
            always = t.Constant(term.mark, BOOL, True)
            yield self._changed(CONDITIONS, home, readers, rule, term, Move(always, term, "needed", ""), names)
        for each in _every(term):
            for move in borders_of(self._pack, each):
                yield self._changed(BOUNDARIES, home, readers, rule, each, move, names)
            for move in _parts_left_out(each):
                yield self._changed(CONDITIONS, home, readers, rule, each, move, names)

    def _changed(
        self,
        measure: str,
        home: str | None,
        readers: frozenset[str],
        rule: Rule | None,
        old: Term,
        move: Move,
        names: frozenset[tuple[Space, str]],
    ) -> Obligation:
        return Obligation(
            measure,
            home,
            readers,
            rule,
            move.about.mark,
            _written(move.about.mark),
            move.word,
            move.value,
            partial(with_term, self._pack, old, move.term),
            also=move.also,
            names=names,
        )

    def _of_role(self, role: Role) -> Iterator[Obligation]:
        readers = self._readers.of_roles()
        terms = (term for name in sorted(readers) for term in self._pack.decisions[name].terms())
        also = next((found for term in terms for found in authority_asked(term, role.name)), None)
        for authority in (role.authority + 1, role.authority - 1) if readers else ():
            yield Obligation(
                BOUNDARIES,
                None,
                readers,
                None,
                role.mark,
                role.name,
                "moved",
                exact(money(self._pack.currency), authority),
                partial(with_authority, self._pack, role.name, authority),
                also=also,
            )


def _moved_editions(
    pack: LinkedPack, parameter: str
) -> Iterator[tuple[str, str | None, Edition, Edition | None, str, str]]:
    """Every edition of a parameter, changed as a case must notice; one without a next value, left out."""
    for layer, old, new, word, value in moved_editions(pack, parameter):
        yield BOUNDARIES, layer, old, new, word, value
    if pack.parameters[parameter].kind.name not in ORDERED | {"window"}:
        own = [(None, edition) for edition in pack.parameters[parameter].editions]
        given = [
            (layer.name, each)
            for layer in pack.layers.values()
            for each in layer.parameters.get(parameter, ())
            if not _says_nothing_new(pack, parameter, layer, each)
        ]
        for name, edition in (*own, *given):
            yield CONDITIONS, name, edition, None, "needed", ""


def _says_nothing_new(pack: LinkedPack, parameter: str, layer: Layer, edition: Edition) -> bool:
    """Whether the value is the pack's own on every day, and no lower layer gives another: leaving it out shows nowhere.

    Two layers of one rank never hold together where both give the parameter.
    """
    lower = (other for other in pack.layers.values() if other.rank < layer.rank)
    beneath = (*pack.parameters[parameter].editions, *(e for each in lower for e in each.parameters.get(parameter, ())))
    return all(each.value == edition.value for each in beneath)


def own_condition(rule: Rule) -> Term:
    """The condition of a rule as its author wrote it, without that of its layer."""
    if rule.layer is None or not isinstance(rule.condition, t.And):
        return rule.condition
    layered = len(rule.condition.operands) == 2 and rule.condition.mark == rule.condition.operands[1].mark
    return rule.condition.operands[1] if layered else rule.condition


def _every(term: Term) -> Iterator[Term]:
    yield term
    for part in t.parts(term):
        yield from _every(part)


def _parts_left_out(term: Term) -> Iterator[Move]:
    """A conjunction, a disjunction and a list of symbols, each without one of its parts."""
    match term:
        case t.And(operands=operands) | t.Or(operands=operands):
            for number, part in enumerate(operands):
                others = operands[:number] + operands[number + 1 :]
                # A cell that asks for a value of an optional input is one condition.
                if part.mark != term.mark and not _is_guard(part, others):
                    yield Move(type(term)(term.mark, term.kind, others), part, "needed", "")
        case t.Membership(operand=operand, choices=choices) if operand.kind.is_symbolic and len(choices) > 1:
            for number, part in enumerate(choices):
                others = choices[:number] + choices[number + 1 :]
                yield Move(t.Membership(term.mark, term.kind, operand, others), part, "needed", "")


def _is_guard(part: Term, others: tuple[Term, ...]) -> bool:
    """Whether a part only keeps the others from reading what is absent: without it they are not true either."""
    return isinstance(part, t.Given) and any(part.operand in t.references(other) for other in others)


def _written(mark: Mark) -> str:
    return " ".join(mark.text.split())

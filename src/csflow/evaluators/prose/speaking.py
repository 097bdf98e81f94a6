"""Owns the speaker: a pack's rules, conditions and values as sentences of one language."""

from collections.abc import Iterator
from contextlib import contextmanager

from csflow.diagnostics import Word
from csflow.evaluators.prose.amounts import amount_of
from csflow.evaluators.prose.conditions import condition_of, operands_of, test_of
from csflow.evaluators.prose.naming import Naming
from csflow.evaluators.prose.text import Bond, Named, Prose, Said, fill, joined, within
from csflow.evaluators.prose.valuing import Valuing
from csflow.expressions import terms as t
from csflow.expressions.terms import Reference, Term
from csflow.pack.model import CHECKLIST, LIST_POLICIES, RANKED_POLICIES, Cell, Decision, LinkedPack, Output, Rule
from csflow.values.kinds import BOOL, Kind

# So many conditions at once are told as a numbered list.
_LISTED = 3


class Speaker:
    """Tells the terms of one pack, inside one decision or (None) outside of all."""

    def __init__(self, pack: LinkedPack, language: str, decision: Decision | None = None) -> None:
        self.language = language
        self.naming = Naming(pack, language, decision)
        self.values = Valuing(pack, language, self.naming)
        self._pack = pack

    # Sentences

    def rule(self, decision: Decision, rule: Rule) -> Prose:
        """What a rule, an exception or `otherwise` of a decision says, whole."""
        outputs = self.outputs(decision, rule)
        condition, layer = self._own_condition(decision, rule)
        words = self._rule_words(decision, rule, is_always=_is_always(condition))
        parts = {"outputs": outputs}
        if not _is_always(condition):
            parts["condition"] = self.condition(condition)
        if layer is not None:
            parts["layer"] = layer
        return fill(f"sentence.{words}", self.language, **parts)

    def requirement(self, rule: Rule) -> Prose:
        """One line of a checklist: what must hold, and the answer where it does not."""
        that = rule.condition.operand if isinstance(rule.condition, t.Not) else rule.condition
        code = self.amount(dict(rule.outputs)["code"]).prose
        return fill("sentence.requirement", self.language, condition=self.condition(that), code=code)

    def condition(self, term: Term) -> Prose:
        """A condition as it stands in a sentence; many at once as a numbered list."""
        if isinstance(term, (t.And, t.Or)):
            operands = operands_of(term)
            if len(operands) >= _LISTED:
                word = "test.all" if isinstance(term, t.And) else "test.any"
                return fill(word, self.language, listed=self._listed([self.said(each).prose for each in operands]))
        return self.said(term).prose

    def when(self, decision: Decision, rule: Rule) -> Prose:
        """The condition of a rule; of an exception that a layer adds, without that of the layer."""
        return self.condition(self._own_condition(decision, rule)[0])

    def bare(self, term: Term) -> Prose:
        """A value as a cell shows it: a constant without quotes."""
        return self.values.bare(term.kind, term.value) if isinstance(term, t.Constant) else self.value(term)

    def value(self, term: Term) -> Prose:
        """A value as it stands by itself."""
        return self.amount(term).prose

    def cell(self, cell: Cell) -> Prose:
        """What a rule asks of a column, as the column's cell shows it."""
        return test_of(self, cell.test) or self.said(cell.test).prose

    def symbols(self, kind: Kind, between: str = "join.quoted") -> Prose:
        """All values of a symbolic kind, in their order."""
        return joined((self.values.constant(kind, symbol) for symbol in kind.symbols), self.word(between))

    def outputs(self, decision: Decision, rule: Rule) -> Prose:
        """What a rule gives, output by output."""
        given = dict(rule.outputs)
        said = [self._output(output, given[name]) for name, output in decision.outputs.items() if name in given]
        if not said:
            return (self.word("sentence.nothing"),)
        is_plain = all(each.bond is Bond.TIGHT for each in said)
        return joined((each.prose for each in said), self.word("join.comma" if is_plain else "join.semicolon"))

    def hit_policy(self, decision: Decision) -> list[Prose]:
        """What happens where several rules hold, and where none does."""
        policy = f"{decision.hit_policy}_{decision.aggregate}" if decision.aggregate else decision.hit_policy
        several = fill(f"policy.{policy}", self.language, ranking=self._ranking(decision))
        return [several] if decision.hit_policy == CHECKLIST else [several, (self.word(_none(decision)),)]

    # Phrases, for the parts of this room

    def said(self, term: Term, holds: bool = True) -> Said:
        return condition_of(self, term, holds)

    def amount(self, term: Term) -> Said:
        return amount_of(self, term)

    def within(self, place: Bond, said: Said) -> Prose:
        return within(place, said, self.language)

    def word(self, word: str) -> str:
        return Word(word).in_language(self.language)

    @contextmanager
    def walking(self, variable: str, source: Reference, is_named: bool = False) -> Iterator[None]:
        """While a variable stands for a record of a list; `is_named`: its fields need not say whose they are."""
        outer = dict(self.naming.records), self.naming.beside
        self.naming.records[variable] = source
        self.naming.beside = variable if is_named else self.naming.beside
        yield
        self.naming.records, self.naming.beside = outer

    def _output(self, output: Output, term: Term) -> Said:
        name = (self.naming.titled(output.title, output.name),)
        if isinstance(term, t.Options):
            said = self.amount(term)
            return Said(fill("sentence.output_options", self.language, output=name, value=said.prose), said.bond)
        if output.kind.name != "bool" or isinstance(term, t.Constant):
            said = self.amount(term)
            if isinstance(term, t.Conditional):
                return Said(fill("sentence.output_by", self.language, output=name, value=said.prose), said.bond)
            return Said(fill("sentence.output", self.language, output=name, value=said.prose), said.bond)
        test = self.within(Bond.TIGHT, self.said(term))
        return Said(fill("sentence.output_if", self.language, output=name, test=test), Bond.LOOSE)

    def _own_condition(self, decision: Decision, rule: Rule) -> tuple[Term, Prose | None]:
        """The condition of a rule; of a layer's, without the layer's own, and the layer."""
        condition, layer = self._apart(rule)
        if not rule.cells:
            return condition, layer
        # Cells are held in the order of their names; a reader knows that of the columns.
        order = list(decision.inputs)
        cells = sorted(rule.cells, key=lambda cell: order.index(cell.input))
        return t.And(rule.condition.mark, BOOL, tuple(cell.test for cell in cells)), layer

    def _apart(self, rule: Rule) -> tuple[Term, Prose | None]:
        if rule.layer is None:
            return rule.condition, None
        layer = self._pack.layers[rule.layer]
        named = (Named("layer", layer.name, self.naming.titled(layer.title, layer.name)),)
        if layer.condition is None:
            return rule.condition, named
        # INVARIANT: linking puts the layer's condition before that of its exception.
        assert isinstance(rule.condition, t.And) and rule.condition.operands[0] == layer.condition
        return rule.condition.operands[1], named

    def _rule_words(self, decision: Decision, rule: Rule, is_always: bool) -> str:
        if rule.layer is not None:
            return "layer_always" if is_always else "layer_exception"
        if rule is decision.otherwise:
            return "otherwise"
        if rule not in decision.rules:
            return "exception_always" if is_always else "exception"
        return "rule_always" if is_always else "rule"

    def _ranking(self, decision: Decision) -> Prose:
        if decision.hit_policy not in RANKED_POLICIES:
            return ()
        ranked = [decision.outputs[name] for name in decision.ranked_by]
        chains = [self.symbols(output.kind, "join.then") for output in ranked]
        return joined(chains, self.word("join.semicolon"))

    def _listed(self, proses: list[Prose]) -> Prose:
        numbered = (
            fill("join.numbered", self.language, number=str(number), text=prose)
            for number, prose in enumerate(proses, 1)
        )
        return joined(numbered, self.word("join.semicolon"))


def _is_always(term: Term) -> bool:
    if isinstance(term, t.And):
        return all(_is_always(operand) for operand in term.operands)
    return isinstance(term, t.Constant) and term.value is True


def _none(decision: Decision) -> str:
    if decision.otherwise is not None:
        return "policy.none_otherwise"
    if decision.aggregate == "count":
        return "policy.none_count"
    is_collected = decision.hit_policy in LIST_POLICIES and decision.aggregate is None
    return "policy.none_list" if is_collected else "policy.none_decided"

"""Owns linking the rows of a decision: conditions and cells, output cells, exceptions, requirements."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from csflow.definitions import Keyed, When, Written, read_definition
from csflow.definitions.sections import (
    DecisionDocument,
    ExceptionSection,
    LayerExceptionSection,
    LimitedCell,
    OptionSection,
    OtherwiseSection,
    RequirementSection,
)
from csflow.diagnostics import Diagnostics, Mark, nearest, nearest_spelling
from csflow.expressions import Elaborator, parse_condition
from csflow.expressions.syntax import TypedCell
from csflow.expressions.terms import And, Constant, Not, Option, Options, Reference, Space, Term, broken
from csflow.expressions.typed_cells import value_meant
from csflow.loading.computing import limited
from csflow.loading.kinds import decode
from csflow.loading.scopes import RuleScope
from csflow.pack.model import Cell, Input, Layer, Output, Rule
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar
from csflow.values import kinds as k
from csflow.values.kinds import Kind

OTHERWISE, ALL_MET = "otherwise", "all-met"


@dataclass(frozen=True, slots=True)
class LayerException:
    """An exception that a layer adds to a rule of one decision."""

    layer: Layer
    section: LayerExceptionSection


# By the id of the rule they are added to, those of higher ranks first.
LayerExceptions = Mapping[str, tuple[LayerException, ...]]


class Rows:
    """Links the rules of one decision."""

    def __init__(
        self,
        outputs: Mapping[str, Output],
        inputs: Mapping[str, Input],
        scope: RuleScope,
        layers: LayerExceptions,
        diagnostics: Diagnostics,
    ) -> None:
        self._outputs = outputs
        self._inputs = inputs
        self._diagnostics = diagnostics
        self._scope = scope
        self._layers = layers

    def of(self, document: DecisionDocument) -> tuple[tuple[Rule, ...], Rule | None]:
        """The rules of a table or checklist, and its `otherwise`."""
        if document.requires is not None:
            return self._checklist(document.requires, document.decision.mark)
        otherwise = None if document.otherwise is None else self._otherwise(document.otherwise)
        return tuple(self._rule(rule) for rule in document.rules or ()), otherwise

    def _rule(self, section: ExceptionSection) -> Rule:
        if section.when is None:
            self._diagnostics.report("rule-without-when", section.id.mark, id=section.id.text)
        cells, condition = self._when(section.when, section.id.mark)
        return Rule(
            id=section.id.text,
            cells=cells,
            condition=condition,
            outputs=self._then(section.then, section.id.mark),
            exceptions=self._exceptions(section.id.text, section.exceptions),
            mark=section.id.mark,
            title=section.title,
            because=section.because,
            basis=section.basis,
        )

    def _otherwise(self, section: OtherwiseSection) -> Rule:
        return Rule(
            id=OTHERWISE,
            cells=(),
            condition=Constant(section.mark, k.BOOL, True),
            outputs=self._then(section.then, section.mark),
            exceptions=self._exceptions(OTHERWISE, section.exceptions),
            mark=section.mark,
            title=section.title,
            because=section.because,
            basis=section.basis,
        )

    def _checklist(self, sections: tuple[RequirementSection, ...], mark: Mark) -> tuple[tuple[Rule, ...], Rule]:
        """Each requirement as a rule that holds where it is not met; and that all are."""
        met = Rule(ALL_MET, (), Constant(mark, k.BOOL, True), (("met", Constant(mark, k.BOOL, True)),), (), mark=mark)
        return tuple(self._requirement(section) for section in sections), met

    def _requirement(self, section: RequirementSection) -> Rule:
        that = Elaborator(self._scope, self._diagnostics).condition(section.that)
        kind = self._outputs["code"].kind
        code = decode(kind, section.code.text, section.code.mark, self._diagnostics)
        mark = section.code.mark
        failed = broken(mark) if code is None else Constant(mark, kind, code)
        return Rule(
            id=section.id.text,
            cells=(),
            condition=Not(section.that.mark, k.BOOL, that),
            outputs=(("code", failed), ("met", Constant(mark, k.BOOL, False))),
            exceptions=(),
            mark=section.id.mark,
            title=section.title,
            because=section.because,
            basis=section.basis,
        )

    def _exceptions(self, id: str, sections: tuple[ExceptionSection, ...]) -> tuple[Rule, ...]:
        own = [self._rule(section) for section in sections]
        return (*own, *(self._of_layer(added) for added in self._layers.get(id, ())))

    def _of_layer(self, added: LayerException) -> Rule:
        rule, layer = self._rule(added.section), added.layer
        condition = rule.condition
        if layer.condition is not None:
            condition = And(condition.mark, k.BOOL, (layer.condition, condition))
        because = rule.because or layer.because
        return replace(rule, condition=condition, layer=layer.name, rank=layer.rank, because=because)

    def _when(self, when: When | None, mark: Mark) -> tuple[tuple[Cell, ...], Term]:
        if when is None:
            return (), broken(mark)
        if when.condition is not None:
            return (), Elaborator(self._scope, self._diagnostics).condition(when.condition)
        cells = []
        for name, syntax in when.cells:
            column = self._inputs.get(name.text)
            if column is None:
                self._report_unknown_input(name)
                continue
            reference = Reference(name.mark, column.kind, Space.INPUT, column.name, column.optional)
            test = Elaborator(self._scope, self._diagnostics).cell(syntax, reference)
            # A cell that takes anything is as if it were left out.
            if test is not None:
                cells.append(Cell(column.name, test, syntax.mark))
        # Which column was written first means nothing, and shall not count in the digest.
        cells.sort(key=lambda cell: cell.input)
        return tuple(cells), And(when.mark, k.BOOL, tuple(cell.test for cell in cells))

    def _report_unknown_input(self, name: Written) -> None:
        spellings = {column: column for column in self._inputs}
        for column in self._inputs.values():
            spellings |= {text: column.name for _, text in (column.title.texts if column.title else ())}
        self._diagnostics.report(
            "unknown-input",
            name.mark,
            suggestion=nearest_spelling(name.text, spellings),
            name=name.text,
            known=list(self._inputs),
        )

    def _then(self, then: Mapping[str, Keyed], mark: Mark) -> tuple[tuple[str, Term], ...]:
        meant: set[str | None] = set()
        for name, keyed in then.items():
            if name not in self._outputs:
                meant.add(nearest(name, self._outputs))
                self._diagnostics.report(
                    "unknown-output-cell",
                    keyed.mark,
                    suggestion=nearest(name, self._outputs),
                    name=name,
                    known=list(self._outputs),
                )
        linked = []
        for name, output in self._outputs.items():
            if name in then:
                linked.append((name, self._output_cell(output, then[name])))
            elif not output.optional and name not in meant:
                # An output that was mistyped is not missing as well.
                self._diagnostics.report("missing-output", mark, name=name)
        return tuple(sorted(linked, key=lambda cell: cell[0]))

    def _output_cell(self, output: Output, keyed: Keyed) -> Term:
        """One value; of an output with options, those to choose from."""
        member = output.kind.member("value")
        if member is None:
            return self.value(output.name, output.kind, output.optional, keyed)
        given = keyed.value.get("options") if isinstance(keyed.value, MappingNode) else None
        if not isinstance(given, MappingNode) or not given.entries:
            self._diagnostics.report("malformed-options", keyed.mark, output=output.name)
            return broken(keyed.mark)
        options = []
        for entry in given.entries:
            option = self._option(output, member.kind, Keyed(Written(entry.key.text, entry.key.mark), entry.value))
            if option is not None:
                options.append(option)
        return Options(keyed.mark, output.kind, tuple(options))

    def _option(self, output: Output, kind: Kind, keyed: Keyed) -> Option | None:
        section = read_definition(OptionSection, keyed, self._diagnostics)
        if section is None:
            return None
        when = section.when
        condition = None if when is None else Elaborator(self._scope, self._diagnostics).condition(when)
        value = self.value(output.name, kind, False, Keyed(keyed.name, section.value))
        return Option(keyed.name.text, condition, value, section.title, section.because)

    def value(self, name: str, kind: Kind, is_optional: bool, keyed: Keyed) -> Term:
        """Cells of symbolic and text kinds are symbols, verbatim; `{expr: ...}` computes one."""
        node = keyed.value
        if isinstance(node, MappingNode):
            return self._computed(name, kind, is_optional, node)
        if not isinstance(node, Scalar):
            self._diagnostics.report("malformed-output-cell", node.mark, text=node.mark.text)
            return broken(node.mark)
        if node.text == "" and not node.is_quoted:
            self._diagnostics.report("empty-cell", keyed.mark)
            return broken(keyed.mark)
        if kind.is_broken:
            return broken(node.mark)
        is_verbatim = kind.is_symbolic or kind.name == "text"
        if node.typed in ("date", "time") or (node.typed and not is_verbatim):
            return self._typed(kind, TypedCell(node.mark, node.typed, node.text))
        if is_verbatim:
            return self._symbol(kind, node)
        return self._expression(name, kind, is_optional, node)

    def _typed(self, kind: Kind, cell: TypedCell) -> Term:
        """What a sheet typed itself: a number or a date."""
        meant = value_meant(cell, kind, self._diagnostics)
        if meant is None:
            return broken(cell.mark)
        return Elaborator(self._scope, self._diagnostics).value(meant, kind)[0]

    def _symbol(self, kind: Kind, node: Scalar) -> Term:
        if node.text.startswith(("decision.", "param.")):
            computed = f"{{expr: {node.text}}}"
            self._diagnostics.report("unknown-symbol", node.mark, suggestion=computed, symbol=node.text, kind=kind.word)
            return broken(node.mark)
        value = decode(kind, node.text, node.mark, self._diagnostics)
        return Constant(node.mark, kind, value) if value is not None else broken(node.mark)

    def _computed(self, name: str, kind: Kind, is_optional: bool, node: MappingNode) -> Term:
        if node.entry("is") is not None:
            return self._limited(name, kind, is_optional, node)
        expression = node.get("expr")
        if len(node.entries) != 1 or not isinstance(expression, Scalar):
            self._diagnostics.report("malformed-output-cell", node.mark, text=node.mark.text)
            return broken(node.mark)
        return self._expression(name, kind, is_optional, expression)

    def _limited(self, name: str, kind: Kind, is_optional: bool, node: MappingNode) -> Term:
        cell = read_definition(LimitedCell, node, self._diagnostics)
        if cell is None:
            return broken(node.mark)
        term, optional = limited(cell.expression, cell.at_least, cell.at_most, self._scope, kind, self._diagnostics)
        if optional and not is_optional:
            self._diagnostics.report("optional-into-required", node.mark, output=name)
        return term

    def _expression(self, name: str, kind: Kind, is_optional: bool, node: Node) -> Term:
        assert isinstance(node, Scalar)
        if node.has_escapes:
            self._diagnostics.report("escape-in-expression", node.mark)
            return broken(node.mark)
        syntax = parse_condition(node.content, self._diagnostics)
        if syntax is None:
            return broken(node.mark)
        term, optional = Elaborator(self._scope, self._diagnostics).value(syntax, kind)
        if optional and not is_optional:
            self._diagnostics.report("optional-into-required", node.mark, output=name)
        return term

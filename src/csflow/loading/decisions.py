"""Owns linking decisions: their columns, cells, outputs and exceptions."""

from collections.abc import Mapping
from dataclasses import replace

from csflow.definitions import Keyed, When, Written
from csflow.definitions.sections import DecisionDocument, ExceptionSection, OtherwiseSection
from csflow.diagnostics import Diagnostics, Mark, nearest, nearest_spelling
from csflow.expressions import Elaborator, parse_condition
from csflow.expressions.syntax import TypedCell
from csflow.expressions.terms import And, Constant, Reference, Space, Term, broken
from csflow.expressions.typed_cells import value_meant
from csflow.loading.kinds import Kinds, decode
from csflow.loading.scopes import Names, PackScope, RuleScope
from csflow.pack.model import Cell, Decision, Fact, Input, Output, Rule
from csflow.source import Mapping as MappingNode
from csflow.source import Node, Scalar
from csflow.values import kinds as k

# `otherwise: {outcome: ...}` is short for `otherwise: {then: {outcome: ...}}`: an output named like one of
# the long form's words could not be told from it.
_WORDS_OF_OTHERWISE = frozenset(OtherwiseSection.model_fields) - {"mark"}


def link_outputs(document: DecisionDocument, kinds: Kinds, diagnostics: Diagnostics) -> dict[str, Output]:
    """The outputs a decision declares: known before any rule is linked, so decisions may use each other."""
    for name, section in document.outputs.items():
        if name in _WORDS_OF_OTHERWISE:
            diagnostics.report("reserved-word", section.mark, word=name)
    return {
        name: Output(name, kinds.link(section, diagnostics), section.optional, section.mark, section.title)
        for name, section in document.outputs.items()
    }


def link_decision(
    document: DecisionDocument, outputs: Mapping[str, Output], names: Names, diagnostics: Diagnostics
) -> Decision:
    """The decision with every name resolved; its faults are reported where they stand."""
    inputs = _inputs(document, names, diagnostics)
    rows = _Rows(outputs, inputs, names, diagnostics)
    _require_distinct_ids(document, diagnostics)
    decision = Decision(
        name=document.decision.text,
        hit_policy=document.hit_policy,
        governed_by=_governing_fact(document.governed_by, names.facts, diagnostics),
        inputs=inputs,
        outputs=outputs,
        rules=tuple(rows.rule(rule) for rule in document.rules),
        otherwise=rows.otherwise(document.otherwise) if document.otherwise else None,
        requires=(),
        mark=document.decision.mark,
        title=document.title,
    )
    read = (reference.name.partition(".")[0] for reference in decision.reads() if reference.space is Space.DECISION)
    return replace(decision, requires=tuple(dict.fromkeys(read)))


def _inputs(document: DecisionDocument, names: Names, diagnostics: Diagnostics) -> dict[str, Input]:
    inputs = {}
    for name, section in document.inputs.items():
        term, optional = Elaborator(PackScope(names), diagnostics).value(section.expression)
        if term.kind.name == "window":
            diagnostics.report("incomparable-kind", section.expression.mark, kind=term.kind.word)
            term = broken(section.expression.mark)
        inputs[name] = Input(name, term.kind, term, optional, section.mark, section.title)
    for name, column in list(inputs.items()):
        shadows = name in names.derived_names and not (column.kind.is_broken or _names_derived(column.term, name))
        if shadows or any(name in other.kind.symbols for other in inputs.values()):
            diagnostics.report("ambiguous-name", column.mark, name=name)
            inputs[name] = replace(column, kind=k.BROKEN)
    return inputs


def _names_derived(term: Term, name: str) -> bool:
    """`fault: fault`: the column of a derived value under its own name."""
    return isinstance(term, Reference) and term.space is Space.DERIVED and term.name == name


def _governing_fact(written: Written | None, facts: Mapping[str, Fact], diagnostics: Diagnostics) -> str | None:
    if written is None:
        return None
    fact = facts.get(written.text)
    if fact is None:
        diagnostics.report("unknown-fact", written.mark, suggestion=nearest(written.text, facts), name=written.text)
    elif fact.optional or fact.kind.name not in ("date", "datetime"):
        diagnostics.report("unfit-governing-fact", written.mark, name=written.text, kind=fact.kind.word)
    return written.text


def _require_distinct_ids(document: DecisionDocument, diagnostics: Diagnostics) -> None:
    seen: dict[str, Mark] = {}
    waiting: list[ExceptionSection] = list(document.rules)
    if document.otherwise:
        waiting += document.otherwise.exceptions
    for section in waiting:
        first = seen.setdefault(section.id.text, section.id.mark)
        if section.id.text == "otherwise":
            diagnostics.report("reserved-word", section.id.mark, word=section.id.text)
        elif first is not section.id.mark:
            diagnostics.report("duplicate-rule", section.id.mark, id=section.id.text, first_line=first.line)
        waiting.extend(section.exceptions)


class _Rows:
    """Links the rules of one decision."""

    def __init__(
        self, outputs: Mapping[str, Output], inputs: Mapping[str, Input], names: Names, diagnostics: Diagnostics
    ) -> None:
        self._outputs = outputs
        self._inputs = inputs
        self._names = names
        self._diagnostics = diagnostics
        self._scope = RuleScope(names, inputs)

    def rule(self, section: ExceptionSection) -> Rule:
        if section.when is None:
            self._diagnostics.report("rule-without-when", section.id.mark, id=section.id.text)
        cells, condition = self._when(section.when, section.id.mark)
        return Rule(
            id=section.id.text,
            cells=cells,
            condition=condition,
            outputs=self._then(section.then, section.id.mark),
            exceptions=tuple(self.rule(exception) for exception in section.exceptions),
            mark=section.id.mark,
            title=section.title,
            because=section.because,
            basis=section.basis,
        )

    def otherwise(self, section: OtherwiseSection) -> Rule:
        return Rule(
            id="otherwise",
            cells=(),
            condition=Constant(section.mark, k.BOOL, True),
            outputs=self._then(section.then, section.mark),
            exceptions=tuple(self.rule(exception) for exception in section.exceptions),
            mark=section.mark,
            title=section.title,
            because=section.because,
            basis=section.basis,
        )

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
            # Any is what an input left out means, too: the two shall not differ in the digest.
            if test is not None:
                cells.append(Cell(column.name, test, syntax.mark))
        # Which column was written first means nothing, and shall not count in the digest.
        cells.sort(key=lambda cell: cell.input)
        tests = tuple(cell.test for cell in cells if cell.test is not None)
        return tuple(cells), And(when.mark, k.BOOL, tests)

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
        """Cells of symbolic and text kinds are symbols, verbatim; `{expr: ...}` computes one."""
        node = keyed.value
        if isinstance(node, MappingNode):
            return self._computed(output, node)
        if not isinstance(node, Scalar):
            self._diagnostics.report("malformed-output-cell", node.mark, text=node.mark.text)
            return broken(node.mark)
        if node.text == "" and not node.is_quoted:
            self._diagnostics.report("empty-cell", keyed.mark)
            return broken(keyed.mark)
        if output.kind.is_broken:
            return broken(node.mark)
        if node.typed in ("date", "time") or (node.typed and not _is_verbatim(output.kind)):
            return self._typed(output, TypedCell(node.mark, node.typed, node.text))
        if _is_verbatim(output.kind):
            if node.text.startswith(("decision.", "param.")):
                computed = f"{{expr: {node.text}}}"
                self._diagnostics.report(
                    "unknown-symbol", node.mark, suggestion=computed, symbol=node.text, kind=output.kind.word
                )
                return broken(node.mark)
            value = decode(output.kind, node.text, node.mark, self._diagnostics)
            return Constant(node.mark, output.kind, value) if value is not None else broken(node.mark)
        return self._expression(output, node)

    def _typed(self, output: Output, cell: TypedCell) -> Term:
        """What a sheet typed itself: a number or a date."""
        meant = value_meant(cell, output.kind, self._diagnostics)
        if meant is None:
            return broken(cell.mark)
        return Elaborator(self._scope, self._diagnostics).value(meant, output.kind)[0]

    def _computed(self, output: Output, node: MappingNode) -> Term:
        expression = node.get("expr")
        if len(node.entries) != 1 or not isinstance(expression, Scalar):
            self._diagnostics.report("malformed-output-cell", node.mark, text=node.mark.text)
            return broken(node.mark)
        return self._expression(output, expression)

    def _expression(self, output: Output, node: Node) -> Term:
        assert isinstance(node, Scalar)
        if node.has_escapes:
            self._diagnostics.report("escape-in-expression", node.mark)
            return broken(node.mark)
        syntax = parse_condition(node.content, self._diagnostics)
        if syntax is None:
            return broken(node.mark)
        term, optional = Elaborator(self._scope, self._diagnostics).value(syntax, output.kind)
        if optional and not output.optional:
            self._diagnostics.report("optional-into-required", node.mark, output=output.name)
        return term


def _is_verbatim(kind: k.Kind) -> bool:
    """Whether a cell of this kind is taken as it is written."""
    return kind.is_symbolic or kind.name == "text"

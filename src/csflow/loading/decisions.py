"""Owns linking decisions: what they read, their hit policy, the list they are made for."""

from collections.abc import Mapping
from dataclasses import replace

from csflow.definitions import Walk, Written
from csflow.definitions.sections import (
    DecisionDocument,
    ExceptionSection,
    OutputSection,
    RequirementSection,
)
from csflow.diagnostics import Diagnostics, Mark, Word, nearest
from csflow.expressions.terms import Reference, Space, Term
from csflow.loading.computing import computed, link_locals
from csflow.loading.kinds import Kinds
from csflow.loading.rules import ALL_MET, OTHERWISE, LayerExceptions, Rows
from csflow.loading.scopes import Names, RuleScope, fact_meant
from csflow.pack.model import (
    CHECKLIST,
    LIST_POLICIES,
    RANKED_POLICIES,
    Decision,
    Fact,
    ForEach,
    Input,
    Output,
)
from csflow.values import kinds as k
from csflow.values.kinds import Kind, Member

# `otherwise: {outcome: ...}` is short for `otherwise: {then: {outcome: ...}}`: an output named like one of
# the long form's words could not be told from it.
_WORDS_OF_OTHERWISE = frozenset({"then", "title", "because", "basis", "exceptions"})
# What a checklist has none of.
_TABLE_KEYS = ("hit_policy", "aggregate", "inputs", "outputs", "rules", "otherwise")
_MET, _CODE = "met", "code"
_AGGREGATED = {"sum": k.NUMERIC, "min": k.ORDERED, "max": k.ORDERED, "count": k.WHOLE}


def link_outputs(document: DecisionDocument, kinds: Kinds, diagnostics: Diagnostics) -> dict[str, Output]:
    """The outputs a decision declares: known before any rule is linked, so decisions may use each other."""
    if document.requires is not None:
        mark = document.decision.mark
        return {
            _MET: Output(_MET, k.BOOL, False, mark, Word("output.met").phrase),
            _CODE: Output(_CODE, kinds.vocabulary("code"), True, mark, Word("output.code").phrase),
        }
    if not document.outputs:
        diagnostics.report("missing-key", document.decision.mark, key="outputs")
    for name, section in document.outputs.items():
        if name in _WORDS_OF_OTHERWISE:
            diagnostics.report("reserved-word", section.mark, word=name)
    return {name: _output(name, section, kinds, diagnostics) for name, section in document.outputs.items()}


def _output(name: str, section: OutputSection, kinds: Kinds, diagnostics: Diagnostics) -> Output:
    kind = kinds.link(section, diagnostics)
    if section.options and not kind.is_broken:
        kind = Kind("list", members=(Member("id", k.TEXT), Member("value", kind)))
    return Output(name, kind, section.optional, section.mark, section.title)


def gives_list(document: DecisionDocument) -> bool:
    """Whether a decision gives several answers (`Decision.gives_list`, before it is linked)."""
    return document.for_each is not None or (document.hit_policy in LIST_POLICIES and document.aggregate is None)


def records_of(outputs: Mapping[str, Output]) -> Kind:
    """The answers of a decision that gives several, as a list of records."""
    members = (Member(name, output.kind, output.optional, False, output.title) for name, output in outputs.items())
    return Kind("list", members=tuple(sorted(members, key=lambda member: member.name)))


def link_decision(
    document: DecisionDocument,
    outputs: Mapping[str, Output],
    names: Names,
    layers: LayerExceptions,
    diagnostics: Diagnostics,
) -> Decision:
    """The decision with every name resolved; its faults are reported where they stand."""
    _require_one_form(document, diagnostics)
    for_each = _for_each(document, names, diagnostics)
    columns: dict[str, Input] = {}
    scope = RuleScope(names, columns, _item(document, for_each))
    local_names = link_locals(document.let, scope, diagnostics)
    inputs = _inputs(document, names, scope, diagnostics)
    columns.update(inputs)
    rows = Rows(outputs, inputs, scope, layers, diagnostics)
    _require_distinct_ids(document, diagnostics)
    rules, otherwise = rows.of(document)
    return Decision(
        name=document.decision.text,
        hit_policy=CHECKLIST if document.requires is not None else document.hit_policy or "unique",
        aggregate=_aggregate(document, outputs, diagnostics),
        ranked_by=_ranked_by(document, outputs, diagnostics),
        governed_by=governing_fact(document.governed_by, names.facts, diagnostics),
        for_each=for_each,
        locals=local_names,
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        otherwise=otherwise,
        mark=document.decision.mark,
        title=document.title,
    )


def _require_one_form(document: DecisionDocument, diagnostics: Diagnostics) -> None:
    """A table has rules, a checklist requirements: never both, never neither."""
    if document.requires is None:
        if document.rules is None:
            diagnostics.report("missing-key", document.decision.mark, key="rules")
        return
    for key in _TABLE_KEYS:
        if getattr(document, key) not in (None, {}, ()):
            diagnostics.report("misplaced-key", document.mark_of(key), key=key, other="requires")


def _for_each(document: DecisionDocument, names: Names, diagnostics: Diagnostics) -> ForEach | None:
    walk = document.for_each
    if walk is None:
        return None
    policy = document.hit_policy
    if policy in LIST_POLICIES and document.aggregate is None:
        diagnostics.report("misplaced-key", document.mark_of("for_each"), key="for_each", other=f"hit_policy: {policy}")
    source = _list(walk, names, diagnostics)
    return None if source is None else ForEach(walk.variable.text, source)


def _item(document: DecisionDocument, for_each: ForEach | None) -> tuple[str, Kind] | None:
    """The record that the decision is made for; of a list that was reported, one with any field."""
    if document.for_each is None:
        return None
    return document.for_each.variable.text, for_each.source.kind if for_each else k.BROKEN


def _list(walk: Walk, names: Names, diagnostics: Diagnostics) -> Reference | None:
    scope = RuleScope(names, {})
    known = list(scope.names())
    variable = walk.variable.text
    if any(name == variable or name.startswith(f"{variable}.") for name in known):
        diagnostics.report("clashing-name", walk.variable.mark, name=variable)
        return None
    path = walk.source.text
    found = scope.find(path, walk.source.mark)
    if isinstance(found, Reference) and found.kind.members:
        if not found.optional:
            return found
        diagnostics.report("optional-list", walk.source.mark, name=path)
        return None
    lists = [name for name in known if _is_list(scope, name, walk.source.mark)]
    diagnostics.report("not-a-list", walk.source.mark, suggestion=nearest(path, lists), name=path)
    return None


def _is_list(scope: RuleScope, path: str, mark: Mark) -> bool:
    found = scope.find(path, mark)
    return isinstance(found, Reference) and bool(found.kind.members)


def _aggregate(document: DecisionDocument, outputs: Mapping[str, Output], diagnostics: Diagnostics) -> str | None:
    aggregate = document.aggregate
    if aggregate is None:
        return None
    if document.hit_policy != "collect":
        diagnostics.report(
            "misplaced-key",
            document.mark_of("aggregate"),
            key="aggregate",
            other=f"hit_policy: {document.hit_policy or 'unique'}",
        )
    if len(outputs) != 1:
        diagnostics.report("aggregate-of-several", document.decision.mark, aggregate=aggregate, count=len(outputs))
        return aggregate
    (output,) = outputs.values()
    if not output.kind.is_broken and output.kind.name not in _AGGREGATED[aggregate]:
        diagnostics.report("unfit-aggregate", output.mark, aggregate=aggregate, kind=output.kind.word)
    return aggregate


def _ranked_by(document: DecisionDocument, outputs: Mapping[str, Output], diagnostics: Diagnostics) -> tuple[str, ...]:
    """The outputs whose values have an order, in the order in which they are declared."""
    if document.hit_policy not in RANKED_POLICIES:
        return ()
    ranked = tuple(name for name, output in outputs.items() if output.kind.name == "enum")
    if not ranked and not any(output.kind.is_broken for output in outputs.values()):
        diagnostics.report("nothing-to-rank-by", document.decision.mark, policy=document.hit_policy)
    return ranked


def _inputs(document: DecisionDocument, names: Names, scope: RuleScope, diagnostics: Diagnostics) -> dict[str, Input]:
    inputs = {}
    for name, section in document.inputs.items():
        term, optional = computed(section, scope, diagnostics)
        inputs[name] = Input(name, term.kind, term, optional, section.mark, section.title)
    for name, column in list(inputs.items()):
        shadows = name in names.derived_names and not (column.kind.is_broken or _names_derived(column.term, name))
        if shadows or name in document.let or any(name in other.kind.symbols for other in inputs.values()):
            diagnostics.report("ambiguous-name", column.mark, name=name)
            inputs[name] = replace(column, kind=k.BROKEN)
    return inputs


def _names_derived(term: Term, name: str) -> bool:
    """`fault: fault`: the column of a derived value under its own name."""
    return isinstance(term, Reference) and term.space is Space.DERIVED and term.name == name


def governing_fact(written: Written | None, facts: Mapping[str, Fact], diagnostics: Diagnostics) -> str | None:
    """The fact whose date chooses the editions, which has to be required and a date or instant."""
    if written is None:
        return None
    fact = facts.get(written.text)
    if fact is None:
        diagnostics.report("unknown-fact", written.mark, suggestion=fact_meant(written.text, facts), name=written.text)
    elif fact.optional or fact.kind.name not in ("date", "datetime"):
        diagnostics.report("unfit-governing-fact", written.mark, name=written.text, kind=fact.kind.word)
    return written.text


def _require_distinct_ids(document: DecisionDocument, diagnostics: Diagnostics) -> None:
    seen: dict[str, Mark] = {}
    waiting: list[ExceptionSection | RequirementSection] = [*(document.rules or ()), *(document.requires or ())]
    if document.otherwise:
        waiting += document.otherwise.exceptions
    for section in waiting:
        first = seen.setdefault(section.id.text, section.id.mark)
        if section.id.text in (OTHERWISE, ALL_MET):
            diagnostics.report("reserved-word", section.id.mark, word=section.id.text)
        elif first is not section.id.mark:
            diagnostics.report("duplicate-rule", section.id.mark, id=section.id.text, first_line=first.line)
        if isinstance(section, ExceptionSection):
            waiting.extend(section.exceptions)

"""Owns linking named computations: derived values, local names, columns, all with their limits."""

from collections.abc import Mapping

from csflow.definitions.sections import ComputedSection, DerivedDocument, DerivedSection, FactsDocument, LocalSection
from csflow.diagnostics import Diagnostics, Mark
from csflow.expressions import Elaborator
from csflow.expressions.elaborating import Scope
from csflow.expressions.syntax import Syntax
from csflow.expressions.terms import Constant, Limited, Term, broken
from csflow.loading.documents import Documents
from csflow.loading.ordering import Circle, in_order, names_in
from csflow.loading.scopes import DerivedScope, Names, RuleScope
from csflow.pack.model import Derived, Input
from csflow.values import kinds as k
from csflow.values.kinds import NUMERIC, Kind


def derived_sections(documents: Documents) -> dict[str, DerivedSection]:
    """The derived values that a pack declares, wherever they stand."""
    holders: list[FactsDocument | DerivedDocument] = [*documents.of(FactsDocument), *documents.of(DerivedDocument)]
    return {
        name: section
        for document in holders
        for name, section in document.derived.items()
        if documents.is_new("derived", name, section.mark)
    }


def link_derived(sections: Mapping[str, DerivedSection], names: Names, diagnostics: Diagnostics) -> dict[str, Derived]:
    """The derived values, each after those it reads; none where they read each other in a circle."""
    reads = {name: names_in(_syntaxes(section), sections) for name, section in sections.items()}
    order = in_order(reads)
    if isinstance(order, Circle):
        mark = sections[order.names[0]].mark
        diagnostics.report("circular-derived", mark, names=" → ".join(order.names))
        order = []
    linked: dict[str, Derived] = {}
    names.derived = linked
    for name in order:
        section = sections[name]
        term, optional = computed(section, DerivedScope(names), diagnostics)
        linked[name] = Derived(name, term.kind, term, optional, reads[name], section.mark, section.title)
    return linked


def link_locals(sections: Mapping[str, LocalSection], scope: RuleScope, diagnostics: Diagnostics) -> dict[str, Input]:
    """The local names of a decision, each after those it reads; `scope` learns them one after the other."""
    order = in_order({name: names_in(_syntaxes(section), sections) for name, section in sections.items()})
    if isinstance(order, Circle):
        diagnostics.report("circular-let", sections[order.names[0]].mark, names=" → ".join(order.names))
        for name, section in sections.items():
            scope.columns[name] = Input(name, k.BROKEN, broken(section.mark), False, section.mark)
        return {}
    linked: dict[str, Input] = {}
    for name in order:
        section = sections[name]
        if scope.find(name, section.mark) is not None:
            diagnostics.report("clashing-name", section.mark, name=name)
        term, optional = computed(section, scope, diagnostics)
        linked[name] = scope.columns[name] = Input(name, term.kind, term, optional, section.mark, section.title)
    return linked


def computed(section: ComputedSection, scope: Scope, diagnostics: Diagnostics) -> tuple[Term, bool]:
    """The term of a named computation, and whether it may be absent."""
    return limited(section.expression, section.at_least, section.at_most, scope, None, diagnostics)


def limited(
    expression: Syntax,
    at_least: Syntax | None,
    at_most: Syntax | None,
    scope: Scope,
    expected: Kind | None,
    diagnostics: Diagnostics,
) -> tuple[Term, bool]:
    """An expression between its limits, and whether it may be absent."""
    term, optional = Elaborator(scope, diagnostics).value(expression, expected)
    if term.kind.name == "window":
        diagnostics.report("incomparable-kind", expression.mark, kind=term.kind.word)
        return broken(expression.mark), optional
    if at_least is None and at_most is None:
        return term, optional
    if not term.kind.is_broken and term.kind.name not in NUMERIC:
        limit = at_least if at_least is not None else at_most
        assert limit is not None
        diagnostics.report("limit-of-unordered", limit.mark, kind=term.kind.word)
        return broken(expression.mark), optional
    low, high = (_limit(limit, scope, term.kind, diagnostics) for limit in (at_least, at_most))
    _require_room(low, high, diagnostics)
    return Limited(expression.mark, term.kind, term, low, high), optional


def _limit(syntax: Syntax | None, scope: Scope, kind: Kind, diagnostics: Diagnostics) -> Term | None:
    if syntax is None:
        return None
    term, optional = Elaborator(scope, diagnostics).value(syntax, kind)
    if optional:
        diagnostics.report("unguarded-optional", syntax.mark, name=syntax.mark.text)
    return term


def _require_room(low: Term | None, high: Term | None, diagnostics: Diagnostics) -> None:
    if not (isinstance(low, Constant) and isinstance(high, Constant)):
        return
    if low.kind.is_broken or high.kind.is_broken:
        return
    if low.value * 10**high.kind.places > high.value * 10**low.kind.places:
        diagnostics.report("empty-bounds", high.mark, low=_text(low.mark), high=_text(high.mark))


def _text(mark: Mark) -> str:
    return " ".join(mark.text.split())


def _syntaxes(section: ComputedSection) -> tuple[Syntax | None, ...]:
    return section.expression, section.at_least, section.at_most

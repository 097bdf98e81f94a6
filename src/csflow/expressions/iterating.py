"""Owns expressions over the records of a list: where the list comes from, and what its variable sees."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from csflow.diagnostics import Diagnostics, Mark, nearest
from csflow.expressions import syntax as s
from csflow.expressions import terms as t
from csflow.values import kinds as k

if TYPE_CHECKING:
    from csflow.expressions.elaborating import Elaborator, Scope
    from csflow.expressions.guards import Guards


def quantified(place: "Elaborator", syntax: s.Quantified, guards: "Guards") -> t.Term:
    """`some line in claim.lines satisfies line.quantity > 1`"""
    source = source_of(place, syntax.source, guards)
    if source is None or not is_plain(syntax.variable, syntax.variable_mark, place.diagnostics):
        return t.broken(syntax.mark)
    test = place.require(place.with_item(syntax.variable, syntax.variable_mark, source, syntax.test, guards), k.BOOL)
    return t.Quantified(syntax.mark, k.BOOL, syntax.word, syntax.variable, source, test)


def is_plain(variable: str, mark: Mark, diagnostics: Diagnostics) -> bool:
    """Whether a variable is a plain word; otherwise it is reported."""
    if "." in variable:
        diagnostics.report("malformed-name", mark, suggestion=variable.replace(".", "_"), text=variable)
    return "." not in variable


def source_of(place: "Elaborator", name: s.Name, guards: "Guards") -> t.Reference | None:
    """The list that a name stands for; None when it was reported."""
    found = place.scope.find(name.path, name.mark)
    if isinstance(found, t.Reference) and found.kind.members:
        place.note_optional(found, guards)
        return found
    if found is None:
        place.scope.report_unknown(name, place.diagnostics)
    elif not found.kind.is_broken:
        lists = [known for known in place.scope.names() if _is_list(place.scope, known, name.mark)]
        place.diagnostics.report("not-a-list", name.mark, suggestion=nearest(name.path, lists), name=name.path)
    return None


def projection_of(place: "Elaborator", name: s.Name, guards: "Guards") -> tuple[t.Reference, t.Term] | None:
    """`claim.lines.quantity` as the list and the field of its records; None when it is no such path."""
    head, _, field = name.path.rpartition(".")
    found = place.scope.find(head, name.mark) if head else None
    if not isinstance(found, t.Reference) or found.kind.member(field) is None:
        return None
    source = source_of(place, s.Name(name.mark, head), guards)
    if source is None:
        return None
    # The variable is named like nothing an author can write.
    return source, place.with_item("*", name.mark, source, s.Name(name.mark, f"*.{field}"), guards)


def item_scope(outer: "Scope", variable: str, mark: Mark, source: t.Reference, diagnostics: Diagnostics) -> "ItemScope":
    """What the body of an iteration sees; a variable that is named like something else is reported."""
    if any(name == variable or name.startswith(f"{variable}.") for name in outer.names()):
        diagnostics.report("clashing-name", mark, name=variable)
    return ItemScope(outer, variable, source.kind)


class ItemScope:
    """An outer scope and the fields of one record."""

    def __init__(self, outer: "Scope", variable: str, records: k.Kind) -> None:
        self._outer = outer
        self._variable = variable
        self._records = records

    @property
    def currency(self) -> str:
        return self._outer.currency

    def find(self, path: str, mark: Mark) -> t.Term | None:
        head, _, field = path.partition(".")
        if head != self._variable:
            return self._outer.find(path, mark)
        member = self._records.member(field)
        return t.Reference(mark, member.kind, t.Space.ITEM, path, member.optional) if member else None

    def names(self) -> Iterable[str]:
        yield from (f"{self._variable}.{member.name}" for member in self._records.members)
        yield from self._outer.names()

    def subtree(self, root: str) -> tuple[str, ...] | None:
        return self._outer.subtree(root)

    def report_unknown(self, name: s.Name, diagnostics: Diagnostics) -> None:
        if name.path.partition(".")[0] == self._variable:
            meant = nearest(name.path, [f"{self._variable}.{member.name}" for member in self._records.members])
            diagnostics.report("unknown-fact", name.mark, suggestion=meant, name=name.path)
        else:
            self._outer.report_unknown(name, diagnostics)


def _is_list(scope: "Scope", path: str, mark: Mark) -> bool:
    found = scope.find(path, mark)
    return isinstance(found, t.Reference) and bool(found.kind.members)

"""Owns which names an expression can see, and what to say of one it cannot."""

from collections.abc import Iterable, Mapping

from csflow.diagnostics import Diagnostics, Mark, nearest, nearest_spelling
from csflow.expressions.syntax import Name
from csflow.expressions.terms import Reference, Space, Term, broken
from csflow.pack.model import Derived, Fact, Input, Output, Parameter
from csflow.values.kinds import Kind


class Names:
    """All that a pack declares by name. Derived values become known one after the other."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.facts: Mapping[str, Fact] = {}
        self.parameters: Mapping[str, Parameter] = {}
        self.outputs: Mapping[str, Mapping[str, Output]] = {}
        # The decisions that give several answers, as lists of records.
        self.lists: Mapping[str, Kind] = {}
        self.subtrees: Mapping[str, tuple[str, ...]] = {}
        self.derived_names: Mapping[str, Mark] = {}
        self.derived: Mapping[str, Derived] = {}


class PackScope:
    """What an input or an output cell sees: facts, derived values, parameters, decisions."""

    def __init__(self, names: Names) -> None:
        self._names = names

    @property
    def currency(self) -> str:
        return self._names.currency

    def find(self, path: str, mark: Mark) -> Term | None:
        head, _, rest = path.partition(".")
        if head == "param":
            return self._parameter(rest, mark)
        if head == "decision":
            return self._output(rest, mark)
        if path in self._names.facts:
            fact = self._names.facts[path]
            return Reference(mark, fact.kind, Space.FACT, path, fact.optional)
        if path in self._names.derived_names:
            return self._derived(path, mark)
        return None

    def names(self) -> Iterable[str]:
        yield from self._names.facts
        yield from self._names.derived_names
        yield from (f"param.{name}" for name in self._names.parameters)
        yield from (f"decision.{name}" for name in self._names.lists)
        for decision, outputs in self._names.outputs.items():
            yield from (f"decision.{decision}.{output}" for output in outputs)

    def subtree(self, root: str) -> tuple[str, ...] | None:
        return self._names.subtrees.get(root)

    def report_unknown(self, name: Name, diagnostics: Diagnostics) -> None:
        head, _, rest = name.path.partition(".")
        if head == "param" and rest:
            meant = nearest(rest, self._names.parameters)
            diagnostics.report(
                "unknown-parameter", name.mark, suggestion=f"param.{meant}" if meant else None, name=rest
            )
        elif head == "decision" and rest:
            self._report_unknown_output(rest, name.mark, diagnostics)
        else:
            code = "unknown-fact" if rest else "unknown-name"
            diagnostics.report(code, name.mark, suggestion=self._meant(name.path), name=name.path)

    def _parameter(self, name: str, mark: Mark) -> Term | None:
        parameter = self._names.parameters.get(name)
        return Reference(mark, parameter.kind, Space.PARAMETER, name, False) if parameter else None

    def _output(self, path: str, mark: Mark) -> Term | None:
        decision, _, name = path.partition(".")
        output = self._names.outputs.get(decision, {}).get(name)
        if decision in self._names.lists and (output is not None or not name):
            records = self._names.lists[decision]
            # An output of one is a list, too, but no list of records.
            return Reference(mark, records if not name else Kind("list"), Space.DECISION, path, False)
        return Reference(mark, output.kind, Space.DECISION, path, output.optional) if output else None

    def _derived(self, name: str, mark: Mark) -> Term:
        derived = self._names.derived.get(name)
        if derived is None:
            return broken(mark)
        return Reference(mark, derived.kind, Space.DERIVED, name, derived.optional)

    def _report_unknown_output(self, path: str, mark: Mark, diagnostics: Diagnostics) -> None:
        decision, _, output = path.partition(".")
        outputs = self._names.outputs.get(decision)
        if outputs is None:
            meant = nearest(decision, self._names.outputs)
            suggestion = f"decision.{meant}.{output}".rstrip(".") if meant else None
            diagnostics.report("unknown-decision", mark, suggestion=suggestion, name=decision)
            return
        meant = nearest(output, outputs)
        suggestion = f"decision.{decision}.{meant}" if meant else None
        diagnostics.report(
            "unknown-output", mark, suggestion=suggestion, decision=decision, name=output, known=list(outputs)
        )

    def _meant(self, path: str) -> str | None:
        spellings = {name: name for name in self.names()}
        return nearest_spelling(path, _spelled(self._names.facts) | spellings)


def fact_meant(written: str, facts: Mapping[str, Fact]) -> str | None:
    """The fact that is surely meant."""
    return nearest_spelling(written, _spelled(facts) | {path: path for path in facts})


def _spelled(facts: Mapping[str, Fact]) -> dict[str, str]:
    """Facts by what is written for them: a field without its record, a title; of several facts none is meant."""
    spellings: dict[str, set[str]] = {}
    for fact in facts.values():
        for text in (fact.path.partition(".")[2], *(text for _, text in (fact.title.texts if fact.title else ()))):
            spellings.setdefault(text, set()).add(fact.path)
    return {text: min(paths) for text, paths in spellings.items() if len(paths) == 1}


class RuleScope(PackScope):
    """What a rule sees besides: the local names and columns of its decision, and the record it is made for."""

    def __init__(self, names: Names, columns: dict[str, Input], item: tuple[str, Kind] | None = None) -> None:
        super().__init__(names)
        self.columns = columns
        self._item = item

    def find(self, path: str, mark: Mark) -> Term | None:
        column = self.columns.get(path)
        if column is not None:
            return Reference(mark, column.kind, Space.INPUT, path, column.optional)
        return self._field(path, mark) or super().find(path, mark)

    def names(self) -> Iterable[str]:
        yield from self.columns
        if self._item is not None:
            variable, records = self._item
            yield from (f"{variable}.{member.name}" for member in records.members)
        yield from super().names()

    def _field(self, path: str, mark: Mark) -> Term | None:
        head, _, field = path.partition(".")
        if self._item is None or head != self._item[0]:
            return None
        if self._item[1].is_broken:
            return broken(mark)
        member = self._item[1].member(field)
        return Reference(mark, member.kind, Space.ITEM, path, member.optional) if member else None


class LayerScope(PackScope):
    """What the condition of a layer sees: facts alone."""

    def find(self, path: str, mark: Mark) -> Term | None:
        return super().find(path, mark) if path in self._names.facts else None

    def names(self) -> Iterable[str]:
        return iter(self._names.facts)

    def report_unknown(self, name: Name, diagnostics: Diagnostics) -> None:
        head = name.path.partition(".")[0]
        # Layers come before derived values and decisions are known.
        if head in ("param", "decision") or name.path in self._names.derived_names:
            diagnostics.report("layer-reads-no-fact", name.mark, name=name.path)
        else:
            super().report_unknown(name, diagnostics)


class DerivedScope(PackScope):
    """What a derived value sees: facts, parameters and derived values, no decision."""

    def find(self, path: str, mark: Mark) -> Term | None:
        return None if path.startswith("decision.") else super().find(path, mark)

    def names(self) -> Iterable[str]:
        return (name for name in super().names() if not name.startswith("decision."))

    def report_unknown(self, name: Name, diagnostics: Diagnostics) -> None:
        if name.path.startswith("decision."):
            diagnostics.report("decision-in-derived", name.mark, name=name.path)
        else:
            super().report_unknown(name, diagnostics)

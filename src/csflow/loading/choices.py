"""Owns linking the rows of one event: where each goes, what it sets and asks for, and the table that they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.definitions import Keyed, Written
from csflow.definitions.flows import ChoiceSection, RowSection
from csflow.diagnostics import Diagnostics, Mark, nearest
from csflow.expressions import Elaborator
from csflow.expressions.terms import Constant, Term
from csflow.loading.flow_scopes import FlowScope
from csflow.loading.questions import Heading
from csflow.loading.rules import ALL_MET, OTHERWISE, Rows
from csflow.pack.flows import SET, Choice, Kept, Row
from csflow.pack.model import Decision, Output, Rule
from csflow.source import Scalar
from csflow.values import kinds as k
from csflow.values.kinds import Kind

NEXT = "next"


@dataclass(frozen=True, slots=True)
class Words:
    """What the rows of a flow may name."""

    states: tuple[str, ...]
    events: tuple[str, ...]
    keeps: Mapping[str, Kept]
    effects: tuple[str, ...]


class Choices:
    """Links the choices of one flow, whose tables are named after it."""

    def __init__(self, words: Words, flow: Heading, codes: Kind, scope: FlowScope, diagnostics: Diagnostics) -> None:
        self._words = words
        self._flow = flow
        self._codes = codes
        self._scope = scope
        self._diagnostics = diagnostics

    def link(self, name: str, section: ChoiceSection) -> Choice:
        """The rows, and the table that says which one holds; a single row that always holds needs none."""
        ids = self._ids(section.rows)
        computed: list[dict[str, Term]] = []
        rows = tuple(self._row(id, row, computed) for id, row in zip(ids, section.rows, strict=True))
        if len(rows) == 1 and section.rows[0].when is None and not computed[0]:
            return Choice(rows, None, section.mark)
        outputs = {
            name: Output(name, self._words.keeps[name.removeprefix(SET)].kind, True, section.mark)
            for name in sorted({name for each in computed for name in each})
        }
        rules = [
            self._rule(row, written, terms, is_only=len(rows) == 1)
            for row, written, terms in zip(rows, section.rows, computed, strict=True)
        ]
        otherwise = next((rule for rule in rules if rule.id == OTHERWISE), None)
        return Choice(rows, self._table(name, section, outputs, rules, otherwise), section.mark)

    def effects(self, written: Iterable[Written]) -> tuple[str, ...]:
        return self._known(written, self._words.effects, "unknown-effect")

    def require_event(self, written: Written) -> None:
        """An event of the flow, or how a child may end."""
        self._known([written], self._words.events, "unknown-event")

    def _table(
        self,
        name: str,
        section: ChoiceSection,
        outputs: Mapping[str, Output],
        rules: list[Rule],
        otherwise: Rule | None,
    ) -> Decision:
        return Decision(
            name=f"{self._flow.name}.{name}",
            hit_policy=section.hit_policy,
            aggregate=None,
            ranked_by=(),
            governed_by=self._flow.governed_by,
            for_each=None,
            locals={},
            inputs={},
            outputs=outputs,
            rules=tuple(rule for rule in rules if rule.id != OTHERWISE),
            otherwise=otherwise,
            mark=section.mark,
            title=self._flow.title,
        )

    def _ids(self, rows: tuple[RowSection, ...]) -> list[str]:
        """The ids that rows have, or get from where they go; the row that says `otherwise` has no other."""
        written: dict[str, Mark] = {}
        ids: list[str | None] = []
        for row in rows:
            id, mark = self._written_id(row)
            if id is not None and written.setdefault(id, mark) is not mark:
                self._diagnostics.report("duplicate-rule", mark, id=id, first_line=written[id].line)
            ids.append(id)
        taken = {*written, OTHERWISE}
        found = []
        for number, (id, row) in enumerate(zip(ids, rows, strict=True), 1):
            if id is None:
                id = row.to.text if row.to else f"row-{number}"
                while id in taken:
                    id = f"{id}-{number}"
                taken.add(id)
            found.append(id)
        return found

    def _written_id(self, row: RowSection) -> tuple[str | None, Mark]:
        if row.otherwise:
            if row.id is not None:
                self._diagnostics.report("misplaced-key", row.mark_of("id"), key="id", other="otherwise: true")
            return OTHERWISE, row.mark
        if row.id is None:
            return None, row.mark
        if row.id.text in (OTHERWISE, ALL_MET):
            self._diagnostics.report("reserved-word", row.id.mark, word=row.id.text)
        return row.id.text, row.id.mark

    def _row(self, id: str, section: RowSection, computed: list[dict[str, Term]]) -> Row:
        if section.refuse is not None:
            for key in ("to", "set", "do", "redo", "raises"):
                if getattr(section, key):
                    written = "raise" if key == "raises" else key
                    self._diagnostics.report("misplaced-key", section.mark_of(written), key=written, other="refuse")
            self._known([section.refuse], self._codes.symbols, "unknown-symbol", kind=self._codes.word)
        if section.otherwise and section.when is not None:
            self._diagnostics.report("misplaced-key", section.mark_of("when"), key="when", other="otherwise")
        if section.to is not None:
            self._known([section.to], self._words.states, "unknown-state")
        if section.raises is not None:
            self.require_event(section.raises)
        sets: dict[str, Any] = {}
        advances: list[str] = []
        terms: dict[str, Term] = {}
        for name, keyed in section.set.items():
            self._set(name, keyed, sets, advances, terms)
        computed.append(terms)
        return Row(
            id=id,
            to=section.to.text if section.to else None,
            refuse=section.refuse.text if section.refuse else None,
            sets=sets,
            advances=tuple(advances),
            does=self.effects(section.do),
            redoes=self.effects(section.redo),
            raises=section.raises.text if section.raises else None,
            mark=section.mark,
            title=section.title,
            because=section.because,
        )

    def _set(self, name: str, keyed: Keyed, sets: dict[str, Any], advances: list[str], terms: dict[str, Term]) -> None:
        """What is kept from now on: a value, the next one, or what an expression gives."""
        kept = self._words.keeps.get(name)
        if kept is None:
            meant = nearest(name, self._words.keeps)
            self._diagnostics.report("unknown-kept", keyed.mark, suggestion=meant, name=name)
            return
        node = keyed.value
        if isinstance(node, Scalar) and node.text == NEXT and _has_next(kept.kind):
            advances.append(name)
            return
        rows = Rows({}, {}, self._scope, {}, self._diagnostics)
        term = rows.value(f"{SET}{name}", kept.kind, False, keyed)
        if isinstance(term, Constant):
            sets[name] = term.value
        else:
            terms[f"{SET}{name}"] = term

    def _rule(self, row: Row, section: RowSection, terms: Mapping[str, Term], *, is_only: bool) -> Rule:
        condition: Term = Constant(row.mark, k.BOOL, True)
        if section.when is not None:
            condition = Elaborator(self._scope, self._diagnostics).condition(section.when)
        elif not section.otherwise and not is_only:
            self._diagnostics.report("rule-without-when", row.mark, id=row.id)
        outputs = tuple(sorted(terms.items()))
        id = OTHERWISE if section.otherwise else row.id
        return Rule(id, (), condition, outputs, (), row.mark, row.title, row.because)

    def _known(self, written: Iterable[Written], known: tuple[str, ...], code: str, **values: Any) -> tuple[str, ...]:
        for each in written:
            if each.text not in known:
                named = {"symbol": each.text} if code == "unknown-symbol" else {"name": each.text}
                meant = nearest(each.text, known)
                self._diagnostics.report(code, each.mark, suggestion=meant, **named, **values)
        return tuple(each.text for each in written)


def _has_next(kind: Kind) -> bool:
    """Whether a value has one that comes after it: a symbol, unless one is called so; one more of what is counted."""
    if kind.is_symbolic:
        return NEXT not in kind.symbols
    return kind.name in k.WHOLE and kind.high is not None

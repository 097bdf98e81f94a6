"""Owns which names a flow sees besides those of the pack: what a case keeps, the event, and the quote."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from csflow.definitions.flows import KeptSection
from csflow.diagnostics import Diagnostics, Mark, Word
from csflow.expressions.terms import Reference, Space, Term
from csflow.loading.kinds import Kinds, decode
from csflow.loading.scopes import Names, RuleScope
from csflow.pack.flows import CLOCK, EVENT, KEPT, QUOTE, QUOTED, REFUSED, SYSTEM, Kept
from csflow.pack.model import Fact
from csflow.values import kinds as k
from csflow.values.kinds import Kind

# More payments than this no plan has: one for each tender of an order.
_MOST_PAYMENTS = 1_000
_KEPT = f"{KEPT}."
# Nobody may have to agree: the one that may be absent.
_APPROVER = f"{QUOTE}.approver"


def link_keeps(sections: Mapping[str, KeptSection], kinds: Kinds, diagnostics: Diagnostics) -> dict[str, Kept]:
    """What a case remembers, each with the value that it begins with."""
    keeps = {}
    for name, section in sections.items():
        kind = kinds.link(section, diagnostics)
        start = decode(kind, section.start.text, section.start.mark, diagnostics)
        keeps[name] = Kept(name, kind, start, section.mark, section.title)
    return keeps


def senders_of(kinds: Kinds) -> Kind:
    """Who may send events: the roles and parties of the pack, the host's machines, and the flow's own clocks."""
    role, party = kinds.vocabulary("role"), kinds.vocabulary("party")
    own = {name: Word(f"sender.{name}").phrase for name in (SYSTEM, CLOCK)}
    symbols = tuple(dict.fromkeys((*sorted({*role.symbols, *party.symbols}), *own)))
    return Kind("enum", symbols=symbols, titles={**party.titles, **role.titles, **own})


def own_facts(keeps: Mapping[str, Kept], senders: Kind, kinds: Kinds, mark: Mark) -> dict[str, Fact]:
    """What the guards of a flow read besides the facts of the pack, by path."""
    outcomes = (QUOTED, REFUSED)
    outcome = Kind("enum", symbols=outcomes, titles={each: Word(f"flow.{each}").phrase for each in outcomes})
    payments = replace(k.INT, low=0, high=_MOST_PAYMENTS)
    read: dict[str, Kind] = {
        f"{EVENT}.at": k.DATETIME,
        f"{EVENT}.by": senders,
        f"{EVENT}.left": payments,
        f"{EVENT}.failed": payments,
        f"{QUOTE}.outcome": outcome,
        f"{QUOTE}.amount": k.money(kinds.currency),
        f"{QUOTE}.payments": payments,
        _APPROVER: kinds.vocabulary("role"),
        f"{QUOTE}.confirmed": k.BOOL,
    }
    facts = {
        path: Fact(path, kind, path == _APPROVER, False, False, mark, Word(f"flow.{path.replace('.', '_')}").phrase)
        for path, kind in read.items()
    }
    for kept in keeps.values():
        path = f"{KEPT}.{kept.name}"
        facts[path] = Fact(path, kept.kind, False, False, False, kept.mark, kept.title)
    return facts


class FlowScope(RuleScope):
    """What the expressions of one flow see. What a case keeps is read by its bare name."""

    def __init__(self, names: Names, own: Mapping[str, Fact]) -> None:
        super().__init__(names, {})
        self._own = own

    def find(self, path: str, mark: Mark) -> Term | None:
        fact = self._own.get(path) if "." in path else self._own.get(f"{_KEPT}{path}")
        if fact is not None and not path.startswith(_KEPT):
            return Reference(mark, fact.kind, Space.FACT, fact.path, fact.optional)
        return super().find(path, mark)

    def names(self) -> Iterable[str]:
        yield from (path.removeprefix(_KEPT) for path in self._own)
        yield from super().names()

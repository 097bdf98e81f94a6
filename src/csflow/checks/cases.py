"""Owns a case that proves a finding: facts, and the instant where it counts, told in the titles of the pack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from csflow.diagnostics import Phrase, Word
from csflow.expressions.terms import Reference
from csflow.facts import ABSENT, Facts, facts_of
from csflow.pack.model import Decision, LinkedPack
from csflow.values.kinds import DATETIME, Kind
from csflow.values.presenting import to_json, to_sentence


@dataclass(frozen=True, slots=True)
class Case:
    """Facts for which something is so; `item` are the fields of the one record of a decision for each record."""

    pack: LinkedPack
    decision: Decision | None
    facts: Mapping[str, Any]
    item: Mapping[str, Any] = field(default_factory=dict)
    at: int | None = None

    def in_language(self, language: str) -> str:
        comma, colon = ("，", "：") if language.startswith("zh") else (", ", ": ")
        return comma.join(f"{title}{colon}{shown}" for title, shown in self._told(language)) or "-"

    def to_json(self) -> dict[str, Any]:
        """The facts by path, as JSON has them; under `at` the instant of the decision, where it counts."""
        found = {path: self._json(self.pack.facts[path].kind, held) for path, held in sorted(self.facts.items())}
        if self.item:
            record = {name.partition(".")[2]: self._json(self._kind(name), held) for name, held in self.item.items()}
            found[self._list.name] = [record]
        if self.at is not None:
            found["at"] = to_json(DATETIME, self.at, self.pack.zone)
        return found

    def checked(self, rest: Mapping[str, Any]) -> Facts:
        """The facts as an engine takes them; `rest` are the values of those that the case does not name."""
        values = {**rest, **self.facts}
        if self.item:
            values[self._list.name] = ({name.partition(".")[2]: held for name, held in self.item.items()},)
        return facts_of(self.pack, values)

    def _told(self, language: str) -> Iterator[tuple[str, str]]:
        for path, held in sorted(self.facts.items()):
            fact = self.pack.facts[path]
            yield _title(fact.title, path, language), self._shown(fact.kind, held, language)
        for name, held in sorted(self.item.items()):
            kind = self._kind(name)
            member = self._list.kind.member(name.partition(".")[2])
            yield _title(member.title if member else None, name, language), self._shown(kind, held, language)
        if self.at is not None:
            yield Word("case.at").in_language(language), self._shown(DATETIME, self.at, language)

    @property
    def _list(self) -> Reference:
        assert self.decision is not None and self.decision.for_each is not None  # INVARIANT: who else has records?
        return self.decision.for_each.source

    def _kind(self, name: str) -> Kind:
        member = self._list.kind.member(name.partition(".")[2])
        assert member is not None  # INVARIANT: linking knows the fields of records.
        return member.kind

    def _json(self, kind: Kind, held: Any) -> Any:
        return to_json(kind, None if held is ABSENT else held, self.pack.zone)

    def _shown(self, kind: Kind, held: Any, language: str) -> str:
        return to_sentence(kind, None if held is ABSENT else held, self.pack.zone, language)


def _title(title: Phrase | None, name: str, language: str) -> str:
    return title.in_language(language) if title else name

"""Owns which definitions make up a pack: its own, and those of the packs it extends that it does not replace."""

from collections.abc import Sequence
from typing import TypeVar

from csflow.definitions import Definition
from csflow.diagnostics import Diagnostics, Mark, Source

_Document = TypeVar("_Document", bound=Definition)


class Documents:
    """The documents of a pack, its own first and then those of each pack it extends.

    A name that a nearer pack declares replaces that of a farther one; twice in one pack is a finding.
    """

    def __init__(self, generations: Sequence[Sequence[Definition]], diagnostics: Diagnostics) -> None:
        self._documents = [document for documents in generations for document in documents]
        self._distance = {
            _source(document): distance for distance, documents in enumerate(generations) for document in documents
        }
        self._is_extending = len(generations) > 1
        self._seen: dict[tuple[str, str], Mark] = {}
        self._diagnostics = diagnostics

    def of(self, kind: type[_Document]) -> list[_Document]:
        return [document for document in self._documents if isinstance(document, kind)]

    def is_new(self, space: str, name: str, mark: Mark) -> bool:
        """Whether a name is declared for the first time, counted from the pack outwards."""
        first = self._seen.setdefault((space, name), mark)
        if first is mark:
            return True
        if self.distance(first) == self.distance(mark):
            self._diagnostics.report("duplicate-definition", mark, name=name, file=first.path, line=first.line)
        return False

    def distance(self, mark: Mark) -> int:
        """0 for the pack itself, 1 for the pack it extends, and so on."""
        return self._distance.get(mark.source, 0)

    def own_sources(self) -> frozenset[Source] | None:
        """The files of the pack itself; None where it extends no other."""
        return frozenset(each for each, far in self._distance.items() if far == 0) if self._is_extending else None


def _source(document: Definition) -> Source:
    source: Source = document.mark.source
    return source

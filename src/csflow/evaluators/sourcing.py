"""Owns the list of sources that several cutters share."""

from csflow.evaluators.formulas import Source
from csflow.expressions.terms import Term


class Sources:
    """The sources of several cutters, each once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Term], int] = {}
        self.listed: list[Source] = []

    def number(self, decision: str, term: Term) -> int | None:
        """The number of the source that a term is there; None where it is none yet."""
        return self._numbers.get((decision, term))

    def add(self, source: Source) -> int:
        """The number of a new source."""
        self._numbers[source.decision, source.term] = number = len(self.listed)
        self.listed.append(source)
        return number

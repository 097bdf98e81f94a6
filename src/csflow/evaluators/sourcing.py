"""Owns the list of sources that several cutters share."""

from csflow.evaluators.formulas import Source
from csflow.expressions.terms import Term


class Sources:
    """The sources of several cutters, each once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, Term], int] = {}
        self.listed: list[Source] = []

    def number(self, source: Source) -> int:
        key = source.decision, source.term
        if key not in self._numbers:
            self._numbers[key] = len(self.listed)
            self.listed.append(source)
        return self._numbers[key]

    def has(self, decision: str, term: Term) -> bool:
        return (decision, term) in self._numbers

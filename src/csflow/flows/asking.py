"""Owns how a flow asks its questions: compiled once, over the facts of the case and those of the flow."""

from collections.abc import Callable
from typing import Any

from csflow.evaluators import Decision
from csflow.evaluators.answering import Answer
from csflow.evaluators.answers import Decider
from csflow.facts import Facts
from csflow.pack.model import LinkedPack


class Asking:
    """The decisions of the pack of a flow, each compiled when it is first asked."""

    def __init__(self, pack: LinkedPack) -> None:
        self._decider = Decider(pack)
        self._answering: dict[str, Callable[[Any, int | None], Answer]] = {}
        self._deciding: dict[str, Callable[[Any, int | None], Decision]] = {}

    def function(self, name: str) -> Callable[[Any, int | None], Answer]:
        """What answers one decision, for facts and an instant."""
        found = self._answering.get(name)
        if found is None:
            found = self._answering[name] = self._decider.answer(name)
        return found

    def answer(self, name: str, facts: Facts, at: int) -> Answer:
        return self.function(name)(facts, at)

    def decision(self, name: str, facts: Facts, at: int) -> Decision:
        """The answer with its reasons, for a receipt."""
        found = self._deciding.get(name)
        if found is None:
            found = self._deciding[name] = self._decider.decision(name)
        return found(facts, at)

    def missing(self, name: str, facts: Facts, at: int) -> tuple[str, ...]:
        """The names of what keeps a decision from being decided."""
        return tuple(cause.name for cause in self.decision(name, facts, at).missing)

"""Owns the answer to "what would change it?": a value of one fact, what is decided then, in words and as data."""

from typing import TYPE_CHECKING, Any

from csflow.diagnostics import Word
from csflow.evaluators.explaining import Teller
from csflow.evaluators.nearest import Change, Direction
from csflow.facts import ABSENT, MASK
from csflow.pack.model import LinkedPack
from csflow.values.presenting import to_json, to_python

if TYPE_CHECKING:
    from csflow.evaluators.answers import Decision

_INDENT = "  "
_OF_MOMENTS = {Direction.BELOW: "earlier", Direction.ABOVE: "later"}


class NearestChange:
    """A value of one fact that changes the answer, all other facts as they are; no nearer one on its side does.

    `fact` is its path. `direction` is below or above the value that was given, or other where values have no order,
    where the fact becomes absent, or where it was absent: then an ordered fact has the least value that changes
    anything. `value` is a Python value, None for absent; of a text, one that the pack does not name stands for all
    of those. `decision` is what is decided then. `is_given_up`: the search took too long and found no
    value; whether there is one is not known.
    """

    __slots__ = ("_change", "_pack", "decision")

    def __init__(self, pack: LinkedPack, change: Change, decision: "Decision | None") -> None:
        self._pack = pack
        self._change = change
        self.decision = decision

    def __repr__(self) -> str:
        value = MASK if self._change.is_private else self.value
        return f"NearestChange({self.fact!r}, {self.direction.value!r}, {value!r}, {self.decision!r})"

    @property
    def fact(self) -> str:
        return self._change.fact.path

    @property
    def direction(self) -> Direction:
        return self._change.direction

    @property
    def value(self) -> Any:
        held = self._change.value
        return None if held is ABSENT else to_python(self._change.fact.kind, held, self._pack.zone)

    @property
    def is_given_up(self) -> bool:
        return self._change.outcome is None

    def explain(self, language: str = "zh-CN") -> str:
        """The value in a sentence, and below it what is decided then, or what is missing."""
        change = self._change
        teller = Teller(self._pack, change.evaluation, language)
        title = teller.title(change.fact.title, self.fact)
        if change.outcome is None:
            return Word(f"nearest.given_up_{self.direction}").in_language(language).format(fact=title)
        shown = teller.value(change.fact.kind, change.value, change.is_private)
        if change.is_unnamed:
            shown = Word("nearest.unnamed").in_language(language)
        is_moment = change.fact.kind.name in ("date", "datetime")
        word = _OF_MOMENTS.get(self.direction, self.direction) if is_moment else self.direction
        first = Word(f"nearest.{word}").in_language(language).format(fact=title, value=shown)
        return "\n".join([first, *teller.conclusion(change.outcome, _INDENT)])

    def to_json(self) -> dict[str, Any]:
        """One of `nearest` of `decide --nearest --format json`; a private value is masked."""
        fact, held = self._change.fact, self._change.value
        shown = to_json(fact.kind, None if held is ABSENT else held, self._pack.zone)
        return {
            "fact": self.fact,
            "direction": self.direction.value,
            "value": MASK if self._change.is_private and shown is not None else shown,
            "given_up": self.is_given_up,
            "decision": None if self.decision is None else self.decision.to_json(),
        }

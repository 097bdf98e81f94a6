"""Owns the answer a backend gets: a `Decision` with its outputs, its reasons and its explanation."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from csflow.evaluators.explaining import explain
from csflow.evaluators.reference import Evaluation, Outcome
from csflow.evaluators.unknowns import Cause, Unknown
from csflow.expressions.terms import Space, references
from csflow.facts import Facts
from csflow.pack.model import LinkedPack, Rule
from csflow.values.instants import format_date
from csflow.values.presenting import to_json, to_python

FORMAT_VERSION = 1


class Decision:
    """What a pack decided for one set of facts.

    `status` is decided, undecided, no_rule or conflict. `outputs` maps names to Python values (`Money`,
    aware datetimes, symbols as text, None for an optional output left out); it is empty unless decided.
    `rule` is the id of the rule that hit ("otherwise" included), `exceptions` the ids that replaced its
    outputs, `because` the source of what holds. `missing` says why a decision is undecided. `edition`
    is the first day of the interval in which nothing that was read changes.
    """

    __slots__ = ("_evaluation", "_outcome", "_pack")

    def __init__(self, pack: LinkedPack, evaluation: Evaluation, outcome: Outcome) -> None:
        self._pack = pack
        self._evaluation = evaluation
        self._outcome = outcome

    def __repr__(self) -> str:
        return f"Decision({self.decision!r}, {self.status!r}, outputs={self.outputs!r}, rule={self.rule!r})"

    @property
    def decision(self) -> str:
        return self._outcome.decision.name

    @property
    def status(self) -> str:
        return self._outcome.status

    @property
    def outputs(self) -> Mapping[str, Any]:
        kinds = self._outcome.decision.outputs
        return {
            name: to_python(kinds[name].kind, held, self._pack.zone) for name, held in self._outcome.outputs.items()
        }

    @property
    def rule(self) -> str | None:
        applied = self._applied()
        return applied[0].id if applied else None

    @property
    def exceptions(self) -> tuple[str, ...]:
        return tuple(rule.id for rule in self._applied()[1:])

    @property
    def because(self) -> str | None:
        applied = self._applied()
        return str(applied[-1].because) if applied and applied[-1].because else None

    @property
    def missing(self) -> tuple[Cause, ...]:
        return self._outcome.missing

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The codes of what may be offered instead, as the codes among the outputs name them."""
        kinds = self._outcome.decision.outputs
        named = [held for name, held in self._outcome.outputs.items() if kinds[name].kind.name == "code" and held]
        return tuple(dict.fromkeys(other for code in named for other in self._pack.codes[code].alternatives))

    @property
    def edition(self) -> dt.date | None:
        day = _edition(self._pack, self._outcome)
        return None if day is None else dt.date.fromordinal(day)

    def explain(self, language: str = "zh-CN") -> str:
        """The answer in sentences, with the rule, its reason and its source."""
        return explain(self._pack, self._evaluation, self._outcome, self.alternatives, language)

    def to_json(self) -> dict[str, Any]:
        """The document of `decide --format json`."""
        kinds = self._outcome.decision.outputs
        zone = self._pack.zone
        edition = _edition(self._pack, self._outcome)
        return {
            "format_version": FORMAT_VERSION,
            "decision": self.decision,
            "status": self.status,
            # By name, since the order in which an author wrote them is in no digest.
            "outputs": {
                name: to_json(kinds[name].kind, held, zone) for name, held in sorted(self._outcome.outputs.items())
            },
            "rule": self.rule,
            "exceptions": list(self.exceptions),
            "because": self.because,
            "missing": [{"kind": cause.kind, "name": cause.name, "status": cause.status} for cause in self.missing],
            "alternatives": list(self.alternatives),
            "edition": None if edition is None else format_date(edition),
            "pack": {"name": self._pack.name, "digest": self._pack.digest},
        }

    def _applied(self) -> tuple[Rule, ...]:
        """The rule that hit and the exceptions that replaced its outputs; nothing unless decided."""
        if self._outcome.rule is None or self.status != "decided":
            return ()
        return self._outcome.rule, *self._outcome.exceptions


def decide(pack: LinkedPack, name: str, facts: Facts) -> Decision:
    """The answer of the decision called `name`; KeyError when the pack has none."""
    evaluation = Evaluation(pack, facts)
    return Decision(pack, evaluation, evaluation.decide(name))


def _edition(pack: LinkedPack, outcome: Outcome) -> int | None:
    """The first day of the interval around the governing date in which no parameter read changes."""
    day = outcome.day
    if isinstance(day, Unknown):
        return None
    changes = {pack.in_force[0], pack.in_force[1]}
    for name in _parameters_read(pack, outcome.decision.name):
        for edition in pack.parameters[name].editions:
            changes.add(edition.start)
            if edition.end is not None:
                changes.add(edition.end)
    before = [change for change in changes if change <= day]
    return max(before) if before else None


def _parameters_read(pack: LinkedPack, decision: str) -> set[str]:
    """The parameters a decision can read at its governing date.

    It reads them itself, through derived values, or through required decisions that have the same date.
    """
    found: set[str] = set()
    own = pack.decisions[decision].governed_by
    seen: set[tuple[Space, str]] = set()
    waiting = list(pack.decisions[decision].reads())
    while waiting:
        reference = waiting.pop()
        name = reference.name.partition(".")[0] if reference.space is Space.DECISION else reference.name
        if (reference.space, name) in seen:
            continue
        seen.add((reference.space, name))
        if reference.space is Space.PARAMETER:
            found.add(name)
        elif reference.space is Space.DERIVED:
            waiting.extend(references(pack.derived[name].term))
        elif reference.space is Space.DECISION and pack.decisions[name].governed_by in (None, own):
            waiting.extend(pack.decisions[name].reads())
    return found

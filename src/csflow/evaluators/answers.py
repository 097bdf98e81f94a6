"""Owns the answer a backend gets: a `Decision` with its outputs, its reasons and its explanation."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from csflow.evaluators import outcomes
from csflow.evaluators.answering import Answer, answer_of
from csflow.evaluators.explaining import explain
from csflow.evaluators.grounds import unverified
from csflow.evaluators.nearest import Change, NearestChanges
from csflow.evaluators.nearest_change import NearestChange
from csflow.evaluators.outcomes import Outcome
from csflow.evaluators.reference import Evaluation
from csflow.evaluators.rowwise import Rowwise
from csflow.evaluators.settings import changes, parameters_read
from csflow.evaluators.unknowns import Cause, Unknown
from csflow.evaluators.why_not import WhyNot, why_not
from csflow.facts import Decoder, Row, from_row
from csflow.pack.model import SINGLE_HIT, LinkedPack
from csflow.pack.model import Decision as LinkedDecision
from csflow.values.instants import format_date
from csflow.values.presenting import to_json, to_python

FORMAT_VERSION = 1


class Hit:
    """One of several rules that hit: its id, its exceptions, its source and what it gives."""

    __slots__ = ("because", "exceptions", "outputs", "rule")

    def __init__(self, pack: LinkedPack, decision: LinkedDecision, hit: outcomes.Hit) -> None:
        self.rule = hit.rule.id
        self.exceptions = tuple(rule.id for rule in hit.exceptions)
        applied = hit.exceptions[-1] if hit.exceptions else hit.rule
        self.because = str(applied.because) if applied.because else None
        self.outputs = {
            name: to_python(decision.outputs[name].kind, held, pack.zone) for name, held in hit.outputs.items()
        }

    def __repr__(self) -> str:
        return f"Hit({self.rule!r}, outputs={self.outputs!r})"


class Decision:
    """What a pack decided for one set of facts.

    `status` is decided, undecided, no_rule or conflict. `outputs` maps names to Python values (`Money`,
    aware datetimes, symbols as text, None for an optional output left out; of an output with options a
    tuple of `{"id": ..., "value": ...}`); it is empty unless decided. A decision that gives several answers
    (hit policies `rule_order`, `output_order` and `collect`, or `for_each`) has a tuple for each output;
    `hits` are the rules that hit, `items` the decisions for the records of a list.
    `rule` is the id of the rule that hit ("otherwise" included), None where there may be several;
    `exceptions` are the ids that replaced its outputs, `because` is the source of what holds. `missing`
    says why a decision is undecided. `edition` is the first day of the interval in which nothing that was
    read changes, `layers` are the layers that hold.
    """

    __slots__ = ("_answer", "_at", "_looked", "_row")

    # Set by who makes one, since a class without an `__init__` is called in half the time.
    _row: Row
    _at: int | None
    _answer: Answer
    _looked: tuple[Evaluation, Outcome]

    def __repr__(self) -> str:
        return f"Decision({self.decision!r}, {self.status!r}, outputs={dict(self.outputs)!r}, rule={self.rule!r})"

    @property
    def _pack(self) -> LinkedPack:
        return self._answer.conclusion.pack

    @property
    def decision(self) -> str:
        return self._answer.conclusion.decision.name

    @property
    def status(self) -> str:
        return self._answer.conclusion.status

    @property
    def outputs(self) -> Mapping[str, Any]:
        """Read-only; shared by all decisions to which the same rule led with the same values."""
        return self._answer.shown()

    @property
    def held(self) -> Mapping[str, Any]:
        """The outputs in held form, as `csflow.values.kinds` has it; empty unless decided."""
        return self._answer.held

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Every rule that hit, as the hit policy orders them; of a checklist, every requirement not met."""
        if self.status != "decided":
            return ()
        return tuple(Hit(self._pack, self._outcome.decision, hit) for hit in self._outcome.reported_hits)

    @property
    def is_for_records(self) -> bool:
        """Whether it is made for each record of a list, and is not one of its `items` itself."""
        return self._outcome.decision.for_each is not None and not self._outcome.is_record

    @property
    def items(self) -> "tuple[Decision, ...]":
        """The decisions for the records of a list, in their order."""
        return tuple(self._of_item(item) for item in self._outcome.items)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers whose condition holds for these facts."""
        return tuple(
            sorted(layer.name for layer in self._pack.layers.values() if self._evaluation.state(layer) is True)
        )

    @property
    def rule(self) -> str | None:
        return self._answer.conclusion.rule

    @property
    def exceptions(self) -> tuple[str, ...]:
        return self._answer.conclusion.exceptions

    @property
    def because(self) -> str | None:
        return self._answer.conclusion.because

    @property
    def missing(self) -> tuple[Cause, ...]:
        return self._outcome.missing

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The codes of what may be offered instead, as the codes among the outputs name them."""
        kinds = self._answer.conclusion.decision.outputs
        named: list[str] = []
        # By name, since the order in which an author wrote them is in no digest.
        for name, held in sorted(self._answer.held.items()):
            if kinds[name].kind.name == "code":
                named += [code for code in (held if isinstance(held, tuple) else (held,)) if code]
        return tuple(dict.fromkeys(other for code in named for other in self._pack.codes[code].alternatives))

    @property
    def unverified(self) -> tuple[str, ...]:
        """What gave the answer and stands in the pack as `basis: unverified`: rules `decision/rule`, `param.name`.

        Those of the decisions behind it are included. Empty for an answer that rests on nothing of the kind.
        """
        return tuple(ground.name for ground in unverified(self._pack, self._evaluation, self._outcome))

    @property
    def edition(self) -> dt.date | None:
        day = _edition(self._pack, self._outcome)
        return None if day is None else dt.date.fromordinal(day)

    def explain(self, language: str = "zh-CN") -> str:
        """The answer in sentences, with the rule, its reason and its source."""
        return explain(self._pack, self._evaluation, self._outcome, self.alternatives, language)

    def why_not(self, rule: str) -> WhyNot:
        """Why a rule, an exception or "otherwise", by its id, is not what decided; also where it is.

        Raises `UnknownName` for an id that the decision does not have, and ValueError for a decision made for each
        record of a list: ask one of its `items`.
        """
        return why_not(self._pack, self._evaluation, self._outcome, rule)

    def nearest_change(self) -> tuple[NearestChange, ...]:
        """What would change the outputs or the status: for each fact declared `changeable`, alone, the nearest values.

        In the order of the fact sheet; of an ordered kind the one below, then the one above, then being absent; of
        any other kind every value that changes something. Exact: no nearer value does. Nothing is listed on a side
        where no value does, nor for a fact that is itself missing, nor for a list. A search that takes too long is
        listed as given up.
        """
        found = NearestChanges(self._pack, from_row(self._pack, self._row), self._at, self.decision, self._record)
        return tuple(NearestChange(self._pack, change, self._changed(change)) for change in found.all())

    def to_json(self) -> dict[str, Any]:
        """The document of `decide --format json`."""
        edition = _edition(self._pack, self._outcome)
        return {
            "format_version": FORMAT_VERSION,
            "decision": self.decision,
            "status": self.status,
            # By name, since the order in which an author wrote them is in no digest.
            "outputs": dict(sorted(self._answer.presented(to_json, list).items())),
            "rule": self.rule,
            "exceptions": list(self.exceptions),
            "because": self.because,
            "missing": [{"kind": cause.kind, "name": cause.name, "status": cause.status} for cause in self.missing],
            "hits": [self._hit_to_json(hit) for hit in self._several_hits()],
            "items": [item.to_json() for item in self.items],
            "layers": list(self.layers),
            "alternatives": list(self.alternatives),
            "unverified": list(self.unverified),
            "edition": None if edition is None else format_date(edition),
            "pack": {"name": self._pack.name, "digest": self._pack.digest},
        }

    @property
    def _looked_into(self) -> tuple[Evaluation, Outcome]:
        """How the reference engine comes to this answer, asked for when something beside the answer is."""
        try:
            return self._looked
        except AttributeError:
            evaluation = Evaluation(self._pack, from_row(self._pack, self._row), self._at)
            self._looked = evaluation, evaluation.decide(self.decision)
            return self._looked

    @property
    def _evaluation(self) -> Evaluation:
        return self._looked_into[0]

    @property
    def _outcome(self) -> Outcome:
        return self._looked_into[1]

    @property
    def _record(self) -> int | None:
        """The place among the records of a list, of a decision for one of them."""
        if not self._outcome.is_record:
            return None
        items = self._evaluation.decide(self.decision).items
        return next(number for number, item in enumerate(items) if item is self._outcome)

    def _of_item(self, item: Outcome) -> "Decision":
        return self._of(self._row, self._evaluation, item)

    def _changed(self, change: Change) -> "Decision | None":
        if change.outcome is None:
            return None
        return self._of(change.facts.row, change.evaluation, change.outcome)

    def _of(self, row: Row, evaluation: Evaluation, outcome: Outcome) -> "Decision":
        decision = Decision()
        decision._row, decision._at, decision._answer = row, self._at, answer_of(self._pack, outcome)
        decision._looked = evaluation, outcome
        return decision

    def _several_hits(self) -> tuple[outcomes.Hit, ...]:
        """The hits, where there may be more than one."""
        decision = self._outcome.decision
        is_single = decision.hit_policy in SINGLE_HIT or self.status != "decided"
        return () if is_single else self._outcome.reported_hits

    def _hit_to_json(self, hit: outcomes.Hit) -> dict[str, Any]:
        shown = Hit(self._pack, self._outcome.decision, hit)
        kinds = self._outcome.decision.outputs
        return {
            "rule": shown.rule,
            "exceptions": list(shown.exceptions),
            "because": shown.because,
            "outputs": {
                name: to_json(kinds[name].kind, held, self._pack.zone) for name, held in sorted(hit.outputs.items())
            },
        }


class Decider:
    """A pack ready to decide. Safe to share between threads.

    What it gives are functions of facts, checked or as the decoder takes them, of which they raise its `FactError`; of
    checked facts alone without a decoder. An instant may be None where no edition is chosen by it.
    """

    def __init__(self, pack: LinkedPack, decoder: Decoder | None = None) -> None:
        self._engine = Rowwise(pack, decoder)

    def decision(self, name: str) -> Callable[[Any, int | None], Decision]:
        """What gives the decision of that name, for facts and an instant."""
        return self._engine.entry(name, "given, at", _as_decision, {"Decision": Decision})

    def answer(self, name: str) -> Callable[[Any, int | None], Answer]:
        """What gives the conclusion and the outputs in held form alone, for facts and an instant."""
        return self._engine.entry(name, "given, at", _as_answer, {})

    def outputs(self, name: str, at: int | None) -> Callable[[Any], Mapping[str, Any]]:
        """What gives its outputs alone at one instant, as Python values, read-only; empty unless decided."""
        return self._engine.entry(name, "given", _shown, {"at": at}, constant=_made_before)


def _as_decision(answer: str) -> list[str]:
    return ["d = Decision()", f"d._answer = {answer}", "d._row = w", "d._at = at", "return d"]


def _as_answer(answer: str) -> list[str]:
    return [f"return {answer}"]


def _shown(answer: str) -> list[str]:
    return [f"return {answer}.shown()"]


def _made_before(answer: str) -> list[str]:
    return [f"return {answer}.outputs"]


def _edition(pack: LinkedPack, outcome: Outcome) -> int | None:
    """The first day of the interval around the governing date in which no parameter read changes."""
    day = outcome.day
    if isinstance(day, Unknown):
        return None
    before = [change for change in changes(pack, parameters_read(pack, outcome.decision.name)) if change <= day]
    return before[-1] if before else None

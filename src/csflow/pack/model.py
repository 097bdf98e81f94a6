"""Owns the linked pack: every name resolved, every value in held form, every mark kept.

It is what checks, engines and explanations read; nothing above `loading` builds one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from csflow.diagnostics import Mark, Phrase, Source
from csflow.expressions.terms import LOCAL, Reference, Space, Term, references
from csflow.pack.counting import place, wording, wording_map
from csflow.values.calendars import Calendar
from csflow.values.host_times import HostTime
from csflow.values.kinds import Kind
from csflow.values.rounding import Rounding
from csflow.values.zones import Zone

if TYPE_CHECKING:
    from csflow.pack.flows import EffectKind, Flow


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the fact sheet; `path` is `record.field`."""

    path: str
    kind: Kind
    optional: bool
    pii: bool
    changeable: bool
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Derived:
    """A named computation over facts, parameters and the derived values in `requires`."""

    name: str
    kind: Kind
    term: Term
    optional: bool
    requires: tuple[str, ...] = field(compare=False)
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated value of a parameter: from day `start` to day `end`, which is not included."""

    start: int
    end: int | None
    value: Any
    mark: Mark = place()
    because: Phrase | None = wording()
    basis: str = wording("")
    reviewed_on: int | None = wording()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value with editions, in order of their start.

    `floor` (at_least, at_most) is what no layer may fall below. `favours` (larger, smaller, longer) says
    that the best of the pack's value and those of the active layers holds; without it, that of the
    highest rank does.
    """

    name: str
    kind: Kind
    editions: tuple[Edition, ...]
    floor: str | None
    favours: str | None
    mark: Mark = place()
    title: Phrase | None = wording()

    def edition_on(self, day: int) -> Edition | None:
        """The edition in force on a local date."""
        return edition_on(self.editions, day)


def edition_on(editions: tuple[Edition, ...], day: int) -> Edition | None:
    """The edition in force on a local date."""
    for edition in reversed(editions):
        if edition.start <= day:
            return edition if edition.end is None or day < edition.end else None
    return None


@dataclass(frozen=True, slots=True)
class Layer:
    """What a platform, a promise or a campaign changes while `condition` over facts holds (always, when None).

    `rank` is the place in the order of ranks, 1 for law. `parameters` are the editions that the layer
    gives; on a day that none of them covers it says nothing. Its exceptions stand under their rules.
    """

    name: str
    rank: int
    condition: Term | None
    parameters: Mapping[str, tuple[Edition, ...]]
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Reason:
    """One code of the reason tree, with the liability it has or inherits."""

    code: str
    parent: str | None
    liability: str
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Code:
    """An answer code; `alternatives` are the codes of what may be offered instead."""

    code: str
    alternatives: tuple[str, ...]
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A party, a channel or a type of customer, as the pack declares it."""

    name: str
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Role:
    """A rung of the ladder. `authority` is what it may approve, itself or as one above others: minor units."""

    name: str
    above: str | None
    authority: int
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Input:
    """A column of a table, or a local name of its decision."""

    name: str
    kind: Kind
    term: Term
    optional: bool
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Output:
    """What a decision gives. With options its kind is a list of records `id` and `value`."""

    name: str
    kind: Kind
    optional: bool
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one rule asks of one input; an input that may be anything has no cell."""

    input: str
    test: Term
    mark: Mark = place()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, an exception of one, or `otherwise`: where `condition` holds, it gives `outputs`.

    An exception that a layer adds has the layer's name and rank; the pack's own have rank 0. The
    condition of one asks for that of its layer, too.
    """

    id: str
    cells: tuple[Cell, ...]
    condition: Term
    outputs: tuple[tuple[str, Term], ...]
    exceptions: tuple["Rule", ...]
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()
    basis: str | None = wording()
    layer: str | None = None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class ForEach:
    """A decision made for every record of a list, which its terms see under the name `variable`."""

    variable: str
    source: Reference


# Hit policies, as DMN has them, and csflow's checklist: every requirement that does not hold is a hit.
CHECKLIST = "checklist"
SINGLE_HIT = frozenset({"unique", "first", "priority"})
LIST_POLICIES = frozenset({"rule_order", "output_order", "collect"})
RANKED_POLICIES = frozenset({"priority", "output_order"})


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision table or checklist; `locals` come each after those it reads.

    `ranked_by` are the outputs by whose order `priority` and `output_order` rank. The rules of a
    checklist hold where a requirement does not; its `otherwise` is that all are met.
    """

    name: str
    hit_policy: str
    aggregate: str | None
    ranked_by: tuple[str, ...]
    governed_by: str | None
    for_each: ForEach | None
    locals: Mapping[str, Input]
    inputs: Mapping[str, Input]
    outputs: Mapping[str, Output]
    rules: tuple[Rule, ...]
    otherwise: Rule | None
    mark: Mark = place()
    title: Phrase | None = wording()
    # What is found when it is asked for, and once: a decision made of another by `replace` finds its own.
    kept_digest: str = field(init=False, default="", compare=False, repr=False)
    _reads: tuple[Reference, ...] | None = field(init=False, default=None, compare=False, repr=False)
    _requires: tuple[str, ...] | None = field(init=False, default=None, compare=False, repr=False)

    @property
    def requires(self) -> tuple[str, ...]:
        """The decisions that it reads."""
        known = self._requires
        if known is None:
            read = (each.name.partition(".")[0] for each in self.reads() if each.space is Space.DECISION)
            known = tuple(dict.fromkeys(read))
            object.__setattr__(self, "_requires", known)
        return known

    @property
    def gives_list(self) -> bool:
        """Whether there may be several answers: those of several hits, or of the records of a list."""
        return self.for_each is not None or (self.hit_policy in LIST_POLICIES and self.aggregate is None)

    def every_rule(self) -> Iterator[Rule]:
        """The rules, `otherwise` and all exceptions, each parent first."""
        for rule in (*self.rules, *([self.otherwise] if self.otherwise else [])):
            yield rule
            yield from _below(rule)

    def terms(self) -> Iterator[Term]:
        """Every term of the decision: its names and columns, and the conditions and outputs of its rules."""
        if self.for_each is not None:
            yield self.for_each.source
        for column in (*self.locals.values(), *self.inputs.values()):
            yield column.term
        for rule in self.every_rule():
            yield rule.condition
            yield from (term for _, term in rule.outputs)

    def reads(self) -> tuple[Reference, ...]:
        """What is read from outside the decision, each name once: where it is written first."""
        known = self._reads
        if known is None:
            found: dict[tuple[Space, str], Reference] = {}
            for term in self.terms():
                for reference in references(term):
                    if reference.space not in LOCAL:
                        found.setdefault((reference.space, reference.name), reference)
            known = tuple(found.values())
            object.__setattr__(self, "_reads", known)
        return known


def _below(rule: Rule) -> Iterator[Rule]:
    for exception in rule.exceptions:
        yield exception
        yield from _below(exception)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where one fact comes from in a document, and what the document's words mean here, in held form.

    Of a list, `path` is that of its records and `each` says where their fields come from. `minor`: an amount stands in
    whole minor units; `instant`: how a time without an offset is written.
    """

    fact: str
    path: str
    optional: bool
    currency: str | None
    minor: bool
    instant: HostTime | None
    values: Mapping[str, Any]
    mark: Mark = place()
    each: Mapping[str, "Mapped"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentMapping:
    """From a platform's JSON to facts; `document` is the path of the part that is read."""

    name: str
    document: str | None
    facts: Mapping[str, Mapped]
    mark: Mark = place()
    title: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class TenderKind:
    """A form of payment; `cash` where it is money. `in_kind` is how its units are rounded, where it has units.

    `rail` gives `within` and `refunds`, what it says of them; `expiry` gives `expired`, and `validity` if it is said.
    """

    name: str
    cash: bool
    in_kind: Rounding | None
    indivisible: bool
    choosable: bool
    rail: Decision | None
    expiry: Decision | None
    mark: Mark = place()
    title: Phrase | None = wording()

    @property
    def timed(self) -> bool:
        """Whether it can be paid back for some time only."""
        return self.rail is not None and "within" in self.rail.outputs

    def decisions(self) -> Iterator[Decision]:
        """What is asked about it."""
        yield from (each for each in (self.rail, self.expiry) if each is not None)


@dataclass(frozen=True, slots=True)
class SharePart:
    """What a party bears: `weight` parts, or what `part.PARTY` says (`asked`), or the rest; up to `at_most.PARTY`.

    Both are outputs of the decision beside which the shares stand.
    """

    party: str
    weight: int
    limited: bool
    rest: bool
    asked: bool
    mark: Mark = place()


class Beside(StrEnum):
    """What a named amount does: it is granted for a line, added, withheld, or claimed by the merchant from another."""

    GRANT = "grants"
    ADDITION = "additions"
    WITHHOLDING = "withholdings"
    RECOURSE = "recourse"


@dataclass(frozen=True, slots=True)
class NamedAmount:
    """An amount beside the refund. `decision` has one rule and gives `amount`, absent where nothing is due.

    `amount` may be a list of options, of which the claim names one. Unless `concerned` it is asked for every claim;
    otherwise for those that name it. `payer` is who owes it in recourse, `approval` who has to agree. Where it is
    `budgeted` the decision gives `budget.at_most` and `budget.within`, too: what one customer may get in how many days.
    """

    name: str
    role: Beside
    decision: Decision
    concerned: bool
    shares: tuple[SharePart, ...]
    payer: str | None
    budgeted: bool
    approval: Decision | None
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Denial:
    """What is refused where the rule of `decision` holds, which gives the `code` of the pack that says why.

    A claim may concern it under the name of an amount, which is then refused with it.
    """

    name: str
    decision: Decision
    concerned: bool
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class EarnedUnits:
    """What an order earned that is no money.

    `decision` gives how many `units` it was and the customer's `balance` of them, and, if it says so, what all of them
    are `charged` at where the balance falls short.
    """

    name: str
    decision: Decision
    concerned: bool
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class HostEffect:
    """What a host has to do besides paying, where the rule of `decision` holds. `of`: which amount it is about."""

    name: str
    decision: Decision
    concerned: bool
    of: str
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()


@dataclass(frozen=True, slots=True)
class Settlement:
    """How money goes back. `terms` is a decision of one rule: what is asked about every return, and about the claim.

    Its outputs are `mode`, `routing`, `standing`, `lower_tier`, `outbound`, `threshold`, and `part.PARTY` and
    `at_most.PARTY` for shares that are asked or have a limit. `reason` is the fact that takes the reason of a return.
    `denials`, `amounts`, `earned` and `effects` are each a decision of its own; `approval`, where there is one, too.
    """

    name: str
    terms: Decision
    reason: str | None
    tenders: Mapping[str, TenderKind]
    shares: tuple[SharePart, ...]
    denials: tuple[Denial, ...]
    amounts: tuple[NamedAmount, ...]
    earned: tuple[EarnedUnits, ...]
    effects: tuple[HostEffect, ...]
    approval: Decision | None
    mark: Mark = place()
    title: Phrase | None = wording()
    because: Phrase | None = wording()

    def decisions(self) -> Iterator[Decision]:
        """Everything that it asks."""
        yield self.terms
        yield from (denial.decision for denial in self.denials)
        yield from (amount.decision for amount in self.amounts)
        yield from (each.decision for each in self.earned)
        yield from (effect.decision for effect in self.effects)
        approvals = (self.approval, *(each.approval for each in self.amounts))
        yield from (each for each in approvals if each is not None)
        for tender in self.tenders.values():
            yield from tender.decisions()


# The parameter that says by which date editions are chosen: that of the facts, or that of the decision.
TRANSITION = "transition"
BY_DECISION_TIME = "by_decision_time"
TRANSITIONS = ("by_fact_time", BY_DECISION_TIME)


@dataclass(frozen=True, slots=True)
class LinkedPack:
    """A whole pack, ready to be read by any engine. Days are ordinals; `in_force` is half-open.

    `zone` is that of the pack, one of `zones`. `calendar_titles` are the title and the source of each
    calendar. `own_sources` are the files that it does not take over from a pack it extends; None where it extends none.
    `digest` stands for everything that can change an answer, `text_digest` for titles and sources.
    """

    name: str
    language: int
    currency: str
    rounding: Rounding
    zone: Zone
    in_force: tuple[int, int]
    facts: Mapping[str, Fact]
    derived: Mapping[str, Derived]
    parameters: Mapping[str, Parameter]
    layers: Mapping[str, Layer]
    reasons: Mapping[str, Reason]
    codes: Mapping[str, Code]
    parties: Mapping[str, Symbol]
    channels: Mapping[str, Symbol]
    customer_types: Mapping[str, Symbol]
    roles: Mapping[str, Role]
    calendars: Mapping[str, Calendar]
    zones: Mapping[str, Zone]
    decisions: Mapping[str, Decision]
    mappings: Mapping[str, DocumentMapping]
    settlements: Mapping[str, Settlement]
    effects: Mapping[str, "EffectKind"]
    flows: Mapping[str, "Flow"]
    mark: Mark = place()
    title: Phrase | None = wording()
    notice: Phrase | None = wording()
    reviewed_on: int = wording(0)
    calendar_titles: Mapping[str, tuple[Phrase | None, Phrase | None]] = wording_map()
    own_sources: frozenset[Source] | None = field(default=None, compare=False, repr=False)
    digest: str = field(default="", compare=False)
    text_digest: str = field(default="", compare=False)

    def rungs(self, role: str) -> Iterator[str]:
        """The role and all below it, downwards: whom it may act for."""
        current: str | None = role
        while current is not None:
            yield current
            current = self.roles[current].above

    def terms(self) -> Iterator[Term]:
        """Every term of the pack."""
        yield from self._terms_outside_decisions()
        for decision in self.every_decision():
            yield from decision.terms()
        for flow in self.flows.values():
            for decision in flow.decisions():
                yield from decision.terms()

    def reads(self) -> Iterator[Reference]:
        """What derived values, layers and decisions read of the pack; a decision names each once."""
        for term in self._terms_outside_decisions():
            yield from references(term)
        for decision in self.every_decision():
            yield from decision.reads()
        for flow in self.flows.values():
            for decision in flow.decisions():
                yield from decision.reads()

    def _terms_outside_decisions(self) -> Iterator[Term]:
        yield from (derived.term for derived in self.derived.values())
        yield from (layer.condition for layer in self.layers.values() if layer.condition is not None)

    def every_decision(self) -> Iterator[Decision]:
        """The decisions, and what settlements ask. What flows ask reads facts of their own: `flows.parts_of`."""
        yield from self.decisions.values()
        for settlement in self.settlements.values():
            yield from settlement.decisions()

    @property
    def reads_at(self) -> bool:
        """Whether the pack, or a layer of it, ever chooses editions by the time of the decision."""
        if TRANSITION not in self.parameters:
            return False
        return any(edition.value == BY_DECISION_TIME for edition in every_edition(self, TRANSITION))

    @property
    def needs_at(self) -> bool:
        """Whether a case is dated by the time of the decision where no layer says otherwise."""
        own = self.parameters.get(TRANSITION)
        return own is not None and any(edition.value == BY_DECISION_TIME for edition in own.editions)


def every_edition(pack: LinkedPack, parameter: str) -> tuple[Edition, ...]:
    """Every value that a parameter may have: the pack's own, and what its layers say."""
    own = pack.parameters[parameter].editions
    return own + tuple(each for layer in pack.layers.values() for each in layer.parameters.get(parameter, ()))

"""Owns the sections of a pack: one class for each kind of document and its parts.

A document's first key names its kind. Values stay as written where another section decides what
they mean (a parameter's value, an output cell); linking gives them their kinds.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from csflow.definitions.amounts import (
    AdditionSection,
    AmountSection,
    ApprovalSection,
    DenialSection,
    EarnedSection,
    EffectSection,
    GrantSection,
    RecourseSection,
    ShareSection,
)
from csflow.definitions.flows import EffectsDocument, FlowDocument
from csflow.definitions.kinds import VALUE_KINDS, KindSection, spelled
from csflow.definitions.reading import (
    AnyNames,
    CellOrCondition,
    ClaimedRecords,
    ConcernedRecords,
    Day,
    Definition,
    DottedNames,
    Expression,
    Flag,
    FreeNames,
    Given,
    Items,
    ItemsOrGrid,
    KeyedExpectation,
    KeyedRaw,
    KeyedValue,
    ListWalk,
    Name,
    Named,
    OrderOrFile,
    PaymentOutcome,
    PlaceName,
    Raw,
    ReversedPayments,
    RoutingExpression,
    RuleId,
    Text,
    Title,
    Whole,
    one_of,
    one_of_spellings,
    symbol_of,
)
from csflow.definitions.shapes import GRID, Either
from csflow.values.calendars import DayClass
from csflow.values.host_times import HostTime
from csflow.values.kinds import LIABILITY
from csflow.values.rounding import Rounding
from csflow.values.windows import CountsFrom, MonthEnd

BASES = ("law", "platform", "own", "unverified")
HIT_POLICIES = ("unique", "any", "priority", "first", "rule_order", "output_order", "collect")
# By csflow's words, and by the signs of DMN.
AGGREGATES = {word: word for word in ("sum", "min", "max", "count")} | {
    "+": "sum",
    "<": "min",
    ">": "max",
    "#": "count",
}
RANKS = ("law", "local", "platform", "promise", "campaign")
FLOORS = ("at_least", "at_most")
FAVOURS = ("larger", "smaller", "longer")
# What sort of person a customer is changes words, never entitlements: it is a fact and nothing else.
FACT_KINDS = (*VALUE_KINDS, "customer_type")
PARAMETER_KINDS = (*VALUE_KINDS, "window")
Basis = Annotated[str, one_of(*BASES)]


class PackSection(Definition):
    """`pack.yaml`: what the pack is and what holds for all of it.

    What a pack that `extends` another leaves out is as the other has it.
    """

    pack: Name
    title: Title
    extends: Text | None = None
    language: Text | None = None
    currency: Text | None = None
    rounding: Annotated[str | None, one_of(*Rounding)] = None
    time_zone: Text | None = None
    in_force: Text | None = None
    reviewed_on: Day | None = None
    notice: Title | None = None


class MemberSection(KindSection):
    """One field of the records of a list."""

    type: Annotated[str, one_of_spellings(spelled(VALUE_KINDS))]
    optional: Flag = False
    pii: Flag = False


class FactSection(KindSection):
    """One fact that the backend supplies: an `optional` one may be absent, any other is then unknown.

    A list of records has `each`, the fields of one, in the place of `type`.
    """

    type: Annotated[str | None, one_of_spellings(spelled(FACT_KINDS))] = None
    each: Named[MemberSection] = Field(default_factory=dict)
    max_items: Whole | None = None
    optional: Flag = False
    pii: Flag = False
    changeable: Flag = False


class ComputedSection(Definition):
    """A named computation: `name: expression`, or with a title and with limits (the upper one wins)."""

    short_form: ClassVar[str | None] = "is"

    expression: Annotated[Expression, Field(alias="is")]
    at_least: Expression | None = None
    at_most: Expression | None = None
    title: Title | None = None


class DerivedSection(ComputedSection):
    """A value computed from facts, parameters and derived values."""


class FactsDocument(Definition):
    facts: Named[Named[FactSection]]
    derived: FreeNames[DerivedSection] = Field(default_factory=dict)


class DerivedDocument(Definition):
    derived: FreeNames[DerivedSection]


class EditionSection(Definition):
    """One dated value of a parameter; it holds from 00:00 of `from` to the next edition, or to `until`."""

    from_: Annotated[Day, Field(alias="from")]
    until: Day | None = None
    value: Raw
    because: Title
    basis: Basis
    reviewed_on: Day | None = None


class ParameterSection(KindSection):
    """A dated value. `floor` is what no layer may fall below, `combine` how layers that give it meet.

    Only `transition` has one `value` without dates: it says by which date the editions are chosen.
    """

    type: Annotated[str, one_of_spellings(spelled(PARAMETER_KINDS))]
    editions: Items[EditionSection] = ()
    value: Raw | None = None
    because: Title | None = None
    basis: Basis | None = None
    floor: Annotated[str | None, one_of(*FLOORS)] = None
    combine: Annotated[str | None, one_of("more_favourable")] = None
    favours: Annotated[str | None, one_of(*FAVOURS)] = None


class WindowSection(Definition):
    """The value of a window parameter."""

    length: Text
    counts_from: Annotated[str, one_of(*CountsFrom)]
    extend_over: Items[Annotated[str, one_of(*DayClass)]] = ()
    calendar: PlaceName | None = None
    zone: PlaceName | None = None
    month_end: Annotated[str | None, one_of(*MonthEnd)] = None


class ParametersDocument(Definition):
    parameters: Named[ParameterSection]


class ReasonSection(Definition):
    """A reason code; `liability` holds for everything under it that says nothing else."""

    title: Title
    liability: Annotated[str | None, symbol_of(LIABILITY)] = None
    under: "FreeNames[ReasonSection]" = Field(default_factory=dict)


class ReasonsDocument(Definition):
    reasons: FreeNames[ReasonSection]


class SymbolSection(Definition):
    """A party, a channel, a type of customer."""

    short_form: ClassVar[str | None] = "title"

    title: Title


class PartiesDocument(Definition):
    """Parties of the pack's own, beside those that csflow knows."""

    parties: FreeNames[SymbolSection]


class ChannelsDocument(Definition):
    channels: FreeNames[SymbolSection]


class CustomerTypesDocument(Definition):
    customer_types: FreeNames[SymbolSection]


class RoleSection(Definition):
    """A rung of the ladder: who is `above` may do what is below, and `approves` that much money."""

    short_form: ClassVar[str | None] = "title"

    title: Title
    above: Text | None = None
    approves: Text | None = None


class RolesDocument(Definition):
    roles: FreeNames[RoleSection]


class CodeSection(Definition):
    """An answer code; `alternatives` are the codes of what may be offered instead."""

    short_form: ClassVar[str | None] = "title"

    title: Title
    alternatives: Items[Text] = ()


class CodesDocument(Definition):
    codes: DottedNames[CodeSection]


class CalendarDocument(Definition):
    """Days by class. `covers` is the horizon: beyond it every question is unknown."""

    calendar: Name
    title: Title | None = None
    because: Title | None = None
    covers: Text
    weekend: Items[Text]
    statutory_holiday: Items[Text] = ()
    working_day: Items[Text] = ()
    opening: Items[Text] = ()
    open_on: Items[Annotated[str, one_of(*DayClass)]] = tuple(DayClass)


class CalendarOverrideDocument(Definition):
    """What a calendar says of later days, or says anew of some: it replaces all that was said of what it covers."""

    calendar_override: Name
    because: Title | None = None
    covers: Text
    statutory_holiday: Items[Text] = ()
    working_day: Items[Text] = ()


class OffsetSection(Definition):
    from_: Annotated[Text, Field(alias="from")]
    offset: Text


class ZoneDocument(Definition):
    zone: Text
    covers: Text
    offsets: Items[OffsetSection]


class InputSection(ComputedSection):
    """A column of a table."""


class LocalSection(ComputedSection):
    """A name of one decision, for its columns and rules to read."""


class OutputSection(KindSection):
    """An output. The symbols of an enum are listed with the best for the customer first.

    With `options` it is a list of values that somebody chooses one of.
    """

    type: Annotated[str, one_of_spellings(spelled(VALUE_KINDS))]
    optional: Flag = False
    options: Flag = False


class LimitedCell(Definition):
    """An output cell with limits, of which the upper one wins."""

    expression: Annotated[Expression, Field(alias="is")]
    at_least: Expression | None = None
    at_most: Expression | None = None


class OptionSection(Definition):
    """One of the values to choose from, where `when` holds: a cell, or with its condition and source."""

    short_form: ClassVar[str | None] = "value"

    value: Raw
    when: Expression | None = None
    title: Title | None = None
    because: Title | None = None


class ExceptionSection(Definition):
    """Replaces the outputs of the one rule it stands under, where its own condition holds."""

    id: RuleId
    title: Title | None = None
    when: CellOrCondition | None = None
    then: Named[KeyedRaw]
    because: Title | None = None
    basis: Basis | None = None
    exceptions: "Items[ExceptionSection]" = ()


class RuleSection(ExceptionSection):
    """One row. `when` maps inputs to cells (one left out is any), or is a condition."""


class OtherwiseSection(Definition):
    """What holds where no rule does: outputs alone, or `then` with a source and exceptions."""

    short_form: ClassVar[str | None] = "then"

    then: Named[KeyedRaw]
    title: Title | None = None
    because: Title | None = None
    basis: Basis | None = None
    exceptions: Items[ExceptionSection] = ()


class RequirementSection(Definition):
    """One line of a checklist: what must hold, and the code of the answer where it does not."""

    id: RuleId
    title: Title | None = None
    that: Expression
    code: Annotated[Text, Field(alias="else")]
    because: Title | None = None
    basis: Basis | None = None


class DecisionDocument(Definition):
    """A table of `rules`, or a checklist of what it `requires`."""

    decision: Name
    title: Title
    governed_by: Text | None = None
    for_each: ListWalk | None = None
    hit_policy: Annotated[str | None, one_of(*HIT_POLICIES)] = None
    aggregate: Annotated[str | None, one_of_spellings(AGGREGATES)] = None
    let: FreeNames[LocalSection] = Field(default_factory=dict)
    inputs: FreeNames[InputSection] = Field(default_factory=dict)
    outputs: Named[OutputSection] = Field(default_factory=dict)
    rules: Annotated[Items[RuleSection] | None, Either(GRID)] = None
    otherwise: OtherwiseSection | None = None
    requires: Items[RequirementSection] | None = None


class LayerParameterSection(Definition):
    """What a layer says of a parameter: one value, or dated ones."""

    value: Raw | None = None
    because: Title | None = None
    basis: Basis | None = None
    editions: Items[EditionSection] = ()


class LayerExceptionSection(ExceptionSection):
    """An exception that a layer adds to a rule, named `decision/rule`."""

    of: Text


class LayerDocument(Definition):
    """What a platform, a promise or a campaign changes while its condition over facts holds."""

    layer: Name
    title: Title
    rank: Annotated[str, one_of(*RANKS)]
    condition: Annotated[Expression | None, Field(alias="while")] = None
    because: Title | None = None
    parameters: Named[LayerParameterSection] = Field(default_factory=dict)
    exceptions: Items[LayerExceptionSection] = ()


class InKindSection(Definition):
    """A form of payment that goes back in its own units: their share is rounded over all refunds together."""

    rounding: Annotated[str, one_of(*Rounding)]


class RailSection(Definition):
    """For how long a payment can be paid back the way it came, and in how many refunds."""

    within: Expression | None = None
    refunds: Expression | None = None


class TenderSection(Definition):
    """A form of payment that orders may be paid with; `cash` where it is money, and no coupon or points.

    What is not cash goes back as what it was: `in_kind` in units, `indivisible` whole and last. Cash goes to a
    `choosable` one where the customer wants that and agrees.
    """

    short_form: ClassVar[str | None] = "title"

    title: Title
    cash: Flag = False
    in_kind: InKindSection | None = None
    indivisible: Flag = False
    choosable: Flag = False
    rail: RailSection | None = None
    expired: Expression | None = None
    validity: Expression | None = None


class FreightTermsSection(Definition):
    """What becomes of freight: who bears what was paid for delivery, and a threshold that is reached no longer."""

    outbound: Expression
    threshold: Expression | None = None


class OfferTermsSection(Definition):
    """What becomes of offers settled again: one that stands as it did, and one that reaches only a lower tier."""

    standing: Expression | None = None
    lower_tier: Expression | None = None


class SettlementDocument(Definition):
    """How money goes back: on which terms, to which tender, and who bears it."""

    settlement: Name
    title: Title
    because: Title | None = None
    governed_by: Text
    reason: Text | None = None
    mode: Expression
    offers: OfferTermsSection | None = None
    freight: FreightTermsSection | None = None
    routing: RoutingExpression
    tenders: Named[TenderSection]
    shares: FreeNames[ShareSection] = Field(default_factory=dict)
    denials: Named[DenialSection] = Field(default_factory=dict)
    grants: Named[GrantSection] = Field(default_factory=dict)
    additions: Named[AdditionSection] = Field(default_factory=dict)
    withholdings: Named[AmountSection] = Field(default_factory=dict)
    recourse: Named[RecourseSection] = Field(default_factory=dict)
    earned: Named[EarnedSection] = Field(default_factory=dict)
    effects: Named[EffectSection] = Field(default_factory=dict)
    approval: ApprovalSection | None = None


class MappedSection(Definition):
    """Where one fact comes from in a document: a JMESPath, and what its values mean here."""

    short_form: ClassVar[str | None] = "path"

    path: Text
    optional: Flag = False
    currency: Text | None = None
    minor: Flag = False
    instant: Annotated[str | None, one_of(*HostTime)] = None
    values: AnyNames[Text] = Field(default_factory=dict)
    each: "Named[MappedSection]" = Field(default_factory=dict)


class MappingDocument(Definition):
    mapping: Name
    title: Title
    document: Text | None = None
    facts: DottedNames[MappedSection]


class StepSection(Definition):
    """One step of a test, and what is expected of it.

    Of a settlement: one claim, and what becomes of its payments. Of a flow: an event, the outcome of an effect, or time
    that passes, with the claim of a quote that is asked on the way.
    """

    send: Text | None = None
    by: Text | None = None
    succeeded: Text | None = None
    failed: Text | None = None
    wait: Text | None = None
    returns: ClaimedRecords | None = None
    granted: ClaimedRecords | None = None
    concerns: ConcernedRecords | None = None
    to: Text | None = None
    consent: Text | None = None
    reversals: ReversedPayments | None = None
    at: Text | None = None
    given: Given | None = None
    outcome: PaymentOutcome | None = None
    expect: Named[KeyedExpectation]


class CaseSection(Definition):
    """One test: a decision, a settlement or a flow, the facts that are given, and what is expected of the answer."""

    name: Text
    decide: Text | None = None
    quote: Text | None = None
    run: Text | None = None
    order: OrderOrFile | None = None
    at: Text | None = None
    with_parameters: Named[KeyedValue] = Field(default_factory=dict)
    given: Given | None = None
    expect: Named[KeyedExpectation] | None = None
    steps: Items[StepSection] | None = None


class CaseListSection(Definition):
    """Tests, and what they have in common unless one says otherwise."""

    short_form: ClassVar[str | None] = "cases"

    decide: Text | None = None
    quote: Text | None = None
    run: Text | None = None
    order: OrderOrFile | None = None
    at: Text | None = None
    with_parameters: Named[KeyedValue] = Field(default_factory=dict)
    given: Given | None = None
    cases: ItemsOrGrid[CaseSection]


class CasesDocument(Definition):
    tests: CaseListSection


DOCUMENTS: dict[str, type[Definition]] = {
    "pack": PackSection,
    "facts": FactsDocument,
    "derived": DerivedDocument,
    "parameters": ParametersDocument,
    "reasons": ReasonsDocument,
    "codes": CodesDocument,
    "parties": PartiesDocument,
    "channels": ChannelsDocument,
    "customer_types": CustomerTypesDocument,
    "roles": RolesDocument,
    "calendar": CalendarDocument,
    "calendar_override": CalendarOverrideDocument,
    "zone": ZoneDocument,
    "decision": DecisionDocument,
    "layer": LayerDocument,
    "settlement": SettlementDocument,
    "effects": EffectsDocument,
    "flow": FlowDocument,
    "mapping": MappingDocument,
    "tests": CasesDocument,
}
"""Every kind of document, by the key it begins with."""

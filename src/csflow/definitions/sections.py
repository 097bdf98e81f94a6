"""Owns the sections of a pack: one class for each kind of document and its parts.

A document's first key names its kind. Values stay as written where another section decides what
they mean (a parameter's value, an output cell); linking gives them their kinds.
"""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from csflow.definitions.reading import (
    AnyNames,
    CellOrCondition,
    Day,
    Definition,
    DottedNames,
    Expression,
    Flag,
    FreeNames,
    Items,
    KeyedRaw,
    Name,
    Named,
    Raw,
    RuleId,
    Text,
    Title,
    Vocabulary,
    Whole,
    one_of,
    symbol_of,
)
from csflow.values.calendars import DayClass
from csflow.values.kinds import LIABILITY
from csflow.values.rounding import Rounding
from csflow.values.windows import CountsFrom, MonthEnd

BASES = ("law", "platform", "own", "unverified")
HIT_POLICIES = ("unique", "first")
FACT_KINDS = (
    "bool",
    "int",
    "decimal",
    "percent",
    "money",
    "text",
    "enum",
    "code",
    "reason",
    "party",
    "liability",
    "date",
    "datetime",
    "days",
    "duration",
)
PARAMETER_KINDS = (*FACT_KINDS, "window")

Basis = Annotated[str, one_of(*BASES)]


class PackSection(Definition):
    """`pack.yaml`: what the pack is and what holds for all of it."""

    pack: Name
    title: Title
    language: Text
    currency: Text
    rounding: Annotated[str, one_of(*Rounding)]
    time_zone: Text
    in_force: Text
    reviewed_on: Day
    notice: Title | None = None


class KindSection(Definition):
    """What a fact, parameter or output may hold. Which fields a kind takes, linking knows."""

    type: Any
    title: Title | None = None
    of: Vocabulary = ()
    places: Whole | None = None
    min: Text | None = None
    max: Text | None = None
    max_length: Whole | None = None


class FactSection(KindSection):
    """One fact that the backend supplies: an `optional` one may be absent, any other is then unknown."""

    type: Annotated[str, one_of(*FACT_KINDS)]
    optional: Flag = False
    pii: Flag = False
    changeable: Flag = False


class DerivedSection(Definition):
    """A value computed from facts, parameters and derived values: `name: expression`, or with a title."""

    short_form: ClassVar[str | None] = "is"

    expression: Annotated[Expression, Field(alias="is")]
    title: Title | None = None


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
    type: Annotated[str, one_of(*PARAMETER_KINDS)]
    editions: Items[EditionSection]


class WindowSection(Definition):
    """The value of a window parameter."""

    length: Text
    counts_from: Annotated[str, one_of(*CountsFrom)]
    extend_over: Items[Annotated[str, one_of(*DayClass)]] = ()
    calendar: Name | None = None
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


class OffsetSection(Definition):
    from_: Annotated[Text, Field(alias="from")]
    offset: Text


class ZoneDocument(Definition):
    zone: Text
    covers: Text
    offsets: Items[OffsetSection]


class InputSection(Definition):
    """A column of a table: `name: expression`, or with a title."""

    short_form: ClassVar[str | None] = "is"

    expression: Annotated[Expression, Field(alias="is")]
    title: Title | None = None


class OutputSection(KindSection):
    """An output. The symbols of an enum are listed with the best for the customer first."""

    type: Annotated[str, one_of(*FACT_KINDS)]
    optional: Flag = False


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


class DecisionDocument(Definition):
    decision: Name
    title: Title
    governed_by: Text | None = None
    hit_policy: Annotated[str, one_of(*HIT_POLICIES)] = "unique"
    inputs: FreeNames[InputSection] = Field(default_factory=dict)
    outputs: Named[OutputSection]
    rules: Items[RuleSection]
    otherwise: OtherwiseSection | None = None


class MappedSection(Definition):
    """Where one fact comes from in a document: a JMESPath, and what its values mean here."""

    short_form: ClassVar[str | None] = "path"

    path: Text
    optional: Flag = False
    currency: Text | None = None
    values: AnyNames[Text] = Field(default_factory=dict)


class MappingDocument(Definition):
    mapping: Name
    title: Title
    document: Text | None = None
    facts: DottedNames[MappedSection]


DOCUMENTS: dict[str, type[Definition]] = {
    "pack": PackSection,
    "facts": FactsDocument,
    "derived": DerivedDocument,
    "parameters": ParametersDocument,
    "reasons": ReasonsDocument,
    "codes": CodesDocument,
    "calendar": CalendarDocument,
    "zone": ZoneDocument,
    "decision": DecisionDocument,
    "mapping": MappingDocument,
}
"""Every kind of document, by the key it begins with."""

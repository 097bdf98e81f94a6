"""Owns the sections of a flow: its states and events, what it keeps, its clocks; and the effects of a pack."""

from typing import Annotated, ClassVar

from pydantic import Field

from csflow.definitions.kinds import VALUE_KINDS, KindSection, spelled
from csflow.definitions.reading import (
    Definition,
    DottedNames,
    Expression,
    Flag,
    FlagOrName,
    FreeNames,
    Items,
    KeyedRaw,
    Name,
    Named,
    NamesOrExpression,
    OneOrSeveral,
    RuleId,
    Text,
    Title,
    one_of,
    one_of_spellings,
)

ROW_POLICIES = ("unique", "first")
# What a child case may be opened with.
WITH_PLAN = "plan"


class FlowEffectSection(Definition):
    """What a host is asked to do: a `notice`, or something whose success and failure are events of the flow."""

    title: Title
    notice: Flag = False
    pays: Flag = False
    needs: Items[Text] = ()
    done: Name | None = None
    failed: Name | None = None


class EffectsDocument(Definition):
    effects: Named[FlowEffectSection]


class KeptSection(KindSection):
    """What a case of the flow remembers, and what it begins with."""

    type: Annotated[str, one_of_spellings(spelled(VALUE_KINDS))]
    start: Text


class FlowEventSection(Definition):
    """What may happen to a case: who may send it, and the facts that it carries."""

    title: Title
    by: NamesOrExpression
    carries: Items[Text] = ()


class RowSection(Definition):
    """One way a step may go: to a state, or nowhere; or it is refused with a code."""

    short_form: ClassVar[str | None] = "to"

    id: RuleId | None = None
    when: Expression | None = None
    otherwise: Flag = False
    to: Name | None = None
    set: Named[KeyedRaw] = Field(default_factory=dict)
    do: Items[Text] = ()
    redo: Items[Text] = ()
    raises: Annotated[Text | None, Field(alias="raise")] = None
    refuse: Text | None = None
    title: Title | None = None
    because: Title | None = None


class ChoiceSection(Definition):
    """The rows of one event: no two may hold at once, unless the first one wins."""

    short_form: ClassVar[str | None] = "rows"

    hit_policy: Annotated[str, one_of(*ROW_POLICIES)] = "unique"
    rows: OneOrSeveral[RowSection]


class TimerSection(Definition):
    """Raises an event so long after the state was entered."""

    after: Expression
    calendar: Text | None = None
    raises: Annotated[Text, Field(alias="raise")]
    title: Title | None = None


class OpeningSection(Definition):
    """A case of another flow, whose outcomes arrive under the name that it has here."""

    alias: Annotated[Name, Field(alias="as")]
    flow: Text
    hands: Annotated[str | None, one_of(WITH_PLAN), Field(alias="with")] = None


class StateSection(Definition):
    """One state. With `go` a case passes through it at once; a final one ends the case."""

    title: Title
    stage: Name | None = None
    decide: OneOrSeveral[Text] = ()
    quote: Text | None = None
    do: Items[Text] = ()
    opens: OpeningSection | None = None
    go: ChoiceSection | None = None
    on: DottedNames[ChoiceSection] = Field(default_factory=dict)
    timers: Items[TimerSection] = ()
    final: FlagOrName = False
    absorbs: Items[Text] = ()


class FlowClockSection(Definition):
    """How long something may take, in which hours it counts, and what happens when it is late."""

    title: Title | None = None
    within: Expression
    calendar: Text | None = None
    start: OneOrSeveral[Text]
    stop: OneOrSeveral[Text]
    restart_on: OneOrSeveral[Text] = ()
    pause_in: OneOrSeveral[Text] = ()
    warn_at: Text | None = None
    on_warn: Text | None = None
    on_breach: Text | None = None


class FlowDocument(Definition):
    """How a case of one kind moves from state to state."""

    flow: Name
    title: Title
    because: Title | None = None
    governed_by: Text | None = None
    start: Name
    keeps: FreeNames[KeptSection] = Field(default_factory=dict)
    events: Named[FlowEventSection] = Field(default_factory=dict)
    clocks: Named[FlowClockSection] = Field(default_factory=dict)
    everywhere: DottedNames[ChoiceSection] = Field(default_factory=dict)
    states: Named[StateSection]

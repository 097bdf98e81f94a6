"""Owns linking flows and the effects that they ask for: every state, event, sender and code resolved."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from csflow.definitions import Written
from csflow.definitions.flows import (
    ChoiceSection,
    FlowClockSection,
    FlowDocument,
    FlowEffectSection,
    FlowEventSection,
    OpeningSection,
    StateSection,
    TimerSection,
)
from csflow.diagnostics import Diagnostics, Mark, nearest
from csflow.expressions import Elaborator
from csflow.expressions.syntax import Name, Syntax
from csflow.expressions.terms import Space
from csflow.loading.choices import Choices, Words
from csflow.loading.decisions import governing_fact
from csflow.loading.flow_scopes import FlowScope, link_keeps, own_facts, senders_of
from csflow.loading.kinds import Kinds, decode
from csflow.loading.questions import Heading, question
from csflow.loading.scopes import Names, fact_meant
from csflow.pack.flows import (
    CLOCK,
    OPENED,
    Choice,
    EffectKind,
    Flow,
    FlowClock,
    FlowEvent,
    Opening,
    State,
    Timer,
)
from csflow.pack.model import Decision, Output
from csflow.values import kinds as k
from csflow.values.kinds import Kind
from csflow.values.windows import Window, is_budget

WITHIN, ROLE = "within", "role"
_LENGTHS = frozenset({"days", "duration", "window", "broken"})
# What else stands in the place of a state, in the words of clocks and in the names of what a flow asks.
_NO_STATES = frozenset({OPENED, "everywhere", "events", "clocks"})


def link_effects(
    sections: Mapping[str, FlowEffectSection], names: Names, diagnostics: Diagnostics
) -> dict[str, EffectKind]:
    """What hosts are asked to do, by name."""
    return {name: _effect(name, section, names, diagnostics) for name, section in sections.items()}


def _effect(name: str, section: FlowEffectSection, names: Names, diagnostics: Diagnostics) -> EffectKind:
    done, failed = section.done, section.failed
    if section.notice:
        for key in ("done", "failed", "pays"):
            if getattr(section, key):
                diagnostics.report("misplaced-key", section.mark_of(key), key=key, other="notice: true")
    elif done is None or failed is None:
        diagnostics.report("effect-without-events", section.mark, effect=name)
    elif done.text == failed.text:
        diagnostics.report("clashing-name", failed.mark, name=failed.text)
    return EffectKind(
        name=name,
        notice=section.notice,
        pays=section.pays,
        needs=_facts(section.needs, names, diagnostics),
        done=done.text if done else None,
        failed=failed.text if failed else None,
        mark=section.mark,
        title=section.title,
    )


def _facts(written: Iterable[Written], names: Names, diagnostics: Diagnostics) -> tuple[str, ...]:
    for each in written:
        if each.text not in names.facts:
            meant = fact_meant(each.text, names.facts)
            diagnostics.report("unknown-fact", each.mark, suggestion=meant, name=each.text)
    return tuple(each.text for each in written)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What flows name outside themselves. `outcomes` are those of every flow's final states."""

    effects: Mapping[str, EffectKind]
    settlements: Iterable[str]
    decisions: Iterable[str]
    calendars: Iterable[str]
    outcomes: Mapping[str, tuple[str, ...]]
    # Every value that a parameter may have: the pack's own, and what its layers say.
    lengths: Callable[[str], Iterable[Any]]


def outcomes_of(document: FlowDocument) -> tuple[str, ...]:
    """Under which words others hear how a case of the flow ended."""
    found = (_outcome(name, section) for name, section in document.states.items())
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _outcome(name: str, section: StateSection) -> str | None:
    """The word that a final state gives itself, or else its name."""
    if isinstance(section.final, bool):
        return name if section.final else None
    return section.final.text


def link_flow(
    document: FlowDocument, kinds: Kinds, names: Names, around: Surroundings, diagnostics: Diagnostics
) -> Flow:
    """The flow with every name resolved; its faults are reported where they stand."""
    return _FlowLinker(document, kinds, names, around, diagnostics).flow()


@dataclass(slots=True)
class _FlowLinker:
    """Links one flow."""

    _document: FlowDocument
    _kinds: Kinds
    _names: Names
    _around: Surroundings
    _diagnostics: Diagnostics
    _scope: FlowScope = field(init=False)
    _choices: Choices = field(init=False)
    _governed_by: str | None = field(init=False)

    def flow(self) -> Flow:
        document, kinds, diagnostics = self._document, self._kinds, self._diagnostics
        mark = document.flow.mark
        keeps = link_keeps(document.keeps, kinds, diagnostics)
        senders = senders_of(kinds)
        own = own_facts(keeps, senders, kinds, mark)
        self._scope = FlowScope(self._names, own)
        self._governed_by = governing_fact(document.governed_by, self._names.facts, diagnostics)
        self._require_distinct(senders)
        words = Words(tuple(document.states), tuple(self._takeable()), keeps, tuple(self._around.effects))
        heading = Heading(
            f"flow.{document.flow.text}", "row", self._governed_by, mark, document.title, document.because
        )
        self._choices = Choices(words, heading, self._kinds.vocabulary("code"), self._scope, diagnostics)
        self._require_state(document.start)
        return Flow(
            name=document.flow.text,
            governed_by=self._governed_by,
            start=document.start.text,
            keeps=keeps,
            events={name: self._event(name, section, senders) for name, section in document.events.items()},
            clocks={name: self._clock(name, section) for name, section in document.clocks.items()},
            everywhere=self._on(None, document.everywhere),
            states={name: self._state(name, section) for name, section in document.states.items()},
            own=own,
            mark=mark,
            title=document.title,
            because=document.because,
        )

    def _require_distinct(self, senders: Kind) -> None:
        """No word means two things: a clock names states and events alike, an expression what is kept and derived."""
        document = self._document
        clashing: list[tuple[str, Mark]] = [
            *((name, event.mark) for name, event in document.events.items() if name in {OPENED, *document.states}),
            *((name, state.mark) for name, state in document.states.items() if name in _NO_STATES),
            *((name, kept.mark) for name, kept in document.keeps.items() if name in self._names.derived_names),
        ]
        for event in document.events.values():
            if isinstance(event.by, Name) and event.by.path in senders.symbols and event.by.path in document.keeps:
                clashing.append((event.by.path, event.by.mark))
        for name, mark in clashing:
            self._diagnostics.report("clashing-name", mark, name=name)

    def _takeable(self) -> Iterable[str]:
        """Everything that may happen: declared events, and how children end."""
        yield from self._document.events
        for section in self._document.states.values():
            if section.opens is not None:
                alias, outcomes = section.opens.alias.text, self._around.outcomes.get(section.opens.flow.text)
                if outcomes is None:
                    yield from (name for name in self._heard() if name.startswith(f"{alias}."))
                else:
                    yield from (f"{alias}.{outcome}" for outcome in outcomes)

    def _heard(self) -> Iterable[str]:
        """Every event that has rows. Those of a child whose flow is not known are not reported beside it."""
        yield from self._document.everywhere
        for section in self._document.states.values():
            yield from section.on

    # Events

    def _event(self, name: str, section: FlowEventSection, senders: Kind) -> FlowEvent:
        by = section.by
        named: Sequence[Written] = by if isinstance(by, tuple) else ()
        if isinstance(by, Name) and by.path in senders.symbols:
            named = (Written(by.path, by.mark),)
        for each in named:
            if each.text not in senders.symbols:
                meant = nearest(each.text, senders.symbols)
                self._diagnostics.report("unknown-sender", each.mark, suggestion=meant, name=each.text)
        role = None
        if not named and not isinstance(by, tuple):
            heading = self._heading(f"events.{name}", section.mark)
            kind = self._kinds.vocabulary("role")
            term, optional = Elaborator(self._scope, self._diagnostics).value(by, kind)
            role = question(heading, [(Output(ROLE, kind, optional, by.mark), term)])
        carries = _facts(section.carries, self._names, self._diagnostics)
        return FlowEvent(name, tuple(each.text for each in named), role, carries, section.mark, section.title)

    # States

    def _state(self, name: str, section: StateSection) -> State:
        diagnostics = self._diagnostics
        outcome = _outcome(name, section)
        for key in ("on", "go", "timers", "opens", "quote") if outcome is not None else ():
            if getattr(section, key):
                diagnostics.report("misplaced-key", section.mark_of(key), key=key, other="final")
        if outcome is None and section.absorbs:
            diagnostics.report("misplaced-key", section.mark_of("absorbs"), key="absorbs", other="final: false")
        for key in ("on", "timers") if section.go is not None else ():
            if getattr(section, key):
                diagnostics.report("misplaced-key", section.mark_of(key), key=key, other="go")
        for each in section.absorbs:
            self._choices.require_event(each)
        return State(
            name=name,
            stage=section.stage.text if section.stage else None,
            decides=self._known(section.decide, self._around.decisions, "unknown-decision"),
            quotes=self._settlement(section.quote),
            does=self._choices.effects(section.do),
            opens=None if section.opens is None else self._opening(section.opens),
            go=None if section.go is None else self._choice(name, "go", section.go),
            on=self._on(name, section.on),
            timers=tuple(self._timer(name, place, each) for place, each in enumerate(section.timers)),
            outcome=outcome,
            absorbs=tuple(each.text for each in section.absorbs),
            mark=section.mark,
            title=section.title,
        )

    def _on(self, state: str | None, sections: Mapping[str, ChoiceSection]) -> dict[str, Choice]:
        for name, section in sections.items():
            self._choices.require_event(Written(name, section.mark))
        return {name: self._choice(state or "everywhere", name, section) for name, section in sections.items()}

    def _choice(self, state: str, event: str, section: ChoiceSection) -> Choice:
        return self._choices.link(f"{state}.{event}", section)

    def _settlement(self, written: Written | None) -> str | None:
        if written is None:
            return None
        return self._known([written], self._around.settlements, "unknown-settlement")[0]

    def _opening(self, section: OpeningSection) -> Opening:
        self._known([section.flow], self._around.outcomes, "unknown-flow")
        return Opening(section.alias.text, section.flow.text, section.hands is not None, section.mark)

    def _require_state(self, written: Written) -> None:
        self._known([written], self._document.states, "unknown-state")

    def _known(self, written: Iterable[Written], known: Iterable[str], code: str) -> tuple[str, ...]:
        names = tuple(known)
        for each in written:
            if each.text not in names:
                self._diagnostics.report(code, each.mark, suggestion=nearest(each.text, names), name=each.text)
        return tuple(each.text for each in written)

    # Time

    def _timer(self, state: str, number: int, section: TimerSection) -> Timer:
        self._require_clock(section.raises)
        decision = self._length(f"{state}.timers.{number + 1}", section.after, section.mark)
        calendar = self._calendar(section.calendar, decision)
        return Timer(number, decision, calendar, section.raises.text, section.mark, section.title)

    def _clock(self, name: str, section: FlowClockSection) -> FlowClock:
        known = (OPENED, *self._document.states, *self._takeable())
        for raised in (section.on_warn, section.on_breach):
            if raised is not None:
                self._require_clock(raised)
        decision = self._length(f"clocks.{name}", section.within, section.mark)
        if section.on_warn is not None and section.warn_at is None:
            self._diagnostics.report("missing-key", section.mark, key="warn_at")
        if section.pause_in and not self._is_budget(decision):
            self._diagnostics.report("unpausable-clock", section.mark_of("pause_in"), name=name)
        return FlowClock(
            name=name,
            decision=decision,
            calendar=self._calendar(section.calendar, decision),
            start=self._known(section.start, known, "unknown-moment"),
            stop=self._known(section.stop, known, "unknown-moment"),
            restart=self._known(section.restart_on, known, "unknown-moment"),
            pause_in=self._known(section.pause_in, self._document.states, "unknown-state"),
            warn_at=self._part(section.warn_at),
            on_warn=section.on_warn.text if section.on_warn else None,
            on_breach=section.on_breach.text if section.on_breach else None,
            mark=section.mark,
            title=section.title,
        )

    def _length(self, name: str, syntax: Syntax, mark: Mark) -> Decision:
        """How long: days, a duration, or a window of the parameters."""
        term, optional = Elaborator(self._scope, self._diagnostics).value(syntax)
        if term.kind.name not in _LENGTHS:
            self._diagnostics.report("kinds-disagree", syntax.mark, wanted=k.DURATION.word, found=term.kind.word)
        if optional and not term.kind.is_broken:
            self._diagnostics.report("optional-into-required", syntax.mark, output=WITHIN)
        return question(self._heading(name, mark), [(Output(WITHIN, term.kind, False, syntax.mark), term)])

    def _is_budget(self, length: Decision) -> bool:
        """Whether what is counted is time, and no day on which it ends: in every edition, and whatever layers say."""
        kind = length.outputs[WITHIN].kind
        read = [each.name for each in length.reads() if each.space is Space.PARAMETER]
        windows = (value for name in read for value in self._around.lengths(name))
        return kind.name != "days" and all(is_budget(each) for each in windows if isinstance(each, Window))

    def _calendar(self, written: Written | None, length: Decision) -> str | None:
        """Open hours are counted of a duration alone: a window names its own calendar."""
        if written is None:
            return None
        self._known([written], self._around.calendars, "unknown-calendar")
        kind = length.outputs[WITHIN].kind
        if kind.name not in ("duration", "broken"):
            self._diagnostics.report("misplaced-key", written.mark, key="calendar", other=kind.word)
        return written.text

    def _part(self, written: Written | None) -> int | None:
        if written is None:
            return None
        part = decode(k.PERCENT, written.text, written.mark, self._diagnostics)
        if part is not None and not 0 < part < 10_000:
            self._diagnostics.report("out-of-bounds", written.mark, given=written.text, low="0%", high="100%")
        return part if isinstance(part, int) else None

    def _require_clock(self, raised: Written) -> None:
        """What time raises, `clock` must be allowed to send."""
        self._choices.require_event(raised)
        section = self._document.events.get(raised.text)
        if section is None:
            return
        by = section.by
        named = [each.text for each in by] if isinstance(by, tuple) else [by.path] if isinstance(by, Name) else []
        if CLOCK not in named:
            self._diagnostics.report("event-not-for-clock", raised.mark, event=raised.text)

    def _heading(self, name: str, mark: Mark) -> Heading:
        return Heading(f"flow.{self._document.flow.text}.{name}", "row", self._governed_by, mark, None, None)

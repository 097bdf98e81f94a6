"""Owns the parts of a flow in words: events, who sends them, guards, what a row does, lengths of time."""

from collections.abc import Iterable, Iterator

from csflow.diagnostics import Phrase, Word
from csflow.evaluators.prose import Prose, Speaker, plain
from csflow.evaluators.prose.text import fill
from csflow.expressions.terms import Constant, Reference, Space, Term
from csflow.pack.flows import EVENT, OPENED, SET, Choice, Flow, FlowClock, FlowEvent, Row, State, Timer, flow_pack
from csflow.pack.model import Decision, LinkedPack, Rule
from csflow.values.kinds import PERCENT


class Teller:
    """One flow of a pack in one language. Everything told is text, in which nothing is cut."""

    def __init__(self, pack: LinkedPack, flow: Flow, language: str) -> None:
        self.language = language
        self._pack = pack
        self._flow = flow
        self._speaker = Speaker(flow_pack(pack, flow), language)

    def word(self, word: str, /, **parts: str) -> str:
        return plain(fill(f"graph.{word}", self.language, **parts))

    def titled(self, title: Phrase | None, name: str) -> str:
        return title.in_language(self.language) if title else name

    def listed(self, texts: Iterable[str], between: str = "join.list") -> str:
        return Word(between).in_language(self.language).join(texts)

    def either(self, texts: Iterable[str]) -> str:
        """One of several, as a sentence names them: a, b or c."""
        *others, last = [*texts] or [""]
        return self.listed([self.listed(others), last] if others else [last], "join.or_value")

    # Events

    def event(self, name: str) -> str:
        """The title of an event; of how a child case ends, which one and how."""
        event = self._flow.events.get(name)
        if event is not None:
            return self.titled(event.title, name)
        alias, _, outcome = name.partition(".")
        opened = next(
            (state.opens.flow for state in self._flow.states.values() if state.opens and state.opens.alias == alias),
            None,
        )
        child = self._pack.flows.get(opened) if opened else None
        if child is None:
            return name
        ends = [self.titled(state.title, state.name) for state in child.states.values() if state.outcome == outcome]
        told = self.either(ends) or outcome
        return self.word("ended", flow=self.titled(child.title, child.name), outcome=told)

    def senders(self, name: str) -> str | None:
        """Who may send an event; None for how a child case ends, which nobody sends."""
        told = self.sent_by(name)
        return None if told is None else self.word("by", senders=told)

    def sent_by(self, name: str) -> str | None:
        """The same, as the names alone."""
        event = self._flow.events.get(name)
        return None if event is None else self.either(self._senders(event))

    def _senders(self, event: FlowEvent) -> Iterator[str]:
        if event.role is not None:
            yield self.word("role_of", role=self._value(event.role))
        above = {role.above for role in self._pack.roles.values()}
        for name in event.senders:
            title = self._flow.own[f"{EVENT}.by"].kind.title_of(name, self.language)
            yield self.word("or_above", role=title) if name in above else title

    # Rows

    def guard(self, choice: Choice, row: Row) -> str | None:
        """When the row holds; None where it always does."""
        decision = choice.decision
        if decision is None:
            return None
        rule = rule_of(decision, row)
        if rule is decision.otherwise:
            return self.word("otherwise")
        if isinstance(rule.condition, Constant):
            return None
        return self.word("when", condition=plain(self._speaker.when(decision, rule)))

    def done(self, choice: Choice, row: Row) -> Iterator[str]:
        """What the row does besides going on, one sentence each."""
        yield from self._doing("does", row.does)
        yield from self._doing("redoes", row.redoes)
        for name, held in row.sets.items():
            value = plain(self._speaker.values.bare(self._flow.keeps[name].kind, held))
            yield self.word("sets", name=self.kept(name), value=value)
        if choice.decision is not None:
            for output, term in rule_of(choice.decision, row).outputs:
                value = plain(self._speaker.bare(term))
                yield self.word("sets", name=self.kept(output.removeprefix(SET)), value=value)
        for name in row.advances:
            word = "advances" if self._flow.keeps[name].kind.is_symbolic else "counts"
            yield self.word(word, name=self.kept(name))
        if row.raises is not None:
            yield self.word("raises", event=self.event(row.raises))

    def refusal(self, row: Row) -> str | None:
        if row.refuse is None:
            return None
        return self.word("refuses", code=self.titled(self._pack.codes[row.refuse].title, row.refuse))

    def kept(self, name: str) -> str:
        return self.titled(self._flow.keeps[name].title, name)

    def start_of(self, name: str) -> str:
        kept = self._flow.keeps[name]
        return self.word("kept", name=self.kept(name), value=plain(self._speaker.values.bare(kept.kind, kept.start)))

    # States

    def state(self, name: str) -> str:
        return self.titled(self._flow.states[name].title, name)

    def inside(self, state: State) -> Iterator[str]:
        """What happens on entry, in its order."""
        if state.decides:
            decisions = (self.titled(self._pack.decisions[name].title, name) for name in state.decides)
            yield self.word("decides", decisions=self.listed(decisions))
        if state.quotes is not None:
            settlement = self._pack.settlements[state.quotes]
            yield self.word("quotes", settlement=self.titled(settlement.title, settlement.name))
        yield from self._doing("does", state.does)
        if state.opens is not None:
            child = self._pack.flows.get(state.opens.flow)
            word = "opens_with_plan" if state.opens.with_plan else "opens"
            yield self.word(word, flow=self.titled(child.title if child else None, state.opens.flow))

    def ending(self, state: State) -> Iterator[str]:
        """What a final state says to others, and what it takes in late."""
        if state.outcome is not None and state.outcome != state.name:
            yield self.word("outcome", outcome=state.outcome)
        if state.absorbs:
            yield self.word("absorbs", events=self.listed(self.event(each) for each in state.absorbs))

    def _doing(self, word: str, effects: tuple[str, ...]) -> Iterator[str]:
        if effects:
            titles = (self.titled(self._pack.effects[name].title, name) for name in effects)
            yield self.word(word, effects=self.listed(titles))

    # Time

    def timer(self, timer: Timer) -> str:
        length, event = self._length(timer.decision, timer.calendar), self.event(timer.raises)
        if timer.title is None:
            return self.word("timer", length=length, event=event)
        return self.word("timer_called", title=self.titled(timer.title, ""), length=length, event=event)

    def clock(self, clock: FlowClock) -> Iterator[str]:
        """How long, from when to when, and what comes of it."""
        yield self.word("within", length=self._length(clock.decision, clock.calendar))
        for word, moments in (("starts", clock.start), ("stops", clock.stop), ("restarts", clock.restart)):
            if moments:
                yield self.word(word, moments=self.listed(self._moment(each) for each in moments))
        if clock.pause_in:
            yield self.word("pauses", states=self.listed(self.state(each) for each in clock.pause_in))
        if clock.warn_at is not None:
            part = plain(self._speaker.values.bare(PERCENT, clock.warn_at))
            if clock.on_warn is None:
                yield self.word("warns", part=part)
            else:
                yield self.word("warns_raising", part=part, event=self.event(clock.on_warn))
        if clock.on_breach is None:
            yield self.word("breach_alone")
        else:
            yield self.word("breach", event=self.event(clock.on_breach))

    def _moment(self, name: str) -> str:
        if name == OPENED:
            return self.word("opened")
        return self.word("entered", state=self.state(name)) if name in self._flow.states else self.event(name)

    def _length(self, decision: Decision, calendar: str | None) -> str:
        """How long; of a parameter, also every value that it may have."""
        term = _answer(decision)
        told = plain(self._speaker.bare(term))
        if isinstance(term, Reference) and term.space is Space.PARAMETER:
            values = self.listed((plain(each) for each in self._values(term)), "join.or_value")
            told = plain(fill("join.aside", self.language, text=told, aside=values))
        if calendar is None:
            return told
        title = self._pack.calendar_titles.get(calendar, (None, None))[0]
        return self.word("in_hours", length=told, calendar=self.titled(title, calendar))

    def _values(self, parameter: Reference) -> Iterable[Prose]:
        name = parameter.name
        own = self._pack.parameters[name]
        given = [edition.value for edition in own.editions]
        for layer in sorted(self._pack.layers.values(), key=lambda each: (each.rank, each.name)):
            given += [edition.value for edition in layer.parameters.get(name, ())]
        return dict.fromkeys(self._speaker.values.bare(own.kind, value) for value in given)

    def _value(self, decision: Decision) -> str:
        return plain(self._speaker.value(_answer(decision)))


def rule_of(decision: Decision, row: Row) -> Rule:
    """The rule that stands for the row in the table of its choice."""
    return next(rule for rule in decision.every_rule() if rule.id == row.id)


def _answer(decision: Decision) -> Term:
    """What a decision of one rule and one output gives."""
    return decision.rules[0].outputs[0][1]

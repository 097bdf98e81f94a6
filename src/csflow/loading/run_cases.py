"""Owns linking the steps of a test of a flow: what happens, by whom and when, and what is expected of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from csflow.definitions import Keyed, Written
from csflow.definitions.sections import StepSection
from csflow.diagnostics import Diagnostics, Mark, nearest
from csflow.loading.expectations import Shapes, place_of
from csflow.loading.kinds import decode
from csflow.loading.quote_cases import link_claim, plainly
from csflow.pack.cases import STATUS, Expectation
from csflow.pack.flows import SYSTEM, Flow
from csflow.pack.model import LinkedPack, Settlement
from csflow.settlement import Ledger
from csflow.settlement.cases import RunStep
from csflow.settlement.claims import Claimed
from csflow.settlement.documents import MOST_MONEY
from csflow.source import Mapping as MappingNode
from csflow.values import kinds as k
from csflow.values.kinds import Kind

OPEN, SEND, SUCCEEDED, FAILED, WAIT = "open", "send", "succeeded", "failed", "wait"
ACTIONS = (SEND, SUCCEEDED, FAILED, WAIT)
# What may be expected of a step besides what the case keeps; `clocks` by name.
STATE, REFUSAL, EFFECTS, OPENED, RAISED, REFUND, CLOCKS = (
    "state",
    "refusal",
    "effects",
    "opened",
    "raised",
    "refund",
    "clocks",
)
PARTS = (STATUS, STATE, REFUSAL, EFFECTS, OPENED, RAISED, REFUND, CLOCKS)
MOVED, REFUSED, ABSORBED = "moved", "refused", "absorbed"
STATUSES = (MOVED, REFUSED, ABSORBED)
# What a claim is written with.
_CLAIM = ("returns", "granted", "concerns", "reversals")
CLOCK_WORDS = ("running", "paused", "met", "breached")
# The keys of a step that mean nothing beside what happens in it; `outcome` belongs to settlements alone.
_IDLE = {
    OPEN: ("by", "given", "outcome"),
    SEND: ("outcome",),
    SUCCEEDED: ("by", "outcome"),
    FAILED: ("by", "outcome"),
    WAIT: ("at", "by", "given", "outcome"),
}
# The facts that a step gives, on top of others; None where they were reported.
Given = Callable[[MappingNode | None, Mapping[str, Any]], Mapping[str, Any] | None]


def link_run_steps(
    sections: Sequence[StepSection],
    pack: LinkedPack,
    flow: Flow,
    settlement: Settlement | None,
    ledger: Ledger | None,
    given: Given,
    diagnostics: Diagnostics,
) -> tuple[RunStep, ...]:
    """The steps; what is wrong with one is reported. One that does nothing may stand first: it is the opening."""
    found = []
    for number, section in enumerate(sections):
        linker = _Step(section, pack, flow, diagnostics)
        action, name = linker.action(is_first=number == 0)
        found.append(
            RunStep(
                action=action,
                name=name,
                by=linker.sender(action),
                at=None if section.at is None else linker.instant(section.at),
                wait=linker.duration() if action == WAIT else 0,
                data=_given(section, given),
                claimed=_claimed(section, pack, settlement, ledger, diagnostics),
                claim=_written(section),
                expected=tuple(linker.expected()),
            )
        )
    return tuple(found)


def _given(section: StepSection, given: Given) -> Mapping[str, Any]:
    return {} if section.given is None else given(section.given, {}) or {}


def _written(section: StepSection) -> Mapping[str, Any]:
    """The claim as it is written."""
    nodes = {key: node for key in _CLAIM if (node := getattr(section, key)) is not None}
    words = {key: word.text for key in ("to", "consent") if (word := getattr(section, key)) is not None}
    return {key: plainly(node)[0] for key, node in nodes.items()} | words


def _claimed(
    section: StepSection,
    pack: LinkedPack,
    settlement: Settlement | None,
    ledger: Ledger | None,
    diagnostics: Diagnostics,
) -> Claimed | None:
    named = [key for key in _CLAIM if getattr(section, key) is not None]
    if not named:
        return None
    if settlement is None or ledger is None:
        diagnostics.report("missing-key", section.mark_of(named[0]), key="order")
        return None
    return link_claim(section, pack, settlement, ledger, diagnostics)


class _Step(Shapes):
    """Reads one step."""

    def __init__(self, section: StepSection, pack: LinkedPack, flow: Flow, diagnostics: Diagnostics) -> None:
        super().__init__(pack, diagnostics)
        self._section = section
        self._flow = flow
        self._money = Kind("money", currency=pack.currency, low=0, high=MOST_MONEY)

    def action(self, *, is_first: bool) -> tuple[str, str]:
        """What happens, and to what."""
        section = self._section
        written = [key for key in ACTIONS if getattr(section, key) is not None]
        self._refuse_idle(written[0] if written else OPEN)
        if not written:
            if not is_first:
                self._diagnostics.report("missing-key", section.mark_of("expect"), key=SEND)
            return OPEN, ""
        for other in written[1:]:
            self._diagnostics.report("misplaced-key", section.mark_of(other), key=other, other=written[0])
        action = written[0]
        named: Written = getattr(section, action)
        if action == SEND:
            self._known(named, (*self._flow.events, *self._outcomes()), "unknown-event")
        elif action in (SUCCEEDED, FAILED):
            self._known(named, (*self._pack.effects, *self._host_effects()), "unknown-effect")
        return action, named.text

    def _refuse_idle(self, action: str) -> None:
        for key in _IDLE[action]:
            if getattr(self._section, key) is not None:
                other = "run" if action == OPEN else action
                self._diagnostics.report("misplaced-key", self._section.mark_of(key), key=key, other=other)

    def sender(self, action: str) -> str:
        section = self._section
        if action != SEND or section.by is None:
            is_declared = action == SEND and section.send is not None and section.send.text in self._flow.events
            if is_declared:
                self._diagnostics.report("missing-key", section.mark_of(SEND), key="by")
            return SYSTEM
        senders = self._flow.own["event.by"].kind.symbols
        self._known(section.by, senders, "unknown-sender")
        return section.by.text

    def instant(self, written: Written) -> int | None:
        found = decode(k.DATETIME, written.text, written.mark, self._diagnostics)
        return found if isinstance(found, int) else None

    def duration(self) -> int:
        written = self._section.wait
        assert written is not None
        kind = k.DAYS if written.text.endswith(("days", "day")) else k.DURATION
        found = decode(kind, written.text, written.mark, self._diagnostics)
        return 0 if not isinstance(found, int) else found * _DAY if kind is k.DAYS else found

    def expected(self) -> Iterator[Expectation]:
        expect = self._section.expect
        if not expect:
            self._diagnostics.report("case-without-expectation", self._section.mark_of("expect"), name="expect")
            return
        yield Expectation(STATUS, self._status(expect), self._place(expect.get(STATUS)))
        known = (*PARTS, *self._flow.keeps)
        for part, keyed in expect.items():
            if part == STATUS:
                continue
            if part not in known:
                self._diagnostics.report(
                    "unknown-run-expectation",
                    keyed.mark,
                    suggestion=nearest(part, known),
                    name=part,
                    known=list(known),
                )
            elif part == CLOCKS:
                yield from self._clocks(keyed)
            else:
                yield Expectation(part, self._value(part, keyed), place_of(keyed))

    def _status(self, expect: Mapping[str, Keyed]) -> str:
        written = expect.get(STATUS)
        if written is None:
            return REFUSED if REFUSAL in expect else MOVED
        scalar = self.scalar(written.value, written.mark)
        return MOVED if scalar is None else self.choice(scalar, STATUSES)

    def _place(self, keyed: Keyed | None) -> Mark:
        return self._section.mark_of("expect") if keyed is None else place_of(keyed)

    def _value(self, part: str, keyed: Keyed) -> Any:
        if part in (EFFECTS, OPENED, RAISED):
            return tuple(self._listed(part, each) for each in self.texts(keyed))
        scalar = self.scalar(keyed.value, keyed.mark)
        if scalar is None:
            return None
        if part == STATE:
            return self.choice(scalar, self._flow.states)
        if part == REFUSAL:
            return scalar.text
        kind = self._money if part == REFUND else self._flow.keeps[part].kind
        return decode(kind, scalar.text, scalar.mark, self._diagnostics)

    def _listed(self, part: str, scalar: Any) -> str:
        aliases = [state.opens.alias for state in self._flow.states.values() if state.opens is not None]
        known = {EFFECTS: (*self._pack.effects, *self._host_effects()), OPENED: aliases, RAISED: (*self._flow.events,)}
        return self.choice(scalar, known[part])

    def _clocks(self, keyed: Keyed) -> Iterator[Expectation]:
        if not isinstance(keyed.value, MappingNode):
            self.report_shape(keyed.value, keyed.mark, "shape.mapping")
            return
        for entry in keyed.value.entries:
            scalar = self.scalar(entry.value, entry.key.mark)
            if scalar is None or not self.choice(entry.key, self._flow.clocks):
                continue
            # A clock shows a word, or when it is due.
            is_word = scalar.text in CLOCK_WORDS or not scalar.text[:1].isdigit()
            value = self.choice(scalar, CLOCK_WORDS) if is_word else self.instant(Written(scalar.text, scalar.mark))
            yield Expectation(f"{CLOCKS}.{entry.key.text}", value, scalar.mark)

    def _outcomes(self) -> Iterator[str]:
        for state in self._flow.states.values():
            if state.opens is not None and state.opens.flow in self._pack.flows:
                ends = self._pack.flows[state.opens.flow].states.values()
                yield from (f"{state.opens.alias}.{end.outcome}" for end in ends if end.outcome is not None)

    def _host_effects(self) -> Iterator[str]:
        """What settlements ask of a host."""
        return (effect.name for each in self._pack.settlements.values() for effect in each.effects)

    def _known(self, written: Written, known: Sequence[str], code: str) -> None:
        if written.text not in known:
            self._diagnostics.report(code, written.mark, suggestion=nearest(written.text, known), name=written.text)


_DAY = 86_400_000_000

"""Owns the pure step: a snapshot, an event and an instant give the next snapshot and what a host has to do.

INVARIANT: a step that is refused changes nothing: all that it does happens in a `Run`, which is dropped.
"""

from collections.abc import Callable, Mapping

from csflow.facts import Decoder, Facts, Rewriter, facts_of
from csflow.flows.asking import Asking
from csflow.flows.happenings import Event, Purchase, Refused, effect_of
from csflow.flows.leaps import Leap, leaps_of
from csflow.flows.payloads import Payloads
from csflow.flows.runs import Ground, Run
from csflow.flows.senders import Senders
from csflow.flows.snapshots import NO_PLAN, Identity, Settled, Snapshot
from csflow.flows.steps import ABSORBED, MOVED, REFUSED, Step
from csflow.flows.timekeeping import Timekeeper
from csflow.pack.flows import CLOCK, KEPT, OPENED, SYSTEM, Flow, flow_pack
from csflow.pack.model import LinkedPack
from csflow.settlement import Settler

_NO_LEAPS: Mapping[str, Leap] = {}
# A notice has no outcome to report.
_UNHEARD = (None, None)


class Stepper:
    """One flow of a pack, compiled. Safe to share between threads."""

    def __init__(self, pack: LinkedPack, flow: Flow, settler: Callable[[str], Settler]) -> None:
        self.linked = pack
        self.pack = flow_pack(pack, flow)
        self.flow = flow
        self.decoder = Decoder(self.pack)
        asking = Asking(self.pack)
        self.timekeeper = Timekeeper(self.pack, flow, asking)
        self.senders = Senders(pack, flow, asking)
        self.payloads = Payloads(pack, flow)
        self._ground = Ground(pack, self.pack, flow, asking, Rewriter(self.pack), self.timekeeper, settler)
        self._digest = pack.digest
        # By which events effects report: without a key they are about the first that is awaited.
        kinds = pack.effects.values()
        self._outcomes = {name for kind in kinds for name in (kind.done, kind.failed) if name is not None}
        self._reporting = _reporting(pack, flow)
        self._leaps = leaps_of(pack, flow, asking, self.timekeeper)

    def open(
        self, facts: Facts, key: str, at: int, purchase: Purchase | None, alias: str | None, plan: Settled
    ) -> Step:
        """The first step of a case. `facts` are those of the pack."""
        event = Event(OPENED, SYSTEM, key=key)
        kept = {f"{KEPT}.{kept.name}": kept.start for kept in self.flow.keeps.values()}
        case = Identity(self.flow.name, key, self._digest, at, alias)
        run = Run(self._ground, case, facts_of(self.pack, {**facts.values, **kept}), at, purchase, plan)
        try:
            run.begin()
            return self._moved(run, run.snapshot(), event, at)
        except Refused as refused:
            return self._refused(refused, run, None, event, at)

    def open_plain(self, facts: Facts, key: str, at: int, purchase: Purchase | None = None) -> Step:
        """The first step of a case that no other opens."""
        return self.open(facts, key, at, purchase, None, NO_PLAN)

    def step(self, snapshot: Snapshot, event: Event, at: int, purchase: Purchase | None = None) -> Step:
        """What becomes of an event. Raises `FactError` for a claim of the purchase that does not decode."""
        leap = self._leaps.get(snapshot.state, _NO_LEAPS).get(event.name)
        if leap is not None:
            step = self._leapt(leap, snapshot, event, at)
            if step is not None:
                return step
        if snapshot.case.digest != self._digest:
            other = Refused("case.other_pack", case=snapshot.case.digest, pack=self._digest)
            return self._refused(other, None, snapshot, event, at)
        run = Run.after(self._ground, snapshot, at, purchase)
        try:
            if at < snapshot.at:
                raise Refused("time.backwards", at=self.timekeeper.told(at), last=self.timekeeper.told(snapshot.at))
            is_taken = self._take(run, snapshot, event, at)
            return self._moved(run, run.snapshot(), event, at, MOVED if is_taken else ABSORBED)
        except Refused as refused:
            return self._refused(refused, run, snapshot, event, at)

    def _leapt(self, leap: Leap, snapshot: Snapshot, event: Event, at: int) -> Step | None:
        """The step where nothing but its row has to be asked; None where it takes a run."""
        case, facts, before = snapshot.case, snapshot.facts, snapshot.state
        if event.by not in leap.senders or event.data != {} or at < snapshot.at or case.digest != self._digest:
            return None
        way = leap.only if leap.answer is None else leap.ways.get(leap.answer(facts, at).conclusion.rule)
        if way is None:
            return None
        after = Snapshot()
        after.case, after.facts, after.at = case, facts, at
        sequence = after.sequence = snapshot.sequence + 1
        after.clocks, after.owed = snapshot.clocks, snapshot.owed
        after.children, after.plan = snapshot.children, snapshot.plan
        if way.to is None:
            after.state, after.entry = before, snapshot.entry
            after.entered_at, after.timers = snapshot.entered_at, snapshot.timers
        else:
            after.state, after.entry = way.to, snapshot.entry + 1
            after.entered_at, after.timers = at, ()
        step = Step()
        step.snapshot, step.event, step._at = after, event, at
        step._leapt = leap, way, before, facts
        if way.notices:
            own = case.flow, case.key
            step.effects = tuple(
                [effect_of(name, own, sequence, index, _UNHEARD) for index, name in enumerate(way.notices)]
            )
        return step

    def _take(self, run: Run, snapshot: Snapshot, event: Event, at: int) -> bool:
        """Let the event happen; False where it is late, or nothing of the flow waits for it."""
        state = self.flow.states[snapshot.state]
        if "." in event.name and event.by != SYSTEM:
            raise Refused("role.missing", event=event.name, by=event.by, needs=[SYSTEM])
        # A dotted name is how a child ended, or what an effect of a settlement came to.
        is_named = event.name in self._outcomes or "." in event.name
        is_outcome = event.by == SYSTEM and (event.of is not None or is_named)
        if is_outcome:
            # A case that has ended takes no notice, whatever it is about.
            if not run.settle_outcome(event) and (state.is_final or self._knows(event.name)):
                return False
        elif event.by == CLOCK:
            run.clocks, run.timers = self.timekeeper.raised(snapshot, event, at)
        choice = self.flow.choice(state.name, event.name)
        if state.is_final:
            if is_outcome or event.name in state.absorbs:
                return False
            raise Refused("case.closed", state=state.name)
        if choice is None:
            # What became of an effect is noted wherever the case is: a payment that was made is booked.
            if is_outcome and run.dues.report is not None:
                return False
            takes = self.flow.awaited(state.name)
            if not self._knows(event.name):
                raise Refused("event.unknown", event=event.name, takes=takes)
            raise Refused("event.not_here", event=event.name, state=state.name, takes=takes)
        if run.dues.report is not None and run.dues.report.is_given_up:
            return False
        declared = self.flow.events.get(event.name)
        if declared is not None:
            if not is_outcome:
                self.senders.require(declared, event.by, run.facts, at)
            run.write(self.payloads.read(event.name, event.data))
        run.happen(event)
        return True

    def _knows(self, event: str) -> bool:
        about, dot, _ = event.partition(".")
        return about in self._reporting if dot else event in self.flow.events or event in self._outcomes

    def _moved(self, run: Run, snapshot: Snapshot, event: Event, at: int, status: str = MOVED) -> Step:
        step = self._step(run, event, at)
        step.status, step.snapshot, step.refusal = status, snapshot, None
        step.effects, step.opened = tuple(run.dues.effects), tuple(run.opened)
        step.bookings, step.voids = tuple(run.dues.bookings), tuple(run.dues.voids)
        step.reports = run.report()
        return step

    def _refused(self, refused: Refused, run: Run | None, before: Snapshot | None, event: Event, at: int) -> Step:
        step = self._step(run, event, at)
        step.status, step.snapshot, step.refusal = REFUSED, before, refused.refusal
        return step

    def _step(self, run: Run | None, event: Event, at: int) -> Step:
        step = Step()
        step.event, step._at, step._deciding = event, at, self._ground.asking.decision
        if run is not None:
            step._passages, step._asked, step.quote = tuple(run.trail), run.asked, run.quote
        return step


def _reporting(pack: LinkedPack, flow: Flow) -> frozenset[str]:
    """What a dotted name may be about: a child of the flow, or an effect of a settlement."""
    children = {state.opens.alias for state in flow.states.values() if state.opens is not None}
    return frozenset(children | {effect.name for each in pack.settlements.values() for effect in each.effects})

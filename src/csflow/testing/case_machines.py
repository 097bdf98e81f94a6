"""Owns cases by chance for property tests: a Hypothesis state machine made from a flow.

Needs `hypothesis` (`pip install csflow[testing]`). What holds of every flow is asked after every step; what must hold
of yours, a subclass says with `@invariant()`.
"""

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from csflow.flows import Event, Purchase, Snapshot, Step
from csflow.flows.snapshots import NO_PLAN, Settled
from csflow.pack.flows import CLOCK, SYSTEM
from csflow.testing.strategies import drawn_value, facts
from csflow.values.instants import DAY

if TYPE_CHECKING:
    from csflow.api.packs import Pack

_MINUTE = 60_000_000


def case_machine(
    pack: "Pack",
    flow: str,
    *,
    at: int,
    opening: "st.SearchStrategy[Any] | None" = None,
    purchase: Purchase | None = None,
    plan: Settled = NO_PLAN,
) -> type[RuleBasedStateMachine]:
    """A state machine of the cases of a flow, for `TestCase` or `run_state_machine_as_test`.

    `at` is when they are opened, in microseconds; `opening` draws what `pack.facts` takes (by default facts by chance,
    some of them unknown); an opening that is refused is tried again with other facts. `plan` is what a flow that
    carries one out is opened with: `plan` of a step's `opened`. Events come from everybody who may send them and from
    some who may not, with payloads by
    chance; time passes, and what it raises is sent. `snapshot`, `steps` and `at` are the machine's to look at. Raises
    `UnknownName` for an unknown flow.
    """
    stepper = pack.stepper(flow)
    linked = stepper.flow
    senders = sorted({SYSTEM, *(each for event in linked.events.values() for each in event.senders)} - {CLOCK})
    openings = facts(pack, unknown=True) if opening is None else opening
    payloads = {
        name: st.fixed_dictionaries({}, optional={path: drawn_value(pack, path) for path in event.carries})
        for name, event in linked.events.items()
    }
    outcomes = sorted(
        f"{state.opens.alias}.{end.outcome}"
        for state in linked.states.values()
        if state.opens is not None
        for end in pack.linked.flows[state.opens.flow].states.values()
        if end.outcome is not None
    )
    start = at

    class CaseMachine(RuleBasedStateMachine):
        """Cases of one flow."""

        snapshot: Snapshot | None = None
        before: Snapshot | None = None
        steps: list[Step]
        at: int

        def __init__(self) -> None:
            super().__init__()
            self.steps, self.at = [], start

        @initialize(given=openings)
        def opened(self, given: Any) -> None:
            self._took(stepper.open(pack.facts(given), "case", self.at, purchase, None, plan))

        # Without it a case that could not be opened would have no way to go on, which hypothesis takes for a fault.
        @precondition(lambda self: self.snapshot is None)
        @rule(given=openings)
        def opened_again(self, given: Any) -> None:
            self.opened(given)

        @precondition(lambda self: self.snapshot is not None)
        @rule(
            name=st.sampled_from(sorted(linked.events)),
            by=st.sampled_from(senders),
            draw=st.data(),
            minutes=st.integers(0, 3 * 24 * 60),
        )
        def sent(self, name: str, by: str, draw: Any, minutes: int) -> None:
            self.at += minutes * _MINUTE
            self._took(self._step(Event(name, by, data=draw.draw(payloads[name]))))

        @precondition(lambda self: self.snapshot is not None and self.steps[-1].effects)
        @rule(succeeded=st.booleans(), draw=st.data())
        def reported(self, succeeded: bool, draw: Any) -> None:
            asked = [each for each in self.steps[-1].effects if not each.notice]
            if asked:
                effect = draw.draw(st.sampled_from(asked))
                self._took(self._step(effect.succeeded() if succeeded else effect.failed()))

        @precondition(lambda self: self.snapshot is not None and self.snapshot.children)
        @rule(name=st.sampled_from(outcomes or [""]))
        def ended(self, name: str) -> None:
            self._took(self._step(Event(name, SYSTEM)))

        @precondition(lambda self: self.snapshot is not None)
        @rule(days=st.integers(0, 40))
        def passed(self, days: int) -> None:
            assert self.snapshot is not None
            until = self.at + days * DAY
            due = sorted(stepper.timekeeper.due(self.snapshot, self.at), key=lambda each: each.at)
            for each in [each for each in due if each.at <= until][:1]:
                self.at = max(self.at, each.at)
                self._took(self._step(each.event))

        @invariant()
        def a_case_is_plain_json_and_a_refused_step_changes_nothing(self) -> None:
            if self.snapshot is None:
                return
            document = pack.snapshot_to_json(self.snapshot)
            assert pack.snapshot_to_json(pack.snapshot_from_json(json.loads(json.dumps(document)))) == document
            if self.steps[-1].status == "refused":
                assert self.steps[-1].snapshot is self.before
                assert not self.steps[-1].effects

        def _step(self, event: Event) -> Step:
            assert self.snapshot is not None
            return stepper.step(self.snapshot, event, self.at, purchase)

        def _took(self, step: Step) -> None:
            self.before = self.snapshot
            self.steps.append(step)
            if step.status != "refused":
                self.snapshot = step.snapshot

    CaseMachine.__name__ = CaseMachine.__qualname__ = f"CasesOf_{flow}"
    return CaseMachine

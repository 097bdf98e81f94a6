"""Owns one step while it is made: what is written, asked and entered on the way, from one waiting state to the next."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from csflow.evaluators import Decision
from csflow.evaluators.answering import Answer
from csflow.facts import ABSENT, Facts, Rewriter, facts_of
from csflow.flows.asking import Asking
from csflow.flows.bookkeeping import given_up, money_facts, settled_of
from csflow.flows.happenings import (
    FAILED,
    NOTHING,
    Effect,
    Event,
    Payment,
    Purchase,
    Refused,
    effect_key,
    effect_of,
)
from csflow.flows.snapshots import ASKED, NO_PLAN, Child, ClockState, Identity, Owed, Settled, Snapshot, TimerState
from csflow.flows.steps import Opened, Passage
from csflow.flows.timekeeping import Timekeeper
from csflow.pack.flows import EVENT, KEPT, OPENED, QUOTE, SET, SYSTEM, Choice, EffectKind, Flow, Row, State
from csflow.pack.model import LinkedPack
from csflow.settlement import (
    Book,
    Booking,
    Claimed,
    Quote,
    Settler,
    book_of,
    booked,
    budgets_of,
    read_claim,
    spent,
    voided,
)
from csflow.settlement import Payment as PaymentState
from csflow.values.kinds import scale_of
from csflow.values.presenting import to_json

_EVENT, _QUOTE, _OWN = f"{EVENT}.", f"{QUOTE}.", (f"{EVENT}.", f"{QUOTE}.", f"{KEPT}.")
_NO_ROW = {"undecided": "guard.undecided", "no_rule": "guard.no_row", "conflict": "guard.conflict"}
# INVARIANT: a checked flow never passes through more states and events than this in one step.
_MOST_PASSAGES = 100_000


@dataclass(frozen=True, slots=True)
class Ground:
    """What all runs of one flow stand on: its pack with and without its own facts, and what is compiled of it."""

    pack: LinkedPack
    flow_pack: LinkedPack
    flow: Flow
    asking: Asking
    rewriter: Rewriter
    timekeeper: Timekeeper
    settler: Callable[[str], Settler]


class Run:
    """One step of one case. What goes wrong raises `Refused`, and the run is dropped."""

    def __init__(
        self, ground: Ground, case: Identity, facts: Facts, at: int, purchase: Purchase | None, plan: Settled
    ) -> None:
        self._ground = ground
        self._purchase = purchase
        self._before: Snapshot | None = None
        self._words: list[str] = []
        self._event: Event | None = None
        self._report: Owed | None = None
        self.case = case
        self.at = at
        self.facts = facts
        self.state = ground.flow.states[ground.flow.start]
        self.entry = self.entered_at = 0
        self.sequence = 1
        self.clocks: Mapping[str, ClockState] = {}
        self.timers: tuple[TimerState, ...] = ()
        self.owed: tuple[Owed, ...] = ()
        self.children: Mapping[str, Child] = {}
        self.plan = plan
        self.effects: list[Effect] = []
        self.opened: list[Opened] = []
        self.bookings: list[Booking] = []
        self.voids: list[Settled] = []
        self.trail: list[Passage] = []
        self.asked: dict[str, Decision] = {}
        self.quote: Quote | None = None

    @classmethod
    def after(cls, ground: Ground, snapshot: Snapshot, at: int, purchase: Purchase | None) -> "Run":
        """A run that goes on from a snapshot."""
        run = cls(ground, snapshot.case, snapshot.facts, at, purchase, snapshot.plan)
        run._before = snapshot
        run.state = ground.flow.states[snapshot.state]
        run.entry, run.entered_at = snapshot.entry, snapshot.entered_at
        run.sequence = snapshot.sequence + 1
        run.clocks, run.timers = snapshot.clocks, snapshot.timers
        run.owed, run.children = snapshot.owed, snapshot.children
        return run

    def write(self, changed: Mapping[str, Any]) -> None:
        if changed:
            self.facts = self._ground.rewriter.with_values(self.facts, changed)

    # Events

    def begin(self) -> None:
        """Enter the first state, and go on until the case waits."""
        self._heard(OPENED)
        self._enter(self._ground.flow.start)
        self._go_on([])

    def happen(self, event: Event) -> None:
        """Let an event happen that the state takes, and all that follows until the case waits again."""
        self._event = event
        self._go_on([event.name])

    def _go_on(self, raised: list[str]) -> None:
        """A state with `go` is passed through before what was raised happens; of that the last comes first."""
        for _ in range(_MOST_PASSAGES):
            if self.state.go is not None:
                row = self._follow(None, self.state.go)
            elif raised:
                row = self._take(raised.pop())
            else:
                return
            if row.raises is not None:
                raised.append(row.raises)
        raise AssertionError(f"flow {self.case.flow} goes on without end")

    def _take(self, event: str) -> Row:
        choice = self._ground.flow.choice(self.state.name, event)
        if choice is None:
            raise Refused("event.not_here", event=event, state=self.state.name, takes=list(self.state.on))
        self._heard(event)
        return self._follow(event, choice)

    def _heard(self, word: str) -> None:
        """Something happened by which clocks may start or stop."""
        self._words.append(word)

    @property
    def reports_effect(self) -> bool:
        """Whether the event is about an effect that was awaited."""
        return self._report is not None

    def settle_outcome(self, event: Event) -> bool:
        """Note the outcome of an effect or a child; False for one that is not awaited: it came before."""
        found = self._awaited(event)
        if found is not None:
            self._report = found
            has_failed = event.name == found.failed
            rest = tuple(each for each in self.owed if each is not found)
            self.owed = (*rest, replace(found, state=FAILED)) if has_failed else rest
            if found.payment is not None:
                self.bookings.append((found.key_of(self.case), self._state_of(has_failed)))
            return True
        alias, _, outcome = event.name.partition(".")
        child = self.children.get(alias)
        if child is None or child.outcome is not None or event.of not in (None, child.key):
            return False
        self.children = {**self.children, alias: replace(child, outcome=outcome)}
        return True

    def _awaited(self, event: Event) -> Owed | None:
        for each in self.owed:
            if event.name not in (each.done, each.failed):
                continue
            # What has failed may still turn out to have succeeded; the same failure twice is one.
            is_open = each.state == ASKED or event.name == each.done
            if is_open and (event.of is None or each.key_of(self.case) == event.of):
                return each
        return None

    # Choices

    def _follow(self, event: str | None, choice: Choice) -> Row:
        """Go the way that holds, into the state where it leads; what it raises is still to happen."""
        row, answer = self._chosen(event, choice)
        if row.refuse is not None:
            raise Refused(row.refuse, row=row.id)
        self._set(row, answer)
        self._do(row.does)
        self._redo(row.redoes)
        if row.to is not None:
            self._enter(row.to)
        return row

    def _chosen(self, event: str | None, choice: Choice) -> tuple[Row, Answer | None]:
        decision = choice.decision
        if decision is None:
            self.trail.append(Passage(self.state.name, event, choice, choice.rows[0].id, self.facts))
            return choice.rows[0], None
        facts = self._facts_of_event(choice)
        answer = self._ground.asking.answer(decision.name, facts, self.at)
        conclusion = answer.conclusion
        if conclusion.status != "decided":
            self.trail.append(Passage(self.state.name, event, choice, None, facts))
            missing = list(self._ground.asking.missing(decision.name, facts, self.at))
            raise Refused(_NO_ROW[conclusion.status], state=self.state.name, event=event or "", missing=missing)
        self.trail.append(Passage(self.state.name, event, choice, conclusion.rule, facts))
        return next(row for row in choice.rows if row.id == conclusion.rule), answer

    def _facts_of_event(self, choice: Choice) -> Facts:
        """The facts with those of the event, where the rows read any."""
        if choice.decision is None or not choice.reads_event:
            return self.facts
        event, report = self._event, self._report
        same = [each for each in self.owed if report is not None and each.name == report.name]
        written = {
            f"{EVENT}.at": self.at,
            f"{EVENT}.by": SYSTEM if event is None else event.by,
            f"{EVENT}.left": sum(not each.has_failed for each in same),
            f"{EVENT}.failed": sum(each.has_failed for each in same),
        }
        return self._ground.rewriter.with_values(self.facts, written)

    def _set(self, row: Row, answer: Answer | None) -> None:
        changed = {f"{KEPT}.{name}": held for name, held in row.sets.items()}
        for name in row.advances:
            path = f"{KEPT}.{name}"
            changed[path] = self._next(name, self.facts.values[path])
        if answer is not None:
            held = answer.held.items()
            changed |= {f"{KEPT}.{name.removeprefix(SET)}": value for name, value in held if value is not None}
        self.write(changed)

    def _next(self, name: str, current: Any) -> Any:
        """The next symbol, the role above, or one more; the last one stays."""
        kind = self._ground.flow.keeps[name].kind
        if kind.high is not None:
            return min(current + scale_of(kind), kind.high)
        if kind.name == "role":
            above = (each.name for each in self._ground.pack.roles.values() if each.above == current)
            return min(above, default=current)
        symbols = kind.symbols
        return symbols[min(symbols.index(current) + 1, len(symbols) - 1)]

    # States

    def _enter(self, name: str) -> None:
        """Enter a state, and ask and do what it says on entry."""
        state = self.state = self._ground.flow.states[name]
        self.entry += 1
        self.entered_at = self.at
        self._heard(name)
        if state.quotes is not None:
            self._quote(state)
        for decision in state.decides:
            self._decide(decision)
        self._do(state.does)
        if state.opens is not None:
            self._open(state)
        if state.is_final:
            self._give_up()
        self.timers = self._ground.timekeeper.timers(state, self.facts, self.at) if state.timers else ()

    def _decide(self, name: str) -> None:
        asked = self._ground.asking.decision(name, self.facts, self.at)
        self.asked[name] = asked
        if asked.status != "decided":
            missing = [cause.name for cause in asked.missing]
            raise Refused("decision.undecided", decision=name, status=asked.status, missing=missing)

    def _quote(self, state: State) -> None:
        """Ask the settlement of the state; a claim that is refused there may be answered by the rows of the state."""
        assert state.quotes is not None
        purchase = self._purchase
        if purchase is None:
            raise Refused("quote.no_purchase", state=state.name, settlement=state.quotes)
        pack, ledger = self._ground.pack, purchase.ledger
        book = purchase.book if isinstance(purchase.book, Book) else None
        if book is None:
            book = Book(ledger.digest) if purchase.book is None else book_of(purchase.book, ledger)
        book = booked(voided(book, self._give_up()), self.bookings)
        claim = purchase.claim
        claimed = claim if isinstance(claim, Claimed) else read_claim(claim, pack, ledger)
        budgets = spent(budgets_of(purchase.budgets), [*given_up(self.voids), *self.bookings])
        found = self._ground.settler(state.quotes).quote(ledger, book, claimed, self.facts_of_pack(), self.at, budgets)
        self.quote = found
        if found.status == "undecided":
            missing = [str(getattr(cause, "name", cause)) for cause in found.missing]
            raise Refused("quote.undecided", settlement=state.quotes, missing=missing)
        self.plan = NO_PLAN if found.plan is None else settled_of(found.plan)
        if found.refusal is not None and state.go is None:
            raise Refused("quote.refused", settlement=state.quotes, refusal=found.refusal.code)
        self.write(money_facts(self._ground.pack, found, self.plan))

    def _give_up(self) -> tuple[int, ...]:
        """Give up what failed, and a plan of which nothing was asked for; its number, if there is one."""
        given_up = [each for each in self.owed if each.payment is not None and each.has_failed]
        self.bookings += [(each.key_of(self.case), PaymentState.FAILED) for each in given_up]
        self.owed = tuple(each for each in self.owed if each not in given_up)
        if self.plan is NO_PLAN or self.plan.asked:
            return ()
        self.voids.append(self.plan)
        self.plan = NO_PLAN
        return (self.voids[-1].number,)

    def _state_of(self, has_failed: bool) -> PaymentState:
        """How a payment stands: one that failed may be tried again as long as the case goes on."""
        if not has_failed:
            return PaymentState.SUCCEEDED
        return PaymentState.FAILED if self.state.is_final else PaymentState.UNKNOWN

    def facts_of_pack(self) -> Facts:
        """The facts without those of the flow."""
        values = {path: held for path, held in self.facts.values.items() if not path.startswith(_OWN)}
        return facts_of(self._ground.pack, values)

    def _open(self, state: State) -> None:
        opens = state.opens
        assert opens is not None
        known = self.children.get(opens.alias)
        if known is not None and known.outcome is None:
            raise Refused("child.open", child=opens.alias)
        if opens.with_plan and self.plan is NO_PLAN:
            raise Refused("plan.none", state=state.name)
        key = effect_key(self.case.flow, self.case.key, self.sequence, -1 - len(self.opened))
        handed = self.plan if opens.with_plan else NO_PLAN
        if opens.with_plan:
            self.plan = replace(self.plan, asked=True)
        self.opened.append(Opened(opens.alias, opens.flow, key, self.facts_of_pack(), handed))
        self.children = {**self.children, opens.alias: Child(opens.flow, key)}

    # Effects

    def _do(self, names: Iterable[str]) -> None:
        """Ask for effects, in their order."""
        for name in names:
            kind = self._ground.pack.effects[name]
            if kind.pays:
                self._pay(kind)
            else:
                self._ask(kind, None, None)

    def _pay(self, kind: EffectKind) -> None:
        """Every payment of the plan at hand, and what else its settlement asks for."""
        if self.plan is NO_PLAN:
            raise Refused("plan.none", state=self.state.name)
        for payment in self.plan.payments:
            self._ask(kind, payment, payment.key)
        for name, key, amount in self.plan.effects:
            done, failed = f"{name.partition('/')[0]}.done", f"{name.partition('/')[0]}.failed"
            self._add(name, (done, failed), key=key, amount=amount)
            self.owed = (*self.owed, Owed(name, self.sequence, len(self.effects) - 1, done, failed, key=key))
        self.plan = replace(self.plan, asked=True)

    def _ask(self, kind: EffectKind, payment: Payment | None, key: str | None) -> None:
        self._add(kind.name, (kind.done, kind.failed), self._needed(kind), payment, key)
        if kind.done is not None and kind.failed is not None:
            index = len(self.effects) - 1
            owed = Owed(kind.name, self.sequence, index, kind.done, kind.failed, ASKED, key, payment)
            self.owed = (*self.owed, owed)

    def _redo(self, names: Iterable[str]) -> None:
        """Ask again, under the same key, for what has failed."""
        for name in names:
            kind = self._ground.pack.effects[name]
            for each in self.owed:
                if each.name == name and each.has_failed:
                    key = each.key_of(self.case)
                    self._add(name, (kind.done, kind.failed), self._needed(kind), each.payment, key)
            self.owed = tuple(
                replace(each, state=ASKED) if each.name == name and each.has_failed else each for each in self.owed
            )

    def _add(
        self,
        name: str,
        events: tuple[str | None, str | None],
        facts: Mapping[str, Any] = NOTHING,
        payment: Payment | None = None,
        key: str | None = None,
        amount: int | None = None,
    ) -> None:
        case = self.case.flow, self.case.key
        self.effects.append(
            effect_of(name, case, self.sequence, len(self.effects), events, facts, payment, key, amount)
        )

    def _needed(self, kind: EffectKind) -> Mapping[str, Any]:
        values, facts = self.facts.values, self._ground.pack.facts
        missing = [path for path in kind.needs if path not in values]
        if missing:
            raise Refused("effect.undecided", effect=kind.name, missing=missing)
        return {
            path: None if values[path] is ABSENT else to_json(facts[path].kind, values[path], self._ground.pack.zone)
            for path in kind.needs
        }

    # The end of the step

    def snapshot(self) -> Snapshot:
        """The case as it stands now. Raises `Refused` where a clock that starts has no known length."""
        timekeeper = self._ground.timekeeper
        if self._words and timekeeper.listens(self._words, self.state, self._before):
            self.clocks = timekeeper.after(self.clocks, self._words, self.state, self.facts, self.at)
        found = Snapshot()
        found.case, found.state, found.entry, found.entered_at = self.case, self.state.name, self.entry, self.entered_at
        found.sequence, found.at, found.facts = self.sequence, self.at, self.facts
        found.clocks, found.timers, found.owed = self.clocks, self.timers, self.owed
        found.children, found.plan = self.children, self.plan
        return found

    def report(self) -> Event | None:
        """What a child that has ended tells its parent."""
        if self.case.alias is None or self.state.outcome is None or (self._before and self._was_final(self._before)):
            return None
        name = f"{self.case.alias}.{self.state.outcome}"
        return Event(name, SYSTEM, key=f"{self.case.key}/{self.state.outcome}", of=self.case.key)

    def _was_final(self, before: Snapshot) -> bool:
        return self._ground.flow.states[before.state].is_final

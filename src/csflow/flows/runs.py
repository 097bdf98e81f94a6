"""Owns one step while it is made: what is written, asked and entered on the way, from one waiting state to the next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from csflow.evaluators import Decision
from csflow.evaluators.answering import Answer
from csflow.facts import Facts, Rewriter, facts_of
from csflow.flows.asking import Asking
from csflow.flows.bookkeeping import given_up, money_facts, settled_of
from csflow.flows.dues import Dues
from csflow.flows.happenings import Event, Purchase, Refused, effect_key
from csflow.flows.snapshots import NO_PLAN, Child, ClockState, Identity, Settled, Snapshot, TimerState
from csflow.flows.steps import Opened, Passage
from csflow.flows.timekeeping import Timekeeper
from csflow.pack.flows import EVENT, KEPT, OPENED, QUOTE, SET, SYSTEM, Choice, Flow, Row, State
from csflow.pack.model import LinkedPack
from csflow.settlement import (
    Book,
    Claimed,
    Quote,
    Settler,
    book_of,
    booked,
    budgets_of,
    payment_keys,
    read_claim,
    spent,
    voided,
)
from csflow.values.kinds import scale_of

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
        self.dues = Dues(ground.pack, case, 1, (), plan)
        self._ground = ground
        self._purchase = purchase
        self._before: Snapshot | None = None
        self._words: list[str] = []
        self._event: Event | None = None
        self.case = case
        self.at = at
        self.facts = facts
        self.state = ground.flow.states[ground.flow.start]
        self.entry = self.entered_at = 0
        self.sequence = 1
        self.clocks: Mapping[str, ClockState] = {}
        self.timers: tuple[TimerState, ...] = ()
        self.children: Mapping[str, Child] = {}
        self.opened: list[Opened] = []
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
        run.children = snapshot.children
        run.dues = Dues(ground.pack, snapshot.case, run.sequence, snapshot.owed, snapshot.plan)
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
            raise Refused(
                "event.not_here", event=event, state=self.state.name, takes=self._ground.flow.awaited(self.state.name)
            )
        self._heard(event)
        return self._follow(event, choice)

    def _heard(self, word: str) -> None:
        """Something happened by which clocks may start or stop."""
        self._words.append(word)

    def settle_outcome(self, event: Event) -> bool:
        """Note the outcome of an effect or a child; False for one that is not awaited: it came before."""
        if self.dues.settle(event, is_final=self.state.is_final):
            return True
        alias, _, outcome = event.name.partition(".")
        child = self.children.get(alias)
        if child is None or child.outcome is not None or event.of not in (None, child.key):
            return False
        self.children = {**self.children, alias: replace(child, outcome=outcome)}
        return True

    # Choices

    def _follow(self, event: str | None, choice: Choice) -> Row:
        """Go the way that holds, into the state where it leads; what it raises is still to happen."""
        row, answer = self._chosen(event, choice)
        if row.refuse is not None:
            raise Refused(row.refuse, row=row.id)
        self._set(row, answer)
        self.dues.do(row.does, self.facts, self.state.name)
        self.dues.redo(row.redoes, self.facts)
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
        left, failed = self.dues.counts()
        written = {
            f"{EVENT}.at": self.at,
            f"{EVENT}.by": SYSTEM if self._event is None else self._event.by,
            f"{EVENT}.left": left,
            f"{EVENT}.failed": failed,
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
        self.dues.do(state.does, self.facts, name)
        if state.opens is not None:
            self._open(state)
        if state.is_final:
            self.dues.close(is_new=self.quote is not None)
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
        self.dues.give_up()
        found = self.quote = self._asked_of(state.quotes, purchase)
        if found.status == "undecided":
            missing = [str(getattr(cause, "name", cause)) for cause in found.missing]
            raise Refused("quote.undecided", settlement=state.quotes, missing=missing)
        plan = self.dues.plan = NO_PLAN if found.plan is None else settled_of(found.plan)
        if found.refusal is not None and state.go is None:
            raise Refused("quote.refused", settlement=state.quotes, refusal=found.refusal.code)
        self.write(money_facts(self._ground.pack, found, plan))

    def _asked_of(self, settlement: str, purchase: Purchase) -> Quote:
        """The quote for a purchase, whose book and budgets are without what was given up on the way."""
        ledger, dues = purchase.ledger, self.dues
        book = _book(purchase)
        book = voided(book, [plan.number for plan in dues.voids])
        known = payment_keys(book)
        book = booked(book, [each for each in dues.bookings if each[0] in known])
        claim = purchase.claim
        claimed = claim if isinstance(claim, Claimed) else read_claim(claim, self._ground.pack, ledger)
        budgets = spent(budgets_of(purchase.budgets), [*given_up(dues.voids), *dues.bookings])
        settler = self._ground.settler(settlement)
        return settler.quote(ledger, book, claimed, self.facts_of_pack(), self.at, budgets)

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
        key = effect_key(self.case.flow, self.case.key, self.sequence, -1 - len(self.opened))
        handed = self.dues.handed_over(state.name) if opens.with_plan else NO_PLAN
        self.opened.append(Opened(opens.alias, opens.flow, key, self.facts_of_pack(), handed))
        self.children = {**self.children, opens.alias: Child(opens.flow, key)}

    # The end of the step

    def snapshot(self) -> Snapshot:
        """The case as it stands now. Raises `Refused` where a clock that starts has no known length."""
        timekeeper = self._ground.timekeeper
        if self._words and timekeeper.listens(self._words, self.state, self._before):
            self.clocks = timekeeper.after(self.clocks, self._words, self.state, self.facts, self.at)
        found = Snapshot()
        found.case, found.state, found.entry, found.entered_at = self.case, self.state.name, self.entry, self.entered_at
        found.sequence, found.at, found.facts = self.sequence, self.at, self.facts
        found.clocks, found.timers, found.children = self.clocks, self.timers, self.children
        found.owed, found.plan = self.dues.owed, self.dues.plan
        return found

    def report(self) -> Event | None:
        """What a child that has ended tells its parent."""
        if self.case.alias is None or self.state.outcome is None or (self._before and self._was_final(self._before)):
            return None
        name = f"{self.case.alias}.{self.state.outcome}"
        return Event(name, SYSTEM, key=f"{self.case.key}/{self.state.outcome}", of=self.case.key)

    def _was_final(self, before: Snapshot) -> bool:
        return self._ground.flow.states[before.state].is_final


def _book(purchase: Purchase) -> Book:
    """The book of the purchase: as it is, or its JSON; an empty one where nothing was refunded before."""
    book, ledger = purchase.book, purchase.ledger
    if isinstance(book, Book):
        return book
    return Book(ledger.digest) if book is None else book_of(book, ledger)

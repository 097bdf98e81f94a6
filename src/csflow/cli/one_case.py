"""Owns one case told from its opening to its end: a return not answered in time, and the payout of its refund."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from csflow.cli.two_refunds import bought

if TYPE_CHECKING:
    from csflow.api.packs import Pack
    from csflow.facts import Facts
    from csflow.flows import Event, Opened, Simulation, Step
    from csflow.reports.timeline import Timeline

FLOW = "return_refund"
_KEY = "return-1"
_OPENED_AT = "2025-11-17T10:00:00+08:00"
_HOUR = 3_600_000_000
_ADDRESS = {"return_address_true": True, "return_contact_given": True, "return_phone_given": True}
# Hours that pass, what happens then, who sends it, and what it carries.
_HAPPENS: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
    (2, "refuse", "merchant", {"claim": {"condition": "tried"}}),
    (1, "agree", "merchant", {"merchant": _ADDRESS}),
    (20, "sent_back", "customer", {"return": {"tracking_number": "SF1042", "quantity_sent": 1}}),
    (
        48,
        "arrived",
        "carrier",
        {"claim": {"goods_received_at": "2025-11-20T09:00:00+08:00"}, "return": {"quantity_received": 1}},
    ),
    (3, "inspected", "merchant", {"claim": {"condition": "tried"}}),
)


def one_case(pack: "Pack", folder: Path, language: str) -> Iterator[str]:
    """Lines: the second refund of the example's order as a case, the first being paid, with its clocks at the start.

    What time raises comes at its own moment. Of the payments the first fails, and is asked again under its own key.
    """
    case = _Told(*_case(pack, folder), language)
    yield from case.opening()
    for hours, event, by, carried in _HAPPENS:
        yield from case.wait(hours)
        yield from case.happen(event, by, carried)
    yield from case.pay_out(pack)


def _case(pack: "Pack", folder: Path) -> "tuple[Simulation, Facts]":
    """The case before it is opened, and its facts."""
    from csflow.facts.files import read_facts_file
    from csflow.flows import Simulation
    from csflow.values.instants import parse_instant

    order = bought(pack, folder)
    first, _ = order.refunds(pack)
    assert first.plan is not None
    played = Simulation(pack.stepper(FLOW), parse_instant(_OPENED_AT), order.ledger, order.claims[1])
    played.book = first.plan.book
    facts = read_facts_file(pack.linked, "case.yaml", (folder / "case.yaml").read_bytes(), order.facts.values)
    return played, facts


class _Told:
    """A case, and its timeline in one language."""

    def __init__(self, played: "Simulation", facts: "Facts", language: str) -> None:
        self._played = played
        self._facts = facts
        self._language = language
        self._timeline = _timeline(played, language)
        self._opened: Opened | None = None

    def opening(self) -> Iterator[str]:
        yield from self._tell(self._played.open(self._facts, _KEY))
        assert self._played.snapshot is not None
        yield from self._timeline.clocks(self._played.snapshot, self._played.at)

    def wait(self, hours: int) -> Iterator[str]:
        for step in self._played.pass_time(self._played.at + hours * _HOUR):
            yield from self._tell(step)

    def happen(self, event: str, by: str, carried: dict[str, Any]) -> Iterator[str]:
        from csflow.flows import Event

        yield from self._send(Event(event, by, data=carried))

    def pay_out(self, pack: "Pack") -> Iterator[str]:
        """The child case, told apart; with what it reports the case goes on."""
        from csflow.flows import Simulation

        assert self._opened is not None
        child = Simulation(pack.stepper(self._opened.flow), self._played.at)
        timeline = _timeline(child, self._language)
        for step in _paid(child, self._opened):
            yield from ("    " + line for line in timeline.lines(step, step.at))
            reports = step.reports
        assert reports is not None
        yield from self.wait((child.at - self._played.at) // _HOUR)
        yield from self._send(reports)

    def _send(self, event: "Event") -> Iterator[str]:
        yield from self._tell(self._played.send(event))

    def _tell(self, step: "Step") -> Iterator[str]:
        for opened in step.opened:
            self._opened = opened
        yield from self._timeline.lines(step, step.at)


def _paid(child: "Simulation", opened: "Opened") -> "Iterator[Step]":
    """The steps of a payout: its first payment fails, the others succeed; an hour later the first does, too."""
    opening = child.open_child(opened)
    yield opening
    failing, *others = opening.effects
    yield child.send(failing.failed())
    for effect in others:
        yield child.send(effect.succeeded())
    for retried in child.pass_time(child.at + _HOUR):
        yield retried
        for effect in retried.effects:
            yield child.send(effect.succeeded())


def _timeline(played: "Simulation", language: str) -> "Timeline":
    from csflow.reports.timeline import Timeline

    return Timeline(played.stepper, language)

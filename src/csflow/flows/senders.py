"""Owns who may send an event: by name, by the ladder of roles, or as a decision says."""

from csflow.facts import Facts
from csflow.flows.asking import Asking
from csflow.flows.happenings import Refused
from csflow.pack.flows import Flow, FlowEvent
from csflow.pack.model import LinkedPack

_ROLE = "role"


class Senders:
    """The senders of one flow."""

    def __init__(self, pack: LinkedPack, flow: Flow, asking: Asking) -> None:
        self._asking = asking
        self._below = {name: frozenset(pack.rungs(name)) for name in pack.roles}

    def require(self, event: FlowEvent, by: str, facts: Facts, at: int) -> None:
        """Raises `Refused` unless the sender may send it: as who is named, or as one who stands above them."""
        if by in event.senders and event.role is None:
            return
        named = self.of(event, facts, at)
        if by not in named and not self._below.get(by, frozenset()) & set(named):
            raise Refused("role.missing", event=event.name, by=by, needs=list(named))

    def may(self, event: FlowEvent, by: str, facts: Facts, at: int) -> bool:
        try:
            self.require(event, by, facts, at)
        except Refused:
            return False
        return True

    def of(self, event: FlowEvent, facts: Facts, at: int) -> tuple[str, ...]:
        """Who may send it. Raises `Refused` where the role is not known."""
        if event.role is None:
            return event.senders
        answer = self._asking.answer(event.role.name, facts, at)
        if answer.conclusion.status != "decided":
            missing = self._asking.missing(event.role.name, facts, at)
            raise Refused("guard.undecided", event=event.name, missing=list(missing))
        role = answer.held.get(_ROLE)
        return () if role is None else (role,)

"""Owns what `import csflow` gives: loading a pack, checking facts, deciding."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from csflow.api.cases import Cases
from csflow.diagnostics import Finding, UnknownName
from csflow.diagnostics.ignoring import sifted
from csflow.diagnostics.rendering.text import render_text
from csflow.evaluators import Decider, Decision
from csflow.facts import Decoder, Facts, read_facts
from csflow.facts.documents import map_document
from csflow.flows import Event, Opened, Purchase, Snapshot, Step, Stepper
from csflow.flows.outlook import Allowed, ClockReading
from csflow.loading.passes import Loaded, load_files, load_folder
from csflow.loading.standard import standard_folder
from csflow.pack.model import LinkedPack
from csflow.settlement import Book, Budget, Ledger, Quote, Settler, book_of, budgets_of, ledger_of, read_claim
from csflow.values.instants import instant_from_datetime, parse_instant


class PackError(ValueError):
    """A pack that does not check. `diagnostics` holds every finding, warnings included."""

    def __init__(self, findings: list[Finding]) -> None:
        self.diagnostics = findings
        super().__init__("\n" + render_text(findings, "en"))


class InstantRequired(ValueError):
    """A pack that reads the instant of the decision was asked without one."""

    def __init__(self, pack: str) -> None:
        super().__init__(
            f"pack {pack!r} chooses editions by the time of the decision (parameter `transition`): pass at=, "
            "an aware datetime or RFC 3339 such as '2026-11-24T10:00:00+08:00'"
        )


class Pack:
    """A checked pack. Immutable, and safe to share between threads."""

    def __init__(self, linked: LinkedPack, findings: list[Finding]) -> None:
        self.linked = linked
        self.diagnostics = findings
        self._needs_at = linked.needs_at
        self._decoder = Decoder(linked)
        self._decider = Decider(linked, self._decoder)
        self._deciding: dict[str, Callable[[Any, int | None], Decision]] = {}
        self._settlers: dict[str, Settler] = {}
        self._cases = Cases(linked, self._settler)

    def __repr__(self) -> str:
        return f"Pack({self.name!r}, {self.digest[:19]})"

    @property
    def name(self) -> str:
        return self.linked.name

    @property
    def digest(self) -> str:
        """`sha256:...` over everything that can change an answer."""
        return self.linked.digest

    @property
    def text_digest(self) -> str:
        """`sha256:...` over titles, sources and messages."""
        return self.linked.text_digest

    @property
    def decisions(self) -> tuple[str, ...]:
        return tuple(sorted(self.linked.decisions))

    @property
    def flows(self) -> tuple[str, ...]:
        return tuple(sorted(self.linked.flows))

    @property
    def mappings(self) -> tuple[str, ...]:
        return tuple(sorted(self.linked.mappings))

    def facts(self, given: Any) -> Facts:
        """Checked facts from `{record: {field: value}}` or `{"record.field": value}`, or JSON text or bytes of that.

        A record, the records of a list, and the whole may be objects, read by attribute. A field that is None or left
        out is absent where the fact sheet says optional, otherwise unknown. Raises `FactError` for an undeclared key,
        a value of another kind, one out of bounds, an object without an attribute for an optional fact, and text that
        is not JSON; and whatever an attribute raises that is read. Checked facts are given back as they are.
        """
        return given if isinstance(given, Facts) else self._decoder.facts(given)

    def map(
        self, mapping: str, document: Any, more: Mapping[str, Any] | None = None, *, subject: str | None = None
    ) -> Facts:
        """Checked facts from a platform's document (JSON as Python values) by a mapping of the pack.

        `more` adds facts that the document does not hold (the customer's claim, say) and wins where both
        give one. `subject` is what findings call the document. Raises `FactError` naming each path of the
        document that is missing or odd; `UnknownName` for a mapping the pack does not have.
        """
        known = self.linked.mappings
        if mapping not in known:
            raise UnknownName("mapping", mapping, list(known))
        mapped = map_document(self.linked, known[mapping], document, subject=subject)
        return read_facts(self.linked, more or {}, known=mapped)

    def decide(self, decision: str, facts: Any, *, at: dt.datetime | str | None = None) -> Decision:
        """The answer of one decision. `facts` are checked ones, or whatever `pack.facts` takes.

        `at` is the instant of the decision, an aware datetime or RFC 3339. It is required where the pack chooses
        editions by the time of the decision (`transition`), so that a case never depends on the clock unseen; where
        only a layer does, a case in which that layer holds is `undecided` without it, cause `instant`. Never raises
        on facts that decode; raises `FactError` for those that do not, `UnknownName` for an unknown decision,
        `InstantRequired` where `at` is missing and ValueError where it is naive or no instant.
        """
        try:
            decide = self._deciding[decision]
        except KeyError:
            decide = self._deciding[decision] = self._decider.decision(self._known(decision))
        instant = None
        if at is not None or self._needs_at:
            instant = self._instant(at)
        return decide(facts, instant)

    def freeze(self, order: Any) -> Ledger:
        """The frozen ledger of an order: `{"id", "lines", "offers", "freight", "tax", "tenders"}`.

        Every offer (in the sequence in which it was taken), freight and tax is apportioned to units once. Amounts are
        "12.34 CNY", `Money` or its JSON, in the currency of the pack. Raises `FactError` with every fault of the order,
        each by its path; nothing is put right.
        """
        return ledger_of(order, self.linked.currency, self.linked.rounding)

    def quote(
        self,
        ledger: Ledger,
        claim: Any,
        facts: Any,
        *,
        settlement: str | None = None,
        book: Book | Mapping[str, Any] | None = None,
        budgets: Mapping[str, Budget | Mapping[str, Any]] | None = None,
        at: dt.datetime | str | None = None,
    ) -> Quote:
        """What is due for a claim against an order, by a settlement of the pack (its only one, unless named).

        `claim` is `{"returns": [{"line", "quantity", "reason"}], "granted": [{"line", "amount"}], "concerns":
        [{"name", "reason", "option", "event"}], "to", "consent", "reversals"}`: what comes back, what is given
        back for lines that stay, and which amounts and effects of the settlement it is about, each for a reason
        of its own, by the option chosen, and by event where one name is due more than once; `to` is the kind of
        tender that the customer wants cash to go to and `consent` says that this was agreed, `reversals` are
        ids of the order's `surplus` payments. `facts` are whatever `pack.facts` takes, `book` what was refunded
        before (nothing, when None), or its JSON. `budgets` are those of the customer, by the name of the amount, for
        amounts with a budget. Nothing is paid and nothing changes: `quote.plan.book` and `quote.plan.budgets` are to
        be kept once the plan is carried out. Never raises on a claim and facts that decode; raises
        `FactError` for those that do not, `UnknownName` for an unknown settlement, and what `decide` does for
        `at`.
        """
        settler = self._settler(settlement)
        claimed = read_claim(claim, self.linked, ledger)
        instant = None if at is None and not self._needs_at else self._instant(at)
        kept = Book(ledger.digest) if book is None else book_of(book, ledger)
        return settler.quote(ledger, kept, claimed, self.facts(facts), instant, budgets_of(budgets or {}))

    def open(self, flow: str, facts: Any, *, key: str, at: dt.datetime | str, purchase: Purchase | None = None) -> Step:
        """A case of a flow, opened at an instant; `key` is the host's own for it, and part of every key of the case.

        `purchase` is needed where a state that is entered asks for a quote. The step that comes back is refused where
        the case cannot even be opened. Raises `UnknownName` for an unknown flow, `FactError` for facts or a claim that
        do not decode, ValueError for an instant that is naive or none.
        """
        return self._cases.open(flow, self.facts(facts), key, self._instant(at), purchase)

    def open_child(self, opened: Opened, *, at: dt.datetime | str, purchase: Purchase | None = None) -> Step:
        """The case that a step has asked to open. When it has ended, its `step.reports` is the event for the parent."""
        return self._cases.open_child(opened, self._instant(at), purchase)

    def step(
        self, snapshot: Snapshot, event: Event, *, at: dt.datetime | str, purchase: Purchase | None = None
    ) -> Step:
        """What becomes of an event: moved, refused or absorbed. Nothing is changed: the next snapshot is in the step.

        Never raises on an event, whatever it carries; raises `FactError` for a claim of the purchase that does not
        decode, ValueError for an instant that is naive or none.
        """
        return self._cases.step(snapshot, event, self._instant(at), purchase)

    def stepper(self, flow: str) -> Stepper:
        """A flow compiled, for simulations and reports. Raises `UnknownName` for an unknown flow."""
        return self._cases.stepper(flow)

    def stepping(self, flow: str) -> Callable[[Snapshot, Event, int], Step]:
        """A flow as a function of a snapshot, an event and an instant in microseconds since 1970-01-01T00:00:00Z.

        For loops over many cases: nothing stands between the caller and the compiled flow. No purchase is given, so a
        state that asks for a quote refuses the step. Raises `UnknownName` for an unknown flow.
        """
        return self._cases.stepper(flow).step

    def allowed(self, snapshot: Snapshot, *, role: str | None = None, at: dt.datetime | str) -> tuple[Allowed, ...]:
        """The events that the case would take now; with a role, party or `system`, those alone that it may send."""
        return self._cases.allowed(snapshot, role, self._instant(at))

    def clocks(self, snapshot: Snapshot, *, at: dt.datetime | str) -> tuple[ClockReading, ...]:
        """What every clock of the case that was started shows."""
        return self._cases.clocks(snapshot, self._instant(at))

    def due(self, snapshot: Snapshot, *, at: dt.datetime | str) -> tuple[Event, ...]:
        """The events that time has raised by now, to be sent to the case one after the other."""
        return self._cases.due(snapshot, self._instant(at))

    def snapshot_to_json(self, snapshot: Snapshot) -> dict[str, Any]:
        """The case as plain JSON: all that is needed to go on with it."""
        return self._cases.to_json(snapshot)

    def snapshot_from_json(self, document: Mapping[str, Any]) -> Snapshot:
        """The case of such a document. Raises `UnknownName`, `FactError` or KeyError for one of another pack.

        ValueError for what no case of its flow can be in, such as a document that was altered by hand.
        """
        return self._cases.from_json(document)

    def _settler(self, name: str | None) -> Settler:
        known = self.linked.settlements
        chosen = next(iter(known), "") if name is None and len(known) == 1 else name or ""
        if chosen not in known:
            raise UnknownName("settlement", chosen, list(known))
        if chosen not in self._settlers:
            self._settlers[chosen] = Settler(self.linked, known[chosen])
        return self._settlers[chosen]

    def function(self, decision: str, *, at: dt.datetime | str | None = None) -> Callable[[Any], Mapping[str, Any]]:
        """A decision, made at one instant, as a function of facts that gives the outputs alone.

        It takes checked facts, or whatever `pack.facts` takes. For loops over many cases: nothing stands between the
        caller and the compiled table. The outputs are a read-only mapping, empty unless decided. `at` and what is
        raised are those of `decide`.
        """
        name = self._known(decision)
        return self._decider.outputs(name, None if at is None and not self._needs_at else self._instant(at))

    def _instant(self, at: dt.datetime | str | None) -> int:
        if at is None:
            raise InstantRequired(self.name)
        return parse_instant(at) if isinstance(at, str) else instant_from_datetime(at)

    def _known(self, decision: str) -> str:
        if decision not in self.linked.decisions:
            raise UnknownName("decision", decision, list(self.linked.decisions))
        return decision


def load_pack(path: str | Path | Mapping[str, bytes]) -> Pack:
    """The pack in a folder, or made of `{relative path: file content}`.

    Its tests are passed over: `csflow check` and `csflow test` read them. Raises `PackError` with every finding
    when the pack does not check.
    """
    return pack_of(load_files(path, tests=False) if isinstance(path, Mapping) else load_folder(Path(path), tests=False))


def standard_pack(name: str) -> Pack:
    """The pack of that name which comes with csflow, such as "cn". Raises `PackError`."""
    return pack_of(load_folder(standard_folder(name), shown_as=f"policies/{name}", tests=False))


def pack_of(loaded: Loaded) -> Pack:
    """The pack that a load gave. Raises `PackError` where it gave none."""
    if loaded.pack is None:
        raise PackError(loaded.diagnostics.sorted())
    told, _ = sifted(loaded.diagnostics.sorted(), loaded.ignores)
    return Pack(loaded.pack, told)

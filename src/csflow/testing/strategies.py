"""Owns facts by chance for property tests: well-typed, within the fact sheet's bounds, often at the pack's borders.

Needs `hypothesis` (`pip install csflow[testing]`), which is imported here alone. What is drawn shrinks towards
few facts, first symbols, numbers near zero and early days.
"""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from csflow.facts import Facts
from csflow.pack.model import LinkedPack
from csflow.testing.pools import Pools
from csflow.testing.reading import facts_read
from csflow.values.decoding import WIDEST_TEXT, bounds_of, exact
from csflow.values.instants import DAY, EPOCH_DAY, FIRST_DAY, LAST_DAY, SECOND, format_date
from csflow.values.kinds import NUMERIC, Kind, Member
from csflow.values.presenting import to_json

if TYPE_CHECKING:
    from csflow.api.packs import Pack

# Records beyond these few find nothing new, and take long to draw.
_MOST_RECORDS = 5
_LONGEST_TEXT = 20


def facts(
    pack: "Pack", decision: str | None = None, *, unknown: bool = False, absent: bool = True
) -> SearchStrategy[dict[str, dict[str, Any]]]:
    """Facts as a backend gives them, `{record: {field: value}}`: what `pack.facts` takes.

    Those that one decision reads, or all of the fact sheet. Optional ones are left out at times, unless
    `absent=False`; with `unknown=True` required ones are, too. Instants are RFC 3339 text, amounts "12.34 CNY".
    Raises `UnknownName` for a decision that the pack does not have.
    """
    paths = _paths(pack, decision)
    drawing = _Drawing(pack.linked)
    given: dict[str, SearchStrategy[Any]] = {}
    left_out: dict[str, SearchStrategy[Any]] = {}
    for path in paths:
        fact = pack.linked.facts[path]
        may_be_left_out = absent if fact.optional else unknown
        (left_out if may_be_left_out else given)[path] = drawing.of(fact.kind, unknown, absent)
    return st.fixed_dictionaries(given, optional=left_out).map(_by_record)


def checked_facts(
    pack: "Pack", decision: str | None = None, *, unknown: bool = False, absent: bool = True
) -> SearchStrategy[Facts]:
    """The same, checked already: what `pack.decide` takes without decoding it again."""
    return facts(pack, decision, unknown=unknown, absent=absent).map(pack.facts)


def instants(pack: "Pack") -> SearchStrategy[dt.datetime]:
    """Aware instants for `at=`: days on which the pack is in force, and those around its editions."""
    return _Drawing(pack.linked).instants().map(dt.datetime.fromisoformat)


def drawn_value(pack: "Pack", path: str) -> SearchStrategy[Any]:
    """Values of one fact, as a backend gives them."""
    return _Drawing(pack.linked).of(pack.linked.facts[path].kind, unknown=False, absent=False)


def _paths(pack: "Pack", decision: str | None) -> tuple[str, ...]:
    if decision is None:
        return tuple(pack.linked.facts)
    if decision not in pack.linked.decisions:
        from csflow.diagnostics import UnknownName

        raise UnknownName("decision", decision, list(pack.linked.decisions))
    return facts_read(pack.linked, decision)


def _by_record(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, value in given.items():
        record, _, name = path.partition(".")
        found.setdefault(record, {})[name] = value
    return found


class _Drawing:
    """Strategies for the kinds of one pack; half of the numbers and days lie at what the pack mentions."""

    def __init__(self, pack: LinkedPack) -> None:
        self._pack = pack
        self._pools = Pools(pack)

    def of(self, kind: Kind, unknown: bool, absent: bool) -> SearchStrategy[Any]:
        """Values of a kind in the form that a backend gives."""
        if kind.name == "list":
            most = min(kind.max_items or _MOST_RECORDS, _MOST_RECORDS)
            return st.lists(self._record(kind.members, unknown, absent), max_size=most)
        if kind.name == "bool":
            return st.booleans()
        if kind.is_symbolic:
            return st.sampled_from(kind.symbols)
        if kind.name == "text":
            return self._text(kind)
        if kind.name == "date":
            return self._days().map(format_date)
        if kind.name == "datetime":
            return self.instants()
        return self._numbers(kind)

    def instants(self) -> SearchStrategy[str]:
        """Any second of a day; midnights and the seconds beside them more often."""
        seconds = st.sampled_from((0, 1, 86_399)) | st.integers(0, 86_399)
        first = (FIRST_DAY + 1 - EPOCH_DAY) * DAY
        last = (LAST_DAY - EPOCH_DAY) * DAY - 1
        start = self._days().map(self._pools.midnight)
        kind = Kind("datetime")
        return st.builds(lambda begin, second: min(max(begin + second * SECOND, first), last), start, seconds).map(
            lambda held: str(to_json(kind, held, self._pack.zone))
        )

    def _days(self) -> SearchStrategy[int]:
        first, last = self._pools.interval
        return st.integers(first, last) | st.sampled_from(self._pools.values(Kind("date")))

    def _record(self, members: tuple[Member, ...], unknown: bool, absent: bool) -> SearchStrategy[dict[str, Any]]:
        drawn = {member.name: self.of(member.kind, unknown, absent) for member in members}
        left_out = {member.name for member in members if (absent if member.optional else unknown)}
        given = {name: each for name, each in drawn.items() if name not in left_out}
        return st.fixed_dictionaries(given, optional={name: drawn[name] for name in left_out})

    def _text(self, kind: Kind) -> SearchStrategy[str]:
        longest = min(kind.max_length or WIDEST_TEXT, _LONGEST_TEXT)
        # A codec: lone surrogates are no text.
        any_text = st.text(st.characters(codec="utf-8"), max_size=longest)
        return st.sampled_from(self._pools.values(kind)) | any_text

    def _numbers(self, kind: Kind) -> SearchStrategy[Any]:
        assert kind.name in NUMERIC  # INVARIANT: facts have no other kinds.
        low, high = bounds_of(kind)
        held = st.integers(low, high) | st.sampled_from(self._pools.values(kind))
        # A backend gives whole numbers as such, everything else as text with its unit.
        return held if kind.name in ("int", "quantity") else held.map(lambda each: exact(kind, each))

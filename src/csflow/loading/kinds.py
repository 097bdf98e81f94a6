"""Owns turning what an author says of a fact, parameter or output into its kind."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from csflow.definitions.kinds import KindSection
from csflow.definitions.sections import FactSection
from csflow.diagnostics import Diagnostics, Mark
from csflow.pack.model import Code, Reason, Role, Symbol
from csflow.values import kinds as k
from csflow.values.decoding import WIDEST_TEXT, Misfit, exact, from_text
from csflow.values.kinds import Kind, Member

# Which fields besides `type` and `title` a kind takes.
_RANGE = frozenset({"min", "max"})
_FIELDS = {
    "enum": frozenset({"of"}),
    "text": frozenset({"max_length"}),
    "decimal": _RANGE | {"places"},
    **dict.fromkeys(("int", "quantity", "percent", "money", "days", "duration"), _RANGE),
}
_PLAIN = (k.BOOL, k.INT, k.QUANTITY, k.PERCENT, k.DAYS, k.DURATION, k.DATE, k.DATETIME, k.TEXT, k.WINDOW)
_SIMPLE = {kind.name: kind for kind in _PLAIN}
_MOST_PLACES = 12
_MOST_ITEMS = 10_000
_USUAL_ITEMS = 1_000

Titled = Reason | Code | Symbol | Role


class Kinds:
    """The kinds of one pack: its currency and its words are part of them."""

    def __init__(self, currency: str, vocabularies: Mapping[str, Mapping[str, Titled]]) -> None:
        self.currency = currency
        self._vocabularies = {name: _vocabulary(name, words) for name, words in vocabularies.items()}
        own = self._vocabularies["party"]
        self._vocabularies["party"] = replace(
            k.PARTY, symbols=k.PARTY.symbols + own.symbols, titles={**k.PARTY.titles, **own.titles}
        )
        self._vocabularies["liability"] = k.LIABILITY

    def vocabulary(self, name: str) -> Kind:
        """The kind of the pack's own words: `reason`, `code`, `party`, `role` ..."""
        return self._vocabularies[name]

    def link_fact(self, section: FactSection, diagnostics: Diagnostics) -> Kind:
        """The kind of a fact, which may be a list of records."""
        if section.each:
            return self._list(section, diagnostics)
        if section.type is None:
            diagnostics.report("missing-key", section.mark, key="type")
            return k.BROKEN
        if section.max_items is not None:
            diagnostics.report("misplaced-bound", section.mark, field="max_items", kind=Kind(section.type).word)
        return self.link(section, diagnostics)

    def _list(self, section: FactSection, diagnostics: Diagnostics) -> Kind:
        if section.type is not None:
            diagnostics.report("misplaced-key", section.mark_of("type"), key="type", other="each")
        for given in ("of", "places", "min", "max", "max_length"):
            if getattr(section, given) not in (None, ()):
                diagnostics.report("misplaced-bound", section.mark, field=given, kind=Kind("list").word)
        most = _USUAL_ITEMS if section.max_items is None else section.max_items
        if not 1 <= most <= _MOST_ITEMS:
            diagnostics.report("out-of-bounds", section.mark, given=str(most), low=1, high=_MOST_ITEMS)
        members = tuple(
            Member(name, self.link(member, diagnostics), member.optional, member.pii, member.title)
            for name, member in sorted(section.each.items())
        )
        return Kind("list", members=members, max_items=most)

    def link(self, section: KindSection, diagnostics: Diagnostics) -> Kind:
        """The kind a section declares; BROKEN when something about it was reported."""
        name = section.type
        for given in ("of", "places", "min", "max", "max_length"):
            if getattr(section, given) not in (None, ()) and given not in _FIELDS.get(name, ()):
                diagnostics.report("misplaced-bound", section.mark, field=given, kind=k.Kind(name).word)
                return k.BROKEN
        if name in self._vocabularies:
            return self._vocabularies[name]
        if name == "enum":
            return _enum(section, diagnostics)
        if name == "text":
            return self._text(section, diagnostics)
        return self._bounded(section, diagnostics)

    def _text(self, section: KindSection, diagnostics: Diagnostics) -> Kind:
        length = section.max_length
        if length is not None and not 1 <= length <= WIDEST_TEXT:
            diagnostics.report("out-of-bounds", section.mark, given=str(length), low=1, high=WIDEST_TEXT)
        return replace(k.TEXT, max_length=length)

    def _bounded(self, section: KindSection, diagnostics: Diagnostics) -> Kind:
        if section.type == "decimal":
            if section.places is None or not 0 <= section.places <= _MOST_PLACES:
                diagnostics.report("decimal-without-places", section.mark, most=_MOST_PLACES)
                return k.BROKEN
            kind = Kind("decimal", places=section.places)
        elif section.type == "money":
            kind = k.money(self.currency)
        else:
            kind = _SIMPLE[section.type]
        low, high = (_bound(kind, bound, diagnostics) for bound in (section.min, section.max))
        if low is not None and high is not None and low > high:
            assert section.max is not None
            diagnostics.report("empty-bounds", section.max.mark, low=exact(kind, low), high=exact(kind, high))
        return replace(kind, low=low, high=high)


def _vocabulary(name: str, words: Mapping[str, Titled]) -> Kind:
    titles = {word: each.title for word, each in words.items() if each.title}
    return Kind(name, tuple(sorted(words)), titles=titles)


def _bound(kind: Kind, written: Any, diagnostics: Diagnostics) -> int | None:
    if written is None:
        return None
    held = decode(kind, written.text, written.mark, diagnostics)
    return held if isinstance(held, int) else None


def decode(kind: Kind, text: str, mark: Mark, diagnostics: Diagnostics) -> Any:
    """The held form of a text of the pack; None when it, or the kind, was reported."""
    if kind.is_broken:
        return None
    try:
        return from_text(kind, text)
    except Misfit as misfit:
        diagnostics.report(misfit.name, mark, suggestion=misfit.suggestion, **misfit.values)
        return None


def _enum(section: KindSection, diagnostics: Diagnostics) -> Kind:
    if not section.of:
        diagnostics.report("enum-without-values", section.mark)
        return k.BROKEN
    seen: set[str] = set()
    for symbol, _ in section.of:
        if symbol.text in seen:
            diagnostics.report("duplicate-symbol", symbol.mark, symbol=symbol.text)
        seen.add(symbol.text)
    return Kind(
        "enum",
        symbols=tuple(symbol.text for symbol, _ in section.of),
        titles={symbol.text: title for symbol, title in section.of if title is not None},
    )

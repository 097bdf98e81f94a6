"""Owns turning what an author says of a fact, parameter or output into its kind."""

from dataclasses import replace
from typing import Any

from csflow.definitions.sections import KindSection
from csflow.diagnostics import Diagnostics, Mark
from csflow.pack.model import Code, Reason
from csflow.values import kinds as k
from csflow.values.decoding import WIDEST_TEXT, Misfit, exact, from_text
from csflow.values.kinds import Kind

# Which fields besides `type` and `title` a kind takes.
_RANGE = frozenset({"min", "max"})
_FIELDS = {
    "enum": frozenset({"of"}),
    "text": frozenset({"max_length"}),
    "decimal": _RANGE | {"places"},
    **dict.fromkeys(("int", "percent", "money", "days", "duration"), _RANGE),
}
_SIMPLE = {
    kind.name: kind for kind in (k.BOOL, k.INT, k.PERCENT, k.DAYS, k.DURATION, k.DATE, k.DATETIME, k.TEXT, k.WINDOW)
}
_MOST_PLACES = 12


class Kinds:
    """The kinds of one pack: its currency, reasons and codes are part of them."""

    def __init__(self, currency: str, reasons: dict[str, Reason], codes: dict[str, Code]) -> None:
        self.currency = currency
        self._vocabularies = {
            "reason": Kind(
                "reason", tuple(sorted(reasons)), titles={c: r.title for c, r in reasons.items() if r.title}
            ),
            "code": Kind("code", tuple(sorted(codes)), titles={c: r.title for c, r in codes.items() if r.title}),
            "party": k.PARTY,
            "liability": k.LIABILITY,
        }

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

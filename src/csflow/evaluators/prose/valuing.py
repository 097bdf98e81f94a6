"""Owns values in words: amounts, dates, lengths of time, symbols, windows."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from csflow.diagnostics import Phrase, Word
from csflow.evaluators.prose.naming import Naming
from csflow.evaluators.prose.text import Named, Prose, fill, joined, plain
from csflow.expressions.terms import Constant, Reference, Space
from csflow.pack.model import LinkedPack
from csflow.values.calendars import DayClass
from csflow.values.instants import SECOND
from csflow.values.kinds import Kind
from csflow.values.money import Money
from csflow.values.presenting import to_sentence
from csflow.values.windows import ByFact, CountsFrom, Longest, MonthEnd, Window, WindowUnit

_CURRENCIES = frozenset({"CNY", "TWD", "HKD", "EUR", "USD", "JPY"})
_UNITS = ((3600, "hour"), (60, "minute"), (1, "second"))
_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_LINKED = frozenset({"code", "reason", "role"})


class Valuing:
    """The values of one pack in one language."""

    def __init__(self, pack: LinkedPack, language: str, naming: Naming) -> None:
        self._pack = pack
        self._language = language
        self._naming = naming

    def constant(self, kind: Kind, held: Any) -> Prose:
        """A value inside a sentence: symbols and texts are quoted."""
        told = self.bare(kind, held)
        return self.quoted(told) if self.is_quoted(kind) else told

    def bare(self, kind: Kind, held: Any) -> Prose:
        """The value without quotes; codes, reasons and roles are names."""
        if kind.name in _LINKED:
            return (Named(kind.name, held, kind.title_of(held, self._language)),)
        return (self.shown(kind, held),)

    def is_quoted(self, kind: Kind) -> bool:
        """Whether values of a kind are the pack's words and not amounts or times."""
        return kind.is_symbolic or kind.name in ("text", "bool")

    def shown(self, kind: Kind, held: Any) -> str:
        """A value by itself, as a cell of a table shows it."""
        match kind.name:
            case "money":
                return self._money(kind, held)
            case "days":
                return self._said("saying.day" if held == 1 else "saying.days", number=str(held))
            case "duration":
                return self._duration(held)
            case "date":
                return self.day(held)
            case "window":
                return plain(self.window(held, None))
        return to_sentence(kind, held, self._pack.zone, self._language)

    def day(self, day: int) -> str:
        date = dt.date.fromordinal(day)
        month = self._word(f"month.{date.month}")
        return self._said("saying.date", year=str(date.year), month=month, day=str(date.day))

    def choices(self, constants: list[Constant], is_quoted: bool = True) -> list[Prose]:
        """Each value once; a reason with all that stand under it is told as one."""
        held = {each.value for each in constants}
        tell = self.constant if is_quoted else self.bare
        told = []
        for each in constants:
            if each.kind.name != "reason":
                told.append(tell(each.kind, each.value))
            elif not self._is_below_whole(each.value, held):
                told.append(self._reason(tell(each.kind, each.value), each.value, held))
        return told

    def quoted(self, prose: Prose) -> Prose:
        return fill("join.quote", self._language, text=prose)

    def window(self, window: Window | Longest, start: Prose | None) -> Prose:
        """`七天，自签收的次日起算，期满遇法定节假日或休息日顺延`; `start` is what it is counted from, if known."""
        if isinstance(window, Longest):
            return joined((self.window(each, start) for each in window.windows), self._word("join.semicolon"))
        return joined(self._window_parts(window, start), self._word("join.comma"))

    def _window_parts(self, window: Window, start: Prose | None) -> Iterable[Prose]:
        yield (self._length(window),)
        counted = "moment" if window.unit in (WindowUnit.HOURS, WindowUnit.SERVICE_HOURS) else window.counts_from.value
        unnamed = (self._word("span.somewhen" if counted == CountsFrom.MOMENT else "span.somewhere"),)
        yield fill(f"span.{counted}", self._language, start=start or unnamed)
        if window.month_end is not None:
            yield (self._word("span.last_day" if window.month_end is MonthEnd.LAST_DAY else "span.month_next_day"),)
        if window.extend_over:
            words = [self._word(_DAY_WORDS[each]) for each in _DAY_WORDS if each in window.extend_over]
            yield fill("span.extended", self._language, days=self._word("join.or_value").join(words))
        if window.calendar is not None:
            yield self._placed("calendar", window.calendar)
        if window.zone is not None:
            yield self._placed("zone", window.zone)

    def _length(self, window: Window) -> str:
        match window.unit:
            case WindowUnit.HOURS | WindowUnit.SERVICE_HOURS:
                return self._said(f"span.{window.unit.value}", length=self._duration(window.length))
        unit = window.unit.value
        word = f"span.{unit.removesuffix('s') if window.length == 1 else unit}"
        return self._said(word, number=self._numeral(window.length))

    def _numeral(self, number: int) -> str:
        if self._language == "en":
            return str(number)
        # A counted two is 两.
        return self._word("saying.two") if number == 2 else chinese_numeral(number)

    def _placed(self, what: str, name: str | ByFact) -> Prose:
        """The calendar or the zone of a window, or how a fact chooses it."""
        if isinstance(name, str):
            return fill(f"span.{what}", self._language, **{what: self._place(what, name)})
        fact = self._pack.facts[name.fact]
        listed = [
            fill("span.choice", self._language, when=self.constant(fact.kind, symbol), then=self._place(what, chosen))
            for symbol, chosen in name.names
        ]
        named = self._naming.of(Reference(fact.mark, fact.kind, Space.FACT, fact.path, fact.optional))
        listing = joined(listed, self._word("join.list"))
        return fill(f"span.{what}_by", self._language, fact=named, listed=listing)

    def _place(self, what: str, name: str) -> Prose:
        if what == "zone":
            return (name,)
        title: Phrase | None = self._pack.calendar_titles.get(name, (None, None))[0]
        return (Named("calendar", name, self._naming.titled(title, name)),)

    def _money(self, kind: Kind, held: int) -> str:
        number, _, currency = str(Money.from_minor(abs(held), kind.currency)).partition(" ")
        whole, dot, part = number.partition(".")
        amount = f"{'−' if held < 0 else ''}{int(whole):,}{dot + part if part.strip('0') else ''}"
        word = f"saying.{currency}" if currency in _CURRENCIES else "saying.money"
        return self._said(word, amount=amount, currency=currency)

    def _duration(self, held: int) -> str:
        for size, unit in _UNITS:
            if held % (size * SECOND) == 0:
                number = held // (size * SECOND)
                return self._said(f"saying.{unit if number == 1 else unit + 's'}", number=str(number))
        return to_sentence(Kind("duration"), held, self._pack.zone, self._language)

    def _reason(self, named: Prose, code: str, held: set[Any]) -> Prose:
        below = self._below(code)
        return fill("naming.below", self._language, title=named) if below and below <= held else named

    def _is_below_whole(self, code: str, held: set[Any]) -> bool:
        """Whether a reason stands under one that is chosen with all its own."""
        parent = self._pack.reasons[code].parent
        if parent is None:
            return False
        return (parent in held and self._below(parent) <= held) or self._is_below_whole(parent, held)

    def _below(self, code: str) -> set[str]:
        children = {name for name, reason in self._pack.reasons.items() if reason.parent == code}
        return children.union(*(self._below(child) for child in children))

    def _said(self, word: str, **parts: str) -> str:
        return plain(fill(word, self._language, **parts))

    def _word(self, word: str) -> str:
        return Word(word).in_language(self._language)


_DAY_WORDS = {
    DayClass.STATUTORY_HOLIDAY: "span.statutory_holiday",
    DayClass.REST_DAY: "span.rest_day",
    DayClass.WORKING_DAY: "span.working_day_class",
}


def chinese_numeral(number: int) -> str:
    """七, 十五, 二十, 一百零五; beyond 9999, and below 1, in digits."""
    if not 0 < number < 10_000:
        return str(number)
    text, is_gap = "", False
    for place in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            is_gap = bool(text)
            continue
        text += ("零" if is_gap else "") + _DIGITS[digit] + _PLACES[place]
        is_gap = False
    return text.removeprefix("一") if text.startswith("一十") else text

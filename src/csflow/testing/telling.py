"""Owns how a failed test is told: what differs, side by side, and how the answer came about.

Tests of settlements are told by `telling_quotes`, in the same form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Phrase, Word
from csflow.diagnostics.rendering.text import cell_width
from csflow.facts import ABSENT, MASK
from csflow.pack.cases import EXCEPTIONS, PARTS, RULE, STATUS
from csflow.pack.model import LinkedPack, Output
from csflow.testing.running import Result
from csflow.values.instants import format_instant
from csflow.values.kinds import Kind
from csflow.values.presenting import to_sentence
from csflow.values.spans import format_duration
from csflow.values.windows import Window, WindowUnit
from csflow.values.zones import BeyondHorizon

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, in a line: `结论应为「同意 (allow)」，实为「拒绝 (deny)」`."""

    result: Result

    def in_language(self, language: str) -> str:
        return _DecisionTeller(self.result, language).in_a_line()


@dataclass(frozen=True, slots=True)
class Details:
    """Expected and actual side by side, the case in the pack's titles, and the explanation of the answer."""

    result: Result

    def in_language(self, language: str) -> str:
        return _DecisionTeller(self.result, language).whole()


class Teller:
    """Tells what differs in a test of a pack, what it was given and why the answer is what it is."""

    def __init__(self, pack: LinkedPack, language: str) -> None:
        self._pack = pack
        self._language = language

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Each difference: the part of the answer, what was expected and what came."""
        raise NotImplementedError

    def given(self) -> Iterator[str]:
        """What the test was given."""
        raise NotImplementedError

    def why(self) -> Iterator[str]:
        """How the answer came about."""
        raise NotImplementedError

    def in_a_line(self) -> str:
        template = Word("trial.difference").in_language(self._language)
        texts = [template.format(part=part, expected=wanted, actual=got) for part, wanted, got in self.rows()]
        return ("；" if self._language.startswith("zh") else "; ").join(texts)

    def whole(self) -> str:
        return "\n".join([*self.side_by_side(), "", *self.given(), "", *self.why()])

    def side_by_side(self) -> Iterator[str]:
        head = ("", self._word("expected"), self._word("actual"))
        rows = [head, *self.rows()]
        widths = [max(cell_width(row[place]) for row in rows) for place in range(2)]
        for row in rows:
            cells = [text + " " * (width - cell_width(text)) for text, width in zip(row, widths, strict=False)]
            yield _GAP.join([*cells, row[2]]).rstrip()

    def _given(self, facts: Mapping[str, Any], at: int | None, parameters: Mapping[str, Any]) -> Iterator[str]:
        """The facts, the instant and the parameters of a case."""
        yield self._word("given") + self._colon
        if at is not None:
            yield _GAP + self._pair(self._word("at"), format_instant(at, self._offset(at)))
        for name, value in parameters.items():
            parameter = self._pack.parameters[name]
            yield _GAP + self._pair(self._title(parameter.title, f"param.{name}"), self._held(parameter.kind, value))
        for path, fact in self._pack.facts.items():
            held = facts.get(path, ABSENT)
            if held is not ABSENT:
                shown = MASK if fact.pii else self._held(fact.kind, held)
                yield _GAP + self._pair(self._title(fact.title, path), shown)

    def _held(self, kind: Kind, held: Any) -> str:
        """The value as a person reads it; a symbol beside its title, a list of records field by field."""
        if kind.name == "list" and held is not None:
            return "; ".join(self._record(kind, each) for each in held) or "[]"
        if kind.name == "window":
            return _window(held)
        shown = to_sentence(kind, held, self._pack.zone, self._language)
        return f"{shown} ({held})" if kind.is_symbolic and held is not None and shown != held else shown

    def _record(self, kind: Kind, record: Any) -> str:
        fields = [member for member in kind.members if record.get(member.name, ABSENT) is not ABSENT]
        shown = (MASK if each.pii else self._held(each.kind, record[each.name]) for each in fields)
        titles = (self._title(each.title, each.name) for each in fields)
        return ", ".join(f"{title}={text}" for title, text in zip(titles, shown, strict=True))

    def _listed(self, values: Any, shown: Any) -> str:
        separator = "、" if self._language.startswith("zh") else ", "
        return separator.join(shown(value) for value in values if value is not None) or self._word("nothing")

    def _title(self, title: Phrase | None, name: str) -> str:
        return title.in_language(self._language) if title else name

    def _pair(self, title: str, shown: str) -> str:
        return f"{title}{self._colon}{shown}"

    def _word(self, word: str) -> str:
        return Word(f"trial.{word}").in_language(self._language)

    @property
    def _colon(self) -> str:
        return "：" if self._language.startswith("zh") else ": "

    def _offset(self, instant: int) -> int:
        try:
            return self._pack.zone.offset_at(instant)
        except BeyondHorizon:
            return 0


class _DecisionTeller(Teller):
    def __init__(self, result: Result, language: str) -> None:
        super().__init__(result.pack, language)
        self._result = result

    def rows(self) -> Iterator[tuple[str, str, str]]:
        for difference in self._result.differences:
            expected = difference.expected
            title = self._part(expected.part)
            yield title, self._value(expected.part, expected.value), self._value(expected.part, difference.actual)

    def given(self) -> Iterator[str]:
        case = self._result.case
        return self._given(case.facts, case.at, case.parameters)

    def why(self) -> Iterator[str]:
        """How the answer came about; where another rule was expected, why that one is not what decided."""
        yield self._word("why") + self._colon
        yield from (_GAP + line for line in self._result.answer.explain(self._language).splitlines())
        for rule in self._expected_rules():
            told = why_not(self._result, rule, self._language)
            if told:
                yield ""
                yield self._word("why_not").format(rule=rule) + self._colon
                yield from (_GAP + line for line in told.splitlines())

    def _expected_rules(self) -> list[str]:
        """The rule that was expected, and the last exception, where they did not come."""
        wanted = {each.part: each.value for each in self._result.case.expected}
        differing = {each.expected.part for each in self._result.differences}
        if wanted.get(EXCEPTIONS) and differing & {EXCEPTIONS, RULE, STATUS}:
            return [wanted[EXCEPTIONS][-1]]
        rule = wanted.get(RULE)
        return [rule] if isinstance(rule, str) and differing & {RULE, STATUS} else []

    # Words

    def _value(self, part: str, value: Any) -> str:
        match part:
            case "status":
                return f"{Word(f'status.{value}').in_language(self._language)} ({value})"
            case "rule" | "exceptions":
                return self._listed(value if isinstance(value, tuple) else (value,), self._rule)
            case "missing":
                return self._listed(value, str)
            case "codes":
                return self._listed(value, self._code)
        output = self._result.decision.outputs[part]
        if self._result.decision.gives_list:
            return f"[{', '.join(self._output(output, each) for each in value)}]"
        return self._output(output, value)

    def _output(self, output: Output, held: Any) -> str:
        inner = output.kind.member("value")
        if held is None or inner is None:
            return self._held(output.kind, held)
        options = (f"{each['id']}: {self._held(inner.kind, each['value'])}" for each in held)
        return "{" + ", ".join(options) + "}"

    def _rule(self, id: str) -> str:
        title = next((rule.title for rule in self._result.decision.every_rule() if rule.id == id), None)
        return f"{title.in_language(self._language)} ({id})" if title else id

    def _code(self, code: str) -> str:
        title = self._pack.codes[code].title
        return f"{title.in_language(self._language)} ({code})" if title else code

    def _part(self, part: str) -> str:
        if part in PARTS:
            return self._word(part)
        return self._title(self._result.decision.outputs[part].title, part)


def why_not(result: Result, rule: str, language: str) -> str:
    """Why a rule or exception is not what decided, where answers can be asked that; else ""."""
    ask = getattr(result.answer, "why_not", None)
    if ask is None or result.decision.for_each is not None:
        return ""
    return str(ask(rule).explain(language))


def _window(window: Window) -> str:
    """What the window says, in the words that an author writes."""
    is_timed = window.unit in (WindowUnit.HOURS, WindowUnit.SERVICE_HOURS)
    length = format_duration(window.length) if is_timed else str(window.length)
    extended = f"extend_over {', '.join(sorted(window.extend_over))}" if window.extend_over else ""
    said = (f"{length} {window.unit}", str(window.counts_from), extended, str(window.month_end or ""))
    return ", ".join(part for part in said if part)

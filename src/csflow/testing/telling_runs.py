"""Owns how a failed test of a flow is told: what differs, and how the case went there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from csflow.diagnostics import Word
from csflow.flows import Step
from csflow.loading.run_cases import CLOCKS, REFUND, REFUSAL, STATE
from csflow.pack.cases import STATUS
from csflow.testing.telling import Teller
from csflow.testing.walking import RunResult, Walked
from csflow.values.instants import format_instant
from csflow.values.money import Money

_GAP = "  "


@dataclass(frozen=True, slots=True)
class RunDifferences:
    """What differs, in a line: `第 2 步的状态应为「调查分析 (investigating)」，实为「接收记录 (recording)」`."""

    result: RunResult

    def in_language(self, language: str) -> str:
        return _RunTeller(self.result, language).in_a_line()


@dataclass(frozen=True, slots=True)
class RunDetails:
    """Expected and actual side by side, what the case was given, and its way up to the first difference."""

    result: RunResult

    def in_language(self, language: str) -> str:
        return _RunTeller(self.result, language).whole()


class _RunTeller(Teller):
    def __init__(self, result: RunResult, language: str) -> None:
        super().__init__(result.pack, language)
        self._result = result
        self._flow = result.pack.flows[result.case.flow]

    def rows(self) -> Iterator[tuple[str, str, str]]:
        for difference in self._result.differences:
            part = difference.expected.part
            title = self._word("step").format(step=difference.step, part=self._part(part))
            yield title, self._value(part, difference.expected.value), self._value(part, difference.actual)

    def given(self) -> Iterator[str]:
        case = self._result.case
        return self._given(case.facts, case.at, case.parameters)

    def why(self) -> Iterator[str]:
        """Every step that was made: the event, where it led, and why one was refused."""
        yield self._word("way") + self._colon
        for walked in self._result.walked:
            yield from (_GAP + line for line in self._way(walked))

    def _way(self, walked: Walked) -> Iterator[str]:
        for step in walked.made:
            event = self._flow.events.get(step.event.name)
            title = self._title(event.title if event else None, step.event.name)
            yield f"{title} ({step.event.by}) → {self._outcome(step)}"

    def _outcome(self, step: Step) -> str:
        if step.refusal is not None:
            code = self._pack.codes.get(step.refusal.code)
            title = code.title.in_language(self._language) if code is not None and code.title else None
            return step.refusal.explain(self._language, title)
        return "" if step.snapshot is None else self._state(step.snapshot.state)

    def _part(self, part: str) -> str:
        group, _, name = part.partition(".")
        if group == CLOCKS:
            return self._pair(self._word(CLOCKS), self._title(self._flow.clocks[name].title, name))
        kept = self._flow.keeps.get(part)
        return self._word(part) if kept is None else self._title(kept.title, part)

    def _value(self, part: str, value: Any) -> str:
        if value is None:
            return self._word("nothing")
        if part == STATE:
            return self._state(value)
        if part == STATUS:
            return f"{Word(f'stepped.{value}').in_language(self._language)} ({value})"
        if part == REFUSAL:
            return str(value)
        if part == REFUND:
            return str(Money.from_minor(value, self._pack.currency))
        if part.startswith(CLOCKS):
            return format_instant(value, self._offset(value)) if isinstance(value, int) else str(value)
        if isinstance(value, tuple):
            return self._listed(value, str)
        return self._held(self._flow.keeps[part].kind, value)

    def _state(self, name: str) -> str:
        return f"{self._title(self._flow.states[name].title, name)} ({name})"

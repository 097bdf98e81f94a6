"""Owns one finding and the list a run collects: errors are values until the edge."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from csflow.diagnostics import catalogue
from csflow.diagnostics.languages import Phrase
from csflow.diagnostics.marks import Mark
from csflow.diagnostics.words import Word


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@runtime_checkable
class Translated(Protocol):
    """A value of a finding that reads differently in each language."""

    def in_language(self, language: str) -> str: ...


_DID_YOU_MEAN = {
    "zh-CN": "您是不是想写「{0}」？",
    "zh-TW": "您是不是想寫「{0}」？",
    "en": "did you mean `{0}`?",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, at one place.

    `name` is the entry of the catalogue; `values` fill its placeholders; `suggestion` is what the
    writer probably meant; `subject` names the place where there is no mark (a fact path, a file).
    `details` is what takes several lines to tell.
    """

    name: str
    mark: Mark | None = field(default=None)
    values: Mapping[str, Any] = field(default_factory=dict)
    suggestion: str | None = None
    subject: str | None = None
    witness: Mapping[str, Any] | None = None
    details: "Translated | None" = field(default=None, compare=False, repr=False)

    @property
    def code(self) -> str:
        return catalogue.by_name(self.name).code

    @property
    def severity(self) -> Severity:
        return Severity(catalogue.by_name(self.name).severity)

    def message(self, language: str) -> str:
        """The first line, which stands alone."""
        return self._fill(catalogue.by_name(self.name).wordings[language].message, language)

    def remedy(self, language: str) -> str:
        """What to do about it; "" where the message says it all."""
        return self._fill(catalogue.by_name(self.name).wordings[language].remedy, language)

    def hint(self, language: str) -> str:
        """What the writer probably meant; "" where nothing is near."""
        return _DID_YOU_MEAN[language].format(self.suggestion) if self.suggestion else ""

    def told(self, language: str) -> str:
        """The details; "" where there are none."""
        return self.details.in_language(language) if self.details is not None else ""

    def _fill(self, template: str, language: str) -> str:
        shown = {key: _shown(value, language) for key, value in self.values.items()}
        return template.format_map(shown)


class Diagnostics:
    """The findings of one run, in the order they were met. Reporting never raises."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []

    def report(
        self,
        name: str,
        mark: Mark | None = None,
        /,
        *,
        suggestion: str | None = None,
        subject: str | None = None,
        **values: Any,
    ) -> None:
        """Add a finding; `values` must hold every placeholder of the entry `name`."""
        self._findings.append(Finding(name, mark, values, suggestion, subject))

    def extend(self, findings: Iterable[Finding]) -> None:
        self._findings.extend(findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def __len__(self) -> int:
        return len(self._findings)

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self._findings)

    def sorted(self) -> list[Finding]:
        """By file and place; those without a place come first."""
        return sorted(self._findings, key=_place)


def _place(finding: Finding) -> tuple[str, int, str]:
    if finding.mark is None:
        return "", 0, finding.name
    return finding.mark.path, finding.mark.start, finding.name


def _shown(value: Any, language: str) -> str:
    if isinstance(value, (Word, Phrase, Translated)):
        return value.in_language(language)
    if isinstance(value, (list, tuple)):
        return ("、" if language.startswith("zh") else ", ").join(_shown(item, language) for item in value)
    # The first line of a finding is one line, whatever was written over several.
    return " ".join(str(value).split("\n"))

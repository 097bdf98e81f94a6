"""Owns what one run of a command has to report, before it takes a format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from csflow.diagnostics.catalogue import by_name
from csflow.diagnostics.findings import Finding, Severity, Translated
from csflow.diagnostics.marks import Mark
from csflow.diagnostics.words import Word

_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that its author has asked not to hear of, and the reason given."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A test that was run, where it stands, and the finding where it failed."""

    name: str
    mark: Mark
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A decision with a case that falls to its `otherwise`."""

    decision: str
    case: Translated
    witness: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Extent:
    """About how many decisions the exact questions were to be asked, of which not, and why.

    `left_over` is what falls to `otherwise`, None where nobody asked for it.
    """

    decisions: int = 0
    not_analysed: Sequence[tuple[str, Word]] = ()
    left_over: Sequence[LeftOver] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a run of `command`. `fails_on` is the least severity that fails it.

    Unless the caller names the day (`on_a_day`), what comes with the day alone is told and fails nothing: the same
    files then give the same exit code tomorrow.
    `extent` is what the exact questions were asked about. `tried` are the tests that were run: each that failed has
    its finding among the others.
    """

    findings: Sequence[Finding]
    extent: Extent = field(default_factory=Extent)
    ignored: Sequence[Ignored] = ()
    fails_on: Severity = Severity.ERROR
    tried: Sequence[Trial] = ()
    command: str = "check"
    on_a_day: bool = False

    def most_severe_first(self) -> list[Finding]:
        return sorted(self.findings, key=lambda finding: _RANKS[finding.severity])

    def fails(self, finding: Finding) -> bool:
        """Whether a finding is severe enough to fail the run, and of the files or of a day that was named."""
        counts = self.on_a_day or not by_name(finding.name).dated
        return counts and _RANKS[finding.severity] <= _RANKS[self.fails_on]

    def outcome(self, trial: Trial) -> str:
        """`passed`, `failed`, or `ignored` where a comment asks not to hear of the failure."""
        if trial.finding is None:
            return "passed"
        return "ignored" if self.reason(trial) is not None else "failed"

    def reason(self, trial: Trial) -> str | None:
        """Why its author asks not to hear of the failure of a test; None where nobody does."""
        return next((each.reason for each in self.ignored if each.finding is trial.finding), None)

    @property
    def failing(self) -> list[Finding]:
        return [finding for finding in self.findings if self.fails(finding)]


def together(
    reports: Sequence[Report], fails_on: Severity, command: str = "check", *, on_a_day: bool = False
) -> Report:
    """The reports of several packs as one, of the run of a command; `on_a_day` where its caller names the day."""
    return Report(
        [finding for report in reports for finding in report.findings],
        _extent([report.extent for report in reports]),
        [each for report in reports for each in report.ignored],
        fails_on,
        [trial for report in reports for trial in report.tried],
        command,
        on_a_day,
    )


def _extent(extents: Sequence[Extent]) -> Extent:
    asked = [extent.left_over for extent in extents if extent.left_over is not None]
    return Extent(
        sum(extent.decisions for extent in extents),
        [each for extent in extents for each in extent.not_analysed],
        [each for left_over in asked for each in left_over] if asked else None,
    )
